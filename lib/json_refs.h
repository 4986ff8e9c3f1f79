/*
 * json_refs.h - the second half of json_expand: what stands for something else
 *
 * The first half turns the short form into JSON in which strings stand that
 * no text has, since they spell '=' as an escape sequence:
 *
 *	"\u003da.b[3]"			the value at this path
 *	["\u003d(json indented 2",X]	a string, the text of X in this style
 *
 * and members of an object "properties" have names with a star (json_tool.h).
 * A string of the text that happens to begin or to end like these is spelt
 * plainly by the first half.
 */
#ifndef HR_JSON_REFS_H
#define HR_JSON_REFS_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

#define JSON_REFS_SIGN	"\\u003d"
#define JSON_REFS_NEST	32	/* paths to values with paths in them */

/*
 * Append JSON with all values in their places; with `lines' the elements of
 * an array, each with a line end behind it.
 */
enum squash_expanded json_refs_resolve(struct span json, bool lines,
	    struct buf *out) HR_MUST_USE;

#endif
