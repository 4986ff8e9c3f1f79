/*
 * log_near - long lines with the words of others
 *
 * One table holds words, each behind the number of the begin it was seen
 * with, so that each line is read once and no two are compared.
 */
#include "compat.h"

#include "ascii.h"
#include "hash.h"
#include "log_mask.h"
#include "log_near.h"

#define HEAD	128	/* bytes by which lines are told apart */
#define KEYS_MAX ((size_t)16 << 20)
#define NEW_MAX	8	/* words, and */
#define NEW_PART 20	/* this part of all */
#define LETTERS	3	/* of a word, at least */

static bool
is_word(char c)
{
	return is_letter8(c) || (c >= '0' && c <= '9') || c == '_';
}

/* The next word of s, empty at the end, and s behind it. */
static struct span
next_word(struct span *s)
{
	size_t i, n, letters;

	for (i = 0; i < s->n; i += n) {
		n = 1;
		if (!is_word(s->p[i]))
			continue;
		for (n = letters = 0; i + n < s->n && is_word(s->p[i + n]);
		    n++)
			letters += is_letter8(s->p[i + n]);
		if (letters >= LETTERS) {
			struct span w = span_of(s->p + i, n);

			*s = span_skip(*s, i + n);
			return w;
		}
	}
	*s = span_skip(*s, s->n);
	return span_of("", 0);
}

/* Put a key into a table.  True: it was there. */
static bool
known(struct log_near *m, struct map *t, struct span key, uint64_t **val)
{
	union map_val *v = map_get(t, key);
	bool was = v != NULL;

	if (!was) {
		key = arena_dup(&m->keys, key);
		v = key.p != NULL ? map_put(t, key) : NULL;
	}
	*val = v != NULL ? &v->u : NULL;
	return was;
}

/* The number of how a line begins; *was: one began so before. */
static uint64_t
head_of(struct log_near *m, struct span line, bool *was)
{
	uint64_t *v;

	log_mask(span_of(line.p, HEAD), LOG_MASK, &m->mask);
	*was = known(m, &m->heads, buf_span(&m->mask), &v);
	if (v == NULL)
		return 0;
	if (!*was)
		*v = m->heads.len;
	return *v;
}

bool
log_near(struct log_near *m, struct span line, struct buf *out)
{
	size_t all = 0, fresh = 0, start = out->len;
	uint64_t head, *v;
	struct span w;
	bool was;

	if (line.n < LOG_NEAR_MIN)
		return false;
	if (!m->ready) {
		map_init(&m->heads, map_random_seed());
		map_init(&m->words, map_random_seed());
		m->keys.max = KEYS_MAX;
		m->ready = true;
	}
	head = head_of(m, line, &was);
	while ((w = next_word(&line)).n > 0) {
		all++;
		buf_reset(&m->key);
		buf_add(&m->key, &head, sizeof(head));
		buf_addspan(&m->key, w);
		if (known(m, &m->words, buf_span(&m->key), &v) && v != NULL)
			continue;
		if (fresh++ < NEW_MAX) {
			if (out->len > start)
				buf_adds(out, ", ");
			buf_addspan(out, w);
		}
	}
	if (was && fresh <= NEW_MAX && fresh <= all / NEW_PART)
		return true;
	buf_truncate(out, start);
	return false;
}

void
log_near_release(struct log_near *m)
{
	map_release(&m->heads);
	map_release(&m->words);
	arena_release(&m->keys);
	buf_release(&m->mask);
	buf_release(&m->key);
	*m = (struct log_near)LOG_NEAR_INIT;
}
