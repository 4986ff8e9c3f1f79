/*
 * ccr_db - the statements, and what SQLite says when they fail
 */
#include "compat.h"

#include <errno.h>
#include <stdarg.h>

#include "ccr_db.h"

static const char *const sql[CCR_NSQL] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_FIND] = "SELECT sha, used FROM entry WHERE key=?",
	[SQL_FETCH] = "SELECT sha, size, used, z FROM entry"
	    " LEFT JOIN blob ON n=blob WHERE key=?",
	[SQL_RENEW] = "UPDATE entry SET used=?2 WHERE key=?1",
	[SQL_ADD_BLOB] = "INSERT INTO blob(z) VALUES(?)",
	[SQL_ADD_ENTRY] = "INSERT INTO entry"
	    "(key, sha, size, stored, created, used, blob)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6)",
	[SQL_GONE] = "SELECT used FROM gone WHERE key=? ORDER BY n DESC",
	[SQL_LIST] = "SELECT sha, size, stored, created, used FROM entry"
	    " ORDER BY used DESC, key",
	[SQL_STAT] = "SELECT count(*), sum(size), sum(stored), min(used)"
	    " FROM entry",
	[SQL_OLDEST] = "SELECT key, blob, used FROM entry WHERE used<=?"
	    " ORDER BY used LIMIT ?",
	[SQL_DROP_ENTRY] = "DELETE FROM entry WHERE key=? AND used=?",
	[SQL_DROP_BLOB] = "DELETE FROM blob WHERE n=?",
	[SQL_BURY] = "INSERT INTO gone(key, used) VALUES(?, ?)",
	[SQL_FORGET_BLOB] = "DELETE FROM blob"
	    " WHERE n=(SELECT blob FROM entry WHERE key=?)",
	[SQL_FORGET] = "DELETE FROM entry WHERE key=?",
	[SQL_BURIED_MAX] = "DELETE FROM gone"
	    " WHERE n<=(SELECT max(n) FROM gone)-?",
	[SQL_PAGES] = "PRAGMA page_count",
	[SQL_FREE_PAGES] = "PRAGMA freelist_count",
	[SQL_SHRINK] = "PRAGMA incremental_vacuum(256)",
	[SQL_TOUCH] = "PRAGMA user_version=2",
	[SQL_PIN_GET] = "SELECT raw, lossy, policy, why, before, after, used,"
	    " size, sum, z FROM pin LEFT JOIN blob ON n=blob WHERE key=?",
	[SQL_PIN_FIND] = "SELECT used FROM pin WHERE key=?",
	[SQL_PIN_ADD] = "INSERT INTO pin"
	    "(key, raw, lossy, policy, why, before, after, hr, used, size,"
	    " sum, blob) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_PIN_RENEW] = "UPDATE pin SET used=?2 WHERE key=?1",
	[SQL_PIN_OLDEST] = "SELECT ifnull(min(used), 9223372036854775807)"
	    " FROM pin",
	[SQL_PIN_DROP] = "DELETE FROM pin WHERE key IN"
	    " (SELECT key FROM pin WHERE used<=? ORDER BY used LIMIT ?)",
	[SQL_PINS] = "SELECT pins FROM tally",
};

enum ccr_rc
ccr_fail(struct ccr *c, enum ccr_rc rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->err, sizeof(c->err), fmt, ap);
	va_end(ap);
	return rc;
}

enum ccr_rc
ccr_fail_sql(struct ccr *c)
{
	int rc = sqlite3_errcode(c->db), sys = sqlite3_system_errno(c->db);

	switch (rc) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ccr_fail(c, CCR_BUSY, "'%s' is held by another process",
		    c->path);
	case SQLITE_FULL:
		return ccr_fail(c, CCR_FULL, "no room for '%s'", c->path);
	case SQLITE_NOTADB:
		return ccr_fail(c, CCR_DAMAGED,
		    "damaged: '%s' is not a store of hr-ccr", c->path);
	case SQLITE_CORRUPT:
		return ccr_fail(c, CCR_DAMAGED, "damaged: '%s': %s", c->path,
		    sqlite3_errmsg(c->db));
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		if (sys == ENOSPC || sys == EDQUOT)
			return ccr_fail(c, CCR_FULL, "no room for '%s'",
			    c->path);
		if (sys != 0)
			return ccr_fail(c, CCR_FAILED, "'%s': %s (%s)",
			    c->path, sqlite3_errmsg(c->db), strerror(sys));
		break;
	default:
		break;
	}
	return ccr_fail(c, CCR_FAILED, "'%s': %s", c->path,
	    sqlite3_errmsg(c->db));
}

sqlite3_stmt *
ccr_sql(struct ccr *c, enum ccr_sql which)
{
	if (c->sql[which] == NULL && sqlite3_prepare_v3(c->db, sql[which], -1,
	    SQLITE_PREPARE_PERSISTENT, &c->sql[which], NULL) != SQLITE_OK) {
		ccr_fail_sql(c);
		return NULL;
	}
	return c->sql[which];
}

enum ccr_rc
ccr_run(struct ccr *c, sqlite3_stmt *s)
{
	enum ccr_rc rc = CCR_OK;

	if (s == NULL)
		return CCR_FAILED;
	if (sqlite3_step(s) != SQLITE_DONE)
		rc = ccr_fail_sql(c);
	sqlite3_reset(s);
	return rc;
}

enum ccr_rc
ccr_number(struct ccr *c, enum ccr_sql which, int64_t *n)
{
	sqlite3_stmt *s = ccr_sql(c, which);
	enum ccr_rc rc = CCR_OK;

	if (s == NULL)
		return CCR_FAILED;
	if (sqlite3_step(s) == SQLITE_ROW)
		*n = sqlite3_column_int64(s, 0);
	else
		rc = ccr_fail_sql(c);
	sqlite3_reset(s);
	return rc;
}

enum ccr_rc
ccr_begin(struct ccr *c)
{
	return ccr_run(c, ccr_sql(c, SQL_BEGIN));
}

enum ccr_rc
ccr_commit(struct ccr *c)
{
	return ccr_run(c, ccr_sql(c, SQL_COMMIT));
}

void
ccr_rollback(struct ccr *c)
{
	if (c->pinning && c->pin_rc == CCR_OK)
		c->pin_rc = CCR_FAILED;
	/* The failure that led here keeps its words. */
	if (c->db != NULL && !sqlite3_get_autocommit(c->db))
		sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

int64_t
ccr_key(const struct mark_id *id)
{
	unsigned __int128 v = 0;
	size_t i;

	for (i = 0; i < MARK_ID_DIGITS; i++)
		v = v * 10 + (unsigned)(id->z[i] - '0');
	return (int64_t)(v & INT64_MAX);
}
