/*
 * json_made.h - JSON texts made up from a number
 *
 * Records of one shape, of several, with nulls, gaps, numbers in strings,
 * empty containers, escapes in either spelling, lone surrogates, repeated
 * keys, objects of objects, values that come again, JSON in strings, tools,
 * deep and flat: what squashing must bring back.
 */
#ifndef HR_JSON_MADE_H
#define HR_JSON_MADE_H

#include "compat.h"

#include "buf.h"
#include "json.h"

struct made {
	uint64_t	 state;
	struct buf	*out;
	bool		 blanks;	/* white space between tokens */
};

/* splitmix64, Steele, Lea and Flood 2014. */
static uint32_t
made_rand(struct made *m, uint32_t n)
{
	uint64_t z = m->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ z >> 31) % n);
}

static void
made_gap(struct made *m)
{
	static const char *const gap[] = { "", " ", "\n  ", "\t", "\r\n" };

	if (m->blanks)
		buf_adds(m->out, gap[made_rand(m, HR_LEN(gap))]);
}

static const char *const made_strings[] = {
	"", "a", "ok", "Running", "null", "true", "5", "5.0", "-1e5", "007",
	"+1", ".5", " lead", "trail ", "a,b", "[x", "x]", "{", "}", "a=b",
	"...", "key", "[hr: 3 rows left out]", "two\\nlines", "tab\\there",
	"quote\\\"d", "back\\\\slash", "sl\\/ash", "\\u0041", "\\u00e9",
	"\xC3\xA9", "\\ud83d\\ude00", "\xF0\x9F\x98\x80", "\\ud800",
	"\\u0000", "\\u001f", "\x7F", "https://example.org/a?b=c&d=e",
	"2024-05-01T10:00:00Z", "3 rows: a,b", "\xE2\x80\xA8",
	"a rather long text that stands for a description of something",
	"=", "=a.b", "=items[0]", "(json {a:1})", "(json", "yes unless given",
	"as above", "a{b}c", "a}b", "{[}", "[3]", "12 rows: a", "12 rows",
	"a: b", "\\u003d", "\\u003da.b", "\\u003d(json", "a\\\\u002a",
	"\\u002a", "\\\\\\u002a", "csv: [2 rows: a",
	"another text that is so long that it is rather said where it stands",
};

static void
made_string(struct made *m)
{
	buf_addc(m->out, '"');
	buf_adds(m->out, made_strings[made_rand(m, HR_LEN(made_strings))]);
	buf_addc(m->out, '"');
}

static void
made_scalar(struct made *m)
{
	static const char *const word[] = { "null", "true", "false", "0",
	    "-0", "1", "12", "1.0", "1e5", "1E+5", "0.1000",
	    "12345678901234567890", "[]", "{}", "[[]]", "[1,2]" };

	if (made_rand(m, 2))
		made_string(m);
	else
		buf_adds(m->out, word[made_rand(m, HR_LEN(word))]);
}

static void made_value(struct made *m, unsigned depth);

static void
made_member(struct made *m, uint32_t key, unsigned depth, uint32_t kind)
{
	static const char *const name[] = { "id", "name", "status", "spec",
	    "a.b", "x y", "", "n\\u0061me", "=", "...", "key", "\xC3\xBC",
	    "items", "tags", "5", "q\\\"", "a:b", "a[0]", "\\u003d",
	    "x\\\\u002a", "y\\u002a", "\\\\\\u002a", "*k" };

	buf_addc(m->out, '"');
	buf_adds(m->out, name[key % HR_LEN(name)]);
	buf_adds(m->out, "\":");
	made_gap(m);
	/* A column is mostly of one kind. */
	if (kind % 5 == 0)
		buf_adds(m->out, "\"same\"");
	else if (kind % 5 == 1)
		buf_addu(m->out, made_rand(m, 1000));
	else if (kind % 5 == 2 && depth > 0)
		made_value(m, depth - 1);
	else
		made_scalar(m);
}

/* An object with most of the members of a shape. */
static void
made_record(struct made *m, uint32_t shape, unsigned depth)
{
	uint32_t i, n = 1 + shape % 7;
	bool any = false;

	buf_addc(m->out, '{');
	for (i = 0; i < n; i++) {
		if (made_rand(m, 12) == 0)
			continue;
		if (any)
			buf_addc(m->out, ',');
		any = true;
		made_gap(m);
		made_member(m, shape / 7 + i, depth, shape / 3 + i);
	}
	if (made_rand(m, 40) == 0) {
		buf_adds(m->out, any ? ",\"rare\":" : "\"rare\":");
		made_scalar(m);
		any = true;
	}
	/* Rarely a key stands twice. */
	if (any && made_rand(m, 400) == 0) {
		buf_adds(m->out, ",\"id\":1,\"id\":2");
	}
	buf_addc(m->out, '}');
}

