/*
 * source_part - lines, and encoded data in them
 */
#include "compat.h"

#include "numbered.h"
#include "source_part.h"

#define ENCODED_MIN	1024	/* bytes in a run or a block */
#define WIDTH_MIN	60	/* of lines of a block */
#define SHOWN		24	/* bytes of a run inside a line that stay */

void
source_open(struct source *s, struct span text, bool top)
{
	const char *p = text.p, *end = text.p + text.n;

	*s = (struct source){ .text = text, .words = BUF_INIT, .first = 1 };
	s->numbers = numbered(text, &s->first);
	s->number = s->first;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		s->lines++;
		p++;
	}
	s->lines += text.n > 0 && end[-1] != '\n';
	if (s->numbers ? s->first == 1 : top)
		source_licences(s);
	s->at = 0;
	s->number = s->first;
}

void
source_close(struct source *s)
{
	buf_release(&s->words);
}

int
source_err(const struct source *s)
{
	return buf_err(&s->words);
}

bool
source_line(struct source *s, struct source_line *l)
{
	struct span rest = span_skip(s->text, s->at);
	const char *nl;

	if (rest.n == 0)
		return false;
	nl = memchr(rest.p, '\n', rest.n);
	l->start = s->at;
	l->s = span_of(rest.p, nl == NULL ? rest.n : (size_t)(nl - rest.p));
	l->end = s->at + l->s.n + (nl != NULL);
	l->number = s->number++;
	s->at = l->end;
	if (s->numbers)
		l->s = numbered_rest(l->s);
	if (l->s.n > 0 && l->s.p[l->s.n - 1] == '\r')
		l->s.n--;
	return true;
}

/* How many bytes of each kind were seen. */
struct census {
	size_t	n, upper, lower, digits, high, other;	/* high: no hex */
};

static bool
count(struct census *c, char b)
{
	if (b >= '0' && b <= '9') {
		c->digits++;
	} else if (b >= 'A' && b <= 'Z') {
		c->upper++;
		c->high += b > 'F';
	} else if (b >= 'a' && b <= 'z') {
		c->lower++;
		c->high += b > 'f';
	} else if (b == '+' || b == '/' || b == '-' || b == '_') {
		c->other++;
	} else {
		return false;
	}
	c->n++;
	return true;
}

static bool
is_hex(const struct census *c)
{
	return c->high == 0 && c->other == 0 &&
	    (c->upper == 0 || c->lower == 0);
}

/*
 * Whether so many of each are what encoded data has: base64 is a quarter of
 * digits and signs, the rest letters, half of them capitals; words have few
 * capitals and digits, or nothing but.
 */
static bool
is_encoded(const struct census *c)
{
	if (c->n < ENCODED_MIN)
		return false;
	if (is_hex(c))
		return c->digits >= c->n / 5 * 2 &&
		    c->upper + c->lower >= c->n / 7;
	return c->upper >= c->n / 7 && c->lower >= c->n / 7 &&
	    c->digits >= c->n / 20 && c->other <= c->n / 8;
}

static size_t
padding(struct span s, size_t at)
{
	size_t n = 0;

	while (n < 2 && at + n < s.n && s.p[at + n] == '=')
		n++;
	return n;
}

/* Take away what a literal has around its data in a line of its own. */
static struct span
bare(struct span s)
{
	char last;

	s = span_trim(s, " \t");
	last = s.n > 0 ? s.p[s.n - 1] : '\0';
	if (last == '\\')
		s.n--;
	else if (last == '+' && s.n > 2 &&
	    memchr(" \"'", s.p[s.n - 2], 3) != NULL)
		s = span_trim(span_of(s.p, s.n - 1), " \t");
	if (s.n > 2 && memchr("\"'", s.p[0], 2) != NULL &&
	    s.p[s.n - 1] == s.p[0])
		s = span_of(s.p + 1, s.n - 2);
	if (s.n > 2 && memcmp(s.p + s.n - 2, "\\n", 2) == 0)
		s.n -= 2;
	return s;
}

/* Count a line of a block; false if it is none. */
static bool
count_line(struct census *c, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!count(c, s.p[i]))
			return i + padding(s, i) == s.n && i + 2 >= s.n;
	return s.n > 0;
}

/* Lists of hashes have such lines, too. */
static bool
is_hash_list(const struct census *c, size_t width)
{
	return is_hex(c) && (width == 64 || width == 96 || width == 128);
}

/*
 * Lines of one width that are nothing but encoded, and a shorter one behind
 * them; l is the first.  All are passed whether they are a part or not, but
 * for a line that stands alone.
 */
static bool
block(struct source *s, const struct source_line *first,
    struct source_part *p, bool *alone)
{
	struct census c = { .n = 0 }, with;
	struct span b = bare(first->s);
	struct source_line l;
	size_t width = b.n;
	struct source before;

	*alone = true;
	if (width < WIDTH_MIN || !count_line(&c, b) ||
	    b.p[b.n - 1] == '=')
		return false;
	*p = (struct source_part){ SOURCE_ENCODED, first->start, first->end,
	    first->number, 1 };
	for (;;) {
		before = *s;
		with = c;
		if (!source_line(s, &l))
			break;
		b = bare(l.s);
		if (b.n == 0 || b.n > width || !count_line(&with, b)) {
			*s = before;
			break;
		}
		c = with;
		p->end = l.end;
		p->lines++;
		if (b.n < width || b.p[b.n - 1] == '=')
			break;
	}
	*alone = p->lines == 1;
	return !*alone && is_encoded(&c) && !is_hash_list(&c, width);
}

/* The next long run inside the long line; s->inside goes behind it. */
static bool
inside(struct source *s, struct source_part *p)
{
	const struct source_line *l = &s->long_line;
	struct census c = { .n = 0 };
	size_t i, from, pad;

	for (i = from = s->inside; i <= l->s.n; i++) {
		if (i < l->s.n && count(&c, l->s.p[i]))
			continue;
		pad = padding(l->s, i);
		if (is_encoded(&c)) {
			s->inside = i;
			from += SHOWN;
			p->kind = SOURCE_ENCODED;
			p->start = (size_t)(l->s.p - s->text.p) + from;
			p->end = (size_t)(l->s.p - s->text.p) + i + pad;
			p->line = l->number;
			p->lines = 0;
			return true;
		}
		from = i + 1;
		c = (struct census){ .n = 0 };
	}
	s->inside = 0;
	return false;
}

/* A licence that begins here is passed. */
static bool
licence(struct source *s, struct source_part *p)
{
	while (s->next < s->nhead && s->head[s->next].start < s->at)
		s->next++;
	if (s->next == s->nhead || s->head[s->next].start != s->at)
		return false;
	*p = s->head[s->next++];
	s->at = p->end;
	s->number += p->lines;
	return true;
}

bool
source_next(struct source *s, struct source_part *p)
{
	struct source_line l;
	bool alone;

	for (;;) {
		if (s->inside > 0 && inside(s, p))
			return true;
		if (licence(s, p))
			return true;
		if (!source_line(s, &l))
			return false;
		if (l.s.n < WIDTH_MIN)
			continue;
		if (block(s, &l, p, &alone))
			return true;
		if (alone && l.s.n >= ENCODED_MIN) {
			s->long_line = l;
			s->inside = 1;
		}
	}
}
