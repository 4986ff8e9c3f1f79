/*
 * test_mark - what marks look like, and that the expression finds them
 */
#include "compat.h"

#ifdef HAVE_PCRE2
# define PCRE2_CODE_UNIT_WIDTH 8
# include <pcre2.h>
#endif

#include <fcntl.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"
#include "mark.h"
#include "tap.h"

static struct buf b = BUF_INIT;

static bool
is(const char *z)
{
	bool same = span_eq(buf_span(&b), span_z(z));

	if (!same)
		printf("# got %.*s\n", (int)b.len, b.p);
	buf_reset(&b);
	return same;
}

static void
test_ids(void)
{
	uint8_t sha[SHA256_LEN] = { 0 };
	struct mark_id id = mark_id(sha), other;

	ok(strcmp(id.z, "000000000000000000000") == 0, "leading zeros");
	sha[15] = 7;
	sha[16] = 0xFF;
	ok(strcmp(mark_id(sha).z, "000000000000000000007") == 0,
	    "the first sixteen bytes count");
	memset(sha, 0xFF, sizeof(sha));
	/* 2^128 - 1 = 340282366920938463463374607431768211455 */
	ok(strcmp(mark_id(sha).z, "463374607431768211455") == 0,
	    "modulo 10^21");
	hash_sha256(SPAN_LIT("abc"), sha);
	/* int("ba7816bf8f01cfea414140de5dae2223", 16) % 10**21 */
	ok(strcmp(mark_id(sha).z, "418143717509236138531") == 0, "abc");
	id = mark_id(sha);
	ok(mark_id_parse(span_z(id.z), &other) == 0 &&
	    strcmp(id.z, other.z) == 0, "parsed");
	ok(mark_id_parse(span_of(id.z, 20), &other) < 0, "too short");
	ok(mark_id_parse(SPAN_LIT("4181437175092361385310"), &other) < 0,
	    "too long");
	ok(mark_id_parse(SPAN_LIT("41814371750923613853x"), &other) < 0,
	    "not a digit");
	ok(mark_id_parse(SPAN_LIT("+41814371750923613853"), &other) < 0,
	    "a sign");
	ok(mark_id_parse(SPAN_LIT(""), &other) < 0, "nothing");
}

static void
test_headers(void)
{
	struct mark_id id;
	struct mark_ref ref = { .id = &id };

	ok(mark_id_parse(SPAN_LIT("482913305718264903815"), &id) == 0, "id");
	mark_header(&b, 128, 900, "lines", &ref);
	ok(is("[hr: 128 of 900 lines shown, complete output: hr-ccr get "
	    "482913305718264903815]"), "header");
	ref.store = "/srv/hr.db";
	mark_header(&b, 1, 2, "JSON strings", &ref);
	ok(is("[hr: 1 of 2 JSON strings shown, complete output: hr-ccr "
	    "--store /srv/hr.db get 482913305718264903815]"), "with a store");
	mark_header(&b, 0, UINT64_MAX, "rows", NULL);
	ok(is("[hr: 0 of 18446744073709551615 rows shown]"), "without id");
}

static void
test_gaps(void)
{
	mark_gap(&b, 184, "row", SPAN_LIT("status ok in all"));
	ok(is("[hr: 184 rows left out; status ok in all]"), "gap");
	mark_gap(&b, 1, "row", span_of(NULL, 0));
	ok(is("[hr: 1 row left out]"), "one");
	mark_gap(&b, 0, "entry", span_of(NULL, 0));
	ok(is("[hr: 0 entries left out]"), "entries");
	mark_gap(&b, 2, "key", span_of(NULL, 0));
	ok(is("[hr: 2 keys left out]"), "keys");
	mark_gap(&b, 2, "match", span_of(NULL, 0));
	ok(is("[hr: 2 matches left out]"), "matches");
	mark_gap(&b, 2, "class", span_of(NULL, 0));
	ok(is("[hr: 2 classes left out]"), "classes");
	mark_gap_range(&b, "lines", 41, 812);
	ok(is("[hr: lines 41-812 left out]"), "by place");
}

