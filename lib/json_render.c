/*
 * json_render - compact JSON, tables and marks
 */
#include "compat.h"

#include "cell.h"
#include "json_note.h"
#include "json_path.h"
#include "json_render.h"
#include "json_tool.h"
#include "mark.h"

#define NOTED_MIN	10	/* fewer records are left out without a note */

#define NAMED_MAX	4	/* names of members in a mark */
#define REF_WORTH	2	/* tokens that a reference saves, at least */
#define AGAIN_WORTH	2	/* tokens of a cell that "as above" is for */

/*
 * A row being written: cells passed, and commas that stand for them; the
 * values of the cells above, if cells that equal these are to say so.
 */
struct row {
	uint32_t	 cells;
	uint32_t	 commas;
	uint32_t	*above;	/* JSON_LEAVES_MAX + 1, or NULL */
};

/* An open container of a value being written. */
struct frame {
	uint32_t		 t;	/* its token */
	uint32_t		 end;	/* token behind it */
	uint32_t		 done;	/* elements written or left out */
	bool			 empty;	/* nothing written yet */
	bool			 drops;	/* members that are noise go */
	const struct json_pick	*pick;
	uint32_t		 gap;	/* next gap of the pick */
};

HR_INLINE const struct json_tok *
tok(const struct json_render *r, uint32_t t)
{
	return &r->plan->doc->tok[t];
}

static struct span
body(const struct json_render *r, uint32_t t)
{
	return json_body(r->plan->doc->text, tok(r, t));
}

/*
 * Append a piece of the text.  Mostly it is short: then 16 bytes are copied
 * where both sides have as many, and the next piece overwrites the rest.
 */
HR_INLINE void
put(struct json_render *r, struct span s)
{
	struct span text = r->plan->doc->text;
	struct buf *b = r->out;

	if (hr_unlikely(s.n > 16 || b->cap - b->len < 16 || b->err != 0 ||
	    text.n - (size_t)(s.p - text.p) < 16)) {
		buf_addspan(b, s);
		return;
	}
	memcpy(b->p + b->len, s.p, 16);
	b->len += s.n;
}

static const struct json_pick *
pick_of(const struct json_render *r, uint32_t t)
{
	uint32_t n = r->picks == NULL ? 0 : json_plan_pick(r->plan, t);

	return n == 0 || n == JSON_PICK_SKIP ? NULL :
	    &r->picks->pick[n - 1];
}

/* The text that a string means, in the text itself or in r->word. */
static struct span
meaning(struct json_render *r, struct span escaped)
{
	if (escaped.n == 0 || memchr(escaped.p, '\\', escaped.n) == NULL)
		return escaped;
	buf_reset(&r->word);
	json_decode(escaped, &r->word);
	if (buf_err(&r->word))
		r->out->err = buf_err(&r->word);
	return buf_span(&r->word);
}

static void
count_left(struct json_render *r, const struct json_pick *p)
{
	r->total[p->unit] += p->total;
	r->left[p->unit] += p->left;
}

static void
put_gap(struct buf *b, const struct json_pick *p, const struct json_gap *g)
{
	mark_gap(b, g->n, json_unit_name(p->unit), SPAN_LIT(""));
}

/* A long string with its gaps, in r->line. */
static struct span
shortened(struct json_render *r, struct span s, const struct json_pick *p)
{
	uint32_t i, at = 0;

	count_left(r, p);
	buf_reset(&r->line);
	for (i = 0; i < p->ngaps; i++) {
		buf_add(&r->line, s.p + at, p->gap[i].from - at);
		put_gap(&r->line, p, &p->gap[i]);
		at = p->gap[i].to;
		if (p->unit == JSON_LINES && at < s.n)
			buf_addc(&r->line, '\n');
	}
	buf_add(&r->line, s.p + at, s.n - at);
	if (buf_err(&r->line))
		r->out->err = buf_err(&r->line);
	return buf_span(&r->line);
}

static struct span
string_text(struct json_render *r, uint32_t t)
{
	const struct json_pick *p = pick_of(r, t);
	struct span s = meaning(r, body(r, t));

	return p == NULL ? s : shortened(r, s, p);
}

/* As in the text, which is spelt as we would. */
static void
put_raw(struct json_render *r, uint32_t t)
{
	put(r, json_text(r->plan->doc->text, tok(r, t)));
}

