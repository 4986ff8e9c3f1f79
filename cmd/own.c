/*
 * own - folders of the user's own files
 */
#include "compat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "io.h"
#include "msg.h"
#include "own.h"

/* The folder, whether it is there or not. */
static bool
place(const char *folder, char *out, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n;

	/* The base directory specification ignores relative paths. */
	if (config != NULL && config[0] == '/')
		n = snprintf(out, size, "%s/hr/%s", config, folder);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, size, "%s/.config/hr/%s", home, folder);
	else
		return false;
	return (size_t)n < size;
}

/* Not an editor's copy, nor hidden. */
static int
is_name(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return e->d_name[0] != '.' && e->d_name[n - 1] != '~';
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

void
own_files(const char *folder, void (*fn)(void *arg, const char *path),
    void *arg)
{
	char dir[PATH_MAX], path[2 * PATH_MAX];
	struct dirent **e;
	int i, n;

	if (!place(folder, dir, sizeof(dir)))
		return;
	n = scandir(dir, &e, is_name, by_bytes);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, e[i]->d_name);
		fn(arg, path);
		free(e[i]);
	}
	if (n >= 0)
		free(e);
}

bool
own_read(struct buf *text, const char *path, size_t max, const char *what)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good;

	/* One byte more says that it is too large. */
	text->max = max + 1;
	good = fd >= 0 && (io_slurp(fd, text) == 0 || errno == EMSGSIZE);
	if (!good)
		msg_warn("cannot read the %s '%s':", what, path);
	if (fd >= 0)
		close(fd);
	return good;
}
