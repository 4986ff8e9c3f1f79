/*
 * list_ls - ls -l, of one folder or of many, and ls -R, and back
 *
 *	 -rw-r--r-- 1 root root 2026-11-21 17:49:
 *	 361 .gitattributes
 *	 11645 AUTHORS
 *	 drwxr-xr-x 4:
 *	 4096 docs
 *
 * What is the same as in the line above is not printed again: neither the
 * line of attributes, nor what follows the last that changed.  Columns are
 * aligned for each folder by itself, as ls does.
 *
 * ls -R without -l becomes "src/: a.c b.c", a folder a line.
 */
#include "compat.h"

#include <stdlib.h>

#include "list_impl.h"
#include "mem.h"

#define ENTRIES_MIN	4
#define COLUMN_MAX	64	/* bytes; a wider one is not ls */

bool
list_ls_mode(struct span s)
{
	size_t i;

	if (s.n < 10 || memchr("-dlcbps", s.p[0], 7) == NULL)
		return false;
	for (i = 1; i < 10; i++)
		if (memchr("-rwxsStT", s.p[i], 8) == NULL)
			return false;
	return true;
}

static bool
shape(struct span s, const char *z)
{
	size_t i;

	for (i = 0; z[i] != '\0'; i++) {
		if (i >= s.n)
			return false;
		if (z[i] == '0' ? s.p[i] < '0' || s.p[i] > '9' :
		    z[i] == 'A' ? (s.p[i] | 0x20) < 'a' ||
		    (s.p[i] | 0x20) > 'z' :
		    z[i] == '_' ? s.p[i] != ' ' &&
		    (s.p[i] < '0' || s.p[i] > '9') : s.p[i] != z[i])
			return false;
	}
	return true;
}

size_t
list_ls_date(struct span s)
{
	size_t n;

	if (shape(s, "0000-00-00 00:00:00.000000000 ")) {
		n = 29;
		if (shape(span_skip(s, n), " +0000") ||
		    shape(span_skip(s, n), " -0000"))
			n += 6;
		return n;
	}
	if (shape(s, "0000-00-00 00:00"))
		return 16;
	if (shape(s, "AAA _0 00:00") || shape(s, "AAA _0  0000"))
		return 12;
	return shape(s, "00-00 00:00") ? 11 : 0;
}

/* The next column, behind blanks. */
static bool
column(struct span *s, struct span *col)
{
	while (s->n > 0 && s->p[0] == ' ')
		*s = span_skip(*s, 1);
	if (!list_word(s, col))
		return false;
	return col->n > 0 && col->n <= COLUMN_MAX;
}

bool
list_ls_parse(struct span line, struct list_ls *ls)
{
	size_t n;

	if (!list_ls_mode(line) || !column(&line, &ls->mode) ||
	    !column(&line, &ls->links) || !column(&line, &ls->owner) ||
	    !column(&line, &ls->group) || !column(&line, &ls->size) ||
	    ls->mode.n > 11 ||
	    list_digits(ls->links) != ls->links.n ||
	    list_size(ls->size) != ls->size.n)
		return false;
	n = list_ls_date(line);
	if (n == 0 || n + 1 >= line.n || line.p[n] != ' ')
		return false;
	ls->date = span_of(line.p, n);
	ls->name = span_skip(line, n + 1);
	return true;
}

/* "./src:", the line above what is in a folder. */
static bool
is_folder_line(struct span line)
{
	return line.n > 1 && line.p[line.n - 1] == ':' &&
	    memchr(line.p, ' ', line.n) == NULL;
}

bool
list_read_ls(struct list *l)
{
	struct list_lines lines = { l->text };
	struct span line, group = SPAN_LIT("./");
	struct list_item *it;
	struct list_ls ls;
	uint64_t bad = 0;

	while (list_line(&lines, &line) && l->err == 0) {
		if (list_ls_parse(line, &ls)) {
			it = list_add(l, LIST_ENTRY, line);
			if (it == NULL)
				return false;
			it->group = group;
			it->text = ls.name;
			continue;
		}
		list_add(l, LIST_RAW, line);
		if (is_folder_line(line))
			group = line;
		else if (line.n > 0 && !span_starts(line, SPAN_LIT("total ")) &&
		    ++bad > 8 + l->entries / 10)
			return false;
	}
	l->kind = LIST_LS;
	return l->entries >= ENTRIES_MIN && bad <= l->entries / 10;
}

/* The columns that stand above lines, in their order. */
static struct span *
attr(struct list_ls *ls, unsigned i)
{
	struct span *const a[LIST_LS_ATTRS] = { &ls->mode, &ls->links,
	    &ls->owner, &ls->group, &ls->date };

	return a[i];
}

void
list_ls_write(struct buf *out, struct list_ls *above, struct span line)
{
	struct list_ls ls;
	unsigned i, n = LIST_LS_ATTRS;

	if (!list_ls_parse(line, &ls))
		return;
	while (n > 0 && span_eq(*attr(&ls, n - 1), *attr(above, n - 1)))
		n--;
	/* A mode alone would read like a folder. */
	if (n == 1)
		n = 2;
	for (i = 0; i < n; i++) {
		buf_addc(out, ' ');
		buf_addspan(out, *attr(&ls, i));
	}
	if (n > 0)
		buf_adds(out, ":\n");
	*above = ls;
	buf_addc(out, ' ');
	buf_addspan(out, ls.size);
	buf_addc(out, ' ');
	buf_addspan(out, ls.name);
	buf_addc(out, '\n');
}

