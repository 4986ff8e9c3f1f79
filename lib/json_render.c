/*
 * json_render - values, and where they stand already
 */
#include "compat.h"

#include "cell.h"
#include "json_path.h"
#include "json_render_impl.h"
#include "json_tool.h"
#include "mark.h"

#define NAMED_MAX	4	/* names of members in a mark */
#define REF_WORTH	2	/* tokens that a reference saves, at least */

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

/* The text that a string means, in the text itself or in r->word. */
struct span
render_meaning(struct json_render *r, struct span escaped)
{
	if (escaped.n == 0 || memchr(escaped.p, '\\', escaped.n) == NULL)
		return escaped;
	buf_reset(&r->word);
	json_decode(escaped, &r->word);
	if (buf_err(&r->word))
		r->out->err = buf_err(&r->word);
	return buf_span(&r->word);
}

void
render_count(struct json_render *r, const struct json_pick *p)
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

	render_count(r, p);
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
	const struct json_pick *p = render_pick(r, t);
	struct span s = render_meaning(r, render_body(r, t));

	return p == NULL ? s : shortened(r, s, p);
}

/* A string as it stands in a cell, or elsewhere as a value. */
static void
put_string(struct json_render *r, uint32_t t, bool cell)
{
	struct span s;

	if (!render_tok(r, t)->escaped && render_pick(r, t) == NULL) {
		s = render_body(r, t);
		if (json_bare(r->plan->doc, t) &
		    (cell ? CELL_BARE : CELL_BARE_VALUE))
			render_text(r, s);
		else
			render_raw(r, t);
		return;
	}
	s = string_text(r, t);
	if (cell ? cell_bare(s) : cell_bare_value(s))
		buf_addspan(r->out, s);
	else if (render_pick(r, t) != NULL)
		json_quote(s, r->out);
	else
		render_raw(r, t);
}

/* Whether a value is, or is within, a text that is a string. */
static bool
is_inside(const struct json_render *r, uint32_t t)
{
	return json_node(&r->plan->nodes, t)->inside ||
	    (render_tok(r, t)->type >= JSON_ARRAY && render_tok(r, t)->escaped);
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
		p = render_pick(r, up->tok);
		if (p != NULL && render_tok(r, up->tok)->type == JSON_ARRAY &&
		    n->at >= p->gap[0].from)
			return false;
	}
	return true;
}

/*
 * Say where a value stands already, if it does and that is shorter.  Whether
 * it does is known as the text is written: what is left out is never shown.
 */
bool
render_ref(struct json_render *r, uint32_t t)
{
	struct json_nodes *ns = &r->plan->nodes;
	struct json_node *n;
	uint32_t *first, shown;

	if (!json_is_node(render_tok(r, t)) || !r->refs)
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

/* Note the place of an element in its array. */
void
render_place(struct json_render *r, uint32_t t, uint32_t at)
{
	if (json_is_node(render_tok(r, t)))
		json_node(&r->plan->nodes, t)->at = at;
}

void
render_cell(struct json_render *r, uint32_t t)
{
	if (render_tok(r, t)->type < JSON_STRING)
		render_raw(r, t);
	else if (render_tok(r, t)->type > JSON_STRING)
		render_value(r, t);
	else if (!render_ref(r, t))
		put_string(r, t, true);
}

void
render_name(struct json_render *r, struct span escaped)
{
	bool star = json_tool_starred(&escaped);
	struct span s = render_meaning(r, escaped);

	if (cell_bare_name(s))
		buf_addspan(r->out, s);
	else
		json_quote(s, r->out);
	if (star)
		buf_addc(r->out, '*');
}

/* The name of a member, which is token t. */
void
render_member(struct json_render *r, uint32_t t)
{
	struct span s = render_body(r, t);

	if (!render_tok(r, t)->escaped && json_bare_name(r->plan->doc, t))
		render_text(r, s);
	else
		render_name(r, s);
}

void
render_add_name(struct render_names *ns, struct span name)
{
	if (ns->n++ >= NAMED_MAX)
		return;
	if (ns->n > 1)
		buf_adds(ns->out, ", ");
	buf_addspan(ns->out, name);
}

void
render_left(struct json_render *r, struct render_names *ns, enum json_unit unit,
    uint32_t total)
{
	if (ns->n > NAMED_MAX)
		buf_addf(ns->out, " and %u more", ns->n - NAMED_MAX);
	r->total[unit] += total;
	r->left[unit] += ns->n;
	mark_gap(r->out, ns->n, json_unit_name(unit), buf_span(ns->out));
}

/* The mark for members of an object that are noise. */
static void
put_members_left(struct json_render *r, uint32_t t)
{
	struct render_names ns = { &r->line, 0 };
	uint32_t m, k = t + 1;

	buf_reset(&r->line);
	for (m = render_tok(r, t)->count; m > 0; m--) {
		if (json_plan_noise(r->plan, k + 1))
			render_add_name(&ns, render_body(r, k));
		k += 1 + render_tok(r, k + 1)->skip;
	}
	render_left(r, &ns, JSON_MEMBERS, render_tok(r, t)->count);
}

static void
open_frame(struct json_render *r, struct frame *f, uint32_t t)
{
	*f = (struct frame){ .t = t, .end = t + render_tok(r, t)->skip,
	    .empty = true, .pick = render_pick(r, t),
	    .drops = json_is_node(render_tok(r, t)) &&
	    json_node(&r->plan->nodes, t)->drops };
	if (f->pick != NULL)
		render_count(r, f->pick);
	buf_addc(r->out, render_tok(r, t)->type == JSON_OBJECT ? '{' : '[');
}

/*
 * What stands before the next element at *t: a comma, its key, or a mark for
 * elements left out.  False when the container is at its end.
 */
static bool
next_element(struct json_render *r, struct frame *f, uint32_t *t)
{
	bool object = render_tok(r, f->t)->type == JSON_OBJECT;
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
			*t += render_tok(r, *t)->skip;
		}
	}
	for (; f->drops && *t != f->end && json_plan_noise(r->plan, *t + 1);
	    f->done++)
		*t += 1 + render_tok(r, *t + 1)->skip;
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
		render_member(r, (*t)++);
		buf_addc(r->out, ':');
	} else
		render_place(r, *t, f->done);
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
	render_value(r, t);
	r->within = JSON_NONE;
	buf_addc(r->out, ')');
}

