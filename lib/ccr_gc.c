/*
 * ccr_gc - expiry, and moving the log into the file
 *
 * Deleting takes the lock for 0.2 ms an entry, so it is done in batches with
 * the lock given back between them.
 */
#include "compat.h"

#include <time.h>

#include "ccr_db.h"

#define BATCH		64	/* entries dropped under one lock */
#define TRIM_EVERY	64	/* puts */
#define BATCHES_PUT	2	/* at most, when as many were put */
#define SLACK		16	/* a full store is emptied by 1/16 */
#define TOMBSTONES	65536
#define WAL_PAGES	256	/* left alone: who opens next reads all */
#define WAL_PAGES_MAX	16384	/* then a put moves them, late or not */
#define TRIM_PATIENCE	20	/* ms; the next one may be luckier */
#define MOVE_PATIENCE	0

struct victim {
	int64_t	key;
	int64_t	blob;
	int64_t	used;
};

/* Bytes of the file that are not free. */
static enum ccr_rc
in_use(struct ccr *c, uint64_t *bytes)
{
	int64_t pages, unused;
	enum ccr_rc rc;
	sqlite3_stmt *s;

	rc = ccr_number(c, SQL_PAGES, &pages);
	if (rc == CCR_OK)
		rc = ccr_number(c, SQL_FREE_PAGES, &unused);
	if (rc == CCR_OK && c->page_size == 0) {
		s = NULL;
		if (sqlite3_prepare_v2(c->db, "PRAGMA page_size", -1, &s,
		    NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
			c->page_size = sqlite3_column_int64(s, 0);
		else
			rc = ccr_fail_sql(c);
		sqlite3_finalize(s);
	}
	if (rc == CCR_OK)
		*bytes = (uint64_t)(pages - unused) * (uint64_t)c->page_size;
	return rc;
}

/* The longest unused, last used at this time or before; *n of them. */
static enum ccr_rc
find_oldest(struct ccr *c, int64_t until, struct victim *v, size_t *n)
{
	sqlite3_stmt *s = ccr_sql(c, SQL_OLDEST);
	enum ccr_rc rc = CCR_OK;
	int step = SQLITE_DONE;

	*n = 0;
	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, until);
	sqlite3_bind_int64(s, 2, BATCH);
	while (*n < BATCH && (step = sqlite3_step(s)) == SQLITE_ROW) {
		v[*n].key = sqlite3_column_int64(s, 0);
		v[*n].blob = sqlite3_column_int64(s, 1);
		v[(*n)++].used = sqlite3_column_int64(s, 2);
	}
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		rc = ccr_fail_sql(c);
	sqlite3_reset(s);
	return rc;
}

static enum ccr_rc
run2(struct ccr *c, enum ccr_sql which, int64_t a, int64_t b)
{
	sqlite3_stmt *s = ccr_sql(c, which);

	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, a);
	if (sqlite3_bind_parameter_count(s) > 1)
		sqlite3_bind_int64(s, 2, b);
	return ccr_run(c, s);
}

/* *dropped grows if it was not used since it was found. */
static enum ccr_rc
drop(struct ccr *c, const struct victim *v, uint64_t *dropped)
{
	enum ccr_rc rc = run2(c, SQL_DROP_ENTRY, v->key, v->used);

	if (rc != CCR_OK || sqlite3_changes(c->db) == 0)
		return rc;
	++*dropped;
	rc = run2(c, SQL_DROP_BLOB, v->blob, 0);
	return rc == CCR_OK ? run2(c, SQL_BURY, v->key, v->used) : rc;
}

/*
 * One batch under the lock; stops when no more than `keep` bytes are in use,
 * 0 for never.  *n becomes the number that was gone through.
 */
