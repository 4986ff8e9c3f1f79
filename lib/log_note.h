/*
 * log_note.h - what a mark says of the lines that it stands for
 *
 *	like the line above, shard 0 (8), 1 (4), ms 12 to 48
 *	2 repeat errors shown
 *	PASSED in all
 *	1 like one above but for jsonschema
 *
 * Numbers are told of lines that are all like the one above, if there are
 * enough of them: whole numbers with a word before them, that vary.  Few
 * values are told all, with how often they are there, many by their range.
 * Of lines that a profile knows it is the word that all of them have.
 */
#ifndef HR_LOG_NOTE_H
#define HR_LOG_NOTE_H

#include "compat.h"

#include "buf.h"
#include "log_plan.h"

/* Append what there is to say of lines from .. to - 1, if anything. */
void	log_note(const struct log_plan *p, size_t from, size_t to,
	    struct buf *out);

#endif
