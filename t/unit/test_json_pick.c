/*
 * What stays of long arrays: made-up records alike but for what was planted
 * at random places, which must stay, while of the others only a few do.
 */
#include "compat.h"

#include <stdlib.h>

#include "json_note.h"
#include "json_pick.h"
#include "tap.h"

#define ROUNDS	60

/* splitmix64, Steele, Lea and Flood 2014. */
static uint32_t
rand_below(uint64_t *state, uint32_t n)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ z >> 31) % n);
}

/* A text of records and what was picked of it. */
struct pick_case {
	struct buf		 text;
	struct json_doc		 doc;
	struct json_plan	 plan;
	struct json_picks	 picks;
	uint32_t		 n;
};

#define PICK_CASE_INIT	{ .text = BUF_INIT, .doc = JSON_DOC_INIT,	\
	.plan = JSON_PLAN_INIT, .picks = JSON_PICKS_INIT }

static void
pick_step(struct pick_case *c, size_t step, const char *query)
{
	struct json_pick_opt opt = json_pick_step(step);
	struct json_err err;

	opt.query = span_of(query, strlen(query));
	if (json_doc_scan(&c->doc, buf_span(&c->text), &err) != JSON_OK ||
	    !json_plan_make(&c->plan, &c->doc, NULL) ||
	    !json_pick_make(&c->picks, &c->plan, &opt)) {
		printf("Bail out! a text that is none, or no memory\n");
		exit(1);
	}
	c->n = c->doc.tok[0].count;
}

static void
pick(struct pick_case *c, const char *query)
{
	pick_step(c, JSON_PICK_BALANCED, query);
}

static void
pick_done(struct pick_case *c)
{
	json_picks_release(&c->picks);
	json_plan_release(&c->plan);
	json_doc_release(&c->doc);
	buf_release(&c->text);
}

static const struct json_pick *
pick_of(const struct pick_case *c, uint32_t t)
{
	uint32_t n = json_plan_pick(&c->plan, t);

	return n == 0 || n == JSON_PICK_SKIP ? NULL : &c->picks.pick[n - 1];
}

static bool
stays(const struct pick_case *c, uint32_t row)
{
	const struct json_pick *p = pick_of(c, 0);
	uint32_t g;

	for (g = 0; p != NULL && g < p->ngaps; g++)
		if (row >= p->gap[g].from && row < p->gap[g].to)
			return false;
	return true;
}

static uint32_t
kept(const struct pick_case *c)
{
	const struct json_pick *p = pick_of(c, 0);

	return p == NULL ? c->n : p->total - p->left;
}

/*
 * Records with a number that wavers, a category, a state that is always the
 * same and a text; at row `at` members are put in place of the last three.
 */
static void
record(uint64_t *m, struct buf *b, uint32_t i, const char *other)
{
	static const char *const zone[] = { "north", "east", "south", "west" };

	buf_addf(b, "%s{\"id\":%u,\"ms\":%u,", i == 0 ? "[" : ",", 1000 + i,
	    200 + rand_below(m, 40));
	if (other != NULL)
		buf_adds(b, other);
	else
		buf_addf(b, "\"zone\":\"%s\",\"state\":\"ready\","
		    "\"errors\":0,\"error\":null,\"text\":\"job %u of %u in "
		    "the queue\"", zone[rand_below(m, 4)], i,
		    rand_below(m, 1000));
	buf_addc(b, '}');
}

static void
records(struct pick_case *c, uint64_t seed, uint32_t n, uint32_t at,
    const char *other)
{
	uint64_t m = seed;
	uint32_t i;

	for (i = 0; i < n; i++)
		record(&m, &c->text, i, i == at ? other : NULL);
	buf_addc(&c->text, ']');
}

