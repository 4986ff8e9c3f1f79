/*
 * refs - the lines that stand before, and a table of their windows
 *
 * A window is REFS_WINDOW lines of one text.  The table holds for each
 * different one the line where it was seen first, by open addressing; going
 * back takes out the last ones again, closing the gap as Knuth's algorithm R
 * does (The Art of Computer Programming, volume 3, 6.4).
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#include "hash.h"
#include "mem.h"
#include "refs_impl.h"

#define FIRST_SLOTS	64

void
refs_start(struct refs *r, uint64_t seed)
{
	*r = (struct refs)REFS_INIT;
	r->seed = seed;
	r->empty = hash_xxh3(span_of("", 0), seed);
}

void
refs_release(struct refs *r)
{
	free(r->hash);
	free(r->number);
	free(r->slot);
	free(r->text);
	buf_release(&r->names);
	*r = (struct refs)REFS_INIT;
}

/* p for n elements; as it was if that cannot be. */
static void *
cut_to(void *p, size_t *cap, size_t n, size_t size)
{
	void *q = n > 0 ? realloc(p, n * size) : NULL;

	if (q == NULL)
		return p;
	*cap = n;
	return q;
}

size_t
refs_trim(struct refs *r)
{
	size_t hashes = r->cap, numbers = r->cap;

	if (r->cap - r->n > r->n / 8) {
		r->hash = cut_to(r->hash, &hashes, r->n, sizeof(*r->hash));
		r->number = cut_to(r->number, &numbers, r->n,
		    sizeof(*r->number));
		r->cap = hashes < numbers ? hashes : numbers;
	}
	if (r->textcap - r->ntexts > r->ntexts / 8)
		r->text = cut_to(r->text, &r->textcap, r->ntexts,
		    sizeof(*r->text));
	return r->cap * (sizeof(*r->hash) + sizeof(*r->number)) +
	    r->nslots * sizeof(*r->slot) + r->textcap * sizeof(*r->text) +
	    r->names.cap;
}

/* Odd constants, so that the order of lines counts. */
static size_t
slot_of(const struct refs *r, const uint64_t *w)
{
	uint64_t h = w[0] * 0x9e3779b97f4a7c15 ^ w[1] * 0xc2b2ae3d27d4eb4f ^
	    w[2] * 0x165667b19e3779f9 ^ w[3] * 0x27d4eb2f165667c5;

	return (h ^ h >> 32) & (r->nslots - 1);
}

