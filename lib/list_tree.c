/*
 * list_tree - drawn trees, and back
 *
 * The names alone are printed as paths by folder; with a size before each
 * name, or where many are no file names, a line each, indented by a blank a
 * level.  The first line (the root)
 * and all from the first empty line on (the counts) stay as they are.
 */
#include "compat.h"

#include <stdlib.h>

#include "list_impl.h"
#include "mem.h"

#define ENTRIES_MIN	4
#define DRAWN_MAX	((size_t)1 << 20)

static bool
take(struct span *s, const char *z)
{
	struct span w = span_z(z);

	if (!span_starts(*s, w))
		return false;
	*s = span_skip(*s, w.n);
	return true;
}

/* Take the drawing off; false if there is none. */
static bool
undraw(const struct list_style *st, struct span *line, unsigned *depth)
{
	unsigned d = 0;

	while (d < LIST_DEPTH_MAX && (take(line, st->bar) ||
	    take(line, st->none)))
		d++;
	*depth = d;
	return take(line, st->tee) || take(line, st->end);
}

/*
 * "[ 11K Nov 21 17:49]  name": the same behind the size in all lines, or none
 * is taken apart.  The width is that of the narrowest: a size that is too
 * long for its column makes its line longer.
 */
static bool
sized(struct list *l, struct list_item *it, bool first)
{
	struct span s = it->text, all;
	const char *close;
	size_t i, n;

	if (s.p[0] != '[' ||
	    (close = memchr(s.p, ']', s.n)) == NULL)
		return false;
	for (i = 1; s.p[i] == ' '; i++)
		;
	n = list_size(span_skip(s, i));
	if (n == 0)
		return false;
	all = span_of(s.p + i + n, (size_t)(close - s.p) - i - n);
	if (first)
		l->all = all;
	if (first || i + n - 1 < l->width)
		l->width = (unsigned)(i + n - 1);
	if (l->width > 64 || !span_eq(l->all, all))
		return false;
	it->meta = span_of(s.p + i, n);
	it->text = span_skip(s, (size_t)(close + 1 - s.p));
	return take(&it->text, "  ");
}

/* group is the indentation here, text what follows it. */
static bool
read_sized(struct list *l)
{
	static const char blanks[LIST_DEPTH_MAX + 1] = "                "
	    "                                                ";
	struct list_item *it;
	bool same = true;
	size_t i;

	for (i = 1; i < l->n; i++) {
		it = &l->item[i];
		if (it->what == LIST_ENTRY && same)
			same = sized(l, it, i == 1);
	}
	for (i = 1; i < l->n; i++) {
		it = &l->item[i];
		if (it->what != LIST_ENTRY)
			continue;
		it->group = span_of(blanks, it->group.n);
		if (!same) {
			it->meta = span_of(NULL, 0);
			undraw(&list_style[l->style], &it->line,
			    &(unsigned){ 0 });
			it->text = it->line;
		}
	}
	if (!same) {
		l->width = 0;
		l->all = span_of(NULL, 0);
	}
	l->kind = LIST_SIZED;
	return true;
}

static struct span
joined(struct list *l, struct span folder, struct span name, bool slash)
{
	size_t n = folder.n + name.n + slash;
	char *p = n <= LIST_PATH_MAX ? arena_alloc(&l->arena, n) : NULL;

	if (p == NULL)
		return span_of(NULL, 0);
	if (folder.n > 0)
		memcpy(p, folder.p, folder.n);
	memcpy(p + folder.n, name.p, name.n);
	if (slash)
		p[n - 1] = '/';
	return span_of(p, n);
}

static bool
is_name(struct span s)
{
	return list_is_path(s) && memchr(s.p, '/', s.n) == NULL;
}

/* group.n holds the depth so far; make it the folder. */
static bool
read_names(struct list *l)
{
	struct span folder[LIST_DEPTH_MAX + 1] = { SPAN_LIT("") };
	struct list_item *it;
	size_t i, depth, next;
	bool plain[LIST_DEPTH_MAX + 1] = { true };

	for (i = 1; i < l->n; i++) {
		it = &l->item[i];
		if (it->what != LIST_ENTRY)
			break;
		depth = it->group.n;
		next = i + 1 < l->n && it[1].what == LIST_ENTRY ?
		    it[1].group.n : 0;
		if (next > depth + 1 || next > LIST_DEPTH_MAX)
			return false;
		if (next > depth) {
			folder[next] = joined(l, folder[depth], it->text,
			    true);
			if (folder[next].p == NULL)
				return false;
			plain[next] = plain[depth] && is_name(it->text);
		}
		it->group = folder[depth];
		if (plain[depth] && is_name(it->text))
			continue;
		it->text = joined(l, folder[depth], it->text, false);
		it->group = span_of(NULL, 0);
		if (it->text.p == NULL)
			return false;
	}
	l->kind = LIST_TREE;
	return true;
}

/* A link without its target. */
static struct span
link_name(struct span s)
{
	size_t i;

	for (i = 0; i + 4 <= s.n; i++)
		if (memcmp(s.p + i, " -> ", 4) == 0)
			return span_of(s.p, i);
	return s;
}

/*
 * The lines up to the first empty one, in l->style; then the rest as it is.
 * Odd are names that cannot stand beside others in a line.
 */
