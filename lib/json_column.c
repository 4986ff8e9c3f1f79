/*
 * json_column - rare types, rare values, far numbers
 */
#include "compat.h"

#include <math.h>
#include <stdlib.h>

#include "json_column.h"
#include "json_pick_impl.h"
#include "map.h"
#include "mem.h"

#define COLUMNS_MAX	1024	/* further ones are not looked at */
#define DEPTH_MAX	4	/* nested objects entered */
#define KEY_LEN		256	/* members of longer names are not looked at */
#define NUMBERS_MIN	8	/* fewer have no median worth the name */
#define DISTINCT_MAX	24	/* a column of few values has at most these */
#define RARE_VALUE	50	/* a value of n/50 records or fewer is rare */
#define RARE_TYPE	10
#define FAR_PART	20	/* at most n/20 of a column are far */

/* Modified z-score: 0.6745 |x - median| / MAD > 3.5. */
#define FAR_SCORE	(3.5 / 0.6745)

struct entry {
	uint32_t	col, row, t;
};

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
	struct entry	*e;
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
	struct entry *e;

	if (col == 0)
		return;
	e = mem_grow(cs->e, &cs->cap, cs->n + 1, sizeof(*e),
	    SIZE_MAX / sizeof(*e));
	if (e == NULL) {
		cs->nomem = true;
		return;
	}
	cs->e = e;
	cs->e[cs->n++] = (struct entry){ col - 1, row, t };
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

static void
rank_types(struct columns *cs, const struct entry *e, uint32_t n)
{
	uint32_t count[JSON_OBJECT + 1] = { 0 }, i, few;
	unsigned type;

	few = cs->pk->n / RARE_TYPE > 1 ? cs->pk->n / RARE_TYPE : 1;
	for (i = 0; i < n; i++) {
		type = tok_at(cs, e[i].t)->type;
		count[type == JSON_TRUE ? JSON_FALSE : type]++;
	}
	for (i = 0; i < n; i++) {
		type = tok_at(cs, e[i].t)->type;
		type = type == JSON_TRUE ? JSON_FALSE : type;
		if (count[type] <= few && count[type] < n / 4)
			json_pick_rank(cs->pk, e[i].row, RANK_RARE);
	}
}

/* Rare values, if the column has few different ones. */
static void
rank_values(struct columns *cs, const struct entry *e, uint32_t n)
{
	struct span text = cs->pk->plan->doc->text;
	union map_val *v;
	struct map count;
	uint32_t i, few = n / RARE_VALUE + 1;

	map_init(&count, cs->index.seed);
	for (i = 0; i < n && count.len <= DISTINCT_MAX; i++) {
		if (tok_at(cs, e[i].t)->type >= JSON_ARRAY)
			continue;
		v = map_put(&count, json_text(text, tok_at(cs, e[i].t)));
		if (v != NULL)
			v->u++;
		else
			cs->nomem = true;
	}
	if (count.len <= DISTINCT_MAX && count.len > 1 && count.len <= n / 4)
		for (i = 0; i < n; i++) {
			v = map_get(&count,
			    json_text(text, tok_at(cs, e[i].t)));
			if (v != NULL && v->u <= few)
				json_pick_rank(cs->pk, e[i].row, RANK_RARE);
		}
	map_release(&count);
}

static bool
number(const struct columns *cs, uint32_t t, double *x)
{
	return tok_at(cs, t)->type == JSON_NUMBER &&
	    json_number(json_text(cs->pk->plan->doc->text, tok_at(cs, t)), x);
}

/* Doubles as integers of the same order. */
static uint64_t
ordered(double x)
{
	uint64_t u;

	memcpy(&u, &x, sizeof(u));
	return u >> 63 ? ~u : u | UINT64_C(1) << 63;
}

static double
unordered(uint64_t u)
{
	double x;

	u = u >> 63 ? u & ~(UINT64_C(1) << 63) : ~u;
	memcpy(&x, &u, sizeof(x));
	return x;
}

/*
 * The k-th smallest, byte by byte from the top: linear whatever the numbers
 * are.  The keys are moved about.
 */
static double
kth(uint64_t *key, uint32_t n, uint32_t k)
{
	uint32_t count[256], i, kept;
	unsigned b;
	int shift;

	for (shift = 56; shift >= 0; shift -= 8) {
		memset(count, 0, sizeof(count));
		for (i = 0; i < n; i++)
			count[key[i] >> shift & 0xFF]++;
		for (b = 0; k >= count[b]; b++)
			k -= count[b];
		for (i = kept = 0; i < n; i++)
			if ((key[i] >> shift & 0xFF) == b)
				key[kept++] = key[i];
		n = kept;
	}
	return unordered(key[0]);
}

struct far {
	double		off;	/* distance from the median */
	uint32_t	row;
};

static int
farthest(const void *a, const void *b)
{
	const struct far *x = a, *y = b;

	if (x->off != y->off)
		return x->off < y->off ? 1 : -1;
	return (x->row > y->row) - (x->row < y->row);
}

/* Keys of the numbers' distances from x, or with NAN of themselves. */
static uint32_t
keys(const struct columns *cs, const struct entry *e, uint32_t n, double x,
    uint64_t *key)
{
	uint32_t i, k = 0;
	double v;

	for (i = 0; i < n; i++)
		if (number(cs, e[i].t, &v))
			key[k++] = ordered(isnan(x) ? v : fabs(v - x));
	return k;
}

/* Those farther from the median than least; how many. */
static uint32_t
find_far(struct columns *cs, const struct entry *e, uint32_t n,
    double median, double least, struct far **far)
{
	struct far *grown;
	size_t cap = 0;
	uint32_t i, k = 0;
	double x;

	*far = NULL;
	for (i = 0; i < n; i++) {
		if (!number(cs, e[i].t, &x) || fabs(x - median) <= least)
			continue;
		grown = mem_grow(*far, &cap, k + 1, sizeof(**far),
		    UINT32_MAX);
		if (grown == NULL) {
			cs->nomem = true;
			break;
		}
		*far = grown;
		(*far)[k++] = (struct far){ fabs(x - median), e[i].row };
	}
	if (k > 0)
		qsort(*far, k, sizeof(**far), farthest);
	return k;
}

static void
rank_numbers(struct columns *cs, const struct entry *e, uint32_t n)
{
	uint32_t i, k, nfar;
	double median, least;
	uint64_t *key;
	struct far *far;

	if (n < NUMBERS_MIN)
		return;
	key = malloc(n * sizeof(*key));
	if (key == NULL) {
		cs->nomem = true;
		return;
	}
	k = keys(cs, e, n, NAN, key);
	if (k >= NUMBERS_MIN) {
		median = kth(key, k, k / 2);
		keys(cs, e, n, median, key);
		least = FAR_SCORE * kth(key, k, k / 2);
		nfar = find_far(cs, e, n, median, least, &far);
		for (i = 0; i < nfar && i <= k / FAR_PART; i++)
			json_pick_rank(cs->pk, far[i].row,
			    i == 0 ? RANK_FARTHEST : RANK_FAR);
		free(far);
	}
	free(key);
}

/* Entries by column, each column's in the order of the records. */
static struct entry *
by_column(const struct columns *cs)
{
	struct entry *sorted;
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
	struct entry *sorted = NULL, *e;
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
		rank_numbers(&cs, e, cs.col[i].n);
		e += cs.col[i].n;
	}
	pk->nomem = pk->nomem || cs.nomem || (cs.n > 0 && e == NULL);
	free(sorted);
	free(cs.e);
	free(cs.col);
	map_release(&cs.index);
}
