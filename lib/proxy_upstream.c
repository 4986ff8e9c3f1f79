/*
 * proxy_upstream - one transfer by libcurl
 */
#include "compat.h"

#include "proxy_impl.h"

/*
 * One read of a response, and one write of a body.  libcurl copies what it
 * writes into a buffer, and a turn of the loop between two writes costs more
 * than a larger one: with 2 MiB a body of 2 MB took a third less time than
 * with 256 KiB.  A smaller body gets a buffer of its size.
 */
#define DOWN_SIZE	(64L << 10)
#define UP_SIZE_MIN	(64L << 10)
#define UP_SIZE_STREAM	(256L << 10)
#define UP_SIZE_MAX	(2L << 20)	/* libcurl's own limit */

#define CONNECT_TIMEOUT_MS	30000L
#define CONNECTIONS		64L	/* kept open for the next request */

bool
upstream_open(struct proxy *p)
{
	CURLM *m = curl_multi_init();
	bool ok;

	p->multi = m;
	if (m == NULL)
		return false;
	ok = curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, sock_wanted) ==
	    CURLM_OK;
	ok &= curl_multi_setopt(m, CURLMOPT_SOCKETDATA, p) == CURLM_OK;
	ok &= curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, sock_timeout) ==
	    CURLM_OK;
	ok &= curl_multi_setopt(m, CURLMOPT_TIMERDATA, p) == CURLM_OK;
	ok &= curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, CONNECTIONS) ==
	    CURLM_OK;
	return ok;
}

void
upstream_close(struct proxy *p)
{
	while (p->neasy > 0)
		curl_easy_cleanup(p->easy[--p->neasy]);
	curl_multi_cleanup(p->multi);
	p->multi = NULL;
	free(p->socks);
	p->socks = NULL;
	p->socks_cap = 0;
}

/* The next bytes of a body that streams. */
static size_t
on_up(char *to, size_t size, size_t n, void *arg)
{
	struct request *rq = arg;
	struct buf *b = &rq->body;
	size_t left = b->len - rq->at;

	n *= size;
	if (n > left)
		n = left;
	if (n == 0 && !rq->body_done) {
		rq->up_paused = true;
		return CURL_READFUNC_PAUSE;
	}
	if (n > 0)
		memcpy(to, b->p + rq->at, n);
	rq->at += n;
	left -= n;
	/* Drop what was sent; by halves, so that moving costs little. */
	if (rq->gone + rq->at > REWIND_MAX && rq->at >= left) {
		if (left > 0)
			memmove(b->p, b->p + rq->at, left);
		rq->gone += rq->at;
		rq->at = 0;
		buf_truncate(b, left);
	}
	if (rq->full && left < UP_LOW) {
		rq->full = false;
		conn_mark(rq->c);
	}
	return n;
}

/* The next bytes of a body that is here. */
static size_t
on_whole(char *to, size_t size, size_t n, void *arg)
{
	struct request *rq = arg;
	struct span left = span_skip(upstream_payload(rq), rq->at);

	n *= size;
	if (n > left.n)
		n = left.n;
	if (n > 0)
		memcpy(to, left.p, n);
	rq->at += n;
	return n;
}

/*
 * A connection that was kept turns out to be closed.  What libcurl may have
 * sent whole may have been answered, and be billed: the client decides about
 * sending it again.
 */
static int
on_seek_whole(void *arg, curl_off_t offset, int origin)
{
	struct request *rq = arg;

	if (origin != SEEK_SET || offset != 0 ||
	    rq->at == upstream_payload(rq).n) {
		rq->why = "the connection was closed before an answer came";
		return CURL_SEEKFUNC_FAIL;
	}
	rq->at = 0;
	return CURL_SEEKFUNC_OK;
}

