/*
 * numbered - texts that have a number before each line
 */
#include "compat.h"

#include "numbered.h"

#define DIGITS_MAX	9
#define WIDTH_MAX	16	/* blanks and digits */

/* Bytes up to behind what separates number and line; 0: no number. */
static size_t
prefix(struct span s, uint64_t *n)
{
	size_t i = 0, digits = 0;

	while (i < s.n && i < WIDTH_MAX && s.p[i] == ' ')
		i++;
	for (*n = 0; i < s.n && s.p[i] - '0' + 0u < 10; i++, digits++) {
		if (digits == DIGITS_MAX)
			return 0;
		*n = *n * 10 + (uint64_t)(s.p[i] - '0');
	}
	if (digits == 0 || i == s.n)
		return 0;
	if (s.p[i] == '\t' || s.p[i] == '|')
		return i + 1;
	return span_starts(span_skip(s, i), SPAN_LIT("\xE2\x86\x92")) ?
	    i + 3 : 0;
}

bool
numbered(struct span text, uint64_t *first)
{
	struct span line;
	uint64_t n, next = 0;
	bool any = false;

	while (text.n > 0) {
		line = span_line(&text);
		if (prefix(line, &n) == 0 || (any && n != next))
			return false;
		if (!any)
			*first = n;
		any = true;
		next = n + 1;
	}
	return any;
}

struct span
numbered_rest(struct span line)
{
	uint64_t n;

	return span_skip(line, prefix(line, &n));
}
