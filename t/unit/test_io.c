/*
 * test_io - whole reads and writes over pipes that are small, slow,
 * interrupted or non-blocking; files replaced as a whole
 */
#include "compat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"

#include "tap.h"

#define BIG	((size_t)3 << 20)	/* many times what a pipe holds */

static char	big[BIG];
static volatile sig_atomic_t ticks;

static void
tick(int sig)
{
	(void)sig;
	ticks = ticks + 1;
}

/* Interrupt whatever is going on, every millisecond, until told not to. */
static void
interrupt(bool on)
{
	struct itimerval it = { { 0, on ? 1000 : 0 }, { 0, on ? 1000 : 0 } };
	struct sigaction sa = { .sa_handler = tick };	/* no SA_RESTART */

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &it, NULL);
}

static void
nap(long ms)
{
	struct timespec t = { 0, ms * 1000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

/* A child that runs f with its end of a pipe; the other end is returned. */
static int
with_child(void (*f)(int), bool writes, bool nonblock, pid_t *pid)
{
	int fd[2];

	if (pipe(fd) < 0 || (*pid = fork()) < 0) {
		perror("pipe, fork");
		exit(99);
	}
	if (*pid == 0) {
		interrupt(false);
		close(fd[!writes]);
		f(fd[writes]);
		_exit(0);
	}
	close(fd[writes]);
	if (nonblock)
		fcntl(fd[!writes], F_SETFL, O_NONBLOCK);
	return fd[!writes];
}

static int
ends(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* The child reads slowly at first and checks what it gets. */
static void
slow_reader(int fd)
{
	static char got[BIG + 1];
	size_t n = 0;
	ssize_t r;

	while (n < sizeof(got) &&
	    (r = read(fd, got + n, n < 20000 ? 1000 : sizeof(got) - n)) > 0) {
		n += (size_t)r;
		if (n < 20000)
			nap(3);
	}
	_exit(n == BIG && memcmp(got, big, BIG) == 0 ? 0 : 1);
}

static void
slow_writer(int fd)
{
	size_t n = 0, k;
	ssize_t w;

	while (n < BIG) {
		k = n < 20000 ? 1000 : BIG - n;
		w = write(fd, big + n, k);
		if (w < 0)
			_exit(1);
		n += (size_t)w;
		if (n < 20000)
			nap(3);
	}
}

static void
writes(bool nonblock, const char *name)
{
	struct iovec iov[3 * IOV_MAX];
	size_t i, n = HR_LEN(iov), at = 0, step = BIG / HR_LEN(iov) + 1;
	pid_t pid;
	int fd, rc, before;

	interrupt(true);
	before = ticks;
	fd = with_child(slow_reader, false, nonblock, &pid);
	rc = io_write(fd, big, BIG);
	close(fd);
	ok(rc == 0 && ends(pid) == 0, name);

	/* Empty pieces at both ends and between. */
	for (i = 0; i < n; i++) {
		size_t len = i % 5 == 0 || i == n - 1 ? 0 : step * 5 / 4 + 1;

		if (len > BIG - at)
			len = BIG - at;
		iov[i].iov_base = len == 0 ? NULL : big + at;
		iov[i].iov_len = len;
		at += len;
	}
	fd = with_child(slow_reader, false, nonblock, &pid);
	rc = io_writev(fd, iov, n);
	close(fd);
	ok(at == BIG && rc == 0 && ends(pid) == 0,
	    "the same from more pieces than one writev takes");
	interrupt(false);
	ok(ticks > before, "and was interrupted");
}

static void
reads(bool nonblock, const char *name)
{
	struct buf b = BUF_INIT;
	pid_t pid, to;
	int fd, out, rc;

	interrupt(true);
	fd = with_child(slow_writer, true, nonblock, &pid);
	rc = io_slurp(fd, &b);
	close(fd);
	ok(rc == 0 && ends(pid) == 0 && b.len == BIG &&
	    memcmp(b.p, big, BIG) == 0, name);
	buf_release(&b);

	fd = with_child(slow_writer, true, nonblock, &pid);
	out = with_child(slow_reader, false, nonblock, &to);
	rc = io_copy(fd, out);
	close(fd);
	close(out);
	ok(rc == 0 && ends(pid) == 0 && ends(to) == 0, "copied through");
	interrupt(false);
}

static void
ceiling(void)
{
	struct buf b = BUF_INIT, rest = BUF_INIT;
	pid_t pid;
	int fd;

	b.max = 100000;
	fd = with_child(slow_writer, true, false, &pid);
	ok(io_slurp(fd, &b) < 0 && errno == EMSGSIZE, "more than the ceiling");
	ok(b.len == b.max && memcmp(b.p, big, b.len) == 0,
	    "what was read is kept");
	ok(io_slurp(fd, &rest) == 0 && ends(pid) == 0 &&
	    b.len + rest.len == BIG &&
	    memcmp(rest.p, big + b.len, rest.len) == 0,
	    "what was not is still to be read: no byte is lost");
	close(fd);
	buf_release(&b);
	buf_release(&rest);
}

static void
failures(void)
{
	struct buf b = BUF_INIT;
	struct iovec iov = { big, 1 };
	int fd[2], full;

	ok(io_slurp(-1, &b) < 0 && errno == EBADF && b.len == 0,
	    "read of no descriptor");
	ok(io_write(-1, "", 0) == 0, "nothing to write always works");
	ok(io_write(-1, "x", 1) < 0 && errno == EBADF, "write to none");
	full = open(".", O_RDONLY);
	ok(io_slurp(full, &b) < 0 && errno == EISDIR, "read of a directory");
	close(full);
	full = open("/dev/full", O_WRONLY);
	ok(io_write(full, big, BIG) < 0 && errno == ENOSPC &&
	    io_writev(full, &iov, 1) < 0 && errno == ENOSPC, "no room");
	close(full);
	signal(SIGPIPE, SIG_IGN);
	if (pipe(fd) < 0)
		exit(99);
	close(fd[0]);
	ok(io_write(fd[1], "x", 1) < 0 && errno == EPIPE, "nobody reads");
	close(fd[1]);
	buf_release(&b);
}

static bool
file_is(const char *path, const void *mem, size_t n)
{
	struct buf b = BUF_INIT;
	int fd = open(path, O_RDONLY);
	bool same = fd >= 0 && io_slurp(fd, &b) == 0 && b.len == n &&
	    memcmp(b.p, mem, n) == 0;

	if (fd >= 0)
		close(fd);
	buf_release(&b);
	return same;
}

static unsigned
files_in(const char *dir)
{
	struct dirent *e;
	unsigned n = 0;
	DIR *d = opendir(dir);

	while (d != NULL && (e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	return n;
}

static void
replace(void)
{
	char dir[] = "test_io.XXXXXX", path[64], link[64];
	char far[PATH_MAX + 2];
	struct buf b = BUF_INIT;
	struct stat st;
	int fd, old;

	if (mkdtemp(dir) == NULL)
		exit(99);
	snprintf(path, sizeof(path), "%s/file", dir);
	snprintf(link, sizeof(link), "%s/hard", dir);
	umask(027);
	ok(io_replace(path, "old\0", 4) == 0 && file_is(path, "old\0", 4),
	    "a new file");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0640,
	    "mode 0644 less the umask");
	ok(umask(027) == 027, "the umask is as it was");
	old = open(path, O_RDONLY);
	ok(io_replace(path, big, BIG) == 0 && file_is(path, big, BIG),
	    "replaced");
	ok(io_slurp(old, &b) == 0 && span_eq(buf_span(&b), span_of("old\0", 4)),
	    "who had it open still reads all of the old one");
	close(old);
	buf_release(&b);
	ok(io_replace(path, NULL, 0) == 0 && file_is(path, "", 0), "emptied");

	snprintf(link, sizeof(link), "%s/missing/file", dir);
	ok(io_replace(link, "x", 1) < 0 && errno == ENOENT, "no such folder");
	snprintf(link, sizeof(link), "%s/folder", dir);
	if (mkdir(link, 0700) < 0)
		exit(99);
	ok(io_replace(link, "x", 1) < 0 && errno == EISDIR,
	    "a folder is not replaced");
	ok(files_in(dir) == 2, "and nothing is left beside");
	memset(far, 'x', sizeof(far) - 1);
	far[sizeof(far) - 1] = '\0';
	ok(io_replace(far, "x", 1) < 0 && errno == ENAMETOOLONG, "far");

	fd = open(path, O_WRONLY | O_TRUNC);
	if (io_write(fd, big, 1000) < 0)
		exit(99);
	close(fd);
	fd = open(path, O_RDONLY);
	lseek(fd, 990, SEEK_SET);
	ok(io_slurp(fd, &b) == 0 && b.len == 10, "from where the file stands");
	buf_reset(&b);
	b.max = 10;
	lseek(fd, 980, SEEK_SET);
	ok(io_slurp(fd, &b) < 0 && errno == EMSGSIZE && b.len == 10 &&
	    lseek(fd, 0, SEEK_CUR) == 990, "a file over the ceiling");
	close(fd);
	buf_release(&b);
	unlink(path);
	rmdir(link);
	ok(rmdir(dir) == 0, "folder empty at the end");
}

static void
exe(void)
{
	char dir[PATH_MAX], tiny[2];

	ok(io_exe_dir(dir, sizeof(dir)) == 0 && dir[0] == '/' &&
	    dir[strlen(dir) - 1] != '/', "where this program is");
	ok(io_exe_dir(tiny, sizeof(tiny)) < 0 && errno == ENAMETOOLONG,
	    "no room to say it");
}

int
main(void)
{
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < BIG; i++) {
		x = x * 1664525u + 1013904223u;
		big[i] = (char)(x >> 24);
	}
	writes(false, "3 MiB to a slow reader");
	writes(true, "3 MiB to a descriptor that does not block");
	reads(false, "3 MiB from a slow writer");
	reads(true, "3 MiB from a descriptor that does not block");
	ceiling();
	failures();
	replace();
	exe();
	return done();
}
