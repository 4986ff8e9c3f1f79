/*
 * fuzz head - what must hold for every head
 *
 * A decision once made stays, whatever follows, and none is made before the
 * head is complete or wrong; all that is found lies in it; a head that is
 * written anew from what was found is found the same; and llhttp, the parser
 * behind the gate, reads what is let in as we do: where it ends, its length
 * and its coding.  A broken promise aborts.
 */
#include "compat.h"

#include <llhttp.h>

#include "buf.h"
#include "fuzz.h"
#include "http_head.h"

static bool
inside(struct span s, struct span whole)
{
	return s.p >= whole.p && s.p + s.n <= whole.p + whole.n;
}

static void
check_places(const struct http_head *h, struct span s)
{
	size_t i;

	must(h->size <= s.n && h->size <= HTTP_HEAD_MAX);
	s.n = h->size;
	must(s.n >= 4 && memcmp(s.p + s.n - 4, "\r\n\r\n", 4) == 0);
	must(memchr(s.p, 0, s.n) == NULL);
	must(inside(h->method, s) && inside(h->target, s));
	must(h->target.n > 0 && h->target.p[0] == '/');
	must(h->nheaders <= HTTP_HEADERS_MAX);
	must(!h->chunked || !h->has_length);
	for (i = 0; i < h->nheaders; i++) {
		must(h->header[i].name.n > 0);
		must(inside(h->header[i].name, s));
		must(inside(h->header[i].value, s));
	}
}

/* In a memory of its own, so that a byte too far is seen. */
static enum http_head_rc
parse_copy(struct http_head *h, struct span s, char **copy)
{
	*copy = malloc(s.n + 1);
	must(*copy != NULL);
	memmove(*copy, s.p, s.n);
	return http_head_parse(h, span_of(*copy, s.n));
}

static void
check_cut(struct span s, size_t cut, enum http_head_rc whole, size_t size)
{
	struct http_head h;
	char *copy;
	enum http_head_rc rc = parse_copy(&h, span_of(s.p, cut), &copy);

	if (rc == HTTP_HEAD_OK)
		must(whole == HTTP_HEAD_OK && h.size == size);
	if (rc == HTTP_HEAD_BAD)
		must(whole == HTTP_HEAD_BAD);
	if (rc == HTTP_HEAD_MORE && whole == HTTP_HEAD_OK)
		must(cut < size);
	free(copy);
}

static void
check_anew(const struct http_head *h)
{
	struct buf b = BUF_INIT;
	struct http_head g;
	size_t i;

	buf_addspan(&b, h->method);
	buf_addc(&b, ' ');
	buf_addspan(&b, h->target);
	buf_addf(&b, " HTTP/1.%u\r\n", h->minor);
	for (i = 0; i < h->nheaders; i++) {
		buf_addspan(&b, h->header[i].name);
		buf_addc(&b, ':');
		buf_addspan(&b, h->header[i].value);
		buf_adds(&b, "\r\n");
	}
	buf_adds(&b, "\r\n");
	must(!buf_err(&b));
	must(http_head_parse(&g, buf_span(&b)) == HTTP_HEAD_OK);
	must(g.size == b.len && g.nheaders == h->nheaders);
	must(g.chunked == h->chunked && g.has_length == h->has_length);
	must(g.length == h->length && g.keep_alive == h->keep_alive);
	must(g.expects == h->expects && g.websocket == h->websocket);
	for (i = 0; i < h->nheaders; i++)
		must(span_eq(g.header[i].value, h->header[i].value) &&
		    http_hop_by_hop(&g, g.header[i].name) ==
		    http_hop_by_hop(h, h->header[i].name));
	buf_release(&b);
}

static int
on_headers(llhttp_t *parser)
{
	parser->upgrade = 0;
	++*(int *)parser->data;
	return 0;
}

static int
on_complete(llhttp_t *parser)
{
	(void)parser;
	return HPE_PAUSED;
}

/* llhttp may refuse what the gate lets in, not read it otherwise. */
static void
check_second(const struct http_head *h, struct span s)
{
	static const llhttp_settings_t callbacks = {
		.on_headers_complete = on_headers,
		.on_message_complete = on_complete,
	};
	llhttp_t parser;
	int heads = 0;
	llhttp_errno_t rc;

	llhttp_init(&parser, HTTP_REQUEST, &callbacks);
	parser.data = &heads;
	rc = llhttp_execute(&parser, s.p, h->size);
	if (rc != HPE_OK && rc != HPE_PAUSED)
		return;
	must(heads == 1);
	if (!h->chunked && h->length == 0) {
		must(rc == HPE_PAUSED);
		must(llhttp_get_error_pos(&parser) == s.p + h->size);
		return;
	}
	must(rc == HPE_OK);
	must(h->chunked == ((parser.flags & F_CHUNKED) != 0));
	must(h->chunked || parser.content_length == h->length);
	/* Of HTTP/1.0 llhttp lets "keep-alive" win; RFC 9112, 9.3: "close". */
	if ((parser.flags & F_CONNECTION_CLOSE) != 0)
		must(!h->keep_alive);
	else
		must(llhttp_should_keep_alive(&parser) == h->keep_alive);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s;
	struct http_head h;
	enum http_head_rc rc;
	char *copy;

	if (size == 0)
		return 0;
	s = span_of((const char *)data + 1, size - 1);
	rc = parse_copy(&h, s, &copy);
	if (rc == HTTP_HEAD_OK) {
		s.p = copy;
		check_places(&h, s);
		check_anew(&h);
		check_second(&h, s);
	}
	if (rc == HTTP_HEAD_BAD)
		must(h.status >= 400 && h.what != NULL);
	check_cut(s, s.n * data[0] / 255, rc, h.size);
	free(copy);
	return 0;
}
