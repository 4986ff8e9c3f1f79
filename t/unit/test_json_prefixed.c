/*
 * Log lines that end in an object, read as records and written again.
 */
#include "compat.h"

#include "json_made.h"
#include "json_prefixed.h"
#include "json_style.h"
#include "tap.h"

struct read {
	struct buf	 json;
	struct buf	 how;
	bool		 exact;
	bool		 is;
};

static struct read
read_text(struct span s)
{
	struct read r = { .json = BUF_INIT, .how = BUF_INIT };

	r.is = form_find(s, &r.json, &r.how, &r.exact) == &json_prefixed_form;
	return r;
}

static void
release(struct read *r)
{
	buf_release(&r->json);
	buf_release(&r->how);
}

/* Eight lines, each of them z with its number, but for the last line end. */
static void
eight(struct buf *b, const char *before, const char *after, const char *end)
{
	unsigned i;

	buf_reset(b);
	for (i = 0; i < 8; i++) {
		if (i > 0)
			buf_adds(b, end);
		buf_adds(b, before);
		buf_addu(b, i);
		buf_adds(b, after);
	}
}

static bool
says(const struct buf *text, const char *how)
{
	struct read r = read_text(buf_span(text));
	bool good = r.is && r.exact &&
	    span_eq(buf_span(&r.how), span_z(how)) &&
	    form_named(buf_span(&r.how)) == &json_prefixed_form;

	if (!good)
		printf("# %d %d %.*s\n", r.is, r.exact, (int)r.how.len,
		    r.how.len ? r.how.p : "");
	release(&r);
	return good;
}

static bool
refused(const struct buf *text)
{
	struct read r = read_text(buf_span(text));
	bool is = r.is;

	release(&r);
	return !is;
}

static void
test_how(void)
{
	struct buf b = BUF_INIT;

	eight(&b, "a: {\"n\":", "}", "\n");
	ok(says(&b, "prefixed json without final line end"), "no last end");
	buf_adds(&b, "\n");
	ok(says(&b, "prefixed json"), "compact");
	buf_adds(&b, "\n\nx\n");
	ok(refused(&b), "eight of nine are too few");
	eight(&b, "a: {\"n\": ", "}", "\n");
	buf_adds(&b, "\nb: {\"n\": 9}\n\n\n and no more: {x}\n\n");
	ok(says(&b, "prefixed json spaced"), "nine of ten, and empty lines");
	eight(&b, "{\"n\":", ",\"s\":\"\\/\\u00E9\"}", "\r\n");
	ok(refused(&b), "no text before any object");
	buf_adds(&b, "\r\n  x {\"a\":\"\\u00EA\"}\r\n");
	ok(says(&b, "prefixed json ascii uppercase slashes with CRLF"),
	    "text before one, CRLF, escapes");
	eight(&b, "data:{\"n\":", "}", "\n");
	ok(says(&b, "prefixed json joined without final line end"),
	    "no blank between");
	eight(&b, "a  {\"n\":", "}", "\n");
	buf_adds(&b, "\n {\"n\":9}\n");
	ok(says(&b, "prefixed json joined"), "nothing but a blank in front");
	eight(&b, "{x} a{ {\"n\":", "}", "\n");
	ok(says(&b, "prefixed json without final line end"),
	    "braces in the text");
	buf_release(&b);
}

static void
test_refused(void)
{
	struct buf b = BUF_INIT;

	ok(refused(&b), "the empty text");
	eight(&b, "f() {\"n\":", "", "\n");
	ok(refused(&b), "no objects");
	eight(&b, "x", " {}", "\n");
	ok(refused(&b), "empty objects");
	eight(&b, "a {\"n\":", "}", "\r\n");
	buf_adds(&b, "\nb\n");
	ok(refused(&b), "not all ends are CRLF");
	eight(&b, "a {\"n\":", "} ", "\n");
	ok(refused(&b), "objects are not last");
	eight(&b, "\xFF {\"n\":", "}", "\n");
	ok(refused(&b), "not UTF-8");
	buf_release(&b);
}

static void
test_values(void)
{
	struct buf b = BUF_INIT;
	struct read r;

	eight(&b, "a\t {\"n\": [", "], \"n\": \"\\u0041\"}", "\n");
	r = read_text(buf_span(&b));
	ok(r.is && span_starts(buf_span(&r.json), SPAN_LIT(
	    "[{\"line\":\"a\\t\",\"json\":{\"n\":[0],\"n\":\"A\"}},"
	    "{\"line\":\"a\\t\",\"json\":{\"n\":[1]")), "canonical values");
	ok(!r.exact, "another spelling of strings does not come back");
	release(&r);
	buf_release(&b);
}

