/*
 * json_render.h - write JSON as planned
 *
 * The output is the format of hr-json(5): compact JSON in which tables stand
 * where the plan has them, and marks where the picks leave something out.
 * Strings of the planned text must be spelt as json_encode() would.
 */
#ifndef HR_JSON_RENDER_H
#define HR_JSON_RENDER_H

#include "compat.h"

#include "buf.h"
#include "json_pick.h"
#include "json_plan.h"

struct json_render {
	const struct json_plan	*plan;
	const struct json_picks	*picks;	/* NULL: nothing is left out */
	struct buf		*out;	/* its sticky error is the result */
	struct buf		 word;	/* scratch */
	struct buf		 line;	/* scratch */

	/* Over all values written with gaps, by unit. */
	uint64_t		 total[JSON_UNITS];
	uint64_t		 left[JSON_UNITS];
};

#define JSON_RENDER_INIT(p, ps, o) {					\
	.plan = (p), .picks = (ps), .out = (o),				\
	.word = BUF_INIT, .line = BUF_INIT }

/* Append value t. */
void	json_render_value(struct json_render *r, uint32_t t);

/*
 * Append the elements of value t, an array over the lines of a text, as
 * lines: a table headed "N lines: ", or compact JSON one a line.
 */
void	json_render_lines(struct json_render *r, uint32_t t);

void	json_render_release(struct json_render *r);

#endif
