/*
 * squash_log - logs, and what else commands print, with fewer lines
 *
 * First terminal noise is resolved (log_term.h), then a plan is made of which
 * lines are shown (profile.h, log_plan.h), harder and harder until the budget
 * is met.  What is shown are whole lines in their order, with what they repeat
 * folded (fold.h).
 */
#include "compat.h"

#include "fold.h"
#include "fold_decor.h"
#include "log_gap.h"
#include "log_own.h"
#include "log_plan.h"
#include "log_term.h"
#include "squash.h"

#define TEXT_MAX	((size_t)256 << 20)
#define EXACT_MAX	((size_t)1 << 20)	/* bytes always counted */
#define BINARY_PART	100	/* of the bytes, at most, are controls */
#define BINARY_LOOK	((size_t)64 << 10)	/* bytes looked at */

#define EXCERPTS	5	/* of errors are kept */

/* From mild to hard. */
static const struct log_opt steps[] = {
	{ .rare = 3, .variants = 500, .before = 2, .after = 1, .last = 3,
	  .depth = LOG_MASK },
	{ .rare = 1, .variants = 50, .before = 1, .after = 0, .last = 1,
	  .depth = LOG_MASK_DEEP, .errors = true },
	{ .rare = 1, .variants = 5, .before = 0, .after = 0, .last = 1,
	  .depth = LOG_MASK_DEEP },
	{ .rare = 1, .variants = 1, .before = 0, .after = 0, .last = 1,
	  .depth = LOG_MASK_DEEP },
};

#define STEP_TIGHT	1	/* the last that keeps all diagnostics */

struct job {
	struct squash		*s;
	struct span		 orig;
	struct span		 text;	/* as a terminal shows it */
	struct buf		 shown;	/* what text is, if it differs */
	struct buf		 out;	/* a result, being made */
	struct buf		 fold;	/* the same in fewer tokens */
	struct profile_run	 profile;
	struct log_plan		 plan;
	struct log_gaps		 gaps;
	bool			 exact;	/* s->before is no bound */
	enum squash_reason	 why;
};

/* Bytes that no text has, and a terminal neither shows nor obeys. */
static bool
is_binary(struct span s)
{
	size_t i, odd = 0;

	if (s.n > BINARY_LOOK)
		s.n = BINARY_LOOK;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		odd += c < 0x20 && c != '\n' && c != '\t' && c != '\r' &&
		    c != '\033' && c != '\b' && c != '\a' && c != '\f';
	}
	return odd > s.n / BINARY_PART;
}

/*
 * Tokens of the text as it came: exact where that is cheap or must be, else as
 * many as it has at least, by the plan.
 */
static uint64_t
before(struct job *j, bool exact)
{
	struct squash *s = j->s;

	exact = exact || j->orig.n <= EXACT_MAX || s->opt.budget > 0 ||
	    j->plan.tokens == 0;
	if (!j->exact && exact) {
		s->before = tok_count(s->tok, j->orig);
		j->exact = true;
	} else if (!j->exact)
		s->before = j->plan.tokens;
	return s->before;
}

/* Whether a form of `after` tokens is to be taken. */
static bool
worth_it(struct job *j, uint64_t after)
{
	struct squash *s = j->s;

	if (s->edits.n > 0)	/* a shorter form was found already */
		return squash_worth(s, after);
	s->after = before(j, false);
	if (squash_worth(s, after))
		return true;
	s->after = before(j, true);
	return squash_worth(s, after);
}

/* Fewer tokens for what is in j->out, if there is a way; how many. */
static uint64_t
fold_out(struct job *j)
{
	struct squash *s = j->s;
	uint64_t tokens = tok_count(s->tok, buf_span(&j->out)), after;
	struct buf was;
	unsigned way;

	for (way = 0; way < FOLD_WAYS; way++) {
		buf_reset(&j->fold);
		if (!fold(way, buf_span(&j->out), s->opt.query, &j->fold) ||
		    buf_err(&j->fold))
			continue;
		after = tok_count(s->tok, buf_span(&j->fold));
		if (!squash_less(after, tokens))
			continue;
		was = j->out;
		j->out = j->fold;
		j->fold = was;
		tokens = after;
	}
	return tokens;
}

/* Let the result be what is in j->out, behind a header. */
static void
replace(struct job *j, struct span header)
{
	struct squash *s = j->s;

	buf_reset(&s->text);
	buf_addspan(&s->text, header);
	buf_addspan(&s->text, buf_span(&j->out));
	edits_reset(&s->edits);
	edits_add(&s->edits, 0, j->orig.n, buf_span(&s->text));
}

/* All lines, as a terminal shows them. */
static bool
squash_lossless(struct job *j)
{
	struct squash *s = j->s;
	uint64_t after;

	buf_reset(&j->out);
	buf_addspan(&j->out, j->text);
	if (buf_err(&j->out))
		return false;
	after = fold_out(j);
	if (span_eq(buf_span(&j->out), j->orig))
		return true;
	if (worth_it(j, after)) {
		replace(j, SPAN_LIT(""));
		s->after = after;
	}
	return true;
}

