/*
 * proxy_conn - a client's connection: reads, writes, ends
 */
#include "compat.h"

#include "proxy_impl.h"

#define HEAD_READ	((size_t)16 << 10)
#define OUT_KEPT	((size_t)8 << 10)	/* of an output buffer */
#define LINGER_TICK_MS	1000

void
conn_mark(struct conn *c)
{
	if (c->marked || c->closing)
		return;
	c->marked = true;
	c->next_marked = c->p->marked;
	c->p->marked = c;
}

size_t
conn_queued(const struct conn *c)
{
	return c->out.len + c->flying;
}

static void
unlink_conn(struct conn *c)
{
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

static void
on_closed(uv_handle_t *h)
{
	struct conn *c = h->data;
	struct proxy *p = c->p;

	buf_release(&c->ahead);
	buf_release(&c->out);
	buf_release(&c->flight);
	free(c);
	p->nconns--;
	if (p->waiting) {
		conn_accept(p);
		proxy_pump(p);
	}
	proxy_check_drained(p);
}

static void
conn_close_with(struct conn *c, bool reset)
{
	uv_handle_t *h = (uv_handle_t *)&c->tcp;
	struct request *rq = c->rq;

	if (c->closing)
		return;
	c->closing = true;
	c->rq = NULL;
	if (c->lingering)
		c->p->nlingering--;
	unlink_conn(c);
	if (rq != NULL)
		request_abandon(rq);
	if (!reset || uv_tcp_close_reset(&c->tcp, on_closed) != 0)
		uv_close(h, on_closed);
}

void
conn_close(struct conn *c)
{
	conn_close_with(c, false);
}

/* Nothing more is read as a request; what is queued is still written. */
void
conn_end(struct conn *c, enum ending how)
{
	c->ending = how;
	buf_release(&c->ahead);
	conn_mark(c);
}

/* A buffer that is empty now; a large one does not stay with the client. */
static void
rest(struct buf *b)
{
	if (b->cap > OUT_KEPT)
		buf_release(b);
	buf_reset(b);
}

static void
on_written(uv_write_t *w, int status)
{
	struct conn *c = w->data;

	c->flying = 0;
	if (c->closing)
		return;
	rest(&c->flight);
	if (status < 0)
		conn_close(c);
	else
		conn_mark(c);
	proxy_pump(c->p);
}

/* Write what the socket takes; libuv gets a buffer of its own for the rest. */
static void
flush(struct conn *c)
{
	struct buf b = c->out;
	uv_buf_t v;
	int n;

	if (buf_err(&c->out)) {
		conn_close(c);
		return;
	}
	if (b.len == 0 || c->flying > 0)
		return;
	v = uv_buf_init(b.p, (unsigned)b.len);
	n = uv_try_write((uv_stream_t *)&c->tcp, &v, 1);
	if (n == UV_EAGAIN)
		n = 0;
	if (n < 0) {
		conn_close(c);
		return;
	}
	if ((size_t)n == b.len) {
		rest(&c->out);
		return;
	}
	c->out = c->flight;
	c->flight = b;
	c->flying = b.len - (size_t)n;
	v = uv_buf_init(b.p + n, (unsigned)c->flying);
	if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &v, 1, on_written) != 0)
		conn_close(c);
}

static void
on_shutdown(uv_shutdown_t *s, int status)
{
	(void)s;
	(void)status;	/* the client ends it, or the timer */
}

static void
on_linger_timer(uv_timer_t *t)
{
	struct proxy *p = t->data;
	struct conn *c, *next;

	for (c = p->conns; c != NULL; c = next) {
		next = c->next;
		if (c->lingering && c->deadline <= uv_now(&p->loop))
			conn_close(c);
	}
	if (p->nlingering == 0)
		uv_timer_stop(&p->linger_timer);
}

/*
 * The answer is written, but closing a socket with bytes unread throws away
 * what the client has not yet read of it.  So only our half is closed, and
 * the rest is read to nowhere, for a moment.
 */
static void
linger(struct conn *c)
{
	struct proxy *p = c->p;

	if (c->lingering)
		return;
	if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp,
	    on_shutdown) != 0) {
		conn_close(c);
		return;
	}
	c->lingering = true;
	c->deadline = uv_now(&p->loop) + LINGER_MS;
	if (p->nlingering++ == 0)
		uv_timer_start(&p->linger_timer, on_linger_timer,
		    LINGER_TICK_MS, LINGER_TICK_MS);
}

static void
finish_ending(struct conn *c)
{
	if (conn_queued(c) > 0)
		return;
	if (c->ending == END_LINGER)
		linger(c);
	else
		conn_close_with(c, c->ending == END_RESET);
}

