/*
 * YAML texts: which are read, as what, and which are refused.
 */
#include "compat.h"

#include "tap.h"
#include "yaml_form.h"
#include "yaml_scalar.h"

static struct buf json = BUF_INIT, how = BUF_INIT;

static bool
read_span(struct span s)
{
	buf_reset(&json);
	buf_reset(&how);
	return yaml_form.read(s, &json, &how);
}

/* Whether z is read as want, in these words. */
static bool
reads_as(const char *z, const char *want, const char *want_how)
{
	bool good = read_span(span_z(z)) &&
	    span_eq(buf_span(&json), span_z(want)) &&
	    span_eq(buf_span(&how), span_z(want_how));

	if (!good)
		printf("# %.*s\n", (int)json.len, json.len ? json.p : "");
	return good;
}

/* The value of a member v that is written so, in a text of its own. */
static bool
value(const char *z, const char *want)
{
	struct buf text = BUF_INIT, full = BUF_INIT;
	bool good;

	buf_adds(&text, "a: 1\nb: 2\nv: ");
	buf_adds(&text, z);
	buf_adds(&text, "\nc: 3\n");
	buf_adds(&full, "{\"a\":1,\"b\":2,\"v\":");
	buf_adds(&full, want != NULL ? want : "");
	buf_adds(&full, ",\"c\":3}");
	good = read_span(buf_span(&text));
	good = want == NULL ? !good :
	    good && span_eq(buf_span(&json), buf_span(&full));
	if (!good)
		printf("# %s\n", z);
	buf_release(&text);
	buf_release(&full);
	return good;
}

static bool
refused(const char *z)
{
	bool is = read_span(span_z(z));

	if (is)
		printf("# %s\n", z);
	return !is;
}

/* Refused though the same without it is not. */
static bool
refused_value(const char *z)
{
	return value("x", "\"x\"") && value(z, NULL);
}

static void
test_collections(void)
{
	ok(reads_as("a: 1\nb:\n- x\n- y: 2\n  z: 3\nc: {d: [], e: {}}\n",
	    "{\"a\":1,\"b\":[\"x\",{\"y\":2,\"z\":3}],"
	    "\"c\":{\"d\":[],\"e\":{}}}", "yaml"), "mappings and sequences");
	ok(reads_as("- a\n- - b\n  - c\n-\n- d: 1\n",
	    "[\"a\",[\"b\",\"c\"],null,{\"d\":1}]", "yaml"),
	    "a sequence at the root");
	ok(reads_as("---\na: 1\nb: 2\n---\n- 3\n- 4\n",
	    "[{\"a\":1,\"b\":2},[3,4]]", "yaml documents"), "documents");
	ok(reads_as("---\r\na: 1\r\nb: 2\r\nc: x\r\n...\r\n",
	    "{\"a\":1,\"b\":2,\"c\":\"x\"}", "yaml"), "one, and CRLF");
	ok(reads_as("  a: 1\n  b: 2\n  \"c d\": 3\n  'e': 4\n",
	    "{\"a\":1,\"b\":2,\"c d\":3,\"e\":4}", "yaml"),
	    "an indented root, names in quotes");
	ok(reads_as("a: [\n  1, \"b#\",\n  c#d\n]\nb: {x: y, z}\nc: 3\n",
	    "{\"a\":[1,\"b#\",\"c#d\"],\"b\":{\"x\":\"y\",\"z\":null},"
	    "\"c\":3}", "yaml"), "flow within");
}

