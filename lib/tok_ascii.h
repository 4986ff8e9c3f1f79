/*
 * tok_ascii.h - the splitter's fast path: short pieces of ASCII
 *
 * 64 bytes are classified at once into masks, a bit for each byte, and where
 * words and runs of signs end is found for all of them together.  Going from
 * piece to piece is then a shift and a count of zeros: a chain of five
 * cycles, while classifying piece by piece made one of thirty.
 *
 *	tok_window(enc, p, &w);			// TOK_ASCII_ROOM bytes at p
 *	n = tok_ascii_piece(enc, &w, at, room);	// room bytes at w.p + at
 *
 * Whatever is not plain (a byte above 7F near, a run past the window) is left
 * to tok_piece(), so this may give up anywhere but may never differ.
 */
#ifndef HR_TOK_ASCII_H
#define HR_TOK_ASCII_H

#include "compat.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "tok.h"

#define TOK_WINDOW	64u	/* bytes */
#define TOK_ASCII_ROOM	96u	/* readable bytes wanted: some are looked at */
#define TOK_ASCII_LAST	40u	/* pieces are taken that start below this */

struct tok_window {
	const char	*p;
	uint64_t	 high;		/* not ASCII */
	uint64_t	 digit;
	uint64_t	 blank;		/* also newlines */
	uint64_t	 word;		/* a word or what leads it may start */
	uint64_t	 word_end;	/* last letter of a word */
	uint64_t	 sign;		/* signs or a space before may start */
	uint64_t	 sign_end;
};

/* Classes as they come out of the bytes. */
struct tok_masks {
	uint64_t	upper, lower, digit, control, space, tab, high;
};

#ifdef __SSE2__

/* Bytes from lo to lo + n - 1, by one signed comparison. */
HR_INLINE uint64_t
tok_mask_range(__m128i x, unsigned char lo, unsigned char n)
{
	__m128i shifted = _mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - lo)));

	return (unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(shifted,
	    _mm_set1_epi8((char)(0x80 + n))));
}

HR_INLINE uint64_t
tok_mask_byte(__m128i x, char c)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x,
	    _mm_set1_epi8(c)));
}

HR_INLINE struct tok_masks
tok_classify(const char *p)
{
	struct tok_masks m = { 0, 0, 0, 0, 0, 0, 0 };
	unsigned i;
	__m128i x;

	for (i = 0; i < TOK_WINDOW; i += 16) {
		x = _mm_loadu_si128((const void *)(p + i));
		m.upper |= tok_mask_range(x, 'A', 26) << i;
		m.lower |= tok_mask_range(x, 'a', 26) << i;
		m.digit |= tok_mask_range(x, '0', 10) << i;
		m.control |= tok_mask_range(x, '\t', 5) << i;
		m.space |= tok_mask_byte(x, ' ') << i;
		m.tab |= tok_mask_byte(x, '\t') << i;
		m.high |= (uint64_t)(unsigned)_mm_movemask_epi8(x) << i;
	}
	return m;
}

#else

HR_INLINE struct tok_masks
tok_classify(const char *p)
{
	struct tok_masks m = { 0, 0, 0, 0, 0, 0, 0 };
	unsigned i;
	uint64_t bit;

	for (i = 0; i < TOK_WINDOW; i++) {
		bit = UINT64_C(1) << i;
		m.upper |= p[i] >= 'A' && p[i] <= 'Z' ? bit : 0;
		m.lower |= p[i] >= 'a' && p[i] <= 'z' ? bit : 0;
		m.digit |= p[i] >= '0' && p[i] <= '9' ? bit : 0;
		m.control |= p[i] >= '\t' && p[i] <= '\r' ? bit : 0;
		m.space |= p[i] == ' ' ? bit : 0;
		m.tab |= p[i] == '\t' ? bit : 0;
		m.high |= (unsigned char)p[i] >= 0x80 ? bit : 0;
	}
	return m;
}

#endif

/*
 * Fill w from the bytes at p.  Of the blanks only space and tab are taken as
 * leading a word; \v and \f are rare.  The last bit of what looks ahead by
 * one is wrong, so nothing that ends there is believed.
 */
HR_INLINE void
tok_window(enum tok_encoding enc, const char *p, struct tok_window *w)
{
	struct tok_masks m = tok_classify(p);
	uint64_t letter = m.upper | m.lower, punct;

	w->p = p;
	w->high = m.high;
	w->digit = m.digit;
	w->blank = m.control | m.space;
	punct = ~(letter | m.digit | w->blank | m.high);
	w->word = letter | ((punct | m.space | m.tab) & letter >> 1);
	w->word_end = letter & ~(letter >> 1);
	/* A capital after a small letter starts another word. */
	if (enc == TOK_O200K)
		w->word_end |= m.lower & m.upper >> 1;
	w->sign = punct | (m.space & punct >> 1);
	w->sign_end = punct & ~(punct >> 1);
}

