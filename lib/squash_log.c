/*
 * squash_log - logs, and what else commands print, with fewer lines
 *
 * First terminal noise is resolved (log_term.h), then a plan is made of which
 * lines are shown (log_plan.h), harder and harder until the budget is met.
 * What is shown are whole lines in their order.
 */
#include "compat.h"

#include "log_own.h"
#include "log_plan.h"
#include "log_term.h"
#include "squash.h"

#define TEXT_MAX	((size_t)256 << 20)
#define EXACT_MAX	((size_t)1 << 20)	/* bytes always counted */
#define SAVED_MIN	16	/* tokens; for less nothing is touched */
#define BINARY_PART	100	/* of the bytes, at most, are controls */
#define BINARY_LOOK	((size_t)64 << 10)	/* bytes looked at */

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

#define STEP_BALANCED	0
#define STEP_TIGHT	1

struct job {
	struct squash	*s;
	struct span	 orig;
	struct span	 text;		/* as a terminal shows it */
	struct buf	 shown;		/* what text is, if it differs */
	struct buf	 out;		/* the whole result */
	struct log_plan	 plan;
	struct edits	 gaps;		/* of text */
	struct buf	 marks;		/* what they point into */
	bool		 exact;		/* s->before is no bound */
};

static bool
tenth_less(uint64_t after, uint64_t before)
{
	return after + SAVED_MIN <= before &&
	    after <= before - (before + 9) / 10;
}

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

	if (!j->exact && (exact || j->orig.n <= EXACT_MAX)) {
		s->before = tok_count(s->tok, j->orig);
		j->exact = true;
	} else if (s->before == 0)
		s->before = j->plan.tokens;
	return s->before;
}

/* Whether `after` is a tenth less than what there was before. */
static bool
worth_it(struct job *j, uint64_t after)
{
	struct squash *s = j->s;

	if (s->edits.n > 0)	/* a shorter form was found already */
		return s->opt.budget > 0 && s->after > s->opt.budget ?
		    after < s->after : tenth_less(after, s->after);
	return tenth_less(after, before(j, false)) ||
	    (!j->exact && tenth_less(after, before(j, true)));
}

/* Let the whole result be what is in j->out. */
static void
replace_all(struct job *j)
{
	struct squash *s = j->s;
	struct buf was = s->text;

	s->text = j->out;
	j->out = was;
	edits_reset(&s->edits);
	edits_add(&s->edits, 0, j->orig.n, buf_span(&s->text));
}

static enum squash_reason
resolve(struct job *j)
{
	struct squash *s = j->s;
	uint64_t after;

	if (!log_term_noisy(j->orig))
		return SQUASH_DONE;
	if (log_term(j->orig, &j->shown) < 0)
		return SQUASH_NOMEM;
	/* A text of which nothing would be left says it by its bytes. */
	if (j->shown.len == 0 || span_eq(buf_span(&j->shown), j->orig))
		return SQUASH_DONE;
	j->text = buf_span(&j->shown);
	after = tok_count(s->tok, j->text);
	if (tenth_less(after, before(j, true))) {
		buf_addspan(&j->out, j->text);
		if (buf_err(&j->out))
			return SQUASH_NOMEM;
		replace_all(j);
		s->after = after;
	}
	return SQUASH_DONE;
}

/* Which of the lines left out a reader may want to know of. */
static void
note(const struct job *j, size_t from, size_t to, struct buf *out)
{
	const struct log_plan *p = &j->plan;
	size_t i, errors = 0;
	bool alike = from > 0;

	for (i = from; i < to; i++) {
		uint32_t t = p->line[i].tmpl;

		errors += t != LOG_NO_TEMPLATE &&
		    p->tmpl[t].kind == LOG_KIND_ERROR;
		alike = alike && t == p->line[from - 1].tmpl;
	}
	if (alike)
		buf_adds(out, "like the line above");
	else if (errors == 1)
		buf_adds(out, "1 repeats an error shown");
	else if (errors > 1)
		buf_addf(out, "%zu repeat errors shown", errors);
}

static void
gap(struct job *j, size_t from, size_t to)
{
	const struct log_line *first = &j->plan.line[from];
	const struct log_line *last = &j->plan.line[to - 1];
	size_t at = j->marks.len, end = last->start + last->n;
	struct buf say = BUF_INIT;

	note(j, from, to, &say);
	mark_gap(&j->marks, to - from, "line", buf_span(&say));
	/* The last line of a text may lack its newline: so does the mark. */
	if (j->text.p[end - 1] == '\n')
		buf_addc(&j->marks, '\n');
	/* Lengths for now: the buffer may still move. */
	edits_add(&j->gaps, first->start, end,
	    span_of(NULL, j->marks.len - at));
	buf_release(&say);
}

