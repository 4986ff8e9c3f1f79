/*
 * test_rules - patterns for paths, and policy files
 */
#include "compat.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "glob.h"
#include "io.h"
#include "rules.h"
#include "tap.h"

struct glob_case {
	bool		 want;
	const char	*pattern, *path;
};

static const struct glob_case globs[] = {
	{ true, "a", "a" }, { true, "a", "x/a" }, { true, "a", "/x/y/a" },
	{ false, "a", "a/x" }, { false, "a", "ba" }, { false, "a", "ab" },
	{ false, "a", "" }, { true, "a/b", "a/b" }, { true, "a/b", "x/a/b" },
	{ false, "a/b", "xa/b" }, { false, "a/b", "a/x/b" },
	{ true, "/a/b", "/a/b" }, { false, "/a/b", "x/a/b" },
	{ false, "/a/b", "/x/a/b" }, { false, "/a/b", "a/b" },
	{ true, "*.c", "x.c" }, { true, "*.c", "/a/x.c" },
	{ true, "*.c", ".c" }, { false, "*.c", "x.cc" },
	{ false, "*.c", "x.c/y" }, { true, "*", "a/b" },
	{ true, "a*", "a" }, { false, "a/*", "a/b/c" },
	{ true, "a/*", "a/b" }, { true, "a*b*c", "aXbYc" },
	{ true, "a*b*c", "abbbc" }, { false, "a*b*c", "acb" },
	{ true, "?.c", "x.c" }, { false, "?.c", ".c" },
	{ false, "a?b", "a/b" }, { true, "a/**/b", "a/b" },
	{ true, "a/**/b", "a/x/y/b" }, { false, "a/**/b", "a/xb" },
	{ false, "a/**/b", "ab" }, { true, "a/**", "a/b/c" },
	{ true, "a/", "a/b" }, { true, "a/", "/x/a/b/c" },
	{ true, "a/", "a/" }, { false, "a/", "a" }, { false, "a/", "xa/b" },
	{ true, "**/a", "a" }, { true, "a**b", "aXYb" },
	{ false, "a**b", "a/b" }, { true, "a/", "x\\a\\b" },
	{ true, "/a/", "/a/b" }, { false, "/a/", "/x/a/b" },
	{ true, "a.b", "a.b" }, { false, "a.b", "axb" },
	{ false, "A", "a" }, { true, "**", "a/b" },
	{ true, "*a*a*a*a", "aaaaaaaa" }, { true, "a/**/*.c", "a/b/c/d.c" },
	{ true, "**/x/**/y/", "a/x/y/z" },
};

static void
test_globs(void)
{
	size_t i, good = 0;
	bool got;

	for (i = 0; i < HR_LEN(globs); i++) {
		got = glob_match(span_z(globs[i].pattern),
		    span_z(globs[i].path));
		if (got == globs[i].want)
			good++;
		else
			printf("# %d: %s %s\n", got, globs[i].pattern,
			    globs[i].path);
	}
	ok(good == i, "patterns");
	ok(glob_check(SPAN_LIT("")) != NULL &&
	    glob_check(SPAN_LIT("a\\b")) != NULL &&
	    glob_check(SPAN_LIT("a[1]")) == NULL, "what is no pattern");
}

/* The pattern that makes others take exponential time. */
static void
test_hostile(void)
{
	char pattern[GLOB_MAX], path[4096];
	struct timespec from, to;
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 == 0 ? '*' : 'a';
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = 'b';
	pattern[GLOB_MAX - 1] = '?';
	clock_gettime(CLOCK_MONOTONIC, &from);
	ok(glob_match(span_of(pattern, GLOB_MAX), span_of(path,
	    sizeof(path))), "stars and letters in a row");
	pattern[GLOB_MAX - 1] = 'c';
	path[sizeof(path) - 1] = 'c';
	path[sizeof(path) - 2] = '/';
	ok(!glob_match(span_of(pattern, GLOB_MAX), span_of(path,
	    sizeof(path))), "over a slash");
	clock_gettime(CLOCK_MONOTONIC, &to);
	ok(to.tv_sec - from.tv_sec < 5, "in linear time");
}

struct bad_case {
	const char	*text;
	unsigned	 line;
	const char	*what, *word;
};