static bool
resolve(struct job *j)
{
	if (!log_term_noisy(j->orig))
		return true;
	if (log_term(j->orig, &j->shown) < 0)
		return false;
	/* A text of which nothing would be left says it by its bytes. */
	if (j->shown.len > 0 && !span_eq(buf_span(&j->shown), j->orig))
		j->text = buf_span(&j->shown);
	return true;
}

static bool
make_plan(struct job *j, const struct log_opt *step)
{
	struct log_opt opt = *step;

	opt.query = j->s->opt.query;
	opt.profile = j->profile.n > 0 ? &j->profile : NULL;
	log_plan_release(&j->plan);
	return log_plan_make(&j->plan, j->text, &opt) &&
	    (step > &steps[STEP_TIGHT] || fold_decor(&j->plan, EXCERPTS));
}

/* What the plan keeps, with marks in place of the rest. */
static bool
shorten(struct job *j)
{
	struct squash *s = j->s;
	struct log_plan *p = &j->plan;
	struct buf head = BUF_INIT;
	uint64_t after;
	bool ok;

	if (p->kept == p->n)
		return true;
	if (!log_gaps_make(&j->gaps, p))
		return false;
	buf_reset(&j->out);
	edits_apply(&j->gaps.edits, j->text, &j->out);
	mark_header(&head, p->kept, p->n, "lines", s->ref);
	buf_addc(&head, '\n');
	ok = !buf_err(&j->out) && !buf_err(&head);
	after = ok ? fold_out(j) + tok_count(s->tok, buf_span(&head)) : 0;
	if (ok && worth_it(j, after)) {
		replace(j, buf_span(&head));
		s->after = after;
		s->lossy = true;
		buf_reset(&s->explain);
		buf_addf(&s->explain, "%zu lines, %zu templates, %zu lines "
		    "left out\n", p->n, p->ntmpl, p->n - p->kept);
	}
	buf_release(&head);
	return ok;
}

/*
 * One step.  Before the first it is seen what can be done without leaving
 * anything out, unless so little is kept that it need not be asked.
 */
static void
step(void *arg, size_t i)
{
	struct job *j = arg;
	bool first = j->plan.n == 0;

	if (j->why != SQUASH_DONE)
		return;
	if (!make_plan(j, &steps[i]) || (first &&
	    j->plan.bytes > j->text.n / 2 && !squash_lossless(j)) ||
	    !shorten(j))
		j->why = SQUASH_NOMEM;
	if (j->s->edits.n == 0)
		j->s->after = before(j, false);
}

static enum squash_reason
work(struct job *j)
{
	struct squash *s = j->s;

	if (s->opt.level == SQUASH_EXACT)
		return SQUASH_LEVEL;
	if (j->orig.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	if (is_binary(j->orig)) {
		s->err.what = "no text";
		return SQUASH_FOREIGN;
	}
	if (j->orig.n == 0 || log_own(j->orig))
		return SQUASH_NO_GAIN;
	if (!resolve(j))
		return SQUASH_NOMEM;
	if (s->opt.level > SQUASH_LOSSLESS && (s->ref != NULL || s->unkept)) {
		if (s->profiles != NULL)
			(void)profile_run(&j->profile, s->profiles, j->text);
		squash_steps(s, HR_LEN(steps), step, j);
	} else if (!squash_lossless(j))
		j->why = SQUASH_NOMEM;
	if (s->edits.err != 0 || buf_err(&s->text) || tok_err(s->tok) != 0)
		return SQUASH_NOMEM;
	if (s->edits.n == 0 && j->why == SQUASH_DONE)
		return SQUASH_NO_GAIN;
	if (j->profile.n > 0)
		buf_addf(&s->explain, "profiles: %.*s\n",
		    (int)j->profile.names.len, j->profile.names.p);
	buf_addf(&s->explain, "%s, %llu of %s%llu tokens\n",
	    s->lossy ? "shortened" : "with all lines",
	    (unsigned long long)s->after, j->exact ? "" : "at least ",
	    (unsigned long long)s->before);
	return j->why;
}

void
squash_log(struct squash *s, struct span text)
{
	struct job j = { .s = s, .orig = text, .text = text,
	    .shown = BUF_INIT, .out = BUF_INIT, .fold = BUF_INIT,
	    .profile = PROFILE_RUN_INIT, .plan = LOG_PLAN_INIT,
	    .gaps = LOG_GAPS_INIT };

	squash_reset(s);
	s->reason = work(&j);
	if (s->reason != SQUASH_DONE) {
		edits_reset(&s->edits);
		s->lossy = false;
	}
	profile_run_release(&j.profile);
	log_plan_release(&j.plan);
	log_gaps_release(&j.gaps);
	buf_release(&j.shown);
	buf_release(&j.out);
	buf_release(&j.fold);
}