static void
make_gaps(struct job *j)
{
	struct log_plan *p = &j->plan;
	size_t i, from, at;

	buf_reset(&j->marks);
	edits_reset(&j->gaps);
	mark_header(&j->marks, p->kept, p->n, "lines", j->s->ref);
	buf_addc(&j->marks, '\n');
	edits_add(&j->gaps, 0, 0, span_of(NULL, j->marks.len));
	for (i = 0; i < p->n; i++) {
		if (p->line[i].keep)
			continue;
		for (from = i; i < p->n && !p->line[i].keep; i++)
			;
		gap(j, from, i);
	}
	for (i = at = 0; i < j->gaps.n && !buf_err(&j->marks); i++) {
		j->gaps.e[i].with.p = j->marks.p + at;
		at += j->gaps.e[i].with.n;
	}
}

/* Only the gaps change, where the text is as it came. */
static void
replace_gaps(struct job *j)
{
	struct squash *s = j->s;
	struct buf text = s->text;
	struct edits edits = s->edits;

	s->text = j->marks;
	s->edits = j->gaps;
	j->marks = text;
	j->gaps = edits;
}

/* One step.  False: no memory, or too many lines. */
static bool
squash_lossy(struct job *j, const struct log_opt *step)
{
	struct log_opt opt = *step;
	struct squash *s = j->s;
	uint64_t after;
	bool ok;

	opt.query = s->opt.query;
	log_plan_release(&j->plan);
	if (!log_plan_make(&j->plan, j->text, &opt))
		return false;
	if (j->plan.kept == j->plan.n)
		return true;
	make_gaps(j);
	buf_reset(&j->out);
	ok = !buf_err(&j->marks) && j->gaps.err == 0;
	if (ok)
		edits_apply(&j->gaps, j->text, &j->out);
	if (!ok || buf_err(&j->out))
		return false;
	after = tok_count(s->tok, buf_span(&j->out));
	if (!worth_it(j, after))
		return true;
	if (j->text.p == j->orig.p)
		replace_gaps(j);
	else
		replace_all(j);
	s->after = after;
	s->lossy = true;
	buf_reset(&s->explain);
	buf_addf(&s->explain, "%zu lines, %zu templates, %zu lines left "
	    "out\n", j->plan.n, j->plan.ntmpl, j->plan.n - j->plan.kept);
	return true;
}

static bool
squash_harder(struct job *j)
{
	struct squash *s = j->s;
	size_t i = s->opt.level == SQUASH_TIGHT ? STEP_TIGHT : STEP_BALANCED;

	if (!squash_lossy(j, &steps[i]))
		return false;
	if (s->edits.n == 0)
		s->after = before(j, s->opt.budget > 0);
	while (s->opt.budget > 0 && s->after > s->opt.budget &&
	    ++i < HR_LEN(steps))
		if (!squash_lossy(j, &steps[i]))
			return false;
	return true;
}

static enum squash_reason
work(struct job *j)
{
	struct squash *s = j->s;
	enum squash_reason why;

	if (s->opt.level == SQUASH_EXACT)
		return SQUASH_LEVEL;
	if (j->orig.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	if (is_binary(j->orig)) {
		s->err.what = "no text";
		return SQUASH_FOREIGN;
	}
	if (log_own(j->orig))
		return SQUASH_NO_GAIN;
	why = resolve(j);
	if (why != SQUASH_DONE)
		return why;
	if (s->opt.level > SQUASH_LOSSLESS && (s->ref != NULL || s->unkept) &&
	    !squash_harder(j))
		return SQUASH_NOMEM;
	if (s->edits.err != 0 || buf_err(&s->text) || tok_err(s->tok) != 0)
		return SQUASH_NOMEM;
	if (s->edits.n == 0)
		return SQUASH_NO_GAIN;
	buf_addf(&s->explain, "%s, %llu of %s%llu tokens\n",
	    s->lossy ? "shortened" : "as a terminal shows it",
	    (unsigned long long)s->after, j->exact ? "" : "at least ",
	    (unsigned long long)s->before);
	return SQUASH_DONE;
}

void
squash_log(struct squash *s, struct span text)
{
	struct job j = { .s = s, .orig = text, .text = text,
	    .shown = BUF_INIT, .out = BUF_INIT, .plan = LOG_PLAN_INIT,
	    .gaps = EDITS_INIT, .marks = BUF_INIT };

	squash_reset(s);
	s->reason = work(&j);
	if (s->reason != SQUASH_DONE) {
		edits_reset(&s->edits);
		s->lossy = false;
	}
	log_plan_release(&j.plan);
	edits_release(&j.gaps);
	buf_release(&j.marks);
	buf_release(&j.shown);
	buf_release(&j.out);
}
