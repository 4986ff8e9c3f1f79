/*
 * own - what is shipped, and the user's own files
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

struct kind {
	const char	*name;
	size_t		 max;
	bool		(*add)(void *to, struct span text,
			    struct file_err *err);
	void		*to;
};

static bool
read_file(struct buf *text, const char *path, const struct kind *k)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good;

	/* One byte more says that it is too large. */
	text->max = k->max + 1;
	good = fd >= 0 && (io_slurp(fd, text) == 0 || errno == EMSGSIZE);
	if (!good)
		msg_warn("cannot read the %s '%s':", k->name, path);
	if (fd >= 0)
		close(fd);
	return good;
}

static void
complain(const char *path, const struct file_err *err)
{
	if (err->line > 0)
		msg_warn("%s:%u: %s: '%.*s', so it is not used", path,
		    err->line, err->what, (int)err->word.n, err->word.p);
	else
		msg_warn("%s: %s, so it is not used", path, err->what);
}

static void
add_file(const struct kind *k, const char *path)
{
	struct buf text = BUF_INIT;
	struct file_err err;

	if (read_file(&text, path, k) &&
	    !k->add(k->to, buf_span(&text), &err))
		complain(path, &err);
	buf_release(&text);
}

static void
add_own(const struct kind *k)
{
	char dir[PATH_MAX], path[2 * PATH_MAX];
	struct dirent **e;
	int i, n;

	if (!place(k->name, dir, sizeof(dir)))
		return;
	n = scandir(dir, &e, is_name, by_bytes);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, e[i]->d_name);
		add_file(k, path);
		free(e[i]);
	}
	if (n >= 0)
		free(e);
}

void
own_load(const char *name, size_t max, bool (*add)(void *to, struct span text,
    struct file_err *err), void *to)
{
	const struct kind k = { name, max, add, to };
	char path[PATH_MAX];

	if (data_path(name, path, sizeof(path)) < 0)
		msg_warn("cannot read the %s '%s':", name, path);
	else
		add_file(&k, path);
	add_own(&k);
}
