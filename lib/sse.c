/*
 * sse - server-sent events from chunks
 */
#include "compat.h"

#include "mem.h"
#include "sse.h"

#define BOM	SPAN_LIT("\xEF\xBB\xBF")
#define FIELD	SPAN_LIT("event: ")	/* the longest that counts */

/* What is left of a chunk, and where its next line ends stand, if any do. */
struct rest {
	const char	*p, *end;
	const char	*lf, *cr;	/* end: none */
};

static const char *
next(const char *p, const char *end, char c)
{
	const char *at = p == end ? NULL : memchr(p, c, (size_t)(end - p));

	return at != NULL ? at : end;
}

/*
 * The end of the line at r->p.  What was found is kept, or a chunk without
 * one of the two would be searched to its end for each line.
 */
static const char *
line_end(struct rest *r)
{
	if (r->lf < r->p)
		r->lf = next(r->p, r->end, '\n');
	if (r->cr < r->p)
		r->cr = next(r->p, r->end, '\r');
	return r->lf < r->cr ? r->lf : r->cr;
}

static void
dispatch(struct sse *s, sse_fn *fn, void *arg)
{
	if (s->any && s->skip)
		s->dropped++;
	else if (s->any)
		fn(arg, buf_span(&s->event), buf_span(&s->data));
	buf_reset(&s->event);
	buf_reset(&s->data);
	s->any = s->skip = false;
}

/* "name: value", "name:value" or "name". */
static struct span
split(struct span line, struct span *value)
{
	const char *colon = memchr(line.p, ':', line.n);
	size_t n = colon == NULL ? line.n : (size_t)(colon - line.p);

	*value = span_skip(line, colon == NULL ? n : n + 1);
	if (value->n > 0 && value->p[0] == ' ')
		*value = span_skip(*value, 1);
	return span_of(line.p, n);
}

static void
field(struct sse *s, struct span line)
{
	struct span value, name = split(line, &value);

	if (span_eq(name, SPAN_LIT("data"))) {
		if (s->any)
			buf_addc(&s->data, '\n');
		buf_addspan(&s->data, value);
		s->any = true;
	} else if (span_eq(name, SPAN_LIT("event"))) {
		buf_reset(&s->event);
		buf_addspan(&s->event, value);
	}
	if (buf_err(&s->data) || buf_err(&s->event))
		s->skip = true;
}

/* A line of which only the start is known: it matters if it held data. */
static void
long_line(struct sse *s, struct span start)
{
	if (span_starts(start, SPAN_LIT("data:"))) {
		s->any = s->skip = true;
	} else if (span_starts(start, SPAN_LIT("event:"))) {
		s->skip = true;
	}
}

static void
line(struct sse *s, struct span l, sse_fn *fn, void *arg)
{
	if (!s->started && span_starts(l, BOM))
		l = span_skip(l, BOM.n);
	s->started = true;
	if (buf_err(&s->line))
		long_line(s, l);
	else if (l.n == 0)
		dispatch(s, fn, arg);
	else
		field(s, l);
}

/* As much as may be kept of a line whose end is still to come. */
static void
keep(struct sse *s, struct span part)
{
	size_t room = s->line.max - s->line.len;

	if (part.n > room && !buf_err(&s->line)) {
		buf_add(&s->line, part.p, room);
		part = span_skip(part, room);
	}
	buf_addspan(&s->line, part);
	/* Without memory for its start nobody knows what a line was. */
	if (buf_err(&s->line) && s->line.len < s->line.max)
		s->any = s->skip = true;
}

/* No line that is longer than this can hold anything that is kept. */
static void
limit(struct sse *s)
{
	size_t value = s->data.max;

	s->event.max = SSE_NAME_MAX;
	if (value < SSE_NAME_MAX)
		value = SSE_NAME_MAX;
	if (!mem_add(value, BOM.n + FIELD.n, &s->line.max))
		s->line.max = value;
}

void
sse_feed(struct sse *s, struct span chunk, sse_fn *fn, void *arg)
{
	struct rest r;
	const char *at;
	struct span l;

	if (s->cr && chunk.n > 0) {
		if (chunk.p[0] == '\n')
			chunk = span_skip(chunk, 1);
		s->cr = false;
	}
	if (chunk.n == 0)
		return;
	limit(s);
	r.p = chunk.p;
	r.end = chunk.p + chunk.n;
	r.lf = next(r.p, r.end, '\n');
	r.cr = next(r.p, r.end, '\r');
	while ((at = line_end(&r)) < r.end) {
		l = span_of(r.p, (size_t)(at - r.p));
		if (s->line.len > 0 || buf_err(&s->line)) {
			keep(s, l);
			l = buf_span(&s->line);
		}
		line(s, l, fn, arg);
		buf_reset(&s->line);
		r.p = at + 1;
		if (*at == '\r') {
			s->cr = r.p == r.end;
			if (!s->cr && *r.p == '\n')
				r.p++;
		}
	}
	keep(s, span_of(r.p, (size_t)(r.end - r.p)));
}

void
sse_release(struct sse *s)
{
	buf_release(&s->line);
	buf_release(&s->event);
	buf_release(&s->data);
}
