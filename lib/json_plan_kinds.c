/*
 * json_plan_kinds - records of several shapes in one array
 *
 * Where a member says of which kind a record is, events and their type for
 * example, and records of different kinds have other members, a table with
 * all members as columns is mostly holes.  Then each kind has columns of its
 * own, and a row begins with its kind.
 */
#include "compat.h"

#include <stdlib.h>

#include "cell.h"
#include "json_plan_impl.h"
#include "json_tool.h"

#define CANDIDATES	3	/* members that are tried */
#define ROWS_MIN	6
#define KIND_WORDS	3	/* "name{", "},", and what repeats */

/* Whether enough members are in some records and not in others. */
static bool
is_ragged(const struct json_table *t)
{
	const struct json_col *c;
	uint32_t holes = 0;

	for (c = t->top.col; c < t->top.col + t->top.n; c++)
		holes += c->present < t->rows - t->rows / 10;
	return holes >= 2 && t->rows >= ROWS_MIN;
}

/* The value of a member in a record, or JSON_NONE. */
static uint32_t
value_of(const struct planner *pl, uint32_t record, struct span name)
{
	uint32_t m, k = record + 1;

	for (m = pl->tok[record].count; m > 0; m--) {
		if (span_eq(json_body(pl->text, &pl->tok[k]), name))
			return k + 1;
		k += 1 + pl->tok[k + 1].skip;
	}
	return JSON_NONE;
}

/* A string that can be the name of a kind. */
static bool
names_kind(const struct planner *pl, uint32_t v)
{
	struct span s = json_body(pl->text, &pl->tok[v]);

	return pl->tok[v].type == JSON_STRING && !pl->tok[v].escaped &&
	    cell_bare_name(s) && cell_bare(s);
}

/* Sort the records by what they say in a member; false: it names no kinds. */
static bool
find_kinds(struct planner *pl, struct json_table *t, const uint32_t *at)
{
	uint32_t r, i, v;

	t->kinds = 0;
	for (r = 0; r < t->rows; r++) {
		v = value_of(pl, at[r], t->by);
		if (v == JSON_NONE || !names_kind(pl, v))
			return false;
		for (i = 0; i < t->kinds && !json_plan_equal(pl->p,
		    t->kind[i].value, v); i++)
			;
		if (i == JSON_KINDS_MAX)
			return false;
		if (i == t->kinds)
			t->kind[t->kinds++] = (struct json_kind){ .value = v };
		t->row_kind[r] = (uint8_t)i;
	}
	return t->kinds > 1;
}

/* The columns of one kind; what its rows and its part of the header cost. */
static uint64_t
columns_of(struct planner *pl, struct json_table *t, uint32_t i,
    const uint32_t *at, uint32_t *some)
{
	struct json_group *g = &t->kind[i].group;
	struct json_col *c;
	uint32_t r, n = 0, hint = 0;
	uint64_t cost;

	for (r = 0; r < t->rows; r++)
		if (t->row_kind[r] == i)
			some[n++] = at[r];
	cost = json_plan_columns(pl, g, some, n);
	if (cost == JSON_NO_TABLE || g->strict ||
	    g->leaves > JSON_LEAVES_MAX)
		return JSON_NO_TABLE;
	/* Its kind is said already. */
	c = json_group_find(g, t->by, &hint);
	if (c->kind == JSON_COL_CONST)
		cost -= json_plan_text(c->name);
	else
		g->leaves--;
	c->kind = JSON_COL_KIND;
	return cost + KIND_WORDS;
}

/* All kinds by the member t->by; JSON_NO_TABLE. */
static uint64_t
kinds_cost(struct planner *pl, struct json_table *t, const uint32_t *at,
    uint32_t *some)
{
	uint64_t sum = json_plan_text(t->by) + 2 + (uint64_t)t->rows * 2, cost;
	uint32_t i, columns = 0;

	if (!find_kinds(pl, t, at))
		return JSON_NO_TABLE;
	for (i = 0; i < t->kinds; i++) {
		cost = columns_of(pl, t, i, at, some);
		if (cost == JSON_NO_TABLE)
			return cost;
		sum += cost;
		columns += 1 + t->kind[i].group.n + t->kind[i].group.below;
	}
	return columns > JSON_TOTAL_MAX ? JSON_NO_TABLE : sum;
}

void
json_plan_kinds_release(struct json_table *t)
{
	uint32_t i;

	for (i = 0; i < t->kinds; i++)
		json_plan_columns_release(&t->kind[i].group);
	t->kinds = 0;
}

/* A member that is in all records and mostly the same in some others. */
static bool
is_candidate(const struct planner *pl, const struct json_table *t,
    const struct json_col *c)
{
	return c->present == t->rows && c->kind != JSON_COL_CONST &&
	    c->kind != JSON_COL_GROUP && c->kind != JSON_COL_LEFT &&
	    names_kind(pl, c->first);
}

static bool
make_room(struct planner *pl, struct json_table *t)
{
	t->kind = arena_array(&pl->p->arena, JSON_KINDS_MAX,
	    sizeof(*t->kind));
	t->row_kind = arena_array(&pl->p->arena, t->rows,
	    sizeof(*t->row_kind));
	return t->kind != NULL && t->row_kind != NULL;
}

uint64_t
json_plan_kinds(struct planner *pl, struct json_table *t, const uint32_t *at,
    uint64_t cost)
{
	const struct json_col *c, *end = t->top.col + t->top.n;
	uint32_t *some, tried = 0;
	uint64_t sum;

	/* What is noise is said of all records or of none. */
	if (t->keyed || pl->strict || t->top.left > 0 || !is_ragged(t) ||
	    !make_room(pl, t))
		return cost;
	pl->all = true;
	some = malloc(t->rows * sizeof(*some));
	for (c = t->top.col; some != NULL && c < end &&
	    tried < CANDIDATES; c++) {
		if (!is_candidate(pl, t, c))
			continue;
		tried++;
		t->by = c->name;
		sum = kinds_cost(pl, t, at, some);
		if (sum < cost - cost / 20) {
			t->again = false;
			cost = sum;
			break;
		}
		json_plan_kinds_release(t);
	}
	free(some);
	pl->all = false;
	return cost;
}
