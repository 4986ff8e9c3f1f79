/*
 * msg.h - what a command says on standard error, and how it ends
 *
 * For cmd/ only; the library never prints.  Messages read
 *
 *	hr-count: cannot open 'x': No such file or directory
 *
 * lower case, no full stop, the subject in single quotes.  A format that
 * ends in ':' has strerror(errno) put behind it.  Control bytes in what is
 * printed are masked with '?', and each message is one write.
 */
#ifndef HR_MSG_H
#define HR_MSG_H

#include "compat.h"

enum hr_exit {
	HR_EXIT_OK = 0,		/* done, also when input passed through */
	HR_EXIT_FAIL = 1,	/* could not be done */
	HR_EXIT_USAGE = 2	/* called wrongly */
};

/*
 * First call of main: takes the program's name from argv[0], makes sure that
 * descriptors 0 to 2 are open, so that no file ever gets their numbers, and
 * lets SIGPIPE end the program, in silence, though the parent ignored it.
 */
void	 msg_init(const char *argv0);
const char *msg_prog(void);

void	 msg_warn(const char *fmt, ...) HR_PRINTF(1, 2);
HR_NORETURN void msg_die(const char *fmt, ...) HR_PRINTF(1, 2);

/* A message, then where to look for help; exit 2. */
HR_NORETURN void msg_usage(const char *fmt, ...) HR_PRINTF(1, 2);

/*
 * Write now what stdio holds for standard output, for who has more to do
 * afterwards.  False if that failed; msg_finish() will say why.
 */
bool	 msg_flush(void) HR_MUST_USE;

/*
 * Last call of main: `return msg_finish(status);`.  Closes standard output
 * and turns a failed or late write error into exit 1.
 */
int	 msg_finish(enum hr_exit status) HR_MUST_USE;

#endif
