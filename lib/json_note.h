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
 * token t (its key's, if the table is keyed), of the columns that tell most:
 *
 *	state ok in all		one value
 *	state ok 120, failed 3	few: how often each occurs, constants,
 *				literals and short strings
 *	ms 12 to 48		numbers, least and greatest as they are spelt
 *	time 2026-05-01 to 2026-05-09	points in time, likewise
 *	host 37 different	values of which most occur again
 *
 * A column of a group is called group.name.  Of one that some records lack, or
 * that has something in it which a mark cannot spell, nothing is told.  At
 * most JSON_NOTES_MAX columns and about JSON_NOTE_TOKENS tokens, or n / 2 if
 * that is less, in the order of the columns; nothing if there is nothing.
 */
#define JSON_NOTES_MAX		5
#define JSON_NOTE_TOKENS	25

void	json_note(const struct json_plan *p, const struct json_table *table,
	    uint32_t t, uint32_t n, struct buf *out);

#endif
