/*
 * detect.h - what kind of text is this?
 *
 * Decides by content alone and by all of it where a look at the beginning
 * could be wrong: what is called JSON here is JSON.
 */
#ifndef HR_DETECT_H
#define HR_DETECT_H

#include "compat.h"

#include "span.h"

enum detect_kind {
	DETECT_EMPTY,	/* nothing but white space */
	DETECT_JSON,	/* one object or array */
	DETECT_NDJSON,	/* several, one behind the other */
	DETECT_TEXT,	/* anything else in UTF-8 without NUL */
	DETECT_BINARY
};

enum detect_kind detect(struct span s);

/* "empty", "json", "ndjson", "text" or "binary". */
const char *detect_name(enum detect_kind k);

#endif
