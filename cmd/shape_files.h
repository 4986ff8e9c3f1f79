/*
 * shape_files.h - the files of shapes that filters go by, hr-shape(5)
 */
#ifndef HR_CMD_SHAPE_FILES_H
#define HR_CMD_SHAPE_FILES_H

#include "compat.h"

#include "shapes.h"

/*
 * What is shipped, and over it each file in the user's own folder, in the
 * order of the names' bytes.  A file that is wrong is a warning and counts as
 * if it were not there.  NULL: no memory.
 */
struct shapes *shapes_load(void);

#endif
