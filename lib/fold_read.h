/*
 * fold_read.h - inside of fold*.c: a text as lines that name places, and others
 *
 *	struct fold_reader r = { .rest = text };
 *
 *	while (fold_read(&r, &it))
 *		...
 *
 * Lines that begin with a blank and name no place belong to the line that
 * does before them, and stand at the end of its tail: excerpts, "symbol: x".
 * A line above an arrow, as in
 *
 *	warning: unused variable: `x`
 *	  --> src/a.rs:12:5
 *
 * is its title, and an empty line after that the end of the tail.
 */
#ifndef HR_FOLD_READ_H
#define HR_FOLD_READ_H

#include "compat.h"

#include "fold_place.h"
#include "span.h"

/* The first line of a folded form, behind the number of lines. */
#define FOLD_SAYS	" lines, equal messages joined: "		\
			"FILE:LINE,LINE:COLUMN,COLUMN: MESSAGE"

struct fold_reader {
	struct span	rest;
	struct span	head;	/* that is in force, or empty */
	bool		lists;	/* read what fold_diag.c wrote */

	/* A line with more files: the last that was read, the end of all. */
	bool			more;
	struct fold_place	at;
	struct span		tail;
};

enum fold_what {
	FOLD_RAW,
	FOLD_HEAD,	/* a head above lines without; only with lists */
	FOLD_PLACE
};

struct fold_item {
	enum fold_what		what;
	struct span		whole;	/* with all newlines */
	struct fold_place	place;	/* its tail too */
};

/* False at the end. */
bool	fold_read(struct fold_reader *r, struct fold_item *it);

/* The first line of s, which is shortened by it, without newline. */
struct span fold_line(struct span *s);

/* "[hr: ...]" */
bool	fold_is_mark(struct span line);

/* Lines that are no marks. */
uint64_t fold_count_lines(struct span text);

#endif
