/*
 * fuzz source - what must hold for every text that is squashed as source
 *
 * The first byte says whether the text begins where its file does.  Either
 * nothing is changed, or a header is put before the text and parts are left
 * out, each of whole lines or inside one, in order; that has fewer tokens, and
 * a second time nothing is changed.  A broken promise aborts.
 */
#include "compat.h"

#include <limits.h>

#include "file_class.h"
#include "fuzz.h"
#include "squash.h"

static bool
begins_line(struct span s, size_t at)
{
	return at == 0 || s.p[at - 1] == '\n';
}

/* A part: whole lines, or bytes of one line that are none of code. */
static void
check_part(struct span s, const struct edit *e)
{
	struct span gone = span_of(s.p + e->start, e->end - e->start);

	must(e->start < e->end && e->end <= s.n);
	must(span_starts(e->with, SPAN_LIT("[hr: ")));
	if (memchr(gone.p, '\n', gone.n) == NULL && e->end < s.n) {
		must(gone.n > 900);
		must(memchr(gone.p, ' ', gone.n) == NULL);
		must(memchr(gone.p, ';', gone.n) == NULL);
		return;
	}
	must(begins_line(s, e->start));
	must(e->end == s.n || begins_line(s, e->end));
}

static void
check_edits(const struct squash *s, struct span text)
{
	const struct edit *e = s->edits.e;
	size_t i;

	must(s->edits.n >= 2 && s->lossy);
	must(e[0].start == 0 && e[0].end == 0);
	must(span_starts(e[0].with, SPAN_LIT("[hr: ")));
	for (i = 1; i < s->edits.n; i++) {
		must(i == 1 || e[i].start >= e[i - 1].end);
		if (e[i].end < text.n || begins_line(text, e[i].start))
			check_part(text, &e[i]);
	}
	must(s->after < s->before);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mark_id id = { "123456789012345678901" };
	static const struct mark_ref ref = { .id = &id };
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT;
	struct span text;

	if (size < 1)
		return 0;
	text = span_of((const char *)data + 1, size - 1);
	s.tok = fuzz_vocabulary();
	s.ref = &ref;
	s.opt.top = data[0] & 1;
	(void)file_is_minified(text);
	squash_source(&s, text);
	if (s.reason != SQUASH_DONE) {
		must(s.edits.n == 0 && !s.lossy);
	} else {
		check_edits(&s, text);
		edits_apply(&s.edits, text, &out);
		must(tok_count(s.tok, buf_span(&out)) <
		    tok_count(s.tok, text));
		squash_source(&s, buf_span(&out));
		must(s.reason == SQUASH_NO_GAIN && s.edits.n == 0);
	}
	squash_release(&s);
	buf_release(&out);
	return 0;
}
