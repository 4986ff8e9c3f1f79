/*
 * log_term.h - what a terminal would show at the end
 *
 *	struct buf b = BUF_INIT;
 *
 *	if (log_term_noisy(text) && log_term(text, &b) == 0)
 *		text = buf_span(&b);
 *
 * Within each line: colours and titles go (CSI, OSC and other sequences of
 * ECMA-48), a carriage return or a backspace moves back, and what is written
 * there replaces what stood there; erasing and moving within the line is done.
 * One character counts as one column.
 *
 * A line stays one line, so that their numbers stay true: one that moves to
 * others, or is wider than any terminal, only loses its colours and titles.
 * A carriage return right before the newline stays, and NUL is data.  No text
 * becomes longer.  Applied twice nothing more happens.  Takes linear time.
 */
#ifndef HR_LOG_TERM_H
#define HR_LOG_TERM_H

#include "compat.h"

#include "buf.h"
#include "span.h"

/* Whether there is anything to do, at a glance. */
bool	log_term_noisy(struct span text);

/* Append what is shown to out.  0, or -1 if there was no memory. */
int	log_term(struct span text, struct buf *out) HR_MUST_USE;

#endif