static enum ccr_rc
drop_batch(struct ccr *c, const struct victim *v, size_t *n, uint64_t keep,
    uint64_t *dropped)
{
	uint64_t bytes = 0, count = 0;
	enum ccr_rc rc = ccr_begin(c);
	size_t i;

	for (i = 0; rc == CCR_OK && i < *n; i++) {
		if (keep > 0)
			rc = in_use(c, &bytes);
		if (rc == CCR_OK && keep > 0 && bytes <= keep)
			break;
		if (rc == CCR_OK)
			rc = drop(c, &v[i], &count);
	}
	*n = i;
	if (rc == CCR_OK)
		rc = run2(c, SQL_BURIED_MAX, TOMBSTONES, 0);
	if (rc == CCR_OK)
		rc = ccr_commit(c);
	if (rc == CCR_OK)
		*dropped += count;
	ccr_rollback(c);
	return rc;
}

/* Drop what was last used then or before, at most this many batches. */
static enum ccr_rc
drop_until(struct ccr *c, int64_t until, size_t batches, uint64_t *dropped)
{
	struct victim v[BATCH];
	enum ccr_rc rc = CCR_OK;
	size_t n = BATCH;

	while (rc == CCR_OK && n == BATCH && batches-- > 0) {
		rc = find_oldest(c, until, v, &n);
		if (rc == CCR_OK && n > 0)
			rc = drop_batch(c, v, &n, 0, dropped);
	}
	return rc;
}

/*
 * Pins, not more than n of them.  A statement that would delete nothing takes
 * the lock all the same, so it is asked first.
 */
static enum ccr_rc
drop_pins(struct ccr *c, int64_t until, uint64_t n, size_t batches)
{
	uint64_t want, done = 1;
	int64_t oldest = 0;
	enum ccr_rc rc = CCR_OK;

	while (rc == CCR_OK && n > 0 && done > 0 && batches-- > 0) {
		rc = ccr_number(c, SQL_PIN_OLDEST, &oldest);
		if (rc != CCR_OK || oldest > until || oldest == INT64_MAX)
			return rc;
		want = n < BATCH ? n : BATCH;
		rc = run2(c, SQL_PIN_DROP, until, (int64_t)want);
		done = rc == CCR_OK ? (uint64_t)sqlite3_changes(c->db) : 0;
		n -= done;
	}
	return rc;
}

/* Those that expire, and the longest unused of too many. */
static enum ccr_rc
trim_pins(struct ccr *c, int64_t until, size_t batches)
{
	int64_t n = 0;
	enum ccr_rc rc = drop_pins(c, until, UINT64_MAX, batches);

	if (rc == CCR_OK)
		rc = ccr_number(c, SQL_PINS, &n);
	if (rc == CCR_OK && n > CCR_PINS_MAX)
		rc = drop_pins(c, INT64_MAX, (uint64_t)(n - CCR_PINS_MAX),
		    batches);
	return rc;
}

/*
 * The longest unused until no more than `keep` bytes are in use.  Pins go
 * with the originals of their age, a batch for a batch, and alone when there
 * are no others: most are small, so it does not matter if some are late.
 */
static enum ccr_rc
drop_beyond(struct ccr *c, uint64_t keep, size_t batches, uint64_t *dropped)
{
	struct victim v[BATCH];
	uint64_t bytes = 0;
	int64_t until, oldest = 0;
	enum ccr_rc rc = CCR_OK;
	size_t n;

	while (rc == CCR_OK && oldest != INT64_MAX && batches-- > 0) {
		rc = in_use(c, &bytes);
		if (rc != CCR_OK || bytes <= keep)
			return rc;
		rc = find_oldest(c, INT64_MAX, v, &n);
		until = n > 0 ? INT64_MIN : INT64_MAX;
		if (rc == CCR_OK && n > 0)
			rc = drop_batch(c, v, &n, keep, dropped);
		if (rc == CCR_OK && n > 0)
			until = v[n - 1].used;
		if (rc == CCR_OK)
			rc = drop_pins(c, until, BATCH, 1);
		if (rc == CCR_OK && n == 0)
			rc = ccr_number(c, SQL_PIN_OLDEST, &oldest);
	}
	return rc;
}

static int64_t
idle_since(const struct ccr_limits *lim)
{
	int64_t now = (int64_t)time(NULL);

	return lim->idle > (uint64_t)now ? 0 : now - (int64_t)lim->idle;
}

