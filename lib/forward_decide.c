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
#define HEAD_MAX	512	/* bytes of a wrapper's head */

/* A piece of a text that is a text of its own. */
struct inner {
	struct span	text;		/* decoded if it is a JSON string */
	size_t		from, to;	/* its place in the whole */
	bool		quoted;		/* as a JSON string's body */
};

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

/* Whether all members but "metadata" are plain values. */
static bool
is_wrapper(struct span s, const struct json_doc *doc)
{
	const struct json_tok *t, *end = doc->tok + doc->ntok;

	if (doc->tok->type != JSON_OBJECT)
		return false;
	for (t = doc->tok + 1; t < end; t += 1 + t[1].skip)
		if ((t[1].type == JSON_OBJECT || t[1].type == JSON_ARRAY) &&
		    !forward_is(s, t, "metadata"))
			return false;
	return true;
}

/* The longest of the strings that can hold what was printed, or NULL. */
static const struct json_tok *
printed(struct span s, const struct json_doc *doc)
{
	static const char *const names[] = { "output", "stdout", "stderr" };
	const struct json_tok *t, *found = NULL;
	size_t i;

	for (i = 0; i < HR_LEN(names); i++) {
		t = forward_member(s, doc->tok, names[i]);
		if (t != NULL && t->type == JSON_STRING && (found == NULL ||
		    t->end - t->start > found->end - found->start))
			found = t;
	}
	return found;
}

/*
 * {"output":"...","metadata":{...}}, as Codex wraps what a shell printed, and
 * its like: one object whose other members are numbers, words, or metadata.
 */
static bool
unwrap_json(struct decider *d, struct span s, struct inner *in)
{
	const struct json_tok *t = NULL;
	struct json_doc doc = JSON_DOC_INIT;
	struct json_err err;

	if (s.p[0] != '{')
		return false;
	if (json_doc_scan(&doc, s, &err) == JSON_OK && is_wrapper(s, &doc))
		t = printed(s, &doc);
	if (t != NULL) {
		buf_reset(&d->inner);
		*in = (struct inner){ forward_string(s, t, &d->inner),
		    t->start + 1, t->end - 1, true };
	}
	json_doc_release(&doc);
	return t != NULL;
}

/* Lines of facts about the command, then "Output:" and what it printed. */
static bool
unwrap_lines(struct span s, struct inner *in)
{
	static const char *const starts[] = { "Chunk ID: ", "Exit code: ",
	    "Wall time: " };
	static const char mark[] = "\nOutput:\n";
	size_t i, n = s.n < HEAD_MAX ? s.n : HEAD_MAX;
	const char *p;

	for (i = 0; i < HR_LEN(starts); i++)
		if (span_starts(s, span_z(starts[i])))
			break;
	if (i == HR_LEN(starts))
		return false;
	p = memmem(s.p, n, mark, sizeof(mark) - 1);
	if (p == NULL)
		return false;
	in->from = (size_t)(p - s.p) + sizeof(mark) - 1;
	in->to = s.n;
	in->text = span_skip(s, in->from);
	return true;
}

static void
unwrap(struct decider *d, struct span s, struct inner *in)
{
	*in = (struct inner){ s, 0, s.n, false };
	if (s.n > 0 && !unwrap_json(d, s, in))
		unwrap_lines(s, in);
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
wrap(struct decider *d, struct span s, const struct inner *in,
    struct decision *out)
{
	buf_addspan(&out->form, span_of(s.p, in->from));
	if (in->quoted) {
		buf_reset(&d->encoded);
		edits_apply(&d->squash.edits, in->text, &d->encoded);
		json_encode(buf_span(&d->encoded), &out->form);
		if (buf_err(&d->encoded))
			out->form.err = d->encoded.err;
	} else {
		edits_apply(&d->squash.edits, in->text, &out->form);
	}
	buf_addspan(&out->form, span_skip(s, in->to));
}

/*
 * Tokens that must be saved so that the bill cannot grow.
 *
 * OpenAI caches in steps of 128 tokens.  A text that shrinks by s moves the
 * prompt's end over a step's border with each later request in s of 128
 * cases, and 128 tokens are then billed whole; at half price for cached ones
 * that is never more than what is saved if s is at least 64.
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

	return t->before / 6 < cached_from ? cached_from / 4 : 64;
}

/*
 * In a wrapper the reader sees escapes, which cost tokens too: the gain must
 * be there in what is really sent.
 */
static bool
gains(struct decider *d, const struct tool_text *t, struct span s,
    const struct inner *in, struct decision *out)
{
	out->pin.before = d->squash.before;
	out->pin.after = d->squash.after;
	if (in->quoted) {
		out->pin.before = tok_count(d->tok, s);
		out->pin.after = tok_count(d->tok, buf_span(&out->form));
	}
	return out->pin.after + saved_min(d, t) <= out->pin.before &&
	    out->pin.after <= out->pin.before - out->pin.before / 10;
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

static enum forward_why
attempt(struct decider *d, void (*fn)(struct squash *, struct span),
    enum squash_level level, struct span text)
{
	struct keep keep = { .ccr = d->ccr, .named = d->opt->store_named,
	    .path = d->ccr != NULL ? d->opt->store : NULL };

	d->squash.tok = d->tok;
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

static enum forward_why
squash(struct decider *d, const struct tool_text *t, struct span s,
    struct reads *r, struct decision *out)
{
	enum forward_why why;
	struct inner in;

	unwrap(d, s, &in);
	why = r == NULL ? squash_output(d, in.text) :
	    squash_read(d, r, in.text);
	if (why != WHY_SQUASHED)
		return why;
	wrap(d, s, &in, out);
	if (buf_err(&out->form))
		return WHY_FAILED;
	out->pin.lossy = d->squash.lossy;
	if (gains(d, t, s, &in, out))
		return WHY_SQUASHED;
	return r != NULL && r->level == SQUASH_EXACT ? WHY_READ : WHY_NO_GAIN;
}

void
forward_decide(struct decider *d, const struct tool_text *t, struct span text,
    struct decision *out)
{
	struct reads reads = { .class = NULL };
	enum tool_class class = t->call != NULL ?
	    forward_call(d, t->call, &reads) : TOOL_OTHER;
	enum forward_why why = exempt(d, t, text, class);

	buf_reset(&out->form);
	out->pin = (struct ccr_pin){ .policy = d->policy };
	d->failed = false;
	if (why == WHY_SQUASHED)
		why = squash(d, t, text, class == TOOL_READ ? &reads : NULL,
		    out);
	else if (class == TOOL_READ && why != WHY_NO_TOOLS)
		why = WHY_READ;
	out->class = why != WHY_READ ? reads.class : NULL;
	out->pin.why = why;
	out->pin.raw = why != WHY_SQUASHED;
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
	unwrap(d, text, &in);
	if (!names(form, in.text)) {
		in.text = text;
		/* Another version's way to find what it stored. */
		if (!names(form, text))
			return true;
	}
	return ccr_put(d->ccr, in.text, &id) == CCR_OK;
}
