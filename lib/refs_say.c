/*
 * refs_say - references to the runs that were found
 *
 * A run is cut where its lines change the way in which they can be named:
 * by numbers printed on them here, there, on both or on none.
 */
#include "compat.h"

#include <stdlib.h>

#include "json.h"
#include "refs_impl.h"

#define ANCHORS		8	/* lines of which one is to be told by */
#define PATH_MIN	4	/* bytes of a path worth leaving out */
#define ANCHOR_MIN	6	/* bytes that make a line telling */

/* Lines and names looked at for one text; the rest of it stays as it is. */
#define EFFORT_MAX	((size_t)1 << 22)

/* Where printed numbers are. */
enum numbered {
	NOWHERE = 0,
	THERE = 1 << 0,
	HERE = 1 << 1
};

/* A part of a run that one reference can stand for. */
struct part {
	const struct refs	*r;
	const struct refs_lines	*l;
	const struct refs_text	*t;	/* where the lines stand */
	struct refs_run		 run;
	enum numbered		 how;
	bool			 by_number;
	bool			 sole;		/* no other text has its name */
	bool			 begins, ends;	/* it as that text does */
	size_t			 head, tail;	/* lines that stay */
	size_t			*effort;
};

static enum numbered
numbered(const struct part *p, size_t i)
{
	return (enum numbered)(
	    (p->l->number[p->run.at + i] != 0 ? HERE : 0) |
	    (p->r->number[p->run.from + i] != 0 ? THERE : 0));
}

static bool
goes_on(const uint32_t *number, size_t i)
{
	return number[i] == number[i - 1] + 1;
}

/*
 * Lines from 0 on that are alike: their numbers go up by one where there are
 * any; or they are the same on both sides, so that the lines are too.
 */
static size_t
alike(struct part *p)
{
	const uint32_t *here = p->l->number + p->run.at;
	const uint32_t *there = p->r->number + p->run.from;
	bool counted = true, same = p->l->style == p->t->style ||
	    numbered(p, 0) == NOWHERE;
	size_t i;

	p->how = numbered(p, 0);
	if (p->how & THERE)
		counted = p->t->rising && p->sole;
	same &= p->how == NOWHERE || p->how == (HERE | THERE);
	for (i = 0; i < p->run.n && numbered(p, i) == p->how; i++) {
		bool c = counted, s = same && here[i] == there[i];

		if (i > 0) {
			c &= !(p->how & HERE) || goes_on(here, i);
			c &= !(p->how & THERE) || goes_on(there, i);
		}
		if (!c && !s)
			break;
		counted = c;
		same = s;
	}
	p->by_number = counted && (p->how & THERE);
	/* Neither way, not even for one line: no part. */
	if (i == 0)
		p->run.n = 0;
	return i > 0 ? i : 1;
}

static struct span
line(const struct refs_lines *l, size_t i)
{
	return span_of(l->text.p + l->start[i],
	    l->start[i + 1] - l->start[i] - 1);
}

static bool
is_telling(const struct part *p, size_t i, size_t min)
{
	return i < p->l->real &&
	    span_trim(line(p->l, i), " \t\r{}()[];,").n >= min;
}

/* The lines of all texts that have the name of this one's block. */
static void
block_lines(const struct part *p, size_t *from, size_t *to)
{
	const struct refs_text *first = p->t, *last = p->t;
	const struct refs *r = p->r;

	*from = p->t->line;
	*to = p->t->line + p->t->nlines;
	while (first > r->text && first[-1].block == p->t->block)
		if ((--first)->treelen == 0)
			*from = first->line;
	while (last + 1 < r->text + r->ntexts &&
	    last[1].block == p->t->block)
		if ((++last)->treelen == 0)
			*to = last->line + last->nlines;
}

/* How often a line stands in the block, told by its hash. */
static size_t
times(const struct part *p, uint64_t hash)
{
	size_t i, to, n = 0;

	block_lines(p, &i, &to);
	*p->effort += to - i;
	for (; i < to; i++)
		n += refs_looks(p->r->hash[i], hash);
	return n;
}

