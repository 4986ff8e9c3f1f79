/*
 * proxy - opens, listens, drains, closes; pools
 */
#include "compat.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>
#if defined(__GLIBC__)
# include <malloc.h>
#endif

#include "proxy_impl.h"

#define BACKLOG		4096	/* agents come in bursts */

/* Requests with work put off until the store is settled. */
#define SETTLE_IDLE	256	/* when nothing else is to be done */
#define SETTLE_BUSY	4096

/*
 * The last one that was given back, whose pages are the warmest; whoever
 * takes it sets a ceiling.
 */
struct buf
proxy_buf_take(struct proxy *p)
{
	struct buf b = BUF_INIT, none = BUF_INIT;

	if (p->nbufs > 0) {
		b = p->bufs[--p->nbufs];
		p->bufs_size -= b.cap;
		b.max = none.max;
	}
	return b;
}

void
proxy_buf_give(struct proxy *p, struct buf *b)
{
	struct buf none = BUF_INIT;

	buf_reset(b);
	if (b->p != NULL && p->nbufs < POOL_BUFS &&
	    b->cap <= POOL_BUF_MAX &&
	    b->cap <= POOL_BUFS_MAX - p->bufs_size) {
		p->bufs[p->nbufs++] = *b;
		p->bufs_size += b->cap;
	} else {
		buf_release(b);
	}
	*b = none;
}

static void
empty_pools(struct proxy *p)
{
	struct request *rq;

	while (p->nbufs > 0)
		buf_release(&p->bufs[--p->nbufs]);
	p->bufs_size = 0;
	while ((rq = p->requests) != NULL) {
		p->requests = rq->next;
		buf_release(&rq->raw);
		buf_release(&rq->text);
		buf_release(&rq->lines);
		free(rq);
	}
}

/*
 * Bodies of some hundred KB come and go.  Left to itself malloc maps and
 * unmaps each, or gives the end of its heap back after each, and every page
 * is then made anew by the kernel.  What is larger than a pooled buffer is
 * rare, and goes back at once.
 */
static void
tune_malloc(void)
{
#if defined(__GLIBC__)
	mallopt(M_MMAP_THRESHOLD, (int)POOL_BUF_MAX);
	mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

/* What follows from what callbacks noted, until nothing does. */
void
proxy_pump(struct proxy *p)
{
	struct conn *c;

	for (;;) {
		/* First, so that a last part and its end are one write. */
		upstream_collect(p);
		c = p->marked;
		if (c == NULL)
			return;
		p->marked = c->next_marked;
		c->marked = false;
		conn_attend(c);
	}
}

static void
on_settle(uv_work_t *w)
{
	struct proxy *p = w->data;

	forwarder_settle(p->opt.forwarder);
}

static void
after_settle(uv_work_t *w, int status)
{
	struct proxy *p = w->data;

	(void)status;
	p->settling = false;
	proxy_check_drained(p);
}

/* It may wait for the disk, so not here and not often. */
static void
settle(struct proxy *p)
{
	p->unsettled = 0;
	p->settling = uv_queue_work(&p->loop, &p->settle, on_settle,
	    after_settle) == 0;
}

void
proxy_settle(struct proxy *p)
{
	unsigned due = p->nrequests == 0 ? SETTLE_IDLE : SETTLE_BUSY;

	if (!p->settling && !p->stopped && p->unsettled >= due)
		settle(p);
}

void
proxy_check_drained(struct proxy *p)
{
	if (!p->draining || p->nconns > 0 || p->nrequests > 0 || p->settling)
		return;
	if (p->unsettled > 0 && !p->stopped)
		settle(p);
	if (!p->settling)
		uv_stop(&p->loop);
}

static void
drain(struct proxy *p)
{
	struct conn *c, *next;

	p->draining = true;
	p->waiting = false;
	uv_close((uv_handle_t *)&p->listener, NULL);
	for (c = p->conns; c != NULL; c = next) {
		next = c->next;
		if (c->ending == END_NOT && (c->rq == NULL || !c->rq->begun))
			conn_close(c);
	}
	proxy_check_drained(p);
}

static void
on_signal(uv_signal_t *s, int signum)
{
	struct proxy *p = s->data;

	(void)signum;
	if (!p->draining) {
		drain(p);
		proxy_pump(p);
		return;
	}
	/* A third one finds no handler of ours. */
	p->stopped = true;
	uv_signal_stop(&p->sigterm);
	uv_signal_stop(&p->sigint);
	uv_stop(&p->loop);
}

static void
on_connection(uv_stream_t *s, int status)
{
	struct proxy *p = s->data;

	if (status == 0)
		conn_accept(p);
	proxy_pump(p);
}

/* Only this machine: what a client sends holds keys, in plain text. */
static int
address(const struct proxy_opt *opt, struct sockaddr_storage *a)
{
	struct sockaddr_in *in = (struct sockaddr_in *)a;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)a;

	memset(a, 0, sizeof(*a));
	if (uv_ip4_addr(opt->host, opt->port, in) == 0)
		return ntohl(in->sin_addr.s_addr) >> 24 == 127 ? 0 : UV_EACCES;
	if (uv_ip6_addr(opt->host, opt->port, in6) == 0)
		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ? 0 : UV_EACCES;
	return UV_EINVAL;
}

static int
listen_on(struct proxy *p)
{
	struct sockaddr_storage a;
	int rc = address(&p->opt, &a);

	if (rc == 0)
		rc = uv_tcp_bind(&p->listener, (struct sockaddr *)&a, 0);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&p->listener, BACKLOG,
		    on_connection);
	return rc;
}

