/*
 * squash_json - JSON with fewer tokens
 *
 * Scan, plan the forms, render, count.  First all that is lossless; then, if
 * level and store allow it, with what the picks leave out, harder and harder
 * until the budget is met.  Each step must earn a tenth or is not taken.
 */
#include "compat.h"

#include <stdlib.h>

#include "json_expand.h"
#include "json_explain.h"
#include "json_pick.h"
#include "json_plan.h"
#include "json_render.h"
#include "json_source.h"
#include "shapes.h"
#include "squash.h"

#define TEXT_MAX	((size_t)256 << 20)
#define COUNTED_PARTS	6	/* of a text, counted one after the other */
#define COUNTED_MAX	((size_t)256 << 10)	/* more: see squash.h, about */
#define FAR_SHORTER	4	/* times shorter than without loss */

struct job {
	struct squash		*s;
	struct json_source	 in;
	uint8_t			*what;	/* shapes.h */
	struct json_plan	 plan;
	struct json_picks	 picks;
	struct buf		 best;	/* the whole, lossless */
	bool			 bound;	/* s->after is one, of s->text */
};

/* Render the whole into out; false if it does not fit or memory is out. */
static bool
render(struct job *j, const struct json_picks *picks, struct buf *out,
    struct json_render *r)
{
	*r = (struct json_render)JSON_RENDER_INIT(&j->plan, picks, out);
	r->embed = j->in.embed;
	r->nembeds = j->in.nembeds;
	/* What is longer than the text is of no use. */
	out->max = j->in.bytes + 64;
	buf_reset(out);
	/* Room for it at once: memory that is not written to is none. */
	(void)!buf_reserve(out, j->in.bytes / 2);
	buf_reset(out);
	if (j->in.form != NULL) {
		buf_addspan(out, buf_span(&j->in.how));
		buf_adds(out, ": ");
	}
	json_render_begin(r);
	if (j->in.lines)
		json_render_lines(r, 0);
	else
		json_render_value(r, 0);
	if (j->in.form != NULL)
		buf_addc(out, '\n');
	json_render_release(r);
	return !buf_err(out);
}

/* Put what was rendered in place of the whole, behind a header if any. */
static void
replace_root(struct job *j, struct span header)
{
	const struct json_tok *root = &j->in.orig.tok[0];
	size_t from = j->in.form != NULL ? 0 : root->start;
	size_t to = j->in.form != NULL ? j->in.bytes : root->end;
	struct squash *s = j->s;
	struct buf rendered = j->best;
	size_t n = rendered.len;

	j->best = s->text;
	s->text = rendered;
	s->text.max = n + header.n;
	buf_addspan(&s->text, header);
	if (buf_err(&s->text)) {
		s->reason = SQUASH_NOMEM;
		return;
	}
	edits_reset(&s->edits);
	if (header.n > 0)
		edits_add(&s->edits, 0, 0, span_skip(buf_span(&s->text), n));
	edits_add(&s->edits, from, to, span_of(s->text.p, n));
}

/*
 * The whole is not a tenth smaller, but single tables in it may be: put
 * those into the text and leave all else as it is.
 */
static void
replace_tables(struct job *j)
{
	struct json_render r;
	struct squash *s = j->s;
	uint64_t before, after, saved = 0;
	size_t at, i;
	uint32_t t = 0;

	r = (struct json_render)JSON_RENDER_INIT(&j->plan, NULL, &s->text);
	r.refs = false;		/* what is around stays JSON: no place in it */
	s->text.max = j->in.text.n;
	while (t < j->in.doc.ntok) {
		at = s->text.len;
		if (json_plan_table(&j->plan, t) == NULL ||
		    (j->in.lines && t == 0)) {
			t++;
			continue;
		}
		json_render_value(&r, t);
		if (buf_err(&s->text))
			break;
		before = tok_count(s->tok, json_text(j->in.text,
		    &j->in.orig.tok[t]));
		after = tok_count(s->tok,
		    span_skip(buf_span(&s->text), at));
		if (!squash_less(after, before)) {
			buf_truncate(&s->text, at);
			t++;
			continue;
		}
		saved += before - after;
		/* Lengths for now: the buffer may still move. */
		edits_add(&s->edits, j->in.orig.tok[t].start,
		    j->in.orig.tok[t].end,
		    span_of(NULL, s->text.len - at));
		t += j->in.doc.tok[t].skip;
	}
	json_render_release(&r);
	if (buf_err(&s->text)) {
		edits_reset(&s->edits);
		return;
	}
	for (i = at = 0; i < s->edits.n; i++) {
		s->edits.e[i].with.p = s->text.p + at;
		at += s->edits.e[i].with.n;
	}
	s->after = s->before - saved;
}

