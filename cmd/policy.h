/*
 * policy.h - the policy files that hr-proxy goes by
 */
#ifndef HR_CMD_POLICY_H
#define HR_CMD_POLICY_H

#include "compat.h"

#include "rules.h"

/*
 * What is shipped, and over it the file `named', or without one the user's
 * own if there is one.  A shipped file that cannot be used is a warning, and
 * then all files stay exact of which the user's own says nothing; any other
 * file that is wrong ends the program.
 */
struct rules *policy_load(const char *named);

#endif
