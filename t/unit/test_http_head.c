/*
 * test_http_head - what is let in, and what is not
 */
#include "compat.h"

#include "buf.h"
#include "http_head.h"

#include "tap.h"

#define GET	"GET / HTTP/1.1\r\nHost: a\r\n"
#define POST	"POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\n"

static struct http_head h;

static enum http_head_rc
parse(const char *z)
{
	return http_head_parse(&h, span_z(z));
}

static bool
refused(struct span s, unsigned status)
{
	h.status = 0;
	h.what = NULL;
	return http_head_parse(&h, s) == HTTP_HEAD_BAD && h.status == status &&
	    h.what != NULL;
}

/* Each is one step from being let in, and is what smugglers send. */
static void
smuggling(void)
{
	static const struct {
		const char	*head;
		unsigned	 status;
		const char	*name;
	} bad[] = {
		{ "GET / HTTP/1.1\nHost: a\n\n", 400, "LF alone" },
		{ "GET / HTTP/1.1\r\nHost: a\n\r\n", 400, "LF in the middle" },
		{ GET "\n", 400, "LF alone at the end" },
		{ GET "X: a\rY: b\r\n\r\n", 400, "bare CR in a value" },
		{ GET "X: a\r\r\n\r\n", 400, "two CR" },
		{ "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400,
		    "CR in the target" },
		{ GET "X: a\r\n b\r\n\r\n", 400, "folded with a blank" },
		{ GET "X: a\r\n\tb\r\n\r\n", 400, "folded with a tab" },
		{ "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400,
		    "first header folded" },
		{ POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"
		    "\r\n", 400, "length and coding" },
		{ POST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"
		    "\r\n", 400, "coding and length" },
		{ POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400,
		    "two lengths" },
		{ POST "Content-Length: 3\r\ncontent-length: 3\r\n\r\n", 400,
		    "two equal lengths" },
		{ POST "Content-Length: 3, 3\r\n\r\n", 400,
		    "a list of lengths" },
		{ POST "Content-Length: +2\r\n\r\n", 400, "length +2" },
		{ POST "Content-Length: -2\r\n\r\n", 400, "length -2" },
		{ POST "Content-Length: 0x2\r\n\r\n", 400, "length 0x2" },
		{ POST "Content-Length: 2 2\r\n\r\n", 400, "length 2 2" },
		{ POST "Content-Length: 9223372036854775808\r\n\r\n", 400,
		    "length beyond 2^63" },
		{ POST "Content-Length: 18446744073709551617\r\n\r\n", 400,
		    "length beyond 2^64" },
		{ POST "Content-Length:\r\n\r\n", 400, "no length" },
		{ POST "Content-Length: \t \r\n\r\n", 400, "blank length" },
		{ POST "Transfer-Encoding: xchunked\r\n\r\n", 400,
		    "xchunked" },
		{ POST "Transfer-Encoding: chunked, chunked\r\n\r\n", 400,
		    "chunked twice" },
		{ POST "Transfer-Encoding: gzip, chunked\r\n\r\n", 400,
		    "gzip, chunked" },
		{ POST "Transfer-Encoding: identity\r\n\r\n", 400,
		    "identity" },
		{ POST "Transfer-Encoding: \"chunked\"\r\n\r\n", 400,
		    "chunked in quotes" },
		{ POST "Transfer-Encoding:\r\n\r\n", 400, "no coding" },
		{ POST "Transfer-Encoding: chunked\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n", 400,
		    "two codings" },
		{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
		    400, "a coding in 1.0" },
		{ POST "Transfer-Encoding : chunked\r\n\r\n", 400,
		    "blank before the colon" },
		{ POST "Content-Length\t: 3\r\n\r\n", 400,
		    "tab before the colon" },
		{ "GET / HTTP/1.1\r\n\r\n", 400, "no Host" },
		{ GET "host: a\r\n\r\n", 400, "two Hosts" },
		{ "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400,
		    "two Hosts in 1.0" },
		{ GET ": b\r\n\r\n", 400, "empty name" },
		{ GET "X\r\n\r\n", 400, "no colon" },
		{ GET "X(: b\r\n\r\n", 400, "a name that is no token" },
		{ GET "X\xC3\xA4: b\r\n\r\n", 400, "a name beyond ASCII" },
		{ GET "X: a\x01\r\n\r\n", 400, "control byte in a value" },
		{ GET "X: a\x7f\r\n\r\n", 400, "DEL in a value" },
	};
	size_t i;

	for (i = 0; i < HR_LEN(bad); i++)
		ok(refused(span_z(bad[i].head), bad[i].status), bad[i].name);
	ok(refused(SPAN_LIT(GET "X: a\rY: b\r\n\r\n"), 400) &&
	    strstr(h.what, "CR without LF") != NULL, "a bare CR is named");
	ok(refused(SPAN_LIT(GET "X: a\rY"), 400), "and seen at once");
	ok(refused(SPAN_LIT(GET "X: a\r\n b\r\n\r\n"), 400) &&
	    strstr(h.what, "folded") != NULL, "a folded line is named");
	ok(refused(SPAN_LIT(GET "X: a\0b\r\n\r\n"), 400), "NUL in a value");
	ok(refused(SPAN_LIT("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"), 400),
	    "NUL in the target");
	ok(refused(SPAN_LIT(GET "X\0: b\r\n\r\n"), 400), "NUL in a name");
}

