/*
 * mem - growing arrays with checked sizes
 */
#include "compat.h"

#include <stdlib.h>

#include "mem.h"

#define MIN_BYTES	64	/* below this malloc gives no less anyway */

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
	if (n > max)
		n = max;
	if (!mem_mul(n, size, &bytes))
		return NULL;
	q = realloc(p, bytes);
	if (q == NULL)
		return NULL;
	*cap = n;
	return q;
}