static const struct bad_case bad[] = {
	{ "x", 1, "not one of tool|path|text|level", "x" },
	{ "# c\n\npaths data *.c\n", 3, "not one of tool|path|text|level",
	  "paths" },
	{ "path", 1, "no class", "" },
	{ "path code *.c", 1,
	  "not one of source|generated|minified|vendored|lock|data", "code" },
	{ "path data", 1, "no pattern", "" },
	{ "path data # *.c", 1, "no pattern", "" },
	{ "path data a\\b", 1, "a backslash in a pattern", "a\\b" },
	{ "path data \"\"", 1, "an empty pattern", "" },
	{ "path data if *.c", 1, "not 'if records'", "" },
	{ "path data if", 1, "not 'if records'", "" },
	{ "path data if records", 1, "no pattern", "" },
	{ "tool read", 1, "no name", "" },
	{ "tool read __", 1, "an empty word", "" },
	{ "tool reader x", 1, "not one of other|read|shell|edit|fetch",
	  "reader" },
	{ "level data", 1, "not 'level CLASS LEVEL'", "" },
	{ "level data most", 1, "not one of exact|lossless|balanced|tight",
	  "most" },
	{ "level data tight x", 1, "not 'level CLASS LEVEL'", "" },
	{ "text generated", 1, "no words", "" },
	{ "text generated made", 1, "not in double quotes", "made" },
	{ "\ntext generated \"made", 2, "a quote that does not end",
	  "\"made" },
	{ "text generated \"a\"b", 1, "no blank behind a quote", "b" },
	{ "path data a\"b", 1, "a quote inside a word", "a\"b" },
	{ "level data tight\nlevel", 2, "no class", "" },
};

static void
test_bad(void)
{
	struct rules *r = rules_new();
	struct file_err err;
	uint8_t none[SHA256_LEN], sha[SHA256_LEN];
	struct buf b = BUF_INIT;
	size_t i, good = 0;

	rules_hash(NULL, none);
	for (i = 0; i < HR_LEN(bad); i++)
		if (!rules_add(r, span_z(bad[i].text), &err) &&
		    err.line == bad[i].line &&
		    strcmp(err.what, bad[i].what) == 0 &&
		    span_eq(err.word, span_z(bad[i].word)))
			good++;
		else
			printf("# %u: %s: '%.*s' of %s\n", err.line, err.what,
			    (int)err.word.n, err.word.p, bad[i].text);
	ok(good == i, "what is wrong is told, with its line");
	ok(!rules_add(r, SPAN_LIT("path data \0"), &err), "NUL is wrong");
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "path data a\n");
	ok(!rules_add(r, buf_span(&b), &err) && err.line == 4097,
	    "too many rules");
	while (b.len <= RULES_TEXT_MAX)
		buf_adds(&b, "# a comment\n");
	ok(!rules_add(r, buf_span(&b), &err) && err.line == 0,
	    "too large a file");
	rules_hash(r, sha);
	ok(!rules_any(r) && memcmp(sha, none, sizeof(sha)) == 0,
	    "and nothing of it is kept");
	rules_free(r);
	buf_release(&b);
}

static enum file_class
path_class(const struct rules *r, const char *path)
{
	enum file_class class = FILE_SOURCE;
	unsigned checks;

	return rules_path(r, span_z(path), &class, &checks) ? class :
	    FILE_SOURCE;
}

static void
test_order(void)
{
	struct rules *r = rules_new();
	struct file_err err;
	enum file_class class;
	enum tool_class tool;
	unsigned checks;

	ok(rules_add(r, SPAN_LIT("level data balanced\n"
	    "path\tdata *.csv  x/*.json # a comment\r\n"
	    "path data if records big/**/*.json\n"
	    "text generated \"Made by\" \"do not edit\"\n"
	    "tool read Show-It\n"), &err), "a file");
	ok(path_class(r, "a/b.csv") == FILE_DATA &&
	    path_class(r, "x/y.json") == FILE_DATA &&
	    path_class(r, "y.json") == FILE_SOURCE, "paths");
	ok(rules_path(r, SPAN_LIT("big/a.json"), &class, &checks) &&
	    checks == RULES_RECORDS && rules_path(r, SPAN_LIT("a.csv"), &class,
	    &checks) && checks == 0, "what the text must bear out");
	ok(rules_level(r, FILE_DATA) == SQUASH_BALANCED &&
	    rules_level(r, FILE_LOCK) == SQUASH_EXACT, "levels");
	ok(rules_comment(r, SPAN_LIT("made by x; Do Not Edit!"), &class) &&
	    class == FILE_GENERATED &&
	    !rules_comment(r, SPAN_LIT("not Made by x; do not edit"), &class) &&
	    !rules_comment(r, SPAN_LIT("do not edit Made by"), &class) &&
	    !rules_comment(r, SPAN_LIT("Made by x; do not"), &class),
	    "words of a comment, in any case of letters, in order");
	ok(rules_tool(r, SPAN_LIT("showit"), &tool) && tool == TOOL_READ &&
	    !rules_tool(r, SPAN_LIT("show"), &tool), "tools");
	ok(rules_add(r, SPAN_LIT("path source own.csv\nlevel data tight\n"
	    "tool other show_it"), &err) &&
	    path_class(r, "own.csv") == FILE_SOURCE &&
	    path_class(r, "a.csv") == FILE_DATA &&
	    rules_level(r, FILE_DATA) == SQUASH_TIGHT &&
	    rules_tool(r, SPAN_LIT("showit"), &tool) && tool == TOOL_OTHER,
	    "what comes later counts");
	rules_free(r);
	ok(path_class(NULL, "a.csv") == FILE_SOURCE &&
	    rules_level(NULL, FILE_DATA) == SQUASH_EXACT && !rules_any(NULL),
	    "without rules all is source");
}

