/*
 * test_refs - references to lines that stand before
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>

#include "refs.h"
#include "tap.h"

enum style { BARE, TAB, CAT, ARROW, COLON, COLON_BLANK };

static struct refs refs;
static struct refs_lines lines = REFS_LINES_INIT;
static struct refs_said said = REFS_SAID_INIT;
static struct refs_opt opt;
static struct buf text = BUF_INIT, form = BUF_INIT;
static uint64_t block;

static void
number(struct buf *b, enum style s, unsigned n)
{
	switch (s) {
	case BARE:
		break;
	case TAB:
		buf_addf(b, "%u\t", n);
		break;
	case CAT:
		buf_addf(b, "%6u\t", n);
		break;
	case ARROW:
		buf_addf(b, "%6u\xe2\x86\x92", n);
		break;
	case COLON:
		buf_addf(b, "%u:", n);
		break;
	case COLON_BLANK:
		buf_addf(b, "%u: ", n);
		break;
	}
}

/* Lines from..to of a file, printed with numbers from `first` on. */
static void
add_file(struct buf *b, enum style s, unsigned from, unsigned to,
    unsigned first)
{
	unsigned i;

	for (i = from; i <= to; i++) {
		number(b, s, first + i - from);
		if (i % 10 == 0)
			buf_adds(b, "}\n");
		else
			buf_addf(b, "\ttable[%u] = value_of(index, %u);\n", i,
			    7 * i);
	}
}

static void
begin(void)
{
	refs_release(&refs);
	refs_start(&refs, 12345);
	block = 0;
}

static void
add_named(const char *name, bool result)
{
	const char *path = strstr(name, " of /");
	struct refs_name n = { .name = span_z(name), .block = block++,
	    .path = path != NULL ? (size_t)(path - name) + 4 : 0,
	    .result = result, .shows = result };

	refs_split(&lines, buf_span(&text), refs.seed);
	refs_add(&refs, &n, &lines);
	buf_reset(&text);
}

/* What text becomes, in form. */
static const char *
become(void)
{
	opt.block = block;
	refs_split(&lines, buf_span(&text), refs.seed);
	refs_guard(&lines);
	buf_reset(&form);
	if (refs_find(&refs, &lines, &said))
		refs_refer(&refs, &lines, &opt, &said);
	edits_apply(&said.edits, buf_span(&text), &form);
	buf_reset(&text);
	buf_addc(&form, '\0');
	return form.p;
}

static bool
is(const char *got, const char *want)
{
	if (strcmp(got, want) == 0)
		return true;
	printf("# got:\n# %s\n", got);
	return false;
}

static void
test_numbers(void)
{
	begin();
	add_file(&text, TAB, 1, 60, 1);
	add_named("Read of /src/a.c", true);
	add_file(&text, TAB, 1, 60, 1);
	ok(is(become(), "[hr: lines 1-60 as in the Read of .../a.c above]\n"),
	    "the same numbers");
	add_file(&text, TAB, 11, 60, 14);
	ok(is(become(), "[hr: lines 14-63 as lines 11-60 in the Read of "
	    ".../a.c above]\n"), "numbers that moved are both said");
	add_file(&text, ARROW, 11, 60, 11);
	ok(is(become(), "    11\xe2\x86\x92\ttable[11] = value_of(index, 77);\n"
	    "[hr: lines 12-60 as in the Read of .../a.c above]\n"),
	    "another style is shown by a line");
	buf_adds(&text, "Here it is:\n");
	number(&text, CAT, 10);
	buf_adds(&text, "new\n");
	add_file(&text, CAT, 11, 60, 11);
	ok(is(become(), "Here it is:\n    10\tnew\n"
	    "[hr: lines 11-60 as in the Read of .../a.c above]\n"),
	    "unless one before shows it");
	add_file(&text, BARE, 11, 59, 0);
	ok(is(become(), "[hr: 49 lines as lines 11-59 in the Read of .../a.c "
	    "above]\n"), "numbers only there");
}

static void
test_styles(void)
{
	static const enum style styles[] = { TAB, CAT, ARROW, COLON,
	    COLON_BLANK };
	bool all = true;
	size_t i, k;

	for (i = 0; i < HR_LEN(styles); i++)
		for (k = 0; k < HR_LEN(styles); k++) {
			begin();
			add_file(&text, styles[i], 95, 150, 95);
			add_named("Read of /a", true);
			add_file(&text, styles[k], 95, 150, 95);
			if (strstr(become(), "lines 96-150 as in the") == NULL)
				all &= i == k && strstr(form.p,
				    "lines 95-150 as in the") != NULL;
			else
				all &= i != k;
		}
	ok(all, "all styles of numbers are read as each other");
}

