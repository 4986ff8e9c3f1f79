/*
 * run_tty.h - the user's terminal, and one for the command
 *
 * While a command has a terminal of its own, the user's passes each key on and
 * shows each byte: it is raw.  It is so only while we are in its foreground,
 * and must be put back before we stop or end.
 */
#ifndef HR_RUN_TTY_H
#define HR_RUN_TTY_H

#include "compat.h"

#include <termios.h>

#define RUN_KEYS	256	/* read at once, typed or pasted */

struct run_tty {
	int		 fd;		/* -1: there is none */
	bool		 gone;		/* it was hung up */
	bool		 raw;
	struct termios	 was;		/* before it was raw */
	char		 keys[RUN_KEYS];	/* typed, not yet passed on */
	size_t		 nkeys;
};

/* The terminal from which we were started, if any. */
void	run_tty_open(struct run_tty *t);

/* Make it raw if we are in its foreground; the same from the other side. */
void	run_tty_raw(struct run_tty *t);
void	run_tty_restore(struct run_tty *t);

/*
 * A new terminal with the modes and the size of t, or 80 by 24: the command's
 * side is the slave.  0, or -1 with errno.
 */
int	run_tty_pty(const struct run_tty *t, int *master, int *slave)
	    HR_MUST_USE;

/* In the child: make it the terminal of a new session.  0 or -1. */
int	run_tty_own(int slave) HR_MUST_USE;

void	run_tty_resize(const struct run_tty *t, int master);

/* Write there what came from a terminal, or a pipe. */
void	run_tty_show(struct run_tty *t, const char *p, size_t n);

/* Read keys, and pass on what master takes without waiting. */
void	run_tty_read(struct run_tty *t);
void	run_tty_type(struct run_tty *t, int master);

#endif
