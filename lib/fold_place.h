/*
 * fold_place.h - inside of fold*.c: where a line names a place in a file
 *
 *	src/a.c:12:5: warning: ...	head "src/a.c:", 12, 5, tail ": ..."
 *	src\a.ts(12,5): error ...	head "src\a.ts("
 *	[ERROR] /src/A.java:[12,5] ...	head "[ERROR] /src/A.java:["
 *	  12:5  error  ...		head "  "
 *
 * A title may stand in the line above, as rustc has it: fold_read.c finds it.
 *
 * The head ends right before the number of the line, the tail begins right
 * behind that of the column.  Where lists are allowed there may be several
 * numbers, "12,15:5,9", as fold_diag.c writes them: as many columns as lines,
 * or one for all.  In brackets, where two numbers are line and column, a list
 * of two lines without columns ends with a colon, "(12,15:)".
 *
 * Numbers are as programs print them: decimal, without leading zeros.
 *
 * Below a heading linters print a table, whose numbers are aligned to the
 * colon, and its text: there heads of blanks are the same that end their
 * numbers in the same column, and so are tails.
 */
#ifndef HR_FOLD_PLACE_H
#define HR_FOLD_PLACE_H

#include "compat.h"

#include "span.h"

struct fold_place {
	struct span	title;	/* with its newline, or empty */
	struct span	head;
	struct span	lines;	/* "12", "12,15" */
	struct span	cols;	/* the same, or empty */
	size_t		nlines, ncols;
	struct span	tail;
};

/* s is a line without its end. */
bool	fold_place(struct span s, bool lists, struct fold_place *p);

/* The same for a line that is to be read behind a head. */
bool	fold_place_below(struct span head, struct span s,
	    struct fold_place *p);

/* Whether a line is a head, and nothing else. */
bool	fold_place_head(struct span s);

/* Whether the head is of blanks; then the columns that are aligned. */
bool	fold_place_table(const struct fold_place *p);
size_t	fold_place_colon(const struct fold_place *p);
size_t	fold_place_text(const struct fold_place *p);

/* Whether what stands at both is of one run: heads are the same. */
bool	fold_place_same(const struct fold_place *a,
	    const struct fold_place *b);

/* The tail, in a table without its blanks. */
struct span fold_place_tail(const struct fold_place *p);

/* The next number of a list, which is shortened by it and its comma. */
uint32_t fold_place_number(struct span *list);

/* What stands between line and column: ':' or ','. */
char	fold_place_mid(struct span head);

#endif
