/*
 * json_avx2 - the scanner with vectors of 32 bytes, where the CPU has them
 */
#include "compat.h"

#include "json_impl.h"

#if HR_JSON_X86

#include <immintrin.h>

#define CORE(name)	json_##name##_avx2
#define CORE_TARGET	__attribute__((target("avx2,bmi")))
#define WIDTH		32

CORE_TARGET HR_INLINE __m256i
load(const json_byte *p)
{
	return _mm256_loadu_si256((const void *)p);
}

CORE_TARGET HR_INLINE __m256i
each(int c)
{
	return _mm256_set1_epi8((char)c);
}

CORE_TARGET HR_INLINE __m256i
equal(__m256i v, char c)
{
	return _mm256_cmpeq_epi8(v, each(c));
}

CORE_TARGET HR_INLINE uint32_t
mask(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(v);
}

CORE_TARGET HR_INLINE struct json_bits
json_bits_avx2(const json_byte *p)
{
	__m256i v = load(p);

	return (struct json_bits){
		.quote = mask(equal(v, '"')),
		.slash = mask(equal(v, '\\')),
		.low = mask(_mm256_cmpeq_epi8(
		    _mm256_min_epu8(v, each(0x1F)), v)),
		.high = mask(v)
	};
}

CORE_TARGET HR_INLINE uint32_t
json_u_avx2(const json_byte *p)
{
	return mask(equal(load(p), 'u'));
}

/* A table of 16 bytes, looked up by the nibbles of v, each below 16. */
CORE_TARGET HR_INLINE __m256i
lookup(const json_byte table[16], __m256i v)
{
	return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const void *)table)), v);
}

CORE_TARGET HR_INLINE __m256i
high_nibbles(__m256i v)
{
	return _mm256_and_si256(_mm256_srli_epi16(v, 4), each(0x0F));
}

/*
 * A byte is one of "\/bfnrt if the tables of its two nibbles share a bit;
 * there is a bit for each high nibble that occurs.
 */
CORE_TARGET HR_INLINE uint32_t
json_named_avx2(const json_byte *p)
{
	static const json_byte by_low[16] = {
		[0x2] = 1 | 4 | 8,	/* " b r */
		[0x4] = 8,		/* t */
		[0x6] = 4,		/* f */
		[0xC] = 2,		/* \ */
		[0xE] = 4,		/* n */
		[0xF] = 1		/* / */
	};
	static const json_byte by_high[16] = {
		[0x2] = 1, [0x5] = 2, [0x6] = 4, [0x7] = 8
	};
	__m256i v = load(p), both;

	both = _mm256_and_si256(lookup(by_high, high_nibbles(v)),
	    lookup(by_low, _mm256_and_si256(v, each(0x0F))));
	return ~mask(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()));
}

/*
 * What can be wrong with a byte and the one before it, one bit for each kind;
 * a kind is there if the tables of all three nibbles agree on its bit.  The
 * method is that of J. Keiser and D. Lemire, "Validating UTF-8 In Less Than
 * One Instruction Per Byte", Software: Practice and Experience 51(5), 2021.
 */
enum {
	SHORT	= 1 << 0,	/* a first byte without its second */
	LONG	= 1 << 1,	/* a second byte without a first */
	OVER3	= 1 << 2,	/* E0 80..9F */
	LARGE	= 1 << 3,	/* F4 90.. and F5.. 90.. */
	SURR	= 1 << 4,	/* ED A0..BF */
	OVER2	= 1 << 5,	/* C0, C1 */
	OVER4	= 1 << 6,	/* F0 80..8F */
	LARGE8	= 1 << 6,	/* F5.. 80..8F; the other nibble tells */
	TWO	= 1 << 7,	/* two later bytes; right after E0..F4 .. */
	ANY	= SHORT | LONG | TWO
};

/* By the byte before: its high nibble, then its low one; by the byte itself. */
static const json_byte before_high[16] = {
	LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG,
	TWO, TWO, TWO, TWO,
	SHORT | OVER2,
	SHORT,
	SHORT | OVER3 | SURR,
	SHORT | LARGE | LARGE8 | OVER4
};
static const json_byte before_low[16] = {
	ANY | OVER3 | OVER2 | OVER4,
	ANY | OVER2,
	ANY, ANY,
	ANY | LARGE,
	ANY | LARGE | LARGE8, ANY | LARGE | LARGE8, ANY | LARGE | LARGE8,
	ANY | LARGE | LARGE8, ANY | LARGE | LARGE8, ANY | LARGE | LARGE8,
	ANY | LARGE | LARGE8, ANY | LARGE | LARGE8,
	ANY | LARGE | LARGE8 | SURR,
	ANY | LARGE | LARGE8, ANY | LARGE | LARGE8
};
static const json_byte itself_high[16] = {
	SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
	LONG | OVER2 | TWO | OVER3 | OVER4 | LARGE8,
	LONG | OVER2 | TWO | OVER3 | LARGE,
	LONG | OVER2 | TWO | SURR | LARGE,
	LONG | OVER2 | TWO | SURR | LARGE,
	SHORT, SHORT, SHORT, SHORT
};

/* Not zero where v is wrong, given the vectors 1, 2 and 3 bytes before it. */
CORE_TARGET HR_INLINE __m256i
malformed(__m256i v, __m256i v1, __m256i v2, __m256i v3)
{
	__m256i wrong, later;

	wrong = _mm256_and_si256(lookup(before_high, high_nibbles(v1)),
	    _mm256_and_si256(
	    lookup(before_low, _mm256_and_si256(v1, each(0x0F))),
	    lookup(itself_high, high_nibbles(v))));
	/* TWO is right, and must be there, in third and fourth bytes. */
	later = _mm256_or_si256(_mm256_subs_epu8(v2, each(0xE0 - 0x80)),
	    _mm256_subs_epu8(v3, each(0xF0 - 0x80)));
	return _mm256_xor_si256(_mm256_and_si256(later, each(0x80)), wrong);
}

/*
 * The quote at end belongs to the last vector, so that a character cut off by
 * it is seen.  Loads reach three bytes back, where outside of a string there
 * is only ASCII.
 */
CORE_TARGET static bool
json_utf8_avx2(const struct json_scanner *s, const json_byte *p,
    const json_byte *end)
{
	__m256i wrong = _mm256_setzero_si256(), v;
	ptrdiff_t n = end + 1 - p;
	uint32_t m;

	if (p - s->text < 3)
		return s->end - end >= 8 && json_utf8_ok(p, end);
	if (n < 32) {
		v = malformed(load(p), load(p - 1), load(p - 2), load(p - 3));
		m = ~mask(_mm256_cmpeq_epi8(v, wrong));
		return (m & ((1u << n) - 1)) == 0;
	}
	for (end -= 31; p < end; p += 32)
		wrong = _mm256_or_si256(wrong, malformed(load(p),
		    load(p - 1), load(p - 2), load(p - 3)));
	p = end;
	wrong = _mm256_or_si256(wrong, malformed(load(p),
	    load(p - 1), load(p - 2), load(p - 3)));
	return _mm256_testz_si256(wrong, wrong);
}

#include "json_x86.h"
#include "json_core.h"

#endif
