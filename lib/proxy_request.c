/*
 * proxy_request - what becomes of a request, and how it ends
 */
#include "compat.h"

#include "proxy_impl.h"

/* Encoded bytes that are decoded on the loop; they may become much more. */
#define DECODE_QUICK	((size_t)16 << 10)

/* Buffers inside a request that is kept for the next one. */
static void
rest(struct buf *b)
{
	if (b->cap > POOL_SMALL_MAX)
		buf_release(b);
	buf_reset(b);
}

struct request *
request_new(struct conn *c)
{
	struct proxy *p = c->p;
	struct request *rq = p->requests;

	if (rq != NULL) {
		p->requests = rq->next;
		p->nunused--;
	} else {
		rq = malloc(sizeof(*rq));
		if (rq == NULL)
			return NULL;
		rq->raw = rq->text = rq->lines = (struct buf)BUF_INIT;
	}
	*rq = (struct request){ .p = p, .c = c, .raw = rq->raw,
	    .text = rq->text, .lines = rq->lines, .body = BUF_INIT,
	    .plain = BUF_INIT, .w = FORWARD_INIT };
	rq->raw.max = HTTP_HEAD_MAX + 2 * READ_SIZE;
	rq->work.data = rq;
	p->nrequests++;
	return rq;
}

void
request_free(struct request *rq)
{
	struct proxy *p = rq->p;

	usage_tap_free(rq->tap);
	proxy_buf_give(p, &rq->body);
	proxy_buf_give(p, &rq->plain);
	proxy_buf_give(p, &rq->w.body);
	rest(&rq->raw);
	rest(&rq->text);
	rest(&rq->lines);
	if (p->nunused < POOL_REQUESTS) {
		rq->next = p->requests;
		p->requests = rq;
		p->nunused++;
	} else {
		buf_release(&rq->raw);
		buf_release(&rq->text);
		buf_release(&rq->lines);
		free(rq);
	}
	p->nrequests--;
	proxy_settle(p);
	proxy_check_drained(p);
}

static uint64_t
us_between(uint64_t from, uint64_t to)
{
	return from == 0 || to < from ? 0 : (to - from) / 1000;
}

/* What is known once it is over, in whatever way. */
static void
write_ledger(const struct request *rq)
{
	const struct proxy_opt *opt = &rq->p->opt;
	struct ledger_line l = { .time = rq->came,
	    .provider = rq->endpoint.provider, .api = rq->endpoint.api,
	    .client = rq->client, .status = rq->started ? rq->status : 0,
	    .cut = rq->cut, .cancelled = rq->cancelled,
	    .received = rq->received, .sent = rq->sent,
	    .response = rq->response };

	if (opt->ledger == NULL || l.api == API_NONE || rq->read == 0)
		return;
	l.own_us = us_between(rq->read, rq->begun_up);
	l.first_us = us_between(rq->read, rq->first);
	l.total_us = us_between(rq->read, uv_hrtime());
	/* A worker may still be writing it. */
	if (!rq->working && rq->looked)
		l.report = &rq->w.report;
	usage_tap_end(rq->tap, &l.usage);
	ledger_write(opt->ledger, &l);
}

/* The request is over; its connection is not. */
void
request_finish(struct request *rq)
{
	struct conn *c = rq->c;

	upstream_release(rq);
	write_ledger(rq);
	c->rq = NULL;
	request_free(rq);
	conn_mark(c);
}

/* The client went away, or must go. */
void
request_abandon(struct request *rq)
{
	upstream_release(rq);
	rq->cancelled = true;
	write_ledger(rq);
	rq->c = NULL;
	if (rq->working)
		uv_cancel((uv_req_t *)&rq->work);	/* then after_work */
	else
		request_free(rq);
}

/* It cannot go on: say why, or show it if a response is on its way. */
void
request_give_up(struct request *rq, unsigned status, const char *why)
{
	struct conn *c = rq->c;

	if (!rq->started) {
		proxy_refuse(c, status, why);
		return;
	}
	rq->cut = true;
	request_finish(rq);
	conn_end(c, END_RESET);
}

void
request_done(struct request *rq, CURLcode rc)
{
	struct conn *c = rq->c;
	enum ending how = END_CUT;

	if (rc == CURLE_OK && rq->counted && rq->response != rq->length)
		rc = CURLE_PARTIAL_FILE;
	if (rc == CURLE_OK && !rq->started)
		rc = CURLE_GOT_NOTHING;
	if (!rq->started) {
		proxy_answer(c, 502, "no answer from upstream: ", span_z(
		    rq->why != NULL ? rq->why : curl_easy_strerror(rc)), "");
		return;
	}
	rq->cut = rc != CURLE_OK;
	if (rq->cut) {
		how = rq->until_close ? END_RESET : END_CUT;
	} else {
		response_end(rq);
		/* What is left of the body would be read as a request. */
		how = rq->keep_alive && rq->body_done ? END_NOT : END_LINGER;
	}
	request_finish(rq);
	if (how != END_NOT || c->p->draining)
		conn_end(c, how != END_NOT ? how : END_LINGER);
}

void
request_send(struct request *rq)
{
	if (rq->read == 0)
		rq->read = uv_hrtime();
	if (upstream_start(rq))
		rq->begun_up = uv_hrtime();
	else
		request_give_up(rq, 503, "out of memory");
}

/*
 * Fill rq->w, or find that there is nothing to look at.  With quick, false
 * if that may take long.  What cannot be decoded goes out as it came.
 */
static bool
look(struct request *rq, bool quick)
{
	struct proxy *p = rq->p;
	struct forward_in in = { .api = rq->endpoint.api,
	    .client = rq->client, .key = rq->key,
	    .body = buf_span(&rq->body) };

	if (rq->kind == UNPACK_UNKNOWN)
		return true;
	if (rq->kind != UNPACK_NONE && !rq->decoded) {
		if (quick && rq->body.len > DECODE_QUICK)
			return false;
		rq->plain.max = p->opt.body_max;
		if (unpack_all(rq->kind, in.body, &rq->plain) != UNPACK_OK) {
			rq->kind = UNPACK_UNKNOWN;
			return true;
		}
		rq->decoded = true;
	}
	if (rq->decoded)
		in.body = buf_span(&rq->plain);
	rq->w.changed = false;
	buf_reset(&rq->w.body);
	if (!forward_run(p->opt.forwarder, &in, &rq->w, quick))
		return false;
	rq->looked = true;
	return true;
}

static void
on_work(uv_work_t *w)
{
	struct request *rq = w->data;

	(void)look(rq, false);
}

static void
after_work(uv_work_t *w, int status)
{
	struct request *rq = w->data;
	struct proxy *p = rq->p;

	(void)status;
	rq->working = false;
	if (rq->c == NULL)
		request_free(rq);
	else
		request_send(rq);
	proxy_pump(p);
}

/* All of a body that is read whole is here. */
void
request_whole(struct request *rq)
{
	struct proxy *p = rq->p;

	rq->read = uv_hrtime();
	p->unsettled++;
	rq->w.body = proxy_buf_take(p);
	if (rq->kind != UNPACK_NONE && rq->kind != UNPACK_UNKNOWN)
		rq->plain = proxy_buf_take(p);
	if (!look(rq, true)) {
		rq->working = uv_queue_work(&p->loop, &rq->work, on_work,
		    after_work) == 0;
		if (rq->working)
			return;
	}
	request_send(rq);
}
