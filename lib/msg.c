/*
 * msg - messages and exit status of a command
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include "io.h"
#include "msg.h"

#define LINE_LEN	1024	/* a longer message is cut */

static const char *prog = "hr";
static int flush_errno;	/* of the flush that failed first */

void
msg_init(const char *argv0)
{
	const char *slash;
	int fd;

	if (argv0 != NULL) {
		slash = strrchr(argv0, '/');
		prog = slash != NULL ? slash + 1 : argv0;
	}
	/*
	 * A closed descriptor is opened the wrong way round, so that using it
	 * fails as it would have, but no later open() can take its place.
	 */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
		    O_RDONLY) != fd)
			_exit(HR_EXIT_FAIL);
	/*
	 * Started by a program that ignores it, each command in a pipe whose
	 * reader left would otherwise go on, or complain.
	 */
	signal(SIGPIPE, SIG_DFL);
}

const char *
msg_prog(void)
{
	return prog;
}

static void HR_PRINTF(2, 0)
say(int errnum, const char *fmt, va_list ap)
{
	char line[LINE_LEN];
	size_t n, len = strlen(fmt);
	int k;

	n = (size_t)snprintf(line, sizeof(line) - 1, "%s: ", prog);
	if (n < sizeof(line) - 1) {
		k = vsnprintf(line + n, sizeof(line) - 1 - n, fmt, ap);
		n += k < 0 ? 0 : (size_t)k;
	}
	if (len > 0 && fmt[len - 1] == ':' && n < sizeof(line) - 1) {
		k = snprintf(line + n, sizeof(line) - 1 - n, " %s",
		    strerror(errnum));
		n += k < 0 ? 0 : (size_t)k;
	}
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	for (len = 0; len < n; len++)
		if ((unsigned char)line[len] < 0x20 || line[len] == 0x7F)
			line[len] = '?';
	line[n++] = '\n';
	/* If standard error is gone there is nobody left to tell. */
	if (io_write(STDERR_FILENO, line, n) < 0)
		return;
}

void
msg_warn(const char *fmt, ...)
{
	int errnum = errno;
	va_list ap;

	va_start(ap, fmt);
	say(errnum, fmt, ap);
	va_end(ap);
}

void
msg_die(const char *fmt, ...)
{
	int errnum = errno;
	va_list ap;

	va_start(ap, fmt);
	say(errnum, fmt, ap);
	va_end(ap);
	exit(HR_EXIT_FAIL);
}

void
msg_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(0, fmt, ap);
	va_end(ap);
	msg_warn("try '%s -h'", prog);
	exit(HR_EXIT_USAGE);
}

bool
msg_flush(void)
{
	if (fflush(stdout) == 0)
		return true;
	if (flush_errno == 0)
		flush_errno = errno;
	return false;
}

int
msg_finish(enum hr_exit status)
{
	bool early = ferror(stdout) != 0;
	bool bad = !msg_flush();

	/*
	 * A descriptor that was never open counts only if something was
	 * written to it, which the flush has seen then.
	 */
	if (!bad && fclose(stdout) != 0 && errno != EBADF) {
		bad = true;
		flush_errno = errno;
	}
	if (!bad && !early)
		return (int)status;
	errno = flush_errno;
	if (errno == 0)	/* a write failed long ago; nobody knows why */
		msg_warn("cannot write standard output");
	else if (errno != EPIPE)
		msg_warn("cannot write standard output:");
	return HR_EXIT_FAIL;
}
