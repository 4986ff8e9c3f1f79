/*
 * fuzz profile - what must hold for all profiles and all texts
 *
 * What stands before the first NUL is a file of profiles; if nothing does,
 * those that are shipped are taken.  A file that is wrong is told with a line
 * that it has.  Of a text behind the NUL each line is judged, always alike; no
 * error is dropped, and no mark, and a tag stands in its line.  The first line
 * of the profiles, as a pattern, matches that of the text as a table of all
 * their ends does.  What becomes of such texts is seen by fuzz_log.  A broken
 * promise aborts.
 */
#include "compat.h"

#include "errword.h"
#include "fuzz.h"
#include "profile.h"
#include "profile_pat.h"

#define TABLE_BYTES	64

static struct span
next_line(struct span *s)
{
	const char *nl = memchr(s->p, '\n', s->n);
	size_t n = nl != NULL ? (size_t)(nl - s->p) : s->n;
	struct span line = span_of(s->p, n);

	*s = span_skip(*s, n + (nl != NULL));
	return line;
}

static bool
holds(struct span s, struct span word)
{
	size_t i;

	for (i = 0; i + word.n <= s.n; i++)
		if (memcmp(s.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

/* Without sets, backslashes and an indentation, which take one length too. */
static bool
by_table(struct span g, struct span s)
{
	static bool ends[TABLE_BYTES + 1][TABLE_BYTES + 1];
	size_t i, j;

	for (j = 0; j <= s.n; j++)
		ends[g.n][j] = j == s.n;
	for (i = g.n; i-- > 0; )
		for (j = s.n + 1; j-- > 0; )
			ends[i][j] = g.p[i] == '*' ?
			    ends[i + 1][j] || (j < s.n && ends[i][j + 1]) :
			    j < s.n && (g.p[i] == '?' || g.p[i] == s.p[j]) &&
			    ends[i + 1][j + 1];
	return ends[0][0];
}

static void
check_pattern(struct span g, struct span s)
{
	struct pat_sets sets = { .n = 0 };
	uint16_t op[PAT_MAX];
	size_t n;
	bool is;

	g = next_line(&g);
	s = next_line(&s);
	if (pat_compile(g, &sets, op, &n) == NULL) {
		must(n <= g.n);
		is = pat_match(op, n, &sets, s);
		must(pat_prefix(op, n, &sets, s) <= s.n);
		if (g.n <= TABLE_BYTES && s.n <= TABLE_BYTES &&
		    !holds(g, SPAN_LIT("[")) && !holds(g, SPAN_LIT("\\")) &&
		    !span_starts(g, SPAN_LIT(" ")))
			must(is == by_table(g, s));
	}
	free(sets.set);
}

static size_t
count_lines(struct span s)
{
	size_t n;

	for (n = 0; s.n > 0; n++)
		(void)next_line(&s);
	return n;
}

static void
check_run(const struct profiles *p, struct span text)
{
	struct profile_run a = PROFILE_RUN_INIT, b = PROFILE_RUN_INIT;
	bool known = profile_run(&a, p, text);
	size_t i;

	must(profile_run(&b, p, text) == known);
	must(a.n == b.n && a.n == (known ? count_lines(text) : 0));
	for (i = 0; i < a.n; i++) {
		struct span line = next_line(&text);

		must(a.line[i].verdict == b.line[i].verdict &&
		    a.line[i].tag == b.line[i].tag &&
		    a.line[i].verdict <= PROFILE_DROP);
		must(holds(line, profile_tag(p, a.line[i].tag)));
		if (a.line[i].verdict != PROFILE_DROP)
			continue;
		must(!errword_in(line));
		must(!span_starts(line, SPAN_LIT("[hr: ")));
	}
	profile_run_release(&a);
	profile_run_release(&b);
}

static void
count_wrong(const struct profile_test *t, void *arg)
{
	unsigned *n = arg;

	must(t->wrong <= t->lines);
	*n += t->lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_of((const char *)data, size), own, text;
	const char *nul = size > 0 ? memchr(data, '\0', size) : NULL;
	struct profiles *p = profiles_new();
	struct file_err err;
	unsigned lines = 0;

	must(p != NULL);
	own = span_of(all.p, nul == NULL ? 0 : (size_t)(nul - all.p));
	text = span_skip(all, own.n + (nul != NULL));
	check_pattern(own, text);
	if (!profiles_add(p, own, &err)) {
		must(err.line <= count_lines(own) && err.what[0] != '\0');
	} else {
		profile_tests(p, own, count_wrong, &lines);
		must(lines <= own.n);
		check_run(own.n > 0 ? p : fuzz_profiles(), text);
	}
	profiles_free(p);
	return 0;
}
