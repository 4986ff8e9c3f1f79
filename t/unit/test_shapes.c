/*
 * test_shapes - what shapes say, and the tests in the shapes shipped
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>

#include "shapes.h"
#include "tap.h"

/*
 * What is said of each token of a JSON text, a letter each: D and K, '.' for
 * nothing.
 */
static const char *
marks(const char *shapes, const char *json)
{
	static char out[100];
	struct shapes *s = shapes_new();
	struct json_doc d = JSON_DOC_INIT;
	struct file_err err;
	struct json_err jerr;
	uint8_t what[100];
	bool any;
	size_t i;

	if (s == NULL || !shapes_add(s, span_z(shapes), &err) ||
	    json_doc_scan(&d, span_z(json), &jerr) != JSON_OK ||
	    d.ntok >= sizeof(what))
		exit(1);
	any = shapes_mark(s, &d, what);
	for (i = 0; i < d.ntok; i++)
		out[i] = ".DK?"[what[i] & 3];
	out[i] = '\0';
	json_doc_release(&d);
	shapes_free(s);
	return any == (strspn(out, ".") < i) ? out : "not as it returns";
}

static void
says(const char *shapes, const char *json, const char *want,
    const char *name)
{
	const char *got = marks(shapes, json);

	if (!ok(strcmp(got, want) == 0, name))
		printf("# got %s, not %s\n", got, want);
}

static void
test_shapes(void)
{
	says("shape a\nis x y\ndrop n\n", "{\"x\":1,\"n\":2}", ".....",
	    "nothing where nothing is recognised");
	says("shape a\nis x y\ndrop n\n", "{\"n\":2,\"x\":1,\"y\":1}",
	    "..D....", "a member goes");
	says("shape a\nis x y\nis z\ndrop n\n", "{\"n\":2,\"z\":1}", "..D..",
	    "one of several lines is enough");
	says("shape a\nis x=a* y.z=1\ndrop n\n",
	    "[{\"x\":\"ab\",\"y\":{\"z\":1},\"n\":0},"
	    "{\"x\":\"b\",\"y\":{\"z\":1},\"n\":0}]",
	    ".........D.........", "values are asked for, and nested ones");
	says("shape a\nis x\nis y\ndrop n\n",
	    "{\"x\":[{\"y\":1,\"n\":2}],\"n\":{\"x\":1,\"n\":1}}",
	    ".......D.D....", "wherever it stands, but in what goes anyhow");
	says("shape a\nis x x\ndrop n\n", "{\"x\":1,\"x\":1,\"n\":1}",
	    "......D", "names may be repeated");
	says("shape a\nis x y\ndrop n\n", "{\"x\":1,\"x\":1,\"n\":1}",
	    ".......", "which counts once");
	says("shape a\nis x\ndrop n\nshape a\nis x\n", "{\"x\":1,\"n\":1}",
	    ".....", "the last of a name counts");
	says("shape a\nis x\ndrop n\n# b\nshape b # c\nis x # d\nkeep m\n\n",
	    "{\"x\":1,\"n\":1,\"m\":1}", "....D.K", "two at once, comments");
}

static void
test_paths(void)
{
	says("shape a\nis x\ndrop x.y.z\n",
	    "{\"x\":{\"y\":{\"z\":1,\"q\":2},\"z\":1}}", "......D....",
	    "a path");
	says("shape a\nis x\ndrop x.y.z\n",
	    "{\"x\":[{\"y\":[{\"z\":1}]},[{\"y\":{\"z\":1}}]]}",
	    "........D......", "through arrays, but not two at once");
	says("shape a\nis x\ndrop x.*.z *_n\n",
	    "{\"x\":{\"p\":{\"z\":1}},\"a_n\":1,\"n\":1}", "......D.D..",
	    "names with stars");
	says("shape a\nis x\ndrop \"a.b\" \"*\"c \"=\"\n",
	    "{\"x\":1,\"a.b\":1,\"*c\":1,\"bc\":1,\"=\":1}", "....D.D...D",
	    "and with quotes");
	says("shape a\nis x\ndrop a.b.c.d.e.f.g.h\n",
	    "{\"x\":1,\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":"
	    "{\"h\":1}}}}}}}}", "..................D", "a long one");
	says("shape a\nis x\nkeep . x\ndrop x.y\n", "{\"x\":{\"y\":1}}",
	    "K.K.D", "kept, but for the noise in it");
	says("shape a\nis x\nkeep x\ndrop x x.y\n", "{\"x\":{\"y\":1}}",
	    "..D..", "what goes is not kept, and goes as a whole");
}