static void
request_lines(void)
{
	static const struct {
		const char	*line;
		unsigned	 status;
	} bad[] = {
		{ "GET http://a/ HTTP/1.1", 400 }, { "GET * HTTP/1.1", 400 },
		{ "OPTIONS * HTTP/1.1", 400 }, { "GET a HTTP/1.1", 400 },
		{ "CONNECT a:443 HTTP/1.1", 400 },
		{ "CONNECT / HTTP/1.1", 400 }, { "GET  / HTTP/1.1", 400 },
		{ "GET /  HTTP/1.1", 400 }, { "GET / HTTP/1.1 ", 400 },
		{ " GET / HTTP/1.1", 400 }, { "GET\t/ HTTP/1.1", 400 },
		{ "GET /a b HTTP/1.1", 400 }, { "GET /#a HTTP/1.1", 400 },
		{ "GET /\xC3\xA4 HTTP/1.1", 400 }, { "GET /", 400 },
		{ "GET", 400 }, { "GET ", 400 }, { "G(T / HTTP/1.1", 400 },
		{ "GET / HTTP/1", 400 }, { "GET / http/1.1", 400 },
		{ "GET / HTTP/1.1x", 400 }, { "GET / HTTP/1.x", 400 },
		{ "GET / XTTP/1.1", 400 }, { "GET / HTTP/1,1", 400 },
		{ "GET / HTTP/2.0", 505 }, { "GET / HTTP/0.9", 505 },
		{ "GET / HTTP/1.2", 505 }, { "PRI * HTTP/2.0", 505 },
	};
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < HR_LEN(bad); i++) {
		buf_reset(&b);
		buf_adds(&b, bad[i].line);
		buf_adds(&b, "\r\nHost: a\r\n\r\n");
		ok(refused(buf_span(&b), bad[i].status), bad[i].line);
	}
	buf_release(&b);
	ok(parse("\r\n\r\n" GET "\r\n") == HTTP_HEAD_OK &&
	    h.size == strlen("\r\n\r\n" GET "\r\n") &&
	    span_eq(h.method, SPAN_LIT("GET")), "empty lines before it");
	ok(refused(SPAN_LIT("\r\n\r\n\r\n\r\n\r\n"), 400), "too many of them");
}

