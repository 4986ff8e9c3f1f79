/*
 * json_query - records that the query names
 *
 * The query's words are weighed by how few records hold them (the inverse
 * document frequency of Sparck Jones, 1972); records that come near the best
 * sum stay.
 */
#include "compat.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "json_pick_impl.h"

#define WORDS_MAX	16
#define WORD_MIN	3
#define NEAR		0.7	/* of the best record's sum */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c & 0x80) != 0 || c == '_' ||
	    c == '-' || c == '.' || c == '@';
}

static size_t
split(struct span q, struct span *word)
{
	size_t i = 0, k, n = 0;

	while (i < q.n && n < WORDS_MAX) {
		while (i < q.n && !is_word(q.p[i]))
			i++;
		for (k = i; k < q.n && is_word(q.p[k]); k++)
			;
		word[n] = span_of(q.p + i, k - i);
		/* The full stop of a sentence is not part of its last word. */
		while (word[n].n > 0 && strchr(".-@", word[n].p[word[n].n - 1]))
			word[n].n--;
		if (word[n].n >= WORD_MIN)
			n++;
		i = k;
	}
	return n;
}

static bool
holds(struct span s, struct span word)
{
	size_t i;
	int first = word.p[0] | 0x20;

	for (i = 0; i + word.n <= s.n; i++)
		if ((s.p[i] | 0x20) == first &&
		    strncasecmp(s.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

void
json_query_rank(struct picker *pk)
{
	struct span word[WORDS_MAX], text = pk->plan->doc->text, s;
	const struct json_tok *tok = pk->plan->doc->tok;
	double *sum, weight, best = 0;
	uint32_t i, in;
	uint8_t *has;
	size_t w, n;

	n = split(pk->opt->query, word);
	if (n == 0)
		return;
	sum = calloc(pk->n, sizeof(*sum));
	has = malloc(pk->n);
	for (w = 0; w < n && sum != NULL && has != NULL; w++) {
		for (i = in = 0; i < pk->n; i++) {
			s = json_text(text, &tok[pk->at[i]]);
			has[i] = holds(s, word[w]);
			in += has[i];
		}
		if (in == 0 || in == pk->n)
			continue;
		weight = log((double)pk->n / in);
		for (i = 0; i < pk->n; i++)
			if (has[i]) {
				sum[i] += weight;
				best = sum[i] > best ? sum[i] : best;
			}
	}
	for (i = 0; i < pk->n && best > 0; i++)
		if (sum[i] >= NEAR * best)
			json_pick_rank(pk, i, RANK_QUERY);
	pk->nomem = pk->nomem || sum == NULL || has == NULL;
	free(sum);
	free(has);
}
