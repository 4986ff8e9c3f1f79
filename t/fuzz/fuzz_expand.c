/*
 * fuzz expand - the way back, for texts of ours and of others
 *
 * What expands is JSON; what is JSON and was squashed without loss comes
 * back; no text makes either of them run on.  A broken promise aborts.
 */
#include "compat.h"

#include <stdlib.h>

#include "../unit/json_same.h"
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

static void
check_foreign(struct span text)
{
	struct buf out = BUF_INIT;

	out.max = EXPANDED_MAX;
	if (json_expand(text, &out) == EXPAND_OK)
		must(is_json(buf_span(&out)));
	buf_release(&out);
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
