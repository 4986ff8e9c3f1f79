/*
 * json_x86.h - strings, numbers and white space on x86-64
 *
 * Included before json_core.h by a file that has defined CORE, CORE_TARGET,
 *
 *	WIDTH		bytes in a vector, 16 or 32
 *	CORE(bits)	(p): struct json_bits of the WIDTH bytes at p
 *	CORE(named)	(p): one bit for each of WIDTH bytes that may follow a
 *			backslash, but for u
 *	CORE(u)		(p): one bit for each of WIDTH bytes that is a u
 *	CORE(utf8)	(s, p, end): whether the string p to end is UTF-8; at
 *			least WIDTH bytes of text follow p
 *
 * Most strings, numbers and gaps are short, so all begin with 16 bytes, which
 * cross a cache line half as often as 32.  Whatever is not plainly right, or
 * too near to the end of the text for a whole vector, is left to the exact
 * functions.
 */
#include <emmintrin.h>

#define PROBE	16
#define SLACK	4	/* read behind a vector: the digits of \uXXXX */

CORE_TARGET HR_INLINE __m128i
CORE(equal16)(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* One bit for each of 16 bytes that is not plain ASCII. */
CORE_TARGET HR_INLINE uint32_t
CORE(special16)(const json_byte *p)
{
	__m128i v = _mm_loadu_si128((const void *)p), m;

	/* Signed, so that bytes from 80 on are below 20 as well. */
	m = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
	    _mm_or_si128(CORE(equal16)(v, '"'), CORE(equal16)(v, '\\')));
	return (uint32_t)_mm_movemask_epi8(m);
}

/* One bit for each of 16 bytes that is not white space. */
CORE_TARGET HR_INLINE uint32_t
CORE(solid16)(const json_byte *p)
{
	__m128i v = _mm_loadu_si128((const void *)p), m;

	m = _mm_or_si128(
	    _mm_or_si128(CORE(equal16)(v, ' '), CORE(equal16)(v, '\n')),
	    _mm_or_si128(CORE(equal16)(v, '\t'), CORE(equal16)(v, '\r')));
	return (uint32_t)_mm_movemask_epi8(m) ^ 0xFFFF;
}

/*
 * The bytes that backslashes escape, given those that are backslashes; bit
 * WIDTH is the first of the next vector.  *carry says whether the first byte
 * is escaped by the vector before, and is set for the next.
 *
 * In a run of backslashes every second one escapes.  Adding the first bit of
 * each run that begins at an even place to all of them makes its carry ripple
 * to the byte behind the run; with the parity of that place this tells odd
 * runs from even ones without a loop (G. Langdale and D. Lemire, "Parsing
 * Gigabytes of JSON per Second", VLDB Journal 28, 2019, section 3.1.1).
 */
CORE_TARGET HR_INLINE uint64_t
CORE(escaped)(uint64_t slash, uint64_t *carry)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	uint64_t behind, begin, ripple, escaped;

	slash &= ~*carry;
	behind = slash << 1 | *carry;
	begin = slash & ~even & ~behind;
	ripple = (slash + begin) << 1;
	escaped = (even ^ ripple) & behind;
	*carry = escaped >> WIDTH & 1;
	return escaped;
}

/* Whether four hex digits follow each u, one bit each. */
CORE_TARGET HR_INLINE bool
CORE(hex)(const json_byte *p, uint64_t u)
{
	for (; u != 0; u &= u - 1)
		if (!json_is_hex4(p + __builtin_ctzll(u) + 1))
			return false;
	return true;
}

/*
 * Strings that are not short and plain.  A vector is looked at once however
 * many escapes it has (escaped source text has one in 20 bytes), and the
 * address of the next does not depend on what was in it.
 */
CORE_TARGET static const json_byte *
CORE(string_long)(struct json_scanner *s, const json_byte *from,
    bool *escaped)
{
	const json_byte *p, *const end = s->end;
	uint64_t carry = 0, esc, below, quote, wrong;
	uint32_t high = 0;	/* not 0: something above ASCII was seen */
	struct json_bits b;

	for (p = from; end - p >= WIDTH + SLACK; p += WIDTH) {
		b = CORE(bits)(p);
		quote = b.quote;
		wrong = b.low;
		esc = 0;
		if (hr_unlikely((b.slash | carry) != 0)) {
			esc = CORE(escaped)(b.slash, &carry);
			esc &= (UINT64_C(1) << WIDTH) - 1;
			quote &= ~esc;
			wrong |= esc & ~(uint64_t)CORE(named)(p);
		}
		below = quote == 0 ? ~UINT64_C(0) : (quote & -quote) - 1;
		high |= b.high & (uint32_t)below;
		*escaped |= (b.slash & below) != 0;
		wrong &= below;
		if (hr_unlikely(wrong != 0)) {
			/* \u is not among the named ones. */
			if ((wrong & ~(esc & CORE(u)(p))) != 0 ||
			    !CORE(hex)(p, wrong))
				return json_string_exact(s, from, escaped);
		}
		if (quote == 0)
			continue;
		p += __builtin_ctzll(quote);
		if (hr_unlikely(high != 0) && !CORE(utf8)(s, from, p))
			return json_string_exact(s, from, escaped);
		return p + 1;
	}
	/* Up to here all is right, but perhaps a character is cut in two. */
	return json_string_exact(s, high != 0 ? from : p - carry, escaped);
}

CORE_TARGET HR_INLINE const json_byte *
CORE(string)(struct json_scanner *s, const json_byte *p,
    const json_byte *end, bool *escaped)
{
	uint32_t m;

	if (hr_likely(end - p >= PROBE)) {
		m = CORE(special16)(p);
		if (m != 0 && p[__builtin_ctz(m)] == '"')
			return p + __builtin_ctz(m) + 1;
	}
	return CORE(string_long)(s, p, escaped);
}

/*
 * Bytewise: masks of digits were tried and are slower, because the lengths of
 * numbers in real data are short and alike, and so foreseen by the CPU.
 */
CORE_TARGET HR_INLINE const json_byte *
CORE(digits)(const json_byte *p, const json_byte *end)
{
	while (p != end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

CORE_TARGET HR_INLINE const json_byte *
CORE(number)(struct json_scanner *s, const json_byte *p,
    const json_byte *end)
{
	const json_byte *from = p + (*p == '-'), *q = CORE(digits)(from, end);

	if (q == end || q == from || (*from == '0' && q - from > 1))
		return json_number_exact(s, p);
	if (*q == '.') {
		from = q + 1;
		q = CORE(digits)(from, end);
		if (q == end || q == from)
			return json_number_exact(s, p);
	}
	return hr_unlikely((*q | 0x20) == 'e') ? json_number_exact(s, p) : q;
}

CORE_TARGET HR_INLINE const json_byte *
CORE(space)(const json_byte *p, const json_byte *end)
{
	uint32_t m;

	for (; hr_likely(end - p >= PROBE); p += PROBE) {
		m = CORE(solid16)(p);
		if (m != 0)
			return p + __builtin_ctz(m);
	}
	return json_space_exact(p, end);
}
