/*
 * table_aws - what the AWS command line prints with --output table
 *
 *	-----------------------		{"Describe":{"Hosts":[
 *	|      Describe       |		  {"Id":"a","Tags":["x","y"]},
 *	+---------------------+		  {"Id":"b"}]}}
 *	||       Hosts       ||
 *	|+------+------------+|
 *	||  Id  |  a         ||
 *	|+------+------------+|
 *	|||      Tags       |||
 *	||+-----------------+||
 *	|||  x              |||
 *	|||  y              |||
 *	||+-----------------+||
 *	||       Hosts       ||
 *	...
 *
 * A section is a member of the one it stands in.  Its rows are members with
 * their values, or records under a line of names, or items.  Sections that
 * follow each other with one title are the records of an array, and so is then
 * every section of that title in that place.
 *
 * Widths, which this prints to fit a terminal, are not kept: no way back.
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "map.h"
#include "mem.h"
#include "table.h"
#include "utf8.h"

#define SECTIONS_MAX	((size_t)1 << 20)
#define DEPTH_MAX	32
#define PAD		2	/* blanks before a cell */

enum kind {
	KIND_EMPTY,	/* nothing but sections in it */
	KIND_MEMBERS,
	KIND_RECORDS,	/* the first row holds the names */
	KIND_ITEMS,
	KIND_ROWS	/* arrays of several items */
};

struct section {
	struct span	 title;
	size_t		 depth;		/* from 1 */
	size_t		 parent;	/* a section, or NONE */
	size_t		 path;		/* titles down to it */
	size_t		 cell;		/* its first one */
	size_t		 ncol, nrow;
	enum kind	 kind;
};

#define NONE	SIZE_MAX

struct path {
	size_t		 parent;	/* of the last section of this path */
	size_t		 last;		/* that section */
	bool		 array;
};

struct aws {
	struct table	 t;		/* only its cells */
	struct table_lines lines;
	bool		 wide;
	struct section	*sec;
	size_t		 nsec, cap;
	struct path	*path;
	size_t		 npath, path_cap;
	struct map	 paths;
	size_t		 open[DEPTH_MAX + 1];	/* sections by depth */
	size_t		 width[TABLE_COLUMNS_MAX];
	size_t		 ncol;
};

/* The line without the n bars at both ends. */
static bool
inside(struct span line, size_t n, struct span *in)
{
	size_t i;

	if (line.n < 2 * n)
		return false;
	for (i = 0; i < n; i++)
		if (line.p[i] != '|' || line.p[line.n - 1 - i] != '|')
			return false;
	*in = span_of(line.p + n, line.n - 2 * n);
	return true;
}

/* A rule in a section of this depth. */
static bool
rule(struct span line, size_t depth, size_t *width, size_t *ncol)
{
	struct span in;
	size_t n;

	*ncol = 0;
	if (!inside(line, depth - 1, &in) || !table_takes(&in, "+"))
		return false;
	while (in.n > 0) {
		for (n = 0; n < in.n && in.p[n] == '-'; n++)
			;
		if (n == 0 || n == in.n || in.p[n] != '+' ||
		    *ncol == TABLE_COLUMNS_MAX)
			return false;
		width[(*ncol)++] = n;
		in = span_skip(in, n + 1);
	}
	return *ncol > 0;
}

static bool
next_rule(struct aws *a, size_t depth, bool same)
{
	size_t width[TABLE_COLUMNS_MAX], n;
	struct span line;

	if (!table_line(&a->lines, &line) || !rule(line, depth, width, &n))
		return false;
	if (same)
		return n == a->ncol &&
		    memcmp(width, a->width, n * sizeof(*width)) == 0;
	memcpy(a->width, width, n * sizeof(*width));
	a->ncol = n;
	return true;
}

/* The cells of a row. */
static bool
cells(const struct aws *a, struct span line, size_t depth, struct span *cell)
{
	struct span in;
	size_t k, n;

	if (!inside(line, depth, &in) || in.n == 0 || in.p[0] == '|')
		return false;
	for (k = 0; k < a->ncol; k++) {
		if ((k > 0 && !table_takes(&in, "|")) ||
		    !table_cut(in, a->width[k], a->wide, &n))
			return false;
		cell[k] = span_of(in.p, n);
		in = span_skip(in, n);
	}
	return in.n == 0;
}

/*
 * Whether cells go on behind a rule.  If there is but one it may be the title
 * of the next section, which is centred; cells stand on the left.
 */
