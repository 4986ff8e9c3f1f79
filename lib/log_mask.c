/*
 * log_mask - templates of lines, by masking
 */
#include "compat.h"

#include "ascii.h"
#include "log_mask.h"

#define HEX_MIN		7	/* digits of a hash, at least */
#define ID_MIN		16	/* characters of an id, at least */
#define ID_DIGITS	4	/* in it, at least; a name has fewer */
#define GROUPS_MIN	4	/* of an address in hexadecimal */
#define GROUPS_MAX	8
#define UUID_LEN	36

#define D	(DIGIT | HEX | WORD)
#define A	WORD
#define H	(HEX | WORD)
#define B	BETWEEN		/* numbers that are one: 1.2, 3:4, 5 6 */
#define T	(WORD | BETWEEN)
#define A8	A, A, A, A, A, A, A, A
#define A64	A8, A8, A8, A8, A8, A8, A8, A8

enum { DIGIT = 1, HEX = 2, WORD = 4, BETWEEN = 8 };

static const uint8_t classes[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	B, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, B, B, B, B,
	D, D, D, D, D, D, D, D, D, D, B, 0, 0, 0, 0, 0,
	0, H, H, H, H, H, H, A, A, A, A, A, A, A, A, A,
	A, A, A, A, T, A, A, A, A, A, A, 0, 0, 0, 0, T,
	0, H, H, H, H, H, H, A, A, A, A, A, A, A, A, A,
	A, A, A, A, A, A, A, A, A, A, A, 0, 0, 0, 0, 0,
	A64, A64
};

#undef D
#undef A
#undef H
#undef B
#undef T
#undef A8
#undef A64

HR_INLINE unsigned
class(char c)
{
	return classes[(unsigned char)c];
}

/* A character of a word; NUL and blanks are none. */
HR_INLINE bool
is_word(char c)
{
	return (class(c) & WORD) != 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A mask, which takes what was masked before it in. */
HR_INLINE char *
hash_mark(char *start, char *q)
{
	if (q > start && q[-1] == '#')
		return q;
	if (q - start >= 2 && q[-2] == '#' && (class(q[-1]) & BETWEEN) != 0)
		return q - 1;
	*q = '#';
	return q + 1;
}

static bool
is_uuid(struct span s)
{
	size_t i;

	if (s.n < UUID_LEN)
		return false;
	for (i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : (class(s.p[i]) & HEX) == 0)
			return false;
	}
	return s.n == UUID_LEN || !is_word(s.p[UUID_LEN]);
}

/* Length of groups of hexadecimal digits between colons, if it is one. */
static size_t
address(struct span s)
{
	size_t i = 0, n, groups = 0, colons = 0;

	for (;; colons++) {
		for (n = 0; i + n < s.n && (class(s.p[i + n]) & HEX) != 0; n++)
			;
		if (n > 4 || (i + n < s.n && is_word(s.p[i + n])))
			return 0;
		groups += n > 0;
		i += n;
		if (groups == GROUPS_MAX || colons > GROUPS_MAX ||
		    i + 1 >= s.n || s.p[i] != ':' ||
		    ((class(s.p[i + 1]) & HEX) == 0 && s.p[i + 1] != ':'))
			break;
		i++;
	}
	return groups >= GROUPS_MIN ? i : 0;
}

static bool
is_month(struct span w)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	size_t i;

	for (i = 0; w.n == 3 && i < sizeof(names) - 1; i += 3)
		if (memcmp(w.p, names + i, 3) == 0)
			return true;
	return false;
}

static bool
is_day(struct span w)
{
	static const char names[] = "MonTueWedThuFriSatSun";
	size_t i;

	for (i = 0; w.n == 3 && i < sizeof(names) - 1; i += 3)
		if (memcmp(w.p, names + i, 3) == 0)
			return true;
	return false;
}

