/*
 * test_squash_diff - hunks, headers of files, checksums, colours
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "diff_class.h"
#include "diff_colour.h"
#include "diff_file.h"
#include "diff_hunk.h"
#include "diff_summary.h"
#include "squash_diff.h"
#include "tap.h"

static struct tok *tok;
static const struct mark_id id = { "123456789012345678901" };
static const struct mark_ref ref = { .id = &id };

static bool
scans(const char *text, uint64_t added, uint64_t removed)
{
	struct diff_hunk h;

	return diff_hunk_scan(span_z(text), &h) && h.added == added &&
	    h.removed == removed;
}

static bool
no_hunk(const char *text)
{
	struct diff_hunk h;

	return !diff_hunk_scan(span_z(text), &h);
}

static void
test_scan(void)
{
	ok(scans("@@ -1 +1 @@\n-a\n+b\n", 1, 1), "one line each");
	ok(scans("@@ -1 +1 @@\n-a\n+b", 1, 1), "the last newline is missing");
	ok(scans("@@ -0,0 +1,2 @@ x\n+a\n+b\ntext\n", 2, 0), "a new file");
	ok(scans("@@ -1 +1 @@\n--- a\n+++ b\n", 1, 1), "signs thrice");
	ok(scans("@@ -1,2 +1,2 @@\n-a\n+b\n\n", 1, 1), "a blank is missing");
	ok(scans("@@ -1 +1 @@\n-a\n\\ No\n+b\n\\ No\n", 1, 1), "no newline");
	ok(scans("@@ -1 +1 @@\n-a\n+b\n-- \n2.39\n", 1, 1), "a signature");
	ok(scans("@@ -1 +1 @@\n-a\n+b\n--- a\n+++ b\n", 1, 1), "next file");
	ok(scans("@@@ -1 -1 +1,2 @@@\n  a\n++b\n", 1, 0), "two parents");
	ok(scans("@@@ -1 -1,0 +0,0 @@@\n- a\n", 0, 1), "one parent had it");
	ok(no_hunk(""), "nothing");
	ok(no_hunk("@@"), "two signs");
	ok(no_hunk("@@ -1 +1 @\n-a\n+b\n"), "one sign too few");
	ok(no_hunk("@@@ -1 +1 @@@\n-a\n+b\n"), "a range too few");
	ok(no_hunk("@@ -1 +1 @@\n-a\n"), "cut off");
	ok(no_hunk("@@ -1 +1 @@\n-a\n+b\n+c\n"), "more than counted");
	ok(no_hunk("@@ -1 +1 @@\n-a\n+b\n c\n"), "more context");
	ok(no_hunk("@@ -1 +1 @@\n-a\n-b\n"), "another sign than counted");
	ok(no_hunk("@@ -1 +1 @@\n-a\ntext\n+b\n"), "text in it");
	ok(no_hunk("@@ -1 +1 @@\n\\ No\n-a\n+b\n"), "a note on nothing");
	ok(no_hunk("@@ -1,12345678901 +1 @@\n-a\n"), "a number too long");
	ok(no_hunk("@@@@@@@@@@@ -1 +1 @@@@@@@@@@@\n"), "too many parents");
	ok(no_hunk("@@@ -1 -1 +1 @@@\n+-a\n"), "both signs in a line");
}

static bool
cut_gives(const char *text, unsigned context, bool digests, uint64_t lines,
    const char *want)
{
	struct diff_cut cut = { .context = context, .digests = digests,
	    .tok = tok };
	struct diff_gone gone = { .lines = 0 };
	struct buf out = BUF_INIT;
	struct diff_hunk h;
	bool good;

	if (!diff_hunk_scan(span_z(text), &h))
		return false;
	diff_hunk_cut(&h, &cut, &out, &gone);
	good = span_eq(buf_span(&out), span_z(want)) && gone.lines == lines;
	if (!good)
		printf("# %llu: %.*s\n", (unsigned long long)gone.lines,
		    (int)out.len, out.p);
	buf_release(&out);
	return good;
}

#define LONG	" \ta line that has many more words in it than a header has\n"
#define HASH	"1e37cfd5e7657ada45f742d6e99ca5788580b5c529dc78faf11ece6dc702"

static void
test_cut(void)
{
	static const char apart[] = "@@ -10,5 +10,5 @@ f\n-a\n+b\n" LONG LONG
	    LONG "-c\n+d\n";

	ok(cut_gives("@@ -1,3 +1,4 @@\n x\n+a\n y\n z\n", 0, false, 3,
	    "@@ -1,0 +2 @@\n+a\n"), "an empty range names the line before");
	ok(cut_gives("@@ -1,2 +1 @@\n-a\n z\n", 0, false, 1,
	    "@@ -1 +0,0 @@\n-a\n"), "at the beginning of the file too");
	ok(cut_gives("@@ -4,5 +4,6 @@ f\n \tv\n w\n+a\n x\n y\n z\n", 1, false,
	    3, "@@ -5,2 +5,3 @@ f\n w\n+a\n x\n"), "one line on each side");
	ok(cut_gives(apart, 0, false, 3, "@@ -10 +10 @@ f\n-a\n+b\n"
	    "@@ -14 +14 @@\n-c\n+d\n"), "two pieces");
	ok(cut_gives(apart, 1, false, 1, "@@ -10,2 +10,2 @@ f\n-a\n+b\n" LONG
	    "@@ -13,2 +13,2 @@\n" LONG "-c\n+d\n") ||
	    cut_gives(apart, 1, false, 0, apart), "or one, if that is cheaper");
	ok(cut_gives("@@ -10,5 +10,5 @@ f\n-a\n+b\n" LONG LONG " g()\n-c\n"
	    "+d\n", 0, false, 3, "@@ -10 +10 @@ f\n-a\n+b\n"
	    "@@ -14 +14 @@ g()\n-c\n+d\n"),
	    "the heading is what went last at the margin");
	ok(cut_gives("@@ -1,3 +1,3 @@\n-a\n+b\n \n-c\n+d\n", 0, false, 0,
	    "@@ -1,3 +1,3 @@\n-a\n+b\n \n-c\n+d\n"), "a short gap stays");
	ok(cut_gives("@@ -1,2 +1,2 @@\n x\n y\n", 0, false, 0,
	    "@@ -1,2 +1,2 @@\n x\n y\n"), "a hunk without changes stays");
	ok(cut_gives("@@ -1,2 +1,3 @@ f\r\n \tx\r\n+a\r\n y\r\n", 0, false, 2,
	    "@@ -1,0 +2 @@ f\r\n+a\r\n"), "CRLF");
	ok(cut_gives("@@ -1,2 +1,3 @@\n+a\n x\n y\n\\ No\n", 0, false, 0,
	    "@@ -1,2 +1,3 @@\n+a\n x\n y\n\\ No\n"), "context with a note");
	ok(cut_gives("@@ -7,3 +7,3 @@\n-v 1\n-checksum = \"" HASH "\"\n+v 2\n"
	    "+checksum = \"" HASH "\"\n end\n", 0, true, 3,
	    "@@ -7 +6,0 @@\n-v 1\n@@ -8,0 +7 @@\n+v 2\n"), "checksums go");
	ok(cut_gives("@@ -7 +7 @@\n-checksum = \"" HASH "\"\n"
	    "+checksum = \"" HASH "\"\n", 0, true, 3, ""), "all of a hunk");
}

static void
test_digest(void)
{
	ok(diff_digest(SPAN_LIT("checksum = \"" HASH "\"\n")), "Cargo");
	ok(diff_digest(SPAN_LIT("      \"integrity\": \"sha512-" HASH
	    "==\",\n")), "npm");
	ok(diff_digest(SPAN_LIT("  integrity sha512-" HASH "==\n")), "yarn");
	ok(diff_digest(SPAN_LIT("    \"sha256:" HASH "\",\r\n")), "pip");
	ok(!diff_digest(SPAN_LIT("golang.org/x/net v0.1.0 h1:" HASH "=\n")),
	    "a line that names a version");
	ok(!diff_digest(SPAN_LIT("\"rev\": \"" HASH "\"\n")), "a commit");
	ok(!diff_digest(SPAN_LIT("checksum = \"abc123\"\n")), "too short");
	ok(!diff_digest(SPAN_LIT("hash = \"" HASH "\", file = \"a.whl\"\n")),
	    "more behind it");
	ok(!diff_digest(SPAN_LIT("")), "nothing");
}

static bool
heads_become(const char *text, bool apply, const char *want)
{
	struct buf out = BUF_INIT;
	struct diff_file f;
	bool good;

	if (!diff_file_scan(span_z(text), &f))
		return false;
	diff_file_thin(&f, apply);
	(void)diff_file_put(&f, &out);
	good = span_eq(buf_span(&out), span_z(want));
	if (!good)
		printf("# %.*s\n", (int)out.len, out.p);
	buf_release(&out);
	return good;
}

#define PAIR	"--- a/x\n+++ b/x\n"
#define HUNK	"@@ -1 +1 @@\n-a\n+b\n"

static void
test_file(void)
{
	struct diff_file f;

	ok(heads_become("diff --git a/x b/x\nindex 1..2 100644\n" PAIR HUNK,
	    false, PAIR), "git's line and index");
	ok(heads_become("diff --git a/x b/x\nindex 1..2 100644\n" PAIR HUNK,
	    true, "diff --git a/x b/x\n" PAIR), "to be applied");
	ok(heads_become("diff --git a/x b/y\nindex 1..2 100644\n" PAIR HUNK,
	    false, "diff --git a/x b/y\n" PAIR), "other names");
	ok(heads_become("diff --git a/x b/x\nindex 1..2 160000\n" PAIR HUNK,
	    false, "index 1..2 160000\n" PAIR), "a mode that tells something");
	ok(heads_become("--- a/x\t2024-01-31 10:00:00 +0000\n"
	    "+++ b/x\t1970-01-01 00:00:00 +0000\n" HUNK, false,
	    "--- a/x\n+++ b/x\t1970-01-01 00:00:00 +0000\n"), "times");
	ok(heads_become("--- a/x y\t2024-01-31 10:00:00 +0000\n"
	    "+++ b/x y\t\n" HUNK, false,
	    "--- a/x y\t2024-01-31 10:00:00 +0000\n+++ b/x y\t\n"),
	    "names with blanks");
	ok(heads_become("diff --git \"a/\\303\" \"b/\\303\"\nindex 1..2\n"
	    "--- \"a/\\303\"\n+++ \"b/\\303\"\n" HUNK, false,
	    "--- \"a/\\303\"\n+++ \"b/\\303\"\n"), "names in quotes");
	ok(!diff_file_scan(SPAN_LIT("--- a/x\n+++ b/x\ntext\n"), &f),
	    "a pair without a hunk");
	ok(!diff_file_scan(SPAN_LIT("diff -u a b\ntext\n"), &f),
	    "a line of diff alone");
	ok(diff_file_scan(SPAN_LIT("--- a/d/x.c\n+++ /dev/null\n" HUNK), &f) &&
	    span_eq(diff_file_path(&f), SPAN_LIT("d/x.c")),
	    "the path of what is deleted");
	ok(diff_file_scan(SPAN_LIT("diff --git a/d/x y b/d/x y\n"), &f) &&
	    span_eq(diff_file_path(&f), SPAN_LIT("d/x y")),
	    "a path with a blank, from git's line");
	ok(diff_file_scan(SPAN_LIT("diff --git a/x b/y\n"), &f) &&
	    diff_file_path(&f).n == 0, "a path that is not sure");
}

/* What a file with this one hunk is called. */
static bool
called(const struct rules *rules, const char *path, const char *hunk,
    const char *want)
{
	struct diff_class c = DIFF_CLASS_INIT(rules, span_z(path));
	const char *name;
	struct diff_hunk h;

	if (!diff_hunk_scan(span_z(hunk), &h))
		return false;
	diff_class_hunk(&c, &h);
	name = diff_class_name(&c);
	return want == NULL ? name == NULL :
	    name != NULL && strcmp(name, want) == 0;
}

