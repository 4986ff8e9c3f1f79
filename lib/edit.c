/*
 * edit - replaced spans, written around the text that stays
 */
#include "compat.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "edit.h"
#include "io.h"
#include "mem.h"

#define BATCH	256	/* vectors for one writev, 4 KiB of stack */

void
edits_add(struct edits *l, size_t start, size_t end, struct span with)
{
	struct edit *e;

	if (l->err)
		return;
	assert(start <= end);
	assert(l->n == 0 || l->e[l->n - 1].end <= start);
	e = mem_grow(l->e, &l->cap, l->n + 1, sizeof(*e),
	    SIZE_MAX / sizeof(*e));
	if (e == NULL) {
		l->err = ENOMEM;
		return;
	}
	l->e = e;
	l->e[l->n++] = (struct edit){ start, end, with };
}

void
edits_reset(struct edits *l)
{
	l->n = 0;
	l->err = 0;
}

void
edits_release(struct edits *l)
{
	free(l->e);
	*l = (struct edits)EDITS_INIT;
}

size_t
edits_length(const struct edits *l, size_t textlen)
{
	size_t i, n = textlen;

	/* Modulo 2^N in between, right in the end. */
	for (i = 0; i < l->n; i++)
		n += l->e[i].with.n - (l->e[i].end - l->e[i].start);
	return n;
}

/* The text that stays from byte `from` to byte `to`. */
static struct span
kept(struct span text, size_t from, size_t to)
{
	assert(from <= to && to <= text.n);
	return text.n == 0 ? text : span_of(text.p + from, to - from);
}

/* Add s to the n vectors; struct iovec serves readers too, hence no const. */
static size_t
vector(struct iovec *iov, size_t n, struct span s)
{
	union { const char *in; void *out; } u = { .in = s.p };

	if (s.n > 0)
		iov[n++] = (struct iovec){ .iov_base = u.out, .iov_len = s.n };
	return n;
}

int
edits_write(const struct edits *l, struct span text, int fd)
{
	struct iovec iov[BATCH];
	size_t i, n = 0, at = 0;

	if (l->err) {
		errno = l->err;
		return -1;
	}
	for (i = 0; i < l->n; i++) {
		const struct edit *e = &l->e[i];

		n = vector(iov, n, kept(text, at, e->start));
		n = vector(iov, n, e->with);
		at = e->end;
		/* Two more and the rest must fit. */
		if (n + 3 > BATCH) {
			if (io_writev(fd, iov, n) < 0)
				return -1;
			n = 0;
		}
	}
	n = vector(iov, n, kept(text, at, text.n));
	return io_writev(fd, iov, n);
}

void
edits_apply(const struct edits *l, struct span text, struct buf *out)
{
	size_t i, at = 0;

	if (l->err) {
		if (!out->err)
			out->err = l->err;
		return;
	}
	for (i = 0; i < l->n; i++) {
		buf_addspan(out, kept(text, at, l->e[i].start));
		buf_addspan(out, l->e[i].with);
		at = l->e[i].end;
	}
	buf_addspan(out, kept(text, at, text.n));
}
