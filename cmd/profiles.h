/*
 * profiles.h - the files of profiles that filters go by, hr-profile(5)
 */
#ifndef HR_CMD_PROFILES_H
#define HR_CMD_PROFILES_H

#include "compat.h"

#include "profile.h"

/*
 * What is shipped, and over it each file in the user's own folder, in the
 * order of the names' bytes.  A file that is wrong is a warning and counts as
 * if it were not there.  NULL: no memory.
 */
struct profiles *profiles_load(void);

#endif
