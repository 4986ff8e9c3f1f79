/*
 * log_own - our own results, by their sums
 */
#include "compat.h"

#include "buf.h"
#include "fold.h"
#include "fold_num.h"
#include "log_own.h"
#include "num.h"

#define LINES_MAX	((size_t)256 << 20)	/* bytes of what is unfolded */

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

static bool
sums(struct span text, uint64_t shown, uint64_t total)
{
	uint64_t n, left = 0, lines = 0;

	while (text.n > 0) {
		if (gap(next_line(&text), &n))
			left += n;
		else
			lines++;
	}
	return lines == shown && shown + left == total;
}

/* Whether text is folded, and what it was. */
static bool
folded(struct span text, struct buf *lines)
{
	lines->max = LINES_MAX;
	return fold_back(text, lines) == EXPAND_OK;
}

bool
log_own_gaps(struct span text)
{
	struct buf lines = BUF_INIT;
	uint64_t shown, total;
	bool own;

	if (!span_starts(text, SPAN_LIT("[hr: ")) ||
	    !header(next_line(&text), &shown, &total))
		return false;
	own = sums(folded(text, &lines) ? buf_span(&lines) : text, shown,
	    total);
	buf_release(&lines);
	return own;
}

bool
log_own(struct span text)
{
	struct buf lines = BUF_INIT;
	size_t legend;
	bool own = fold_num_is(text, &legend) || log_own_gaps(text) ||
	    folded(text, &lines);

	buf_release(&lines);
	return own;
}
