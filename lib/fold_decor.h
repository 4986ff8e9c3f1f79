/*
 * fold_decor.h - what only decorates diagnostics
 *
 * The reader of a warning goes to its place; the line of source, the carets
 * under it and the function it stands in are found there.  fold_decor() sets
 * these aside, and what was said before word for word, where that saves at
 * least FOLD_DECOR_MIN bytes of a block of diagnostics.  Of the first errors
 * all stays, and the lines that name a place stay in any case.
 *
 * Of a block one mark says how much is left out, before its first line:
 * said lines, which have aside set.
 */
#ifndef HR_FOLD_DECOR_H
#define HR_FOLD_DECOR_H

#include "compat.h"

#include "log_plan.h"

#define FOLD_DECOR_MIN	120	/* bytes */

/* What the mark of a block says besides. */
#define FOLD_DECOR_NOTE	"source excerpts and repeats below"

/*
 * Overrule the plan in blocks of diagnostics; the excerpts of so many errors
 * stay.  False: no memory.
 */
bool	fold_decor(struct log_plan *p, unsigned errors) HR_MUST_USE;

#endif
