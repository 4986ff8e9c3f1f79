/*
 * refs_lines - a text as lines, with the numbers that were printed on them
 *
 * Tools that show files print numbers in one style throughout: it is told by
 * the first two lines that are numbered alike, one after the other.
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#include "ascii.h"
#include "hash.h"
#include "mem.h"
#include "refs_impl.h"

#define DIGITS_MAX	8

enum separator {	/* what stands behind a number */
	SEP_TAB = 1,
	SEP_ARROW,	/* U+2192 */
	SEP_COLON,	/* some print a blank behind this one, ... */
	SEP_BAR		/* ... and this one */
};

#define BLANK	0x80	/* in a style: a blank behind each separator */

/* A number at the start of a line. */
struct printed {
	uint32_t	number;
	uint32_t	len;		/* bytes, with the separator */
	uint8_t		sep;		/* enum separator */
	uint8_t		blanks, digits;
};

/* The separator at s and its bytes, or 0. */
static unsigned
separator(struct span s, uint32_t *len)
{
	*len = 1;
	if (s.n == 0)
		return 0;
	switch (s.p[0]) {
	case '\t':
		return SEP_TAB;
	case ':':
		return SEP_COLON;
	case '|':
		return SEP_BAR;
	case '\xe2':
		*len = 3;
		return span_starts(s, SPAN_LIT("\xe2\x86\x92")) ?
		    SEP_ARROW : 0;
	default:
		return 0;
	}
}

static bool
parse(struct span s, struct printed *p)
{
	size_t i = 0, from;
	uint32_t v = 0, len;

	while (i < s.n && i < BLANK - 1 - DIGITS_MAX && s.p[i] == ' ')
		i++;
	from = i;
	while (i < s.n && i - from < DIGITS_MAX && is_digit(s.p[i]))
		v = v * 10 + (uint32_t)(s.p[i++] - '0');
	/* No number begins with a zero. */
	if (i == from || s.p[from] == '0')
		return false;
	p->sep = (uint8_t)separator(span_skip(s, i), &len);
	p->number = v;
	p->len = (uint32_t)i + len;
	p->blanks = (uint8_t)from;
	p->digits = (uint8_t)(i - from);
	return p->sep != 0;
}

bool
refs_is_numbered(struct span line)
{
	struct printed p;

	return parse(line, &p);
}

/* Separator, and the width to which numbers are filled, 0: not filled. */
static uint16_t
style_of(const struct printed *p)
{
	return (uint16_t)(p->sep << 8 |
	    (p->blanks > 0 ? p->blanks + p->digits : 0));
}

static bool
fits(uint16_t style, const struct printed *p)
{
	unsigned width = style & (BLANK - 1);

	if (p->sep != style >> 8)
		return false;
	return p->blanks > 0 ? p->blanks + p->digits == width :
	    p->digits >= width;
}

static struct span
line(const struct refs_lines *l, size_t i)
{
	return span_of(l->text.p + l->start[i],
	    l->start[i + 1] - l->start[i] - 1);
}

/* Room for lines, some more behind them, and the start of one more. */
static bool
room(struct refs_lines *l, size_t lines)
{
	size_t cap = l->cap;
	void *p;

	if (lines + REFS_WINDOW + 1 <= cap)
		return true;
	p = mem_grow(l->start, &cap, lines + REFS_WINDOW + 1,
	    sizeof(*l->start), SIZE_MAX / sizeof(*l->hash));
	if (p == NULL)
		return false;
	l->start = p;
	p = realloc(l->hash, cap * sizeof(*l->hash));
	if (p == NULL)
		return false;
	l->hash = p;
	p = realloc(l->number, cap * sizeof(*l->number));
	if (p == NULL)
		return false;
	l->number = p;
	l->cap = cap;
	return true;
}

/* Where the lines begin, as many as are looked at. */
static bool
cut(struct refs_lines *l)
{
	const char *p = l->text.p, *end = p + l->text.n;

	l->real = 0;
	l->all = true;
	while (p != NULL && l->real < REFS_TEXT_LINES) {
		if (!room(l, l->real + 1))
			return false;
		l->start[l->real++] = (uint32_t)(p - l->text.p);
		p = memchr(p, '\n', (size_t)(end - p));
		if (p != NULL)
			p++;
	}
	l->all = p == NULL;
	l->start[l->real] = (uint32_t)((p != NULL ? p : end + 1) - l->text.p);
	return true;
}

/* Whether all numbers have a blank behind the separator. */
static bool
all_blank(const struct refs_lines *l)
{
	struct printed p;
	struct span s;
	size_t i;

	for (i = 0; i < l->real; i++) {
		s = line(l, i);
		if (parse(s, &p) && fits(l->style, &p) &&
		    (s.n == p.len || s.p[p.len] != ' '))
			return false;
	}
	return true;
}