/* What is planted, and the query with which it must stay. */
static const struct {
	const char	*what, *members, *query;
} planted[] = {
	{ "a state that says error", "\"zone\":\"east\",\"state\":"
	    "\"CrashLoopBackOff\",\"errors\":0,\"error\":null,\"text\":\"x\"",
	    "" },
	{ "a text that says error", "\"zone\":\"east\",\"state\":\"ready\","
	    "\"errors\":0,\"error\":null,\"text\":\"job 5 failed to start\"",
	    "" },
	{ "a member error that is something", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":\"disk\",\"text\":\"job\"", "" },
	{ "a status of the server's fault", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":\"job\","
	    "\"statusCode\":503", "" },
	{ "an exception to a constant", "\"zone\":\"east\",\"state\":"
	    "\"draining\",\"errors\":0,\"error\":null,\"text\":\"job\"", "" },
	{ "a number unlike all", "\"zone\":\"east\",\"state\":\"ready\","
	    "\"errors\":7,\"error\":null,\"text\":\"job\"", "" },
	{ "a member that no other has", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":\"job\","
	    "\"owner\":\"me\"", "" },
	{ "a null that no other has", "\"zone\":null,\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":\"job\"", "" },
	{ "an identifier of the query", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":"
	    "\"job 3f2c-77aa of ann@example.com in the queue\"",
	    "what became of 3f2c-77aa?" },
	{ "an address of the query", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":"
	    "\"job of ann@example.com in the queue\"",
	    "Jobs of Ann@example.com." },
	{ "quoted text of the query", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":"
	    "\"job in the blue box\"", "where is the 'blue box' job" },
	{ "an item of the query where a line begins", "\"zone\":\"east\","
	    "\"state\":\"ready\",\"errors\":0,\"error\":null,\"text\":"
	    "\"job\\nann@example.com\\nin the queue\"",
	    "Jobs of Ann@example.com." },
	{ "words of the query where lines begin", "\"zone\":\"east\","
	    "\"state\":\"ready\",\"errors\":0,\"error\":null,\"text\":"
	    "\"job\\ninvoices\\nin the queue\"", "all about invoices" },
	{ "rare words of the query", "\"zone\":\"east\",\"state\":"
	    "\"ready\",\"errors\":0,\"error\":null,\"text\":"
	    "\"job that makes invoices in the queue\"",
	    "which job of the queue makes an invoice" },
};

static void
test_planted(void)
{
	uint32_t n, at, most;
	unsigned lost, many, i, k;
	uint64_t m = 7;

	for (k = 0; k < HR_LEN(planted); k++) {
		lost = many = 0;
		for (i = 0; i < ROUNDS; i++) {
			struct pick_case c = PICK_CASE_INIT;

			n = 40 + rand_below(&m, 1000);
			at = rand_below(&m, n);
			records(&c, i, n, at, planted[k].members);
			pick(&c, planted[k].query);
			lost += !stays(&c, at);
			for (most = 0; most * most < n; most++)
				;
			many += kept(&c) > 2 * most;
			if (!stays(&c, 0) || !stays(&c, n - 1))
				lost++;
			pick_done(&c);
		}
		ok(lost == 0, planted[k].what);
		ok(many == 0, "and few others");
	}
}

/* The room grows as the square root does, and is less at harder steps. */
static void
test_room(void)
{
	static const uint32_t n[] = { 60, 500, 5000 }, most[] = { 12, 34, 100 };
	uint32_t before, step;
	bool falls = true;
	unsigned i;

	for (i = 0; i < HR_LEN(n); i++) {
		struct pick_case c = PICK_CASE_INIT;

		records(&c, i, n[i], UINT32_MAX, NULL);
		pick(&c, "");
		ok(kept(&c) >= 5 && kept(&c) <= most[i],
		    "of more records a lesser part stays");
		pick_done(&c);
	}
	for (before = UINT32_MAX, step = 0; step < JSON_PICK_STEPS; step++) {
		struct pick_case c = PICK_CASE_INIT;

		records(&c, 1, 700, 300, planted[0].members);
		pick_step(&c, step, "");
		falls = falls && kept(&c) <= before;
		before = kept(&c);
		pick_done(&c);
	}
	ok(falls && before <= 5, "each step keeps no more than the one before");
}

/* Numbers of `with` standard shape: rows from `from` on are `by` higher. */
static void
series(struct pick_case *c, uint64_t seed, uint32_t n, uint32_t from,
    uint32_t to, uint32_t by, uint32_t slope)
{
	uint64_t m = seed;
	uint32_t i;

	for (i = 0; i < n; i++)
		buf_addf(&c->text, "%s{\"id\":\"r%u\",\"ms\":%u,\"name\":"
		    "\"sample %u of the series\"}", i == 0 ? "[" : ",", i,
		    1000 + rand_below(&m, 60) + slope * i +
		    (i >= from && i < to ? by : 0), i);
	buf_addc(&c->text, ']');
}

