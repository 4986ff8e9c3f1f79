/*
 * fuzz shapes - what must hold for all shapes and all documents
 *
 * What stands before the first NUL is a file of shapes; if nothing does, those
 * that are shipped are taken.  A file that is wrong is told with a line that it
 * has and says nothing.  Of the JSON behind the NUL only values of members are
 * noise, and nothing in them is marked; it is judged always alike, and as an
 * element as it is alone.  A broken promise aborts.
 */
#include "compat.h"

#include "fuzz.h"
#include "shapes.h"

static const struct shapes *
shipped(void)
{
	static char text[SHAPE_TEXT_MAX];
	static struct shapes *s;
	const char *dir = getenv("BUILDDIR");
	struct file_err err;
	char path[PATH_MAX];
	FILE *f;
	size_t n;

	if (s == NULL) {
		snprintf(path, sizeof(path), "%s/share/shapes",
		    dir != NULL ? dir : ".");
		f = fopen(path, "r");
		must(f != NULL);
		n = fread(text, 1, sizeof(text), f);
		fclose(f);
		s = shapes_new();
		must(s != NULL && shapes_add(s, span_of(text, n), &err));
	}
	return s;
}

static size_t
count_lines(struct span s)
{
	size_t i, n = s.n > 0 && s.p[s.n - 1] != '\n';

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static uint8_t *
marks(const struct shapes *s, const struct json_doc *d)
{
	uint8_t *what = malloc(d->ntok);
	bool any, found = false;
	size_t i;

	must(what != NULL);
	memset(what, 0xff, d->ntok);
	any = shapes_mark(s, d, what);
	for (i = 0; i < d->ntok; i++)
		found |= what[i] != 0;
	must(any == found);
	return what;
}

/* Of a container whose members or elements begin behind token i. */
static void
check_inside(const struct json_doc *d, const uint8_t *what, size_t i)
{
	size_t end = i + d->tok[i].skip, k;
	bool object = d->tok[i].type == JSON_OBJECT;

	for (k = i + 1; k < end; k += d->tok[k].skip) {
		if (object)
			must(what[k++] == 0);
		else
			must((what[k] & SHAPE_DROP) == 0);
	}
}

static void
check_marks(const struct json_doc *d, const uint8_t *what)
{
	size_t i, k;

	must((what[0] & SHAPE_DROP) == 0);
	for (i = 0; i < d->ntok; i++) {
		must(what[i] <= SHAPE_KEEP);
		check_inside(d, what, i);
		if (what[i] == SHAPE_DROP)
			for (k = 1; k < d->tok[i].skip; k++)
				must(what[i + k] == 0);
	}
}

static void
check_json(const struct shapes *s, struct span text)
{
	struct json_doc d = JSON_DOC_INIT, e = JSON_DOC_INIT;
	struct buf b = BUF_INIT;
	struct json_err err;
	uint8_t *what, *again;

	if (json_doc_scan(&d, text, &err) == JSON_OK) {
		what = marks(s, &d);
		again = marks(s, &d);
		must(memcmp(what, again, d.ntok) == 0);
		free(again);
		check_marks(&d, what);
		buf_adds(&b, "[[");
		buf_addspan(&b, text);
		buf_adds(&b, "]]");
		if (json_doc_scan(&e, buf_span(&b), &err) == JSON_OK) {
			again = marks(s, &e);
			must(memcmp(what, again + 2, d.ntok) == 0);
			free(again);
		}
		free(what);
	}
	json_doc_release(&d);
	json_doc_release(&e);
	buf_release(&b);
}

static void
count_tests(const struct shapes_test *t, void *arg)
{
	unsigned *n = arg;

	must(!t->good || t->got.n > 0);
	++*n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_of((const char *)data, size), own, text;
	const char *nul = size > 0 ? memchr(data, '\0', size) : NULL;
	struct shapes *s = shapes_new();
	struct file_err err;
	unsigned tests = 0;

	must(s != NULL);
	own = span_of(all.p, nul == NULL ? 0 : (size_t)(nul - all.p));
	text = span_skip(all, own.n + (nul != NULL));
	if (!shapes_add(s, own, &err)) {
		must(err.line <= count_lines(own) && err.what[0] != '\0');
		must(hash128_eq(shapes_hash(s), shapes_hash(NULL)));
	} else {
		shapes_tests(s, own, count_tests, &tests);
		must(tests <= own.n);
	}
	check_json(own.n > 0 ? s : shipped(), text);
	shapes_free(s);
	return 0;
}
