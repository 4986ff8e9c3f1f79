/*
 * fold_read - a text as lines that name places, and others
 */
#include "compat.h"

#include "fold_read.h"

#define BELONG_MAX	20	/* lines */

struct span
fold_line(struct span *s)
{
	const char *nl = s->n > 0 ? memchr(s->p, '\n', s->n) : NULL;
	size_t n = nl != NULL ? (size_t)(nl - s->p) : s->n;
	struct span line = span_of(s->p, n);

	*s = span_skip(*s, n + (nl != NULL));
	return line;
}

bool
fold_is_mark(struct span line)
{
	return span_starts(line, SPAN_LIT("[hr: ")) &&
	    line.p[line.n - 1] == ']';
}

uint64_t
fold_count_lines(struct span text)
{
	uint64_t n = 0;

	while (text.n > 0)
		n += !fold_is_mark(fold_line(&text));
	return n;
}

static bool
belongs(const struct fold_reader *r, struct span line)
{
	struct fold_place p;

	return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t') &&
	    !fold_place(line, r->lists, &p);
}

/* Whether the next line is an arrow: it becomes one with the title. */
static bool
take_arrow(struct fold_reader *r, struct span title, struct fold_item *it)
{
	struct span next = r->rest, line = fold_line(&next);
	struct span arrow = span_trim(line, " ");

	if (title.n == 0 || !span_starts(arrow, SPAN_LIT("--> ")) ||
	    !fold_place(line, r->lists, &it->place))
		return false;
	it->place.title = span_of(title.p,
	    (size_t)(it->place.head.p - title.p));
	r->rest = next;
	return true;
}

/* "a.c:1 b.c:2: x", "a.c[1] b.c[2] x": the place behind this one. */
static bool
next_file(const struct fold_place *p, struct fold_place *next)
{
	struct span s = p->tail;

	if (p->title.n > 0 || !fold_place_head(p->head))
		return false;
	if (fold_place_mid(p->head) == ',')
		s = span_skip(s, 1);
	return s.n > 1 && s.p[0] == ' ' && s.p[1] != ' ' &&
	    fold_place(span_skip(s, 1), true, next);
}

/* If there are more, the tail of the last is that of all. */
static void
find_files(struct fold_reader *r, struct fold_item *it)
{
	struct fold_place p = it->place, next;

	r->at = p;
	r->more = r->lists && next_file(&p, &next);
	while (r->more && next_file(&p, &next))
		p = next;
	it->place.tail = p.tail;
}

static bool
read_file(struct fold_reader *r, struct fold_item *it)
{
	it->what = FOLD_PLACE;
	r->more = r->more && next_file(&r->at, &it->place);
	if (!r->more)
		return false;
	r->at = it->place;
	it->place.tail = r->tail;
	return true;
}

/* Let the tail reach behind all that belongs to it. */
static void
take_tail(struct fold_reader *r, struct fold_item *it)
{
	struct span next = r->rest;
	unsigned i;

	for (i = 0; i < BELONG_MAX && next.n > 0; i++) {
		if (!belongs(r, fold_line(&next)))
			break;
		r->rest = next;
	}
	if (it->place.title.n > 0 && r->rest.n > 0 && r->rest.p[0] == '\n')
		r->rest = span_skip(r->rest, 1);
	it->whole.n = (size_t)(r->rest.p - it->whole.p);
	it->place.tail.n = (size_t)(r->rest.p - it->place.tail.p);
}

static bool
is_heading(const struct fold_reader *r, struct span line)
{
	struct span next = r->rest;
	struct fold_place p;

	return r->lists && fold_place_head(line) &&
	    fold_place_below(line, fold_line(&next), &p);
}

bool
fold_read(struct fold_reader *r, struct fold_item *it)
{
	struct span start = r->rest, line;

	if (read_file(r, it))
		return true;
	if (r->rest.n == 0)
		return false;
	line = fold_line(&r->rest);
	it->whole = span_of(start.p, start.n - r->rest.n);
	it->what = FOLD_PLACE;
	if (r->head.n > 0 && fold_place_below(r->head, line, &it->place)) {
		take_tail(r, it);
		return true;
	}
	if (fold_place(line, r->lists, &it->place) ||
	    take_arrow(r, line, it)) {
		if (!span_eq(it->place.head, r->head))
			r->head = span_of(NULL, 0);
		find_files(r, it);
		take_tail(r, it);
		r->tail = it->place.tail;
		return true;
	}
	r->head = span_of(NULL, 0);
	it->what = FOLD_RAW;
	if (is_heading(r, line)) {
		it->what = FOLD_HEAD;
		r->head = line;
	}
	return true;
}
