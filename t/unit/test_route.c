/*
 * test_route - each text is told for what it is, the parts of a mixed one go
 * each to its squasher, and what came of it stays
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>

#include "detect.h"
#include "looks.h"
#include "mark.h"
#include "mixed.h"
#include "profile.h"
#include "squash.h"
#include "tap.h"

static struct tok *tok;

static const char grep_line[] = "lib/some/file.c:%d:\tint x%d = %d;\n";
static const char log_line[] =
	"2026-11-02 10:%02d:%02d INFO request %d took %d ms\n";
static const char record[] =
	"%s{\"name\": \"web-%d\", \"ns\": \"shop\", \"restarts\": %d}";

static void
put_log(struct buf *b, int n)
{
	int i;

	for (i = 0; i < n; i++)
		buf_addf(b, log_line, i / 60, i % 60, 7000 + i, i * 7 % 90);
}

static void
put_grep(struct buf *b, int n)
{
	int i;

	for (i = 1; i <= n; i++)
		buf_addf(b, grep_line, i * 3, i, i);
}

static void
put_json(struct buf *b, int n)
{
	int i;

	for (i = 0; i < n; i++)
		buf_addf(b, record, i == 0 ? "[" : ", ", i, i % 3);
	buf_adds(b, "]");
}

static bool
told(const struct buf *b, enum detect_kind kind)
{
	enum detect_kind got = detect(buf_span(b));

	if (got != kind)
		printf("# %s, should be %s\n", detect_name(got),
		    detect_name(kind));
	return got == kind;
}

static bool
is(const char *z, enum detect_kind kind)
{
	struct buf b = BUF_INIT;
	bool same;

	buf_adds(&b, z);
	same = told(&b, kind);
	buf_release(&b);
	return same;
}

static void
test_detect(void)
{
	struct buf b = BUF_INIT;

	put_log(&b, 50);
	ok(told(&b, DETECT_TEXT), "a log");
	buf_reset(&b);
	put_grep(&b, 20);
	ok(told(&b, DETECT_LIST), "search results");
	buf_reset(&b);
	buf_adds(&b, "Found 20 lines\n");
	put_grep(&b, 20);
	ok(told(&b, DETECT_LIST), "behind a line that says so");
	buf_reset(&b);
	buf_adds(&b, "Links: ");
	put_json(&b, 60);
	buf_adds(&b, "\n\nThese were found.\n");
	ok(told(&b, DETECT_MIXED), "JSON between words");
	buf_reset(&b);
	put_log(&b, 300);
	buf_adds(&b, "got ");
	put_json(&b, 3);
	buf_adds(&b, "\n");
	put_log(&b, 300);
	ok(told(&b, DETECT_TEXT), "a log with a little JSON in it is a log");
	buf_reset(&b);
	buf_adds(&b, "<html>\n<script>\n");
	put_json(&b, 60);
	buf_adds(&b, "\n</script>\n</html>\n");
	ok(told(&b, DETECT_SOURCE), "a page with JSON in it is a page");
	buf_reset(&b);
	buf_adds(&b, "Response:\n{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n"
	    "  ],\n  \"c\": {}\n}\n");
	ok(told(&b, DETECT_MIXED), "JSON on many lines is no source");
	buf_release(&b);
	ok(is("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n"
	    "-two\n+three\n", DETECT_DIFF), "a diff");
}

static void
test_looks(void)
{
	ok(is("#include <stdio.h>\n\nint\nmain(void)\n{\n\tputs(\"x\");\n"
	    "\treturn 0;\n}\n", DETECT_SOURCE), "C");
	ok(is("import os\n\nclass A:\n    def f(self, x):\n        y = x + 1\n"
	    "        return os.path.join(y)\n", DETECT_SOURCE), "Python");
	ok(is("     1\timport os\n     2\t\n     3\tclass A:\n     4\t    def "
	    "f(self):\n     5\t        return 1\n", DETECT_SOURCE),
	    "with line numbers");
	ok(is("     1\xE2\x86\x92package x\n     2\xE2\x86\x92\n"
	    "     3\xE2\x86\x92import (\n     4\xE2\x86\x92\t\"io\"\n"
	    "     5\xE2\x86\x92)\n     6\xE2\x86\x92""func f() {\n"
	    "     7\xE2\x86\x92}\n", DETECT_SOURCE), "with arrows");
	ok(is("name: web\nimage:\n  tag: 1.2\n  name: shop\nports:\n- 80\n",
	    DETECT_RECORDS), "YAML");
	ok(is("# of the web\nname: web\nimage:\n  tag: 1.2\n  name: shop\n",
	    DETECT_SETTINGS), "YAML with comments");
	ok(is("[core]\nbare = false\nmode = true\n[user]\nname = x\n",
	    DETECT_SETTINGS), "INI");
	ok(is("id,name,n\n1,a,2\n2,b,3\n3,c,4\n4,d,5\n", DETECT_RECORDS),
	    "CSV");
	ok(is("| id | name |\n|----|------|\n| 1 | a |\n| 2 | b |\n"
	    "| 3 | c |\n", DETECT_RECORDS), "a table with bars");
	ok(is("# Title\n\nSome words about it.\n\n## More\n\nAnd more words,\n"
	    "over two lines.\n", DETECT_MARKDOWN), "Markdown");
	ok(is("FAIL src/a.test.js\n  x adds\n    at Object.<anonymous> "
	    "(src/a.test.js:3:5)\n{\n}\nTests: 1 failed, 3 passed\n",
	    DETECT_TEXT), "a failed test");
	ok(is("one\ntwo\n", DETECT_TEXT), "too little to judge");
	ok(is("<!DOCTYPE html>\n<p>x\n", DETECT_SOURCE), "HTML");
	ok(is("<html>\nUsage:\n", DETECT_TEXT), "what only begins like it");
	ok(is("[javac] void f() {\n[javac] }\n[javac] int x;\n[javac] int y;"
	    "\n", DETECT_TEXT), "source that a program quotes");
}

/* The parts of a text, each in brackets. */
static bool
parts(struct span text, const char *want)
{
	struct mixed m = MIXED_INIT(text);
	struct buf got = BUF_INIT;
	struct span part;
	bool same;

	while (mixed_next(&m, &part))
		buf_addf(&got, "[%zu+%zu]", (size_t)(part.p - text.p), part.n);
	same = span_eq(buf_span(&got), span_z(want));
	if (!same)
		printf("# got %.*s\n", (int)got.len, got.p);
	buf_release(&got);
	return same;
}