static void
test_class(void)
{
	struct rules *r = rules_new();
	struct file_err err;

	ok(r != NULL && rules_add(r, SPAN_LIT("path lock go.sum\n"
	    "path vendored vendor/\nlevel lock balanced\n"
	    "level generated tight\nlevel vendored exact\n"
	    "text generated \"Generated by\"\n"), &err), "a policy");
	ok(called(r, "d/go.sum", HUNK, "lock file"), "a lock file");
	ok(called(r, "vendor/x.c", HUNK, NULL), "a class that stays exact");
	ok(called(r, "x.c", HUNK, NULL), "a source file");
	ok(called(r, "x.c", "@@ -1,2 +1,2 @@\n /* Generated by y */\n-a\n"
	    "+b\n", "generated file"), "a comment at the top");
	ok(called(r, "x.c", "@@ -9,2 +9,2 @@\n /* Generated by y */\n-a\n"
	    "+b\n", NULL), "not at the top");
	ok(called(r, "x.c", "@@ -1,2 +1,2 @@\n Generated by y\n-a\n+b\n",
	    NULL), "no comment");
	ok(called(r, "x.c", "@@ -1 +0,0 @@\n-# Generated by y\n",
	    "generated file"), "a file that is deleted");
	ok(called(r, "x.c", "@@ -1 +1 @@\n-# Generated by y\n+# by hand\n",
	    NULL), "a comment that is gone");
	ok(called(r, "x.html", "@@ -0,0 +1 @@\n+<!-- Generated by y -->\n",
	    "generated file"), "a comment of HTML");
	ok(called(NULL, "go.sum", HUNK, NULL), "nothing without rules");
	rules_free(r);
}

