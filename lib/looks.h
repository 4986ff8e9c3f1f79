/*
 * looks.h - what a text without a format looks like, line by line
 *
 * For texts that are neither JSON nor a diff nor a list.  Output of programs
 * may be shortened where its lines repeat; what a person wrote, and records
 * that only look alike, may not.  A judgement by the first LOOKS_LINES_MAX
 * lines: how many of them are what such a text consists of, and whether
 * others speak against it (times, places in files, words that programs put
 * before what they report).
 *
 * Nothing depends on the locale; takes linear time and no memory.
 */
#ifndef HR_LOOKS_H
#define HR_LOOKS_H

#include "compat.h"

#include "span.h"

#define LOOKS_LINES_MAX	2000

enum looks {
	LOOKS_OUTPUT,	/* or anything else */
	LOOKS_SOURCE,	/* of a program */
	LOOKS_MARKUP,	/* HTML, XML */
	LOOKS_SETTINGS,	/* YAML, TOML, INI and their kin */
	LOOKS_TABLE,	/* CSV, TSV, with bars; each line as many cells */
	LOOKS_MARKDOWN
};

enum looks looks_like(struct span text);

#endif
