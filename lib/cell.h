/*
 * cell.h - values and names as they stand in a table
 *
 * The rules of hr-json(5), shared by the writer and the reader: a string is
 * written bare when nobody could take it for anything else, and as a JSON
 * string otherwise.
 */
#ifndef HR_CELL_H
#define HR_CELL_H

#include "compat.h"

#include "span.h"

/* What stands before a JSON text that is a string: "(json {a:1})". */
#define CELL_EMBEDDED	"(json"

/* What follows a constant from which some rows depart. */
#define CELL_UNLESS	" unless given"

/*
 * Whether a string with this content stands bare in a cell: not empty, no
 * comma or control byte, no blank at either end, no bracket, quote or '=' in
 * front, not spelt like a number, true, false or null.
 */
bool	cell_bare(struct span s);

/* The same in an object or array, where brackets must close in it. */
bool	cell_bare_value(struct span s);

/* Both at once: which of the two it may. */
#define CELL_BARE	1u
#define CELL_BARE_VALUE	2u

unsigned cell_look(struct span s);

/* The same behind "name=" in a header, where braces and '=' count too. */
bool	cell_bare_constant(struct span s);

/* Whether a member's name stands bare. */
bool	cell_bare_name(struct span s);

/* Whether it does within a path: "a.b[3].c". */
bool	cell_bare_step(struct span s);

/* "-12.5e3", and what looks like it: "007", "+1", ".5", "1.". */
bool	cell_numeric(struct span s);

#endif
