/*
 * usage - what a response says about tokens
 *
 * The tap undoes the encoding, frames events and hands JSON texts to
 * usage_read.  It must be cheap: nearly all events of a stream are pieces of
 * the answer, which are known by their name, or by a word that is not in
 * them, and are not scanned.
 */
#include "compat.h"

#include <stdlib.h>
#include <strings.h>

#include "buf.h"
#include "sse.h"
#include "unpack.h"
#include "usage.h"
#include "usage_read.h"

/*
 * Of a stream, so that a bomb cannot keep the loop busy.  An event is a few
 * hundred bytes a token, an answer at most some 10^5 tokens.
 */
#define STREAM_MAX	((size_t)128 << 20)

enum body {
	BODY_OTHER,		/* nothing is known of it */
	BODY_JSON,
	BODY_EVENTS
};

struct usage_tap {
	enum body		 body;
	struct unpack		*unpack;
	struct buf		 text;		/* BODY_JSON: what came */
	struct sse		 sse;
	size_t			 seen;		/* BODY_EVENTS: bytes */
	struct usage_read	 read;
};

/* The media type without its parameters is this. */
static bool
media_is(struct span type, const char *want)
{
	const char *semi = type.n == 0 ? NULL : memchr(type.p, ';', type.n);

	if (semi != NULL)
		type.n = (size_t)(semi - type.p);
	type = span_trim(type, " \t");
	return type.n == strlen(want) &&
	    strncasecmp(type.p, want, type.n) == 0;
}

struct usage_tap *
usage_tap_new(enum api api, struct span content_type,
    struct span content_encoding)
{
	struct usage_tap *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->text.max = USAGE_BODY_MAX;
	t->sse = (struct sse)SSE_INIT;
	t->sse.data.max = USAGE_EVENT_MAX;
	usage_read_init(&t->read, api);
	if (api == API_NONE)
		return t;
	if (media_is(content_type, "application/json"))
		t->body = BODY_JSON;
	else if (media_is(content_type, "text/event-stream"))
		t->body = BODY_EVENTS;
	else
		return t;
	t->unpack = unpack_new(unpack_kind(content_encoding));
	if (t->unpack == NULL)
		t->body = BODY_OTHER;
	return t;
}

static void
on_event(void *arg, struct span event, struct span data)
{
	usage_read_event(arg, event, data);
}

static bool
on_piece(void *arg, struct span piece)
{
	struct usage_tap *t = arg;

	if (piece.n > STREAM_MAX - t->seen)
		return false;
	t->seen += piece.n;
	sse_feed(&t->sse, piece, on_event, &t->read);
	return true;
}

void
usage_tap_feed(struct usage_tap *t, struct span bytes)
{
	enum unpack_rc rc;

	if (t == NULL || t->body == BODY_OTHER)
		return;
	if (t->body == BODY_JSON)
		rc = unpack_feed(t->unpack, bytes, &t->text);
	else
		rc = unpack_each(t->unpack, bytes, on_piece, t);
	/*
	 * How much a decoder gives before it sees that its input is damaged
	 * depends on the chunks, so all of it counts for nothing.
	 */
	if (rc != UNPACK_OK)
		t->body = BODY_OTHER;
}

void
usage_tap_end(struct usage_tap *t, struct usage *u)
{
	memset(u, 0, sizeof(*u));
	if (t == NULL || t->body == BODY_OTHER)
		return;
	/*
	 * A stream says itself whether it is whole; its encoding is not
	 * always brought to an end.
	 */
	if (t->body == BODY_EVENTS)
		usage_read_events_end(&t->read, t->sse.dropped > 0, u);
	else if (unpack_end(t->unpack) == UNPACK_OK)
		usage_read_body(&t->read, buf_span(&t->text), u);
}

void
usage_tap_free(struct usage_tap *t)
{
	if (t == NULL)
		return;
	unpack_free(t->unpack);
	buf_release(&t->text);
	sse_release(&t->sse);
	usage_read_release(&t->read);
	free(t);
}
