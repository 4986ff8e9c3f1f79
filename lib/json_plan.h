/*
 * json_plan.h - how each value of a JSON text is best written
 *
 * Works on the tape of json.h and decides for every array of objects, and
 * every object of objects, whether it is shorter as a table: a header that
 * names the members once, constant ones with their value, nested objects as
 * groups of columns, then one line a record.  A value that stands in the text
 * already costs what it takes to say where.  Costs are tokens, estimated from
 * the bytes of texts and the punctuation around them: good enough to choose
 * by; what is let out in the end is counted exactly by the caller.
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
#include "json_node.h"
#include "map.h"
#include "shapes.h"

#define JSON_FLATTEN_MAX	6	/* groups within groups */
#define JSON_KINDS_MAX		12	/* of records in one table */
#define JSON_NEST_MAX		6	/* tables in cells of tables */
#define JSON_COLUMNS_MAX	256	/* members looked at in a record */
#define JSON_LEAVES_MAX		100	/* cells in a row, a key apart */
#define JSON_TOTAL_MAX		(4 * JSON_COLUMNS_MAX)	/* of one table */

#define JSON_REF_TOKENS		8	/* of what says where a value stands */

enum json_col_kind {
	JSON_COL_CELL,	/* a cell in each row */
	JSON_COL_CONST,	/* equal in all rows: stands in the header */
	JSON_COL_DEFAULT, /* in most: in the header, cells of these empty */
	JSON_COL_GROUP,	/* objects: their members are columns */
	JSON_COL_LEFT,	/* noise: left out */
	JSON_COL_KIND,	/* says which kind a record is: before its cells */
	JSON_COL_REST	/* rare: kept in the last cell with its name */
};

struct json_group;

struct json_col {
	struct span		 name;	/* the member's key, still escaped */
	enum json_col_kind	 kind;
	uint32_t		 first;	/* token of the first value seen, or of
					 * the one that stands in the header */
	uint32_t		 present;	/* records that have it */
	struct json_group	*group;	/* if kind is JSON_COL_GROUP */

	/* While deciding. */
	uint32_t		 row;	/* the one after the last to have it */
	bool			 same;	/* all values so far are equal */
	bool			 objects; /* and all are objects with members */
	bool			 last_most; /* `last' equals `most' */
	uint32_t		 last;	/* the value before */
	uint32_t		 most;	/* what most values may be equal to */
	uint32_t		 votes;	/* for it, less those against */
	uint32_t		 counted; /* values that cost and hits are of */
	uint32_t		 hits;	/* values that were seen to equal it */
	uint64_t		 hits_cost;
	uint64_t		 cost;	/* of the cells */
	uint64_t		 again;	/* of those equal to the one before */
	uint32_t		 noise;	/* values that are */
	uint32_t		*at;	/* its values, while all are objects */
	size_t			 atcap;
};

struct json_group {
	struct json_col	*col;
	uint32_t	 n;
	uint32_t	 leaves;	/* cells of a row */
	uint32_t	 below;	/* columns in its groups, on all levels */
	bool		 rest;		/* some members are JSON_COL_REST */
	bool		 strict;	/* members keep their order */
	uint64_t	 again;		/* tokens that "as above" saves */
	uint32_t	 left;		/* columns that are noise, with those
					 * of its groups */
	uint64_t	 left_cost;
	struct map	 index;		/* key to column number */
};

/* The records of a table in which one member has the same value. */
struct json_kind {
	uint32_t		value;	/* token of that */
	struct json_group	group;
};

struct json_table {
	struct json_group	 top;	/* of all records */
	uint32_t		 rows;
	bool			 keyed;	/* an object: first cell is the key */
	bool			 again;	/* cells equal to that above say so */
	uint64_t		 plain;	/* tokens if it were none */

	/* If records of different kinds have columns of their own: */
	struct json_kind	*kind;
	uint32_t		 kinds;	/* 0: they have not */
	struct span		 by;	/* the member that says which */
	uint8_t			*row_kind;
};