static void
test_bare(void)
{
	begin();
	add_file(&text, BARE, 1, 60, 0);
	add_named("Write of /src/a.c", false);
	add_file(&text, BARE, 1, 60, 0);
	ok(is(become(), "[hr: 60 lines as all of the Write of .../a.c "
	    "above]\n"), "all of it");
	add_file(&text, TAB, 1, 60, 1);
	ok(is(become(), "1\t\ttable[1] = value_of(index, 7);\n"
	    "[hr: lines 2-60 as all behind that line in the Write of .../a.c "
	    "above]\n"), "numbers only here");
	add_file(&text, BARE, 1, 58, 0);
	buf_adds(&text, "new\n");
	ok(is(become(), "[hr: 57 lines as all before the next line in the "
	    "Write of .../a.c above]\n\ttable[58] = value_of(index, 406);\n"
	    "new\n"), "from its start");
	buf_adds(&text, "new\n");
	add_file(&text, BARE, 5, 58, 0);
	buf_adds(&text, "new\n");
	ok(is(become(), "new\n\ttable[5] = value_of(index, 35);\n"
	    "[hr: 52 lines as between these two lines in the Write of "
	    ".../a.c above]\n\ttable[58] = value_of(index, 406);\nnew\n"),
	    "in the middle");
	buf_adds(&text, "new\n");
	add_file(&text, BARE, 10, 60, 0);
	ok(is(become(), "new\n}\n\ttable[11] = value_of(index, 77);\n"
	    "[hr: 49 lines as all behind that line in the Write of "
	    ".../a.c above]\n"), "a brace tells nothing");
}

/* Nothing is to be counted: the lines beside it must be enough. */
static void
test_told(void)
{
	unsigned i;

	begin();
	buf_adds(&text, "start\n");
	for (i = 0; i < 2; i++) {
		add_file(&text, BARE, 1, 1, 0);
		add_file(&text, BARE, 41 + 10 * i, 49 + 10 * i, 0);
		add_file(&text, BARE, 9, 9, 0);
	}
	add_named("output of `cat a`", true);
	add_file(&text, BARE, 1, 1, 0);
	add_file(&text, BARE, 41, 49, 0);
	add_file(&text, BARE, 9, 9, 0);
	buf_adds(&text, "new\n");
	ok(is(become(), "\ttable[1] = value_of(index, 7);\n"
	    "\ttable[41] = value_of(index, 287);\n"
	    "[hr: 8 lines as between these two lines in the output of `cat a` "
	    "above]\n\ttable[9] = value_of(index, 63);\nnew\n"),
	    "lines that stand twice with others between are not enough");
	begin();
	for (i = 0; i < 2; i++) {
		add_file(&text, BARE, 1, 9, 0);
		add_file(&text, BARE, 41, 49, 0);
		add_file(&text, BARE, 1, 9, 0);
		add_file(&text, BARE, 51, 59, 0);
	}
	add_named("output of `cat a`", true);
	add_file(&text, BARE, 1, 9, 0);
	buf_adds(&text, "new\n");
	ok(strstr(become(), "[hr: 7 lines as between") != NULL,
	    "unless the same is between them everywhere");
}

/* What the client put in is seen too, by who looks for a line. */
static void
test_told_beside_reminder(void)
{
	begin();
	buf_adds(&text, "start\n");
	add_file(&text, BARE, 1, 1, 0);
	add_file(&text, BARE, 41, 60, 0);
	add_file(&text, BARE, 9, 9, 0);
	buf_adds(&text, "<system-reminder>\n");
	add_file(&text, BARE, 1, 1, 0);
	buf_adds(&text, "of another kind\n");
	add_file(&text, BARE, 9, 9, 0);
	buf_adds(&text, "</system-reminder>\n");
	add_named("output of `cat a`", true);
	buf_adds(&text, "new\n");
	add_file(&text, BARE, 1, 1, 0);
	add_file(&text, BARE, 41, 60, 0);
	add_file(&text, BARE, 9, 9, 0);
	buf_adds(&text, "new\n");
	ok(strstr(become(), "index, 287);\n[hr: 19 lines as between") != NULL,
	    "a line that the client put in too tells nothing");
}

