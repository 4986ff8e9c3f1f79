/*
 * squash_json - JSON with fewer tokens
 *
 * Scan, plan the forms, render, count.  First all that is lossless; then, if
 * level and store allow it, with what the picks leave out, harder and harder
 * until the budget is met.  Each step must earn a tenth or is not taken.
 */
#include "compat.h"

#include <stdlib.h>

#include "form.h"
#include "json.h"
#include "json_explain.h"
#include "json_lines.h"
#include "json_pick.h"
#include "json_plan.h"
#include "json_render.h"
#include "json_tool.h"
#include "mem.h"
#include "shapes.h"
#include "squash.h"

#define TEXT_MAX	((size_t)256 << 20)
#define COUNTED_PARTS	6	/* of a text, counted one after the other */
#define COUNTED_MAX	((size_t)256 << 10)	/* more: see squash.h, about */
#define EMBEDDED_MIN	40	/* bytes of JSON within a string */
#define FAR_SHORTER	4	/* times shorter than without loss */
#define EMBEDDED_PART	2	/* of the text: at least half is such */
#define TOKENS_MAX	((size_t)16 << 20)	/* values; 60 bytes each */

struct job {
	struct squash		*s;
	struct span		 text;	/* JSON; what came, or what it says */
	struct json_doc		 orig;	/* the text as it came */
	struct json_doc		 doc;	/* in canonical spelling */
	struct buf		 canon;	/* what doc is over, if it differs */
	struct json_embed	*embed;	/* texts of JSON that are strings */
	size_t			 nembeds, embedcap;
	struct json_tools	 tools;
	uint8_t			*what;	/* shapes.h */
	struct json_plan	 plan;
	struct json_picks	 picks;
	struct buf		 best;	/* the whole, lossless */
	bool			 bound;	/* s->after is one, of s->text */
	bool			 lines;

	/* Of what is no JSON: */
	const struct form	*form;
	struct buf		 json;	/* what it says */
	struct buf		 how;	/* how it was written */
	size_t			 bytes;
	bool			 exact;	/* it can be written so again */
};

/* The text in another form, as JSON. */
static bool
scan_form(struct job *j)
{
	struct json_err err;

	j->form = form_find(j->text, &j->json, &j->how, &j->exact);
	if (j->form == NULL)
		return false;
	j->text = buf_span(&j->json);
	return json_doc_scan(&j->orig, j->text, &err) == JSON_OK &&
	    j->orig.tok[0].type >= JSON_ARRAY;
}

/* Blanks in front of a text. */
static size_t
blanks(struct span s)
{
	struct span rest = span_trim(s, " \t\r\n");

	return rest.n == 0 ? s.n : (size_t)(rest.p - s.p);
}

static bool
scan(struct job *j)
{
	struct json_err err, lines_err;
	enum json_rc rc;

	rc = json_doc_scan(&j->orig, j->text, &err);
	if (rc == JSON_BAD) {
		rc = json_lines_scan(&j->orig, j->text, &lines_err);
		j->lines = rc == JSON_OK;
	}
	if (rc == JSON_BAD && scan_form(j))
		rc = JSON_OK;
	if (rc == JSON_OK && j->orig.ntok <= TOKENS_MAX) {
		json_doc_trim(&j->orig);
		return true;
	}
	if (rc == JSON_BAD) {
		j->s->reason = SQUASH_FOREIGN;
		/* The value that went on longest tells more. */
		if (lines_err.at > err.at && lines_err.at < j->bytes)
			err = lines_err;
		if (err.at == blanks(j->text))
			err.what = "neither JSON nor another form of records";
		j->s->err = (struct squash_err){ err.at, err.what };
	} else
		j->s->reason = rc == JSON_OK ? SQUASH_TOO_LARGE : SQUASH_NOMEM;
	return false;
}

static enum json_rc
scan_into(struct job *j, struct json_doc *d, struct span s)
{
	struct json_err err;

	return j->lines ? json_lines_scan(d, s, &err) :
	    json_doc_scan(d, s, &err);
}

/*
 * A string that is the text of an object or array, in a style that can be
 * written again: its value in place of the string.  False: it is none.
 */
static bool
embed(struct job *j, struct span means, size_t at, struct buf *word)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_embed *e;
	struct json_err err;
	struct json_style style;
	bool ok;

	if (means.n < EMBEDDED_MIN || (means.p[0] != '{' &&
	    means.p[0] != '[') || !json_style_find(means, &style))
		return false;
	e = mem_grow(j->embed, &j->embedcap, j->nembeds + 1, sizeof(*e),
	    UINT32_MAX);
	if (e == NULL)
		return false;
	j->embed = e;
	ok = json_doc_scan(&d, means, &err) == JSON_OK &&
	    d.tok[0].count > 0;
	if (ok) {
		json_style_write(&d, &(struct json_style)JSON_STYLE_INIT,
		    word);
		j->embed[j->nembeds].style = style;
		/* For now where it is in the text. */
		j->embed[j->nembeds++].t = (uint32_t)at;
	}
	json_doc_release(&d);
	return ok;
}

