/*
 * ccr_db.h - the SQLite side of ccr.h, shared by ccr*.c only
 *
 * An entry's key is its id modulo 2^63, which fits SQLite's integer keys, so
 * that finding it needs no further index; two ids with one key count as a
 * clash.  What is compressed lies in a table of its own, in the order of
 * arrival, so that a put appends, and renewing or listing entries does not
 * read it.  hr-ccr(5) describes the tables.
 */
#ifndef HR_CCR_DB_H
#define HR_CCR_DB_H

#include "compat.h"

#include <sqlite3.h>
#include <sys/types.h>
#include <zstd.h>

#include "ccr.h"

/* The statements, prepared when first used. */
enum ccr_sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_FIND,		/* key: sha, used */
	SQL_FETCH,		/* key: sha, size, used, z */
	SQL_RENEW,		/* key, used */
	SQL_ADD_BLOB,		/* z */
	SQL_ADD_ENTRY,		/* key, sha, size, stored, now, blob */
	SQL_GONE,		/* key: used */
	SQL_LIST,
	SQL_STAT,
	SQL_OLDEST,		/* up to, limit: key, blob, used */
	SQL_DROP_ENTRY,		/* key, used */
	SQL_DROP_BLOB,		/* n */
	SQL_BURY,		/* key, used */
	SQL_FORGET_BLOB,	/* key */
	SQL_FORGET,		/* key */
	SQL_BURIED_MAX,		/* how many tombstones may stay */
	SQL_PAGES,
	SQL_FREE_PAGES,
	SQL_SHRINK,
	SQL_TOUCH,
	CCR_NSQL
};

struct ccr {
	sqlite3			*db;
	char			*path;
	bool			 reading;	/* opened to read only */
	bool			 frozen;	/* as if nobody wrote */
	bool			 stale;		/* what was got last */
	unsigned		 patience;	/* ms to wait for others */
	unsigned		 waited;	/* us, for a lock */
	unsigned		 puts;		/* since it was opened */
	int			 wal_pages;	/* by our last commit */
	dev_t			 dev;		/* which file was opened */
	ino_t			 ino;
	int64_t			 page_size;
	struct ccr_limits	 lim;
	ZSTD_CCtx		*cctx;
	ZSTD_DCtx		*dctx;
	struct buf		 z;
	sqlite3_stmt		*sql[CCR_NSQL];
	char			 err[512];	/* a path and why */
};

#define CCR_PATIENCE	5000	/* ms */

/* Keep words for ccr_error and return rc. */
enum ccr_rc ccr_fail(struct ccr *c, enum ccr_rc rc, const char *fmt, ...)
	    HR_PRINTF(3, 4);

/* The same for what SQLite said last. */
enum ccr_rc ccr_fail_sql(struct ccr *c);

/* Ready to be bound and stepped; NULL after a failure that is noted. */
sqlite3_stmt *ccr_sql(struct ccr *c, enum ccr_sql which) HR_MUST_USE;

/* Step a statement that gives no rows, and reset it. */
enum ccr_rc ccr_run(struct ccr *c, sqlite3_stmt *s) HR_MUST_USE;

/* Step one that gives one number, and reset it. */
enum ccr_rc ccr_number(struct ccr *c, enum ccr_sql which, int64_t *n)
	    HR_MUST_USE;

enum ccr_rc ccr_begin(struct ccr *c) HR_MUST_USE;
enum ccr_rc ccr_commit(struct ccr *c) HR_MUST_USE;
void	 ccr_rollback(struct ccr *c);	/* nothing outside a transaction */

/* Close and open again, for a reader whose view went stale. */
enum ccr_rc ccr_reopen(struct ccr *c) HR_MUST_USE;

/*
 * First call of all that use the store: if its file was removed or replaced,
 * what is open is nobody's any more, and the new one is opened.
 */
enum ccr_rc ccr_ready(struct ccr *c) HR_MUST_USE;

int64_t	 ccr_key(const struct mark_id *id);

/* Put off work, a bounded part of it; called by puts now and then. */
enum ccr_rc ccr_trim(struct ccr *c) HR_MUST_USE;

/*
 * Names of files.  ccr_file_make creates an empty file of mode 0600 and the
 * folders to it with 0700, where they are missing; false with errno.
 */
bool	 ccr_file_make(const char *path) HR_MUST_USE;

/* Bytes of the store's file with this suffix; -1 with errno. */
int64_t	 ccr_file_size(const char *path, const char *suffix);

/* A URI for sqlite3_open_v2 with these parameters; to be freed; or NULL. */
char	*ccr_file_uri(const char *path, const char *params) HR_MUST_USE;

#endif