static void
test_changed(void)
{
	begin();
	add_file(&text, TAB, 1, 60, 1);
	add_named("Read of /src/a.c", true);
	add_file(&text, TAB, 1, 30, 1);
	buf_adds(&text, "31\tone\n32\ttwo\n33\tthree\n");
	add_file(&text, TAB, 31, 60, 34);
	become();
	ok(is(form.p, "[hr: lines 1-30 as in the Read of .../a.c above]\n"
	    "31\tone\n32\ttwo\n33\tthree\n"
	    "[hr: lines 34-63 as lines 31-60 in the Read of .../a.c "
	    "above]\n"), "after an edit the change is sent, with its numbers");
	buf_addspan(&text, span_of(form.p, form.len - 1));
	add_named("Read of /src/a.c", true);
	add_file(&text, TAB, 1, 30, 1);
	buf_adds(&text, "31\tone\n32\ttwo\n33\tthree\n");
	add_file(&text, TAB, 31, 60, 34);
	ok(is(become(), "[hr: lines 1-30 as in the 1st Read of .../a.c "
	    "above]\n31\tone\n32\ttwo\n33\tthree\n"
	    "[hr: lines 34-63 as lines 31-60 in the 1st Read of .../a.c "
	    "above]\n"), "a reference goes to the lines, not to a reference");
}

static void
test_names(void)
{
	begin();
	add_file(&text, TAB, 1, 40, 1);
	add_named("Read of /home/me/project/src/a.c", true);
	add_file(&text, TAB, 1, 40, 1);
	ok(is(become(), "[hr: lines 1-40 as in the Read of .../a.c above]\n"),
	    "the last part of a path is enough");
	add_file(&text, TAB, 101, 140, 1);
	add_named("Edit of /home/me/project/lib/a.c", false);
	add_file(&text, TAB, 1, 40, 1);
	ok(is(become(), "[hr: lines 1-40 as in the Read of .../src/a.c "
	    "above]\n"), "if no other path ends like that");
	add_file(&text, TAB, 201, 240, 1);
	add_named("Read of /home/me/project/src/a.c", true);
	add_file(&text, TAB, 201, 240, 1);
	ok(is(become(), "[hr: lines 1-40 as in the 2nd Read of .../src/a.c "
	    "above]\n"), "the second of a name");
	add_file(&text, TAB, 1, 40, 1);
	ok(is(become(), "[hr: lines 1-40 as in the 1st Read of .../src/a.c "
	    "above]\n"), "and the first");
}

static void
test_left_alone(void)
{
	begin();
	add_file(&text, TAB, 1, 6, 1);
	add_named("Read of /a", true);
	add_file(&text, TAB, 1, 6, 1);
	ok(strstr(become(), "[hr:") != NULL, "six lines are enough");
	add_file(&text, TAB, 1, 4, 1);
	ok(strstr(become(), "[hr:") == NULL, "what saves too little stays");
	begin();
	buf_adds(&text, "<system-reminder>\n");
	add_file(&text, BARE, 1, 40, 1);
	buf_adds(&text, "</system-reminder>\n");
	add_named("Read of /a", true);
	buf_adds(&text, "<system-reminder>\n");
	add_file(&text, BARE, 1, 40, 1);
	buf_adds(&text, "</system-reminder>\n");
	ok(strstr(become(), "[hr:") == NULL, "parts of the client's stay");
	begin();
	buf_adds(&text, "[hr: lines 1-40 as in the Read of /b above]\n");
	add_file(&text, TAB, 1, 40, 1);
	add_named("", true);
	add_file(&text, TAB, 1, 40, 1);
	ok(strstr(become(), "[hr:") == NULL,
	    "a text that cannot be named is not pointed to");
	begin();
	add_file(&text, TAB, 1, 4, 1);
	buf_adds(&text, "[hr: lines 5-40 as in the Read of /b above]\n");
	add_file(&text, TAB, 41, 44, 41);
	add_named("Read of /a", true);
	add_file(&text, TAB, 1, 4, 1);
	buf_adds(&text, "[hr: lines 5-40 as in the Read of /b above]\n");
	add_file(&text, TAB, 41, 44, 41);
	become();
	ok(strstr(form.p, "[hr: lines 5-40 as in the Read of /b above]\n41") !=
	    NULL, "no reference to a line that looks like one");
}

