/*
 * proxy_begin - a request's head and body as they come in
 */
#include "compat.h"

#include <time.h>

#include "proxy_impl.h"

static int
on_headers(llhttp_t *parser)
{
	struct request *rq = parser->data;

	/* We switch to nothing: it is a request like others. */
	parser->upgrade = 0;
	rq->head_read = true;
	return 0;
}

static int
on_body(llhttp_t *parser, const char *at, size_t n)
{
	struct request *rq = parser->data;
	size_t max = rq->p->opt.body_max;

	rq->received += n;
	if (rq->whole && (rq->body.len > max || n > max - rq->body.len))
		rq->whole = false;
	/* It may have been read to where it belongs. */
	if (rq->body.p != NULL && at == rq->body.p + rq->body.len)
		buf_commit(&rq->body, n);
	else
		buf_add(&rq->body, at, n);
	if (!rq->whole && rq->body.len - rq->at > UP_HIGH)
		rq->full = true;
	return buf_err(&rq->body) ? -1 : 0;
}

static int
on_complete(llhttp_t *parser)
{
	struct request *rq = parser->data;

	rq->body_done = true;
	return HPE_PAUSED;	/* what follows is another request */
}

static const llhttp_settings_t callbacks = {
	.on_headers_complete = on_headers,
	.on_body = on_body,
	.on_message_complete = on_complete,
};

/* Whether llhttp reads the head as we do: ends, length and coding. */
static bool
second_opinion(struct request *rq)
{
	const struct http_head *h = &rq->head;
	llhttp_t *parser = &rq->parser;
	llhttp_errno_t rc;

	llhttp_init(parser, HTTP_REQUEST, &callbacks);
	parser->data = rq;
	rc = llhttp_execute(parser, rq->raw.p, h->size);
	if (!rq->head_read)
		return false;
	if (!h->chunked && h->length == 0)
		return rc == HPE_PAUSED && rq->body_done &&
		    llhttp_get_error_pos(parser) == rq->raw.p + h->size;
	return rc == HPE_OK && !rq->body_done &&
	    h->chunked == ((parser->flags & F_CHUNKED) != 0) &&
	    (h->chunked || parser->content_length == h->length);
}

/* Bytes of the body, and what may follow it. */
void
request_feed(struct request *rq, struct span s)
{
	struct conn *c = rq->c;
	llhttp_errno_t rc = HPE_OK;
	size_t used = rq->body_done ? 0 : s.n;

	if (!rq->body_done && s.n > 0)
		rc = llhttp_execute(&rq->parser, s.p, s.n);
	if (rc == HPE_PAUSED && rq->body_done)
		used = (size_t)(llhttp_get_error_pos(&rq->parser) - s.p);
	else if (rc != HPE_OK) {
		if (buf_err(&rq->body))
			request_give_up(rq, 503, "out of memory");
		else
			request_give_up(rq, 400, "the body is badly framed");
		return;
	}
	buf_addspan(&c->ahead, span_skip(s, used));
	if (!rq->whole && rq->easy == NULL)
		request_send(rq);
	else if (rq->whole && rq->body_done && rq->read == 0)
		request_whole(rq);
	conn_mark(c);
}

/*
 * A web page can make a browser talk to us under a name of its own that it
 * lets point here; the browser then sends that name.
 */
static bool
host_ok(struct span host)
{
	static const char *const names[] = { "127.0.0.1", "localhost",
	    "[::1]" };
	struct span name = host;
	size_t i;

	/* Without its port. */
	while (name.n > 0 && name.p[name.n - 1] >= '0' &&
	    name.p[name.n - 1] <= '9')
		name.n--;
	if (name.n > 0 && name.n < host.n && name.p[name.n - 1] == ':')
		name.n--;
	else
		name = host;
	for (i = 0; i < HR_LEN(names); i++)
		if (http_name_is(name, names[i]))
			return true;
	return false;
}

static struct span
value_of(const struct http_head *h, struct span name)
{
	const struct http_header *f = http_head_find(h, name);

	return f == NULL ? span_of(NULL, 0) : f->value;
}

static enum key_kind
key_kind(const struct http_head *h)
{
	const struct span bearer = SPAN_LIT("Bearer ");
	struct span v = value_of(h, SPAN_LIT("authorization"));

	if (v.n > bearer.n && http_name_is(span_of(v.p, bearer.n), "bearer "))
		return span_starts(span_skip(v, bearer.n),
		    SPAN_LIT("sk-ant-oat")) ? KEY_OAUTH : KEY_BEARER;
	if (http_head_find(h, SPAN_LIT("x-api-key")) != NULL ||
	    http_head_find(h, SPAN_LIT("api-key")) != NULL ||
	    http_head_find(h, SPAN_LIT("x-goog-api-key")) != NULL)
		return KEY_API;
	return KEY_NONE;
}

