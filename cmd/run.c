/*
 * run - what a command prints, until it ends
 *
 * One loop waits for all: output, keys, readers that leave, signals.  Nothing
 * else in it waits, but for a terminal that its user has stopped, so that a
 * signal is always passed on.
 */
#include "compat.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"
#include "run.h"

#define CHUNK		((size_t)64 << 10)	/* what a pipe holds on Linux */
#define QUIET_MS	20	/* a terminal whose command has ended */
#define TAIL_MAX	64	/* chunks of it */

enum {	/* what is waited for */
	AT_SIGNALS,
	AT_KEYS,
	AT_FROM,
	AT_TO = AT_FROM + RUN_STREAMS,
	WATCHED = AT_TO + RUN_STREAMS
};

static void
end_stream(struct run_stream *s)
{
	close(s->from);
	s->from = -1;
}

/* Nobody takes it: the command is to notice, as it would have. */
static void
fail(struct run_stream *s, int error)
{
	if (s->from >= 0)
		end_stream(s);
	buf_release(&s->held);
	s->rest.n = 0;
	s->error = error;
}

/* Where to read to: what is held grows, what passes is over soon. */
static char *
room(struct run_stream *s, size_t *n)
{
	char *p;

	*n = sizeof(s->piece);
	if (s->shown || s->passing) {
		buf_release(&s->held);
		return s->piece;
	}
	*n = CHUNK;
	p = buf_reserve(&s->held, CHUNK);
	if (p != NULL)
		return p;
	s->passing = true;
	s->rest = buf_span(&s->held);
	return NULL;
}

/* How much was taken, at most a chunk. */
static size_t
take(struct run *r, struct run_stream *s)
{
	size_t size;
	char *p = room(s, &size);
	ssize_t n;

	if (p == NULL)
		return 0;
	n = read(s->from, p, size);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0) {	/* a terminal says EIO at its end */
		end_stream(s);
		return 0;
	}
	/* Its own terminal alone writes lines as a raw one needs them. */
	if (r->tty.fd >= 0 && !r->tty.gone && (s == r->stream || !r->pty))
		run_tty_show(&r->tty, p, (size_t)n);
	if (s->passing)
		s->rest = span_of(p, (size_t)n);
	else if (!s->shown)
		buf_commit(&s->held, (size_t)n);
	return (size_t)n;
}

/* A piece that a pipe takes at once. */
static void
give(struct run_stream *s)
{
	ssize_t n = write(s->to, s->rest.p, s->rest.n < sizeof(s->piece) ?
	    s->rest.n : sizeof(s->piece));

	if (n >= 0)
		s->rest = span_skip(s->rest, (size_t)n);
	else if (errno != EINTR && errno != EAGAIN)
		fail(s, errno);
}

/* All of it. */
static void
give_all(struct run_stream *s)
{
	if (io_write(s->to, s->rest.p, s->rest.n) < 0)
		fail(s, errno);
	s->rest.n = 0;
}

static void
watch_stream(const struct run *r, const struct run_stream *s,
    struct pollfd *from, struct pollfd *to)
{
	from->fd = s->rest.n == 0 ? s->from : -1;
	from->events = POLLIN;
	if (r->pty && s == r->stream && r->tty.nkeys > 0)
		from->events |= POLLOUT;
	/* That a reader left is told unasked. */
	to->events = s->rest.n > 0 ? POLLOUT : 0;
	to->fd = !s->shown && (s->from >= 0 || s->rest.n > 0) ? s->to : -1;
}

static void
watch(const struct run *r, struct pollfd p[WATCHED])
{
	int i;

	memset(p, 0, WATCHED * sizeof(*p));
	p[AT_SIGNALS].fd = r->signals;
	p[AT_SIGNALS].events = POLLIN;
	p[AT_KEYS].fd = r->tty.raw && !r->tty.gone && r->tty.nkeys == 0 &&
	    r->stream[0].from >= 0 ? r->tty.fd : -1;
	p[AT_KEYS].events = POLLIN;
	for (i = 0; i < RUN_STREAMS; i++)
		watch_stream(r, &r->stream[i], &p[AT_FROM + i], &p[AT_TO + i]);
}

