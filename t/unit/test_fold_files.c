/*
 * Lines that end in paths: those of one folder become one, and come back.
 */
#include "compat.h"

#include <stdlib.h>

#include "fold.h"
#include "fold_files.h"
#include "log_expand.h"
#include "tap.h"

#define ROUNDS	300
#define SAYS	" lines, files of a folder joined: FOLDER/: FILE FILE\n"

static uint64_t state;

static unsigned
rnd(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static bool
folds(const char *text, const char *want)
{
	struct buf out = BUF_INIT;
	bool same = fold_files(span_z(text), &out) &&
	    span_eq(buf_span(&out), span_z(want));

	if (!same)
		printf("# %.*s\n", (int)out.len, out.p);
	buf_release(&out);
	return same;
}

static bool
folds_not(const char *text)
{
	struct buf out = BUF_INIT;
	bool folded = fold_files(span_z(text), &out);

	buf_release(&out);
	return !folded;
}

static enum squash_expanded
expand(const char *in, const char *want)
{
	struct buf out = BUF_INIT;
	enum squash_expanded rc = log_expand(span_z(in), &out);

	if (rc == EXPAND_OK && !span_eq(buf_span(&out), span_z(want)))
		rc = EXPAND_FAILED;
	buf_release(&out);
	return rc;
}

static void
test_forms(void)
{
	ok(folds("Checking\n[warn] a/b/x.ts\n[warn] a/b/y.ts\n[warn] a/b/z\n"
	    "[warn] a/c/x.ts\ndone\n",
	    "6" SAYS "Checking\n[warn] a/b/: x.ts y.ts z\n"
	    "[warn] a/c/x.ts\ndone\n"), "what stands before paths");
	ok(folds("a/x\na/y\na/z\n", "3" SAYS "a/: x y z\n"), "paths alone");
	ok(folds("a/x\na/y\na/z\na/w", "4" SAYS "a/: x y z\na/w"),
	    "a last line without an end");
	ok(folds_not("cc a/x\ncc a/y\n"), "two are too few");
	ok(folds_not("cc a/x\nld a/y\ncc a/z\n"), "nor what differs before");
	ok(folds_not("[error] a/x\n[error] a/y\n[error] a/z\n"),
	    "no errors");
	ok(folds_not("see http://h/a\nsee http://h/b\nsee http://h/c\n"),
	    "no addresses");
	ok(folds_not("a/x\na/y\na/z\nlook in b/: k l\n"),
	    "nor where a line looks like ours");
}

static void
test_expand(void)
{
	ok(expand("3" SAYS "cc a/: x y\nz\n", "cc a/x\ncc a/y\nz\n") ==
	    EXPAND_OK, "back");
	ok(expand("4" SAYS "cc a/: x y\nz\n", "") == EXPAND_FOREIGN,
	    "not with another number of lines");
	ok(expand("[hr: 3 of 9 lines shown]\n3" SAYS "cc a/: x y z\n"
	    "[hr: 6 lines left out]\n", "") ==
	    EXPAND_GAPS, "not what has gaps");
	ok(expand("5" SAYS "5 lines, equal messages joined: "
	    "FILE:LINE,LINE:COLUMN,COLUMN: MESSAGE\na.c:1,2: x\na/: x y z\n",
	    "a.c:1: x\na.c:2: x\na/x\na/y\na/z\n") == EXPAND_OK,
	    "both ways");
}

static void
generate(struct buf *b)
{
	static const char *const before[] = { "", "cc ", "[warn] ", "x: " };
	static const char *const folder[] = { "a/", "/s/b/", "./", "/", "a" };
	static const char *const name[] = { "x.c", "y z", "", "error.h", "q:",
	    "\xc3\xa9", "u/v" };
	unsigned n = rnd(40), k = 0, f = 0;

	while (n-- > 0) {
		if (rnd(6) == 0)
			k = rnd(HR_LEN(before));
		if (rnd(6) == 0)
			f = rnd(HR_LEN(folder));
		buf_addf(b, "%s%s%s%u\n", before[k], folder[f],
		    name[rnd(3) ? 0 : rnd(HR_LEN(name))], rnd(50));
		if (rnd(40) == 0)
			buf_adds(b, rnd(2) ? "\n" : "a/: x y\n");
	}
	if (b->len > 0 && rnd(8) == 0)
		buf_truncate(b, b->len - 1);
}

static void
test_generated(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT, back = BUF_INIT;
	unsigned i, folded = 0, wrong = 0;

	for (i = 0; i < ROUNDS; i++) {
		state = i;
		buf_reset(&in);
		buf_reset(&out);
		buf_reset(&back);
		generate(&in);
		if (!fold_files(buf_span(&in), &out))
			continue;
		folded++;
		wrong += fold_back(buf_span(&out), &back) != EXPAND_OK ||
		    !span_eq(buf_span(&in), buf_span(&back));
	}
	ok(wrong == 0, "all that was folded turns back");
	printf("# %u of %u folded\n", folded, ROUNDS);
	ok(folded >= ROUNDS / 3, "a third of the texts is folded");
	buf_release(&in);
	buf_release(&out);
	buf_release(&back);
}

int
main(void)
{
	test_forms();
	test_expand();
	test_generated();
	return done();
}
