/*
 * cell - what may stand bare in a table
 */
#include "compat.h"

#include "cell.h"

enum {	/* where a byte is no part of a bare text */
	IN_CELL = 1,		/* anywhere in a cell */
	AT_START = 2,		/* as the first byte of a cell */
	IN_CONSTANT = 4,	/* anywhere in a constant of a header */
	IN_NAME = 8,		/* anywhere in a name */
	IN_STEP = 16		/* anywhere in a name within a path */
};

static const uint8_t barred[256] = {
	[0 ... 0x1F] = IN_CELL | IN_NAME,
	[0x7F] = IN_CELL | IN_NAME,
	[','] = IN_CELL | IN_NAME,
	['"'] = AT_START | IN_NAME,
	['['] = AT_START | IN_NAME,
	[']'] = AT_START | IN_NAME,
	['{'] = AT_START | IN_CONSTANT | IN_NAME,
	['}'] = AT_START | IN_CONSTANT | IN_NAME,
	['='] = AT_START | IN_CONSTANT | IN_NAME,
	[':'] = IN_NAME,
	['*'] = IN_NAME,
	['.'] = IN_STEP,
	[' '] = AT_START | IN_NAME,
};

static bool
free_of(struct span s, unsigned where)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (barred[(unsigned char)s.p[i]] & where)
			return false;
	return true;
}

static size_t
digits(struct span s, size_t i)
{
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i;
}

bool
cell_numeric(struct span s)
{
	size_t i = 0, k, seen;

	if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
		i++;
	k = digits(s, i);
	seen = k - i;
	i = k;
	if (i < s.n && s.p[i] == '.') {
		k = digits(s, i + 1);
		seen += k - i - 1;
		i = k;
	}
	if (seen == 0)
		return false;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		k = digits(s, i);
		if (k == i)
			return false;
		i = k;
	}
	return i == s.n;
}

/* WTF-8's surrogates, U+D800 to U+DFFF, can only be escaped. */
static bool
has_surrogate(struct span s)
{
	const char *p = s.p, *end = s.p + s.n;

	while ((p = memchr(p, 0xED, (size_t)(end - p))) != NULL) {
		if (end - p > 1 && (unsigned char)p[1] >= 0xA0)
			return true;
		p++;
	}
	return false;
}

bool
cell_bare(struct span s)
{
	if (s.n == 0 || (barred[(unsigned char)s.p[0]] & AT_START) ||
	    s.p[s.n - 1] == ' ' || !free_of(s, IN_CELL) || has_surrogate(s) ||
	    span_starts(s, SPAN_LIT(CELL_EMBEDDED)))
		return false;
	if (span_eq(s, SPAN_LIT("null")) || span_eq(s, SPAN_LIT("true")) ||
	    span_eq(s, SPAN_LIT("false")))
		return false;
	return !cell_numeric(s);
}

/* What begins like a bracket closes like one. */
static bool
balanced(struct span s)
{
	size_t i, depth = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '[' || s.p[i] == '{')
			depth++;
		if ((s.p[i] == ']' || s.p[i] == '}') && depth-- == 0)
			return false;
	}
	return depth == 0;
}

/* "12 rows: ", which behind a bracket begins a table. */
static bool
like_table(struct span s)
{
	struct span rest = span_skip(s, digits(s, 0));

	return rest.n < s.n && span_starts(rest, SPAN_LIT(" rows"));
}

bool
cell_bare_value(struct span s)
{
	return cell_bare(s) && balanced(s) && !like_table(s);
}

bool
cell_bare_constant(struct span s)
{
	return cell_bare(s) && free_of(s, IN_CONSTANT) &&
	    !span_ends(s, SPAN_LIT(CELL_UNLESS));
}

bool
cell_bare_name(struct span s)
{
	return s.n > 0 && free_of(s, IN_NAME) && !has_surrogate(s) &&
	    !span_eq(s, SPAN_LIT("..."));
}

bool
cell_bare_step(struct span s)
{
	return cell_bare_name(s) && free_of(s, IN_STEP);
}
