/*
 * fuzz usage - what must hold for every response
 *
 * The first byte chooses the API, the content type and the encoding, the
 * second where to cut.  In one piece, in two, and byte by byte the counts are
 * the same; what is unknown has none; and what was undone all at once is what
 * was undone in pieces.  A broken promise aborts.
 */
#include "compat.h"

#include "fuzz.h"
#include "unpack.h"
#include "usage.h"

#define UNPACKED_MAX	((size_t)1 << 20)

struct response {
	enum api	 api;
	struct span	 type, encoding;
	struct span	 body;
};

/* Bits 0-1, 2-3 and 4-7 of the first byte. */
static struct response
choose(uint8_t byte, struct span body)
{
	static const char *const types[] = { "text/event-stream",
	    "application/json", "text/event-stream; charset=utf-8",
	    "text/plain" };
	static const char *const encodings[] = { "", "gzip", "br", "zstd",
	    "deflate", "identity", "gzip, br", "x-gzip" };

	return (struct response){
		.api = (enum api)(byte & 3),
		.type = span_z(types[byte >> 2 & 3]),
		.encoding = span_z(encodings[(byte >> 4) %
		    HR_LEN(encodings)]),
		.body = body,
	};
}

/* A first piece, then pieces of n bytes. */
static struct usage
tap(const struct response *r, size_t first, size_t n)
{
	struct usage_tap *t = usage_tap_new(r->api, r->type, r->encoding);
	struct span s = r->body;
	struct usage u;
	size_t k;

	for (k = first; s.n > 0; k = n) {
		k = k < s.n ? k : s.n;
		usage_tap_feed(t, span_of(s.p, k));
		s = span_skip(s, k);
	}
	usage_tap_end(t, &u);
	usage_tap_free(t);
	return u;
}

static bool
same(const struct usage *a, const struct usage *b)
{
	return a->known == b->known && a->input == b->input &&
	    a->cache_read == b->cache_read &&
	    a->cache_write == b->cache_write && a->output == b->output;
}

static void
check_unpack(const struct response *r)
{
	enum unpack_kind kind = unpack_kind(r->encoding);
	struct unpack *u = unpack_new(kind);
	struct buf whole = BUF_INIT, parts = BUF_INIT;
	enum unpack_rc rc, last = UNPACK_OK;
	size_t i;

	whole.max = parts.max = UNPACKED_MAX;
	rc = unpack_all(kind, r->body, &whole);
	for (i = 0; u != NULL && i < r->body.n && last == UNPACK_OK; i++)
		last = unpack_feed(u, span_of(r->body.p + i, 1), &parts);
	if (u != NULL && last == UNPACK_OK)
		last = unpack_end(u);
	must(u == NULL || (rc == UNPACK_OK) == (last == UNPACK_OK));
	must(rc != UNPACK_OK ||
	    span_eq(buf_span(&whole), buf_span(&parts)));
	unpack_free(u);
	buf_release(&whole);
	buf_release(&parts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct response r;
	struct usage whole, parts;

	if (size < 2)
		return 0;
	r = choose(data[0], span_of((const char *)data + 2, size - 2));
	whole = tap(&r, SIZE_MAX, 1);
	must(whole.known || whole.input + whole.cache_read +
	    whole.cache_write + whole.output == 0);
	parts = tap(&r, r.body.n * data[1] / 255, SIZE_MAX);
	must(same(&whole, &parts));
	parts = tap(&r, 1, 1);
	must(same(&whole, &parts));
	check_unpack(&r);
	return 0;
}
