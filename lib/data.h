/*
 * data.h - where the installed data files are
 *
 * Data is looked for beside the running program, so that a build tree works
 * as it stands and an installed tree may be moved, then where it was to be
 * installed:
 *
 *	DIR/share/NAME			the program in the build tree
 *	DIR/../share/hr/NAME		the program in PREFIX/bin
 *	PKGDATADIR/NAME
 */
#ifndef HR_DATA_H
#define HR_DATA_H

#include "compat.h"

/*
 * The path of the first that can be read.  0, or -1 with errno: ENOENT and
 * out is the last place looked at, for the message; ENAMETOOLONG.
 */
int	data_path(const char *name, char *out, size_t size) HR_MUST_USE;

#endif
