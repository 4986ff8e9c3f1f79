/*
 * log_query - words of a question in lines
 */
#include "compat.h"

#include "log_query.h"

#define WORD_MIN	3	/* bytes */
#define RARE_MIN	20	/* lines that a rare word may be in */
#define RARE_PART	50	/* or this part of all */

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c, l = u | 0x20;

	return (u >= '0' && u <= '9') || u == '_' || u >= 0x80 ||
	    (l >= 'a' && l <= 'z');
}

/* The next word of s, and s behind it. */
static struct span
next_word(struct span *s)
{
	struct span w;
	size_t n = 0;

	while (s->n > 0 && !is_word(s->p[0]))
		*s = span_skip(*s, 1);
	while (n < s->n && is_word(s->p[n]))
		n++;
	w = span_of(s->p, n);
	*s = span_skip(*s, n);
	return w;
}

static bool
same(struct span a, struct span b)
{
	size_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		if (a.p[i] != b.p[i] && ((a.p[i] ^ b.p[i]) != 0x20 ||
		    (a.p[i] | 0x20) < 'a' || (a.p[i] | 0x20) > 'z'))
			return false;
	return true;
}

static size_t
find(const struct log_query *q, struct span word)
{
	size_t i;

	for (i = 0; i < q->n && !same(q->w[i].word, word); i++)
		;
	return i;
}

bool
log_query_open(struct log_query *q, struct span question)
{
	struct span w;

	q->n = 0;
	while ((w = next_word(&question)).n > 0 && q->n < LOG_QUERY_WORDS)
		if (w.n >= WORD_MIN && find(q, w) == q->n) {
			q->w[q->n].word = w;
			q->w[q->n].lines = 0;
			q->w[q->n++].rare = false;
		}
	return q->n > 0;
}

void
log_query_count(struct log_query *q, struct span line)
{
	struct span w;
	size_t i;

	while ((w = next_word(&line)).n > 0)
		if ((i = find(q, w)) < q->n)
			q->w[i].lines++;
}

void
log_query_choose(struct log_query *q, size_t lines)
{
	size_t i, few = lines / RARE_PART;

	if (few < RARE_MIN)
		few = RARE_MIN;
	for (i = 0; i < q->n; i++)
		q->w[i].rare = q->w[i].lines <= few;
}

bool
log_query_hit(const struct log_query *q, struct span line)
{
	struct span w;
	size_t i;

	while ((w = next_word(&line)).n > 0)
		if ((i = find(q, w)) < q->n && q->w[i].rare)
			return true;
	return false;
}