/* A string as it stands in a cell, or elsewhere as a value. */
static void
put_string(struct json_render *r, uint32_t t, bool cell)
{
	struct span s;

	if (!tok(r, t)->escaped && pick_of(r, t) == NULL) {
		s = body(r, t);
		if (json_bare(r->plan->doc, t) &
		    (cell ? CELL_BARE : CELL_BARE_VALUE))
			put(r, s);
		else
			put_raw(r, t);
		return;
	}
	s = string_text(r, t);
	if (cell ? cell_bare(s) : cell_bare_value(s))
		buf_addspan(r->out, s);
	else if (pick_of(r, t) != NULL)
		json_quote(s, r->out);
	else
		put_raw(r, t);
}

/* Whether a value is, or is within, a text that is a string. */
static bool
is_inside(const struct json_render *r, uint32_t t)
{
	return json_node(&r->plan->nodes, t)->inside ||
	    (tok(r, t)->type >= JSON_ARRAY && tok(r, t)->escaped);
}

/*
 * Whether a reader can count up to a value: behind a gap its place in an
 * array is no longer that of what is shown.
 */
static bool
can_count(const struct json_render *r, const struct json_node *n)
{
	const struct json_node *up;
	const struct json_pick *p;

	for (; r->picks != NULL && n->parent != JSON_NONE; n = up) {
		up = &r->plan->nodes.node[n->parent];
		p = pick_of(r, up->tok);
		if (p != NULL && tok(r, up->tok)->type == JSON_ARRAY &&
		    n->at >= p->gap[0].from)
			return false;
	}
	return true;
}

/*
 * Say where a value stands already, if it does and that is shorter.  Whether
 * it does is known as the text is written: what is left out is never shown.
 */
static bool
put_ref(struct json_render *r, uint32_t t)
{
	struct json_nodes *ns = &r->plan->nodes;
	struct json_node *n;
	uint32_t *first, shown;

	if (!json_is_node(tok(r, t)) || !r->refs)
		return false;
	n = json_node(ns, t);
	if (n->class == 0)
		return false;
	first = &ns->shown[n->class - 1];
	if (*first == 0) {
		*first = t + 1;
		return false;
	}
	shown = *first - 1;
	buf_reset(&r->path);
	/* What is elsewhere may come back with its members reordered. */
	if (is_inside(r, t) && !is_inside(r, shown))
		return false;
	if (n->cost <= REF_WORTH + 1 || !json_same(ns->doc, shown, t) ||
	    !can_count(r, json_node(ns, shown)) ||
	    !json_path_put(ns, json_node(ns, shown), &r->path) ||
	    json_plan_text(buf_span(&r->path)) + REF_WORTH + 1 > n->cost)
		return false;
	buf_addc(r->out, '=');
	buf_addspan(r->out, buf_span(&r->path));
	r->refs_made++;
	r->refs_saved += n->cost - json_plan_text(buf_span(&r->path)) - 1;
	return true;
}

/* That all of an object is about to be shown, though not in one piece. */
static void
show(struct json_render *r, uint32_t t)
{
	struct json_nodes *ns = &r->plan->nodes;
	uint32_t class;

	if (!json_is_node(tok(r, t)) || !r->refs)
		return;
	class = json_node(ns, t)->class;
	if (class != 0 && ns->shown[class - 1] == 0)
		ns->shown[class - 1] = t + 1;
}

/* Note the place of an element in its array. */
static void
place(struct json_render *r, uint32_t t, uint32_t at)
{
	if (json_is_node(tok(r, t)))
		json_node(&r->plan->nodes, t)->at = at;
}

/* A member's name in a keyed table: whole, as names are elsewhere. */
static void
put_key(struct json_render *r, uint32_t t)
{
	struct span name = body(r, t), s;
	bool star = json_tool_starred(&name);

	s = meaning(r, name);
	if (cell_bare(s) && s.p[s.n - 1] != '*')
		buf_addspan(r->out, s);
	else
		json_quote(s, r->out);
	if (star)
		buf_addc(r->out, '*');
}

static void put_value(struct json_render *r, uint32_t t);

static void
put_cell(struct json_render *r, uint32_t t)
{
	if (tok(r, t)->type < JSON_STRING)
		put_raw(r, t);
	else if (tok(r, t)->type > JSON_STRING)
		put_value(r, t);
	else if (!put_ref(r, t))
		put_string(r, t, true);
}

