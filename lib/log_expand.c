/*
 * log_expand - the way back from what squash_log folded
 */
#include "compat.h"

#include "fold.h"
#include "log_expand.h"
#include "log_own.h"

enum squash_expanded
log_expand(struct span in, struct buf *out)
{
	if (log_own_gaps(in))
		return EXPAND_GAPS;
	return fold_back(in, out);
}
