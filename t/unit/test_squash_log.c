/*
 * test_squash_log - what of a log is shown
 */
#include "compat.h"

#include <stdlib.h>

#include "squash.h"
#include "tap.h"

static struct tok *tok;
static const struct mark_id id = { "123456789012345678901" };
static const struct mark_ref ref = { .id = &id };

static void
run(struct squash *s, enum squash_level level, struct span text,
    struct buf *out)
{
	s->tok = tok;
	s->ref = &ref;
	s->opt.level = level;
	squash_log(s, text);
	buf_reset(out);
	edits_apply(&s->edits, text, out);
}

static void
requests(struct buf *b, unsigned from, unsigned to)
{
	for (; from < to; from++)
		buf_addf(b, "2024-01-02 03:%02u:%02u INFO [main] request %u "
		    "took %u ms from 10.0.0.%u\n", from / 60 % 60, from % 60,
		    from, from * 7 % 90, from % 200);
}

static bool
has(const struct buf *b, const char *what)
{
	size_t n = strlen(what), i;

	for (i = 0; i + n <= b->len; i++)
		if (memcmp(b->p + i, what, n) == 0)
			return true;
	printf("# no '%s' in:\n# %.*s\n", what, (int)b->len, b->p);
	return false;
}

static void
test_templates(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;

	requests(&in, 0, 100);
	buf_adds(&in, "2024-01-02 04:00:00 INFO [main] reload\n");
	requests(&in, 100, 200);
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(s.reason == SQUASH_DONE && s.lossy, "done");
	ok(has(&out, "[hr: 5 of 201 lines shown, complete output: hr-ccr get "
	    "123456789012345678901]\n2024-01-02 03:00:00 INFO [main] request "
	    "0 took 0 ms from 10.0.0.0\n[hr: 99 lines left out; like the "
	    "line above, request 1 to 99, took 0 to 89]\n"
	    "2024-01-02 04:00:00 INFO [main] reload\n"
	    "[hr: 97 lines left out]\n2024-01-02 03:03:17 INFO"),
	    "the first of a template, what is rare, the last lines");
	ok(s.after == tok_count(tok, buf_span(&out)) &&
	    s.before == tok_count(tok, buf_span(&in)), "tokens are true");
	run(&s, SQUASH_LOSSLESS, buf_span(&in), &out);
	ok(s.reason == SQUASH_NO_GAIN, "nothing that loses, at lossless");
	run(&s, SQUASH_EXACT, buf_span(&in), &out);
	ok(s.reason == SQUASH_LEVEL, "nothing at exact");
	s.opt.level = SQUASH_BALANCED;
	s.ref = NULL;
	squash_log(&s, buf_span(&in));
	ok(s.reason == SQUASH_NO_GAIN, "nor where nothing can be kept");
	s.unkept = true;
	squash_log(&s, buf_span(&in));
	ok(s.reason == SQUASH_DONE, "unless that is wanted");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

static void
test_notes(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned i;

	for (i = 0; i < 60; i++)
		buf_addf(&in, "2024-01-02 03:04:%02u INFO [main] shard %u: "
		    "took %ums, status=200 v1.%u\n", i, i % 2, i * 7 % 90, i);
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(has(&out, "[hr: 56 lines left out; like the line above, shard "
	    "1 (28), 0 (28), took 1 to 87]"), "the numbers that vary");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

static void
test_errors(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned i;

	requests(&in, 0, 50);
	for (i = 0; i < 30; i++)
		buf_addf(&in, "2024-01-02 04:00:%02u ERROR [db] cannot reach "
		    "shard %u\n", i, i % 3);
	requests(&in, 50, 99);
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(has(&out, "request 48 ") && has(&out, "request 49 "),
	    "what stood before an error");
	ok(has(&out, "04:00:00 ERROR [db] cannot reach shard 0\n2024-01-02 "
	    "04:00:01 ERROR [db] cannot reach shard 1\n2024-01-02 04:00:02 "
	    "ERROR [db] cannot reach shard 2\n"
	    "[hr: 73 lines left out; 27 repeat errors shown]"),
	    "each error that says something else, once");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

#define TRACE(n, line)							\
	"2024-01-02 04:00:0" #n " ERROR [web] boom\n"			\
	"java.lang.IllegalStateException: no\n"				\
	"\tat a.B.c(B.java:17)\n"					\
	"\tat a.B$$Lambda.d@1a2b3c4" #n "(B.java:" line ")\n"		\
	"Caused by: java.io.IOException: gone\n"			\
	"\t... 3 more\n"

static void
test_traces(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;

	requests(&in, 0, 40);
	buf_adds(&in, TRACE(1, "23"));
	requests(&in, 40, 60);
	buf_adds(&in, TRACE(2, "23") TRACE(3, "23") TRACE(4, "99")
	    TRACE(5, "23"));
	requests(&in, 60, 99);
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(has(&out, TRACE(1, "23")), "the first trace as a whole");
	ok(!span_eq(buf_span(&in), buf_span(&out)) &&
	    memchr(out.p, '\0', out.len) == NULL, "as text");
	buf_addc(&out, '\0');
	ok(strstr(out.p, "3c42") == NULL && strstr(out.p, "3c45") == NULL,
	    "the same again is left out");
	ok(strstr(out.p, TRACE(4, "99")) != NULL, "not one that went through "
	    "another line");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

static bool
unchanged(struct span text)
{
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT;
	bool good;

	run(&s, SQUASH_BALANCED, text, &out);
	good = s.edits.n == 0 && s.reason != SQUASH_DONE;
	squash_release(&s);
	buf_release(&out);
	return good;
}

static void
test_refused(void)
{
	struct buf b = BUF_INIT;
	unsigned i;

	ok(unchanged(SPAN_LIT("")), "nothing");
	ok(unchanged(SPAN_LIT("a\nb\nc\n")), "little");
	for (i = 0; i < 500; i++)
		buf_addf(&b, "a.c:%u:1: error: no '%u'\n", i * 3, i);
	ok(unchanged(buf_span(&b)), "diagnostics that all differ");
	buf_reset(&b);
	for (i = 0; i < 5000; i++)
		buf_add(&b, "line\0\0\n", 7);
	ok(unchanged(buf_span(&b)), "binary data");
	buf_release(&b);
}

static void
test_term(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned i;

	for (i = 0; i <= 100; i++)
		buf_addf(&in, "\033[32mfetch\033[0m %u%%\r", i);
	buf_adds(&in, "\033[K100%\ndone\n");
	run(&s, SQUASH_LOSSLESS, buf_span(&in), &out);
	ok(s.reason == SQUASH_DONE && !s.lossy &&
	    span_eq(buf_span(&out), SPAN_LIT("100%\ndone\n")),
	    "progress, without a mark");
	requests(&in, 0, 100);
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(s.lossy && has(&out, "[hr: 6 of 102 lines shown") &&
	    has(&out, "\n100%\ndone\n"), "and what is left out of it");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

/* Large texts are not counted as a whole, and take no memory without end. */
static void
test_large(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;

	requests(&in, 0, 100000);
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(s.lossy && s.before <= tok_count(tok, buf_span(&in)) &&
	    out.len < 1000, "many lines");
	buf_reset(&in);
	while (in.len < 8u << 20)
		buf_adds(&in, "\033[1K\033[500G\r\033[Kx\b");
	run(&s, SQUASH_BALANCED, buf_span(&in), &out);
	ok(s.reason == SQUASH_DONE && out.len < 1000, "one line");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

int
main(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
	    getenv("BUILDDIR"));
	if (tok_open(&tok, TOK_O200K, path) < 0)
		return 1;
	test_templates();
	test_notes();
	test_errors();
	test_traces();
	test_refused();
	test_term();
	test_large();
	tok_close(tok);
	return done();
}
