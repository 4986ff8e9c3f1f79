/*
 * bench - two ways of doing one thing, measured in turn
 */
#include "compat.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "io.h"

static double
seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double
bench_cpu(void)
{
	return seconds(CLOCK_THREAD_CPUTIME_ID);
}

double
bench_elapsed(void)
{
	return seconds(CLOCK_MONOTONIC);
}

void
bench_die(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("bench: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void
bench_add(struct bench *b, double s)
{
	if (b->n == BENCH_MAX)
		bench_die("more than %d rounds", BENCH_MAX);
	b->t[b->n++] = s;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(const struct bench *b)
{
	struct bench sorted = *b;

	if (b->n == 0)
		return 0;
	qsort(sorted.t, sorted.n, sizeof(sorted.t[0]), compare);
	return sorted.t[sorted.n / 2];
}

/* Of the rounds' ratios: a moment that was slow for both does no harm. */
static double
median_ratio(const struct bench *over, const struct bench *under)
{
	struct bench r = BENCH_INIT;
	unsigned i;

	if (over->n != under->n)
		bench_die("%u rounds of one, %u of the other", over->n,
		    under->n);
	for (i = 0; i < over->n; i++)
		bench_add(&r, over->t[i] / under->t[i]);
	return bench_median(&r);
}

void
bench_pin(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	/* Where it is not allowed the figures are only less steady. */
	(void)sched_setaffinity(0, sizeof(set), &set);
}

/* Three digits, or "-". */
static void
put_figure(double v)
{
	if (v < 0)
		printf(" %10s", "-");
	else
		printf(" %10.*f", v < 10 ? 2 : v < 100 ? 1 : 0, v);
}

static void
put_line(const char *name, const char *unit, double ours, double peer,
    double ratio)
{
	printf("%-32s %-5s", name, unit);
	put_figure(ours);
	put_figure(peer);
	put_figure(ratio);
	putchar('\n');
	/* One that watches has something to watch. */
	fflush(stdout);
}

void
bench_head(const char *title, const char *peer)
{
	printf("%-38s %10s %10s %10s\n", title, "ours", peer, "ratio");
}

void
bench_line(const char *name, enum bench_unit unit, double work,
    const struct bench *ours, const struct bench *peer)
{
	double a = bench_median(ours), b = -1, ratio = -1;
	bool speed = unit == BENCH_MB_S;

	a = speed ? work / a / 1e6 : a * 1e6 / work;
	if (peer != NULL && peer->n > 0) {
		b = bench_median(peer);
		b = speed ? work / b / 1e6 : b * 1e6 / work;
		ratio = speed ? median_ratio(peer, ours) :
		    median_ratio(ours, peer);
	}
	put_line(name, speed ? "MB/s" : "us", a, b, ratio);
}

void
bench_figures(const char *name, const char *unit, double ours, double peer)
{
	put_line(name, unit, ours, peer, peer > 0 ? ours / peer : -1);
}

void
bench_note(const char *name, const char *why)
{
	printf("%-32s %s\n", name, why);
	fflush(stdout);
}

static double
of_timeval(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static int
spawn(char *const argv[], int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	int e = posix_spawn_file_actions_init(&fa);

	if (e != 0)
		return e;
	e = posix_spawn_file_actions_adddup2(&fa, in, STDIN_FILENO);
	if (e == 0)
		e = posix_spawn_file_actions_adddup2(&fa, out, STDOUT_FILENO);
	if (e == 0)
		e = posix_spawnp(pid, argv[0], &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	return e;
}

int
bench_spawn(char *const argv[], int in, int out, struct bench_run *r)
{
	double start = bench_elapsed();
	struct rusage u;
	int status;
	pid_t pid;

	errno = spawn(argv, in, out, &pid);
	if (errno != 0)
		return -1;
	while (wait4(pid, &status, 0, &u) < 0)
		if (errno != EINTR)
			return -1;
	r->elapsed = bench_elapsed() - start;
	r->cpu = of_timeval(u.ru_utime) + of_timeval(u.ru_stime);
	r->peak = (double)u.ru_maxrss * 1024;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

bool
bench_command(const char *dir, const char *name, char *out, size_t size)
{
	char own[PATH_MAX];
	int n;

	if (dir == NULL && io_exe_dir(own, sizeof(own)) < 0)
		return false;
	if (dir == NULL)
		n = snprintf(out, size, "%s/../%s", own, name);
	else
		n = snprintf(out, size, "%s/%s", dir, name);
	return n > 0 && (size_t)n < size && access(out, X_OK) == 0;
}
