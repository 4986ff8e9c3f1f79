/*
 * diff_hunk - count the lines of a hunk
 */
#include "compat.h"

#include <string.h>

#include "diff_hunk.h"

#define NUMBER_MAX	10	/* digits of a line number */

struct span
diff_line(struct span *rest)
{
	const char *nl = rest->n == 0 ? NULL :
	    memchr(rest->p, '\n', rest->n);
	struct span line = *rest;

	if (nl != NULL)
		line.n = (size_t)(nl - rest->p) + 1;
	*rest = span_skip(*rest, line.n);
	return line;
}

static bool
take_char(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

static bool
take_number(struct span *s, uint64_t *v)
{
	unsigned n = 0;

	for (*v = 0; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; n++) {
		if (n == NUMBER_MAX)
			return false;
		*v = *v * 10 + (uint64_t)(s->p[0] - '0');
		*s = span_skip(*s, 1);
	}
	return n > 0;
}

/* "-12,3 " */
static bool
take_range(struct span *s, char sign, struct diff_range *r)
{
	r->count = 1;
	return take_char(s, sign) && take_number(s, &r->start) &&
	    (!take_char(s, ',') || take_number(s, &r->count)) &&
	    take_char(s, ' ');
}

static bool
scan_header(struct span line, struct diff_hunk *h)
{
	unsigned at = 0, i;

	while (take_char(&line, '@'))
		at++;
	if (at < 2 || at > DIFF_PARENTS_MAX + 1 || !take_char(&line, ' '))
		return false;
	h->parents = at - 1;
	for (i = 0; i < h->parents; i++)
		if (!take_range(&line, '-', &h->side[i]))
			return false;
	if (!take_range(&line, '+', &h->side[i]))
		return false;
	while (at > 0 && take_char(&line, '@'))
		at--;
	h->tail = line;
	return at == 0;
}

enum diff_kind
diff_kind(struct span line, unsigned parents)
{
	bool plus = false, minus = false;
	unsigned i;

	if (line.n > 0 && line.p[0] == '\\')
		return DIFF_NOTE;
	/* Some programs take the blank off an empty line. */
	if (span_trim(line, "\r\n").n == 0)
		return DIFF_CONTEXT;
	for (i = 0; i < parents; i++) {
		if (i == line.n)
			return DIFF_ALIEN;
		if (line.p[i] == '+')
			plus = true;
		else if (line.p[i] == '-')
			minus = true;
		else if (line.p[i] != ' ')
			return DIFF_ALIEN;
	}
	if (plus && minus)
		return DIFF_ALIEN;
	return plus ? DIFF_ADDED : minus ? DIFF_REMOVED : DIFF_CONTEXT;
}

bool
diff_on_side(struct span line, enum diff_kind kind, unsigned i,
    unsigned parents)
{
	if (kind == DIFF_CONTEXT)
		return true;
	if (i == parents)
		return kind == DIFF_ADDED;
	return line.p[i] == (kind == DIFF_REMOVED ? '-' : ' ');
}

/* Count a line out of what is left of the header's counts. */
static bool
count_out(struct span line, enum diff_kind kind, unsigned parents,
    uint64_t *left, bool *more)
{
	unsigned i;

	*more = false;
	for (i = 0; i <= parents; i++) {
		if (diff_on_side(line, kind, i, parents) && left[i]-- == 0)
			return false;
		*more |= left[i] > 0;
	}
	return true;
}

/*
 * Whether what follows a hunk may follow it.  More lines with signs say that
 * the counts were wrong; the next file and a mail's signature have signs, too.
 */
static bool
ends_well(struct span rest)
{
	struct span line = diff_line(&rest);

	if (line.n == 0 || memchr(" +-", line.p[0], 3) == NULL)
		return true;
	if (span_eq(line, SPAN_LIT("-- \n")) || span_eq(line, SPAN_LIT("--\n")))
		return true;
	return span_starts(line, SPAN_LIT("--- ")) &&
	    span_starts(rest, SPAN_LIT("+++ "));
}

static bool
scan_body(struct span rest, struct diff_hunk *h)
{
	uint64_t left[DIFF_PARENTS_MAX + 1];
	const char *from = rest.p;
	struct span line, after;
	bool more = false;
	enum diff_kind kind;
	unsigned i;

	for (i = 0; i <= h->parents; i++) {
		left[i] = h->side[i].count;
		more |= left[i] > 0;
	}
	while (more) {
		if (rest.n == 0)
			return false;
		line = diff_line(&rest);
		kind = diff_kind(line, h->parents);
		h->lines++;
		if (kind == DIFF_ALIEN || (kind == DIFF_NOTE && line.p == from))
			return false;
		if (kind != DIFF_NOTE &&
		    !count_out(line, kind, h->parents, left, &more))
			return false;
		h->added += kind == DIFF_ADDED;
		h->removed += kind == DIFF_REMOVED;
	}
	after = rest;
	line = diff_line(&after);
	if (line.n > 0 && line.p[0] == '\\' && rest.p != from) {
		h->lines++;
		rest = after;
	}
	h->body = span_of(from, (size_t)(rest.p - from));
	return ends_well(rest);
}

bool
diff_hunk_scan(struct span text, struct diff_hunk *h)
{
	struct span rest = text;
	struct span line = diff_line(&rest);

	if (line.n == 0 || line.p[0] != '@')
		return false;
	*h = (struct diff_hunk){ .lines = 1 };
	if (!scan_header(line, h) || !scan_body(rest, h))
		return false;
	h->text = span_of(text.p, line.n + h->body.n);
	return true;
}

bool
diff_hunk_like(struct span line)
{
	return span_trim(line, "\r\n").n == 0 ||
	    memchr(" +-\\", line.p[0], 4) != NULL;
}