static void
test_literals(void)
{
	ok(value("5", "5") && value("-0", "-0") && value("1.50", "1.50") &&
	    value("1e3", "1e3") && value("-2.5E-10", "-2.5E-10") &&
	    value("12345678901234567890", "12345678901234567890"),
	    "numbers keep their spelling");
	ok(value("", "null") && value("~", "null") && value("null", "null") &&
	    value("Null", "null") && value("NULL", "null"), "null");
	ok(value("true", "true") && value("True", "true") &&
	    value("TRUE", "true") && value("false", "false") &&
	    value("False", "false") && value("FALSE", "false"), "booleans");
	ok(value("yes", "\"yes\"") && value("No", "\"No\"") &&
	    value("on", "\"on\"") && value("off", "\"off\"") &&
	    value("y", "\"y\"") && value("tRUE", "\"tRUE\"") &&
	    value("nULL", "\"nULL\""), "words that are none");
	ok(value("2026-11-27", "\"2026-11-27\"") &&
	    value("2026-11-27T10:00:00Z", "\"2026-11-27T10:00:00Z\"") &&
	    value("1.2.3", "\"1.2.3\"") && value("10.0.0.1", "\"10.0.0.1\"") &&
	    value("8080:80", "\"8080:80\"") && value("08:30", "\"08:30\"") &&
	    value("5m", "\"5m\"") && value("1e", "\"1e\"") &&
	    value("0x", "\"0x\"") && value("0xG", "\"0xG\"") &&
	    value("-x", "\"-x\"") && value("+", "\"+\"") &&
	    value(".", "\".\"") && value("_1", "\"_1\"") &&
	    value(".e3", "\".e3\"") && value("1:99", "\"1:99\""),
	    "times, versions, addresses are strings");
	ok(value("\"5\"", "\"5\"") && value("'true'", "\"true\"") &&
	    value("\"\"", "\"\"") && value("'0x1F'", "\"0x1F\"") &&
	    value("|\n  5", "\"5\\n\"") && value(">-\n  5", "\"5\""),
	    "in quotes and blocks all is a string");
}

static void
test_foreign(void)
{
	static const char *const numbers[] = { "0x1F", "0xff_ff", "0o7",
	    "0b101", "007", "0123", "1_000", "1_0.5", ".5", "5.", "-.5", "+5",
	    "+1.5", "1.e3", ".5e3", ".inf", "-.Inf", "+.INF", ".nan", ".NaN",
	    "-0x1F", "1:30", "10:30:00", "-1:30", "190:20:30.15", "01:30.5" };
	size_t i;
	bool good = true;

	for (i = 0; i < HR_LEN(numbers); i++)
		good = good && refused_value(numbers[i]) &&
		    yaml_plain(span_z(numbers[i])) == PLAIN_FOREIGN;
	ok(good, "numbers that JSON cannot spell are refused");
	ok(yaml_plain(span_z("089")) == PLAIN_FOREIGN &&
	    yaml_plain(span_z("0")) == PLAIN_NUMBER &&
	    yaml_plain(span_z("00")) == PLAIN_FOREIGN &&
	    yaml_plain(span_z("-")) == PLAIN_STRING, "zeros");
}

static void
test_strings(void)
{
	ok(value("a\\b \"c\"", "\"a\\\\b \\\"c\\\"\"") &&
	    value("\"\\u00e9\\t\\0\\/\"", "\"\xC3\xA9\\t\\u0000/\"") &&
	    value("'it''s'", "\"it's\"") &&
	    value("\xE2\x82\xAC # ", NULL) &&
	    value("\xE2\x82\xAC", "\"\xE2\x82\xAC\""), "strings");
	ok(value("one\n  two\n\n  three", "\"one two\\nthree\"") &&
	    value("\"one\n  two\"", "\"one two\"") &&
	    value("|\n  # no\n  x #y", "\"# no\\nx #y\\n\"") &&
	    value("|+\n  x\n", "\"x\\n\\n\"") &&
	    value(">\n  a\n  b\n   c", "\"a b\\n c\\n\""),
	    "over several lines");
}

