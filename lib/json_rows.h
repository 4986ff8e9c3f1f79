/*
 * json_rows.h - the rows of a JSON text, some of them, one a line
 *
 * The rows are the elements of the array that the text is, or the values that
 * stand one behind the other (NDJSON).  In any other text they are the elements
 * of the longest array that holds objects only, or the members of the longest
 * object that does, the first of equals; of objects, those with fewer than
 * JSON_ROWS_KEYED members are taken only where nothing else is.
 *
 * A row is given as it is spelt, without the white space in it if it is spread
 * over several lines; a member as an object of that one member.
 */
#ifndef HR_JSON_ROWS_H
#define HR_JSON_ROWS_H

#include "compat.h"

#include "buf.h"
#include "json.h"
#include "span.h"

#define JSON_ROWS_KEYED	5

enum json_rows {
	JSON_ROWS_OK,
	JSON_ROWS_FOREIGN,	/* not JSON: *err says where */
	JSON_ROWS_NONE,		/* nothing in it that has rows */
	JSON_ROWS_NOMEM
};

/*
 * Append rows from..to, counted from 1, as far as there are any, each with a
 * newline; *total is how many there are.  out's error is the caller's.
 */
enum json_rows json_rows(struct span text, uint64_t from, uint64_t to,
	    struct buf *out, uint64_t *total, struct json_err *err)
	    HR_MUST_USE;

#endif
