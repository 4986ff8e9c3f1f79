/*
 * proxy_answer - what hr says itself, in the shape providers' errors have
 */
#include "compat.h"

#include "proxy_impl.h"

#define MIDDLE_MAX	120	/* bytes of what came from outside */

struct meaning {
	unsigned	 status;
	const char	*reason;
	const char	*type;		/* as Anthropic and OpenAI spell it */
};

static const struct meaning *
meaning(unsigned status)
{
	static const struct meaning known[] = {
		{ 404, "Not Found", "not_found_error" },
		{ 421, "Misdirected Request", "invalid_request_error" },
		{ 426, "Upgrade Required", "invalid_request_error" },
		{ 431, "Request Header Fields Too Large",
		    "invalid_request_error" },
		{ 502, "Bad Gateway", "api_error" },
		{ 503, "Service Unavailable", "api_error" },
		{ 505, "HTTP Version Not Supported",
		    "invalid_request_error" },
		{ 400, "Bad Request", "invalid_request_error" },
	};
	size_t i = 0;

	while (i < HR_LEN(known) - 1 && known[i].status != status)
		i++;
	return &known[i];
}

/* Printable ASCII that needs no escape in JSON, and not much of it. */
static void
add_clean(struct buf *b, struct span s)
{
	size_t i;
	char c;

	for (i = 0; i < s.n && i < MIDDLE_MAX; i++) {
		c = s.p[i];
		buf_addc(b, c < ' ' || c > '~' || c == '"' || c == '\\' ?
		    '?' : c);
	}
	if (s.n > MIDDLE_MAX)
		buf_adds(b, "...");
}

static void
add_body(struct buf *b, const struct meaning *m, const char *before,
    struct span middle, const char *after)
{
	buf_addf(b, "{\"type\":\"error\",\"error\":{\"type\":\"%s\","
	    "\"message\":\"hr-proxy: %s", m->type, before);
	add_clean(b, middle);
	buf_addf(b, "%s\"}}\n", after);
}

static void
add_head(struct buf *b, const struct meaning *m, size_t length, bool close)
{
	/* Status 426 must say what is spoken instead (RFC 9110, 15.5.22). */
	bool upgrade = m->status == 426;

	buf_addf(b, "HTTP/1.1 %u %s\r\ncontent-type: application/json\r\n"
	    "content-length: %zu\r\nhr-proxy: error\r\n", m->status,
	    m->reason, length);
	if (upgrade)
		buf_adds(b, "upgrade: HTTP/1.1\r\n");
	if (upgrade || close)
		buf_addf(b, "connection: %s%s%s\r\n", close ? "close" : "",
		    close && upgrade ? ", " : "", upgrade ? "upgrade" : "");
	buf_adds(b, "\r\n");
}

void
proxy_answer(struct conn *c, unsigned status, const char *before,
    struct span middle, const char *after)
{
	const struct request *rq = c->rq;
	const struct meaning *m = meaning(status);
	/* HTTP/1.0 would have to be told that the connection stays. */
	bool close = !rq->begun || !rq->body_done || !rq->keep_alive ||
	    rq->head.minor == 0 || c->p->draining;
	bool head_only = rq->begun &&
	    span_eq(rq->head.method, SPAN_LIT("HEAD"));
	struct buf body = BUF_INIT;

	add_body(&body, m, before, middle, after);
	add_head(&c->out, m, body.len, close);
	if (!head_only)
		buf_addspan(&c->out, buf_span(&body));
	close |= buf_err(&body) != 0 || buf_err(&c->out) != 0;
	buf_release(&body);
	request_finish(c->rq);
	if (close)
		conn_end(c, END_LINGER);
}

void
proxy_refuse(struct conn *c, unsigned status, const char *what)
{
	proxy_answer(c, status, what, span_of(NULL, 0), "");
}
