/*
 * test_buf - the byte buffer: content, ceiling, sticky error
 */
#include "compat.h"

#include <errno.h>

#include "buf.h"

#include "tap.h"

static bool
holds(const struct buf *b, const char *p, size_t n)
{
	return b->len <= b->cap && b->cap <= b->max &&
	    span_eq(buf_span(b), span_of(p, n));
}

static void
content(void)
{
	struct buf b = BUF_INIT, moved;
	char *p;

	ok(b.len == 0 && buf_err(&b) == 0, "empty");
	buf_add(&b, NULL, 0);
	ok(b.len == 0 && buf_err(&b) == 0, "nothing added");
	buf_add(&b, "a\0b", 3);
	ok(holds(&b, "a\0b", 3), "NUL is data");
	buf_adds(&b, "cd");
	buf_addspan(&b, SPAN_LIT("ef"));
	buf_addc(&b, 'g');
	ok(holds(&b, "a\0bcdefg", 8), "all adders");
	buf_truncate(&b, 1);
	buf_addu(&b, 0);
	buf_addu(&b, UINT64_MAX);
	ok(holds(&b, "a018446744073709551615", 22), "numbers");
	buf_reset(&b);
	buf_addf(&b, "%s=%d", "x", -5);
	buf_addf(&b, "%s", "");
	ok(holds(&b, "x=-5", 4), "formatted, no NUL counted");
	p = buf_reserve(&b, 100);
	ok(p == b.p + 4 && b.cap - b.len >= 100, "room reserved");
	memset(p, 'z', 2);
	buf_commit(&b, 2);
	ok(holds(&b, "x=-5zz", 6), "and committed");
	moved = b;
	buf_addc(&moved, '!');
	ok(holds(&moved, "x=-5zz!", 7), "moved by assignment");
	buf_release(&moved);
	ok(moved.p == NULL && moved.len == 0 && moved.cap == 0, "released");
	buf_adds(&moved, "again");
	ok(holds(&moved, "again", 5), "of use after a release");
	buf_release(&moved);
}

static void
growth(void)
{
	struct buf b = BUF_INIT;
	bool good = true;
	size_t i;

	for (i = 0; i < 100000; i++)
		buf_addc(&b, (char)(i % 251));
	for (i = 0; i < b.len; i++)
		good = good && b.p[i] == (char)(i % 251);
	ok(good && b.len == 100000, "100000 bytes one by one");
	i = b.cap;
	buf_reset(&b);
	ok(b.len == 0 && b.cap == i, "reset keeps the memory");
	buf_release(&b);
}

static void
ceiling(void)
{
	struct buf b = BUF_INIT;
	int i;

	b.max = 4;
	for (i = 0; i < 4; i++)
		buf_addc(&b, 'x');
	ok(holds(&b, "xxxx", 4) && buf_err(&b) == 0, "full, no error");
	buf_addc(&b, 'y');
	ok(holds(&b, "xxxx", 4) && buf_err(&b) == EMSGSIZE,
	    "one byte over the ceiling");
	buf_truncate(&b, 1);
	buf_adds(&b, "z");
	buf_addc(&b, 'z');
	buf_addf(&b, "z");
	buf_addu(&b, 1);
	ok(holds(&b, "x", 1) && buf_err(&b) == EMSGSIZE,
	    "the error is sticky, though there is room");
	ok(buf_reserve(&b, 1) == NULL, "nothing reserved after an error");
	buf_reset(&b);
	ok(buf_err(&b) == 0, "reset clears the error");
	buf_adds(&b, "12345");
	ok(b.len == 0 && buf_err(&b) == EMSGSIZE, "never a part of an add");
	buf_release(&b);

	b.max = 4;
	buf_addf(&b, "%d", 1234);
	ok(holds(&b, "1234", 4) && buf_err(&b) == 0,
	    "formatted text may fill it to the last byte");
	buf_addf(&b, "%d", 5);
	ok(holds(&b, "1234", 4) && buf_err(&b) == EMSGSIZE,
	    "but not more");
	buf_release(&b);

	b.max = 0;
	ok(buf_reserve(&b, 0) != NULL && buf_err(&b) == 0,
	    "nothing fits into nothing");
	buf_addc(&b, 'x');
	ok(b.len == 0 && buf_err(&b) == EMSGSIZE, "ceiling 0");
	buf_release(&b);

	b.max = SIZE_MAX;
	ok(buf_reserve(&b, SIZE_MAX) == NULL && buf_err(&b) != 0,
	    "all memory there is, is not to be had");
	buf_reset(&b);
	buf_adds(&b, "x");
	ok(holds(&b, "x", 1), "no ceiling");
	b.max = 0;
	ok(buf_reserve(&b, 1) == NULL && buf_err(&b) == EMSGSIZE,
	    "a ceiling lowered below the content");
	buf_release(&b);
}

static void
spans(void)
{
	struct span none = span_of(NULL, 0), s = SPAN_LIT("ab\0c");

	ok(s.n == 4, "a literal with a NUL");
	ok(span_eq(none, SPAN_LIT("")), "empty spans are equal");
	ok(span_eq(span_skip(none, 0), none), "nothing skipped of nothing");
	ok(span_eq(span_skip(s, 2), span_of("\0c", 2)), "skip");
	ok(span_starts(s, SPAN_LIT("ab")) && span_starts(s, none) &&
	    !span_starts(SPAN_LIT("a"), s), "prefix");
	ok(span_cmp(SPAN_LIT("a"), SPAN_LIT("b")) < 0 &&
	    span_cmp(SPAN_LIT("ab"), SPAN_LIT("a")) > 0 &&
	    span_cmp(SPAN_LIT("\xFF"), SPAN_LIT("a")) > 0 &&
	    span_cmp(none, none) == 0, "order of bytes, prefix first");
}

static void
trimmed(void)
{
	struct buf b = BUF_INIT;

	buf_trim(&b);
	ok(b.p == NULL && buf_err(&b) == 0, "nothing has nothing to trim");
	buf_adds(&b, "what there is");
	(void)!buf_reserve(&b, 1000);
	buf_trim(&b);
	ok(b.cap == b.len && span_eq(buf_span(&b),
	    SPAN_LIT("what there is")), "trimmed to its content");
	buf_addf(&b, " and %d", 1);
	ok(span_eq(buf_span(&b), SPAN_LIT("what there is and 1")),
	    "it grows again");
	buf_release(&b);
}

int
main(void)
{
	content();
	growth();
	ceiling();
	spans();
	trimmed();
	return done();
}
