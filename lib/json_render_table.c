/*
 * json_render_table - tables
 *
 * A header that names the columns, then a line a record.
 */
#include "compat.h"

#include "cell.h"
#include "json_note.h"
#include "json_render_impl.h"
#include "json_tool.h"
#include "mark.h"

#define NOTED_MIN	10	/* fewer records are left out without a note */
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

/* That all of an object is about to be shown, though not in one piece. */
static void
show(struct json_render *r, uint32_t t)
{
	struct json_nodes *ns = &r->plan->nodes;
	uint32_t class;

	if (!json_is_node(render_tok(r, t)) || !r->refs)
		return;
	class = json_node(ns, t)->class;
	if (class != 0 && ns->shown[class - 1] == 0)
		ns->shown[class - 1] = t + 1;
}

/* A member's name in a keyed table: whole, as names are elsewhere. */
static void
put_key(struct json_render *r, uint32_t t)
{
	struct span name = render_body(r, t), s;
	bool star = json_tool_starred(&name);

	s = render_meaning(r, name);
	if (cell_bare(s) && s.p[s.n - 1] != '*')
		buf_addspan(r->out, s);
	else
		json_quote(s, r->out);
	if (star)
		buf_addc(r->out, '*');
}

/* It stands for many, left out or not, and so is written whole. */
static void
put_constant(struct json_render *r, uint32_t t)
{
	const struct json_picks *picks = r->picks;
	struct span s;

	buf_addc(r->out, '=');
	r->picks = NULL;
	if (render_tok(r, t)->type != JSON_STRING)
		render_value(r, t);
	else if (!render_ref(r, t)) {
		s = render_meaning(r, render_body(r, t));
		if (cell_bare_constant(s))
			buf_addspan(r->out, s);
		else
			render_raw(r, t);
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
		render_name(r, c->name);
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
		render_cell(r, t);
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

	for (m = render_tok(r, object)->count; m > 0; m--) {
		c = json_group_find(g, render_body(r, k), &hint);
		if (c->kind == JSON_COL_REST) {
			if (!any)
				next_cell(r, row);
			buf_addc(r->out, any ? ',' : '{');
			any = true;
			render_member(r, k);
			buf_addc(r->out, ':');
			render_value(r, k + 1);
		}
		k += 1 + render_tok(r, k + 1)->skip;
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
	for (m = render_tok(r, object)->count; m > 0; m--) {
		c = json_group_find(g, render_body(r, k), &hint);
		slot[c - g->col] = k + 1;
		k += 1 + render_tok(r, k + 1)->skip;
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
		k += render_tok(r, k)->skip;
	}
	return k;
}

/* Bounded by JSON_FLATTEN_MAX. */
static void
name_left(const struct json_group *g, struct render_names *ns)
{
	const struct json_col *c;

	for (c = g->col; c < g->col + g->n; c++) {
		if (c->kind == JSON_COL_LEFT)
			render_add_name(ns, c->name);
		if (c->kind == JSON_COL_GROUP)
			name_left(c->group, ns);
	}
}

/* A line that says which columns a table lacks. */
static void
put_columns_left(struct json_render *r, const struct json_table *table)
{
	struct render_names ns = { &r->line, 0 };

	buf_reset(&r->line);
	name_left(&table->top, &ns);
	render_left(r, &ns, JSON_COLUMNS, table->top.n + table->top.below);
	buf_addc(r->out, '\n');
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
		buf_addspan(r->out, render_body(r, table->kind[i].value));
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
	buf_addspan(r->out, render_body(r, kind->value));
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
void
render_rows(struct json_render *r, const struct json_table *table, uint32_t t)
{
	uint32_t above[JSON_LEAVES_MAX + 1], i, k = t + 1, gap = 0;
	struct row row = { .above = table->again ? above : NULL };
	const struct json_pick *p = render_pick(r, t);

	if (table->kinds > 0) {
		buf_adds(r->out, JSON_BY);
		render_name(r, table->by);
	}
	buf_adds(r->out, table->again ? JSON_ABOVE ": " : ": ");
	if (table->keyed)
		buf_adds(r->out, "key,");
	else
		render_place(r, k, 0);
	if (table->kinds > 0)
		put_kinds(r, table);
	else
		put_columns(r, &table->top);
	buf_addc(r->out, '\n');
	if (table->top.left > 0)
		put_columns_left(r, table);
	if (p != NULL)
		render_count(r, p);
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
			render_place(r, k, i);
		if (table->kinds > 0)
			put_kind_row(r, table, i, k);
		else
			put_row(r, table, k, &row);
		k += render_tok(r, k)->skip;
	}
}

void
render_table(struct json_render *r, const struct json_table *table, uint32_t t)
{
	buf_addc(r->out, table->keyed ? '{' : '[');
	buf_addu(r->out, table->rows);
	buf_adds(r->out, " rows");
	render_rows(r, table, t);
	buf_addc(r->out, table->keyed ? '}' : ']');
}
