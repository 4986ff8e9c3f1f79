/*
 * test_mem - growing arrays, checked sizes
 */
#include "compat.h"

#include "mem.h"

#include "tap.h"

static void
sizes(void)
{
	size_t r;

	ok(mem_add(1, 2, &r) && r == 3, "add");
	ok(mem_add(SIZE_MAX, 0, &r) && r == SIZE_MAX, "add up to the last");
	ok(!mem_add(SIZE_MAX, 1, &r), "add over the last");
	ok(mem_mul(3, 4, &r) && r == 12, "mul");
	ok(!mem_mul(SIZE_MAX / 2, 3, &r), "mul over the last");
	ok(mem_mul(0, SIZE_MAX, &r) && r == 0, "mul with zero");
}

static void
growing(void)
{
	size_t cap = 0, was;
	unsigned *a, *b;
	unsigned i, n = 0;

	a = mem_grow(NULL, &cap, 1, sizeof(*a), 1000);
	ok(a != NULL && cap >= 1 && cap <= 1000, "first");
	for (i = 0; a != NULL && i < 1000; i++) {
		was = cap;
		b = mem_grow(a, &cap, i + 1, sizeof(*a), 1000);
		if (b == NULL)
			break;
		a = b;
		a[i] = i;
		n += cap != was;
	}
	ok(i == 1000, "up to the ceiling");
	ok(n < 20, "in steps that grow");
	ok(cap == 1000, "not above the ceiling");
	for (i = 0; i < 1000 && a[i] == i; i++)
		;
	ok(i == 1000, "content moves along");
	b = mem_grow(a, &cap, 1001, sizeof(*a), 1000);
	ok(b == NULL && cap == 1000 && a[999] == 999, "refused, array intact");
	b = mem_grow(a, &cap, 5, sizeof(*a), 1000);
	ok(b == a && cap == 1000, "never shrinks");
	free(a);
}

/* Beyond what is given large pages. */
static void
large(void)
{
	size_t cap = 0, i, n;
	unsigned *a = NULL, *b;

	for (n = 1; n < (8u << 20); n *= 3) {
		b = mem_grow(a, &cap, n, sizeof(*a), SIZE_MAX / 8);
		if (b == NULL)
			break;
		a = b;
		for (i = n / 3; i < n; i++)
			a[i] = (unsigned)i;
	}
	for (i = 0; i < n / 3 && a[i] == i; i++)
		;
	ok(n >= (8u << 20) && i == n / 3, "content of a large one stays");
	b = mem_grow(a, &cap, cap + 1, sizeof(*a), cap + 1);
	ok(b != NULL && cap > n / 3, "a large one grows to its ceiling");
	free(b != NULL ? b : a);
	cap = 0;
	a = mem_grow(NULL, &cap, 2000000, sizeof(*a), 2000001);
	ok(a != NULL && cap <= 2000001, "no rounding beyond the ceiling");
	free(a);
}

static void
ceilings(void)
{
	size_t cap = 0, max;
	bool good = true;
	void *p;

	/* The smallest allocation must not be more than the ceiling. */
	for (max = 1; max < 200; max++) {
		cap = 0;
		p = mem_grow(NULL, &cap, 1, 1, max);
		good = good && p != NULL && cap >= 1 && cap <= max;
		free(p);
	}
	ok(good, "a small ceiling holds from the first byte");
	cap = 0;
	ok(mem_grow(NULL, &cap, 1, 1, 0) == NULL && cap == 0, "ceiling 0");
	cap = 0;
	ok(mem_grow(NULL, &cap, SIZE_MAX / 2, 16, SIZE_MAX) == NULL &&
	    cap == 0, "overflow of bytes");
	cap = 0;
	p = mem_grow(NULL, &cap, 3, 4096, SIZE_MAX);
	ok(p != NULL && cap >= 3, "elements larger than the first step");
	free(p);
}

int
main(void)
{
	sizes();
	growing();
	large();
	ceilings();
	return done();
}
