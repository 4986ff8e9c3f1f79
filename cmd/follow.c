/*
 * follow - a log shown as it is written
 *
 * What the lines are is for lib/log_follow.c; here are the descriptors, the
 * signals and the pauses.
 */
#include "compat.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "ccr.h"
#include "common.h"
#include "follow.h"
#include "io.h"
#include "log_follow.h"
#include "msg.h"

#define PAUSE_MS	200	/* then an event is over */
#define QUIET_MS	2000	/* then it is said what was left out */

struct follow {
	struct log_follow	 f;
	struct store_place	 store;
	struct ccr		*ccr;
	struct mark_id		 id;
	bool			 unkept;
	char			 why[256];
};

static volatile sig_atomic_t stopped;

static void
stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Signals are let in only while there is nothing to do. */
static void
catch_signals(sigset_t *open)
{
	struct sigaction sa = { .sa_handler = stop };
	sigset_t block;

	sigemptyset(&sa.sa_mask);
	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &block, open) < 0 ||
	    sigaction(SIGINT, &sa, NULL) < 0 ||
	    sigaction(SIGTERM, &sa, NULL) < 0)
		msg_die("cannot catch signals:");
	sigdelset(open, SIGINT);
	sigdelset(open, SIGTERM);
}

/* For log_follow: put a piece into the store. */
static bool
keep(void *arg, struct span piece, struct mark_ref *ref)
{
	struct follow *w = arg;

	if (w->unkept)
		return true;
	if (w->ccr == NULL && ccr_open(&w->ccr, w->store.path, w->why,
	    sizeof(w->why)) != CCR_OK)
		return false;
	if (ccr_put(w->ccr, piece, &w->id) != CCR_OK) {
		snprintf(w->why, sizeof(w->why), "%s", ccr_error(w->ccr));
		return false;
	}
	ref->id = &w->id;
	ref->store = w->store.named ? w->store.path : NULL;
	return true;
}

static void
write_out(struct follow *w)
{
	struct buf *out = &w->f.out;

	if (log_follow_err(&w->f) != 0)
		msg_die("out of memory");
	if (io_write(STDOUT_FILENO, out->p, out->len) < 0)
		msg_die("cannot write standard output:");
	buf_reset(out);
	if (w->f.failed && w->why[0] != '\0') {
		msg_warn("nothing is left out any more: %s", w->why);
		w->why[0] = '\0';
	}
}

/* Wait for input: 1, 0 where none came for so long, -1 at a signal. */
static int
wait_input(int ms, const sigset_t *open)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec t = { .tv_sec = ms / 1000,
	    .tv_nsec = ms % 1000 * 1000000L };
	int n = stopped ? -1 : ppoll(&p, 1, ms < 0 ? NULL : &t, open);

	if (n < 0 && !stopped && errno != EINTR)
		msg_die("cannot wait for input:");
	return stopped ? -1 : n < 0 ? 0 : n;
}

static void
follow(struct follow *w, const sigset_t *open)
{
	static char bytes[64 << 10];
	int ms = -1, ready;
	ssize_t n;

	while ((ready = wait_input(ms, open)) >= 0) {
		if (ready == 0) {
			if (ms == PAUSE_MS)
				ms = log_follow_pause(&w->f) ? QUIET_MS : -1;
			else {
				log_follow_quiet(&w->f);
				ms = -1;
			}
			write_out(w);
			continue;
		}
		n = io_read(STDIN_FILENO, bytes, sizeof(bytes));
		if (n < 0)
			msg_die("cannot read standard input:");
		if (n == 0)
			break;
		log_follow_feed(&w->f, span_of(bytes, (size_t)n));
		write_out(w);
		ms = PAUSE_MS;
	}
	log_follow_end(&w->f);
	write_out(w);
}

int
follow_run(const struct filter_args *a)
{
	static struct follow w = { .f = LOG_FOLLOW_INIT };
	bool asked = a->level != FILTER_LEVEL_UNSET;
	enum squash_level level = asked ? (enum squash_level)a->level :
	    SQUASH_BALANCED;
	sigset_t open;

	if (a->budget > 0)
		msg_usage("--follow has no --budget");
	store_find(&w.store, a->store, a->no_store);
	w.unkept = a->no_store && asked;
	w.f.keep = keep;
	w.f.arg = &w;
	w.f.all = level < SQUASH_BALANCED || (w.store.none && !w.unkept);
	w.f.depth = level == SQUASH_TIGHT ? LOG_MASK_DEEP : LOG_MASK;
	if (a->query != NULL && log_query_open(&w.f.query, span_z(a->query)))
		log_query_choose(&w.f.query, 0);
	catch_signals(&open);
	follow(&w, &open);
	ccr_close(w.ccr);
	log_follow_release(&w.f);
	return msg_finish(HR_EXIT_OK);
}