/* Take over the attributes that a line names. */
static bool
read_attrs(struct list_ls *ls, struct span line)
{
	unsigned i;

	if (!list_ls_mode(line) || line.p[line.n - 1] != ':')
		return false;
	line.n--;
	for (i = 0; i < LIST_LS_ATTRS - 1 && line.n > 0; i++)
		if (!list_word(&line, attr(ls, i)))
			return false;
	if (line.n > 0)
		ls->date = line;
	return true;
}

struct back {
	struct buf	*out;
	struct list_ls	*row;	/* of the folder so far */
	size_t		 n, cap;
	uint64_t	 all;
};

static void
pad(struct buf *out, size_t n, size_t width)
{
	for (; n < width; n++)
		buf_addc(out, ' ');
}

static size_t
widest(size_t w, struct span s)
{
	return s.n > w ? s.n : w;
}

/* Print the rows of a folder, whose widths are known now. */
static void
flush(struct back *b)
{
	size_t links = 0, owner = 0, group = 0, size = 0;
	const struct list_ls *r;

	if (b->n == 0)
		return;
	for (r = b->row; r < b->row + b->n; r++) {
		links = widest(links, r->links);
		owner = widest(owner, r->owner);
		group = widest(group, r->group);
		size = widest(size, r->size);
	}
	for (r = b->row; r < b->row + b->n; r++) {
		buf_addspan(b->out, r->mode);
		pad(b->out, r->links.n, links + 1);
		buf_addspan(b->out, r->links);
		buf_addc(b->out, ' ');
		buf_addspan(b->out, r->owner);
		pad(b->out, r->owner.n, owner + 1);
		buf_addspan(b->out, r->group);
		pad(b->out, r->group.n, group + 1);
		pad(b->out, r->size.n, size);
		buf_addspan(b->out, r->size);
		buf_addc(b->out, ' ');
		buf_addspan(b->out, r->date);
		buf_addc(b->out, ' ');
		buf_addspan(b->out, r->name);
		buf_addc(b->out, '\n');
	}
	b->all += b->n;
	b->n = 0;
}

static bool
add_row(struct back *b, const struct list_ls *ls)
{
	struct list_ls *row = b->row;

	if (b->n == b->cap)
		row = mem_grow(b->row, &b->cap, b->n + 1, sizeof(*row),
		    (size_t)1 << 20);
	if (row == NULL)
		return false;
	b->row = row;
	row[b->n++] = *ls;
	return true;
}

static bool
back_line(struct back *b, struct list_ls *ls, struct span line)
{
	bool in = line.n > 1 && line.p[0] == ' ';
	struct span s = span_skip(line, in);
	size_t n;

	if (in && read_attrs(ls, s))
		return true;
	n = in && ls->date.n > 0 ? list_size(s) : 0;
	if (n > 0 && n < s.n && s.p[n] == ' ') {
		ls->size = span_of(s.p, n);
		ls->name = span_skip(s, n + 1);
		return add_row(b, ls);
	}
	flush(b);
	buf_addspan(b->out, line);
	buf_addc(b->out, '\n');
	return true;
}

bool
list_back_ls(const struct list_head *h, struct span in, struct buf *out)
{
	struct back b = { .out = out };
	struct list_lines lines = { in };
	struct list_ls ls = { .mode = { NULL, 0 } };
	struct span line;
	bool ok = true;

	while (ok && !buf_err(out) && list_line(&lines, &line))
		ok = back_line(&b, &ls, line);
	if (ok)
		flush(&b);
	free(b.row);
	return ok && b.all == h->n;
}

static bool
is_entry_name(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == ':' ||
		    s.p[i] == '/')
			return false;
	return s.n > 0 && s.n < 256;
}

bool
list_read_lsr(struct list *l)
{
	struct list_lines lines = { l->text };
	struct span line, folder = SPAN_LIT("");
	struct list_item *it;
	uint64_t folders = 0;
	bool above = true;

	while (list_line(&lines, &line) && l->err == 0) {
		if (above) {
			if (!is_folder_line(line))
				return false;
			folder = line;
			folder.n--;
			if (!list_is_path(folder) && folder.p[0] != '.')
				return false;
			/* A second colon is YAML, or Python. */
			if (memchr(folder.p, ':', folder.n) != NULL)
				return false;
			folders++;
			above = false;
			list_add(l, LIST_RAW, folder);
			continue;
		}
		if (line.n == 0) {
			above = true;
			continue;
		}
		if (!is_entry_name(line))
			return false;
		it = list_add(l, LIST_ENTRY, line);
		if (it == NULL)
			return false;
		it->group = folder;
		it->text = line;
	}
	l->kind = LIST_LSR;
	return folders >= 2 && l->entries >= ENTRIES_MIN;
}

bool
list_back_lsr(const struct list_head *h, struct span in, struct buf *out)
{
	struct list_lines lines = { in };
	struct span line, folder, rest, name;
	uint64_t n = 0;
	bool first = true;

	while (list_line(&lines, &line)) {
		if (!list_group_line(line, &folder, &rest))
			return false;
		if (!first)
			buf_addc(out, '\n');
		first = false;
		buf_add(out, folder.p, folder.n - 1);
		buf_adds(out, ":\n");
		for (; list_word(&rest, &name); n++) {
			buf_addspan(out, name);
			buf_addc(out, '\n');
		}
	}
	return n == h->n;
}
