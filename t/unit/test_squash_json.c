/*
 * What squashing JSON must hold for every text: it comes back, a second run
 * changes nothing, it is never longer, what is left out is counted.
 */
#include "compat.h"

#include <stdlib.h>

#include "json_expand.h"
#include "json_made.h"
#include "json_same.h"
#include "squash.h"
#include "tap.h"

#define TEXTS	3000

static struct tok *tok;

/* Squash at this level into out; whether anything was left out. */
static bool
squash(struct span text, enum squash_level level, struct span query,
    struct buf *out)
{
	struct squash s = SQUASH_INIT;
	bool lossy;

	s.tok = tok;
	s.opt.level = level;
	s.opt.query = query;
	s.unkept = true;
	squash_json(&s, text);
	buf_reset(out);
	edits_apply(&s.edits, text, out);
	lossy = s.lossy;
	squash_release(&s);
	return lossy;
}

static bool
comes_back(struct span text, struct span squashed)
{
	struct buf out = BUF_INIT;
	bool same = false;

	switch (json_expand(squashed, &out)) {
	case EXPAND_OK:
		same = json_same(text, buf_span(&out));
		break;
	case EXPAND_FOREIGN:
		same = json_same(text, squashed);
		break;
	case EXPAND_GAPS:
	case EXPAND_FAILED:
		break;
	}
	buf_release(&out);
	return same;
}

static bool
holds(const struct buf *b, const char *word)
{
	size_t n = strlen(word), i;

	for (i = 0; i + n <= b->len; i++)
		if (memcmp(b->p + i, word, n) == 0)
			return true;
	return false;
}

struct tally {
	unsigned	lost, unstable, longer, tables, paths, embedded, stars,
			kinds, shortened;
};

static void
check_text(struct span text, struct tally *t)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	uint64_t before = tok_count(tok, text);

	squash(text, SQUASH_LOSSLESS, SPAN_LIT(""), &once);
	t->lost += !comes_back(text, buf_span(&once));
	t->longer += tok_count(tok, buf_span(&once)) > before;
	t->tables += !json_same(buf_span(&once), buf_span(&once));
	t->paths += holds(&once, ":=") || holds(&once, ",=");
	t->embedded += holds(&once, "(json ");
	t->stars += holds(&once, "p0*");
	t->kinds += holds(&once, " rows, by type: ");
	squash(buf_span(&once), SQUASH_LOSSLESS, SPAN_LIT(""), &twice);
	t->unstable += !span_eq(buf_span(&once), buf_span(&twice));

	t->shortened += squash(text, SQUASH_TIGHT, SPAN_LIT(""), &once);
	t->longer += tok_count(tok, buf_span(&once)) > before;
	squash(buf_span(&once), SQUASH_TIGHT, SPAN_LIT(""), &twice);
	t->unstable += !span_eq(buf_span(&once), buf_span(&twice));
	buf_release(&once);
	buf_release(&twice);
}

static void
test_made(void)
{
	struct tally t = { 0 };
	struct buf text = BUF_INIT;
	uint64_t i;

	for (i = 0; i < TEXTS; i++) {
		struct tally was = t;

		made_text(i, &text);
		check_text(buf_span(&text), &t);
		if (t.lost > was.lost || t.longer > was.longer ||
		    t.unstable > was.unstable)
			printf("# text %llu\n", (unsigned long long)i);
	}
	buf_release(&text);
	printf("# %u of %u in short form, %u with paths, %u with JSON in "
	    "strings, %u with stars, %u with kinds, %u shortened\n",
	    t.tables, TEXTS, t.paths, t.embedded, t.stars, t.kinds,
	    t.shortened);
	ok(t.lost == 0, "every lossless form comes back");
	ok(t.longer == 0, "none is longer");
	ok(t.unstable == 0, "squashing again changes nothing");
	ok(t.tables > TEXTS / 20 && t.paths > TEXTS / 20 &&
	    t.embedded > TEXTS / 50 && t.stars > TEXTS / 50 &&
	    t.kinds > TEXTS / 50 &&
	    t.shortened > TEXTS / 50,
	    "the texts are of a kind to show it");
}

