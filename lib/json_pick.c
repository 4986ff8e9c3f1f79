/*
 * json_pick - what stays of long arrays
 *
 * Each element gets a rank from the reasons found for it; those of the
 * highest ranks stay, then the gaps between them are taken where they pay.
 */
#include "compat.h"

#include <assert.h>
#include <stdlib.h>

#include "errword.h"
#include "hash.h"
#include "json_column.h"
#include "json_pick.h"
#include "json_pick_impl.h"
#include "mem.h"

#define GAP_TOKENS	30	/* a gap must leave out more than its mark */
#define RARE_PART	20	/* a shape of n/20 records or fewer is rare */
#define COMMON_PART	4	/* what n/4 show is nothing special */
#define SHAPES_MAX	4096	/* with more, to be another is nothing */
#define ERROR_NAME_MAX	24
#define NEST_MAX	6	/* long arrays within long arrays are picked */

static const struct json_tok *
tok_at(const struct picker *pk, uint32_t t)
{
	return &pk->plan->doc->tok[t];
}

const char *
json_unit_name(enum json_unit u)
{
	static const char *const name[] = { [JSON_ROWS] = "row",
	    [JSON_ITEMS] = "item", [JSON_LINES] = "line",
	    [JSON_CHARACTERS] = "character", [JSON_COLUMNS] = "column",
	    [JSON_MEMBERS] = "member" };

	assert(u < JSON_UNITS);
	return name[u];
}

void
json_pick_rank(struct picker *pk, uint32_t row, enum rank rank)
{
	if (pk->rank[row] < rank)
		pk->rank[row] = (uint8_t)rank;
}

static bool
is_blank_value(const struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);
	struct span s = json_text(pk->plan->doc->text, v);

	switch ((enum json_type)v->type) {
	case JSON_NULL:
	case JSON_FALSE:
		return true;
	case JSON_TRUE:
		return false;
	case JSON_NUMBER:
		return span_eq(s, SPAN_LIT("0"));
	case JSON_STRING:
		return s.n == 2;
	default:
		return v->count == 0;
	}
}

/* Whether a value in [t, end) says error; keys count with their value. */
static uint32_t
error_value(const struct picker *pk, uint32_t t)
{
	const struct json_tok *root = tok_at(pk, t), *v;
	uint32_t end = t + root->skip, k;
	struct span s;

	for (k = t; k < end; k++) {
		v = tok_at(pk, k);
		if (v->type != JSON_STRING)
			continue;
		s = json_body(pk->plan->doc->text, v);
		if (!errword_in(s))
			continue;
		if (!pk->is_key[k - pk->first])
			return k;
		if (s.n <= ERROR_NAME_MAX && !is_blank_value(pk, k + 1) &&
		    tok_at(pk, k + 1)->type == JSON_STRING)
			return k + 1;
	}
	return JSON_NONE;
}

/* Digits out: messages that differ only by numbers are one message. */
static uint64_t
message_shape(struct span s)
{
	uint64_t h = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			h = (h ^ (uint8_t)s.p[i]) *
			    UINT64_C(0x9E3779B97F4A7C15);
	return h;
}

static bool
seen_before(struct picker *pk, struct map *m, uint64_t h)
{
	uint64_t *copy;
	union map_val *v;
	struct span key = span_of((const char *)&h, sizeof(h));

	v = map_get(m, key);
	if (v != NULL)
		return true;
	copy = arena_alloc(&pk->scratch, sizeof(*copy));
	if (copy != NULL) {
		*copy = h;
		v = map_put(m, span_of((const char *)copy, sizeof(*copy)));
	}
	pk->nomem = pk->nomem || v == NULL;
	return false;
}

/* Error records: all of them, or if they are many the first of each kind. */
static void
rank_errors(struct picker *pk)
{
	uint32_t *hit, i, n = 0;
	struct map kinds;
	struct span s;

	hit = malloc(pk->n * sizeof(*hit));
	if (hit == NULL) {
		pk->nomem = true;
		return;
	}
	for (i = 0; i < pk->n; i++) {
		hit[i] = error_value(pk, pk->at[i]);
		n += hit[i] != JSON_NONE;
	}
	map_init(&kinds, map_random_seed());
	for (i = 0; i < pk->n; i++) {
		if (hit[i] == JSON_NONE)
			continue;
		s = json_text(pk->plan->doc->text, tok_at(pk, hit[i]));
		if (!seen_before(pk, &kinds, message_shape(s)))
			json_pick_rank(pk, i, RANK_ERROR);
		else if (n <= pk->n / COMMON_PART || n <= pk->opt->special / 2)
			json_pick_rank(pk, i, RANK_REPEATED);
	}
	map_release(&kinds);
	free(hit);
}

