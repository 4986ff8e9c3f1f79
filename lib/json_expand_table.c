/*
 * json_expand_table - tables
 *
 * The header is read into columns, then a row at a time its cells, and the
 * members are put together again.
 */
#include "compat.h"

#include <stdlib.h>

#include "cell.h"
#include "json.h"
#include "json_expand_impl.h"
#include "json_plan.h"
#include "json_render.h"
#include "json_tool.h"

#define COLUMNS_MAX	JSON_TOTAL_MAX		/* of one table, groups in */
#define CELLS_MAX	(JSON_LEAVES_MAX + 1)	/* with the key */

struct column {
	struct span	name;		/* a JSON string */
	struct span	constant;	/* p is NULL if there is none */
	uint32_t	first;		/* children: [first, behind) */
	uint32_t	behind;		/* next column on this level */
	uint32_t	fixed;		/* this or the next with a constant */
	uint32_t	leaves;		/* cells of a group */
	bool		group;
	bool		rest;
	bool		unless;		/* a row may have another value */
};

struct cell {
	size_t	at, n;		/* in expander.cells; n 0: missing */
};

struct table {
	struct column	col[COLUMNS_MAX];
	uint32_t	ncols;
	uint32_t	leaves;
	uint64_t	rows;
	bool		keyed;
	bool		again;		/* '=' is a cell as that above */
	struct span	by;		/* columns are of kinds by this */
	struct cell	cell[CELLS_MAX];
	uint32_t	ncells;		/* of the row at hand */
	struct buf	cells;
	struct cell	was[CELLS_MAX];	/* the row above */
	uint32_t	nwas;
	struct buf	above;
};

static bool
take_name(struct expander *x, struct span *name)
{
	struct buf b = BUF_INIT;
	struct span s;
	bool ok = true;

	if (peek(x) == '"') {
		ok = expander_put_string(x, &b);
	} else {
		s = expander_bare(x, ",={}*\n");
		if (!cell_bare_name(s))
			return foreign(x);
		json_quote(s, &b);
	}
	if (ok) {
		expander_star(x, &b);
		*name = arena_dup(&x->arena, buf_span(&b));
		if (buf_err(&b) || name->p == NULL)
			ok = give_up(x, EXPAND_FAILED);
	}
	buf_release(&b);
	return ok;
}

/* A value behind "name=", and whether rows may have another. */
static bool
put_constant(struct expander *x, struct buf *out, bool *unless)
{
	struct span s;

	if ((strchr("\"[{=", peek(x)) != NULL && peek(x) != '\0') ||
	    expander_embedded(x)) {
		if (!expander_cell(x, out))
			return false;
		*unless = take(x, SPAN_LIT(CELL_UNLESS));
		return true;
	}
	s = expander_bare(x, ",}\n");
	*unless = span_ends(s, SPAN_LIT(CELL_UNLESS));
	if (*unless)
		s.n -= sizeof(CELL_UNLESS) - 1;
	return expander_put_bare(x, s, cell_bare_constant(s), out);
}

static bool
take_constant(struct expander *x, struct column *c)
{
	struct buf b = BUF_INIT;
	bool ok;

	b.max = x->out->max;
	ok = put_constant(x, &b, &c->unless);
	if (ok) {
		c->constant = arena_dup(&x->arena, buf_span(&b));
		if (buf_err(&b) || c->constant.p == NULL)
			ok = give_up(x, EXPAND_FAILED);
	}
	buf_release(&b);
	return ok;
}

/*
 * "..." and the end of the line, or of a kind's columns; other names may begin
 * like this.
 */
static bool
is_rest(const struct expander *x, const struct table *t, unsigned depth)
{
	return t->by.p != NULL ? depth == 1 &&
	    span_starts(span_skip(x->in, x->at), SPAN_LIT("...}")) :
	    depth == 0 &&
	    span_starts(span_skip(x->in, x->at), SPAN_LIT("...\n"));
}

/*
 * "name,ns=default,status{phase,ip},..." up to the line's end or, in a
 * group, its brace.  Recursion is bounded by JSON_FLATTEN_MAX.
 */
static bool
take_columns(struct expander *x, struct table *t, unsigned depth)
{
	struct column *c;
	uint32_t leaves;

	if (depth > JSON_FLATTEN_MAX)
		return foreign(x);
	do {
		if (t->ncols == COLUMNS_MAX)
			return foreign(x);
		c = &t->col[t->ncols++];
		*c = (struct column){ .first = t->ncols };
		if (is_rest(x, t, depth)) {
			x->at += 3;
			c->rest = true;
			t->leaves++;
		} else if (!take_name(x, &c->name))
			return false;
		else if (take(x, SPAN_LIT("="))) {
			if (!take_constant(x, c))
				return false;
			t->leaves += c->unless;
		} else if (take(x, SPAN_LIT("{"))) {
			c->group = true;
			leaves = t->leaves;
			if (!take_columns(x, t, depth + 1) ||
			    !take(x, SPAN_LIT("}")))
				return x->rc != EXPAND_OK ? false :
				    foreign(x);
			c->leaves = t->leaves - leaves;
		} else
			t->leaves++;
		c->behind = t->ncols;
	} while (take(x, SPAN_LIT(",")));
	return true;
}