/* Say what was done, in place of what was said of an earlier form. */
static void
tell(struct job *j, struct json_render *r)
{
	buf_reset(&j->s->explain);
	if (!j->s->about)
		json_explain(r, &j->s->explain);
}

/* Whether the figures need not be exact (squash.h). */
static bool
counts_about(const struct job *j)
{
	return j->s->about && j->s->opt.budget == 0 &&
	    j->in.bytes > COUNTED_MAX;
}

/*
 * Whether what was rendered is clearly smaller than the text, without counting
 * more than it takes to know that: the one from above and the other from
 * below, then more and more of the one exactly.  False: it is not, or that is
 * not known.
 */
static bool
smaller_about(struct job *j, struct span text)
{
	struct span rest = buf_span(&j->best);
	size_t part = rest.n / COUNTED_PARTS + 1, n, used;
	struct squash *s = j->s;
	uint64_t counted = 0;

	if (!counts_about(j))
		return false;
	j->bound = true;
	s->after = tok_most(rest);
	s->before = tok_least(text, s->after + s->after / 8 + 16);
	while (!squash_less(s->after, s->before)) {
		if (rest.n == 0) {
			j->bound = false;
			return false;
		}
		n = rest.n < part ? rest.n : part;
		counted += tok_count_chunk(s->tok, span_of(rest.p, n),
		    n == rest.n, &used);
		if (used == 0)	/* one piece, and longer */
			part *= 2;
		rest = span_skip(rest, used);
		s->after = counted + tok_most(rest);
	}
	return true;
}

/*
 * Whether what was rendered becomes the text again.  Of JSON that is so by the
 * format; of another form many have a hand in it, so that it is tried.
 */
static bool
comes_back(const struct job *j, struct span whole)
{
	struct buf back = BUF_INIT;
	bool same;

	if (!json_source_written(&j->in))
		return true;
	/* The ceiling is that of the JSON on the way, too. */
	back.max = (whole.n + j->in.json.len) * 2;
	same = json_expand(buf_span(&j->best), &back) == EXPAND_OK &&
	    span_eq(buf_span(&back), whole);
	buf_release(&back);
	return same;
}

static void
squash_lossless(struct job *j, struct span whole)
{
	/* White space around the value stays, and so counts on no side. */
	struct span text = j->in.form != NULL ? whole :
	    json_text(j->in.text, &j->in.orig.tok[0]);
	bool rendered = false, less;
	struct json_render r;
	struct squash *s = j->s;
	uint64_t after = 0;

	if (j->in.form == NULL || j->in.exact)
		rendered = render(j, NULL, &j->best, &r);
	if (rendered && !comes_back(j, whole))
		rendered = j->in.exact = false;
	less = rendered && smaller_about(j, text);
	if (!less) {
		/* Where it was counted in parts it is counted already. */
		after = !rendered || counts_about(j) ? s->after :
		    tok_count(s->tok, buf_span(&j->best));
		s->before = tok_count(s->tok, text);
		less = rendered && squash_less(after, s->before);
		s->after = less ? after : s->before;
	}
	if (less) {
		tell(j, &r);
		replace_root(j, SPAN_LIT(""));
	/* Token for token the text must be what was planned. */
	} else if (json_source_same_tokens(&j->in))
		replace_tables(j);
}

