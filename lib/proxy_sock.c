/*
 * proxy_sock - what libcurl waits for, on the loop
 */
#include "compat.h"

#include <sys/socket.h>
#include <unistd.h>

#include "mem.h"
#include "proxy_impl.h"

#define SOCKS_MAX	((size_t)1 << 16)	/* descriptors */

/*
 * A descriptor of libcurl's that the loop watches.  One of an upstream's
 * connection is watched as long as it is open, also between requests: to take
 * it out of epoll and put it in again costs more than all else that the loop
 * does for a small request.
 */
struct sock {
	uv_poll_t	 poll;
	struct proxy	*p;
	curl_socket_t	 fd;
	int		 events;	/* watched for */
	bool		 idle;		/* nothing of libcurl's waits for it */
};

static void
on_sock_closed(uv_handle_t *h)
{
	free(h->data);
}

void
upstream_act(struct proxy *p, curl_socket_t fd, int what)
{
	int running;

	/* What fails in it ends transfers, which upstream_collect sees. */
	(void)curl_multi_socket_action(p->multi, fd, what, &running);
}

static void
on_poll(uv_poll_t *h, int status, int events)
{
	struct sock *s = h->data;
	struct proxy *p = s->p;
	int what = status < 0 ? CURL_CSELECT_ERR : 0;

	if (s->idle) {
		/* It was closed there, as libcurl will find. */
		uv_poll_stop(&s->poll);
		s->events = 0;
		return;
	}
	if ((events & UV_READABLE) != 0)
		what |= CURL_CSELECT_IN;
	if ((events & UV_WRITABLE) != 0)
		what |= CURL_CSELECT_OUT;
	upstream_act(p, s->fd, what);
	proxy_pump(p);
}

static struct sock *
watch(struct proxy *p, curl_socket_t fd)
{
	struct sock *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if (uv_poll_init_socket(&p->loop, &s->poll, fd) != 0) {
		free(s);
		return NULL;
	}
	s->poll.data = s;
	s->p = p;
	s->fd = fd;
	return s;
}

/* The connection's place in the table, or NULL: not opened by sock_open. */
static struct sock **
kept(struct proxy *p, curl_socket_t fd)
{
	return fd >= 0 && (size_t)fd < p->socks_cap ? &p->socks[fd] : NULL;
}

static void
forget(struct sock *s)
{
	uv_close((uv_handle_t *)&s->poll, on_sock_closed);
}

static bool
is_connected(int fd)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);

	return getpeername(fd, (struct sockaddr *)&a, &n) == 0;
}

/*
 * Nothing waits for it now.  libcurl closes what did not get connected
 * without a word (as of 7.88), so only what is connected can be kept; all
 * else goes at once, for its number may come again.
 */
static void
rest(struct sock *s, struct sock **place)
{
	bool known = place != NULL && *place == s;

	if (known && is_connected(s->fd)) {
		s->idle = true;
		return;
	}
	if (known)
		*place = NULL;
	forget(s);
}

int
sock_wanted(CURL *easy, curl_socket_t fd, int what, void *arg, void *sockp)
{
	struct proxy *p = arg;
	struct sock **place = kept(p, fd), *s = sockp;
	int events = 0;

	(void)easy;
	if (s == NULL && place != NULL)
		s = *place;
	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(p->multi, fd, NULL);
		if (s != NULL)
			rest(s, place);
		return 0;
	}
	if (s == NULL) {
		s = watch(p, fd);
		if (s == NULL)
			return -1;
		curl_multi_assign(p->multi, fd, s);
	}
	if (what != CURL_POLL_OUT)
		events |= UV_READABLE;
	if (what != CURL_POLL_IN)
		events |= UV_WRITABLE;
	s->idle = false;
	if (s->events == events)
		return 0;
	s->events = events;
	return uv_poll_start(&s->poll, events, on_poll) != 0 ? -1 : 0;
}

/* Open a connection's descriptor, which is kept until sock_close. */
curl_socket_t
sock_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct proxy *p = arg;
	struct sock **t;
	size_t cap = p->socks_cap;
	int fd;

	(void)purpose;
	fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	if ((size_t)fd >= cap) {
		t = mem_grow(p->socks, &cap, (size_t)fd + 1, sizeof(*t),
		    SOCKS_MAX);
		if (t == NULL)
			return fd;	/* then it is watched as it is used */
		memset(t + p->socks_cap, 0,
		    (cap - p->socks_cap) * sizeof(*t));
		p->socks = t;
		p->socks_cap = cap;
	}
	p->socks[fd] = watch(p, fd);
	return fd;
}

int
sock_close(void *arg, curl_socket_t fd)
{
	struct proxy *p = arg;
	struct sock **place = kept(p, fd);

	if (place != NULL && *place != NULL) {
		forget(*place);
		*place = NULL;
	}
	return close(fd);
}

static void
on_curl_timer(uv_timer_t *t)
{
	struct proxy *p = t->data;

	upstream_act(p, CURL_SOCKET_TIMEOUT, 0);
	proxy_pump(p);
}

int
sock_timeout(CURLM *multi, long ms, void *arg)
{
	struct proxy *p = arg;

	(void)multi;
	if (ms < 0)
		return uv_timer_stop(&p->curl_timer);
	return uv_timer_start(&p->curl_timer, on_curl_timer, (uint64_t)ms, 0);
}