static void
put_name(struct json_render *r, struct span escaped)
{
	bool star = json_tool_starred(&escaped);
	struct span s = meaning(r, escaped);

	if (cell_bare_name(s))
		buf_addspan(r->out, s);
	else
		json_quote(s, r->out);
	if (star)
		buf_addc(r->out, '*');
}

/* The name of a member, which is token t. */
static void
put_member(struct json_render *r, uint32_t t)
{
	struct span s = body(r, t);

	if (!tok(r, t)->escaped && json_bare_name(r->plan->doc, t))
		put(r, s);
	else
		put_name(r, s);
}

/* It stands for many, left out or not, and so is written whole. */
static void
put_constant(struct json_render *r, uint32_t t)
{
	const struct json_picks *picks = r->picks;
	struct span s;

	buf_addc(r->out, '=');
	r->picks = NULL;
	if (tok(r, t)->type != JSON_STRING)
		put_value(r, t);
	else if (!put_ref(r, t)) {
		s = meaning(r, body(r, t));
		if (cell_bare_constant(s))
			buf_addspan(r->out, s);
		else
			put_raw(r, t);
	}
	r->picks = picks;
}

/* The same of a value that the record it is from may not show. */
static void
put_default(struct json_render *r, uint32_t t)
{
	bool refs = r->refs;

	r->refs = false;
	put_constant(r, t);
	r->refs = refs;
	buf_adds(r->out, CELL_UNLESS);
}

/* "name,ns=default,status{phase,ip}"; bounded by JSON_FLATTEN_MAX. */
static void
put_columns(struct json_render *r, const struct json_group *g)
{
	const struct json_col *c;
	bool first = true;

	for (c = g->col; c < g->col + g->n; c++) {
		if (c->kind == JSON_COL_REST || c->kind == JSON_COL_LEFT ||
		    c->kind == JSON_COL_KIND)
			continue;
		if (!first)
			buf_addc(r->out, ',');
		first = false;
		put_name(r, c->name);
		if (c->kind == JSON_COL_CONST)
			put_constant(r, c->first);
		if (c->kind == JSON_COL_DEFAULT)
			put_default(r, c->first);
		if (c->kind == JSON_COL_GROUP) {
			buf_addc(r->out, '{');
			put_columns(r, c->group);
			buf_addc(r->out, '}');
		}
	}
	if (g->rest)
		buf_adds(r->out, first ? "..." : ",...");
}

/* Commas up to the next cell, which is counted. */
static void
next_cell(struct json_render *r, struct row *row)
{
	for (; row->commas < row->cells; row->commas++)
		buf_addc(r->out, ',');
	row->cells++;
}

/* n cells with nothing in them. */
static void
skip_cells(struct row *row, uint32_t n)
{
	uint32_t i;

	for (i = 0; row->above != NULL && i < n; i++)
		row->above[row->cells + i] = JSON_NONE;
	row->cells += n;
}

/* The next cell of a row, with this value. */
static void
put_next(struct json_render *r, struct row *row, uint32_t t)
{
	uint32_t *above = row->above == NULL ? NULL :
	    &row->above[row->cells];

	next_cell(r, row);
	if (above != NULL && *above != JSON_NONE &&
	    json_plan_equal(r->plan, *above, t) &&
	    json_plan_cost(r->plan, t) >= AGAIN_WORTH)
		buf_addc(r->out, '=');
	else
		put_cell(r, t);
	if (above != NULL)
		*above = t;
}

/* The members without a column of their own, as an object. */
static void
put_rest(struct json_render *r, const struct json_group *g, uint32_t object,
    struct row *row)
{
	const struct json_col *c;
	uint32_t m, k = object + 1, hint = 0;
	bool any = false;

	for (m = tok(r, object)->count; m > 0; m--) {
		c = json_group_find(g, body(r, k), &hint);
		if (c->kind == JSON_COL_REST) {
			if (!any)
				next_cell(r, row);
			buf_addc(r->out, any ? ',' : '{');
			any = true;
			put_member(r, k);
			buf_addc(r->out, ':');
			put_value(r, k + 1);
		}
		k += 1 + tok(r, k + 1)->skip;
	}
	if (any)
		buf_addc(r->out, '}');
	else
		skip_cells(row, 1);
}

/* The cells of one record, object JSON_NONE if it has none on this level. */
static void
put_cells(struct json_render *r, const struct json_group *g, uint32_t object,
    struct row *row)
{
	uint32_t slot[JSON_COLUMNS_MAX], i, m, k, hint = 0;
	const struct json_col *c;

