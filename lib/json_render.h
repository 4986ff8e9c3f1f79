/*
 * json_render.h - write JSON as planned
 *
 * The output is the format of hr-json(5): JSON without the quotes that nobody
 * needs, in which tables stand where the plan has them, a path where a value
 * stands already, and marks where the picks leave something out.  Strings of
 * the planned text must be spelt as json_encode() would.
 *
 *	struct json_render r = JSON_RENDER_INIT(&plan, NULL, &out);
 *
 *	json_render_begin(&r);
 *	json_render_value(&r, 0);
 *	json_render_release(&r);	// buf_err(&out) tells the rest
 */
#ifndef HR_JSON_RENDER_H
#define HR_JSON_RENDER_H

#include "compat.h"

#include "buf.h"
#include "json_pick.h"
#include "json_plan.h"
#include "json_style.h"

/* What stands in front of a table in which '=' is a cell as that above. */
#define JSON_ABOVE	", = as above"

/* And in front of the member that says of which kind a record is. */
#define JSON_BY		", by "

struct json_render {
	struct json_plan	*plan;	/* its nodes note what was shown */
	const struct json_picks	*picks;	/* NULL: nothing is left out */
	const struct json_embed	*embed;	/* of all such, by token */
	size_t			 nembeds;
	struct buf		*out;	/* its sticky error is the result */
	struct buf		 word;	/* scratch */
	struct buf		 line;	/* scratch */
	struct buf		 path;	/* scratch */
	uint32_t		 within;	/* the embedded one at hand */
	bool			 refs;	/* a path may stand for a value */
	uint64_t		 refs_made, refs_saved;	/* tokens, about */

	/* Over all values written with gaps, by unit. */
	uint64_t		 total[JSON_UNITS];
	uint64_t		 left[JSON_UNITS];
};

#define JSON_RENDER_INIT(p, ps, o) {					\
	.plan = (p), .picks = (ps), .out = (o), .word = BUF_INIT,	\
	.line = BUF_INIT, .path = BUF_INIT, .within = JSON_NONE,	\
	.refs = true }

/* Before the first value: nothing was shown yet. */
void	json_render_begin(struct json_render *r);

/* Append value t. */
void	json_render_value(struct json_render *r, uint32_t t);

/*
 * Append the elements of value t, an array over the lines of a text, as
 * lines: a table headed "N lines: ", or values one a line.
 */
void	json_render_lines(struct json_render *r, uint32_t t);

void	json_render_release(struct json_render *r);

#endif