/*
 * Note where constants are, so that a short row does not cost as much as a
 * long one.  Behind the last column of a group the next is outside of it.
 */
static void
find_constants(struct table *t)
{
	struct column *c;
	uint32_t i;

	for (i = t->ncols; i-- > 0; ) {
		c = &t->col[i];
		if (c->constant.p != NULL ||
		    (c->group && t->col[c->first].fixed < c->behind))
			c->fixed = i;
		else
			c->fixed = c->behind < t->ncols ?
			    t->col[c->behind].fixed : t->ncols;
	}
}

/* "=" and nothing else: the cell above, if the table says so. */
static bool
is_again(const struct expander *x, const struct table *t)
{
	return t->again && (span_starts(span_skip(x->in, x->at),
	    SPAN_LIT("=,")) || span_starts(span_skip(x->in, x->at),
	    SPAN_LIT("=\n")));
}

static bool
put_again(struct expander *x, struct table *t, uint32_t i)
{
	x->at++;
	if (i >= t->nwas || t->was[i].n == 0)
		return foreign(x);
	buf_add(&t->cells, t->above.p + t->was[i].at, t->was[i].n);
	return true;
}

/* The row at hand becomes the one above. */
static void
next_row(struct table *t)
{
	struct buf b = t->above;

	t->above = t->cells;
	t->cells = b;
	memcpy(t->was, t->cell, t->ncells * sizeof(*t->was));
	t->nwas = t->ncells;
	buf_reset(&t->cells);
	t->ncells = 0;
}

/* The name in front of a row. */
static bool
take_row_key(struct expander *x, struct buf *out)
{
	struct span s;

	if (peek(x) == '"') {
		if (!expander_put_string(x, out))
			return false;
		expander_star(x, out);
		return true;
	}
	s = expander_bare(x, ",\n");
	if (s.n > 1 && s.p[s.n - 1] == '*') {
		s.n--;
		x->at--;
	}
	if (!cell_bare(s))
		return foreign(x);
	json_quote(s, out);
	expander_star(x, out);
	return true;
}

