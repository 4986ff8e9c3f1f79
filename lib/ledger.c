/*
 * ledger - one line a request, appended to a file that several share
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "ccr_db.h"
#include "ledger.h"

struct ledger {
	char		*path;
	char		*old;		/* path.1 */
	int		 fd;
	dev_t		 dev;		/* which file fd is */
	ino_t		 ino;
	bool		 torn;		/* our last line has no end */
	uint64_t	 lost;
	struct buf	 line;
};

/* Open what path is now; what was open stays so if that fails. */
static bool
begin(struct ledger *l)
{
	struct stat st;
	int fd, bad;

	if (!ccr_file_make(l->path))
		return false;
	/* O_NONBLOCK, for a pipe without a reader would hold us up here. */
	fd = open(l->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
	    O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return false;
	bad = fstat(fd, &st) < 0 ? errno : S_ISREG(st.st_mode) ? 0 : EINVAL;
	if (bad != 0) {
		close(fd);
		errno = bad;
		return false;
	}
	if (l->fd >= 0)
		close(l->fd);
	l->fd = fd;
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	l->torn = false;
	return true;
}

struct ledger *
ledger_open(const char *path)
{
	struct ledger *l = calloc(1, sizeof(*l));
	int saved;

	if (l == NULL)
		return NULL;
	l->fd = -1;
	l->line = (struct buf)BUF_INIT;
	l->path = strdup(path);
	if (asprintf(&l->old, "%s.1", path) < 0)
		l->old = NULL;
	if (l->path == NULL || l->old == NULL || !begin(l)) {
		saved = errno;
		ledger_close(l);
		errno = saved;
		return NULL;
	}
	return l;
}

void
ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	if (l->fd >= 0)
		close(l->fd);
	buf_release(&l->line);
	free(l->path);
	free(l->old);
	free(l);
}

/* Whether path still is what is open; st is what it is. */
static bool
ours(const struct ledger *l, struct stat *st)
{
	return lstat(l->path, st) == 0 && st->st_dev == l->dev &&
	    st->st_ino == l->ino;
}

/*
 * Of several processes that see a full file one moves it.  The lock is on
 * the file itself: who gets it later finds another under the name.  Who does
 * not get it writes on, and looks again the next time.
 */
static bool
turn_over(struct ledger *l)
{
	struct stat st;
	bool good;

	if (flock(l->fd, LOCK_EX | LOCK_NB) < 0)
		return true;
	good = !ours(l, &st) || rename(l->path, l->old) == 0;
	flock(l->fd, LOCK_UN);
	return good && begin(l);
}

/*
 * One look by name for each line tells all that may have happened since the
 * last: grown beyond the ceiling by anybody, moved, removed.  It costs a
 * microsecond, where a request costs some hundred milliseconds.
 */
static bool
ready(struct ledger *l)
{
	struct stat st;

	if (!ours(l, &st))
		return begin(l);
	return st.st_size < LEDGER_MAX || turn_over(l);
}

/* One write, whole or not: O_APPEND keeps it from mixing with others. */
static bool
append(struct ledger *l)
{
	ssize_t n;

	do
		n = write(l->fd, l->line.p, l->line.len);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)l->line.len) {
		l->torn = false;
		return true;
	}
	l->torn = l->torn || n > 0;
	return false;
}

void
ledger_write(struct ledger *l, const struct ledger_line *e)
{
	if (!ready(l)) {
		l->lost++;
		return;
	}
	buf_reset(&l->line);
	/* What a full disk left of the line before ends here. */
	if (l->torn)
		buf_addc(&l->line, '\n');
	ledger_format(e, &l->line);
	if (buf_err(&l->line) || !append(l))
		l->lost++;
}

uint64_t
ledger_lost(const struct ledger *l)
{
	return l->lost;
}
