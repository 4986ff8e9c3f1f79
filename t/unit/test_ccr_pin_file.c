/*
 * test_ccr_pin_file - pins and what befalls the file they are in
 *
 * Earlier versions, several processes, full disks, removal and kills.
 */
#include "compat.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "pin_made.h"

#define KILLS	20
#define WRITERS	4
#define ROUNDS	40	/* transactions of each writer */
#define PINS	25	/* in each */

/* The store as it was when user_version was 1. */
static const char version_1[] =
	"PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
	"CREATE TABLE entry(key INTEGER PRIMARY KEY, sha BLOB NOT NULL,"
	" size INTEGER NOT NULL, stored INTEGER NOT NULL,"
	" created INTEGER NOT NULL, used INTEGER NOT NULL,"
	" blob INTEGER NOT NULL);"
	"CREATE INDEX entry_used ON entry(used);"
	"CREATE TABLE blob(n INTEGER PRIMARY KEY, z BLOB NOT NULL);"
	"CREATE TABLE gone(n INTEGER PRIMARY KEY, key INTEGER NOT NULL,"
	" used INTEGER NOT NULL);"
	"CREATE INDEX gone_key ON gone(key);"
	"PRAGMA application_id=1752327011;"
	"PRAGMA user_version=1";

/* The original "abc" in it. */
static const char abc[] =
	"INSERT INTO blob VALUES(1, x'28b52ffd2003190000616263');"
	"INSERT INTO entry VALUES(3091975850771227171, x'ba7816bf8f01cfea4141"
	"40de5dae2223b00361a396177a9cb410ff61f20015ad', 3, 12, unixepoch(),"
	" unixepoch(), 1)";

static void
test_upgrade(void)
{
	struct mark_id id;
	struct ccr_stat st;
	struct ccr *c, *r;

	new_store("old");
	ok(sql(version_1) >= 0 && sql(abc) == 0, "a store of version 1");
	r = reader();
	ok(r != NULL && mark_id_parse(SPAN_LIT("418143717509236138531"),
	    &id) == 0, "a reader takes it");
	buf_reset(&b);
	ok(ccr_get(r, &id, &b) == CCR_OK &&
	    span_eq(buf_span(&b), SPAN_LIT("abc")), "gives the original");
	ok(get(r, key(1, 1)) == CCR_UNKNOWN, "knows no pins");
	ok(ccr_stat(r, &st) == CCR_OK && st.entries == 1 && st.pins == 0,
	    "counts none");
	ok(sql("PRAGMA user_version") == 1, "and leaves the version");
	c = writer();
	ok(c != NULL && sql("PRAGMA user_version") == 2,
	    "a writer brings it up to date");
	ok(put_one(c, key(1, 1), "form") && gives(c, key(1, 1), "form"),
	    "and puts pins");
	ok(gives(r, key(1, 1), "form"), "which the reader finds");
	buf_reset(&b);
	ok(ccr_get(c, &id, &b) == CCR_OK &&
	    span_eq(buf_span(&b), SPAN_LIT("abc")), "the original is there");
	ccr_close(r);
	/* What an earlier hr does that had it open all the time. */
	ok(sql("PRAGMA user_version=1") == 0, "the number set back");
	ccr_close(c);
	c = writer();
	ok(c != NULL && sql("PRAGMA user_version") == 2 &&
	    gives(c, key(1, 1), "form") && ccr_stat(c, &st) == CCR_OK &&
	    st.pins == 1, "set again, nothing is lost");
	ccr_close(c);
	ok(sql("PRAGMA user_version=3") == 0 &&
	    ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED &&
	    strstr(err, "version 3") != NULL, "a later one is refused");
	ok(ccr_open_read(&c, path, err, sizeof(err)) == CCR_FAILED,
	    "by readers too");
	new_store("foreign");
	ok(sql("CREATE TABLE t(x); PRAGMA user_version=1; SELECT 0") == 0 &&
	    ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED &&
	    strstr(err, "another program") != NULL &&
	    sql("SELECT count(*) FROM sqlite_master") == 1,
	    "what only has that number is left alone");
}

/* With frames in the log, which keeps a reader from opening anew. */
static void
test_upgrade_meanwhile(void)
{
	struct ccr *c, *r;
	sqlite3 *db;

	new_store("meanwhile");
	ok(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, version_1,
	    NULL, NULL, NULL) == SQLITE_OK, "a store of version 1 in use");
	r = reader();
	ok(r != NULL && get(r, key(1, 1)) == CCR_UNKNOWN, "a reader");
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "form") &&
	    gives(r, key(1, 1), "form"), "finds what is new in it");
	ccr_close(r);
	ccr_close(c);
	sqlite3_close(db);
}

/* Limit the size of files: what a full disk does to a process. */
static void
limit_files(rlim_t size)
{
	struct rlimit rl;

	getrlimit(RLIMIT_FSIZE, &rl);
	rl.rlim_cur = size == RLIM_INFINITY ? rl.rlim_max : size;
	setrlimit(RLIMIT_FSIZE, &rl);
}

