/*
 * json_sse2 - the scanner with the vectors that every x86-64 has
 */
#include "compat.h"

#include "json_impl.h"

#if HR_JSON_X86

#include <emmintrin.h>

#define CORE(name)	json_##name##_sse2
#define CORE_TARGET

/* One bit for each of 16 bytes that is not plain. */
HR_INLINE unsigned
special(const json_byte *p)
{
	__m128i v = _mm_loadu_si128((const void *)p), m;

	m = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	/* Signed, so that bytes from 80 on are below 20 as well. */
	m = _mm_or_si128(m, _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)));
	return (unsigned)_mm_movemask_epi8(m);
}

HR_INLINE const json_byte *
json_plain_sse2(const json_byte *p, const json_byte *end)
{
	unsigned m;

	while (hr_likely(end - p >= 16)) {
		m = special(p);
		if (m != 0)
			return p + __builtin_ctz(m);
		p += 16;
	}
	while (p != end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* One bit for each of 16 bytes that is not white space. */
HR_INLINE unsigned
solid(const json_byte *p)
{
	__m128i v = _mm_loadu_si128((const void *)p), m;

	m = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))),
	    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'))));
	return (unsigned)_mm_movemask_epi8(m) ^ 0xFFFF;
}

HR_INLINE const json_byte *
json_space_sse2(const json_byte *p, const json_byte *end)
{
	unsigned m;

	while (hr_likely(end - p >= 16)) {
		m = solid(p);
		if (m != 0)
			return p + __builtin_ctz(m);
		p += 16;
	}
	while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' ||
	    *p == '\t'))
		p++;
	return p;
}

#include "json_core.h"

#endif
