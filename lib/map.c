/*
 * map - open addressing with linear probing
 */
#include "compat.h"

#include <stdlib.h>
#include <sys/random.h>

#include "hash.h"
#include "map.h"

#define FIRST_CAP	16

void
map_init(struct map *m, uint64_t seed)
{
	m->slot = NULL;
	m->cap = m->len = 0;
	m->seed = seed;
}

/* The slot that holds key, or the free one where it belongs. */
static struct map_slot *
probe(const struct map *m, struct span key, uint64_t hash)
{
	size_t i = hash & (m->cap - 1);

	while (m->slot[i].hash != 0 &&
	    (m->slot[i].hash != hash || !span_eq(m->slot[i].key, key)))
		i = (i + 1) & (m->cap - 1);
	return &m->slot[i];
}

static uint64_t
hash_of(const struct map *m, struct span key)
{
	uint64_t h = hash_xxh3(key, m->seed);

	return h == 0 ? 1 : h;
}

static bool
rehash(struct map *m)
{
	struct map bigger = *m;
	size_t i;

	bigger.cap = m->cap == 0 ? FIRST_CAP : m->cap * 2;
	bigger.slot = calloc(bigger.cap, sizeof(*bigger.slot));
	if (bigger.slot == NULL)
		return false;
	for (i = 0; i < m->cap; i++)
		if (m->slot[i].hash != 0)
			*probe(&bigger, m->slot[i].key, m->slot[i].hash) =
			    m->slot[i];
	free(m->slot);
	*m = bigger;
	return true;
}

union map_val *
map_put(struct map *m, struct span key)
{
	uint64_t hash = hash_of(m, key);
	struct map_slot *s;

	if (m->len >= m->cap / 4 * 3 && !rehash(m))
		return NULL;
	s = probe(m, key, hash);
	if (s->hash == 0) {
		s->hash = hash;
		s->key = key;
		s->val.u = 0;
		m->len++;
	}
	return &s->val;
}

union map_val *
map_get(const struct map *m, struct span key)
{
	struct map_slot *s;

	if (m->len == 0)
		return NULL;
	s = probe(m, key, hash_of(m, key));
	return s->hash == 0 ? NULL : &s->val;
}

void
map_release(struct map *m)
{
	free(m->slot);
	map_init(m, m->seed);
}

uint64_t
map_random_seed(void)
{
	uint64_t seed;

	/* Early at boot there may be no entropy: an address will do then. */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(seed))
		seed = (uint64_t)(uintptr_t)&seed;
	return seed;
}