	if (object == JSON_NONE) {
		skip_cells(row, g->leaves);
		return;
	}
	show(r, object);
	for (i = 0; i < g->n; i++)
		slot[i] = JSON_NONE;
	k = object + 1;
	for (m = tok(r, object)->count; m > 0; m--) {
		c = json_group_find(g, body(r, k), &hint);
		slot[c - g->col] = k + 1;
		k += 1 + tok(r, k + 1)->skip;
	}
	for (i = 0; i < g->n; i++) {
		c = &g->col[i];
		if (c->kind == JSON_COL_GROUP)
			put_cells(r, c->group, slot[i], row);
		else if (c->kind == JSON_COL_CONST ||
		    c->kind == JSON_COL_REST || c->kind == JSON_COL_LEFT ||
		    c->kind == JSON_COL_KIND)
			continue;
		else if (slot[i] == JSON_NONE ||
		    (c->kind == JSON_COL_DEFAULT &&
		    json_plan_equal(r->plan, c->first, slot[i])))
			skip_cells(row, 1);
		else
			put_next(r, row, slot[i]);
	}
	if (g->rest)
		put_rest(r, g, object, row);
}

/* The mark for records left out, the first at token k; the token behind. */
static uint32_t
put_row_gap(struct json_render *r, const struct json_table *table, uint32_t k,
    const struct json_gap *g)
{
	uint32_t i;

	buf_reset(&r->line);
	if (g->n >= NOTED_MIN)
		json_note(r->plan, table, k, g->n, &r->line);
	mark_gap(r->out, g->n, json_unit_name(JSON_ROWS), buf_span(&r->line));
	buf_addc(r->out, '\n');
	for (i = g->from; i < g->to; i++) {
		k += table->keyed;
		k += tok(r, k)->skip;
	}
	return k;
}

/* Names of what is left out, the first few; then how many more there are. */
struct names {
	struct buf	*out;
	uint32_t	 n;
};

static void
add_name(struct names *ns, struct span name)
{
	if (ns->n++ >= NAMED_MAX)
		return;
	if (ns->n > 1)
		buf_adds(ns->out, ", ");
	buf_addspan(ns->out, name);
}

static void
put_left(struct json_render *r, struct names *ns, enum json_unit unit,
    uint32_t total)
{
	if (ns->n > NAMED_MAX)
		buf_addf(ns->out, " and %u more", ns->n - NAMED_MAX);
	r->total[unit] += total;
	r->left[unit] += ns->n;
	mark_gap(r->out, ns->n, json_unit_name(unit), buf_span(ns->out));
}

/* Bounded by JSON_FLATTEN_MAX. */
static void
name_left(const struct json_group *g, struct names *ns)
{
	const struct json_col *c;

	for (c = g->col; c < g->col + g->n; c++) {
		if (c->kind == JSON_COL_LEFT)
			add_name(ns, c->name);
		if (c->kind == JSON_COL_GROUP)
			name_left(c->group, ns);
	}
}

/* A line that says which columns a table lacks. */
static void
put_columns_left(struct json_render *r, const struct json_table *table)
{
	struct names ns = { &r->line, 0 };

	buf_reset(&r->line);
	name_left(&table->top, &ns);
	put_left(r, &ns, JSON_COLUMNS, table->top.n + table->top.below);
	buf_addc(r->out, '\n');
}

/* The mark for members of an object that are noise. */
static void
put_members_left(struct json_render *r, uint32_t t)
{
	struct names ns = { &r->line, 0 };
	uint32_t m, k = t + 1;

	buf_reset(&r->line);
	for (m = tok(r, t)->count; m > 0; m--) {
		if (json_plan_noise(r->plan, k + 1))
			add_name(&ns, body(r, k));
		k += 1 + tok(r, k + 1)->skip;
	}
	put_left(r, &ns, JSON_MEMBERS, tok(r, t)->count);
}

static void
forget_above(struct row *row)
{
	uint32_t i;

	for (i = 0; row->above != NULL && i <= JSON_LEAVES_MAX; i++)
		row->above[i] = JSON_NONE;
}