/* A record's members by name, in whatever order. */
static uint64_t
shape_of(const struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);
	uint64_t h = v->type;
	uint32_t m, k = t + 1;

	if (v->type != JSON_OBJECT)
		return h;
	for (m = v->count; m > 0; m--) {
		h += hash_xxh3(json_body(pk->plan->doc->text, tok_at(pk, k)),
		    1);
		k += 1 + tok_at(pk, k + 1)->skip;
	}
	return h;
}

static void
rank_shapes(struct picker *pk)
{
	uint64_t *shape;
	union map_val *v;
	struct map count;
	uint32_t i, few = pk->n / RARE_PART + 1, rare = 0;

	shape = malloc(pk->n * sizeof(*shape));
	if (shape == NULL) {
		pk->nomem = true;
		return;
	}
	map_init(&count, map_random_seed());
	for (i = 0; i < pk->n && count.len <= SHAPES_MAX; i++) {
		shape[i] = shape_of(pk, pk->at[i]);
		v = map_put(&count, span_of((const char *)&shape[i],
		    sizeof(*shape)));
		if (v != NULL)
			v->u++;
		else
			pk->nomem = true;
	}
	for (i = 0; i < pk->n && count.len <= SHAPES_MAX; i++) {
		v = map_get(&count, span_of((const char *)&shape[i],
		    sizeof(*shape)));
		/* Where every record is another, being so is nothing. */
		if (v != NULL && v->u <= few && rare < pk->n / COMMON_PART) {
			json_pick_rank(pk, i, RANK_RARE);
			rare++;
		}
	}
	map_release(&count);
	free(shape);
}

/* Let up to `room` elements of a rank stay; what is left of the room. */
static uint32_t
let_stay(struct picker *pk, enum rank rank, uint32_t room)
{
	uint32_t i;

	for (i = 0; i < pk->n && room > 0; i++)
		if (pk->rank[i] == rank && !pk->stays[i]) {
			pk->stays[i] = true;
			room--;
		}
	return room;
}

/*
 * Both ends stay, and of the ranked as many as may: from the highest rank
 * down each gets up to half of the room that is left, so that many of one
 * kind do not push out the few of another; then the rest is filled up.
 */
static void
choose(struct picker *pk)
{
	uint32_t i, half, room = pk->opt->special + pk->n / 8;
	enum rank rank;

	for (i = 0; i < pk->n; i++)
		if (i < pk->opt->head || i + pk->opt->tail >= pk->n)
			pk->stays[i] = true;
	for (rank = RANK_TOP; rank > RANK_NONE; rank--) {
		half = (room + 1) / 2;
		room = room - half + let_stay(pk, rank, half);
	}
	for (rank = RANK_TOP; rank > RANK_NONE; rank--)
		room = let_stay(pk, rank, room);
}

bool
json_pick_gap(struct picker *pk, uint32_t from, uint32_t to, uint32_t n)
{
	struct json_gap *g;

	g = mem_grow(pk->gap, &pk->gapcap, pk->ngaps + 1, sizeof(*g),
	    SIZE_MAX / sizeof(*g));
	if (g == NULL)
		return false;
	pk->gap = g;
	pk->gap[pk->ngaps++] = (struct json_gap){ from, to, n };
	pk->left += n;
	return true;
}

/* Note the gaps found for value t. */
static bool
add_pick(struct picker *pk, uint32_t t, uint32_t total, enum json_unit unit)
{
	struct json_picks *ps = pk->out;
	struct json_pick *p;
	struct json_gap *g;

	p = mem_grow(ps->pick, &ps->cap, ps->n + 1, sizeof(*p),
	    UINT32_MAX - 1);
	if (p == NULL)
		return false;
	ps->pick = p;
	g = arena_array(&ps->arena, pk->ngaps, sizeof(*g));
	if (g == NULL)
		return false;
	memcpy(g, pk->gap, pk->ngaps * sizeof(*g));
	ps->pick[ps->n++] = (struct json_pick){ .gap = g,
	    .ngaps = (uint32_t)pk->ngaps, .total = total, .left = pk->left,
	    .unit = unit };
	json_plan_set_pick(pk->plan, t, (uint32_t)ps->n);
	return true;
}

/* Runs of elements that do not stay, where they save more than the mark. */
static bool
find_gaps(struct picker *pk)
{
	uint32_t i = 0, from;
	uint64_t cost;

	pk->ngaps = 0;
	pk->left = 0;
	while (i < pk->n) {
		if (pk->stays[i]) {
			i++;
			continue;
		}
		from = i;
		for (cost = 0; i < pk->n && !pk->stays[i]; i++)
			cost += json_plan_cost(pk->plan, pk->at[i]) + 1;
		if (cost > GAP_TOKENS && !json_pick_gap(pk, from, i, i - from))
			return false;
	}
	return true;
}

