/*
 * json_expand.h - turn the lossless format back into JSON
 *
 * The inverse of json_render.h without picks: every table of hr-json(5) in a
 * text becomes the array, object or lines that it stands for, everything
 * else is copied.  Values, numbers as they are spelt and the order of
 * elements are those of the original; white space and the order of members
 * within a record may differ.
 */
#ifndef HR_JSON_EXPAND_H
#define HR_JSON_EXPAND_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

/*
 * Append the expanded text to out, whose ceiling bounds what a hostile text
 * can unfold to.  On any other result than EXPAND_OK the content of out
 * is undefined.
 */
enum squash_expanded json_expand(struct span in, struct buf *out)
	    HR_MUST_USE;

/*
 * Whether there is a table of hr-json(5) in a text, with gaps or without:
 * "[12 rows: " and, on a later line, the bracket that closes it; or the lines
 * of a text that begins with "12 lines: ".  At a glance, in linear time.
 */
bool	json_has_table(struct span in);

#endif
