/*
 * tok_split - the encodings' patterns, by hand
 */
#include "compat.h"

#include "tok_class.h"
#include "tok_split.h"
#include "utf8.h"

struct scan {
	const unsigned char	*p;
	size_t			 n;
	bool			 last;	/* nothing follows */
	bool			 more;	/* the end was looked at, not last */
	bool			 bad;	/* an ill-formed sequence was met */
};

/* Sets of classes, as bits. */
#define BIT(c)		(1u << (c))
#define CASELESS	(BIT(TOK_LETTER) | BIT(TOK_MARK))
#define UPPERISH	(BIT(TOK_UPPER) | CASELESS)
#define LOWERISH	(BIT(TOK_LOWER) | CASELESS)
#define LETTERS		(BIT(TOK_UPPER) | BIT(TOK_LOWER) | BIT(TOK_LETTER))
#define LEADS		(BIT(TOK_OTHER) | BIT(TOK_MARK) | BIT(TOK_SPACE))
#define PUNCT		(BIT(TOK_OTHER) | BIT(TOK_MARK))
#define BLANKS		(BIT(TOK_SPACE) | BIT(TOK_NEWLINE))
#define NUMBERS		BIT(TOK_NUMBER)

HR_INLINE bool
is_in(enum tok_class c, unsigned set)
{
	return set >> c & 1;
}

static enum tok_class
peek_decode(struct scan *s, size_t at, size_t *width)
{
	uint32_t cp;
	bool bad = false;

	*width = utf8_decode((const char *)s->p + at, s->n - at, &cp, &bad);
	if (!bad)
		return tok_class(cp);
	/* What looks ill-formed may only be cut off. */
	if (!s->last && at + *width == s->n)
		s->more = true;
	else
		s->bad = true;
	return TOK_END;
}

/* Class and width of the character at `at`; TOK_END if it is ill-formed. */
HR_INLINE enum tok_class
peek(struct scan *s, size_t at, size_t *width)
{
	unsigned b0;

	*width = 0;
	if (at >= s->n) {
		s->more = !s->last;
		return TOK_END;
	}
	b0 = s->p[at];
	*width = 1;
	if (b0 < 0x80)
		return (enum tok_class)(tok_class_word[b0 >> 4] >>
		    (b0 & 15) * 4 & 15);
	/* Most of the world's text: C2..DF and one more, E1..EC and two. */
	if (b0 >= 0xC2 && b0 < 0xE0 && s->n - at >= 2 &&
	    (s->p[at + 1] & 0xC0) == 0x80) {
		*width = 2;
		return tok_class((b0 & 31u) << 6 | (s->p[at + 1] & 63u));
	}
	if (b0 > 0xE0 && b0 < 0xED && s->n - at >= 3 &&
	    (s->p[at + 1] & 0xC0) == 0x80 && (s->p[at + 2] & 0xC0) == 0x80) {
		*width = 3;
		return tok_class((b0 & 15u) << 12 |
		    (s->p[at + 1] & 63u) << 6 | (s->p[at + 2] & 63u));
	}
	return peek_decode(s, at, width);
}

/* End of the longest run of characters in a set. */
HR_INLINE size_t
run(struct scan *s, size_t at, unsigned set)
{
	size_t w;

	while (is_in(peek(s, at, &w), set))
		at += w;
	return at;
}

/* The byte at `at` in lower case, 0 if there is none. */
static unsigned
lower(struct scan *s, size_t at)
{
	if (at < s->n)
		return s->p[at] | (s->p[at] < 0x80 ? 0x20u : 0);
	s->more |= !s->last;
	return 0;
}

/* End of (?i:'s|'t|'re|'ve|'m|'ll|'d) at `at`, or `at` if it is not there. */
static size_t
contraction(struct scan *s, size_t at)
{
	unsigned c;

	if (at >= s->n || s->p[at] != '\'') {
		s->more |= at >= s->n && !s->last;
		return at;
	}
	c = lower(s, at + 1);
	if (c == 's' || c == 't' || c == 'm' || c == 'd')
		return at + 2;
	if ((c == 'r' || c == 'v') && lower(s, at + 2) == 'e')
		return at + 3;
	if (c == 'l' && lower(s, at + 2) == 'l')
		return at + 3;
	/* U+017F, the long s, is an s in another case. */
	if (c == 0xC5 && lower(s, at + 2) == 0xBF)
		return at + 3;
	return at;
}

