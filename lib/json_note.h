/*
 * json_note.h - a few words on the records that a gap leaves out
 */
#ifndef HR_JSON_NOTE_H
#define HR_JSON_NOTE_H

#include "compat.h"

#include "buf.h"
#include "json_plan.h"

/*
 * Append to out what is true of n records of a table, the first of which has
 * token t (its key's, if the table is keyed): the value of columns that is
 * the same in all, the least and the greatest of numbers, as they are spelt.
 * At most JSON_NOTES_MAX columns, the first that have something short to say:
 * "status ok in all, ms 12 to 48".  Nothing if there is nothing.
 */
#define JSON_NOTES_MAX	3

void	json_note(const struct json_plan *p, const struct json_table *table,
	    uint32_t t, uint32_t n, struct buf *out);

#endif
