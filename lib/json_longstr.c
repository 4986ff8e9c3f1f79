/*
 * json_longstr - what is left out of a long string
 *
 * A text of lines keeps whole lines: from the beginning, from the end, and
 * those between that report an error or answer the query.  A text of sentences
 * does so with sentences; where they are longer than what stays, with words.
 * What is neither (encoded data) goes as a whole.
 */
#include "compat.h"

#include "errword.h"
#include "json_pick_impl.h"

#define LINE_LONG	400	/* the lines of a text of lines are shorter */
#define ERRORS_MAX	20
#define HITS_MAX	20	/* of the query */
#define SENTENCES_MAX	5	/* of either kind */
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

/* What may stay in the middle of a text. */
struct budget {
	size_t	errors, hits;
};

static bool
tells(const struct picker *pk, struct span s, struct budget *b)
{
	if (s.n >= ERROR_LEN)
		return false;
	if (b->hits > 0 && json_query_hits(&pk->query, s)) {
		b->hits--;
		return true;
	}
	if (b->errors > 0 && errword_in(s)) {
		b->errors--;
		return true;
	}
	return false;
}

static bool
line_gaps(struct picker *pk, struct span s, size_t head, size_t tail)
{
	size_t at = line_end(s, head), stop = s.n - tail, from = at, end;
	struct budget b = { ERRORS_MAX, HITS_MAX };
	size_t n = 0;

	if (at >= stop)
		return true;
	/* The tail starts with a line's beginning. */
	stop = line_end(s, stop - 1);
	for (; at < stop; at = end) {
		end = line_end(s, at);
		if (tells(pk, span_of(s.p + at, end - at), &b)) {
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

/* Behind the sentence that goes on at `at`, s.n at most. */
static size_t
sentence_end(struct span s, size_t at, size_t stop)
{
	for (at = at < 3 ? 3 : at + 1; at < stop; at++)
		if (is_end(s, at))
			return at;
	return stop;
}

/* Behind the blank that stands before `at`, else 0. */
static size_t
word_floor(struct span s, size_t at)
{
	while (at > 0 && s.p[at - 1] != ' ')
		at--;
	return at;
}

/* Where the head ends: behind a sentence, or a word if that is too little. */
static size_t
head_end(struct span s, size_t head)
{
	size_t at = sentence_floor(s, head);

	return at >= head / 2 ? at : word_floor(s, head);
}

/* Where the tail begins, likewise; s.n if it would be all. */
static size_t
tail_start(struct span s, size_t from, size_t tail)
{
	size_t at = sentence_floor(s, s.n - tail);

	if (at <= from || s.n - at > 2 * tail)
		at = word_floor(s, s.n - tail);
	return at <= from ? s.n : at;
}

static bool
sentence_gaps(struct picker *pk, struct span s, size_t head, size_t tail)
{
	size_t from = head_end(s, head), stop = tail_start(s, from, tail), at;
	struct budget b = { SENTENCES_MAX, SENTENCES_MAX };
	size_t end;

	for (at = from; at < stop; at = end) {
		end = sentence_end(s, at, stop);
		if (!tells(pk, span_of(s.p + at, end - at), &b))
			continue;
		if (!gap(pk, from, at,
		    characters(span_of(s.p + from, at - from))))
			return false;
		from = end;
	}
	return gap(pk, from, stop, characters(span_of(s.p + from,
	    stop - from)));
}

/* An address stays whole or goes, and rather stays. */
static bool
is_address(struct span s)
{
	size_t i;

	for (i = 0; i + 3 < s.n && i < 16; i++)
		if (memcmp(s.p + i, "://", 3) == 0)
			return true;
	return false;
}

bool
json_string_gaps(struct picker *pk, uint32_t t, size_t limit,
    uint32_t *total, enum json_unit *unit)
{
	const struct json_tok *v = &pk->plan->doc->tok[t];
	struct span s = json_body(pk->plan->doc->text, v);
	size_t head = limit / 2, tail = limit / 4, lines;

	if (v->escaped) {
		buf_reset(&pk->word);
		json_decode(s, &pk->word);
		s = buf_span(&pk->word);
		if (buf_err(&pk->word))
			return false;
	}
	*total = 0;
	if (s.n <= limit)
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
		return (is_address(s) && s.n <= pk->opt->string) ||
		    gap(pk, 0, s.n, *total);
	return sentence_gaps(pk, s, head, tail);
}