/* The handles that live as long as the proxy. */
static int
open_handles(struct proxy *p)
{
	int rc = uv_tcp_init(&p->loop, &p->listener);

	uv_timer_init(&p->loop, &p->curl_timer);
	uv_timer_init(&p->loop, &p->linger_timer);
	uv_signal_init(&p->loop, &p->sigterm);
	uv_signal_init(&p->loop, &p->sigint);
	p->listener.data = p->curl_timer.data = p->linger_timer.data = p;
	p->sigterm.data = p->sigint.data = p->settle.data = p;
	if (rc == 0)
		rc = uv_signal_start(&p->sigterm, on_signal, SIGTERM);
	if (rc == 0)
		rc = uv_signal_start(&p->sigint, on_signal, SIGINT);
	return rc;
}

int
proxy_check_url(const char *url, const char **why)
{
	CURLU *u = curl_url();
	char *scheme = NULL;
	const char *c;

	*why = NULL;
	if (u == NULL)
		*why = "out of memory";
	else if (curl_url_set(u, CURLUPART_URL, url, CURLU_PATH_AS_IS) != 0)
		*why = "not a URL";
	else if (curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != 0 ||
	    (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
		*why = "neither http nor https";
	else if (strchr(url, '?') != NULL || strchr(url, '#') != NULL)
		*why = "it has a query or a fragment";
	else if (strchr(url, '@') != NULL)
		*why = "it has a user name";
	for (c = url; *why == NULL && *c != '\0'; c++)
		if (*c <= ' ' || *c > '~')
			*why = "it has a byte that must be escaped";
	curl_free(scheme);
	curl_url_cleanup(u);
	return *why == NULL ? 0 : -1;
}

/* The path of a URL without the slash at its end; NULL: no memory. */
static char *
prefix_of(const char *url)
{
	CURLU *u = curl_url();
	char *path = NULL, *copy = NULL;
	size_t n;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url,
	    CURLU_PATH_AS_IS) == 0 &&
	    curl_url_get(u, CURLUPART_PATH, &path, 0) == 0) {
		n = strlen(path);
		while (n > 0 && path[n - 1] == '/')
			path[--n] = '\0';
		copy = strdup(path);
	}
	curl_free(path);
	curl_url_cleanup(u);
	return copy;
}

static bool
open_upstreams(struct proxy *p, char *err, size_t errsize)
{
	const char *url, *why;
	size_t i;

	for (i = 0; i < PROVIDERS; i++) {
		url = p->opt.upstream[i];
		if (url == NULL)
			continue;
		if (proxy_check_url(url, &why) < 0) {
			snprintf(err, errsize, "bad upstream '%s': %s", url,
			    why);
			return false;
		}
		p->upstream[i].url = url;
		p->upstream[i].prefix = prefix_of(url);
		if (p->upstream[i].prefix == NULL) {
			snprintf(err, errsize, "out of memory");
			return false;
		}
	}
	if (p->opt.ca_file != NULL && access(p->opt.ca_file, R_OK) < 0) {
		snprintf(err, errsize, "cannot read '%s': %s",
		    p->opt.ca_file, strerror(errno));
		return false;
	}
	return true;
}

bool
proxy_open(struct proxy **out, const struct proxy_opt *opt, char *err,
    size_t errsize)
{
	struct proxy *p = calloc(1, sizeof(*p));
	int rc = UV_ENOMEM;

	*out = NULL;
	if (p == NULL || (rc = uv_loop_init(&p->loop)) != 0) {
		snprintf(err, errsize, "no event loop: %s", uv_strerror(rc));
		free(p);
		return false;
	}
	p->opt = *opt;
	tune_malloc();
	signal(SIGPIPE, SIG_IGN);
	rc = open_handles(p);
	if (!open_upstreams(p, err, errsize)) {
		proxy_close(p);
		return false;
	}
	if (rc == 0 && (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    !upstream_open(p)))
		rc = UV_ENOMEM;
	if (rc == 0)
		rc = listen_on(p);
	if (rc != 0) {
		snprintf(err, errsize, "cannot listen on '%s' port %u: %s",
		    opt->host, opt->port, uv_strerror(rc));
		proxy_close(p);
		return false;
	}
	*out = p;
	return true;
}

unsigned
proxy_port(const struct proxy *p)
{
	struct sockaddr_storage a;
	int n = sizeof(a);

	if (uv_tcp_getsockname(&p->listener, (struct sockaddr *)&a, &n) != 0)
		return 0;
	/* Both kinds of address have it in the same place. */
	return ntohs(((struct sockaddr_in *)&a)->sin_port);
}

int
proxy_run(struct proxy *p)
{
	return uv_run(&p->loop, UV_RUN_DEFAULT) < 0 ||
	    !(p->draining || p->stopped) ? -1 : 0;
}

static void
close_handle(uv_handle_t *h)
{
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

/* Handles and requests are freed by their callbacks, so the loop runs on. */
void
proxy_close(struct proxy *p)
{
	size_t i;

	if (p == NULL)
		return;
	p->draining = p->stopped = true;
	p->waiting = false;
	while (p->conns != NULL)
		conn_close(p->conns);
	close_handle((uv_handle_t *)&p->listener);
	close_handle((uv_handle_t *)&p->sigterm);
	close_handle((uv_handle_t *)&p->sigint);
	while (p->nconns > 0 || p->nrequests > 0 || p->settling)
		uv_run(&p->loop, UV_RUN_ONCE);
	upstream_close(p);
	close_handle((uv_handle_t *)&p->curl_timer);
	close_handle((uv_handle_t *)&p->linger_timer);
	while (uv_run(&p->loop, UV_RUN_DEFAULT) != 0)
		continue;
	uv_loop_close(&p->loop);
	empty_pools(p);
	for (i = 0; i < PROVIDERS; i++)
		free(p->upstream[i].prefix);
	curl_global_cleanup();
	free(p);
}
