/*
 * test_log - the parts of squash_log: terminal, masks, levels, traces and so on
 */
#include "compat.h"

#include "log_mask.h"
#include "log_near.h"
#include "log_own.h"
#include "log_query.h"
#include "log_term.h"
#include "log_trace.h"
#include "tap.h"

static bool
shows(struct span in, struct span want)
{
	struct buf b = BUF_INIT;
	bool good = log_term(in, &b) == 0 && span_eq(buf_span(&b), want);

	if (!good)
		printf("# '%.*s'\n", (int)b.len, b.p);
	buf_release(&b);
	return good;
}

#define SHOWS(in, want)	shows(SPAN_LIT(in), SPAN_LIT(want))

static void
test_term(void)
{
	ok(SHOWS("\033[1;31mred\033[0m\n", "red\n"), "colours go");
	ok(SHOWS("\033]0;title\ax\033]8;;http://a\033\\y\n", "xy\n"),
	    "titles and links go");
	ok(SHOWS("10%\r50%\r100%\nx\n", "100%\nx\n"), "written over");
	ok(SHOWS("abcdef\rxy\n", "xycdef\n"), "what is not stays");
	ok(SHOWS("abcdef\r\033[Kxy\n", "xy\n"), "erased to the end");
	ok(SHOWS("abcdef\033[2K\rxy\n", "xy\n"), "erased as a whole");
	ok(SHOWS("abc\033[1K\rx\n", "x  \n"), "erased to the beginning");
	ok(SHOWS("|\b/\b-\b\\\bok\n", "ok\n"), "a spinner");
	ok(SHOWS("abc\033[2Dx\033[5Gy\033[Cz\n", "axc y z\n"), "moves");
	ok(SHOWS("a\r\nb\r\n", "a\r\nb\r\n"), "CRLF stays");
	ok(SHOWS("10%\r20%\r\r\n", "20%\r\n"), "so at the end of progress");
	ok(SHOWS("a\0b\rc\0\n", "c\0b\n"), "NUL is data");
	ok(SHOWS("\303\244\303\266\rx\n", "x\303\266\n"),
	    "a character is a column");
	ok(SHOWS("\377\rx\n", "x\n"), "an odd byte too");
	ok(SHOWS("a\nb\033[1A\033[2K\033[1mc\rd\n",
	    "a\nb\033[1A\033[2Kc\rd\n"),
	    "lines with moves to others lose their colours alone");
	ok(SHOWS("\033[", "["), "half a sequence");
	ok(SHOWS("\033", ""), "less");
	ok(SHOWS("\033x\b[31mred", "[31mred"), "none comes about anew");
	ok(SHOWS("a\033[99Gb\n", "a\033[99Gb\n"), "nothing gets longer");
	ok(!log_term_noisy(SPAN_LIT("a\r\nb\r")), "no noise");
	ok(log_term_noisy(SPAN_LIT("a\r\nb\rc")), "noise");
}

static bool
masked(enum log_depth depth, const char *in, const char *want)
{
	struct buf b = BUF_INIT;
	bool good;

	log_mask(span_z(in), depth, &b);
	good = span_eq(buf_span(&b), span_z(want));
	if (!good)
		printf("# '%.*s'\n", (int)b.len, b.p);
	buf_release(&b);
	return good;
}

#define MASKED(in, want)	masked(LOG_MASK, in, want)
#define DEEP(in, want)		masked(LOG_MASK_DEEP, in, want)

static void
test_mask(void)
{
	ok(MASKED("2024-01-02T03:04:05.678Z x", "#Z x"), "ISO time");
	ok(MASKED("Jun 14 15:16:01 combo su[12]: x", "# combo su[#]: x"),
	    "syslog time");
	ok(MASKED("[Sun Dec 04 04:47:44 2005] x", "[#] x"), "ctime");
	ok(MASKED("[17/May/2015:10:05:03 +0000]", "[# +#]"), "CLF time");
	ok(MASKED("may 3 days", "may # days"), "a word that is no month");
	ok(MASKED("from 10.0.0.1:80 in 12.5ms", "from # in #ms"),
	    "addresses, durations");
	ok(MASKED("blk_-12 x=-3 a-4 -5", "blk_# x=# a-#"), "signs");
	ok(MASKED("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301.", "id #."),
	    "UUID");
	ok(MASKED("at 0xDEADbeef, deadbee1", "at #, #"), "hexadecimal");
	ok(MASKED("decade defaced", "decade defaced"), "words are none");
	ok(MASKED("fe80:0:1:2::3 00:1a:2b:3c:4d:5e x:y", "# x:y"),
	    "IPv6 and MAC");
	ok(MASKED("req-a8f3k2m9x7q1w5e4", "req-#"), "a long id");
	ok(MASKED("utf8  \t x", "utf# x"), "blanks are one");
	ok(MASKED("user=alice f", "user=alice f"), "words stay");
	ok(DEEP("user=alice at a.b.c, \"x y\" ok", "user=# at #, \"#\" ok"),
	    "the deep mask takes values");
	ok(DEEP("\"a\" and 'b c' isn't a 'd'", "\"#\" and '#' isn't a '#'"),
	    "not what stands between");
}