/*
 * o200k's alternative 1 without its first character: capitals, then small
 * letters; letters without case and marks go with either, so the capitals
 * are matched greedily and given back up to the last that may be small.
 * Returns 0 if it does not match.  *capitals is where alternative 2 ends
 * then, for which the capitals alone suffice; `at` if there are none.
 */
static size_t
cased_word(struct scan *s, size_t at, size_t *capitals)
{
	size_t w, small = 0;
	enum tok_class c;

	while (is_in(c = peek(s, at, &w), UPPERISH)) {
		at += w;
		if (is_in(c, CASELESS))
			small = at;
	}
	*capitals = at;
	if (c == TOK_LOWER)
		small = run(s, at, LOWERISH);
	return small;
}

/* Alternatives 1 and 2 of o200k, each first with the leading character. */
static size_t
word_o200k(struct scan *s, enum tok_class c, size_t w)
{
	size_t with = 0, without = 0, end = 0;

	if (is_in(c, LEADS))
		end = cased_word(s, w, &with);
	if (end == 0 && is_in(c, LETTERS | BIT(TOK_MARK)))
		end = cased_word(s, 0, &without);
	if (end == 0 && with > w)
		end = with;
	if (end == 0)
		end = without;
	return end == 0 ? 0 : contraction(s, end);
}

/* Alternatives 1 and 2 of cl100k. */
static size_t
word_cl100k(struct scan *s, enum tok_class c, size_t w)
{
	size_t end;

	if (s->p[0] == '\'') {
		end = contraction(s, 0);
		if (end > 0)
			return end;
	}
	if (is_in(c, LETTERS))
		return run(s, w, LETTERS);
	if (!is_in(c, LEADS))
		return 0;
	end = run(s, w, LETTERS);
	return end > w ? end : 0;
}

static size_t
number(struct scan *s, size_t w)
{
	size_t end = w, i;

	for (i = 1; i < 3 && is_in(peek(s, end, &w), NUMBERS); i++)
		end += w;
	return end;
}

/* Alternative 4. */
static size_t
punctuation(struct scan *s, enum tok_encoding enc)
{
	size_t from = s->p[0] == ' ' ? 1 : 0, end = run(s, from, PUNCT);

	if (end == from)
		return 0;
	while (end < s->n && (s->p[end] == '\r' || s->p[end] == '\n' ||
	    (enc == TOK_O200K && s->p[end] == '/')))
		end++;
	if (end >= s->n)
		s->more = !s->last;
	return end;
}

/*
 * Alternatives 5 to 7: up to the last newline; else all of it where the text
 * ends; else all but the last, which may belong to what follows.
 */
static size_t
blanks(struct scan *s)
{
	size_t at = 0, w, newline = 0, before = 0;
	enum tok_class c;

	while (is_in(c = peek(s, at, &w), BLANKS)) {
		before = at;
		at += w;
		if (c == TOK_NEWLINE)
			newline = at;
	}
	if (newline > 0)
		return newline;
	return at >= s->n || before == 0 ? at : before;
}

size_t
tok_piece(enum tok_encoding enc, struct span text, bool last, bool *bad)
{
	struct scan s = { (const unsigned char *)text.p, text.n, last,
	    false, false };
	size_t w, end = 0;
	enum tok_class c = peek(&s, 0, &w);

	if (c == TOK_NUMBER)
		end = number(&s, w);
	else if (c != TOK_NEWLINE && c != TOK_END)
		end = enc == TOK_O200K ? word_o200k(&s, c, w) :
		    word_cl100k(&s, c, w);
	if (end == 0 && (is_in(c, PUNCT) || s.p[0] == ' '))
		end = punctuation(&s, enc);
	if (end == 0 && is_in(c, BLANKS))
		end = blanks(&s);
	if (s.bad)
		*bad = true;
	return s.bad || s.more ? 0 : end;
}