/* An array of objects that is no table, and what one would cost. */
struct json_refused {
	uint32_t	tok;
	uint64_t	tokens;
};

#define JSON_REFUSED_MAX	64	/* are remembered, to explain */

struct json_plan {
	const struct json_doc	*doc;
	const uint8_t		*what;	/* by shapes_mark(), or NULL */
	bool			 strict; /* in: members keep their order */
	struct json_nodes	 nodes;
	struct json_table	**table;
	size_t			 ntables, cap;
	/* Arrays that are no tables, the first in the text, in a ring. */
	struct json_refused	 refused[JSON_REFUSED_MAX];
	uint32_t		 nrefused;
	struct arena		 arena;
};

#define JSON_PLAN_INIT	{ .nodes = JSON_NODES_INIT, .arena = ARENA_INIT }

/*
 * Decide for the whole text.  what, if not NULL, says what is noise, a byte a
 * token (shapes.h): columns and members that are go where that pays for the
 * mark.  Both must stay as they are, but for what is noted in the document
 * (JSON_NOTED).  False: no memory.
 */
bool	json_plan_make(struct json_plan *p, const struct json_doc *doc,
	    const uint8_t *what) HR_MUST_USE;
void	json_plan_release(struct json_plan *p);

HR_INLINE const struct json_table *
json_plan_table(const struct json_plan *p, uint32_t t)
{
	const struct json_node *n = json_node(&p->nodes, t);

	return n == NULL || n->table == 0 ? NULL : p->table[n->table - 1];
}

/* Tokens that value t costs in the form chosen, about, where it stands. */
uint64_t json_plan_cost(const struct json_plan *p, uint32_t t);

/* The same if it were the first of its kind. */
uint64_t json_plan_whole(const struct json_plan *p, uint32_t t);

/* Tokens of a text that stands alone, about. */
uint64_t json_plan_text(struct span s);

/* What a pick noted for value t; 0 for what is no node. */
HR_INLINE uint32_t
json_plan_pick(const struct json_plan *p, uint32_t t)
{
	const struct json_node *n = json_node(&p->nodes, t);

	return n == NULL ? 0 : n->pick;
}

/* Note it; of what is no node nothing can be noted. */
HR_INLINE void
json_plan_set_pick(struct json_plan *p, uint32_t t, uint32_t pick)
{
	struct json_node *n = json_node(&p->nodes, t);

	if (n != NULL)
		n->pick = pick;
}

/* Whether a value is noise. */
HR_INLINE bool
json_plan_noise(const struct json_plan *p, uint32_t t)
{
	return p->what != NULL && (p->what[t] & SHAPE_DROP) != 0;
}

/* Whether two containers are equal. */
bool	json_plan_equal_containers(const struct json_plan *p, uint32_t a,
	    uint32_t b);

/* Whether two values are equal. */
HR_INLINE bool
json_plan_equal(const struct json_plan *p, uint32_t a, uint32_t b)
{
	const struct json_tok *x = &p->doc->tok[a], *y = &p->doc->tok[b];

	if (x->type != y->type || x->escaped != y->escaped)
		return false;
	return x->type >= JSON_ARRAY ? json_plan_equal_containers(p, a, b) :
	    json_same_text(p->doc->text, x, y);
}

#define JSON_AHEAD	4	/* columns that a member may be next to */

/* Number of the column of a member, g->n if there is none. */
uint32_t json_group_look_up(const struct json_group *g, struct span key);

/* The column of a member, or NULL; *hint is where to look first. */
HR_INLINE struct json_col *
json_group_find(const struct json_group *g, struct span key, uint32_t *hint)
{
	uint32_t i, end = *hint + JSON_AHEAD;

	/* Mostly members stand in one order, and some are not there. */
	for (i = *hint; i < g->n && i < end; i++)
		if (g->col[i].name.n == key.n &&
		    json_same_bytes(g->col[i].name.p, key.p, key.n))
			break;
	if (i == end || i >= g->n)
		i = json_group_look_up(g, key);
	if (i == g->n)
		return NULL;
	*hint = i + 1;
	return &g->col[i];
}

#endif
