/*
 * json_longstr - what is left out of a long string
 *
 * A text of lines keeps whole lines: from the beginning, from the end, and
 * those between that report an error.  A text of sentences keeps whole
 * sentences at either end.  What is neither (encoded data) goes as a whole.
 */
#include "compat.h"

#include "errword.h"
#include "json_pick_impl.h"

#define LINE_LONG	400	/* the lines of a text of lines are shorter */
#define ERRORS_MAX	20
#define ERROR_LEN	500	/* a longer line is no message */
#define WORD_LONG	64	/* a text has a blank more often than this */
#define GAP_BYTES	200	/* less is not worth a mark */

static size_t
count(struct span s, char c)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0;

	while (p < end && (p = memchr(p, c, (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

static size_t
characters(struct span s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

/*
 * Characters behind which a word may end: blanks, and all above ASCII, since
 * some scripts have no blanks and encoded data is ASCII.
 */
static size_t
word_ends(struct span s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == ' ' || ((unsigned char)s.p[i] & 0xC0) == 0xC0;
	return n;
}

/* Behind the line that starts at or before `at`. */
static size_t
line_end(struct span s, size_t at)
{
	const char *nl = at >= s.n ? NULL : memchr(s.p + at, '\n', s.n - at);

	return nl == NULL ? s.n : (size_t)(nl - s.p) + 1;
}

static bool
gap(struct picker *pk, size_t from, size_t to, size_t n)
{
	return to < from + GAP_BYTES ||
	    json_pick_gap(pk, (uint32_t)from, (uint32_t)to, (uint32_t)n);
}

static bool
line_gaps(struct picker *pk, struct span s, size_t head, size_t tail)
{
	size_t at = line_end(s, head), stop = s.n - tail, from = at, end;
	size_t n = 0, errors = 0;

	if (at >= stop)
		return true;
	/* The tail starts with a line's beginning. */
	stop = line_end(s, stop - 1);
	for (; at < stop; at = end) {
		end = line_end(s, at);
		if (errors < ERRORS_MAX && end - at < ERROR_LEN &&
		    errword_in(span_of(s.p + at, end - at))) {
			errors++;
			if (!gap(pk, from, at, n))
				return false;
			from = end;
			n = 0;
		} else
			n++;
	}
	return gap(pk, from, stop, n);
}

/* Whether a sentence ends right before `at`, which is 3 at least. */
static bool
is_end(struct span s, size_t at)
{
	static const char *const wide[] = { "\xE3\x80\x82",	/* U+3002 */
	    "\xEF\xBC\x81", "\xEF\xBC\x9F" };	/* U+FF01, U+FF1F */
	const char *p = s.p + at;
	size_t i;

	if (p[-1] == ' ')
		return p[-2] == '.' || p[-2] == '!' || p[-2] == '?';
	for (i = 0; i < HR_LEN(wide); i++)
		if (memcmp(p - 3, wide[i], 3) == 0)
			return true;
	return false;
}

/* Behind the sentence that ends at or before `at`, else 0. */
static size_t
sentence_floor(struct span s, size_t at)
{
	for (; at > 2; at--)
		if (is_end(s, at))
			return at;
	return 0;
}

static bool
sentence_gaps(struct picker *pk, struct span s, size_t head, size_t tail)
{
	size_t from = sentence_floor(s, head), to;

	to = sentence_floor(s, s.n - tail);
	if (to <= from)
		to = s.n;
	return gap(pk, from, to, characters(span_of(s.p + from, to - from)));
}

bool
json_string_gaps(struct picker *pk, uint32_t t, uint32_t *total,
    enum json_unit *unit)
{
	const struct json_tok *v = &pk->plan->doc->tok[t];
	struct span s = json_body(pk->plan->doc->text, v);
	size_t head = pk->opt->string / 2, tail = pk->opt->string / 4, lines;

	if (v->escaped) {
		buf_reset(&pk->word);
		json_decode(s, &pk->word);
		s = buf_span(&pk->word);
		if (buf_err(&pk->word))
			return false;
	}
	*total = 0;
	if (s.n <= pk->opt->string)
		return true;
	/* A line end at the end begins no line. */
	lines = count(s, '\n') + (s.p[s.n - 1] != '\n');
	if (s.n / lines < LINE_LONG) {
		*unit = JSON_LINES;
		*total = (uint32_t)lines;
		return line_gaps(pk, s, head, tail);
	}
	*unit = JSON_CHARACTERS;
	*total = (uint32_t)characters(s);
	if (s.n / (word_ends(s) + 1) > WORD_LONG)
		return gap(pk, 0, s.n, *total);
	return sentence_gaps(pk, s, head, tail);
}
