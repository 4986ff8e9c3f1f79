/*
 * test_forward_memo - beginnings of bodies that are found again
 */
#include "compat.h"

#include "forward_impl.h"
#include "tap.h"

#define BODY	4096	/* bytes */

static char text[BODY], other[BODY];

static const struct span body = { text, BODY };

/* The body up to n, and something else from there on. */
static struct span
body_until(size_t n)
{
	memcpy(other, text, BODY);
	memset(other + n, '#', BODY - n);
	return span_of(other, BODY);
}

static struct memo
memo_with(size_t a, size_t b, size_t c)
{
	struct memo m = { .renewed = 1, .ncuts = 3 };

	m.cut[0].len = a;
	m.cut[1].len = b;
	m.cut[2].len = c;
	return m;
}

/* The length of the place that is found, or 0. */
static size_t
found(struct memos *m, struct span s, uint64_t renewed)
{
	unsigned cut;
	const struct memo *e = memo_find(m, s, renewed, &cut);

	return e != NULL ? e->cut[cut].len : 0;
}

static void
test_longest(void)
{
	struct memos m = { .seed = 7 };
	struct memo like = memo_with(2000, 3000, 4000);

	ok(found(&m, body, 1) == 0, "nothing is known at first");
	memo_keep(&m, NULL, &like, body);
	ok(found(&m, body, 1) == 4000, "the longest place");
	ok(found(&m, body_until(3500), 1) == 3000, "the longest the same");
	ok(found(&m, body_until(1999), 1) == 0, "none is the same");
	ok(found(&m, span_of(text, 3999), 1) == 3000, "a shorter body");
	ok(found(&m, body, 2) == 0, "not after renewal is due");
	memos_release(&m);
}

/* Places before what was found are the old ones, those behind it are new. */
static void
test_goes_on(void)
{
	struct memos m = { .seed = 7 };
	struct memo like = memo_with(1500, 2000, 3000), *old;
	unsigned cut;

	(void)found(&m, body, 1);
	memo_keep(&m, NULL, &like, body);
	old = memo_find(&m, body, 1, &cut);
	like = *old;
	like.cut[3].len = 4000;
	like.ncuts = 4;
	memo_keep(&m, old, &like, body);
	ok(found(&m, body, 1) == 4000, "the new place");
	ok(found(&m, body_until(2500), 1) == 2000, "an old one");
	ok(m.n == 1, "one memo for both");
	memos_release(&m);
}

/* What was read from its beginning has new places before that, too. */
static void
test_starts_over(void)
{
	struct memos m = { .seed = 7 };
	struct memo like = memo_with(2000, 3000, 4000), *old;
	unsigned cut;

	(void)found(&m, body, 1);
	memo_keep(&m, NULL, &like, body);
	old = memo_find(&m, body, 1, &cut);
	memos_restart(&m);
	like = memo_with(1500, 2500, 3500);
	memo_keep(&m, old, &like, body);
	ok(found(&m, body, 1) == 3500, "the last of them");
	ok(found(&m, body_until(2600), 1) == 2500, "the one in the middle");
	ok(found(&m, body_until(2400), 1) == 1500, "the first");
	memos_release(&m);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < BODY; i++)
		text[i] = (char)('a' + i * i % 23);
	test_longest();
	test_goes_on();
	test_starts_over();
	return done();
}
