/*
 * profile_run - which profiles know a text, and what they say of its lines
 *
 * Two passes: one finds what is recognised, and only if something is, another
 * asks its statements.  Both look for a line's first byte in an index, so that
 * a line is compared with the few patterns that begin as it does.
 */
#include "compat.h"

#include <stdlib.h>

#include "errword.h"
#include "mem.h"
#include "profile_impl.h"

#define LINES_MAX	((size_t)16 << 20)
#define PREFIX_MAX	250	/* bytes of a line in which it is looked for */
#define PREFIXES	4	/* before one line */
#define LOOK_MAX	((size_t)1 << 20)	/* bytes, to recognise */
#define KEPT_MAX	500	/* lines that blocks keep */
#define DROPPED_MAX	5000	/* lines of one block */
#define OTHER		256	/* of no one first byte */

/* Verdicts that are resolved at the end. */
enum { HEAD = PROFILE_DROP + 1, EMPTY };

/* Numbers of statements by first byte. */
struct index {
	uint32_t	*id;
	uint32_t	 start[OTHER + 2];
};

struct state {
	const struct profiles	*p;
	struct index		 prefix, is, judge;
	uint32_t		*seen;	/* lines by statement */
	bool			*on;	/* profiles recognised */
	uint32_t		 block;	/* statement, or NO_BLOCK */
	size_t			 in;	/* lines of it */
	size_t			 kept;	/* by blocks */
};

#define NO_BLOCK	UINT32_MAX

static const uint16_t *
steps(const struct profiles *p, const struct stmt *s)
{
	return p->op + s->op;
}

static bool
matches(const struct profiles *p, const struct stmt *s, struct span line)
{
	return pat_match(steps(p, s), s->n, &p->sets, line);
}

static unsigned
bits(enum stmt_kind kind)
{
	return 1u << kind;
}

/* Count a statement, or if there is room put it, where it may match. */
static void
add_to_index(const struct profiles *p, struct index *x, uint32_t i)
{
	const struct stmt *s = &p->stmt[i];
	size_t c, to;

	if (!pat_first(steps(p, s), s->n, &c, &to)) {
		c = OTHER;
		to = c + 1;
	}
	for (; c < to; c++) {
		if (c < OTHER && !pat_begins(steps(p, s), &p->sets,
		    (unsigned char)c))
			continue;
		if (x->id != NULL)
			x->id[x->start[c]] = i;
		x->start[c]++;
	}
}

static void
fill_index(const struct state *st, struct index *x, unsigned mask)
{
	const struct profiles *p = st->p;
	uint32_t i;

	for (i = 0; i < p->nstmt; i++) {
		const struct stmt *s = &p->stmt[i];

		if ((mask & bits(s->kind)) && !p->profile[s->profile].hidden &&
		    (s->kind < STMT_KEEP || st->on[s->profile]))
			add_to_index(p, x, i);
	}
}

static bool
make_index(const struct state *st, struct index *x, unsigned mask)
{
	uint32_t sum = 0, n;
	size_t c;

	free(x->id);
	*x = (struct index){ .id = NULL };
	fill_index(st, x, mask);
	for (c = 0; c <= OTHER; c++) {
		n = x->start[c];
		x->start[c] = sum;
		sum += n;
	}
	x->id = calloc((size_t)sum + 1, sizeof(*x->id));
	if (x->id == NULL)
		return false;
	fill_index(st, x, mask);
	/* Each start is now the next one's: move them back. */
	for (c = OTHER + 1; c > 0; c--)
		x->start[c] = x->start[c - 1];
	x->start[0] = 0;
	return true;
}

/*
 * The statements that a line may match stand in two places: those that lines
 * of its first byte match, and others.
 */
static void
candidates(const struct index *x, struct span line, bool other,
    uint32_t *from, uint32_t *to)
{
	size_t c = other || line.n == 0 ? OTHER : (unsigned char)line.p[0];

	*from = x->start[c];
	*to = other || line.n > 0 ? x->start[c + 1] : x->start[c];
}

