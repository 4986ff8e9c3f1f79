/*
 * json_plan - tables or plain JSON, value by value
 */
#include "compat.h"

#include <stdlib.h>

#include "json_plan_impl.h"
#include "json_tool.h"
#include "mem.h"

#define BYTES_A_TOKEN	4
#define TABLE_FRAME	6	/* tokens of "[12 rows: ", line end, "]" */
#define FIRST_COLUMNS	4
#define INDEXED_FROM	12	/* columns; fewer are looked through */
#define DEFAULT_WORDS	3	/* " unless given" */
#define AGAIN_WORDS	6	/* ", = as above", and to see it */
#define EMBEDDED_WORDS	4	/* "(json spaced ", ")" */
#define LEFT_WORDS	16	/* of the mark for members left out */
#define LEFT_WORTH	24	/* for fewer tokens none are */
#define MOVES_MAX	64	/* of columns, a table */
#define SAMPLE		1024	/* values of a column that are counted */
#define LONG_ROW	150	/* tokens of a record */

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
uint64_t
json_plan_text(struct span s)
{
	return s.n / BYTES_A_TOKEN + 1;
}

static struct span
key_body(const struct planner *pl, uint32_t key)
{
	return json_body(pl->text, &pl->tok[key]);
}

/* Of what is no node. */
HR_INLINE uint64_t
scalar_cost(const struct json_plan *p, uint32_t t)
{
	const struct json_tok *v = &p->doc->tok[t];

	/* Quotes: about, since a bracket in it may cost them too. */
	if (v->type == JSON_STRING)
		return json_plan_text(json_body(p->doc->text, v)) +
		    (v->escaped || !(json_bare(p->doc, t) & CELL_BARE));
	return v->type == JSON_NUMBER ?
	    json_plan_text(json_text(p->doc->text, v)) : 1;
}

static uint64_t
node_cost(const struct json_plan *p, const struct json_node *n)
{
	if (n->cost > JSON_REF_TOKENS && n->class != 0 &&
	    &p->nodes.node[n->class - 1] != n)
		return JSON_REF_TOKENS;
	return n->cost;
}

uint64_t
json_plan_whole(const struct json_plan *p, uint32_t t)
{
	const struct json_node *n = json_node(&p->nodes, t);

	return n == NULL ? scalar_cost(p, t) : n->cost;
}

HR_INLINE uint64_t
cost_of(const struct json_plan *p, uint32_t t)
{
	return json_is_node(&p->doc->tok[t]) ?
	    node_cost(p, json_node(&p->nodes, t)) : scalar_cost(p, t);
}

uint64_t
json_plan_cost(const struct json_plan *p, uint32_t t)
{
	return cost_of(p, t);
}

bool
json_plan_equal_containers(const struct json_plan *p, uint32_t a, uint32_t b)
{
	const struct json_node *x = json_node(&p->nodes, a);
	const struct json_node *y = json_node(&p->nodes, b);

	if (a == b)
		return true;
	if (x == NULL || y == NULL)
		return x == y;
	return x->class != 0 && x->class == y->class &&
	    json_same(p->doc, a, b);
}

uint32_t
json_group_look_up(const struct json_group *g, struct span key)
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

/*
 * Move the last column to where its record has it, before what stands behind
 * it there, so that members keep their order.  Each move costs as much as
 * there are columns, hence MOVES_MAX.
 */
static void
move_column(struct planner *pl, struct json_group *g, uint32_t to)
{
	struct json_col c = g->col[g->n - 1];
	uint32_t i, behind = g->n - 1 - to;

	if (behind == 0 || pl->moves == MOVES_MAX)
		return;
	pl->moves++;
	memmove(&g->col[to + 1], &g->col[to], behind * sizeof(c));
	g->col[to] = c;
	memmove(pl->cell[to + 1], pl->cell[to], behind * sizeof(pl->cell[0]));
	memset(pl->cell[to], 0xFF, sizeof(pl->cell[0]));
	for (i = to; g->n >= INDEXED_FROM && i < g->n; i++)
		map_get(&g->index, g->col[i].name)->u = i;
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
	*c = (struct json_col){ .name = key, .same = true, .objects = true };
	memset(pl->cell[g->n - 1], 0xFF, sizeof(pl->cell[0]));
	if (!index_column(g))
		goto nomem;
	return c;
nomem:
	pl->nomem = true;
	return NULL;
}

/*
 * The value that most are equal to, if there is one, is what is left when
 * different ones cancel each other out (Boyer and Moore, MJRTY, 1991).
 */
HR_INLINE void
vote(struct planner *pl, struct json_col *c, uint32_t v, bool again,
    uint64_t cost)
{
	bool most = again ? c->last_most : c->votes > 0 &&
	    json_plan_equal(pl->p, c->most, v);

	if (most) {
		c->votes++;
		c->hits++;
		c->hits_cost += cost;
	} else if (c->votes > 0) {
		c->votes--;
	} else {
		c->most = v;
		c->votes = c->hits = 1;
		c->hits_cost = cost;
		most = true;
	}
	c->last_most = most;
}