/* A month or a day of the week that stands in a date. */
static bool
in_date(struct span rest, size_t n, bool masked_before)
{
	struct span w = span_of(rest.p, n);
	size_t i = n;

	if (w.p[0] < 'A' || w.p[0] > 'Z')
		return false;
	if (is_month(w)) {
		while (i < rest.n && (is_blank(rest.p[i]) ||
		    rest.p[i] == '/' || rest.p[i] == '-'))
			i++;
		return i > n && i < rest.n && is_digit(rest.p[i]);
	}
	if (!is_day(w) || masked_before)
		return false;
	while (i < rest.n && (is_blank(rest.p[i]) || rest.p[i] == ','))
		i++;
	return i + 3 < rest.n && (is_month(span_of(rest.p + i, 3)) ||
	    is_digit(rest.p[i]));
}

/* A word that holds digits: masked as a whole, or its digits alone. */
static char *
mask_word(struct span w, size_t digits, bool hex, char *start, char *q)
{
	size_t i;

	if (digits == w.n || (hex && w.n >= HEX_MIN) ||
	    (w.n > 2 && w.p[0] == '0' && (w.p[1] | 0x20) == 'x') ||
	    (w.n >= ID_MIN && digits >= ID_DIGITS &&
	    memchr(w.p, '_', w.n) == NULL))
		return hash_mark(start, q);
	for (i = 0; i < w.n; i++) {
		if (is_digit(w.p[i]))
			q = hash_mark(start, q);
		else
			*q++ = w.p[i];
	}
	return q;
}

/* What stands in paths, host names and the like. */
static bool
in_name(char c)
{
	return is_word(c) || (c != '\0' && strchr("./-@~%+$", c) != NULL);
}

/*
 * Length of a value that only the deep mask takes; 0: it is none.  p is in the
 * line from start to end; closed: the quote before it ends another value.
 */
static size_t
value(const char *start, const char *p, const char *end, bool closed)
{
	char before = p > start ? p[-1] : ' ';
	size_t i, dots = 0, n, max = (size_t)(end - p);
	const char *e;

	if ((before == '"' || before == '\'') && !closed &&
	    (p - start < 2 || !is_word(p[-2]))) {
		e = memchr(p, before, max);
		return e != NULL ? (size_t)(e - p) : 0;
	}
	/* A name is looked at once, from where it begins. */
	if (in_name(before))
		return 0;
	for (n = 0; n < max && in_name(p[n]); n++)
		;
	if (before == '=')
		return n;
	for (i = 1; i + 1 < n; i++)
		dots += p[i] == '.' || p[i] == '/' || p[i] == '@';
	return dots >= 2 ? n : 0;
}

struct word {
	size_t	n, digits;
	bool	hex;
};

/* The word that s begins with, copied to q, which has room for it. */
HR_INLINE struct word
word_at(struct span s, char *q)
{
	unsigned c, all = HEX;
	size_t n, digits = 0;

	for (n = 0; n < s.n && ((c = class(s.p[n])) & WORD) != 0; n++) {
		q[n] = s.p[n];
		digits += c & DIGIT;
		all &= c;
	}
	return (struct word){ n, digits, all != 0 };
}

/* Whether groups between colons are more than a time has. */
static bool
long_enough(struct span s)
{
	return s.n < 9 || s.p[2] != ':' || s.p[5] != ':' || s.p[8] == ':';
}

/* Length of what is masked as a whole by its form. */
static size_t
formed(struct span s, const struct word *w)
{
	if (!w->hex)
		return 0;
	if (w->n == 8 && is_uuid(s))
		return UUID_LEN;
	return w->n <= 4 && w->n < s.n && s.p[w->n] == ':' &&
	    long_enough(s) ? address(s) : 0;
}

/* Behind what was read, and behind what was written. */
struct place {
	const char	*p;
	char		*q;
};

/* What becomes of the word w, which s begins with and q holds already. */
static struct place
put_word(struct span s, struct word w, char *start, char *q)
{
	size_t n = formed(s, &w);

	if (n > 0)
		return (struct place){ s.p + n, hash_mark(start, q) };
	if (w.n == 3 && w.digits == 0 && in_date(s, 3, q > start &&
	    q[-1] == '#'))
		q = hash_mark(start, q);
	else if (w.digits > 0)
		q = mask_word(span_of(s.p, w.n), w.digits, w.hex, start, q);
	else
		q += w.n;
	return (struct place){ s.p + w.n, q };
}