static void
sizes(void)
{
	struct buf b = BUF_INIT;
	size_t i;

	buf_adds(&b, GET "X: ");
	while (b.len < HTTP_HEAD_MAX - 4)
		buf_addc(&b, 'x');
	ok(http_head_parse(&h, buf_span(&b)) == HTTP_HEAD_MORE,
	    "a line that may still end in time");
	buf_adds(&b, "\r\n\r\n");
	ok(http_head_parse(&h, buf_span(&b)) == HTTP_HEAD_OK &&
	    h.size == HTTP_HEAD_MAX, "a head of the largest size");
	buf_truncate(&b, b.len - 4);
	buf_adds(&b, "x\r\n\r\n");
	ok(refused(buf_span(&b), 431), "a byte more");
	buf_truncate(&b, b.len - 4);
	ok(http_head_parse(&h, buf_span(&b)) == HTTP_HEAD_MORE,
	    "no end yet");
	buf_adds(&b, "xxx");
	ok(refused(buf_span(&b), 431), "no end in time");

	buf_reset(&b);
	buf_adds(&b, GET);
	for (i = 1; i < HTTP_HEADERS_MAX; i++)
		buf_adds(&b, "a: b\r\n");
	buf_adds(&b, "\r\n");
	ok(http_head_parse(&h, buf_span(&b)) == HTTP_HEAD_OK &&
	    h.nheaders == HTTP_HEADERS_MAX, "as many headers as may be");
	buf_truncate(&b, b.len - 2);
	buf_adds(&b, "a: b\r\n");
	ok(refused(buf_span(&b), 431), "one more, before the end is there");
	buf_release(&b);
}

/* Every head is cut at every byte: nothing is decided too early. */
static void
pieces(void)
{
	static const char whole[] = "\r\nPOST /a HTTP/1.1\r\nHost: a\r\n"
	    "Content-Length: 3\r\n\r\nabcGET /";
	const size_t size = sizeof(whole) - 1 - 8;
	bool more = true;
	size_t n;

	for (n = 0; n < size; n++)
		more &= http_head_parse(&h, span_of(whole, n)) ==
		    HTTP_HEAD_MORE;
	ok(more, "a part of a head wants more");
	ok(parse(whole) == HTTP_HEAD_OK && h.size == size &&
	    h.has_length && h.length == 3, "what follows is not looked at");
	ok(http_head_parse(&h, span_of(NULL, 0)) == HTTP_HEAD_MORE,
	    "nothing yet");
}

static void
fields(void)
{
	const struct http_header *f;

	ok(parse("QUERY /v1/x?y=%20&z HTTP/1.1\r\nHost:a\r\n"
	    "X-Empty:\r\nX-Pad: \t a b \t\r\nx-pad: \xC3\xA4\r\n"
	    "!#$%&'*+-.^_`|~09az: v:w\r\n\r\n") == HTTP_HEAD_OK &&
	    h.nheaders == 5, "a head with odd headers");
	ok(span_eq(h.target, SPAN_LIT("/v1/x?y=%20&z")) &&
	    span_eq(h.method, SPAN_LIT("QUERY")) && h.minor == 1,
	    "the request line");
	f = http_head_find(&h, SPAN_LIT("x-PAD"));
	ok(f == &h.header[2] && span_eq(f->name, SPAN_LIT("X-Pad")) &&
	    span_eq(f->value, SPAN_LIT("a b")), "the first of a name");
	ok(h.header[1].value.n == 0, "an empty value");
	ok(span_eq(h.header[4].value, SPAN_LIT("v:w")), "a colon in a value");
	ok(http_head_find(&h, SPAN_LIT("x-pa")) == NULL &&
	    http_head_find(&h, SPAN_LIT("x-pads")) == NULL,
	    "a name is compared as a whole");
	ok(!h.has_length && !h.chunked && !h.expects && !h.websocket &&
	    h.length == 0, "no body");
	ok(parse(POST "transfer-encoding: Chunked \r\n\r\n") ==
	    HTTP_HEAD_OK && h.chunked && !h.has_length, "chunked");
	ok(parse(POST "content-length: 9223372036854775807\r\n\r\n") ==
	    HTTP_HEAD_OK && h.length == INT64_MAX, "the largest length");
	ok(parse(POST "Content-Length: 0\r\n\r\n") == HTTP_HEAD_OK &&
	    h.has_length && h.length == 0, "a length of 0");
	ok(parse(POST "Expect: 100-Continue\r\n\r\n") == HTTP_HEAD_OK &&
	    h.expects, "Expect");
	ok(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n") ==
	    HTTP_HEAD_OK && !h.expects, "not in 1.0");
	ok(parse(GET "Upgrade: h2c, WebSocket\r\n\r\n") == HTTP_HEAD_OK &&
	    h.websocket, "WebSocket");
	ok(parse(GET "Upgrade: h2c\r\n\r\n") == HTTP_HEAD_OK &&
	    !h.websocket, "another Upgrade");
}

