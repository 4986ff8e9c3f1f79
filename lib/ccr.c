/*
 * ccr - putting, getting and listing originals
 */
#include "compat.h"

#include <time.h>

#include "ccr_db.h"

#define LEVEL		1	/* 3 saves 3 %, for up to twice the time */
#define RENEW_AFTER	3600	/* seconds before a use is noted again */
#define TRIES		3	/* of a reader whose view went stale */

/* id is derived from sha, key from id. */
struct name {
	uint8_t		sha[SHA256_LEN];
	struct mark_id	id;
	int64_t		key;
};

static int64_t
now(void)
{
	return (int64_t)time(NULL);
}

static struct name
name_of(struct span s)
{
	struct name n;

	hash_sha256(s, n.sha);
	n.id = mark_id(n.sha);
	n.key = ccr_key(&n.id);
	return n;
}

bool
ccr_is_empty(const struct mark_id *id)
{
	return strcmp(id->z, CCR_EMPTY_ID) == 0;
}

void
ccr_limit(struct ccr *c, const struct ccr_limits *lim)
{
	c->lim = *lim;
}

/* Whether a use is to be noted: a write costs, an hour is near. */
static bool
due(int64_t used)
{
	return used <= now() - RENEW_AFTER;
}

/* Note a use if that is due; CCR_UNKNOWN if the entry has gone meanwhile. */
static enum ccr_rc
renew(struct ccr *c, int64_t key, int64_t used)
{
	sqlite3_stmt *s;
	enum ccr_rc rc;

	if (!due(used))
		return CCR_OK;
	s = ccr_sql(c, SQL_RENEW);
	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, key);
	sqlite3_bind_int64(s, 2, now());
	rc = ccr_run(c, s);
	return rc == CCR_OK && sqlite3_changes(c->db) == 0 ? CCR_UNKNOWN : rc;
}

/* Whether the blob in a column is this hash. */
static bool
same_hash(sqlite3_stmt *s, int column, const uint8_t sha[SHA256_LEN])
{
	return sqlite3_column_bytes(s, column) == SHA256_LEN &&
	    memcmp(sqlite3_column_blob(s, column), sha, SHA256_LEN) == 0;
}

enum ccr_rc
ccr_compress(struct ccr *c, struct span s)
{
	size_t bound = ZSTD_compressBound(s.n), n;
	char *p;

	if (c->cctx == NULL)
		c->cctx = ZSTD_createCCtx();
	buf_reset(&c->z);
	p = buf_reserve(&c->z, bound);
	if (c->cctx == NULL || p == NULL)
		return ccr_fail(c, CCR_FAILED, "out of memory");
	n = ZSTD_compressCCtx(c->cctx, p, bound, s.p, s.n, LEVEL);
	if (ZSTD_isError(n))
		return ccr_fail(c, CCR_FAILED, "zstd: %s",
		    ZSTD_getErrorName(n));
	buf_commit(&c->z, n);
	if (n > c->lim.bytes)
		return ccr_fail(c, CCR_FULL, "larger than the whole store");
	return CCR_OK;
}

static enum ccr_rc
add_rows(struct ccr *c, const struct name *n, size_t size)
{
	sqlite3_stmt *s = ccr_sql(c, SQL_ADD_BLOB);
	enum ccr_rc rc;

	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_blob64(s, 1, c->z.p, c->z.len, SQLITE_STATIC);
	rc = ccr_run(c, s);
	if (rc != CCR_OK)
		return rc;
	s = ccr_sql(c, SQL_ADD_ENTRY);
	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, n->key);
	sqlite3_bind_blob(s, 2, n->sha, SHA256_LEN, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, (int64_t)size);
	sqlite3_bind_int64(s, 4, (int64_t)c->z.len);
	sqlite3_bind_int64(s, 5, now());
	sqlite3_bind_int64(s, 6, sqlite3_last_insert_rowid(c->db));
	return ccr_run(c, s);
}

/* CCR_UNKNOWN: another process put something there first; look again. */
static enum ccr_rc
add(struct ccr *c, const struct name *n, size_t size)
{
	enum ccr_rc rc = ccr_begin(c);

	if (rc != CCR_OK)
		return rc;
	rc = add_rows(c, n, size);
	if (rc == CCR_OK)
		rc = ccr_commit(c);
	else if (sqlite3_errcode(c->db) == SQLITE_CONSTRAINT)
		rc = CCR_UNKNOWN;
	ccr_rollback(c);
	return rc;
}

/* Undo the compression and check the hash; out is as before on failure. */
static enum ccr_rc
unpack(struct ccr *c, sqlite3_stmt *s, const struct mark_id *id,
    struct buf *out)
{
	int64_t size = sqlite3_column_int64(s, 1);
	const void *z = sqlite3_column_blob(s, 3);
	size_t zn = (size_t)sqlite3_column_bytes(s, 3), n;
	uint8_t sha[SHA256_LEN];
	char *p;