static size_t
prefix_of(const struct state *st, struct span line)
{
	const struct profiles *p = st->p;
	uint32_t i, to;
	int other;
	size_t n;

	for (other = 0; other < 2; other++)
		for (candidates(&st->prefix, line, other, &i, &to); i < to;
		    i++) {
			const struct stmt *s = &p->stmt[st->prefix.id[i]];

			n = pat_prefix(steps(p, s), s->n, &p->sets, line);
			if (n > 0)
				return n;
		}
	return 0;
}

/* A line without what loggers put before it, and without blanks at its end. */
static struct span
body_of(const struct state *st, struct span line)
{
	struct span head;
	size_t n, k;

	for (k = 0; k < PREFIXES && line.n > 0; k++) {
		head = span_of(line.p, line.n < PREFIX_MAX ? line.n :
		    PREFIX_MAX);
		n = prefix_of(st, head);
		if (n == 0)
			break;
		line = span_skip(line, n);
	}
	while (line.n > 0 && memchr(" \t\r", line.p[line.n - 1], 3) != NULL)
		line.n--;
	return line;
}

static void
recognise_line(struct state *st, struct span body)
{
	uint32_t i, to;
	int other;

	for (other = 0; other < 2; other++)
		for (candidates(&st->is, body, other, &i, &to); i < to; i++) {
			uint32_t id = st->is.id[i];
			const struct stmt *s = &st->p->stmt[id];

			if (!st->on[s->profile] && matches(st->p, s, body) &&
			    ++st->seen[id] >= s->count)
				st->on[s->profile] = true;
		}
}

static size_t
recognise(struct state *st, struct span text, struct buf *names)
{
	size_t i, n = 0;

	if (text.n > LOOK_MAX)
		text.n = LOOK_MAX;
	while (text.n > 0) {
		struct span line = span_line(&text);

		if (line.n <= PROFILE_LINE_MAX)
			recognise_line(st, body_of(st, line));
	}
	for (i = 0; i < st->p->n; i++) {
		if (!st->on[i])
			continue;
		if (n++ > 0)
			buf_adds(names, ", ");
		buf_addspan(names, st->p->profile[i].name);
	}
	return n;
}

/* Whether a statement has kept as many lines as it may. */
static bool
used_up(const struct state *st, const struct stmt *s)
{
	return s->kind == STMT_KEEP && st->seen[s - st->p->stmt] >= s->count;
}

/* The first statement of each kind that matches. */
static void
find(const struct state *st, struct span body,
    const struct stmt *found[STMT_TO + 1])
{
	uint32_t i, to;
	int other;

	for (other = 0; other < 2; other++)
		for (candidates(&st->judge, body, other, &i, &to); i < to;
		    i++) {
			const struct stmt *s =
			    &st->p->stmt[st->judge.id[i]];

			if (found[s->kind] == NULL && !used_up(st, s) &&
			    matches(st->p, s, body))
				found[s->kind] = s;
		}
}

static bool
ends_block(const struct state *st, struct span body)
{
	const struct stmt *s = &st->p->stmt[st->block + 1];
	const struct stmt *end = st->p->stmt + st->p->nstmt;

	for (; s < end && s->kind == STMT_TO; s++)
		if (matches(st->p, s, body))
			return true;
	return false;
}

/* What the block that a line is in says of it, if there is one. */
static enum profile_verdict
block_says(struct state *st, struct span body, const struct stmt *from)
{
	enum profile_verdict v;

	if (st->block != NO_BLOCK && (ends_block(st, body) ||
	    (st->in >= DROPPED_MAX &&
	    st->p->stmt[st->block].verdict != PROFILE_KEEP)))
		st->block = NO_BLOCK;
	if (from != NULL && (st->block == NO_BLOCK ||
	    st->p->stmt[st->block].verdict != PROFILE_KEEP)) {
		st->block = (uint32_t)(from - st->p->stmt);
		st->in = 0;
	}
	if (st->block == NO_BLOCK)
		return PROFILE_NONE;
	st->in++;
	v = (enum profile_verdict)st->p->stmt[st->block].verdict;
	if (v == PROFILE_KEEP && st->kept++ >= KEPT_MAX)
		v = PROFILE_NONE;
	return v;
}

