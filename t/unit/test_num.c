/*
 * test_num - what is a number, and what is not
 */
#include "compat.h"

#include "num.h"

#include "tap.h"

#define UNTOUCHED	UINT64_C(0xABCD)

static bool
no_number(struct span s)
{
	uint64_t v = UNTOUCHED, w = UNTOUCHED;

	return num_u64(s, 0, UINT64_MAX, &v) < 0 && v == UNTOUCHED &&
	    num_bytes(s, 0, UINT64_MAX, &v) < 0 && v == UNTOUCHED &&
	    num_seconds(s, 0, UINT64_MAX, &v) < 0 && v == UNTOUCHED &&
	    num_range(s, &v, &w) < 0 && v == UNTOUCHED && w == UNTOUCHED;
}

static bool
is(int (*f)(struct span, uint64_t, uint64_t, uint64_t *), const char *z,
    uint64_t want)
{
	uint64_t v = UNTOUCHED;

	return f(span_z(z), 0, UINT64_MAX, &v) == 0 && v == want;
}

static bool
range(const char *z, uint64_t from, uint64_t to)
{
	uint64_t a = UNTOUCHED, b = UNTOUCHED;

	return num_range(span_z(z), &a, &b) == 0 && a == from && b == to;
}

static bool
no_range(const char *z)
{
	uint64_t a = UNTOUCHED, b = UNTOUCHED;

	return num_range(span_z(z), &a, &b) < 0 && a == UNTOUCHED &&
	    b == UNTOUCHED;
}

static void
strict(void)
{
	static const char *const bad[] = { "", " ", "1 ", " 1", "+1", "0x1",
	    "1.0", "1e3", "1_000", "18446744073709551616",
	    "99999999999999999999999", "k", "s", "1kk", "1x", "\xEF\xBC\x91" };
	size_t i;

	for (i = 0; i < HR_LEN(bad); i++)
		ok(no_number(span_z(bad[i])), bad[i]);
	ok(no_number(span_of("1\0", 2)), "1 and a NUL");
	ok(no_number(span_of(NULL, 0)), "no text at all");
}

static void
numbers(void)
{
	uint64_t v = UNTOUCHED;

	ok(is(num_u64, "0", 0) && is(num_u64, "007", 7), "small");
	ok(is(num_u64, "18446744073709551615", UINT64_MAX), "largest");
	ok(num_u64(SPAN_LIT("5"), 5, 5, &v) == 0 && v == 5, "both limits");
	v = UNTOUCHED;
	ok(num_u64(SPAN_LIT("4"), 5, 6, &v) < 0 &&
	    num_u64(SPAN_LIT("7"), 5, 6, &v) < 0 && v == UNTOUCHED,
	    "outside the limits");
	ok(num_u64(span_of("123", 2), 0, 99, &v) == 0 && v == 12,
	    "ends where the span ends");
}

static void
units(void)
{
	uint64_t v = UNTOUCHED;

	ok(is(num_bytes, "7", 7) && is(num_bytes, "2k", 2048) &&
	    is(num_bytes, "2K", 2048) && is(num_bytes, "3m", 3 << 20) &&
	    is(num_bytes, "1G", 1 << 30), "bytes");
	ok(is(num_bytes, "17179869183g", UINT64_C(17179869183) << 30),
	    "the most gigabytes that fit");
	ok(num_bytes(SPAN_LIT("17179869184g"), 0, UINT64_MAX, &v) < 0 &&
	    v == UNTOUCHED, "one more does not");
	ok(num_bytes(SPAN_LIT("1k"), 0, 1023, &v) < 0, "limit after the unit");
	ok(num_bytes(SPAN_LIT("1s"), 0, UINT64_MAX, &v) < 0 &&
	    num_seconds(SPAN_LIT("1k"), 0, UINT64_MAX, &v) < 0,
	    "units of the other kind");
	ok(is(num_seconds, "90", 90) && is(num_seconds, "90s", 90) &&
	    is(num_seconds, "15m", 900) && is(num_seconds, "12H", 43200) &&
	    is(num_seconds, "30d", 2592000), "seconds");
	v = UNTOUCHED;
	ok(num_seconds(SPAN_LIT("213503982334602d"), 0, UINT64_MAX, &v) < 0 &&
	    v == UNTOUCHED, "too many days");
}

static void
ranges(void)
{
	ok(range("3-7", 3, 7) && range("3-3", 3, 3), "closed");
	ok(range("3-", 3, UINT64_MAX), "open end");
	ok(range("-7", 1, 7), "open start");
	ok(range("5", 5, 5), "one");
	ok(no_range("0") && no_range("0-3") && no_range("-0"),
	    "positions start at 1");
	ok(no_range("7-3"), "backwards");
	ok(no_range("-") && no_range("") && no_range("--") &&
	    no_range("1-2-3") && no_range("1--2") && no_range("a-b"),
	    "no ranges");
}

int
main(void)
{
	strict();
	numbers();
	units();
	ranges();
	return done();
}
