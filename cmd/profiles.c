/*
 * profiles - find and read files of profiles
 */
#include "compat.h"

#include "own.h"
#include "profiles.h"

static bool
add(void *to, struct span text, struct file_err *err)
{
	return profiles_add(to, text, err);
}

struct profiles *
profiles_load(void)
{
	struct profiles *all = profiles_new();

	if (all != NULL)
		own_load("profiles", PROFILE_TEXT_MAX, add, all);
	return all;
}