/* The columns of each kind, behind its name. */
static void
put_kinds(struct json_render *r, const struct json_table *table)
{
	uint32_t i;

	for (i = 0; i < table->kinds; i++) {
		if (i > 0)
			buf_addc(r->out, ',');
		buf_addspan(r->out, body(r, table->kind[i].value));
		buf_addc(r->out, '{');
		put_columns(r, &table->kind[i].group);
		buf_addc(r->out, '}');
	}
}

/* Record i of a table of kinds, at token k. */
static void
put_kind_row(struct json_render *r, const struct json_table *table, uint32_t i,
    uint32_t k)
{
	const struct json_kind *kind = &table->kind[table->row_kind[i]];
	struct row row = { .above = NULL };

	next_cell(r, &row);
	buf_addspan(r->out, body(r, kind->value));
	put_cells(r, &kind->group, k, &row);
	buf_addc(r->out, '\n');
}

static void
put_row(struct json_render *r, const struct json_table *table, uint32_t k,
    struct row *row)
{
	row->cells = row->commas = 0;
	if (table->keyed) {
		next_cell(r, row);
		put_key(r, k - 1);
	}
	put_cells(r, &table->top, k, row);
	buf_addc(r->out, '\n');
}

/* What stands behind the number of rows, columns and all rows. */
static void
put_rows(struct json_render *r, const struct json_table *table, uint32_t t)
{
	uint32_t above[JSON_LEAVES_MAX + 1], i, k = t + 1, gap = 0;
	struct row row = { .above = table->again ? above : NULL };
	const struct json_pick *p = pick_of(r, t);

	if (table->kinds > 0) {
		buf_adds(r->out, JSON_BY);
		put_name(r, table->by);
	}
	buf_adds(r->out, table->again ? JSON_ABOVE ": " : ": ");
	if (table->keyed)
		buf_adds(r->out, "key,");
	else
		place(r, k, 0);
	if (table->kinds > 0)
		put_kinds(r, table);
	else
		put_columns(r, &table->top);
	buf_addc(r->out, '\n');
	if (table->top.left > 0)
		put_columns_left(r, table);
	if (p != NULL)
		count_left(r, p);
	forget_above(&row);
	for (i = 0; i < table->rows; i++) {
		if (p != NULL && gap < p->ngaps && i == p->gap[gap].from) {
			i = p->gap[gap].to - 1;
			k = put_row_gap(r, table, k, &p->gap[gap++]);
			forget_above(&row);
			continue;
		}
		k += table->keyed;
		if (!table->keyed)
			place(r, k, i);
		if (table->kinds > 0)
			put_kind_row(r, table, i, k);
		else
			put_row(r, table, k, &row);
		k += tok(r, k)->skip;
	}
}

static void
put_table(struct json_render *r, const struct json_table *table, uint32_t t)
{
	buf_addc(r->out, table->keyed ? '{' : '[');
	buf_addu(r->out, table->rows);
	buf_adds(r->out, " rows");
	put_rows(r, table, t);
	buf_addc(r->out, table->keyed ? '}' : ']');
}

static void
open_frame(struct json_render *r, struct frame *f, uint32_t t)
{
	*f = (struct frame){ .t = t, .end = t + tok(r, t)->skip,
	    .empty = true, .pick = pick_of(r, t),
	    .drops = json_is_node(tok(r, t)) &&
	    json_node(&r->plan->nodes, t)->drops };
	if (f->pick != NULL)
		count_left(r, f->pick);
	buf_addc(r->out, tok(r, t)->type == JSON_OBJECT ? '{' : '[');
}

/*
 * What stands before the next element at *t: a comma, its key, or a mark for
 * elements left out.  False when the container is at its end.
 */
static bool
next_element(struct json_render *r, struct frame *f, uint32_t *t)
{
	bool object = tok(r, f->t)->type == JSON_OBJECT;
	const struct json_gap *g;

	if (f->pick != NULL && f->gap < f->pick->ngaps &&
	    f->done == f->pick->gap[f->gap].from) {
		g = &f->pick->gap[f->gap++];
		if (!f->empty)
			buf_addc(r->out, ',');
		put_gap(r->out, f->pick, g);
		f->empty = false;
		for (; f->done < g->to; f->done++) {
			*t += object;
			*t += tok(r, *t)->skip;
		}
	}
	for (; f->drops && *t != f->end && json_plan_noise(r->plan, *t + 1);
	    f->done++)
		*t += 1 + tok(r, *t + 1)->skip;
	if (*t == f->end && !f->drops)
		return false;
	if (!f->empty)
		buf_addc(r->out, ',');
	f->empty = false;
	if (*t == f->end) {
		put_members_left(r, f->t);
		return false;
	}
	if (object) {
		put_member(r, (*t)++);
		buf_addc(r->out, ':');
	} else
		place(r, *t, f->done);
	f->done++;
	return true;
}

