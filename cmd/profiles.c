/*
 * profiles - find and read files of profiles
 */
#include "compat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "buf.h"
#include "data.h"
#include "io.h"
#include "msg.h"
#include "profiles.h"

static void
complain(const char *path, const struct profile_err *err)
{
	if (err->line > 0)
		msg_warn("%s:%u: %s: '%.*s', so it is not used", path,
		    err->line, err->what, (int)err->word.n, err->word.p);
	else
		msg_warn("%s: %s, so it is not used", path, err->what);
}

static void
add_file(struct profiles *p, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = BUF_INIT;
	struct profile_err err;

	/* One byte more says that it is too large. */
	text.max = PROFILE_TEXT_MAX + 1;
	if (fd < 0 || (io_slurp(fd, &text) < 0 && errno != EMSGSIZE))
		msg_warn("cannot read the profiles '%s':", path);
	else if (!profiles_add(p, buf_span(&text), &err))
		complain(path, &err);
	if (fd >= 0)
		close(fd);
	buf_release(&text);
}

/* The user's own folder, whether it is there or not. */
static bool
own_folder(char *out, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n;

	/* The base directory specification ignores relative paths. */
	if (config != NULL && config[0] == '/')
		n = snprintf(out, size, "%s/hr/profiles", config);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, size, "%s/.config/hr/profiles", home);
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

static void
add_own(struct profiles *p)
{
	char dir[PATH_MAX], path[2 * PATH_MAX];
	struct dirent **e;
	int i, n;

	if (!own_folder(dir, sizeof(dir)))
		return;
	n = scandir(dir, &e, is_name, by_bytes);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, e[i]->d_name);
		add_file(p, path);
		free(e[i]);
	}
	if (n >= 0)
		free(e);
}

struct profiles *
profiles_load(void)
{
	char path[PATH_MAX];
	struct profiles *p = profiles_new();

	if (p == NULL)
		return NULL;
	if (data_path("profiles", path, sizeof(path)) < 0)
		msg_warn("cannot read the profiles '%s':", path);
	else
		add_file(p, path);
	add_own(p);
	return p;
}
