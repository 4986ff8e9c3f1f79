/*
 * json_plan - tables or plain JSON, value by value
 */
#include "compat.h"

#include <stdlib.h>

#include "cell.h"
#include "json_plan.h"
#include "mem.h"

#define BYTES_A_TOKEN	4
#define TABLE_FRAME	6	/* tokens of "[12 rows: ", line end, "]" */
#define FIRST_COLUMNS	4
#define INDEXED_FROM	12	/* columns; fewer are looked through */
#define NO_TABLE	UINT64_MAX

struct planner {
	struct json_plan	*p;
	const struct json_tok	*tok;
	struct span		 text;
	uint64_t		 seed;
	bool			 nomem;
};

/* One level of records: those of a table that have an object here. */
struct rows {
	const uint32_t	*at;		/* tokens of the objects */
	uint32_t	 present;
	uint32_t	 n;		/* rows of the table */
};

/*
 * Tokens of a text that stands alone, about.  Texts cost the same in either
 * form, so that only their share in the whole matters; counted exactly the
 * choices are hardly others, and planning takes three times as long.
 */
static uint64_t
text_cost(struct span s)
{
	return s.n / BYTES_A_TOKEN + 1;
}

static struct span
key_body(const struct planner *pl, uint32_t key)
{
	return json_body(pl->text, &pl->tok[key]);
}

static uint64_t
scalar_cost(const struct planner *pl, const struct json_tok *t)
{
	switch ((enum json_type)t->type) {
	case JSON_STRING:
		/* The quotes mostly merge with what is beside them. */
		return text_cost(json_body(pl->text, t)) + 1;
	case JSON_NUMBER:
		return text_cost(json_text(pl->text, t));
	default:
		return 1;
	}
}

static bool
is_bare(const struct planner *pl, const struct json_tok *t)
{
	return t->type == JSON_STRING && !t->escaped &&
	    cell_bare(json_body(pl->text, t));
}

/* A cell with the comma in front of it. */
static uint64_t
cell_cost(const struct planner *pl, uint32_t v)
{
	return pl->p->node[v].cost + !is_bare(pl, &pl->tok[v]);
}

/* Whether two values are written alike, white space apart. */
static bool
same_value(const struct planner *pl, uint32_t a, uint32_t b)
{
	const struct json_tok *x = &pl->tok[a], *y = &pl->tok[b];
	uint32_t i, n = x->skip;

	if (y->skip != n)
		return false;
	for (i = 0; i < n; i++) {
		if (x[i].type != y[i].type || x[i].count != y[i].count)
			return false;
		if (x[i].type < JSON_ARRAY &&
		    !span_eq(json_text(pl->text, &x[i]),
		    json_text(pl->text, &y[i])))
			return false;
	}
	return true;
}

/* Number of the column with this name, g->n if there is none. */
static uint32_t
look_up(const struct json_group *g, struct span key)
{
	union map_val *v;
	uint32_t i;

	if (g->n >= INDEXED_FROM) {
		v = map_get(&g->index, key);
		return v == NULL ? g->n : (uint32_t)v->u;
	}
	for (i = 0; i < g->n && !span_eq(g->col[i].name, key); i++)
		;
	return i;
}

static struct json_col *
find(const struct json_group *g, struct span key, uint32_t *hint)
{
	uint32_t i = *hint;

	/* Records mostly name their members in one order. */
	if (i >= g->n || !span_eq(g->col[i].name, key))
		i = look_up(g, key);
	if (i == g->n)
		return NULL;
	*hint = i + 1;
	return &g->col[i];
}

const struct json_col *
json_group_find(const struct json_group *g, struct span key, uint32_t *hint)
{
	return find(g, key, hint);
}

/* Enter the last column into the index; the first time all of them. */
static bool
index_column(struct json_group *g)
{
	uint32_t i = g->n == INDEXED_FROM ? 0 : g->n - 1;
	union map_val *v;

	for (; g->n >= INDEXED_FROM && i < g->n; i++) {
		v = map_put(&g->index, g->col[i].name);
		if (v == NULL)
			return false;
		v->u = i;
	}
	return true;
}

static struct json_col *
add_column(struct planner *pl, struct json_group *g, size_t *cap,
    struct span key)
{
	struct json_col *c;

	if (g->n == *cap) {
		*cap = *cap == 0 ? FIRST_COLUMNS : *cap * 2;
		c = arena_array(&pl->p->arena, *cap, sizeof(*c));
		if (c == NULL)
			goto nomem;
		if (g->n > 0)
			memcpy(c, g->col, g->n * sizeof(*c));
		g->col = c;
	}
	c = &g->col[g->n++];
	*c = (struct json_col){ .name = key, .row = JSON_NONE, .same = true,
	    .objects = true };
	if (!index_column(g))
		goto nomem;
	return c;
nomem:
	pl->nomem = true;
	return NULL;
}

