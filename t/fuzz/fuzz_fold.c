/*
 * fuzz fold - what must hold for every text that is folded
 *
 * What is folded turns back into the text, byte for byte.  What is not ours
 * may turn back into anything, but within the room it is given.  A broken
 * promise aborts.
 */
#include "compat.h"

#include "fold.h"
#include "fuzz.h"
#include "log_expand.h"

#define EXPANDED_MAX	((size_t)1 << 24)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size), now = text;
	struct buf folded[FOLD_WAYS], back = BUF_INIT;
	enum squash_expanded foreign;
	unsigned way;

	back.max = EXPANDED_MAX;
	foreign = log_expand(text, &back);
	must(foreign != EXPAND_OK || back.len <= EXPANDED_MAX);
	for (way = 0; way < FOLD_WAYS; way++) {
		folded[way] = (struct buf)BUF_INIT;
		if (fold(way, now, SPAN_LIT(""), &folded[way]))
			now = buf_span(&folded[way]);
	}
	buf_reset(&back);
	/* What is ours already is never folded once more. */
	if (now.p != text.p && foreign == EXPAND_FOREIGN) {
		must(fold_back(now, &back) == EXPAND_OK);
		must(span_eq(buf_span(&back), text));
	}
	for (way = 0; way < FOLD_WAYS; way++)
		buf_release(&folded[way]);
	buf_release(&back);
	return 0;
}