static void
test_mixed(void)
{
	struct buf b = BUF_INIT;
	size_t i;

	ok(parts(SPAN_LIT("so: [1, 2, 3, 4, 5]\n"), "[4+15]"),
	    "behind a word, more than half of the text");
	ok(parts(SPAN_LIT("so: [1]\nand many more words than that\n"), ""),
	    "less than half of it");
	ok(parts(SPAN_LIT("{\"a\":\n 1}\n{\"a\": 2}\nend\n"), "[0+18]"),
	    "values one behind the other are one part");
	ok(parts(SPAN_LIT("[1, 2, 3] and more\n"), ""), "text behind it");
	ok(parts(SPAN_LIT("[1, 2,\n3, 4\n"), ""), "without an end");
	buf_adds(&b, "As JSON:\n```json\n");
	for (i = 0; i < 40; i++)
		buf_adds(&b, "{\"a\": 1}\n");
	buf_adds(&b, "```\nThat was it.\n```\nopen\n");
	ok(parts(buf_span(&b), "[17+360]"), "between fences, the last open");
	buf_reset(&b);
	for (i = 0; i < 200000; i++)
		buf_adds(&b, "[1,\n");
	ok(parts(buf_span(&b), ""), "hostile beginnings come to an end");
	buf_reset(&b);
	for (i = 0; i < 200000; i++)
		buf_adds(&b, "```\n{");
	ok(parts(buf_span(&b), ""), "hostile fences, too");
	buf_release(&b);
}

static void
test_sums(void)
{
	static const char id[] = ", complete output: hr-ccr get "
	    "123456789012345678901]";
	struct buf b = BUF_INIT;

	ok(!mark_sums_right(SPAN_LIT("")), "nothing");
	ok(mark_sums_right(SPAN_LIT("[hr: 1 of 3 rows shown]\nx\n"
	    "[hr: 2 rows left out; all ok]\n")), "without an id");
	ok(mark_sums_right(SPAN_LIT("[hr: 2 of 3 rows shown]\nx\n"
	    "[hr: 1 row left out]\ny")), "one row");
	ok(!mark_sums_right(SPAN_LIT("[hr: 1 of 3 rows shown]\nx\n")),
	    "no gap");
	ok(!mark_sums_right(SPAN_LIT("[hr: 1 of 3 rows shown]\nx\n"
	    "[hr: 1 row left out]\ny")), "too few");
	ok(!mark_sums_right(SPAN_LIT("x\n[hr: 2 rows left out]\ny")),
	    "no header");
	buf_addf(&b, "said: [hr: 1 of 2 lines shown%s\n[hr: 1 line left out]\n"
	    "then\n[hr: 5 of 9 rows shown%s\n[hr: 3 rows left out]\n"
	    "[hr: 1 row left out]\n", id, id);
	ok(mark_sums_right(buf_span(&b)), "two blocks");
	buf_adds(&b, "[hr: 1 row left out]\n");
	ok(!mark_sums_right(buf_span(&b)), "of which one is wrong");
	ok(!mark_sums_right(SPAN_LIT("[hr: 99999999999999999999 of 1 rows "
	    "shown]\n[hr: 18446744073709551615 rows left out]\n")),
	    "numbers beyond all");
	buf_release(&b);
}