/* Whether a string is a member's name. */
static bool
is_key(struct span text, const struct json_tok *t)
{
	size_t i = t->end;

	while (i < text.n && strchr(" \t\r\n", text.p[i]) != NULL)
		i++;
	return i < text.n && text.p[i] == ':';
}

/* Scan the canonical text, and find the tokens that stand for strings. */
static bool
rescan(struct job *j)
{
	size_t e = 0;
	uint32_t t;

	j->doc = (struct json_doc)JSON_DOC_INIT;
	if (buf_err(&j->canon) ||
	    scan_into(j, &j->doc, buf_span(&j->canon)) != JSON_OK)
		return false;
	for (t = 0; e < j->nembeds && t < j->doc.ntok; t++)
		if (j->doc.tok[t].start == j->embed[e].t &&
		    (t > 0 || !j->lines)) {
			j->doc.tok[t].escaped = true;
			j->embed[e++].t = t;
		}
	return true;
}

/* Add the text from *at to `to' as it is. */
static void
add_canon(struct job *j, size_t *at, size_t to)
{
	buf_add(&j->canon, j->text.p + *at, to - *at);
	*at = to;
}

/*
 * Whether strings that may be the text of JSON are a large part of all: then
 * they are what a tool had to say.  A short one among other members is left as
 * it is, since whoever wants the string wants its spelling.
 */
static bool
embeds(const struct job *j)
{
	const struct json_tok *t, *end = j->orig.tok + j->orig.ntok;
	size_t n = 0;

	for (t = j->orig.tok; t < end; t++)
		if (t->escaped && t->end - t->start > EMBEDDED_MIN &&
		    strchr("[{", j->text.p[t->start + 1]) != NULL &&
		    !is_key(j->text, t))
			n += t->end - t->start;
	return n >= j->text.n / EMBEDDED_PART;
}

/*
 * Spell all strings in the one way in which they are written, so that what
 * is decided depends on values alone and a second run decides the same; put
 * values in place of the strings that are the text of one, and stars behind
 * the names that a list requires.  False: no memory.
 */
static bool
canonical(struct job *j)
{
	struct buf means = BUF_INIT, word = BUF_INIT;
	const struct json_tok *t, *end = j->orig.tok + j->orig.ntok;
	struct span body;
	size_t at = 0, from, cut = 0;	/* what is before `at' is in canon */
	bool ok, large;

	j->doc = j->orig;
	if (j->tools.n == 0 && j->tools.star == NULL &&
	    memchr(j->text.p, '\\', j->text.n) == NULL)
		return true;
	large = embeds(j);
	for (t = j->orig.tok; t < end; t++) {
		if (cut < j->tools.n &&
		    t == j->orig.tok + j->tools.cut[cut].key) {
			add_canon(j, &at, j->tools.cut[cut].from);
			at = j->tools.cut[cut++].to;
			t += t[1].skip;
			continue;
		}
		if (j->tools.star != NULL &&
		    j->tools.star[t - j->orig.tok]) {
			add_canon(j, &at, t->end - 1);
			buf_adds(&j->canon, JSON_TOOL_STAR);
			continue;
		}
		if (!t->escaped)
			continue;
		body = json_body(j->text, t);
		buf_reset(&means);
		json_decode(body, &means);
		buf_reset(&word);
		from = j->canon.len + t->start - at;
		if (!large || is_key(j->text, t) ||
		    !embed(j, buf_span(&means), from, &word))
			json_quote(buf_span(&means), &word);
		if (span_eq(json_text(j->text, t), buf_span(&word)))
			continue;
		add_canon(j, &at, t->start);
		buf_addspan(&j->canon, buf_span(&word));
		at = t->end;
	}
	ok = !buf_err(&means) && !buf_err(&word);
	if (ok && at > 0) {
		buf_addspan(&j->canon, span_skip(j->text, at));
		ok = rescan(j);
	}
	buf_release(&means);
	buf_release(&word);
	return ok;
}

