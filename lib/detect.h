/*
 * detect.h - what kind of text is this?
 *
 * Decides by content alone and by all of it where a look at the beginning
 * could be wrong: what is called JSON here is JSON, what is called a list can
 * be read as one.
 */
#ifndef HR_DETECT_H
#define HR_DETECT_H

#include "compat.h"

#include "span.h"

enum detect_kind {
	DETECT_EMPTY,	/* nothing but white space */
	DETECT_JSON,	/* one object or array */
	DETECT_NDJSON,	/* several, one behind the other */
	DETECT_RECORDS,	/* in another form: CSV, tables, YAML... (form.h) */
	DETECT_DIFF,	/* there is a diff in it */
	DETECT_LIST,	/* search results, paths, trees */
	DETECT_MIXED,	/* parts with a format, large ones (mixed.h) */
	DETECT_SOURCE,	/* of a program, HTML, XML */
	DETECT_SETTINGS,/* YAML, TOML, INI, ... */
	DETECT_TABLE,	/* CSV, TSV, with bars */
	DETECT_MARKDOWN,
	DETECT_SHORT,	/* a short form that a squasher wrote */
	DETECT_TEXT,	/* any other text: logs, output of commands */
	DETECT_BINARY
};

enum detect_kind detect(struct span s);

/* "empty", "json", "short form", ... */
const char *detect_name(enum detect_kind k);

#endif
