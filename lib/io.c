/*
 * io - whole reads and writes
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"

#define CHUNK	((size_t)64 << 10)	/* what a pipe holds on Linux */

/*
 * Whether to try again after a failed transfer.  A pipe inherited from a
 * program with an event loop may be non-blocking: then wait for it.
 */
static bool
again(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

ssize_t
io_read(int fd, void *mem, size_t n)
{
	ssize_t r;

	do
		r = read(fd, mem, n);
	while (r < 0 && again(fd, POLLIN));
	return r;
}

/*
 * A first guess of what is to come: a regular file's rest.  More than one
 * byte too many, so that the end of file is seen without growing again.
 */
static size_t
expected(int fd)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return CHUNK;
	at = lseek(fd, 0, SEEK_CUR);
	if (at < 0 || st.st_size <= at)
		return CHUNK;
	return (size_t)(st.st_size - at) + 1;
}

int
io_slurp(int fd, struct buf *b)
{
	size_t want = expected(fd), room;
	ssize_t n;
	char *p;

	for (;;) {
		/*
		 * Full, and a read to see whether there is more would take a
		 * byte that a caller who passes the rest on would then miss.
		 */
		if (b->len >= b->max) {
			errno = EMSGSIZE;
			return -1;
		}
		room = b->max - b->len;
		/* Grow only when full: mostly the next read is the end. */
		if (b->cap > b->len && want == CHUNK)
			want = 1;
		p = buf_reserve(b, want < room ? want : room);
		if (p == NULL) {
			errno = buf_err(b);
			return -1;
		}
		if (room > b->cap - b->len)
			room = b->cap - b->len;
		n = io_read(fd, p, room);
		if (n <= 0)
			return (int)n;
		buf_commit(b, (size_t)n);
		want = CHUNK;
	}
}

int
io_write(int fd, const void *mem, size_t n)
{
	const char *p = mem;
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w < 0) {
			if (again(fd, POLLOUT))
				continue;
			return -1;
		}
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

int
io_writev(int fd, struct iovec *iov, size_t n)
{
	ssize_t w;
	size_t k;

	while (n > 0) {
		if (iov->iov_len == 0) {
			iov++, n--;
			continue;
		}
		w = writev(fd, iov, n < IOV_MAX ? (int)n : IOV_MAX);
		if (w < 0) {
			if (again(fd, POLLOUT))
				continue;
			return -1;
		}
		for (k = (size_t)w; n > 0 && k >= iov->iov_len; iov++, n--)
			k -= iov->iov_len;
		if (k > 0) {
			iov->iov_base = (char *)iov->iov_base + k;
			iov->iov_len -= k;
		}
	}
	return 0;
}

int
io_copy(int from, int to)
{
	char chunk[CHUNK];
	ssize_t n;

	for (;;) {
		n = io_read(from, chunk, sizeof(chunk));
		if (n <= 0)
			return (int)n;
		if (io_write(to, chunk, (size_t)n) < 0)
			return -1;
	}
}

int
io_replace(const char *path, const void *mem, size_t n)
{
	char tmp[PATH_MAX];
	mode_t mask;
	int fd, len, saved;

	len = snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path);
	if (len < 0 || (size_t)len >= sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(tmp);
	if (fd < 0)
		return -1;
	mask = umask(0);
	umask(mask);
	if (io_write(fd, mem, n) < 0 || fchmod(fd, 0644 & ~mask) < 0 ||
	    fsync(fd) < 0)
		goto fail;
	if (close(fd) < 0) {
		fd = -1;
		goto fail;
	}
	fd = -1;
	if (rename(tmp, path) == 0)
		return 0;
fail:
	saved = errno;
	if (fd >= 0)
		close(fd);
	unlink(tmp);
	errno = saved;
	return -1;
}

int
io_exe_dir(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size);
	char *slash;

	if (n < 0)
		return -1;
	if ((size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (slash == NULL) {
		errno = ENOENT;
		return -1;
	}
	*slash = '\0';
	return 0;
}