	if (c->dctx == NULL)
		c->dctx = ZSTD_createDCtx();
	if (c->dctx == NULL)
		return ccr_fail(c, CCR_FAILED, "out of memory");
	if (size < 0 || (uint64_t)size > CCR_ORIGINAL_MAX || z == NULL)
		return ccr_fail(c, CCR_DAMAGED,
		    "damaged: '%s' has lost its content", id->z);
	p = buf_reserve(out, (size_t)size);
	if (p == NULL)
		return ccr_fail(c, CCR_FAILED, "'%s' does not fit into memory",
		    id->z);
	n = ZSTD_decompressDCtx(c->dctx, p, (size_t)size, z, zn);
	if (!ZSTD_isError(n) && n == (size_t)size) {
		hash_sha256(span_of(p, n), sha);
		if (same_hash(s, 0, sha)) {
			buf_commit(out, n);
			return CCR_OK;
		}
	}
	return ccr_fail(c, CCR_DAMAGED,
	    "damaged: what is stored for '%s' is not what was put",
	    id->z);
}

/* Why there is no such id. */
static enum ccr_rc
missing(struct ccr *c, const struct mark_id *id)
{
	sqlite3_stmt *s = ccr_sql(c, SQL_GONE);
	enum ccr_rc rc;
	struct tm tm;
	time_t t;

	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, ccr_key(id));
	switch (sqlite3_step(s)) {
	case SQLITE_ROW:
		t = (time_t)sqlite3_column_int64(s, 0);
		if (gmtime_r(&t, &tm) == NULL)
			memset(&tm, 0, sizeof(tm));
		rc = ccr_fail(c, CCR_EXPIRED,
		    "expired: '%s' was last used %04d-%02d-%02d", id->z,
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		break;
	case SQLITE_DONE:
		rc = ccr_fail(c, CCR_UNKNOWN,
		    "unknown id '%s': never stored in '%s'", id->z, c->path);
		break;
	default:
		rc = ccr_fail_sql(c);
	}
	sqlite3_reset(s);
	return rc;
}

static enum ccr_rc
fetch(struct ccr *c, const struct mark_id *id, struct buf *out, int64_t *used)
{
	sqlite3_stmt *s = ccr_sql(c, SQL_FETCH);
	enum ccr_rc rc;

	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, ccr_key(id));
	switch (sqlite3_step(s)) {
	case SQLITE_ROW:
		*used = sqlite3_column_int64(s, 2);
		if (sqlite3_column_bytes(s, 0) == SHA256_LEN &&
		    strcmp(mark_id(sqlite3_column_blob(s, 0)).z, id->z) != 0)
			rc = CCR_UNKNOWN;
		else
			rc = unpack(c, s, id, out);
		break;
	case SQLITE_DONE:
		rc = CCR_UNKNOWN;
		break;
	default:
		rc = ccr_fail_sql(c);
	}
	sqlite3_reset(s);
	return rc == CCR_UNKNOWN ? missing(c, id) : rc;
}

/* Make room for what is damaged to be put anew. */
static enum ccr_rc
forget(struct ccr *c, int64_t key)
{
	static const enum ccr_sql steps[] = { SQL_FORGET_BLOB, SQL_FORGET };
	enum ccr_rc rc = ccr_begin(c);
	sqlite3_stmt *s;
	size_t i;

	for (i = 0; rc == CCR_OK && i < HR_LEN(steps); i++) {
		s = ccr_sql(c, steps[i]);
		if (s != NULL)
			sqlite3_bind_int64(s, 1, key);
		rc = ccr_run(c, s);
	}
	if (rc == CCR_OK)
		rc = ccr_commit(c);
	ccr_rollback(c);
	return rc;
}

/*
 * A use is to be noted: time to see that what was put can still be got.
 * That it is there is what counts; a renewal that fails comes again.
 */
static enum ccr_rc
check(struct ccr *c, const struct name *n)
{
	struct buf scratch = BUF_INIT;
	int64_t used = 0;
	enum ccr_rc rc = fetch(c, &n->id, &scratch, &used);

	buf_release(&scratch);
	if (rc == CCR_DAMAGED)
		return forget(c, n->key) == CCR_OK ? CCR_UNKNOWN : rc;
	if (rc == CCR_OK && renew(c, n->key, used) == CCR_UNKNOWN)
		return CCR_UNKNOWN;
	return rc == CCR_EXPIRED ? CCR_UNKNOWN : rc;
}

