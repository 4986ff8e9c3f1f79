/*
 * hash - SHA-256 and XXH3
 *
 * Names in the SHA-256 part are those of FIPS 180-4, section 6.2.2.
 */
#include "compat.h"

#include <stdatomic.h>

#if defined(__x86_64__) && defined(__GNUC__)
# define HAVE_X86 1
# include <immintrin.h>
#else
# define HAVE_X86 0
#endif

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cpu.h"
#include "hash_impl.h"

#define BLOCK	64	/* bytes hashed at a time */

/* Hash n blocks into the state. */
typedef void blocks_fn(uint32_t H[8], const uint8_t *p, size_t n);

static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

HR_INLINE uint32_t
rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void
schedule(uint32_t W[64], const uint8_t *p)
{
	uint32_t s0, s1;
	unsigned t;

	for (t = 0; t < 16; t++)
		W[t] = get32(p + 4 * t);
	for (; t < 64; t++) {
		s0 = rotr(W[t - 15], 7) ^ rotr(W[t - 15], 18) ^ W[t - 15] >> 3;
		s1 = rotr(W[t - 2], 17) ^ rotr(W[t - 2], 19) ^ W[t - 2] >> 10;
		W[t] = s1 + W[t - 7] + s0 + W[t - 16];
	}
}

/* The eight working variables move down one name a round: v[X(0)] is a. */
#define X(i)	(((i) - t) & 7)

static void
blocks_plain(uint32_t H[8], const uint8_t *p, size_t n)
{
	uint32_t W[64], v[8], T1, e, a;
	unsigned t;

	for (; n > 0; n--, p += BLOCK) {
		schedule(W, p);
		memcpy(v, H, sizeof(v));
#pragma GCC unroll 8
		for (t = 0; t < 64; t++) {
			a = v[X(0)];
			e = v[X(4)];
			T1 = v[X(7)] + K[t] + W[t] +
			    (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) +
			    ((e & v[X(5)]) ^ (~e & v[X(6)]));
			v[X(3)] += T1;
			v[X(7)] = T1 +
			    (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) +
			    ((a & v[X(1)]) ^ (a & v[X(2)]) ^
			    (v[X(1)] & v[X(2)]));
		}
		for (t = 0; t < 8; t++)
			H[t] += v[t];
	}
}

#undef X

#if HAVE_X86

/*
 * The instructions want the state as the two vectors ABEF and CDGH and do
 * two rounds each; four words of the schedule fit one vector (Intel SDM,
 * volume 2, SHA256RNDS2).
 */
__attribute__((target("sha,sse4.1")))
static void
blocks_ni(uint32_t H[8], const uint8_t *p, size_t n)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b,
	    0x0405060700010203);
	__m128i lo, hi, abef, cdgh, abef0, cdgh0, w[4], wk;
	unsigned g;

	lo = _mm_shuffle_epi32(_mm_loadu_si128((const void *)H), 0xB1);
	hi = _mm_shuffle_epi32(_mm_loadu_si128((const void *)(H + 4)), 0x1B);
	abef = _mm_alignr_epi8(lo, hi, 8);
	cdgh = _mm_blend_epi16(hi, lo, 0xF0);
	for (; n > 0; n--, p += BLOCK) {
		abef0 = abef;
		cdgh0 = cdgh;
		for (g = 0; g < 4; g++)
			w[g] = _mm_shuffle_epi8(_mm_loadu_si128(
			    (const void *)(p + 16 * g)), swap);
#pragma GCC unroll 16
		for (g = 0; g < 16; g++) {
			wk = _mm_add_epi32(w[g % 4],
			    _mm_loadu_si128((const void *)(K + 4 * g)));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
			if (g < 12)	/* the words of group g + 4 */
				w[g % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(
				    _mm_sha256msg1_epu32(w[g % 4],
				    w[(g + 1) % 4]),
				    _mm_alignr_epi8(w[(g + 3) % 4],
				    w[(g + 2) % 4], 4)), w[(g + 3) % 4]);
			abef = _mm_sha256rnds2_epu32(abef, cdgh,
			    _mm_shuffle_epi32(wk, 0x0E));
		}
		abef = _mm_add_epi32(abef, abef0);
		cdgh = _mm_add_epi32(cdgh, cdgh0);
	}
	lo = _mm_shuffle_epi32(abef, 0x1B);
	hi = _mm_shuffle_epi32(cdgh, 0xB1);
	_mm_storeu_si128((void *)H, _mm_blend_epi16(lo, hi, 0xF0));
	_mm_storeu_si128((void *)(H + 4), _mm_alignr_epi8(hi, lo, 8));
}

#else

# define blocks_ni	blocks_plain

#endif

bool
hash_sha256_fast(void)
{
	/*
	 * CPUID leaves the guest in a virtual machine, which costs more than
	 * hashing a page, so the answer is kept: 0 not asked, 1 no, 2 yes.
	 */
	static atomic_int known;
	int k = atomic_load_explicit(&known, memory_order_relaxed);

	if (k == 0) {
		k = cpu_has_sha() ? 2 : 1;
		atomic_store_explicit(&known, k, memory_order_relaxed);
	}
	return k == 2;
}

static void
sha256(struct span s, uint8_t out[SHA256_LEN], blocks_fn *blocks)
{
	uint32_t H[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	uint8_t tail[2 * BLOCK] = { 0 };
	size_t rest = s.n % BLOCK, n = rest < BLOCK - 8 ? 1 : 2, i;

	if (s.n >= BLOCK)
		blocks(H, (const uint8_t *)s.p, s.n / BLOCK);
	if (rest > 0)
		memcpy(tail, s.p + s.n - rest, rest);
	tail[rest] = 0x80;
	put32(tail + n * BLOCK - 8, (uint32_t)((uint64_t)s.n >> 29));
	put32(tail + n * BLOCK - 4, (uint32_t)((uint64_t)s.n << 3));
	blocks(H, tail, n);
	for (i = 0; i < 8; i++)
		put32(out + 4 * i, H[i]);
}

void
hash_sha256(struct span s, uint8_t out[SHA256_LEN])
{
	sha256(s, out, hash_sha256_fast() ? blocks_ni : blocks_plain);
}

void
hash_sha256_plain(struct span s, uint8_t out[SHA256_LEN])
{
	sha256(s, out, blocks_plain);
}

#define CORE(name)	hash_##name##_plain
#include "hash_core.h"

uint64_t
hash_xxh3(struct span s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.p, s.n, seed);
}

bool
hash128_eq(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

void
hash_run_start(struct hash_run *r, uint64_t seed)
{
	r->at = 0;
#if HAVE_X86
	if (cpu_has_avx2()) {
		hash_start_avx2(r, seed);
		return;
	}
#endif
	hash_start_plain(r, seed);
}

struct hash128
hash_run_to(struct hash_run *r, struct span text, size_t n)
{
	struct span more = span_of(n > r->at ? text.p + r->at : "",
	    n - r->at);

	r->at = n;
#if HAVE_X86
	if (cpu_has_avx2())
		return hash_go_avx2(r, more);
#endif
	return hash_go_plain(r, more);
}

struct hash128
hash_xxh128(struct span s, uint64_t seed)
{
	struct hash_run r;

	hash_run_start(&r, seed);
	return hash_run_to(&r, s, s.n);
}
