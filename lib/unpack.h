/*
 * unpack.h - undo a Content-Encoding, with a bound
 *
 *	struct unpack *u = unpack_new(UNPACK_GZIP);
 *
 *	while (more)
 *		rc = unpack_feed(u, piece, &out);	// appends to out
 *	if (unpack_end(u) != UNPACK_OK)
 *		...					// cut short
 *	unpack_free(u);
 *
 * out->max is the bound: a decoder stops there (UNPACK_LARGE) instead of
 * filling memory, however small its input.  Several members or frames one
 * behind the other are one text, as RFC 1952 and RFC 8878 want it; anything
 * else behind the end is UNPACK_BAD, and no input at all is UNPACK_CUT, but
 * for UNPACK_NONE.  After anything but UNPACK_OK a decoder only repeats its
 * answer; what it gave before stands in out.
 */
#ifndef HR_UNPACK_H
#define HR_UNPACK_H

#include "compat.h"

#include "buf.h"
#include "span.h"

enum unpack_kind {
	UNPACK_NONE,		/* identity: bytes are copied */
	UNPACK_GZIP,		/* RFC 1952; also "x-gzip" */
	UNPACK_DEFLATE,		/* zlib of RFC 1950, or raw as some send it */
	UNPACK_BROTLI,		/* RFC 7932 */
	UNPACK_ZSTD,		/* RFC 8878 */
	UNPACK_UNKNOWN		/* anything else, or more than one coding */
};

enum unpack_rc {
	UNPACK_OK,
	UNPACK_BAD,	/* not this encoding, or damaged */
	UNPACK_CUT,	/* unpack_end: the input stopped in the middle */
	UNPACK_LARGE,	/* more than out->max bytes */
	UNPACK_NOMEM
};

/*
 * The value of a Content-Encoding header, of any case, blanks around it
 * allowed; empty is UNPACK_NONE.
 */
enum unpack_kind unpack_kind(struct span value);

struct unpack;

/* NULL: no memory, or UNPACK_UNKNOWN. */
struct unpack	*unpack_new(enum unpack_kind kind) HR_MUST_USE;
void		 unpack_free(struct unpack *u);	/* u may be NULL */

enum unpack_rc	 unpack_feed(struct unpack *u, struct span in,
		    struct buf *out) HR_MUST_USE;
enum unpack_rc	 unpack_end(struct unpack *u) HR_MUST_USE;

/*
 * The same for who keeps nothing: fn is called with the text in pieces.  When
 * it has had enough it returns false, which is UNPACK_LARGE.
 */
typedef bool unpack_fn(void *arg, struct span piece);

enum unpack_rc	 unpack_each(struct unpack *u, struct span in, unpack_fn *fn,
		    void *arg) HR_MUST_USE;

/* All of it at once; UNPACK_UNKNOWN is UNPACK_BAD. */
enum unpack_rc	 unpack_all(enum unpack_kind kind, struct span in,
		    struct buf *out) HR_MUST_USE;

#endif
