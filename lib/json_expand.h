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

enum json_expand_rc {
	JSON_EXPAND_OK,
	JSON_EXPAND_FOREIGN,	/* not our output, or nothing to expand in it */
	JSON_EXPAND_GAPS,	/* parts are left out: it cannot be expanded */
	JSON_EXPAND_FAILED	/* no memory, or beyond the ceiling of out */
};

/*
 * Append the expanded text to out, whose ceiling bounds what a hostile text
 * can unfold to.  On any other result than JSON_EXPAND_OK the content of out
 * is undefined.
 */
enum json_expand_rc json_expand(struct span in, struct buf *out)
	    HR_MUST_USE;

#endif
