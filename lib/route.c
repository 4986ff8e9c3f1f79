/*
 * route - to the squasher that knows the text
 *
 * A text of several parts is squashed part by part, each by what it is; what is
 * between them is one more if it is output, and stays as it is if not.  What
 * was written for a terminal is first made what that shows, which may have a
 * format then.  What comes of a text may be taken for something else: so it is
 * routed once more, and if that would change it, nothing is done.
 */
#include "compat.h"

#include "detect.h"
#include "log_term.h"
#include "looks.h"
#include "mixed.h"
#include "squash.h"
#include "squash_diff.h"

static void
forget(struct squash *s, enum squash_reason why)
{
	squash_reset(s);
	s->reason = why;
}

/*
 * One match in each of many files is no shorter by file; but what is the same
 * in them can be said once, as in what compilers print.  Nothing is left out.
 */
static void
squash_matches(struct squash *s, struct span text)
{
	enum squash_level level = s->opt.level;

	squash_list(s, text);
	if (s->reason != SQUASH_NO_GAIN)
		return;
	s->opt.level = SQUASH_LOSSLESS;
	squash_log(s, text);
	s->opt.level = level;
}

/* A text, or a part of one.  Nothing is mixed any more in a part. */
static void
squash_kind(struct squash *s, struct span text, enum detect_kind kind)
{
	switch (kind) {
	case DETECT_JSON:
	case DETECT_NDJSON:
		squash_json(s, text);
		break;
	case DETECT_RECORDS:
		squash_json(s, text);
		/* Log lines may be told as such if not as records. */
		if (s->reason != SQUASH_DONE && looks_like(text) ==
		    LOOKS_OUTPUT)
			squash_log(s, text);
		break;
	case DETECT_DIFF:
		/* Whatever goes from a diff is no loss only for changes. */
		if (s->opt.level == SQUASH_LOSSLESS)
			forget(s, SQUASH_NO_GAIN);
		else
			squash_diff_by(s, text, SQUASH_DIFF_LEVEL);
		break;
	case DETECT_LIST:
		squash_matches(s, text);
		break;
	case DETECT_TEXT:
		squash_log(s, text);
		break;
	case DETECT_SHORT:
		forget(s, SQUASH_NO_GAIN);
		break;
	case DETECT_EMPTY:
	case DETECT_MIXED:
	case DETECT_SOURCE:
	case DETECT_SETTINGS:
	case DETECT_TABLE:
	case DETECT_MARKDOWN:
	case DETECT_BINARY:
		forget(s, SQUASH_FOREIGN);
		break;
	}
}

/* Take over what was done to the part that begins at `at' of the text. */
static void
take_over(struct squash *s, const struct squash *part, size_t at)
{
	size_t i, from;

	for (i = 0; i < part->edits.n; i++) {
		const struct edit *e = &part->edits.e[i];

		from = s->text.len;
		buf_addspan(&s->text, e->with);
		/* Lengths for now: the buffer may still move. */
		edits_add(&s->edits, at + e->start, at + e->end,
		    span_of(NULL, s->text.len - from));
	}
	s->before += part->before;
	s->after += part->after;
	s->lossy |= part->lossy;
	buf_addspan(&s->explain, buf_span(&part->explain));
}

static void
set_pointers(struct squash *s)
{
	size_t i, at = 0;

	for (i = 0; i < s->edits.n; i++) {
		s->edits.e[i].with.p = s->text.p + at;
		at += s->edits.e[i].with.n;
	}
}

/* A squash for another text, with all that s was given. */
static struct squash
like(const struct squash *s)
{
	static const struct squash fresh = SQUASH_INIT;
	struct squash one = *s;

	one.edits = fresh.edits;
	one.text = fresh.text;
	one.explain = fresh.explain;
	one.opt.top = false;
	return one;
}

/* The share of the budget that a part of the text has. */
static uint64_t
budget(const struct squash *s, size_t part, size_t text)
{
	return s->opt.budget == 0 ? 0 : 1 + (uint64_t)
	    ((double)s->opt.budget * (double)part / (double)text);
}

/* One part of the text, into s. */
static void
squash_part(struct squash *s, struct squash *one, struct span text,
    struct span part, enum detect_kind kind)
{
	one->opt.budget = budget(s, part.n, text.n);
	squash_kind(one, part, kind);
	if (one->reason == SQUASH_DONE) {
		take_over(s, one, (size_t)(part.p - text.p));
		s->reason = SQUASH_DONE;
	}
}

