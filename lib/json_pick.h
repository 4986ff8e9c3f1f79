/*
 * json_pick.h - what may be left out of a JSON text, and what must stay
 *
 * For every array (or object of objects) that is long, and every string that
 * is, decides which elements, or which lines, stay.  Of n alike elements about
 * special * sqrt(n) / 100 do: the first and the last few, and beyond these
 * what has a reason, the rarer the reason (its surprisal, log2(n / those it
 * holds for), summed over all reasons of an element) the sooner.  A reason
 * that holds for many is none.  What has a sharp reason stays beside them, up
 * to sharp * (sqrt(n) / 100 + n / 1300), each kind getting its part, as ordered
 * below.  Of more than 2000 elements no more stay than of 2000.
 *
 *	- what the query names: identifiers, numbers, addresses, quoted text,
 *	- records that report an error in a value; if they are many the first
 *	  of each wording (numbers and ids apart),
 *	- what shares rare words with the query: BM25 (json_query.c),
 *	- where a column of numbers moves to another level (json_pick_num.c),
 *	- numbers far from the others: modified z-score by median and MAD
 *	  (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993),
 *	- records of rare shape (other members than most) or with a value of
 *	  rare type (null where others have none), and the exceptions of
 *	  columns that are nearly constant.
 *
 * The rest is left out where that saves enough to pay for its mark.  All is a
 * pure function of the text and the options.
 */
#ifndef HR_JSON_PICK_H
#define HR_JSON_PICK_H

#include "compat.h"

#include "arena.h"
#include "json_plan.h"
#include "span.h"

/* What is counted, the most telling first. */
enum json_unit {
	JSON_ROWS,	/* records of an array, or of an object */
	JSON_ITEMS,	/* other elements of an array */
	JSON_LINES,	/* of a string */
	JSON_CHARACTERS,
	JSON_COLUMNS,	/* of a table */
	JSON_MEMBERS,	/* of an object */
	JSON_UNITS
};

/* Left out of one value: elements [from, to), or bytes of a string. */
struct json_gap {
	uint32_t	from, to;
	uint32_t	n;	/* units left out */
};

struct json_pick {
	const struct json_gap	*gap;	/* ascending, at least one */
	uint32_t		 ngaps;
	uint32_t		 total;	/* units in the value */
	uint32_t		 left;	/* units left out, over the gaps */
	enum json_unit		 unit;
};

struct json_picks {
	struct json_pick	*pick;	/* by json_node.pick - 1 */
	size_t			 n, cap;
	struct arena		 arena;
};

#define JSON_PICKS_INIT	{ .pick = NULL, .arena = ARENA_INIT }

/* What json_node.pick says inside of an element left out. */
#define JSON_PICK_SKIP	UINT32_MAX

/* How hard to pick. */
struct json_pick_opt {
	uint32_t	head, tail;	/* elements kept at either end */
	uint32_t	special;	/* of n stay special * sqrt(n) / 100 */
	uint32_t	sharp;		/* and so many with a sharp reason */
	uint32_t	least;		/* tokens; cheaper arrays stay whole */
	uint32_t	string;		/* bytes from which a string is long */
	uint32_t	cell;		/* the same in an array with gaps */
	struct span	query;
};

/*
 * The options of step i, from mild to hard, each some sixth less than the one
 * before; beyond the last they stay as they are.  Levels are steps too.
 */
#define JSON_PICK_STEPS		25
#define JSON_PICK_BALANCED	0
#define JSON_PICK_TIGHT		4

struct json_pick_opt json_pick_step(size_t i);

/*
 * Decide, and note each value's pick in plan->node[].pick.  What was noted
 * before is overwritten.  False: no memory.
 */
bool	json_pick_make(struct json_picks *ps, struct json_plan *plan,
	    const struct json_pick_opt *opt) HR_MUST_USE;
void	json_picks_release(struct json_picks *ps);

/* "row", "item", "line" or "character". */
const char *json_unit_name(enum json_unit u);

#endif