/* Enter one member's value v of record r into its column. */
static bool
enter(struct planner *pl, struct json_col *c, uint32_t r, uint32_t v)
{
	const struct json_tok *t = &pl->tok[v];

	if (c->row == r)
		return false;	/* a repeated key has no place in a table */
	c->row = r;
	if (c->present++ == 0)
		c->first = v;
	else if (c->same)
		c->same = same_value(pl, c->first, v);
	c->objects = c->objects && t->type == JSON_OBJECT && t->count > 0;
	c->cost += cell_cost(pl, v);
	return true;
}

/*
 * Find the columns of these records.  False if they make no table: a key
 * repeated in a record, or too many keys.
 */
static bool
collect(struct planner *pl, struct json_group *g, struct rows rows)
{
	struct json_col *c;
	size_t cap = 0;
	uint32_t r, m, k, hint;

	for (r = 0; r < rows.present; r++) {
		k = rows.at[r] + 1;
		hint = 0;
		for (m = pl->tok[rows.at[r]].count; m > 0; m--) {
			c = find(g, key_body(pl, k), &hint);
			if (c == NULL) {
				if (g->n == JSON_COLUMNS_MAX)
					return false;
				c = add_column(pl, g, &cap, key_body(pl, k));
				if (c == NULL)
					return false;
				hint = g->n;
			}
			if (!enter(pl, c, r, k + 1))
				return false;
			k += 1 + pl->tok[k + 1].skip;
		}
	}
	return true;
}

/*
 * Note the values of the columns that might be groups, in the order of the
 * records.  Returns the memory they are in, NULL if there are none.
 */
static uint32_t *
gather(struct planner *pl, struct json_group *g, struct rows rows)
{
	uint32_t *pool, *at, r, m, k, hint;
	struct json_col *c;
	size_t total = 0;

	for (c = g->col; c < g->col + g->n; c++)
		if (c->objects)
			total += c->present;
	if (total == 0)
		return NULL;
	at = pool = malloc(total * sizeof(*pool));
	if (pool == NULL) {
		pl->nomem = true;
		return NULL;
	}
	for (c = g->col; c < g->col + g->n; c++)
		if (c->objects) {
			c->at = at;
			at += c->present;
		}
	for (r = 0; r < rows.present; r++) {
		k = rows.at[r] + 1;
		hint = 0;
		for (m = pl->tok[rows.at[r]].count; m > 0; m--) {
			c = find(g, key_body(pl, k), &hint);
			if (c->at != NULL)
				*c->at++ = k + 1;
			k += 1 + pl->tok[k + 1].skip;
		}
	}
	for (c = g->col; c < g->col + g->n; c++)
		if (c->at != NULL)
			c->at -= c->present;
	return pool;
}

static uint64_t build(struct planner *pl, struct json_group *g,
    struct rows rows, unsigned depth);

static void
release_group(struct json_group *g)
{
	uint32_t i;

	for (i = 0; i < g->n; i++)
		if (g->col[i].group != NULL)
			release_group(g->col[i].group);
	map_release(&g->index);
}

/*
 * The columns of a member that is an object wherever it is present, if that
 * costs less than the objects in cells and leaves room for other groups.
 */
static bool
try_group(struct planner *pl, struct json_col *c, uint32_t n, unsigned depth,
    uint32_t room, uint64_t *cost)
{
	struct arena_mark mark = arena_mark(&pl->p->arena);
	struct json_group *g;
	uint64_t sum;

	g = arena_alloc(&pl->p->arena, sizeof(*g));
	if (g == NULL) {
		pl->nomem = true;
		return false;
	}
	sum = build(pl, g, (struct rows){ c->at, c->present, n }, depth + 1);
	if (sum >= *cost || g->leaves > JSON_LEAVES_MAX / 2 ||
	    g->n + g->below > room) {
		release_group(g);
		arena_rewind(&pl->p->arena, mark);
		return false;
	}
	*cost = sum;
	c->group = g;
	return true;
}

/* Decide what becomes of a column; returns its cost, header included. */
static uint64_t
settle(struct planner *pl, struct json_col *c, struct json_group *g,
    uint32_t n, unsigned depth)
{
	uint64_t name = text_cost(c->name) + 1, cost, rest;

	if (c->present == n && c->same) {
		c->kind = JSON_COL_CONST;
		return name + pl->p->node[c->first].cost + 1;
	}
	/* Runs of commas are few tokens. */
	cost = c->cost + (n - c->present) / 2;
	if (c->at != NULL && c->present > 1 && depth < JSON_FLATTEN_MAX &&
	    try_group(pl, c, n, depth, JSON_TOTAL_MAX - JSON_COLUMNS_MAX -
	    g->below, &cost)) {
		c->kind = JSON_COL_GROUP;
		g->leaves += c->group->leaves;
		g->below += c->group->n + c->group->below;
		return name + 1 + cost;
	}
	rest = c->cost + c->present * (name + 1);
	if (depth == 0 && rest < cost + name) {
		c->kind = JSON_COL_REST;
		g->leaves += !g->rest;
		g->rest = true;
		return rest;
	}
	c->kind = JSON_COL_CELL;
	g->leaves++;
	return name + cost;
}

