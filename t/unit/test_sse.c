/*
 * test_sse - events framed, whatever the chunks
 *
 * What came is written as "name|data;" for each event, and compared.
 */
#include "compat.h"

#include <time.h>

#include "sse.h"

#include "tap.h"

struct got {
	struct buf	text;
	uint64_t	events;
};

static void
note(void *arg, struct span event, struct span data)
{
	struct got *g = arg;

	buf_addspan(&g->text, event);
	buf_addc(&g->text, '|');
	buf_addspan(&g->text, data);
	buf_addc(&g->text, ';');
	g->events++;
}

/* Fed up to each of the cuts, which ascend, then to the end. */
static uint64_t
run(struct span s, const size_t *cut, size_t ncuts, size_t max,
    struct got *g)
{
	struct sse e = SSE_INIT;
	uint64_t dropped;
	size_t at = 0, i;
	char *copy;

	buf_reset(&g->text);
	g->events = 0;
	e.data.max = max;
	for (i = 0; i <= ncuts; i++) {
		size_t to = i < ncuts ? cut[i] : s.n;

		/* Alone in its memory, so that reading past it is seen. */
		copy = malloc(to - at + (to == at));
		if (to > at)
			memcpy(copy, s.p + at, to - at);
		sse_feed(&e, span_of(copy, to - at), note, g);
		free(copy);
		at = to;
	}
	dropped = e.dropped;
	sse_release(&e);
	return dropped;
}

/* In one, in each two, in each three of a short text, and byte by byte. */
static bool
always(struct span s, size_t max, struct span want, uint64_t dropped)
{
	struct got g = { .text = BUF_INIT };
	size_t cut[3], i, k, *each = calloc(s.n + 1, sizeof(*each));
	bool good;

	good = run(s, NULL, 0, max, &g) == dropped &&
	    span_eq(buf_span(&g.text), want);
	if (!good)
		printf("# %llu dropped, '%.*s'\n", (unsigned long long)dropped,
		    (int)g.text.len, g.text.p);
	for (i = 0; good && i <= s.n; i++) {
		cut[0] = i;
		good = run(s, cut, 1, max, &g) == dropped &&
		    span_eq(buf_span(&g.text), want);
		for (k = i; good && s.n < 100 && k <= s.n; k++) {
			cut[1] = k;
			good = run(s, cut, 2, max, &g) == dropped &&
			    span_eq(buf_span(&g.text), want);
		}
	}
	for (i = 0; i < s.n; i++)
		each[i] = i;
	good = good && run(s, each, s.n, max, &g) == dropped &&
	    span_eq(buf_span(&g.text), want);
	free(each);
	buf_release(&g.text);
	return good;
}

#define BOM	"\xEF\xBB\xBF"