/* 200 records alike but for what is asked for. */
static void
records(struct buf *b)
{
	int i;

	buf_reset(b);
	buf_addc(b, '[');
	for (i = 0; i < 200; i++) {
		buf_addf(b, "%s{\"id\":%d,\"host\":\"node-%03d\",\"zone\":"
		    "\"%s\",\"ms\":%d,\"state\":\"%s\",\"owner\":%s%s}",
		    i > 0 ? "," : "", 5000 + i, i, i % 2 ? "east" : "west",
		    i == 77 ? 987654 : 20 + i % 7,
		    i == 50 ? "connection refused" : "running fine",
		    i == 120 ? "null" : "\"team-a\"",
		    i == 150 ? ",\"quarantine\":\"since-monday\"" : "");
	}
	buf_addc(b, ']');
}

static void
test_what_stays(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	bool lossy;

	records(&in);
	lossy = squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(lossy && out.len < in.len / 4, "alike records are left out");
	ok(span_starts(buf_span(&out), SPAN_LIT("[hr: ")) &&
	    holds(&out, " of 200 rows shown]\n"), "the header counts them");
	ok(holds(&out, "node-000") && holds(&out, "node-199"),
	    "first and last stay");
	ok(holds(&out, "connection refused") && holds(&out, "node-050"),
	    "a record that reports an error stays");
	ok(holds(&out, "987654") && holds(&out, "node-077"),
	    "a number far from the others stays");
	ok(holds(&out, "node-120"), "a rare null stays");
	ok(holds(&out, "since-monday"), "a record of rare shape stays");
	ok(!holds(&out, "node-033"), "the ordinary does not");
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT("why is node-033 "
	    "slow?"), &out);
	ok(holds(&out, "node-033") && !holds(&out, "node-034"),
	    "what the query names does");
	buf_release(&in);
	buf_release(&out);
}

/* Many of one kind do not push out the one of another. */
static void
test_shares(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i;

	buf_addc(&in, '[');
	for (i = 0; i < 1000; i++)
		buf_addf(&in, "%s{\"id\":%d,\"note\":\"%s %c%c%c\",\"ms\":%d}",
		    i > 0 ? "," : "", i, i % 2 ? "failed to open" : "opened",
		    'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676,
		    i == 901 ? 7654321 : 30 + i % 9);
	buf_addc(&in, ']');
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, "7654321"),
	    "a far number stays beside hundreds of errors");
	buf_release(&in);
	buf_release(&out);
}

/* More constants than a header may hold still come back. */
static void
test_wide_groups(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i, g, c;

	for (i = 0; i < 60; i++) {
		buf_addf(&in, "%s{\"id\":%d", i == 0 ? "[" : ",", i);
		for (g = 0; g < 6; g++) {
			buf_addf(&in, ",\"g%d\":{", g);
			for (c = 0; c < 150; c++)
				buf_addf(&in, "\"c%d\":\"v%d\",", c, c);
			buf_addf(&in, "\"x\":%d}", i * g + i);
		}
		buf_addc(&in, '}');
	}
	buf_addc(&in, ']');
	squash(buf_span(&in), SQUASH_LOSSLESS, SPAN_LIT(""), &out);
	ok(holds(&out, "60 rows: id,g0{") &&
	    comes_back(buf_span(&in), buf_span(&out)),
	    "hundreds of constants in groups");
	buf_release(&in);
	buf_release(&out);
}

/* Rows shown and the counts of the gaps make up all rows. */
static void
test_gaps_add_up(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned long shown = 0, total = 0, gone = 0, rows = 0, n;
	const char *p, *end, *nl;

	records(&in);
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	buf_addc(&out, '\0');
	sscanf(out.p, "[hr: %lu of %lu rows", &shown, &total);
	end = out.p + out.len - 1;
	for (p = out.p; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			break;
		if (sscanf(p, "[hr: %lu row", &n) == 1 && p > out.p)
			gone += n;
		else if (*p >= '0' && *p <= '9')
			rows++;
	}
	ok(total == 200 && shown == rows && shown + gone == total,
	    "what is shown and what is left out is all there was");
	buf_release(&in);
	buf_release(&out);
}

