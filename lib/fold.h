/*
 * fold.h - ways to say in fewer tokens what lines repeat
 *
 *	for (way = 0; way < FOLD_WAYS; way++)
 *		if (fold(way, text, query, &out) && ...)
 *			...
 *
 * Each way writes a first line that says what it did, and is undone by that.
 * They are tried in their order, each on what the one before it made; nothing
 * that would not come back byte for byte is made.
 */
#ifndef HR_FOLD_H
#define HR_FOLD_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

enum fold_way {
	FOLD_DIAG,	/* messages of one file */
	FOLD_FILES,	/* names in one folder */
	FOLD_NUM,	/* figures */
	FOLD_WAYS
};

/*
 * Append the short form to out.  False, with out undefined: there is none.
 * What the query names is said in full where figures are concerned.
 */
bool	fold(enum fold_way way, struct span text, struct span query,
	    struct buf *out) HR_MUST_USE;

/* Append what a text was before all ways. */
enum squash_expanded fold_back(struct span in, struct buf *out) HR_MUST_USE;

#endif
