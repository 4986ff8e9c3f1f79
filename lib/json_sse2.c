/*
 * json_sse2 - the scanner with the vectors that every x86-64 has
 */
#include "compat.h"

#include "json_impl.h"

#if HR_JSON_X86

#include <emmintrin.h>

#define CORE(name)	json_##name##_sse2
#define CORE_TARGET
#define WIDTH		16

HR_INLINE __m128i
load(const json_byte *p)
{
	return _mm_loadu_si128((const void *)p);
}

HR_INLINE __m128i
equal(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

HR_INLINE uint32_t
mask(__m128i v)
{
	return (uint32_t)_mm_movemask_epi8(v);
}

HR_INLINE struct json_bits
json_bits_sse2(const json_byte *p)
{
	__m128i v = load(p);

	return (struct json_bits){
		.quote = mask(equal(v, '"')),
		.slash = mask(equal(v, '\\')),
		.low = mask(_mm_cmpeq_epi8(
		    _mm_min_epu8(v, _mm_set1_epi8(0x1F)), v)),
		.high = mask(v)
	};
}

HR_INLINE __m128i
either(__m128i v, char a, char b)
{
	return _mm_or_si128(equal(v, a), equal(v, b));
}

HR_INLINE uint32_t
json_named_sse2(const json_byte *p)
{
	__m128i v = load(p);

	return mask(_mm_or_si128(
	    _mm_or_si128(either(v, '"', '\\'), either(v, '/', 'b')),
	    _mm_or_si128(either(v, 'f', 'n'), either(v, 'r', 't'))));
}

HR_INLINE uint32_t
json_u_sse2(const json_byte *p)
{
	return mask(equal(load(p), 'u'));
}

/* The lookup that the AVX2 variant does needs SSSE3. */
HR_INLINE bool
json_utf8_sse2(const struct json_scanner *s, const json_byte *p,
    const json_byte *end)
{
	return s->end - end >= 8 && json_utf8_ok(p, end);
}

#include "json_x86.h"
#include "json_core.h"

#endif