static void
test_changes(void)
{
	uint64_t m = 3;
	unsigned i, lost = 0, back = 0, slopes = 0, noise = 0;
	uint32_t n, at, usual;

	for (i = 0; i < ROUNDS; i++) {
		struct pick_case c = PICK_CASE_INIT, d = PICK_CASE_INIT;
		struct pick_case e = PICK_CASE_INIT, f = PICK_CASE_INIT;

		n = 80 + rand_below(&m, 800);
		at = 20 + rand_below(&m, n - 60);
		series(&c, i, n, at, n, 400, 0);
		pick(&c, "");
		lost += !stays(&c, at - 1) || !stays(&c, at);
		series(&d, i, n, at, at + 20, 400, 0);
		pick(&d, "");
		back += !stays(&d, at) || !stays(&d, at + 20);
		series(&e, i, n, 0, 0, 0, 9);
		pick(&e, "");
		series(&f, i, n, 0, 0, 0, 0);
		pick(&f, "");
		usual = kept(&f);
		slopes += kept(&e) > 10;
		noise += usual > 10;
		pick_done(&c);
		pick_done(&d);
		pick_done(&e);
		pick_done(&f);
	}
	printf("# changes lost %u %u of %u, found in slopes %u, noise %u\n",
	    lost, back, ROUNDS, slopes, noise);
	ok(lost == 0, "both sides of a step in a series stay");
	ok(back == 0, "and of one up and back again");
	ok(slopes <= ROUNDS / 20, "a slope is no change");
	ok(noise <= ROUNDS / 20, "nor is noise");
}

/* Long tails make no outliers, but what is far beyond them is one. */
static void
test_tails(void)
{
	struct pick_case c = PICK_CASE_INIT;
	uint64_t m = 5;
	uint32_t i, k, x;

	for (i = 0; i < 400; i++) {
		for (x = 100, k = 0; k < 8; k++)
			x += x * rand_below(&m, 100) / 60;
		buf_addf(&c.text, "%s{\"key\":\"file-%u\",\"size\":%u}",
		    i == 0 ? "[" : ",", i, i == 222 ? 4000000000u : x);
	}
	buf_addc(&c.text, ']');
	pick(&c, "");
	ok(stays(&c, 222), "far beyond the tail");
	ok(kept(&c) <= 40, "the tail itself is nothing special");
	pick_done(&c);
}

/* Of errors that are many the first of each wording stays. */
static void
test_kinds(void)
{
	static const char *const why[] = { "disk is full on",
	    "no route to host", "lease was lost by" };
	struct pick_case c = PICK_CASE_INIT;
	uint32_t i, at[HR_LEN(why)] = { 40, 190, 301 };
	bool all = true;

	for (i = 0; i < 400; i++) {
		buf_addf(&c.text, "%s{\"id\":%u,\"level\":\"%s\",\"msg\":\"",
		    i == 0 ? "[" : ",", i, i >= 40 ? "error" : "info");
		buf_addf(&c.text, "%s %u\"}", i < 40 ? "job is done:" :
		    i == at[1] ? why[1] : i == at[2] ? why[2] : why[0], i);
	}
	buf_addc(&c.text, ']');
	pick(&c, "");
	for (i = 0; i < HR_LEN(at); i++)
		all = all && stays(&c, at[i]);
	ok(all, "the first error of each wording");
	ok(kept(&c) <= 60, "and not all the others");
	pick_done(&c);
}

/* Names are no errors. */
static void
test_no_errors(void)
{
	struct pick_case c = PICK_CASE_INIT;
	uint32_t i;

	for (i = 0; i < 300; i++)
		buf_addf(&c.text, "%s{\"path\":\"src/%s/part%u.c\",\"error\":"
		    "%s,\"failed\":false,\"errors\":0,\"last_error\":"
		    "\"none\",\"size\":%u}", i == 0 ? "[" : ",",
		    i % 9 == 4 ? "errors" : "lib", i, "null", 500 + i % 13);
	buf_addc(&c.text, ']');
	pick(&c, "");
	ok(kept(&c) <= 25, "paths, and members that hold none, are no errors");
	pick_done(&c);
}