/* Lines of the block that text begins with; 0 if there is none. */
static uint64_t
block_lines(const char *text, const char *then)
{
	struct span rest = span_z(text);
	uint64_t lines = 100;

	if (!diff_binary_block(&rest, &lines))
		return lines == 100 && rest.p == text ? 0 : 999;
	return span_eq(rest, span_z(then)) ? lines - 100 : 999;
}

static void
test_summary(void)
{
	struct diff_summary m = { .what = "lock file",
	    .path = SPAN_LIT("a/b.lock"), .counts = true, .added = 4,
	    .removed = 3, .lines = 9 };
	struct buf out = BUF_INIT;

	ok(block_lines("literal 5\nMc$_\nNc$_\n\nx\n", "x\n") == 4,
	    "a block of two lines");
	ok(block_lines("delta 0\n\n", "") == 2, "an empty block");
	ok(block_lines("literal 5\nMc$_\n", "") == 0, "a block cut off");
	ok(block_lines("literal 5\nMc $_\n\n", "") == 0, "a blank in it");
	ok(block_lines("text\n", "") == 0, "no block");
	diff_summary_put(&out, &m);
	m.path = SPAN_LIT("a/b[1].lock");
	m.counts = false;
	diff_summary_put(&out, &m);
	ok(span_eq(buf_span(&out), SPAN_LIT("[hr: 9 lines left out; lock file "
	    "b.lock, +4 -3]\n[hr: 9 lines left out; lock file]\n")),
	    "names only if they can stand there");
	buf_release(&out);
}

