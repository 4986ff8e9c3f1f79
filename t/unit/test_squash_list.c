/*
 * Search results and listings: for generated texts of every form, the short
 * form turns back into the text byte for byte, and where entries are left
 * out, shown and left out are all.
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>

#include "list.h"
#include "squash.h"
#include "tap.h"

#define ROUNDS	200

static struct tok *tok;
static uint64_t state;

static unsigned
rnd(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static const char *
one_of(const char *const *words, unsigned n)
{
	return words[rnd(n)];
}

static void
name(struct buf *b)
{
	static const char *const w[] = { "main", "util-2", "a_b", "x.y",
	    ".git", "README", "\xc3\xa9t\xc3\xa9", "v1.2-3-rc", "con", "(app)",
	    "[id]", "node_modules", "a-12-b" };
	static const char *const ext[] = { ".c", ".h", ".tsx", "", ".md",
	    ".d.ts" };

	buf_adds(b, one_of(w, HR_LEN(w)));
	if (rnd(2))
		buf_addu(b, rnd(30));
	buf_adds(b, one_of(ext, HR_LEN(ext)));
}

static void
path(struct buf *b)
{
	unsigned d = rnd(4);

	if (rnd(2))
		buf_adds(b, "./");
	while (d-- > 0) {
		name(b);
		buf_addc(b, '/');
	}
	name(b);
}

static void
text(struct buf *b)
{
	static const char *const w[] = { "", " ", "\tint x = 1;", "-- ", ":",
	    "12:34:56 up", "a: b/c", "\r", "[hr: 3 lines left out]", "--",
	    "\xff\xfe", "x-1-y:2:z", "return error", "    }" };
	unsigned n = rnd(4);

	do {
		buf_adds(b, one_of(w, HR_LEN(w)));
	} while (n-- > 0);
	if (rnd(40) == 0)
		buf_addc(b, '\0');
}

/* Now and then what does not belong there. */
static void
noise(struct buf *b)
{
	static const char *const w[] = { "grep: x: Permission denied\n",
	    "Binary file a.bin matches\n", "\n", "--\n", "src/: a b\n",
	    "4.0K a\n", "12:x\n" };

	if (rnd(400) == 0)
		buf_adds(b, one_of(w, HR_LEN(w)));
}

static void
grep(struct buf *b, bool numbers, unsigned context, bool heading)
{
	unsigned files = 1 + rnd(12), lines, num, i;
	struct buf p = BUF_INIT;

	while (files-- > 0) {
		buf_reset(&p);
		path(&p);
		if (!numbers)
			buf_adds(&p, ".py");
		num = 1 + rnd(900);
		if (heading) {
			buf_addspan(b, buf_span(&p));
			buf_addc(b, '\n');
		}
		for (lines = 1 + rnd(9); lines > 0; lines--) {
			for (i = 0; i <= context; i++, num++) {
				char sep = context > 0 && i != context / 2 ?
				    '-' : ':';

				if (!numbers)
					buf_adds(b, "lib/");
				if (!heading) {
					buf_addspan(b, buf_span(&p));
					buf_addc(b, sep);
				}
				if (numbers) {
					buf_addu(b, num);
					buf_addc(b, sep);
				} else
					buf_addc(b, 'x');
				text(b);
				buf_addc(b, '\n');
			}
			num += rnd(50);
			if (context > 0 && !heading &&
			    (files > 0 || lines > 1))
				buf_adds(b, "--\n");
		}
		if (heading && files > 0)
			buf_addc(b, '\n');
		noise(b);
	}
	buf_release(&p);
}

static void
size(struct buf *b)
{
	static const char *const u[] = { "K", "M", "" };

	buf_addu(b, rnd(3) ? 4 : rnd(900));
	if (rnd(3) == 0)
		buf_adds(b, ".5");
	buf_adds(b, one_of(u, HR_LEN(u)));
}

/* Paths depth first, with the folders or without, as find prints them. */
static void
paths(struct buf *b, bool folders, bool sizes)
{
	struct buf at = BUF_INIT;
	size_t cut[8];
	unsigned d = 0, n = 5 + rnd(200);

	buf_adds(&at, rnd(2) ? "." : "src");
	while (n-- > 0) {
		if (sizes) {
			size(b);
			buf_addc(b, '\t');
		}
		buf_addspan(b, buf_span(&at));
		buf_addc(b, '/');
		if (rnd(9) == 0 && d < 7) {
			cut[d++] = at.len;
			buf_addc(&at, '/');
			name(&at);
			buf_truncate(b, b->len - (cut[d - 1] + 1));
			buf_addspan(b, buf_span(&at));
			if (!folders) {
				buf_addc(b, '/');
				name(b);
			}
		} else
			name(b);
		buf_addc(b, '\n');
		if (rnd(14) == 0 && d > 0)
			buf_truncate(&at, cut[--d]);
		noise(b);
	}
	buf_release(&at);
}

