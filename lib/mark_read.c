/*
 * mark_read - marks in a text, by their numbers
 */
#include "compat.h"

#include "mark.h"
#include "num.h"

#define BEGIN		SPAN_LIT("[hr: ")
#define NUMBER_MAX	((uint64_t)1 << 40)

/* A number that *s begins with; *s moves behind it. */
static bool
take_number(struct span *s, uint64_t *n)
{
	size_t i = 0;

	while (i < s->n && s->p[i] >= '0' && s->p[i] <= '9')
		i++;
	if (num_u64(span_of(s->p, i), 0, NUMBER_MAX, n) < 0)
		return false;
	*s = span_skip(*s, i);
	return true;
}

static bool
take(struct span *s, struct span word)
{
	if (!span_starts(*s, word))
		return false;
	*s = span_skip(*s, word.n);
	return true;
}

/* "row ", "paths " and the like, up to its last blank. */
static struct span
take_unit(struct span *s)
{
	size_t i = 0, end = 0;

	while (i < s->n && ((s->p[i] >= 'a' && s->p[i] <= 'z') ||
	    (s->p[i] >= 'A' && s->p[i] <= 'Z') || s->p[i] == ' ')) {
		i++;
		if (i < s->n && s->p[i - 1] == ' ' && (span_starts(
		    span_skip(*s, i), SPAN_LIT("shown")) || span_starts(
		    span_skip(*s, i), SPAN_LIT("left out"))))
			end = i;
	}
	if (end == 0)
		return SPAN_LIT("");
	*s = span_skip(*s, end);
	return span_of(s->p - end, end - 1);
}

/* Whether a gap counts what the header does: "row" and "rows". */
static bool
same_unit(struct span gap, struct span header)
{
	size_t n = gap.n < 3 ? gap.n : 3;

	return n > 0 && n <= header.n && memcmp(gap.p, header.p, n) == 0;
}

struct sums {
	uint64_t	missing;	/* of the header at hand */
	uint64_t	left;		/* of its gaps so far */
	struct span	unit;
	bool		header, gaps;
};

static bool
adds_up(const struct sums *m)
{
	return m->header && m->gaps && m->left == m->missing;
}

/* A mark begins where s does.  False: another header, and sums are wrong. */
static bool
count_mark(struct sums *m, struct span s)
{
	struct span unit;
	uint64_t n, of;
	bool right = true;

	s = span_skip(s, BEGIN.n);
	if (!take_number(&s, &n))
		return true;
	if (take(&s, SPAN_LIT(" of "))) {
		if (!take_number(&s, &of) || of < n ||
		    !take(&s, SPAN_LIT(" ")))
			return true;
		unit = take_unit(&s);
		if (unit.n == 0 || !span_starts(s, SPAN_LIT("shown")))
			return true;
		right = !m->header || adds_up(m);
		*m = (struct sums){ .missing = of - n, .unit = unit,
		    .header = true };
	} else if (take(&s, SPAN_LIT(" "))) {
		unit = take_unit(&s);
		if (!span_starts(s, SPAN_LIT("left out")) || !m->header ||
		    !same_unit(unit, m->unit))
			return true;
		m->left += n;
		m->gaps = true;
	}
	return right;
}

bool
mark_sums_right(struct span text)
{
	struct sums m = { .header = false };
	const char *p;

	while ((p = memmem(text.p, text.n, BEGIN.p, BEGIN.n)) != NULL) {
		text = span_skip(text, (size_t)(p - text.p));
		if (!count_mark(&m, text))
			return false;
		text = span_skip(text, BEGIN.n);
	}
	return adds_up(&m);
}
