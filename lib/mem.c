/*
 * mem - growing arrays with checked sizes
 */
#include "compat.h"

#include <stdlib.h>
#if defined(__GLIBC__)
# include <malloc.h>
# include <sys/mman.h>
#endif

#include "mem.h"

#define MIN_BYTES	64	/* below this malloc gives no less anyway */
#define PAGE		((uintptr_t)4096)	/* of no system less */
#define LARGE		((size_t)4 << 20)
#define HUGE_PAGE	((size_t)2 << 20)	/* of x86-64 and most others */

/*
 * All of the mapping or nothing of it: realloc() cannot move a mapping of
 * which a part only has the advice, and would copy it.
 */
void
mem_large(void *p, size_t bytes)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
	uintptr_t at = (uintptr_t)p, from = at & ~(PAGE - 1), to;

	if (bytes < LARGE)
		return;
	to = (at + malloc_usable_size(p) + PAGE - 1) & ~(PAGE - 1);
	/* Advice that is not taken changes nothing. */
	(void)madvise((char *)p - (at - from), to - from, MADV_HUGEPAGE);
#else
	(void)p;	/* elsewhere there is nobody to advise */
	(void)bytes;
#endif
}

/*
 * So many elements that a mapping of them is whole large pages, which are
 * then where it begins and ends; malloc adds a few bytes of its own.
 */
static size_t
rounded(size_t n, size_t size, size_t max)
{
	size_t bytes;

	if (n > (SIZE_MAX / 2) / size || n * size < LARGE)
		return n;
	bytes = (n * size + PAGE + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	n = (bytes - PAGE) / size;
	return n < max ? n : max;
}

void *
mem_grow(void *p, size_t *cap, size_t want, size_t size, size_t max)
{
	size_t n = *cap, bytes;
	void *q;

	if (want <= n)
		return p;
	if (want > max)
		return NULL;
	if (n < MIN_BYTES / size)
		n = MIN_BYTES / size;
	else if (!mem_add(n, n / 2, &n))
		n = max;
	if (n < want)
		n = want;
	n = rounded(n < max ? n : max, size, max);
	if (!mem_mul(n, size, &bytes))
		return NULL;
	q = realloc(p, bytes);
	if (q == NULL)
		return NULL;
	mem_large(q, bytes);
	*cap = n;
	return q;
}