/* The same as squash_worth(), where s->after may be a bound. */
static bool
worth(struct job *j, uint64_t after)
{
	struct squash *s = j->s;

	if (!j->bound || !squash_worth(s, after) ||
	    squash_less(after, tok_least(buf_span(&s->text), UINT64_MAX)))
		return squash_worth(s, after);
	s->after = tok_count(s->tok, buf_span(&s->text));
	j->bound = false;
	return squash_worth(s, after);
}

/*
 * Counts the most telling unit of which anything was left out; if nothing was,
 * it says where to find the form that cannot be written again.
 */
static void
header(struct buf *b, const struct job *j, const struct json_render *r)
{
	const struct json_tok *root = &j->in.doc.tok[0];
	char plural[16];
	unsigned u = 0;

	while (u < JSON_UNITS && r->left[u] == 0)
		u++;
	if (u < JSON_UNITS) {
		snprintf(plural, sizeof(plural), "%ss",
		    json_unit_name((enum json_unit)u));
		mark_header(b, r->total[u] - r->left[u], r->total[u], plural,
		    j->s->ref);
	} else
		mark_header(b, root->count, root->count,
		    root->type == JSON_ARRAY ? "rows" : "members", j->s->ref);
	buf_addc(b, '\n');
}

static bool
anything_left(const struct json_render *r)
{
	unsigned u;

	for (u = 0; u < JSON_UNITS; u++)
		if (r->left[u] > 0)
			return true;
	return false;
}

/* The step of a level. */
static size_t
first_step(const struct squash *s)
{
	return s->opt.level == SQUASH_TIGHT ? JSON_PICK_TIGHT :
	    JSON_PICK_BALANCED;
}

/* Render one step of picking, its header into head; its tokens. */
static uint64_t
try_step(struct job *j, size_t step, struct json_render *r, struct buf *head)
{
	struct json_pick_opt opt = json_pick_step(step);
	struct squash *s = j->s;

	buf_reset(head);
	opt.query = s->opt.query;
	if (!json_pick_make(&j->picks, &j->plan, &opt) ||
	    !render(j, &j->picks, &j->best, r) || (!anything_left(r) &&
	    (j->in.form == NULL || j->in.exact)))
		return UINT64_MAX;
	header(head, j, r);
	return buf_err(head) ? UINT64_MAX :
	    tok_count(s->tok, buf_span(&j->best)) +
	    tok_count(s->tok, buf_span(head));
}

static void
take_step(struct job *j, size_t step)
{
	struct squash *s = j->s;
	struct buf head = BUF_INIT;
	struct json_render r;
	uint64_t after = try_step(j, step, &r, &head);

	if (after != UINT64_MAX && worth(j, after)) {
		s->after = after;
		j->bound = false;
		s->lossy = true;
		tell(j, &r);
		replace_root(j, buf_span(&head));
	}
	buf_release(&head);
}

/* Plan, anew if it was planned already. */
static bool
plan(struct job *j)
{
	json_plan_release(&j->plan);
	/* Who writes a table again finds its columns by order. */
	j->plan.strict = json_source_written(&j->in);
	return json_plan_make(&j->plan, &j->in.doc, j->what);
}

/* What the shapes say of the text; then it is planned anew. */
static bool
find_noise(struct job *j)
{
	if (j->s->shapes == NULL)
		return true;
	free(j->what);
	j->what = malloc(j->in.doc.ntok);
	if (j->what == NULL)
		return false;
	if (shapes_mark(j->s->shapes, &j->in.doc, j->what))
		return plan(j);
	free(j->what);
	j->what = NULL;
	return true;
}

/*
 * The level's step, and if that does not meet the budget the mildest that
 * does, by halving; if none does the last.
 */
static void
pick_steps(struct job *j)
{
	const struct squash *s = j->s;
	size_t low, high = JSON_PICK_STEPS - 1, i;
	struct buf head = BUF_INIT;
	struct json_render r;

	low = first_step(s);
	take_step(j, low);
	if (s->opt.budget == 0 || s->after <= s->opt.budget)
		return;
	while (low + 1 < high) {
		i = low + (high - low) / 2;
		if (try_step(j, i, &r, &head) <= s->opt.budget)
			high = i;
		else
			low = i;
	}
	buf_release(&head);
	take_step(j, high);
}