static bool
go_on(const struct aws *a, const struct span *cell)
{
	return a->ncol > 1 || cell[0].n <= PAD || cell[0].p[PAD] != ' ' ||
	    span_trim(cell[0], " ").n == 0;
}

/* Take rows while there are any, behind a second rule or the first. */
static bool
rows(struct aws *a, struct section *s, bool ruled)
{
	struct table_lines before = a->lines;
	struct span line, cell[TABLE_COLUMNS_MAX];
	size_t k;

	while (table_line(&a->lines, &line) &&
	    cells(a, line, s->depth, cell) &&
	    (s->nrow != 1 || !ruled || go_on(a, cell))) {
		for (k = 0; k < a->ncol; k++)
			if (!table_add(&a->t, span_trim(cell[k], " ")))
				return false;
		s->nrow++;
		before = a->lines;
	}
	if (a->lines.bad)
		return false;
	a->lines = before;
	return true;
}

static bool
is_key(struct span s)
{
	size_t i;

	if (s.n == 0 || !is_letter(s.p[0]))
		return false;
	for (i = 0; i < s.n; i++)
		if (!is_letter(s.p[i]) && !is_digit(s.p[i]) &&
		    memchr("_-.:/", s.p[i], 5) == NULL)
			return false;
	return true;
}

/* Whether cells of a column or a row, `step' apart, are different names. */
static bool
names(const struct aws *a, size_t from, size_t n, size_t step)
{
	const struct table_cell *c = a->t.cell + from;
	size_t i, k;

	if (n > TABLE_COLUMNS_MAX)
		return false;
	for (i = 0; i < n; i++) {
		if (!is_key(c[i * step].s))
			return false;
		for (k = 0; k < i; k++)
			if (span_eq(c[i * step].s, c[k * step].s))
				return false;
	}
	return true;
}

static bool
settle(const struct aws *a, struct section *s, bool header)
{
	if (s->nrow == 0)
		s->kind = KIND_EMPTY;
	else if (header)
		s->kind = KIND_RECORDS;
	else if (s->ncol == 1)
		s->kind = KIND_ITEMS;
	else if (s->ncol == 2 && names(a, s->cell, s->nrow, 2))
		s->kind = KIND_MEMBERS;
	else
		s->kind = KIND_ROWS;
	return !header || names(a, s->cell, s->ncol, 1);
}

/* Everything between the title and the next section. */
static bool
body(struct aws *a, struct section *s)
{
	bool header = false;

	s->cell = a->t.ncell;
	/* A title alone stands before other titles. */
	if (a->lines.rest.n > s->depth && a->lines.rest.p[s->depth] == '|')
		return true;
	if (!next_rule(a, s->depth, false))
		return false;
	s->ncol = a->ncol;
	if (!rows(a, s, false))
		return false;
	if (s->nrow > 0 && !next_rule(a, s->depth, true))
		return false;
	if (s->nrow == 1) {
		if (!rows(a, s, true))
			return false;
		header = s->nrow > 1;
		if (header && !next_rule(a, s->depth, true))
			return false;
	}
	return settle(a, s, header);
}

static bool
title(struct section *s, struct span line)
{
	struct span in;

	while (s->depth < line.n && line.p[s->depth] == '|')
		s->depth++;
	if (s->depth == 0 || s->depth > DEPTH_MAX ||
	    !inside(line, s->depth, &in))
		return false;
	s->title = span_trim(in, " ");
	return is_key(s->title);
}

/* The path of a section below another's: a number from 1. */
static size_t
path_of(struct aws *a, size_t above, struct span name)
{
	struct buf key = BUF_INIT;
	struct span k;
	union map_val *v = NULL;
	struct path *p;

	buf_addu(&key, above);
	buf_addc(&key, ' ');
	buf_addspan(&key, name);
	k = arena_dup(&a->t.mem, buf_span(&key));
	if (!buf_err(&key) && k.p != NULL)
		v = map_put(&a->paths, k);
	buf_release(&key);
	if (v == NULL)
		return 0;
	if (v->u == 0) {
		p = mem_grow(a->path, &a->path_cap, a->npath + 1, sizeof(*p),
		    SECTIONS_MAX);
		if (p == NULL)
			return 0;
		a->path = p;
		a->path[a->npath++] = (struct path){ NONE, NONE, false };
		v->u = a->npath;
	}
	return v->u;
}

