/*
 * list_pick - what of a long list is left out
 */
#include "compat.h"

#include <strings.h>

#include "errword.h"
#include "list_impl.h"

#define WORDS_MAX	16
#define WORD_MIN	3

/* What is in more than one of so many entries tells nothing. */
#define COMMON		4

struct pick {
	struct list			*l;
	const struct list_pick_opt	*opt;
	struct span			 word[WORDS_MAX];
	size_t				 words;
	bool				 errors;	/* they are rare */
	bool				 breaks;	/* tell pieces apart */
	bool				 names;		/* in one line */
	uint64_t			 left;
};

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c & 0x80) != 0 || c == '_' ||
	    c == '-' || c == '.' || c == '/';
}

static void
split(struct pick *pk)
{
	struct span q = pk->opt->query, w;
	size_t i = 0, k;

	while (i < q.n && pk->words < WORDS_MAX) {
		while (i < q.n && !in_word(q.p[i]))
			i++;
		for (k = i; k < q.n && in_word(q.p[k]); k++)
			;
		w = span_trim(span_of(q.p + i, k - i), ".-");
		if (w.n >= WORD_MIN)
			pk->word[pk->words++] = w;
		i = k;
	}
}

static bool
holds(struct span s, struct span w)
{
	size_t i;
	int first = w.p[0] | 0x20;

	for (i = 0; i + w.n <= s.n; i++)
		if ((s.p[i] | 0x20) == first &&
		    strncasecmp(s.p + i, w.p, w.n) == 0)
			return true;
	return false;
}

/* Forget the words that too many entries hold, and errors likewise. */
static void
weigh(struct pick *pk)
{
	const struct list_item *it, *end = pk->l->item + pk->l->n;
	uint64_t in[WORDS_MAX] = { 0 }, errors = 0, most;
	size_t w, n = 0;

	for (it = pk->l->item; it < end; it++) {
		if (it->what != LIST_ENTRY)
			continue;
		errors += errword_in(it->text);
		for (w = 0; w < pk->words; w++)
			in[w] += holds(it->line, pk->word[w]);
	}
	most = pk->l->entries / COMMON;
	pk->errors = errors <= most;
	for (w = 0; w < pk->words; w++)
		if (in[w] <= most)
			pk->word[n++] = pk->word[w];
	pk->words = n;
}

/* In an indented tree: what is in it is told by the lines above alone. */
static bool
is_parent(const struct list *l, const struct list_item *it)
{
	return l->kind == LIST_SIZED && it + 1 < l->item + l->n &&
	    it[1].what == LIST_ENTRY && it[1].group.n > it->group.n;
}

static bool
stays(const struct pick *pk, const struct list_item *it)
{
	size_t w;

	if (it->implied || is_parent(pk->l, it) ||
	    (it->group.n == 0 && pk->l->kind != LIST_SIZED))
		return true;
	for (w = 0; w < pk->words; w++)
		if (holds(it->line, pk->word[w]))
			return true;
	return pk->errors && errword_in(it->text);
}

/* Leave out the items from `from` to `to`, breaks between entries too. */
static void
leave(struct pick *pk, size_t from, size_t to, uint64_t n)
{
	if (n < (pk->names ? pk->opt->names : pk->opt->lines))
		return;
	for (; from < to; from++)
		pk->l->item[from].left = true;
	pk->left += n;
}

/* A group with n pieces, from item `from` to `to`. */
static void
pick_group(struct pick *pk, size_t from, size_t to, uint64_t n)
{
	struct list_item *it;
	uint64_t i = 0, run = 0;
	size_t start = from, at, end = from;
	/* Names cost less than lines. */
	uint64_t head = (uint64_t)pk->opt->head << pk->names;

	for (at = from; at < to; at++) {
		it = &pk->l->item[at];
		if (it->what != LIST_ENTRY) {
			i++;
			continue;
		}
		if (i < head || i + pk->opt->tail >= n ||
		    stays(pk, it)) {
			leave(pk, start, end, run);
			run = 0;
		} else {
			if (run++ == 0)
				start = at;
			end = at + 1;
		}
		i += !pk->breaks;
	}
	leave(pk, start, end, run);
}

/* Where the group ends that begins at an entry, and the pieces in it. */
static size_t
group_end(const struct pick *pk, size_t from, uint64_t *n)
{
	const struct list *l = pk->l;
	size_t i, end = from + 1;
	uint64_t breaks = 0, entries = 0;

	*n = 1;
	for (i = from; i < l->n && l->item[i].what != LIST_RAW; i++) {
		if (l->item[i].what == LIST_BREAK) {
			breaks++;
			continue;
		}
		if (!span_eq(l->item[i].group, l->item[from].group))
			break;
		entries++;
		end = i + 1;
		*n = pk->breaks ? breaks + 1 : entries;
	}
	return end;
}

uint64_t
list_pick(struct list *l, const struct list_pick_opt *opt)
{
	struct pick pk = { .l = l, .opt = opt,
	    .breaks = l->context,
	    .names = l->kind == LIST_PATHS || l->kind == LIST_DIRS ||
	    l->kind == LIST_TREE || l->kind == LIST_LSR };
	size_t from, to;
	uint64_t n;

	split(&pk);
	weigh(&pk);
	for (from = 0; from < l->n; from++) {
		l->item[from].left = false;
		pk.breaks = pk.breaks || l->item[from].what == LIST_BREAK;
	}
	for (from = 0; from < l->n; from = to) {
		to = from + 1;
		if (l->item[from].what != LIST_ENTRY)
			continue;
		to = group_end(&pk, from, &n);
		pick_group(&pk, from, to, n);
	}
	return pk.left;
}