/* The same for a body that streams, as far back as it is kept. */
static int
on_seek(void *arg, curl_off_t offset, int origin)
{
	struct request *rq = arg;

	if (origin != SEEK_SET || offset < 0 || rq->gone > 0 ||
	    (uint64_t)offset > rq->body.len)
		return CURL_SEEKFUNC_FAIL;
	rq->at = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static size_t
on_head(char *at, size_t size, size_t n, void *arg)
{
	return response_line(arg, span_of(at, size * n)) ? size * n : 0;
}

/*
 * A slow client holds back its own upstream connection, if that is its own:
 * pausing one stream of several has had deadlocks in libcurl for years, so
 * those queue up, to an end.
 */
static size_t
on_down(char *at, size_t size, size_t n, void *arg)
{
	struct request *rq = arg;
	size_t queued = conn_queued(rq->c);

	n *= size;
	if (!rq->h2 && queued > DOWN_HIGH) {
		rq->down_paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	if (queued > DOWN_MAX || !response_body(rq, span_of(at, n)))
		return n + 1;	/* anything but n is an error */
	return n;
}

/* A line for libcurl, which ends with NUL; its place does not move. */
static void
add_line(struct request *rq, size_t *n, struct span name, const char *colon,
    struct span value)
{
	struct curl_slist *l = &rq->list[*n];

	l->data = rq->text.p + rq->text.len;
	l->next = NULL;
	buf_addspan(&rq->text, name);
	buf_adds(&rq->text, colon);
	buf_addspan(&rq->text, value);
	buf_addc(&rq->text, '\0');
	if (*n > 0)
		rq->list[*n - 1].next = l;
	++*n;
}

/* Whether libcurl or this hop says it anew. */
static bool
ours(const struct request *rq, struct span name)
{
	return http_hop_by_hop(&rq->head, name) ||
	    http_name_is(name, "host") ||
	    http_name_is(name, "content-length") ||
	    http_name_is(name, "expect") ||
	    (rq->decoded && rq->looked && rq->w.changed &&
	    http_name_is(name, "content-encoding"));
}

/*
 * The client's headers, in their order and as they are spelt; then those
 * that libcurl would add by itself, with nothing behind the colon, which
 * keeps it from it.
 */
static bool
make_headers(struct request *rq, struct span prefix)
{
	static const char *const unwanted[] = { "accept", "content-type",
	    "user-agent", "expect" };
	const struct http_head *h = &rq->head;
	const struct span none = SPAN_LIT("");
	const struct http_header *f;
	size_t i, n = 0;

	/* Each line grows by a blank and a NUL at most. */
	if (buf_reserve(&rq->text, prefix.n + h->size + 2 * h->nheaders +
	    sizeof("accept:content-type:user-agent:expect:    ")) == NULL)
		return false;
	buf_addspan(&rq->text, prefix);
	buf_addspan(&rq->text, h->target);
	buf_addc(&rq->text, '\0');
	for (i = 0; i < h->nheaders; i++) {
		f = &h->header[i];
		if (ours(rq, f->name))
			continue;
		if (f->value.n == 0)	/* "Name;": sent, with no value */
			add_line(rq, &n, f->name, ";", none);
		else
			add_line(rq, &n, f->name, ": ", f->value);
	}
	for (i = 0; i < HR_LEN(unwanted); i++) {
		f = http_head_find(h, span_z(unwanted[i]));
		if (f == NULL || ours(rq, f->name))
			add_line(rq, &n, span_z(unwanted[i]), ":", none);
	}
	return !buf_err(&rq->text);
}

/* What goes up as one piece. */
struct span
upstream_payload(const struct request *rq)
{
	return rq->looked && rq->w.changed ? buf_span(&rq->w.body) :
	    buf_span(&rq->body);
}

static long
up_size(const struct request *rq)
{
	size_t n = upstream_payload(rq).n;

	if (!rq->whole)
		return UP_SIZE_STREAM;
	if (n < (size_t)UP_SIZE_MIN)
		return UP_SIZE_MIN;
	return n > (size_t)UP_SIZE_MAX ? UP_SIZE_MAX : (long)n;
}

#define SET(option, value) \
	(bad |= curl_easy_setopt(e, option, value) != CURLE_OK)

/* What holds for every transfer of a handle. */
static bool
set_once(struct proxy *p, CURL *e)
{
	bool bad = false;

	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	SET(CURLOPT_TCP_NODELAY, 1L);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_BUFFERSIZE, DOWN_SIZE);
	/*
	 * Through a proxy by CONNECT only: it sees no key, and the request's
	 * target stays what it is.
	 */
	SET(CURLOPT_HTTPPROXYTUNNEL, 1L);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (p->opt.ca_file != NULL)
		SET(CURLOPT_CAINFO, p->opt.ca_file);
	SET(CURLOPT_OPENSOCKETFUNCTION, sock_open);
	SET(CURLOPT_OPENSOCKETDATA, p);
	SET(CURLOPT_CLOSESOCKETFUNCTION, sock_close);
	SET(CURLOPT_CLOSESOCKETDATA, p);
	SET(CURLOPT_HEADERFUNCTION, on_head);
	SET(CURLOPT_WRITEFUNCTION, on_down);
	return !bad;
}

static bool
set_request(struct request *rq, CURL *e)
{
	bool bad = false;

	SET(CURLOPT_PRIVATE, rq);
	SET(CURLOPT_URL, rq->p->upstream[rq->endpoint.provider].url);
	SET(CURLOPT_REQUEST_TARGET, rq->text.p);
	SET(CURLOPT_HTTPHEADER, rq->list);
	SET(CURLOPT_UPLOAD_BUFFERSIZE, up_size(rq));
	SET(CURLOPT_HEADERDATA, rq);
	SET(CURLOPT_WRITEDATA, rq);
	return !bad;
}

/* The method, and where the body comes from. */
static bool
set_body(struct request *rq, CURL *e, const char *method)
{
	const struct http_head *h = &rq->head;
	struct span body = upstream_payload(rq);
	bool bad = false;

	/* This takes back what the handle's last transfer was told. */
	SET(CURLOPT_HTTPGET, 1L);
	if (span_eq(h->method, SPAN_LIT("HEAD"))) {
		SET(CURLOPT_NOBODY, 1L);
		SET(CURLOPT_CUSTOMREQUEST, NULL);
		return !bad;
	}
	if (rq->whole && body.n > 0) {
		SET(CURLOPT_POSTFIELDS, NULL);
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
		SET(CURLOPT_READFUNCTION, on_whole);
		SET(CURLOPT_READDATA, rq);
		SET(CURLOPT_SEEKFUNCTION, on_seek_whole);
		SET(CURLOPT_SEEKDATA, rq);
	} else if ((h->has_length && h->length == 0) ||
	    (rq->whole && h->chunked)) {
		/* None at all, as the client said. */
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)0);
		SET(CURLOPT_POSTFIELDS, "");
	} else if (h->chunked || h->has_length) {
		SET(CURLOPT_UPLOAD, 1L);
		SET(CURLOPT_INFILESIZE_LARGE,
		    h->chunked ? (curl_off_t)-1 : (curl_off_t)h->length);
		SET(CURLOPT_READFUNCTION, on_up);
		SET(CURLOPT_READDATA, rq);
		SET(CURLOPT_SEEKFUNCTION, on_seek);
		SET(CURLOPT_SEEKDATA, rq);
	}
	SET(CURLOPT_CUSTOMREQUEST, method);