static void
keep(struct state *st, const struct stmt *s, struct profile_line *out)
{
	out->verdict = PROFILE_KEEP;
	if (s->count != COUNT_ALL)
		st->seen[s - st->p->stmt]++;
}

static void
drop(struct profile_line *out, const struct stmt *s)
{
	out->verdict = PROFILE_DROP;
	out->tag = s->tag;
}

static void
judge(struct state *st, struct span body, struct profile_line *out)
{
	const struct stmt *found[STMT_TO + 1] = { NULL }, *few;
	enum profile_verdict block;

	find(st, body, found);
	block = block_says(st, body, found[STMT_FROM]);
	few = found[STMT_FEW];
	if (block != PROFILE_NONE)
		out->verdict = (uint8_t)block;
	else if (found[STMT_KEEP] != NULL)
		keep(st, found[STMT_KEEP], out);
	else if (found[STMT_DROP] != NULL)
		drop(out, found[STMT_DROP]);
	else if (few != NULL && st->seen[few - st->p->stmt]++ < few->count)
		out->verdict = PROFILE_KEEP;
	else if (few != NULL)
		out->verdict = PROFILE_DROP;
	else if (found[STMT_HEAD] != NULL)
		out->verdict = HEAD;
	else if (body.n == 0)
		out->verdict = EMPTY;
}

static bool
judge_line(struct state *st, struct span line, struct profile_run *r)
{
	struct profile_line *l;

	if (r->n == r->cap) {
		l = mem_grow(r->line, &r->cap, r->n + 1, sizeof(*l),
		    LINES_MAX);
		if (l == NULL)
			return false;
		r->line = l;
	}
	l = &r->line[r->n++];
	*l = (struct profile_line){ .verdict = PROFILE_NONE };
	if (line.n > PROFILE_LINE_MAX || span_starts(line, SPAN_LIT("[hr: ")))
		return true;
	judge(st, body_of(st, line), l);
	if ((l->verdict == PROFILE_DROP || l->verdict == HEAD) &&
	    errword_named(line))
		*l = (struct profile_line){ .verdict = PROFILE_NONE };
	return true;
}

/* A heading goes if what it is over goes. */
static void
settle_heads(struct profile_run *r)
{
	uint8_t below = PROFILE_NONE;
	size_t i;

	for (i = r->n; i > 0; i--) {
		struct profile_line *l = &r->line[i - 1];

		if (l->verdict == EMPTY) {
			l->verdict = PROFILE_NONE;
			continue;
		}
		if (l->verdict == HEAD)
			l->verdict = below == PROFILE_DROP ? PROFILE_DROP :
			    PROFILE_NONE;
		below = l->verdict;
	}
}

static bool
run(struct state *st, struct span text, struct profile_run *r)
{
	const struct profiles *p = st->p;

	st->seen = calloc(p->nstmt + 1, sizeof(*st->seen));
	st->on = calloc(p->n + 1, sizeof(*st->on));
	if (st->seen == NULL || st->on == NULL ||
	    !make_index(st, &st->prefix, bits(STMT_PREFIX)) ||
	    !make_index(st, &st->is, bits(STMT_IS)))
		return false;
	r->recognised = recognise(st, text, &r->names);
	if (r->recognised == 0 || !make_index(st, &st->judge,
	    bits(STMT_KEEP) | bits(STMT_DROP) | bits(STMT_FEW) |
	    bits(STMT_HEAD) | bits(STMT_FROM)))
		return false;
	while (text.n > 0)
		if (!judge_line(st, span_line(&text), r))
			return false;
	settle_heads(r);
	return true;
}

bool
profile_run(struct profile_run *r, const struct profiles *p, struct span text)
{
	struct state st = { .p = p, .block = NO_BLOCK };
	bool ok;

	r->n = r->recognised = 0;
	r->profiles = p;
	buf_reset(&r->names);
	ok = run(&st, text, r);
	if (!ok)
		r->n = 0;
	free(st.seen);
	free(st.on);
	free(st.prefix.id);
	free(st.is.id);
	free(st.judge.id);
	return ok;
}

void
profile_run_release(struct profile_run *r)
{
	free(r->line);
	buf_release(&r->names);
	*r = (struct profile_run)PROFILE_RUN_INIT;
}
