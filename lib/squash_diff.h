/*
 * squash_diff.h - fewer tokens for diffs
 *
 *	squash_diff_by(&s, text, SQUASH_DIFF_PATCH);
 *
 * As all squashers, see squash.h.  Every changed line stays byte for byte with
 * its sign, every file with its name, and hunk headers are true for what
 * stands below them.  What goes:
 *
 *	lossless	unchanged lines, and headers that tell nothing new
 *	balanced	and changes in files that nobody reads: locks, what is
 *			generated, minified or vendored, binary patches; a mark
 *			with the numbers of lines stands for each file's
 *	tight		and the lines of files that are deleted as a whole
 *
 * At each of them something is left out, so the original must be kept: the
 * first line counts what is shown and names the original.  Without a place for
 * it nothing is done, unless s->unkept is set.
 *
 * Paths are judged by s->rules; without rules only what is minified beyond
 * doubt and binary patches are summarised.
 */
#ifndef HR_SQUASH_DIFF_H
#define HR_SQUASH_DIFF_H

#include "compat.h"

#include "squash.h"

enum squash_diff_mode {
	SQUASH_DIFF_LEVEL,	/* by the level */
	SQUASH_DIFF_CHANGES,	/* as lossless, whatever the level above it */
	SQUASH_DIFF_PATCH	/* git apply takes the result as the text */
};

void	squash_diff_by(struct squash *s, struct span text,
	    enum squash_diff_mode mode);

/* The bytes of a text that are diffs: headers of files and their hunks. */
size_t	squash_diff_bytes(struct span text);

/* By the level. */
void	squash_diff(struct squash *s, struct span text);

#endif
