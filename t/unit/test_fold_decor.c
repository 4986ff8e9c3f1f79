/*
 * Diagnostics as compilers and linters print them: what decorates them is left
 * out, what they say and where stays.
 */
#include "compat.h"

#include <stdlib.h>

#include "fold_decor.h"
#include "squash.h"
#include "tap.h"

static struct tok *tok;
static const struct mark_id id = { "123456789012345678901" };
static const struct mark_ref ref = { .id = &id };

/* What is shown of text, behind the header; it must be lossy. */
static bool
shows(const struct buf *text, const char *want)
{
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT;
	struct span got;
	const char *nl;
	bool good;

	s.tok = tok;
	s.ref = &ref;
	squash_log(&s, buf_span(text));
	edits_apply(&s.edits, buf_span(text), &out);
	got = buf_span(&out);
	nl = memchr(got.p, '\n', got.n);
	good = s.lossy && nl != NULL && span_eq(span_skip(got,
	    (size_t)(nl + 1 - got.p)), span_z(want));
	if (!good)
		printf("# %.*s\n", (int)got.n, got.p);
	squash_release(&s);
	buf_release(&out);
	return good;
}

#define SAYS	" lines, equal messages joined: " \
		"FILE:LINE,LINE:COLUMN,COLUMN: MESSAGE\n"

static void
test_gcc(void)
{
	struct buf b = BUF_INIT;
	unsigned i;

	for (i = 1; i <= 8; i++) {
		buf_addf(&b, "In file included from src/a.c:1:\n"
		    "src/a.h: In function 'f%u':\n", i);
		buf_addf(&b, "src/a.h:%u:9: warning: unused 'x'\n", i * 10);
		buf_addf(&b, "  %u |   int x = %u;\n", i * 10, i);
		buf_adds(&b, "     |       ^\n");
		buf_addf(&b, "src/a.h:%u:3: note: in macro 'M'\n", i * 10 + 5);
		buf_addf(&b, "  %u |   M(%u)\n", i * 10, i);
		buf_adds(&b, "     |   ^\n");
	}
	ok(shows(&b, "17" SAYS "[hr: 47 lines left out; source excerpts and "
	    "repeats below]\nIn file included from src/a.c:1:\nsrc/a.h:\n"
	    "10,20,30,40,50,60,70,80:9: warning: unused 'x'\n"
	    "15,25,35,45,55,65,75,85:3: note: in macro 'M'\n"),
	    "gcc: excerpts, functions, repeats");
	buf_release(&b);
}

static void
test_errors(void)
{
	struct buf b = BUF_INIT, want = BUF_INIT;
	unsigned i;

	buf_adds(&want, "[hr: 50 lines left out; source excerpts and "
	    "repeats below]\n");
	for (i = 1; i <= 30; i++) {
		struct buf *to = &b;

		do {
			buf_addf(to, "src/A%u.java:%u: error: cannot find "
			    "symbol\n", i, i);
			if (to == &b || i <= 5)
				buf_addf(to, "  value.call%u();\n        ^\n",
				    i);
			buf_adds(to, "  symbol: class B\n");
			to = to == &b ? &want : NULL;
		} while (to != NULL);
	}
	ok(shows(&b, (buf_addc(&want, '\0'), want.p)),
	    "javac: excerpts of five errors, and what explains each");
	buf_release(&b);
	buf_release(&want);
}

static void
test_rustc(void)
{
	struct buf b = BUF_INIT;
	unsigned i;

	for (i = 1; i <= 4; i++) {
		buf_adds(&b, "warning: unused variable: `x`\n");
		buf_addf(&b, "  --> src/lib.rs:%u:9\n   |\n", i);
		buf_addf(&b, "%u  |     let x = %u;\n", i, i);
		buf_adds(&b, "   |         ^ help: use it\n   |\n"
		    "   = note: on by default\n\n");
	}
	ok(shows(&b, "13" SAYS "[hr: 19 lines left out; source excerpts and "
	    "repeats below]\nwarning: unused variable: `x`\n"
	    "  --> src/lib.rs:1:9\n   = note: on by default\n\n"
	    "warning: unused variable: `x`\n  --> src/lib.rs:2,3,4:9\n\n"),
	    "rustc: the title stays");
	buf_release(&b);
}

static void
test_between(void)
{
	struct buf b = BUF_INIT, want = BUF_INIT;
	unsigned i;

	for (i = 1; i <= 60; i++) {
		buf_addf(&b, "cc -c x%u.c\n", i);
		buf_adds(&b, "In file included from z.c:1:\n"
		    "y.h:3:9: warning: unused 'x'\n"
		    "  int x = 0;\n        ^\n");
		buf_addf(&b, "x%u.c:7:2: warning: unused 'y'\n"
		    "  int y = 0;\n      ^\n1 warning generated.\n", i);
	}
	buf_adds(&want, "69" SAYS "cc -c x1.c\nIn file included from z.c:1:\n"
	    "y.h:3:9: warning: unused 'x'\n  int x = 0;\n        ^\n"
	    "x1.c:7:2: warning: unused 'y'\n  int y = 0;\n      ^\n"
	    "1 warning generated.\n[hr: 471 lines left out; source "
	    "excerpts and repeats below]\n");
	for (i = 2; i <= 60; i++)
		buf_addf(&want, "x%u.c:7:2%s", i, i % 16 == 1 || i == 60 ?
		    ": warning: unused 'y'\n" : " ");
	buf_adds(&want, "1 warning generated.\n");
	ok(shows(&b, (buf_addc(&want, '\0'), want.p)),
	    "what the plan leaves out between");
	buf_release(&b);
	buf_release(&want);
}

static void
test_table(void)
{
	struct buf b = BUF_INIT, want = BUF_INIT;
	unsigned i, k;

	for (i = 1; i <= 3; i++) {
		buf_addf(&b, "docs/%u.md\n", i);
		buf_addf(&want, "docs/%u.md\n", i);
		for (k = 1; k <= 4; k++) {
			buf_addf(&b, "  %u:1-%u:9  warning  bad\n", k, k);
			buf_addf(&want, "  %u:1-%u:9  warning  bad\n", k, k);
		}
	}
	for (k = 1; k <= 60; k++)
		buf_addf(&b, "checked %u\n", k);
	buf_adds(&want, "checked 1\n[hr: 56 lines left out; like the line "
	    "above, checked 2 to 57]\nchecked 58\nchecked 59\nchecked 60\n");
	ok(shows(&b, (buf_addc(&want, '\0'), want.p)),
	    "the same line below another file is no repeat");
	buf_release(&b);
	buf_release(&want);
}

int
main(void)
{
	const char *dir = getenv("BUILDDIR");
	char path[4096];

	snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
	    dir != NULL ? dir : ".");
	if (tok_open(&tok, TOK_O200K, path) < 0) {
		perror(path);
		return 1;
	}
	test_gcc();
	test_errors();
	test_rustc();
	test_between();
	test_table();
	tok_close(tok);
	return done();
}
