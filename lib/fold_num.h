/*
 * fold_num.h - what the lines of a log repeat in figures, said once
 *
 * Dates, addresses and versions stand in a log again and again.  In the short
 * form '#' stands for a figure, or for its first parts, where the one that
 * stood last behind the same text was the same ('^', where '#' is in the way):
 *
 *	Below, # repeats the number ...:
 *	10.1.0.77 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200
 *	# - - [17/May/#:43 +#] "GET /b HTTP/#" 200
 *
 * Where a line begins as the last one with a time did, up to that time, and
 * this is more than some bytes, two signs stand for all of it.
 *
 * A figure is digits, or groups of them with one of - . : , / _ T between, or
 * a blank between date and time.  "The same text" is the eight bytes before
 * it, less a word that is cut, or what is left of them behind the line's begin
 * or the figure before; where that is next to nothing, the number of the
 * figure in its line counts too.
 *
 * What a reader needs as it is stays so: figures of one part that are shorter
 * than four digits ("200"); values behind '=', but for times; names, paths,
 * URLs and hexadecimal ids, which have no figures; JSON; code that git blame
 * shows; lines that warn or report an error; where a line names a place in a
 * file, all behind its time, and all of it without a level; lines without a
 * time, and those in which little would be won.
 *
 *	if (fold_num(text, query, &out))
 *		... fold_num_expand(buf_span(&out), &back) == EXPAND_OK ...
 *
 * Linear in time, with a table of fixed size; nothing depends on the locale.
 */
#ifndef HR_FOLD_NUM_H
#define HR_FOLD_NUM_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

/*
 * Append the short form to out.  False, with out undefined, if it would not be
 * shorter, or would not come back.  Figures in the query are said in full.
 */
bool	fold_num(struct span text, struct span query, struct buf *out)
	    HR_MUST_USE;

/* Whether text begins as a short form does, and how long that line is. */
bool	fold_num_is(struct span text, size_t *n);

/* Append what a short form stands for to out. */
enum squash_expanded fold_num_expand(struct span in, struct buf *out)
	    HR_MUST_USE;

#endif