static void
test_comments(void)
{
	ok(refused("# c\na: 1\nb: 2\nc: 3\nd: 4\n") &&
	    refused("a: 1\nb: 2\nc: 3\nd: 4\n# c\n") &&
	    refused("a: 1\nb: 2\nc: 3\nd: 4\n#") &&
	    refused("---\na: 1\nb: 2\n--- # c\na: 3\nd: 4\n"),
	    "comments are refused: around");
	ok(refused_value("x # c") && refused_value("# c") &&
	    refused_value("[a, # c\n  b]") && refused_value("[a]# c") &&
	    refused_value("[a,#c\n  b]") && refused_value("\"x\" # c") &&
	    refused_value("'x' #") && refused_value("\n  # c\n  x") &&
	    refused_value("\xC3\xA9 # c"), "behind values");
	ok(refused_value("| # c\n  x") && refused_value("|\n  x\n # c") &&
	    refused_value("|\n  x\n\n# c") && refused_value(">-\t#c\n  x") &&
	    refused_value("x\n  # c\n  y"), "with blocks");
	ok(value("x#c", "\"x#c\"") && value("\"x # c\"", "\"x # c\"") &&
	    value("'x # c\n  # d'", "\"x # c # d\""), "what is none stays");
}

static void
test_refused(void)
{
	ok(refused_value("!x y") && refused_value("! 5") &&
	    refused_value("!!str 5") && refused_value("!!binary aGk=") &&
	    refused_value("! [a]") && refused_value("!\n  a: 1") &&
	    refused_value("! \"x\"") && refused_value("!"), "tags");
	ok(refused_value("&x y") && refused_value("&x\n  a: 1") &&
	    refused_value("&x") && refused("a: &x 1\nb: *x\nc: 3\nd: 4\n"),
	    "anchors and aliases");
	ok(refused_value("{<<: {a: 1}}") &&
	    value("{\"<<\": {a: 1}}", "{\"<<\":{\"a\":1}}"), "merge keys");
	ok(refused_value("{a: 1, a: 2}") && refused_value("{a: 1, 'a': 2}") &&
	    refused("a: 1\nb: 2\na: 3\nd: 4\n"), "repeated keys");
	ok(refused_value("{5: a}") && refused_value("{true: a}") &&
	    refused_value("{~: a}") && refused_value("{[a]: b}") &&
	    refused_value("{{a: b}: c}") && refused_value("{? [x] : c}") &&
	    refused_value("{: c}") && refused_value("{0x1: c}") &&
	    value("{'5': a, on: b}", "{\"5\":\"a\",\"on\":\"b\"}"),
	    "keys that are no strings");
	ok(refused("%YAML 1.2\n---\na: 1\nb: 2\nc: 3\n"), "directives");
	ok(refused("a: 1\nb: 2\nc: 3") && refused("") && refused("\n\n\n\n"),
	    "fewer than four lines");
	ok(refused("{a: 1,\nb: 2,\nc: 3,\nd: 4}\n") &&
	    refused("[1,\n2,\n3,\n4]\n") &&
	    refused("--- {a: 1,\n b: 2}\n---\na: 1\nb: 1\n") &&
	    refused("a: 1\nb: 2\n--- [\n 3 ]\n"), "roots in brackets");
	ok(refused("a\nb\nc\nd\n") && refused("|\n a\n b\n c\n") &&
	    refused("---\na: 1\nb: 2\n---\nc d\n") &&
	    refused("---\na: 1\nb: 2\n---\n"), "roots that are scalars");
	ok(refused("a: 1\nb: 2\nc: \xFF\nd: 4\n") &&
	    refused("\xEF\xBB\xBF" "a: 1\nb: 2\nc: 3\nd: 4\n") &&
	    refused_value("x\x01") && refused_value("x\xC2\x85y") &&
	    refused_value("\"x\xE2\x80\xA8y\"") &&
	    refused_value("\"\\ud800\""), "bytes that do not belong there");
	ok(refused_value("[a") && refused_value("\"a") &&
	    refused_value("a: b: c") && refused_value("@a") &&
	    refused_value("\tx: y\n\t\tz: 1"), "errors");
}

