/*
 * refs_impl.h - what the parts of refs.h share; not for users
 *
 *	refs_lines	a text as lines, with printed numbers
 *	refs_json	the larger values of a JSON text on few lines
 *	refs		the lines that stand before, and their windows
 *	refs_find	the longest runs of lines that stand before
 *	refs_say	references to them
 */
#ifndef HR_REFS_IMPL_H
#define HR_REFS_IMPL_H

#include "compat.h"

#include "refs.h"

#define HASH_BARRIER	0	/* a line that matches none */
#define HASH_END	1	/* behind the last line of a short text */
#define HASH_FIRST	2	/* real ones are from here on */

/*
 * In the hash of a line that the client put in: it matches none, but can be
 * told from lines that stand once.
 */
#define HASH_PUT_IN	0xa0761d6478bd642f

/* Whether a line of the index looks like one of this hash. */
HR_INLINE bool
refs_looks(uint64_t line, uint64_t hash)
{
	return line == hash || line == (hash ^ HASH_PUT_IN);
}

/* A text whose lines may be pointed to. */
struct refs_text {
	uint32_t	 line, nlines;	/* its first in the arrays */
	uint32_t	 name, namelen;	/* in names */
	uint32_t	 tree, treelen;	/* path of a value, in names; or 0 */
	uint64_t	 name_hash;
	uint64_t	 block;
	uint32_t	 from, n;	/* of struct refs_name */
	uint16_t	 path, style;
	bool		 rising, all, result, shows, asked;
};

/*
 * Lines at.. of a text that are lines from.. of the index; with n 0 at is a
 * tree of it.
 */
struct refs_run {
	uint32_t	at, n, from;
};

/* Whether a line has a number printed on it, in any style. */
bool	refs_is_numbered(struct span line);

/* The hash of a line, or of a value. */
uint64_t	refs_hash(struct span s, uint64_t seed);

/* Fill l->tree. */
void	refs_trees(struct refs_lines *l, uint64_t seed);

/* A window of nothing but a line, or a value. */
#define REFS_ALONE(h)	{ (h), HASH_END, HASH_END, HASH_END }

/* Whether the window at line i of a text says enough to be looked up. */
HR_INLINE bool
refs_window_ok(const struct refs_lines *l, size_t i)
{
	const uint64_t *h = l->hash + i;
	size_t k;

	for (k = 0; k < REFS_WINDOW; k++)
		if (h[k] == HASH_BARRIER)
			return false;
	/* Braces and blanks stand everywhere. */
	return l->start[i + REFS_WINDOW] - l->start[i] > 24;
}

/* The line where the same window was seen first, or SIZE_MAX. */
size_t	refs_lookup(const struct refs *r, const uint64_t *window);

/* The text in which a line of the index stands. */
const struct refs_text *refs_text_at(const struct refs *r, size_t line);

#endif