/* Whether lines i.. are what is replaced, with the two lines next to it. */
static bool
is_same(const struct part *p, size_t i, size_t first, size_t n)
{
	const uint64_t *h = p->r->hash;
	const uint32_t *u = p->r->number;

	if (memcmp(h + i, h + first, n * sizeof(*h)) != 0)
		return false;
	/* Equal numbers on both sides are part of the lines. */
	return p->how != (HERE | THERE) || u[i] != u[first] ||
	    memcmp(u + i, u + first, n * sizeof(*u)) == 0;
}

/*
 * Whether the two lines next to what is replaced tell what it is: from
 * wherever the first one stands in that place, it is the same to the next
 * that is like the second.
 */
static bool
is_between(const struct part *p)
{
	const uint64_t *h = p->r->hash;
	size_t first = p->run.from + p->head - 1, from, end, next, i;
	size_t last = p->run.from + p->run.n - p->tail;

	block_lines(p, &from, &end);
	*p->effort += end - from;
	for (i = next = end; i-- > from; ) {
		if (refs_looks(h[i], h[first]) && next < end &&
		    (next - i != last - first ||
		    !is_same(p, i, first, last - first + 1)))
			return false;
		if (refs_looks(h[i], h[last]))
			next = i;
	}
	return true;
}

static bool
is_told(const struct part *p)
{
	const uint64_t *h = p->r->hash + p->run.from;

	if (p->head > 0 && p->tail > 0)
		return is_between(p);
	if (p->head > 0)
		return times(p, h[p->head - 1]) == 1;
	if (p->tail > 0)
		return times(p, h[p->run.n - p->tail]) == 1;
	return true;
}

/* Whether the part begins, and ends, where its place does. */
static void
find_ends(struct part *p)
{
	size_t to = p->t->line + p->t->nlines, end = p->run.from + p->run.n;

	p->begins = p->sole && p->run.from == p->t->line;
	/* Behind the last newline is no line, nor behind a short text. */
	while (end < to && (p->r->hash[end] == HASH_END ||
	    (p->r->hash[end] == p->r->empty && (end + 1 == to ||
	    p->r->hash[end + 1] == HASH_END))))
		end++;
	p->ends = p->sole && end == to && p->t->all;
}

/* Whether a line must stay to show how numbers look here. */
static bool
shows_style(const struct part *p)
{
	size_t at = p->run.at;

	if (!(p->how & HERE) || (at > 0 && p->l->number[at - 1] != 0))
		return false;
	return p->l->style != p->t->style ||
	    (at > 0 && refs_is_numbered(line(p->l, at - 1)));
}

/*
 * How many lines stay from the part's beginning, or its end, up to a telling
 * one; with once, one that stands only once in that place.  0: there is none.
 */
static size_t
anchor(const struct part *p, bool at_end, bool once)
{
	size_t n, i;

	for (n = 0; n < ANCHORS && n < p->run.n; n++) {
		i = at_end ? p->run.n - 1 - n : n;
		if (is_telling(p, p->run.at + i, once ? 1 : ANCHOR_MIN) &&
		    (!once || times(p, p->r->hash[p->run.from + i]) == 1))
			return n + 1;
	}
	return 0;
}

static bool
try_anchors(struct part *p, size_t head, size_t tail)
{
	p->head = p->begins ? 0 : head;
	p->tail = p->ends ? 0 : tail;
	return (p->begins || head > 0) && (p->ends || tail > 0) &&
	    p->run.n > p->head + p->tail && is_told(p);
}

/* Choose the lines that stay visible.  False: there is no telling. */
static bool
choose_anchors(struct part *p)
{
	bool style = shows_style(p);
	size_t head, tail, head1, tail1;

	p->head = style;
	p->tail = 0;
	if (p->by_number)
		return p->run.n > p->head;
	find_ends(p);
	p->begins &= !style;
	head = anchor(p, false, false);
	tail = anchor(p, true, false);
	if (try_anchors(p, head, tail))
		return true;
	/* Further in may be lines that tell more. */
	head1 = anchor(p, false, true);
	tail1 = anchor(p, true, true);
	if (try_anchors(p, head1, tail) || try_anchors(p, head, tail1) ||
	    try_anchors(p, head1, tail1))
		return true;
	p->begins = p->ends = false;
	return try_anchors(p, head, tail) || try_anchors(p, head1, tail1);
}

