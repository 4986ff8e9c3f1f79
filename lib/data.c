/*
 * data - finds data files
 */
#include "compat.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "data.h"
#include "io.h"

/* 1: there, 0: not there, -1: too long. */
static int
try(const char *dir, const char *sub, const char *name, char *out,
    size_t size)
{
	int n = snprintf(out, size, "%s%s%s", dir, sub, name);

	if (n < 0 || (size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return access(out, R_OK) == 0;
}

int
data_path(const char *name, char *out, size_t size)
{
	char dir[PATH_MAX];
	int found = 0;

	if (io_exe_dir(dir, sizeof(dir)) == 0) {
		found = try(dir, "/share/", name, out, size);
		if (found == 0)
			found = try(dir, "/../share/hr/", name, out, size);
	}
	if (found == 0)
		found = try(PKGDATADIR, "/", name, out, size);
	if (found > 0)
		return 0;
	if (found == 0)
		errno = ENOENT;
	return -1;
}
