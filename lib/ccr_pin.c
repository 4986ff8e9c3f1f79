/*
 * ccr_pin - putting and getting what was sent for a text
 *
 * A failure between begin and end undoes all at once and is remembered, for
 * SQLite ends a transaction by itself after some of them: what came after
 * would be put one by one.
 */
#include "compat.h"

#include <time.h>

#include "ccr_db.h"
#include "hash.h"

#define RENEW_AFTER	86400	/* seconds before a use is noted again */

/* Columns of SQL_PIN_GET. */
enum column {
	RAW, LOSSY, POLICY, WHY, BEFORE, AFTER, USED, SIZE, SUM, Z
};

/* Whether what was begun is still under way. */
static bool
under_way(const struct ccr *c)
{
	return c->pinning && c->db != NULL && !sqlite3_get_autocommit(c->db);
}

/* Of a form; with the key in it, so that it is not taken for another's. */
static int64_t
checksum(struct span form, const uint8_t key[CCR_PIN_KEY])
{
	uint64_t seed;

	memcpy(&seed, key, sizeof(seed));
	return (int64_t)hash_xxh3(form, seed);
}

/* Append the bytes of a form of this size, as they are or compressed. */
static bool
unpack(struct ccr *c, struct span z, size_t size, struct buf *form)
{
	char *p = buf_reserve(form, size);
	size_t n = z.n;

	if (p == NULL)
		return false;
	if (z.n == size)
		memcpy(p, z.p, z.n);
	else
		n = ZSTD_decompressDCtx(c->dctx, p, size, z.p, z.n);
	if (n != size)
		return false;
	buf_commit(form, n);
	return true;
}

static enum ccr_rc
read_form(struct ccr *c, sqlite3_stmt *s, const uint8_t key[CCR_PIN_KEY],
    struct buf *form)
{
	int64_t size = sqlite3_column_int64(s, SIZE);
	struct span z = { sqlite3_column_blob(s, Z),
	    (size_t)sqlite3_column_bytes(s, Z) };
	size_t before = form->len;

	if (size == 0)
		return CCR_OK;
	if (c->dctx == NULL)
		c->dctx = ZSTD_createDCtx();
	if (c->dctx == NULL)
		return ccr_fail(c, CCR_FAILED, "out of memory");
	if (size > 0 && (uint64_t)size <= CCR_ORIGINAL_MAX && z.p != NULL &&
	    unpack(c, z, (size_t)size, form)) {
		if (checksum(span_skip(buf_span(form), before), key) ==
		    sqlite3_column_int64(s, SUM))
			return CCR_OK;
		buf_truncate(form, before);
	}
	if (buf_err(form))
		return ccr_fail(c, CCR_FAILED, "out of memory");
	return ccr_fail(c, CCR_DAMAGED,
	    "damaged: a pin in '%s' has lost its form", c->path);
}

static enum ccr_rc
fetch(struct ccr *c, const uint8_t key[CCR_PIN_KEY], struct ccr_pin *pin,
    struct buf *form, int64_t *used)
{
	sqlite3_stmt *s;
	enum ccr_rc rc = CCR_UNKNOWN;
	int step;

	if (!ccr_has_pins(c))
		return CCR_UNKNOWN;
	s = ccr_sql(c, SQL_PIN_GET);
	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_blob(s, 1, key, CCR_PIN_KEY, SQLITE_STATIC);
	step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		pin->raw = sqlite3_column_int(s, RAW) != 0;
		pin->lossy = sqlite3_column_int(s, LOSSY) != 0;
		pin->policy = (uint32_t)sqlite3_column_int64(s, POLICY);
		pin->why = (uint32_t)sqlite3_column_int64(s, WHY);
		pin->before = (uint64_t)sqlite3_column_int64(s, BEFORE);
		pin->after = (uint64_t)sqlite3_column_int64(s, AFTER);
		*used = sqlite3_column_int64(s, USED);
		rc = read_form(c, s, key, form);
	} else if (step != SQLITE_DONE) {
		rc = ccr_fail_sql(c);
	}
	sqlite3_reset(s);
	return rc;
}

/*
 * Note a use if that is due and can be done at once.  Not between begin and
 * end, which a failure here would undo.
 */
static void
renew(struct ccr *c, const uint8_t key[CCR_PIN_KEY], int64_t used)
{
	int64_t now = (int64_t)time(NULL);
	unsigned patience = c->patience;
	sqlite3_stmt *s;

	if (c->reading || c->pinning || used > now - RENEW_AFTER)
		return;
	s = ccr_sql(c, SQL_PIN_RENEW);
	if (s == NULL)
		return;
	sqlite3_bind_blob(s, 1, key, CCR_PIN_KEY, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, now);
	c->patience = 0;
	if (ccr_run(c, s) != CCR_OK) {
		/* The next get tries again. */
	}
	c->patience = patience;
}

enum ccr_rc
ccr_pin_get(struct ccr *c, const uint8_t key[CCR_PIN_KEY],
    struct ccr_pin *pin, struct buf *form)
{
	int64_t used = 0;
	enum ccr_rc rc = ccr_ready(c);
	int i = 0;

	if (rc != CCR_OK)
		return rc;
	do
		rc = fetch(c, key, pin, form, &used);
	while (ccr_look_again(c, rc, i++));
	if (rc == CCR_OK)
		renew(c, key, used);
	return rc;
}

