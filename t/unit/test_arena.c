/*
 * test_arena - alignment, reuse and the ceiling of the bump allocator
 */
#include "compat.h"

#include "arena.h"

#include "tap.h"

static bool
aligned(const void *p)
{
	return p != NULL && (uintptr_t)p % _Alignof(max_align_t) == 0;
}

static void
allocation(void)
{
	struct arena a = ARENA_INIT;
	char *p[200];
	bool good = true;
	struct span s;
	size_t i, k;

	for (i = 0; i < HR_LEN(p); i++) {
		p[i] = arena_alloc(&a, i * 7);
		good = good && aligned(p[i]);
		if (p[i] != NULL)
			memset(p[i], (int)i, i * 7);
	}
	ok(good, "aligned, also for 0 bytes");
	for (i = 0; i < HR_LEN(p); i++)
		for (k = 0; k < i * 7; k++)
			good = good && p[i][k] == (char)i;
	ok(good, "no two overlap");
	ok(p[0] != p[1], "0 bytes have an address of their own");
	s = arena_dup(&a, SPAN_LIT("x\0y"));
	ok(span_eq(s, SPAN_LIT("x\0y")), "a copy of a span");
	s = arena_dup(&a, span_of(NULL, 0));
	ok(s.p != NULL && s.n == 0, "a copy of nothing");
	p[0] = arena_alloc(&a, (size_t)3 << 20);
	ok(aligned(p[0]), "larger than a block");
	ok(a.total >= (size_t)3 << 20, "counted");
	k = a.total;
	arena_reset(&a);
	ok(a.used == 0 && a.total >= (size_t)3 << 20 && a.total < k,
	    "reset keeps the largest block alone");
	p[1] = arena_alloc(&a, 1000);
	ok(aligned(p[1]) && a.total < k, "which is used again");
	arena_release(&a);
	ok(a.total == 0, "released");
	p[1] = arena_alloc(&a, 1);
	ok(aligned(p[1]), "of use after a release");
	arena_release(&a);
	arena_reset(&a);
	ok(a.total == 0, "reset of an empty one");
}

static void
ceiling(void)
{
	struct arena a = ARENA_INIT;
	size_t n = 0;

	ok(arena_alloc(&a, SIZE_MAX) == NULL &&
	    arena_alloc(&a, SIZE_MAX - 8) == NULL, "sizes that overflow");
	ok(arena_array(&a, SIZE_MAX / 4, 8) == NULL, "arrays that overflow");
	ok(arena_array(&a, 5, 8) != NULL, "an array");
	arena_release(&a);

	a.max = 256;
	while (n < 1000 && arena_alloc(&a, 16) != NULL)
		n++;
	ok(n == 16, "a ceiling below the first block: 16 of 16 bytes");
	ok(a.total <= a.max, "not above the ceiling");
	arena_release(&a);

	a.max = 100000;
	for (n = 0; n < 10000 && arena_alloc(&a, 16) != NULL; n++)
		;
	ok(n >= 100000 / 16 - 16 && n <= 100000 / 16,
	    "the last block is cut to fit the ceiling");
	ok(a.total <= a.max, "still not above it");
	ok(arena_dup(&a, SPAN_LIT("12345678901234567")).p == NULL,
	    "a copy that does not fit");
	arena_release(&a);
}

static void
rewinding(void)
{
	struct arena a = ARENA_INIT;
	struct arena_mark empty = arena_mark(&a), m;
	char *p, *q;
	size_t total;

	p = arena_alloc(&a, 100);
	memset(p, 'p', 100);
	total = a.total;
	m = arena_mark(&a);
	q = arena_alloc(&a, 16);
	ok(arena_alloc(&a, 100000) != NULL && a.total > total,
	    "another block");
	arena_rewind(&a, m);
	ok(a.total == total && arena_alloc(&a, 16) == q,
	    "rewound, the same memory comes again");
	ok(p[0] == 'p' && p[99] == 'p', "what was before the mark stays");
	arena_rewind(&a, empty);
	ok(a.total == 0 && a.head == NULL, "back to nothing");
	arena_release(&a);
}

int
main(void)
{
	allocation();
	rewinding();
	ceiling();
	return done();
}
