/*
 * shape_files - find and read files of shapes
 */
#include "compat.h"

#include "own.h"
#include "shape_files.h"

static bool
add(void *to, struct span text, struct file_err *err)
{
	return shapes_add(to, text, err);
}

struct shapes *
shapes_load(void)
{
	struct shapes *all = shapes_new();

	if (all != NULL)
		own_load("shapes", SHAPE_TEXT_MAX, add, all);
	return all;
}