static bool
same_hash(const char *a, const char *b)
{
	const char *const texts[] = { a, b };
	uint8_t sha[2][SHA256_LEN];
	struct file_err err;
	struct rules *r;
	size_t i;

	for (i = 0; i < 2; i++) {
		r = rules_new();
		if (!rules_add(r, span_z(texts[i]), &err))
			return false;
		rules_hash(r, sha[i]);
		rules_free(r);
	}
	return memcmp(sha[0], sha[1], SHA256_LEN) == 0;
}

static void
test_hash(void)
{
	ok(same_hash("path data a b\n", "# x\n\n  path\tdata  a b # y"),
	    "comments and blanks are not hashed");
	ok(!same_hash("path data a b", "path data a\npath data b") &&
	    !same_hash("path data a", "path lock a") &&
	    !same_hash("path data a\npath lock a",
	    "path lock a\npath data a") &&
	    !same_hash("level data tight", ""), "all else is, in order");
}

/* The file that is shipped: what it must know, and must not. */
static void
test_shipped(void)
{
	static const struct {
		enum file_class	 class;
		const char	*path;
	} cases[] = {
		{ FILE_LOCK, "package-lock.json" }, { FILE_LOCK, "/w/go.sum" },
		{ FILE_LOCK, "web/yarn.lock" }, { FILE_LOCK, "Cargo.lock" },
		{ FILE_VENDORED, "node_modules/a/index.js" },
		{ FILE_VENDORED, "/usr/lib/python3/dist-packages/a.py" },
		{ FILE_VENDORED, "vendor/github.com/a/b.go" },
		{ FILE_MINIFIED, "static/jquery.min.js" },
		{ FILE_GENERATED, "api/a.pb.go" },
		{ FILE_GENERATED, "dist/app.js.map" },
		{ FILE_DATA, "t/data/a.csv" }, { FILE_DATA, "x.log" },
		{ FILE_DATA, "data/a/b.json" },
		/* What is edited by hand. */
		{ FILE_SOURCE, "package.json" }, { FILE_SOURCE, "a.c" },
		{ FILE_SOURCE, "tsconfig.json" }, { FILE_SOURCE, "a.yaml" },
		{ FILE_SOURCE, "Cargo.toml" }, { FILE_SOURCE, "go.mod" },
		{ FILE_SOURCE, "src/vendor/shop.rb" },
		{ FILE_SOURCE, "locales/en.json" },
		{ FILE_SOURCE, "build/main.c" }, { FILE_SOURCE, "a.sql" },
		{ FILE_SOURCE, "requirements.txt" }, { FILE_SOURCE, "x.svg" },
		{ FILE_SOURCE, "src/data/store.ts" }, { FILE_SOURCE, "app.js" },
		{ FILE_SOURCE, "gen/header.go.tmpl" }, { FILE_SOURCE, "log" },
		{ FILE_SOURCE, "a.pb.go.in" }, { FILE_SOURCE, "lock.c" },
		{ FILE_SOURCE, "CHANGELOG.md" }, { FILE_SOURCE, "catalog" },
	};
	char path[4096];
	struct buf text = BUF_INIT;
	struct rules *r = rules_new();
	struct file_err err;
	size_t i, good = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/share/hr/policy", getenv("SRCDIR"));
	fd = open(path, O_RDONLY);
	if (fd < 0 || io_slurp(fd, &text) < 0)
		printf("# cannot read %s\n", path);
	ok(text.len > 0 && rules_add(r, buf_span(&text), &err),
	    "the file that is shipped");
	for (i = 0; i < HR_LEN(cases); i++)
		if (path_class(r, cases[i].path) == cases[i].class)
			good++;
		else
			printf("# %s: %s\n", cases[i].path, file_class_name(
			    path_class(r, cases[i].path)));
	ok(good == i, "its classes of paths");
	close(fd);
	rules_free(r);
	buf_release(&text);
}

int
main(void)
{
	test_globs();
	test_hostile();
	test_bad();
	test_order();
	test_hash();
	test_shipped();
	return done();
}
