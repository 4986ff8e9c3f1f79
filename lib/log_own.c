/*
 * log_own - our own results, by their sums
 */
#include "compat.h"

#include "fold_num.h"
#include "log_own.h"
#include "num.h"

static struct span
next_line(struct span *text)
{
	const char *nl = memchr(text->p, '\n', text->n);
	size_t n = nl != NULL ? (size_t)(nl - text->p) : text->n;
	struct span line = span_of(text->p, n);

	*text = span_skip(*text, n + (nl != NULL));
	return line;
}

/* A number that s begins with, and s behind it. */
static bool
number(struct span *s, uint64_t *out)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (num_u64(span_of(s->p, n), 0, UINT32_MAX, out) < 0)
		return false;
	*s = span_skip(*s, n);
	return true;
}

static bool
word(struct span *s, struct span w)
{
	if (!span_starts(*s, w))
		return false;
	*s = span_skip(*s, w.n);
	return true;
}

static bool
header(struct span s, uint64_t *shown, uint64_t *total)
{
	return word(&s, SPAN_LIT("[hr: ")) && number(&s, shown) &&
	    word(&s, SPAN_LIT(" of ")) && number(&s, total) &&
	    word(&s, SPAN_LIT(" lines shown")) && s.n > 0 &&
	    s.p[s.n - 1] == ']';
}

static bool
gap(struct span s, uint64_t *n)
{
	return word(&s, SPAN_LIT("[hr: ")) && number(&s, n) &&
	    (word(&s, SPAN_LIT(" lines left out")) ||
	    word(&s, SPAN_LIT(" line left out"))) &&
	    s.n > 0 && s.p[s.n - 1] == ']';
}

bool
log_own_gaps(struct span text)
{
	uint64_t shown, total, n, left = 0, lines = 0;
	size_t legend;

	if (!span_starts(text, SPAN_LIT("[hr: ")) ||
	    !header(next_line(&text), &shown, &total))
		return false;
	if (fold_num_is(text, &legend))
		text = span_skip(text, legend);
	while (text.n > 0) {
		if (gap(next_line(&text), &n))
			left += n;
		else
			lines++;
	}
	return lines == shown && shown + left == total;
}

bool
log_own(struct span text)
{
	size_t legend;

	return fold_num_is(text, &legend) || log_own_gaps(text);
}