static struct span
path_of(const struct refs *r, const struct refs_text *t)
{
	const char *name = r->names.p + t->name;

	return t->path == 0 ? span_of("", 0) :
	    span_of(name + t->path, t->namelen - t->path);
}

/* Where the last parts of a path begin that no other path ends with. */
static size_t
telling_end(const struct refs *r, struct span path)
{
	const struct refs_text *e = r->text, *end = e + r->ntexts;
	struct span other;
	size_t at = path.n, same;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	for (; e < end && at > 0; e++) {
		other = path_of(r, e);
		if (other.n == 0 || span_eq(other, path))
			continue;
		for (same = 0; same < other.n && same < path.n &&
		    other.p[other.n - 1 - same] == path.p[path.n - 1 - same];)
			same++;
		if (same < path.n - at)
			continue;
		/* One part more than they have in common. */
		at = path.n - same;
		while (at > 0 && path.p[at - 1] != '/')
			at--;
	}
	return at;
}

static void
add_short(struct buf *b, const struct refs *r, const struct refs_text *t)
{
	struct span path = path_of(r, t);
	size_t at = path.n == 0 ? 0 : telling_end(r, path);

	buf_add(b, r->names.p + t->name, t->namelen - path.n);
	if (at > PATH_MIN)
		buf_adds(b, ".../");
	else
		at = 0;
	buf_addspan(b, span_skip(path, at));
}

/* "the Read of a.c", "the 2nd Read of a.c", ".rows in the query of x" */
static void
add_name(struct buf *b, const struct refs *r, const struct refs_text *t)
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	const struct refs_text *e;
	unsigned n = 1, total = 1, of_ten;
	bool before = true;

	for (e = r->text; e < r->text + r->ntexts; e++) {
		if (e == t)
			before = false;
		if (e->name_hash != t->name_hash || e->block == t->block ||
		    (e > r->text && e[-1].block == e->block))
			continue;
		n += before;
		total++;
	}
	of_ten = n % 10 < 4 && n / 10 % 10 != 1 ? n % 10 : 0;
	if (t->treelen > 0) {
		buf_addspan(b, span_of(r->names.p + t->tree, t->treelen));
		buf_adds(b, " in ");
	}
	buf_adds(b, "the ");
	if (total > 1)
		buf_addf(b, "%u%s ", n, ends[of_ten]);
	add_short(b, r, t);
}

/* Which lines of the place it is, where they have no numbers. */
static const char *
where(const struct part *p)
{
	if (p->begins && p->ends)
		return "all of";
	if (p->begins)
		return "all before the next line in";
	if (p->ends)
		return "all behind that line in";
	return "between these two lines in";
}

static void
say(struct buf *b, const struct part *p, size_t n)
{
	const uint32_t *here = p->l->number + p->run.at + p->head;
	const uint32_t *there = p->r->number + p->run.from + p->head;

	if (p->how == HERE || (p->by_number && p->how == (HERE | THERE)))
		buf_addf(b, "[hr: lines %u-%u", here[0], here[n - 1]);
	else
		buf_addf(b, "[hr: %zu line%s", n, n == 1 ? "" : "s");
	if (!p->by_number)
		buf_addf(b, " as %s ", where(p));
	else if (!(p->how & HERE) || here[0] != there[0])
		buf_addf(b, " as lines %u-%u in ", there[0],
		    there[n - 1]);
	else
		buf_adds(b, " as in ");
	add_name(b, p->r, p->t);
	buf_adds(b, " above]");
}

/* Tokens of s as the model sees it. */
static uint64_t
tokens(const struct refs_opt *opt, struct span s, struct buf *scratch)
{
	if (!opt->quoted)
		return tok_count(opt->tok, s);
	buf_reset(scratch);
	json_encode(s, scratch);
	return buf_err(scratch) ? 0 : tok_count(opt->tok, buf_span(scratch));
}

/*
 * The words from `at` on instead of bytes start to end of the text, if that
 * saves enough.
 */
