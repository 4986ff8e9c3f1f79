/*
 * proxy_up - the upstream of bench/proxy
 *
 * One loop over all connections.  A request is read to its end and answered
 * with a short JSON text that says how long its body was; or, where a header
 * asks for it, with events one millisecond apart, each with the time it was
 * sent at.  Requests are taken to be plain, as this bench's own are.
 */
#include "compat.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "num.h"
#include "proxy_impl.h"

#define CONNS	64
#define HEAD	((size_t)16 << 10)
#define READ	((size_t)256 << 10)

struct conn {
	int		 fd;
	size_t		 nhead;
	bool		 in_body;
	uint64_t	 left, length;
	unsigned	 events;
	char		 head[HEAD];
};

static struct conn conns[CONNS];

int
listen_free(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) < 0 ||
	    listen(fd, CONNS) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		bench_die("cannot listen: %s", strerror(errno));
	*port = ntohs(a.sin_port);
	return fd;
}

/* Answers fit into a socket's buffer unless nobody reads them. */
static bool
put(const struct conn *c, const char *p, size_t n)
{
	return send(c->fd, p, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static bool
answer(const struct conn *c)
{
	char body[256], all[512];
	int n;

	n = snprintf(body, sizeof(body), "{\"id\":\"msg_1\",\"type\":"
	    "\"message\",\"role\":\"assistant\",\"received\":%llu,"
	    "\"content\":[{\"type\":\"text\",\"text\":\"ok\"}],"
	    "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,"
	    "\"output_tokens\":1}}", (unsigned long long)c->length);
	n = snprintf(all, sizeof(all), "HTTP/1.1 200 OK\r\n"
	    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
	    n, body);
	return put(c, all, (size_t)n);
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void
sleep_until(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / 1000000000),
	    .tv_nsec = (long)(ns % 1000000000) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	    EINTR)
		;
}

static bool
event(const struct conn *c, unsigned i)
{
	char text[256], all[320];
	int n;

	n = snprintf(text, sizeof(text), "event: content_block_delta\n"
	    "data: {\"type\":\"content_block_delta\",\"index\":0,"
	    "\"delta\":{\"type\":\"text_delta\",\"text\":\"word %u \"},"
	    "\"sent\":%llu}\n\n", i, (unsigned long long)now_ns());
	n = snprintf(all, sizeof(all), "%x\r\n%s\r\n", (unsigned)n, text);
	return put(c, all, (size_t)n);
}

/* Others wait meanwhile: a bench has one stream at a time. */
static bool
stream(const struct conn *c)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n"
	    "Content-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n";
	uint64_t next = now_ns();
	unsigned i;

	if (!put(c, head, sizeof(head) - 1))
		return false;
	for (i = 0; i < c->events; i++) {
		sleep_until(next += EVENT_NS);
		if (!event(c, i))
			return false;
	}
	return put(c, "0\r\n\r\n", 5);
}

/* The number behind a header's name, 0 if it is not there. */
static uint64_t
number(const struct conn *c, struct span head, const char *name)
{
	const char *p = strcasestr(c->head, name);
	uint64_t v = 0;
	size_t n = 0;

	if (p == NULL)
		return 0;
	head = span_skip(head, (size_t)(p - c->head) + strlen(name));
	while (head.n > 0 && head.p[0] == ' ')
		head = span_skip(head, 1);
	while (n < head.n && head.p[n] >= '0' && head.p[n] <= '9')
		n++;
	return num_u64(span_of(head.p, n), 0, UINT32_MAX, &v) == 0 ? v : 0;
}

static bool
read_head(struct conn *c)
{
	static const char refused[] = "HTTP/1.1 411 Length Required\r\n"
	    "Content-Length: 0\r\n\r\n";
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct span head = span_of(c->head, c->nhead);

	if (strcasestr(c->head, "\ncontent-length:") == NULL)
		return put(c, refused, sizeof(refused) - 1) && false;
	c->left = c->length = number(c, head, "\ncontent-length:");
	c->events = (unsigned)number(c, head, "\n" HEADER_EVENTS ":");
	c->in_body = true;
	if (c->left > 0 && strcasestr(c->head, "\nexpect: 100") != NULL)
		return put(c, go_on, sizeof(go_on) - 1);
	return true;
}

/* How many bytes belong to the head; false: give up. */
static bool
take_head(struct conn *c, struct span *s)
{
	size_t before = c->nhead, n = HEAD - 1 - before;
	char *end;

	n = s->n < n ? s->n : n;
	memcpy(c->head + before, s->p, n);
	c->head[before + n] = '\0';
	end = strstr(c->head + (before < 3 ? 0 : before - 3), "\r\n\r\n");
	if (end == NULL) {
		c->nhead += n;
		*s = span_skip(*s, n);
		return s->n == 0;
	}
	end[4 - 1] = '\0';
	c->nhead = (size_t)(end - c->head) + 4;
	*s = span_skip(*s, c->nhead - before);
	return read_head(c);
}

static bool
take(struct conn *c, struct span s)
{
	size_t n;

	do {
		if (!c->in_body && !take_head(c, &s))
			return false;
		if (!c->in_body)
			return true;
		n = s.n < c->left ? s.n : (size_t)c->left;
		c->left -= n;
		s = span_skip(s, n);
		if (c->left > 0)
			return true;
		c->in_body = false;
		c->nhead = 0;
		if (!(c->events > 0 ? stream(c) : answer(c)))
			return false;
	} while (s.n > 0);
	return true;
}

static void
serve(struct conn *c)
{
	static char in[READ];
	ssize_t n = recv(c->fd, in, sizeof(in), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && take(c, span_of(in, (size_t)n)))
		return;
	close(c->fd);
	c->fd = -1;
}

static void
greet(int poll, int listening)
{
	struct epoll_event e = { .events = EPOLLIN };
	int one = 1, fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	size_t i;

	for (i = 0; i < CONNS && conns[i].fd >= 0; i++)
		;
	if (fd < 0)
		return;
	e.data.ptr = &conns[i];
	if (i == CONNS ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) < 0 ||
	    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e) < 0) {
		close(fd);
		return;
	}
	conns[i] = (struct conn){ .fd = fd };
}

void
upstream_serve(int listening)
{
	struct epoll_event e = { .events = EPOLLIN }, got[CONNS];
	int poll = epoll_create1(EPOLL_CLOEXEC), i, n;

	for (i = 0; i < CONNS; i++)
		conns[i].fd = -1;
	if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listening, &e) < 0)
		_exit(1);
	for (;;) {
		n = epoll_wait(poll, got, CONNS, -1);
		for (i = 0; i < n; i++) {
			if (got[i].data.ptr == NULL)
				greet(poll, listening);
			else
				serve(got[i].data.ptr);
		}
	}
}