static bool
read_drawn(struct list *l, uint64_t *odd)
{
	struct list_lines lines = { l->text };
	struct span line;
	struct list_item *it;
	unsigned depth;

	l->n = 0;
	l->entries = 0;
	*odd = 0;
	if (!list_line(&lines, &line) || line.n == 0)
		return false;
	list_add(l, LIST_RAW, line);
	while (list_line(&lines, &line) && line.n > 0 && l->err == 0) {
		it = list_add(l, LIST_ENTRY, line);
		if (it == NULL || !undraw(&list_style[l->style], &line,
		    &depth) || line.n == 0 || (l->n == 2 && depth > 0))
			return false;
		it->text = line;
		it->group.n = depth;
		*odd += !is_name(link_name(line));
	}
	if (line.n == 0) {
		do {
			list_add(l, LIST_RAW, line);
		} while (list_line(&lines, &line) && l->err == 0);
	}
	return l->entries >= ENTRIES_MIN;
}

bool
list_read_tree(struct list *l)
{
	uint64_t odd;

	for (l->style = 0; l->style < LIST_STYLES; l->style++)
		if (read_drawn(l, &odd))
			return odd > l->entries / 8 ? read_sized(l) :
			    read_names(l);
	return false;
}

struct drawn {
	struct span	size, name;
	unsigned	depth;
	bool		last;	/* of its folder */
};

struct back {
	const struct list_head	*h;
	struct drawn		*d;
	size_t			 n, cap;
	bool			 bad;
};

static void
add(struct back *b, unsigned depth, struct span size, struct span name)
{
	struct drawn *d = b->d;

	if (depth >= LIST_DEPTH_MAX || b->bad)
		d = NULL;
	else if (b->n == b->cap)
		d = mem_grow(b->d, &b->cap, b->n + 1, sizeof(*d), DRAWN_MAX);
	if (d == NULL) {
		b->bad = true;
		return;
	}
	b->d = d;
	d[b->n++] = (struct drawn){ .size = size, .name = name,
	    .depth = depth };
}

static unsigned
slashes(struct span s)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '/';
	return n;
}

/* The folder of a path that may be a link with its target behind it. */
static struct span
folder_of(struct span line)
{
	return list_folder(link_name(line));
}

static void
back_names(struct back *b, struct span line)
{
	struct span folder, rest, name;

	if (!list_group_line(line, &folder, &rest)) {
		folder = folder_of(line);
		add(b, slashes(folder), span_of(NULL, 0),
		    span_skip(line, folder.n));
		return;
	}
	while (list_word(&rest, &name))
		add(b, slashes(folder), span_of(NULL, 0), name);
}

static void
back_sized(struct back *b, struct span line)
{
	struct span size = SPAN_LIT("");
	unsigned depth = 0;

	while (depth < LIST_DEPTH_MAX && depth < line.n &&
	    line.p[depth] == ' ')
		depth++;
	line = span_skip(line, depth);
	if (b->h->width > 0) {
		size = span_of(line.p, list_size(line));
		if (size.n == 0 || size.n >= line.n || line.p[size.n] != ' ')
			b->bad = true;
		else
			line = span_skip(line, size.n + 1);
	}
	add(b, depth, size, line);
}

/* Backwards: a node is the last of its folder if none was seen below it. */
static void
find_last(struct back *b)
{
	bool seen[LIST_DEPTH_MAX + 1] = { false };
	unsigned deep = 0;
	size_t i;

	for (i = b->n; i-- > 0;) {
		struct drawn *d = &b->d[i];

		for (; deep > d->depth; deep--)
			seen[deep] = false;
		deep = d->depth;
		d->last = !seen[deep];
		seen[deep] = true;
	}
}

static void
draw(const struct back *b, struct buf *out)
{
	const struct list_style *st = &list_style[b->h->style];
	bool last[LIST_DEPTH_MAX + 1] = { false };
	const struct drawn *d;
	size_t pad;
	unsigned k;

	for (d = b->d; d < b->d + b->n; d++) {
		for (k = 0; k < d->depth; k++)
			buf_adds(out, last[k] ? st->none : st->bar);
		buf_adds(out, d->last ? st->end : st->tee);
		last[d->depth] = d->last;
		if (b->h->width > 0) {
			buf_addc(out, '[');
			for (pad = d->size.n; pad < b->h->width; pad++)
				buf_addc(out, ' ');
			buf_addspan(out, d->size);
			buf_addspan(out, b->h->all);
			buf_adds(out, "]  ");
		}
		buf_addspan(out, d->name);
		buf_addc(out, '\n');
	}
}

bool
list_back_tree(const struct list_head *h, struct span in, struct buf *out)
{
	struct back b = { .h = h };
	struct list_lines lines = { in };
	struct span line;
	bool ok = list_line(&lines, &line);

	if (ok) {
		buf_addspan(out, line);
		buf_addc(out, '\n');
	}
	line = in;
	while (ok && !b.bad && list_line(&lines, &line) && line.n > 0) {
		if (h->kind == LIST_SIZED)
			back_sized(&b, line);
		else
			back_names(&b, line);
	}
	ok = ok && !b.bad && b.n == h->n;
	if (ok && b.n > 0) {
		find_last(&b);
		draw(&b, out);
	}
	if (ok) {
		if (line.n == 0)
			buf_addc(out, '\n');
		buf_addspan(out, lines.rest);
		if (lines.rest.n > 0 &&
		    lines.rest.p[lines.rest.n - 1] != '\n')
			buf_addc(out, '\n');
	}
	free(b.d);
	return ok;
}