/* Note a value of a column that is objects up to here. */
static void
note_object(struct planner *pl, struct json_col *c, uint32_t v)
{
	const struct json_tok *t = &pl->tok[v];
	uint32_t *grown;

	c->objects = t->type == JSON_OBJECT && t->count > 0 && !t->escaped;
	if (!c->objects)
		return;
	grown = mem_grow(c->at, &c->atcap, c->present, sizeof(*grown),
	    UINT32_MAX);
	if (grown == NULL) {
		pl->nomem = true;
		c->objects = false;
		return;
	}
	c->at = grown;
	c->at[c->present - 1] = v;
}

/* Enter value v of record r into its column. */
HR_INLINE void
enter(struct planner *pl, struct json_col *c, uint32_t r, uint32_t v)
{
	uint64_t cost = cost_of(pl->p, v) + 1;	/* with a comma */
	bool again;

	again = c->present > 0 && json_plan_equal(pl->p, c->last, v);
	if (c->present++ == 0)
		c->first = v;
	else
		c->same = c->same && again;
	if (again && c->row == r)
		c->again += cost - 2;
	vote(pl, c, v, again, cost);
	c->row = r + 1;
	c->last = v;
	if (c->objects)
		note_object(pl, c, v);
	c->cost += cost;
	c->counted++;
	c->noise += json_plan_noise(pl->p, v);
}

/*
 * Enter a batch of n records from r on.  Values of a column are alike: taken
 * one after the other they cost the processor half of what they do in rows.
 * Of a column that is neither constant nor nested the first tell what the
 * others cost, unless noise must be found.
 */
static void
enter_batch(struct planner *pl, struct json_group *g, uint32_t r, uint32_t n)
{
	struct json_col c;
	uint32_t i, k;

	for (i = 0; i < g->n; i++) {
		c = g->col[i];
		if (c.counted >= SAMPLE && !c.same && !c.objects &&
		    pl->p->what == NULL) {
			for (k = 0; k < n; k++)
				c.present += pl->cell[i][k] != JSON_NONE;
		} else {
			for (k = 0; k < n; k++)
				if (pl->cell[i][k] != JSON_NONE)
					enter(pl, &c, r + k, pl->cell[i][k]);
		}
		g->col[i] = c;
		memset(pl->cell[i], 0xFF, n * sizeof(pl->cell[i][0]));
	}
}

/* Put the values of a record into place `at' of the batch. */
static bool
put_record(struct planner *pl, struct json_group *g, size_t *cap,
    uint32_t object, uint32_t at)
{
	uint32_t m, k = object + 1, hint = 0, last = 0;
	struct json_col *c;
	struct span name;

	for (m = pl->tok[object].count; m > 0; m--) {
		c = json_group_find(g, key_body(pl, k), &hint);
		if (c == NULL) {
			if (g->n == JSON_COLUMNS_MAX)
				return false;
			c = add_column(pl, g, cap, key_body(pl, k));
			if (c == NULL)
				return false;
			name = c->name;
			g->strict |= json_tool_starred(&name);
			hint = g->n;
			if (last < g->n - 1) {
				move_column(pl, g, last);
				json_group_find(g, key_body(pl, k), &hint);
			}
		}
		pl->ordered = pl->ordered && hint > last;
		/* A repeated key has no place in a table. */
		if (pl->cell[hint - 1][at] != JSON_NONE ||
		    (g->strict && !pl->ordered))
			return false;
		pl->cell[hint - 1][at] = k + 1;
		last = hint;
		k += 1 + pl->tok[k + 1].skip;
	}
	return true;
}

/*
 * Find the columns of these records.  False if they make no table: a key
 * repeated in a record, or too many keys, or, where it counts, records whose
 * members stand in another order.
 */
static bool
collect(struct planner *pl, struct json_group *g, struct rows rows)
{
	size_t cap = 0;
	uint32_t r, n;

	pl->ordered = true;
	pl->moves = 0;
	for (r = 0; r < rows.present; r += n) {
		for (n = 0; n < JSON_BATCH && r + n < rows.present; n++)
			if (!put_record(pl, g, &cap, rows.at[r + n], n))
				return false;
		enter_batch(pl, g, r, n);
	}
	return !pl->nomem;
}