static void
test_values(void)
{
	says("shape a\nis x\ndrop n=a?c*\n",
	    "[{\"x\":1,\"n\":\"abc\"},{\"x\":1,\"n\":\"abcd\"},"
	    "{\"x\":1,\"n\":\"ac\"}]", ".....D....D.....", "patterns");
	says("shape a\nis x\ndrop n=null m=[] o={} p=\"\" q=0\n",
	    "{\"x\":1,\"n\":null,\"m\":[ ],\"o\":{},\"p\":\"\",\"q\":0}",
	    "....D.D.D.D.D", "what is empty");
	says("shape a\nis x\ndrop n=[] m={} p=\"\" q=0\n",
	    "{\"x\":1,\"n\":[0],\"m\":{\"a\":1},\"p\":\"x\",\"q\":0.0}",
	    "..............", "and what is not");
	says("shape a\nis x\ndrop n=<x>/*\n",
	    "[{\"x\":\"h\",\"n\":\"h/a\"},{\"n\":\"ha\",\"x\":\"h\"}]",
	    ".....D.....", "what another member holds");
	says("shape a\nis x\ndrop n=<y>*\n", "{\"x\":1,\"n\":\"h\"}", ".....",
	    "which is not there");
	says("shape a\nis x\ndrop x.t=<~n>\n",
	    "{\"x\":[{\"n\":\"a_bC\",\"t\":\"A BC\"},"
	    "{\"n\":\"a_b\",\"t\":\"A BC\"}]}", ".......D.....",
	    "the same letters");
	says("shape a\nis x\ndrop x.*.t=<~>\n",
	    "{\"x\":{\"a_b\":{\"t\":\"A b\"},\"c\":{\"t\":\"d\"}}}",
	    "......D....", "of the name of the object");
}

/* How many of the tests in the shapes shipped hold, and what does not. */
static void
told(const struct shapes_test *t, void *arg)
{
	unsigned *n = arg;
	char name[100];

	++*n;
	snprintf(name, sizeof(name), "shape %.*s", (int)t->shape.n,
	    t->shape.p);
	if (!ok(t->good, name))
		printf("# line %u: %.*s\n", t->line, (int)t->got.n,
		    t->got.p);
}

static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	char *p = malloc(SHAPE_TEXT_MAX);

	if (f == NULL || p == NULL)
		exit(1);
	*n = fread(p, 1, SHAPE_TEXT_MAX, f);
	fclose(f);
	return p;
}

/* Shapes, and tests behind them. */
static void
count(struct span text, unsigned *shapes, unsigned *without)
{
	bool tested = true;
	const char *nl;

	*shapes = *without = 0;
	while (text.n > 0 && (nl = memchr(text.p, '\n', text.n)) != NULL) {
		if (span_starts(text, SPAN_LIT("shape "))) {
			++*shapes;
			*without += !tested;
			tested = false;
		} else if (span_starts(text, SPAN_LIT("test\n"))) {
			tested = true;
		}
		text = span_skip(text, (size_t)(nl - text.p) + 1);
	}
	*without += !tested;
}

static void
test_shipped(void)
{
	const char *dir = getenv("BUILDDIR");
	struct shapes *s = shapes_new();
	char path[PATH_MAX], *text;
	struct file_err err;
	unsigned tests = 0, shapes, without;
	size_t n;

	snprintf(path, sizeof(path), "%s/share/shapes",
	    dir != NULL ? dir : ".");
	text = slurp(path, &n);
	if (!ok(s != NULL && shapes_add(s, span_of(text, n), &err),
	    "the shapes shipped are read"))
		printf("# %u: %s: %.*s\n", err.line, err.what,
		    (int)err.word.n, err.word.p);
	else
		shapes_tests(s, span_of(text, n), told, &tests);
	count(span_of(text, n), &shapes, &without);
	ok(shapes > 10 && without == 0 && tests >= shapes,
	    "each shape has a test");
	free(text);
	shapes_free(s);
}

