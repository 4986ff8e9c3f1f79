/*
 * json_pick - what stays of long arrays
 *
 * Each element gets a rank from the reasons found for it; those of the
 * highest ranks stay, then the gaps between them are taken where they pay.
 */
#include "compat.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "json_column.h"
#include "json_pick.h"
#include "json_pick_impl.h"
#include "mem.h"

#define GAP_TOKENS	30	/* a gap must leave out more than its mark */
#define NEST_MAX	6	/* long arrays within long arrays are picked */
#define MANY		12	/* fewer elements stay, unless they are heavy */
#define FEW		7	/* fewer stay however heavy they are */
#define HEAVY		120	/* tokens; a few such records are many */
#define NO_TAIL		20	/* a step that keeps but the first */
#define ROOM_ROWS	2000	/* more make no more room */
#define BIT		16	/* weights are in 1/16 bit */
#define WEIGHT_MAX	(UINT32_MAX / 2)

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

static uint32_t
less(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

struct json_pick_opt
json_pick_step(size_t i)
{
	/* Each fourth step halves. */
	static const uint32_t part[] = { 1000, 841, 707, 595 };
	uint32_t k = (uint32_t)(i < JSON_PICK_STEPS ? i : JSON_PICK_STEPS - 1);
	uint32_t of = part[k % 4], by = k / 4;

#define STEP(x, least)	((x) * of / 1000 >> by > (least) ?		\
	    (x) * of / 1000 >> by : (least))
	return (struct json_pick_opt){ .head = STEP(5, 1),
	    .tail = k < NO_TAIL ? STEP(3, 1) : 0, .special = STEP(115, 1),
	    .sharp = less(STEP(260, 1), 130),
	    .least = STEP(200, 40), .string = STEP(4000, 120),
	    .cell = STEP(600, 100) };
#undef STEP
}

void
json_pick_weigh(struct picker *pk, uint32_t row, enum rank rank,
    uint32_t weight)
{
	if (pk->rank[row] < rank)
		pk->rank[row] = (uint8_t)rank;
	if (weight < WEIGHT_MAX - pk->weight[row])
		pk->weight[row] += weight;
}

void
json_pick_rank(struct picker *pk, uint32_t row, enum rank rank, uint32_t few)
{
	json_pick_weigh(pk, row, rank, few == 0 || few >= pk->n ? 0 :
	    (uint32_t)(BIT * log2((double)pk->n / few)));
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * Let up to `room` elements of a rank stay, the most telling first, of equals
 * the first; what is left of the room.
 */
static uint32_t
let_stay(struct picker *pk, enum rank rank, uint32_t room)
{
	uint32_t i, k = 0;

	if (room == 0)
		return 0;
	for (i = 0; i < pk->n; i++)
		if (pk->rank[i] == rank && !pk->stays[i])
			pk->order[k++] = (uint64_t)(WEIGHT_MAX -
			    pk->weight[i]) << 32 | i;
	if (k > room)
		qsort(pk->order, k, sizeof(*pk->order), compare);
	for (i = 0; i < k && i < room; i++)
		pk->stays[(uint32_t)pk->order[i]] = true;
	return room - i;
}

/* per cent of the root of n, of which more than ROOM_ROWS make no more room. */
static uint32_t
part_of_root(uint32_t n, uint32_t per_cent)
{
	double x = round(per_cent * sqrt(less(n, ROOM_ROWS)) / 100);

	return x < 1 ? 1 : (uint32_t)x;
}

/*
 * Both ends stay, and those with a sharp reason, as many as may: what the
 * query names has a room of its own; of the other ranks from the highest down
 * each gets up to half of the room that is left, so that many of one kind do
 * not push out the few of another; then the rest is filled up.  What has some
 * other reason stays where this leaves fewer than usual.
 */
static void
choose(struct picker *pk)
{
	uint32_t n = part_of_root(pk->n, pk->opt->special), used = 0, room, i;
	uint32_t head = less(pk->opt->head, (n * 2 + 4) / 5);
	uint32_t tail = less(pk->opt->tail, (n + 3) / 4);
	enum rank rank;
	uint32_t half;

	for (i = 0; i < pk->n; i++)
		if (i < head || i + tail >= pk->n)
			pk->stays[i] = true;
	room = part_of_root(pk->n, pk->opt->sharp) +
	    less(pk->n, ROOM_ROWS) * pk->opt->sharp / 1300;
	let_stay(pk, RANK_NAMED, room);
	for (rank = RANK_NAMED - 1; rank >= RANK_SHARP; rank--) {
		half = (room + 1) / 2;
		room = room - half + let_stay(pk, rank, half);
	}
	for (rank = RANK_NAMED - 1; rank >= RANK_SHARP; rank--)
		room = let_stay(pk, rank, room);
	for (i = 0; i < pk->n; i++)
		used += pk->stays[i];
	room = used < n ? n - used : 0;
	for (rank = RANK_SHARP - 1; rank > RANK_NONE; rank--)
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

	for (k = t; k < end; k++) {
		if (tok_at(pk, k)->type != JSON_OBJECT)
			continue;
		c = k + 1;
		for (m = tok_at(pk, k)->count; m > 0; m--) {
			pk->key_bits[(c - t) / 64] |=
			    UINT64_C(1) << (c - t) % 64;
			c += 1 + tok_at(pk, c + 1)->skip;
		}
	}
}

/* Where the elements are; whether they are many enough to leave some out. */
static bool
find_elements(struct picker *pk, uint32_t t, bool keyed)
{
	uint64_t cost = 0;
	uint32_t i, k = t + 1;

	for (i = 0; i < pk->n; i++) {
		k += keyed;
		pk->at[i] = k;
		cost += json_plan_cost(pk->plan, k) + 1;
		k += tok_at(pk, k)->skip;
	}
	return cost >= pk->opt->least && (pk->n >= MANY || (!keyed &&
	    cost / pk->n >= HEAVY));
}

static void
rank_elements(struct picker *pk, uint32_t t, bool rows)
{
	mark_keys(pk, t);
	json_error_rank(pk);
	if (rows)
		json_shape_rank(pk);
	json_column_rank(pk);
	json_query_rank(pk);
	choose(pk);
}

/* Elements in which a shape says that nothing may be shortened. */
static void
let_kept_stay(struct picker *pk)
{
	const uint8_t *what = pk->plan->what;
	uint32_t i, k;

	for (i = 0; what != NULL && i < pk->n; i++)
		for (k = 0; k < tok_at(pk, pk->at[i])->skip; k++)
			if (what[pk->at[i] + k] & SHAPE_KEEP)
				pk->stays[i] = true;
}

static bool
pick_elements(struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);
	bool keyed = v->type == JSON_OBJECT, ok = false;
	bool rows = keyed || tok_at(pk, t + 1)->type == JSON_OBJECT;

	pk->n = v->count;
	pk->first = t;
	pk->ngaps = 0;
	pk->at = malloc(pk->n * sizeof(*pk->at));
	pk->rank = calloc(pk->n, 1);
	pk->weight = calloc(pk->n, sizeof(*pk->weight));
	pk->order = malloc(pk->n * sizeof(*pk->order));
	pk->stays = calloc(pk->n, 1);
	pk->key_bits = calloc(v->skip / 64 + 1, sizeof(*pk->key_bits));
	if (pk->at == NULL || pk->rank == NULL || pk->weight == NULL ||
	    pk->order == NULL || pk->stays == NULL || pk->key_bits == NULL)
		goto out;
	ok = true;
	if (find_elements(pk, t, keyed)) {
		rank_elements(pk, t, rows);
		let_kept_stay(pk);
		ok = !pk->nomem && find_gaps(pk);
	}
	if (ok && pk->ngaps > 0) {
		ok = add_pick(pk, t, pk->n, rows ? JSON_ROWS : JSON_ITEMS);
		skip_gaps(pk);
	}
out:
	free(pk->at);
	free(pk->rank);
	free(pk->weight);
	free(pk->order);
	free(pk->stays);
	free(pk->key_bits);
	arena_reset(&pk->scratch);
	return ok;
}

