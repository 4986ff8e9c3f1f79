/*
 * test_ledger - the line, and the file that several processes share
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"
#include "json.h"
#include "ledger.h"

#include "tap.h"

static char dir[] = "/tmp/test_ledger.XXXXXX";
static char path[sizeof(dir) + 32], old[sizeof(path) + 2];

static void
name(const char *file)
{
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	snprintf(old, sizeof(old), "%s.1", path);
}

static struct forward_report *
new_report(void)
{
	struct forward_report *r = calloc(1, sizeof(*r));

	if (r == NULL)
		exit(99);
	return r;
}

static struct ledger_line
plain(void)
{
	return (struct ledger_line){
		.time = INT64_C(1795715316123),
		.provider = PROVIDER_ANTHROPIC, .api = API_MESSAGES,
		.client = CLIENT_CLAUDE_CODE, .status = 200,
		.received = 1000, .sent = 900, .response = 80,
		.own_us = 7, .first_us = 650, .total_us = 5000,
	};
}

#define HEAD(model)							\
	"{\"time\":\"2026-11-26T17:48:36.123Z\",\"provider\":"		\
	"\"anthropic\",\"api\":\"messages\",\"client\":\"claude-code\""	\
	model ",\"status\":200"
#define BYTES	",\"received\":1000,\"sent\":900,\"response\":80"
#define TAIL(usage)							\
	",\"version\":\"" VERSION "\",\"usage\":" usage			\
	",\"own_us\":7,\"first_us\":650,\"total_us\":5000}\n"
#define UNKNOWN	"\"unknown\""

static bool
is(const struct ledger_line *e, const char *want)
{
	struct buf b = BUF_INIT;
	size_t ntok;
	struct json_err err;
	bool same;

	ledger_format(e, &b);
	same = span_eq(buf_span(&b), span_z(want)) &&
	    json_scan(buf_span(&b), NULL, 0, &ntok, &err) == JSON_OK;
	if (!same)
		printf("# %.*s# %s", (int)b.len, b.p, want);
	buf_release(&b);
	return same;
}

static void
test_line(void)
{
	struct forward_report *r = new_report();
	struct ledger_line e = plain();

	ok(is(&e, HEAD("") BYTES TAIL(UNKNOWN)), "not looked at");
	e.usage = (struct usage){ true, 1, 2, 3, UINT64_MAX };
	ok(is(&e, HEAD("") BYTES TAIL("{\"input\":1,\"cache_read\":2,"
	    "\"cache_write\":3,\"output\":18446744073709551615}")), "usage");
	e.usage.known = false;
	e.cut = e.cancelled = true;
	ok(is(&e, HEAD("") ",\"cut\":true,\"cancelled\":true" BYTES
	    TAIL(UNKNOWN)), "cut and cancelled");
	e.cut = e.cancelled = false;

	e.report = r;
	memcpy(r->model, "m-1", 4);
	r->policy = 0xAB;
	ok(is(&e, HEAD(",\"model\":\"m-1\"") BYTES ",\"texts\":{},\"new\":[],"
	    "\"before\":0,\"after\":0,\"retrieval\":\"auto\","
	    "\"policy\":\"000000ab\"" TAIL(UNKNOWN)), "nothing in it");
	r->texts[WHY_SQUASHED] = 3;
	r->texts[WHY_READ] = 12;
	r->nnew = 2;
	r->fresh[0] = (struct forward_new){ WHY_SQUASHED, "lock", true,
		812, 301 };
	r->fresh[1] = (struct forward_new){ .why = WHY_READ };
	r->before = 2000;
	r->after = 700;
	r->retrieval = RETRIEVAL_SHELL;
	r->policy = 0xDEADBEEF;
#define LOOKED								\
	",\"texts\":{\"squashed\":3,\"read\":12},\"new\":[{\"why\":"	\
	"\"squashed\",\"class\":\"lock\",\"lossy\":true,"		\
	"\"before\":812,\"after\":301},"				\
	"{\"why\":\"read\"}],\"before\":2000,\"after\":700,"		\
	"\"retrieval\":\"shell\",\"policy\":\"deadbeef\""
	ok(is(&e, HEAD(",\"model\":\"m-1\"") BYTES LOOKED TAIL(UNKNOWN)),
	    "looked at");
	r->store_failed = true;
	ok(is(&e, HEAD(",\"model\":\"m-1\"") BYTES ",\"store_failed\":true"
	    LOOKED TAIL(UNKNOWN)), "the store failed");
	r->skipped = "a \"reason\"";
	r->store_failed = false;
	ok(is(&e, HEAD(",\"model\":\"m-1\"") BYTES
	    ",\"skipped\":\"a \\\"reason\\\"\"" TAIL(UNKNOWN)), "skipped");
	free(r);
}

static bool
has(const struct ledger_line *e, const char *part)
{
	struct buf b = BUF_INIT;
	bool found;

	ledger_format(e, &b);
	found = memmem(b.p, b.len, part, strlen(part)) != NULL;
	if (!found)
		printf("# no %s in %.*s", part, (int)b.len, b.p);
	buf_release(&b);
	return found;
}

static void
test_members(void)
{
	static const char *const words[] = { "auto", "shell", "mcp", "none" };
	struct forward_report *r = new_report();
	struct ledger_line e = plain();
	char want[40];
	unsigned i;

	e.report = r;
	for (i = 0; i < HR_LEN(words); i++) {
		r->retrieval = (enum retrieval)i;
		snprintf(want, sizeof(want), "\"retrieval\":\"%s\",", words[i]);
		ok(has(&e, want), words[i]);
	}
	memcpy(r->model, "a\"b\\c\nd\xC3\xA9\x7F\x1B[1m] ~", 18);
	ok(has(&e, "\"model\":\"a?b?c?d????[1m] ~\""), "a model is cleaned");
	memset(r->model, 'm', sizeof(r->model));
	ok(has(&e, "mm\",\"status\":200"), "and ends without a NUL");
	r->nnew = FORWARD_NEW_MAX;
	for (i = 0; i < FORWARD_NEW_MAX; i++)
		r->fresh[i].why = WHY_SHORT;
	ok(has(&e, "{\"why\":\"short\"}],\"before\""), "as many as are told");
	r->nnew = FORWARD_NEW_MAX + 36;
	ok(has(&e, "{\"why\":\"short\"}],\"new_more\":36,"), "and more");
	r->fresh[0] = (struct forward_new){ WHY_SQUASHED, NULL, false, 9,
		8 };
	ok(has(&e, "[{\"why\":\"squashed\",\"lossy\":false,\"before\":9,"
	    "\"after\":8},{"), "not lossy");
	e.time = 0;
	ok(has(&e, "\"1970-01-01T00:00:00.000Z\""), "the epoch");
	e.time = -1;
	ok(has(&e, "\"1969-12-31T23:59:59.999Z\""), "before it");
	e.time = INT64_C(951782400007);
	ok(has(&e, "\"2000-02-29T00:00:00.007Z\""), "a leap day");
	e.status = 0;
	ok(has(&e, "\"status\":0,"), "no response");
	free(r);
}

static int64_t
size_of(const char *file)
{
	struct stat st;

	return stat(file, &st) < 0 ? -1 : (int64_t)st.st_size;
}

static mode_t
mode_of(const char *file)
{
	struct stat st;

	return stat(file, &st) < 0 ? 0 : st.st_mode & 07777;
}

/* Lines of a file that are e's; -1 if there is another. */
static int
lines(const char *file, const struct ledger_line *e)
{
	struct buf b = BUF_INIT, line = BUF_INIT;
	int fd = open(file, O_RDONLY), n = 0;
	struct span s;

	ledger_format(e, &line);
	if (fd < 0 || io_slurp(fd, &b) < 0)
		n = -2;
	for (s = buf_span(&b); n >= 0 && s.n > 0; n++) {
		if (!span_starts(s, buf_span(&line))) {
			n = -1;
			break;
		}
		s = span_skip(s, line.len);
	}
	if (fd >= 0)
		close(fd);
	buf_release(&b);
	buf_release(&line);
	return n;
}

