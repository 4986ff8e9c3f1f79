/*
 * run_tty - terminals, the user's and the command's
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io.h"
#include "run_tty.h"

#define COLUMNS		80	/* where there is no terminal to ask */
#define ROWS		24

void
run_tty_open(struct run_tty *t)
{
	t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
}

void
run_tty_raw(struct run_tty *t)
{
	struct termios raw;

	if (t->raw || t->fd < 0 || tcgetpgrp(t->fd) != getpgrp() ||
	    tcgetattr(t->fd, &t->was) < 0)
		return;
	raw = t->was;
	cfmakeraw(&raw);
	t->raw = tcsetattr(t->fd, TCSADRAIN, &raw) == 0;
}

void
run_tty_restore(struct run_tty *t)
{
	if (t->raw)
		(void)tcsetattr(t->fd, TCSADRAIN, &t->was);
	t->raw = false;
}

/* Both sides of a new terminal. */
static int
open_pair(int *master, int *slave)
{
	char name[PATH_MAX];

	*slave = -1;
	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master < 0)
		return -1;
	if (grantpt(*master) < 0 || unlockpt(*master) < 0 ||
	    ptsname_r(*master, name, sizeof(name)) != 0)
		return -1;
	*slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	/* A command that reads no keys must not make us wait. */
	if (*slave < 0 || fcntl(*master, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return -1;
	return 0;
}

int
run_tty_pty(const struct run_tty *t, int *master, int *slave)
{
	struct winsize size = { .ws_row = ROWS, .ws_col = COLUMNS };
	struct termios modes;

	if (open_pair(master, slave) < 0)
		return -1;
	if (t->fd >= 0 && tcgetattr(t->fd, &modes) == 0)
		(void)tcsetattr(*slave, TCSANOW, &modes);
	if (t->fd >= 0)
		(void)ioctl(t->fd, TIOCGWINSZ, &size);
	(void)ioctl(*master, TIOCSWINSZ, &size);
	return 0;
}

int
run_tty_own(int slave)
{
	return setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0 ? -1 : 0;
}

void
run_tty_resize(const struct run_tty *t, int master)
{
	struct winsize size;

	if (t->fd >= 0 && master >= 0 && ioctl(t->fd, TIOCGWINSZ, &size) == 0)
		(void)ioctl(master, TIOCSWINSZ, &size);
}

/* Unless it is raw it puts the CR before each LF by itself. */
void
run_tty_show(struct run_tty *t, const char *p, size_t n)
{
	size_t i, from = 0;
	int rc = 0;

	for (i = 0; !t->raw && i + 1 < n && rc == 0; i++)
		if (p[i] == '\r' && p[i + 1] == '\n') {
			rc = io_write(t->fd, p + from, i - from);
			from = i + 1;
		}
	if (rc < 0 || io_write(t->fd, p + from, n - from) < 0)
		t->gone = true;
}

void
run_tty_read(struct run_tty *t)
{
	ssize_t n = read(t->fd, t->keys, sizeof(t->keys));

	if (n > 0)
		t->nkeys = (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		t->gone = true;
}

void
run_tty_type(struct run_tty *t, int master)
{
	ssize_t n = write(master, t->keys, t->nkeys);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0)
		n = (ssize_t)t->nkeys;	/* nobody will read them */
	t->nkeys -= (size_t)n;
	memmove(t->keys, t->keys + n, t->nkeys);
}
