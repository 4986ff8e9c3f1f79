/*
 * log_mask.h - what of a line of a log changes from line to line
 *
 * log_mask() gives the line without it: numbers, times, dates, hexadecimal
 * digits, UUIDs, addresses and long ids become one '#', runs of these with a
 * mark between them too, and runs of blanks one blank.  Lines with the same
 * mask are of one template.  These masks are what Drain (He, Zhu, Zheng, Lyu:
 * "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017)
 * does first.  Its tree, which then merges lines that differ in some words,
 * is left out with intent: a word that differs is a fact, and one look into a
 * table a line is all the time that mining takes.  LOG_MASK_DEEP, which also
 * masks values behind '=', in quotes, host names and paths, stands for it
 * where fewer words are wanted.
 *
 * Nothing here depends on the locale; all takes linear time.
 */
#ifndef HR_LOG_MASK_H
#define HR_LOG_MASK_H

#include "compat.h"

#include "buf.h"
#include "span.h"

enum log_depth { LOG_MASK, LOG_MASK_DEEP };

/*
 * Put the mask of a line into out, which is reset.  Returns a number of tokens
 * that o200k needs for the line at least, by its words: a piece of its split
 * holds letters of one run, or digits, and only an apostrophe joins two runs
 * of letters.
 */
size_t	log_mask(struct span line, enum log_depth depth, struct buf *out);

/* How bad the line says it is, by the word that loggers put before it. */
enum log_level {
	LOG_NONE,	/* it does not say */
	LOG_INFO,	/* and all that is less */
	LOG_WARN,
	LOG_ERROR	/* and all that is worse */
};

/* *end is set behind the word; only the first 200 bytes are looked at. */
enum log_level log_level(struct span line, size_t *end);

/*
 * Whether a line reports an error, and whether two such lines are two errors
 * if they differ in more than times and ids.  word: its mask has a word of
 * error (errword.h).
 */
enum log_error { LOG_NO_ERROR, LOG_ALIKE_ERROR, LOG_EXACT_ERROR };

enum log_error log_error(struct span line, bool word);

/* Whether a line has neither letter nor digit: empty, or a rule. */
bool	log_plain(struct span line);

/* Whether a line looks like a mark of ours. */
bool	log_marked(struct span line);

/* Whether there is a time of day or an epoch in the first 128 bytes. */
bool	log_timed(struct span line);

/* Length of the date and time that a line begins with, and one blank. */
size_t	log_stamp(struct span line);

/*
 * Whether a line names something that a reader will look up: a place in a
 * file ("a.c:12", "A.java(7", "line 12", "  12:5 " below a heading), a failed
 * test by its number ("  3) adds"), a commit by its whole hash.
 */
bool	log_located(struct span line);

/*
 * Append the bytes of s to out, times and UUIDs as '#': what must be equal in
 * two errors that are one.  In the frames of traces addresses are '#' too.
 */
void	log_message(struct span s, bool frame, struct buf *out);

#endif
