/*
 * run.h - a command, and what it prints in our hands
 *
 *	struct run r = RUN_INIT;
 *
 *	run_remember(&r);		// first of all in main
 *	...
 *	r.argv = argv + 1;
 *	status = run_start(&r);
 *	if (status != 0)
 *		...			// errno says why
 *	run_wait(&r);
 *	... r.stream[0].held		// what belongs to standard output
 *	run_leave(&r);
 *	return run_end(&r, HR_EXIT_OK);
 *
 * The command gets its arguments, environment, standard input, signals that
 * are ignored and open files as we got them.  Where we have standard output
 * and error from one file, it has too, and what it prints is one stream, in
 * order; a standard error that is a terminal of its own stays the command's.
 * All else comes through pipes, or a terminal made for the command, and is
 * held up to a ceiling; beyond that it passes at once.
 *
 * Signals that we get go to the command, and we wait for its end, then take
 * what stands in the pipes.  What still holds them may print later:
 * run_leave() sees to that.
 */
#ifndef HR_RUN_H
#define HR_RUN_H

#include "compat.h"

#include <limits.h>
#include <signal.h>
#include <sys/types.h>

#include "buf.h"
#include "msg.h"
#include "run_tty.h"
#include "span.h"

#define RUN_STREAMS	2

enum {	/* exit status, beside enum hr_exit */
	RUN_NOT_RUN = 126,
	RUN_NOT_FOUND = 127
};

struct run_stream {
	int		 from;		/* what is printed, or -1 */
	int		 to;		/* where it belongs */
	bool		 shown;		/* the terminal has it: that is all */
	bool		 passing;	/* too large to be held */
	int		 error;		/* errno of to, once it failed */
	struct buf	 held;
	struct span	 rest;		/* not yet written when passing */
	char		 piece[PIPE_BUF];	/* of what passes */
};

struct run {
	/* in */
	char *const	*argv;
	bool		 pty;		/* in a terminal of its own */
	bool		 live;		/* the user's terminal shows it, too */
	size_t		 max;		/* bytes to hold of a stream */

	/* out */
	struct run_stream stream[RUN_STREAMS];

	/* within */
	struct run_tty	 tty;
	pid_t		 pid;
	bool		 ended;
	int		 status;	/* as waitpid() has it */
	int		 signals;	/* a descriptor */
	sigset_t	 mask;		/* these three as they were */
	struct sigaction on_pipe, on_child;
};

#define RUN_STREAM_INIT(to)	{ .from = -1, (to), .held = BUF_INIT }
#define RUN_INIT {							\
	.stream = { RUN_STREAM_INIT(1), RUN_STREAM_INIT(2) },		\
	.tty = { .fd = -1 }, .signals = -1 }

/* What the command is to get as we got it. */
void	run_remember(struct run *r);

/*
 * Start the command.  If that fails, errno and the exit status for it: that of
 * env(1) if it was the command's fault, else HR_EXIT_FAIL.
 */
int	run_start(struct run *r) HR_MUST_USE;

/* Until the command has ended. */
void	run_wait(struct run *r);

/*
 * Whatever still has a pipe of ours open is served by a process that stays
 * behind for it; with its own terminal it is hung up.
 */
void	run_leave(struct run *r);

/*
 * At the end: the exit status of the command, or `own' if that is 0.  If a
 * signal ended the command it ends us too.
 */
int	run_end(const struct run *r, enum hr_exit own) HR_MUST_USE;

#endif