static bool
pick_string(struct picker *pk, uint32_t t, size_t limit)
{
	enum json_unit unit;
	uint32_t total;

	pk->ngaps = 0;
	pk->left = 0;
	return json_string_gaps(pk, t, limit, &total, &unit) &&
	    (pk->ngaps == 0 || add_pick(pk, t, total, unit));
}

/* Each is looked at with all that is in it, hence NEST_MAX. */
static bool
is_long(const struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);

	return v->count >= FEW && (v->type == JSON_ARRAY ||
	    (v->type == JSON_OBJECT && json_plan_table(pk->plan, t) != NULL));
}

/* The arrays around the value at hand that were looked at. */
struct around {
	uint32_t	end[NEST_MAX];	/* token behind each */
	uint32_t	gaps[NEST_MAX];	/* how many up to it have gaps */
	uint32_t	n;
};

static bool
pick_value(struct picker *pk, uint32_t t, struct around *a)
{
	const struct json_tok *v = tok_at(pk, t);
	uint32_t gaps;
	size_t limit;
	bool ok;

	while (a->n > 0 && t >= a->end[a->n - 1])
		a->n--;
	gaps = a->n > 0 ? a->gaps[a->n - 1] : 0;
	if (v->type == JSON_STRING) {
		limit = gaps > 0 ? pk->opt->cell : pk->opt->string;
		return v->end - v->start <= limit || pick_string(pk, t, limit);
	}
	if (a->n == NEST_MAX || !is_long(pk, t))
		return true;
	ok = pick_elements(pk, t);
	a->gaps[a->n] = gaps + (json_plan_pick(pk->plan, t) != 0);
	a->end[a->n++] = t + v->skip;
	return ok;
}

/* What is long is a node, and is looked at in the order of the text. */
static bool
pick_nodes(struct picker *pk)
{
	struct json_nodes *ns = &pk->plan->nodes;
	const uint8_t *what = pk->plan->what;
	struct around around = { .n = 0 };
	uint32_t i, t, behind = 0;

	for (i = 0; i < ns->n; i++)
		ns->node[i].pick = 0;
	for (i = 0; i < ns->n; i++) {
		t = ns->node[i].tok;
		if (t < behind)
			continue;
		if (ns->node[i].pick == JSON_PICK_SKIP ||
		    (what != NULL && (what[t] & SHAPE_KEEP)))
			behind = t + tok_at(pk, t)->skip;
		else if (!pick_value(pk, t, &around))
			return false;
	}
	return true;
}

bool
json_pick_make(struct json_picks *ps, struct json_plan *plan,
    const struct json_pick_opt *opt)
{
	struct picker pk = { .plan = plan, .opt = opt, .out = ps,
	    .scratch = ARENA_INIT, .word = BUF_INIT };
	bool ok;

	ps->n = 0;
	arena_reset(&ps->arena);
	json_query_read(&pk.query, opt->query);
	ok = pick_nodes(&pk);
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
