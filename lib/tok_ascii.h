/*
 * tok_ascii.h - the splitter's fast path: short pieces of ASCII
 *
 * Sixteen bytes are classified at once and the end of the piece is a count
 * of bits.  Whatever is not plain (a byte above 7F near, a long run, the end
 * of the text) is left to tok_piece(), so this may give up anywhere but may
 * never differ.
 */
#ifndef HR_TOK_ASCII_H
#define HR_TOK_ASCII_H

#include "compat.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "tok.h"

#define TOK_ASCII_ROOM	32	/* readable bytes wanted */

enum tok_kind {		/* bits, so that sets can be asked for */
	KIND_LETTER = 1,
	KIND_DIGIT = 2,
	KIND_BLANK = 4,		/* space, \t, \v, \f */
	KIND_NEWLINE = 8,
	KIND_PUNCT = 16,
	KIND_HIGH = 32		/* not ASCII */
};

extern const uint8_t tok_kind[256];

/* A bit for each of 16 bytes. */
struct tok_masks {
	unsigned	letter, upper;
};

#ifdef __SSE2__

/* Bytes from lo to lo + n - 1, by one signed comparison. */
HR_INLINE unsigned
tok_mask_range(__m128i x, unsigned char lo, unsigned char n)
{
	__m128i shifted = _mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - lo)));

	return (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(shifted,
	    _mm_set1_epi8((char)(0x80 + n))));
}

HR_INLINE struct tok_masks
tok_mask_letters(const char *p)
{
	__m128i x = _mm_loadu_si128((const void *)p);
	struct tok_masks m;

	m.upper = tok_mask_range(x, 'A', 26);
	m.letter = m.upper | tok_mask_range(x, 'a', 26);
	return m;
}

HR_INLINE unsigned
tok_mask_punct(const char *p)
{
	__m128i x = _mm_loadu_si128((const void *)p);
	unsigned letter = tok_mask_range(_mm_or_si128(x, _mm_set1_epi8(0x20)),
	    'a', 26);

	return ~(letter | tok_mask_range(x, '0', 10) |
	    tok_mask_range(x, '\t', 5) | tok_mask_range(x, ' ', 1) |
	    (unsigned)_mm_movemask_epi8(x));
}

HR_INLINE unsigned
tok_mask_blank(const char *p)
{
	__m128i x = _mm_loadu_si128((const void *)p);

	return tok_mask_range(x, '\t', 5) | tok_mask_range(x, ' ', 1);
}

#else

HR_INLINE unsigned
tok_mask_kinds(const char *p, unsigned kinds)
{
	unsigned i, m = 0;

	for (i = 0; i < 16; i++)
		m |= (unsigned)((tok_kind[(unsigned char)p[i]] & kinds) != 0)
		    << i;
	return m;
}

HR_INLINE struct tok_masks
tok_mask_letters(const char *p)
{
	struct tok_masks m = { tok_mask_kinds(p, KIND_LETTER), 0 };
	unsigned i;

	for (i = 0; i < 16; i++)
		m.upper |= (unsigned)(p[i] >= 'A' && p[i] <= 'Z') << i;
	return m;
}

HR_INLINE unsigned
tok_mask_punct(const char *p)
{
	return tok_mask_kinds(p, KIND_PUNCT);
}

HR_INLINE unsigned
tok_mask_blank(const char *p)
{
	return tok_mask_kinds(p, KIND_BLANK | KIND_NEWLINE);
}

#endif

/* Length of a contraction at the apostrophe p, else 0; 3 bytes readable. */
HR_INLINE size_t
tok_ascii_contraction(const char *p)
{
	unsigned a = (unsigned char)p[1] | 0x20u;
	unsigned b = (unsigned char)p[2] | 0x20u;

	if (a == 's' || a == 't' || a == 'm' || a == 'd')
		return 2;
	if (((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l'))
		return 3;
	return 0;
}

/* A word that starts at p[lead], with a letter; m is of p. */
HR_INLINE size_t
tok_ascii_word(enum tok_encoding enc, const char *p, struct tok_masks m,
    unsigned lead)
{
	unsigned ends = m.letter & ~(m.letter >> 1);
	size_t n;

	/* A capital after a small letter starts another word. */
	if (enc == TOK_O200K)
		ends |= m.letter & ~m.upper & m.upper >> 1;
	n = lead + (unsigned)__builtin_ctz(ends >> lead) + 1;
	if (n > 15)
		return 0;
	if (hr_unlikely((unsigned char)p[n] >= 0x80))
		return 0;
	if (enc == TOK_O200K && hr_unlikely(p[n] == '\'')) {
		if ((unsigned char)p[n + 1] >= 0x80)
			return 0;
		n += tok_ascii_contraction(p + n);
	}
	return n;
}

HR_INLINE size_t
tok_ascii_number(const char *p)
{
	size_t n = 1;

	n += tok_kind[(unsigned char)p[1]] == KIND_DIGIT;
	n += n == 2 && tok_kind[(unsigned char)p[2]] == KIND_DIGIT;
	return n < 3 && (unsigned char)p[n] >= 0x80 ? 0 : n;
}

/* Punctuation from p[lead] on. */
HR_INLINE size_t
tok_ascii_punct(enum tok_encoding enc, const char *p, unsigned lead)
{
	size_t n = lead + (unsigned)__builtin_ctz(~(tok_mask_punct(p) &
	    0xFFFF) >> lead);

	if (n > 15 || (unsigned char)p[n] >= 0x80)
		return 0;
	while (p[n] == '\n' || p[n] == '\r' || (enc == TOK_O200K &&
	    p[n] == '/'))
		if (++n == TOK_ASCII_ROOM - 1)
			return 0;
	return n;
}

HR_INLINE size_t
tok_ascii_blanks(const char *p)
{
	size_t n = (unsigned)__builtin_ctz(~(tok_mask_blank(p) & 0xFFFF)), i;

	if (n > 15 || (unsigned char)p[n] >= 0x80)
		return 0;
	for (i = n; i > 0; i--)
		if (p[i - 1] == '\n' || p[i - 1] == '\r')
			return i;
	return n > 1 ? n - 1 : 1;
}

/* Length of the piece at p, TOK_ASCII_ROOM bytes there; 0: not plain. */
HR_INLINE size_t
tok_ascii_piece(enum tok_encoding enc, const char *p)
{
	struct tok_masks m = tok_mask_letters(p);
	unsigned kind = tok_kind[(unsigned char)p[0]];
	unsigned lead = !(m.letter & 1), lone;

	if (enc == TOK_CL100K && p[0] == '\'') {
		if ((unsigned char)p[1] >= 0x80)
			return 0;
		if (tok_ascii_contraction(p) > 0)
			return tok_ascii_contraction(p);
	}
	if (m.letter >> lead & 1 &&
	    kind & (KIND_LETTER | KIND_BLANK | KIND_PUNCT))
		return tok_ascii_word(enc, p, m, lead);
	if (kind == KIND_DIGIT)
		return tok_ascii_number(p);
	/* What is above 7F may be a letter, which a lead would belong to. */
	if (kind == KIND_HIGH || (unsigned char)p[1] >= 0x80)
		return 0;
	lone = p[0] == ' ';
	if (tok_kind[(unsigned char)p[lone]] == KIND_PUNCT)
		return tok_ascii_punct(enc, p, lone);
	return tok_ascii_blanks(p);
}

#endif
