/*
 * json_pick_shape - records of rare shape
 *
 * A record's shape is which members it has, in whatever order.  So is that of
 * the records in arrays within it, which are looked for likewise: one with a
 * shape that none in other records has makes its record rare.
 */
#include "compat.h"

#include <stdlib.h>

#include "hash.h"
#include "json_pick_impl.h"
#include "map.h"

#define RARE_PART	20	/* a shape of n/20 records or fewer is rare */
#define COMMON_PART	10	/* what n/10 show is nothing special */
#define SHAPES_MAX	4096	/* with more, to be another is nothing */

/* Of one shape: how many records have it, and the last of them, + 1. */
struct shape {
	uint64_t	hash;
	uint32_t	n, last;
};

struct shapes_seen {
	struct picker	*pk;
	struct map	 index;		/* hash to struct shape */
};

static const struct json_tok *
tok_at(const struct picker *pk, uint32_t t)
{
	return &pk->plan->doc->tok[t];
}

static uint64_t
shape_of(const struct picker *pk, uint32_t t)
{
	const struct json_tok *v = tok_at(pk, t);
	uint64_t h = v->type;
	uint32_t m, k = t + 1;

	if (v->type != JSON_OBJECT)
		return h;
	for (m = v->count; m > 0; m--) {
		if (!json_plan_noise(pk->plan, k + 1))
			h += hash_xxh3(json_body(pk->plan->doc->text,
			    tok_at(pk, k)), 1);
		k += 1 + tok_at(pk, k + 1)->skip;
	}
	return h;
}

/* The shape of value t, or NULL if there are too many shapes. */
static struct shape *
find(struct shapes_seen *ss, uint32_t t, bool add)
{
	uint64_t h = shape_of(ss->pk, t);
	struct span key = span_of((const char *)&h, sizeof(h));
	union map_val *v = map_get(&ss->index, key);
	struct shape *s;

	if (v != NULL)
		return v->p;
	if (!add || ss->index.len == SHAPES_MAX)
		return NULL;
	s = arena_alloc(&ss->pk->scratch, sizeof(*s));
	if (s != NULL) {
		*s = (struct shape){ .hash = h };
		v = map_put(&ss->index, span_of((const char *)&s->hash,
		    sizeof(s->hash)));
	}
	if (v == NULL) {
		ss->pk->nomem = true;
		return NULL;
	}
	v->p = s;
	return s;
}

/* Look at, or count, the shape of value t in a record. */
static void
see(struct shapes_seen *ss, uint32_t row, uint32_t t, bool add,
    uint32_t *rarest)
{
	struct shape *s = find(ss, t, add);

	if (s == NULL)
		return;
	if (add && s->last != row + 1) {
		s->last = row + 1;
		s->n++;
	}
	if (*rarest == 0 || s->n < *rarest)
		*rarest = s->n;
}

/*
 * Go through the shapes in one record: its own, or those of records in arrays
 * within.  With add each is counted.  Returns the count of the rarest, 0 if
 * there is none.
 */
static uint32_t
go_through(struct shapes_seen *ss, uint32_t row, bool within, bool add)
{
	uint32_t t = ss->pk->at[row], end = t + tok_at(ss->pk, t)->skip, k, m;
	uint32_t rarest = 0;

	if (!within) {
		see(ss, row, t, add, &rarest);
		return rarest;
	}
	for (; t < end; t++) {
		if (json_plan_noise(ss->pk->plan, t)) {
			t += tok_at(ss->pk, t)->skip - 1;
			continue;
		}
		if (tok_at(ss->pk, t)->type != JSON_ARRAY)
			continue;
		k = t + 1;
		for (m = tok_at(ss->pk, t)->count; m > 0; m--) {
			if (tok_at(ss->pk, k)->type == JSON_OBJECT)
				see(ss, row, k, add, &rarest);
			k += tok_at(ss->pk, k)->skip;
		}
	}
	return rarest;
}

static bool
too_many(const struct shapes_seen *ss)
{
	return ss->index.len == SHAPES_MAX || ss->pk->nomem;
}

static void
rank_shapes(struct picker *pk, bool within)
{
	struct shapes_seen ss = { .pk = pk };
	uint32_t i, n, few = json_few(pk->n, RARE_PART), rare = 0;
	enum rank rank = RANK_RARE;

	map_init(&ss.index, map_random_seed());
	for (i = 0; i < pk->n && !too_many(&ss); i++)
		go_through(&ss, i, within, true);
	for (i = 0; i < pk->n && !too_many(&ss); i++) {
		n = go_through(&ss, i, within, false);
		pk->order[i] = n > 0 && n <= few;
		rare += n > 0 && n <= few;
	}
	/* Where every record is another, being so is nothing. */
	if (rare > json_few(pk->n, COMMON_PART))
		rank = RANK_ODD;
	for (i = 0; i < pk->n && rare > 0; i++)
		if (pk->order[i] != 0)
			json_pick_rank(pk, i, rank, rare);
	map_release(&ss.index);
}

void
json_shape_rank(struct picker *pk)
{
	rank_shapes(pk, false);
	rank_shapes(pk, true);
}
