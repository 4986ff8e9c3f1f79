/*
 * test_profile - what profiles say, and the tests in the profiles shipped
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "profile.h"
#include "profile_pat.h"
#include "tap.h"

static bool
fits(const char *pattern, const char *line)
{
	struct pat_sets sets = { .n = 0 };
	uint16_t op[PAT_MAX];
	size_t n;
	bool is;

	is = pat_compile(span_z(pattern), &sets, op, &n) == NULL &&
	    pat_match(op, n, &sets, span_z(line));
	free(sets.set);
	return is;
}

static size_t
begins(const char *pattern, const char *line)
{
	struct pat_sets sets = { .n = 0 };
	uint16_t op[PAT_MAX];
	size_t n, len = 0;

	if (pat_compile(span_z(pattern), &sets, op, &n) == NULL)
		len = pat_prefix(op, n, &sets, span_z(line));
	free(sets.set);
	return len;
}

static void
test_patterns(void)
{
	ok(fits("abc", "abc") && !fits("abc", "abcd") && !fits("abc", "ab"),
	    "bytes stand for themselves");
	ok(fits("a*c", "ac") && fits("a*c", "abbc") && !fits("a*c", "abcd"),
	    "a star is any bytes");
	ok(fits("*aab", "aaaab") && fits("a*b*c", "a-b-b-c-c"),
	    "a star gives back what is needed");
	ok(fits("a?c", "abc") && !fits("a?c", "ac"), "? is one byte");
	ok(fits("[a-c]x", "bx") && !fits("[a-c]x", "dx") &&
	    fits("[!a-c]x", "dx") && !fits("[!a-c]x", "ax"), "sets");
	ok(fits("[]]", "]") && fits("[[]x]", "[x]") && fits("[a-]", "-"),
	    "brackets and dashes in sets");
	ok(fits("[0-9]+ x", "123 x") && !fits("[0-9]+ x", " x") &&
	    fits("[ab]+c*", "abbac-") && !fits("[ab]+a", "aba") &&
	    !fits("*[ab]+c", "abc"), "as many as there are");
	ok(fits(" x", "   x") && fits(" x", "\tx") && !fits(" x", "x"),
	    "a blank at the beginning is any indentation");
	ok(fits("a b", "a b") && !fits("a b", "a  b"),
	    "any other blank is one");
	ok(fits("\\*\\?", "*?") && !fits("\\*", "a"), "backslashes");
	ok(fits("", "") && !fits("", "a") && fits("*", "") && fits("**", ""),
	    "nothing, and anything");
	ok(!fits("[abc", "a") && !fits("\\", "\\"), "no patterns");
	ok(begins("a*b", "axbxb") == 3 && begins("a", "b") == 0 &&
	    begins("[0-9]* ", "12 13 x") == 3, "the shortest beginning");
}

/* The verdicts of a text, a letter a line. */
static const char *
verdicts(const char *profiles, const char *text)
{
	static char out[100];
	struct profiles *p = profiles_new();
	struct profile_run r = PROFILE_RUN_INIT;
	struct file_err err;
	size_t i;

	if (p == NULL || !profiles_add(p, span_z(profiles), &err)) {
		profiles_free(p);
		return "wrong";
	}
	(void)profile_run(&r, p, span_z(text));
	for (i = 0; i < r.n && i + 1 < sizeof(out); i++)
		out[i] = ".KD"[r.line[i].verdict];
	out[i] = '\0';
	profile_run_release(&r);
	profiles_free(p);
	return out;
}

static void
says(const char *profiles, const char *text, const char *want,
    const char *name)
{
	const char *got = verdicts(profiles, text);

	if (!ok(strcmp(got, want) == 0, name))
		printf("# got %s, not %s\n", got, want);
}

static void
test_verdicts(void)
{
	says("profile a\nis\tx\ndrop\td*\nkeep\tdk*\n", "d\nq\n", "",
	    "nothing where nothing is recognised");
	says("profile a\nis\tx\ndrop\td*\nkeep\tdk*\n", "d1\nq\ndk\nx\n",
	    "D.K.", "dropped and kept, also before what is recognised");
	says("profile a\nis 2\tx\ndrop\td\n", "x\nd\n", "", "twice is asked");
	says("profile a\nis 2\tx\ndrop\td\n", "x\nd\nx", ".D.", "and had");
	says("profile a\nis\tx\nfew 2\tf*\n", "x\nf1\nf2\nf3\n", ".KKD",
	    "the first few");
	says("profile a\nis\tx\nkeep 2\tk*\nkeep\tkk\ndrop\tk4\n",
	    "x\nk1\nk2\nk3\nk4\nkk\n", ".KK.DK",
	    "the first few, and nothing is said of others");
	says("profile a\nis\tx\ndrop\td\nhead\th*\n",
	    "x\nh\nd\nh\nq\nh\nh\n\nd\n", ".DD..DD.D",
	    "a heading shares the fate of what is below");
	says("profile a\nis\tx\nfrom drop\tb\nto\te\nkeep\tk\n",
	    "x\nb\n1\nk\ne\nk\n", ".DDD.K", "a block that is dropped");
	says("profile a\nis\tx\nfrom keep\tb\nto\te\nto\t\ndrop\td\n",
	    "x\nb\nd\n\nd\n", ".KK.D", "a block that is kept");
	says("profile a\nis\tx\nprefix\t[0-9]*:[ ]\ndrop\td\n",
	    "12: x\n13: d\nd\n", ".DD", "what stands before a line");
	says("profile a\nis\tx\ndrop\t*\n", "x\nan error\n[hr: x]\n0 errors\n",
	    "D...", "no error is dropped, and no mark");
	says("profile a\nis\tx\ndrop\td\nprofile a\nis\tx\n", "x\nd\n", "..",
	    "the last of a name counts");
	says("profile a\nis\tx\nprofile b\nis\ty\ndrop\td\n", "x\nd\n", "..",
	    "what is not recognised says nothing");
}

