/*
 * hash.h - SHA-256 for addresses, XXH3 for tables
 *
 * SHA-256 is FIPS 180-4; it uses the SHA extensions of x86-64 where the CPU
 * has them.  It is our own because libcrypto alone makes a process start 2.6
 * times slower than /bin/true, and a filter in a pipe is started often.
 * XXH3 is xxHash's 64-bit hash, not for adversaries who know the seed.
 */
#ifndef HR_HASH_H
#define HR_HASH_H

#include "compat.h"

#include "span.h"

#define SHA256_LEN	32

void		hash_sha256(struct span s, uint8_t out[SHA256_LEN]);

/* The same without CPU extensions, so that tests can compare the two. */
void		hash_sha256_plain(struct span s, uint8_t out[SHA256_LEN]);

/* Whether hash_sha256 uses CPU extensions here. */
bool		hash_sha256_fast(void);

uint64_t	hash_xxh3(struct span s, uint64_t seed);

struct hash128 {
	uint64_t	lo, hi;
};

bool		hash128_eq(struct hash128 a, struct hash128 b);

/*
 * XXH3's 128-bit hashes of a text's beginnings, in one pass:
 *
 *	hash_run_start(&r, seed);
 *	h1 = hash_run_to(&r, text, n1);		// of its first n1 bytes
 *	h2 = hash_run_to(&r, text, n2);		// n2 is at least n1
 *
 * A copy of a run goes on from where it was.
 */
struct hash_run {
	_Alignas(64) unsigned char state[640];
	size_t		at;
};

void		hash_run_start(struct hash_run *r, uint64_t seed);
struct hash128	hash_run_to(struct hash_run *r, struct span text, size_t n);

/* The same of a whole text. */
struct hash128	hash_xxh128(struct span s, uint64_t seed);

#endif