static void
tree(struct buf *b, bool sizes, unsigned style)
{
	static const char *const bar[] = {
	    "\xe2\x94\x82\xc2\xa0\xc2\xa0 ", "\xe2\x94\x82   ", "|   " };
	static const char *const tee[] = {
	    "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ",
	    "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ", "|-- " };
	static const char *const end[] = {
	    "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 ",
	    "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 ", "`-- " };
	unsigned left[6] = { 2 + rnd(150) }, d = 0, k, n = 0;

	buf_adds(b, ".\n");
	for (;;) {
		while (d > 0 && left[d] == 0)
			d--;
		if (left[d] == 0)
			break;
		left[d]--;
		for (k = 0; k < d; k++)
			buf_adds(b, left[k] > 0 ? bar[style] : "    ");
		buf_adds(b, left[d] > 0 ? tee[style] : end[style]);
		if (sizes)
			buf_addf(b, "[%4u Nov 21 17:49]  ", rnd(12000));
		name(b);
		/* Names of one folder differ, or it is no folder. */
		buf_addu(b, n++);
		if (rnd(20) == 0)
			buf_adds(b, " -> ../a b/c");
		else if (rnd(12) == 0 && d < 5 && n < 300)
			left[++d] = 1 + rnd(20);
		buf_addc(b, '\n');
	}
	if (rnd(2))
		buf_adds(b, "\n3 directories, 4 files\n");
}

static void
row(struct buf *b, unsigned links, unsigned bytes)
{
	static const char *const m[] = { "-rw-r--r--", "drwxr-xr-x",
	    "lrwxrwxrwx", "-rwxr-xr-x" };

	/* All rows of a folder have the same widths. */
	buf_addf(b, "%s %u root www %u Nov %2u %s ",
	    one_of(m, rnd(9) ? 1 : HR_LEN(m)), links, bytes,
	    1 + rnd(20) / 19, rnd(9) ? "17:49" : " 2025");
	name(b);
	buf_adds(b, rnd(9) ? "\n" : " -> a b\n");
}

static void
ls(struct buf *b)
{
	unsigned folders = 1 + rnd(5), n, i, links, bytes;

	for (i = 0; i < folders; i++) {
		if (i > 0)
			buf_addc(b, '\n');
		path(b);
		buf_adds(b, ":\ntotal 12\n");
		links = 1 + rnd(12);
		bytes = rnd(150);
		for (n = 3 + rnd(20); n > 0; n--)
			row(b, links, bytes);
	}
}

static void
lsr(struct buf *b)
{
	unsigned folders = 2 + rnd(9), n, i;

	for (i = 0; i < folders; i++) {
		if (i > 0)
			buf_addc(b, '\n');
		path(b);
		buf_adds(b, ":\n");
		for (n = rnd(20); n > 0; n--) {
			name(b);
			buf_addc(b, '\n');
		}
	}
}

static void
make(struct buf *b, unsigned form)
{
	switch (form) {
	case 0:
		grep(b, true, 0, false);
		break;
	case 1:
		grep(b, true, 1 + rnd(4), false);
		break;
	case 2:
		grep(b, false, 0, false);
		break;
	case 3:
		grep(b, true, 0, true);
		break;
	case 4:
		paths(b, false, false);
		break;
	case 5:
		paths(b, true, false);
		break;
	case 6:
		paths(b, rnd(2), true);
		break;
	case 7:
		tree(b, false, rnd(3));
		break;
	case 8:
		tree(b, true, rnd(3));
		break;
	case 9:
		ls(b);
		break;
	default:
		lsr(b);
	}
}

static const char *const forms[] = { "numbered matches",
	"matches with context", "matches without numbers", "headings",
	"paths", "paths with folders", "sizes", "trees", "trees with sizes",
	"ls -l", "ls -R" };

/* The numbers of "[hr: 12 lines left out]" summed up. */
static uint64_t
left_out(struct span s)
{
	static const char mark[] = "[hr: ";
	uint64_t sum = 0, n;
	size_t i;

	for (i = 0; i + sizeof(mark) < s.n; i++) {
		if (memcmp(s.p + i, mark, sizeof(mark) - 1) != 0)
			continue;
		for (n = 0, i += 5; s.p[i] >= '0' && s.p[i] <= '9'; i++)
			n = n * 10 + (uint64_t)(s.p[i] - '0');
		if (s.n - i > 10 && (memcmp(s.p + i, " line", 5) == 0 ||
		    memcmp(s.p + i, " path", 5) == 0) &&
		    memchr(s.p + i, ']', 16) != NULL)
			sum += n;
	}
	return sum;
}

static uint64_t
number_behind(struct span s, const char *word)
{
	size_t i, n = strlen(word);

	for (i = 0; i + n < s.n; i++)
		if (memcmp(s.p + i, word, n) == 0)
			return strtoull(s.p + i + n, NULL, 10);
	return 0;
}

static bool
turns_back(struct span t, bool *shorter)
{
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT, back = BUF_INIT;
	bool good;

	s.tok = tok;
	s.opt.level = SQUASH_LOSSLESS;
	squash_list(&s, t);
	*shorter = s.edits.n > 0;
	edits_apply(&s.edits, t, &out);
	good = !s.lossy;
	if (*shorter)
		good = good && list_expand(buf_span(&out), &back) ==
		    EXPAND_OK && span_eq(buf_span(&back), t) &&
		    s.after == tok_count(tok, buf_span(&out)) &&
		    s.after < s.before;
	squash_list(&s, buf_span(&out));
	good = good && (s.edits.n == 0 || !*shorter);
	squash_release(&s);
	buf_release(&out);
	buf_release(&back);
	return good;
}

