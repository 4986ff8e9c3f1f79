/*
 * fuzz expand - the way back, for texts of ours and of others
 *
 * What expands is JSON; what is JSON and was squashed without loss comes
 * back; no text makes either of them run on.  A broken promise aborts.
 */
#include "compat.h"

#include <stdlib.h>

#include "../unit/json_same.h"
#include "ascii.h"
#include "fuzz.h"
#include "json_expand.h"
#include "squash.h"

#define EXPANDED_MAX	((size_t)1 << 24)
#define TEXT_MAX	((size_t)1 << 16)	/* json_spell recurses */

static bool
is_json(struct span text)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	size_t n;
	bool yes = json_scan(text, NULL, 0, &n, &err) == JSON_OK ||
	    json_lines_scan(&d, text, &err) == JSON_OK;

	json_doc_release(&d);
	return yes;
}

static bool
has_letter_first(struct span text)
{
	return text.n > 0 && is_letter(text.p[0]);
}

static void
check_foreign(struct span text)
{
	struct buf out = BUF_INIT;

	out.max = EXPANDED_MAX;
	/* Records in another form become that, json_expand.h. */
	if (json_expand(text, &out) == EXPAND_OK)
		must(is_json(buf_span(&out)) || has_letter_first(text));
	buf_release(&out);
}

/* YAML comes back as JSON; test_yaml knows what is the same. */
static bool
is_yaml(const struct buf *once)
{
	return span_starts(buf_span(once), SPAN_LIT("yaml"));
}

static void
check_ours(struct span text)
{
	struct squash s = SQUASH_INIT;
	struct buf once = BUF_INIT, back = BUF_INIT;

	s.tok = fuzz_vocabulary();
	s.opt.level = SQUASH_LOSSLESS;
	squash_json(&s, text);
	edits_apply(&s.edits, text, &once);
	switch (json_expand(buf_span(&once), &back)) {
	case EXPAND_OK:
		/* What is no JSON may be a table already, and passes. */
		must(json_same(text, buf_span(&back)) ||
		    span_eq(text, buf_span(&back)) || is_yaml(&once) ||
		    (s.edits.n == 0 && !is_json(text)));
		break;
	case EXPAND_FOREIGN:
		must(s.edits.n == 0 || json_same(text, buf_span(&once)));
		break;
	case EXPAND_GAPS:
		must(s.edits.n == 0);
		break;
	case EXPAND_FAILED:
		break;
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
	if (size <= TEXT_MAX)
		check_ours(text);
	return 0;
}
