/*
 * json_plan_impl.h - shared by the parts of json_plan, for nobody else
 */
#ifndef HR_JSON_PLAN_IMPL_H
#define HR_JSON_PLAN_IMPL_H

#include "compat.h"

#include "json_plan.h"

#define JSON_NO_TABLE	UINT64_MAX	/* what one costs that cannot be */

#define JSON_BATCH	64	/* records that are entered column by column */

struct planner {
	struct json_plan	*p;
	const struct json_tok	*tok;
	struct span		 text;
	uint64_t		 seed;
	bool			 strict;	/* members keep their order */
	bool			 all;		/* noise stays as well */
	bool			 nomem;

	/*
	 * Of some records the values, by column; JSON_NONE: it has none.  Not
	 * in order: members stood in another order than the columns.
	 */
	uint32_t		 moves;		/* of columns so far */
	bool			 ordered;
	uint32_t		 cell[JSON_COLUMNS_MAX][JSON_BATCH];
};

/*
 * The columns of n records, whose tokens are at[0] to at[n - 1], and what
 * they cost with all cells; JSON_NO_TABLE if they make no table.
 */
uint64_t json_plan_columns(struct planner *pl, struct json_group *g,
	    const uint32_t *at, uint32_t n);
void	 json_plan_columns_release(struct json_group *g);

/*
 * Whether the records of a table, which costs `cost', are shorter by kind,
 * and then which kinds there are; the new cost, or the same.
 */
uint64_t json_plan_kinds(struct planner *pl, struct json_table *t,
	    const uint32_t *at, uint64_t cost);
void	 json_plan_kinds_release(struct json_table *t);

#endif
