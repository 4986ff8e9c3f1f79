/*
 * mem.h - sizes that cannot overflow, memory that cannot be forgotten
 *
 * The library never exits for lack of memory: these return NULL or false and
 * the caller passes that on (most through the sticky error of buf.h or the
 * NULL of arena.h).
 */
#ifndef HR_MEM_H
#define HR_MEM_H

#include "compat.h"

/* *r = a + b or a * b.  False, and *r undefined, when it does not fit. */
HR_INLINE bool HR_MUST_USE
mem_add(size_t a, size_t b, size_t *r)
{
	return !__builtin_add_overflow(a, b, r);
}

HR_INLINE bool HR_MUST_USE
mem_mul(size_t a, size_t b, size_t *r)
{
	return !__builtin_mul_overflow(a, b, r);
}

/*
 * Make room for at least `want` elements of `size` bytes in the array p,
 * which holds *cap of them; grows by half again, never above max elements.
 * Returns the array (moved or not) with *cap set, or NULL with p and *cap
 * as they were when memory or max does not allow it.  p may be NULL when
 * *cap is 0.  The caller frees the array with free().
 */
void	*mem_grow(void *p, size_t *cap, size_t want, size_t size, size_t max)
	    HR_MUST_USE;

/*
 * Memory that is about to be filled from its beginning.  If it is much, the
 * system is asked for large pages, which come several times as fast.
 * mem_grow() does that by itself.
 */
void	 mem_large(void *p, size_t bytes);

#endif
