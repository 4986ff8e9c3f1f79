/*
 * fold - ways to say in fewer tokens what lines repeat
 */
#include "compat.h"

#include "fold.h"
#include "fold_diag.h"
#include "fold_files.h"
#include "fold_num.h"

bool
fold(enum fold_way way, struct span text, struct span query, struct buf *out)
{
	switch (way) {
	case FOLD_DIAG:
		return fold_diag(text, out);
	case FOLD_FILES:
		return fold_files(text, out);
	case FOLD_NUM:
		return fold_num(text, query, out);
	case FOLD_WAYS:
		break;
	}
	return false;
}

static enum squash_expanded (*const back[FOLD_WAYS])(struct span in,
    struct buf *out) = {
	[FOLD_DIAG] = fold_diag_back,
	[FOLD_FILES] = fold_files_back,
	[FOLD_NUM] = fold_num_expand,
};

enum squash_expanded
fold_back(struct span in, struct buf *out)
{
	enum squash_expanded rc, all = EXPAND_FOREIGN;
	struct buf now = BUF_INIT, then = BUF_INIT, was;
	unsigned i = FOLD_WAYS;

	now.max = then.max = out->max;
	while (all != EXPAND_FAILED && i-- > 0) {
		buf_reset(&now);
		rc = back[i](all == EXPAND_OK ? buf_span(&then) : in,
		    &now);
		if (rc == EXPAND_FOREIGN)
			continue;
		all = rc;
		was = then;
		then = now;
		now = was;
	}
	if (all == EXPAND_OK)
		buf_addspan(out, buf_span(&then));
	if (buf_err(out))
		all = EXPAND_FAILED;
	buf_release(&now);
	buf_release(&then);
	return all;
}