static void
test_same_text(void)
{
	static const char json[] = "{\"id\":17,\"name\":\"a thing\",\"tags\":"
	    "[\"one\",\"two\",\"three\",\"four\",\"five\",\"six\",\"seven\","
	    "\"eight\",\"nine\",\"ten\",\"eleven\",\"twelve\",\"thirteen\","
	    "\"fourteen\",\"fifteen\",\"sixteen\",\"seventeen\",\"eighteen\","
	    "\"nineteen\",\"twenty\",\"twenty one\",\"twenty two\"]}";

	begin();
	buf_adds(&text, json);
	add_named("get of 17", true);
	buf_adds(&text, json);
	ok(is(become(), "[hr: 1 line as all of the get of 17 above]"),
	    "a text of one line");
	buf_addf(&text, "{\"n\":1,\"it\":%s,\"m\":2}", json);
	ok(is(become(), "{\"n\":1,\"it\":\"[hr: the same as the get of 17 "
	    "above]\",\"m\":2}"), "a value that is a text before");
	buf_addf(&text, "{\"rows\":[{\"id\":3,\"x\":%s},{\"id\":4,\"x\":1}]}",
	    json);
	add_named("list of 5", true);
	begin();
	buf_addf(&text, "{\"rows\":[{\"id\":3,\"x\":%s},{\"id\":4,\"x\":1}]}",
	    json);
	add_named("list of 5", true);
	buf_adds(&text, json);
	ok(is(become(), "[hr: 1 line as all of .rows[id 3].x in the list of 5 "
	    "above]"), "a text that is a value before");
	buf_addf(&text, "{\"rows\":[{\"id\":3,\"x\":%s},{\"id\":5,\"x\":1}]}",
	    json);
	ok(is(become(), "{\"rows\":[\"[hr: the same as .rows[id 3] in the list "
	    "of 5 above]\",{\"id\":5,\"x\":1}]}"), "the outermost value");
	begin();
	buf_addf(&text, "{\"rows\":[{\"id\":3,\"x\":%s},{\"id\":3,\"x\":1}]}",
	    json);
	add_named("list of 5", true);
	buf_adds(&text, json);
	ok(strstr(become(), "[hr:") == NULL, "not where a path is of two");
}

/* Going back leaves what would be there had nothing been added. */
static void
test_rewind(void)
{
	struct refs_mark marks[12];
	bool found = true, gone = true;
	unsigned i;

	begin();
	for (i = 0; i < 12; i++) {
		marks[i] = refs_mark(&refs);
		add_file(&text, BARE, 100 * i + 1, 100 * i + 90, 1);
		add_named("Read of /a", true);
	}
	for (i = 12; i-- > 0; ) {
		add_file(&text, BARE, 100 * i + 1, 100 * i + 90, 1);
		found &= strstr(become(), "[hr: 90 lines as all of the") !=
		    NULL;
		refs_rewind(&refs, marks[i]);
		add_file(&text, BARE, 100 * i + 1, 100 * i + 90, 1);
		gone &= strstr(become(), "[hr:") == NULL;
	}
	ok(found, "what is before the place stays");
	ok(gone, "what is behind it goes");
	ok(refs.n == 0 && refs.nused == 0 && refs.ntexts == 0,
	    "all of it to the beginning");
}

static void
test_limits(void)
{
	size_t i;

	begin();
	for (i = 0; i < 20; i++) {
		add_file(&text, BARE, (unsigned)(10000 * i + 1),
		    (unsigned)(10000 * i + 9000), 1);
		add_named("Read of /a", true);
	}
	ok(refs.n <= REFS_LINES && refs.err == 0 && refs.ntexts == 20,
	    "memory has a ceiling");
	add_file(&text, BARE, 1, 9000, 1);
	ok(strstr(become(), "as all of the 1st") != NULL,
	    "what was there before goes on to be pointed to");
	add_file(&text, BARE, 190001, 199000, 1);
	ok(strstr(become(), "[hr:") == NULL, "the rest is not");
	for (i = 0; i < 40000; i++)
		buf_adds(&text, "x\n");
	refs_split(&lines, buf_span(&text), refs.seed);
	ok(lines.n == REFS_TEXT_LINES && !lines.all, "of a long text too");
	buf_reset(&text);
}

int
main(void)
{
	const char *dir = getenv("BUILDDIR");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
	    dir != NULL ? dir : ".");
	if (!ok(tok_open(&opt.tok, TOK_O200K, path) == 0, "a vocabulary"))
		return done();
	test_numbers();
	test_styles();
	test_bare();
	test_told();
	test_told_beside_reminder();
	test_changed();
	test_names();
	test_left_alone();
	test_same_text();
	test_rewind();
	test_limits();
	refs_release(&refs);
	refs_lines_release(&lines);
	refs_said_release(&said);
	buf_release(&text);
	buf_release(&form);
	tok_close(opt.tok);
	return done();
}
