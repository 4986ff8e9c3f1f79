/*
 * log_plan - templates of lines, and what of each is shown
 */
#include "compat.h"

#include <stdlib.h>

#include "errword.h"
#include "log_plan.h"
#include "log_query.h"
#include "log_trace.h"
#include "mem.h"

#define KEYS_MAX	((size_t)256 << 20)	/* bytes of masks */
#define TEMPLATES_MAX	((size_t)4 << 20)
#define LAST_MAX	1000	/* bytes of the last lines */
#define FILL_MAX	32	/* bytes: a mark would not be shorter */

/* Begins the key of a trace, where that of an error has its template. */
#define TRACE_KEY	UINT32_MAX

struct span
log_plan_line(const struct log_plan *p, size_t i)
{
	const struct log_line *l = &p->line[i];
	struct span s = span_of(p->text.p + l->start, l->n);

	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/*
 * What is not the first of its kind has a share of the lines and no more, but
 * MIN lines in any case.  Where more than one line in MANY is of a template
 * that is rare, none is.
 */
#define RARE_MANY	8
#define RARE_MIN	10
#define RARE_PART	40
#define RARE_LONG	200	/* bytes of a line; one like it will do */
#define CONTEXT_MIN	30
#define CONTEXT_PART	20

/*
 * The first line of a template says what all are.  Its mask is asked for
 * words of error: there "0 errors" reads as any number does.
 */
static void
judge(struct log_tmpl *t, struct span line, struct span mask)
{
	enum log_error error;

	t->headline = log_trace_headline(line);
	t->frame = log_trace_frame(line);
	if (log_marked(line) || log_plain(line)) {
		t->kind = log_plain(line) ? LOG_KIND_PLAIN : LOG_KIND_MARK;
		return;
	}
	t->word = errword_in(mask);
	error = log_error(line, t->word);
	if (error != LOG_NO_ERROR)
		t->kind = LOG_KIND_ERROR;
	t->exact = error == LOG_EXACT_ERROR;
}

/* The number under a key in a table; *fresh if it had none. */
static union map_val *
intern(struct log_plan *p, struct map *m, struct span key, bool *fresh)
{
	union map_val *v = map_get(m, key);

	*fresh = v == NULL;
	if (v != NULL)
		return v;
	key = arena_dup(&p->keys, key);
	return key.p == NULL && key.n > 0 ? NULL : map_put(m, key);
}

static bool
add_template(struct log_plan *p, struct span line)
{
	struct log_tmpl *t = p->tmpl;

	if (p->ntmpl == p->tmplcap) {
		t = mem_grow(t, &p->tmplcap, p->ntmpl + 1, sizeof(*t),
		    TEMPLATES_MAX);
		if (t == NULL)
			return false;
		p->tmpl = t;
	}
	t = &p->tmpl[p->ntmpl++];
	*t = (struct log_tmpl){ .count = 0 };
	judge(t, line, buf_span(&p->mask));
	return true;
}

/* Beyond the ceilings a line has no template, and will be kept. */
static uint32_t
template_of(struct log_plan *p, struct span line, enum log_depth depth)
{
	union map_val *v;
	bool fresh;

	p->tokens += log_mask(line, depth, &p->mask);
	if (buf_err(&p->mask))
		return LOG_NO_TEMPLATE;
	v = intern(p, &p->masks, buf_span(&p->mask), &fresh);
	if (v == NULL)
		return LOG_NO_TEMPLATE;
	if (fresh) {
		v->u = UINT32_MAX;
		if (add_template(p, line))
			v->u = p->ntmpl - 1;
	}
	if (v->u != LOG_NO_TEMPLATE)
		p->tmpl[v->u].count++;
	return (uint32_t)v->u;
}

static bool
add_line(struct log_plan *p, size_t start, size_t n)
{
	struct log_line *l = p->line;

	if (n > UINT32_MAX)
		return false;
	if (p->n == p->cap) {
		l = mem_grow(l, &p->cap, p->n + 1, sizeof(*l), LOG_LINES_MAX);
		if (l == NULL)
			return false;
		p->line = l;
	}
	p->line[p->n++] = (struct log_line){ .start = start,
	    .n = (uint32_t)n };
	return true;
}

static enum log_kind
kind_of(const struct log_plan *p, size_t i)
{
	uint32_t t = p->line[i].tmpl;

	return t == LOG_NO_TEMPLATE ? LOG_KIND_LINE :
	    (enum log_kind)p->tmpl[t].kind;
}

/* What a profile drops does not make a template less rare, or more. */
static void
ask_profile(struct log_plan *p, const struct profile_run *r)
{
	struct log_line *l = &p->line[p->n - 1];

	if (r == NULL || p->n > r->n || kind_of(p, p->n - 1) == LOG_KIND_MARK)
		return;
	l->verdict = r->line[p->n - 1].verdict;
	if (l->verdict == PROFILE_DROP && l->tmpl != LOG_NO_TEMPLATE)
		p->tmpl[l->tmpl].count--;
}

static bool
read_lines(struct log_plan *p, const struct log_opt *opt)
{
	size_t at = 0, n;
	const char *nl;

	for (; at < p->text.n; at += n) {
		nl = memchr(p->text.p + at, '\n', p->text.n - at);
		n = nl != NULL ? (size_t)(nl + 1 - p->text.p) - at :
		    p->text.n - at;
		if (!add_line(p, at, n))
			return false;
		p->line[p->n - 1].tmpl = template_of(p,
		    log_plan_line(p, p->n - 1), opt->depth);
		ask_profile(p, opt->profile);
	}
	return true;
}

/* Whether the key in p->mask was not there before. */
static bool
unseen(struct log_plan *p)
{
	bool fresh;

	/* Where there is no memory for it, it is as if it were new. */
	(void)intern(p, &p->seen, buf_span(&p->mask), &fresh);
	return fresh;
}

/* Whether an error is of a form that none before it had. */
static bool
looks_new(struct log_plan *p, size_t i)
{
	log_mask(log_plan_line(p, i), LOG_MASK, &p->mask);
	return unseen(p);
}

/* Whether an error says what none before it said. */
static bool
says_more(struct log_plan *p, size_t i)
{
	uint32_t tmpl = p->line[i].tmpl;
	struct span s = log_plan_line(p, i);
	size_t end;

	buf_reset(&p->mask);
	buf_add(&p->mask, &tmpl, sizeof(tmpl));
	if (log_level(s, &end) == LOG_ERROR)
		s = span_skip(s, end);
	else
		s = span_skip(s, log_stamp(s));
	log_message(s, false, &p->mask);
	return unseen(p);
}

static void
keep(struct log_plan *p, size_t i)
{
	struct log_line *l = &p->line[i];

	l->keep = true;
	if (l->tmpl != LOG_NO_TEMPLATE)
		p->tmpl[l->tmpl].kept++;
}

/* Whether one more of what has a share of the lines may be kept. */
static bool
room(size_t *left)
{
	if (*left == 0)
		return false;
	--*left;
	return true;
}

static size_t
share(size_t n, size_t part, size_t min)
{
	return n / part > min ? n / part : min;
}

static void
set_shares(struct log_plan *p, const struct log_opt *opt)
{
	size_t i, rare = 0;

	for (i = 0; i < p->ntmpl; i++)
		if (p->tmpl[i].count <= opt->rare)
			rare += p->tmpl[i].count;
	p->context = share(p->n, CONTEXT_PART, CONTEXT_MIN);
	p->rare = rare > p->n / RARE_MANY ? RARE_MIN :
	    share(p->n, RARE_PART, RARE_MIN);
}

static void
keep_around(struct log_plan *p, size_t i, const struct log_opt *opt)
{
	size_t to = i + 1 + opt->after;

	for (i = i > opt->before ? i - opt->before : 0; i < to && i < p->n;
	    i++)
		if (!p->line[i].trace && !p->line[i].keep &&
		    p->line[i].verdict != PROFILE_DROP && room(&p->context))
			p->line[i].keep = true;
}

/* Whether a line may be left out since one above it has its words. */
static bool
says_again(struct log_plan *p, size_t i)
{
	const struct log_tmpl *t = &p->tmpl[p->line[i].tmpl];
	struct span line = log_plan_line(p, i);
	size_t at = p->words.len;
	struct log_words *w;

	/* Elsewhere than in logs a long line may be all there is. */
	if (t->kind != LOG_KIND_LINE || t->word || line.n < LOG_NEAR_MIN ||
	    !log_timed(line) || !log_near(&p->nears, line, &p->words))
		return false;
	w = mem_grow(p->near, &p->nearcap, p->nnear + 1, sizeof(*w),
	    LOG_LINES_MAX);
	if (w == NULL || buf_err(&p->words))
		return false;
	p->near = w;
	p->near[p->nnear++] = (struct log_words){ i, at,
	    p->words.len - at };
	p->line[i].near = true;
	return true;
}

static void
decide(struct log_plan *p, size_t i, const struct log_opt *opt)
{
	const struct log_tmpl *t;
	bool first, more;

	if (p->line[i].verdict == PROFILE_DROP)
		return;
	if (p->line[i].tmpl == LOG_NO_TEMPLATE ||
	    p->line[i].verdict == PROFILE_KEEP) {
		keep(p, i);
		return;
	}
	t = &p->tmpl[p->line[i].tmpl];
	first = t->kept == 0;
	if (t->kind == LOG_KIND_PLAIN)
		return;
	if (first && says_again(p, i))
		return;
	if (t->kind == LOG_KIND_MARK || first || (t->count <= opt->rare &&
	    (t->word || (p->line[i].n <= RARE_LONG && room(&p->rare)))))
		keep(p, i);
	if (t->kind != LOG_KIND_ERROR)
		return;
	more = t->exact && (t->kept < opt->variants || first) &&
	    says_more(p, i);
	more = (opt->errors && looks_new(p, i)) || more;
	if (more && !p->line[i].keep)
		keep(p, i);
	if (first)
		keep_around(p, i, opt);
}

static bool
may_begin_trace(const struct log_plan *p, size_t i)
{
	uint32_t t = p->line[i].tmpl;
	uint32_t next = i + 1 < p->n ? p->line[i + 1].tmpl : t;

	return t == LOG_NO_TEMPLATE || next == LOG_NO_TEMPLATE ||
	    (p->tmpl[t].kind != LOG_KIND_MARK &&
	    (p->tmpl[t].headline || p->tmpl[next].frame));
}

/* The line behind the trace that begins at i, or i. */
static size_t
trace_end(const struct log_plan *p, size_t i)
{
	struct log_trace t = LOG_TRACE_INIT;
	struct span next = span_of("", 0);

	if (p->line[i].verdict == PROFILE_DROP || !may_begin_trace(p, i))
		return i;
	if (i + 1 < p->n)
		next = log_plan_line(p, i + 1);
	if (!log_trace_begins(&t, log_plan_line(p, i), next))
		return i;
	for (i++; i < p->n && kind_of(p, i) != LOG_KIND_MARK; i++)
		if (!log_trace_goes_on(&t, log_plan_line(p, i)))
			break;
	return i;
}

/*
 * Two traces are one if they went through the same lines; where too many were
 * kept, if their masks are the same.
 */
static bool
trace_unseen(struct log_plan *p, size_t from, size_t to, bool exact)
{
	uint32_t key[2] = { TRACE_KEY, exact };
	size_t i;

	buf_reset(&p->mask);
	buf_add(&p->mask, key, sizeof(key));
	for (i = from; i < to; i++) {
		buf_add(&p->mask, &p->line[i].tmpl, sizeof(key[0]));
		if (exact && i > from && p->line[i].tmpl != LOG_NO_TEMPLATE &&
		    p->tmpl[p->line[i].tmpl].frame)
			log_message(log_plan_line(p, i), true, &p->mask);
	}
	return unseen(p);
}

static void
decide_trace(struct log_plan *p, size_t from, size_t to,
    const struct log_opt *opt)
{
	bool fresh = trace_unseen(p, from, to, false);
	size_t i;

	if (p->traces < opt->variants && trace_unseen(p, from, to, true))
		fresh = true;
	p->traces += fresh;

	/* Of one that is known the headline may still say something else. */
	decide(p, from, opt);
	for (i = from + 1; i < to; i++)
		p->line[i].trace = true;
	if (!fresh)
		return;
	keep_around(p, from, opt);
	for (i = from; i < to; i++)
		if (p->line[i].verdict != PROFILE_DROP)
			keep(p, i);
}

static void
decide_all(struct log_plan *p, const struct log_opt *opt)
{
	size_t i, end;

	for (i = 0; i < p->n; i = end > i ? end : i + 1) {
		end = trace_end(p, i);
		if (end > i + 1)
			decide_trace(p, i, end, opt);
		else
			decide(p, i, opt);
	}
}

static void
keep_last(struct log_plan *p, unsigned n)
{
	size_t i, bytes = 0;

	for (i = p->n; i > 0 && n > 0; i--) {
		if (kind_of(p, i - 1) == LOG_KIND_MARK)
			break;
		if (kind_of(p, i - 1) == LOG_KIND_PLAIN)
			continue;
		bytes += p->line[i - 1].n;
		if (bytes > LAST_MAX)
			break;
		p->line[i - 1].keep = true;
		n--;
	}
}

static void
keep_query(struct log_plan *p, struct span query)
{
	struct log_query q;
	size_t i;

	if (!log_query_open(&q, query))
		return;
	for (i = 0; i < p->n; i++)
		log_query_count(&q, log_plan_line(p, i));
	log_query_choose(&q, p->n);
	for (i = 0; i < p->n; i++)
		if (log_query_hit(&q, log_plan_line(p, i)))
			p->line[i].keep = true;
}

/* Blank lines and rules go with what they follow. */
static void
settle_plain(struct log_plan *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (kind_of(p, i) == LOG_KIND_PLAIN && !p->line[i].trace)
			p->line[i].keep = p->line[i].verdict !=
			    PROFILE_DROP && (i == 0 || p->line[i - 1].keep);
}

/* A gap that a mark would not make shorter is none. */
static void
fill(struct log_plan *p)
{
	size_t i, from, bytes;

	for (i = 0; i < p->n; i++) {
		if (p->line[i].keep)
			continue;
		for (from = i, bytes = 0; i < p->n && !p->line[i].keep; i++)
			bytes += p->line[i].n;
		for (; bytes <= FILL_MAX && from < i; from++)
			p->line[from].keep = true;
	}
}

bool
log_plan_make(struct log_plan *p, struct span text, const struct log_opt *opt)
{
	size_t i;

	p->text = text;
	p->profile = opt->profile;
	p->keys.max = KEYS_MAX;
	map_init(&p->masks, map_random_seed());
	map_init(&p->seen, map_random_seed());
	if (!read_lines(p, opt))
		return false;
	set_shares(p, opt);
	decide_all(p, opt);
	keep_last(p, opt->last);
	keep_query(p, opt->query);
	settle_plain(p);
	fill(p);
	for (i = 0; i < p->n; i++)
		if (p->line[i].keep) {
			p->kept++;
			p->bytes += p->line[i].n;
		}
	return true;
}

void
log_plan_release(struct log_plan *p)
{
	free(p->line);
	free(p->tmpl);
	free(p->near);
	buf_release(&p->words);
	log_near_release(&p->nears);
	map_release(&p->masks);
	map_release(&p->seen);
	arena_release(&p->keys);
	buf_release(&p->mask);
	*p = (struct log_plan)LOG_PLAN_INIT;
}
