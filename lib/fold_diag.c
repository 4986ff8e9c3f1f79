/*
 * fold_diag - diagnostics that say the same, as one
 *
 * Lines next to each other with one head are a run.  Within it, as far as
 * places go upwards, what has the same tail becomes a group, written where its
 * first line stood.
 */
#include "compat.h"

#include <stdlib.h>

#include "arena.h"
#include "errword.h"
#include "fold_diag.h"
#include "fold_read.h"
#include "map.h"
#include "mem.h"

#define RUN_MAX		((size_t)1 << 18)	/* lines */
#define COLUMNS_MAX	16	/* in a list: more are hard to match */
#define FILES_MAX	16	/* before one message */
#define KEYS_MAX	((size_t)256 << 20)	/* bytes */

/* A line of the run, and the next of its group. */
struct entry {
	struct fold_item	it;
	uint32_t		line, col;
	size_t			next;	/* SIZE_MAX: none */
};

struct group {
	size_t	first, last;	/* entries */
	size_t	n;
};

struct folder {
	struct buf	*out;
	struct entry	*e;
	size_t		 n, cap;
	struct group	*g;
	size_t		 ng, gcap;
	size_t		 base;		/* groups of the run before these */
	struct map	 tails;		/* group of a tail, counted from 1 */
	struct arena	 keys;		/* with titles */
	uint64_t	 before;	/* groups of the runs before */
	size_t		 end;		/* of a line that more may go before */
	struct span	 tail;		/* what it ends with */
	unsigned	 files;		/* in it */
	bool		 headings;	/* and more files in a line */
	bool		 folded;	/* anything */
	bool		 failed;
};

static bool
same_place(const struct entry *a, const struct entry *b)
{
	return a->line == b->line && a->col == b->col;
}

static bool
goes_up(const struct entry *a, const struct entry *b)
{
	return a->line < b->line || (a->line == b->line && a->col <= b->col);
}

static bool
new_group(struct folder *f, size_t i, union map_val *v)
{
	struct group *g = f->g;

	if (f->ng == f->gcap) {
		g = mem_grow(g, &f->gcap, f->ng + 1, sizeof(*g), RUN_MAX);
		if (g == NULL)
			return false;
		f->g = g;
	}
	f->g[f->ng++] = (struct group){ .first = i, .last = i, .n = 1 };
	if (v != NULL)
		v->u = f->before + f->ng;
	return true;
}

/* What is equal in all of a group: the tail, behind a title if there is one. */
static bool
key_of(struct folder *f, const struct fold_place *p, struct span *key)
{
	char *k;
	size_t n;

	*key = fold_place_tail(p);
	if (p->title.n == 0)
		return true;
	if (!mem_add(p->title.n, key->n, &n))
		return false;
	k = arena_alloc(&f->keys, n);
	if (k == NULL)
		return false;
	memcpy(k, p->title.p, p->title.n);
	if (key->n > 0)
		memcpy(k + p->title.n, key->p, key->n);
	*key = span_of(k, n);
	return true;
}

/*
 * Put entry i into the group of its tail, which is *at.  It begins one of its
 * own if another of the same place was written later than that group: it would
 * come back before it.
 */
static bool
join(struct folder *f, size_t i, size_t latest, size_t *at)
{
	struct entry *e = &f->e[i];
	const struct fold_place *p = &e->it.place, *q;
	union map_val *v;
	struct span key;
	struct group *g;
	size_t k;

	v = key_of(f, p, &key) ? map_put(&f->tails, key) : NULL;
	if (v == NULL)
		return false;
	*at = f->ng;
	if (v->u <= f->before + f->base)
		return new_group(f, i, v);
	k = (size_t)(v->u - f->before - 1);
	g = &f->g[k];
	q = &f->e[g->first].it.place;
	if ((latest != SIZE_MAX && k < latest) || q->ncols != p->ncols ||
	    (p->ncols > 0 && g->n == COLUMNS_MAX) ||
	    !span_eq(q->title, p->title) ||
	    (fold_place_table(p) && fold_place_text(q) != fold_place_text(p)))
		return new_group(f, i, v);
	f->e[g->last].next = i;
	g->last = i;
	g->n++;
	*at = k;
	return true;
}

