/*
 * tok_fd - counts what a descriptor gives
 */
#include "compat.h"

#include <errno.h>

#include "io.h"
#include "tok.h"

/*
 * A chunk that is read again and again stays in the cache and is paged in
 * once; more than this did not count faster.
 */
#define CHUNK	((size_t)64 << 10)

/* Read once behind what b holds; bytes read, 0 at the end, -1. */
static ssize_t
fill(int fd, struct buf *b)
{
	size_t want = b->len < CHUNK ? CHUNK - b->len : b->len;
	char *p = buf_reserve(b, want);
	ssize_t n;

	if (p == NULL) {
		errno = buf_err(b);
		return -1;
	}
	n = io_read(fd, p, want);
	if (n > 0)
		buf_commit(b, (size_t)n);
	return n;
}

int
tok_count_fd(struct tok *t, int fd, struct buf *b, struct tok_sum *sum)
{
	size_t used, rest;
	ssize_t n;

	buf_reset(b);
	do {
		n = fill(fd, b);
		if (n < 0)
			return -1;
		sum->bytes += (uint64_t)n;
		sum->tokens += tok_count_chunk(t, buf_span(b), n == 0, &used);
		rest = b->len - used;
		if (used > 0 && rest > 0)
			memmove(b->p, b->p + used, rest);
		buf_truncate(b, rest);
	} while (n > 0);
	errno = tok_err(t);
	return errno == 0 ? 0 : -1;
}
