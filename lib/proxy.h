/*
 * proxy.h - the HTTP hop between clients and their providers
 *
 *	struct proxy *p;
 *
 *	if (!proxy_open(&p, &opt, err, sizeof(err)))
 *		...
 *	proxy_run(p);		// until SIGTERM or SIGINT, then drains
 *	proxy_close(p);
 *
 * One thread runs the loop: libuv for clients, libcurl's multi interface for
 * upstreams.  A request for a path that api.h does not know, or whose provider
 * has no upstream, is answered 404 here, so that no key goes astray; where one
 * URL is for all none can, and it gets every path.  All else is the provider's
 * answer, status, headers and body as they came.  Bodies for an API that
 * forward.h knows are read whole, up to body_max; longer ones and all others
 * stream through.  What may have been sent whole is not sent again, for it may
 * be billed: who retries is the client.
 *
 * An idle proxy sleeps: no timer runs while no request does.
 */
#ifndef HR_PROXY_H
#define HR_PROXY_H

#include "compat.h"

#include "api.h"
#include "forward.h"
#include "ledger.h"

#define PROXY_PORT	8787
#define PROXY_BODY_MAX	((size_t)64 << 20)

struct proxy_opt {
	const char		*host;		/* "127.0.0.1" or "::1" */
	uint16_t		 port;		/* 0: any free one */
	const char		*upstream[PROVIDERS];	/* URLs; NULL: none */
	const char		*rest;	/* where one URL is for all: unknown
					   paths go there, too; else NULL */
	const char		*ca_file;	/* PEM, not the system's */
	size_t			 body_max;
	struct forwarder	*forwarder;	/* NULL: nothing is looked at */
	struct ledger		*ledger;	/* NULL: none is kept */
};

struct proxy;

/* False, and why in err, if it cannot listen or there is no memory. */
bool	 proxy_open(struct proxy **p, const struct proxy_opt *opt, char *err,
	    size_t errsize) HR_MUST_USE;

/* The port it listens on. */
unsigned proxy_port(const struct proxy *p);

/* 0 after draining; -1 if the loop failed. */
int	 proxy_run(struct proxy *p) HR_MUST_USE;
void	 proxy_close(struct proxy *p);	/* may be NULL */

/* 0, or -1 and why in *why: http or https, a host, no query, no fragment. */
int	 proxy_check_url(const char *url, const char **why) HR_MUST_USE;

#endif
