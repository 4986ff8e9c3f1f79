/*
 * forward_splice - changes of a body, as bytes replaced
 *
 * A string of the body is decoded to be squashed, and its form is a text
 * again.  Only the part that differs is put into the body, so that what a
 * client wrote around it stays as it is spelt.
 */
#include "compat.h"

#include <stdlib.h>

#include "forward_impl.h"
#include "mem.h"

static bool
add(struct changes *c, size_t start, size_t end, struct blob *with)
{
	struct change *p = mem_grow(c->c, &c->cap, c->n + 1, sizeof(*p),
	    SIZE_MAX / sizeof(*p));

	if (p == NULL) {
		blob_unref(with);
		return false;
	}
	c->c = p;
	c->c[c->n++] = (struct change){ start, end, with };
	return true;
}

bool
changes_copy(struct changes *c, const struct changes *from, size_t n)
{
	const struct change *p;

	for (p = from->c; n > 0; p++, n--)
		if (!add(c, p->start, p->end, blob_ref(p->with)))
			return false;
	return true;
}

void
changes_release(struct changes *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		blob_unref(c->c[i].with);
	free(c->c);
	*c = (struct changes){ .c = NULL };
}

bool
changes_apply(const struct changes *c, struct span body, struct buf *out)
{
	size_t i, at = 0, n = body.n;

	buf_reset(out);
	for (i = 0; i < c->n; i++)
		n += c->c[i].with->n;
	/* All at once: a buffer that grows is copied. */
	if (buf_reserve(out, n) == NULL)
		return false;
	for (i = 0; i < c->n; i++) {
		buf_addspan(out, span_of(body.p + at, c->c[i].start - at));
		buf_add(out, c->c[i].with->p, c->c[i].with->n);
		at = c->c[i].end;
	}
	buf_addspan(out, span_skip(body, at));
	return buf_err(out) == 0;
}

/* How many bytes two texts have in common at their beginnings. */
static size_t
common_start(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n, i = 0;

	while (i < n && a.p[i] == b.p[i])
		i++;
	return i;
}

static size_t
common_end(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n, i = 0;

	while (i < n && a.p[a.n - 1 - i] == b.p[b.n - 1 - i])
		i++;
	return i;
}

/* Bytes of an escape sequence at p, and of what it means. */
static size_t
escape_length(struct span s, size_t *means)
{
	struct buf b = BUF_INIT;
	size_t n = s.p[1] != 'u' ? 2 : 6;

	if (n == 6 && s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u') {
		json_decode(span_of(s.p, 12), &b);
		/* Two escapes are one character, or three bytes each. */
		if (b.len == 4)
			n = 12;
		buf_reset(&b);
	}
	json_decode(span_of(s.p, n), &b);
	*means = b.len;
	buf_release(&b);
	return n;
}

/*
 * Where in an escaped body the first `want` bytes of its meaning end: at an
 * escape's border, not behind it (or, with up, not before).
 */
static size_t
place(struct span body, size_t want, bool up)
{
	size_t at = 0, means = 0, n, m;
	const char *slash;

	while (means < want) {
		slash = memchr(body.p + at, '\\', body.n - at);
		n = slash != NULL ? (size_t)(slash - body.p) - at :
		    body.n - at;
		if (n > want - means)
			n = want - means;
		at += n;
		means += n;
		if (means == want)
			break;
		n = escape_length(span_skip(body, at), &m);
		if (means + m > want && !up)
			break;
		at += n;
		means += m;
	}
	return at;
}

/* What differs between a body, which means text, and a form. */
struct middle {
	size_t	from, end;	/* of the body, escaped */
	size_t	head, tail;	/* bytes of the form before and behind it */
};

static struct middle
differs(const struct tool_text *t, struct span text, struct span form,
    struct buf *scratch)
{
	struct span body = json_body(t->text, t->tok);
	struct middle m;

	m.head = common_start(text, form);
	m.tail = common_end(span_skip(text, m.head), span_skip(form, m.head));
	if (!t->tok->escaped) {
		m.from = m.head;
		m.end = text.n - m.tail;
		return m;
	}
	m.from = place(body, m.head, false);
	m.end = place(body, text.n - m.tail, true);
	/* What the borders really mean, next to whole escapes. */
	buf_reset(scratch);
	json_decode(span_of(body.p, m.from), scratch);
	m.head = scratch->len;
	buf_reset(scratch);
	json_decode(span_skip(body, m.end), scratch);
	m.tail = scratch->len;
	return m;
}

bool
changes_splice(struct changes *c, struct span whole, const struct tool_text *t,
    struct span text, struct span form, struct buf *scratch)
{
	struct middle m = differs(t, text, form, scratch);
	size_t at = (size_t)(json_body(t->text, t->tok).p - whole.p);
	struct blob *with;

	buf_reset(scratch);
	json_encode(span_of(form.p + m.head, form.n - m.head - m.tail),
	    scratch);
	if (buf_err(scratch))
		return false;
	with = blob_new(buf_span(scratch));
	return with != NULL && add(c, at + m.from, at + m.end, with);
}