/* One line's cells; those behind its end are missing. */
static bool
take_row(struct expander *x, struct table *t, uint32_t leaves)
{
	struct cell *c;
	bool ok;

	next_row(t);
	if (take(x, SPAN_LIT("\n")))
		return true;
	do {
		if (t->ncells == leaves)
			return foreign(x);
		c = &t->cell[t->ncells++];
		*c = (struct cell){ t->cells.len, 0 };
		if ((t->keyed || t->by.p != NULL) && t->ncells == 1) {
			if (!take_row_key(x, &t->cells))
				return false;
			c->n = t->cells.len;
		} else if (peek(x) != ',' && peek(x) != '\n') {
			ok = is_again(x, t) ?
			    put_again(x, t, t->ncells - 1) :
			    expander_cell(x, &t->cells);
			if (!ok)
				return false;
			c->n = t->cells.len - c->at;
		}
	} while (take(x, SPAN_LIT(",")));
	if (buf_err(&t->cells))
		return give_up(x, EXPAND_FAILED);
	return take(x, SPAN_LIT("\n")) || foreign(x);
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static struct span
cell_text(const struct table *t, uint32_t i)
{
	if (i >= t->ncells || t->cell[i].n == 0)
		return SPAN_LIT("");
	return span_of(t->cells.p + t->cell[i].at, t->cell[i].n);
}

static void
put_member(struct expander *x, struct span name, bool *any)
{
	if (*any)
		buf_addc(x->out, ',');
	*any = true;
	if (name.n > 0) {
		buf_addspan(x->out, name);
		buf_addc(x->out, ':');
	}
}

/* Whether a group, whose cells begin at leaf, has a value in this row. */
static bool
present(const struct table *t, const struct column *group, uint32_t leaf)
{
	uint32_t i;

	if (t->col[group->first].fixed < group->behind)
		return true;
	for (i = leaf; i < leaf + group->leaves && i < t->ncells; i++)
		if (t->cell[i].n > 0)
			return true;
	return false;
}

static bool put_object(struct expander *x, const struct table *t,
    uint32_t from, uint32_t to, uint32_t *leaf);

/* Columns [from, to) of a row as members, and the end of the object. */
static bool
put_members(struct expander *x, const struct table *t, uint32_t from,
    uint32_t to, uint32_t *leaf, bool any)
{
	const struct column *c;
	struct span s;
	uint32_t i;

	for (i = from; i < to; i = c->behind) {
		/* With the cells at their end only constants are left. */
		if (*leaf >= t->ncells && (i = t->col[i].fixed) >= to)
			break;
		c = &t->col[i];
		if (c->group) {
			if (!present(t, c, *leaf)) {
				*leaf += c->leaves;
				continue;
			}
			put_member(x, c->name, &any);
			if (!put_object(x, t, c->first, c->behind, leaf))
				return false;
			continue;
		}
		s = c->constant.p != NULL && !c->unless ? c->constant :
		    cell_text(t, (*leaf)++);
		if (s.n == 0 && c->unless)
			s = c->constant;
		if (s.n == 0)
			continue;
		put_member(x, c->name, &any);
		if (c->rest) {
			if (s.n < 4 || s.p[0] != '{')
				return foreign(x);
			s = span_of(s.p + 1, s.n - 2);
		}
		buf_addspan(x->out, s);
	}
	buf_addc(x->out, '}');
	return true;
}

/* Columns [from, to) of a row as an object. */
static bool
put_object(struct expander *x, const struct table *t, uint32_t from,
    uint32_t to, uint32_t *leaf)
{
	buf_addc(x->out, '{');
	return put_members(x, t, from, to, leaf, false);
}

/* Whether the columns are kinds, no more leaves in each than a row has. */
static bool
kinds_fit(const struct table *t)
{
	uint32_t i;

	if (t->by.p == NULL)
		return t->leaves <= JSON_LEAVES_MAX;
	for (i = 0; i < t->ncols; i = t->col[i].behind)
		if (!t->col[i].group || t->col[i].leaves > JSON_LEAVES_MAX)
			return false;
	return !t->keyed;
}

/* A row of a table of kinds: the kind, which is a column, and its cells. */
static bool
put_kind_row(struct expander *x, struct table *t)
{
	struct span kind = cell_text(t, 0), name = t->by;
	uint32_t i, leaf = 1;

	for (i = 0; i < t->ncols && !span_eq(t->col[i].name, kind);
	    i = t->col[i].behind)
		;
	if (i == t->ncols || t->ncells > t->col[i].leaves + 1)
		return foreign(x);
	buf_addc(x->out, '{');
	if (name.p[0] == '"')
		buf_addspan(x->out, name);
	else
		json_quote(name, x->out);
	buf_addc(x->out, ':');
	buf_addspan(x->out, kind);
	return put_members(x, t, t->col[i].first, t->col[i].behind, &leaf,
	    true);
}

static bool
put_row(struct expander *x, struct table *t)
{
	uint32_t leaf = t->keyed;
	struct span key;

	if (t->by.p != NULL)
		return put_kind_row(x, t);

	if (t->keyed) {
		key = cell_text(t, 0);
		if (key.n == 0 || key.p[0] != '"')
			return foreign(x);
		buf_addspan(x->out, key);
		buf_addc(x->out, ':');
	}
	return put_object(x, t, 0, t->ncols, &leaf);
}

static bool
expand_rows(struct expander *x, struct table *t, bool lines)
{
	uint64_t i;

	if ((t->keyed && !take(x, SPAN_LIT("key,"))) ||
	    !take_columns(x, t, 0) || !take(x, SPAN_LIT("\n")) ||
	    !kinds_fit(t))
		return x->rc != EXPAND_OK ? false : foreign(x);
	find_constants(t);
	for (i = 0; i < t->rows; i++) {
		if (i > 0)
			buf_addc(x->out, ',');
		if (!take_row(x, t, least(t->leaves, JSON_LEAVES_MAX) +
		    (t->keyed || t->by.p != NULL)) || !put_row(x, t))
			return false;
		if (buf_err(x->out))
			return give_up(x, EXPAND_FAILED);
	}
	if (lines)
		return x->at == x->in.n || foreign(x);
	return take(x, t->keyed ? SPAN_LIT("}") : SPAN_LIT("]")) ||
	    foreign(x);
}

/* The table whose count has been read.  Bounded by JSON_NEST_MAX. */
bool
expander_table(struct expander *x, const struct expander_head *h, bool keyed,
    bool lines)
{
	struct table *t;
	bool ok;

	x->ours = true;
	if (x->nest > JSON_NEST_MAX)
		return foreign(x);
	t = malloc(sizeof(*t));
	if (t == NULL)
		return give_up(x, EXPAND_FAILED);
	t->ncols = t->leaves = t->ncells = t->nwas = 0;
	t->rows = h->rows;
	t->again = h->again;
	t->by = h->by;
	t->keyed = keyed;
	t->cells = t->above = (struct buf)BUF_INIT;
	t->cells.max = t->above.max = x->out->max;
	x->nest++;
	buf_addc(x->out, keyed ? '{' : '[');
	ok = expand_rows(x, t, lines);
	buf_addc(x->out, keyed ? '}' : ']');
	x->nest--;
	buf_release(&t->cells);
	buf_release(&t->above);
	free(t);
	return ok;
}
