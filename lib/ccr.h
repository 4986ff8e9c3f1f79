/*
 * ccr.h - the store of originals: compress, cache, retrieve
 *
 *	struct ccr *c;
 *
 *	if (ccr_open(&c, path, err, sizeof(err)) != CCR_OK)
 *		...			// no store: lossless only
 *	if (ccr_put(c, original, &id) == CCR_OK)
 *		...			// now a mark may name id
 *	write the output;
 *	ccr_close(c);			// may do work that was put off
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
 *
 * Nothing on the way of a put waits for the disk: what was put survives the
 * process, but the newest originals may be gone after the machine went down.
 * Their owners put them again; a file system that keeps order keeps the rest.
 *
 * A struct ccr is used by one thread at a time.  It must not be carried over
 * a fork.
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

/* The id of the empty original, which needs no store. */
#define CCR_EMPTY_ID		"886386472538583578916"

#define CCR_ORIGINAL_MAX	((size_t)256 << 20)	/* bytes of one */

struct ccr_limits {
	uint64_t	idle;	/* seconds */
	uint64_t	bytes;	/* of the file that are in use */
};

#define CCR_LIMITS_DEFAULT { .idle = 30 * 86400, .bytes = (uint64_t)1 << 30 }

/*
 * path is a file; ccr_open creates it and, with mode 0700, the folder it
 * lies in (and parents) if they are missing.  On failure *c is NULL and a
 * reason is copied to err.  ccr_open_read is CCR_UNKNOWN where no store is.
 */
enum ccr_rc ccr_open(struct ccr **c, const char *path, char *err,
	    size_t errsize) HR_MUST_USE;
enum ccr_rc ccr_open_read(struct ccr **c, const char *path, char *err,
	    size_t errsize) HR_MUST_USE;

/* Settles and closes.  c may be NULL. */
void	 ccr_close(struct ccr *c);

/* A description of the last failure; never NULL. */
const char *ccr_error(const struct ccr *c);

/* What puts keep to from now on, instead of CCR_LIMITS_DEFAULT. */
void	 ccr_limit(struct ccr *c, const struct ccr_limits *lim);

/*
 * Store s, or renew it if it is there.  *id is set on CCR_OK.  On return the
 * bytes are visible to every other process and survive a kill of this one.
 * The empty original needs no store: it is always there.
 */
enum ccr_rc ccr_put(struct ccr *c, struct span s, struct mark_id *id)
	    HR_MUST_USE;

/*
 * Append the original to out, and renew it.  A reader cannot; then
 * ccr_stale() tells that it is due, for the caller to open the store for
 * writing and call ccr_renew, if the output is out and it is to be had.
 */
enum ccr_rc ccr_get(struct ccr *c, const struct mark_id *id, struct buf *out)
	    HR_MUST_USE;

/* Whether this is the id of the empty original. */
bool	 ccr_is_empty(const struct mark_id *id);

/* Whether the last ccr_get gave what is still to be renewed. */
bool	 ccr_stale(const struct ccr *c);

/* Note that id was used just now. */
enum ccr_rc ccr_renew(struct ccr *c, const struct mark_id *id) HR_MUST_USE;

/*
 * Pins: what was sent for a text, so that it is sent again the same way
 * whatever changes (forward.h).  They live in the store, beside the originals
 * and apart from them: a pin says nothing about whether the original is
 * there.
 */
#define CCR_PIN_KEY	16	/* bytes */

struct ccr_pin {
	bool		raw;		/* as it came; then no form */
	bool		lossy;		/* marks stand in the form */
	uint32_t	policy;		/* epoch it was decided under */
	uint32_t	why;		/* enum forward_why */
	uint64_t	before, after;	/* tokens */
};

/*
 * CCR_OK: *pin is set and the form, if any, appended to form.  CCR_UNKNOWN:
 * there is none.  A store open to read only gives pins too.  A form is
 * checked against a hash, so that nothing else is ever sent for a text.
 */
enum ccr_rc ccr_pin_get(struct ccr *c, const uint8_t key[CCR_PIN_KEY],
	    struct ccr_pin *pin, struct buf *form) HR_MUST_USE;

/*
 * Put, unless one is there: the first stays.  Pins are put between
 * ccr_pins_begin and ccr_pins_end, in one transaction, which the end makes
 * visible to others; after a failure in between nothing of it is there, and
 * ccr_pins_end only says so.  They hold the lock on the store from begin to
 * end; the calls in between are those on pins.  If begin fails there is
 * nothing to end.
 */
enum ccr_rc ccr_pins_begin(struct ccr *c) HR_MUST_USE;
enum ccr_rc ccr_pin_put(struct ccr *c, const uint8_t key[CCR_PIN_KEY],
	    const struct ccr_pin *pin, struct span form) HR_MUST_USE;
enum ccr_rc ccr_pins_end(struct ccr *c) HR_MUST_USE;

/* How long calls wait for other processes, in ms; 5000 at first. */
void	 ccr_patience(struct ccr *c, unsigned ms);

/*
 * Which file is open, as a number that changes when the file was removed or
 * replaced: what was put before is then to be put again.  0: none is.
 */
uint64_t ccr_generation(struct ccr *c);

struct ccr_entry {
	struct mark_id	id;
	uint64_t	size;		/* bytes of the original */
	uint64_t	stored;		/* bytes it takes */
	int64_t		created;	/* seconds since 1970 */
	int64_t		used;		/* last put or get, to the hour */
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
	uint64_t	pins;
};

enum ccr_rc ccr_stat(struct ccr *c, struct ccr_stat *st) HR_MUST_USE;

/*
 * Drop what the limits say, originals and pins, and shrink the file;
 * *dropped counts the originals.
 */
enum ccr_rc ccr_gc(struct ccr *c, const struct ccr_limits *lim,
	    uint64_t *dropped) HR_MUST_USE;

/*
 * The work that puts leave undone: expiry in small batches, moving the
 * write-ahead log into the file, which waits for the disk.  For a process
 * that lives long, between requests; ccr_close does it too.
 */
enum ccr_rc ccr_settle(struct ccr *c) HR_MUST_USE;

/*
 * Where the store is unless said otherwise: $XDG_STATE_HOME/hr/ccr.db, else
 * $HOME/.local/state/hr/ccr.db; the two values come from the caller, either
 * may be NULL.  A relative $XDG_STATE_HOME is ignored, as the XDG Base
 * Directory Specification wants it.  -1 when neither is usable or the path
 * does not fit.
 */
int	 ccr_default_path(const char *xdg_state_home, const char *home,
	    char *out, size_t size) HR_MUST_USE;

#endif
