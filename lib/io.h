/*
 * io.h - descriptors read and written to the end
 *
 * All retry EINTR and short transfers, wait where a descriptor does not block
 * (others that share it may have set that), and return 0, or -1 with errno,
 * unless they say otherwise.
 */
#ifndef HR_IO_H
#define HR_IO_H

#include "compat.h"

#include <sys/uio.h>

#include "buf.h"

/*
 * Append all that can be read from fd to b.  At the ceiling of b: -1 with
 * EMSGSIZE, and b holds what had been read (b->max bytes); the rest, if any,
 * is still to be read from fd.
 */
int	io_slurp(int fd, struct buf *b) HR_MUST_USE;

/* Read once, up to n bytes: how many, 0 at the end, -1 with errno. */
ssize_t	io_read(int fd, void *mem, size_t n) HR_MUST_USE;

int	io_write(int fd, const void *mem, size_t n) HR_MUST_USE;

/* Consumes the vector: its entries are changed. */
int	io_writev(int fd, struct iovec *iov, size_t n) HR_MUST_USE;

/* Copy fd to fd until end of file, nothing kept. */
int	io_copy(int from, int to) HR_MUST_USE;

/*
 * Replace the file `path` by these bytes, mode 0644 less the umask, so that
 * any reader sees the old content or the new, never a part: written beside
 * it, flushed to disk, renamed.
 */
int	io_replace(const char *path, const void *mem, size_t n) HR_MUST_USE;

/* The directory of the running program, without a slash at the end. */
int	io_exe_dir(char *out, size_t size) HR_MUST_USE;

#endif
