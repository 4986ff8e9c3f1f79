/*
 * arena - bump allocation in blocks of doubling size
 */
#include "compat.h"

#include <stdlib.h>

#include "arena.h"
#include "mem.h"

#define ALIGN		_Alignof(max_align_t)
#define FIRST_BLOCK	((size_t)4 << 10)
#define LARGEST_STEP	((size_t)1 << 20)	/* blocks double up to this */

struct arena_block {
	struct arena_block	*next;
	size_t			 size;	/* bytes in mem */
	_Alignas(max_align_t) char mem[];
};

static bool
grow(struct arena *a, size_t n)
{
	size_t size = a->head == NULL ? FIRST_BLOCK : a->head->size * 2;
	size_t bytes;
	struct arena_block *b;

	if (size > LARGEST_STEP)
		size = LARGEST_STEP;
	if (size < n)
		size = n;
	/* Under the ceiling the last block is smaller, not refused. */
	if (a->total > a->max || n > a->max - a->total)
		return false;
	if (size > a->max - a->total)
		size = a->max - a->total;
	if (!mem_add(size, sizeof(*b), &bytes))
		return false;
	b = malloc(bytes);
	if (b == NULL)
		return false;
	b->next = a->head;
	b->size = size;
	a->head = b;
	a->used = 0;
	a->total += size;
	return true;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	void *p;

	if (n > SIZE_MAX - ALIGN)
		return NULL;
	n = n == 0 ? ALIGN : (n + ALIGN - 1) / ALIGN * ALIGN;
	if ((a->head == NULL || n > a->head->size - a->used) && !grow(a, n))
		return NULL;
	p = a->head->mem + a->used;
	a->used += n;
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	return mem_mul(n, size, &bytes) ? arena_alloc(a, bytes) : NULL;
}

struct span
arena_dup(struct arena *a, struct span s)
{
	char *p = arena_alloc(a, s.n);

	if (p != NULL && s.n > 0)
		memcpy(p, s.p, s.n);
	return span_of(p, s.n);
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->head, a->used };
}

void
arena_rewind(struct arena *a, struct arena_mark m)
{
	struct arena_block *b;

	while (a->head != m.head) {
		b = a->head;
		a->head = b->next;
		a->total -= b->size;
		free(b);
	}
	a->used = m.used;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL, *b = a->head, *next;

	for (; b != NULL; b = next) {
		next = b->next;
		if (keep == NULL || b->size > keep->size) {
			free(keep);
			keep = b;
		} else
			free(b);
	}
	a->head = keep;
	a->used = 0;
	a->total = keep == NULL ? 0 : keep->size;
	if (keep != NULL)
		keep->next = NULL;
}

void
arena_release(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
	a->used = a->total = 0;
}
