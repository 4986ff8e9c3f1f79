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
	struct json_values v;
};

struct columns {
	struct picker	*pk;
	struct column	*col;
	uint32_t	 ncols;
	uint32_t	 first;	/* the column seen first in a record, + 1 */
	uint32_t	 whole;	/* that of what is no object, + 1 */
	struct map	 index;
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

static bool
make_room(struct json_values *v)
{
	uint32_t *grown;

	if (v->n == v->cap) {
		grown = mem_grow(v->t, &v->cap, (size_t)v->n + 1,
		    sizeof(*grown), UINT32_MAX);
		if (grown == NULL)
			return false;
		v->t = grown;
	}
	if (v->row != NULL && v->n == v->rowcap) {
		grown = mem_grow(v->row, &v->rowcap, (size_t)v->n + 1,
		    sizeof(*grown), UINT32_MAX);
		if (grown == NULL)
			return false;
		v->row = grown;
	}
	return true;
}

/* The first record without a value: from now on rows are noted. */
static bool
note_rows(struct json_values *v)
{
	uint32_t i;

	v->row = mem_grow(NULL, &v->rowcap, (size_t)v->n + 1,
	    sizeof(*v->row), UINT32_MAX);
	for (i = 0; v->row != NULL && i < v->n; i++)
		v->row[i] = i;
	return v->row != NULL;
}

static void
enter(struct columns *cs, uint32_t col, uint32_t row, uint32_t t)
{
	struct json_values *v;

	if (col == 0)
		return;
	v = &cs->col[col - 1].v;
	if ((v->row == NULL && v->n != row && !note_rows(v)) ||
	    !make_room(v)) {
		cs->nomem = true;
		return;
	}
	if (v->row != NULL)
		v->row[v->n] = row;
	v->t[v->n++] = t;
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
rank_types(struct columns *cs, const struct json_values *v)
{
	uint32_t count[JSON_OBJECT + 1] = { 0 }, i, few, n = v->n;
	unsigned type;

	few = json_few(cs->pk->n, RARE_TYPE);
	for (i = 0; i < n; i++)
		count[type_of(cs, v->t[i])]++;
	for (i = 0; i < n; i++) {
		type = type_of(cs, v->t[i]);
		if (count[type] <= few && count[type] < n / 4)
			json_pick_rank(cs->pk, json_values_row(v, i), RANK_RARE,
			    count[type]);
	}
}

/*
 * The values of a column by number, from 1, and how often each occurs; those
 * of containers are 0.
 */
struct tally {
	struct map	 number;
	uint32_t	*of;	/* of each record's value */
	uint32_t	*times;	/* by number */
	uint32_t	 max;	/* numbers, at most */
	uint32_t	 most;	/* times, of the most common */
};

static bool
tally_begin(struct tally *y, const struct columns *cs,
    const struct json_values *v)
{
	uint32_t max = json_few(v->n, RARE_PART);

	y->max = max > DISTINCT_MAX ? max : DISTINCT_MAX;
	y->most = 0;
	map_init(&y->number, cs->index.seed);
	y->of = malloc(((size_t)v->n + 1) * sizeof(*y->of));
	y->times = calloc((size_t)y->max + 2, sizeof(*y->times));
	return y->of != NULL && y->times != NULL;
}

static void
tally_end(struct tally *y)
{
	map_release(&y->number);
	free(y->of);
	free(y->times);
}

/* Count the values; false: too many are different, or there is no memory. */
static bool
count_values(struct columns *cs, const struct json_values *v, struct tally *y)
{
	struct span text = cs->pk->plan->doc->text, s, last = { NULL, 0 };
	uint32_t i, k = 0;
	union map_val *u;

	for (i = 0; i < v->n; i++) {
		y->of[i] = 0;
		if (tok_at(cs, v->t[i])->type >= JSON_ARRAY)
			continue;
		s = json_text(text, tok_at(cs, v->t[i]));
		if (last.p == NULL || !span_eq(s, last)) {
			u = map_put(&y->number, s);
			if (u == NULL) {
				cs->nomem = true;
				return false;
			}
			if (u->u == 0)
				u->u = y->number.len;
			if (u->u > y->max)
				return false;
			k = (uint32_t)u->u;
			last = s;
		}
		y->of[i] = k;
		if (++y->times[k] > y->most)
			y->most = y->times[k];
	}
	return y->number.len > 1 && y->number.len <= v->n / 4;
}

/*
 * Rare values, if the column has few different ones.  The exceptions of one
 * that is nearly constant are sharp, if they are few together.
 */
static void
rank_values(struct columns *cs, const struct json_values *v)
{
	uint32_t i, n = v->n, rare = 0, times, few = json_few(n, RARE_VALUE);
	enum rank rank = RANK_ODD;
	struct tally y;

	if (!tally_begin(&y, cs, v))
		cs->nomem = true;
	else if (count_values(cs, v, &y)) {
		for (i = 1; i <= y.number.len; i++)
			rare += y.times[i] <= few ? y.times[i] : 0;
		if (y.most >= MOST(n) && rare <= json_few(n, RARE_PART))
			rank = RANK_RARE;
		for (i = 0; i < n && rare > 0; i++) {
			times = y.of[i] == 0 ? 0 : y.times[y.of[i]];
			if (times > 0 && times <= few)
				json_pick_rank(cs->pk, json_values_row(v, i),
				    rank, times);
		}
	}
	tally_end(&y);
}

void
json_column_rank(struct picker *pk)
{
	struct columns cs = { .pk = pk };
	struct column *c;
	uint32_t i;

	map_init(&cs.index, map_random_seed());
	cs.col = malloc(COLUMNS_MAX * sizeof(*cs.col));
	if (cs.col == NULL) {
		pk->nomem = true;
		return;
	}
	for (i = 0; i < pk->n && !cs.nomem; i++)
		flatten(&cs, i, pk->at[i]);
	for (c = cs.col; c < cs.col + cs.ncols; c++) {
		if (!cs.nomem) {
			rank_types(&cs, &c->v);
			rank_values(&cs, &c->v);
			json_number_rank(pk, &c->v);
		}
		free(c->v.t);
		free(c->v.row);
	}
	pk->nomem = pk->nomem || cs.nomem;
	free(cs.col);
	map_release(&cs.index);
}
