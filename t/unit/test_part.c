/*
 * test_part - pieces of a text
 */
#include "compat.h"

#include "buf.h"
#include "part.h"
#include "tap.h"

static struct buf b = BUF_INIT;
static unsigned runs;

static bool
is(struct span s, const char *z)
{
	return span_eq(s, span_z(z));
}

static bool
collect(void *arg, struct span run)
{
	const unsigned *most = arg;

	buf_addspan(&b, run);
	return ++runs < *most;
}

static uint64_t
grep(struct span s, const char *pattern, unsigned most)
{
	uint64_t n;
	regex_t re;

	buf_reset(&b);
	runs = 0;
	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return 999;
	n = part_grep(s, &re, collect, &most);
	regfree(&re);
	return n;
}

static void
test_ranges(void)
{
	struct span s = SPAN_LIT("one\ntwo\n\nfour");

	ok(is(part_lines(s, 1, 1), "one\n"), "first line");
	ok(is(part_lines(s, 2, 3), "two\n\n"), "an empty line");
	ok(is(part_lines(s, 4, UINT64_MAX), "four"), "no newline at the end");
	ok(part_lines(s, 5, 9).n == 0, "past the end");
	ok(is(part_lines(SPAN_LIT("a\n"), 1, UINT64_MAX), "a\n"), "all");
	ok(part_lines(SPAN_LIT("a\n"), 2, 2).n == 0, "no line past newline");
	ok(part_lines(SPAN_LIT(""), 1, 1).n == 0, "of nothing");
	ok(is(part_bytes(s, 1, 1), "o"), "first byte");
	ok(is(part_bytes(s, 5, 7), "two"), "in the middle");
	ok(is(part_bytes(s, 13, UINT64_MAX), "r"), "last byte");
	ok(part_bytes(s, 14, 20).n == 0, "past the end");
	ok(part_bytes(s, UINT64_MAX, UINT64_MAX).n == 0, "far past it");
}

static void
test_grep(void)
{
	struct span s = SPAN_LIT("alpha\nbeta\0gamma\n\nalpha beta\ndelta");

	ok(grep(s, "alpha", 9) == 2 && is(buf_span(&b),
	    "alpha\nalpha beta\n"), "two lines");
	ok(grep(s, "^alpha$", 9) == 1, "anchors are a line's");
	ok(grep(s, "gamma", 9) == 1 && span_eq(buf_span(&b),
	    SPAN_LIT("beta\0gamma\n")), "behind a NUL byte");
	ok(grep(s, "^gamma", 9) == 0, "which ends no line");
	ok(grep(s, "^$", 9) == 1 && is(buf_span(&b), "\n"), "an empty line");
	ok(grep(s, "a", 9) == 4 && runs == 2, "runs are long");
	ok(grep(s, "alpha", 1) == 1 && runs == 1, "until told to stop");
	ok(grep(s, "delta$", 9) == 1 && is(buf_span(&b), "delta"),
	    "a last line without newline");
	ok(grep(SPAN_LIT(""), "^", 9) == 0, "of nothing");
}

int
main(void)
{
	test_ranges();
	test_grep();
	buf_release(&b);
	return done();
}
