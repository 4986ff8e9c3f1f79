/*
 * log_trace.h - which lines are one event: stack traces
 *
 *	struct log_trace t = LOG_TRACE_INIT;
 *
 *	if (log_trace_begins(&t, line, next))
 *		while (log_trace_goes_on(&t, following line))
 *			...
 *
 * Known are those of Python, Java and its kin, JavaScript, C#, Go, Rust, Ruby.
 * A trace is taken to begin with the line that its first frame follows, or
 * with its headline; it ends with the line that cannot belong to it any more,
 * or after LOG_TRACE_MAX lines.  A date and time before each line is ignored.
 */
#ifndef HR_LOG_TRACE_H
#define HR_LOG_TRACE_H

#include "compat.h"

#include "span.h"

#define LOG_TRACE_MAX	2000	/* lines */

enum log_trace_kind { LOG_TRACE_FRAMES, LOG_TRACE_PYTHON, LOG_TRACE_GO };

struct log_trace {
	enum log_trace_kind	kind;
	unsigned		lines;
	bool			last;	/* what may end it was read */
};

#define LOG_TRACE_INIT	{ .lines = 0 }

/*
 * At a glance: whether a trace may begin with a line, because it is a headline
 * or because of the line behind it.  Both are the same for all lines with one
 * mask (log_mask.h).
 */
bool	log_trace_headline(struct span line);
bool	log_trace_frame(struct span line);

/* next is the line behind, empty at the end of the text. */
bool	log_trace_begins(struct log_trace *t, struct span line,
	    struct span next);
bool	log_trace_goes_on(struct log_trace *t, struct span line);

#endif
