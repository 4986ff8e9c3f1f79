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
#define NUMBERS_MIN	8	/* fewer have no median worth the name */
#define NUMBER_LEN	40	/* longer spellings are not compared */
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

/* Column of this key below parent, + 1; 0 if there is no room for it. */
static uint32_t
lookup(struct columns *cs, uint32_t parent, struct span key, uint32_t *hint)
{
	struct column *c = *hint == 0 ? NULL : &cs->col[*hint - 1];
	union map_val *v;
	char *id;

	if (c != NULL && c->parent == parent && span_eq(c->key, key))
		return *hint;
	id = arena_alloc(&cs->pk->scratch, sizeof(parent) + key.n);
	if (id == NULL) {
		cs->nomem = true;
		return 0;
	}
	memcpy(id, &parent, sizeof(parent));
	memcpy(id + sizeof(parent), key.p, key.n);
	v = map_put(&cs->index, span_of(id, sizeof(parent) + key.n));
	if (v == NULL) {
		cs->nomem = true;
		return 0;
	}
	if (v->u == 0 && cs->ncols < COLUMNS_MAX) {
		cs->col[cs->ncols++] = (struct column){ .parent = parent,
		    .key = key };
		v->u = cs->ncols;
	}
	return *hint = (uint32_t)v->u;
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
		enter(cs, lookup(cs, 0, SPAN_LIT(""), &hint), row, t);
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
	struct span s = json_text(cs->pk->plan->doc->text, tok_at(cs, t));
	char z[NUMBER_LEN + 1];

	if (tok_at(cs, t)->type != JSON_NUMBER || s.n > NUMBER_LEN)
		return false;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	*x = strtod(z, NULL);
	return isfinite(*x);
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

/* The numbers of a column and who has them; how many there are. */
static uint32_t
numbers(const struct columns *cs, const struct entry *e, uint32_t n,
    struct far *far)
{
	uint32_t i, k = 0;

	for (i = 0; i < n; i++)
		if (number(cs, e[i].t, &far[k].off))
			far[k++].row = e[i].row;
	return k;
}

static void
rank_numbers(struct columns *cs, const struct entry *e, uint32_t n)
{
	uint32_t i, k, candidates = 0;
	double median, least;
	uint64_t *key;
	struct far *far;

	if (n < NUMBERS_MIN)
		return;
	key = malloc(n * sizeof(*key));
	far = malloc(n * sizeof(*far));
	cs->nomem = cs->nomem || key == NULL || far == NULL;
	k = cs->nomem ? 0 : numbers(cs, e, n, far);
	if (k < NUMBERS_MIN)
		goto out;
	for (i = 0; i < k; i++)
		key[i] = ordered(far[i].off);
	median = kth(key, k, k / 2);
	for (i = 0; i < k; i++) {
		far[i].off = fabs(far[i].off - median);
		key[i] = ordered(far[i].off);
	}
	least = FAR_SCORE * kth(key, k, k / 2);
	for (i = 0; i < k; i++)
		if (far[i].off > least)
			far[candidates++] = far[i];
	qsort(far, candidates, sizeof(*far), farthest);
	for (i = 0; i < candidates && i <= k / FAR_PART; i++)
		json_pick_rank(cs->pk, far[i].row,
		    i == 0 ? RANK_FARTHEST : RANK_FAR);
out:
	free(key);
	free(far);
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
