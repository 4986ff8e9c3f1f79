/*
 * json_query - records that the query names
 *
 * Records that hold an item of the query rank first.  Those that share words
 * with it are ranked as documents by BM25 (Robertson and Zaragoza, The
 * Probabilistic Relevance Framework, 2009): each word weighs
 * log((N - df + 0.5) / (df + 0.5)), the weight of Robertson and Sparck Jones
 * (1976) without relevance information, so that a word of half of the records
 * or more weighs nothing; k1 is 1.2 and b 0.75.  Those near the best stay.
 */
#include "compat.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "json_pick_impl.h"

#define WORD_MIN	3
#define ITEM_MIN	2
#define ITEM_LEN	200
#define NEAR		0.7	/* of the best record's sum */
#define COMMON_PART	10	/* what n/10 share is nothing special */
#define K1		1.2
#define B		0.75

/* Words of questions, which rows have by chance. */
static const char *const stop[] = { "about", "all", "and", "any", "are",
    "because", "been", "but", "can", "could", "did", "does", "each", "find",
    "for", "from", "get", "give", "had", "has", "have", "how", "into", "its",
    "list", "look", "many", "more", "most", "much", "not", "off", "one",
    "only", "other", "out", "over", "please", "record", "row", "should",
    "show", "some", "tell", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "using", "want", "was",
    "were", "what", "when", "where", "which", "who", "why", "will", "with",
    "would", "you", "your" };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || is_upper(c) || is_digit(c) ||
	    (c & 0x80) != 0;
}

/* What may stand within an identifier, an address or a path. */
static bool
is_joint(char c)
{
	return c != '\0' && strchr("-_.@/:+#", c) != NULL;
}

/* 'a' for 'A', so that "ab" and "AB" begin alike; others as they are. */
static unsigned char
lower(char c)
{
	return (unsigned char)(is_upper(c) ? c | 0x20 : c);
}

static struct span
singular(struct span w)
{
	if (w.n > WORD_MIN && (w.p[w.n - 1] | 0x20) == 's')
		w.n--;
	return w;
}