/* The requests that were read behind the last one. */
static void
next_request(struct conn *c)
{
	struct request *rq = request_new(c);
	size_t n = c->ahead.len;

	if (rq == NULL) {
		conn_close(c);
		return;
	}
	c->rq = rq;
	buf_addspan(&rq->raw, buf_span(&c->ahead));
	rest(&c->ahead);
	if (buf_err(&rq->raw))
		conn_close(c);
	else
		request_input(rq, n);
}

/*
 * Reading goes on while a response is on its way, to see the client go.  It
 * stops where there is no room for what would come.
 */
static bool
wants_read(const struct conn *c)
{
	if (c->ending != END_NOT)
		return c->ending == END_LINGER;
	if (c->rq == NULL || !c->rq->begun)
		return conn_queued(c) <= DOWN_HIGH;
	if (!c->rq->body_done)
		return !c->rq->full;
	return c->ahead.len < AHEAD_MAX;
}

static void
alloc(uv_handle_t *h, size_t suggested, uv_buf_t *v)
{
	struct conn *c = h->data;
	struct request *rq;
	size_t n = READ_SIZE;
	char *p = c->p->scratch;

	(void)suggested;
	if (c->ending == END_NOT && c->rq == NULL && c->ahead.len == 0)
		c->rq = request_new(c);
	rq = c->rq;
	if (c->ending != END_NOT) {
		/* To nowhere. */
	} else if (rq == NULL) {
		n = 0;		/* the reader is told ENOBUFS */
	} else if (!rq->begun) {
		n = HEAD_READ;
		p = buf_reserve(&rq->raw, n);
		n = p == NULL ? 0 : n;
	} else if (rq->body_done) {
		n = c->ahead.len < AHEAD_MAX ? AHEAD_MAX - c->ahead.len : 0;
	} else if (rq->whole && !rq->head.chunked && rq->body.p != NULL) {
		/* Where it will lie: at most what belongs to it. */
		n = (size_t)(rq->head.length - rq->received);
		p = buf_reserve(&rq->body, n);
		n = p == NULL ? 0 : n;
	}
	*v = uv_buf_init(p, (unsigned)n);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *v)
{
	struct conn *c = s->data;
	struct proxy *p = c->p;
	struct request *rq = c->rq;

	if (n < 0) {
		conn_close(c);
	} else if (c->ending != END_NOT) {
		/* To nowhere. */
	} else if (rq == NULL || n == 0) {
		/* What was taken to read into must not stay. */
		if (rq != NULL && rq->raw.len == 0 && !rq->begun) {
			c->rq = NULL;
			request_free(rq);
		}
	} else if (!rq->begun) {
		buf_commit(&rq->raw, (size_t)n);
		request_input(rq, (size_t)n);
	} else {
		request_feed(rq, span_of(v->base, (size_t)n));
	}
	proxy_pump(p);
}

/* See proxy_impl.h.  Each step may end what the next would look at. */
void
conn_attend(struct conn *c)
{
	bool want;

	if (buf_err(&c->ahead))
		conn_close(c);
	if (!c->closing)
		flush(c);
	if (!c->closing && c->rq != NULL)
		upstream_resume(c->rq);
	else if (!c->closing && c->ending != END_NOT)
		finish_ending(c);
	else if (!c->closing && c->ahead.len > 0 &&
	    conn_queued(c) <= DOWN_HIGH)
		next_request(c);
	if (c->closing)
		return;
	want = wants_read(c);
	if (want != c->reading) {
		c->reading = want;
		if (!want)
			uv_read_stop((uv_stream_t *)&c->tcp);
		else if (uv_read_start((uv_stream_t *)&c->tcp, alloc,
		    on_read) != 0)
			conn_close(c);
	}
}

/* libuv hands out no other client until this one was accepted. */
void
conn_accept(struct proxy *p)
{
	struct conn *c = NULL;

	if (p->nconns < CONNS_MAX)
		c = calloc(1, sizeof(*c));
	p->waiting = c == NULL;
	if (c == NULL)
		return;		/* until another goes */
	*c = (struct conn){ .p = p, .ahead = BUF_INIT, .out = BUF_INIT,
	    .flight = BUF_INIT };
	uv_tcp_init(&p->loop, &c->tcp);
	c->tcp.data = c;
	c->write.data = c;
	p->nconns++;
	c->next = p->conns;
	c->prev = &p->conns;
	if (c->next != NULL)
		c->next->prev = &c->next;
	p->conns = c;
	if (uv_accept((uv_stream_t *)&p->listener,
	    (uv_stream_t *)&c->tcp) != 0) {
		conn_close(c);
		return;
	}
	uv_tcp_nodelay(&c->tcp, 1);
	conn_mark(c);
}
