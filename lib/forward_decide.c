/*
 * forward_decide - what becomes of a tool's text at first sight
 *
 * First what must stay exact, told by the call and by marks of the client's;
 * then the squasher for its format, behind the wrapper that some clients put
 * around what a command printed.
 */
#include "compat.h"

#include "forward_impl.h"
#include "keep.h"
#include "policy.h"

#define SHORT_MAX	160	/* bytes; below nothing is gained */
#define ERROR_MAX	2048	/* bytes of an error result that stay exact */
#define TEXT_MAX	((size_t)4 << 20)	/* bytes; no model reads more */

static bool
holds(struct span s, const char *z)
{
	return s.n > 0 && memmem(s.p, s.n, z, strlen(z)) != NULL;
}

/* Why a text stays exact, or WHY_SQUASHED: it may be squashed. */
static enum forward_why
exempt(const struct decider *d, const struct tool_text *t, struct span s,
    enum tool_class class)
{
	const struct tools_have *have = &d->facts->tool;

	if (class == TOOL_FETCH)
		return WHY_FETCHED;
	if (!have->any)
		return WHY_NO_TOOLS;
	if (class == TOOL_EDIT)
		return WHY_READ;
	/* It may have been a read. */
	if (t->call == NULL && (have->shell || have->read || have->edit))
		return WHY_UNKNOWN_CALL;
	if (t->is_error && s.n < ERROR_MAX)
		return WHY_ERROR;
	if (s.n < SHORT_MAX)
		return WHY_SHORT;
	if (s.n > TEXT_MAX)
		return WHY_LARGE;
	if (holds(s, "<system-reminder>"))
		return WHY_REMINDER;
	return d->level == SQUASH_EXACT ? WHY_LEVEL : WHY_SQUASHED;
}

void
decider_release(struct decider *d)
{
	squash_release(&d->squash);
	forward_close_vocabulary(d);
	refs_lines_release(&d->lines);
	refs_said_release(&d->said);
	buf_release(&d->inner);
	buf_release(&d->encoded);
	buf_release(&d->squashed);
	buf_release(&d->referred);
}

static enum forward_why
why_not(enum squash_reason r)
{
	switch (r) {
	case SQUASH_DONE:
		return WHY_SQUASHED;
	case SQUASH_LEVEL:
		return WHY_LEVEL;
	case SQUASH_FOREIGN:
		return WHY_FOREIGN;
	case SQUASH_NO_GAIN:
		return WHY_NO_GAIN;
	case SQUASH_TOO_LARGE:
		return WHY_LARGE;
	case SQUASH_NOMEM:
		return WHY_FAILED;
	}
	return WHY_FAILED;
}

/* The whole again, around what became of its inner text. */
static void
wrap(struct span s, const struct inner *in, struct span became,
    struct decision *out)
{
	buf_addspan(&out->form, span_of(s.p, in->from));
	if (in->quoted)
		json_encode(became, &out->form);
	else
		buf_addspan(&out->form, became);
	buf_addspan(&out->form, span_skip(s, in->to));
}

/*
 * Tokens that must be saved so that the bill cannot grow.
 *
 * OpenAI caches in steps of 128 tokens.  A text that shrinks by s moves the
 * prompt's end over a step's border with each later request in s of 128
 * cases, and 128 tokens are then billed whole; at half price for cached ones
 * that is never more than what is saved if s is at least 64.  Anthropic caches
 * to the token.
 *
 * Prompts below some size are not cached at all: 1024 tokens at OpenAI, up to
 * 4096 at Anthropic, by model.  One that would be above it and no more is
 * costs its whole price again and again; as long as it is not surely above, a
 * saving must be worth that.  A token has 6 bytes of content at most, on
 * average.
 */
static uint64_t
saved_min(const struct decider *d, const struct tool_text *t)
{
	uint64_t cached_from = d->api == API_MESSAGES ? 4096 : 1024;

	if (t->before / 6 < cached_from)
		return cached_from / 4;
	return d->api == API_MESSAGES ? REFS_SAVED_MIN : 64;
}

void
forward_close_vocabulary(struct decider *d)
{
	if (d->tok != d->opt->tok)
		tok_close(d->tok);
	d->tok = NULL;
}