/* How many of the tests in the profiles shipped hold, and what does not. */
static void
told(const struct profile_test *t, void *arg)
{
	unsigned *n = arg;
	char name[100];

	++*n;
	snprintf(name, sizeof(name), "profile %.*s", (int)t->profile.n,
	    t->profile.p);
	if (!ok(t->wrong == 0 && t->lines > 0, name))
		printf("# line %u: %u wrong, first: %.*s\n", t->line, t->wrong,
		    (int)t->first.n, t->first.p);
}

static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	char *p = malloc(PROFILE_TEXT_MAX);

	if (f == NULL || p == NULL)
		exit(1);
	*n = fread(p, 1, PROFILE_TEXT_MAX, f);
	fclose(f);
	return p;
}

static unsigned
count_profiles(const char *p, size_t n)
{
	size_t i;
	unsigned count = 0;

	for (i = 0; i + 8 < n; i++)
		count += (i == 0 || p[i - 1] == '\n') &&
		    memcmp(p + i, "profile ", 8) == 0;
	return count;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Lines on which patterns with stars have the most work. */
static double
hostile(const struct profiles *p, size_t lines)
{
	struct profile_run r = PROFILE_RUN_INIT;
	struct buf b = BUF_INIT;
	double start;
	size_t i;

	buf_adds(&b, "Ran 3 tests in 1s\n12 passed in 0.01s\n");
	for (i = 0; i < lines * 1900; i++)
		buf_addc(&b, i % 1900 == 1899 ? '\n' : "= .[("[i % 5]);
	start = now();
	ok(profile_run(&r, p, buf_span(&b)), "hostile lines are read");
	start = now() - start;
	profile_run_release(&r);
	buf_release(&b);
	return start;
}

static void
test_shipped(void)
{
	const char *dir = getenv("BUILDDIR");
	struct profiles *p = profiles_new();
	char path[PATH_MAX], *text;
	struct file_err err;
	unsigned tests = 0;
	double few, many;
	size_t n;

	snprintf(path, sizeof(path), "%s/share/profiles",
	    dir != NULL ? dir : ".");
	text = slurp(path, &n);
	if (!ok(p != NULL && profiles_add(p, span_of(text, n), &err),
	    "the profiles shipped are read"))
		printf("# %u: %s: %.*s\n", err.line, err.what,
		    (int)err.word.n, err.word.p);
	else
		profile_tests(p, span_of(text, n), told, &tests);
	ok(tests >= count_profiles(text, n), "each profile has a test");
	few = hostile(p, 20);
	many = hostile(p, 200);
	ok(many < 40 * few + 0.1, "ten times the lines, no more than that");
	free(text);
	profiles_free(p);
}

static void
refuses(const char *text, unsigned line, const char *name)
{
	struct profiles *p = profiles_new();
	struct file_err err = { 0, "", SPAN_LIT("") };

	ok(p != NULL && !profiles_add(p, span_z(text), &err) &&
	    err.line == line, name);
	profiles_free(p);
}

static void
test_refused(void)
{
	refuses("is\tx\n", 1, "no profile before");
	refuses("profile a\n\nwhat\tx\n", 3, "an unknown word");
	refuses("profile a\nis\t[x\n", 2, "a bracket that does not end");
	refuses("profile a\nis many\tx\n", 2, "no number");
	refuses("profile a\nis 0\tx\n", 2, "a number out of range");
	refuses("profile a\nhead this\tx\n", 2, "a word too many");
	refuses("profile a\nkeep this\tx\n", 2, "no number of lines");
	refuses("profile a\ndrop ok\t* OK\n", 2, "a tag that lies");
	refuses("profile a\ndrop a*b\ta*b\n", 2, "a tag that is no word");
	refuses("profile a\nfrom there\tx\n", 2, "no verdict");
	refuses("profile a\nto\tx\n", 2, "an end without a block");
	refuses("profile a\nis x\n", 2, "no tab");
	refuses("profile a\ntest\n> x\n", 3, "a test without end");
	refuses("profile a\ntest\nx\nend\n", 3, "a test without signs");
	refuses("profile\n", 1, "no name");
}

int
main(void)
{
	test_patterns();
	test_verdicts();
	test_refused();
	test_shipped();
	return done();
}
