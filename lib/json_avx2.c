/*
 * json_avx2 - the scanner with vectors of 32 bytes, where the CPU has them
 */
#include "compat.h"

#include "json_impl.h"

#if HR_JSON_X86

#include <immintrin.h>

#define CORE(name)	json_##name##_avx2
#define CORE_TARGET	__attribute__((target("avx2,bmi")))

/* One bit for each of 32 bytes that is not plain. */
CORE_TARGET HR_INLINE unsigned
special(const json_byte *p)
{
	__m256i v = _mm256_loadu_si256((const void *)p), m;

	m = _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')),
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')));
	/* Signed, so that bytes from 80 on are below 20 as well. */
	m = _mm256_or_si256(m, _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), v));
	return (unsigned)_mm256_movemask_epi8(m);
}

CORE_TARGET HR_INLINE const json_byte *
json_plain_avx2(const json_byte *p, const json_byte *end)
{
	unsigned m;

	while (hr_likely(end - p >= 32)) {
		m = special(p);
		if (m != 0)
			return p + __builtin_ctz(m);
		p += 32;
	}
	while (p != end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* One bit for each of 32 bytes that is not white space. */
CORE_TARGET HR_INLINE unsigned
solid(const json_byte *p)
{
	__m256i v = _mm256_loadu_si256((const void *)p), m;

	m = _mm256_or_si256(
	    _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(' ')),
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\n'))),
	    _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\t')),
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\r'))));
	return ~(unsigned)_mm256_movemask_epi8(m);
}

CORE_TARGET HR_INLINE const json_byte *
json_space_avx2(const json_byte *p, const json_byte *end)
{
	unsigned m;

	while (hr_likely(end - p >= 32)) {
		m = solid(p);
		if (m != 0)
			return p + __builtin_ctz(m);
		p += 32;
	}
	while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' ||
	    *p == '\t'))
		p++;
	return p;
}

#include "json_core.h"

#endif