/* CCR_OK: it is there and was renewed.  CCR_UNKNOWN: it is to be added. */
static enum ccr_rc
put_again(struct ccr *c, const struct name *n)
{
	sqlite3_stmt *s = ccr_sql(c, SQL_FIND);
	int64_t used = 0;
	enum ccr_rc rc = CCR_OK;

	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, n->key);
	switch (sqlite3_step(s)) {
	case SQLITE_ROW:
		used = sqlite3_column_int64(s, 1);
		if (!same_hash(s, 0, n->sha))
			rc = ccr_fail(c, CCR_CLASH,
			    "another original has the id '%s'", n->id.z);
		break;
	case SQLITE_DONE:
		rc = CCR_UNKNOWN;
		break;
	default:
		rc = ccr_fail_sql(c);
	}
	sqlite3_reset(s);
	if (rc == CCR_OK && due(used))
		return check(c, n);
	return rc;
}

/* Another process may put or drop it between two steps: look again. */
static enum ccr_rc
put(struct ccr *c, const struct name *n, struct span s)
{
	enum ccr_rc rc;
	int i;

	for (i = 0; i < TRIES; i++) {
		rc = put_again(c, n);
		if (rc == CCR_UNKNOWN)
			rc = i == 0 ? ccr_compress(c, s) : CCR_OK;
		else
			return rc;
		if (rc == CCR_OK)
			rc = add(c, n, s.n);
		if (rc != CCR_UNKNOWN)
			return rc;
	}
	return ccr_fail(c, CCR_BUSY, "'%s' changes too fast", c->path);
}

enum ccr_rc
ccr_put(struct ccr *c, struct span s, struct mark_id *id)
{
	struct name n = name_of(s);
	enum ccr_rc rc = CCR_OK;

	if (s.n > CCR_ORIGINAL_MAX)
		return ccr_fail(c, CCR_FULL, "larger than %zu MiB",
		    CCR_ORIGINAL_MAX >> 20);
	if (s.n > 0) {
		if (c->reading)
			return ccr_fail(c, CCR_FAILED,
			    "'%s' is open to read only", c->path);
		rc = ccr_ready(c);
		if (rc == CCR_OK)
			rc = put(c, &n, s);
	}
	if (rc != CCR_OK)
		return rc;
	*id = n.id;
	/* It is stored, whatever becomes of the others. */
	if (s.n > 0)
		ccr_was_put(c, 1);
	return CCR_OK;
}

bool
ccr_stale(const struct ccr *c)
{
	return c->stale;
}

bool
ccr_look_again(struct ccr *c, enum ccr_rc rc, int n)
{
	if (rc == CCR_OK || !c->reading || n == TRIES)
		return false;
	/*
	 * A file that was read as if it never changed may have; and one that
	 * could be read may have lost its companions.
	 */
	if ((rc == CCR_UNKNOWN || rc == CCR_EXPIRED) && (!c->frozen || n > 0))
		return false;
	if (rc == CCR_DAMAGED && !c->frozen)
		return false;
	return ccr_reopen(c) == CCR_OK;
}

/* Fetch; a reader whose view went stale looks again. */
static enum ccr_rc
fetch_again(struct ccr *c, const struct mark_id *id, struct buf *out,
    int64_t *used)
{
	enum ccr_rc rc;
	int i = 0;

	do
		rc = fetch(c, id, out, used);
	while (ccr_look_again(c, rc, i++));
	return rc;
}

enum ccr_rc
ccr_get(struct ccr *c, const struct mark_id *id, struct buf *out)
{
	int64_t used = 0;
	enum ccr_rc rc;

	c->stale = false;
	if (ccr_is_empty(id))
		return CCR_OK;
	rc = ccr_ready(c);
	if (rc == CCR_OK)
		rc = fetch_again(c, id, out, &used);
	/* It was got; a renewal that fails is due the next time. */
	if (rc == CCR_OK)
		c->stale = c->reading ? due(used) :
		    renew(c, ccr_key(id), used) != CCR_OK;
	return rc;
}

enum ccr_rc
ccr_renew(struct ccr *c, const struct mark_id *id)
{
	sqlite3_stmt *s;
	int64_t used = -1;
	enum ccr_rc rc = CCR_OK;

	if (ccr_is_empty(id))
		return CCR_OK;
	s = ccr_ready(c) == CCR_OK ? ccr_sql(c, SQL_FIND) : NULL;
	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_int64(s, 1, ccr_key(id));
	switch (sqlite3_step(s)) {
	case SQLITE_ROW:
		used = sqlite3_column_int64(s, 1);
		break;
	case SQLITE_DONE:
		break;
	default:
		rc = ccr_fail_sql(c);
	}
	sqlite3_reset(s);
	if (rc != CCR_OK)
		return rc;
	rc = used < 0 ? CCR_UNKNOWN : renew(c, ccr_key(id), used);
	return rc == CCR_UNKNOWN ? missing(c, id) : rc;
}
