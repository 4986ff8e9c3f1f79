/*
 * cell - what may stand bare in a table
 */
#include "compat.h"

#include "cell.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/* What is in a text: bytes barred from cells, perhaps a surrogate, brackets. */
enum { BARRED = 1, DOUBTFUL = 2, BRACKET = 4 };

#if defined(__SSE2__)

/* The bytes of a text of up to 16, each at least once and no others. */
static __m128i
load_short(const char *p, size_t n)
{
	int64_t low, high;
	int32_t a, b;

	if (n >= 8) {
		memcpy(&low, p, 8);
		memcpy(&high, p + n - 8, 8);
		return _mm_set_epi64x(high, low);
	}
	if (n >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		return _mm_set_epi32(a, b, a, b);
	}
	return _mm_set1_epi32((int)((unsigned char)p[0] |
	    (unsigned)(unsigned char)p[n / 2] << 8 |
	    (unsigned)(unsigned char)p[n - 1] << 16 |
	    (unsigned)(unsigned char)p[0] << 24));
}

static __m128i
equal(__m128i v, int c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
}

static unsigned
contents(struct span s)
{
	__m128i barred_in = _mm_setzero_si128(), doubt = barred_in;
	__m128i bracket = barred_in, v, w;
	size_t i;

	for (i = 0; i < s.n; i += 16) {
		if (s.n < 16)
			v = load_short(s.p, s.n);
		else
			v = _mm_loadu_si128((const void *)(s.p +
			    (i + 16 <= s.n ? i : s.n - 16)));
		/* An opening bracket is a brace but for one bit. */
		w = _mm_or_si128(v, _mm_set1_epi8(0x20));
		barred_in = _mm_or_si128(barred_in, _mm_or_si128(
		    _mm_or_si128(equal(v, ','), equal(v, 0x7F)),
		    _mm_cmpeq_epi8(v, _mm_min_epu8(v,
		    _mm_set1_epi8(0x1F)))));
		doubt = _mm_or_si128(doubt, equal(v, 0xED));
		bracket = _mm_or_si128(bracket, _mm_or_si128(equal(w, '{'),
		    equal(w, '}')));
	}
	return (_mm_movemask_epi8(barred_in) != 0 ? BARRED : 0) |
	    (_mm_movemask_epi8(doubt) != 0 ? DOUBTFUL : 0) |
	    (_mm_movemask_epi8(bracket) != 0 ? BRACKET : 0);
}

#else

static unsigned
contents(struct span s)
{
	return (free_of(s, IN_CELL) ? 0 : BARRED) | DOUBTFUL | BRACKET;
}

#endif

/* What JSON would read as another type than a string. */
static bool
like_other(struct span s)
{
	char first = s.p[0], last = s.p[s.n - 1];

	if (first == 'n' || first == 't')
		return span_eq(s, SPAN_LIT("null")) ||
		    span_eq(s, SPAN_LIT("true"));
	if (first == 'f')
		return span_eq(s, SPAN_LIT("false"));
	/* All that is in a number is below '9'; it ends in a digit or dot. */
	return first <= '9' && last <= '9' && cell_numeric(s);
}

unsigned
cell_look(struct span s)
{
	unsigned in;

	if (s.n == 0 || (barred[(unsigned char)s.p[0]] & AT_START) ||
	    s.p[s.n - 1] == ' ' || like_other(s))
		return 0;
	in = contents(s);
	if ((in & BARRED) || ((in & DOUBTFUL) && has_surrogate(s)) ||
	    (s.p[0] == '(' && span_starts(s, SPAN_LIT(CELL_EMBEDDED))))
		return 0;
	if (((in & BRACKET) && !balanced(s)) || like_table(s))
		return CELL_BARE;
	return CELL_BARE | CELL_BARE_VALUE;
}

bool
cell_bare(struct span s)
{
	return (cell_look(s) & CELL_BARE) != 0;
}

bool
cell_bare_value(struct span s)
{
	return (cell_look(s) & CELL_BARE_VALUE) != 0;
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
