/*
 * http_head - what a request's head must look like to be let in
 */
#include "compat.h"

#include "http_head.h"
#include "num.h"

#define BLANKS	" \t"

/* Where in the bytes we are. */
struct reader {
	struct span	in;
	size_t		at;
};

/* Seen so far, for what must not stand twice. */
struct seen {
	unsigned	host, length, coding;
	bool		close, keep_alive;
};

static enum http_head_rc
bad(struct http_head *h, unsigned status, const char *what)
{
	h->status = status;
	h->what = what;
	return HTTP_HEAD_BAD;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
same(struct span a, struct span b)
{
	size_t i;

	for (i = 0; i < a.n && a.n == b.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return a.n == b.n;
}

bool
http_name_is(struct span name, const char *lower_case)
{
	return same(name, span_z(lower_case));
}

bool
http_list_has(struct span list, struct span member)
{
	const char *comma;
	struct span one;

	while (list.n > 0) {
		comma = memchr(list.p, ',', list.n);
		one = span_of(list.p,
		    comma == NULL ? list.n : (size_t)(comma - list.p));
		if (same(span_trim(one, BLANKS), member))
			return true;
		list = span_skip(list, one.n + (comma != NULL));
	}
	return false;
}

const struct http_header *
http_head_find(const struct http_head *h, struct span name)
{
	size_t i;

	for (i = 0; i < h->nheaders; i++)
		if (same(h->header[i].name, name))
			return &h->header[i];
	return NULL;
}

bool
http_hop_by_hop(const struct http_head *h, struct span name)
{
	static const char *const names[] = { "connection", "keep-alive",
	    "proxy-connection", "te", "trailer", "transfer-encoding",
	    "upgrade" };
	size_t i;

	for (i = 0; i < HR_LEN(names); i++)
		if (http_name_is(name, names[i]))
			return true;
	for (i = 0; h != NULL && i < h->nheaders; i++)
		if (http_name_is(h->header[i].name, "connection") &&
		    http_list_has(h->header[i].value, name))
			return true;
	return false;
}

/* RFC 9110, 5.6.2: what names and methods are made of. */
static bool
token_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') ||
	    (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* How many bytes at the start of s are a token. */
static size_t
token(struct span s)
{
	size_t i = 0;

	while (i < s.n && token_char((unsigned char)s.p[i]))
		i++;
	return i;
}

/* The next line without its CRLF, which nothing else may stand for. */
static enum http_head_rc
next_line(struct http_head *h, struct reader *r, struct span *line)
{
	struct span rest = span_skip(r->in, r->at);
	const char *lf = rest.n == 0 ? NULL : memchr(rest.p, '\n', rest.n);
	const char *cr;
	size_t n = lf == NULL ? rest.n : (size_t)(lf - rest.p);

	if (n > 0 && memchr(rest.p, 0, n) != NULL)
		return bad(h, 400, "a NUL byte in the head");
	cr = n == 0 ? NULL : memchr(rest.p, '\r', n);
	if (cr != NULL && (size_t)(cr - rest.p) != n - 1)
		return bad(h, 400, "a CR without LF in the head");
	if (lf != NULL && cr == NULL)
		return bad(h, 400, "a line that ends without CR");
	if (r->at + n >= HTTP_HEAD_MAX)
		return bad(h, 431, "the head is too large");
	if (lf == NULL)
		return HTTP_HEAD_MORE;
	*line = span_of(rest.p, n - 1);
	r->at += n + 1;
	return HTTP_HEAD_OK;
}

/* "HTTP/1.1" */
static enum http_head_rc
version(struct http_head *h, struct span s)
{
	const struct span http = SPAN_LIT("HTTP/");

	if (s.n != 8 || !span_starts(s, http) || s.p[6] != '.' ||
	    s.p[5] < '0' || s.p[5] > '9' || s.p[7] < '0' || s.p[7] > '9')
		return bad(h, 400, "no HTTP version in the request line");
	if (s.p[5] != '1' || s.p[7] > '1')
		return bad(h, 505, "HTTP version not supported");
	h->minor = (unsigned)(s.p[7] - '0');
	return HTTP_HEAD_OK;
}

static bool
target_ok(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] < '!' || s.p[i] > '~' || s.p[i] == '#')
			return false;
	return s.n > 0 && s.p[0] == '/';
}

/* Method, target and version, with exactly one blank between them. */
static enum http_head_rc
request_line(struct http_head *h, struct span line)
{
	size_t n = token(line);
	const char *end;
	enum http_head_rc rc;

	if (n == 0 || n == line.n || line.p[n] != ' ')
		return bad(h, 400, "no method in the request line");
	h->method = span_of(line.p, n);
	line = span_skip(line, n + 1);
	end = line.n == 0 ? NULL : memchr(line.p, ' ', line.n);
	if (end == NULL)
		return bad(h, 400, "no HTTP version in the request line");
	h->target = span_of(line.p, (size_t)(end - line.p));
	rc = version(h, span_skip(line, h->target.n + 1));
	if (rc != HTTP_HEAD_OK)
		return rc;
	if (span_eq(h->method, SPAN_LIT("CONNECT")) || !target_ok(h->target))
		return bad(h, 400, "the target is not a path");
	return HTTP_HEAD_OK;
}

static bool
value_ok(struct span s)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < s.n; i++) {
		c = (unsigned char)s.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static enum http_head_rc
content_length(struct http_head *h, struct seen *seen, struct span value)
{
	if (seen->length++ > 0)
		return bad(h, 400, "more than one Content-Length");
	/* What a signed offset cannot hold is nobody's length. */
	if (num_u64(value, 0, INT64_MAX, &h->length) < 0)
		return bad(h, 400, "Content-Length is not a number");
	h->has_length = true;
	return HTTP_HEAD_OK;
}

static enum http_head_rc
transfer_encoding(struct http_head *h, struct seen *seen, struct span value)
{
	if (seen->coding++ > 0)
		return bad(h, 400, "more than one Transfer-Encoding");
	if (!http_name_is(value, "chunked"))
		return bad(h, 400, "Transfer-Encoding is not 'chunked'");
	if (h->minor == 0)
		return bad(h, 400, "Transfer-Encoding in HTTP/1.0");
	h->chunked = true;
	return HTTP_HEAD_OK;
}

/* What a header means to this hop. */
static enum http_head_rc
understand(struct http_head *h, struct seen *seen,
    const struct http_header *f)
{
	if (http_name_is(f->name, "content-length"))
		return content_length(h, seen, f->value);
	if (http_name_is(f->name, "transfer-encoding"))
		return transfer_encoding(h, seen, f->value);
	if (http_name_is(f->name, "host") && seen->host++ > 0)
		return bad(h, 400, "more than one Host");
	if (http_name_is(f->name, "connection")) {
		seen->close |= http_list_has(f->value, SPAN_LIT("close"));
		seen->keep_alive |= http_list_has(f->value,
		    SPAN_LIT("keep-alive"));
	}
	if (http_name_is(f->name, "expect"))
		h->expects |= h->minor > 0 &&
		    http_name_is(f->value, "100-continue");
	if (http_name_is(f->name, "upgrade"))
		h->websocket |= http_list_has(f->value,
		    SPAN_LIT("websocket"));
	return HTTP_HEAD_OK;
}

static enum http_head_rc
header_line(struct http_head *h, struct seen *seen, struct span line)
{
	struct http_header *f = &h->header[h->nheaders];
	size_t n = token(line);

	if (line.p[0] == ' ' || line.p[0] == '\t')
		return bad(h, 400, "a folded header line");
	if (n == 0 || n == line.n || line.p[n] != ':')
		return bad(h, 400, "a header line without a name");
	if (h->nheaders == HTTP_HEADERS_MAX)
		return bad(h, 431, "too many headers");
	f->name = span_of(line.p, n);
	f->value = span_trim(span_skip(line, n + 1), BLANKS);
	if (!value_ok(f->value))
		return bad(h, 400, "a control byte in a header");
	h->nheaders++;
	return understand(h, seen, f);
}

/* What only the whole head can tell. */
static enum http_head_rc
finish(struct http_head *h, const struct seen *seen)
{
	if (seen->host == 0 && h->minor > 0)
		return bad(h, 400, "no Host");
	if (h->has_length && h->chunked)
		return bad(h, 400,
		    "Content-Length beside Transfer-Encoding");
	h->keep_alive = !seen->close && (h->minor > 0 || seen->keep_alive);
	return HTTP_HEAD_OK;
}

enum http_head_rc
http_head_parse(struct http_head *h, struct span bytes)
{
	struct reader r = { .in = bytes };
	struct seen seen = { 0 };
	unsigned lines = 0, blanks = 0;
	struct span line;
	enum http_head_rc rc;

	/* Not the table of headers: it is large, and counted. */
	h->nheaders = 0;
	h->length = 0;
	h->chunked = h->has_length = h->expects = h->websocket = false;
	while ((rc = next_line(h, &r, &line)) == HTTP_HEAD_OK) {
		if (line.n == 0 && lines > 0) {
			h->size = r.at;
			return finish(h, &seen);
		}
		if (line.n == 0)
			rc = ++blanks > HTTP_BLANKS_MAX ?
			    bad(h, 400, "no request line") : HTTP_HEAD_OK;
		else
			rc = lines++ == 0 ? request_line(h, line) :
			    header_line(h, &seen, line);
		if (rc != HTTP_HEAD_OK)
			return rc;
	}
	return rc;
}
