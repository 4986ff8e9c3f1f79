/*
 * own.h - what is shipped and the user's own files: profiles, shapes
 */
#ifndef HR_CMD_OWN_H
#define HR_CMD_OWN_H

#include "compat.h"

#include "file_err.h"
#include "span.h"

/*
 * Add to `to' what is shipped under a name, and then each file in the folder
 * of that name in $XDG_CONFIG_HOME/hr or ~/.config/hr, in the order of the
 * names' bytes, but for those that begin with a dot or end with a tilde.  A
 * file that is wrong, or has more than max bytes, is a warning and counts as
 * if it were not there.
 */
void	own_load(const char *name, size_t max, bool (*add)(void *to,
	    struct span text, struct file_err *err), void *to);

#endif