static bool
level_is(const char *line, enum log_level want, const char *rest)
{
	struct span s = span_z(line);
	size_t end;

	return log_level(s, &end) == want &&
	    span_eq(span_skip(s, end), span_z(rest));
}

static void
test_level(void)
{
	ok(level_is("12:00:00 ERROR a: b", LOG_ERROR, " a: b"), "ERROR");
	ok(level_is("[x] [error] b", LOG_ERROR, "] b"), "[error]");
	ok(level_is("t=1 level=error msg=b", LOG_ERROR, " msg=b"), "logfmt");
	ok(level_is("{\"level\":\"fatal\",\"m\":1}", LOG_ERROR,
	    "\",\"m\":1}"), "JSON");
	ok(level_is("12:00 INFO no ERROR", LOG_INFO, " no ERROR"),
	    "the first one counts");
	ok(level_is("03-17 16:13:38.811  1702 E Tag: x", LOG_ERROR,
	    " Tag: x"), "Android");
	ok(level_is("2016-09-28 04:30:30, Error    CBS  x", LOG_ERROR,
	    "    CBS  x") && level_is("2024-01-02T03:04:05Z\terror\tx",
	    LOG_ERROR, "\tx"), "any case right behind the time");
	ok(level_is("12:00:00 I/O is slow", LOG_NONE, "12:00:00 I/O is slow"),
	    "I/O is no level");
	ok(level_is("W0619 12:00:00 f.go:1] x", LOG_WARN,
	    "0619 12:00:00 f.go:1] x"), "glog");
	ok(level_is("an error, I think: warn", LOG_NONE,
	    "an error, I think: warn"), "prose");
	ok(log_timed(SPAN_LIT("x 12:00:00")) &&
	    log_timed(SPAN_LIT("1700000000 x")) &&
	    !log_timed(SPAN_LIT("a.c:12:13: x")), "times");
	ok(log_located(SPAN_LIT("src/a.c:12: x")) &&
	    log_located(SPAN_LIT("at X.java(7)")) &&
	    log_located(SPAN_LIT("In a.sh line 12:")) &&
	    log_located(SPAN_LIT("  12:5  error")) &&
	    log_located(SPAN_LIT("  7) adds")) &&
	    log_located(SPAN_LIT("commit 0123456789abcdef0123456789abcdef"
	    "01234567")) && !log_located(SPAN_LIT("md5 0123456789abcdef"
	    "0123456789abcdef 0123456789")) &&
	    !log_located(SPAN_LIT("12:5 line x")) &&
	    !log_located(SPAN_LIT("a.b c:1 1.2:3")), "places");
	ok(log_stamp(SPAN_LIT("2024-01-02T03:04:05.6Z x")) == 23 &&
	    log_stamp(SPAN_LIT("[2024-01-02 03:04:05] x")) == 22 &&
	    log_stamp(SPAN_LIT("2024-01-02 x")) == 0, "stamps");
}

/* Whether just the first n of the lines, up to NULL, are one trace. */
static bool
trace_is(const char *const *line, size_t n)
{
	struct log_trace t = LOG_TRACE_INIT;
	size_t i = 1;

	if (!log_trace_begins(&t, span_z(line[0]), span_z(line[1])))
		return n == 0;
	while (line[i] != NULL && log_trace_goes_on(&t, span_z(line[i])))
		i++;
	if (i != n)
		printf("# %zu lines\n", i);
	return i == n;
}

#define TRACE(n, ...)	trace_is((const char *const []){ __VA_ARGS__, NULL }, n)

