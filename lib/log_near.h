/*
 * log_near.h - long lines that say again what a line above said
 *
 * Tools print their settings, or the command that they run, with each step:
 * lines of kilobytes in which a word is another.  Such a line begins as one
 * above, but for what masks take (log_mask.h), and has next to no word that
 * those which began so had not; the words that it has are told.
 *
 *	struct log_near m = LOG_NEAR_INIT;
 *
 *	if (log_near(&m, line, &words))
 *		... leave it out, and say `words` ...
 *	log_near_release(&m);
 *
 * A word has three letters or more and no blank or mark in it.
 */
#ifndef HR_LOG_NEAR_H
#define HR_LOG_NEAR_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "map.h"
#include "span.h"

#define LOG_NEAR_MIN	((size_t)1000)	/* bytes of a line, at least */

struct log_near {
	struct map	heads;		/* how lines began */
	struct map	words;		/* of these, with their begin */
	struct arena	keys;
	struct buf	mask, key;
	bool		ready;
};

#define LOG_NEAR_INIT {							\
	.keys = ARENA_INIT, .mask = BUF_INIT, .key = BUF_INIT }

/*
 * Whether a line is near to those given before.  Words that are new are
 * appended to out, ", " between; from now on they are not.
 */
bool	log_near(struct log_near *m, struct span line, struct buf *out);
void	log_near_release(struct log_near *m);

#endif
