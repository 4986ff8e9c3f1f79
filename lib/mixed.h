/*
 * mixed.h - a text that several outputs make up, cut into its parts
 *
 *	struct mixed m = MIXED_INIT(text);
 *	struct span part;
 *
 *	while (mixed_next(&m, &part))
 *		...				// part.p is in the text
 *
 * Parts are what has a format and is large enough to be worth a squasher: a
 * JSON value, or several, from their line on (behind a few words too: "Links:
 * [...]"), a diff, a list that empty lines set off, and what stands in the
 * fences of Markdown.  Whatever is between them belongs to no part.  JSON in
 * the lines of a log is part of the log: it counts only if it is at least
 * MIXED_PART bytes long, or half of the text.
 *
 * A JSON value ends where a line ends, or it is none.  What looks like one and
 * is not is scanned in vain; such bytes are counted, and nothing is looked for
 * any more when they are MIXED_VAIN times the text.
 */
#ifndef HR_MIXED_H
#define HR_MIXED_H

#include "compat.h"

#include "span.h"

#define MIXED_PART	1500	/* bytes */
#define MIXED_FENCE	300	/* bytes, between fences */
#define MIXED_PARTS	8	/* of output; with more it is one, a log */
#define MIXED_VAIN	8

struct mixed {
	struct span	text;
	size_t		at;
	size_t		vain;	/* bytes scanned for nothing */
	size_t		block;	/* where the next may begin that is a list */
	bool		open;	/* no fence is closed any more */
};

#define MIXED_INIT(t)	{ .text = (t) }

bool	mixed_next(struct mixed *m, struct span *part);

#endif