static bool
writes(const char *json, const char *how, const char *want)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	struct buf out = BUF_INIT;
	bool good;

	good = json_doc_scan(&d, span_z(json), &err) == JSON_OK &&
	    json_prefixed_form.write(&d, span_z(how), &out);
	good = want == NULL ? !good :
	    good && span_eq(buf_span(&out), span_z(want));
	json_doc_release(&d);
	buf_release(&out);
	return good;
}

static void
test_write(void)
{
	ok(writes("[{\"json\":{\"b\":1},\"line\":\"a\"},{\"line\":\"\"}]",
	    "prefixed json spaced", "a {\"b\": 1}\n\n"),
	    "members in either order");
	ok(writes("[]", "prefixed json", ""), "nothing");
	ok(writes("{}", "prefixed json", NULL) &&
	    writes("[5]", "prefixed json", NULL) &&
	    writes("[{}]", "prefixed json", NULL) &&
	    writes("[{\"line\":5}]", "prefixed json", NULL) &&
	    writes("[{\"json\":{}}]", "prefixed json", NULL) &&
	    writes("[{\"line\":\"a\\nb\"}]", "prefixed json", NULL) &&
	    writes("[{\"line\":\"\",\"line\":\"\"}]", "prefixed json", NULL) &&
	    writes("[{\"line\":\"\",\"x\":1}]", "prefixed json", NULL) &&
	    writes("[{\"line\":\"\",\"json\":[]}]", "prefixed json", NULL),
	    "no such records");
	ok(writes("[]", "prefixed", NULL) && writes("[]", "json", NULL) &&
	    writes("[]", "prefixed json line end", NULL) &&
	    writes("[]", "prefixed json indented 2", NULL) &&
	    writes("[]", "prefixed json with CRLF joined", NULL),
	    "no such words");
}

/* A made up log; m->out is for its objects, of which some are none. */
static void
made_log(struct made *m, struct buf *text, const struct json_style *st)
{
	static const char *const before[] = { "", "", "a: ", "b{ ",
	    "2026-11-27T10:00:00Z api[12]: ", "\xC3\xA9 ", "\x1B[0m| " };
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	unsigned i;
	bool joined = made_rand(m, 3) == 0;

	for (i = 0; i < 100; i++) {
		made_text(made_rand(m, 1000), m->out);
		if (json_doc_scan(&d, buf_span(m->out), &err) != JSON_OK ||
		    d.tok[0].type != JSON_OBJECT || d.ntok == 1)
			continue;
		buf_adds(text, before[made_rand(m, HR_LEN(before))]);
		if (joined)
			buf_adds(text, "=");
		json_style_write(&d, st, text);
		buf_adds(text, "\n");
		if (made_rand(m, 40) == 0)
			buf_adds(text, "\nno object {} here\n");
	}
	buf_adds(text, "last {\"a\":[],\"b\":\"x\"}\n");
	json_doc_release(&d);
}

static void
test_made(void)
{
	struct buf scratch = BUF_INIT, text = BUF_INIT;
	struct made m = { .state = 1, .out = &scratch };
	struct json_style st = JSON_STYLE_INIT;
	unsigned i, is = 0, exact = 0;
	struct read r;

	for (i = 0; i < 200; i++) {
		buf_reset(&text);
		st.ascii = i & 1;
		st.slash = i & 2;
		made_log(&m, &text, &st);
		r = read_text(buf_span(&text));
		is += r.is;
		exact += r.is && r.exact;
		release(&r);
	}
	ok(is > 100 && exact == is, "made up logs come back");
	buf_release(&scratch);
	buf_release(&text);
}

static void
test_deep(void)
{
	struct buf line = BUF_INIT, b = BUF_INIT;
	int i;

	buf_adds(&line, "a {\"n\":");
	for (i = 0; i < JSON_DEPTH_MAX - 1; i++)
		buf_adds(&line, "[");
	for (i = 0; i < JSON_DEPTH_MAX - 1; i++)
		buf_adds(&line, "]");
	buf_adds(&line, "}\n");
	for (i = 0; i < 8; i++)
		buf_addspan(&b, buf_span(&line));
	ok(refused(&b), "too deep for JSON around it");
	buf_release(&line);
	buf_release(&b);
}

int
main(void)
{
	test_how();
	test_refused();
	test_values();
	test_write();
	test_made();
	test_deep();
	return done();
}