static void
replace(const struct refs_lines *l, size_t start, size_t end, size_t at,
    const struct refs_opt *opt, struct refs_said *said)
{
	uint64_t before, after;

	if (buf_err(&said->words))
		return;
	after = tokens(opt, span_skip(buf_span(&said->words), at),
	    &said->scratch);
	before = tokens(opt, span_of(l->text.p + start, end - start),
	    &said->scratch);
	if (before < after + REFS_SAVED_MIN || after > before - before / 10) {
		buf_truncate(&said->words, at);
		return;
	}
	said->before += before;
	said->after += after;
	/* Where the words are is known when there are no more. */
	edits_add(&said->edits, start, end, span_of(NULL,
	    said->words.len - at));
}

static void
refer_part(const struct part *p, const struct refs_opt *opt,
    struct refs_said *said)
{
	size_t from = p->run.at + p->head, to = p->run.at + p->run.n - p->tail;
	size_t start = p->l->start[from], at = said->words.len;
	size_t end = p->l->start[to] - 1;

	if (end - start < REFS_SAVED_MIN)
		return;
	*p->effort += p->r->ntexts;
	say(&said->words, p, to - from);
	replace(p->l, start, end, at, opt, said);
}

static void
refer_tree(const struct refs *r, const struct refs_lines *l,
    const struct refs_run *run, const struct refs_opt *opt,
    struct refs_said *said)
{
	const struct refs_tree *v = &l->tree[run->at];
	const struct refs_text *t = refs_text_at(r, run->from);
	size_t at = said->words.len;

	if (t->block == opt->block)
		return;
	buf_reset(&said->scratch);
	buf_adds(&said->scratch, "[hr: the same as ");
	add_name(&said->scratch, r, t);
	buf_adds(&said->scratch, " above]");
	json_quote(buf_span(&said->scratch), &said->words);
	replace(l, v->start, v->end, at, opt, said);
}

/* Lines of a text; behind its last newline is none. */
static size_t
real_lines(const struct refs_lines *l)
{
	return l->real - (l->real > 1 &&
	    l->start[l->real] - l->start[l->real - 1] == 1);
}

static void
refer_run(const struct refs *r, const struct refs_lines *l,
    const struct refs_run *run, const struct refs_opt *opt,
    struct refs_said *said)
{
	struct part p = { .r = r, .l = l, .t = refs_text_at(r, run->from),
	    .effort = &said->effort };
	size_t i = 0, n, from, end = real_lines(l);

	if (p.t->block == opt->block || run->at >= end)
		return;
	block_lines(&p, &from, &n);
	/* A value is told by its path, whatever stands beside it. */
	p.sole = p.t->treelen > 0 || (from == p.t->line &&
	    n == from + p.t->nlines);
	end = run->at + run->n < end ? run->n : end - run->at;
	while (i < end && said->effort <= EFFORT_MAX) {
		p.run = (struct refs_run){ run->at + (uint32_t)i,
		    (uint32_t)(end - i), run->from + (uint32_t)i };
		n = alike(&p);
		i += n;
		if (p.run.n == 0)
			continue;
		p.run.n = (uint32_t)n;
		if (choose_anchors(&p))
			refer_part(&p, opt, said);
	}
}

void
refs_refer(const struct refs *r, const struct refs_lines *l,
    const struct refs_opt *opt, struct refs_said *said)
{
	const char *words;
	size_t i;

	edits_reset(&said->edits);
	buf_reset(&said->words);
	buf_reset(&said->scratch);
	said->before = said->after = said->effort = 0;
	for (i = 0; i < said->nruns; i++)
		if (said->run[i].n > 0)
			refer_run(r, l, &said->run[i], opt, said);
		else
			refer_tree(r, l, &said->run[i], opt, said);
	if (said->edits.err || buf_err(&said->words) ||
	    buf_err(&said->scratch) || tok_err(opt->tok)) {
		edits_reset(&said->edits);
		return;
	}
	words = said->words.p;
	for (i = 0; i < said->edits.n; i++) {
		said->edits.e[i].with.p = words;
		words += said->edits.e[i].with.n;
	}
}

void
refs_said_release(struct refs_said *said)
{
	edits_release(&said->edits);
	buf_release(&said->words);
	buf_release(&said->scratch);
	free(said->run);
	*said = (struct refs_said)REFS_SAID_INIT;
}
