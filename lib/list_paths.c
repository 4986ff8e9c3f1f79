/*
 * list_paths - lists of paths, with the sizes of du or without, and back
 *
 * Printed by folder: "src/: a.c b.c"; with sizes "src/:" and below it
 * "4.0K a.c", or "4.0K src/: a.c b.c" where it is the same for all.  What
 * does not fit stands as it came.
 */
#include "compat.h"

#include "list_impl.h"
#include "num.h"

#define ENTRIES_MIN	4

/* Take a line apart; false if it has not the form of the kind. */
static bool
parse(enum list_kind kind, struct span line, struct span *meta,
    struct span *path)
{
	size_t n;

	*meta = span_of(line.p, 0);
	*path = line;
	if (kind == LIST_PATHS)
		return true;
	n = list_size(line);
	if (n == 0 || n >= line.n || line.p[n] != '\t')
		return false;
	meta->n = n;
	*path = span_skip(line, n + 1);
	return true;
}

/* A line of its own that is a path all the same. */
static bool
passes(struct span path)
{
	struct span dot = SPAN_LIT("./"), root = SPAN_LIT("/");
	size_t i;

	if (span_eq(path, SPAN_LIT(".")) || list_is_path(path))
		return true;
	if (!span_starts(path, dot) && !span_starts(path, root))
		return false;
	for (i = 0; i < path.n; i++)
		if ((unsigned char)path.p[i] < ' ' || path.p[i] == ':')
			return false;
	return true;
}

/* Whether most lines are such, and enough of them lie in folders. */
static bool
read_as(struct list *l, enum list_kind kind)
{
	struct list_lines lines = { l->text };
	struct span line, meta, path, folder;
	uint64_t bad = 0, in_folder = 0;
	struct list_item *it;
	bool ok;

	l->kind = kind;
	l->n = 0;
	l->entries = 0;
	while (list_line(&lines, &line) && l->err == 0) {
		ok = parse(kind, line, &meta, &path);
		if (!ok || !passes(path)) {
			list_add(l, LIST_RAW, line);
			if (++bad > 8 + l->n / 20)
				return false;
			continue;
		}
		it = list_add(l, LIST_ENTRY, line);
		if (it == NULL)
			return false;
		it->text = line;
		folder = list_folder(path);
		if (folder.n == path.n || !list_is_path(path) ||
		    (folder.n == 0 && meta.n == 0))
			continue;
		in_folder += folder.n > 0;
		it->group = folder;
		it->meta = meta;
		it->text = span_skip(path, folder.n);
	}
	return in_folder >= ENTRIES_MIN && in_folder >= l->n / 2 &&
	    bad <= 1 + l->n / 20;
}

/* Folders that stand right before what is in them need not be said. */
static void
imply(struct list *l)
{
	struct list_item *it, *next;
	size_t i;

	for (i = 1; i + 1 < l->n; i++) {
		it = &l->item[i];
		next = it + 1;
		if (it->what != LIST_ENTRY || next->group.n != it->line.n + 1 ||
		    !span_starts(next->group, it->line))
			continue;
		it->implied = true;
		l->kind = LIST_DIRS;
	}
}

bool
list_read_paths(struct list *l)
{
	if (read_as(l, LIST_DU))
		return true;
	if (l->err != 0 || !read_as(l, LIST_PATHS))
		return false;
	imply(l);
	return true;
}

/*
 * The folders that lie between the path printed last and one that is in
 * `folder`: each is given to fn once, as a path without its slash.
 */
struct climb {
	struct buf	last;
	void		(*fn)(void *ctx, struct span path);
	void		*ctx;
};

static void
climb_to(struct climb *c, struct span folder, struct span name)
{
	buf_reset(&c->last);
	buf_addspan(&c->last, folder);
	buf_addspan(&c->last, name);
}

/* The bytes that a and b have in common. */
static size_t
common(struct span a, struct span b)
{
	size_t i, n = a.n < b.n ? a.n : b.n;

	for (i = 0; i < n && a.p[i] == b.p[i]; i++)
		;
	return i;
}

static void
climb_into(struct climb *c, struct span folder)
{
	struct span last = buf_span(&c->last);
	size_t i, same = common(last, folder);

	for (i = 1; i < folder.n; i++) {
		if (folder.p[i] != '/')
			continue;
		/* Is the last path this folder, or in it? */
		if (same > i || (same == i && last.n == i))
			continue;
		c->fn(c->ctx, span_of(folder.p, i));
	}
	climb_to(c, folder, span_of(NULL, 0));
}

struct back {
	const struct list_head	*h;
	struct buf		*out;
	struct climb		 climb;
	struct span		 folder;	/* of the lines below */
	uint64_t		 n;
};

static void
put(struct back *b, struct span meta, struct span folder, struct span name)
{
	buf_addspan(b->out, meta);
	if (b->h->kind == LIST_DU)
		buf_addc(b->out, '\t');
	buf_addspan(b->out, folder);
	buf_addspan(b->out, name);
	buf_addc(b->out, '\n');
	b->n++;
}

static void
put_implied(void *ctx, struct span path)
{
	struct back *b = ctx;

	buf_addspan(b->out, path);
	buf_addc(b->out, '\n');
	b->n++;
}

/* A line as it came.  What is no path says nothing about folders. */
static void
put_raw(struct back *b, struct span line)
{
	buf_addspan(b->out, line);
	buf_addc(b->out, '\n');
	b->n++;
	if (b->h->kind == LIST_DIRS && passes(line))
		climb_to(&b->climb, line, span_of(NULL, 0));
}

static void
put_names(struct back *b, struct span meta, struct span folder,
    struct span names)
{
	struct span name;

	if (b->h->kind == LIST_DIRS) {
		if (b->n == 0)
			climb_to(&b->climb, folder, span_of(NULL, 0));
		climb_into(&b->climb, folder);
	}
	while (list_word(&names, &name)) {
		put(b, meta, folder, name);
		if (b->h->kind == LIST_DIRS)
			climb_to(&b->climb, folder, name);
	}
}

/* The size that a line begins with, if a blank is behind it. */
static size_t
size_length(struct span line)
{
	size_t n = list_size(line);

	return n > 0 && n < line.n && line.p[n] == ' ' ? n : 0;
}

static void
back_line(struct back *b, struct span line)
{
	bool sized = b->h->kind == LIST_DU;
	struct span folder, rest, meta = span_of(line.p, 0);

	if (sized)
		meta.n = size_length(line);
	rest = span_skip(line, meta.n + (meta.n > 0));
	if (list_group_line(rest, &folder, &rest)) {
		if (sized && meta.n == 0 && rest.n == 0)
			b->folder = folder;
		else
			put_names(b, meta, folder, rest);
	} else if (sized && span_eq(line, SPAN_LIT(LIST_HERE))) {
		b->folder = span_of(NULL, 0);
	} else if (meta.n > 0) {
		put(b, meta, b->folder, rest);
	} else
		put_raw(b, line);
}

bool
list_back_folders(const struct list_head *h, struct span in, struct buf *out)
{
	struct back b = { .h = h, .out = out, .climb = { .last = BUF_INIT,
	    .fn = put_implied } };
	struct list_lines lines = { in };
	struct span line;
	bool ok;

	b.climb.ctx = &b;
	while (list_line(&lines, &line) && b.n <= h->n)
		back_line(&b, line);
	ok = b.n == h->n && !buf_err(&b.climb.last);
	buf_release(&b.climb.last);
	return ok;
}
