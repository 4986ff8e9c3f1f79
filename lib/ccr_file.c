/*
 * ccr_file - where the store lies, and its folder
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ccr_db.h"

int
ccr_default_path(const char *xdg_state_home, const char *home, char *out,
    size_t size)
{
	int n;

	if (xdg_state_home != NULL && *xdg_state_home == '/')
		n = snprintf(out, size, "%s/hr/ccr.db", xdg_state_home);
	else if (home != NULL && *home == '/')
		n = snprintf(out, size, "%s/.local/state/hr/ccr.db", home);
	else
		return -1;
	return n < 0 || (size_t)n >= size ? -1 : 0;
}

static bool
make_folder(const char *dir)
{
	struct stat st;

	/*
	 * Asked first: in some sandboxes mkdir of what is there says
	 * "read-only" or "not permitted" instead of EEXIST.
	 */
	if (stat(dir, &st) == 0)
		return true;
	if (mkdir(dir, 0700) < 0)
		return errno == EEXIST;
	/* A umask may have taken what the owner needs to go on. */
	return chmod(dir, 0700) == 0;
}

/* Make the folders that path goes through. */
static bool
make_folders(const char *path)
{
	char *dir = strdup(path), *p = dir;
	bool good = dir != NULL;

	while (good && *p != '\0' && (p = strchr(p + 1, '/')) != NULL) {
		*p = '\0';
		good = make_folder(dir);
		*p = '/';
	}
	free(dir);
	return good;
}

bool
ccr_file_make(const char *path)
{
	bool good;
	int fd;

	if (!make_folders(path))
		return false;
	/*
	 * SQLite would give it 0644, and its other two files the same.  It
	 * must be closed before SQLite opens it: closing any descriptor of a
	 * file drops all locks that the process holds on it, which is why an
	 * existing store is looked at with lstat() only.
	 */
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0)
		return errno == EEXIST;
	good = fchmod(fd, 0600) == 0;	/* whatever the umask */
	close(fd);
	return good;
}

int64_t
ccr_file_size(const char *path, const char *suffix)
{
	struct buf b = BUF_INIT;
	struct stat st;
	int64_t size = -1;
	int saved;

	buf_addf(&b, "%s%s%c", path, suffix, '\0');
	if (buf_err(&b))
		errno = buf_err(&b);
	else if (lstat(b.p, &st) == 0)
		size = (int64_t)st.st_size;
	saved = errno;
	buf_release(&b);
	errno = saved;
	return size;
}

char *
ccr_file_uri(const char *path, const char *params)
{
	struct buf b = BUF_INIT;
	const char *p;

	/* A name such as ":memory:" is no file but for the "./". */
	buf_adds(&b, *path == '/' ? "file://" : "file:./");
	for (p = path; *p != '\0'; p++)
		if (strchr("%?#", *p) != NULL)
			buf_addf(&b, "%%%02X", (unsigned)(unsigned char)*p);
		else
			buf_addc(&b, *p);
	buf_adds(&b, params);
	buf_addc(&b, '\0');
	if (buf_err(&b)) {
		buf_release(&b);
		return NULL;
	}
	return b.p;
}
