/*
 * test_json_rows - which rows a text has, and how they are given
 */
#include "compat.h"

#include "json_rows.h"
#include "tap.h"

static struct buf out = BUF_INIT;
static struct json_err err;
static uint64_t total;

static enum json_rows
rows(const char *text, uint64_t from, uint64_t to)
{
	buf_reset(&out);
	return json_rows(span_z(text), from, to, &out, &total, &err);
}

static void
gives(const char *text, uint64_t n, const char *want, const char *name)
{
	if (!ok(rows(text, 1, UINT64_MAX) == JSON_ROWS_OK && total == n &&
	    span_eq(buf_span(&out), span_z(want)), name))
		printf("# %llu: %.*s\n", (unsigned long long)total,
		    (int)out.len, out.p);
}

static void
test_which(void)
{
	gives("[1,\"a\",[2]]", 3, "1\n\"a\"\n[2]\n", "of an array");
	gives("{\"a\":1}\n[2]\n", 2, "{\"a\":1}\n[2]\n", "of lines");
	gives("{\"a\":[{}],\"b\":[{\"x\":1},{}],\"c\":[1,2,3],\"d\":[{},{}]}",
	    2, "{\"x\":1}\n{}\n", "of the longest array of objects");
	gives("{\"a\":[{\"b\":[{\"x\":1},{\"x\":2}]}]}", 2,
	    "{\"x\":1}\n{\"x\":2}\n", "however deep");
	gives("{\"m\":{\"x\":1},\"s\":{}}", 2,
	    "{\"m\":{\"x\":1}}\n{\"s\":{}}\n",
	    "of an object of objects");
	gives("{\"p\":{\"a\":{},\"b\":{},\"c\":{},\"d\":{},\"e\":{}},"
	    "\"i\":[{},{}]}", 5,
	    "{\"a\":{}}\n{\"b\":{}}\n{\"c\":{}}\n{\"d\":{}}\n{\"e\":{}}\n",
	    "if it is long");
	gives("{\"m\":{\"x\":{}},\"p\":{\"a\":{},\"b\":{},\"c\":{}},"
	    "\"i\":[{\"y\":1}]}", 1, "{\"y\":1}\n", "not if it is short");
	gives("[]", 0, "", "none of an empty array");
	ok(rows("{\"a\":[1,2],\"b\":{}}", 1, 9) == JSON_ROWS_NONE &&
	    rows("7", 1, 9) == JSON_ROWS_NONE, "where there are no rows");
	ok(rows("[1,\n2,", 1, 9) == JSON_ROWS_FOREIGN && err.at == 6 &&
	    rows("{}\n{}\n{\"a\"}", 1, 9) == JSON_ROWS_FOREIGN &&
	    err.at == 10, "what is not JSON");
}

static void
test_part(void)
{
	ok(rows("[1,2,3,4]", 2, 3) == JSON_ROWS_OK && total == 4 &&
	    span_eq(buf_span(&out), SPAN_LIT("2\n3\n")), "some");
	ok(rows("[1,2]", 2, 99) == JSON_ROWS_OK &&
	    span_eq(buf_span(&out), SPAN_LIT("2\n")), "past the end");
	ok(rows("[1,2]", 3, 9) == JSON_ROWS_OK && total == 2 && out.len == 0,
	    "none there");
}

static void
test_spelling(void)
{
	gives("[ {\"a\" : 1.0, \"b\":\"\\u00e9\"} ]", 1,
	    "{\"a\" : 1.0, \"b\":\"\\u00e9\"}\n", "as it is spelt");
	gives("[\n {\n  \"a b\" : [1e5,\n \"x y\\n\" , {} ],\r\n \"c\": { } "
	    "} ]", 1, "{\"a b\":[1e5,\"x y\\n\",{}],\"c\":{}}\n",
	    "without white space where lines end");
}

int
main(void)
{
	test_which();
	test_part();
	test_spelling();
	buf_release(&out);
	return done();
}