/* Several codings, in one header or in two, are more than one can undo. */
static enum unpack_kind
encoding(const struct http_head *h)
{
	enum unpack_kind kind = UNPACK_NONE;
	size_t i, n = 0;

	for (i = 0; i < h->nheaders; i++)
		if (http_name_is(h->header[i].name, "content-encoding")) {
			kind = unpack_kind(h->header[i].value);
			n++;
		}
	return n > 1 ? UNPACK_UNKNOWN : kind;
}

static struct span
path_of(struct span target)
{
	const char *q = memchr(target.p, '?', target.n);

	return span_of(target.p,
	    q == NULL ? target.n : (size_t)(q - target.p));
}

/* Where one upstream is for all, it is of no matter whose path it is. */
static bool
find_endpoint(struct request *rq, struct span path, bool version)
{
	const struct proxy *p = rq->p;
	bool known = api_endpoint(rq->head.method, path, version,
	    &rq->endpoint);

	if (!known && p->opt.rest != NULL) {
		rq->endpoint = (struct endpoint){ PROVIDER_ANTHROPIC,
		    API_NONE };
		known = true;
	}
	return known && p->upstream[rq->endpoint.provider].url != NULL;
}

/* Find whom it is for.  False: it was answered. */
static bool
route(struct request *rq)
{
	const struct http_head *h = &rq->head;
	const struct http_header *host = http_head_find(h, SPAN_LIT("host"));
	struct span path = path_of(h->target);
	bool version = http_head_find(h,
	    SPAN_LIT("anthropic-version")) != NULL;

	if (host != NULL && !host_ok(host->value)) {
		proxy_answer(rq->c, 421, "not the host '", host->value, "'");
		return false;
	}
	if (h->websocket) {
		proxy_refuse(rq->c, 426, "no WebSocket here, use HTTP");
		return false;
	}
	if (!find_endpoint(rq, path, version)) {
		rq->endpoint.api = API_NONE;
		proxy_answer(rq->c, 404, "no upstream for '", path, "'");
		return false;
	}
	if (span_eq(h->method, SPAN_LIT("HEAD")) && !rq->body_done) {
		proxy_refuse(rq->c, 400, "a HEAD request with a body");
		return false;
	}
	return true;
}

/* Room for the body; all at once where its length is known. */
static bool
prepare_body(struct request *rq)
{
	const struct http_head *h = &rq->head;
	const struct proxy_opt *opt = &rq->p->opt;

	rq->client = api_client(value_of(h, SPAN_LIT("user-agent")));
	rq->key = key_kind(h);
	rq->kind = encoding(h);
	rq->whole = opt->forwarder != NULL &&
	    rq->endpoint.api != API_NONE && h->length <= opt->body_max;
	if (rq->body_done)
		return true;
	rq->body = proxy_buf_take(rq->p);
	return !rq->whole || h->chunked ||
	    buf_reserve(&rq->body, (size_t)h->length) != NULL;
}

static void
begin(struct request *rq)
{
	struct timespec t;
	struct span rest = span_skip(buf_span(&rq->raw), rq->head.size);

	rq->begun = true;
	if (!second_opinion(rq)) {
		proxy_refuse(rq->c, 400, "two parsers read it differently");
		return;
	}
	rq->keep_alive = rq->head.keep_alive;
	if (rq->body_done) {
		/* It may be answered before it could be fed. */
		buf_addspan(&rq->c->ahead, rest);
		rest.n = 0;
	}
	clock_gettime(CLOCK_REALTIME, &t);
	rq->came = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	if (!route(rq))
		return;
	if (!prepare_body(rq)) {
		request_give_up(rq, 503, "out of memory");
		return;
	}
	if (rq->head.expects && !rq->body_done && rest.n == 0)
		buf_adds(&rq->c->out, "HTTP/1.1 100 Continue\r\n\r\n");
	request_feed(rq, rest);
}

/* n bytes were put to raw.  A head is only looked at when a line ended. */
void
request_input(struct request *rq, size_t n)
{
	struct http_head *h = &rq->head;
	struct span fresh = span_skip(buf_span(&rq->raw), rq->raw.len - n);

	if (memchr(fresh.p, '\n', fresh.n) == NULL &&
	    rq->raw.len <= HTTP_HEAD_MAX)
		return;
	switch (http_head_parse(h, buf_span(&rq->raw))) {
	case HTTP_HEAD_MORE:
		break;
	case HTTP_HEAD_BAD:
		proxy_refuse(rq->c, h->status, h->what);
		break;
	case HTTP_HEAD_OK:
		begin(rq);
		break;
	}
}