static void
test_file(void)
{
	struct ledger_line e = plain();
	struct ledger *l, *m;
	char folder[sizeof(dir) + 16];
	mode_t mask;

	name("a/b/ledger");
	mask = umask(0);
	l = ledger_open(path);
	ok(l != NULL && mode_of(path) == 0600, "a new file has mode 0600");
	snprintf(folder, sizeof(folder), "%s/a/b", dir);
	ok(mode_of(folder) == 0700, "and its folder 0700");
	umask(0777);
	name("c/ledger");
	m = ledger_open(path);
	ok(m != NULL && mode_of(path) == 0600, "whatever the umask");
	ledger_close(m);
	umask(mask);
	name("a/b/ledger");
	ledger_write(l, &e);
	ledger_write(l, &e);
	m = ledger_open(path);
	ledger_write(m, &e);
	ledger_write(l, &e);
	ok(lines(path, &e) == 4, "lines of two writers");
	ledger_close(l);
	ledger_write(m, &e);
	ok(lines(path, &e) == 5 && ledger_lost(m) == 0, "nothing is lost");
	ledger_close(m);
	ledger_close(NULL);
}

static void
test_refused(void)
{
	char link[sizeof(path)];

	name("target");
	snprintf(link, sizeof(link), "%s", path);
	close(open(link, O_CREAT | O_WRONLY, 0600));
	name("link");
	if (symlink(link, path) < 0)
		exit(99);
	ok(ledger_open(path) == NULL && errno == ELOOP, "no symbolic link");
	name("pipe");
	if (mkfifo(path, 0600) < 0)
		exit(99);
	ok(ledger_open(path) == NULL && errno == ENXIO,
	    "no pipe, and no waiting for its reader");
	name("folder");
	if (mkdir(path, 0700) < 0)
		exit(99);
	ok(ledger_open(path) == NULL && errno == EISDIR, "no folder");
	ok(ledger_open("/dev/null") == NULL && errno == EINVAL, "no device");
	name("target/ledger");
	ok(ledger_open(path) == NULL && errno == ENOTDIR, "below a file");
}

