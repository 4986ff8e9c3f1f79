/*
 * json_expand - read the short form back
 *
 * In two steps: first JSON in which signs of our own stand for what is
 * elsewhere (json_refs.h), then the values in their places.  The result is
 * checked as a whole, so that only what really is JSON comes out.
 */
#include "compat.h"

#include <stdlib.h>

#include "arena.h"
#include "ascii.h"
#include "cell.h"
#include "form.h"
#include "json.h"
#include "json_expand.h"
#include "json_path.h"
#include "json_plan.h"
#include "json_refs.h"
#include "json_render.h"
#include "json_style.h"
#include "json_tool.h"
#include "mem.h"
#include "num.h"

#define COLUMNS_MAX	JSON_TOTAL_MAX		/* of one table, groups in */
#define HOW_MAX		256	/* bytes that say how it was written */
#define BLANKS		" \t\r\n"
#define SHORT_MAX	((size_t)256 << 20)	/* bytes, expanded */
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

struct expander {
	struct span		 in;
	size_t			 at;
	struct buf		*out;
	struct arena		 arena;
	unsigned		 nest;
	bool			 ours;	/* what is no JSON was seen */
	bool			 embedded; /* within such a text */
	enum squash_expanded	 rc;
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
give_up(struct expander *x, enum squash_expanded rc)
{
	x->rc = rc;
	return false;
}

static bool
foreign(struct expander *x)
{
	return give_up(x, EXPAND_FOREIGN);
}

static char
peek(const struct expander *x)
{
	return x->at < x->in.n ? x->in.p[x->at] : '\0';
}

static bool
take(struct expander *x, struct span word)
{
	if (!span_starts(span_skip(x->in, x->at), word))
		return false;
	x->at += word.n;
	return true;
}

/* The string at x->at, quotes included. */
static bool
take_string(struct expander *x, struct span *s)
{
	size_t i = x->at + 1;

	while (i < x->in.n && x->in.p[i] != '"' && x->in.p[i] != '\n')
		i += x->in.p[i] == '\\' ? 2 : 1;
	if (i >= x->in.n || x->in.p[i] != '"')
		return foreign(x);
	*s = span_of(x->in.p + x->at, i + 1 - x->at);
	x->at = i + 1;
	return true;
}

static bool
is_embedded(const struct expander *x)
{
	return span_starts(span_skip(x->in, x->at), SPAN_LIT(CELL_EMBEDDED));
}

/* A string as it stands, but for what would look like a sign of ours. */
static bool
put_string(struct expander *x, struct buf *out)
{
	struct buf means = BUF_INIT;
	struct span s, body;

	if (!take_string(x, &s))
		return false;
	body = span_of(s.p + 1, s.n - 2);
	if (!span_starts(body, SPAN_LIT(JSON_REFS_SIGN)) &&
	    !json_tool_starred(&body)) {
		buf_addspan(out, s);
		return true;
	}
	json_decode(span_of(s.p + 1, s.n - 2), &means);
	json_quote(buf_span(&means), out);
	if (buf_err(&means))
		give_up(x, EXPAND_FAILED);
	buf_release(&means);
	return x->rc == EXPAND_OK;
}

/* A star behind the name that out ends with: what json_tool.h makes of it. */
static void
take_star(struct expander *x, struct buf *out)
{
	if (!take(x, SPAN_LIT("*")))
		return;
	x->ours = true;
	buf_truncate(out, out->len - 1);
	buf_adds(out, JSON_TOOL_STAR "\"");
}

/* A bare text up to one of the stops. */
static struct span
take_bare(struct expander *x, const char *stops)
{
	struct span rest = span_skip(x->in, x->at);
	size_t i = 0;

	while (i < rest.n && rest.p[i] != '\0' &&
	    strchr(stops, rest.p[i]) == NULL)
		i++;
	x->at += i;
	return span_of(rest.p, i);
}

/* What is said in front of a table. */
struct head {
	uint64_t	rows;
	bool		again;	/* '=' is a cell as that above */
	struct span	by;	/* the member that says the kind, spelt as in
				 * the text; p is NULL if there is none */
};

/* ", by type"; nothing if it is something else. */
static void
take_by(struct expander *x, struct head *h)
{
	size_t was = x->at;

	h->by = span_of(NULL, 0);
	if (!take(x, SPAN_LIT(JSON_BY)))
		return;
	if (peek(x) != '"')
		h->by = take_bare(x, ",:={}\n");
	else if (!take_string(x, &h->by))
		x->rc = EXPAND_OK;	/* it is no table then */
	if (h->by.n > 0 && (h->by.p[0] == '"' || cell_bare_name(h->by)))
		return;
	h->by.p = NULL;
	x->at = was;
}

/* "12 rows: ", "12 rows, = as above: ", behind the bracket. */
static bool
take_count(struct expander *x, struct span unit, struct head *h)
{
	size_t i = x->at, was = x->at;

	while (i < x->in.n && x->in.p[i] >= '0' && x->in.p[i] <= '9')
		i++;
	if (i == x->at || num_u64(span_of(x->in.p + x->at, i - x->at), 2,
	    JSON_COUNT_MAX, &h->rows) < 0)
		return false;
	x->at = i;
	if (take(x, unit)) {
		take_by(x, h);
		h->again = take(x, SPAN_LIT(JSON_ABOVE));
		if (take(x, SPAN_LIT(": ")))
			return true;
	}
	x->at = was;
	return false;
}

static bool expand_table(struct expander *x, const struct head *h, bool keyed,
    bool lines);
static bool take_flow(struct expander *x, struct buf *out);

static bool
is_literal(struct span s)
{
	return span_eq(s, SPAN_LIT("null")) || span_eq(s, SPAN_LIT("true")) ||
	    span_eq(s, SPAN_LIT("false")) || cell_numeric(s);
}

/* "=a.b[3]", behind the sign: a string of ours that stands for the value. */
static bool
take_path(struct expander *x, struct buf *out)
{
	size_t n = json_path_length(span_skip(x->in, x->at));

	if (n == 0)
		return foreign(x);
	x->ours = true;
	buf_adds(out, "\"" JSON_REFS_SIGN);
	json_encode(span_of(x->in.p + x->at, n), out);
	buf_addc(out, '"');
	x->at += n;
	return true;
}

static bool
put_bare(struct expander *x, struct span s, bool plain, struct buf *out)
{
	if (is_literal(s))
		buf_addspan(out, s);
	else if (plain) {
		x->ours = true;
		json_quote(s, out);
	} else
		return foreign(x);
	return true;
}

/* "(json spaced {...})": a string, the text of this value in that style. */
static bool
take_embedded(struct expander *x, struct buf *out)
{
	struct json_style style;
	struct span words;

	x->at++;
	words = span_trim(take_bare(x, "[{\n"), " ");
	if (x->embedded || !json_style_parse(words, &style))
		return foreign(x);
	x->ours = true;
	buf_adds(out, "[\"" JSON_REFS_SIGN "(");
	buf_addspan(out, words);
	buf_adds(out, "\",");
	x->embedded = true;
	if (!take_flow(x, out))
		return false;
	x->embedded = false;
	buf_addc(out, ']');
	return take(x, SPAN_LIT(")")) || foreign(x);
}

/* Append the value of a cell to out. */
static bool
take_cell(struct expander *x, struct buf *out)
{
	struct span s;

	switch (peek(x)) {
	case '"':
		return put_string(x, out);
	case '[':
	case '{':
		return take_flow(x, out);
	case '=':
		x->at++;
		return take_path(x, out);
	default:
		if (is_embedded(x))
			return take_embedded(x, out);
		s = take_bare(x, ",\n");
		return put_bare(x, s, cell_bare(s), out);
	}
}

/* A text up to a comma, a line's end, or a bracket that it did not open. */
static struct span
take_bare_value(struct expander *x)
{
	size_t from = x->at, depth = 0;
	char c;

	for (; x->at < x->in.n; x->at++) {
		c = x->in.p[x->at];
		if (c == ',' || c == '\n')
			break;
		depth += c == '[' || c == '{';
		if ((c == ']' || c == '}') && depth-- == 0)
			break;
	}
	return span_trim(span_of(x->in.p + from, x->at - from), " \t\r");
}

static void
skip_blanks(struct expander *x)
{
	while (x->at < x->in.n && strchr(BLANKS, peek(x)) != NULL &&
	    peek(x) != '\0')
		x->at++;
}

/* A member's name and its colon. */
static bool
take_key(struct expander *x, struct buf *out)
{
	struct span s;

	skip_blanks(x);
	if (peek(x) == '"') {
		if (!put_string(x, out))
			return false;
	} else {
		s = take_bare(x, ":,{}*\n");
		if (!cell_bare_name(s))
			return foreign(x);
		x->ours = true;
		json_quote(s, out);
	}
	take_star(x, out);
	skip_blanks(x);
	buf_addc(out, ':');
	return take(x, SPAN_LIT(":")) || foreign(x);
}

/* What is neither array nor object. */
static bool
take_leaf(struct expander *x, struct buf *out)
{
	struct span s;

	if (peek(x) == '"')
		return put_string(x, out);
	if (peek(x) == '=') {
		x->at++;
		return take_path(x, out);
	}
	if (is_embedded(x))
		return take_embedded(x, out);
	s = take_bare_value(x);
	return put_bare(x, s, cell_bare_value(s), out);
}

/* The table that a bracket begins, if it does. */
static bool
take_table(struct expander *x, char open, struct buf *out, bool *ok)
{
	struct buf *outer = x->out;
	struct head h;

	if (!take_count(x, SPAN_LIT(" rows"), &h))
		return false;
	x->out = out;
	*ok = expand_table(x, &h, open == '{', false);
	x->out = outer;
	return true;
}

struct flow {
	char	 close[JSON_DEPTH_MAX];
	size_t	 depth;
};

/* Whether it was left open, so that its first element is next. */
static bool
open_container(struct expander *x, struct flow *f, char open, struct buf *out)
{
	f->close[f->depth] = open == '[' ? ']' : '}';
	buf_addc(out, open);
	skip_blanks(x);
	if (peek(x) == f->close[f->depth]) {
		buf_addc(out, x->in.p[x->at++]);
		return false;
	}
	f->depth++;
	return open == '[' || take_key(x, out);
}

/* Behind a value: whether another one of the same container follows. */
static bool
next_value(struct expander *x, struct flow *f, struct buf *out)
{
	while (f->depth > 0) {
		skip_blanks(x);
		if (take(x, SPAN_LIT(","))) {
			buf_addc(out, ',');
			return f->close[f->depth - 1] == ']' ||
			    take_key(x, out);
		}
		if (x->at == x->in.n || peek(x) != f->close[f->depth - 1])
			return foreign(x);
		buf_addc(out, x->in.p[x->at++]);
		f->depth--;
	}
	return false;
}

/* A value, with tables in it and all else; appended to out as JSON. */
static bool
take_flow(struct expander *x, struct buf *out)
{
	struct flow f;
	bool ok = true;
	char c;

	f.depth = 0;
	do {
		skip_blanks(x);
		c = peek(x);
		if (c != '[' && c != '{') {
			ok = take_leaf(x, out);
		} else {
			x->at++;
			if (!take_table(x, c, out, &ok)) {
				if (f.depth == JSON_DEPTH_MAX)
					return foreign(x);
				if (open_container(x, &f, c, out))
					continue;
			}
		}
		if (!ok || x->rc != EXPAND_OK)
			return false;
		if (buf_err(out))
			return give_up(x, EXPAND_FAILED);
		if (!next_value(x, &f, out))
			break;
	} while (true);
	return x->rc == EXPAND_OK;
}

static bool
take_name(struct expander *x, struct span *name)
{
	struct buf b = BUF_INIT;
	struct span s;
	bool ok = true;

	if (peek(x) == '"') {
		ok = put_string(x, &b);
	} else {
		s = take_bare(x, ",={}*\n");
		if (!cell_bare_name(s))
			return foreign(x);
		json_quote(s, &b);
	}
	if (ok) {
		take_star(x, &b);
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
	    is_embedded(x)) {
		if (!take_cell(x, out))
			return false;
		*unless = take(x, SPAN_LIT(CELL_UNLESS));
		return true;
	}
	s = take_bare(x, ",}\n");
	*unless = span_ends(s, SPAN_LIT(CELL_UNLESS));
	if (*unless)
		s.n -= sizeof(CELL_UNLESS) - 1;
	return put_bare(x, s, cell_bare_constant(s), out);
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
		if (!put_string(x, out))
			return false;
		take_star(x, out);
		return true;
	}
	s = take_bare(x, ",\n");
	if (s.n > 1 && s.p[s.n - 1] == '*') {
		s.n--;
		x->at--;
	}
	if (!cell_bare(s))
		return foreign(x);
	json_quote(s, out);
	take_star(x, out);
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
			    take_cell(x, &t->cells);
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
static bool
expand_table(struct expander *x, const struct head *h, bool keyed, bool lines)
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

/*
 * Output with parts left out starts with a mark that counts them.  Further
 * marks need no care: they make the text no JSON.
 */
static bool
has_gaps(struct span in)
{
	size_t i = 5;

	if (!span_starts(in, SPAN_LIT("[hr: ")))
		return false;
	while (i < in.n && in.p[i] >= '0' && in.p[i] <= '9')
		i++;
	return i > 5 && span_starts(span_skip(in, i), SPAN_LIT(" of "));
}

/* The values of a text, as one or, if they are several, as an array. */
static bool
expand_text(struct expander *x, size_t *values)
{
	struct head h;

	*values = 2;
	if (take_count(x, SPAN_LIT(" lines"), &h))
		return expand_table(x, &h, false, true);
	buf_addc(x->out, '[');
	skip_blanks(x);
	for (*values = 0; x->at < x->in.n; ++*values) {
		if (strchr(*values > 0 ? "[{=" : "[{", peek(x)) == NULL &&
		    !is_embedded(x))
			return foreign(x);
		if (*values > 0)
			buf_addc(x->out, ',');
		if (!take_flow(x, x->out))
			return false;
		skip_blanks(x);
	}
	buf_addc(x->out, ']');
	return *values > 0 || foreign(x);
}

/* The blanks at the end of a text. */
static struct span
behind(struct span s)
{
	struct span value = span_trim(s, BLANKS);

	return span_skip(s, (size_t)(value.p - s.p) + value.n);
}

/* All of a text that begins with a value; *lines: it is of several. */
static enum squash_expanded
expand_json(struct span in, struct buf *out)
{
	struct buf json = BUF_INIT;
	struct expander x = { .in = in, .out = &json, .arena = ARENA_INIT,
	    .rc = EXPAND_OK };
	size_t values;
	struct span all;

	json.max = out->max;
	if (expand_text(&x, &values) && buf_err(&json))
		x.rc = EXPAND_FAILED;
	arena_release(&x.arena);
	if (x.rc == EXPAND_OK && !x.ours)
		x.rc = EXPAND_FOREIGN;
	if (x.rc == EXPAND_OK) {
		all = buf_span(&json);
		if (values == 1)	/* without the array around it */
			all = span_of(all.p + 1, all.n - 2);
		x.rc = json_refs_resolve(all, values > 1, out);
	}
	/* The blanks behind a value were there before. */
	if (x.rc == EXPAND_OK && values == 1)
		buf_addspan(out, behind(in));
	buf_release(&json);
	return x.rc;
}

/* "psql table" of "psql table: [12 rows: ..."; p is NULL if there is none. */
static struct span
form_words(struct span in)
{
	const char *colon = NULL;
	struct span how;

	if (in.n > 0 && is_letter(in.p[0]))
		colon = memchr(in.p, ':', in.n < HOW_MAX ? in.n : HOW_MAX);
	if (colon == NULL)
		return span_of(NULL, 0);
	how = span_of(in.p, (size_t)(colon - in.p));
	return how.n + 2 < in.n && form_named(how) != NULL ? how :
	    span_of(NULL, 0);
}

static enum squash_expanded
write_form(struct span how, struct span json, struct buf *out)
{
	const struct form *f = form_named(how);
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	enum squash_expanded rc = EXPAND_OK;

	if (f->write == NULL) {
		buf_addspan(out, json);
		return buf_err(out) ? EXPAND_FAILED : rc;
	}
	if (json_doc_scan(&d, json, &err) != JSON_OK ||
	    !f->write(&d, how, out))
		rc = EXPAND_FOREIGN;
	else if (buf_err(out))
		rc = EXPAND_FAILED;
	json_doc_release(&d);
	return rc;
}

enum squash_expanded
json_expand(struct span in, struct buf *out)
{
	struct span how = form_words(in), json;
	struct buf plain = BUF_INIT;
	enum squash_expanded rc;

	if (has_gaps(in))
		return EXPAND_GAPS;
	if (how.p == NULL)
		return expand_json(in, out);
	plain.max = out->max;
	json = span_skip(in, how.n + 2);
	rc = expand_json(json, &plain);
	/* Records of numbers alone need no other spelling than JSON's. */
	if (rc == EXPAND_FOREIGN)
		buf_addspan(&plain, json);
	if (rc == EXPAND_OK || rc == EXPAND_FOREIGN)
		rc = write_form(how, buf_span(&plain), out);
	buf_release(&plain);
	return rc;
}

/* Whether behind `at' a line begins with the bracket that closes p[0]. */
static bool
closes_later(struct span in, size_t at, char open)
{
	struct span close = open == '[' ? SPAN_LIT("\n]") : SPAN_LIT("\n}");

	return memmem(in.p + at, in.n - at, close.p, close.n) != NULL;
}

/* A table anywhere in a text. */
static bool
has_table(struct span in)
{
	static const char word[] = " rows";
	struct span rest = in;
	struct expander x = { .in = in };
	const char *p;
	struct head h;
	size_t at, i;

	while ((p = memmem(rest.p, rest.n, word, sizeof(word) - 1)) != NULL) {
		at = i = (size_t)(p - in.p);
		while (i > 0 && in.p[i - 1] >= '0' && in.p[i - 1] <= '9')
			i--;
		x.at = i;
		if (i > 0 && i < at && (in.p[i - 1] == '[' ||
		    in.p[i - 1] == '{') && take_count(&x, SPAN_LIT(" rows"),
		    &h))
			return closes_later(in, at, in.p[i - 1]);
		rest = span_skip(in, at + sizeof(word) - 1);
	}
	return false;
}

bool
json_is_short(struct span in)
{
	struct span s = span_trim(in, BLANKS);
	struct buf out = BUF_INIT;
	struct head h;
	bool is;

	if (take_count(&(struct expander){ .in = in }, SPAN_LIT(" lines"),
	    &h) || has_table(in))
		return true;
	if (s.n == 0 || (s.p[0] != '{' && s.p[0] != '[' &&
	    !span_starts(s, SPAN_LIT(CELL_EMBEDDED)) &&
	    form_words(in).p == NULL))
		return false;
	out.max = SHORT_MAX;
	is = json_expand(in, &out) == EXPAND_OK;
	buf_release(&out);
	return is;
}
