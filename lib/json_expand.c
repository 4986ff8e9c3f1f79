/*
 * json_expand - read tables back
 *
 * Outside of tables the text is copied without being understood; the result
 * is then checked as a whole, so that only what really is JSON again comes
 * out.
 */
#include "compat.h"

#include <stdlib.h>

#include "arena.h"
#include "cell.h"
#include "json.h"
#include "json_expand.h"
#include "json_lines.h"
#include "json_plan.h"
#include "mem.h"
#include "num.h"

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
	bool			 tables;	/* one was seen */
	enum squash_expanded	 rc;
};

struct table {
	struct column	col[COLUMNS_MAX];
	uint32_t	ncols;
	uint32_t	leaves;
	uint64_t	rows;
	bool		keyed;
	struct cell	cell[CELLS_MAX];
	uint32_t	ncells;		/* of the row at hand */
	struct buf	cells;
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

/* "12 rows: " at x->at, behind the bracket. */
static bool
take_count(struct expander *x, struct span unit, uint64_t *n)
{
	size_t i = x->at;

	while (i < x->in.n && x->in.p[i] >= '0' && x->in.p[i] <= '9')
		i++;
	if (i == x->at || !span_starts(span_skip(x->in, i), unit) ||
	    num_u64(span_of(x->in.p + x->at, i - x->at), 2, JSON_COUNT_MAX,
	    n) < 0)
		return false;
	x->at = i + unit.n;
	return true;
}

static bool expand_table(struct expander *x, uint64_t rows, bool keyed,
    bool lines);

/*
 * Copy a value that starts with a bracket, or with value false the rest of
 * the text, expanding the tables in it.
 */
static bool
copy(struct expander *x, bool value)
{
	uint64_t rows;
	size_t depth = 0;
	struct span s;
	char c;

	while (x->at < x->in.n) {
		c = x->in.p[x->at];
		if (c == '"') {
			if (!take_string(x, &s))
				return false;
			buf_addspan(x->out, s);
			continue;
		}
		x->at++;
		if ((c == '[' || c == '{') &&
		    take_count(x, SPAN_LIT(" rows: "), &rows)) {
			if (!expand_table(x, rows, c == '{', false))
				return false;
		} else {
			buf_addc(x->out, c);
			depth += c == '[' || c == '{';
			if (c == ']' || c == '}') {
				if (depth == 0)
					return foreign(x);
				depth--;
			}
		}
		if (value && depth == 0)
			return true;
	}
	return !value || foreign(x);
}

static struct span
quoted(struct expander *x, struct span s)
{
	struct buf b = BUF_INIT;
	struct span q;

	json_quote(s, &b);
	q = buf_err(&b) ? span_of(NULL, 0) : arena_dup(&x->arena,
	    buf_span(&b));
	buf_release(&b);
	if (q.p == NULL)
		give_up(x, EXPAND_FAILED);
	return q;
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

static bool
is_literal(struct span s)
{
	return span_eq(s, SPAN_LIT("null")) || span_eq(s, SPAN_LIT("true")) ||
	    span_eq(s, SPAN_LIT("false")) || cell_numeric(s);
}

/* Append the value of a cell, or of a constant, to out. */
static bool
take_cell(struct expander *x, const char *stops, struct buf *out)
{
	struct buf *outer = x->out;
	struct span s;
	bool ok;

	switch (peek(x)) {
	case '"':
		if (!take_string(x, &s))
			return false;
		buf_addspan(out, s);
		return true;
	case '[':
	case '{':
		x->out = out;
		ok = copy(x, true);
		x->out = outer;
		return ok;
	default:
		s = take_bare(x, stops);
		if (is_literal(s))
			buf_addspan(out, s);
		else if (cell_bare(s))
			json_quote(s, out);
		else
			return foreign(x);
		return true;
	}
}

static bool
take_name(struct expander *x, struct span *name)
{
	struct span s;

	if (peek(x) == '"')
		return take_string(x, name);
	s = take_bare(x, ",={}\n");
	if (!cell_bare_name(s))
		return foreign(x);
	*name = quoted(x, s);
	return name->p != NULL;
}

static bool
take_constant(struct expander *x, struct column *c)
{
	struct buf b = BUF_INIT;
	bool ok;

	b.max = x->out->max;
	ok = take_cell(x, ",}\n", &b);
	if (ok) {
		c->constant = arena_dup(&x->arena, buf_span(&b));
		if (buf_err(&b) || c->constant.p == NULL)
			ok = give_up(x, EXPAND_FAILED);
	}
	buf_release(&b);
	return ok;
}

/* "..." and the end of the line; other names may begin like this. */
static bool
is_rest(const struct expander *x)
{
	return span_starts(span_skip(x->in, x->at), SPAN_LIT("...\n"));
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
		if (depth == 0 && is_rest(x)) {
			x->at += 3;
			c->rest = true;
			t->leaves++;
		} else if (!take_name(x, &c->name))
			return false;
		else if (take(x, SPAN_LIT("="))) {
			if (!take_constant(x, c))
				return false;
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

/* One line's cells; those behind its end are missing. */
static bool
take_row(struct expander *x, struct table *t, uint32_t leaves)
{
	struct cell *c;

	buf_reset(&t->cells);
	t->ncells = 0;
	if (take(x, SPAN_LIT("\n")))
		return true;
	do {
		if (t->ncells == leaves)
			return foreign(x);
		c = &t->cell[t->ncells++];
		*c = (struct cell){ t->cells.len, 0 };
		if (peek(x) != ',' && peek(x) != '\n') {
			if (!take_cell(x, ",\n", &t->cells))
				return false;
			c->n = t->cells.len - c->at;
		}
	} while (take(x, SPAN_LIT(",")));
	if (buf_err(&t->cells))
		return give_up(x, EXPAND_FAILED);
	return take(x, SPAN_LIT("\n")) || foreign(x);
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

/* Columns [from, to) of a row as the members of an object. */
static bool
put_object(struct expander *x, const struct table *t, uint32_t from,
    uint32_t to, uint32_t *leaf)
{
	const struct column *c;
	struct span s;
	uint32_t i;
	bool any = false;

	buf_addc(x->out, '{');
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
		s = c->constant.p != NULL ? c->constant :
		    cell_text(t, (*leaf)++);
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

static bool
put_row(struct expander *x, struct table *t)
{
	uint32_t leaf = t->keyed;
	struct span key;

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
	    t->leaves > JSON_LEAVES_MAX)
		return x->rc != EXPAND_OK ? false : foreign(x);
	find_constants(t);
	for (i = 0; i < t->rows; i++) {
		if (i > 0 && !lines)
			buf_addc(x->out, ',');
		if (!take_row(x, t, t->leaves + t->keyed) || !put_row(x, t))
			return false;
		if (lines)
			buf_addc(x->out, '\n');
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
expand_table(struct expander *x, uint64_t rows, bool keyed, bool lines)
{
	struct table *t;
	bool ok;

	x->tables = true;
	if (x->nest > JSON_NEST_MAX)
		return foreign(x);
	t = malloc(sizeof(*t));
	if (t == NULL)
		return give_up(x, EXPAND_FAILED);
	t->ncols = t->leaves = 0;
	t->rows = rows;
	t->keyed = keyed;
	t->cells = (struct buf)BUF_INIT;
	t->cells.max = x->out->max;
	x->nest++;
	if (!lines)
		buf_addc(x->out, keyed ? '{' : '[');
	ok = expand_rows(x, t, lines);
	if (!lines)
		buf_addc(x->out, keyed ? '}' : ']');
	x->nest--;
	buf_release(&t->cells);
	free(t);
	return ok;
}

static enum squash_expanded
check(struct span s)
{
	struct json_err err;
	enum json_rc rc;
	size_t ntok;

	rc = json_scan(s, NULL, 0, &ntok, &err);
	if (rc == JSON_BAD)
		rc = json_lines_scan(NULL, s, &err);
	return rc == JSON_OK ? EXPAND_OK : rc == JSON_BAD ?
	    EXPAND_FOREIGN : EXPAND_FAILED;
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

enum squash_expanded
json_expand(struct span in, struct buf *out)
{
	struct expander x = { .in = in, .out = out, .arena = ARENA_INIT,
	    .rc = EXPAND_OK };
	size_t from = out->len;
	uint64_t rows;
	bool ok;

	if (has_gaps(in))
		return EXPAND_GAPS;
	if (take_count(&x, SPAN_LIT(" lines: "), &rows))
		ok = expand_table(&x, rows, false, true);
	else
		ok = copy(&x, false);
	arena_release(&x.arena);
	if (!ok)
		return x.rc;
	if (buf_err(out))
		return EXPAND_FAILED;
	if (!x.tables)
		return EXPAND_FOREIGN;
	return check(span_skip(buf_span(out), from));
}

/* Whether behind `at' a line begins with the bracket that closes p[0]. */
static bool
closes_later(struct span in, size_t at, char open)
{
	struct span close = open == '[' ? SPAN_LIT("\n]") : SPAN_LIT("\n}");

	return memmem(in.p + at, in.n - at, close.p, close.n) != NULL;
}

bool
json_has_table(struct span in)
{
	static const char word[] = " rows: ";
	struct span rest = in;
	const char *p;
	uint64_t rows;
	size_t at, i;

	if (take_count(&(struct expander){ .in = in }, SPAN_LIT(" lines: "),
	    &rows))
		return true;
	while ((p = memmem(rest.p, rest.n, word, sizeof(word) - 1)) != NULL) {
		at = i = (size_t)(p - in.p);
		while (i > 0 && in.p[i - 1] >= '0' && in.p[i - 1] <= '9')
			i--;
		if (i > 0 && i < at && (in.p[i - 1] == '[' ||
		    in.p[i - 1] == '{'))
			return closes_later(in, at, in.p[i - 1]);
		rest = span_skip(in, at + sizeof(word) - 1);
	}
	return false;
}