/* A file that is wrong says nothing, also not with the next. */
static void
refuses(const char *text, unsigned line, const char *name)
{
	struct shapes *s = shapes_new();
	struct file_err err = { 0, "", SPAN_LIT("") };
	struct hash128 h = shapes_hash(s);
	struct json_doc d = JSON_DOC_INIT;
	struct json_err jerr;
	uint8_t what[9];

	ok(s != NULL && !shapes_add(s, span_z(text), &err) &&
	    err.line == line && hash128_eq(shapes_hash(s), h) &&
	    shapes_add(s, SPAN_LIT("shape z\nis p q\ndrop r\n"), &err) &&
	    !hash128_eq(shapes_hash(s), h) &&
	    json_doc_scan(&d, SPAN_LIT("{\"x\":1,\"q\":1,\"r\":1}"),
	    &jerr) == JSON_OK && !shapes_mark(s, &d, what), name);
	json_doc_release(&d);
	shapes_free(s);
}

static void
test_refused(void)
{
	refuses("is x\n", 1, "no shape before");
	refuses("shape a\n\nwhat x\n", 3, "an unknown word");
	refuses("shape\n", 1, "no name");
	refuses("shape a b\n", 1, "two names");
	refuses("shape a\nis x\ndrop r\nis\n", 4, "nothing asked for");
	refuses("shape a\nis x\ndrop\n", 3, "nothing to go");
	refuses("shape a\nis x a*\n", 2, "a star where it is no use");
	refuses("shape a\nis x a=<b>\n", 2, "no member to compare with there");
	refuses("shape a\nis x y. z\n", 2, "a path that ends with a dot");
	refuses("shape a\nis x\ndrop a..b\n", 3, "an empty name");
	refuses("shape a\nis x\ndrop a=<>\n", 3, "no name to compare with");
	refuses("shape a\nis x\ndrop a=<~b>c\n", 3, "more than letters");
	refuses("shape a\nis x\ndrop .\n", 3, "the object itself");
	refuses("shape a\nis x\ndrop \"a\n", 3, "a quote without an end");
	refuses("shape a\nis x 1 2 3 4 5 6 7 8\n", 2, "too many members");
	refuses("shape a\nis x\ndrop a.b.c.d.e.f.g.h.i\n", 3, "too deep");
	refuses("shape a\nis x\ntest\n> {}\n", 4, "a test without end");
	refuses("shape a\nis x\ntest\n{}\nend\n", 4, "one without signs");
}

/* Nesting to the limit, in which each object has the shape. */
static void
test_deep(void)
{
	struct buf b = BUF_INIT;
	struct shapes *s = shapes_new();
	struct json_doc d = JSON_DOC_INIT;
	struct file_err err;
	struct json_err jerr;
	uint8_t *what = NULL;
	size_t i, n = 0;

	for (i = 0; i < JSON_DEPTH_MAX; i++)
		buf_adds(&b, "{\"n\":1,\"x\":");
	buf_adds(&b, "1");
	for (i = 0; i < JSON_DEPTH_MAX; i++)
		buf_adds(&b, "}");
	if (s == NULL || !shapes_add(s, SPAN_LIT("shape a\nis x\n"
	    "drop n x.*.x.*.x.*.x.n\n"), &err) ||
	    json_doc_scan(&d, buf_span(&b), &jerr) != JSON_OK ||
	    (what = malloc(d.ntok)) == NULL)
		exit(1);
	ok(shapes_mark(s, &d, what), "a deep text");
	for (i = 0; i < d.ntok; i++)
		n += what[i] == SHAPE_DROP;
	ok(n == JSON_DEPTH_MAX, "each is found");
	ok(!shapes_mark(NULL, &d, what) && what[2] == 0, "no shapes");
	free(what);
	json_doc_release(&d);
	shapes_free(s);
	buf_release(&b);
}

int
main(void)
{
	test_shapes();
	test_paths();
	test_values();
	test_refused();
	test_deep();
	test_shipped();
	return done();
}
