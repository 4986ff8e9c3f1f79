/*
 * shapes_test - the tests that stand in files of shapes
 *
 * The lines of a test are put behind each other to one JSON text, and those
 * that stay to another.  Both are compared as compact JSON, the first without
 * what is noise in it.
 */
#include "compat.h"

#include <stdlib.h>

#include "shapes_impl.h"

struct level {
	size_t	end;
	bool	object;
	bool	more;	/* not the first */
};

static void
close_levels(struct level *level, size_t *n, size_t i, struct buf *out)
{
	while (*n > 0 && i >= level[*n - 1].end)
		buf_addc(out, level[--*n].object ? '}' : ']');
}

/* Compact JSON, without the members whose values are marked as noise. */
static void
render(const struct json_doc *d, const uint8_t *what, struct buf *out)
{
	struct level level[JSON_DEPTH_MAX + 1];
	const struct json_tok *t = d->tok;
	size_t i = 0, n = 0;
	bool object;

	while (close_levels(level, &n, i, out), i < d->ntok) {
		object = n > 0 && level[n - 1].object;
		if (object && (what[i + 1] & SHAPE_DROP) != 0) {
			i += 1 + t[i + 1].skip;
			continue;
		}
		if (n > 0 && level[n - 1].more)
			buf_addc(out, ',');
		if (n > 0)
			level[n - 1].more = true;
		if (object) {
			buf_addspan(out, json_text(d->text, &t[i++]));
			buf_addc(out, ':');
		}
		if (t[i].type < JSON_ARRAY) {
			buf_addspan(out, json_text(d->text, &t[i++]));
			continue;
		}
		level[n++] = (struct level){ i + t[i].skip,
		    t[i].type == JSON_OBJECT, false };
		buf_addc(out, t[i++].type == JSON_OBJECT ? '{' : '[');
	}
}

/* A text without its noise; nothing if it is not JSON. */
static void
strip(const struct shapes *s, struct span text, struct buf *out)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	uint8_t *what;

	if (json_doc_scan(&d, text, &err) == JSON_OK &&
	    (what = malloc(d.ntok)) != NULL) {
		(void)shapes_mark(s, &d, what);
		render(&d, what, out);
		free(what);
	}
	json_doc_release(&d);
}

/* The lines up to "end": all of them, and those that stay. */
static unsigned
read_test(struct span *text, struct buf *all, struct buf *stay)
{
	unsigned n = 0;

	while (text->n > 0) {
		struct span line = span_line(text);
		char sign = line.n > 0 ? line.p[0] : '>';

		n++;
		if (span_eq(line, SPAN_LIT("end")))
			break;
		line = span_skip(line, line.n > 0);
		buf_addspan(all, line);
		if (sign == '>')
			buf_addspan(stay, line);
	}
	return n;
}

static void
one(const struct shapes *s, struct span *text, struct shapes_test *t,
    void (*fn)(const struct shapes_test *t, void *arg), void *arg)
{
	struct buf all = BUF_INIT, stay = BUF_INIT;
	struct buf got = BUF_INIT, want = BUF_INIT;
	unsigned n = read_test(text, &all, &stay);

	strip(s, buf_span(&all), &got);
	strip(NULL, buf_span(&stay), &want);
	t->got = buf_span(&got);
	t->good = buf_err(&got) == 0 && buf_err(&want) == 0 && got.len > 0 &&
	    want.len > 0 && span_eq(t->got, buf_span(&want));
	fn(t, arg);
	t->line += n;
	buf_release(&all);
	buf_release(&stay);
	buf_release(&got);
	buf_release(&want);
}

void
shapes_tests(const struct shapes *s, struct span text,
    void (*fn)(const struct shapes_test *t, void *arg), void *arg)
{
	struct shapes_test t = { .shape = SPAN_LIT("") };

	while (text.n > 0) {
		struct span line = span_line(&text);
		struct span w = shapes_word(&line);

		t.line++;
		if (span_eq(w, SPAN_LIT("shape")))
			t.shape = shapes_word(&line);
		else if (span_eq(w, SPAN_LIT("test")))
			one(s, &text, &t, fn, arg);
	}
}
