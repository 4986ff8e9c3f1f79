/*
 * glob.h - patterns for paths
 *
 *	*.lock		a file of that name anywhere
 *	go/pkg/mod/	all that is below such a folder, anywhere
 *	data/x/?.json	at the end of the path
 *	/srv/x/ *.csv	(no blank) from the root on
 *
 * '?' is one byte and '*' any number of them, neither is a slash; "**" with a
 * slash behind it is any number of folders, at the end of a pattern anything.
 * All other bytes stand for themselves.  Unless it begins with a slash a
 * pattern may begin at any part of the path.  A backslash in a path is taken
 * for a slash.
 *
 * Takes time linear in the path, whatever the pattern: all ways to match are
 * followed at once.
 */
#ifndef HR_GLOB_H
#define HR_GLOB_H

#include "compat.h"

#include "span.h"

#define GLOB_MAX	200	/* bytes of a pattern */

/* What is wrong with a pattern, as a constant string; NULL: nothing. */
const char *glob_check(struct span pattern);

/* Whether a pattern that was checked matches all of a path. */
bool	 glob_match(struct span pattern, struct span path);

#endif
