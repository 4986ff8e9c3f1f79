/*
 * proxy_response - what upstream says, as the client gets it
 */
#include "compat.h"

#include "num.h"
#include "proxy_impl.h"

#define BLANKS		" \t"
#define LINES_MAX	((size_t)256 << 10)	/* of a response's head */

/* A bare CR must not reach a client that takes it for the end of a line. */
static void
add_plain(struct buf *b, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		buf_addc(b, s.p[i] == '\r' || s.p[i] == '\n' ||
		    s.p[i] == '\0' ? ' ' : s.p[i]);
}

/* "HTTP/1.1 200 OK": only the reason is kept, as the first line. */
static bool
status_line(struct request *rq, struct span line)
{
	const char *blank = memchr(line.p, ' ', line.n);
	struct span rest;
	uint64_t status;

	if (blank == NULL)
		return false;
	rest = span_skip(line, (size_t)(blank - line.p) + 1);
	if (rest.n < 3 || num_u64(span_of(rest.p, 3), 100, 999, &status) < 0)
		return false;
	rest = span_skip(rest, 3);
	if (rest.n > 0)
		rest = span_skip(rest, 1);
	rq->status = (unsigned)status;
	rq->h2 = !span_starts(line, SPAN_LIT("HTTP/1"));
	buf_reset(&rq->lines);
	add_plain(&rq->lines, rest);
	buf_addc(&rq->lines, '\n');
	return true;
}

/* A line that goes on: RFC 9112, 5.2 wants a blank in place of the break. */
static void
unfold(struct request *rq)
{
	if (rq->lines.len > 0)
		buf_truncate(&rq->lines, rq->lines.len - 1);
}

static struct span
take_line(struct span *s)
{
	const char *lf = memchr(s->p, '\n', s->n);
	struct span line = span_of(s->p,
	    lf == NULL ? s->n : (size_t)(lf - s->p));

	*s = span_skip(*s, line.n + (lf != NULL));
	return line;
}

/* The lines as a table.  What has no name before a colon is no header. */
static bool
read_lines(struct http_head *h, struct span lines)
{
	struct span line, name;
	const char *colon;

	h->nheaders = 0;
	while (lines.n > 0) {
		line = take_line(&lines);
		colon = line.n == 0 ? NULL : memchr(line.p, ':', line.n);
		if (colon == NULL)
			continue;
		name = span_trim(span_of(line.p, (size_t)(colon - line.p)),
		    BLANKS);
		if (name.n == 0 || memchr(name.p, ' ', name.n) != NULL)
			continue;
		if (h->nheaders == HTTP_HEADERS_MAX)
			return false;
		h->header[h->nheaders++] = (struct http_header){ name,
		    span_trim(span_skip(line, (size_t)(colon - line.p) + 1),
		    BLANKS) };
	}
	return true;
}

/* How the client will know where the body ends. */
static const struct http_header *
frame(struct request *rq, const struct http_head *h)
{
	const struct http_header *length = http_head_find(h,
	    SPAN_LIT("content-length"));
	bool coded = http_head_find(h,
	    SPAN_LIT("transfer-encoding")) != NULL;

	rq->no_body = rq->status == 204 || rq->status == 304 ||
	    span_eq(rq->head.method, SPAN_LIT("HEAD"));
	if (coded || length == NULL || num_u64(length->value, 0, INT64_MAX,
	    &rq->length) < 0)
		length = NULL;
	if (rq->no_body)
		return rq->status == 204 ? NULL : length;
	rq->counted = length != NULL;
	rq->chunked = !rq->counted && rq->head.minor > 0;
	rq->until_close = !rq->counted && !rq->chunked;
	return length;
}

static void
add_head(struct request *rq, const struct http_head *h, struct span reason,
    const struct http_header *length)
{
	struct buf *out = &rq->c->out;
	const struct http_header *f;
	size_t i;

	buf_addf(out, "HTTP/1.1 %u ", rq->status);
	buf_addspan(out, reason);
	buf_adds(out, "\r\n");
	for (i = 0; i < h->nheaders; i++) {
		f = &h->header[i];
		if (http_hop_by_hop(h, f->name) || (f != length &&
		    http_name_is(f->name, "content-length")))
			continue;
		buf_addspan(out, f->name);
		buf_adds(out, ": ");
		buf_addspan(out, f->value);
		buf_adds(out, "\r\n");
	}
	if (rq->chunked)
		buf_adds(out, "Transfer-Encoding: chunked\r\n");
	if (!rq->keep_alive)
		buf_adds(out, "Connection: close\r\n");
	else if (rq->head.minor == 0)
		buf_adds(out, "Connection: keep-alive\r\n");
	buf_adds(out, "\r\n");
}

static bool
begin(struct request *rq)
{
	struct span lines = buf_span(&rq->lines), reason = take_line(&lines);
	const struct proxy_opt *opt = &rq->p->opt;
	const struct http_header *length, *type, *coding;
	struct http_head h;

	if (!read_lines(&h, lines)) {
		rq->why = "too many headers";
		return false;
	}
	length = frame(rq, &h);
	rq->keep_alive &= !rq->until_close && !rq->p->draining;
	add_head(rq, &h, reason, length);
	rq->started = true;
	rq->first = uv_hrtime();
	if (opt->ledger != NULL && rq->endpoint.api != API_NONE) {
		type = http_head_find(&h, SPAN_LIT("content-type"));
		coding = http_head_find(&h, SPAN_LIT("content-encoding"));
		rq->tap = usage_tap_new(rq->endpoint.api,
		    type != NULL ? type->value : SPAN_LIT(""),
		    coding != NULL ? coding->value : SPAN_LIT(""));
	}
	conn_mark(rq->c);
	return true;
}

bool
response_line(struct request *rq, struct span line)
{
	if (rq->started)
		return true;	/* a trailer: the client asked for none */
	if (line.n > 0 && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	rq->lines.max = LINES_MAX;
	if (span_starts(line, SPAN_LIT("HTTP/")))
		return status_line(rq, line);
	if (line.n == 0)
		return rq->status < 200 || begin(rq);
	if (line.p[0] == ' ' || line.p[0] == '\t')
		unfold(rq);
	add_plain(&rq->lines, line);
	buf_addc(&rq->lines, '\n');
	if (buf_err(&rq->lines))
		rq->why = "its head is too large";
	return buf_err(&rq->lines) == 0;
}

bool
response_body(struct request *rq, struct span s)
{
	struct buf *out = &rq->c->out;

	if (s.n == 0)
		return true;	/* in chunks it would be the end */
	if (!rq->started || rq->no_body ||
	    (rq->counted && s.n > rq->length - rq->response))
		return false;
	rq->response += s.n;
	if (rq->tap != NULL)
		usage_tap_feed(rq->tap, s);
	if (rq->chunked)
		buf_addf(out, "%zx\r\n", s.n);
	buf_addspan(out, s);
	if (rq->chunked)
		buf_adds(out, "\r\n");
	conn_mark(rq->c);
	return buf_err(out) == 0;
}

void
response_end(struct request *rq)
{
	if (rq->chunked)
		buf_adds(&rq->c->out, "0\r\n\r\n");
}
