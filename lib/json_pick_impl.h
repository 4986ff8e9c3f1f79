/*
 * json_pick_impl.h - shared by the parts of json_pick, for nobody else
 */
#ifndef HR_JSON_PICK_IMPL_H
#define HR_JSON_PICK_IMPL_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "json_pick.h"

/* Why an element stays, least to most. */
enum rank {
	RANK_NONE,
	RANK_REPEATED,	/* an error like one before */
	RANK_RARE,	/* shape, type or value */
	RANK_FAR,	/* a number far from the others */
	RANK_FARTHEST,	/* the one of its column that is farthest */
	RANK_QUERY,
	RANK_ERROR,
	RANK_TOP = RANK_ERROR
};

struct picker {
	struct json_plan		*plan;
	const struct json_pick_opt	*opt;
	struct json_picks		*out;
	struct arena			 scratch;	/* for one value */
	struct buf			 word;

	/* The value at hand. */
	uint32_t	*at;	/* its elements' tokens */
	uint32_t	 n;
	uint32_t	 first;	/* its own token */
	uint8_t		*rank;	/* enum rank, one an element */
	uint8_t		*stays;
	uint8_t		*is_key; /* one a token from first on */

	struct json_gap	*gap;
	size_t		 ngaps, gapcap;
	uint32_t	 left;
	bool		 nomem;	/* a reason to stay may have been missed */
};

/* Raise the rank of an element. */
void	json_pick_rank(struct picker *pk, uint32_t row, enum rank rank);

/* Add a gap to the value at hand; false: no memory. */
bool	json_pick_gap(struct picker *pk, uint32_t from, uint32_t to,
	    uint32_t n) HR_MUST_USE;

/* Rank by what the query names (json_query.c). */
void	json_query_rank(struct picker *pk);

/* Gaps in the long string t (json_longstr.c); false: no memory. */
bool	json_string_gaps(struct picker *pk, uint32_t t, uint32_t *total,
	    enum json_unit *unit) HR_MUST_USE;

#endif