static struct span
squashed(struct squash *s, struct span text, struct buf *out)
{
	static const struct mark_id id = { "123456789012345678901" };
	static const struct mark_ref ref = { .id = &id };

	s->tok = tok;
	s->ref = s->opt.level > SQUASH_LOSSLESS ? &ref : NULL;
	squash_any(s, text);
	buf_reset(out);
	edits_apply(&s->edits, text, out);
	return buf_span(out);
}

static bool
holds(struct span s, const char *z)
{
	return memmem(s.p, s.n, z, strlen(z)) != NULL;
}

static void
test_parts(void)
{
	struct squash s = SQUASH_INIT;
	struct buf b = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	struct span r;

	buf_adds(&b, "Here are some:\n");
	put_json(&b, 200);
	buf_adds(&b, "\nfound in\n```\n");
	put_grep(&b, 300);
	buf_adds(&b, "```\nThe log says:\n```\n");
	put_log(&b, 200);
	buf_adds(&b, "```\nand no more.");
	r = squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_DONE && s.lossy && s.after < s.before / 4,
	    "three parts are squashed");
	ok(span_starts(r, SPAN_LIT("Here are some:\n[hr: ")) &&
	    holds(r, "rows left out") && holds(r, "lines left out") &&
	    holds(r, "\nfound in\n```\n[hr: ") &&
	    holds(r, "```\nThe log says:\n```\n[hr: ") &&
	    holds(r, "```\nand no more."), "each where it was");
	squashed(&s, r, &again);
	ok(s.reason != SQUASH_DONE && s.edits.n == 0 &&
	    span_eq(buf_span(&again), r), "and stay");
	s.opt.level = SQUASH_LOSSLESS;
	r = squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_DONE && !s.lossy &&
	    holds(r, "[200 rows: name,ns=shop,restarts\nweb-0,0\n") &&
	    holds(r, "```\n300 lines by file:\n"),
	    "without loss, a table, and a longer list behind it");
	s.opt.level = SQUASH_BALANCED;
	squashed(&s, r, &again);
	ok(s.edits.n == 0, "which stays, too");
	squash_release(&s);
	buf_release(&b);
	buf_release(&out);
	buf_release(&again);
}

/* One match a file, always the same. */
static void
test_matches(void)
{
	struct squash s = SQUASH_INIT;
	struct buf b = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	struct span r;
	int i;

	for (i = 1; i <= 40; i++)
		buf_addf(&b, "lib/some/file%d.go:%d:\t\"example.com/a/b/c\"\n",
		    i, i % 7 + 5);
	r = squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_DONE && !s.lossy && s.after < s.before * 3 / 4 &&
	    holds(r, "lib/some/file40.go:10"), "matches that are the same");
	squashed(&s, r, &again);
	ok(s.edits.n == 0, "and stay");
	s.opt.level = SQUASH_EXACT;
	squashed(&s, buf_span(&b), &out);
	ok(s.edits.n == 0, "not at exact");
	squash_release(&s);
	buf_release(&b);
	buf_release(&out);
	buf_release(&again);
}

/* A log, a diff and search results, one behind the other. */
static void
test_joined(void)
{
	struct squash s = SQUASH_INIT;
	struct buf b = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	struct span r;
	int i;

	put_log(&b, 200);
	buf_adds(&b, "--- a/x.c\n+++ b/x.c\n@@ -1,81 +1,82 @@\n");
	for (i = 0; i < 81; i++)
		buf_addf(&b, "%s \tint member_of_it_%d;\n",
		    i == 40 ? "+\tnew();\n" : "", i);
	buf_adds(&b, "\n");
	put_grep(&b, 80);
	buf_adds(&b, "\nlast words\n");
	ok(told(&b, DETECT_MIXED), "three outputs joined");
	r = squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_DONE && s.after < s.before / 3 &&
	    span_starts(r, SPAN_LIT("[hr: 4 of 200 lines shown")) &&
	    holds(r, "@@ -40,0 +41 @@\n+\tnew();\n") &&
	    holds(r, "80 lines by file:\nlib/some/file.c\n") &&
	    holds(r, "\n\nlast words\n"), "each to its squasher");
	squashed(&s, r, &again);
	ok(s.edits.n == 0, "and they stay");
	squash_release(&s);
	buf_release(&b);
	buf_release(&out);
	buf_release(&again);
}