static void
test_frames(void)
{
	static const struct {
		const char	*in, *want, *name;
	} t[] = {
		{ "", "", "nothing" },
		{ "data: a\n\n", "|a;", "one event" },
		{ "data:a\n\n", "|a;", "no blank" },
		{ "data:  a \n\n", "| a ;", "one blank is taken" },
		{ "data\n\n", "|;", "no colon: empty data" },
		{ "data:\n\n", "|;", "empty data" },
		{ "data\ndata\n\n", "|\n;", "empty data twice" },
		{ "data: a\ndata: b\n\n", "|a\nb;", "lines are joined" },
		{ "data: a\ndata:\ndata: b\n\n", "|a\n\nb;", "an empty one" },
		{ "event: x\ndata: a\n\n", "x|a;", "with a name" },
		{ "data: a\nevent: x\n\n", "x|a;", "name behind" },
		{ "event: x\nevent: y\ndata: a\n\n", "y|a;", "the last name" },
		{ "event: x\nevent\ndata: a\n\n", "|a;", "an empty name" },
		{ "event: x\n\ndata: a\n\n", "|a;", "a name without data" },
		{ "event: x\ndata: a\n\ndata: b\n\n", "x|a;|b;",
		    "a name is for one event" },
		{ "data: a\n\n\n\ndata: b\n\n", "|a;|b;", "empty lines" },
		{ "data: a\r\rdata: b\r\r", "|a;|b;", "CR" },
		{ "data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b;", "CRLF" },
		{ "data: a\r\n\n\r\ndata: b\n\r\n", "|a;|b;", "mixed" },
		{ "data: a\r\ndata: b\rdata: c\n\n", "|a\nb\nc;",
		    "CRLF is one end of line" },
		{ "data: a\n", "", "no empty line" },
		{ "data: a\n\ndata: b", "|a;", "no end" },
		{ ": ping\n\n:\n\n", "", "comments" },
		{ ":data: a\n\n", "", "a comment that looks like data" },
		{ "data: a\n: OPENROUTER PROCESSING\ndata: b\n\n", "|a\nb;",
		    "a comment between" },
		{ "id: 7\nretry: 10\nfoo: bar\nfoo\ndata: a\n\n", "|a;",
		    "other fields" },
		{ "Data: a\n\n data: a\n\n", "", "names are exact" },
		{ "dat: a\n\ndatax: a\n\n", "", "and whole" },
		{ BOM "data: a\n\n", "|a;", "byte order mark" },
		{ BOM BOM "data: a\n\n", "", "only one of them" },
		{ "\n" BOM "data: a\n\n", "", "only at the start" },
		{ BOM "\n\ndata: a\n\n", "|a;", "alone in a line" },
		{ BOM "event: x\r\ndata: \xC3\xA4\r\n\r\n", "x|\xC3\xA4;",
		    "before a name" },
		{ "\xEF\xBB" "data: a\n\ndata: b\n\n", "|b;", "half of one" },
		{ "data: a:b: c\n\n", "|a:b: c;", "colons in data" },
		{ "data: [DONE]\n\n", "|[DONE];", "the end of some streams" },
	};
	size_t i;

	for (i = 0; i < HR_LEN(t); i++)
		ok(always(span_z(t[i].in), 1 << 20, span_z(t[i].want), 0),
		    t[i].name);
	ok(always(SPAN_LIT("data: a\0b\n\n"), 1 << 20, SPAN_LIT("|a\0b;"), 0),
	    "NUL is data");
}

static void
repeat(struct buf *b, char c, size_t n)
{
	while (n-- > 0)
		buf_addc(b, c);
}

static void
test_limits(void)
{
	struct buf in = BUF_INIT, want = BUF_INIT;

	buf_adds(&in, "data: 12345678\n\ndata: 123456789\n\ndata: a\n\n");
	ok(always(buf_span(&in), 8, SPAN_LIT("|12345678;|a;"), 1),
	    "data beyond the limit");
	buf_reset(&in);
	buf_adds(&in, "data: 1234\ndata: 567\n\ndata: 1234\ndata: 5678\n"
	    "data: 9\n\ndata: a\n\n");
	ok(always(buf_span(&in), 8, SPAN_LIT("|1234\n567;|a;"), 1),
	    "the joint counts");

	/* Lines longer than any that is kept. */
	buf_reset(&in);
	buf_adds(&in, "data: a\n:");
	repeat(&in, 'x', 300);
	buf_adds(&in, "\nfoo: ");
	repeat(&in, 'x', 300);
	buf_adds(&in, "\n\ndata: ");
	repeat(&in, 'x', 300);
	buf_adds(&in, "\ndata: b\n\ndata: c\n\n" "data:");
	repeat(&in, ' ', 300);
	buf_adds(&in, "\n\n");
	ok(always(buf_span(&in), 8, SPAN_LIT("|a;|c;"), 2),
	    "long lines matter where they are data");
	buf_reset(&in);
	repeat(&in, '\xEF', 1);
	buf_adds(&in, "\xBB\xBF" "data:");
	repeat(&in, 'x', 300);
	buf_adds(&in, "\n\ndata: b\n\n");
	ok(always(buf_span(&in), 8, SPAN_LIT("|b;"), 1),
	    "a long first line behind a byte order mark");

	buf_reset(&in);
	buf_adds(&in, "event: ");
	repeat(&in, 'n', SSE_NAME_MAX);
	buf_adds(&in, "\ndata: a\n\nevent: ");
	repeat(&in, 'n', SSE_NAME_MAX + 1);
	buf_adds(&in, "\ndata: b\n\nevent: ");
	repeat(&in, 'n', SSE_NAME_MAX + 100);
	buf_adds(&in, "\ndata: c\n\nevent: ");
	repeat(&in, 'n', SSE_NAME_MAX + 100);
	buf_adds(&in, "\n\nevent: x\ndata: d\n\n");
	repeat(&want, 'n', SSE_NAME_MAX);
	buf_adds(&want, "|a;x|d;");
	ok(always(buf_span(&in), 8, buf_span(&want), 2),
	    "a name beyond the limit, counted where there is an event");
	buf_release(&in);
	buf_release(&want);
}

