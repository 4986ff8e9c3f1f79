/*
 * fuzz log - what must hold for every text that is squashed as a log
 *
 * The first byte gives level and options.  What a terminal shows, shown again,
 * is the same.  Either nothing is changed, or the result has fewer tokens; all
 * its lines but marks are lines that a terminal would show, in their order,
 * and with those that the marks count they are all; what is folded expands to
 * them; a second time nothing is changed.  The same, but for sums, holds for
 * what comes bit by bit.  A broken promise aborts.
 */
#include "compat.h"

#include "fold.h"
#include "fuzz.h"
#include "log_expand.h"
#include "log_follow.h"
#include "log_own.h"
#include "log_term.h"
#include "squash.h"

#define EXPANDED_MAX	((size_t)1 << 24)

static const struct mark_id id = { "123456789012345678901" };
static const struct mark_ref ref = { .id = &id };

static void
check_term(struct span text, struct buf *shown)
{
	struct buf again = BUF_INIT;

	must(log_term(text, shown) == 0);
	must(shown->len <= text.n);
	must(log_term(buf_span(shown), &again) == 0);
	must(span_eq(buf_span(shown), buf_span(&again)));
	buf_release(&again);
}

/* No text makes expanding run on. */
static void
check_foreign(struct span text)
{
	struct buf out = BUF_INIT;

	out.max = EXPANDED_MAX;
	if (log_expand(text, &out) == EXPAND_OK)
		must(out.len <= EXPANDED_MAX);
	buf_release(&out);
}

static struct span
next_line(struct span *s)
{
	const char *nl = memchr(s->p, '\n', s->n);
	size_t n = nl != NULL ? (size_t)(nl - s->p) : s->n;
	struct span line = span_of(s->p, n);

	*s = span_skip(*s, n + (nl != NULL));
	return line;
}

/* What is folded comes back; without its header, where lines are left out. */
static void
unfold(struct span out, bool lossy, struct buf *lines)
{
	struct span rest = out;

	must(log_expand(out, lines) != EXPAND_FAILED);
	buf_reset(lines);
	if (lossy)
		next_line(&rest);
	if (fold_back(rest, lines) != EXPAND_OK) {
		buf_reset(lines);
		buf_addspan(lines, rest);
	}
}

/* Each line of the result that is no mark is one of the text, in order. */
static void
check_lines(struct span text, struct span out)
{
	struct span line;

	while (out.n > 0) {
		line = next_line(&out);
		if (span_starts(line, SPAN_LIT("[hr: ")))
			continue;
		for (;;) {
			must(text.n > 0);
			if (span_eq(next_line(&text), line))
				break;
		}
	}
}

static bool
has_mark(struct span s)
{
	size_t i;

	for (i = 0; i + 5 <= s.n; i++)
		if (memcmp(s.p + i, "[hr: ", 5) == 0)
			return true;
	return false;
}

static bool
keep(void *arg, struct span piece, struct mark_ref *to)
{
	buf_addspan(arg, piece);
	to->id = &id;
	return true;
}

/*
 * As it comes, in parts and with pauses: all of it is kept if any was left
 * out, and what is shown are lines in their order.
 */
static void
check_follow(struct span text, struct span shown, size_t part)
{
	struct log_follow f = LOG_FOLLOW_INIT;
	struct buf kept = BUF_INIT;
	struct span s = text;
	size_t n;

	f.keep = keep;
	f.arg = &kept;
	for (; s.n > 0; s = span_skip(s, n)) {
		n = s.n < part ? s.n : part;
		log_follow_feed(&f, span_of(s.p, n));
		if (n % 3 == 0 && log_follow_pause(&f))
			(void)log_follow_quiet(&f);
	}
	log_follow_end(&f);
	must(log_follow_err(&f) == 0 && !f.failed);
	must(kept.len == 0 || span_eq(buf_span(&kept), text));
	if (!has_mark(shown))
		check_lines(shown, buf_span(&f.out));
	must(kept.len > 0 || span_eq(buf_span(&f.out), shown));
	log_follow_release(&f);
	buf_release(&kept);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT, shown = BUF_INIT, lines = BUF_INIT;
	struct span text;
	bool lossy;

	if (size < 1)
		return 0;
	text = span_of((const char *)data + 1, size - 1);
	s.tok = fuzz_vocabulary();
	s.ref = (data[0] & 1) ? NULL : &ref;
	s.opt.level = (enum squash_level)(data[0] >> 1 & 3);
	s.opt.budget = (data[0] & 8) ? 50 : 0;
	s.opt.query = (data[0] & 16) ? SPAN_LIT("what is error 42") :
	    SPAN_LIT("");
	s.profiles = (data[0] & 32) ? fuzz_profiles() : NULL;
	check_term(text, &shown);
	check_foreign(text);
	check_follow(text, buf_span(&shown), 1 + (data[0] >> 3));
	squash_log(&s, text);
	lossy = s.lossy;
	must(!lossy || (s.ref != NULL && s.opt.level >= SQUASH_BALANCED));
	must((s.edits.n > 0) == (s.reason == SQUASH_DONE));
	must(s.reason != SQUASH_DONE || s.after < s.before);
	edits_apply(&s.edits, text, &out);
	if (s.reason == SQUASH_DONE) {
		must(tok_count(s.tok, buf_span(&out)) <
		    tok_count(s.tok, text));
		unfold(buf_span(&out), lossy, &lines);
		check_lines(buf_span(&shown), buf_span(&lines));
		must(lossy || span_eq(buf_span(&lines), buf_span(&shown)));
		if (!has_mark(buf_span(&shown))) {
			must(!lossy || log_own(buf_span(&out)));
			squash_log(&s, buf_span(&out));
			must(!lossy || s.edits.n == 0);
		}
	} else
		must(span_eq(buf_span(&out), text));
	squash_release(&s);
	buf_release(&out);
	buf_release(&shown);
	buf_release(&lines);
	return 0;
}