static void
test_ceiling(void)
{
	struct ledger_line e = plain();
	struct ledger *l, *m;
	struct buf b = BUF_INIT;

	name("full");
	ledger_format(&e, &b);
	l = ledger_open(path);
	m = ledger_open(path);
	ledger_write(l, &e);
	if (truncate(path, LEDGER_MAX - 1) < 0)
		exit(99);
	ledger_write(l, &e);
	ok(size_of(path) == LEDGER_MAX - 1 + (int64_t)b.len &&
	    size_of(old) < 0, "below the ceiling");
	ledger_write(l, &e);
	ok(lines(path, &e) == 1 && size_of(old) > LEDGER_MAX,
	    "beyond it a new file is begun");
	ok(mode_of(path) == 0600, "of the same mode");
	ledger_write(m, &e);
	ledger_write(m, &e);
	ok(lines(path, &e) == 3 && size_of(old) > LEDGER_MAX,
	    "another writer goes on in the new one");
	if (truncate(path, 0) < 0 || truncate(path, LEDGER_MAX) < 0)
		exit(99);
	ledger_write(m, &e);
	ok(lines(path, &e) == 1 && size_of(old) == LEDGER_MAX,
	    "the older one is replaced");
	unlink(path);
	ledger_write(m, &e);
	ledger_write(l, &e);
	ok(lines(path, &e) == 2, "begun again after it was removed");
	if (rename(path, old) < 0)
		exit(99);
	ledger_write(l, &e);
	ok(lines(path, &e) == 1 && lines(old, &e) == 2, "or moved");
	ok(ledger_lost(l) + ledger_lost(m) == 0, "nothing is lost");
	ledger_close(l);
	ledger_close(m);
	buf_release(&b);
}

static void
test_lost(void)
{
	struct ledger_line e = plain();
	struct ledger *l;

	name("gone/ledger");
	l = ledger_open(path);
	ledger_write(l, &e);
	unlink(path);
	if (symlink("elsewhere", path) < 0)
		exit(99);
	ledger_write(l, &e);
	ledger_write(l, &e);
	ok(ledger_lost(l) == 2, "what cannot be written is counted");
	unlink(path);
	ledger_write(l, &e);
	ok(ledger_lost(l) == 2 && lines(path, &e) == 1,
	    "and it goes on when it can");
	ledger_close(l);
}

static struct ledger *faster;

/* libc's, but that another writer may come just before a lock is got. */
int
flock(int fd, int how)
{
	struct ledger_line e = plain();
	struct ledger *l = faster;

	faster = NULL;
	if (l != NULL)
		ledger_write(l, &e);
	return (int)syscall(SYS_flock, fd, how);
}

