/*
 * json_column - rare types, rare values
 */
#include "compat.h"

#include <stdlib.h>

#include "json_column.h"
#include "json_pick_impl.h"
#include "map.h"
#include "mem.h"

#define COLUMNS_MAX	1024	/* further ones are not looked at */
#define DEPTH_MAX	4	/* nested objects entered */
#define KEY_LEN		256	/* members of longer names are not looked at */
#define DISTINCT_MAX	24	/* a column of few values has at most these */
#define RARE_VALUE	50	/* a value of n/50 records or fewer is rare */
#define RARE_PART	20	/* a reason that holds for more is none */
#define RARE_TYPE	10
#define MOST(n)		((n) - (n) / 5)	/* so many are equal: near constant */

struct column {
	uint32_t	parent;	/* column + 1, 0: the record itself */
	struct span	key;
	uint32_t	next;	/* the column seen behind it last, + 1 */
	uint32_t	n;	/* entries */
};

struct columns {
	struct picker	*pk;
	struct column	*col;
	uint32_t	 ncols;
	uint32_t	 first;	/* the column seen first in a record, + 1 */
	uint32_t	 whole;	/* that of what is no object, + 1 */
	struct map	 index;
	struct json_entry	*e;
	size_t		 n, cap;
	bool		 nomem;
};

static const struct json_tok *
tok_at(const struct columns *cs, uint32_t t)
{
	return &cs->pk->plan->doc->tok[t];
}

/* A new column; its number + 1. */
static uint32_t
add(struct columns *cs, uint32_t parent, struct span key, struct span id)
{
	struct span copy = arena_dup(&cs->pk->scratch, id);
	union map_val *v = copy.p == NULL ? NULL : map_put(&cs->index, copy);

	if (v == NULL) {
		cs->nomem = true;
		return 0;
	}
	cs->col[cs->ncols++] = (struct column){ .parent = parent,
	    .key = key };
	v->u = cs->ncols;
	return cs->ncols;
}

/* Column of this key below parent, + 1; 0 if there is no room for it. */
static uint32_t
lookup(struct columns *cs, uint32_t parent, struct span key, uint32_t *hint)
{
	struct column *c = *hint == 0 ? NULL : &cs->col[*hint - 1];
	char id[sizeof(parent) + KEY_LEN];
	union map_val *v;
	struct span s;

	if (c != NULL && c->parent == parent && span_eq(c->key, key))
		return *hint;
	if (key.n > KEY_LEN)
		return *hint = 0;
	memcpy(id, &parent, sizeof(parent));
	memcpy(id + sizeof(parent), key.p, key.n);
	s = span_of(id, sizeof(parent) + key.n);
	v = map_get(&cs->index, s);
	if (v != NULL)
		*hint = (uint32_t)v->u;
	else
		*hint = cs->ncols == COLUMNS_MAX ? 0 :
		    add(cs, parent, key, s);
	return *hint;
}

static void
enter(struct columns *cs, uint32_t col, uint32_t row, uint32_t t)
{
	struct json_entry *e;

	if (col == 0)
		return;
	e = mem_grow(cs->e, &cs->cap, cs->n + 1, sizeof(*e),
	    SIZE_MAX / sizeof(*e));
	if (e == NULL) {
		cs->nomem = true;
		return;
	}
	cs->e = e;
	cs->e[cs->n++] = (struct json_entry){ col - 1, row, t };
	cs->col[col - 1].n++;
}

/* All leaves of one record. */
static void
flatten(struct columns *cs, uint32_t row, uint32_t t)
{
	struct { uint32_t col, end; } open[DEPTH_MAX + 1];
	uint32_t hint = cs->first, last = 0, col, k, depth = 0;
	const struct json_tok *v = tok_at(cs, t);

	if (v->type != JSON_OBJECT) {
		enter(cs, lookup(cs, 0, SPAN_LIT(""), &cs->whole), row, t);
		return;
	}
	open[0].col = 0;
	open[0].end = t + v->skip;
	for (k = t + 1; !cs->nomem; ) {
		while (k == open[depth].end)
			if (depth-- == 0)
				return;
		col = lookup(cs, open[depth].col,
		    json_body(cs->pk->plan->doc->text, tok_at(cs, k)), &hint);
		if (last != 0)
			cs->col[last - 1].next = col;
		else
			cs->first = col;
		last = col;
		hint = col == 0 ? 0 : cs->col[col - 1].next;
		k++;
		v = tok_at(cs, k);
		if (json_plan_noise(cs->pk->plan, k)) {
			k += v->skip;
			continue;
		}
		enter(cs, col, row, k);
		if (v->type == JSON_OBJECT && depth < DEPTH_MAX && col != 0) {
			depth++;
			open[depth].col = col;
			open[depth].end = k + v->skip;
			k++;
		} else
			k += v->skip;
	}
}

static unsigned
type_of(const struct columns *cs, uint32_t t)
{
	unsigned type = tok_at(cs, t)->type;

	return type == JSON_TRUE ? JSON_FALSE : type;
}

