/*
 * json_lines.h - several JSON values in one text
 *
 * NDJSON, JSON Lines, and what `jq .` prints: objects or arrays one behind
 * the other with white space between.  They are scanned into one document
 * whose token 0 is an array made up for the purpose, over the whole text, so
 * that what works on an array works on lines.
 */
#ifndef HR_JSON_LINES_H
#define HR_JSON_LINES_H

#include "compat.h"

#include "json.h"

/*
 * As json_doc_scan; d may be NULL to validate only.  JSON_BAD also for a text
 * of fewer than two values, and for values that are neither objects nor
 * arrays: lines of numbers are more likely to be something else.
 */
enum json_rc json_lines_scan(struct json_doc *d, struct span s,
	    struct json_err *err) HR_MUST_USE;

#endif
