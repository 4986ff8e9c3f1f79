/*
 * proxy_wire - the client of bench/proxy: one kept connection
 *
 * It asks one thing at a time and waits for the answer, ten seconds at most.
 */
#include "compat.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "io.h"
#include "num.h"
#include "proxy_impl.h"

#define WAIT_SECONDS	10
#define BODY_MAX	((size_t)1 << 20)	/* of an answer */
#define LINE_MAX_BYTES	4096

bool
wire_open(struct wire *w, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct timeval wait = { .tv_sec = WAIT_SECONDS };
	int one = 1;

	a.sin_port = htons(port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->from = w->to = 0;
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (w->fd < 0 ||
	    setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) ||
	    setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) ||
	    setsockopt(w->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)))
		bench_die("no socket: %s", strerror(errno));
	if (connect(w->fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return true;
	wire_close(w);
	return false;
}

void
wire_close(struct wire *w)
{
	int saved = errno;

	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	errno = saved;
}

/* Not by io.h, which would wait for ever. */
void
wire_send(struct wire *w, const struct request *q)
{
	struct span s = buf_span(&q->bytes);
	ssize_t n;

	sides_check();
	while (s.n > 0) {
		n = send(w->fd, s.p, s.n, MSG_NOSIGNAL);
		if (n < 0)
			sides_check();
		if (n < 0 && errno != EINTR)
			bench_die("%s takes no more of a request: %s", w->name,
			    strerror(errno));
		if (n > 0)
			s = span_skip(s, (size_t)n);
	}
}

static void
fill(struct wire *w)
{
	ssize_t n;

	while ((n = recv(w->fd, w->in, sizeof(w->in), 0)) <= 0) {
		sides_check();
		if (n == 0)
			bench_die("%s closes the connection", w->name);
		if (errno != EINTR)
			bench_die("%s does not answer: %s", w->name,
			    strerror(errno));
	}
	w->from = 0;
	w->to = (size_t)n;
}

/* Without its end; valid until the next one. */
static struct span
line(struct wire *w, char *out, size_t size)
{
	size_t n = 0;
	char c;

	for (;;) {
		if (w->from == w->to)
			fill(w);
		c = w->in[w->from++];
		if (c == '\n')
			break;
		if (n == size)
			bench_die("a line from %s has no end", w->name);
		out[n++] = c;
	}
	return span_of(out, n > 0 && out[n - 1] == '\r' ? n - 1 : n);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The value, or an empty span; name is lower case and ends with a colon. */
static struct span
value_of(struct span s, const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < n; i++)
		if (i == s.n || lower(s.p[i]) != name[i])
			return span_of(NULL, 0);
	for (s = span_skip(s, n); s.n > 0 && s.p[0] == ' ';)
		s = span_skip(s, 1);
	return s;
}

static void
header(struct wire *w, struct reply *r, struct span s)
{
	struct span v = value_of(s, "content-length:");

	if (v.n > 0 && num_u64(v, 0, BODY_MAX, &r->left) < 0)
		bench_die("%s answers with too much", w->name);
	if (value_of(s, "transfer-encoding:").n > 0)
		r->chunked = true;
}

void
wire_head(struct wire *w, struct reply *r)
{
	char text[LINE_MAX_BYTES];
	uint64_t status;
	struct span s;

	do {
		*r = (struct reply){ .left = UINT64_MAX };
		s = line(w, text, sizeof(text));
		if (s.n < 12 || !span_starts(s, SPAN_LIT("HTTP/1.1 ")) ||
		    num_u64(span_of(s.p + 9, 3), 100, 599, &status) < 0)
			bench_die("%s does not speak HTTP", w->name);
		r->status = (unsigned)status;
		while (s = line(w, text, sizeof(text)), s.n > 0)
			header(w, r, s);
	} while (status < 200);
	if (r->chunked)
		r->left = 0;
	else if (r->left == UINT64_MAX)
		bench_die("%s does not say how long its answer is", w->name);
	else
		r->ended = r->left == 0;
}

static uint64_t
hex(struct wire *w, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	const char *d;
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < s.n && v <= BODY_MAX; i++) {
		d = memchr(digits, lower(s.p[i]), 16);
		if (d == NULL)
			break;
		v = v * 16 + (uint64_t)(d - digits);
	}
	if (i == 0 || v > BODY_MAX)
		bench_die("%s sends a chunk without a size", w->name);
	return v;
}

static void
next_chunk(struct wire *w, struct reply *r)
{
	char text[LINE_MAX_BYTES];

	/* Behind a chunk is an empty line. */
	if (r->inside)
		(void)line(w, text, sizeof(text));
	r->inside = true;
	r->left = hex(w, line(w, text, sizeof(text)));
	if (r->left > 0)
		return;
	r->ended = true;
	while (line(w, text, sizeof(text)).n > 0)
		;
}

bool
wire_part(struct wire *w, struct reply *r, struct span *part)
{
	if (!r->ended && r->left == 0)
		next_chunk(w, r);
	if (r->ended)
		return false;
	if (w->from == w->to)
		fill(w);
	*part = span_of(w->in + w->from, w->to - w->from);
	if (part->n > r->left)
		part->n = (size_t)r->left;
	w->from += part->n;
	r->left -= part->n;
	r->ended = !r->chunked && r->left == 0;
	return true;
}

/* What the upstream says it got. */
static uint64_t
received(struct wire *w, struct span s)
{
	static const char name[] = "\"received\":";
	const char *p = memmem(s.p, s.n, name, sizeof(name) - 1);
	uint64_t v;
	size_t n = 0;

	if (p != NULL) {
		s = span_skip(s, (size_t)(p - s.p) + sizeof(name) - 1);
		while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
			n++;
	}
	if (num_u64(span_of(s.p, n), 0, UINT64_MAX, &v) < 0)
		bench_die("%s gives another's answer", w->name);
	return v;
}

uint64_t
wire_ask(struct wire *w, const struct request *q)
{
	struct span part;
	struct reply r;
	uint64_t n = 0;
	bool first = true;

	wire_send(w, q);
	wire_head(w, &r);
	if (r.status != 200)
		bench_die("%s answers %u", w->name, r.status);
	/* Short answers come in one part. */
	for (; wire_part(w, &r, &part); first = false)
		if (first)
			n = received(w, part);
	return n;
}
