/*
 * http_head.h - the gate before the HTTP parser: raw request heads
 *
 * Parsers differ in what they forgive, and what two of them read differently
 * is how requests are smuggled.  So a head must be plain before any parser
 * sees it: each line ends with CRLF and holds neither CR, LF nor NUL, no line
 * is folded, names are tokens, there is one Host (none is allowed in
 * HTTP/1.0), at most one Content-Length, of digits, and no Content-Length
 * beside a Transfer-Encoding, which is exactly "chunked"; the target begins
 * with '/' and is printable ASCII without a fragment.  (RFC 9112; the cases
 * are those of the HTTP smuggling tables.)  What is wrong is found as soon as
 * its line is there.
 *
 *	switch (http_head_parse(&h, bytes)) {
 *	case HTTP_HEAD_MORE: read on; case HTTP_HEAD_BAD: answer h.status; }
 *
 * Everything points into the caller's bytes.
 */
#ifndef HR_HTTP_HEAD_H
#define HR_HTTP_HEAD_H

#include "compat.h"

#include "span.h"

#define HTTP_HEAD_MAX		((size_t)64 << 10)	/* bytes of a head */
#define HTTP_HEADERS_MAX	128
#define HTTP_BLANKS_MAX		4	/* empty lines before a request */

struct http_header {
	struct span	name;	/* as it was written */
	struct span	value;	/* without blanks around it */
};

struct http_head {
	size_t			 size;	/* bytes, the empty line included */
	struct span		 method;
	struct span		 target;	/* path and query */
	unsigned		 minor;		/* HTTP/1.minor: 0 or 1 */
	size_t			 nheaders;
	struct http_header	 header[HTTP_HEADERS_MAX];
	bool			 chunked;
	bool			 has_length;
	uint64_t		 length;	/* Content-Length */
	bool			 keep_alive;	/* after the response */
	bool			 expects;	/* Expect: 100-continue */
	bool			 websocket;	/* Upgrade: websocket */
	unsigned		 status;	/* HTTP_HEAD_BAD: the answer */
	const char		*what;		/* and why, a constant string */
};

enum http_head_rc {
	HTTP_HEAD_OK,
	HTTP_HEAD_MORE,		/* no empty line yet */
	HTTP_HEAD_BAD
};

/*
 * Up to HTTP_BLANKS_MAX empty lines before the request line are skipped and
 * counted in size.
 */
enum http_head_rc http_head_parse(struct http_head *h, struct span bytes)
	    HR_MUST_USE;

/* The first header of this name in any case, or NULL. */
const struct http_header *http_head_find(const struct http_head *h,
	    struct span name);

/* Whether a name is this, in any case. */
bool	http_name_is(struct span name, const char *lower);

/* Whether a list with commas between its members has this one, in any case. */
bool	http_list_has(struct span list, struct span member);

/*
 * Whether a header of this name goes no further than one hop: Connection and
 * what it lists (h may be NULL to leave those out), Keep-Alive,
 * Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade.
 */
bool	http_hop_by_hop(const struct http_head *h, struct span name);

#endif