/* In a part the same profiles hold as in a text. */
static void
test_profiles(void)
{
	struct profiles *p = profiles_new();
	struct squash s = SQUASH_INIT;
	struct file_err err;
	struct buf b = BUF_INIT, out = BUF_INIT;
	struct span r;
	int i;

	ok(p != NULL && profiles_add(p, SPAN_LIT("profile a\nis\tRUN all\n"
	    "drop\tok *\n"), &err), "a profile");
	buf_adds(&b, "# Run\n\nWords.\n\n## Output\n\n```\nRUN all\n");
	for (i = 0; i < 26 * 4; i++)
		buf_addf(&b, "ok %c%c is as %c%c wants it\n", 'a' + i / 4,
		    'a' + i % 26, 'z' - i / 4, 'z' - i % 26);
	buf_adds(&b, "the end\n```\n\nMore words.\n");
	squashed(&s, buf_span(&b), &out);
	ok(s.edits.n == 0, "lines that nothing is known of");
	s.profiles = p;
	r = squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_DONE && holds(r, "lines left out") &&
	    holds(r, "\nRUN all\n") && holds(r, "\nthe end\n```\n"),
	    "and go where a profile knows them");
	squash_release(&s);
	profiles_free(p);
	buf_release(&b);
	buf_release(&out);
}

/* What was coloured has a format without the colours. */
static void
test_shown(void)
{
	struct squash s = SQUASH_INIT;
	struct buf b = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	struct span r;
	int i;

	for (i = 1; i < 30; i++)
		buf_addf(&b, "\033[35mlib/file.c\033[0m:\033[32m%d\033[0m:"
		    "\tint \033[1;31mx\033[0m%d;\n", i, i);
	s.opt.level = SQUASH_LOSSLESS;
	r = squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_DONE && span_starts(r,
	    SPAN_LIT("29 lines by file:\nlib/file.c\n1:\tint x1;\n")),
	    "coloured search results");
	squashed(&s, r, &again);
	ok(s.edits.n == 0, "and stay");
	s.opt.level = SQUASH_EXACT;
	squashed(&s, buf_span(&b), &out);
	ok(s.edits.n == 0, "not at exact");
	buf_reset(&b);
	buf_adds(&b, "\033[0m\033[0m\033[0m\033[0m\033[0m\033[0m");
	s.opt.level = SQUASH_BALANCED;
	r = squashed(&s, buf_span(&b), &out);
	ok(r.n > 0, "what shows nothing is not nothing");
	squash_release(&s);
	buf_release(&b);
	buf_release(&out);
	buf_release(&again);
}

static void
test_untouched(void)
{
	struct squash s = SQUASH_INIT;
	struct buf b = BUF_INIT, out = BUF_INIT;
	int i;

	buf_adds(&b, "#include \"x.h\"\n\nstatic const int table[] = {\n");
	for (i = 0; i < 200; i++)
		buf_addf(&b, "\t%d, 0x%x, f(%d),\n", i, i * 17, i);
	buf_adds(&b, "};\n");
	squashed(&s, buf_span(&b), &out);
	ok(s.reason == SQUASH_FOREIGN && s.edits.n == 0,
	    "source is left as it is, though its lines are alike");
	buf_reset(&b);
	buf_adds(&b, "id,ms,state\n");
	for (i = 0; i < 200; i++)
		buf_addf(&b, "%d,%d,ok\n", i, i * 7 % 50);
	squashed(&s, buf_span(&b), &out);
	ok(s.lossy && out.len < b.len / 3, "CSV is not: it is records");
	squash_release(&s);
	buf_release(&b);
	buf_release(&out);
}

int
main(void)
{
	const char *dir = getenv("BUILDDIR");
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "%s/share/o200k_base.hrv",
	    dir != NULL ? dir : ".");
	ok(tok_open(&tok, TOK_O200K, file) == 0, "the vocabulary opens");
	test_detect();
	test_looks();
	test_mixed();
	test_sums();
	test_parts();
	test_matches();
	test_joined();
	test_profiles();
	test_shown();
	test_untouched();
	tok_close(tok);
	done();
}
