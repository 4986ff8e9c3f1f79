/*
 * own.h - folders of the user's own files: profiles, shapes
 */
#ifndef HR_CMD_OWN_H
#define HR_CMD_OWN_H

#include "compat.h"

#include "buf.h"

/*
 * Call fn with the path of each file in a folder of $XDG_CONFIG_HOME/hr or
 * ~/.config/hr, in the order of the names' bytes, but for those that begin with
 * a dot or end with a tilde.
 */
void	own_files(const char *folder, void (*fn)(void *arg, const char *path),
	    void *arg);

/*
 * Read a file of at most max bytes, and one byte more where there is one.
 * False: a message was printed, with `what' the file is.
 */
bool	own_read(struct buf *text, const char *path, size_t max,
	    const char *what);

#endif
