/*
 * json_column.h - the columns of records, and what sticks out of them
 *
 * Flattens the records of a value into columns, nested objects included
 * (arrays are not entered), and raises the rank of records that hold a rare
 * type, a rare value of few, or a number that sticks out.
 */
#ifndef HR_JSON_COLUMN_H
#define HR_JSON_COLUMN_H

#include "compat.h"

struct picker;

void	json_column_rank(struct picker *pk);

#endif