/* Render the whole into out; false if it does not fit or memory is out. */
static bool
render(struct job *j, const struct json_picks *picks, struct buf *out,
    struct json_render *r)
{
	*r = (struct json_render)JSON_RENDER_INIT(&j->plan, picks, out);
	r->embed = j->embed;
	r->nembeds = j->nembeds;
	/* What is longer than the text is of no use. */
	out->max = j->bytes + 64;
	buf_reset(out);
	/* Room for it at once: memory that is not written to is none. */
	(void)!buf_reserve(out, j->bytes / 2);
	buf_reset(out);
	if (j->form != NULL) {
		buf_addspan(out, buf_span(&j->how));
		buf_adds(out, ": ");
	}
	json_render_begin(r);
	if (j->lines)
		json_render_lines(r, 0);
	else
		json_render_value(r, 0);
	if (j->form != NULL)
		buf_addc(out, '\n');
	json_render_release(r);
	return !buf_err(out);
}

/* Put what was rendered in place of the whole, behind a header if any. */
static void
replace_root(struct job *j, struct span header)
{
	const struct json_tok *root = &j->orig.tok[0];
	size_t from = j->form != NULL ? 0 : root->start;
	size_t to = j->form != NULL ? j->bytes : root->end;
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
	s->text.max = j->text.n;
	while (t < j->doc.ntok) {
		at = s->text.len;
		if (json_plan_table(&j->plan, t) == NULL ||
		    (j->lines && t == 0)) {
			t++;
			continue;
		}
		json_render_value(&r, t);
		if (buf_err(&s->text))
			break;
		before = tok_count(s->tok, json_text(j->text,
		    &j->orig.tok[t]));
		after = tok_count(s->tok,
		    span_skip(buf_span(&s->text), at));
		if (!squash_less(after, before)) {
			buf_truncate(&s->text, at);
			t++;
			continue;
		}
		saved += before - after;
		/* Lengths for now: the buffer may still move. */
		edits_add(&s->edits, j->orig.tok[t].start,
		    j->orig.tok[t].end,
		    span_of(NULL, s->text.len - at));
		t += j->doc.tok[t].skip;
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
	return j->s->about && j->s->opt.budget == 0 && j->bytes > COUNTED_MAX;
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

static void
squash_lossless(struct job *j, struct span whole)
{
	/* White space around the value stays, and so counts on no side. */
	struct span text = j->form != NULL ? whole :
	    json_text(j->text, &j->orig.tok[0]);
	bool rendered = false, less;
	struct json_render r;
	struct squash *s = j->s;
	uint64_t after = 0;

	if (j->form == NULL || j->exact)
		rendered = render(j, NULL, &j->best, &r);
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
	} else if (j->form == NULL && j->nembeds == 0 && j->tools.n == 0)
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
	const struct json_tok *root = &j->doc.tok[0];
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
	    (j->form == NULL || j->exact)))
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
	j->plan.strict = j->form != NULL && j->form->write != NULL;
	return json_plan_make(&j->plan, &j->doc, j->what);
}

/* What the shapes say of the text; then it is planned anew. */
static bool
find_noise(struct job *j)
{
	if (j->s->shapes == NULL)
		return true;
	free(j->what);
	j->what = malloc(j->doc.ntok);
	if (j->what == NULL)
		return false;
	if (shapes_mark(j->s->shapes, &j->doc, j->what))
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
	    j->form != NULL ? (int)j->how.len : j->lines ? 23 : 4,
	    j->form != NULL ? j->how.p : "JSON values one a line",
	    j->doc.ntok, s->edits.n == 0 ? "as it was" : s->lossy ?
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
	struct span text = j->form != NULL ? whole :
	    json_text(j->text, &j->orig.tok[0]);
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
	bool lossy;

	if (s->opt.level == SQUASH_EXACT)
		return SQUASH_LEVEL;
	if (text.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	if (counts_about(j))
		tok_rest(s->tok);
	if (!scan(j))
		return s->reason;
	if (!json_tools_find(&j->tools, &j->orig) || !canonical(j) ||
	    !plan(j))
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
	struct job j = { .s = s, .text = text, .bytes = text.n,
	    .json = BUF_INIT, .how = BUF_INIT, .orig = JSON_DOC_INIT,
	    .canon = BUF_INIT, .plan = JSON_PLAN_INIT, .picks = JSON_PICKS_INIT,
	    .best = BUF_INIT };

	squash_reset(s);
	s->reason = work(&j, text);
	if (s->reason != SQUASH_DONE) {
		edits_reset(&s->edits);
		s->lossy = false;
	}
	json_picks_release(&j.picks);
	json_plan_release(&j.plan);
	if (j.doc.tok != j.orig.tok)
		json_doc_release(&j.doc);
	json_doc_release(&j.orig);
	free(j.embed);
	json_tools_release(&j.tools);
	free(j.what);
	buf_release(&j.json);
	buf_release(&j.how);
	buf_release(&j.canon);
	buf_release(&j.best);
}
