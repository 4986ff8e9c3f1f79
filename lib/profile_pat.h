/*
 * profile_pat.h - patterns for lines
 *
 *	*	any bytes, also none
 *	?	one byte
 *	[a-z]	one of these, [!a-z] one that is not
 *	[a-z]+	as many of these as there are, at least one
 *	\*	the byte behind the backslash
 *
 * All other bytes stand for themselves, but a blank at the beginning for any
 * indentation, of one blank or tab at least.  A pattern matches the whole of
 * a line.  What stands between two stars is looked for from the left, and as
 * no piece can match in two lengths that is all there is to try: the time is
 * at most the product of both lengths, and nearly always their sum.  That is
 * why a plus may only stand before the first star.
 */
#ifndef HR_PROFILE_PAT_H
#define HR_PROFILE_PAT_H

#include "compat.h"

#include "span.h"

#define PAT_MAX		200	/* bytes of a pattern */
#define PAT_SETS_MAX	1024	/* of all patterns, different ones */

/* Sets of bytes that patterns share. */
struct pat_sets {
	uint64_t	(*set)[4];
	size_t		 n, cap;
};

/*
 * Write the steps of a pattern to op, which has room for PAT_MAX, and their
 * number to *n.  What is wrong as a constant string; NULL: nothing.
 */
const char *pat_compile(struct span pattern, struct pat_sets *sets,
	    uint16_t *op, size_t *n);

bool	pat_match(const uint16_t *op, size_t n, const struct pat_sets *sets,
	    struct span line);

/* Length of the shortest beginning of the line that matches, 0: none. */
size_t	pat_prefix(const uint16_t *op, size_t n, const struct pat_sets *sets,
	    struct span line);

/*
 * Lines that match begin with one of the bytes from *from to *to - 1, and of
 * these with those that pat_begins tells.  False: there are other lines too.
 */
bool	pat_first(const uint16_t *op, size_t n, size_t *from, size_t *to);
bool	pat_begins(const uint16_t *op, const struct pat_sets *sets,
	    unsigned char c);

#endif
