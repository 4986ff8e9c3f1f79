/*
 * test_log_follow - logs as they are written
 */
#include "compat.h"

#include "log_follow.h"
#include "tap.h"

struct kept {
	struct buf	 text;
	unsigned	 pieces;
	bool		 fails;
};

static const struct mark_id id = { "123456789012345678901" };

static bool
keep(void *arg, struct span piece, struct mark_ref *ref)
{
	struct kept *k = arg;

	buf_addspan(&k->text, piece);
	k->pieces++;
	ref->id = &id;
	return !k->fails;
}

static struct buf fed = BUF_INIT;	/* all of it */

/* Bytes as they might come: a few at a time. */
static void
feed(struct log_follow *f, struct span s)
{
	size_t n;

	buf_addspan(&fed, s);
	for (; s.n > 0; s = span_skip(s, n)) {
		n = s.n < 7 ? s.n : 7;
		log_follow_feed(f, span_of(s.p, n));
	}
}

static bool
gives(struct log_follow *f, struct span want)
{
	bool same = span_eq(buf_span(&f->out), want);

	if (!same)
		printf("# %.*s", (int)f->out.len, f->out.p);
	buf_reset(&f->out);
	return same;
}

#define FEED(text)		feed(&f, SPAN_LIT(text))
#define GIVES(want, name)	ok(gives(&f, SPAN_LIT(want)), name)

static void
test_lines(void)
{
	struct log_follow f = LOG_FOLLOW_INIT;
	struct kept k = { .text = BUF_INIT };

	f.keep = keep;
	f.arg = &k;
	FEED("12:00:01 INFO tick 1 of many\n12:00:02 INFO ti");
	GIVES("", "it could yet go on");
	ok(!log_follow_pause(&f), "a moment");
	GIVES("12:00:01 INFO tick 1 of many\n", "what is new is shown");
	FEED("ck 2 of many\n12:00:03 INFO tick 3 of many\n");
	GIVES("", "what is not is held");
	ok(log_follow_pause(&f), "and will be said");
	(void)log_follow_quiet(&f);
	GIVES("[hr: 2 lines left out; like the line above]\n",
	    "when nothing comes");
	FEED("12:00:04 ERROR no disk 4\n12:00:04 ERROR no disk 4\n"
	    "12:00:05 INFO tick 4 of many\n12:00:05 ERROR no disk 5\n");
	(void)log_follow_pause(&f);
	GIVES("12:00:04 ERROR no disk 4\n"
	    "[hr: 2 lines left out; 1 repeats an error shown]\n"
	    "12:00:05 ERROR no disk 5\n", "errors that say something else");
	FEED("12:00:06 INFO tick 6 of many\n\033[1m12:00:07\033[0m bye");
	log_follow_end(&f);
	GIVES("12:00:06 INFO tick 6 of many\n12:00:07 bye\n"
	    "[hr: 5 of 9 lines shown, complete output: hr-ccr get "
	    "123456789012345678901]\n", "the end, and the sums");
	ok(k.pieces == 1 && span_eq(buf_span(&k.text), buf_span(&fed)),
	    "the original is kept");
	buf_release(&fed);
	log_follow_release(&f);
	buf_release(&k.text);
}

#define FRAMES(where)							\
	"java.lang.Error: no\n\tat a.B.c(B.java:" where ")\n"		\
	"Caused by: java.lang.Error: gone\n\t... 3 more\n"
#define TRACE(where)	"12:00:01 ERROR it broke\n" FRAMES(where)

static void
test_traces(void)
{
	struct log_follow f = LOG_FOLLOW_INIT;

	FEED(TRACE("17") TRACE("17") TRACE("18") "12:00:02 INFO on\n");
	log_follow_end(&f);
	ok(f.failed, "where there is nowhere to keep them");
	GIVES(TRACE("17") "[hr: 6 lines left out; 3 repeat errors shown]\n"
	    FRAMES("18") "12:00:02 INFO on\n" TRACE("17")
	    "12:00:01 ERROR it broke\n", "traces are whole");
	log_follow_release(&f);
}