HR_INLINE bool
is_joined(const char *start, const char *p)
{
	return *p == '_' || (unsigned char)*p >= 0x80 ||
	    (p > start && p[-1] == '\'');
}

/* The sign of a number, not a mark between two: "x=-1", "blk_-1", no "a-1". */
HR_INLINE bool
is_sign(const char *p, const char *end, const char *start, const char *q)
{
	return *p == '-' && end - p > 1 && is_digit(p[1]) &&
	    (q == start || (q[-1] != '#' && (!is_word(q[-1]) ||
	    q[-1] == '_')));
}

HR_INLINE size_t
mask(struct span line, bool deep, struct buf *out)
{
	const char *p = line.p, *end = line.n > 0 ? p + line.n : p;
	bool closed = false;
	char *start, *q;
	struct place to;
	struct span s;
	struct word w;
	size_t n, words = 0;

	buf_reset(out);
	start = q = buf_reserve(out, line.n + 1);
	if (q == NULL)
		return 0;
	while (p < end) {
		s = span_of(p, (size_t)(end - p));
		if (deep && (n = value(line.p, p, end, closed)) > 0) {
			q = hash_mark(start, q);
			p += n;
			closed = true;
			continue;
		} else if (is_word(*p)) {
			words += !is_joined(line.p, p);
			w = word_at(s, q);
			if (w.digits == w.n && w.n != 8 && (w.n > 4 ||
			    w.n == s.n || p[w.n] != ':')) {
				q = hash_mark(start, q);
				p += w.n;
			} else if (w.digits > 0 || w.hex || w.n == 3) {
				to = put_word(s, w, start, q);
				p = to.p;
				q = to.q;
			} else {
				q += w.n;
				p += w.n;
			}
		} else {
			if (is_blank(*p)) {
				if (q > start && q[-1] != ' ')
					*q++ = ' ';
			} else if (!is_sign(p, end, start, q))
				*q++ = *p;
			p++;
		}
		closed = closed && (p[-1] == '"' || p[-1] == '\'');
	}
	while (q > start && (is_blank(q[-1]) || q[-1] == '\r'))
		q--;
	buf_commit(out, (size_t)(q - start));
	return words;
}

size_t
log_mask(struct span line, enum log_depth depth, struct buf *out)
{
	return depth == LOG_MASK ? mask(line, false, out) :
	    mask(line, true, out);
}

/* Length of the hexadecimal number that s begins with, if it is one. */
static size_t
hash(const char *start, struct span s)
{
	size_t n, digits = 0;

	if (s.p > start && is_word(s.p[-1]))
		return 0;
	n = s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x' ? 2 : 0;
	digits = n;
	while (n < s.n && (class(s.p[n]) & HEX) != 0)
		digits += is_digit(s.p[n++]);
	return n >= HEX_MIN && digits > 0 && (n == s.n || !is_word(s.p[n])) ?
	    n : 0;
}

void
log_message(struct span s, bool frame, struct buf *out)
{
	const char *start = s.p;
	size_t n;

	while (s.n > 0) {
		n = 1;
		if (frame && (n = hash(start, s)) > 0) {
			buf_addc(out, '#');
		} else if (is_uuid(s)) {
			n = UUID_LEN;
			buf_addc(out, '#');
		} else if (s.n >= 8 && is_digit(s.p[0]) && s.p[2] == ':' &&
		    is_digit(s.p[3]) && s.p[5] == ':' && is_digit(s.p[6])) {
			for (n = 8; n < s.n && (is_digit(s.p[n]) ||
			    s.p[n] == '.' || s.p[n] == ','); n++)
				;
			buf_addc(out, '#');
		} else {
			n = 1;
			buf_addc(out, s.p[0]);
		}
		s = span_skip(s, n);
	}
}