/* Members of the parent have other names. */
static bool
is_new(const struct aws *a, const struct section *up, struct span name)
{
	size_t i, n = up->kind == KIND_MEMBERS ? up->nrow :
	    up->kind == KIND_RECORDS ? up->ncol : 0;
	size_t step = up->kind == KIND_MEMBERS ? 2 : 1;

	for (i = 0; i < n; i++)
		if (span_eq(a->t.cell[up->cell + i * step].s, name))
			return false;
	return true;
}

/* Put section number n below its parent. */
static bool
place(struct aws *a, size_t n, size_t before)
{
	struct section *s = &a->sec[n], *up = NULL;
	struct path *p;

	s->parent = s->depth == 1 ? NONE : a->open[s->depth - 1];
	if (s->parent != NONE) {
		up = &a->sec[s->parent];
		if (up->kind == KIND_ITEMS || up->kind == KIND_ROWS ||
		    (up->kind == KIND_RECORDS && up->nrow != 2) ||
		    !is_new(a, up, s->title))
			return false;
	}
	s->path = path_of(a, up == NULL ? 0 : up->path, s->title);
	if (s->path == 0)
		return false;
	p = &a->path[s->path - 1];
	if (p->last != NONE && p->parent == s->parent) {
		/* Of the same name, but something else stood between. */
		if (before != p->last)
			return false;
		p->array = true;
	}
	if (s->kind == KIND_RECORDS && s->nrow > 2)
		p->array = true;
	p->last = n;
	p->parent = s->parent;
	a->open[s->depth] = n;
	return true;
}

static bool
section(struct aws *a, struct span line, size_t *depth)
{
	struct section s = { .depth = 0 }, *p;
	size_t before, i;

	if (!title(&s, line) || s.depth > *depth + 1 || !body(a, &s))
		return false;
	p = mem_grow(a->sec, &a->cap, a->nsec + 1, sizeof(*p), SECTIONS_MAX);
	if (p == NULL)
		return false;
	a->sec = p;
	a->sec[a->nsec] = s;
	before = a->open[s.depth];
	for (i = s.depth + 1; i <= *depth; i++)
		a->open[i] = NONE;
	*depth = s.depth;
	return place(a, a->nsec++, before);
}

static bool
read_sections(struct aws *a)
{
	struct span line;
	size_t i, depth = 0;

	for (i = 0; i <= DEPTH_MAX; i++)
		a->open[i] = NONE;
	if (!table_line(&a->lines, &line))
		return false;
	for (i = 0; i < line.n; i++)
		if (line.p[i] != '-')
			return false;
	while (table_line(&a->lines, &line))
		if (!section(a, line, &depth))
			return false;
	return !a->lines.bad && a->nsec > 0;
}

static void
put_value(struct span s, struct buf *json)
{
	if (table_kind(s) == TABLE_LITERAL)
		buf_addspan(json, s);
	else
		json_quote(s, json);
}

/* One member, if it has a value or is to have an empty one. */
static void
put_member(const struct table_cell *name, const struct table_cell *value,
    bool empty, bool *any, struct buf *json)
{
	if (value->s.n == 0 && !empty)
		return;
	if (*any)
		buf_addc(json, ',');
	*any = true;
	json_quote(name->s, json);
	buf_addc(json, ':');
	put_value(value->s, json);
}

/* Cells without text are no members, unless their names would be lost. */
static void
put_records(const struct section *s, const struct table_cell *c, bool *any,
    struct buf *json)
{
	bool empty[TABLE_COLUMNS_MAX];
	size_t i, k;

	for (k = 0; k < s->ncol; k++) {
		empty[k] = true;
		for (i = 1; i < s->nrow && empty[k]; i++)
			empty[k] = c[i * s->ncol + k].s.n == 0;
	}
	for (i = 1; i < s->nrow; i++) {
		if (i > 1)
			buf_adds(json, "},{");
		*any = false;
		for (k = 0; k < s->ncol; k++)
			put_member(c + k, c + i * s->ncol + k, empty[k], any,
			    json);
	}
}

static void
put_items(const struct section *s, const struct table_cell *c,
    struct buf *json)
{
	size_t i, k;

	for (i = 0; i < s->nrow; i++) {
		if (i > 0)
			buf_addc(json, ',');
		if (s->kind == KIND_ROWS)
			buf_addc(json, '[');
		for (k = 0; k < s->ncol; k++) {
			if (k > 0)
				buf_addc(json, ',');
			put_value(c[i * s->ncol + k].s, json);
		}
		if (s->kind == KIND_ROWS)
			buf_addc(json, ']');
	}
}