static bool
same(struct span a, struct span b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static void
add_item(struct json_query *q, struct span s)
{
	if (q->nitems < JSON_QUERY_MAX && s.n >= ITEM_MIN && s.n <= ITEM_LEN)
		q->item[q->nitems++] = s;
}

static void
add_word(struct json_query *q, struct span w)
{
	size_t i;

	if (w.n < WORD_MIN || q->nwords == JSON_QUERY_MAX)
		return;
	for (i = 0; i < HR_LEN(stop); i++)
		if (same(w, span_of(stop[i], strlen(stop[i]))))
			return;
	w = singular(w);
	for (i = 0; i < q->nwords; i++)
		if (same(w, q->word[i]))
			return;
	q->starts[lower(w.p[0])] |= UINT32_C(1) << q->nwords;
	q->word[q->nwords++] = w;
}

/* Whether this is no word but the name of one thing. */
static bool
is_item(struct span s)
{
	size_t i, digits = 0, others = 0;

	for (i = 0; i < s.n; i++) {
		digits += is_digit(s.p[i]);
		others += is_joint(s.p[i]) || (i > 0 && is_upper(s.p[i]) &&
		    s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z');
	}
	return others > 0 || digits >= 3 || (digits > 0 && digits < s.n);
}

static void
add_token(struct json_query *q, struct span s)
{
	size_t i, k;
	bool digit = false;

	/* The full stop of a sentence is not part of its last word. */
	while (s.n > 0 && is_joint(s.p[s.n - 1]))
		s.n--;
	if (is_item(s))
		add_item(q, s);
	for (i = 0; i < s.n; i++)
		digit = digit || is_digit(s.p[i]);
	for (i = 0; i < s.n && !digit; i = k + 1) {
		for (k = i; k < s.n && is_word(s.p[k]); k++)
			;
		add_word(q, span_of(s.p + i, k - i));
	}
}

/* Behind the quotation that begins at `at`, or `at` if none does. */
static size_t
quotation(struct json_query *q, struct span s, size_t at)
{
	size_t k;

	if (strchr("\"'`", s.p[at]) == NULL || s.p[at] == '\0' ||
	    (at > 0 && is_word(s.p[at - 1])))
		return at;
	for (k = at + 1; k < s.n; k++)
		if (s.p[k] == s.p[at] &&
		    (k + 1 == s.n || !is_word(s.p[k + 1]))) {
			add_item(q, span_of(s.p + at + 1, k - at - 1));
			return k + 1;
		}
	return at;
}

void
json_query_read(struct json_query *q, struct span s)
{
	size_t i = 0, k;

	memset(q, 0, sizeof(*q));
	while (i < s.n) {
		k = quotation(q, s, i);
		if (k == i && (is_word(s.p[i]) || s.p[i] == '/')) {
			for (; k < s.n && (is_word(s.p[k]) ||
			    is_joint(s.p[k])); k++)
				;
			add_token(q, span_of(s.p + i, k - i));
		}
		i = k == i ? i + 1 : k;
	}
}

/* Whether the byte at i is the second of "\n" or the like: no letter. */
static bool
is_escape(struct span s, size_t i)
{
	return i > 0 && s.p[i - 1] == '\\' &&
	    (i < 2 || s.p[i - 2] != '\\') && s.p[i] != '\0' &&
	    strchr("bfnrt", s.p[i]) != NULL;
}

/* Whether s holds this item, nothing going on at either side. */
static bool
holds(struct span s, struct span item)
{
	unsigned char first = lower(item.p[0]);
	size_t i, end;

	for (i = 0; i + item.n <= s.n; i++) {
		if (lower(s.p[i]) != first ||
		    strncasecmp(s.p + i, item.p, item.n) != 0)
			continue;
		end = i + item.n;
		if ((i == 0 || !is_word(s.p[i - 1]) || !is_word(item.p[0]) ||
		    is_escape(s, i - 1)) &&
		    (end == s.n || !is_word(s.p[end]) ||
		    !is_word(s.p[end - 1])))
			return true;
	}
	return false;
}

static bool
part_of(struct span s, struct span word)
{
	size_t i;

	for (i = 0; i + word.n <= s.n; i++)
		if (memcmp(s.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

/*
 * Count the words of s, and among them those of the query.  A word beyond
 * ASCII is found within words: some scripts have no blanks.
 */
static uint32_t
count_words(const struct json_query *q, struct span s, uint32_t *tf)
{
	uint32_t words = 0, bits;
	size_t i, k;
	unsigned w;
	struct span one;

	for (w = 0; w < q->nwords; w++)
		tf[w] = (q->word[w].p[0] & 0x80) != 0 &&
		    part_of(s, q->word[w]);
	for (i = 0; i < s.n; i = k + 1) {
		i += is_escape(s, i);
		for (k = i; k < s.n && is_word(s.p[k]); k++)
			;
		if (k == i)
			continue;
		words++;
		bits = q->starts[lower(s.p[i])];
		one = singular(span_of(s.p + i, k - i));
		for (w = 0; bits != 0; w++, bits >>= 1)
			if ((bits & 1) != 0 && same(one, q->word[w]))
				tf[w]++;
	}
	return words;
}

bool
json_query_hits(const struct json_query *q, struct span s)
{
	uint32_t tf[JSON_QUERY_MAX];
	unsigned i, n = 0;

	for (i = 0; i < q->nitems; i++)
		if (holds(s, q->item[i]))
			return true;
	if (q->nwords == 0)
		return false;
	count_words(q, s, tf);
	for (i = 0; i < q->nwords; i++)
		n += tf[i] > 0;
	return n >= 2 || n == q->nwords;
}

static struct span
row_text(const struct picker *pk, uint32_t row)
{
	return json_text(pk->plan->doc->text,
	    &pk->plan->doc->tok[pk->at[row]]);
}

static void
rank_items(struct picker *pk)
{
	const struct json_query *q = &pk->query;
	uint32_t i, in;
	uint8_t *has;
	unsigned k;

	has = malloc(pk->n);
	if (has == NULL) {
		pk->nomem = true;
		return;
	}
	for (k = 0; k < q->nitems; k++) {
		for (i = in = 0; i < pk->n; i++) {
			has[i] = holds(row_text(pk, i), q->item[k]);
			in += has[i];
		}
		for (i = 0; i < pk->n && in <= pk->n / 2; i++)
			if (has[i])
				json_pick_rank(pk, i, RANK_NAMED, in);
	}
	free(has);
}

/* The sum for each record, into sum; the best. */
static double
bm25(const struct picker *pk, double *sum)
{
	const struct json_query *q = &pk->query;
	double n = pk->n, weight[JSON_QUERY_MAX], total = 0, best = 0, k;
	uint32_t tf[JSON_QUERY_MAX], df[JSON_QUERY_MAX] = { 0 }, i, len;
	unsigned w;

	for (i = 0; i < pk->n; i++) {
		total += count_words(q, row_text(pk, i), tf);
		for (w = 0; w < q->nwords; w++)
			df[w] += tf[w] > 0;
	}
	for (w = 0; w < q->nwords; w++)
		weight[w] = fmax(0, log((n - df[w] + 0.5) / (df[w] + 0.5)));
	for (i = 0; i < pk->n; i++) {
		len = count_words(q, row_text(pk, i), tf);
		k = K1 * (1 - B + B * len * n / total);
		for (w = 0; w < q->nwords; w++)
			if (tf[w] > 0)
				sum[i] += weight[w] * tf[w] * (K1 + 1) /
				    (tf[w] + k);
		best = fmax(best, sum[i]);
	}
	return best;
}

static void
rank_words(struct picker *pk)
{
	double *sum = calloc(pk->n, sizeof(*sum)), best;
	enum rank rank;
	uint32_t i, near = 0;

	if (sum == NULL) {
		pk->nomem = true;
		return;
	}
	best = bm25(pk, sum);
	for (i = 0; i < pk->n && best > 0; i++)
		near += sum[i] >= NEAR * best;
	rank = near <= json_few(pk->n, COMMON_PART) + 2 ? RANK_QUERY : RANK_ODD;
	for (i = 0; i < pk->n && best > 0; i++)
		if (sum[i] >= NEAR * best)
			json_pick_weigh(pk, i, rank, (uint32_t)(16 * sum[i]));
	free(sum);
}

void
json_query_rank(struct picker *pk)
{
	if (pk->query.nitems > 0)
		rank_items(pk);
	if (pk->query.nwords > 0)
		rank_words(pk);
}