#undef SET
	return !bad;
}

/*
 * A handle keeps its options from transfer to transfer, because setting all
 * of them costs about what sending a small request does.
 */
static CURL *
take_easy(struct proxy *p)
{
	CURL *e;

	if (p->neasy > 0)
		return p->easy[--p->neasy];
	e = curl_easy_init();
	if (e != NULL && !set_once(p, e)) {
		curl_easy_cleanup(e);
		e = NULL;
	}
	return e;
}

static void
give_easy(struct proxy *p, CURL *e)
{
	if (p->neasy < POOL_EASY)
		p->easy[p->neasy++] = e;
	else
		curl_easy_cleanup(e);
}

/* Options, and off.  False: no memory. */
bool
upstream_start(struct request *rq)
{
	struct proxy *p = rq->p;
	const struct upstream *u = &p->upstream[rq->endpoint.provider];
	struct buf method = BUF_INIT;
	CURL *e = take_easy(p);
	bool ok;

	if (e == NULL)
		return false;
	buf_addspan(&method, rq->head.method);
	buf_addc(&method, '\0');
	ok = !buf_err(&method) && make_headers(rq, span_z(u->prefix)) &&
	    set_request(rq, e) && set_body(rq, e, method.p) &&
	    curl_multi_add_handle(p->multi, e) == CURLM_OK;
	buf_release(&method);
	if (!ok) {
		give_easy(p, e);
		return false;
	}
	rq->easy = e;
	/* Now, not when the loop comes to its timers. */
	upstream_act(p, CURL_SOCKET_TIMEOUT, 0);
	return true;
}

/* Go on with what was paused, if there is again something to do. */
void
upstream_resume(struct request *rq)
{
	/* After an error libcurl sends no more, but waits while paused. */
	bool up = rq->up_paused && (rq->body.len > rq->at ||
	    rq->body_done || (rq->started && rq->status >= 400));
	bool down = rq->down_paused && conn_queued(rq->c) < DOWN_LOW;

	if (rq->easy == NULL || (!up && !down))
		return;
	/* Both go on; what still cannot is paused again by its callback. */
	rq->up_paused = rq->down_paused = false;
	curl_easy_pause(rq->easy, CURLPAUSE_CONT);
	upstream_act(rq->p, CURL_SOCKET_TIMEOUT, 0);
}

/* Whether it ended or not, nothing of it is called any more. */
void
upstream_release(struct request *rq)
{
	struct proxy *p = rq->p;
	curl_off_t n = 0;

	if (rq->easy == NULL)
		return;
	if (curl_easy_getinfo(rq->easy, CURLINFO_SIZE_UPLOAD_T, &n) ==
	    CURLE_OK && n > 0)
		rq->sent = (uint64_t)n;
	curl_multi_remove_handle(p->multi, rq->easy);
	give_easy(p, rq->easy);
	rq->easy = NULL;
}

void
upstream_collect(struct proxy *p)
{
	CURLMsg *m;
	struct request *rq;
	void *private;
	CURLcode rc;
	int left;

	while ((m = curl_multi_info_read(p->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		rc = m->data.result;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE,
		    &private);
		rq = private;
		request_done(rq, rc);
	}
}