/* Records 0 to 199 of these members, "%d" being the record's number. */
static void
numbered(const char *members, struct buf *b)
{
	const char *p;
	int i;

	buf_reset(b);
	for (i = 0; i < 200; i++) {
		buf_adds(b, i == 0 ? "[{" : ",{");
		for (p = members; *p != '\0'; p++)
			if (p[0] == '%' && p[1] == 'd') {
				buf_addf(b, "%03d", i);
				p++;
			} else
				buf_addc(b, *p);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

/* What a mark says of the records left out is true to the byte. */
static void
test_notes(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;

	numbered("\"n\":\"r%d\",\"ms\":1%d,\"of\":\"x%d\"", &in);
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, "left out; ms 1005 to 1196]"), "a range is told");
	numbered("\"n\":\"r%d\",\"id\":900719925474099%d9", &in);
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, "left out]"),
	    "not of numbers too long to be compared exactly");

	/* A last record that differs, so that no column is constant. */
	numbered("\"n\":\"r%d\",\"a\":\"it's\",\"b\":\"gr\u00f6\u00dfe\","
	    "\"c\":\"5\",\"d\":\"null\",\"e'\":\"x\",\"f\":\"fine\"", &in);
	buf_truncate(&in, in.len - 1);
	buf_adds(&in, ",{\"n\":\"z\",\"a\":1,\"b\":1,\"c\":1,\"d\":1,"
	    "\"e'\":1,\"f\":1}]");
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, "f=fine unless given") &&
	    holds(&out, "left out; f fine in all]"),
	    "no value is told that a mark cannot spell");
	buf_release(&in);
	buf_release(&out);
}

static void
test_long_strings(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i;

	buf_adds(&in, "{\"id\":1,\"log\":\"");
	for (i = 0; i < 900; i++)
		buf_addf(&in, "line %d says %s\\n", i, i == 450 ?
		    "fatal: disk is gone" : "all is well");
	buf_adds(&in, "\",\"blob\":\"");
	for (i = 0; i < 3000; i++)
		buf_adds(&in, "QUJD");
	buf_adds(&in, "\"}");
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(out.len < in.len / 3 && holds(&out, "line 0 says") &&
	    holds(&out, "line 899 says"), "a long text keeps both its ends");
	ok(holds(&out, "line 450 says fatal: disk is gone\\n"),
	    "and whole lines that report an error");
	ok(holds(&out, "blob:\"[hr: 12000 characters left out]\""),
	    "encoded data goes as a whole");
	buf_release(&in);
	buf_release(&out);
}

/* The header counts one kind of thing and does not add lines to others. */
static void
test_header_units(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i;

	buf_adds(&in, "{\"log\":\"");
	for (i = 0; i < 900; i++)
		buf_addf(&in, "line %d says all is well\\n", i);
	buf_adds(&in, "\",\"blob\":\"");
	for (i = 0; i < 3000; i++)
		buf_adds(&in, "QUJD");
	buf_adds(&in, "\"}");
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, " of 900 lines shown]"), "lines are not characters");

	buf_truncate(&in, in.len - 1);
	buf_adds(&in, ",\"n\":[0");
	for (i = 1; i < 500; i++)
		buf_addf(&in, ",%d", i);
	buf_adds(&in, "],\"r\":[");
	for (i = 0; i < 300; i++)
		buf_addf(&in, "%s{\"n\":%d,\"s\":\"%d\"}",
		    i > 0 ? "," : "", i, i * 7);
	buf_adds(&in, "]}");
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, " of 300 rows shown]"), "and items are not rows");
	buf_release(&in);
	buf_release(&out);
}

