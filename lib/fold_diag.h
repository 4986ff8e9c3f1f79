/*
 * fold_diag.h - diagnostics that say the same, as one
 *
 * What compilers and linters print repeats the file and the message, and
 * differs in line and column:
 *
 *	src/a.py:5:61: E501 line too long
 *	src/a.py:9:1: E302 expected 2 blank lines
 *	src/a.py:15:61: E501 line too long
 *	src/a.py:20:5: F821 undefined name 'x'
 *	src/a.py:31:3: F821 undefined name 'x'
 *
 * fold_diag() writes
 *
 *	5 lines, equal messages joined: FILE:LINE,LINE:COLUMN,COLUMN: MESSAGE
 *	src/a.py:
 *	5,15:61: E501 line too long
 *	9:1: E302 expected 2 blank lines
 *	src/a.py:20,31:5,3: F821 undefined name 'x'
 *
 * A list of lines, then one of as many columns, or one column that all have;
 * lines that report an error keep the name of their file.  Where the next line
 * says the same of another file, both stand before the message, which is then
 * none of an error: "a.c:3 b.c:7,9: warning: x".  Nothing else changes, and
 * lines that name no place stay as they are.
 *
 * The way back: of lines next to each other that have one head, as far as the
 * first places of each go upwards, all places are sorted by line and column;
 * of two that are equal the one that is written first is first.  The first
 * line counts the lines of the text; marks of ours (mark.h) are none.  All this
 * is tried before anything is folded, so that what comes back is the text,
 * byte for byte.
 *
 * Takes linear time, but for sorting on the way back.
 */
#ifndef HR_FOLD_DIAG_H
#define HR_FOLD_DIAG_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

/*
 * Append the folded form to out.  False, and what was appended undefined, if
 * there is none that turns back.
 */
bool	fold_diag(struct span text, struct buf *out) HR_MUST_USE;

/* The way back; the first line is that of the folded form. */
enum squash_expanded fold_diag_back(struct span in, struct buf *out)
	    HR_MUST_USE;

#endif