static void
move(struct run *r, struct run_stream *s, short from, short to)
{
	if (from & POLLOUT)
		run_tty_type(&r->tty, s->from);
	if (from & (POLLIN | POLLHUP | POLLERR))
		(void)take(r, s);
	if (to & POLLOUT)
		give(s);
	else if (to & (POLLERR | POLLHUP))
		fail(s, EPIPE);
}

/* Stop, too; we go on here when we are continued. */
static void
stop(struct run *r, int sig)
{
	sigset_t s;

	run_tty_restore(&r->tty);
	sigemptyset(&s);
	sigaddset(&s, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &s, NULL);
	sigprocmask(SIG_BLOCK, &s, NULL);
}

/* The command has ended, or was stopped. */
static void
on_child(struct run *r)
{
	if (waitpid(r->pid, &r->status, WNOHANG | WUNTRACED) != r->pid)
		return;
	if (!WIFSTOPPED(r->status))
		r->ended = true;
	/* By SIGSTOP it is held by one who knows it, and perhaps not us. */
	else if (WSTOPSIG(r->status) != SIGSTOP)
		stop(r, WSTOPSIG(r->status));
}

static void
on_signal(struct run *r)
{
	struct signalfd_siginfo si;
	bool had;

	if (read(r->signals, &si, sizeof(si)) != sizeof(si))
		return;
	/*
	 * What was typed has reached the command, too; what it sent to its
	 * process group it meant for others.  Some act on a second one.
	 */
	had = (!r->pty && si.ssi_code == SI_KERNEL &&
	    si.ssi_signo != SIGHUP) || si.ssi_pid == (uint32_t)r->pid;
	switch (si.ssi_signo) {
	case SIGCHLD:
		on_child(r);
		return;
	case SIGWINCH:
		run_tty_resize(&r->tty, r->pty ? r->stream[0].from : -1);
		return;
	case SIGTSTP:
		if (!r->pty)
			break;
		/* In a session without a shell nothing else stops. */
		kill(r->pid, SIGSTOP);
		stop(r, SIGTSTP);
		return;
	case SIGCONT:
		kill(r->pid, SIGCONT);
		if (r->pty)
			run_tty_raw(&r->tty);
		return;
	default:
		break;
	}
	if (!had)
		kill(r->pid, (int)si.ssi_signo);
}

/*
 * What stood in the pipe when the command ended, and the end of file.  Others
 * who have it open may print for ever.
 */
static void
drain(struct run *r, struct run_stream *s)
{
	struct pollfd p = { .fd = s->from, .events = POLLIN };
	int there = 0;
	ssize_t left;

	give_all(s);
	if (s->from < 0 || ioctl(s->from, FIONREAD, &there) < 0)
		return;
	left = there;
	while (s->from >= 0 && poll(&p, 1, 0) > 0 &&
	    (left > 0 || p.revents & POLLHUP)) {
		left -= (ssize_t)take(r, s);
		give_all(s);
	}
}

/* A terminal passes on what it got a little later. */
static void
drain_pty(struct run *r, struct run_stream *s)
{
	struct pollfd p = { .fd = s->from, .events = POLLIN };
	int i;

	give_all(s);
	for (i = 0; i < TAIL_MAX && s->from >= 0 &&
	    poll(&p, 1, QUIET_MS) > 0; i++) {
		(void)take(r, s);
		give_all(s);
	}
	if (s->from >= 0)
		end_stream(s);
}

void
run_wait(struct run *r)
{
	struct pollfd p[WATCHED];
	int i;

	if (r->pty)
		run_tty_raw(&r->tty);
	while (!r->ended) {
		watch(r, p);
		if (poll(p, WATCHED, -1) < 0)
			continue;
		if (p[AT_KEYS].revents != 0)
			run_tty_read(&r->tty);
		for (i = 0; i < RUN_STREAMS; i++)
			move(r, &r->stream[i], p[AT_FROM + i].revents,
			    p[AT_TO + i].revents);
		if (p[AT_SIGNALS].revents != 0)
			on_signal(r);
	}
	/* From here on a signal is for us, however long a reader takes. */
	run_tty_restore(&r->tty);
	close(r->signals);
	sigprocmask(SIG_SETMASK, &r->mask, NULL);
	for (i = 0; i < RUN_STREAMS; i++) {
		if (r->pty && i == 0)
			drain_pty(r, &r->stream[i]);
		else
			drain(r, &r->stream[i]);
	}
	signal(SIGPIPE, SIG_DFL);
}
