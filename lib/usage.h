/*
 * usage.h - what a response says about tokens, read from a copy on the way
 *
 *	struct usage_tap *t = usage_tap_new(API_MESSAGES, type, encoding);
 *	usage_tap_feed(t, bytes);	// as they came from upstream
 *	usage_tap_end(t, &u);
 *	usage_tap_free(t);
 *
 * The tap only looks.  Whatever it does not understand (another content type
 * or encoding, bad JSON, a stream that was cut, no usage in it) makes the
 * answer "unknown" and never disturbs what is relayed.  It keeps a bounded
 * part of the response: one event of a stream, or a JSON body up to
 * USAGE_BODY_MAX.
 *
 * Numbers are normalised to disjoint parts of the prompt: OpenAI counts
 * cached tokens in input_tokens, Anthropic does not; here input is what was
 * neither read from the cache nor written to it.
 */
#ifndef HR_USAGE_H
#define HR_USAGE_H

#include "compat.h"

#include "api.h"
#include "span.h"

#define USAGE_BODY_MAX	((size_t)4 << 20)	/* decoded bytes of a body */
#define USAGE_EVENT_MAX	((size_t)4 << 20)	/* decoded bytes of an event */

struct usage {
	bool		known;
	uint64_t	input;		/* fresh */
	uint64_t	cache_read;
	uint64_t	cache_write;
	uint64_t	output;		/* reasoning included */
};

struct usage_tap;

/*
 * The values of the headers Content-Type and Content-Encoding, empty where
 * there are none.  NULL (no memory) is a tap that is fed to no effect.
 */
struct usage_tap *usage_tap_new(enum api api, struct span content_type,
		    struct span content_encoding);
void		 usage_tap_feed(struct usage_tap *t, struct span bytes);
void		 usage_tap_end(struct usage_tap *t, struct usage *u);
void		 usage_tap_free(struct usage_tap *t);

#endif
