/*
 * fold_place - where a line names a place in a file
 */
#include "compat.h"

#include "ascii.h"
#include "fold_place.h"

#define HEAD_MAX	1024	/* bytes */
#define BEFORE_MAX	48	/* bytes before the path */
#define DIGITS_MAX	9
#define SUFFIX_MAX	10	/* letters behind the last dot */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What no path has that is printed without quotes. */
static bool
ends_path(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f ||
	    memchr("\"'`<>|;,*?=:()[]{}", c, 18) != NULL;
}

/* "Makefile", "Gemfile" */
static bool
is_named_file(struct span p)
{
	return p.n > 4 && p.p[0] != '.' &&
	    memcmp(p.p + p.n - 4, "file", 4) == 0;
}

/* Whether a path looks like one: it has folders, or a suffix. */
static bool
is_path(struct span p)
{
	bool letter = false, folder = false;
	size_t i, dot = 0;

	for (i = 0; i < p.n; i++) {
		letter = letter || is_letter8(p.p[i]);
		folder = folder || p.p[i] == '/' || p.p[i] == '\\';
		if (p.p[i] == '.')
			dot = i + 1;
	}
	/* "//host:80" is what is left of an address. */
	if (!letter || span_starts(p, SPAN_LIT("//")))
		return false;
	return folder || is_named_file(p) || (dot > 1 && dot < p.n &&
	    is_letter8(p.p[dot]) && p.n - dot <= SUFFIX_MAX);
}

/*
 * What may stand before a path: blanks, and what a program puts before all
 * that it prints, "[javac] ", "vet: ", "  5>", " --> ".  Prose may not, nor a
 * time, by which each line would have a head of its own.
 */
static bool
may_precede(struct span s)
{
	bool sign = false, word = false;
	size_t i;

	if (s.n > BEFORE_MAX || (s.n > 0 && !is_blank(s.p[s.n - 1]) &&
	    s.p[s.n - 1] != '>'))
		return false;
	for (i = 0; i < s.n; i++) {
		if (is_digit(s.p[i]) && (i + 1 == s.n ||
		    (s.p[i + 1] != '>' && !is_digit(s.p[i + 1]))))
			return false;
		sign = sign || memchr("[]:>", s.p[i], 4) != NULL;
		word = word || !is_blank(s.p[i]);
	}
	return sign || !word;
}

/* Whether a path ends at the end of s, and begins where one may. */
static bool
ends_with_path(struct span s)
{
	size_t i = s.n;

	while (i > 0 && !ends_path(s.p[i - 1]))
		i--;
	/* "c:\a.c" */
	if (i > 1 && s.p[i - 1] == ':' && is_letter8(s.p[i - 2]) &&
	    i < s.n && (s.p[i] == '\\' || s.p[i] == '/') &&
	    (i == 2 || ends_path(s.p[i - 3])))
		i -= 2;
	return is_path(span_skip(s, i)) && may_precede(span_of(s.p, i));
}

bool
fold_place_head(struct span s)
{
	size_t n = s.n;

	if (n < 2 || n > HEAD_MAX || memchr(s.p, '\n', n) != NULL)
		return false;
	if (s.p[n - 1] == '[')
		n--;
	else if (s.p[n - 1] == '(')
		return ends_with_path(span_of(s.p, n - 1));
	return n > 1 && s.p[n - 1] == ':' &&
	    ends_with_path(span_of(s.p, n - 1));
}

static bool
in_brackets(struct span head)
{
	return head.p[head.n - 1] == '(' || head.p[head.n - 1] == '[';
}

char
fold_place_mid(struct span head)
{
	return in_brackets(head) ? ',' : ':';
}

/* The length of a number at the beginning of s, or 0. */
static size_t
number(struct span s)
{
	size_t n = 0;

	while (n < s.n && n <= DIGITS_MAX && is_digit(s.p[n]))
		n++;
	return n > DIGITS_MAX || (n > 1 && s.p[0] == '0') ? 0 : n;
}

/* Take a list off the front of s: how many numbers it has. */
static size_t
numbers(struct span *s, bool lists, struct span *list)
{
	struct span at = *s;
	size_t n = 0, k;

	*list = span_of(s->p, 0);
	while ((k = number(at)) > 0) {
		n++;
		at = span_skip(at, k);
		list->n = s->n - at.n;
		if (!lists || at.n == 0 || at.p[0] != ',')
			break;
		at = span_skip(at, 1);
	}
	*s = span_skip(*s, list->n);
	return n;
}

static bool
next_is(struct span s, char c)
{
	return s.n > 0 && s.p[0] == c;
}

bool
fold_place_table(const struct fold_place *p)
{
	return p->head.p[p->head.n - 1] == ' ';
}