static bool
keeps(const char *version, const char *connection)
{
	struct buf b = BUF_INIT;
	bool keep;

	buf_addf(&b, "GET / HTTP/%s\r\nHost: a\r\n%s\r\n", version,
	    connection);
	keep = http_head_parse(&h, buf_span(&b)) == HTTP_HEAD_OK &&
	    h.keep_alive;
	buf_release(&b);
	return keep;
}

static void
connection(void)
{
	ok(keeps("1.1", ""), "1.1 stays");
	ok(!keeps("1.1", "Connection: Close\r\n"), "unless it says close");
	ok(!keeps("1.1", "Connection: x ,close\t\r\n"), "in a list");
	ok(!keeps("1.1", "Connection: x\r\nconnection: close\r\n"),
	    "in the second header");
	ok(keeps("1.1", "Connection: closed, clos, xclose\r\n"),
	    "in these words only");
	ok(!keeps("1.0", ""), "1.0 does not stay");
	ok(keeps("1.0", "Connection: Keep-Alive\r\n"), "unless it says so");
	ok(!keeps("1.0", "Connection: keep-alive, close\r\n"),
	    "close goes first");
	ok(parse("GET / HTTP/1.0\r\n\r\n") == HTTP_HEAD_OK && h.minor == 0,
	    "1.0 needs no Host");
}

static void
hops(void)
{
	static const char *const hop[] = { "Connection", "keep-alive",
	    "Proxy-Connection", "TE", "trailer", "TRANSFER-ENCODING",
	    "upgrade" };
	size_t i;

	for (i = 0; i < HR_LEN(hop); i++)
		ok(http_hop_by_hop(NULL, span_z(hop[i])), hop[i]);
	ok(!http_hop_by_hop(NULL, SPAN_LIT("x-a")) &&
	    !http_hop_by_hop(NULL, SPAN_LIT("t")) &&
	    !http_hop_by_hop(NULL, SPAN_LIT("")), "others go further");
	ok(parse(GET "Connection: x-a, ,X-B\r\nX-A: 1\r\n"
	    "Connection: x-c\r\n\r\n") == HTTP_HEAD_OK, "a Connection list");
	ok(http_hop_by_hop(&h, SPAN_LIT("X-A")) &&
	    http_hop_by_hop(&h, SPAN_LIT("x-b")) &&
	    http_hop_by_hop(&h, SPAN_LIT("X-c")), "what it lists stays");
	ok(!http_hop_by_hop(&h, SPAN_LIT("x-d")) &&
	    !http_hop_by_hop(&h, SPAN_LIT("x-")), "nothing else does");
	ok(http_name_is(SPAN_LIT("HoSt"), "host") &&
	    !http_name_is(SPAN_LIT("HoSt"), "hos") &&
	    !http_name_is(SPAN_LIT("[ost"), "{ost"),
	    "only letters have two cases");
}

int
main(void)
{
	smuggling();
	request_lines();
	sizes();
	pieces();
	fields();
	connection();
	hops();
	return done();
}