/* What is no open container: a table, a scalar, what stands elsewhere. */
static bool
put_closed(struct json_render *r, uint32_t t)
{
	const struct json_table *table = NULL;
	struct json_node *n;

	if (t != r->within && render_ref(r, t))
		return true;
	if (json_is_node(render_tok(r, t))) {
		n = json_node(&r->plan->nodes, t);
		n->written = true;
		if (n->table != 0)
			table = r->plan->table[n->table - 1];
	}
	if (render_tok(r, t)->type >= JSON_ARRAY && render_tok(r, t)->escaped &&
	    t != r->within)
		put_embedded(r, t);
	else if (table != NULL)
		render_table(r, table, t);
	else if (render_tok(r, t)->type == JSON_STRING)
		put_string(r, t, false);
	else if (render_tok(r, t)->type < JSON_ARRAY)
		render_raw(r, t);
	else
		return false;
	return true;
}

/*
 * Any value.  Recursion: a table's cells may hold tables, JSON_NEST_MAX deep,
 * and each call walks all the rest without recursing.
 */
void
render_value(struct json_render *r, uint32_t t)
{
	struct frame stack[JSON_DEPTH_MAX], *f;
	size_t depth = 0;

	do {
		if (put_closed(r, t))
			t += render_tok(r, t)->skip;
		else
			open_frame(r, &stack[depth++], t++);
		while (depth > 0 && !next_element(r, &stack[depth - 1], &t)) {
			f = &stack[--depth];
			buf_addc(r->out, render_tok(r, f->t)->type ==
			    JSON_OBJECT ? '}' : ']');
		}
	} while (depth > 0);
}

void
json_render_value(struct json_render *r, uint32_t t)
{
	/* A text that is a string is not taken for anything else. */
	if (render_tok(r, t)->type != JSON_STRING)
		render_value(r, t);
	else if (render_pick(r, t) != NULL)
		json_quote(string_text(r, t), r->out);
	else
		render_raw(r, t);
}

void
json_render_lines(struct json_render *r, uint32_t t)
{
	const struct json_table *table = json_plan_table(r->plan, t);
	const struct json_pick *p = render_pick(r, t);
	uint32_t i, gap = 0, k = t + 1;

	json_node(&r->plan->nodes, t)->written = true;
	if (table != NULL) {
		buf_addu(r->out, table->rows);
		buf_adds(r->out, " lines");
		render_rows(r, table, t);
		return;
	}
	if (p != NULL)
		render_count(r, p);
	for (i = 0; i < render_tok(r, t)->count; i++) {
		if (p == NULL || gap == p->ngaps || i < p->gap[gap].from) {
			render_place(r, k, i);
			render_value(r, k);
			buf_addc(r->out, '\n');
		} else if (i + 1 == p->gap[gap].to) {
			put_gap(r->out, p, &p->gap[gap]);
			buf_addc(r->out, '\n');
			gap++;
		}
		k += render_tok(r, k)->skip;
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
