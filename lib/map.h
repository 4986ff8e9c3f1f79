/*
 * map.h - a hash table from spans to pointers or numbers
 *
 *	struct map m;
 *	union map_val *v;
 *
 *	map_init(&m, seed);
 *	v = map_put(&m, key);		// found, or new with v->u == 0
 *	if (v != NULL)
 *		v->u++;
 *	v = map_get(&m, key);		// NULL if there is none
 *	map_release(&m);
 *
 * Keys are not copied: their bytes must live as long as the table.  A value
 * pointer is valid until the next map_put.  Nothing is deleted singly.  The
 * seed makes collisions unpredictable where the input may be hostile; results
 * must never depend on it, so there is no iteration: keep an array beside the
 * table where order matters.  Open addressing, at most 3/4 full.
 */
#ifndef HR_MAP_H
#define HR_MAP_H

#include "compat.h"

#include "span.h"

union map_val {
	void		*p;
	uint64_t	 u;
};

struct map_slot {
	struct span	key;
	uint64_t	hash;	/* 0 marks a free slot */
	union map_val	val;
};

struct map {
	struct map_slot	*slot;
	size_t		 cap;	/* 0 or a power of two */
	size_t		 len;
	uint64_t	 seed;
};

void		 map_init(struct map *m, uint64_t seed);
union map_val	*map_put(struct map *m, struct span key); /* NULL: no memory */
union map_val	*map_get(const struct map *m, struct span key);
void		 map_release(struct map *m);

/* A seed that differs from process to process. */
uint64_t	 map_random_seed(void);

#endif
