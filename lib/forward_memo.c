/*
 * forward_memo - bodies whose beginnings were read before
 *
 * A conversation's next body mostly begins with the bytes of its last.  Kept
 * is no body but, for a few places behind elements of the list, the hash of
 * all bytes up to there, with what reading them gave.  The hash is XXH3 with
 * a seed that differs from process to process: nobody can aim at it.
 *
 * Several places, because the newest messages change their spelling when a
 * mark for the cache moves on.
 */
#include "compat.h"

#include <stdlib.h>

#include "forward_impl.h"

#define PROBES_MAX	(4 * MEMO_CUTS)	/* places compared with one body */

struct probe {
	struct memo	*memo;
	unsigned	 cut;
};

static void
take_out(struct memos *m, struct memo *e)
{
	*(e->prev != NULL ? &e->prev->next : &m->first) = e->next;
	*(e->next != NULL ? &e->next->prev : &m->last) = e->prev;
}

static void
put_first(struct memos *m, struct memo *e)
{
	e->prev = NULL;
	e->next = m->first;
	*(m->first != NULL ? &m->first->prev : &m->last) = e;
	m->first = e;
}

static void
drop(struct memos *m, struct memo *e)
{
	take_out(m, e);
	m->serial++;
	m->bytes -= e->bytes;
	m->n--;
	changes_release(&e->changes);
	refs_release(&e->refs);
	free(e);
}

/* The places to compare with, by length; the memos used last come first. */
static size_t
probes(struct memos *m, struct span body, uint64_t head, uint64_t renewed,
    struct probe *p)
{
	struct memo *e;
	size_t n = 0, i;
	unsigned k;

	for (e = m->first; e != NULL; e = e->next) {
		if (e->head != head || e->renewed != renewed)
			continue;
		for (k = 0; k < e->ncuts && n < PROBES_MAX; k++) {
			if (e->cut[k].len > body.n)
				break;
			for (i = n++; i > 0 && p[i - 1].memo->cut[p[i - 1].cut]
			    .len > e->cut[k].len; i--)
				p[i] = p[i - 1];
			p[i] = (struct probe){ e, k };
		}
	}
	return n;
}

void
memos_restart(struct memos *m)
{
	hash_run_start(&m->run, m->seed);
}

/* The longest place that is the same. */
struct memo *
memo_find(struct memos *m, struct span body, uint64_t renewed, unsigned *cut)
{
	struct probe p[PROBES_MAX], *best = NULL;
	const struct memo_cut *c;
	struct hash_run run;
	size_t n = 0, i;

	memos_restart(m);
	run = m->run;
	if (body.n >= MEMO_HEAD)
		n = probes(m, body, hash_xxh3(span_of(body.p, MEMO_HEAD),
		    m->seed), renewed, p);
	for (i = 0; i < n; i++) {
		c = &p[i].memo->cut[p[i].cut];
		if (hash128_eq(hash_run_to(&run, body, c->len), c->hash)) {
			m->run = run;
			best = &p[i];
		}
	}
	if (best == NULL)
		return NULL;
	take_out(m, best->memo);
	put_first(m, best->memo);
	*cut = best->cut;
	return best->memo;
}

/* Go on from the place that was found: before it the hashes are known. */
static void
hash_cuts(struct memos *m, struct memo *e, struct span body)
{
	unsigned k;

	for (k = 0; k < e->ncuts; k++)
		if (e->cut[k].len >= m->run.at)
			e->cut[k].hash = hash_run_to(&m->run, body,
			    e->cut[k].len);
	e->head = hash_xxh3(span_of(body.p, MEMO_HEAD), m->seed);
}

void
memo_rewind(struct memos *m, struct memo *e, int cut)
{
	static const struct refs_mark nothing;

	refs_rewind(&e->refs, cut < 0 ? nothing : e->cut[cut].refs);
	if (e->ncuts == (unsigned)(cut + 1))
		return;
	e->ncuts = (unsigned)(cut + 1);
	/* What was found may be one of those that are gone. */
	if (cut < 0)
		m->serial++;
}

void
memo_keep(struct memos *m, struct memo *old, const struct memo *like,
    struct span body)
{
	struct changes changes = like->changes;
	struct refs refs = like->refs;
	struct memo *e = malloc(sizeof(*e));
	unsigned short_cuts = 0;
	size_t i;

	if (old != NULL)
		drop(m, old);
	/* Places within the first bytes, by which memos are found, are none. */
	while (short_cuts < like->ncuts &&
	    like->cut[short_cuts].len < MEMO_HEAD)
		short_cuts++;
	if (e == NULL || short_cuts == like->ncuts) {
		free(e);
		changes_release(&changes);
		refs_release(&refs);
		return;
	}
	*e = *like;
	e->ncuts -= short_cuts;
	memmove(e->cut, e->cut + short_cuts, e->ncuts * sizeof(*e->cut));
	m->serial++;
	hash_cuts(m, e, body);
	e->bytes = sizeof(*e) + e->changes.cap * sizeof(*e->changes.c) +
	    refs_trim(&e->refs);
	for (i = 0; i < e->changes.n; i++)
		e->bytes += e->changes.c[i].with->n;
	put_first(m, e);
	m->bytes += e->bytes;
	m->n++;
	while (m->last != e && (m->n > MEMO_COUNT || m->bytes > MEMO_MAX))
		drop(m, m->last);
}

void
memos_release(struct memos *m)
{
	while (m->first != NULL)
		drop(m, m->first);
}