/* The records of a section, or its members; the last object stays open. */
static void
put_body(const struct aws *a, const struct section *s, bool *any,
    struct buf *json)
{
	const struct table_cell *c = s->nrow > 0 ? a->t.cell + s->cell : NULL;
	size_t i;

	*any = false;
	if (s->kind == KIND_ITEMS || s->kind == KIND_ROWS) {
		put_items(s, c, json);
		return;
	}
	buf_addc(json, '{');
	if (s->kind == KIND_MEMBERS)
		for (i = 0; i < s->nrow; i++)
			put_member(c + 2 * i, c + 2 * i + 1, true, any, json);
	else if (s->kind == KIND_RECORDS)
		put_records(s, c, any, json);
}

static bool
is_list(const struct section *s)
{
	return s->kind == KIND_ITEMS || s->kind == KIND_ROWS;
}

static bool
is_array(const struct aws *a, const struct section *s)
{
	return is_list(s) || a->path[s->path - 1].array;
}

/* Whether `next' goes on with the array that s stands in. */
static bool
goes_on(const struct section *s, const struct section *next)
{
	return next->path == s->path && next->parent == s->parent;
}

struct nest {
	size_t		 open[DEPTH_MAX + 1];	/* the section at each depth */
	bool		 any[DEPTH_MAX + 1];	/* it has members already */
	size_t		 depth;
};

/*
 * Close, from the innermost, what ends before s.  Whether s is another record
 * of an array that stays open.
 */
static bool
put_ends(const struct aws *a, struct nest *t, const struct section *s,
    struct buf *json)
{
	const struct section *up;
	bool on = false;

	for (; t->depth > 0 && (s == NULL || t->depth >= s->depth);
	    t->depth--) {
		up = &a->sec[t->open[t->depth]];
		on = s != NULL && goes_on(up, s);
		if (!is_list(up))
			buf_addc(json, '}');
		if (!on && is_array(a, up))
			buf_addc(json, ']');
	}
	return on;
}

static bool
put_all(const struct aws *a, struct buf *json)
{
	struct nest t = { .depth = 0 };
	const struct section *s;
	size_t n;
	bool on;

	buf_addc(json, '{');
	for (n = 0; n < a->nsec; n++) {
		s = &a->sec[n];
		if (is_list(s) && a->path[s->path - 1].array)
			return false;
		on = put_ends(a, &t, s, json);
		if (t.any[s->depth - 1])
			buf_addc(json, ',');
		t.any[s->depth - 1] = true;
		if (!on) {
			json_quote(s->title, json);
			buf_adds(json, is_array(a, s) ? ":[" : ":");
		}
		put_body(a, s, &t.any[s->depth], json);
		t.open[s->depth] = n;
		t.depth = s->depth;
	}
	put_ends(a, &t, NULL, json);
	buf_addc(json, '}');
	return true;
}

static bool
read_as(bool wide, struct span s, struct buf *json)
{
	struct aws *a = calloc(1, sizeof(*a));
	bool good;

	if (a == NULL)
		return false;
	a->t = (struct table)TABLE_INIT;
	a->wide = wide;
	map_init(&a->paths, map_random_seed());
	table_lines_begin(&a->lines, s);
	good = read_sections(a) && utf8_valid(s.p, s.n) == s.n &&
	    put_all(a, json);
	map_release(&a->paths);
	table_release(&a->t);
	free(a->path);
	free(a->sec);
	free(a);
	return good;
}

static bool
aws_read(struct span s, struct buf *json, struct buf *how)
{
	const char *nl = s.n == 0 ? NULL : memchr(s.p, '\n', s.n);

	if (nl == NULL || !span_starts(s, SPAN_LIT("-----")) ||
	    s.n - (size_t)(nl - s.p) < 2 || nl[1] != '|')
		return false;
	buf_adds(how, "aws table");
	if (read_as(false, s, json))
		return true;
	buf_reset(json);
	return read_as(true, s, json);
}

/* Widths that it gave to columns are not known any more. */
static bool
aws_write(const struct json_doc *d, struct span how, struct buf *out)
{
	(void)d;
	(void)how;
	(void)out;
	return false;
}

const struct form table_aws = { "aws table", aws_read, aws_write };