/* What is inside elements left out needs no picking. */
static void
skip_gaps(struct picker *pk)
{
	size_t g;
	uint32_t i;

	for (g = 0; g < pk->ngaps; g++)
		for (i = pk->gap[g].from; i < pk->gap[g].to; i++)
			json_plan_set_pick(pk->plan, pk->at[i],
			    JSON_PICK_SKIP);
}

static void
mark_keys(struct picker *pk, uint32_t t)
{
	uint32_t end = t + tok_at(pk, t)->skip, k, m, c;

	memset(pk->is_key, 0, tok_at(pk, t)->skip);
	for (k = t; k < end; k++) {
		if (tok_at(pk, k)->type != JSON_OBJECT)
			continue;
		c = k + 1;
		for (m = tok_at(pk, k)->count; m > 0; m--) {
			pk->is_key[c - pk->first] = true;
			c += 1 + tok_at(pk, c + 1)->skip;
		}
	}
}

static bool
pick_elements(struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);
	bool keyed = v->type == JSON_OBJECT, ok = false;
	bool rows = keyed || tok_at(pk, t + 1)->type == JSON_OBJECT;
	uint32_t i, k = t + 1;

	pk->n = v->count;
	pk->first = t;
	pk->at = malloc(pk->n * sizeof(*pk->at));
	pk->rank = calloc(pk->n, 1);
	pk->stays = calloc(pk->n, 1);
	pk->is_key = malloc(v->skip);
	if (pk->at == NULL || pk->rank == NULL || pk->stays == NULL ||
	    pk->is_key == NULL)
		goto out;
	for (i = 0; i < pk->n; i++) {
		k += keyed;
		pk->at[i] = k;
		k += tok_at(pk, k)->skip;
	}
	mark_keys(pk, t);
	rank_errors(pk);
	free(pk->is_key);
	pk->is_key = NULL;
	if (rows)
		rank_shapes(pk);
	json_column_rank(pk);
	json_query_rank(pk);
	choose(pk);
	ok = !pk->nomem && find_gaps(pk);
	if (ok && pk->ngaps > 0) {
		ok = add_pick(pk, t, pk->n, rows ? JSON_ROWS : JSON_ITEMS);
		skip_gaps(pk);
	}
out:
	free(pk->at);
	free(pk->rank);
	free(pk->stays);
	free(pk->is_key);
	arena_reset(&pk->scratch);
	return ok;
}

static bool
pick_string(struct picker *pk, uint32_t t)
{
	enum json_unit unit;
	uint32_t total;

	pk->ngaps = 0;
	pk->left = 0;
	return json_string_gaps(pk, t, &total, &unit) &&
	    (pk->ngaps == 0 || add_pick(pk, t, total, unit));
}

/* Each is looked at with all that is in it, hence NEST_MAX. */
static bool
is_long(const struct picker *pk, uint32_t t, uint32_t from)
{
	const struct json_tok *v = tok_at(pk, t);

	return v->count >= from && (v->type == JSON_ARRAY ||
	    (v->type == JSON_OBJECT && json_plan_table(pk->plan, t) != NULL));
}

bool
json_pick_make(struct json_picks *ps, struct json_plan *plan,
    const struct json_pick_opt *opt)
{
	struct picker pk = { .plan = plan, .opt = opt, .out = ps,
	    .scratch = ARENA_INIT, .word = BUF_INIT };
	uint32_t t, long_from = opt->head + opt->tail + 4;
	uint32_t behind[NEST_MAX], nest = 0;	/* arrays picked around t */
	const struct json_tok *v;
	bool ok = true;

	ps->n = 0;
	arena_reset(&ps->arena);
	for (t = 0; t < plan->doc->ntok; t++)
		json_plan_set_pick(plan, t, 0);
	for (t = 0; t < plan->doc->ntok && ok; t++) {
		if (json_plan_pick(plan, t) == JSON_PICK_SKIP) {
			t += tok_at(&pk, t)->skip - 1;
			continue;
		}
		while (nest > 0 && t >= behind[nest - 1])
			nest--;
		v = tok_at(&pk, t);
		if (v->type == JSON_STRING && v->end - v->start > opt->string)
			ok = pick_string(&pk, t);
		else if (nest < NEST_MAX && is_long(&pk, t, long_from)) {
			ok = pick_elements(&pk, t);
			behind[nest++] = t + v->skip;
		}
	}
	free(pk.gap);
	arena_release(&pk.scratch);
	buf_release(&pk.word);
	return ok;
}

void
json_picks_release(struct json_picks *ps)
{
	free(ps->pick);
	arena_release(&ps->arena);
	*ps = (struct json_picks)JSON_PICKS_INIT;
}