/* What is between parts is a part if it is large, and output: whole lines. */
static void
squash_between(struct squash *s, struct squash *one, struct span text,
    size_t from, size_t to)
{
	struct span part;

	while (from > 0 && from < to && text.p[from - 1] != '\n')
		from++;
	while (to < text.n && to > from && text.p[to - 1] != '\n')
		to--;
	part = span_of(text.p + from, to - from);
	if (part.n >= MIXED_PART && detect(part) == DETECT_TEXT)
		squash_part(s, one, text, part, DETECT_TEXT);
}

/* The bytes of parts with a format. */
static size_t
squash_parts(struct squash *s, struct span text, bool output)
{
	struct squash one = like(s);
	struct mixed m = MIXED_INIT(text);
	struct span part;
	size_t end = 0, bytes = 0;

	forget(s, SQUASH_NO_GAIN);
	while (mixed_next(&m, &part)) {
		if (output)
			squash_between(s, &one, text, end,
			    (size_t)(part.p - text.p));
		squash_part(s, &one, text, part, detect(part));
		end = (size_t)(part.p - text.p) + part.n;
		bytes += part.n;
	}
	if (output)
		squash_between(s, &one, text, end, text.n);
	squash_release(&one);
	if (buf_err(&s->text) || s->edits.err != 0)
		forget(s, SQUASH_NOMEM);
	set_pointers(s);
	return bytes;
}

static uint64_t
saved(const struct squash *s)
{
	return s->reason == SQUASH_DONE ? s->before - s->after : 0;
}

/* Let the result of s be that of t, and the other way around. */
static void
swap(struct squash *s, struct squash *t)
{
	struct squash was = *s;

	*s = *t;
	*t = was;
}

/*
 * Output with some parts may be several outputs that were joined, or one log
 * that has such parts: whatever saves more.
 */
static void
squash_mixed(struct squash *s, struct span text)
{
	bool output = looks_like(text) == LOOKS_OUTPUT;
	size_t bytes = squash_parts(s, text, output);
	struct squash whole = like(s);

	if (output && bytes < text.n / 2) {
		squash_log(&whole, text);
		if (saved(&whole) >= saved(s))
			swap(s, &whole);
	}
	squash_release(&whole);
}

static void
squash_once(struct squash *s, struct span text, enum detect_kind kind)
{
	if (kind == DETECT_MIXED)
		squash_mixed(s, text);
	else
		squash_kind(s, text, kind);
}

/* What a terminal shows of a text, squashed; a log knows that by itself. */
static void
squash_shown(struct squash *s, struct span text, struct span shown,
    enum detect_kind kind)
{
	struct squash one = like(s);

	squash_once(&one, shown, kind);
	squash_reset(s);
	edits_apply(&one.edits, shown, &s->text);
	edits_add(&s->edits, 0, text.n, buf_span(&s->text));
	buf_addspan(&s->explain, buf_span(&one.explain));
	s->lossy = one.lossy;
	s->before = tok_count(s->tok, text);
	s->after = tok_count(s->tok, buf_span(&s->text));
	squash_release(&one);
	if (buf_err(&s->text) || s->edits.err != 0 || tok_err(s->tok) != 0)
		forget(s, SQUASH_NOMEM);
	else if (s->after > s->before - (s->before + 9) / 10)
		forget(s, SQUASH_NO_GAIN);
}

static void
route(struct squash *s, struct span text)
{
	struct buf term = BUF_INIT;
	struct span shown = text;
	enum detect_kind kind;

	if (log_term_noisy(text) && log_term(text, &term) == 0 &&
	    term.len > 0)
		shown = buf_span(&term);
	kind = detect(shown);
	/* What squashes diffs and logs looks through the noise by itself. */
	if (shown.p == text.p || kind == DETECT_DIFF || kind == DETECT_TEXT ||
	    kind == DETECT_BINARY || s->opt.level == SQUASH_EXACT)
		squash_once(s, text, kind);
	else
		squash_shown(s, text, shown, kind);
	buf_release(&term);
}

/* Whether what became of a text would stay as it is. */
static bool
stays(const struct squash *s, struct span text)
{
	struct squash again = like(s);
	struct buf form = BUF_INIT;
	bool same = false;

	edits_apply(&s->edits, text, &form);
	if (!buf_err(&form)) {
		route(&again, buf_span(&form));
		same = again.edits.n == 0 && again.reason != SQUASH_NOMEM;
	}
	squash_release(&again);
	buf_release(&form);
	return same;
}

void
squash_any(struct squash *s, struct span text)
{
	route(s, text);
	if (s->reason == SQUASH_DONE && !stays(s, text))
		forget(s, SQUASH_NO_GAIN);
}