static bool
open_vocabulary(struct decider *d)
{
	/* An error of a tok stays, so that one is of no more use. */
	if (d->tok != NULL && tok_err(d->tok) != 0)
		forward_close_vocabulary(d);
	if (d->tok == NULL)
		d->tok = d->opt->tok;
	return d->tok != NULL ||
	    tok_open(&d->tok, TOK_O200K, d->opt->vocabulary) == 0;
}

static uint64_t
count_quoted(struct decider *d, struct span s)
{
	buf_reset(&d->encoded);
	json_encode(s, &d->encoded);
	return tok_count(d->tok, buf_span(&d->encoded));
}

/* A form of a text's inner part, and what it saves. */
struct form {
	struct span	 text;
	uint64_t	 before, after;		/* tokens */
	bool		 lossy;
};

static bool
gains(const struct decider *d, const struct tool_text *t,
    const struct form *f)
{
	return f->after + saved_min(d, t) <= f->before;
}

static enum forward_why
attempt(struct decider *d, void (*fn)(struct squash *, struct span),
    enum squash_level level, struct span text)
{
	struct keep keep = { .ccr = d->ccr, .named = d->opt->store_named,
	    .path = d->ccr != NULL ? d->opt->store : NULL };

	d->squash.tok = d->tok;
	d->squash.rules = d->opt->rules;
	d->squash.profiles = d->opt->profiles;
	d->squash.shapes = d->opt->shapes;
	d->squash.opt.level = level;
	keep_squash(&d->squash, fn, text, &keep);
	d->failed |= keep.failed;
	return why_not(d->squash.reason);
}

/* A file that was read: by its class, and else some parts of it. */
static enum forward_why
squash_read(struct decider *d, struct reads *r, struct span text)
{
	enum forward_why why = WHY_READ;
	bool parts = d->level > SQUASH_LOSSLESS;

	forward_read_level(d, r, text);
	if (r->level == SQUASH_EXACT && !parts)
		return WHY_READ;
	if (!open_vocabulary(d))
		return WHY_FAILED;
	if (r->level > SQUASH_EXACT)
		why = attempt(d, squash_any, r->level, text);
	if (why == WHY_SQUASHED || !parts)
		return why;
	d->squash.opt.top = r->read.top;
	if (attempt(d, squash_source, d->level, text) == WHY_SQUASHED)
		why = WHY_SQUASHED;
	return why;
}

static enum forward_why
squash_output(struct decider *d, struct span text)
{
	return open_vocabulary(d) ? attempt(d, squash_any, d->level, text) :
	    WHY_FAILED;
}

/*
 * Squash the inner text; r is NULL if it was not read from a file.  In a
 * wrapper the reader sees escapes, which cost tokens too: the gain must be
 * there in what is really sent.
 */
static enum forward_why
squash(struct decider *d, const struct tool_text *t, const struct inner *in,
    struct reads *r, struct form *f)
{
	enum forward_why why = r == NULL ? squash_output(d, in->text) :
	    squash_read(d, r, in->text);

	if (why != WHY_SQUASHED)
		return why;
	buf_reset(&d->squashed);
	edits_apply(&d->squash.edits, in->text, &d->squashed);
	if (buf_err(&d->squashed))
		return WHY_FAILED;
	*f = (struct form){ .text = buf_span(&d->squashed),
	    .before = d->squash.before, .after = d->squash.after,
	    .lossy = d->squash.lossy };
	if (in->quoted) {
		f->before = count_quoted(d, in->text);
		f->after = count_quoted(d, f->text);
	}
	if (gains(d, t, f) && f->after <= f->before - f->before / 10)
		return WHY_SQUASHED;
	*f = (struct form){ .before = 0 };
	return r != NULL && r->level == SQUASH_EXACT ? WHY_READ : WHY_NO_GAIN;
}

/* References instead of lines of a form, if it is worth it. */
static bool
refer(struct decider *d, const struct tool_text *t, const struct inner *in,
    const struct form *from, struct form *f)
{
	const struct refs_opt opt = { .tok = d->tok, .block = d->block,
	    .quoted = in->quoted };
	struct form g = *from;

	refs_refer(d->refs, &d->lines, &opt, &d->said);
	if (d->said.edits.n == 0)
		return false;
	/* What was squashed may have become more by this. */
	g.before += d->said.before * (from->before == 0);
	g.after = from->before == 0 ? d->said.after :
	    g.after + d->said.after - d->said.before;
	if (!gains(d, t, &g) || g.before - g.after <= f->before - f->after)
		return false;
	buf_reset(&d->referred);
	edits_apply(&d->said.edits, from->text, &d->referred);
	if (buf_err(&d->referred))
		return false;
	g.text = buf_span(&d->referred);
	*f = g;
	return true;
}