/* One of a few values, so that the same comes again and again. */
static void
made_again(struct made *m, unsigned depth)
{
	struct made again = { .state = made_rand(m, 4) * 31 + depth,
	    .out = m->out, .blanks = m->blanks };

	made_value(&again, depth - 1);
}

/* A string that holds JSON. */
static void
made_embedded(struct made *m, unsigned depth)
{
	struct buf text = BUF_INIT;
	struct made inner = { .state = m->state, .out = &text };

	buf_adds(&text, "{\"a rather long name\":[1,2,{\"ok\":true}],\"v\":");
	made_value(&inner, depth - 1);
	buf_addc(&text, '}');
	m->state = inner.state;
	json_quote(buf_span(&text), m->out);
	buf_release(&text);
}

/* A tool with a schema, whose list of what is required has any order. */
static void
made_tool(struct made *m, unsigned depth)
{
	uint32_t i, n = 1 + made_rand(m, 5), from = made_rand(m, n);
	bool list = made_rand(m, 4) != 0, before = made_rand(m, 3) == 0;

	buf_adds(m->out, "{\"name\":\"tool\",\"input_schema\":{");
	if (list && before)
		buf_adds(m->out, "\"required\":[\"p0\"],");
	buf_adds(m->out, "\"properties\":{");
	for (i = 0; i < n; i++) {
		buf_addf(m->out, "%s\"p%u\":", i > 0 ? "," : "",
		    made_rand(m, 30) == 0 ? 0 : i);
		made_value(m, depth - 1);
	}
	buf_adds(m->out, "},\"type\":\"object\"");
	if (list && (!before || made_rand(m, 10) == 0))
		buf_addf(m->out, ",\"required\":[\"p%u\",\"p%u\"]", from,
		    from + made_rand(m, 3));
	buf_adds(m->out, "}}");
}

/* Records whose kind says which members they have. */
static void
made_kinds(struct made *m, unsigned depth)
{
	static const char *const name[] = { "push", "pull", "=x", "a b",
	    "long.name-of-a-kind" };
	uint32_t i, k, n = 6 + made_rand(m, 20), of = 2 + made_rand(m, 4);

	buf_addc(m->out, '[');
	for (i = 0; i < n; i++) {
		k = made_rand(m, of);
		buf_addf(m->out, "%s{\"n\":%u,\"type\":\"%s\"",
		    i > 0 ? "," : "", i, name[k]);
		if (made_rand(m, 20) == 0)
			buf_adds(m->out, ",\"rare\":[{}]");
		buf_addf(m->out, ",\"the_one_of_%u\":%u,\"another_%u\":", k,
		    made_rand(m, 3), k);
		made_value(m, depth - 1);
		buf_addf(m->out, ",\"and_a_third_of_%u\":\"same\"}", k);
	}
	buf_addc(m->out, ']');
}

static void
made_value(struct made *m, unsigned depth)
{
	uint32_t kind = made_rand(m, 6), shape = made_rand(m, 5000), i, n;

	n = made_rand(m, 4) == 0 ? made_rand(m, 40) : made_rand(m, 5);
	if (depth == 0 || kind == 0) {
		made_scalar(m);
		return;
	}
	if (made_rand(m, 5) == 0) {
		made_again(m, depth);
		return;
	}
	if (made_rand(m, 15) == 0) {
		made_tool(m, depth);
		return;
	}
	if (made_rand(m, 20) == 0) {
		made_kinds(m, depth);
		return;
	}
	if (made_rand(m, 12) == 0) {
		made_embedded(m, depth);
		return;
	}
	if (kind == 1) {
		made_record(m, shape, depth - 1);
		return;
	}
	buf_addc(m->out, kind == 2 ? '{' : '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(m->out, ',');
		made_gap(m);
		if (kind == 2) {
			buf_adds(m->out, "\"k");
			buf_addu(m->out, i);
			buf_adds(m->out, "\":");
		}
		if (kind == 5)
			made_value(m, depth - 1);
		else
			made_record(m, shape, depth - 1);
	}
	made_gap(m);
	buf_addc(m->out, kind == 2 ? '}' : ']');
}

/* Text number n, in out; the same for the same n. */
static void
made_text(uint64_t n, struct buf *out)
{
	struct made m = { .state = n * 977, .out = out };
	uint32_t i, lines, shape;

	buf_reset(out);
	m.blanks = made_rand(&m, 3) == 0;
	if (made_rand(&m, 4) != 0) {
		made_value(&m, 4);
		return;
	}
	m.blanks = false;
	lines = 2 + made_rand(&m, 30);
	shape = made_rand(&m, 5000);
	for (i = 0; i < lines; i++) {
		made_record(&m, shape, 2);
		buf_addc(out, '\n');
	}
}

#endif
