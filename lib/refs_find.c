/*
 * refs_find - the runs of a text's lines that stand before
 *
 * From left to right each window is looked up and what is found extended as
 * far as lines are the same.  What begins inside lines that stand in many
 * places may be found in a wrong one first; so a run takes over the lines of
 * shorter ones before it.
 */
#include "compat.h"

#include "mem.h"
#include "refs_impl.h"

#define STRIDE		2	/* so runs of REFS_WINDOW + 1 are found */
#define BACK_MAX	256	/* lines; so that time is linear */

/* How far the lines from a and b on are the same. */
static size_t
forward(const struct refs *r, const struct refs_lines *l, size_t a, size_t b,
    const struct refs_text *t)
{
	size_t n = 0;

	while (a + n < l->n && b + n < t->line + t->nlines &&
	    l->hash[a + n] != HASH_BARRIER &&
	    l->hash[a + n] == r->hash[b + n])
		n++;
	return n;
}

/* How far those before them. */
static size_t
backward(const struct refs *r, const struct refs_lines *l, size_t a,
    size_t b, const struct refs_text *t)
{
	size_t n = 0;

	while (n < a && n < b - t->line && n < BACK_MAX &&
	    l->hash[a - n - 1] != HASH_BARRIER &&
	    l->hash[a - n - 1] == r->hash[b - n - 1])
		n++;
	return n;
}

static bool
add(struct refs_said *said, const struct refs_run *run)
{
	struct refs_run *p = mem_grow(said->run, &said->runcap,
	    said->nruns + 1, sizeof(*p), SIZE_MAX / sizeof(*p));

	if (p == NULL)
		return false;
	said->run = p;
	said->run[said->nruns++] = *run;
	return true;
}

/*
 * A run that begins with line `at` takes lines from those before it that are
 * shorter than it is.  Where it may begin.
 */
static size_t
take_over(struct refs_said *said, size_t at, size_t end)
{
	struct refs_run *last;
	size_t last_end;

	while (said->nruns > 0) {
		last = &said->run[said->nruns - 1];
		last_end = last->at + last->n;
		if (last_end <= at)
			break;
		if (end - at <= last->n)
			return last_end;
		if (last->at < at) {
			last->n = (uint32_t)(at - last->at);
			break;
		}
		said->nruns--;
	}
	return at;
}

/* The run around lines a and b. */
static struct refs_run
grow(const struct refs *r, const struct refs_lines *l, size_t a, size_t b,
    struct refs_said *said)
{
	const struct refs_text *t = refs_text_at(r, b);
	size_t end = a + forward(r, l, a, b, t);
	size_t at = take_over(said, a - backward(r, l, a, b, t), end);

	return (struct refs_run){ (uint32_t)at, (uint32_t)(end - at),
	    (uint32_t)(b - (a - at)) };
}

/* The outermost values that stand before. */
static bool
find_trees(const struct refs *r, const struct refs_lines *l,
    struct refs_said *said)
{
	struct refs_run run = { .n = 0 };
	uint32_t end = 0;
	size_t i, b;

	for (i = 0; i < l->ntrees; i++) {
		const uint64_t w[] = REFS_ALONE(l->tree[i].hash);

		if (l->tree[i].start < end)
			continue;
		b = refs_lookup(r, w);
		if (b == SIZE_MAX)
			continue;
		end = l->tree[i].end;
		run.at = (uint32_t)i;
		run.from = (uint32_t)b;
		if (!add(said, &run))
			return false;
	}
	return true;
}

bool
refs_find(const struct refs *r, const struct refs_lines *l,
    struct refs_said *said)
{
	struct refs_run run;
	size_t a = 0, b;

	said->nruns = 0;
	edits_reset(&said->edits);
	if (r->err || l->err)
		return false;
	while (r->nused > 0 && a + REFS_WINDOW <= l->n) {
		b = refs_window_ok(l, a) ? refs_lookup(r, l->hash + a) :
		    SIZE_MAX;
		if (b == SIZE_MAX) {
			a += STRIDE;
			continue;
		}
		run = grow(r, l, a, b, said);
		if (!add(said, &run))
			return false;
		a = run.at + run.n;
	}
	if (said->nruns == 0 && !find_trees(r, l, said))
		return false;
	return said->nruns > 0;
}

static const struct refs_run *
longest(const struct refs_said *said)
{
	const struct refs_run *best = NULL;
	size_t i;

	for (i = 0; i < said->nruns; i++)
		if (best == NULL || said->run[i].n > best->n)
			best = &said->run[i];
	return best;
}

void
refs_longest(const struct refs_said *said, uint32_t *from, uint32_t *n)
{
	const struct refs_run *best = longest(said);

	*from = best != NULL ? best->from : 0;
	*n = best != NULL ? best->n : 0;
}

/* Whether most of a run is what a text has most of. */
static bool
overlap(const struct refs_run *run, const struct refs_text *t)
{
	uint32_t from = run->from > t->from ? run->from : t->from;
	uint32_t end = run->from + run->n, to = t->from + t->n;

	to = end < to ? end : to;
	return to > from && to - from > run->n / 2;
}

bool
refs_asked(const struct refs *r, const struct refs_lines *l,
    const struct refs_said *said)
{
	const struct refs_run *run = longest(said);
	const struct refs_text *t;
	size_t i = r->ntexts;

	while (i > 0 && !r->text[i - 1].result)
		i--;
	if (i == 0 || run == NULL || run->n <= l->n / 2)
		return false;
	t = &r->text[--i];
	if (!t->shows || t->asked || !overlap(run, t))
		return false;
	while (i-- > 0)
		if (r->text[i].asked && overlap(run, &r->text[i]))
			return false;
	return true;
}
