/*
 * diff_colour.h - a diff that was printed for a terminal, in black
 *
 *	if (diff_plain(text, &out))
 *		text = buf_span(&out);
 */
#ifndef HR_DIFF_COLOUR_H
#define HR_DIFF_COLOUR_H

#include "compat.h"

#include "buf.h"
#include "span.h"

/*
 * If the headers of a diff are coloured in text, append the text without
 * colours, line for line.  False: they are not, or not only by colours;
 * nothing is appended then, unless memory was out, which out tells.
 */
bool	diff_plain(struct span text, struct buf *out);

#endif
