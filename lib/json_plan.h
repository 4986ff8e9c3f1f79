/*
 * json_plan.h - how each value of a JSON text is best written
 *
 * Works on the tape of json.h and decides for every array of objects, and
 * every object of objects, whether it is shorter as a table: a header that
 * names the members once, constant ones with their value, nested objects as
 * groups of columns, then one line a record.  Costs are tokens, estimated
 * from the bytes of texts and the punctuation around them: good enough to
 * choose by; what is let out in the end is counted exactly by the caller.
 *
 * Time is linear in the text: values are looked at from the last to the
 * first, so that what is inside is decided before what is around it, and
 * nested objects are flattened at most JSON_FLATTEN_MAX deep.
 */
#ifndef HR_JSON_PLAN_H
#define HR_JSON_PLAN_H

#include "compat.h"

#include "arena.h"
#include "json.h"
#include "map.h"

#define JSON_FLATTEN_MAX	6	/* groups within groups */
#define JSON_NEST_MAX		6	/* tables in cells of tables */
#define JSON_COLUMNS_MAX	256	/* members looked at in a record */
#define JSON_LEAVES_MAX		100	/* cells in a row, a key apart */
#define JSON_TOTAL_MAX		(4 * JSON_COLUMNS_MAX)	/* of one table */

#define JSON_NONE		UINT32_MAX	/* no such token */

enum json_col_kind {
	JSON_COL_CELL,	/* a cell in each row */
	JSON_COL_CONST,	/* equal in all rows: stands in the header */
	JSON_COL_GROUP,	/* objects: their members are columns */
	JSON_COL_REST	/* rare: kept in the last cell with its name */
};

struct json_group;

struct json_col {
	struct span		 name;	/* the member's key, still escaped */
	enum json_col_kind	 kind;
	uint32_t		 first;	/* token of the first value seen */
	uint32_t		 present;	/* records that have it */
	struct json_group	*group;	/* if kind is JSON_COL_GROUP */

	/* While deciding. */
	uint32_t		 row;	/* the last record that had it */
	bool			 same;	/* all values so far are equal */
	bool			 objects; /* and all are objects with members */
	uint64_t		 cost;	/* of the cells */
	uint32_t		*at;	/* its values, if all are objects */
};

struct json_group {
	struct json_col	*col;
	uint32_t	 n;
	uint32_t	 leaves;	/* cells of a row */
	uint32_t	 below;	/* columns in its groups, on all levels */
	bool		 rest;		/* some members are JSON_COL_REST */
	struct map	 index;		/* key to column number */
};

struct json_table {
	struct json_group	 top;
	uint32_t		 rows;
	bool			 keyed;	/* an object: first cell is the key */
};

struct json_node {
	uint32_t	cost;		/* tokens in the form chosen */
	uint32_t	table : 28;	/* number + 1, 0: not a table */
	uint32_t	nest : 4;	/* tables around tables in here */
	uint32_t	pick;		/* json_pick.h; number + 1 or 0 */
};

struct json_plan {
	const struct json_doc	*doc;
	struct json_node	*node;	/* one a token */
	struct json_table	**table;
	size_t			 ntables, cap;
	struct arena		 arena;
};

#define JSON_PLAN_INIT	{ .node = NULL, .arena = ARENA_INIT }

/* Decide for the whole text.  False: no memory. */
bool	json_plan_make(struct json_plan *p, const struct json_doc *doc)
	    HR_MUST_USE;
void	json_plan_release(struct json_plan *p);

HR_INLINE const struct json_table *
json_plan_table(const struct json_plan *p, uint32_t t)
{
	return p->node[t].table == 0 ? NULL :
	    p->table[p->node[t].table - 1];
}

/* Tokens that value t costs in the form chosen, about. */
HR_INLINE uint64_t
json_plan_cost(const struct json_plan *p, uint32_t t)
{
	return p->node[t].cost;
}

/* What a pick noted for value t; only json_pick and json_render know it. */
HR_INLINE uint32_t *
json_plan_pick(const struct json_plan *p, uint32_t t)
{
	return &p->node[t].pick;
}

/* The column of a member, or NULL; *hint is where to look first. */
const struct json_col *json_group_find(const struct json_group *g,
	    struct span key, uint32_t *hint);

#endif
