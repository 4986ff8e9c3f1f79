/*
 * json_pick_impl.h - shared by the parts of json_pick, for nobody else
 */
#ifndef HR_JSON_PICK_IMPL_H
#define HR_JSON_PICK_IMPL_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "json_pick.h"
#include "json_query.h"

/* Why an element stays, least to most. */
enum rank {
	RANK_NONE,
	RANK_REPEATED,	/* an error like one before */
	RANK_ODD,	/* a reason that holds for many, or by chance */

	/* From here on reasons are sharp. */
	RANK_RARE,	/* shape, type or value */
	RANK_FAR,	/* a number far from the others */
	RANK_CHANGE,	/* beside a change of level */
	RANK_QUERY,	/* shares rare words with the query */
	RANK_ERROR,	/* the first error of its kind */
	RANK_NAMED,	/* named by the query */
	RANK_SHARP = RANK_RARE,
	RANK_TOP = RANK_NAMED
};

struct picker {
	struct json_plan		*plan;
	const struct json_pick_opt	*opt;
	struct json_picks		*out;
	struct json_query		 query;
	struct arena			 scratch;	/* for one value */
	struct buf			 word;

	/* The value at hand. */
	uint32_t	*at;	/* its elements' tokens */
	uint32_t	 n;
	uint32_t	 first;	/* its own token */
	uint8_t		*rank;	/* enum rank, one an element */
	uint32_t	*weight; /* how telling its reasons are, together */
	uint64_t	*order;	/* elements being sorted */
	uint8_t		*stays;
	uint64_t	*key_bits; /* one a token from first on: is it a key */

	struct json_gap	*gap;
	size_t		 ngaps, gapcap;
	uint32_t	 left;
	bool		 nomem;	/* a reason to stay may have been missed */
};

/* Whether token t of the value at hand is a member's name. */
HR_INLINE bool
json_pick_is_key(const struct picker *pk, uint32_t t)
{
	t -= pk->first;
	return pk->key_bits[t / 64] >> t % 64 & 1;
}

/*
 * The values of a column, in the order of the records.  row is NULL while each
 * record has had one.
 */
struct json_values {
	uint32_t	*t, *row;
	uint32_t	 n;
	size_t		 cap, rowcap;
};

/* The record of value i. */
HR_INLINE uint32_t
json_values_row(const struct json_values *v, uint32_t i)
{
	return v->row == NULL ? i : v->row[i];
}

/*
 * A reason that holds for more than about one of `part` is none, nor is one
 * that holds for more than could be shown.
 */
#define JSON_FEW_MAX	100

HR_INLINE uint32_t
json_few(uint32_t n, uint32_t part)
{
	n = n / part + 1;
	return n < JSON_FEW_MAX ? n : JSON_FEW_MAX;
}

/* Raise the rank of an element for a reason that holds for `few` of them. */
void	json_pick_rank(struct picker *pk, uint32_t row, enum rank rank,
	    uint32_t few);

/* The same where the reason has its own weight, in 1/16 bit. */
void	json_pick_weigh(struct picker *pk, uint32_t row, enum rank rank,
	    uint32_t weight);

/* Add a gap to the value at hand; false: no memory. */
bool	json_pick_gap(struct picker *pk, uint32_t from, uint32_t to,
	    uint32_t n) HR_MUST_USE;

/* Rank records that report an error (json_pick_error.c). */
void	json_error_rank(struct picker *pk);

/* Rank records of rare shape (json_pick_shape.c). */
void	json_shape_rank(struct picker *pk);

/* Rank by what the query names (json_query.c). */
void	json_query_rank(struct picker *pk);

/* Rank far numbers and changes of level in a column (json_pick_num.c). */
void	json_number_rank(struct picker *pk, const struct json_values *v);

/*
 * Gaps in the long string t, of which about limit bytes stay
 * (json_longstr.c); false: no memory.
 */
bool	json_string_gaps(struct picker *pk, uint32_t t, size_t limit,
	    uint32_t *total, enum json_unit *unit) HR_MUST_USE;

#endif