static void
test_levels(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct squash s = SQUASH_INIT;

	records(&in);
	squash(buf_span(&in), SQUASH_EXACT, SPAN_LIT(""), &out);
	ok(span_eq(buf_span(&in), buf_span(&out)), "exact: as it was");
	s.tok = tok;
	s.opt.level = SQUASH_TIGHT;
	squash_json(&s, buf_span(&in));
	ok(!s.lossy && s.edits.n > 0, "nowhere to keep it: only lossless");
	squash_json(&s, SPAN_LIT("[1,2,]"));
	ok(s.reason == SQUASH_FOREIGN && s.edits.n == 0 && s.err.at == 5,
	    "not JSON: no edits, and where the fault is");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

/* Prose without blanks keeps its ends as other prose does. */
static void
test_prose_without_blanks(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i;

	buf_adds(&in, "{\"t\":\"");
	for (i = 0; i < 200; i++)
		buf_addf(&in, "\xE7\xAC\xAC%d\xE6\xAE\xB5\xE3\x81\xAF"
		    "\xE9\x95\xB7\xE3\x81\x84\xE6\x96\x87\xE7\xAB\xA0"
		    "\xE3\x81\xA7\xE3\x81\x99\xE3\x80\x82", i);
	buf_adds(&in, "\"}");
	squash(buf_span(&in), SQUASH_BALANCED, SPAN_LIT(""), &out);
	ok(holds(&out, "{t:\xE7\xAC\xAC" "0\xE6\xAE\xB5") &&
	    holds(&out, "\xE3\x80\x82[hr: ") &&
	    holds(&out, " characters left out]\xE7\xAC\xAC") &&
	    holds(&out, "\xE7\xAC\xAC" "199\xE6\xAE\xB5"),
	    "Japanese sentences stay whole at both ends");
	buf_release(&in);
	buf_release(&out);
}

/* Names of members stay whole, in tables as elsewhere. */
static void
test_long_names(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	int i, k;

	buf_addc(&in, '{');
	for (i = 0; i < 40; i++) {
		buf_addf(&in, "%s\"k%d ", i > 0 ? "," : "", i);
		for (k = 0; k < 240; k++)
			buf_addf(&in, "and %d ", i + k);
		buf_adds(&in, "\":{");
		for (k = 0; k < 60; k++)
			buf_addf(&in, "%s\"member_number_%d\":%d",
			    k > 0 ? "," : "", k, i + k % 7);
		buf_addc(&in, '}');
	}
	buf_addc(&in, '}');
	squash(buf_span(&in), SQUASH_TIGHT, SPAN_LIT(""), &out);
	ok(holds(&out, " of 40 rows shown]\n") &&
	    holds(&out, "rows left out") && !holds(&out, "characters"),
	    "a long name is no text to shorten");
	buf_release(&in);
	buf_release(&out);
}

/* The budget is a reason to take what saves less than a tenth. */
static void
test_budget(void)
{
	struct buf in = BUF_INIT, rows = BUF_INIT;
	struct squash s = SQUASH_INIT;
	uint64_t most, budget, last = 0;
	unsigned missed = 0, falling = 0;
	int i;

	/* Rows, of which steps leave out more and more, among what stays. */
	records(&rows);
	buf_addc(&in, '{');
	for (i = 0; i < 800; i++)
		buf_addf(&in, "\"name-%d\":\"value-%d\",", i * 7, i * 11);
	buf_adds(&in, "\"rows\":");
	buf_addspan(&in, buf_span(&rows));
	buf_addc(&in, '}');
	s.tok = tok;
	s.unkept = true;
	squash_json(&s, buf_span(&in));
	most = s.after;
	for (budget = most - 150; budget <= most; budget += 5) {
		s.opt.budget = budget;
		squash_json(&s, buf_span(&in));
		missed += s.after > budget && budget + 20 > most;
		falling += s.after < last;
		last = s.after;
	}
	ok(missed == 0, "a budget that a little more meets is met");
	ok(falling == 0, "and more budget never gives less");
	squash_release(&s);
	buf_release(&in);
	buf_release(&rows);
}

/* Only the table is replaced where the whole would not be a tenth smaller. */
static void
test_pieces(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct span head = SPAN_LIT("{ \"prose\" : \"");
	int i;

	buf_addspan(&in, head);
	for (i = 0; i < 400; i++)
		buf_adds(&in, "the quick brown fox jumps over the dog ");
	buf_adds(&in, "\" , \"rows\" : [");
	for (i = 0; i < 8; i++)
		buf_addf(&in, "%s{ \"name\": \"n%d\", \"state\": \"fine\", "
		    "\"count\": %d }", i > 0 ? ", " : "", i, i * 11);
	buf_adds(&in, "] }");
	squash(buf_span(&in), SQUASH_LOSSLESS, SPAN_LIT(""), &out);
	ok(out.len < in.len && span_starts(buf_span(&out), head) &&
	    holds(&out, "dog \" , \"rows\" : [8 rows: name,state=fine,count\n"
	    "n0,0\n"), "the bytes around a table stay as they are");
	ok(comes_back(buf_span(&in), buf_span(&out)), "and it comes back");
	buf_release(&in);
	buf_release(&out);
}

/* Records that change when their columns seem to be known. */
static void
test_late(void)
{
	struct buf in = BUF_INIT;
	struct tally t = { 0 };
	int i;

	buf_addc(&in, '[');
	for (i = 0; i < 6000; i++) {
		buf_addf(&in, "%s{\"id\":%d,\"same\":\"%s\",\"most\":\"%s\","
		    "\"two\":%d", i > 0 ? "," : "", i,
		    i < 3000 ? "first" : "second",
		    i < 1500 ? "red" : i % 9 == 0 ? "green" : "blue", i / 2);
		if (i != 5500)
			buf_addf(&in, ",\"of\":%s", i == 5000 ? "[1,2]" :
			    i % 2 ? "{\"a\":1,\"b\":\"x\"}" : "{\"a\":2}");
		if (i > 4000)
			buf_addf(&in, ",\"late\":%d", i % 3);
		if (i == 4500)
			buf_adds(&in, ",\"once\":null");
		buf_addc(&in, '}');
	}
	buf_addc(&in, ']');
	check_text(buf_span(&in), &t);
	ok(t.lost == 0 && t.unstable == 0 && t.longer == 0 && t.tables == 1,
	    "what changes late in a long array comes back too");
	buf_release(&in);
}

static enum squash_expanded
expanded(const char *text, struct buf *out)
{
	buf_reset(out);
	out->max = (size_t)1 << 20;
	return json_expand(span_of(text, strlen(text)), out);
}

static bool
expands_to(const char *text, const char *want)
{
	struct buf out = BUF_INIT;
	bool is = expanded(text, &out) == EXPAND_OK &&
	    span_eq(buf_span(&out), span_of(want, strlen(want)));

	if (!is)
		printf("# %s became %.*s\n", text, (int)out.len, out.p);
	buf_release(&out);
	return is;
}

/* Paths lead where they say, and nowhere else. */
static void
test_paths(void)
{
	struct buf out = BUF_INIT;

	ok(expands_to("{a:{b:[1,{c:x}]},d:=a.b[1].c,e:=a.b[1]}",
	    "{\"a\":{\"b\":[1,{\"c\":\"x\"}]},\"d\":\"x\","
	    "\"e\":{\"c\":\"x\"}}"), "names and places");
	ok(expands_to("{\"a.b\":{\"x y\":1},d:=\"a.b\".\"x y\"}",
	    "{\"a.b\":{\"x y\":1},\"d\":1}"), "names in quotes");
	ok(expands_to("{a:[2 rows: k,v\nx,{p:1}\ny,=a[0].v\n]}",
	    "{\"a\":[{\"k\":\"x\",\"v\":{\"p\":1}},"
	    "{\"k\":\"y\",\"v\":{\"p\":1}}]}"), "into a table");
	ok(expands_to("{b:=a,a:{c:1}}", "{\"b\":{\"c\":1},"
	    "\"a\":{\"c\":1}}"), "to what comes later");
	ok(expands_to("{a:{x:1},b:(json {y:2}),c:=b,d:=b.y}",
	    "{\"a\":{\"x\":1},\"b\":\"{\\\"y\\\":2}\","
	    "\"c\":\"{\\\"y\\\":2}\",\"d\":2}"),
	    "to a text of JSON, and into it");
	ok(expanded("{a:=b,b:1,c:=d}", &out) == EXPAND_FOREIGN &&
	    expanded("{a:[1],b:=a[1]}", &out) == EXPAND_FOREIGN &&
	    expanded("{a:[1],b:=a.x}", &out) == EXPAND_FOREIGN &&
	    expanded("{a:1,b:=}", &out) == EXPAND_FOREIGN &&
	    expanded("{a:1,b:=[0}", &out) == EXPAND_FOREIGN,
	    "to nothing: it is no text of ours");
	ok(expanded("{a:{b:=a}}", &out) == EXPAND_FOREIGN &&
	    expanded("{a:[=b],b:[=a]}", &out) == EXPAND_FOREIGN,
	    "nor in a circle");
	buf_release(&out);
}

/* What a short text could unfold to has a ceiling, in size and in depth. */
static void
test_bombs(void)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	unsigned i;

	buf_adds(&text, "{a0:[some text to be repeated]");
	for (i = 1; i < 30; i++)
		buf_addf(&text, ",a%u:[=a%u,=a%u,=a%u]", i, i - 1, i - 1,
		    i - 1);
	buf_adds(&text, "}");
	buf_addc(&text, '\0');
	ok(expanded(text.p, &out) == EXPAND_FAILED, "of many paths to paths");
	buf_reset(&text);
	for (i = 0; i < 100; i++)
		buf_adds(&text, "{a:");
	buf_adds(&text, "[3 rows: a=[2 rows: b\n1\n2\n]\n\n\n\n]");
	for (i = 0; i < 100; i++)
		buf_adds(&text, "}");
	buf_addc(&text, '\0');
	ok(expanded(text.p, &out) == EXPAND_OK, "what is only deep is not");
	buf_reset(&text);
	for (i = 0; i < JSON_DEPTH_MAX + 5; i++)
		buf_adds(&text, "[a,");
	buf_addc(&text, '\0');
	ok(expanded(text.p, &out) == EXPAND_FOREIGN, "but too deep is");
	buf_release(&text);
	buf_release(&out);
}