/* What was noted of columns of objects is no longer wanted. */
static void
forget_objects(struct json_group *g)
{
	struct json_col *c;

	for (c = g->col; c < g->col + g->n; c++) {
		free(c->at);
		c->at = NULL;
	}
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

/* A column whose most common value stands in the header, if that is less. */
static bool
try_default(struct planner *pl, struct json_col *c, uint64_t *cost)
{
	uint64_t sum = c->cost - c->hits_cost + c->hits / 2 +
	    json_plan_whole(pl->p, c->most) + DEFAULT_WORDS;
	uint64_t other = *cost - (c->again < *cost ? c->again : *cost);

	if (c->hits < c->present / 2 || sum + DEFAULT_WORDS > other)
		return false;
	*cost = sum;
	c->kind = JSON_COL_DEFAULT;
	c->first = c->most;
	return true;
}

/* What was counted of the first values, of all. */
static void
scale(struct json_col *c)
{
	if (c->counted == c->present || c->counted == 0)
		return;
	c->cost = c->cost * c->present / c->counted;
	c->again = c->again * c->present / c->counted;
	c->hits_cost = c->hits_cost * c->present / c->counted;
	c->hits = (uint32_t)((uint64_t)c->hits * c->present / c->counted);
}

/* Decide what becomes of a column; returns its cost, header included. */
static uint64_t
settle(struct planner *pl, struct json_col *c, struct json_group *g,
    uint32_t n, unsigned depth)
{
	uint64_t name = json_plan_text(c->name) + 1, cost, rest;

	scale(c);
	if (c->noise == c->present && !pl->all) {
		c->kind = JSON_COL_LEFT;
		g->left++;
		g->left_cost += c->present == n && c->same ? name : c->cost;
		return 0;
	}
	if (c->present == n && c->same) {
		c->kind = JSON_COL_CONST;
		return name + json_plan_cost(pl->p, c->first) + 1;
	}
	/* Runs of commas are few tokens. */
	cost = c->cost + (n - c->present) / 2;
	if (c->objects && c->present > 1 && depth < JSON_FLATTEN_MAX &&
	    try_group(pl, c, n, depth, JSON_TOTAL_MAX - JSON_COLUMNS_MAX -
	    g->below, &cost)) {
		c->kind = JSON_COL_GROUP;
		g->leaves += c->group->leaves;
		g->below += c->group->n + c->group->below;
		g->again += c->group->again;
		g->left += c->group->left;
		g->left_cost += c->group->left_cost;
		return name + 1 + cost;
	}
	if (c->present == n && try_default(pl, c, &cost)) {
		g->leaves++;
		return name + cost;
	}
	rest = c->cost + c->present * (name + 1);
	if (depth == 0 && !g->strict && rest < cost + name) {
		c->kind = JSON_COL_REST;
		g->leaves += !g->rest;
		g->rest = true;
		return rest;
	}
	c->kind = JSON_COL_CELL;
	g->leaves++;
	g->again += c->again;
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
	uint32_t i;

	*g = (struct json_group){ .strict = pl->strict };
	map_init(&g->index, pl->seed);
	if (collect(pl, g, rows))
		for (i = 0; i < g->n; i++)
			cost += settle(pl, &g->col[i], g, rows.n, depth);
	else
		cost = JSON_NO_TABLE;
	forget_objects(g);
	return cost;
}

static bool
keep_table(struct planner *pl, struct json_node *node, struct json_table *t)
{
	struct json_plan *p = pl->p;
	struct json_table **grown;

	grown = mem_grow(p->table, &p->cap, p->ntables + 1, sizeof(*grown),
	    (1u << 22) - 2);
	if (grown == NULL)
		return false;
	p->table = grown;
	p->table[p->ntables++] = t;
	node->table = (uint32_t)p->ntables;
	return true;
}

uint64_t
json_plan_columns(struct planner *pl, struct json_group *g, const uint32_t *at,
    uint32_t n)
{
	return build(pl, g, (struct rows){ at, n, n }, 0);
}

void
json_plan_columns_release(struct json_group *g)
{
	release_group(g);
}

/* The columns of a table; of those that are noise only enough may go. */
static uint64_t
columns_cost(struct planner *pl, struct json_table *table, const uint32_t *at)
{
	const struct rows rows = { at, table->rows, table->rows };
	uint64_t sum = build(pl, &table->top, rows, 0);

	if (sum == JSON_NO_TABLE || table->top.left == 0)
		return sum;
	if (table->top.left_cost >= LEFT_WORTH)
		return sum + LEFT_WORDS;
	release_group(&table->top);
	pl->all = true;
	sum = build(pl, &table->top, rows, 0);
	pl->all = false;
	return sum;
}

static uint64_t
table_cost(struct planner *pl, struct json_table *table, const uint32_t *at)
{
	uint64_t sum = columns_cost(pl, table, at);
	uint64_t again = table->top.again;
	uint32_t r;

	if (sum == JSON_NO_TABLE)
		return sum;
	sum += TABLE_FRAME + table->rows;
	for (r = 0; table->keyed && r < table->rows; r++)
		sum += json_plan_cost(pl->p, at[r] - 1);
	table->again = again > AGAIN_WORDS;
	return table->again ? sum - (again < sum ? again : sum) + AGAIN_WORDS :
	    sum;
}

/*
 * The part of its tokens that a table must save.  The plain form is plainer,
 * the more so where a cell is far from the header that says what it is.
 */
static uint64_t
worth(const struct json_node *node, const struct json_tok *t)
{
	return node->cost / t->count < LONG_ROW ? 10 : 5;
}

/* The node's elements, which all are objects with members, as a table? */
static void
try_table(struct planner *pl, struct json_node *node)
{
	const struct json_tok *t = &pl->tok[node->tok];
	struct arena_mark mark = arena_mark(&pl->p->arena);
	bool keyed = t->type == JSON_OBJECT;
	struct json_table *table;
	uint32_t *at, r, k = node->tok + 1;
	uint64_t cost;

	table = arena_alloc(&pl->p->arena, sizeof(*table));
	at = malloc(t->count * sizeof(*at));
	if (table == NULL || at == NULL) {
		pl->nomem = true;
		goto out;
	}
	for (r = 0; r < t->count; r++) {
		k += keyed;
		at[r] = k;
		k += pl->tok[k].skip;
	}
	table->rows = t->count;
	table->keyed = keyed;
	pl->strict = pl->p->strict || node->inside || t->escaped;
	table->kinds = 0;
	cost = table_cost(pl, table, at);
	if (cost != JSON_NO_TABLE)
		cost = json_plan_kinds(pl, table, at, cost);
	if (cost <= node->cost - node->cost / worth(node, t) &&
	    (table->kinds > 0 || table->top.leaves <= JSON_LEAVES_MAX) &&
	    keep_table(pl, node, table)) {
		table->plain = node->cost;
		node->cost = (uint32_t)cost;
		node->nest++;
	} else {
		if (cost != JSON_NO_TABLE)
			pl->p->refused[pl->p->nrefused++ %
			    JSON_REFUSED_MAX] = (struct json_refused){
			    .tok = node->tok, .tokens = cost };
		json_plan_kinds_release(table);
		release_group(&table->top);
		arena_rewind(&pl->p->arena, mark);
	}
out:
	free(at);
}

/* A container, after everything in it. */
static void
plan_container(struct planner *pl, struct json_node *node)
{
	const struct json_tok *t = &pl->tok[node->tok];
	const struct json_node *child;
	const struct json_tok *v;
	bool records = t->count > 1;
	uint64_t cost = 1, was, noise = 0;
	uint32_t m, k = node->tok + 1;

	for (m = t->count; m > 0; m--) {
		was = cost;
		if (t->type == JSON_OBJECT)
			cost += json_plan_text(key_body(pl, k++)) + 1;
		v = &pl->tok[k];
		if (json_is_node(v)) {
			child = json_node(&pl->p->nodes, k);
			cost += node_cost(pl->p, child) + 1;
			if (child->nest > node->nest)
				node->nest = child->nest;
		} else
			cost += scalar_cost(pl->p, k) + 1;
		noise += json_plan_noise(pl->p, k) ? cost - was : 0;
		records = records && v->type == JSON_OBJECT &&
		    v->count > 0 && !v->escaped;
		k += v->skip;
	}
	if (t->escaped)
		cost += EMBEDDED_WORDS;
	node->drops = noise >= LEFT_WORTH;
	if (node->drops)
		cost = cost - noise + LEFT_WORDS;
	node->cost = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
	if (records && node->nest < JSON_NEST_MAX)
		try_table(pl, node);
}

bool
json_plan_make(struct json_plan *p, const struct json_doc *doc,
    const uint8_t *what)
{
	struct planner pl;
	struct json_node *n;

	/* All but the batch, which a column fills when it is made. */
	pl.p = p;
	pl.tok = doc->tok;
	pl.text = doc->text;
	pl.seed = map_random_seed();
	pl.strict = pl.all = pl.nomem = false;
	p->doc = doc;
	p->what = what;
	if (!json_nodes_make(&p->nodes, doc))
		return false;
	for (n = p->nodes.node + p->nodes.n; n-- > p->nodes.node &&
	    !pl.nomem; ) {
		if (doc->tok[n->tok].type >= JSON_ARRAY)
			plan_container(&pl, n);
		else
			n->cost = (uint32_t)scalar_cost(p, n->tok);
	}
	return !pl.nomem;
}

void
json_plan_release(struct json_plan *p)
{
	size_t i;

	for (i = 0; i < p->ntables; i++) {
		json_plan_kinds_release(p->table[i]);
		release_group(&p->table[i]->top);
	}
	free(p->table);
	json_nodes_release(&p->nodes);
	arena_release(&p->arena);
	*p = (struct json_plan)JSON_PLAN_INIT;
}
