/*
 * fuzz.h - what fuzz targets have in common
 */
#ifndef HR_FUZZ_H
#define HR_FUZZ_H

#include "compat.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tok.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A broken promise aborts. */
#define must(cond)	((cond) ? (void)0 :				\
			    fuzz_broken(#cond, __FILE__, __LINE__))

static inline void
fuzz_broken(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	abort();
}

/* Opened once, from where the build has it: the current folder by default. */
static inline struct tok *
fuzz_vocabulary(void)
{
	static struct tok *tok;
	const char *dir = getenv("BUILDDIR");
	char path[PATH_MAX];

	if (tok == NULL) {
		snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
		    dir != NULL ? dir : ".");
		must(tok_open(&tok, TOK_O200K, path) == 0);
	}
	return tok;
}

#endif
