/*
 * common.h - what several commands need of the system
 */
#ifndef HR_CMD_COMMON_H
#define HR_CMD_COMMON_H

#include "compat.h"

#include <limits.h>

#include "tok.h"

/* Where originals go. */
struct store_place {
	char		path[PATH_MAX];	/* absolute */
	bool		none;		/* nowhere */
	bool		named;		/* marks must name it */
};

/*
 * option is --store's value or NULL for the default, none is --no-store.
 * A path that a mark cannot name is a usage error.
 */
void	store_find(struct store_place *s, const char *option, bool none);

/* The path of the o200k vocabulary.  0, or -1 with errno. */
int	vocabulary_find(char *path, size_t size);

/* The vocabulary itself, or NULL with errno. */
struct tok *vocabulary_open(void);

#endif