static void
test_turns(void)
{
	struct ledger_line e = plain();
	struct ledger *l, *m;
	int fd;

	name("turns");
	l = ledger_open(path);
	m = ledger_open(path);
	if (truncate(path, LEDGER_MAX) < 0)
		exit(99);
	faster = l;
	ledger_write(m, &e);
	ok(faster == NULL && lines(path, &e) == 2 &&
	    size_of(old) == LEDGER_MAX, "who comes second moves nothing");
	if (truncate(path, 0) < 0 || truncate(path, LEDGER_MAX) < 0)
		exit(99);
	unlink(old);
	fd = open(path, O_RDONLY);
	if (flock(fd, LOCK_EX) < 0)
		exit(99);
	ledger_write(l, &e);
	ok(size_of(path) > LEDGER_MAX && size_of(old) < 0,
	    "nobody waits for who has the lock");
	close(fd);
	ledger_write(l, &e);
	ok(lines(path, &e) == 1 && size_of(old) > LEDGER_MAX,
	    "and it is done the next time");
	ledger_close(l);
	ledger_close(m);
}

#define PROCS	4

/* All at their own pace, around one turn-over. */
static bool
race(const struct ledger_line *e, size_t line, int each)
{
	int64_t start = LEDGER_MAX - (int64_t)line * (PROCS * each / 2);
	pid_t pid[PROCS];
	struct ledger *l;
	int i, k, status, bad = 0;

	unlink(path);
	unlink(old);
	ledger_close(ledger_open(path));
	if (truncate(path, start) < 0)
		exit(99);
	for (i = 0; i < PROCS; i++) {
		pid[i] = fork();
		if (pid[i] < 0)
			exit(99);
		if (pid[i] > 0)
			continue;
		l = ledger_open(path);
		for (k = 0; k < each; k++)
			ledger_write(l, e);
		_exit(ledger_lost(l) == 0 ? 0 : 1);
	}
	for (i = 0; i < PROCS; i++) {
		waitpid(pid[i], &status, 0);
		bad += status != 0;
	}
	return bad == 0 && size_of(old) >= LEDGER_MAX && size_of(old) +
	    size_of(path) - start == PROCS * each * (int64_t)line &&
	    lines(path, e) > 0;
}

static void
test_processes(void)
{
	struct ledger_line e = plain();
	struct buf line = BUF_INIT;
	bool good = true;
	int i;

	name("shared");
	ledger_format(&e, &line);
	for (i = 0; good && i < 20; i++)
		good = race(&e, line.len, 40);
	ok(good, "all lines of four processes are in the old file and the new");
	buf_release(&line);
}

static bool
limit(size_t bytes)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_FSIZE, &lim) < 0)
		return false;
	lim.rlim_cur = bytes;
	return setrlimit(RLIMIT_FSIZE, &lim) == 0;
}

/* With a limit to the size of files, a line is written in part. */
static void
test_torn(void)
{
	struct ledger_line e = plain();
	struct buf b = BUF_INIT, want = BUF_INIT;
	struct ledger *l;
	pid_t pid;
	int status, fd;

	name("torn");
	ledger_format(&e, &want);
	pid = fork();
	if (pid < 0)
		exit(99);
	if (pid == 0) {
		signal(SIGXFSZ, SIG_IGN);
		l = ledger_open(path);
		ledger_write(l, &e);
		if (l == NULL || !limit(want.len + 10))
			_exit(2);
		ledger_write(l, &e);
		ledger_write(l, &e);
		if (ledger_lost(l) != 2 || !limit(1 << 20))
			_exit(3);
		ledger_write(l, &e);
		_exit(ledger_lost(l) == 2 ? 0 : 4);
	}
	waitpid(pid, &status, 0);
	fd = open(path, O_RDONLY);
	ok(status == 0 && io_slurp(fd, &b) == 0 &&
	    b.len == 2 * want.len + 11 && b.p[want.len + 10] == '\n' &&
	    memcmp(b.p + want.len + 11, want.p, want.len) == 0,
	    "the line behind a torn one is whole");
	close(fd);
	buf_release(&b);
	buf_release(&want);
}

static void
clean_up(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		printf("# left %s\n", dir);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 99;
	test_line();
	test_members();
	test_file();
	test_refused();
	test_ceiling();
	test_lost();
	test_turns();
	test_processes();
	test_torn();
	clean_up();
	return done();
}