static const struct json_style *
style_of(const struct json_render *r, uint32_t t)
{
	size_t low = 0, high = r->nembeds, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (r->embed[mid].t <= t)
			low = mid;
		else
			high = mid;
	}
	return &r->embed[low].style;
}

/* "(json indented 2 {...})".  There is none in another. */
static void
put_embedded(struct json_render *r, uint32_t t)
{
	buf_addc(r->out, '(');
	json_style_words(style_of(r, t), r->out);
	buf_addc(r->out, ' ');
	r->within = t;
	put_value(r, t);
	r->within = JSON_NONE;
	buf_addc(r->out, ')');
}

/* What is no open container: a table, a scalar, what stands elsewhere. */
static bool
put_closed(struct json_render *r, uint32_t t)
{
	const struct json_table *table = NULL;
	struct json_node *n;

	if (t != r->within && put_ref(r, t))
		return true;
	if (json_is_node(tok(r, t))) {
		n = json_node(&r->plan->nodes, t);
		n->written = true;
		if (n->table != 0)
			table = r->plan->table[n->table - 1];
	}
	if (tok(r, t)->type >= JSON_ARRAY && tok(r, t)->escaped &&
	    t != r->within)
		put_embedded(r, t);
	else if (table != NULL)
		put_table(r, table, t);
	else if (tok(r, t)->type == JSON_STRING)
		put_string(r, t, false);
	else if (tok(r, t)->type < JSON_ARRAY)
		put_raw(r, t);
	else
		return false;
	return true;
}

/*
 * Any value.  Recursion: a table's cells may hold tables, JSON_NEST_MAX deep,
 * and each call walks all the rest without recursing.
 */
static void
put_value(struct json_render *r, uint32_t t)
{
	struct frame stack[JSON_DEPTH_MAX], *f;
	size_t depth = 0;

	do {
		if (put_closed(r, t))
			t += tok(r, t)->skip;
		else
			open_frame(r, &stack[depth++], t++);
		while (depth > 0 && !next_element(r, &stack[depth - 1], &t)) {
			f = &stack[--depth];
			buf_addc(r->out,
			    tok(r, f->t)->type == JSON_OBJECT ? '}' : ']');
		}
	} while (depth > 0);
}

void
json_render_value(struct json_render *r, uint32_t t)
{
	/* A text that is a string is not taken for anything else. */
	if (tok(r, t)->type != JSON_STRING)
		put_value(r, t);
	else if (pick_of(r, t) != NULL)
		json_quote(string_text(r, t), r->out);
	else
		put_raw(r, t);
}

void
json_render_lines(struct json_render *r, uint32_t t)
{
	const struct json_table *table = json_plan_table(r->plan, t);
	const struct json_pick *p = pick_of(r, t);
	uint32_t i, gap = 0, k = t + 1;

	json_node(&r->plan->nodes, t)->written = true;
	if (table != NULL) {
		buf_addu(r->out, table->rows);
		buf_adds(r->out, " lines");
		put_rows(r, table, t);
		return;
	}
	if (p != NULL)
		count_left(r, p);
	for (i = 0; i < tok(r, t)->count; i++) {
		if (p == NULL || gap == p->ngaps || i < p->gap[gap].from) {
			place(r, k, i);
			put_value(r, k);
			buf_addc(r->out, '\n');
		} else if (i + 1 == p->gap[gap].to) {
			put_gap(r->out, p, &p->gap[gap]);
			buf_addc(r->out, '\n');
			gap++;
		}
		k += tok(r, k)->skip;
	}
}

void
json_render_release(struct json_render *r)
{
	buf_release(&r->word);
	buf_release(&r->line);
	buf_release(&r->path);
}

void
json_render_begin(struct json_render *r)
{
	struct json_nodes *ns = &r->plan->nodes;
	struct json_node *n = ns->node;
	uint32_t i;

	memset(ns->shown, 0, ns->n * sizeof(*ns->shown));
	for (i = 0; i < ns->n; i++, n++) {
		n->at = JSON_NONE;
		n->written = false;
	}
}