static void
test_trace(void)
{
	ok(TRACE(4, "Traceback (most recent call last):",
	    "  File \"a.py\", line 1, in f", "    g()", "ValueError: x", "y"),
	    "Python");
	ok(TRACE(9, "Traceback (most recent call last):",
	    "  File \"a.py\", line 1, in f", "KeyError: 'x'", "",
	    "During handling of the above exception, another exception "
	    "occurred:", "", "Traceback (most recent call last):",
	    "  File \"a.py\", line 3, in g", "ValueError: x", "y"),
	    "and what it led to");
	ok(TRACE(5, "ERROR x", "\tat a.b(C.java:1)", "\tat a.c(C.java:2)",
	    "Caused by: y", "\t... 3 more", "INFO z"), "Java");
	ok(TRACE(3, "Error: x", "    at f (a.js:1:2)", "    at g (a.js:3:4)",
	    "ok"), "JavaScript");
	ok(TRACE(5, "Error: x", "    at f (a.js:1:2) {", "  code: 1,",
	    "  [cause]: Error: y", "}", "ok"), "with what is in the error");
	ok(TRACE(4, "System.X: y", "   at A.B() in C.cs:line 1",
	    "--- End of inner exception stack trace ---",
	    "   at A.C() in C.cs:line 2", "z"), "C#");
	ok(TRACE(3, "Unhandled exception. System.X: y", " ---> System.Z: w",
	    "   at A.C() in C.cs:line 2", "z"), "one in another");
	ok(TRACE(5, "panic: x", "", "goroutine 1 [running]:", "main.f()",
	    "\t/a.go:1 +0x1", "", "exit status 2"), "Go");
	ok(TRACE(8, "panic: x", "[signal SIGSEGV: y]", "",
	    "goroutine 7 [running]:", "net/http.(*conn).serve(0x1, {0x2, 3})",
	    "\t/b.go:2", "created by main.f in goroutine 1", "\t/a.go:1",
	    "12:00:00 INFO served (1)"), "and no line behind it");
	ok(TRACE(5, "thread main panicked at a.rs:1:", "stack backtrace:",
	    "   0: std::f", "             at a.rs:1", "   1: main", "x"),
	    "Rust");
	ok(TRACE(3, "2024-01-02T03:04:05Z Traceback (most recent call last)",
	    "2024-01-02T03:04:05Z   File \"a\", line 1",
	    "2024-01-02T03:04:05Z X: y", "2024-01-02T03:04:05Z z"),
	    "behind times");
	ok(TRACE(0, "INFO x", "INFO y"), "lines are none");
}

static void
test_own(void)
{
	ok(log_own(SPAN_LIT("[hr: 2 of 5 lines shown]\na\n"
	    "[hr: 3 lines left out; x]\nb\n")), "sums that are right");
	ok(!log_own(SPAN_LIT("[hr: 2 of 6 lines shown]\na\n"
	    "[hr: 3 lines left out; x]\nb\n")), "a wrong total");
	ok(!log_own(SPAN_LIT("[hr: 2 of 5 lines shown]\na\n"
	    "[hr: 3 lines left out]\nb\nc\n")), "a line more");
	ok(!log_own(SPAN_LIT("[hr: 2 of 5 lines shown\n")), "no mark");
	ok(!log_own(SPAN_LIT("[hr: 99999999999999999999 of 5 lines shown]")),
	    "no number");
}

static void
test_query(void)
{
	struct log_query q;

	ok(!log_query_open(&q, SPAN_LIT("a b ?")), "no word");
	ok(log_query_open(&q, SPAN_LIT("what about Order 4711")), "words");
	log_query_count(&q, SPAN_LIT("x order=4711"));
	log_query_choose(&q, 10);
	ok(log_query_hit(&q, SPAN_LIT("ORDER-9")) &&
	    !log_query_hit(&q, SPAN_LIT("47110 border")), "whole words");
}

static void
test_near(void)
{
	struct log_near m = LOG_NEAR_INIT;
	struct buf line = BUF_INIT, out = BUF_INIT;
	size_t base, i;

	for (i = 0; i < 200; i++)
		buf_addf(&line, "option%c%c=%zu ", (char)('a' + i % 26),
		    (char)('a' + i / 26), i);
	base = line.len;
	ok(!log_near(&m, buf_span(&line), &out), "the first of its kind");
	buf_adds(&line, "colour 17");
	ok(log_near(&m, buf_span(&line), &out) && out.len == 6 &&
	    memcmp(out.p, "colour", 6) == 0, "a word that is new is told");
	buf_reset(&out);
	ok(log_near(&m, buf_span(&line), &out) && out.len == 0, "once");
	buf_truncate(&line, base);
	for (i = 0; i < 9; i++)
		buf_addf(&line, "word%c ", (char)('a' + i));
	ok(!log_near(&m, buf_span(&line), &out) && out.len == 0,
	    "nine are another line");
	memcpy(line.p, "unlike", 6);
	ok(!log_near(&m, buf_span(&line), &out), "and so is another begin");
	buf_truncate(&line, 900);
	ok(!log_near(&m, buf_span(&line), &out), "short lines are none");
	log_near_release(&m);
	buf_release(&line);
	buf_release(&out);
}

int
main(void)
{
	test_term();
	test_mask();
	test_level();
	test_trace();
	test_own();
	test_near();
	test_query();
	return done();
}