/* Records with texts of n words, more than 256 KiB of them. */
static void
many_records(struct buf *b, unsigned n)
{
	unsigned i, k;

	buf_adds(b, "[");
	for (i = 0; b->len < (400u << 10); i++) {
		buf_addf(b, "%s{\"id\":%u,\"kind\":\"%s\",\"says\":\"",
		    i > 0 ? ",\n" : "", i * 7919 % 100000,
		    i % 3 ? "plain" : "other");
		for (k = 0; k < n; k++)
			buf_addf(b, "%sabout%u", k > 0 ? " " : "",
			    (i * 31 + k * 17) % 977);
		buf_adds(b, "\"}");
	}
	buf_adds(b, "]");
}

/*
 * What is decided by bounds is what would be by counting: with few words what
 * is saved is much, with many it is less than a tenth.
 */
static void
test_about(void)
{
	struct squash exact = SQUASH_INIT, about = SQUASH_INIT;
	struct buf text = BUF_INIT, a = BUF_INIT, b = BUF_INIT;
	bool same = true, bounds = true, other = false, lossless = false;
	bool left = false;
	unsigned i;

	exact.tok = about.tok = tok;
	exact.unkept = about.unkept = about.about = true;
	for (i = 0; i < 24; i++) {
		buf_reset(&text);
		buf_reset(&a);
		buf_reset(&b);
		many_records(&text, i / 2 * 5);
		exact.opt.level = about.opt.level = i % 2 ? SQUASH_BALANCED :
		    SQUASH_LOSSLESS;
		squash_json(&exact, buf_span(&text));
		squash_json(&about, buf_span(&text));
		edits_apply(&exact.edits, buf_span(&text), &a);
		edits_apply(&about.edits, buf_span(&text), &b);
		same = same && span_eq(buf_span(&a), buf_span(&b));
		bounds = bounds && about.before <= exact.before &&
		    about.after >= exact.after;
		other = other || about.before != exact.before;
		lossless = lossless || (i % 2 == 0 && exact.edits.n == 0);
		left = left || about.lossy;
	}
	ok(same, "a large text about which is counted becomes the same");
	ok(bounds && other, "what is then said of tokens are bounds");
	ok(lossless && left, "some of these are left as they are");
	squash_release(&exact);
	squash_release(&about);
	buf_release(&text);
	buf_release(&a);
	buf_release(&b);
}

