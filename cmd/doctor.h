/*
 * doctor.h - hr-proxy doctor: can a mark be redeemed from a given shell?
 */
#ifndef HR_CMD_DOCTOR_H
#define HR_CMD_DOCTOR_H

#include "compat.h"

#include "common.h"
#include "msg.h"

/*
 * Store a text, fetch it as an agent's shell would, compare, and say what was
 * found.  shell is a command that takes a script as its last argument, or
 * NULL for the user's shell.  HR_EXIT_FAIL if it was not got back.
 */
enum hr_exit	doctor(const struct store_place *store, const char *shell);

#endif
