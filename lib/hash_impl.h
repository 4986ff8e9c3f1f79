/*
 * hash_impl.h - the variants of hash.h's runs; not for users
 *
 * hash_core.h is compiled once for any CPU and once for AVX2, which takes
 * less than half the time.  A run stays with the variant that started it.
 */
#ifndef HR_HASH_IMPL_H
#define HR_HASH_IMPL_H

#include "compat.h"

#include "hash.h"

void		hash_start_plain(struct hash_run *r, uint64_t seed);
struct hash128	hash_go_plain(struct hash_run *r, struct span more);
void		hash_start_avx2(struct hash_run *r, uint64_t seed);
struct hash128	hash_go_avx2(struct hash_run *r, struct span more);

#endif
