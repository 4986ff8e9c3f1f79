/*
 * bench/whole - hr-squash-json beside jq -c, as whole processes
 *
 *	bench/whole [-d FOLDER] [FILE ...]
 *
 * CPU time, start to end, of squashing a text without loss and of making it
 * compact, from a file to /dev/null; how much either writes, and how much
 * memory it takes, as a multiple of the text.  Without arguments the texts are
 * made here.  The command is that of this build or of FOLDER, jq is found by
 * PATH.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "buf.h"
#include "io.h"
#include "text.h"

#define ROUNDS	7
#define MADE	((size_t)20 << 20)	/* bytes of a text made here */

struct side {
	char		**argv;
	bool		  there;
	struct bench	  cpu;
	double		  written, peak;
};

static double
file_size(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		bench_die("cannot look at a file: %s", strerror(errno));
	return (double)st.st_size;
}

/* False if there is no such program. */
static bool
run(struct side *s, int in, int out, struct bench_run *r)
{
	int status;

	if (lseek(in, 0, SEEK_SET) < 0)
		bench_die("cannot read a file twice: %s", strerror(errno));
	status = bench_spawn(s->argv, in, out, r);
	if (status > 0)
		bench_die("'%s' ends with %d", s->argv[0], status);
	if (status < 0 && errno != ENOENT)
		bench_die("cannot run '%s': %s", s->argv[0], strerror(errno));
	return status == 0;
}

/* Not timed, and warms up: whether it runs, and what comes out. */
static void
try(struct side *s, int in)
{
	int out = memfd_create("out", MFD_CLOEXEC);
	struct bench_run r;

	if (out < 0)
		bench_die("cannot keep output: %s", strerror(errno));
	s->cpu.n = 0;
	s->written = s->peak = -1;
	s->there = run(s, in, out, &r);
	if (s->there) {
		s->written = file_size(out);
		s->peak = r.peak;
	}
	close(out);
}

static void
time_side(struct side *s, int in, int null)
{
	struct bench_run r;

	if (s->there && run(s, in, null, &r))
		bench_add(&s->cpu, r.cpu);
}

static void
measure(const char *name, int in, struct side *ours, struct side *peer)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	if (null < 0)
		bench_die("cannot open '/dev/null'");
	try(ours, in);
	try(peer, in);
	for (i = 0; i < ROUNDS; i++) {
		time_side(ours, in, null);
		time_side(peer, in, null);
	}
	bench_line(name, BENCH_MB_S, file_size(in), &ours->cpu, &peer->cpu);
	bench_figures("  written", "MB", ours->written / 1e6,
	    peer->there ? peer->written / 1e6 : -1);
	bench_figures("  memory", "x", ours->peak / file_size(in),
	    peer->there ? peer->peak / file_size(in) : -1);
	close(null);
}

static void
measure_made(const char *name, void (*make)(struct buf *, size_t),
    bool indent, struct side *ours, struct side *peer)
{
	struct buf b = BUF_INIT, indented = BUF_INIT, *text = &b;
	int fd = memfd_create(name, MFD_CLOEXEC);

	make(&b, indent ? MADE / 2 : MADE);
	if (indent) {
		text_indent(&indented, buf_span(&b));
		text = &indented;
	}
	if (buf_err(text) != 0 || fd < 0 ||
	    io_write(fd, text->p, text->len) < 0)
		bench_die("cannot make a text");
	buf_release(&b);
	buf_release(&indented);
	measure(name, fd, ours, peer);
	close(fd);
}

static void
measure_file(const char *path, struct side *ours, struct side *peer)
{
	const char *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		bench_die("cannot open '%s': %s", path, strerror(errno));
	measure(slash != NULL ? slash + 1 : path, fd, ours, peer);
	close(fd);
}

static int
usage(void)
{
	fputs("usage: whole [-d FOLDER] [FILE ...]\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	static char level[] = "--level", lossless[] = "lossless";
	static char jq[] = "jq", compact[] = "-c", all[] = ".";
	static const char name[] = "hr-squash-json";
	char path[PATH_MAX];
	char *our_argv[] = { path, level, lossless, NULL };
	char *jq_argv[] = { jq, compact, all, NULL };
	struct side ours = { .argv = our_argv }, peer = { .argv = jq_argv };
	const char *dir = NULL;
	int c;

	while ((c = getopt(argc, argv, "d:")) != -1) {
		if (c != 'd')
			return usage();
		dir = optarg;
	}
	bench_head("whole: squash JSON without loss", "jq -c .");
	if (!bench_command(dir, name, path, sizeof(path))) {
		bench_note(name, "not there");
		return 0;
	}
	bench_pin();
	if (optind == argc) {
		measure_made("records", text_records, false, &ours, &peer);
		measure_made("records, one a line", text_lines, false, &ours,
		    &peer);
		measure_made("pods", text_pods, false, &ours, &peer);
		measure_made("pods, indented", text_pods, true, &ours, &peer);
	}
	for (; optind < argc; optind++)
		measure_file(argv[optind], &ours, &peer);
	if (!peer.there)
		bench_note("jq", "not there");
	return 0;
}