static void
test_colour(void)
{
	struct buf out = BUF_INIT;

	ok(diff_plain(SPAN_LIT("\033[36m@@ -1 +1 @@\033[m f\n\033[31m-a\033[m\n"
	    "\033[32m+\033[m\033[32mb\033[m\n"), &out) &&
	    span_eq(buf_span(&out), SPAN_LIT("@@ -1 +1 @@ f\n-a\n+b\n")),
	    "colours go");
	buf_reset(&out);
	ok(!diff_plain(SPAN_LIT("@@ -1 +1 @@\n-\033[1ma\n+b\n"), &out) &&
	    out.len == 0, "what the files hold stays");
	ok(!diff_plain(SPAN_LIT("\033[1m\033[\033[1m1m@@ -1 +1 @@\n"
	    "\033[\033[1m1m@@ -1 +1 @@\n"), &out) && out.len == 0,
	    "colours that are made by taking out others");
	buf_release(&out);
}

static void
test_ref(void)
{
	static const char text[] = PAIR "@@ -1,7 +1,7 @@\n" LONG LONG LONG
	    "-a\n+b\n" LONG LONG LONG;
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT;

	s.tok = tok;
	squash_diff(&s, span_z(text));
	ok(s.reason == SQUASH_NO_GAIN && s.edits.n == 0 && !s.lossy,
	    "nothing without a place for the original");
	s.opt.level = SQUASH_LOSSLESS;
	s.ref = &ref;
	squash_diff(&s, span_z(text));
	edits_apply(&s.edits, span_z(text), &out);
	ok(s.reason == SQUASH_DONE && s.lossy && span_eq(buf_span(&out),
	    SPAN_LIT("[hr: 5 of 11 lines shown, complete output: hr-ccr get "
	    "123456789012345678901]\n" PAIR "@@ -4 +4 @@\n-a\n+b\n")),
	    "a header with it");
	s.opt.level = SQUASH_EXACT;
	squash_diff(&s, span_z(text));
	ok(s.reason == SQUASH_LEVEL && s.edits.n == 0, "exact");
	squash_diff(&s, SPAN_LIT("+++\n@@\n"));
	s.opt.level = SQUASH_TIGHT;
	squash_diff(&s, SPAN_LIT("+++\n@@\n"));
	ok(s.reason == SQUASH_FOREIGN && s.edits.n == 0, "no diff");
	squash_release(&s);
	buf_release(&out);
}

int
main(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
	    getenv("BUILDDIR"));
	if (tok_open(&tok, TOK_O200K, path) < 0)
		return 1;
	test_scan();
	test_cut();
	test_digest();
	test_file();
	test_class();
	test_summary();
	test_colour();
	test_ref();
	tok_close(tok);
	return done();
}
