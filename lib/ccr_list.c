/*
 * ccr_list - what is in the store
 */
#include "compat.h"

#include "ccr_db.h"

enum ccr_rc
ccr_list(struct ccr *c, bool (*fn)(void *arg, const struct ccr_entry *e),
    void *arg)
{
	sqlite3_stmt *s = ccr_ready(c) == CCR_OK ?
	    ccr_sql(c, SQL_LIST) : NULL;
	enum ccr_rc rc = CCR_OK;
	struct ccr_entry e;
	int step;

	if (s == NULL)
		return CCR_FAILED;
	while ((step = sqlite3_step(s)) == SQLITE_ROW) {
		if (sqlite3_column_bytes(s, 0) != SHA256_LEN)
			continue;
		e.id = mark_id(sqlite3_column_blob(s, 0));
		e.size = (uint64_t)sqlite3_column_int64(s, 1);
		e.stored = (uint64_t)sqlite3_column_int64(s, 2);
		e.created = sqlite3_column_int64(s, 3);
		e.used = sqlite3_column_int64(s, 4);
		if (!fn(arg, &e))
			break;
	}
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		rc = ccr_fail_sql(c);
	sqlite3_reset(s);
	return rc;
}

static uint64_t
on_disk(const struct ccr *c, const char *suffix)
{
	int64_t size = ccr_file_size(c->path, suffix);

	return size < 0 ? 0 : (uint64_t)size;
}

enum ccr_rc
ccr_stat(struct ccr *c, struct ccr_stat *st)
{
	sqlite3_stmt *s = ccr_ready(c) == CCR_OK ?
	    ccr_sql(c, SQL_STAT) : NULL;
	enum ccr_rc rc = CCR_OK;
	int64_t pins = 0;

	if (s == NULL)
		return CCR_FAILED;
	if (sqlite3_step(s) == SQLITE_ROW) {
		st->entries = (uint64_t)sqlite3_column_int64(s, 0);
		st->size = (uint64_t)sqlite3_column_int64(s, 1);
		st->stored = (uint64_t)sqlite3_column_int64(s, 2);
		st->oldest = sqlite3_column_int64(s, 3);
		st->file = on_disk(c, "") + on_disk(c, "-wal") +
		    on_disk(c, "-shm");
	} else {
		rc = ccr_fail_sql(c);
	}
	sqlite3_reset(s);
	if (rc == CCR_OK && ccr_has_pins(c))
		rc = ccr_number(c, SQL_PINS, &pins);
	st->pins = (uint64_t)pins;
	return rc;
}