static void
find_style(struct refs_lines *l)
{
	struct printed p, last = { .number = 0 };
	size_t i;

	l->style = 0;
	for (i = 0; i < l->real; i++) {
		if (!parse(line(l, i), &p)) {
			last.number = 0;
			continue;
		}
		if (last.number != 0 && p.number == last.number + 1 &&
		    fits(style_of(&last), &p)) {
			l->style = style_of(&last);
			if (p.sep >= SEP_COLON && all_blank(l))
				l->style |= BLANK;
			return;
		}
		last = p;
	}
}

uint64_t
refs_hash(struct span s, uint64_t seed)
{
	uint64_t h = hash_xxh3(s, seed);

	return h < HASH_FIRST ? HASH_FIRST : h;
}

/* The hash of a line without its number; our own lines match none. */
static uint64_t
hash_line(struct refs_lines *l, size_t i, uint64_t seed)
{
	struct span s = line(l, i);
	struct printed p;

	l->number[i] = 0;
	if (span_starts(s, SPAN_LIT("[hr: "))) {
		l->own = true;
		return HASH_BARRIER;
	}
	if (l->style != 0 && parse(s, &p) && fits(l->style, &p)) {
		l->number[i] = p.number;
		s = span_skip(s, p.len + (l->style & BLANK) / BLANK);
	}
	return refs_hash(s, seed);
}

/* Where a tag begins in s, or NULL; as fast as memchr where '<' is rare. */
static const char *
find_tag(struct span s, struct span tag)
{
	const char *p = s.p, *end = s.p + s.n;

	for (;;) {
		p = memchr(p, '<', (size_t)(end - p));
		if (p == NULL || span_starts(span_of(p, (size_t)(end - p)),
		    tag))
			return p;
		p++;
	}
}

/* The line in which a byte stands, of those from line i on. */
static size_t
line_of(const struct refs_lines *l, size_t i, const char *p)
{
	while (i < l->real && l->text.p + l->start[i + 1] <= p)
		i++;
	return i;
}

/*
 * Parts that the client put in are to stay as they are: their lines match
 * none, or, if they are not to be replaced anyway, none but themselves.
 */
static void
bar_reminders(struct refs_lines *l, bool all)
{
	const char *p = l->text.p, *end = p + l->text.n;
	size_t i = 0;

	for (;;) {
		p = find_tag(span_of(p, (size_t)(end - p)),
		    SPAN_LIT("<system-reminder>"));
		if (p == NULL)
			return;
		i = line_of(l, i, p);
		p = find_tag(span_of(p, (size_t)(end - p)),
		    SPAN_LIT("</system-reminder>"));
		if (p == NULL)
			p = end;
		for (; i < l->real && l->text.p + l->start[i] <= p; i++)
			l->hash[i] = all || l->hash[i] == HASH_BARRIER ?
			    HASH_BARRIER : l->hash[i] ^ HASH_PUT_IN;
		if (p == end)
			return;
	}
}

void
refs_split(struct refs_lines *l, struct span text, uint64_t seed)
{
	uint32_t last = 0;
	size_t i;

	l->err = 0;
	l->n = l->real = 0;
	l->text = text.n == 0 ? SPAN_LIT("") : text;
	if (text.n >= UINT32_MAX || !cut(l)) {
		l->err = ENOMEM;
		return;
	}
	find_style(l);
	l->rising = l->style != 0;
	l->own = false;
	for (i = 0; i < l->real; i++) {
		l->hash[i] = hash_line(l, i, seed);
		l->rising &= l->number[i] == 0 || l->number[i] > last;
		last = l->number[i] != 0 ? l->number[i] : last;
	}
	bar_reminders(l, false);
	for (l->n = l->real; l->n < REFS_WINDOW; l->n++) {
		l->hash[l->n] = HASH_END;
		l->number[l->n] = 0;
		l->start[l->n + 1] = l->start[l->n];
	}
	refs_trees(l, seed);
}

void
refs_guard(struct refs_lines *l)
{
	bool own = false, before;
	size_t i;

	bar_reminders(l, true);
	if (!l->own)
		return;
	for (i = 0; i < l->real; i++) {
		before = own;
		own = span_starts(line(l, i), SPAN_LIT("[hr: "));
		if (before)
			l->hash[i] = HASH_BARRIER;
		if (own && i > 0)
			l->hash[i - 1] = HASH_BARRIER;
	}
}

void
refs_lines_release(struct refs_lines *l)
{
	free(l->hash);
	free(l->number);
	free(l->start);
	free(l->tree);
	buf_release(&l->path);
	buf_release(&l->paths);
	json_doc_release(&l->doc);
	*l = (struct refs_lines)REFS_LINES_INIT;
}
