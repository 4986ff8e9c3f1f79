/*
 * json_explain.h - what was done to which value, and why, for a person
 */
#ifndef HR_JSON_EXPLAIN_H
#define HR_JSON_EXPLAIN_H

#include "compat.h"

#include "buf.h"
#include "json_render.h"

#define JSON_EXPLAIN_MAX	40	/* values; the rest is counted */

/*
 * Append a line for each value that was written in another form than its
 * own, by its path: what it became, about how many tokens that is instead of
 * how many, what was left out; and for arrays of objects that are no tables,
 * why not.  r must have written the text.
 */
void	json_explain(struct json_render *r, struct buf *out);

#endif
