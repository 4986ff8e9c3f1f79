/*
 * fold_back - from joined diagnostics back to the lines
 *
 * Knows nothing but what fold_diag.h says of the form.
 */
#include "compat.h"

#include <stdlib.h>

#include "fold_diag.h"
#include "fold_read.h"
#include "mem.h"
#include "num.h"

#define RUN_MAX		((size_t)1 << 18)	/* lines */

/* A line that comes back. */
struct entry {
	struct fold_place	place;	/* of its group */
	uint32_t		line, col;
	uint32_t		seq;	/* as written */
};

struct back {
	struct buf	*out;
	struct entry	*e;
	size_t		 n, cap;
	struct entry	 first;		/* of the last group */
};

static int
compare(const struct entry *a, const struct entry *b)
{
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->col != b->col)
		return a->col < b->col ? -1 : 1;
	return 0;
}

static int
by_place(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int c = compare(a, b);

	return c != 0 ? c : (a->seq > b->seq) - (a->seq < b->seq);
}

static size_t
digits(uint32_t v)
{
	size_t n = 1;

	while (v >= 10) {
		v /= 10;
		n++;
	}
	return n;
}

/* Blanks up to where so many bytes end; false if they are beyond it. */
static bool
align(struct buf *out, size_t end, size_t n)
{
	if (n >= end)
		return false;
	for (; n < end; n++)
		buf_addc(out, ' ');
	return true;
}

static bool
put(struct buf *out, const struct entry *e)
{
	const struct fold_place *p = &e->place;
	bool table = fold_place_table(p);

	buf_addspan(out, p->title);
	if (!table)
		buf_addspan(out, p->head);
	else if (!align(out, fold_place_colon(p), digits(e->line)))
		return false;
	buf_addu(out, e->line);
	if (p->ncols > 0) {
		buf_addc(out, fold_place_mid(p->head));
		buf_addu(out, e->col);
	}
	if (table && !align(out, fold_place_text(p), digits(e->col)))
		return false;
	buf_addspan(out, fold_place_tail(p));
	return true;
}

static bool
end_run(struct back *b)
{
	const struct entry *e;
	bool ok = true;

	if (b->n > 1)
		qsort(b->e, b->n, sizeof(*b->e), by_place);
	for (e = b->e; ok && b->n > 0 && e < b->e + b->n; e++)
		ok = put(b->out, e);
	b->n = 0;
	return ok;
}

static bool
add_entry(struct back *b, const struct entry *new)
{
	struct entry *e = b->e;

	if (b->n == b->cap) {
		e = mem_grow(e, &b->cap, b->n + 1, sizeof(*e), RUN_MAX);
		if (e == NULL)
			return false;
		b->e = e;
	}
	e[b->n] = *new;
	e[b->n].seq = (uint32_t)b->n;
	b->n++;
	return true;
}

/* Add all that a group stands for. */
static bool
add_group(struct back *b, const struct fold_place *p)
{
	struct span lines = p->lines, cols = p->cols;
	struct entry e = { .place = *p };
	size_t i;

	for (i = 0; i < p->nlines; i++) {
		e.line = fold_place_number(&lines);
		if (i < p->ncols)
			e.col = fold_place_number(&cols);
		if (i == 0) {
			if (b->n > 0 && (!fold_place_same(&b->first.place, p) ||
			    compare(&e, &b->first) < 0) && !end_run(b))
				return false;
			b->first = e;
		}
		if (!add_entry(b, &e))
			return false;
	}
	return true;
}

static bool
back_all(struct back *b, struct span in)
{
	struct fold_reader r = { .rest = in, .lists = true };
	struct fold_item it;
	bool ok = true;

	while (ok && fold_read(&r, &it)) {
		if (it.what == FOLD_PLACE)
			ok = add_group(b, &it.place);
		else if (it.what == FOLD_RAW) {
			ok = end_run(b);
			buf_addspan(b->out, it.whole);
		}
	}
	ok = ok && end_run(b);
	free(b->e);
	return ok && !buf_err(b->out);
}

/* Take the first line off, which says how many lines there are. */
static bool
take_first(struct span *in, uint64_t *lines)
{
	static const struct span says = { FOLD_SAYS, sizeof(FOLD_SAYS) - 1 };
	struct span line = fold_line(in);
	size_t n = 0;

	while (n < line.n && line.p[n] >= '0' && line.p[n] <= '9')
		n++;
	return num_u64(span_of(line.p, n), 1, UINT32_MAX, lines) == 0 &&
	    line.p[0] != '0' && span_eq(span_skip(line, n), says);
}

enum squash_expanded
fold_diag_back(struct span in, struct buf *out)
{
	struct back b = { .out = out };
	size_t at = out->len;
	uint64_t lines;

	if (in.n == 0 || !take_first(&in, &lines))
		return EXPAND_FOREIGN;
	if (!back_all(&b, in))
		return buf_err(out) ? EXPAND_FAILED : EXPAND_FOREIGN;
	return fold_count_lines(span_skip(buf_span(out), at)) == lines ?
	    EXPAND_OK : EXPAND_FOREIGN;
}
