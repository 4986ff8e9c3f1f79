/*
 * proxy_impl.h - the parts of bench/proxy
 *
 * The upstream, the proxies before it and the client, which is this program,
 * run on one processor: what a hop adds is then the work it does, and no
 * wake-up of another processor is part of it.  Everything listens on loopback
 * alone.  What cannot go on prints why and exits; what was started is stopped
 * and what was written is removed then too.
 */
#ifndef HR_PROXY_IMPL_H
#define HR_PROXY_IMPL_H

#include "compat.h"

#include <sys/types.h>

#include "bench.h"
#include "buf.h"
#include "span.h"

/* Requests: proxy_body.c. */

struct request {
	struct buf	 bytes;		/* head and body */
	size_t		 body;		/* bytes of the body */
	size_t		 serial;	/* where SERIAL_DIGITS stand, or 0 */
};

#define REQUEST_INIT	{ .bytes = BUF_INIT }
#define SERIAL_DIGITS	12

enum results {		/* what the tools of a conversation returned */
	RESULTS_READ,		/* files, which are never squashed */
	RESULTS_JSON		/* records, which are */
};

/* A conversation that grows. */
struct session {
	struct buf	 text;		/* a body but for its end */
	size_t		 serial;	/* as in a request */
	unsigned	 turns;
};

#define SESSION_INIT	{ .text = BUF_INIT }

/* System prompt and tools; what was there is forgotten. */
void	 session_open(struct session *s);

/* A call and its result, of about `size` bytes. */
void	 session_turn(struct session *s, enum results r, size_t size);

/* The whole request of the session as it is. */
void	 session_request(const struct session *s, struct request *q);
void	 request_empty(struct request *q);
void	 request_stream(struct request *q, unsigned events);

/* A conversation of so many bytes. */
void	 request_made(struct request *q, enum results r, size_t size);
void	 request_release(struct request *q);

/* Give the request, or the session, a number that none had before. */
void	 request_renew(struct request *q);
void	 session_renew(struct session *s);

/* The client: proxy_wire.c. */

struct wire {
	const char	*name;		/* of the side, for messages */
	int		 fd;		/* -1: not connected */
	size_t		 from, to;	/* what was read and not yet used */
	char		 in[(size_t)64 << 10];
};

struct reply {
	unsigned	 status;
	bool		 chunked;
	bool		 inside;	/* behind the first chunk's size */
	uint64_t	 left;		/* of the body, or of the chunk */
	bool		 ended;
};

/* False with errno if nobody listens. */
bool	 wire_open(struct wire *w, uint16_t port) HR_MUST_USE;
void	 wire_close(struct wire *w);

/* Send a request, read its answer: bytes that reached the upstream. */
uint64_t wire_ask(struct wire *w, const struct request *q);

/* The same in steps; false at the end of the body. */
void	 wire_send(struct wire *w, const struct request *q);
void	 wire_head(struct wire *w, struct reply *r);
bool	 wire_part(struct wire *w, struct reply *r, struct span *part);

/* The upstream: proxy_up.c. */

/* A socket that listens on a free port of loopback. */
int	 listen_free(uint16_t *port);

/* Serve until killed. */
HR_NORETURN void upstream_serve(int listening);

#define HEADER_EVENTS	"x-bench-events"	/* asks for so many */
#define EVENT_NS	1000000			/* from one to the next */

/* Processes: proxy_side.c. */

enum side_kind { SIDE_DIRECT, SIDE_NGINX, SIDE_HR, SIDE_OFF, SIDES };

struct side {
	enum side_kind	 kind;
	const char	*name;
	bool		 there;
	pid_t		 pid;
	uint16_t	 port;
	struct wire	 wire;
};

/* Before all else; dir is where hr-proxy is, or NULL. */
void	 sides_init(const char *dir);
void	 sides_check(void);	/* ends the program if it was interrupted */

/* False, and told, if the program is not there. */
bool	 side_find(struct side *s, enum side_kind kind);
void	 side_start(struct side *s);	/* and it listens */
void	 side_stop(struct side *s);
void	 side_connect(struct side *s);

/* Of the process, all its threads. */
double	 side_cpu(const struct side *s);	/* seconds */
double	 side_rss(const struct side *s);	/* bytes */
double	 side_faults(const struct side *s);	/* minor ones */

/* Figures of a line: one of each side and round; none is "-". */
struct figures {
	struct bench	 side[SIDES];
};

/* Sorts t; the value below which `percent` of the n values are. */
double	 percentile(double *t, size_t n, unsigned percent);

void	 table_head(const char *title);

/* Medians of direct, and of what each proxy adds to it in the same round. */
void	 table_added(const char *name, const char *what, double scale,
	    const struct figures *f);

/* Medians as they are, with or without the ratios to nginx. */
void	 table_plain(const char *name, const char *what, double scale,
	    const struct figures *f, bool ratios);

/* Cases: proxy_hop.c, proxy_grow.c and proxy_rest.c. */

struct plan {
	unsigned	 rounds;
	unsigned	 share;		/* percent of the requests of a round */
	unsigned	 bodies;	/* for memory in the long run */
	const char	*name;		/* part of those of requests, or "" */
	struct side	 side[SIDES];
};

/* Each round begins with another side: what comes first may be slower. */
HR_INLINE struct side *
side_in_turn(struct plan *p, unsigned i)
{
	return &p->side[i % SIDES];
}

void	 hop_measure(struct plan *p);
void	 growth_measure(struct plan *p);
void	 stream_measure(struct plan *p);
void	 start_measure(struct plan *p);
void	 memory_measure(struct plan *p);

#endif
