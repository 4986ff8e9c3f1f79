/*
 * proxy_impl.h - what the files of the proxy share
 *
 *	proxy.c			opens, listens, drains, closes; pools
 *	proxy_conn.c		a client: reads, writes, ends
 *	proxy_begin.c		a request's head and body as they come in
 *	proxy_request.c		what becomes of it, and how it ends
 *	proxy_response.c	what upstream says, as the client gets it
 *	proxy_upstream.c	one transfer by libcurl
 *	proxy_sock.c		what libcurl waits for, on the loop
 *	proxy_answer.c		what hr says itself
 *
 * One thread.  A callback of libcurl must not call libcurl, and what libuv
 * calls may end what it is called for; so callbacks note what they did and
 * mark their connection, and proxy_pump(), the last call of whatever libuv
 * called, does what follows from it: see conn_attend.
 *
 * Memory: a connection is freed by libuv's close callback and nowhere else; a
 * request by request_free, which a worker thread that still reads it puts
 * off.  Buffers of bodies come from proxy_buf_take and go back there, because
 * fresh pages cost fifty times what copying into used ones does.
 */
#ifndef HR_PROXY_IMPL_H
#define HR_PROXY_IMPL_H

#include "compat.h"

#include <curl/curl.h>
#include <llhttp.h>
#include <uv.h>

#include "buf.h"
#include "http_head.h"
#include "proxy.h"
#include "span.h"
#include "unpack.h"
#include "usage.h"

#define READ_SIZE	((size_t)64 << 10)	/* one read from a client */
#define AHEAD_MAX	((size_t)64 << 10)	/* pipelined bytes kept */

/* A body that streams up: reading stops above, goes on below. */
#define UP_HIGH		((size_t)256 << 10)
#define UP_LOW		((size_t)64 << 10)
#define REWIND_MAX	((size_t)256 << 10)	/* kept to be sent again */

/* A response: upstream is paused above, goes on below. */
#define DOWN_HIGH	((size_t)1 << 20)
#define DOWN_LOW	((size_t)256 << 10)
#define DOWN_MAX	((size_t)64 << 20)	/* of HTTP/2, which never is */

#define POOL_BUFS	8
#define POOL_BUF_MAX	((size_t)8 << 20)	/* a larger one is freed */
#define POOL_BUFS_MAX	((size_t)16 << 20)	/* all of them */
#define POOL_SMALL_MAX	((size_t)32 << 10)	/* those inside a request */
#define POOL_REQUESTS	32
#define POOL_EASY	16

#define CONNS_MAX	4096
#define LINGER_MS	2000

struct upstream {
	const char	*url;		/* the caller's; NULL: none */
	char		*prefix;	/* its path, no slash at the end */
};

struct proxy {
	struct proxy_opt	 opt;
	struct upstream		 upstream[PROVIDERS];
	uv_loop_t		 loop;
	uv_tcp_t		 listener;
	uv_signal_t		 sigterm, sigint;
	uv_timer_t		 curl_timer, linger_timer;
	CURLM			*multi;
	struct sock		**socks;	/* upstreams' by descriptor */
	size_t			 socks_cap;
	struct conn		*conns;		/* all of them */
	struct conn		*marked;	/* proxy_pump has to look */
	size_t			 nconns;
	size_t			 nrequests;	/* begun and not freed */
	size_t			 nlingering;
	bool			 waiting;	/* one could not be accepted */

	struct buf		 bufs[POOL_BUFS];
	size_t			 nbufs, bufs_size;
	struct request		*requests;	/* unused */
	size_t			 nunused;
	CURL			*easy[POOL_EASY];
	size_t			 neasy;
	char			 scratch[READ_SIZE];

	uv_work_t		 settle;
	bool			 settling;
	unsigned		 unsettled;	/* requests since then */
	bool			 draining;
	bool			 stopped;
};

enum ending {
	END_NOT,
	END_LINGER,	/* all was said: let the client see it, then close */
	END_CUT,	/* close, with what is queued written */
	END_RESET	/* the same, but the end must be seen as an error */
};

struct conn {
	uv_tcp_t	 tcp;
	uv_write_t	 write;
	uv_shutdown_t	 shutdown;
	struct proxy	*p;
	struct conn	*next, **prev;
	struct conn	*next_marked;
	struct request	*rq;		/* NULL: idle */
	struct buf	 ahead;		/* read behind the request */
	struct buf	 out;		/* to be written */
	struct buf	 flight;	/* what libuv is writing */
	size_t		 flying;	/* bytes of it */
	uint64_t	 deadline;	/* of lingering, in loop time */
	enum ending	 ending;
	bool		 marked;
	bool		 reading;
	bool		 lingering;
	bool		 closing;
};

struct request {
	struct proxy		*p;
	struct conn		*c;		/* NULL: the client went */
	struct request		*next;		/* in the pool */

