/*
 * log_expand.h - what a log was before its lines were written shorter
 *
 *	if (log_expand(in, &out) == EXPAND_OK)
 *		...
 */
#ifndef HR_LOG_EXPAND_H
#define HR_LOG_EXPAND_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

/*
 * Append the text that in is a lossless form of.  On any other result than
 * EXPAND_OK the content of out is undefined.
 */
enum squash_expanded log_expand(struct span in, struct buf *out)
	    HR_MUST_USE;

#endif