static void
test_pieces(void)
{
	struct log_follow f = LOG_FOLLOW_INIT;
	struct kept k = { .text = BUF_INIT };
	struct buf in = BUF_INIT;
	unsigned i;

	f.keep = keep;
	f.arg = &k;
	for (i = 0; i < 80000; i++)
		buf_addf(&in, "12:00:%02u INFO request %u took %u ms\n",
		    i % 60, i, i % 91);
	log_follow_feed(&f, buf_span(&in));
	ok(k.pieces >= 2 && f.piece.cap < 2 * in.len, "pieces go");
	log_follow_end(&f);
	ok(span_eq(buf_span(&k.text), buf_span(&in)), "all of it is kept");
	buf_addc(&f.out, '\0');
	ok(f.out.len < in.len / 100 && strstr(f.out.p, "]\n[hr: 1 of 80000 "
	    "lines shown]\n") != NULL, "and little shown, with the sum");
	log_follow_release(&f);
	buf_release(&k.text);
	buf_release(&in);
}

static void
test_failing(void)
{
	struct log_follow f = LOG_FOLLOW_INIT;
	struct kept k = { .text = BUF_INIT, .fails = true };

	f.keep = keep;
	f.arg = &k;
	FEED("12:00:01 INFO tick 1 of many\n12:00:02 INFO tick 2 of many\n"
	    "12:00:03 INFO tick 3 of many\nbye\n");
	log_follow_end(&f);
	GIVES("12:00:01 INFO tick 1 of many\n"
	    "[hr: 2 lines left out; like the line above]\nbye\n"
	    "12:00:02 INFO tick 2 of many\n12:00:03 INFO tick 3 of many\n",
	    "what could not be kept comes late");
	log_follow_release(&f);
	buf_release(&k.text);
}

/* A last line that lacks its end, and shows nothing or something. */
static void
test_ends(void)
{
	struct log_follow f = LOG_FOLLOW_INIT;
	struct kept k = { .text = BUF_INIT };

	f.keep = keep;
	f.arg = &k;
	FEED("12:00:01 INFO tick 1 of many\n12:00:02 INFO tick 2 of many\n"
	    "12:00:03 INFO tick 3 of many\n\033[0m");
	log_follow_end(&f);
	GIVES("12:00:01 INFO tick 1 of many\n"
	    "[hr: 2 lines left out; like the line above]\n"
	    "[hr: 2 of 4 lines shown, complete output: hr-ccr get "
	    "123456789012345678901]\n", "a colour is no line");
	log_follow_release(&f);
	buf_release(&k.text);
}

/* What was written out already is remembered to lack its end. */
static void
test_written(void)
{
	struct log_follow f = LOG_FOLLOW_INIT;
	struct kept k = { .text = BUF_INIT };
	struct buf in = BUF_INIT;
	unsigned i;

	f.keep = keep;
	f.arg = &k;
	FEED("12:00:01 INFO tick 1 of many\n12:00:02 INFO tick 2 of many\n"
	    "12:00:03 INFO tick 3 of many\nwide");
	for (i = 0; i < 10000; i++)
		buf_adds(&in, " 0123456");
	log_follow_feed(&f, buf_span(&in));
	ok(!log_follow_pause(&f) && f.out.len > in.len,
	    "a line is held only so long");
	buf_reset(&f.out);
	log_follow_end(&f);
	GIVES("\n[hr: 2 of 4 lines shown, complete output: hr-ccr get "
	    "123456789012345678901]\n", "the mark has a line of its own");
	log_follow_release(&f);
	buf_release(&k.text);
	buf_release(&in);
}

int
main(void)
{
	test_lines();
	test_ends();
	test_written();
	test_traces();
	test_pieces();
	test_failing();
	buf_release(&fed);
	return done();
}
