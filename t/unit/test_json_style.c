/*
 * JSON as programs write it: found, and written again byte for byte.
 */
#include "compat.h"

#include "json_made.h"
#include "json_style.h"
#include "tap.h"

#define TEXTS	600
#define GAPS	(3 + JSON_INDENT_MAX)	/* compact, spaced, a tab, blanks */
#define STYLES	(GAPS * 64)

/* Style number n of all that there are. */
static struct json_style
style(unsigned n)
{
	struct json_style st = JSON_STYLE_INIT;
	unsigned gaps = n % GAPS;

	if (gaps == 1)
		st.gaps = JSON_SPACED;
	if (gaps >= 2) {
		st.gaps = JSON_INDENTED;
		st.indent = gaps - 2;
	}
	n /= GAPS;
	st.ascii = n & 1;
	st.upper = n >> 1 & 1;
	st.html = n >> 2 & 1;
	st.slash = n >> 3 & 1;
	st.newline = n >> 4 & 1;
	st.separators = n >> 5 & 1;
	return st;
}

static bool
same_style(const struct json_style *a, const struct json_style *b)
{
	return a->gaps == b->gaps && a->indent == b->indent &&
	    a->ascii == b->ascii && a->upper == b->upper &&
	    a->html == b->html && a->separators == b->separators &&
	    a->slash == b->slash && a->newline == b->newline;
}

/* Text s written in style st. */
static bool
restyle(struct span s, const struct json_style *st, struct buf *out)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	bool ok = json_doc_scan(&d, s, &err) == JSON_OK;

	buf_reset(out);
	if (ok)
		json_style_write(&d, st, out);
	json_doc_release(&d);
	return ok && !buf_err(out);
}

/* Through the canonical text and the words: the same bytes. */
static bool
comes_back(struct span text)
{
	static const struct json_style plain = JSON_STYLE_INIT;
	struct buf canon = BUF_INIT, words = BUF_INIT, out = BUF_INIT;
	struct json_style st, st2;
	bool good = json_style_find(text, &st) &&
	    restyle(text, &plain, &canon);

	json_style_words(&st, &words);
	good = good && json_style_parse(buf_span(&words), &st2) &&
	    same_style(&st, &st2) && restyle(buf_span(&canon), &st2, &out) &&
	    span_eq(buf_span(&out), text);
	buf_release(&canon);
	buf_release(&words);
	buf_release(&out);
	return good;
}

static bool
found(const char *z, const char *words)
{
	struct buf b = BUF_INIT;
	struct json_style st;
	bool good = json_style_find(span_z(z), &st);

	if (good)
		json_style_words(&st, &b);
	good = good && span_eq(buf_span(&b), span_z(words)) &&
	    comes_back(span_z(z));
	if (!good)
		printf("# %s\n# %.*s\n", z, (int)b.len, b.len ? b.p : "");
	buf_release(&b);
	return good;
}

static bool
unknown(const char *z)
{
	struct json_style st;

	return !json_style_find(span_z(z), &st);
}

static void
test_found(void)
{
	ok(found("{\"a\":[1,2]}", "json") && found("[]", "json") &&
	    found("{}\n", "json line end"), "compact");
	ok(found("{\"a\": [1, 2]}", "json spaced") &&
	    found("[[], {}]", "json spaced") &&
	    found("{\"a\": 1}", "json spaced"), "with blanks");
	ok(found("{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {}\n}",
	    "json indented 2") &&
	    found("[\n\t1,\n\t{\n\t\t\"a\": 2\n\t}\n]\n",
	    "json indented by tabs line end") &&
	    found("[\n        1\n]", "json indented 8"), "indented");
	ok(found("[\"\\u00e9\", \"\\ud83d\\ude00\"]", "json spaced ascii") &&
	    found("[\"\\u00E9\"]", "json ascii uppercase") &&
	    found("[\"\\u007f\"]", "json ascii"), "all but ASCII escaped");
	ok(found("[\"a\\/b\"]", "json slashes"), "slashes escaped");
	ok(found("[\"\\u003cb\\u003e \\u0026\"]", "json html") &&
	    found("[\"<\\u2029\xC3\xA9\"]", "json separators") &&
	    found("[\"\\u2028\\u00e9\"]", "json ascii"),
	    "as for HTML, as for JavaScript");
	ok(found("[\"\\ud800\", \"\\u001f\\n\"]", "json spaced") &&
	    found("[\"\\uD800\"]", "json uppercase"),
	    "what has no other spelling says nothing");
	ok(found("{\"a\":1,\"a\":1.0,\"b\":-0e5}", "json"),
	    "repeated keys and spellings of numbers stay");
}

