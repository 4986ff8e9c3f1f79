/*
 * json_expand.h - turn the lossless format back into JSON
 *
 * The inverse of json_render.h without picks: what hr-json(5) describes
 * becomes JSON again, tables, names and strings without quotes, paths that
 * stand for values, JSON texts that are strings; and records that came in
 * another form (form.h) become that text.  Values, numbers as they are spelt
 * and the order of elements are those of the original; white space and the
 * order of members within a record may differ.
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
 * is undefined.  JSON is foreign: there is nothing to expand in it.
 */
enum squash_expanded json_expand(struct span in, struct buf *out)
	    HR_MUST_USE;

/*
 * Whether a text is in the format of hr-json(5) and not JSON, or has a table
 * of it in it, with gaps or without: "[12 rows: " and, on a later line, the
 * bracket that closes it; or the lines of a text that begins with
 * "12 lines: ".  In linear time.
 */
bool	json_is_short(struct span in);

#endif
