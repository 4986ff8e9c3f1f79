/*
 * numbered.h - texts that have a number before each line
 *
 * As tools that read files and `cat -n' or nl print them: blanks, a decimal
 * number, then a tab, an arrow (U+2192) or '|', then the line.
 */
#ifndef HR_NUMBERED_H
#define HR_NUMBERED_H

#include "compat.h"

#include "span.h"

/*
 * Whether every line of the text has a number and each is one more than that
 * before it; an empty text has none.  *first is that of the first line.
 */
bool	 numbered(struct span text, uint64_t *first);

/* The line behind its number, which must be there. */
struct span numbered_rest(struct span line);

#endif