/*
 * The columns of one level of records, and what they cost.  Recursion is
 * bounded by JSON_FLATTEN_MAX.
 */
static uint64_t
build(struct planner *pl, struct json_group *g, struct rows rows,
    unsigned depth)
{
	uint64_t cost = 0;
	uint32_t *pool, i;

	*g = (struct json_group){ .n = 0 };
	map_init(&g->index, pl->seed);
	if (!collect(pl, g, rows))
		return NO_TABLE;
	pool = gather(pl, g, rows);
	for (i = 0; i < g->n; i++) {
		cost += settle(pl, &g->col[i], g, rows.n, depth);
		g->col[i].at = NULL;
	}
	free(pool);
	return cost;
}

static bool
keep_table(struct planner *pl, uint32_t i, struct json_table *t)
{
	struct json_plan *p = pl->p;
	struct json_table **grown;

	grown = mem_grow(p->table, &p->cap, p->ntables + 1, sizeof(*grown),
	    (1u << 28) - 2);
	if (grown == NULL)
		return false;
	p->table = grown;
	p->table[p->ntables++] = t;
	p->node[i].table = (uint32_t)p->ntables;
	return true;
}

/* Value i, whose elements all are objects with members, as a table? */
static void
try_table(struct planner *pl, uint32_t i)
{
	struct json_node *node = &pl->p->node[i];
	const struct json_tok *t = &pl->tok[i];
	struct arena_mark mark = arena_mark(&pl->p->arena);
	bool keyed = t->type == JSON_OBJECT;
	struct json_table *table;
	uint32_t *at, r, k = i + 1;
	uint64_t cost = TABLE_FRAME + t->count, sum;

	table = arena_alloc(&pl->p->arena, sizeof(*table));
	at = malloc(t->count * sizeof(*at));
	if (table == NULL || at == NULL) {
		pl->nomem = true;
		goto out;
	}
	for (r = 0; r < t->count; r++) {
		if (keyed)
			cost += pl->p->node[k++].cost;
		at[r] = k;
		k += pl->tok[k].skip;
	}
	sum = build(pl, &table->top,
	    (struct rows){ at, t->count, t->count }, 0);
	cost = sum == NO_TABLE ? NO_TABLE : cost + sum;
	table->rows = t->count;
	table->keyed = keyed;
	/* Plain JSON is plainer: a table must be worth a tenth. */
	if (cost <= node->cost - node->cost / 10 &&
	    table->top.leaves <= JSON_LEAVES_MAX && keep_table(pl, i, table)) {
		node->cost = (uint32_t)cost;
		node->nest++;
	} else {
		release_group(&table->top);
		arena_rewind(&pl->p->arena, mark);
	}
out:
	free(at);
}

/* A container, after everything in it. */
static void
plan_container(struct planner *pl, uint32_t i)
{
	const struct json_tok *t = &pl->tok[i];
	struct json_node *node = &pl->p->node[i];
	bool records = t->count > 1;
	uint64_t cost = 1;
	uint32_t m, k = i + 1;

	for (m = t->count; m > 0; m--) {
		if (t->type == JSON_OBJECT)
			cost += pl->p->node[k++].cost;
		cost += pl->p->node[k].cost + 1;
		if (pl->p->node[k].nest > node->nest)
			node->nest = pl->p->node[k].nest;
		records = records && pl->tok[k].type == JSON_OBJECT &&
		    pl->tok[k].count > 0;
		k += pl->tok[k].skip;
	}
	node->cost = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
	if (records && node->nest < JSON_NEST_MAX)
		try_table(pl, i);
}

bool
json_plan_make(struct json_plan *p, const struct json_doc *doc)
{
	struct planner pl = { .p = p, .tok = doc->tok, .text = doc->text,
	    .seed = map_random_seed() };
	size_t i;

	p->doc = doc;
	p->node = calloc(doc->ntok, sizeof(*p->node));
	if (p->node == NULL)
		return false;
	for (i = doc->ntok; i-- > 0 && !pl.nomem; ) {
		if (doc->tok[i].type >= JSON_ARRAY)
			plan_container(&pl, (uint32_t)i);
		else
			p->node[i].cost = (uint32_t)scalar_cost(&pl,
			    &doc->tok[i]);
	}
	return !pl.nomem;
}

void
json_plan_release(struct json_plan *p)
{
	size_t i;

	for (i = 0; i < p->ntables; i++)
		release_group(&p->table[i]->top);
	free(p->table);
	free(p->node);
	arena_release(&p->arena);
	*p = (struct json_plan)JSON_PLAN_INIT;
}
