/*
 * table_words - the words of `how', and the lines of a text
 */
#include "compat.h"

#include <string.h>

#include "ascii.h"
#include "table.h"
#include "utf8.h"

static const struct span WITH = SPAN_LIT(" with ");

void
table_say(struct buf *how, const char *word)
{
	bool more = how->len > 0 &&
	    memmem(how->p, how->len, WITH.p, WITH.n) != NULL;

	if (more)
		buf_adds(how, ", ");
	else
		buf_addspan(how, WITH);
	buf_adds(how, word);
}

bool
table_said(struct span how, const char *word, struct span *rest)
{
	const char *p = how.n == 0 ? NULL :
	    memmem(how.p, how.n, WITH.p, WITH.n);
	struct span left, one, want = span_z(word);
	size_t n;

	if (p == NULL)
		return false;
	left = span_skip(how, (size_t)(p - how.p) + WITH.n);
	for (;; left = span_skip(left, n + 2)) {
		p = left.n == 0 ? NULL : memmem(left.p, left.n, ", ", 2);
		n = p == NULL ? left.n : (size_t)(p - left.p);
		one = span_of(left.p, n);
		if (span_starts(one, want) &&
		    (one.n == want.n || one.p[want.n] == ' '))
			break;
		if (p == NULL)
			return false;
	}
	one = span_skip(one, want.n);
	if (rest != NULL)
		*rest = one.n > 0 ? span_skip(one, 1) : one;
	return true;
}

bool
table_takes(struct span *s, const char *what)
{
	struct span w = span_z(what);

	if (!span_starts(*s, w))
		return false;
	*s = span_skip(*s, w.n);
	return true;
}

bool
table_next_number(struct span *list, size_t *n)
{
	size_t i = 0;

	*n = 0;
	while (list->n > 0 && list->p[0] == ' ')
		*list = span_skip(*list, 1);
	while (i < list->n && i < 9 && is_digit(list->p[i]))
		*n = *n * 10 + (size_t)(list->p[i++] - '0');
	*list = span_skip(*list, i);
	return i > 0;
}

void
table_lines_begin(struct table_lines *l, struct span text)
{
	const char *nl = text.n == 0 ? NULL : memchr(text.p, '\n', text.n);

	*l = (struct table_lines){ .rest = text,
	    .crlf = nl != NULL && nl > text.p && nl[-1] == '\r' };
}

static bool
controls(struct span s, bool tabs)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < s.n; i++) {
		c = (unsigned char)s.p[i];
		if ((c < ' ' && !(c == '\t' && tabs)) || c == 0x7F)
			return true;
	}
	return false;
}

bool
table_line(struct table_lines *l, struct span *line)
{
	const char *nl;
	size_t n;
	bool cr;

	if (l->rest.n == 0)
		return false;
	nl = memchr(l->rest.p, '\n', l->rest.n);
	l->final = nl != NULL;
	n = nl != NULL ? (size_t)(nl - l->rest.p) : l->rest.n;
	*line = span_of(l->rest.p, n);
	l->rest = span_skip(l->rest, nl != NULL ? n + 1 : n);
	cr = line->n > 0 && line->p[line->n - 1] == '\r';
	if (l->final && cr != l->crlf)
		l->bad = true;
	if (l->final && cr)
		line->n--;
	if (controls(*line, l->tabs))
		l->bad = true;
	return !l->bad;
}

void
table_say_lines(const struct table_lines *l, struct buf *how)
{
	if (l->crlf)
		table_say(how, "CRLF");
	if (!l->final)
		table_say(how, "no final line end");
}

struct span
table_line_end(struct span how)
{
	return table_said(how, "CRLF", NULL) ? SPAN_LIT("\r\n") :
	    SPAN_LIT("\n");
}

void
table_end_text(struct span how, struct buf *out)
{
	size_t n = table_line_end(how).n;

	if (table_said(how, "no final line end", NULL) && out->len >= n)
		buf_truncate(out, out->len - n);
}

/* Pairs of the first and the last. */
static const uint32_t wide_ranges[][2] = {
	{ 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x23E9, 0x23EC },
	{ 0x25FD, 0x25FE }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 },
	{ 0x26AA, 0x26AB }, { 0x2705, 0x2705 }, { 0x274C, 0x274C },
	{ 0x2753, 0x2755 }, { 0x2795, 0x2797 }, { 0x2B50, 0x2B50 },
	{ 0x2E80, 0x303E }, { 0x3041, 0x33FF }, { 0x3400, 0x4DBF },
	{ 0x4E00, 0x9FFF }, { 0xA000, 0xA4CF }, { 0xAC00, 0xD7A3 },
	{ 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F }, { 0xFF01, 0xFF60 },
	{ 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF },
	{ 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
};

static const uint32_t none_ranges[][2] = {
	{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD },
	{ 0x0610, 0x061A }, { 0x064B, 0x065F }, { 0x0E34, 0x0E3A },
	{ 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F },
	{ 0x20D0, 0x20FF }, { 0x302A, 0x302D }, { 0xFE00, 0xFE0F },
	{ 0xFE20, 0xFE2F },
};

static bool
among(uint32_t cp, const uint32_t (*range)[2], size_t n)
{
	size_t i;

	for (i = 0; i < n && cp >= range[i][0]; i++)
		if (cp <= range[i][1])
			return true;
	return false;
}

static size_t
char_width(uint32_t cp, bool wide)
{
	if (!wide || cp < 0x300)
		return 1;
	if (among(cp, none_ranges, HR_LEN(none_ranges)))
		return 0;
	return among(cp, wide_ranges, HR_LEN(wide_ranges)) ? 2 : 1;
}

size_t
table_width(struct span s, bool wide)
{
	size_t i = 0, w = 0;
	uint32_t cp;

	while (i < s.n) {
		if ((s.p[i] & 0x80) == 0) {
			i++;
			w++;
			continue;
		}
		i += utf8_decode(s.p + i, s.n - i, &cp, NULL);
		w += char_width(cp, wide);
	}
	return w;
}

bool
table_cut(struct span s, size_t n, bool wide, size_t *bytes)
{
	size_t i = 0, w = 0, k, c;
	uint32_t cp;

	while (i < s.n) {
		if ((s.p[i] & 0x80) == 0) {
			if (w == n)
				break;
			i++;
			w++;
			continue;
		}
		k = utf8_decode(s.p + i, s.n - i, &cp, NULL);
		c = char_width(cp, wide);
		/* Marks of no width belong to what they stand on. */
		if (w + c > n)
			break;
		i += k;
		w += c;
	}
	*bytes = i;
	return w == n;
}
