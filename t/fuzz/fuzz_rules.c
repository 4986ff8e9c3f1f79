/*
 * fuzz rules - what must hold for every policy file and every pattern
 *
 * A file that is wrong is told with a line that it has and changes nothing;
 * another one always means the same, whatever comments are added.  Of what
 * stands before the first newline, up to a blank, and behind that, a pattern
 * matches a path as a table of all their ends does.  A broken promise aborts.
 */
#include "compat.h"

#include "file_class.h"
#include "fuzz.h"
#include "glob.h"
#include "rules.h"

#define PATH_BYTES	64	/* of a path for the table */

/* ends[i][j]: whether the pattern from i on matches the path from j on. */
struct table {
	bool	ends[GLOB_MAX + 1][PATH_BYTES + 1];
};

static bool
cell(const struct table *t, struct span g, struct span s, size_t i, size_t j)
{
	struct span rest = span_skip(g, i);
	size_t k;

	if (span_starts(rest, SPAN_LIT("**/"))) {
		for (k = j; k <= s.n; k++)
			if ((k == j || s.p[k - 1] == '/') &&
			    t->ends[i + 3][k])
				return true;
		return false;
	}
	if (span_eq(rest, SPAN_LIT("**")))
		return true;
	if (span_starts(rest, SPAN_LIT("**")))
		return t->ends[i + 2][j] || (j < s.n && s.p[j] != '/' &&
		    t->ends[i][j + 1]);
	if (rest.p[0] == '*')
		return t->ends[i + 1][j] || (j < s.n && s.p[j] != '/' &&
		    t->ends[i][j + 1]);
	if (j == s.n)
		return false;
	if (rest.p[0] == '?')
		return s.p[j] != '/' && t->ends[i + 1][j + 1];
	return s.p[j] == rest.p[0] && t->ends[i + 1][j + 1];
}

static bool
by_table(struct span g, struct span s)
{
	static struct table t;
	size_t i, j;

	for (j = 0; j <= s.n; j++)
		t.ends[g.n][j] = j == s.n || g.p[g.n - 1] == '/';
	for (i = g.n; i-- > 0; )
		for (j = s.n + 1; j-- > 0; )
			t.ends[i][j] = cell(&t, g, s, i, j);
	for (j = 0; j <= s.n; j++)
		if ((j == 0 || (g.p[0] != '/' && s.p[j - 1] == '/')) &&
		    t.ends[0][j])
			return true;
	return false;
}

static void
check_pattern(struct span s)
{
	const char *nl = memchr(s.p, '\n', s.n), *blank;
	struct span line = span_of(s.p, nl == NULL ? s.n :
	    (size_t)(nl - s.p)), pattern, path;

	blank = memchr(line.p, ' ', line.n);
	if (blank == NULL)
		return;
	pattern = span_of(line.p, (size_t)(blank - line.p));
	path = span_skip(line, pattern.n + 1);
	if (glob_check(pattern) != NULL || path.n > PATH_BYTES ||
	    memchr(path.p, '\\', path.n) != NULL)
		return;
	must(glob_match(pattern, path) == by_table(pattern, path));
}

static unsigned
lines(struct span s)
{
	unsigned n = 1;
	size_t i;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static bool
same_hash(const struct rules *a, const struct rules *b)
{
	uint8_t x[SHA256_LEN], y[SHA256_LEN];

	rules_hash(a, x);
	rules_hash(b, y);
	return memcmp(x, y, sizeof(x)) == 0;
}

static void
check_good(const struct rules *r, struct span s)
{
	struct rules *other = rules_new();
	struct file_judge j = { .rules = r }, k = { .rules = other };
	struct file_err err;
	enum file_class a, b;

	must(rules_add(other, s, &err));
	must(same_hash(r, other));
	must(rules_add(other, SPAN_LIT("# a\n\n \t\n"), &err));
	must(same_hash(r, other));
	file_judge_path(&j, s);
	file_judge_path(&k, s);
	must(j.class == k.class && j.checks == k.checks);
	must(rules_comment(r, s, &a) == rules_comment(other, s, &b));
	must(rules_add(other, SPAN_LIT("level data tight"), &err));
	must(!same_hash(r, other));
	must(rules_level(other, FILE_DATA) == SQUASH_TIGHT);
	rules_free(other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(size == 0 ? "" : (const char *)data, size);
	struct rules *r = rules_new(), *empty = rules_new();
	struct file_err err;

	if (rules_add(r, s, &err)) {
		check_good(r, s);
	} else {
		must(err.what != NULL && err.line <= lines(s));
		must(!rules_any(r) && same_hash(r, empty));
		must(rules_level(r, FILE_DATA) == SQUASH_EXACT);
	}
	check_pattern(s);
	rules_free(r);
	rules_free(empty);
	return 0;
}
