/*
 * bench/log - hr-squash-log beside sed, sort and uniq -c
 *
 *	bench/log [-d FOLDER] [FILE ...]
 *
 * Elapsed time, from a file to /dev/null: of squashing a log with nothing
 * kept, and with its original put into a new store, beside what people write
 * in a shell to see what a log is made of.  Without arguments the log is made
 * here.  The command is that of this build or of FOLDER.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "buf.h"
#include "io.h"

#define ROUNDS	7
#define MADE	((size_t)20 << 20)	/* bytes of the log made here */

static char folder[] = "/tmp/hr-bench-log-XXXXXX";
static char store[sizeof(folder) + 8];

/* The store is a new one each time. */
static void
forget(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[sizeof(store) + 8];
	size_t i;

	for (i = 0; i < HR_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", store, ends[i]);
		(void)unlink(path);
	}
}

static void
run(char **argv, int in, int null, struct bench *b)
{
	struct bench_run r;
	int status;

	forget();
	if (lseek(in, 0, SEEK_SET) < 0)
		bench_die("cannot read a file twice: %s", strerror(errno));
	status = bench_spawn(argv, in, null, &r);
	if (status != 0)
		bench_die("cannot run '%s'", argv[0]);
	bench_add(b, r.elapsed);
}

static void
measure(const char *name, int in, char *command)
{
	static char level[] = "--level", balanced[] = "balanced";
	static char no_store[] = "--no-store", where[] = "--store";
	static char sh[] = "sh", c[] = "-c", pipe[] =
	    "sed -E 's/[0-9]+/N/g' | sort | uniq -c";
	char *alone[] = { command, no_store, level, balanced, NULL };
	char *kept[] = { command, where, store, NULL };
	char *peer_argv[] = { sh, c, pipe, NULL };
	struct bench first = BENCH_INIT, second = BENCH_INIT;
	struct bench peer = BENCH_INIT;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), i;
	struct stat st;

	if (null < 0 || fstat(in, &st) < 0)
		bench_die("cannot open a file: %s", strerror(errno));
	for (i = 0; i < ROUNDS; i++) {
		run(alone, in, null, &first);
		run(kept, in, null, &second);
		run(peer_argv, in, null, &peer);
	}
	bench_line(name, BENCH_MB_S, (double)st.st_size, &first, &peer);
	bench_line("  and kept", BENCH_MB_S, (double)st.st_size, &second,
	    &peer);
	close(null);
}

static void
make(struct buf *b)
{
	static const char *const what[] = {
		"INFO [main] request", "DEBUG [http] GET /api/v1/items",
		"WARN [cache] no hit for shard", "INFO [db] rows of table",
	};
	uint32_t r = 1, i;

	for (i = 0; b->len < MADE && buf_err(b) == 0; i++) {
		r = r * 1664525 + 1013904223;
		buf_addf(b, "2024-01-02 %02u:%02u:%02u,%03u %s %u took %u ms "
		    "from 10.0.3.%u\n", i / 36000 % 24, i / 600 % 60,
		    i / 10 % 60, i % 1000, what[r >> 30], r >> 8 & 0xffff,
		    r >> 4 & 0xfff, r >> 12 & 0xff);
		if (i % 5000 == 77)
			buf_adds(b, "2024-01-02 03:04:05,006 ERROR [db] "
			    "cannot reach a shard\n");
	}
}

static void
measure_made(char *command)
{
	struct buf b = BUF_INIT;
	int fd = memfd_create("log", MFD_CLOEXEC);

	make(&b);
	if (buf_err(&b) != 0 || fd < 0 || io_write(fd, b.p, b.len) < 0)
		bench_die("cannot make a text");
	buf_release(&b);
	measure("an application's", fd, command);
	close(fd);
}

static void
measure_file(const char *path, char *command)
{
	const char *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		bench_die("cannot open '%s': %s", path, strerror(errno));
	measure(slash != NULL ? slash + 1 : path, fd, command);
	close(fd);
}

int
main(int argc, char **argv)
{
	char path[PATH_MAX];
	const char *dir = NULL;
	int c;

	while ((c = getopt(argc, argv, "d:")) != -1) {
		if (c != 'd') {
			fputs("usage: log [-d FOLDER] [FILE ...]\n", stderr);
			return 2;
		}
		dir = optarg;
	}
	bench_head("log", "sed|sort|uniq");
	if (!bench_command(dir, "hr-squash-log", path, sizeof(path))) {
		bench_note("hr-squash-log", "not there");
		return 0;
	}
	if (mkdtemp(folder) == NULL)
		bench_die("cannot make a folder: %s", strerror(errno));
	snprintf(store, sizeof(store), "%s/s.db", folder);
	if (optind == argc)
		measure_made(path);
	for (; optind < argc; optind++)
		measure_file(argv[optind], path);
	forget();
	(void)rmdir(folder);
	return 0;
}