/* Digits of the first number of a list. */
static size_t
first_digits(struct span list)
{
	size_t n = 0;

	while (n < list.n && is_digit(list.p[n]))
		n++;
	return n;
}

size_t
fold_place_colon(const struct fold_place *p)
{
	return p->head.n + first_digits(p->lines);
}

struct span
fold_place_tail(const struct fold_place *p)
{
	struct span s = p->tail;

	while (fold_place_table(p) && s.n > 0 && s.p[0] == ' ')
		s = span_skip(s, 1);
	return s;
}

/* Counted from the colon. */
size_t
fold_place_text(const struct fold_place *p)
{
	return first_digits(p->cols) + p->tail.n - fold_place_tail(p).n;
}

bool
fold_place_same(const struct fold_place *a, const struct fold_place *b)
{
	if (fold_place_table(a) && fold_place_table(b))
		return fold_place_colon(a) == fold_place_colon(b);
	return span_eq(a->head, b->head);
}

uint32_t
fold_place_number(struct span *list)
{
	uint32_t v = 0;
	size_t i;

	for (i = 0; i < list->n && is_digit(list->p[i]); i++)
		v = v * 10 + (uint32_t)(list->p[i] - '0');
	*list = span_skip(*list, i < list->n ? i + 1 : i);
	return v;
}

/* "12", "12,5", and as lists "12,15,18", "12,15:", "12,15:5,9". */
static bool
bracketed(struct span s, char close, bool lists, struct fold_place *p)
{
	p->nlines = numbers(&s, lists, &p->lines);
	if (lists && p->nlines == 2 && next_is(s, close)) {
		p->cols = p->lines;
		p->lines.n = number(p->lines);
		p->cols = span_skip(p->cols, p->lines.n + 1);
		p->nlines = p->ncols = 1;
	} else if (!lists && next_is(s, ',')) {
		s = span_skip(s, 1);
		p->ncols = numbers(&s, false, &p->cols);
		if (p->ncols == 0)
			return false;
	} else if (lists && next_is(s, ':')) {
		s = span_skip(s, 1);
		p->ncols = numbers(&s, true, &p->cols);
		if (p->nlines == 1)
			return false;
	}
	p->tail = s;
	return next_is(s, close) && s.n > 1 && (s.p[1] == ':' ||
	    is_blank(s.p[1]));
}

/* "12", "12:5", and as lists "12,15", "12,15:5", "12,15:5,9". */
static bool
bare(struct span s, bool lists, struct fold_place *p)
{
	struct span rest;

	p->nlines = numbers(&s, lists, &p->lines);
	if (next_is(s, ':')) {
		rest = span_skip(s, 1);
		p->ncols = numbers(&rest, lists, &p->cols);
		if (p->ncols > 0)
			s = rest;
	}
	p->tail = s;
	return s.n == 0 || memchr(":\r \t-", s.p[0], 5) != NULL;
}

/* What follows a head. */
static bool
behind(struct span head, struct span s, bool lists, struct fold_place *p)
{
	char last = head.p[head.n - 1];

	*p = (struct fold_place){ .head = head };
	if (last == '(' || last == '[') {
		if (!bracketed(s, last == '(' ? ')' : ']', lists, p))
			return false;
	} else if (!bare(s, lists, p))
		return false;
	return p->nlines > 0 && (p->ncols <= 1 || p->ncols == p->nlines);
}

/* "  12:5  error", "  12:5-13:1  error": below a path, as linters print it. */
static bool
indented(struct span s, bool lists, struct fold_place *p)
{
	size_t i = 0;

	while (i < s.n && s.p[i] == ' ')
		i++;
	return i > 0 && i < s.n && is_digit(s.p[i]) &&
	    behind(span_of(s.p, i), span_skip(s, i), lists, p) &&
	    p->ncols > 0 && p->tail.n > 1 && (p->tail.p[0] == ' ' ||
	    (p->tail.p[0] == '-' && is_digit(p->tail.p[1])));
}

bool
fold_place(struct span s, bool lists, struct fold_place *p)
{
	size_t i, end = s.n < HEAD_MAX ? s.n : HEAD_MAX;

	if (indented(s, lists, p))
		return true;
	for (i = 1; i < end; i++)
		if (is_digit(s.p[i]) && (s.p[i - 1] == ':' ||
		    s.p[i - 1] == '(' || s.p[i - 1] == '[') &&
		    fold_place_head(span_of(s.p, i)))
			return behind(span_of(s.p, i), span_skip(s, i),
			    lists, p);
	return false;
}

bool
fold_place_below(struct span head, struct span s, struct fold_place *p)
{
	return s.n > 0 && is_digit(s.p[0]) && behind(head, s, true, p);
}
