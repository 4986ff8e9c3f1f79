/*
 * json strings - decode and encode
 */
#include "compat.h"

#include "json.h"
#include "tap.h"

static bool
decodes(struct span body, struct span want)
{
	struct buf out = BUF_INIT;
	bool same;

	json_decode(body, &out);
	same = !buf_err(&out) && span_eq(buf_span(&out), want);
	buf_release(&out);
	return same;
}

static bool
encodes(struct span s, struct span want)
{
	struct buf out = BUF_INIT;
	bool same;

	json_encode(s, &out);
	same = !buf_err(&out) && span_eq(buf_span(&out), want);
	buf_release(&out);
	return same;
}

static void
test_decode(void)
{
	ok(decodes(span_of(NULL, 0), span_of(NULL, 0)), "nothing");
	ok(decodes(SPAN_LIT("plain"), SPAN_LIT("plain")), "no escapes");
	ok(decodes(SPAN_LIT("\\\"\\\\\\/\\b\\f\\n\\r\\t"),
	    SPAN_LIT("\"\\/\b\f\n\r\t")), "short escapes");
	ok(decodes(SPAN_LIT("\\u0041\\u00e9\\u20AC"),
	    SPAN_LIT("A\303\251\342\202\254")), "characters by number");
	ok(decodes(SPAN_LIT("\\u0000"), SPAN_LIT("\0")), "NUL");
	ok(decodes(SPAN_LIT("\\ud83d\\ude00\\uDBFF\\uDFFF"),
	    SPAN_LIT("\360\237\230\200\364\217\277\277")), "pairs");
	ok(decodes(SPAN_LIT("\\ud83d"), SPAN_LIT("\355\240\275")),
	    "high surrogate alone");
	ok(decodes(SPAN_LIT("\\ude00x"), SPAN_LIT("\355\270\200x")),
	    "low surrogate alone");
	ok(decodes(SPAN_LIT("\\ud83d\\ud83d\\ude00"),
	    SPAN_LIT("\355\240\275\360\237\230\200")), "high, then a pair");
	ok(decodes(SPAN_LIT("\\ud83d\\u0041"),
	    SPAN_LIT("\355\240\275A")), "high, then a letter");
	ok(decodes(SPAN_LIT("\\\\u0041"), SPAN_LIT("\\u0041")),
	    "escaped backslash");
}

/* Bodies that are not valid are kept, or at least survived. */
static void
test_invalid(void)
{
	ok(decodes(SPAN_LIT("a\\"), SPAN_LIT("a\\")), "backslash at the end");
	ok(decodes(SPAN_LIT("\\u12"), SPAN_LIT("\\u12")), "short number");
	ok(decodes(SPAN_LIT("\\u12x4"), SPAN_LIT("\\u12x4")), "bad number");
	ok(decodes(SPAN_LIT("\\ud83d\\u"), SPAN_LIT("\355\240\275\\u")),
	    "pair cut short");
	ok(encodes(SPAN_LIT("\355\240"), SPAN_LIT("\355\240")),
	    "surrogate cut short");
	ok(encodes(SPAN_LIT("\377\300"), SPAN_LIT("\377\300")),
	    "bytes that are no UTF-8");
}

static void
test_encode(void)
{
	struct buf out = BUF_INIT;

	ok(encodes(span_of(NULL, 0), span_of(NULL, 0)), "nothing");
	ok(encodes(SPAN_LIT("a/b\177\303\251"), SPAN_LIT("a/b\177\303\251")),
	    "what needs no escape");
	ok(encodes(SPAN_LIT("\"\\\b\f\n\r\t"),
	    SPAN_LIT("\\\"\\\\\\b\\f\\n\\r\\t")), "short escapes");
	ok(encodes(SPAN_LIT("\0\001\013\037"),
	    SPAN_LIT("\\u0000\\u0001\\u000b\\u001f")), "control bytes");
	ok(encodes(SPAN_LIT("\355\237\277\355\240\200\355\277\277"),
	    SPAN_LIT("\355\237\277\\ud800\\udfff")), "surrogates");
	json_quote(SPAN_LIT("x\"y"), &out);
	ok(span_eq(buf_span(&out), SPAN_LIT("\"x\\\"y\"")), "quotes");
	buf_release(&out);
	out.max = 4;
	json_quote(SPAN_LIT("x\"y"), &out);
	ok(buf_err(&out) != 0, "the ceiling of the buffer holds");
	buf_release(&out);
}

/*
 * Every \uXXXX alone, and before and behind a letter, a pair's first half and
 * its second: what encode makes of the meaning is valid and means the same.
 */
static void
test_inverse(void)
{
	static const char *const frame[][2] = {
		{ "", "" }, { "a", "b" }, { "\\ud800", "" },
		{ "", "\\udc00" }, { "\\ud800", "\\udc00" }
	};
	struct buf body = BUF_INIT, plain = BUF_INIT, quoted = BUF_INIT,
	    again = BUF_INIT;
	struct json_err err;
	size_t i, n, bad = 0;
	unsigned c;

	for (c = 0; c < 0x10000; c++)
		for (i = 0; i < HR_LEN(frame); i++) {
			buf_reset(&body);
			buf_reset(&plain);
			buf_reset(&quoted);
			buf_reset(&again);
			buf_addf(&body, "%s\\u%04X%s", frame[i][0], c,
			    frame[i][1]);
			json_decode(buf_span(&body), &plain);
			json_quote(buf_span(&plain), &quoted);
			json_decode(span_of(quoted.p + 1, quoted.len - 2),
			    &again);
			bad += json_scan(buf_span(&quoted), NULL, 0, &n,
			    &err) != JSON_OK ||
			    !span_eq(buf_span(&plain), buf_span(&again));
		}
	ok(bad == 0, "decode and encode are inverse");
	buf_release(&body);
	buf_release(&plain);
	buf_release(&quoted);
	buf_release(&again);
}

static bool
worth(const char *z, double want)
{
	double x;

	return json_number(span_z(z), &x) && x >= want && x <= want;
}

static void
test_number(void)
{
	double x;
	char nines[JSON_NUMBER_MAX + 2];

	ok(worth("0", 0) && worth("-17", -17) && worth("1.5", 1.5) &&
	    worth("-2E+3", -2000) && worth("999999999999999999", 1e18) &&
	    worth("1234567890123456789012", 1234567890123456789012.0),
	    "numbers are worth what they say");
	memset(nines, '9', sizeof(nines));
	ok(json_number(span_of(nines, JSON_NUMBER_MAX), &x) &&
	    !json_number(span_of(nines, JSON_NUMBER_MAX + 1), &x) &&
	    !json_number(span_z("1e999"), &x),
	    "but for those too long, or beyond a double");
}

int
main(void)
{
	test_number();
	test_decode();
	test_invalid();
	test_encode();
	test_inverse();
	return done();
}
