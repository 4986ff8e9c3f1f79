/*
 * test_ccr_procs - several processes on one store, and some that are killed
 *
 * What a writer has acknowledged on its pipe must be there afterwards,
 * whenever it was killed, and the file must be sound.
 */
#include "compat.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "ccr.h"
#include "io.h"
#include "tap.h"

#define KILLS	40
#define WRITERS	8
#define PUTS	150	/* each */

static char dir[] = "/tmp/test_ccr_procs.XXXXXX";
static char path[sizeof(dir) + 32];

/* The n-th original of a writer: some fit a page, some take dozens. */
static struct span
original(unsigned writer, unsigned n)
{
	static char text[200000];
	uint32_t x = writer * 100003 + n;
	size_t i, len = (size_t)(x % 7 == 0 ? 20000 + x % 150000 : x % 3000);

	for (i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = (char)(x >> 28) + 'a';
	}
	return span_of(text, len + (size_t)snprintf(text + len,
	    sizeof(text) - len, "%u.%u", writer, n));
}

/* Put and acknowledge until killed or done.  Exits 0 if all went well. */
HR_NORETURN static void
write_many(unsigned writer, unsigned n, int ack)
{
	struct mark_id id;
	struct ccr *c;
	char err[256];
	unsigned i;

	if (ccr_open(&c, path, err, sizeof(err)) != CCR_OK) {
		fprintf(stderr, "# open: %s\n", err);
		_exit(1);
	}
	for (i = 0; i < n; i++) {
		if (ccr_put(c, original(writer, i), &id) != CCR_OK) {
			fprintf(stderr, "# put: %s\n", ccr_error(c));
			_exit(1);
		}
		if (io_write(ack, id.z, MARK_ID_DIGITS) < 0)
			_exit(1);
		if (i % 20 == 19 && ccr_settle(c) != CCR_OK)
			_exit(1);
	}
	ccr_close(c);
	_exit(0);
}

static bool
sound(void)
{
	sqlite3 *db;
	sqlite3_stmt *s = NULL;
	bool good;

	good = sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL) ==
	    SQLITE_OK && sqlite3_step(s) == SQLITE_ROW &&
	    strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
	sqlite3_finalize(s);
	sqlite3_close(db);
	return good;
}

/* All that a writer acknowledged is in the store, word for word. */
static bool
all_there(unsigned writer, struct span acks)
{
	struct buf out = BUF_INIT;
	struct mark_id id;
	struct ccr *c;
	char err[256];
	unsigned i;
	bool good = true;

	if (ccr_open_read(&c, path, err, sizeof(err)) != CCR_OK) {
		printf("# %s\n", err);
		return acks.n == 0;
	}
	for (i = 0; good && (i + 1) * MARK_ID_DIGITS <= acks.n; i++) {
		buf_reset(&out);
		good = mark_id_parse(span_of(acks.p + i * MARK_ID_DIGITS,
		    MARK_ID_DIGITS), &id) == 0 &&
		    ccr_get(c, &id, &out) == CCR_OK &&
		    span_eq(buf_span(&out), original(writer, i));
		if (!good)
			printf("# %u: %s\n", i, ccr_error(c));
	}
	buf_release(&out);
	ccr_close(c);
	return good;
}

static void
test_kill(void)
{
	struct buf acks = BUF_INIT;
	unsigned i, total = 0;
	bool there = true, well = true;
	int fd[2], status;
	pid_t pid;

	for (i = 0; i < KILLS && there && well; i++) {
		buf_reset(&acks);
		if (pipe(fd) < 0 || (pid = fork()) < 0)
			break;
		if (pid == 0) {
			close(fd[0]);
			write_many(i, 100000, fd[1]);
		}
		close(fd[1]);
		/* The first rounds hit the making of the store. */
		usleep(i * i * 60);
		kill(pid, SIGKILL);
		well = io_slurp(fd[0], &acks) == 0 &&
		    waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
		close(fd[0]);
		total += (unsigned)(acks.len / MARK_ID_DIGITS);
		there = all_there(i, buf_span(&acks));
	}
	printf("# %u puts acknowledged\n", total);
	ok(well && i == KILLS, "killed in the middle");
	ok(there, "what was acknowledged is there");
	ok(sound(), "the file is sound");
	buf_release(&acks);
}

static void
test_many(void)
{
	struct buf acks[WRITERS];
	int fd[WRITERS][2], status;
	bool there = true, well = true;
	pid_t pid[WRITERS];
	unsigned w;

	snprintf(path, sizeof(path), "%s/many.db", dir);
	for (w = 0; w < WRITERS; w++) {
		acks[w] = (struct buf)BUF_INIT;
		if (pipe(fd[w]) < 0 || (pid[w] = fork()) < 0)
			abort();
		if (pid[w] == 0)
			write_many(w, PUTS, fd[w][1]);
		close(fd[w][1]);
	}
	for (w = 0; w < WRITERS; w++) {
		well = io_slurp(fd[w][0], &acks[w]) == 0 && well;
		well = waitpid(pid[w], &status, 0) == pid[w] && status == 0 &&
		    acks[w].len == (size_t)PUTS * MARK_ID_DIGITS && well;
		close(fd[w][0]);
		there = all_there(w, buf_span(&acks[w])) && there;
		buf_release(&acks[w]);
	}
	ok(well, "eight writers make one store and fill it");
	ok(there, "all is there");
	ok(sound(), "the file is sound");
}

int
main(void)
{
	char command[64];

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/kill.db", dir);
	test_kill();
	test_many();
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		printf("# left %s\n", dir);
	return done();
}
