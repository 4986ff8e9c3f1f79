/*
 * test_map - the hash table
 */
#include "compat.h"

#include "map.h"

#include "tap.h"

#define KEYS	20000

static char names[KEYS][8];

static struct span
key(size_t i)
{
	return span_of(names[i], (size_t)snprintf(names[i], sizeof(names[i]),
	    "%zu", i));
}

static void
one_seed(uint64_t seed)
{
	struct map m;
	union map_val *v;
	bool fresh = true, found = true;
	size_t i;

	map_init(&m, seed);
	ok(map_get(&m, SPAN_LIT("x")) == NULL, "nothing in an empty one");
	for (i = 0; i < KEYS; i++) {
		v = map_put(&m, key(i));
		fresh = fresh && v != NULL && v->u == 0;
		if (v != NULL)
			v->u = i + 1;
	}
	ok(fresh && m.len == KEYS, "new keys start at 0");
	for (i = 0; i < KEYS; i++) {
		v = map_get(&m, key(i));
		found = found && v != NULL && v->u == i + 1;
		v = map_put(&m, key(i));
		found = found && v != NULL && v->u == i + 1;
	}
	ok(found && m.len == KEYS, "all are found");
	ok(m.len <= m.cap / 4 * 3 && (m.cap & (m.cap - 1)) == 0,
	    "at most three quarters full");
	ok(map_get(&m, SPAN_LIT("20000")) == NULL, "a key that is not there");
	map_release(&m);
	ok(map_get(&m, key(1)) == NULL, "empty after a release");
	v = map_put(&m, key(1));
	ok(v != NULL && m.seed == seed, "of use after a release");
	map_release(&m);
}

static void
odd_keys(void)
{
	struct map m;
	union map_val *v;

	map_init(&m, 0);
	v = map_put(&m, span_of(NULL, 0));
	ok(v != NULL, "the empty key");
	if (v != NULL)
		v->u = 7;
	v = map_get(&m, SPAN_LIT(""));
	ok(v != NULL && v->u == 7, "is found wherever it points");
	v = map_put(&m, SPAN_LIT("a\0b"));
	ok(v != NULL && v->u == 0, "a key with NUL");
	ok(map_get(&m, SPAN_LIT("a")) == NULL &&
	    map_get(&m, SPAN_LIT("a\0c")) == NULL, "is not cut at NUL");
	map_release(&m);
}

int
main(void)
{
	one_seed(0);
	one_seed(UINT64_C(0x9E3779B97F4A7C15));
	odd_keys();
	ok(map_random_seed() != map_random_seed(), "seeds differ");
	return done();
}