static void
test_full(void)
{
	static char noise[400000];
	struct ccr_pin pin = { .lossy = true };
	enum ccr_rc first, second, end;
	uint32_t x = 1;
	struct ccr *c;
	size_t i;

	new_store("full");
	for (i = 0; i < sizeof(noise); i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (char)(x >> 24);
	}
	signal(SIGXFSZ, SIG_IGN);
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "before"), "a pin");
	/* It spills what does not fit into its cache of 1 MB. */
	limit_files(200000);
	first = ccr_pins_begin(c);
	for (i = 0, second = CCR_OK; i < 9 && second == CCR_OK; i++)
		second = ccr_pin_put(c, key(2, (unsigned)i).k, &pin,
		    span_of(noise, sizeof(noise)));
	end = ccr_pins_end(c);
	limit_files(RLIM_INFINITY);
	ok(first == CCR_OK && end != CCR_OK, "no room, the end says so");
	ok(get(c, key(2, 0)) == CCR_UNKNOWN && gives(c, key(1, 1), "before"),
	    "nothing of it is there, and what was");
	limit_files(200000);
	first = ccr_pins_begin(c);
	second = ccr_pin_put(c, key(2, 0).k, &pin,
	    span_of(noise, sizeof(noise)));
	end = ccr_pins_end(c);
	limit_files(RLIM_INFINITY);
	ok(first == CCR_OK && second == CCR_OK && end != CCR_OK &&
	    get(c, key(2, 0)) == CCR_UNKNOWN, "the same at the end alone");
	ok(put_one(c, key(1, 2), "after") && gives(c, key(1, 2), "after"),
	    "with room again it goes on");
	ccr_close(c);
}

/* For root modes mean nothing; then it is only a reader. */
static void
test_read_only(void)
{
	char command[128];
	struct ccr *c;

	snprintf(path, sizeof(path), "%s/ro", dir);
	ok(mkdir(path, 0700) == 0, "a folder");
	snprintf(path, sizeof(path), "%s/ro/ccr.db", dir);
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "form"), "a pin");
	ccr_close(c);
	age("pin", "1", 2 * DAY);
	snprintf(command, sizeof(command), "chmod -R a-w %s/ro", dir);
	ok(system(command) == 0, "nobody may write");
	c = reader();
	ok(c != NULL && gives(c, key(1, 1), "form") &&
	    get(c, key(1, 2)) == CCR_UNKNOWN, "pins are given");
	ccr_close(c);
	snprintf(command, sizeof(command), "chmod -R u+w %s/ro", dir);
	ok(system(command) == 0, "writable again");
}

static void
test_generation(void)
{
	char aside[sizeof(path) + 8];
	uint64_t first, second;
	struct ccr *c;
	int i;

	new_store("generation");
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "form"), "a pin");
	first = ccr_generation(c);
	ok(first != 0 && put_one(c, key(1, 2), NULL) &&
	    ccr_generation(c) == first, "the same while the file is");
	snprintf(aside, sizeof(aside), "%s.old", path);
	for (i = 0; i < 3; i++) {
		ok(i == 0 ? rename(path, aside) == 0 : unlink(path) == 0,
		    i == 0 ? "moved away" : "removed");
		second = ccr_generation(c);
		ok(second != 0 && second != first, "another one");
		ok(get(c, key(1, 1)) == CCR_UNKNOWN &&
		    put_one(c, key(1, 1), "form"), "what was put is to be put");
		first = second;
	}
	ok(ccr_pins_begin(c) == CCR_OK && unlink(path) == 0 &&
	    put(c, key(1, 5), NULL) == CCR_OK, "removed between");
	if (ccr_pins_end(c) != CCR_OK)
		printf("# %s\n", ccr_error(c));
	ok(ccr_generation(c) != first && put_one(c, key(1, 5), "new") &&
	    gives(c, key(1, 5), "new"), "noticed after the end");
	ccr_close(c);
}

static long
ms_since(const struct timespec *from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (to.tv_sec - from->tv_sec) * 1000 +
	    (to.tv_nsec - from->tv_nsec) / 1000000;
}

static void
test_patience(void)
{
	struct ccr *c, *d;
	struct timespec from;

	new_store("patience");
	c = writer();
	d = writer();
	ok(c != NULL && d != NULL && ccr_pins_begin(c) == CCR_OK,
	    "one holds the store");
	ccr_patience(d, 0);
	clock_gettime(CLOCK_MONOTONIC, &from);
	ok(ccr_pins_begin(d) == CCR_BUSY, "busy");
	ok(ms_since(&from) < 1000, "at once");
	ok(ccr_pins_end(d) == CCR_FAILED, "nothing was begun");
	ok(ccr_settle(d) == CCR_OK, "nothing to settle");
	ok(put(c, key(1, 1), "form") == CCR_OK && ccr_pins_end(c) == CCR_OK &&
	    put_one(d, key(1, 1), "late") && gives(d, key(1, 1), "form") &&
	    put_one(d, key(1, 2), "next"), "then the other");
	ok(ccr_pins_begin(c) == CCR_OK && ccr_settle(d) == CCR_OK, "settled");
	clock_gettime(CLOCK_MONOTONIC, &from);
	ok(ccr_pins_begin(d) == CCR_BUSY && ms_since(&from) < 1000,
	    "that does not change it");
	ccr_close(d);
	ccr_close(c);
}