/*
 * Whether entry `to`, which goes down, would not be seen to begin anew: no
 * group is there that begins above it.
 */
static bool
hidden(const struct folder *f, size_t to)
{
	return to < f->n && (f->ng == f->base ||
	    goes_up(&f->e[f->g[f->ng - 1].first], &f->e[to]));
}

/*
 * Group the entries [from, to), which go upwards.  Where what follows would
 * not be seen to begin below them, the last stands alone.
 */
static bool
group(struct folder *f, size_t from, size_t to)
{
	size_t i, latest = SIZE_MAX, k;

	f->base = f->ng;
	for (i = from; i < to; i++) {
		if (i > from && !same_place(&f->e[i - 1], &f->e[i]))
			latest = SIZE_MAX;
		if (i + 1 == to && hidden(f, to)) {
			if (!new_group(f, i, NULL))
				return false;
			continue;
		}
		if (!join(f, i, latest, &k))
			return false;
		if (latest == SIZE_MAX || k > latest)
			latest = k;
	}
	return true;
}

/* Of a list of columns that are equal one is written. */
static bool
one_column(const struct folder *f, const struct group *g)
{
	size_t i;

	for (i = g->first; i != SIZE_MAX; i = f->e[i].next)
		if (f->e[i].col != f->e[g->first].col)
			return false;
	return true;
}

static void
write_places(struct folder *f, const struct group *g)
{
	const struct fold_place *p = &f->e[g->first].it.place;
	bool one = p->ncols > 0 && one_column(f, g);
	size_t i;

	for (i = g->first; i != SIZE_MAX; i = f->e[i].next) {
		if (i != g->first)
			buf_addc(f->out, ',');
		buf_addu(f->out, f->e[i].line);
	}
	if (p->ncols > 0 && g->n == 1)
		buf_addc(f->out, fold_place_mid(p->head));
	else if (p->ncols > 0 || (g->n == 2 && fold_place_mid(p->head) == ','))
		buf_addc(f->out, ':');
	for (i = g->first; p->ncols > 0 && i != SIZE_MAX; i = f->e[i].next) {
		if (i != g->first)
			buf_addc(f->out, ',');
		buf_addu(f->out, f->e[i].col);
		if (one)
			break;
	}
}

/* Whether a group goes below a heading: not what reports an error. */
static bool
may_go_below(const struct folder *f, const struct group *g)
{
	const struct fold_item *it = &f->e[g->first].it;
	struct span all = it->whole;

	return it->place.title.n == 0 && !errword_in(fold_line(&all));
}

static bool
want_heading(const struct folder *f)
{
	size_t i, n = 0;

	if (!f->headings || !fold_place_head(f->e[0].it.place.head))
		return false;
	for (i = 0; i < f->ng && n < 2; i++)
		n += may_go_below(f, &f->g[i]);
	return n >= 2;
}

/*
 * Whether a group says what the line above does of another file; then that
 * loses its message, but for a closing bracket.
 */
static bool
joins_line(struct folder *f, const struct group *g)
{
	const struct fold_place *p = &f->e[g->first].it.place;
	bool bracket = fold_place_mid(p->head) == ',';

	if (f->end == 0 || f->end != f->out->len || f->files == FILES_MAX ||
	    !span_eq(f->tail, p->tail) || !may_go_below(f, g))
		return false;
	buf_truncate(f->out, f->end - p->tail.n + bracket);
	buf_addc(f->out, ' ');
	f->files++;
	return true;
}

