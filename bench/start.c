/*
 * bench/start - what it costs to start a command, beside /bin/true
 *
 *	bench/start [-d FOLDER]
 *
 * Elapsed time from before the start of a command on empty input to after its
 * end, in turn with that of /bin/true.  The commands are those of this build
 * or of FOLDER.  One that is not there is named, and so is one that is in
 * HR_COMMANDS, a list of names, and of which this program does not know how it
 * is given nothing to do.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "bench.h"

#define ROUNDS	15
#define RUNS	60	/* a round; its figure is their median */

static char put[] = "put";
static char peer[] = "/bin/true";

struct command {
	const char	*name;
	char		*arg;		/* what makes it read its input */
	bool		 there, works;
	char		 path[PATH_MAX];
	struct bench	 ours, peer;	/* medians of rounds */
	struct bench	 run, peer_run;	/* of this round */
};

static struct command commands[] = {
	{ .name = "hr-ccr", .arg = put },
	{ .name = "hr-count" },
	{ .name = "hr-route" },
	{ .name = "hr-run", .arg = peer },
	{ .name = "hr-squash-diff" },
	{ .name = "hr-squash-json" },
	{ .name = "hr-squash-log" },
};

static int
start(char *path, char *arg, int null, struct bench *b)
{
	char *argv[] = { path, arg, NULL };
	struct bench_run r;
	int status = bench_spawn(argv, null, null, &r);

	if (status < 0)
		bench_die("cannot run '%s': %s", path, strerror(errno));
	bench_add(b, r.elapsed);
	return status;
}

static void
try(struct command *c, const char *dir, int null)
{
	c->there = bench_command(dir, c->name, c->path, sizeof(c->path));
	c->works = c->there && start(c->path, c->arg, null, &c->run) == 0;
}

/* All commands have a part in each moment of a round. */
static void
one_round(int null)
{
	struct command *c, *end = commands + HR_LEN(commands);
	int i;

	for (c = commands; c < end; c++)
		c->run.n = c->peer_run.n = 0;
	for (i = 0; i < RUNS; i++)
		for (c = commands; c < end; c++) {
			if (!c->works)
				continue;
			start(c->path, c->arg, null, &c->run);
			start(peer, NULL, null, &c->peer_run);
		}
	for (c = commands; c < end; c++) {
		bench_add(&c->ours, bench_median(&c->run));
		bench_add(&c->peer, bench_median(&c->peer_run));
	}
}

/* False if it fails; one that is not there is no failure. */
static bool
print(const struct command *c)
{
	char line[64];

	if (!c->works) {
		bench_note(c->name, c->there ? "fails" : "not there");
		return !c->there;
	}
	snprintf(line, sizeof(line), "%s%s%s", c->name,
	    c->arg != NULL ? " " : "", c->arg != NULL ? c->arg : "");
	bench_line(line, BENCH_US, 1, &c->ours, &c->peer);
	return true;
}

static void
print_unknown(const char *names)
{
	char name[64];
	size_t i, n;

	for (; *names != '\0'; names += n) {
		names += strspn(names, " ");
		n = strcspn(names, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, names);
		for (i = 0; i < HR_LEN(commands); i++)
			if (strcmp(name, commands[i].name) == 0)
				break;
		if (i == HR_LEN(commands) && n > 0)
			bench_note(name, "not known to bench/start");
	}
}

int
main(int argc, char **argv)
{
	const char *dir = NULL, *names = getenv("HR_COMMANDS");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), c, status = 0;
	size_t i;

	while ((c = getopt(argc, argv, "d:")) != -1) {
		if (c == 'd')
			dir = optarg;
		else
			optind = argc + 1;
	}
	if (optind != argc) {
		fputs("usage: start [-d FOLDER]\n", stderr);
		return 2;
	}
	if (null < 0)
		bench_die("cannot open '/dev/null'");
	for (i = 0; i < HR_LEN(commands); i++)
		try(&commands[i], dir, null);
	bench_pin();
	bench_head("start: empty input", "/bin/true");
	for (i = 0; i < ROUNDS; i++)
		one_round(null);
	for (i = 0; i < HR_LEN(commands); i++)
		if (!print(&commands[i]))
			status = 1;
	print_unknown(names != NULL ? names : "");
	return status;
}