/* Records of a hundred shapes: being another is no reason. */
static void
test_shapes(void)
{
	struct pick_case c = PICK_CASE_INIT;
	uint32_t i;

	for (i = 0; i < 300; i++)
		buf_addf(&c.text, "%s{\"id\":%u,\"m%u\":%u,\"text\":\"some "
		    "more or less ordinary text\"}", i == 0 ? "[" : ",", i,
		    i % 150, i);
	buf_addc(&c.text, ']');
	pick(&c, "");
	ok(kept(&c) <= 60, "where all are different, that is nothing");
	pick_done(&c);
}

/* Few records stay whole, unless they are heavy. */
static void
test_few(void)
{
	struct pick_case c = PICK_CASE_INIT, d = PICK_CASE_INIT;
	uint32_t i, k;

	for (i = 0; i < 9; i++) {
		buf_addf(&c.text, "%s{\"id\":%u,\"text\":\"a few words that "
		    "say something about something, and a few more of them, "
		    "to be worth a mark\"}", i == 0 ? "[" : ",", i);
		buf_addf(&d.text, "%s{\"id\":%u", i == 0 ? "[" : ",", i);
		for (k = 0; k < 40; k++)
			buf_addf(&d.text, ",\"m%u\":\"value %u of %u\"", k,
			    i * k, i);
		buf_addc(&d.text, '}');
	}
	buf_addc(&c.text, ']');
	buf_addc(&d.text, ']');
	pick(&c, "");
	pick(&d, "");
	ok(kept(&c) == 9, "nine light records stay");
	ok(kept(&d) < 7 && stays(&d, 0) && stays(&d, 8),
	    "not all of nine heavy ones");
	pick_done(&c);
	pick_done(&d);
}

/* A note on all records but the first and the last of a text. */
static bool
noted(const char *text, const char *note)
{
	struct pick_case c = PICK_CASE_INIT;
	struct buf out = BUF_INIT;
	const struct json_table *table;
	bool good;

	buf_adds(&c.text, text);
	pick(&c, "");
	table = json_plan_table(&c.plan, 0);
	if (table != NULL)
		json_note(&c.plan, table, 1 + c.doc.tok[1].skip, c.n - 2,
		    &out);
	good = table != NULL && span_eq(buf_span(&out),
	    span_of(note, strlen(note)));
	if (!good)
		printf("# %.*s\n", (int)out.len, out.len > 0 ? out.p : "");
	buf_release(&out);
	pick_done(&c);
	return good;
}

/* n records of these members; %u is the record's number. */
static const char *
alike(struct buf *b, uint32_t n, const char *members, uint32_t odd,
    const char *other)
{
	const char *p;
	uint32_t i;

	buf_reset(b);
	for (i = 0; i < n; i++) {
		buf_adds(b, i == 0 ? "[{" : ",{");
		for (p = i % odd == 1 ? other : members; *p != '\0'; p++)
			if (*p == '%')
				buf_addu(b, 100 + i);
			else
				buf_addc(b, *p);
		buf_addc(b, '}');
	}
	buf_adds(b, "]");
	buf_addc(b, '\0');
	return b->p;
}

static void
test_notes(void)
{
	struct buf b = BUF_INIT;

	ok(noted(alike(&b, 42, "\"id\":%,\"state\":\"ready\"", 7,
	    "\"id\":%,\"state\":\"failed\""),
	    "id 101 to 140, state ready 34, failed 6"),
	    "how often values occur, and a range");
	ok(noted(alike(&b, 42, "\"id\":%,\"o\":{\"v\":\"a5\"}", 7,
	    "\"id\":%,\"o\":{\"v\":\"a6\"}"),
	    "id 101 to 140, o.v 2 different"),
	    "no value that runs into its count, and of groups too");
	ok(noted(alike(&b, 42, "\"n\":\"k%\",\"day\":\"2026-05-01T10:00\"",
	    7, "\"n\":\"k%\",\"day\":\"2026-04-30T23:59\""),
	    "day 2026-04-30T23:59 to 2026-05-01T10:00"),
	    "the first and the last of times");
	ok(noted(alike(&b, 42, "\"n\":\"k%\",\"day\":\"2026-05-01T10:%\"",
	    7, "\"n\":\"k%\",\"day\":\"2026-04-30T23:%\""),
	    "day 2026-04-30T23:101 to 2026-05-01T10:140"),
	    "however many");
	ok(noted(alike(&b, 42, "\"n\":\"k%\",\"day\":\"2026-05-01\"",
	    7, "\"n\":\"k%\",\"day\":null"),
	    "day 2 different"), "null is a value");
	ok(noted(alike(&b, 42, "\"n\":\"k%\",\"x\":%", 7,
	    "\"n\":\"k%\""), ""), "nothing of what some lack");
	buf_release(&b);
}

