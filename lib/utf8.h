/*
 * utf8.h - UTF-8 as in RFC 3629, errors as the Unicode Standard recommends
 *
 * Well-formed means: shortest form, no surrogates, at most U+10FFFF.  An
 * ill-formed sequence is replaced piecewise: each maximal subpart (the
 * longest start of a well-formed sequence, else one byte) counts as one
 * U+FFFD, "substitution of maximal subparts", The Unicode Standard 3.9.
 */
#ifndef HR_UTF8_H
#define HR_UTF8_H

#include "compat.h"

#define UTF8_REPLACEMENT	0xFFFDu

/*
 * Decode the character at p, n > 0 bytes there.  Returns the bytes consumed,
 * 1 to 4, and sets *cp; for an ill-formed sequence *cp is UTF8_REPLACEMENT
 * and *bad, if bad is not NULL, is set to true (and never to false).
 */
size_t	utf8_decode(const char *p, size_t n, uint32_t *cp, bool *bad);

/* Write cp (any value up to 0x10FFFF, surrogates too); returns 1 to 4. */
size_t	utf8_encode(uint32_t cp, char out[4]);

/* Offset of the first ill-formed byte, or n if all is well-formed. */
size_t	utf8_valid(const char *p, size_t n);

#endif