/* In a child: transactions of pins that all writers want to put. */
HR_NORETURN static void
write_many(unsigned w)
{
	char form[32];
	struct ccr *c = writer();
	unsigned r, i;

	snprintf(form, sizeof(form), "form of %u", w);
	for (r = 0; c != NULL && r < ROUNDS; r++) {
		if (ccr_pins_begin(c) != CCR_OK)
			_exit(1);
		for (i = 0; i < PINS; i++)
			if (put(c, key(r, i), form) != CCR_OK)
				_exit(1);
		if (ccr_pins_end(c) != CCR_OK)
			_exit(1);
	}
	ccr_close(c);
	_exit(c == NULL);
}

/* All pins of a round have one form: a transaction is not cut. */
static bool
rounds_whole(struct ccr *c)
{
	char first[32];
	unsigned r, i;

	for (r = 0; r < ROUNDS; r++)
		for (i = 0; i < PINS; i++) {
			if (get(c, key(r, i)) != CCR_OK || b.len > 31)
				return false;
			if (i == 0)
				memcpy(first, b.p, b.len);
			else if (memcmp(first, b.p, b.len) != 0)
				return false;
		}
	return true;
}

static void
test_procs(void)
{
	pid_t pid[WRITERS];
	struct ccr_stat st;
	bool well = true;
	struct ccr *c;
	unsigned w;
	int status;

	new_store("procs");
	/* They also bring it up to date at once. */
	ok(sql(version_1) >= 0, "a store of version 1");
	for (w = 0; w < WRITERS; w++) {
		pid[w] = fork();
		if (pid[w] == 0)
			write_many(w);
	}
	for (w = 0; w < WRITERS; w++)
		well = pid[w] > 0 && waitpid(pid[w], &status, 0) == pid[w] &&
		    status == 0 && well;
	ok(well, "four writers put the same pins");
	c = reader();
	ok(c != NULL && ccr_stat(c, &st) == CCR_OK &&
	    st.pins == ROUNDS * PINS && sql("SELECT count(*) FROM pin") ==
	    ROUNDS * PINS, "each is there once");
	ok(c != NULL && rounds_whole(c), "the first of them stayed, whole");
	ok(sql("SELECT count(*)=(SELECT count(*) FROM pin) FROM blob") == 1,
	    "no form without a pin");
	ccr_close(c);
}

/* In a child: begin, put, say so, and never end. */
HR_NORETURN static void
put_and_wait(unsigned n, int ack)
{
	struct ccr *c = writer();
	unsigned i;

	if (c == NULL || ccr_pins_begin(c) != CCR_OK)
		_exit(1);
	for (i = 0; i < PINS; i++)
		if (put(c, key(n, i), "not to be") != CCR_OK)
			_exit(1);
	if (io_write(ack, "x", 1) < 0)
		_exit(1);
	pause();
	_exit(1);
}

static void
test_kill(void)
{
	bool well = true, none = true;
	struct ccr *c;
	unsigned i;
	int fd[2], status;
	pid_t pid;
	char x;

	new_store("kill");
	c = writer();
	for (i = 0; c != NULL && well && i < KILLS; i++) {
		if (pipe(fd) < 0 || (pid = fork()) < 0)
			abort();
		if (pid == 0)
			put_and_wait(i, fd[1]);
		close(fd[1]);
		well = read(fd[0], &x, 1) == 1;
		close(fd[0]);
		well = kill(pid, SIGKILL) == 0 &&
		    waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
		    well;
		none = none && get(c, key(i, 0)) == CCR_UNKNOWN;
		well = well && put_one(c, key(1000, i), "this is");
	}
	ok(well && i == KILLS, "killed before the end, others go on");
	ok(none, "nothing of it is there");
	ok(c != NULL && gives(c, key(1000, KILLS - 1), "this is") &&
	    sql("SELECT count(*) FROM pin") == KILLS, "the others' is");
	ccr_close(c);
	ok(sql("SELECT integrity_check='ok' FROM pragma_integrity_check") == 1,
	    "the file is sound");
}

int
main(void)
{
	if (!made_begin())
		return 1;
	test_upgrade();
	test_upgrade_meanwhile();
	test_full();
	test_read_only();
	test_generation();
	test_patience();
	test_procs();
	test_kill();
	return made_end();
}