/* In front of what the renderer has to say of each value. */
static void
explain(struct job *j)
{
	struct squash *s = j->s;
	struct buf values = s->explain;

	if (s->about)
		return;
	s->explain = (struct buf)BUF_INIT;
	buf_addf(&s->explain, "%.*s, %zu values; %s, %llu of %llu tokens\n",
	    j->in.form != NULL ? (int)j->in.how.len : j->in.lines ? 23 : 4,
	    j->in.form != NULL ? j->in.how.p : "JSON values one a line",
	    j->in.doc.ntok, s->edits.n == 0 ? "as it was" : s->lossy ?
	    "shortened" : "lossless", (unsigned long long)s->after,
	    (unsigned long long)s->before);
	buf_addspan(&s->explain, buf_span(&values));
	buf_release(&values);
}

/*
 * Of a large text the short form first: if it is far shorter than the lossless
 * one would be, that need not be made.  False: it is not, or that is not
 * known, and nothing was done.  True also if there is no memory.
 */
static bool
shorten_first(struct job *j, struct span whole)
{
	struct span text = j->in.form != NULL ? whole :
	    json_text(j->in.text, &j->in.orig.tok[0]);
	uint64_t after, without = json_plan_whole(&j->plan, 0);
	struct squash *s = j->s;
	struct buf head = BUF_INIT;
	struct json_render r;
	bool short_enough;

	if (!find_noise(j)) {
		s->reason = SQUASH_NOMEM;
		return true;
	}
	after = try_step(j, first_step(s), &r, &head);
	short_enough = after < without / FAR_SHORTER;
	if (short_enough) {
		s->before = tok_least(text, after * 2 + 16);
		short_enough = squash_less(after, s->before);
	}
	if (short_enough) {
		s->after = after;
		s->lossy = true;
		replace_root(j, buf_span(&head));
	}
	buf_release(&head);
	if (!short_enough && j->plan.what != NULL) {
		free(j->what);
		j->what = NULL;
		if (!plan(j))
			s->reason = SQUASH_NOMEM;
	}
	return short_enough || s->reason != SQUASH_DONE;
}

static enum squash_reason
work(struct job *j, struct span text)
{
	struct squash *s = j->s;
	enum squash_reason why;
	bool lossy;

	if (s->opt.level == SQUASH_EXACT)
		return SQUASH_LEVEL;
	if (text.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	j->in.bytes = text.n;
	if (counts_about(j))
		tok_rest(s->tok);
	why = json_source_read(&j->in, text, &s->err);
	if (why != SQUASH_DONE)
		return why;
	if (!plan(j))
		return SQUASH_NOMEM;
	lossy = s->opt.level > SQUASH_LOSSLESS && (s->ref != NULL ||
	    s->unkept);
	if (!lossy || !counts_about(j) || !shorten_first(j, text)) {
		squash_lossless(j, text);
		if (lossy && !find_noise(j))
			return SQUASH_NOMEM;
		if (lossy)
			pick_steps(j);
	}
	if (s->reason != SQUASH_DONE || s->edits.err != 0 ||
	    tok_err(s->tok) != 0)
		return SQUASH_NOMEM;
	explain(j);
	return s->edits.n > 0 ? SQUASH_DONE : SQUASH_NO_GAIN;
}

void
squash_json(struct squash *s, struct span text)
{
	struct job j = { .s = s, .in = JSON_SOURCE_INIT,
	    .plan = JSON_PLAN_INIT, .picks = JSON_PICKS_INIT,
	    .best = BUF_INIT };

	squash_reset(s);
	s->reason = work(&j, text);
	if (s->reason != SQUASH_DONE) {
		edits_reset(&s->edits);
		s->lossy = false;
	}
	json_picks_release(&j.picks);
	json_plan_release(&j.plan);
	json_source_release(&j.in);
	free(j.what);
	buf_release(&j.best);
}