enum ccr_rc
ccr_pins_begin(struct ccr *c)
{
	enum ccr_rc rc;

	if (c->reading)
		return ccr_fail(c, CCR_FAILED, "'%s' is open to read only",
		    c->path);
	if (c->pinning)
		return ccr_fail(c, CCR_FAILED, "pins were begun already");
	rc = ccr_ready(c);
	if (rc == CCR_OK)
		rc = ccr_begin(c);
	c->pinning = rc == CCR_OK;
	c->pin_rc = CCR_OK;
	c->pins = 0;
	return rc;
}

/* CCR_UNKNOWN: it is to be added. */
static enum ccr_rc
find(struct ccr *c, const uint8_t key[CCR_PIN_KEY])
{
	sqlite3_stmt *s = ccr_sql(c, SQL_PIN_FIND);
	enum ccr_rc rc = CCR_OK;
	int step;

	if (s == NULL)
		return CCR_FAILED;
	sqlite3_bind_blob(s, 1, key, CCR_PIN_KEY, SQLITE_STATIC);
	step = sqlite3_step(s);
	if (step == SQLITE_DONE)
		rc = CCR_UNKNOWN;
	else if (step != SQLITE_ROW)
		rc = ccr_fail_sql(c);
	sqlite3_reset(s);
	return rc;
}

static enum ccr_rc
add_form(struct ccr *c, struct span form)
{
	sqlite3_stmt *s;
	enum ccr_rc rc = ccr_compress(c, form);

	if (rc != CCR_OK)
		return rc;
	s = ccr_sql(c, SQL_ADD_BLOB);
	if (s == NULL)
		return CCR_FAILED;
	/* The same length tells that it is not compressed. */
	if (c->z.len < form.n)
		form = buf_span(&c->z);
	sqlite3_bind_blob64(s, 1, form.p, form.n, SQLITE_STATIC);
	return ccr_run(c, s);
}

static enum ccr_rc
add(struct ccr *c, const uint8_t key[CCR_PIN_KEY], const struct ccr_pin *pin,
    struct span form)
{
	sqlite3_stmt *s = ccr_sql(c, SQL_PIN_ADD);
	enum ccr_rc rc = CCR_OK;

	if (form.n > 0)
		rc = add_form(c, form);
	if (rc != CCR_OK || s == NULL)
		return rc != CCR_OK ? rc : CCR_FAILED;
	sqlite3_bind_blob(s, 1, key, CCR_PIN_KEY, SQLITE_STATIC);
	sqlite3_bind_int(s, 2, pin->raw);
	sqlite3_bind_int(s, 3, pin->lossy);
	sqlite3_bind_int64(s, 4, pin->policy);
	sqlite3_bind_int64(s, 5, pin->why);
	sqlite3_bind_int64(s, 6, (int64_t)pin->before);
	sqlite3_bind_int64(s, 7, (int64_t)pin->after);
	sqlite3_bind_text(s, 8, PACKAGE_VERSION, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 9, (int64_t)time(NULL));
	sqlite3_bind_int64(s, 10, (int64_t)form.n);
	sqlite3_bind_int64(s, 11, checksum(form, key));
	if (form.n > 0)
		sqlite3_bind_int64(s, 12, sqlite3_last_insert_rowid(c->db));
	else
		sqlite3_bind_null(s, 12);
	return ccr_run(c, s);
}

static enum ccr_rc
put(struct ccr *c, const uint8_t key[CCR_PIN_KEY], const struct ccr_pin *pin,
    struct span form)
{
	enum ccr_rc rc;

	if (!under_way(c))
		return ccr_fail(c, CCR_FAILED, "what was begun is undone");
	if (form.n > CCR_ORIGINAL_MAX)
		return ccr_fail(c, CCR_FULL, "larger than %zu MiB",
		    CCR_ORIGINAL_MAX >> 20);
	rc = find(c, key);
	if (rc != CCR_UNKNOWN)
		return rc;
	c->pins++;
	return add(c, key, pin, pin->raw ? span_of(NULL, 0) : form);
}

enum ccr_rc
ccr_pin_put(struct ccr *c, const uint8_t key[CCR_PIN_KEY],
    const struct ccr_pin *pin, struct span form)
{
	enum ccr_rc rc;

	if (!c->pinning)
		return ccr_fail(c, CCR_FAILED, "no pins were begun");
	if (c->pin_rc != CCR_OK)
		return c->pin_rc;
	rc = put(c, key, pin, form);
	if (rc != CCR_OK) {
		c->pin_rc = rc;
		ccr_rollback(c);
	}
	return rc;
}

enum ccr_rc
ccr_pins_end(struct ccr *c)
{
	enum ccr_rc rc = c->pin_rc;

	if (!c->pinning)
		return ccr_fail(c, CCR_FAILED, "no pins were begun");
	if (rc == CCR_OK)
		rc = under_way(c) ? ccr_commit(c) :
		    ccr_fail(c, CCR_FAILED, "what was begun is undone");
	c->pinning = false;
	if (rc != CCR_OK)
		ccr_rollback(c);
	else
		ccr_was_put(c, c->pins);
	return rc;
}