/* Bytes up to and with the first set bit from `at` on; 64 if there is none. */
HR_INLINE size_t
tok_upto(uint64_t mask, size_t at)
{
	mask >>= at;
	return mask == 0 ? TOK_WINDOW :
	    (size_t)__builtin_ctzll(mask) + 1;
}

HR_INLINE bool
tok_bit(uint64_t mask, size_t at)
{
	return mask >> at & 1;
}

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

HR_INLINE bool
tok_is_newline(char c)
{
	return c == '\n' || c == '\r';
}

HR_INLINE size_t
tok_ascii_word(enum tok_encoding enc, const struct tok_window *w, size_t at)
{
	size_t n = tok_upto(w->word_end, at);
	const char *p = w->p + at;

	if (hr_unlikely(at + n >= TOK_WINDOW))
		return TOK_WINDOW;
	if (hr_unlikely(tok_bit(w->high, at + n)))
		return 0;
	if (enc == TOK_O200K && hr_unlikely(p[n] == '\'')) {
		if ((unsigned char)p[n + 1] >= 0x80)
			return 0;
		n += tok_ascii_contraction(p + n);
	}
	return n;
}

HR_INLINE size_t
tok_ascii_signs(enum tok_encoding enc, const struct tok_window *w, size_t at)
{
	size_t n = tok_upto(w->sign_end, at);
	const char *p = w->p + at;

	if (hr_unlikely(at + n >= TOK_WINDOW))
		return TOK_WINDOW;
	if (hr_unlikely(tok_bit(w->high, at + n)))
		return 0;
	if (tok_is_newline(p[n]))
		do
			if (at + ++n >= TOK_WINDOW)
				return TOK_WINDOW;
		while (tok_is_newline(p[n]) ||
		    (enc == TOK_O200K && p[n] == '/'));
	return n;
}

HR_INLINE size_t
tok_ascii_number(const struct tok_window *w, size_t at)
{
	size_t n = tok_upto(~w->digit, at) - 1;

	if (n >= 3)
		return 3;
	return tok_bit(w->high, at + n) ? 0 : n;
}

/* Blanks, `room` bytes from there; long rows of them are common in markup. */
HR_INLINE size_t
tok_ascii_blanks(const struct tok_window *w, size_t at, size_t room)
{
	size_t n = tok_upto(~w->blank, at) - 1, i;
	const char *p = w->p + at;

	if (*p == '\v' || *p == '\f')
		return 0;
	if (hr_unlikely(at + n >= TOK_WINDOW - 1)) {
		n = TOK_WINDOW - 1 - at;
		while (n < room && (p[n] == ' ' || (p[n] >= '\t' &&
		    p[n] <= '\r')))
			n++;
	}
	if (n >= room || (unsigned char)p[n] >= 0x80)
		return 0;
	for (i = n; i > 0; i--)
		if (tok_is_newline(p[i - 1]))
			return i;
	return n > 1 ? n - 1 : 1;
}

/*
 * Length of the piece at w->p + at, at <= TOK_ASCII_LAST, where the text goes
 * on for `room` bytes; 0 if it is not plain, TOK_WINDOW or more if it ends
 * too near to the window's end to tell, or is a long row of blanks.
 */
HR_INLINE size_t
tok_ascii_piece(enum tok_encoding enc, const struct tok_window *w, size_t at,
    size_t room)
{
	const char *p = w->p + at;

	if (enc == TOK_CL100K && hr_unlikely(*p == '\'')) {
		if ((unsigned char)p[1] >= 0x80)
			return 0;
		if (tok_ascii_contraction(p) > 0)
			return tok_ascii_contraction(p);
	}
	if (hr_likely(tok_bit(w->word, at)))
		return tok_ascii_word(enc, w, at);
	if (tok_bit(w->sign, at))
		return tok_ascii_signs(enc, w, at);
	if (tok_bit(w->digit, at))
		return tok_ascii_number(w, at);
	/* What is above 7F may be a letter, which a blank would belong to. */
	if (hr_unlikely(tok_bit(w->high, at) || tok_bit(w->high, at + 1)))
		return 0;
	return tok_ascii_blanks(w, at, room);
}

#endif
