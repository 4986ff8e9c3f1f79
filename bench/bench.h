/*
 * bench.h - two ways of doing one thing, measured in turn
 *
 * A machine is slow at one moment and fast at the next.  Two sides that are
 * measured in turn, many rounds, meet the same moments: what counts is the
 * median of the rounds' ratios.  The figures beside it are medians too, but
 * only an orientation.
 *
 *	struct bench ours = BENCH_INIT, peer = BENCH_INIT;
 *
 *	bench_head("json", "libjq");
 *	while (ours.n < ROUNDS) {
 *		bench_add(&ours, seconds_of_ours());
 *		bench_add(&peer, seconds_of_peer());
 *	}
 *	bench_line("records", BENCH_MB_S, bytes, &ours, &peer);
 *
 * prints
 *
 *	json                             ours      libjq      ratio
 *	records              MB/s        1474       53.9       27.5
 *
 * The ratio is ours by the peer's in the unit of the line, so that more is
 * better for a speed and less for a time.  A peer that is not there is "-".
 *
 * For the programs in bench/ alone: what cannot go on prints why and exits.
 */
#ifndef HR_BENCH_H
#define HR_BENCH_H

#include "compat.h"

#define BENCH_MAX	64	/* rounds; an odd number has a median */

/* The seconds of one side, one figure a round, in the order measured. */
struct bench {
	double		t[BENCH_MAX];
	unsigned	n;
};

#define BENCH_INIT	{ .n = 0 }

enum bench_unit {
	BENCH_MB_S,	/* work is bytes a round; 10^6 bytes a second */
	BENCH_US	/* work is operations a round; microseconds each */
};

/*
 * Clocks, in seconds.  CPU time, of this thread, is for what only computes:
 * who else runs does not count.  Elapsed time is for what may wait.
 */
double	 bench_cpu(void);
double	 bench_elapsed(void);

void	 bench_add(struct bench *b, double seconds);
double	 bench_median(const struct bench *b);

/* Stay on the processor this runs on, and so do programs it starts. */
void	 bench_pin(void);

/*
 * Output: a head, then a line a case.  Both sides have the same number of
 * rounds; peer may be NULL or empty where there is none.
 */
void	 bench_head(const char *title, const char *peer);
void	 bench_line(const char *name, enum bench_unit unit, double work,
	    const struct bench *ours, const struct bench *peer);

/* A line of two figures that are not seconds; peer < 0: there is none. */
void	 bench_figures(const char *name, const char *unit, double ours,
	    double peer);

/* A line that says why there are no figures: "not there". */
void	 bench_note(const char *name, const char *why);

/* The seconds of a program from before its start to after its end. */
struct bench_run {
	double	elapsed;
	double	cpu;	/* user and system */
	double	peak;	/* bytes resident; at least what the caller has */
};

/*
 * Run argv[0], found by PATH if it has no slash, with these descriptors as
 * standard input and output.  0, or -1 with errno if it does not start
 * (ENOENT: not there), or its exit status, or 128 and the signal.
 */
int	 bench_spawn(char *const argv[], int in, int out, struct bench_run *r)
	    HR_MUST_USE;

/*
 * The path of a command of this build: in dir or, where that is NULL, in the
 * folder above the running program's.  False if there is no such command.
 */
bool	 bench_command(const char *dir, const char *name, char *out,
	    size_t size) HR_MUST_USE;

HR_NORETURN void bench_die(const char *fmt, ...) HR_PRINTF(1, 2);

#endif