/* An object of so many members, the one at `odd' unlike the others. */
static void
wide_object(struct buf *b, unsigned n, unsigned odd)
{
	unsigned i;

	for (i = 0; i < n; i++)
		buf_addf(b, "%s\"m%u\":%s", i > 0 ? "," : "{", i,
		    i == odd ? "\"another\"" : "\"what it is mostly\"");
	buf_adds(b, "}");
}

/* Values that differ in one member, whichever it is, are not the same. */
static void
test_unlike(void)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	bool back = true, twice = true, apart = true;
	unsigned odd;

	for (odd = 0; odd < 12; odd++) {
		buf_reset(&text);
		buf_adds(&text, "{\"b\":[");
		wide_object(&text, 12, odd);
		buf_adds(&text, "],\"a\":");
		wide_object(&text, 12, 99);
		buf_adds(&text, ",\"c\":{\"d\":");
		wide_object(&text, 12, 99);
		buf_adds(&text, "}}");
		squash(buf_span(&text), SQUASH_LOSSLESS, SPAN_LIT(""), &out);
		back = back && comes_back(buf_span(&text), buf_span(&out));
		apart = apart && holds(&out, "another");
		twice = twice && holds(&out, "d:=a");
	}
	ok(back && apart, "a value that differs in one member is no other");
	ok(twice, "one that is the same is said by its path");
	buf_release(&text);
	buf_release(&out);
}

int
main(void)
{
	const char *build = getenv("BUILDDIR");
	char path[4096];

	snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
	    build != NULL ? build : ".");
	if (tok_open(&tok, TOK_O200K, path) < 0) {
		ok(false, "the vocabulary opens");
		return done();
	}
	test_made();
	test_late();
	test_paths();
	test_bombs();
	test_what_stays();
	test_shares();
	test_gaps_add_up();
	test_notes();
	test_long_strings();
	test_header_units();
	test_levels();
	test_prose_without_blanks();
	test_long_names();
	test_budget();
	test_pieces();
	test_wide_groups();
	test_about();
	test_unlike();
	tok_close(tok);
	return done();
}
