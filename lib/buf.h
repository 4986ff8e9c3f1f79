/*
 * buf.h - a byte buffer that grows, with a ceiling and a sticky error
 *
 *	struct buf b = BUF_INIT;
 *
 *	buf_adds(&b, "rows: ");
 *	buf_addu(&b, n);
 *	if (buf_err(&b))
 *		...			// once, at the end
 *	buf_release(&b);
 *
 * Invariants: p[0..len) is the content, cap bytes may be used, len <= cap
 * <= max; the owner sets max before the first byte goes in.  p may be NULL
 * while cap is 0.  NUL is data and nothing is NUL-terminated.  The first
 * failure (ENOMEM, or EMSGSIZE at the ceiling max) is kept in err; from then
 * on adders do nothing, so that a writer checks once.  buf_reset() clears the
 * error and keeps the memory for the next use; buf_release() frees it.  A
 * struct buf may be moved by assignment if the old one is not used again.
 */
#ifndef HR_BUF_H
#define HR_BUF_H

#include "compat.h"

#include "span.h"

struct buf {
	char	*p;
	size_t	 len;
	size_t	 cap;
	size_t	 max;	/* ceiling in bytes */
	int	 err;	/* 0, ENOMEM or EMSGSIZE */
};

#define BUF_INIT	{ .p = NULL, .max = SIZE_MAX / 2 }

/* Life cycle. */
void	 buf_reset(struct buf *b);
void	 buf_release(struct buf *b);

/* Content.  The memory added must not lie in the buffer itself. */
void	 buf_add(struct buf *b, const void *mem, size_t n);
void	 buf_adds(struct buf *b, const char *z);
void	 buf_addspan(struct buf *b, struct span s);
void	 buf_addf(struct buf *b, const char *fmt, ...) HR_PRINTF(2, 3);
void	 buf_addu(struct buf *b, uint64_t v);	/* in decimal */
void	 buf_addc_slow(struct buf *b, char c);	/* what buf_addc calls */

HR_INLINE void
buf_addc(struct buf *b, char c)
{
	if (hr_likely(b->len < b->cap && b->err == 0))
		b->p[b->len++] = c;
	else
		buf_addc_slow(b, c);
}

/*
 * Room for n more bytes at the end, to be filled by the caller and then
 * counted with buf_commit (at most n).  NULL, and the sticky error, if not
 * to be had.
 */
char	*buf_reserve(struct buf *b, size_t n) HR_MUST_USE;
void	 buf_commit(struct buf *b, size_t n);

/* Give back the room behind the content; what is there stays usable. */
void	 buf_trim(struct buf *b);

/* Forget all bytes from len on; len is at most b->len. */
void	 buf_truncate(struct buf *b, size_t len);

HR_INLINE int HR_MUST_USE
buf_err(const struct buf *b)
{
	return b->err;
}

HR_INLINE struct span
buf_span(const struct buf *b)
{
	return (struct span){ b->p, b->len };
}

#endif