/* The text of the string at token t as it would be shown. */
static void
shown(const struct pick_case *c, uint32_t t, struct buf *out)
{
	const struct json_pick *p = pick_of(c, t);
	struct span s = json_body(c->doc.text, &c->doc.tok[t]);
	struct buf text = BUF_INIT;
	uint32_t g, at = 0;

	buf_reset(out);
	json_decode(s, &text);
	for (g = 0; p != NULL && g < p->ngaps; g++) {
		buf_add(out, text.p + at, p->gap[g].from - at);
		buf_addf(out, "<%u>", p->gap[g].n);
		at = p->gap[g].to;
	}
	buf_add(out, text.p + at, text.len - at);
	buf_release(&text);
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

/* A text of 400 lines or sentences, one of which says something. */
static void
long_text(struct buf *b, const char *end, const char *says)
{
	uint32_t i;

	for (i = 0; i < 400; i++)
		buf_addf(b, "%s %u and so on%s", i == 251 ? says :
		    "This is part", i, end);
}

static void
test_strings(void)
{
	static const char *const end[] = { "\\n", ". " };
	struct buf out = BUF_INIT;
	unsigned i;

	for (i = 0; i < HR_LEN(end); i++) {
		struct pick_case c = PICK_CASE_INIT, d = PICK_CASE_INIT;

		buf_adds(&c.text, "[\"");
		long_text(&c.text, end[i], "The build has failed in step");
		buf_adds(&c.text, "\"]");
		pick(&c, "");
		shown(&c, 1, &out);
		ok(out.len < 4000 && holds(&out, "This is part 0 and") &&
		    holds(&out, "part 399 and") &&
		    holds(&out, ">The build has failed in step 251 and"),
		    "a text keeps its ends and what says error");
		buf_adds(&d.text, "[\"");
		long_text(&d.text, end[i], "We chose the blue paint at");
		buf_adds(&d.text, "\"]");
		pick(&d, "which paint is blue?");
		shown(&d, 1, &out);
		ok(out.len < 4000 && holds(&out, ">We chose the blue paint "
		    "at 251 and"), "and what answers the query");
		pick_done(&c);
		pick_done(&d);
	}
	buf_release(&out);
}

/* In records of which some are left out texts are long sooner. */
static void
test_cells(void)
{
	struct pick_case c = PICK_CASE_INIT;
	struct buf out = BUF_INIT;
	uint32_t i, k;

	for (i = 0; i < 80; i++) {
		buf_addf(&c.text, "%s{\"url\":\"https://example.com/%u",
		    i == 0 ? "[" : ",", i);
		for (k = 0; k < 100; k++)
			buf_addf(&c.text, "/part%u", k);
		buf_adds(&c.text, "\",\"text\":\"");
		for (k = 0; k < 300; k++)
			buf_addf(&c.text, "word%u ", k * (i + 7) % 991);
		buf_adds(&c.text, "\"}");
	}
	buf_addc(&c.text, ']');
	pick(&c, "");
	shown(&c, 5, &out);
	ok(out.len < 700 && holds(&out, "word0 ") && holds(&out, " <"),
	    "a text without sentences is cut between words");
	ok(pick_of(&c, 3) == NULL, "an address stays whole");
	buf_release(&out);
	pick_done(&c);
}

int
main(void)
{
	test_planted();
	test_room();
	test_changes();
	test_tails();
	test_kinds();
	test_no_errors();
	test_shapes();
	test_few();
	test_strings();
	test_cells();
	test_notes();
	return done();
}
