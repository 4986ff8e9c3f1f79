/*
 * fuzz route - what must hold for every text that is routed
 *
 * Parts of a mixed text lie in it, in order and apart.  What is squashed has
 * fewer tokens, lossy only where it may be; and a second time, at the same
 * level or a higher one, nothing is changed.  A broken promise aborts.
 */
#include "compat.h"

#include "detect.h"
#include "fuzz.h"
#include "mixed.h"
#include "squash.h"

static void
check_parts(struct span text)
{
	struct mixed m = MIXED_INIT(text);
	const char *at = text.p;
	struct span part;

	while (mixed_next(&m, &part)) {
		must(part.n > 0 && part.p >= at &&
		    part.p + part.n <= text.p + text.n);
		at = part.p + part.n;
	}
}

static void
check_stays(struct span form, enum squash_level level)
{
	struct squash s = SQUASH_INIT;

	s.tok = fuzz_vocabulary();
	s.unkept = true;
	s.opt.level = level;
	squash_any(&s, form);
	must(s.edits.n == 0 && s.reason != SQUASH_DONE);
	squash_release(&s);
}

static void
check_level(struct span text, enum squash_level level)
{
	struct squash s = SQUASH_INIT;
	struct buf form = BUF_INIT;

	s.tok = fuzz_vocabulary();
	s.unkept = true;
	s.opt.level = level;
	squash_any(&s, text);
	must((s.reason == SQUASH_DONE) == (s.edits.n > 0));
	must(level > SQUASH_LOSSLESS || !s.lossy);
	if (s.edits.n > 0) {
		edits_apply(&s.edits, text, &form);
		must(form.len > 0);
		must(tok_count(s.tok, buf_span(&form)) <
		    tok_count(s.tok, text));
		check_stays(buf_span(&form), level);
	}
	squash_release(&s);
	buf_release(&form);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);

	check_parts(text);
	must(detect_name(detect(text))[0] != '\0');
	check_level(text, SQUASH_LOSSLESS);
	check_level(text, SQUASH_BALANCED);
	check_level(text, SQUASH_TIGHT);
	return 0;
}