/* What is kept does not grow with what comes. */
static void
test_memory(void)
{
	static char x[1 << 16];
	struct got g = { .text = BUF_INIT };
	struct sse e = SSE_INIT;
	unsigned i;

	memset(x, 'x', sizeof(x));
	e.data.max = 1000;
	for (i = 0; i < 100; i++)
		sse_feed(&e, span_of(x, sizeof(x)), note, &g);
	sse_feed(&e, SPAN_LIT("\n\n"), note, &g);
	sse_feed(&e, SPAN_LIT("data: "), note, &g);
	for (i = 0; i < 100; i++)
		sse_feed(&e, span_of(x, sizeof(x)), note, &g);
	sse_feed(&e, SPAN_LIT("\n\ndata: a\n\n"), note, &g);
	ok(e.line.cap + e.data.cap + e.event.cap < 4000, "bounded memory");
	ok(e.dropped == 1 && span_eq(buf_span(&g.text), SPAN_LIT("|a;")),
	    "and it goes on behind");
	sse_release(&e);
	buf_release(&g.text);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * Large chunks of short lines, with ends of one kind only: a search for the
 * other kind that starts anew with each line takes minutes here.
 */
static void
test_linear(const char *event, const char *name)
{
	struct got g = { .text = BUF_INIT };
	struct buf in = BUF_INIT;
	struct sse e = SSE_INIT;
	double start;
	size_t n;

	e.data.max = 1000;
	for (n = 0; n < 500000; n++)
		buf_adds(&in, event);
	start = seconds();
	sse_feed(&e, buf_span(&in), note, &g);
	ok(g.events == n && seconds() - start < 10, name);
	sse_release(&e);
	buf_release(&in);
	buf_release(&g.text);
}

static void
test_noise(void)
{
	static const char *const part[] = { "data", ":", " ", "\n", "\r",
	    "event", "x", "\n\n", "\r\n", BOM, "data: ", "\xEF" };
	struct got g = { .text = BUF_INIT };
	struct buf in = BUF_INIT;
	uint32_t x = 7;
	unsigned i, k;
	bool good = true;
	uint64_t dropped;

	for (i = 0; i < 400; i++) {
		buf_reset(&in);
		for (k = 0; k < 24; k++) {
			x = x * 1664525 + 1013904223;
			buf_adds(&in, part[(x >> 20) % HR_LEN(part)]);
		}
		dropped = run(buf_span(&in), NULL, 0, 4, &g);
		good = good && always(buf_span(&in), 4, buf_span(&g.text),
		    dropped);
	}
	ok(good, "the chunks make no difference to noise");
	buf_release(&in);
	buf_release(&g.text);
}

int
main(void)
{
	test_frames();
	test_limits();
	test_memory();
	test_linear("data: a\n\n", "linear in LF");
	test_linear("data: a\r\r", "linear in CR");
	test_noise();
	return done();
}