static void
test_unknown(void)
{
	ok(unknown("") && unknown("\n") && unknown("5") && unknown("\"a\"") &&
	    unknown("null") && unknown("{") && unknown("{x}") &&
	    unknown("[hr: 3 rows left out]"), "no object, no array");
	ok(unknown(" {}") && unknown("{} ") && unknown("{}\n\n") &&
	    unknown("{}\r\n") && unknown("{ }"), "white space around or in");
	ok(unknown("[1, 2,3]") && unknown("[1,2, 3]") &&
	    unknown("{\"a\":1, \"b\":2}") && unknown("{\"a\" : 1}"),
	    "blanks here and there");
	ok(unknown("[\n 1,\n  2\n]") && unknown("[\n1\n]") &&
	    unknown("[\n         1\n]") && unknown("[\n  1]") &&
	    unknown("[\n \t1\n]") && unknown("[\n\t\t1\n]") &&
	    unknown("[\n  1,\n  [\n  ]\n]") && unknown("[\n  1,\n  2\n ]"),
	    "odd indentation");
	ok(unknown("[\"\\u0041\"]") && unknown("[\"\\u000a\"]") &&
	    unknown("[\"\\u00e9\",\"\xC3\xA9\"]") &&
	    unknown("[\"\\u00e9\",\"\\u00EA\"]") &&
	    unknown("[\"\\/\",\"/\"]") && unknown("[\"\\u003c\",\"<\"]"),
	    "strings spelt in two ways, or in none that is known");
}

static bool
parses(const char *z)
{
	struct json_style st;

	return json_style_parse(span_z(z), &st);
}

static void
test_words(void)
{
	struct buf b = BUF_INIT;
	struct json_style st, st2;
	unsigned n;
	bool good = true;

	for (n = 0; n < STYLES; n++) {
		st = style(n);
		buf_reset(&b);
		json_style_words(&st, &b);
		good = good && json_style_parse(buf_span(&b), &st2) &&
		    same_style(&st, &st2);
	}
	ok(good, "words of every style say that style");
	ok(parses("json") && !parses("") && !parses("jso") &&
	    !parses("json ") && !parses("jsonp") && !parses("json indented") &&
	    !parses("json indented ") && !parses("json indented 0") &&
	    !parses("json indented 9") && !parses("json indented 22") &&
	    !parses("json slashes ascii") && !parses("json spaced spaced"),
	    "other words say none");
	buf_release(&b);
}

/* As many styles as there are, of made up texts, come back. */
static void
test_made(void)
{
	struct buf text = BUF_INIT, styled = BUF_INIT;
	struct json_style st;
	unsigned i, tried = 0, good = 0;

	for (i = 0; i < TEXTS; i++) {
		st = style(i * 7);
		made_text(i, &text);
		if (text.len == 0 || (text.p[0] != '{' && text.p[0] != '[') ||
		    !restyle(buf_span(&text), &st, &styled))
			continue;
		tried++;
		if (comes_back(buf_span(&styled)))
			good++;
		else
			printf("# text %u\n", i);
	}
	ok(tried > TEXTS / 3 && good == tried,
	    "made up texts in all styles come back");
	buf_release(&text);
	buf_release(&styled);
}

static void
test_deep(void)
{
	struct buf b = BUF_INIT, out = BUF_INIT;
	struct json_style st = JSON_STYLE_INIT;
	int i;

	for (i = 0; i < JSON_DEPTH_MAX; i++)
		buf_addc(&b, '[');
	for (i = 0; i < JSON_DEPTH_MAX; i++)
		buf_addc(&b, ']');
	ok(comes_back(buf_span(&b)), "as deep as JSON goes");
	st.gaps = JSON_INDENTED;
	st.indent = JSON_INDENT_MAX;
	ok(restyle(buf_span(&b), &st, &out) && comes_back(buf_span(&out)),
	    "and indented");
	buf_release(&out);
	out = (struct buf)BUF_INIT;
	out.max = 1000;
	ok(!restyle(buf_span(&b), &st, &out), "no further than the ceiling");
	buf_release(&b);
	buf_release(&out);
}

int
main(void)
{
	test_found();
	test_unknown();
	test_words();
	test_made();
	test_deep();
	return done();
}