static void
test_notes(void)
{
	mark_gap(&b, 2, "row", SPAN_LIT("a \"b\" 'c' `d` \\e [f]"));
	ok(is("[hr: 2 rows left out; a b c d e f]"), "quotes and brackets");
	mark_gap(&b, 2, "row", SPAN_LIT("  a\n\tb\0c \x7f "));
	ok(is("[hr: 2 rows left out; a b c]"), "blanks and controls");
	mark_gap(&b, 2, "row", SPAN_LIT("gr\xc3\xbcn \xe2\x82\xac \x80!"));
	ok(is("[hr: 2 rows left out; gr?n ? !]"), "not ASCII");
	mark_gap(&b, 2, "row", SPAN_LIT(" \"[]\" \n"));
	ok(is("[hr: 2 rows left out]"), "nothing left of it");
}

static void
test_stores(void)
{
	ok(mark_store_ok("/home/a.b/x_y-1.db"), "a path");
	ok(mark_store_ok("redis://cache:6379/0"), "a URL");
	ok(!mark_store_ok("redis://:secret@cache/0"), "a password");
	ok(!mark_store_ok("rel/x.db"), "relative");
	ok(!mark_store_ok(""), "empty");
	ok(!mark_store_ok("://x"), "no scheme");
	ok(!mark_store_ok("/a b") && !mark_store_ok("/a'b") &&
	    !mark_store_ok("/a\"b") && !mark_store_ok("/a]b") &&
	    !mark_store_ok("/a$b") && !mark_store_ok("/a\\b") &&
	    !mark_store_ok("/a\nb") && !mark_store_ok("/\xc3\xbc"),
	    "bytes that a shell or a mark would mind");
}

#ifdef HAVE_PCRE2

/* One line of the cases: want, a tab, text. */
static bool
case_holds(pcre2_code *re, pcre2_match_data *m, struct span line)
{
	const char *tab = memchr(line.p, '\t', line.n);
	struct span want = span_of(line.p, (size_t)(tab - line.p));
	struct span text = span_skip(line, want.n + 1), id;
	PCRE2_SIZE *v;
	int n;

	n = pcre2_match(re, (PCRE2_SPTR)text.p, text.n, 0, 0, m, NULL);
	if (n < 0)
		return span_eq(want, SPAN_LIT("!"));
	v = pcre2_get_ovector_pointer(m);
	if (v[0] != 0 || v[1] != text.n)
		return false;
	id = n > 1 ? span_of(text.p + v[2], v[3] - v[2]) : SPAN_LIT("-");
	return span_eq(want, id);
}

static void
test_regex(void)
{
	const char *dir = getenv("SRCDIR");
	pcre2_match_data *m;
	struct span rest;
	pcre2_code *re;
	PCRE2_SIZE at;
	char path[4096];
	const char *nl;
	int fd, rc;

	snprintf(path, sizeof(path), "%s/t/data/mark/cases",
	    dir != NULL ? dir : ".");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (!ok(fd >= 0 && io_slurp(fd, &b) == 0, "cases"))
		return;
	close(fd);
	re = pcre2_compile((PCRE2_SPTR)mark_regex, PCRE2_ZERO_TERMINATED, 0,
	    &rc, &at, NULL);
	if (!ok(re != NULL, "PCRE2 takes the expression"))
		return;
	m = pcre2_match_data_create_from_pattern(re, NULL);
	for (rest = buf_span(&b); rest.n > 0; ) {
		nl = memchr(rest.p, '\n', rest.n);
		snprintf(path, sizeof(path), "PCRE2: %.*s",
		    (int)(nl - rest.p), rest.p);
		ok(case_holds(re, m, span_of(rest.p,
		    (size_t)(nl - rest.p))), path);
		rest = span_skip(rest, (size_t)(nl - rest.p) + 1);
	}
	pcre2_match_data_free(m);
	pcre2_code_free(re);
	buf_reset(&b);
}

#else

static void
test_regex(void)
{
	ok(strchr(mark_regex, '\n') == NULL, "one line # SKIP no PCRE2");
}

#endif

int
main(void)
{
	test_ids();
	test_headers();
	test_gaps();
	test_notes();
	test_stores();
	test_regex();
	buf_release(&b);
	return done();
}
