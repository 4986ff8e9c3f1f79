/*
 * span.h - a piece of text: pointer and length, NUL is data
 *
 * A span never owns its bytes; it is valid as long as the buffer, mapping or
 * arena it points into.  Pass it by value.  An empty span may have any p.
 */
#ifndef HR_SPAN_H
#define HR_SPAN_H

#include "compat.h"

#include <string.h>

struct span {
	const char	*p;
	size_t		 n;
};

/* A span over a string literal, without its NUL. */
#define SPAN_LIT(s)	((struct span){ "" s, sizeof(s) - 1 })

HR_INLINE struct span
span_of(const char *p, size_t n)
{
	return (struct span){ p, n };
}

/* Over a NUL-terminated string. */
HR_INLINE struct span
span_z(const char *z)
{
	return (struct span){ z, strlen(z) };
}

HR_INLINE bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

HR_INLINE bool
span_starts(struct span s, struct span prefix)
{
	return s.n >= prefix.n &&
	    (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

HR_INLINE bool
span_ends(struct span s, struct span suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 ||
	    memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* s without its first k bytes; k is at most s.n. */
HR_INLINE struct span
span_skip(struct span s, size_t k)
{
	/* NULL + 0 is not defined in C. */
	return (struct span){ k == 0 ? s.p : s.p + k, s.n - k };
}

/* s without those of the characters at its ends; NUL is none of them. */
HR_INLINE struct span
span_trim(struct span s, const char *chars)
{
	size_t n = strlen(chars);

	while (s.n > 0 && memchr(chars, s.p[0], n) != NULL)
		s = span_skip(s, 1);
	while (s.n > 0 && memchr(chars, s.p[s.n - 1], n) != NULL)
		s.n--;
	return s;
}

/* The next line of a text, without its end; the text then begins behind it. */
HR_INLINE struct span
span_line(struct span *text)
{
	struct span line = *text;
	const char *nl = line.n == 0 ? NULL : memchr(line.p, '\n', line.n);

	if (nl != NULL)
		line.n = (size_t)(nl - line.p);
	*text = span_skip(*text, line.n + (nl != NULL));
	return line;
}

/* Bytewise order, as memcmp; a prefix sorts first. */
HR_INLINE int
span_cmp(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

#endif
