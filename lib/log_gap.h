/*
 * log_gap.h - the marks in place of the lines that a plan leaves out
 *
 *	struct log_gaps g = LOG_GAPS_INIT;
 *
 *	if (log_gaps_make(&g, &plan))
 *		edits_apply(&g.edits, plan.text, &out);
 *	log_gaps_release(&g);
 *
 * Each run of lines that are not kept becomes one mark, which may say what
 * they have in common, or to do with those that are.  Lines set aside
 * (fold_decor.h) are said by the mark before the first line of their block.
 */
#ifndef HR_LOG_GAP_H
#define HR_LOG_GAP_H

#include "compat.h"

#include "buf.h"
#include "edit.h"
#include "log_plan.h"

struct log_gaps {
	struct edits	 edits;		/* of the plan's text */
	struct buf	 marks;		/* what they point into */
};

#define LOG_GAPS_INIT	{ .edits = EDITS_INIT, .marks = BUF_INIT }

/* What g had is forgotten.  False: no memory. */
bool	log_gaps_make(struct log_gaps *g, const struct log_plan *p)
	    HR_MUST_USE;
void	log_gaps_release(struct log_gaps *g);

#endif