/* A group with its file. */
static void
write_whole(struct folder *f, const struct group *g)
{
	const struct fold_place *p = &f->e[g->first].it.place;
	bool joined = joins_line(f, g);

	buf_addspan(f->out, p->title);
	buf_addspan(f->out, p->head);
	write_places(f, g);
	buf_addspan(f->out, p->tail);
	f->folded = f->folded || joined;
	f->files = joined ? f->files : 1;
	f->tail = p->tail;
	f->end = f->headings && may_go_below(f, g) &&
	    fold_place_head(p->head) ? f->out->len : 0;
}

static void
write_run(struct folder *f)
{
	bool heading = want_heading(f), below = false;
	size_t i;

	for (i = 0; i < f->ng; i++) {
		const struct group *g = &f->g[i];
		const struct fold_place *p = &f->e[g->first].it.place;
		bool go = heading && may_go_below(f, g);

		if (go && !below) {
			buf_addspan(f->out, p->head);
			buf_addc(f->out, '\n');
			below = true;
		}
		if (go) {
			write_places(f, g);
			buf_addspan(f->out, p->tail);
		} else {
			write_whole(f, g);
		}
		f->folded = f->folded || below || g->n > 1;
	}
}

static void
end_run(struct folder *f)
{
	size_t from, to;

	for (from = 0; from < f->n; from = to) {
		for (to = from + 1; to < f->n; to++)
			if (!goes_up(&f->e[to - 1], &f->e[to]))
				break;
		if (!group(f, from, to)) {
			f->failed = true;
			return;
		}
	}
	if (f->n > 0)
		write_run(f);
	f->before += f->ng;
	f->n = f->ng = 0;
}

static void
add_entry(struct folder *f, const struct fold_item *it)
{
	struct span lines = it->place.lines, cols = it->place.cols;
	struct entry *e = f->e;

	if (f->n > 0 && !fold_place_same(&e[0].it.place, &it->place))
		end_run(f);
	if (f->n == f->cap) {
		e = mem_grow(e, &f->cap, f->n + 1, sizeof(*e), RUN_MAX);
		if (e == NULL) {
			f->failed = true;
			return;
		}
		f->e = e;
	}
	f->e[f->n++] = (struct entry){ .it = *it,
	    .line = fold_place_number(&lines),
	    .col = fold_place_number(&cols), .next = SIZE_MAX };
}

static bool
write_all(struct folder *f, struct span text)
{
	struct fold_reader r = { .rest = text };
	struct fold_item it;

	f->keys = (struct arena)ARENA_INIT;
	f->keys.max = KEYS_MAX;
	map_init(&f->tails, map_random_seed());
	while (!f->failed && fold_read(&r, &it)) {
		if (it.what == FOLD_PLACE) {
			add_entry(f, &it);
			continue;
		}
		end_run(f);
		buf_addspan(f->out, it.whole);
	}
	end_run(f);
	free(f->e);
	free(f->g);
	map_release(&f->tails);
	arena_release(&f->keys);
	return !f->failed && f->folded && !buf_err(f->out);
}

static bool
turns_back(struct span text, struct span folded)
{
	struct buf back = BUF_INIT;
	bool same;

	back.max = text.n;
	same = fold_diag_back(folded, &back) == EXPAND_OK &&
	    span_eq(buf_span(&back), text);
	buf_release(&back);
	return same;
}

enum tried { FOLDED, NOT_BACK, NOTHING };

static enum tried
try(struct span text, struct buf *out, bool headings)
{
	struct folder f = { .out = out, .headings = headings };
	size_t at = out->len;

	buf_addu(out, fold_count_lines(text));
	buf_adds(out, FOLD_SAYS "\n");
	if (!write_all(&f, text))
		return NOTHING;
	return turns_back(text, span_skip(buf_span(out), at)) ? FOLDED :
	    NOT_BACK;
}

/* What follows a heading may look like what is below it: then there is none. */
bool
fold_diag(struct span text, struct buf *out)
{
	size_t at = out->len;
	enum tried t = try(text, out, true);

	if (t == NOT_BACK) {
		buf_truncate(out, at);
		t = try(text, out, false);
	}
	return t == FOLDED;
}