/* Whether a form has lines that stand before, which refer then says. */
static bool
stands_before(struct decider *d, const struct form *f)
{
	refs_split(&d->lines, f->text, d->refs->seed);
	refs_guard(&d->lines);
	return refs_find(d->refs, &d->lines, &d->said);
}

/* Whether lines of a text may be said to stand above. */
static bool
may_refer(const struct decider *d, const struct tool_text *t, struct span s,
    enum forward_why why)
{
	return d->refs != NULL && t->call != NULL && s.n >= SHORT_MAX &&
	    s.n <= TEXT_MAX && !(t->is_error && s.n < ERROR_MAX) &&
	    (why == WHY_READ || why == WHY_REMINDER || why == WHY_LEVEL ||
	    why == WHY_SQUASHED);
}

/* References, to the raw text or what it was squashed to. */
static enum forward_why
try_refs(struct decider *d, const struct tool_text *t, const struct inner *in,
    enum forward_why why, struct form *best)
{
	const struct form raw = { .text = in->text }, squashed = *best;

	if (why == WHY_SQUASHED && stands_before(d, &squashed))
		refer(d, t, in, &squashed, best);
	if (!stands_before(d, &raw))
		return why;
	if (t->call->shows && refs_asked(d->refs, &d->lines, &d->said))
		return why == WHY_SQUASHED ? why : WHY_ASKED;
	if (!open_vocabulary(d))
		return why;
	return refer(d, t, in, &raw, best) ? WHY_REFERRED : why;
}

/* The best form of a text that may change, and why it is that. */
static enum forward_why
change(struct decider *d, const struct tool_text *t, struct span s,
    enum forward_why why, struct reads *reads, struct decision *out)
{
	bool refers = may_refer(d, t, s, why);
	struct form best = { .before = 0 };
	struct inner in;

	if (why != WHY_SQUASHED && !refers)
		return why;
	forward_unwrap(s, &d->inner, &in);
	if (why == WHY_SQUASHED)
		why = squash(d, t, &in, reads, &best);
	if (refers)
		why = try_refs(d, t, &in, why, &best);
	if (why != WHY_SQUASHED && why != WHY_REFERRED)
		return why;
	wrap(s, &in, best.text, out);
	if (buf_err(&out->form))
		return WHY_FAILED;
	out->pin.lossy = best.lossy;
	out->pin.before = best.before;
	out->pin.after = best.after;
	return why;
}

void
forward_decide(struct decider *d, const struct tool_text *t, struct span text,
    struct decision *out)
{
	struct reads reads = { .class = NULL };
	enum tool_class class = t->call != NULL ?
	    forward_call(d, t->call, &reads) : TOOL_OTHER;
	enum forward_why at_first = exempt(d, t, text, class), why;

	buf_reset(&out->form);
	out->pin = (struct ccr_pin){ .policy = d->policy };
	d->failed = false;
	why = change(d, t, text, at_first, class == TOOL_READ ? &reads : NULL,
	    out);
	if (why == at_first && why != WHY_SQUASHED && class == TOOL_READ &&
	    why != WHY_NO_TOOLS)
		why = WHY_READ;
	out->class = why != WHY_READ && why != WHY_REFERRED &&
	    why != WHY_ASKED ? reads.class : NULL;
	out->pin.why = why;
	out->pin.raw = why != WHY_SQUASHED && why != WHY_REFERRED;
	if (out->pin.raw) {
		buf_reset(&out->form);
		out->pin.lossy = false;
		out->pin.before = out->pin.after = 0;
	}
}

/* Whether form names this original. */
static bool
names(struct span form, struct span original)
{
	uint8_t sha[SHA256_LEN];

	hash_sha256(original, sha);
	return holds(form, mark_id(sha).z);
}

bool
forward_renew(struct decider *d, struct span text, struct span form)
{
	struct mark_id id;
	struct inner in;

	if (d->ccr == NULL)
		return false;
	forward_unwrap(text, &d->inner, &in);
	if (!names(form, in.text)) {
		in.text = text;
		/* Another version's way to find what it stored. */
		if (!names(form, text))
			return true;
	}
	return ccr_put(d->ccr, in.text, &id) == CCR_OK;
}
