/*
 * sse.h - server-sent events from chunks, as the HTML standard frames them
 *
 *	struct sse s = SSE_INIT;
 *
 *	s.data.max = 1 << 20;
 *	sse_feed(&s, chunk, fn, arg);	// fn is called for each event
 *	sse_release(&s);
 *
 * Lines end with LF, CR or CRLF; an event ends with an empty line; several
 * data fields are joined with LF; comments and unknown fields are skipped; a
 * byte order mark at the start is ignored.  What stands before the first
 * empty line that never comes is no event.  The chunks' borders make no
 * difference.  An event with more than data.max bytes of data, or a name of
 * more than SSE_NAME_MAX, is dropped and s.dropped counts it; so is one that
 * memory did not suffice for.
 *
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
#ifndef HR_SSE_H
#define HR_SSE_H

#include "compat.h"

#include "buf.h"
#include "span.h"

#define SSE_NAME_MAX	256

struct sse {
	struct buf	 line;		/* an unfinished line; err: cut */
	struct buf	 event;		/* its name, "" if none */
	struct buf	 data;
	bool		 any;		/* a data field was seen */
	bool		 cr;		/* the last byte was CR */
	bool		 started;	/* past the first line */
	bool		 skip;		/* this event is dropped */
	uint64_t	 dropped;
};

#define SSE_INIT { .line = BUF_INIT, .event = BUF_INIT, .data = BUF_INIT }

typedef void sse_fn(void *arg, struct span event, struct span data);

void	sse_feed(struct sse *s, struct span chunk, sse_fn *fn, void *arg);
void	sse_release(struct sse *s);

#endif