	/* Its head. */
	struct buf		 raw;
	struct http_head	 head;		/* points into raw */
	llhttp_t		 parser;
	struct endpoint		 endpoint;
	enum client		 client;
	enum key_kind		 key;
	bool			 begun;		/* the head is complete */
	bool			 head_read;	/* llhttp has read it too */
	bool			 keep_alive;

	/* Its body; streams once it is not whole. */
	struct buf		 body;
	size_t			 at;		/* curl has had these */
	uint64_t		 gone;		/* bytes before body.p */
	uint64_t		 received;
	bool			 whole;		/* read before it is sent */
	bool			 body_done;
	bool			 full;		/* reading has stopped */
	bool			 failed;	/* no memory */
	const char		*why;		/* this end failed upstream */

	/* What becomes of it. */
	enum unpack_kind	 kind;		/* its encoding */
	struct buf		 plain;		/* without that */
	bool			 decoded;
	struct forward		 w;
	bool			 looked;	/* w is filled */
	uv_work_t		 work;
	bool			 working;

	/* Upstream. */
	CURL			*easy;
	struct buf		 text;		/* of the headers, and target */
	struct curl_slist	 list[HTTP_HEADERS_MAX + 4];
	bool			 up_paused, down_paused;

	/* The response. */
	struct buf		 lines;		/* of its head, LF at the end */
	unsigned		 status;
	bool			 h2;
	bool			 started;	/* its head is on the way */
	bool			 no_body;
	bool			 chunked;
	bool			 until_close;
	bool			 counted;	/* has this length: */
	uint64_t		 length;
	struct usage_tap	*tap;
	uint64_t		 response;	/* bytes of its body */

	/* Times for the ledger: ms since 1970, then ns of uv_hrtime. */
	int64_t			 came;
	uint64_t		 read, begun_up, first;
	uint64_t		 sent;		/* bytes of the body */
	bool			 cut, cancelled;
};

/* proxy.c */
void	 proxy_pump(struct proxy *p);
void	 proxy_settle(struct proxy *p);
void	 proxy_check_drained(struct proxy *p);
struct buf proxy_buf_take(struct proxy *p);
void	 proxy_buf_give(struct proxy *p, struct buf *b);

/* proxy_conn.c */
void	 conn_accept(struct proxy *p);
void	 conn_mark(struct conn *c);
void	 conn_attend(struct conn *c);
void	 conn_end(struct conn *c, enum ending how);
void	 conn_close(struct conn *c);
size_t	 conn_queued(const struct conn *c);

/* proxy_begin.c; both may end the request. */
void	 request_input(struct request *rq, size_t n);	/* at the end of raw */
void	 request_feed(struct request *rq, struct span s);

/* proxy_request.c; all but request_new may end it. */
struct request *request_new(struct conn *c) HR_MUST_USE;
void	 request_free(struct request *rq);
void	 request_whole(struct request *rq);	/* its body is here */
void	 request_send(struct request *rq);
void	 request_give_up(struct request *rq, unsigned status,
	    const char *why);
void	 request_done(struct request *rq, CURLcode rc);
void	 request_finish(struct request *rq);	/* the client stays */
void	 request_abandon(struct request *rq);	/* it went */

/* proxy_response.c; called by libcurl, so they only note. */
bool	 response_line(struct request *rq, struct span line) HR_MUST_USE;
bool	 response_body(struct request *rq, struct span s) HR_MUST_USE;
void	 response_end(struct request *rq);

/* proxy_sock.c: callbacks of libcurl, and what lets it go on */
void	 upstream_act(struct proxy *p, curl_socket_t fd, int what);
int	 sock_wanted(CURL *easy, curl_socket_t fd, int what, void *arg,
	    void *sockp);
int	 sock_timeout(CURLM *multi, long ms, void *arg);
curl_socket_t sock_open(void *arg, curlsocktype purpose,
	    struct curl_sockaddr *a);
int	 sock_close(void *arg, curl_socket_t fd);

/* proxy_upstream.c */
bool	 upstream_open(struct proxy *p) HR_MUST_USE;
void	 upstream_close(struct proxy *p);
bool	 upstream_start(struct request *rq) HR_MUST_USE;
void	 upstream_resume(struct request *rq);
void	 upstream_release(struct request *rq);
void	 upstream_collect(struct proxy *p);	/* those that ended */
struct span upstream_payload(const struct request *rq);

/*
 * proxy_answer.c: an answer of hr's own to c->rq, which is over then.  The
 * words in the middle come from outside: they are cleaned and cut.
 */
void	 proxy_answer(struct conn *c, unsigned status, const char *before,
	    struct span middle, const char *after);
void	 proxy_refuse(struct conn *c, unsigned status, const char *what);

#endif
