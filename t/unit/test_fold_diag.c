/*
 * Diagnostics folded: for generated output of compilers and linters the folded
 * form turns back into the text byte for byte, and says what it is to say.
 */
#include "compat.h"

#include <stdlib.h>

#include "fold.h"
#include "fold_diag.h"
#include "fold_files.h"
#include "log_expand.h"
#include "tap.h"

#define ROUNDS	400

static uint64_t state;

static unsigned
rnd(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

/* Whether text becomes want. */
static bool
folds(const char *text, const char *want)
{
	struct buf out = BUF_INIT;
	bool same = fold_diag(span_z(text), &out) &&
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
	bool folded = fold_diag(span_z(text), &out);

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

#define SAYS	" lines, equal messages joined: " \
		"FILE:LINE,LINE:COLUMN,COLUMN: MESSAGE\n"

static void
test_forms(void)
{
	ok(folds("a/b.py:1:61: E501 line too long\n"
	    "a/b.py:3:1: E302 expected 2\n"
	    "a/b.py:4:61: E501 line too long\n"
	    "a/b.py:7:5: F821 undefined name 'x'\n"
	    "a/b.py:9:7: F821 undefined name 'x'\n",
	    "5" SAYS "a/b.py:\n1,4:61: E501 line too long\n"
	    "3:1: E302 expected 2\n"
	    "a/b.py:7,9:5,7: F821 undefined name 'x'\n"),
	    "the file as a heading, but errors whole");
	ok(folds("a.c:3: warning: w\na.c:8: warning: w\n",
	    "2" SAYS "a.c:3,8: warning: w\n"), "without columns");
	ok(folds("src\\a.ts(3,9): error TS1: x\nsrc\\a.ts(5,7): error TS1: x\n",
	    "2" SAYS "src\\a.ts(3,5:9,7): error TS1: x\n"), "in brackets");
	ok(folds("c:\\a.cpp(3):  tab\nc:\\a.cpp(5):  tab\n",
	    "2" SAYS "c:\\a.cpp(3,5:):  tab\n"),
	    "in brackets two lines are no line and column");
	ok(folds("c:\\a.cpp(3):  tab\nc:\\a.cpp(5):  tab\nc:\\a.cpp(6):  tab\n",
	    "3" SAYS "c:\\a.cpp(3,5,6):  tab\n"), "three need no sign");
	ok(folds("[ERROR] /s/A.java:[3,9] cannot find\n"
	    "[ERROR] /s/A.java:[4,2] cannot find\n",
	    "2" SAYS "[ERROR] /s/A.java:[3,4:9,2] cannot find\n"),
	    "behind the tag of a build");
	ok(folds("/s/a.js\n   1:10  warning  w  semi\n"
	    "  12:1   warning  w  semi\n\n1 problem\n",
	    "5" SAYS "/s/a.js\n   1,12:10,1  warning  w  semi\n\n1 problem\n"),
	    "a table stays aligned");
	ok(folds("a.c:1:2: warning: w\n    1 | x\n      | ^\n"
	    "a.c:9:2: warning: w\n    1 | x\n      | ^\n",
	    "6" SAYS "a.c:1,9:2: warning: w\n    1 | x\n      | ^\n"),
	    "what belongs to a line goes with it");
	ok(folds("error: x\n  --> a.rs:1:2\n   |\n\nerror: x\n"
	    "  --> a.rs:9:2\n   |\n\n",
	    "8" SAYS "error: x\n  --> a.rs:1,9:2\n   |\n\n"),
	    "a title above an arrow");
	ok(folds("error: x\n  --> a.rs:11:2\n\nerror: y\n  --> a.rs:12:2\n\n"
	    "error: x\n  --> a.rs:13:4\n\nerror: y\n  --> a.rs:14:2\n\n",
	    "12" SAYS "error: x\n  --> a.rs:11,13:2,4\n\n"
	    "error: y\n  --> a.rs:12,14:2\n\n"), "titles in turn");
	ok(folds("Makefile:3: *** x\nMakefile:7: *** x\n",
	    "2" SAYS "Makefile:3,7: *** x\n"), "a file without a suffix");
}

static void
test_order(void)
{
	ok(folds("a.c:5: w1\na.c:9: w1\na.c:3: w1\na.c:4: w1\n",
	    "4" SAYS "a.c:\n5,9: w1\n3,4: w1\n"), "what goes down begins anew");
	ok(folds("a.c:1: w1\na.c:5: w1\na.c:9: w1\na.c:3: w1\na.c:4: w1\n",
	    "5" SAYS "a.c:\n1,5: w1\n9: w1\n3,4: w1\n"),
	    "where that is hidden the last stands alone");
	ok(folds("a.c:1: w1\na.c:2: w2\na.c:2: w1\na.c:3: w2\n",
	    "4" SAYS "a.c:\n1: w1\n2,3: w2\n2: w1\n"),
	    "of one place the order is kept");
	ok(folds("a.c:1: w\nb.c:1: v\na.c:2: w\na.c:3: w\n",
	    "4" SAYS "a.c:1: w\nb.c:1: v\na.c:2,3: w\n"),
	    "another file ends a run");
	ok(folds("a.c:1:5: w\nb.c:1:5: w\nb.c:3:5: w\nc.c:9: w\n",
	    "4" SAYS "a.c:1:5 b.c:1,3:5 c.c:9: w\n"),
	    "more files before one message");
	ok(folds("[W] a.c:[1,2] w\n[W] b.c:[3,4] w\n",
	    "2" SAYS "[W] a.c:[1,2] [W] b.c:[3,4] w\n"),
	    "the same in brackets");
	ok(folds_not("a.c:1: error: x\nb.c:1: error: x\n"),
	    "but not of errors");
}

static void
test_no_form(void)
{
	ok(folds_not(""), "nothing");
	ok(folds_not("a.c:1: x\n"), "a single line");
	ok(folds_not("a.c:1: x\na.c:2,3: x\na.c:4: x\n"),
	    "what looks like a list already");
	ok(folds_not("a.c:01: x\na.c:02: x\n"), "numbers with zeros before");
	ok(folds_not("12:30:45 a.c:1: x\n12:30:46 a.c:2: x\n"),
	    "what has a time before it");
	ok(folds_not("    at f (/a/b.js:1:2)\n    at g (/a/b.js:3:4)\n"),
	    "a stack trace");
	ok(folds_not("see http://h.example:80 x\nsee http://h.example:81 x\n"),
	    "an address");
}

static void
test_expand(void)
{
	ok(expand("4" SAYS "a.c:\n1,3:5: w1\n2: w2\nx\n",
	    "a.c:1:5: w1\na.c:2: w2\na.c:3:5: w1\nx\n") == EXPAND_OK,
	    "back");
	ok(expand("5" SAYS "a.c:1,2: w\n", "") == EXPAND_FOREIGN,
	    "not with another number of lines");
	ok(expand("a.c:1,2: w\n", "") == EXPAND_FOREIGN,
	    "not what is not ours");
	ok(expand("2" SAYS "a.c:1,2:5,6,7: w\n", "") == EXPAND_FOREIGN,
	    "not with more columns than lines");
	ok(expand("[hr: 2 of 9 lines shown]\n2" SAYS "a.c:1,2: w\n"
	    "[hr: 7 lines left out]\n", "") ==
	    EXPAND_GAPS, "not what has gaps");
	ok(expand("[hr: 2 of 9 lines shown]\na.c:1,2: w\n", "") ==
	    EXPAND_FOREIGN, "a text with gaps alone is none of these");
	ok(expand("2" SAYS " 1,9999999:2,3 x\n", "") == EXPAND_FOREIGN,
	    "not what cannot be aligned");
}

static const char *
one_of(const char *const *words, unsigned n)
{
	return words[rnd(n)];
}

static void
message(struct buf *b)
{
	static const char *const w[] = { "warning: unused 'x'", "error: bad",
	    "E501 line too long (80 > 79)", "note: here", "", ":", "12: x",
	    "7,8: y", "style  (a)  [b]", "\xe2\x80\x98q\xe2\x80\x99",
	    "warning: a:b:12", "[hr: 3 lines left out]" };

	buf_adds(b, one_of(w, HR_LEN(w)));
	buf_adds(b, rnd(40) == 0 ? "\r\n" : "\n");
	while (rnd(8) == 0)
		buf_adds(b, rnd(2) ? "   12 | x\n" : "      ^~~\n");
}

static void
place(struct buf *b, unsigned form, unsigned line, unsigned col)
{
	static const char *const file[] = { "a.c", "lib/b-2.h",
	    "c:\\x\\y.cpp", "/s/3d/z_1.py", "z.c" };
	const char *f = one_of(file, rnd(20) == 0 ? HR_LEN(file) : 2);

	switch (form) {
	case 0:
		buf_addf(b, "%s:%u:%u: ", f, line, col);
		break;
	case 1:
		buf_addf(b, "%s:%u: ", f, line);
		break;
	case 2:
		buf_addf(b, "%s(%u,%u): ", f, line, col);
		break;
	case 3:
		buf_addf(b, "%s(%u): ", f, line);
		break;
	case 4:
		buf_addf(b, "[WARNING] %s:[%u,%u] ", f, line, col);
		break;
	case 5:
		buf_addf(b, "%s\n  --> %s:%u:%u", rnd(2) ? "error: x" :
		    "help: y", f, line, col);
		break;
	default:
		buf_addf(b, "%5u:%-4u", line, col);
	}
}

static void
noise(struct buf *b)
{
	static const char *const w[] = { "\n", "make: *** [x] 1\n", "a.c:\n",
	    "12: x\n", "a.c:1,2: x\n", "c:\\x\\y.cpp(\n", "  3:4 y\n",
	    "  3,5:4 y\n", "a.c(1,2:): x\n", "3" SAYS, "\t12 x\n" };

	buf_adds(b, one_of(w, HR_LEN(w)));
}

static void
generate(struct buf *b)
{
	unsigned n = 1 + rnd(60), line = 1 + rnd(20), form = rnd(7);
	unsigned noisy = rnd(2) ? 200 : 12;

	while (n-- > 0) {
		if (rnd(noisy) == 0)
			noise(b);
		if (rnd(30) == 0)
			form = rnd(7);
		place(b, form, line, 1 + rnd(rnd(2) ? 3 : 120));
		if (form == 5)
			buf_adds(b, "\n   |\n\n");
		else
			message(b);
		line = rnd(12) == 0 ? 1 + rnd(1200) : line + rnd(5);
	}
	if (rnd(8) == 0)
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
		if (!fold_diag(buf_span(&in), &out))
			continue;
		folded++;
		if (fold_diag_back(buf_span(&out), &back) != EXPAND_OK ||
		    !span_eq(buf_span(&in), buf_span(&back))) {
			printf("# round %u\n", i);
			wrong++;
		}
	}
	ok(wrong == 0, "all that was folded turns back");
	printf("# %u of %u folded\n", folded, ROUNDS);
	ok(folded >= ROUNDS / 2, "at least half of the texts are folded");
	buf_release(&in);
	buf_release(&out);
	buf_release(&back);
}

static void
test_ceiling(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned i;

	buf_adds(&in, "2" SAYS "a.c:1");
	for (i = 2; i < 5000; i++)
		buf_addf(&in, ",%u", i);
	for (i = 0; i < 5000; i++)
		buf_adds(&in, ": long");
	out.max = 1 << 16;
	ok(log_expand(buf_span(&in), &out) == EXPAND_FAILED,
	    "what grows beyond the ceiling");
	buf_release(&in);
	buf_release(&out);
}

int
main(void)
{
	test_forms();
	test_order();
	test_no_form();
	test_expand();
	test_generated();
	test_ceiling();
	return done();
}