static void
rank_types(struct columns *cs, const struct json_entry *e, uint32_t n)
{
	uint32_t count[JSON_OBJECT + 1] = { 0 }, i, few;
	unsigned type;

	few = json_few(cs->pk->n, RARE_TYPE);
	for (i = 0; i < n; i++)
		count[type_of(cs, e[i].t)]++;
	for (i = 0; i < n; i++) {
		type = type_of(cs, e[i].t);
		if (count[type] <= few && count[type] < n / 4)
			json_pick_rank(cs->pk, e[i].row, RANK_RARE,
			    count[type]);
	}
}

/* How often each value occurs, until there are too many different ones. */
static void
count_values(struct columns *cs, const struct json_entry *e, uint32_t n,
    uint32_t max, struct map *count, uint32_t *most)
{
	union map_val *v;
	uint32_t i;

	for (i = 0; i < n && count->len <= max; i++) {
		if (tok_at(cs, e[i].t)->type >= JSON_ARRAY)
			continue;
		v = map_put(count, json_text(cs->pk->plan->doc->text,
		    tok_at(cs, e[i].t)));
		if (v == NULL) {
			cs->nomem = true;
			return;
		}
		v->u++;
		*most = v->u > *most ? (uint32_t)v->u : *most;
	}
}

/* How often the value at t occurs if that is rare, else 0. */
static uint32_t
rarity(const struct columns *cs, const struct map *count, uint32_t t,
    uint32_t few)
{
	union map_val *v;

	if (tok_at(cs, t)->type >= JSON_ARRAY)
		return 0;
	v = map_get(count, json_text(cs->pk->plan->doc->text, tok_at(cs, t)));
	return v == NULL || v->u > few ? 0 : (uint32_t)v->u;
}

/*
 * Rare values, if the column has few different ones.  The exceptions of one
 * that is nearly constant are sharp, if they are few together.
 */
static void
rank_values(struct columns *cs, const struct json_entry *e, uint32_t n)
{
	uint32_t i, rare = 0, most = 0, max, times;
	uint32_t few = json_few(n, RARE_VALUE);
	enum rank rank = RANK_ODD;
	struct map count;

	max = json_few(n, RARE_PART);
	max = max > DISTINCT_MAX ? max : DISTINCT_MAX;
	map_init(&count, cs->index.seed);
	count_values(cs, e, n, max, &count, &most);
	if (count.len > 1 && count.len <= max && count.len <= n / 4) {
		for (i = 0; i < n; i++)
			rare += rarity(cs, &count, e[i].t, few) > 0;
		if (most >= MOST(n) && rare <= json_few(n, RARE_PART))
			rank = RANK_RARE;
		for (i = 0; i < n; i++) {
			times = rarity(cs, &count, e[i].t, few);
			if (times > 0)
				json_pick_rank(cs->pk, e[i].row, rank, times);
		}
	}
	map_release(&count);
}

/* Entries by column, each column's in the order of the records. */
static struct json_entry *
by_column(const struct columns *cs)
{
	struct json_entry *sorted;
	uint32_t c, sum = 0, *at;
	size_t i;

	sorted = malloc(cs->n * sizeof(*sorted));
	at = malloc(cs->ncols * sizeof(*at));
	if (sorted == NULL || at == NULL) {
		free(sorted);
		free(at);
		return NULL;
	}
	for (c = 0; c < cs->ncols; c++) {
		at[c] = sum;
		sum += cs->col[c].n;
	}
	for (i = 0; i < cs->n; i++)
		sorted[at[cs->e[i].col]++] = cs->e[i];
	free(at);
	return sorted;
}

void
json_column_rank(struct picker *pk)
{
	struct columns cs = { .pk = pk };
	struct json_entry *sorted = NULL, *e;
	uint32_t i;

	map_init(&cs.index, map_random_seed());
	cs.col = malloc(COLUMNS_MAX * sizeof(*cs.col));
	if (cs.col == NULL) {
		pk->nomem = true;
		return;
	}
	cs.e = mem_grow(NULL, &cs.cap, pk->n, sizeof(*cs.e), UINT32_MAX);
	for (i = 0; i < pk->n && !cs.nomem; i++)
		flatten(&cs, i, pk->at[i]);
	if (!cs.nomem && cs.ncols > 1)
		sorted = by_column(&cs);
	e = cs.ncols > 1 ? sorted : cs.e;
	for (i = 0; e != NULL && !cs.nomem && i < cs.ncols; i++) {
		rank_types(&cs, e, cs.col[i].n);
		rank_values(&cs, e, cs.col[i].n);
		json_number_rank(pk, e, cs.col[i].n);
		e += cs.col[i].n;
	}
	pk->nomem = pk->nomem || cs.nomem || (cs.n > 0 && e == NULL);
	free(sorted);
	free(cs.e);
	free(cs.col);
	map_release(&cs.index);
}
