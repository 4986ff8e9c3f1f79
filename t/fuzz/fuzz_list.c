/*
 * fuzz list - what must hold for every text that is squashed as a list
 *
 * Without loss: the short form expands to the text, byte for byte.  With gaps:
 * what is shown is fewer tokens, and expanding it is refused.  A second time
 * nothing is changed.  No text makes expanding run on.  A broken promise
 * aborts.
 */
#include "compat.h"

#include "fuzz.h"
#include "list.h"
#include "squash.h"

#define EXPANDED_MAX	((size_t)1 << 24)

static void
check_foreign(struct span text)
{
	struct buf out = BUF_INIT;

	out.max = EXPANDED_MAX;
	if (list_expand(text, &out) == EXPAND_OK)
		must(out.len <= EXPANDED_MAX);
	buf_release(&out);
}

static void
check_level(struct span text, enum squash_level level, struct span query)
{
	struct squash s = SQUASH_INIT;
	struct buf once = BUF_INIT, back = BUF_INIT;
	enum squash_expanded rc;

	s.tok = fuzz_vocabulary();
	s.unkept = true;
	s.opt.level = level;
	s.opt.query = query;
	squash_list(&s, text);
	must((s.reason == SQUASH_DONE) == (s.edits.n > 0));
	if (s.edits.n > 0) {
		edits_apply(&s.edits, text, &once);
		must(tok_count(s.tok, buf_span(&once)) == s.after);
		must(s.after < s.before);
		rc = list_expand(buf_span(&once), &back);
		must(rc == (s.lossy ? EXPAND_GAPS : EXPAND_OK));
		must(s.lossy || span_eq(buf_span(&back), text));
		must(level > SQUASH_LOSSLESS || !s.lossy);
		squash_list(&s, buf_span(&once));
		must(s.edits.n == 0);
	}
	squash_release(&s);
	buf_release(&once);
	buf_release(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);

	check_foreign(text);
	check_level(text, SQUASH_LOSSLESS, span_of(NULL, 0));
	check_level(text, SQUASH_TIGHT, span_of(text.p, size / 8));
	return 0;
}
