/*
 * buf - a growable byte buffer
 */
#include "compat.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "mem.h"

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->err = 0;
}

void
buf_release(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->len = b->cap = 0;
	b->err = 0;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t alloc, want, max;
	char *p;

	if (b->err)
		return NULL;
	if (b->len > b->max || n > b->max - b->len) {
		b->err = EMSGSIZE;
		return NULL;
	}
	if (n > b->cap - b->len || b->p == NULL) {
		/*
		 * One byte more than cap is allocated: buf_addf needs room for
		 * a NUL, and what was reserved has an address though it is
		 * nothing.
		 */
		alloc = b->p == NULL ? 0 : b->cap + 1;
		max = b->max == SIZE_MAX ? SIZE_MAX : b->max + 1;
		if (!mem_add(b->len + n, 1, &want) ||
		    (p = mem_grow(b->p, &alloc, want, 1, max)) == NULL) {
			b->err = ENOMEM;
			return NULL;
		}
		b->p = p;
		b->cap = alloc - 1;
	}
	return b->p + b->len;
}

void
buf_commit(struct buf *b, size_t n)
{
	assert(n <= b->cap - b->len);
	b->len += n;
}

void
buf_trim(struct buf *b)
{
	char *p = b->p == NULL ? NULL : realloc(b->p, b->len + 1);

	if (p == NULL)
		return;
	b->p = p;
	b->cap = b->len;
}

void
buf_truncate(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
}

void
buf_add(struct buf *b, const void *mem, size_t n)
{
	char *p;

	if (n == 0)
		return;
	p = buf_reserve(b, n);
	if (p != NULL) {
		memcpy(p, mem, n);
		b->len += n;
	}
}

void
buf_addc_slow(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_adds(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

void
buf_addspan(struct buf *b, struct span s)
{
	buf_add(b, s.p, s.n);
}

void
buf_addu(struct buf *b, uint64_t v)
{
	char d[20], *p = d + sizeof(d);

	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	buf_add(b, p, (size_t)(d + sizeof(d) - p));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {	/* longer than an int can say */
		b->err = b->err != 0 ? b->err : EMSGSIZE;
		return;
	}
	/* The byte behind what is reserved takes vsnprintf's NUL. */
	p = buf_reserve(b, (size_t)n);
	if (p == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}
