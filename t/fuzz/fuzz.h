/*
 * fuzz.h - what fuzz targets have in common
 */
#ifndef HR_FUZZ_H
#define HR_FUZZ_H

#include "compat.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "profile.h"
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

/* Those that are shipped, read once, from there too. */
static inline const struct profiles *
fuzz_profiles(void)
{
	static char text[PROFILE_TEXT_MAX];
	static struct profiles *p;
	const char *dir = getenv("BUILDDIR");
	struct file_err err;
	char path[PATH_MAX];
	FILE *f;
	size_t n;

	if (p == NULL) {
		snprintf(path, sizeof(path), "%s/share/profiles",
		    dir != NULL ? dir : ".");
		f = fopen(path, "r");
		must(f != NULL);
		n = fread(text, 1, sizeof(text), f);
		fclose(f);
		p = profiles_new();
		must(p != NULL && profiles_add(p, span_of(text, n), &err));
	}
	return p;
}

#endif
