/*
 * ccr.h - the store of originals: compress, cache, retrieve
 *
 * Originals are addressed by the SHA-256 of their bytes, kept zstd-compressed
 * in one SQLite file in WAL mode, and found again by the short id of mark.h.
 * Any number of processes may use one store at once.  Every read is checked
 * against the hash.  What nobody has put or fetched for ccr_limits.idle
 * seconds expires; beyond ccr_limits.bytes the longest unused goes first.
 * An expired id is remembered for a while, so that "expired" and "unknown"
 * are told apart.
 *
 * Opening for reading never writes: not the file, not its folder, so that it
 * works in a sandbox with a read-only home, while another process writes.
 */
#ifndef HR_CCR_H
#define HR_CCR_H

#include "compat.h"

#include "buf.h"
#include "mark.h"
#include "span.h"

struct ccr;

enum ccr_rc {
	CCR_OK,
	CCR_UNKNOWN,	/* no such id was ever stored here, as far as known */
	CCR_EXPIRED,	/* it was, and its time ran out */
	CCR_DAMAGED,	/* the stored bytes are not what was put */
	CCR_CLASH,	/* another original has this id: not stored */
	CCR_BUSY,	/* other processes held the store too long */
	CCR_FULL,	/* no room: disk, or larger than the size cap */
	CCR_FAILED	/* anything else; ccr_error() has the words */
};

struct ccr_limits {
	uint64_t	idle;	/* seconds */
	uint64_t	bytes;	/* of compressed originals */
};

#define CCR_LIMITS_DEFAULT { .idle = 30 * 86400, .bytes = (uint64_t)1 << 30 }

/*
 * path is a file; ccr_open creates it and, with mode 0700, the folder it
 * lies in (and parents) if they are missing.  On failure *c is NULL and a
 * reason is copied to err.
 */
enum ccr_rc ccr_open(struct ccr **c, const char *path, char *err,
	    size_t errsize) HR_MUST_USE;
enum ccr_rc ccr_open_read(struct ccr **c, const char *path, char *err,
	    size_t errsize) HR_MUST_USE;
void	 ccr_close(struct ccr *c);	/* c may be NULL */

/* A description of the last failure; never NULL. */
const char *ccr_error(const struct ccr *c);

/*
 * Store s, or renew it if it is there.  *id is set on CCR_OK.  On return the
 * bytes are visible to every other process and survive a kill of this one.
 */
enum ccr_rc ccr_put(struct ccr *c, struct span s, struct mark_id *id)
	    HR_MUST_USE;

/* Append the original to out. */
enum ccr_rc ccr_get(struct ccr *c, const struct mark_id *id, struct buf *out)
	    HR_MUST_USE;

struct ccr_entry {
	struct mark_id	id;
	uint64_t	size;		/* bytes of the original */
	uint64_t	stored;		/* bytes it takes */
	int64_t		created;	/* seconds since 1970 */
	int64_t		used;		/* last put or get */
};

/* All entries, last used first; stops early when fn returns false. */
enum ccr_rc ccr_list(struct ccr *c,
	    bool (*fn)(void *arg, const struct ccr_entry *e), void *arg)
	    HR_MUST_USE;

struct ccr_stat {
	uint64_t	entries;
	uint64_t	size;		/* sums over the entries */
	uint64_t	stored;
	uint64_t	file;		/* bytes on disk, WAL included */
	int64_t		oldest;		/* least recent use, 0 if empty */
};

enum ccr_rc ccr_stat(struct ccr *c, struct ccr_stat *st) HR_MUST_USE;

/* Drop what the limits say; *dropped counts entries. */
enum ccr_rc ccr_gc(struct ccr *c, const struct ccr_limits *lim,
	    uint64_t *dropped) HR_MUST_USE;

/*
 * Where the store is unless said otherwise: $XDG_STATE_HOME/hr/ccr.db, else
 * $HOME/.local/state/hr/ccr.db; the two values come from the caller, either
 * may be NULL.  -1 when neither is usable or the path does not fit.
 */
int	 ccr_default_path(const char *xdg_state_home, const char *home,
	    char *out, size_t size) HR_MUST_USE;

#endif
