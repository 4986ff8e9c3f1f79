/*
 * profile_pat - patterns for lines
 *
 * A pattern becomes a row of steps, each of which takes one byte but the star
 * and the indentation.
 */
#include "compat.h"

#include "mem.h"
#include "profile_pat.h"

/*
 * Steps below are bytes; from OP_SET on sets by their number, and from OP_MANY
 * on sets with a plus.
 */
enum { OP_STAR = 256, OP_ANY, OP_INDENT, OP_SET,
    OP_MANY = OP_SET + PAT_SETS_MAX };

static bool
in_set(const struct pat_sets *sets, unsigned op, unsigned char c)
{
	op -= op < OP_MANY ? OP_SET : OP_MANY;
	return sets->set[op][c >> 6] >> (c & 63) & 1;
}

static void
put(uint64_t set[4], unsigned char c)
{
	set[c >> 6] |= (uint64_t)1 << (c & 63);
}

/* The number of a set; -1: too many, or no memory. */
static int
set_number(struct pat_sets *sets, const uint64_t set[4])
{
	uint64_t (*p)[4];
	size_t i;

	for (i = 0; i < sets->n; i++)
		if (memcmp(sets->set[i], set, sizeof(*p)) == 0)
			return (int)i;
	if (sets->n == sets->cap) {
		p = mem_grow(sets->set, &sets->cap, sets->n + 1, sizeof(*p),
		    PAT_SETS_MAX);
		if (p == NULL)
			return -1;
		sets->set = p;
	}
	memcpy(sets->set[sets->n], set, sizeof(*p));
	return (int)sets->n++;
}

/* From behind '[': the length with ']', or 0 if there is none. */
static size_t
read_set(struct span s, uint64_t set[4])
{
	bool not = s.n > 0 && s.p[0] == '!';
	size_t i = not, from = i, k;
	unsigned c;

	for (; i < s.n && (s.p[i] != ']' || i == from); i++) {
		put(set, (unsigned char)s.p[i]);
		if (i + 2 >= s.n || s.p[i + 1] != '-' || s.p[i + 2] == ']')
			continue;
		for (c = (unsigned char)s.p[i];
		    c <= (unsigned char)s.p[i + 2]; c++)
			put(set, (unsigned char)c);
		i += 2;
	}
	for (k = 0; not && k < 4; k++)
		set[k] = ~set[k];
	return i < s.n ? i + 1 : 0;
}

const char *
pat_compile(struct span s, struct pat_sets *sets, uint16_t *op, size_t *n)
{
	uint64_t set[4];
	size_t i, len;
	bool star = false;
	int number;

	*n = 0;
	if (s.n > PAT_MAX)
		return "too long a pattern";
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		op[*n] = c;
		if (c == '*')
			op[*n] = OP_STAR;
		else if (c == '?')
			op[*n] = OP_ANY;
		else if (c == ' ' && i == 0) {
			op[*n] = OP_INDENT;
			while (i + 1 < s.n && s.p[i + 1] == ' ')
				i++;
		} else if (c == '\\') {
			if (++i == s.n)
				return "a backslash with nothing behind it";
			op[*n] = (unsigned char)s.p[i];
		} else if (c == '[') {
			memset(set, 0, sizeof(set));
			len = read_set(span_skip(s, i + 1), set);
			if (len == 0)
				return "a bracket that does not end";
			number = set_number(sets, set);
			if (number < 0)
				return "too many sets";
			op[*n] = (uint16_t)(OP_SET + number);
			i += len;
			if (i + 1 < s.n && s.p[i + 1] == '+') {
				if (star)
					return "a plus behind a star";
				op[*n] = (uint16_t)(OP_MANY + number);
				i++;
			}
		}
		star = star || op[*n] == OP_STAR;
		/* Two stars are one. */
		*n += *n == 0 || op[*n] != OP_STAR || op[*n - 1] != OP_STAR;
	}
	return NULL;
}

static bool
takes(unsigned op, const struct pat_sets *sets, unsigned char c)
{
	if (op < OP_STAR)
		return op == c;
	return op == OP_ANY || (op >= OP_SET && in_set(sets, op, c));
}

static size_t
indent(struct span s)
{
	size_t i = 0;

	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t'))
		i++;
	return i;
}

static size_t
run_of(unsigned op, const struct pat_sets *sets, struct span s)
{
	size_t i = 0;

	while (i < s.n && in_set(sets, op, (unsigned char)s.p[i]))
		i++;
	return i;
}

/* Where the piece behind a star may begin: at its first byte, if it has one. */
static size_t
next_try(const uint16_t *op, size_t n, size_t k, struct span s, size_t at)
{
	const char *p;

	if (k == n || op[k] >= OP_STAR || at >= s.n)
		return at;
	p = memchr(s.p + at, op[k], s.n - at);
	return p == NULL ? s.n : (size_t)(p - s.p);
}

/*
 * The length that the pattern takes of s, from its beginning, or -1; whole:
 * nothing may be left.
 */
static ptrdiff_t
run(const uint16_t *op, size_t n, const struct pat_sets *sets, struct span s,
    bool whole)
{
	size_t i = 0, k = 0, star = SIZE_MAX, mark = 0;

	if (n > 0 && op[0] == OP_INDENT) {
		i = indent(s);
		k = 1;
		if (i == 0)
			return -1;
	}
	for (;;) {
		if (k < n && op[k] == OP_STAR) {
			star = ++k;
			mark = i = next_try(op, n, k, s, i);
			if (whole && k == n)
				return (ptrdiff_t)s.n;
		} else if (k == n && (!whole || i == s.n)) {
			return (ptrdiff_t)i;
		} else if (i < s.n && k < n &&
		    takes(op[k], sets, (unsigned char)s.p[i])) {
			i++;
			if (op[k] >= OP_MANY)
				i += run_of(op[k], sets, span_skip(s, i));
			k++;
		} else if (star == SIZE_MAX || i >= s.n || mark >= s.n) {
			return -1;
		} else {
			k = star;
			mark = i = next_try(op, n, k, s, mark + 1);
		}
	}
}

bool
pat_match(const uint16_t *op, size_t n, const struct pat_sets *sets,
    struct span s)
{
	/* Most lines that do not match end otherwise. */
	if (n > 0 && op[n - 1] < OP_STAR &&
	    (s.n == 0 || (unsigned char)s.p[s.n - 1] != op[n - 1]))
		return false;
	return run(op, n, sets, s, true) >= 0;
}

size_t
pat_prefix(const uint16_t *op, size_t n, const struct pat_sets *sets,
    struct span s)
{
	ptrdiff_t len = run(op, n, sets, s, false);

	return len < 0 ? 0 : (size_t)len;
}

bool
pat_first(const uint16_t *op, size_t n, size_t *from, size_t *to)
{
	if (n == 0 || op[0] == OP_STAR || op[0] == OP_ANY)
		return false;
	*from = op[0] < OP_STAR ? op[0] : op[0] == OP_INDENT ? '\t' : 0;
	*to = op[0] < OP_STAR ? *from + 1 : op[0] == OP_INDENT ? ' ' + 1 : 256;
	return true;
}

bool
pat_begins(const uint16_t *op, const struct pat_sets *sets, unsigned char c)
{
	return op[0] == OP_INDENT ? c == ' ' || c == '\t' :
	    takes(op[0], sets, c);
}
