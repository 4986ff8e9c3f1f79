/*
 * ccr_db.h - the SQLite side of ccr.h, shared by ccr*.c only
 *
 * An entry's key is its id modulo 2^63, which fits SQLite's integer keys, so
 * that finding it needs no further index; two ids with one key count as a
 * clash.  What is compressed lies in a table of its own, in the order of
 * arrival, so that a put appends, and renewing or listing entries does not
 * read it.  hr-ccr(5) describes the tables.
 *
 * A pin's key is a hash, so its table is kept by that (WITHOUT ROWID: one
 * search instead of two), with small rows as such tables want it: what was
 * sent lies with the originals' contents, in the order of arrival.  Triggers
 * take a form away with its pin, and count the pins, which SQLite would have
 * to read all of.
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
	SQL_PIN_GET,		/* key: raw ... after, used, size, sum, z */
	SQL_PIN_FIND,		/* key: used */
	SQL_PIN_ADD,		/* key, raw ... after, hr, now, size, ... */
	SQL_PIN_RENEW,		/* key, used */
	SQL_PIN_OLDEST,		/* : used, or the largest number */
	SQL_PIN_DROP,		/* up to, limit */
	SQL_PINS,		/* : how many */
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
	unsigned		 untrimmed;	/* since the last ccr_trim */
	bool			 pinning;	/* pins were begun ... */
	enum ccr_rc		 pin_rc;	/* ... and went so far so */
	unsigned		 pins;		/* put since then */
	int			 wal_pages;	/* by our last commit */
	dev_t			 dev;		/* which file was opened */
	ino_t			 ino;
	unsigned		 files;		/* opened one after another */
	int64_t			 version;	/* of its tables */
	int64_t			 page_size;
	struct ccr_limits	 lim;
	ZSTD_CCtx		*cctx;
	ZSTD_DCtx		*dctx;
	struct buf		 z;
	sqlite3_stmt		*sql[CCR_NSQL];
	char			 err[512];	/* a path and why */
};

#define CCR_PATIENCE	5000	/* ms */
#define CCR_PINS_MAX	1000000	/* 93 MB, measured, without forms */

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

/* Nothing outside a transaction.  Pins that were begun fail by it. */
void	 ccr_rollback(struct ccr *c);

/* Close and open again, for a reader whose view went stale. */
enum ccr_rc ccr_reopen(struct ccr *c) HR_MUST_USE;

/*
 * First call of all that use the store: if its file was removed or replaced,
 * what is open is nobody's any more, and the new one is opened.
 */
enum ccr_rc ccr_ready(struct ccr *c) HR_MUST_USE;

/*
 * Called after the n-th look of a reader that ended in rc (n from 0): whether
 * what it saw may be out of date and was opened anew, to be looked at again.
 */
bool	 ccr_look_again(struct ccr *c, enum ccr_rc rc, int n);

/* Whether there is a table of pins; a reader may meet an older store. */
bool	 ccr_has_pins(struct ccr *c);

int64_t	 ccr_key(const struct mark_id *id);

/* Compress into c->z. */
enum ccr_rc ccr_compress(struct ccr *c, struct span s) HR_MUST_USE;

/*
 * Note that n were put; now and then does a bounded part of the work that
 * was put off.  What fails of it is left.
 */
void	 ccr_was_put(struct ccr *c, unsigned n);

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
