/*
 * arena.h - many small allocations, freed together
 *
 *	struct arena a = ARENA_INIT;
 *
 *	x = arena_alloc(&a, n * sizeof(*x));	// aligned for any type
 *	if (x == NULL)
 *		...
 *	arena_reset(&a);			// all gone, memory kept
 *	arena_release(&a);
 *
 * Memory is not cleared.  Nothing is freed singly, only the latest together.
 * ARENA_INIT costs nothing until the first allocation.  A ceiling (max, bytes
 * over all blocks) turns hostile input into NULL instead of an exhausted
 * machine.
 */
#ifndef HR_ARENA_H
#define HR_ARENA_H

#include "compat.h"

#include "span.h"

struct arena_block;

struct arena {
	struct arena_block	*head;	/* block in use, older ones behind it */
	size_t			 used;	/* bytes taken in head */
	size_t			 total;	/* bytes allocated over all blocks */
	size_t			 max;
};

#define ARENA_INIT	{ .max = SIZE_MAX / 2 }

void	*arena_alloc(struct arena *a, size_t n) HR_MUST_USE;

/* n elements of size bytes each, overflow checked. */
void	*arena_array(struct arena *a, size_t n, size_t size) HR_MUST_USE;

/* A copy of s; p is NULL when there was no memory. */
struct span arena_dup(struct arena *a, struct span s) HR_MUST_USE;

/* Forget what was allocated since the mark; later marks are void. */
struct arena_mark {
	struct arena_block	*head;
	size_t			 used;
};

struct arena_mark arena_mark(const struct arena *a);
void	 arena_rewind(struct arena *a, struct arena_mark m);

/* Forget everything; the largest block is kept for the next use. */
void	 arena_reset(struct arena *a);
void	 arena_release(struct arena *a);

#endif
