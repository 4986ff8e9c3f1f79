/*
 * run_child - how a command begins and ends
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"
#include "run.h"

/* Those that the command is to get, and those that we must know of. */
static const int passed[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT,
	SIGWINCH, SIGCHLD,
};

void
run_remember(struct run *r)
{
	sigprocmask(SIG_SETMASK, NULL, &r->mask);
	sigaction(SIGPIPE, NULL, &r->on_pipe);
	sigaction(SIGCHLD, NULL, &r->on_child);
}

/* Signals become something to read. */
static int
catch_signals(struct run *r)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < HR_LEN(passed); i++)
		sigaddset(&set, passed[i]);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC);
	/* Else we would stop when we put a terminal back from behind. */
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGCHLD, SIG_DFL);	/* ignored, there is no status */
	signal(SIGPIPE, SIG_IGN);
	return r->signals;
}

static bool
is_same(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool
is_null(int fd)
{
	struct stat x, y;

	return fstat(fd, &x) == 0 && S_ISCHR(x.st_mode) &&
	    stat("/dev/null", &y) == 0 && S_ISCHR(y.st_mode) &&
	    x.st_rdev == y.st_rdev;
}

/*
 * Whether our standard output or error stays the command's: a terminal that
 * is to show it live, and what keeps nothing, of which no original is to be
 * kept either.
 */
static bool
is_left(const struct run *r, int fd)
{
	if (isatty(fd))
		return fd == STDERR_FILENO || r->tty.fd >= 0;
	return is_null(fd);
}

/* A pipe for what is printed there; *to is the command's side. */
static int
open_pipe(struct run_stream *s, int *to)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	s->from = fd[0];
	*to = fd[1];
	return 0;
}

static int
open_terminal(struct run *r, int fd[3])
{
	int slave;

	if (run_tty_pty(&r->tty, &r->stream[0].from, &slave) < 0)
		return -1;
	fd[STDOUT_FILENO] = slave;
	if (isatty(STDIN_FILENO))
		fd[STDIN_FILENO] = slave;
	if (isatty(STDERR_FILENO))
		fd[STDERR_FILENO] = slave;
	r->stream[0].shown = r->tty.fd >= 0 && isatty(STDOUT_FILENO);
	return 0;
}

/* What the command gets for our descriptors 0 to 2; -1: the same. */
static int
open_streams(struct run *r, int fd[3])
{
	if (r->live)
		run_tty_open(&r->tty);
	if (r->pty) {
		if (open_terminal(r, fd) < 0)
			return -1;
	} else if (!is_left(r, STDOUT_FILENO) &&
	    open_pipe(&r->stream[0], &fd[STDOUT_FILENO]) < 0) {
		return -1;
	}
	if (is_same(STDOUT_FILENO, STDERR_FILENO))
		fd[STDERR_FILENO] = fd[STDOUT_FILENO];
	else if (!is_left(r, STDERR_FILENO) &&
	    open_pipe(&r->stream[1], &fd[STDERR_FILENO]) < 0)
		return -1;
	return 0;
}

/* In the child; does not return. */
HR_NORETURN static void
become(const struct run *r, const int fd[3], int report)
{
	int i, error;

	for (i = 0; i < 3; i++)
		if (fd[i] >= 0 && dup2(fd[i], i) < 0)
			goto fail;
	if (r->pty && run_tty_own(STDOUT_FILENO) < 0)
		goto fail;
	sigaction(SIGPIPE, &r->on_pipe, NULL);
	sigaction(SIGCHLD, &r->on_child, NULL);
	sigprocmask(SIG_SETMASK, &r->mask, NULL);
	execvp(r->argv[0], r->argv);
fail:
	error = errno;
	_exit(io_write(report, &error, sizeof(error)) < 0 ? HR_EXIT_FAIL :
	    RUN_NOT_RUN);
}

/* What became of become(): 0, or an exit status with errno. */
static int
started(struct run *r, int report)
{
	int error;

	if (io_read(report, &error, sizeof(error)) != sizeof(error))
		return HR_EXIT_OK;
	while (waitpid(r->pid, &r->status, 0) < 0 && errno == EINTR)
		;
	errno = error;
	return error == ENOENT || error == ENOTDIR ? RUN_NOT_FOUND :
	    RUN_NOT_RUN;
}

int
run_start(struct run *r)
{
	int fd[3] = { -1, -1, -1 }, report[2], i, rc;

	for (i = 0; i < RUN_STREAMS; i++)
		r->stream[i].held.max = r->max;
	if (open_streams(r, fd) < 0 || pipe2(report, O_CLOEXEC) < 0 ||
	    catch_signals(r) < 0)
		return HR_EXIT_FAIL;
	r->pid = fork();
	if (r->pid < 0)
		return HR_EXIT_FAIL;
	if (r->pid == 0)
		become(r, fd, report[1]);
	close(report[1]);
	for (i = 0; i < 3; i++)
		if (fd[i] >= 0 && (i == 0 || fd[i] != fd[i - 1]))
			close(fd[i]);
	rc = started(r, report[0]);
	close(report[0]);
	return rc;
}

/* As cat(1), and holding nothing else. */
HR_NORETURN static void
serve(const struct run_stream *s)
{
	if (dup2(s->from, STDIN_FILENO) < 0 || dup2(s->to, STDOUT_FILENO) < 0)
		_exit(HR_EXIT_FAIL);
	closefrom(STDERR_FILENO);
	_exit(io_copy(STDIN_FILENO, STDOUT_FILENO) < 0 ? HR_EXIT_FAIL :
	    HR_EXIT_OK);
}

void
run_leave(struct run *r)
{
	struct run_stream *s;
	pid_t pid;

	for (s = r->stream; s < r->stream + RUN_STREAMS; s++) {
		buf_release(&s->held);
		if (s->from < 0)
			continue;
		pid = fork();
		if (pid == 0)
			serve(s);
		if (pid < 0)
			msg_warn("cannot pass on what is printed later:");
		close(s->from);
		s->from = -1;
	}
}

/* The same end as the command's, but for a core file of ours. */
static void
die_by(int sig)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	(void)setrlimit(RLIMIT_CORE, &none);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}

int
run_end(const struct run *r, enum hr_exit own)
{
	int status = msg_finish(own);

	if (WIFEXITED(r->status))
		return WEXITSTATUS(r->status) != 0 ? WEXITSTATUS(r->status) :
		    status;
	/* It broke a pipe because we could not write: that was told. */
	if (status != HR_EXIT_OK && WTERMSIG(r->status) == SIGPIPE)
		return status;
	die_by(WTERMSIG(r->status));
	return 128 + WTERMSIG(r->status);
}
