/*
 * part.h - contiguous pieces of a text, and the lines that match
 *
 * Lines end with a newline, which belongs to them; the last may lack it.
 * Positions count from 1.  Everything given is a piece of the text itself.
 */
#ifndef HR_PART_H
#define HR_PART_H

#include "compat.h"

#include <regex.h>

#include "span.h"

/*
 * Lines or bytes from..to, as far as there are any: what `sed -n from,top`
 * would print, or `tail -c +from | head -c n`.  Empty when all of it lies
 * behind the end.
 */
struct span part_lines(struct span s, uint64_t from, uint64_t to);
struct span part_bytes(struct span s, uint64_t from, uint64_t to);

/*
 * Call fn with each run of lines that match, in order, until it returns
 * false.  A run is as long as can be.  re is a compiled expression, best
 * with REG_NOSUB; it is not changed.  NUL bytes in a line are data.  The
 * number of matching lines is returned.  This needs glibc's re_search().
 */
uint64_t part_grep(struct span s, regex_t *re,
	    bool (*fn)(void *arg, struct span run), void *arg);

#endif