/*
 * Move the log into the file and empty it.  The first page written to an
 * emptied log waits for the disk, so that is done here as well, not left to
 * the next put.  Whoever cannot have the log alone right now leaves it.
 */
static enum ccr_rc
move_log(struct ccr *c)
{
	unsigned patience = c->patience;
	int step;

	c->patience = MOVE_PATIENCE;
	step = sqlite3_wal_checkpoint_v2(c->db, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	c->patience = patience;
	if (step == SQLITE_BUSY || step == SQLITE_LOCKED)
		return CCR_OK;
	if (step != SQLITE_OK)
		return ccr_fail_sql(c);
	return ccr_run(c, ccr_sql(c, SQL_TOUCH));
}

static enum ccr_rc
trim(struct ccr *c, size_t batches)
{
	unsigned patience = c->patience;
	uint64_t bytes, dropped = 0;
	int64_t until = idle_since(&c->lim);
	enum ccr_rc rc;

	if (patience > TRIM_PATIENCE)
		c->patience = TRIM_PATIENCE;
	rc = drop_until(c, until, batches, &dropped);
	if (rc == CCR_OK)
		rc = trim_pins(c, until, batches);
	if (rc == CCR_OK)
		rc = in_use(c, &bytes);
	if (rc == CCR_OK && bytes > c->lim.bytes)
		rc = drop_beyond(c, c->lim.bytes - c->lim.bytes / SLACK,
		    batches, &dropped);
	c->patience = patience;
	return rc;
}

void
ccr_was_put(struct ccr *c, unsigned n)
{
	enum ccr_rc rc;

	c->puts += n;
	c->untrimmed += n;
	if (c->untrimmed < TRIM_EVERY)
		return;
	/* So that as many can go as came. */
	rc = trim(c, (size_t)c->untrimmed / TRIM_EVERY * BATCHES_PUT);
	c->untrimmed = 0;
	if (rc == CCR_OK && c->wal_pages > WAL_PAGES_MAX)
		rc = move_log(c);
	if (rc != CCR_OK)
		ccr_rollback(c);
}

enum ccr_rc
ccr_settle(struct ccr *c)
{
	enum ccr_rc rc = CCR_OK;

	if (c->db == NULL || (c->puts == 0 && c->wal_pages == 0))
		return CCR_OK;
	rc = trim(c, BATCHES_PUT);
	if (rc == CCR_OK && c->wal_pages > WAL_PAGES)
		rc = move_log(c);
	return rc;
}

/* Give free pages back to the file system, some under each lock. */
static enum ccr_rc
shrink(struct ccr *c)
{
	enum ccr_rc rc = CCR_OK;
	int64_t unused = 1;
	sqlite3_stmt *s;
	int step;

	while (rc == CCR_OK && unused > 0) {
		s = ccr_sql(c, SQL_SHRINK);
		if (s == NULL)
			return CCR_FAILED;
		/* A row a page, not to be looked at. */
		while ((step = sqlite3_step(s)) == SQLITE_ROW)
			;
		if (step != SQLITE_DONE)
			rc = ccr_fail_sql(c);
		sqlite3_reset(s);
		if (rc == CCR_OK)
			rc = ccr_number(c, SQL_FREE_PAGES, &unused);
	}
	return rc;
}

enum ccr_rc
ccr_gc(struct ccr *c, const struct ccr_limits *lim, uint64_t *dropped)
{
	enum ccr_rc rc;

	*dropped = 0;
	rc = ccr_ready(c);
	if (rc == CCR_OK)
		rc = drop_until(c, idle_since(lim), SIZE_MAX, dropped);
	if (rc == CCR_OK)
		rc = trim_pins(c, idle_since(lim), SIZE_MAX);
	if (rc == CCR_OK)
		rc = drop_beyond(c, lim->bytes, SIZE_MAX, dropped);
	if (rc == CCR_OK)
		rc = shrink(c);
	if (rc == CCR_OK)
		rc = move_log(c);
	return rc;
}
