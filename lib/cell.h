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

/*
 * Whether a string with this content stands bare in a cell: not empty, no
 * comma, quote or control byte, no blank at either end, no bracket in front,
 * not spelt like a number, true, false or null.
 */
bool	cell_bare(struct span s);

/* The same behind "name=" in a header, where braces and '=' count too. */
bool	cell_bare_constant(struct span s);

/* Whether a member name stands bare in a header. */
bool	cell_bare_name(struct span s);

/* "-12.5e3", and what looks like it: "007", "+1", ".5", "1.". */
bool	cell_numeric(struct span s);

#endif