/* What is something else, though some of it would parse. */
static void
test_others(void)
{
	ok(refused("10:00:01 start: a\n10:00:02 stop: b\n"
	    "10:00:03 start: c\n10:00:04 end: d\n"), "a log");
	ok(refused("These are the options of the command: many.\n"
	    "They are not: few.\nThere: are four lines.\nThe end: here.\n"),
	    "prose");
	ok(refused("int main(void)\n{\n\treturn 0;\n}\n") &&
	    refused("def f(x):\n    return x\n\nclass A:\n    pass\n") &&
	    refused("class A:\n    a = 1\n    b = 2\n    c = 3\n") &&
	    reads_as("a: b\n  c\nd:\n- e\n  f\n-\n  g\n",
	    "{\"a\":\"b c\",\"d\":[\"e f\",\"g\"]}", "yaml"),
	    "source");
	ok(refused("a/b.c|1| error: x\na/b.c|2| error: y\n"
	    "a/b.c|3| error: z\na/b.c|4| error: a\n") &&
	    refused("a.c - error: x\nb.c - error: x\n"
	    "c.c - error: x\nd.c - error: x\n") &&
	    refused("a/b.c warning: w\na/c.c warning: w\n"
	    "a/d.c warning: w\na/e.c warning: w\n"), "diagnostics");
	ok(refused("a/b.c:1: x\na/b.c:2: y\na/c.c:1: x\na/c.c:2: y\n") &&
	    refused("a/b.c:1:\tx\na/b.c:2:\ty\na/b.c:3:\n\ta/c.c:2:\ty\n"),
	    "matches of grep");
	ok(refused("- a\n- b\n* c\n- d\n") &&
	    refused("- a list\n- in a text\n\nAnd prose\n"), "lists");
	ok(refused("Package: a\nVersion: 1\n\nPackage: b\nVersion: 2\n"),
	    "stanzas");
}

static void
test_deep(void)
{
	struct buf b = BUF_INIT;
	unsigned i, n;
	bool good[2];

	for (n = 0; n < 2; n++) {
		buf_reset(&b);
		buf_adds(&b, "a: 1\nb: 2\nc: 3\nv: ");
		for (i = 0; i < YAML_FLOW_MAX + n; i++)
			buf_adds(&b, "[");
		for (i = 0; i < YAML_FLOW_MAX + n; i++)
			buf_adds(&b, "]");
		buf_adds(&b, "\nw: [{}, [[]]]\n");
		good[n] = read_span(buf_span(&b));
	}
	ok(good[0] && !good[1], "as many brackets as are allowed, no more");
	for (n = 0; n < 2; n++) {
		buf_reset(&b);
		buf_adds(&b, "a:\nb:\nc:\n");
		for (i = 0; i < YAML_DEPTH_MAX - 1 + n; i++)
			buf_adds(&b, "- ");
		good[n] = read_span(buf_span(&b));
	}
	ok(good[0] && !good[1], "as deep as is allowed, no deeper");
	buf_reset(&b);
	buf_adds(&b, "a:\nb:\nc:\n");
	for (i = 0; i < 100000; i++)
		buf_adds(&b, "- ");
	ok(!read_span(buf_span(&b)), "a hundred thousand levels in a line");
	buf_reset(&b);
	for (i = 0; i < 1000; i++) {
		buf_adds(&b, "k");
		buf_addu(&b, i);
		buf_adds(&b, ": v\n");
	}
	good[0] = read_span(buf_span(&b));
	buf_adds(&b, "k500: v\n");
	good[1] = read_span(buf_span(&b));
	ok(good[0] && !good[1], "many keys, and one of them twice");
	json.max = 100;
	buf_release(&json);
	ok(!read_span(buf_span(&b)) || buf_err(&json), "a ceiling is kept");
	buf_release(&b);
}

int
main(void)
{
	test_collections();
	test_literals();
	test_foreign();
	test_strings();
	test_comments();
	test_refused();
	test_others();
	test_deep();
	buf_release(&json);
	buf_release(&how);
	return done();
}