static bool
adds_up(struct span t, bool *lossy)
{
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT, back = BUF_INIT;
	uint64_t shown, total;
	bool good = true;

	s.tok = tok;
	s.unkept = true;
	s.opt.level = SQUASH_TIGHT;
	squash_list(&s, t);
	*lossy = s.lossy;
	edits_apply(&s.edits, t, &out);
	if (s.lossy) {
		buf_addc(&out, '\0');
		shown = number_behind(buf_span(&out), "[hr: ");
		total = number_behind(buf_span(&out), " of ");
		buf_truncate(&out, out.len - 1);
		good = shown < total && shown + left_out(buf_span(&out)) -
		    left_out(t) <= total;
		/* What the text itself says in marks may be left out too. */
		if (left_out(t) == 0)
			good = good && shown + left_out(buf_span(&out)) ==
			    total;
		good = good && list_expand(buf_span(&out), &back) ==
		    EXPAND_GAPS;
	}
	squash_list(&s, buf_span(&out));
	good = good && (s.edits.n == 0 || !*lossy);
	squash_release(&s);
	buf_release(&out);
	buf_release(&back);
	return good;
}

static void
say(bool good, const char *form, const char *what)
{
	char z[100];

	snprintf(z, sizeof(z), "%s: %s", form, what);
	ok(good, z);
}

static void
test_form(unsigned form)
{
	struct buf b = BUF_INIT;
	unsigned i, good = 0, sums = 0, shorter = 0, lossy = 0;
	bool yes;

	for (i = 0; i < ROUNDS; i++) {
		state = form * 1000 + i;
		buf_reset(&b);
		make(&b, form);
		if (rnd(4) == 0 && b.len > 0 && b.p[b.len - 1] == '\n')
			buf_truncate(&b, b.len - 1);
		good += turns_back(buf_span(&b), &yes);
		shorter += yes;
		sums += adds_up(buf_span(&b), &yes);
		lossy += yes;
	}
	say(good == ROUNDS, forms[form], "turn back, byte for byte");
	say(sums == ROUNDS, forms[form], "shown and left out are all");
	/* What the test asserts must have been there to be tested. */
	say(shorter >= ROUNDS / 10 || form == 3, forms[form],
	    "many are shorter without loss");
	say(lossy >= ROUNDS / 20, forms[form], "some are shorter with gaps");
	buf_release(&b);
}

static enum squash_reason
reason(const char *z)
{
	struct squash s = SQUASH_INIT;
	enum squash_reason r;

	s.tok = tok;
	s.unkept = true;
	s.opt.level = SQUASH_TIGHT;
	squash_list(&s, span_z(z));
	r = s.reason;
	squash_release(&s);
	return r;
}

/* Line i of each, %u in it being i. */
static void
test_foreign(const char *line, const char *what)
{
	struct buf b = BUF_INIT;
	unsigned i;

	for (i = 0; i < 60; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_addf(&b, line, i, i + 10);
#pragma GCC diagnostic pop
		buf_addc(&b, '\n');
	}
	buf_addc(&b, '\0');
	say(reason(b.p) == SQUASH_FOREIGN, "not taken for a list", what);
	buf_release(&b);
}

int
main(void)
{
	const char *dir = getenv("BUILDDIR");
	char file[PATH_MAX];
	unsigned form;

	snprintf(file, sizeof(file), "%s/share/o200k_base.hrv",
	    dir != NULL ? dir : ".");
	ok(tok_open(&tok, TOK_O200K, file) == 0, "the vocabulary opens");
	for (form = 0; form < HR_LEN(forms); form++)
		test_form(form);
	test_foreign("12:30:%02u foo %u", "a log with times");
	test_foreign("2021-07-11 12:30:%02u INFO a/b.c:%u x", "log with dates");
	test_foreign("2021-07-%02u,0:00:02,load avg,%u", "CSV with times");
	test_foreign("job\tstep%u\t00:00:%u", "TSV");
	test_foreign("src/a%u.c:12:%u: error: no such thing", "a compiler's");
	test_foreign("src/a.py:%u:%u: E501 line too long", "a linter's");
	test_foreign("tests/test_a.py::test_%u PASSED [%u%%]", "tests");
	test_foreign("ok %u - a/b.c does c/d.e %u times", "TAP");
	test_foreign("server.go:%u: listening on :80%u", "a log with places");
	test_foreign("https://example.com/a/%u/b/%u", "URLs");
	test_foreign("10.0.0.%u:80:open %u", "addresses with ports");
	test_foreign("key%u: value/of %u", "YAML");
	test_foreign("    at a/b.js:%u:%u", "a stack trace");
	ok(reason("") == SQUASH_FOREIGN, "nothing is no list");
	tok_close(tok);
	done();
}