static bool
same(const uint64_t *a, const uint64_t *b)
{
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

/* The slot of this window, or the free one where it belongs. */
static size_t
probe(const struct refs *r, const uint64_t *w)
{
	size_t i = slot_of(r, w);

	while (r->slot[i] != 0 && !same(r->hash + r->slot[i] - 1, w))
		i = (i + 1) & (r->nslots - 1);
	return i;
}

size_t
refs_lookup(const struct refs *r, const uint64_t *window)
{
	size_t i;

	if (r->nused == 0)
		return SIZE_MAX;
	i = probe(r, window);
	return r->slot[i] != 0 ? r->slot[i] - 1 : SIZE_MAX;
}

static bool
more_slots(struct refs *r)
{
	struct refs old = *r;
	size_t i, n = r->nslots == 0 ? FIRST_SLOTS : 2 * r->nslots;
	uint32_t *p = calloc(n, sizeof(*p));

	if (p == NULL)
		return false;
	r->slot = p;
	r->nslots = n;
	for (i = 0; i < old.nslots; i++)
		if (old.slot[i] != 0)
			p[probe(r, r->hash + old.slot[i] - 1)] = old.slot[i];
	free(old.slot);
	return true;
}

static bool
insert(struct refs *r, size_t line)
{
	size_t i;

	if (r->nused >= r->nslots / 3 * 2 && !more_slots(r))
		return false;
	i = probe(r, r->hash + line);
	if (r->slot[i] == 0) {
		r->slot[i] = (uint32_t)line + 1;
		r->nused++;
	}
	return true;
}

static void
take_out(struct refs *r, size_t line)
{
	size_t mask = r->nslots - 1, i, k, home;

	if (r->nused == 0)
		return;
	i = probe(r, r->hash + line);
	if (r->slot[i] != line + 1)
		return;
	r->nused--;
	for (k = i;;) {
		r->slot[i] = 0;
		do {
			k = (k + 1) & mask;
			if (r->slot[k] == 0)
				return;
			home = slot_of(r, r->hash + r->slot[k] - 1);
			/* Those between the gap and their home stay. */
		} while (((k - home) & mask) < ((k - i) & mask));
		r->slot[i] = r->slot[k];
		i = k;
	}
}

struct refs_mark
refs_mark(const struct refs *r)
{
	return (struct refs_mark){ (uint32_t)r->n, (uint32_t)r->ntexts,
	    (uint32_t)r->names.len };
}

void
refs_rewind(struct refs *r, struct refs_mark m)
{
	const struct refs_text *t;
	size_t i;

	while (r->ntexts > m.ntexts) {
		t = &r->text[--r->ntexts];
		for (i = t->nlines; i-- > 0; )
			if (i + REFS_WINDOW <= t->nlines)
				take_out(r, t->line + i);
		r->n = t->line;
	}
	buf_truncate(&r->names, m.names);
}

static bool
room(struct refs *r, size_t lines)
{
	size_t cap = r->cap;
	void *p;

	p = mem_grow(r->text, &r->textcap, r->ntexts + 1, sizeof(*r->text),
	    REFS_TEXTS);
	if (p == NULL)
		return false;
	r->text = p;
	if (r->n + lines <= cap)
		return true;
	p = mem_grow(r->hash, &cap, r->n + lines, sizeof(*r->hash),
	    2 * REFS_LINES);
	if (p == NULL)
		return false;
	r->hash = p;
	p = realloc(r->number, cap * sizeof(*r->number));
	if (p == NULL)
		return false;
	r->number = p;
	r->cap = cap;
	return true;
}

/* A text of n lines, which follow; NULL: no memory. */
static struct refs_text *
add_text(struct refs *r, const struct refs_text *like, size_t n)
{
	struct refs_text *t;

	if (r->err || !room(r, n)) {
		r->err = ENOMEM;
		return NULL;
	}
	t = &r->text[r->ntexts++];
	*t = *like;
	t->line = (uint32_t)r->n;
	t->nlines = (uint32_t)n;
	r->n += n;
	return t;
}

/* Its larger values, as texts of one line, of the same name. */
static void
add_trees(struct refs *r, const struct refs_lines *l, struct refs_text like)
{
	const struct refs_tree *v;
	size_t i;

	like.result = like.shows = like.rising = false;
	like.all = true;
	like.style = 0;
	for (i = 0; i < l->ntrees; i++) {
		const uint64_t w[] = REFS_ALONE(l->tree[i].hash);

		v = &l->tree[i];
		if (r->ntexts == REFS_TEXTS ||
		    r->n + REFS_WINDOW > REFS_LINES)
			return;
		like.tree = (uint32_t)r->names.len;
		like.treelen = v->pathlen;
		buf_addspan(&r->names, span_of(l->paths.p + v->path,
		    v->pathlen));
		if (add_text(r, &like, REFS_WINDOW) == NULL)
			return;
		memcpy(r->hash + r->n - REFS_WINDOW, w, sizeof(w));
		memset(r->number + r->n - REFS_WINDOW, 0,
		    REFS_WINDOW * sizeof(*r->number));
		if (!insert(r, r->n - REFS_WINDOW))
			r->err = ENOMEM;
	}
}

void
refs_add(struct refs *r, const struct refs_name *name,
    const struct refs_lines *l)
{
	struct refs_text like = { .name = (uint32_t)r->names.len,
	    .namelen = (uint32_t)name->name.n,
	    .name_hash = hash_xxh3(name->name, r->seed),
	    .block = name->block, .from = name->from, .n = name->n,
	    .path = (uint16_t)name->path, .result = name->result,
	    .shows = name->shows, .asked = name->asked }, *t;
	size_t i, n = l != NULL ? l->n : 0;

	if (l != NULL && l->err)
		r->err = l->err;
	if (r->err || r->ntexts == REFS_TEXTS)
		return;
	/* A text without a name, or for which is no room, is not pointed to. */
	if (name->name.n == 0 || r->n + n > REFS_LINES)
		n = 0;
	buf_addspan(&r->names, name->name);
	t = add_text(r, &like, n);
	if (t == NULL || n == 0)
		return;
	t->style = l->style;
	t->rising = l->rising;
	t->all = l->all;
	memcpy(r->hash + t->line, l->hash, n * sizeof(*r->hash));
	memcpy(r->number + t->line, l->number, n * sizeof(*r->number));
	for (i = 0; i + REFS_WINDOW <= n; i++)
		if (refs_window_ok(l, i) && !insert(r, t->line + i))
			r->err = ENOMEM;
	add_trees(r, l, like);
	if (buf_err(&r->names))
		r->err = ENOMEM;
}

const struct refs_text *
refs_text_at(const struct refs *r, size_t line)
{
	size_t low = 0, high = r->ntexts, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (r->text[mid].line <= line)
			low = mid;
		else
			high = mid;
	}
	return &r->text[low];
}
