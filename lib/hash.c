/*
 * hash - SHA-256 and XXH3
 */
#include "compat.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "hash.h"

uint64_t
hash_xxh3(struct span s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.p, s.n, seed);
}
