/*
 * json_explain - a line a value
 */
#include "compat.h"

#include "json_explain.h"
#include "json_path.h"

struct columns {
	uint32_t	cells, constant, most, groups, left;
};

/* Bounded by JSON_FLATTEN_MAX. */
static void
count_columns(const struct json_group *g, struct columns *n)
{
	const struct json_col *c;

	for (c = g->col; c < g->col + g->n; c++) {
		n->cells += c->kind == JSON_COL_CELL;
		n->constant += c->kind == JSON_COL_CONST;
		n->most += c->kind == JSON_COL_DEFAULT;
		n->groups += c->kind == JSON_COL_GROUP;
		n->left += c->kind == JSON_COL_LEFT;
		if (c->kind == JSON_COL_GROUP)
			count_columns(c->group, n);
	}
}

static void
add_some(struct buf *out, uint32_t n, const char *what)
{
	if (n > 0)
		buf_addf(out, ", %u %s", n, what);
}

static void
explain_table(const struct json_table *t, const struct json_node *n,
    struct buf *out)
{
	struct columns c = { 0 };
	uint32_t i;

	for (i = 0; i < t->kinds; i++)
		count_columns(&t->kind[i].group, &c);
	if (t->kinds == 0)
		count_columns(&t->top, &c);
	buf_addf(out, "table of %u rows, %u columns", t->rows,
	    c.cells + c.most);
	if (t->kinds > 0) {
		buf_addf(out, " of %u kinds by ", t->kinds);
		buf_addspan(out, t->by);
	}
	add_some(out, c.constant, "constant");
	add_some(out, c.most, "with one value in most rows");
	add_some(out, c.groups, "nested");
	add_some(out, c.left, "left out as noise");
	if (t->again)
		buf_adds(out, ", cells as above");
	buf_addf(out, "; about %u tokens instead of %llu", n->cost,
	    (unsigned long long)t->plain);
}

static const struct json_pick *
pick_of(const struct json_render *r, const struct json_node *n)
{
	return r->picks == NULL || n->pick == 0 ||
	    n->pick == JSON_PICK_SKIP ? NULL : &r->picks->pick[n->pick - 1];
}

/* Why an array of objects is no table, if that is remembered. */
static void
explain_refused(const struct json_plan *p, const struct json_node *n,
    struct buf *out)
{
	uint32_t i;

	for (i = 0; i < p->nrefused && i < JSON_REFUSED_MAX; i++)
		if (p->refused[i].tok == n->tok)
			buf_addf(out, "; no table, which would be about %llu "
			    "tokens instead of %u",
			    (unsigned long long)p->refused[i].tokens,
			    n->cost);
}

/* What was done to a value, without its path; whether anything was. */
static bool
explain_node(const struct json_render *r, const struct json_node *n,
    struct buf *out)
{
	const struct json_tok *v = &r->plan->doc->tok[n->tok];
	const struct json_table *t = json_plan_table(r->plan, n->tok);
	const struct json_pick *p = pick_of(r, n);
	size_t from = out->len;

	if (v->type >= JSON_ARRAY && v->escaped)
		buf_adds(out, "; JSON that is a string, read as JSON");
	if (t != NULL) {
		buf_adds(out, "; ");
		explain_table(t, n, out);
	} else if (v->type == JSON_ARRAY)
		explain_refused(r->plan, n, out);
	if (n->drops && t == NULL)
		buf_adds(out, "; members left out as noise");
	if (p != NULL)
		buf_addf(out, "; %u of %u %ss left out", p->left, p->total,
		    json_unit_name(p->unit));
	return out->len > from;
}

void
json_explain(struct json_render *r, struct buf *out)
{
	struct json_nodes *ns = &r->plan->nodes;
	struct buf what = BUF_INIT;
	unsigned lines = 0, more = 0;
	uint32_t i;

	for (i = 0; i < ns->n; i++) {
		buf_reset(&what);
		if (!ns->node[i].written ||
		    !explain_node(r, &ns->node[i], &what))
			continue;
		if (lines++ >= JSON_EXPLAIN_MAX) {
			more++;
			continue;
		}
		if (!json_path_put(ns, &ns->node[i], out))
			buf_adds(out, "the whole");
		buf_addc(out, ':');
		buf_addspan(out, span_skip(buf_span(&what), 1));
		buf_addc(out, '\n');
	}
	if (more > 0)
		buf_addf(out, "and so %u more\n", more);
	if (r->refs_made > 0)
		buf_addf(out, "%llu values that stand elsewhere already, said "
		    "by their path; about %llu tokens less\n",
		    (unsigned long long)r->refs_made,
		    (unsigned long long)r->refs_saved);
	if (buf_err(&what))
		out->err = buf_err(&what);
	buf_release(&what);
}
