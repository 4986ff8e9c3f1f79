/*
 * Forms: texts that are read as JSON and written back.
 *
 * Tables are made up from a number and drawn here, by simple code of its own;
 * the reader must give the values, and the writer all bytes.
 */
#include "compat.h"

#include <string.h>

#include "buf.h"
#include "form.h"
#include "tap.h"

#define TABLES	300

static struct buf json = BUF_INIT, how = BUF_INIT;

static bool
is(const struct buf *b, const char *z)
{
	bool same = span_eq(buf_span(b), span_z(z));

	if (!same)
		printf("# %.*s\n# %s\n", (int)b->len, b->p, z);
	return same;
}

/* The text is read as this, said so, and is given back or is not. */
static bool
reads_as(const char *text, const char *want_how, const char *want_json,
    bool want_exact)
{
	bool exact = !want_exact;
	const struct form *f = form_find(span_z(text), &json, &how, &exact);

	return f != NULL && exact == want_exact &&
	    form_named(buf_span(&how)) == f && is(&how, want_how) &&
	    is(&json, want_json);
}

static bool
reads(const char *text, const char *want_how, const char *want_json)
{
	return reads_as(text, want_how, want_json, true);
}

static bool
refused(const char *text)
{
	bool exact;
	const struct form *f = form_find(span_z(text), &json, &how, &exact);

	if (f != NULL)
		printf("# read as %s\n", f->name);
	return f == NULL;
}

/* What the form of `how' makes of this JSON. */
static bool
writes(const char *said, const char *values, const char *want)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	struct buf out = BUF_INIT;
	const struct form *f = form_named(span_z(said));
	bool good = f != NULL && json_doc_scan(&d, span_z(values), &err) ==
	    JSON_OK && f->write(&d, span_z(said), &out);

	if (want == NULL)
		good = f != NULL && !good;
	else
		good = good && is(&out, want);
	json_doc_release(&d);
	buf_release(&out);
	return good;
}

static void
test_csv(void)
{
	ok(reads("id,name,n\n1,Ann,2.50\n2,,-1e5\n3,\"a,\"\"b\"\"\nc\",0\n",
	    "csv", "[{\"id\":1,\"name\":\"Ann\",\"n\":2.50},"
	    "{\"id\":2,\"n\":-1e5},"
	    "{\"id\":3,\"name\":\"a,\\\"b\\\"\\nc\",\"n\":0}]"), "csv");
	ok(reads("id,s,t\n1,007,true\n2,\"5\",null\n3,\"\",False\n", "csv",
	    "[{\"id\":1,\"s\":\"007\",\"t\":true},"
	    "{\"id\":2,\"s\":\"5\",\"t\":null},"
	    "{\"id\":3,\"s\":\"\",\"t\":\"False\"}]"),
	    "what cells are; in quotes they are strings");
	ok(reads("a;b;c\r\nx;1,5;\r\ny;;z\r\nz;2;z", "csv with semicolons, "
	    "CRLF, no final line end, columns a,b,c",
	    "[{\"a\":\"x\",\"b\":\"1,5\"},{\"a\":\"y\",\"c\":\"z\"},"
	    "{\"a\":\"z\",\"b\":2,\"c\":\"z\"}]") == false,
	    "columns are said only if need be");
	ok(reads("a;b;c\r\nx;1,5;\r\ny;;z\r\nz;2;z",
	    "csv with semicolons, CRLF, no final line end",
	    "[{\"a\":\"x\",\"b\":\"1,5\"},{\"a\":\"y\",\"c\":\"z\"},"
	    "{\"a\":\"z\",\"b\":2,\"c\":\"z\"}]"), "semicolons, CRLF");
	ok(reads("a,b,c\nx,,\ny,,z\nz,,z\n", "csv with columns a,b,c",
	    "[{\"a\":\"x\"},{\"a\":\"y\",\"c\":\"z\"},"
	    "{\"a\":\"z\",\"c\":\"z\"}]"), "a column without a cell");
	ok(reads("a,b,c\nx,,z\ny,2,z\n,3,\n", "csv",
	    "[{\"a\":\"x\",\"c\":\"z\"},{\"a\":\"y\",\"b\":2,\"c\":\"z\"},"
	    "{\"b\":3}]"), "a column that the first row lacks");
	ok(reads("a,b,c\nx,,\ny,,z\nz,2,\n", "csv with columns a,b,c",
	    "[{\"a\":\"x\"},{\"a\":\"y\",\"c\":\"z\"},"
	    "{\"a\":\"z\",\"b\":2}]"), "columns no record puts in order");
	ok(reads("\"a\",\"b\",\"c\"\n\"x\",\"1\",\"\"\n\"y\",\"2\",\"q\"\n"
	    "\"z\",\"3\",\"\"\n", "csv with all quoted",
	    "[{\"a\":\"x\",\"b\":1},{\"a\":\"y\",\"b\":2,\"c\":\"q\"},"
	    "{\"a\":\"z\",\"b\":3}]"), "all quoted: quotes say nothing");
	ok(reads("\"a\",\"b\",\"c\"\n\"x\",1,\"5\"\n\"y\",2,\"q\"\n"
	    "\"z\",,\"\"\n", "csv with strings quoted",
	    "[{\"a\":\"x\",\"b\":1,\"c\":\"5\"},"
	    "{\"a\":\"y\",\"b\":2,\"c\":\"q\"},{\"a\":\"z\",\"c\":\"\"}]"),
	    "strings quoted");
	ok(reads("a,b,c\n1,\"x y\",p\n2,\"it's\",q\n3,z,r\n",
	    "csv with SQLite quotes",
	    "[{\"a\":1,\"b\":\"x y\",\"c\":\"p\"},"
	    "{\"a\":2,\"b\":\"it's\",\"c\":\"q\"},"
	    "{\"a\":3,\"b\":\"z\",\"c\":\"r\"}]"), "SQLite's quotes");
	ok(reads(",a,b\n0,x,1\n1,y,2\n2,z,3\n", "csv",
	    "[{\"\":0,\"a\":\"x\",\"b\":1},{\"\":1,\"a\":\"y\",\"b\":2},"
	    "{\"\":2,\"a\":\"z\",\"b\":3}]"), "an index without a name");
	ok(reads("\xEF\xBB\xBF" "a,b\nx,1\ny,2\nz,3\n", "csv with BOM",
	    "[{\"a\":\"x\",\"b\":1},{\"a\":\"y\",\"b\":2},"
	    "{\"a\":\"z\",\"b\":3}]"), "a byte order mark; two columns");
}

static void
test_tsv(void)
{
	ok(reads("id\tname\n1\tAnn\n2\tsay \"hi\"\n3\t\"x\n", "tsv",
	    "[{\"id\":1,\"name\":\"Ann\"},"
	    "{\"id\":2,\"name\":\"say \\\"hi\\\"\"},"
	    "{\"id\":3,\"name\":\"\\\"x\"}]"), "tsv, where quotes are data");
	ok(reads("id\tname\n1\tAnn\n2\t\"a\tb\"\n3\t\"\"\"x\"\n",
	    "tsv with quotes", "[{\"id\":1,\"name\":\"Ann\"},"
	    "{\"id\":2,\"name\":\"a\\tb\"},{\"id\":3,\"name\":\"\\\"x\"}]"),
	    "tsv with quotes");
}

static void
test_drawn(void)
{
	const char *const rows = "[{\"id\":1,\"name\":\"A\"},"
	    "{\"id\":20,\"name\":\"a|b\"},{\"name\":\" xy\"}]";

	ok(reads(" id | name \n----+------\n  1 | A\n 20 | a|b\n    |  xy\n"
	    "(3 rows)\n\n", "psql table", rows), "psql");
	ok(reads(" id | name \n----+------\n  1 | A\n 20 | a|b\n    |  xy\n"
	    "(3 rows)", "psql table with no final line end", rows),
	    "psql, stripped");
	ok(reads(" id | name \n----+------\n  1 | A\n 20 | a|b\n    |  xy\n",
	    "psql table with no footer, no empty last line", rows),
	    "psql without a footer");
	ok(reads(" ok | code | n \n----+------+---\n t  | 7    |  \n"
	    " f  | 8    | 1\n(2 rows)\n\n", "psql table with left 2",
	    "[{\"ok\":\"t\",\"code\":7},{\"ok\":\"f\",\"code\":8,\"n\":1}]"),
	    "psql, numbers in a column of texts");
	ok(reads(" QUERY PLAN \n------------\n Sort\n   ->  Scan\n(2 rows)\n"
	    "\n", "psql table", "[{\"QUERY PLAN\":\"Sort\"},"
	    "{\"QUERY PLAN\":\"  ->  Scan\"}]"), "a plan keeps its indent");
	ok(reads("+----+------+\n| id | name |\n+----+------+\n"
	    "| 1  | A    |\n| 20 | a|b  |\n|    |  xy  |\n+----+------+\n",
	    "ascii table", rows), "SQLite's table");
	ok(reads("+------+------+\r\n| id   | name |\r\n+------+------+\r\n"
	    "|    1 | A    |\r\n| NULL | B    |\r\n+------+------+\r\n"
	    "2 rows in set (0.01 sec)\r\n\r\n", "ascii table with footer "
	    "2 rows in set (0.01 sec), empty last line, CRLF, header left, "
	    "numbers right", "[{\"id\":1,\"name\":\"A\"},"
	    "{\"id\":\"NULL\",\"name\":\"B\"}]"), "mysql's table");
	ok(reads("+----+-----+\n| a  | bcd |\n+====+=====+\n| 10 | x   |\n"
	    "+----+-----+\n| 20 | yy  |\n+----+-----+\n",
	    "ascii table with double line, lines between rows",
	    "[{\"a\":10,\"bcd\":\"x\"},{\"a\":20,\"bcd\":\"yy\"}]"),
	    "a grid");
	ok(reads("+-----+------+\n|  a  | name |\n+-----+------+\n"
	    "| 123 |  xy  |\n|  5  |  x   |\n+-----+------+\n",
	    "ascii table with cells centred",
	    "[{\"a\":123,\"name\":\"xy\"},{\"a\":5,\"name\":\"x\"}]"),
	    "centred cells");
	ok(reads("\u250C\u2500\u2500\u2500\u2500\u252C\u2500\u2500\u2500"
	    "\u2510\n\u2502 \u00FC  \u2502 b \u2502\n\u251C\u2500\u2500"
	    "\u2500\u2500\u253C\u2500\u2500\u2500\u2524\n\u2502 \u00E9x "
	    "\u2502 1 \u2502\n\u2514\u2500\u2500\u2500\u2500\u2534\u2500"
	    "\u2500\u2500\u2518\n", "box table",
	    "[{\"\u00FC\":\"\u00E9x\",\"b\":1}]"), "a box");
	ok(reads(" a  | b \n----+---\n \u65E5 | x\n yy | z\n(2 rows)\n\n",
	    "psql table with wide characters",
	    "[{\"a\":\"\u65E5\",\"b\":\"x\"},{\"a\":\"yy\",\"b\":\"z\"}]"),
	    "wide characters");
	ok(reads("+--------+---+\n|   a    | b |\n+--------+---+\n"
	    "| x      | 1 |\n+--------+---+\n",
	    "ascii table with widths 6 1", "[{\"a\":\"x\",\"b\":1}]"),
	    "wider than need be");
}

static void
test_upright(void)
{
	const char *const rows = "[{\"id\":1,\"name\":\"A\"},{\"id\":20}]";

	ok(reads("-[ RECORD 1 ]\nid   | 1\nname | A\n-[ RECORD 2 ]\n"
	    "id   | 20\nname | \n\n", "psql records", rows), "psql -x");
	ok(reads("-[ RECORD 1 ]---------+--\na long name of a col | 1\n"
	    "id                   | x\n-[ RECORD 2 ]--------+--\n"
	    "a long name of a col | \nid                   | y\n\n",
	    "", "") == false, "a head that is too long");
	ok(reads("-[ RECORD 1 ]--------+--\na long name of a col | 1\n"
	    "id                   | x\n-[ RECORD 2 ]--------+--\n"
	    "a long name of a col | \nid                   | y\n",
	    "psql records with no empty last line",
	    "[{\"a long name of a col\":1,\"id\":\"x\"},{\"id\":\"y\"}]"),
	    "a long head");
	ok(reads("*************************** 1. row "
	    "***************************\n  id: 1\nname: A\n"
	    "*************************** 2. row "
	    "***************************\n  id: 20\nname: \n"
	    "2 rows in set (0.00 sec)\n\n", "mysql records with footer "
	    "2 rows in set (0.00 sec), empty last line", rows),
	    "mysql's \\G");
	ok(reads("   id = 1\n name = A\n\n   id = 20\n name = \n",
	    "sqlite records", rows), "SQLite's line mode");
	ok(refused("a = 1\nb = 2\n\na = 3\nb = 4\n") &&
	    refused("   id = 1\n name = A\n\n   id = 20\n") &&
	    refused("-[ RECORD 1 ]\nid | 1\n-[ RECORD 3 ]\nid | 2\n") &&
	    refused("-[ RECORD 1 ]\nid | 1\n-[ RECORD 2 ]\nxd | 2\n"),
	    "no records");
	ok(reads(" List of them \n Name | Type \n------+------\n"
	    " a    | b\n(1 row)\n\n", "", "") == false &&
	    reads("List of them\n Name | Type \n------+------\n"
	    " a    | b\n(1 row)\n\n", "psql table with title List of them",
	    "[{\"Name\":\"a\",\"Type\":\"b\"}]"), "a title");
}

static void
test_markdown(void)
{
	const char *const rows =
	    "[{\"id\":1,\"name\":\"Ann\"},{\"id\":20}]";

	ok(reads("| id | name |\n|----|------|\n| 1  | Ann  |\n| 20 |      |\n",
	    "markdown table", rows), "Markdown as SQLite writes it");
	ok(reads("| id | name |\n|---:|:-----|\n|  1 | Ann  |\n| 20 |      |\n",
	    "markdown table with colon left 2, colon right 1", rows),
	    "colons");
	ok(reads("| id | name |\n| -: | ---- |\n|  1 | Ann  |\n| 20 |      |",
	    "markdown table with spaced rule, colon right 1, "
	    "no final line end", rows), "blanks around dashes");
	ok(reads("| id | name |\n| --- | --- |\n| 1 | Ann |\n| 20 |  |\n",
	    "markdown table with loose cells, spaced rule", rows),
	    "not padded");
	ok(reads("|id|name|\n|:-:|:-:|\n|1|a\\|b|\n|20||\n",
	    "markdown table with tight cells, colon both, dashes 1 1",
	    "[{\"id\":1,\"name\":\"a\\\\|b\"},{\"id\":20}]"),
	    "without blanks");
}

static void
test_stanzas(void)
{
	ok(reads("Package: a\nSize: 5\nText: one\n two\n\n"
	    "Package: b\nText:\n x\n\nPackage: c\nSize:\nText: y\n",
	    "stanzas", "[{\"Package\":\"a\",\"Size\":5,"
	    "\"Text\":\"one\\n two\"},{\"Package\":\"b\","
	    "\"Text\":\"\\n x\"},{\"Package\":\"c\",\"Size\":\"\","
	    "\"Text\":\"y\"}]"), "stanzas");
	ok(reads("Name     : a\nIt is    : x: y\n\nName     : b\nIt is    : z\n"
	    "\nName     : c\nIt is    : z\n\n",
	    "stanzas with colons at 9, empty last line",
	    "[{\"Name\":\"a\",\"It is\":\"x: y\"},"
	    "{\"Name\":\"b\",\"It is\":\"z\"},"
	    "{\"Name\":\"c\",\"It is\":\"z\"}]"), "colons below each other");
	ok(reads("processor\t: 0\nmodel\t\t: x\npower:\n\nprocessor\t: 1\n"
	    "model\t\t: x\npower:\n\nprocessor\t: 2\nmodel\t\t: x\npower:\n",
	    "stanzas", "[]") == false, "an odd line");
	ok(reads("processor\t: 0\nmodel\t\t: x\npower management:\n\n"
	    "processor\t: 1\nmodel\t\t: x\npower management:\n\n"
	    "processor\t: 2\nmodel\t\t: x\npower management:\n",
	    "stanzas with tabs to 16",
	    "[{\"processor\":0,\"model\":\"x\",\"power management\":\"\"},"
	    "{\"processor\":1,\"model\":\"x\",\"power management\":\"\"},"
	    "{\"processor\":2,\"model\":\"x\",\"power management\":\"\"}]"),
	    "tabs before colons");
	ok(reads("A:   1\nBcd: x\n\nA:   2\nBcd: x\n\nA:   3\nBcd: y\n",
	    "stanzas with values at 5", "[{\"A\":1,\"Bcd\":\"x\"},"
	    "{\"A\":2,\"Bcd\":\"x\"},{\"A\":3,\"Bcd\":\"y\"}]"),
	    "values below each other");
	ok(reads("A:\t1\r\nBcd:\tx\r\n\r\nA:\t2\r\nBcd:\tx\r\n\r\nA:\t3\r\n"
	    "Bcd:\ty\r\n", "stanzas with tab after colon, CRLF",
	    "[{\"A\":1,\"Bcd\":\"x\"},{\"A\":2,\"Bcd\":\"x\"},"
	    "{\"A\":3,\"Bcd\":\"y\"}]"), "tabs behind colons, CRLF");
	ok(refused("A: 1\nB: 2\n\nA: 3\nB: 4\n"), "two stanzas");
	ok(refused("A: 1\nA: 2\n\nA: 3\nB: 4\n\nA: 1\nB: 2\n"),
	    "a name twice in a stanza");
	ok(refused("A: 1\nB: 2\n\nC: 3\nD: 4\n\nE: 1\nA: 2\n"),
	    "nothing in common");
	ok(refused("A: 1\n\nA: 3\n\nA: 1\n\nA: 2\n"), "one line each");
}

static void
test_columns(void)
{
	ok(reads("NAME    READY   STATUS\nweb-1   1/1     Running\n"
	    "db      0/1     Pending\nx       1/1     Running\n",
	    "aligned columns", "[{\"NAME\":\"web-1\",\"READY\":\"1/1\","
	    "\"STATUS\":\"Running\"},{\"NAME\":\"db\",\"READY\":\"0/1\","
	    "\"STATUS\":\"Pending\"},{\"NAME\":\"x\",\"READY\":\"1/1\","
	    "\"STATUS\":\"Running\"}]"), "names in capitals");
	ok(reads("CONTAINER ID  PORTS  NAMES\n12            80     a b\n"
	    "\xC3\xA9\xC3\xA9                   c\n7             443    d\n",
	    "aligned columns with gaps 2", "[{\"CONTAINER ID\":12,"
	    "\"PORTS\":80,\"NAMES\":\"a b\"},{\"CONTAINER ID\":"
	    "\"\xC3\xA9\xC3\xA9\",\"NAMES\":\"c\"},{\"CONTAINER ID\":7,"
	    "\"PORTS\":443,\"NAMES\":\"d\"}]"),
	    "blanks in names, empty cells, what is not ASCII");
	ok(reads("id  name\n--  ----\n1   Ann \n2   Bob \n3   Cy  \n"
	    "14      \n", "aligned columns with dashes, full lines, gaps 2",
	    "[{\"id\":1,\"name\":\"Ann\"},{\"id\":2,\"name\":\"Bob\"},"
	    "{\"id\":3,\"name\":\"Cy\"},{\"id\":14}]"),
	    "a line of dashes, and blanks at the end");
	ok(reads("A     B   C\n1     2   3\n4     5   6\n7     8\n",
	    "aligned columns with trimmed lines, steps 6 4",
	    "[{\"A\":1,\"B\":2,\"C\":3},{\"A\":4,\"B\":5,\"C\":6},"
	    "{\"A\":7,\"B\":8}]"), "gaps that differ, lines cut short");
	ok(refused("PID  TTY   CMD\n  1  tty1  init\n 20  tty1  sh\n"
	    "300  tty2  sh\n"), "cells on the right");
	ok(refused("Name   Ready   State\na      1       ok\n"
	    "b      1       ok\nc      1       ok\n"), "names as in prose");
	ok(refused("NAME   READY   STATE\na      1       ok\n"
	    "b has no columns at all here\nc      1       ok\n"), "a line");
	ok(refused("NOTE  THAT  THIS\nis prose, not a table of anything\n"
	    "with words\nin it\n"), "prose below capitals");
	ok(refused("A   B   C\n1   2   3\n4   5   6\n"), "two rows");
}

static void
test_aws(void)
{
	ok(reads_as("----------------------------\n"
	    "|         Describe         |\n"
	    "+--------------------------+\n"
	    "||         Hosts          ||\n"
	    "|+-----------+------------+|\n"
	    "||  Id       |  a         ||\n"
	    "||  On       |  True      ||\n"
	    "||  Why      |            ||\n"
	    "|+-----------+------------+|\n"
	    "|||         Tags         |||\n"
	    "||+--------------+-------+||\n"
	    "|||      Key     | Value |||\n"
	    "||+--------------+-------+||\n"
	    "|||  env         |  5    |||\n"
	    "|||  b           |       |||\n"
	    "||+--------------+-------+||\n"
	    "||         Hosts          ||\n"
	    "|+-----------+------------+|\n"
	    "||  Id       |  b         ||\n"
	    "|+-----------+------------+|\n"
	    "|||         Tags         |||\n"
	    "||+--------------+-------+||\n"
	    "|||      Key     | Value |||\n"
	    "||+--------------+-------+||\n"
	    "|||  env         |  c|d  |||\n"
	    "||+--------------+-------+||\n"
	    "|||        Groups        |||\n"
	    "||+----------------------+||\n"
	    "|||  x                   |||\n"
	    "|||  y                   |||\n"
	    "||+----------------------+||\n", "aws table",
	    "{\"Describe\":{\"Hosts\":[{\"Id\":\"a\",\"On\":\"True\","
	    "\"Why\":\"\",\"Tags\":[{\"Key\":\"env\",\"Value\":5},"
	    "{\"Key\":\"b\"}]},{\"Id\":\"b\",\"Tags\":[{\"Key\":"
	    "\"env\",\"Value\":\"c|d\"}],\"Groups\":[\"x\",\"y\"]}]}}",
	    false),
	    "sections in sections");
	ok(reads_as("-------------\n|   List    |\n+-----+-----+\n"
	    "|  1  |  a  |\n|  2  |  b  |\n+-----+-----+\n", "aws table",
	    "{\"List\":[[1,\"a\"],[2,\"b\"]]}", false),
	    "rows without names");
	ok(refused("-------------\n|   List    |\n+-----+-----+\n"
	    "|  1  |  a  |\n|  2  |  b  |\n"), "cut off");
	ok(refused("-------------\n|   List    |\n+-----+-----+\n"
	    "|  A  |  a  |\n+-----+-----+\n||   A     ||\n|+---+-----+|\n"
	    "||  B|  b  ||\n|+---+-----+|\n"), "a member twice");
	ok(refused("-----\n| a |\n-----\n| b |\n") &&
	    refused("-----\n||||\n") && refused("-----\n|"), "no sections");
}

static void
test_refusals(void)
{
	ok(refused("") && refused("\n") && refused("\n\n\n") && refused(",") &&
	    refused("|") && refused("+-") && refused("|\n|-\n"), "nothing");
	ok(refused("Well, I said, let us go\nthen, she asked, when\n"
	    "now, he said, or never\nand so, they went, all\n"), "prose");
	ok(refused("Dear Ann,\nthank you,\nand best wishes,\nBob,\n"),
	    "a letter");
	ok(refused("2024-05-01 10:00:00,123 INFO up\n"
	    "2024-05-01 10:00:01,123 INFO up\n2024-05-01 10:00:02,1 INFO up\n"
	    "2024-05-01 10:00:02,1 INFO x\n2024-05-01 10:00:02,1 INFO x\n"
	    "2024-05-01 10:00:02,1 INFO y\n"), "a log with commas");
	ok(refused("total 8\n-rw-r--r-- 1 a b 12 Jan  1 10:00 x\n"
	    "-rw-r--r-- 1 a b 12 Jan  1 10:00 y\n"), "ls -l");
	ok(refused("int a, b;\nint c, d;\nint e, f;\nfoo(a, b);\n") &&
	    refused("f(a,b);\nf(a,c);\nf(a,d);\nf(b,c);\nf(b,d);\n"
	    "f(b,e);\n") && refused("x = [\n\t1,2,\n\t3,4,\n\t5,6,\n]\n"),
	    "source");
	ok(refused("a,b,c\n1,2,3\n4,5\n6,7,8\n9,1,2\n") &&
	    refused("a,b,c\n1,2,3\n4,5,6,7\n6,7,8\n9,1,2\n"), "ragged");
	ok(refused("a,b,c\n1,2,3\n4,5,6\n"), "two rows of csv");
	ok(refused("a,b,a\n1,2,3\n4,5,6\n7,8,9\n"), "a name twice");
	ok(refused("1,2,3\n1,2,3\n4,5,6\n7,8,9\n"), "no header");
	ok(refused("a,b,c\n1,2,3\n4,5,6\n7,8,\"9\n"), "an open quote");
	ok(refused("a,b,c\n1,2,3\r\n4,5,6\n7,8,9\n"), "mixed line ends");
	ok(refused("a,b,c\n1,2,\xFF\n4,5,6\n7,8,9\n"), "no UTF-8");
	ok(refused("a,b,c\n1,2,\x1B[1m\n4,5,6\n7,8,9\n"), "colours");
	ok(refused("Title\n-----\nSome text\n") &&
	    refused("A | B\n--+--\nx\n"), "headings");
	ok(refused(" id | name \n----+------\n  1 | Ann\n(2 rows)\n\n"),
	    "a wrong count");
	ok(refused(" id | name \n----+------\n  1 | Ann\n(1 row)\n\nmore\n") &&
	    refused("+---+\n| a |\n+---+\n| x |\n+---+\nmore text\n") &&
	    refused("| a | b |\n|---|---|\n| 1 | 2 |\n\nmore\n"),
	    "text behind");
	ok(refused("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n") &&
	    refused("| a | a |\n|---|---|\n| 1 | 2 |\n") &&
	    refused("| a | b |\n|---|---|\n"), "no table in Markdown");
	ok(refused("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n") &&
	    refused("+---+---+\n| a | b |\n+---+---+\n"), "half a box");
}

static void
test_writers(void)
{
	ok(writes("csv", "[{\"a\":[1],\"b\":2}]", NULL) &&
	    writes("csv", "[{\"a\":1},2]", NULL) &&
	    writes("csv", "{\"a\":1}", NULL) && writes("csv", "[]", NULL) &&
	    writes("csv", "[{\"a\":1,\"a\":1}]", NULL), "no records");
	ok(writes("tsv", "[{\"a\":\"x\\ty\"}]", NULL) &&
	    writes("tsv", "[{\"a\":\"5\"}]", NULL) &&
	    writes("box table", "[{\"a\":\"\"}]", NULL) &&
	    writes("markdown table", "[{\"a\":\"5\"}]", NULL) &&
	    writes("psql table", "[{\"a\":\"null\"}]", NULL) &&
	    writes("stanzas", "[{\"a\":\"5\"}]", NULL) &&
	    writes("stanzas", "[{\"a\":\"x\\ny\"}]", NULL),
	    "values that the form cannot tell");
	ok(writes("csv", "[{\"a\":\"5\",\"b\":\"\"},{\"a\":5,\"b\":\"\\u00e9"
	    "\\n\"}]", "a,b\n\"5\",\"\"\n5,\"\xC3\xA9\n\"\n"), "csv can");
	ok(writes("csv with columns b,a,c", "[{\"a\":1}]", "b,a,c\n,1,\n"),
	    "columns as said");
	ok(writes("csv with columns b,b", "[{\"b\":1}]", NULL),
	    "columns said twice");
	ok(form_named(span_z("csv")) != NULL &&
	    form_named(span_z("csvs")) == NULL &&
	    form_named(span_z("")) == NULL, "names of forms");
}

/* splitmix64, Steele, Lea and Flood 2014. */
static uint64_t state;

static size_t
rnd(size_t n)
{
	uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (size_t)((z ^ z >> 31) % n);
}

#define COLUMNS	6
#define ROWS	12

struct made {
	size_t		 ncol, nrow;
	const char	*name[COLUMNS];
	const char	*cell[ROWS][COLUMNS];
};

/* The first ones are for any form. */
static const char *const words[] = {
	"", "", "", "1", "23", "4.50", "-7", "1e5", "x", "Ann", "two words",
	"NULL", "null", "true", "007", "a|b", "a,b", "a;b", "it's",
	"say \"hi\"", "\u00FC", "\u00E9t\u00E9", "(x)", "+", "-", "100%",
	"2024-01-01 10:00", "{}", "[x]", "a\\b", "key: value",
	/* For CSV. */
	" lead", "trail ", "two\nlines", "a\tb", "\"", "\"\"", "\n"
};

#define WORDS_ANY	31

static void
make(struct made *m, size_t nwords)
{
	static const char *const names[] = { "id", "name", "Total amount",
	    "created_at", "\u00DCbung", "x.y", "n", "a long name of a column" };
	size_t i, k, first = rnd(HR_LEN(names)), kind;

	m->ncol = 3 + rnd(COLUMNS - 2);
	m->nrow = 6 + rnd(ROWS - 5);
	for (k = 0; k < m->ncol; k++) {
		m->name[k] = names[(first + k) % HR_LEN(names)];
		kind = rnd(4);
		for (i = 0; i < m->nrow; i++)
			m->cell[i][k] = kind == 0 ? words[2 + rnd(6)] :
			    kind == 1 && rnd(3) != 0 ? "" :
			    words[rnd(nwords)];
	}
}

static size_t
width(const char *z)
{
	size_t n = 0;

	for (; *z != '\0'; z++)
		n += (*z & 0xC0) != 0x80;
	return n;
}

static bool
all_back(struct span text, const char *form)
{
	bool exact = false;
	const struct form *f = form_find(text, &json, &how, &exact);

	if (f != NULL && exact && strcmp(f->name, form) == 0)
		return true;
	printf("# %s, %s:\n%.*s", f == NULL ? "no form" : f->name,
	    exact ? "exact" : "not exact", (int)text.n, text.p);
	return false;
}

static void
csv_cell(const char *z, char sep, int quoting, struct buf *out)
{
	bool must = strpbrk(z, "\"\n") != NULL || strchr(z, sep) != NULL;

	if (!must && quoting == 0) {
		buf_adds(out, z);
		return;
	}
	buf_addc(out, '"');
	for (; *z != '\0'; z++) {
		if (*z == '"')
			buf_addc(out, '"');
		buf_addc(out, *z);
	}
	buf_addc(out, '"');
}

static void
csv_text(const struct made *m, char sep, int quoting, const char *end,
    struct buf *out)
{
	size_t i, k;

	buf_reset(out);
	for (k = 0; k < m->ncol; k++) {
		csv_cell(m->name[k], sep, quoting, out);
		if (k + 1 < m->ncol)
			buf_addc(out, sep);
	}
	buf_adds(out, end);
	for (i = 0; i < m->nrow; i++) {
		for (k = 0; k < m->ncol; k++) {
			csv_cell(m->cell[i][k], sep, quoting, out);
			if (k + 1 < m->ncol)
				buf_addc(out, sep);
		}
		buf_adds(out, end);
	}
}

static void
test_made_csv(void)
{
	static const char *const ends[] = { "\n", "\r\n" };
	struct made m;
	struct buf text = BUF_INIT;
	size_t i;
	bool csv = true, tsv = true;

	for (i = 0; i < TABLES; i++) {
		state = i;
		make(&m, HR_LEN(words));
		csv_text(&m, i & 1 ? ',' : ';', i >> 1 & 1, ends[i >> 2 & 1],
		    &text);
		csv = csv && all_back(buf_span(&text), "csv");
		csv_text(&m, '\t', i >> 1 & 1, ends[i >> 2 & 1], &text);
		tsv = tsv && all_back(buf_span(&text), "tsv");
	}
	ok(csv, "made csv comes back");
	ok(tsv, "made tsv with quotes comes back");
	buf_release(&text);
}

struct pen {
	const char	*top, *head, *bottom;	/* left, cross, right, fill */
	const char	*bar;
	int		 side;		/* left, right, centred */
	bool		 centred;	/* header */
};

static void
pad(size_t n, const char *fill, struct buf *out)
{
	while (n-- > 0)
		buf_adds(out, fill);
}

static void
draw_cell(const char *z, size_t w, int side, struct buf *out)
{
	size_t lead = side == 0 ? 0 : side == 1 ? w - width(z) :
	    (w - width(z)) / 2;

	buf_addc(out, ' ');
	pad(lead, " ", out);
	buf_adds(out, z);
	pad(w - width(z) - lead, " ", out);
	buf_addc(out, ' ');
}

static void
draw_rule(const struct made *m, const size_t *w, const char *chars,
    struct buf *out)
{
	char fill[2] = { '\0', '\0' };
	size_t k;

	if (chars[0] == '\0')
		return;
	fill[0] = chars[3];
	for (k = 0; k < m->ncol; k++) {
		buf_addc(out, chars[k == 0 ? 0 : 1]);
		pad(w[k] + 2, fill, out);
	}
	buf_addc(out, chars[2]);
	buf_addc(out, '\n');
}

static void
draw(const struct made *m, const struct pen *p, struct buf *out)
{
	size_t i, k, w[COLUMNS];

	buf_reset(out);
	for (k = 0; k < m->ncol; k++) {
		w[k] = width(m->name[k]);
		for (i = 0; i < m->nrow; i++)
			if (width(m->cell[i][k]) > w[k])
				w[k] = width(m->cell[i][k]);
	}
	draw_rule(m, w, p->top, out);
	for (k = 0; k < m->ncol; k++) {
		buf_adds(out, p->bar);
		draw_cell(m->name[k], w[k], p->centred ? 2 : p->side, out);
	}
	buf_adds(out, p->bar);
	buf_addc(out, '\n');
	draw_rule(m, w, p->head, out);
	for (i = 0; i < m->nrow; i++) {
		for (k = 0; k < m->ncol; k++) {
			buf_adds(out, p->bar);
			draw_cell(m->cell[i][k], w[k], p->side, out);
		}
		buf_adds(out, p->bar);
		buf_addc(out, '\n');
	}
	draw_rule(m, w, p->bottom, out);
}

static void
test_made_drawn(void)
{
	struct pen box = { "+++-", "+++-", "+++-", "|", 0, true };
	struct pen md = { "", "|||-", "", "|", 0, true };
	struct made m;
	struct buf text = BUF_INIT;
	size_t i;
	bool boxes = true, pipes = true;

	for (i = 0; i < TABLES; i++) {
		state = i;
		make(&m, WORDS_ANY);
		box.side = md.side = (int)(i % 3);
		box.centred = md.centred = i / 3 % 2 == 0;
		draw(&m, &box, &text);
		boxes = boxes && all_back(buf_span(&text), "ascii table");
		draw(&m, &md, &text);
		pipes = pipes && all_back(buf_span(&text), "markdown table");
	}
	ok(boxes, "made boxes come back");
	ok(pipes, "made Markdown comes back");
	buf_release(&text);
}

/* No text, cut or changed anywhere, breaks a promise. */
static void
test_damaged(void)
{
	struct pen box = { "+++-", "+++-", "+++-", "|", 0, true };
	struct made m;
	struct buf text = BUF_INIT;
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	size_t i, n;
	bool good = true, exact;

	for (i = 0; i < 20 * TABLES; i++) {
		state = i;
		make(&m, WORDS_ANY);
		if (i & 1)
			draw(&m, &box, &text);
		else
			csv_text(&m, ',', 0, "\n", &text);
		for (n = rnd(4); n > 0; n--)
			text.p[rnd(text.len)] = "\n,|+-\" \t\r:\0x"[rnd(12)];
		n = rnd(3) == 0 ? rnd(text.len) : text.len;
		if (form_find(span_of(text.p, n), &json, &how, &exact) !=
		    NULL && json_doc_scan(&d, buf_span(&json), &err) !=
		    JSON_OK)
			good = false;
	}
	ok(good, "damaged texts are refused, or are JSON");
	json_doc_release(&d);
	buf_release(&text);
}

int
main(void)
{
	test_csv();
	test_tsv();
	test_drawn();
	test_upright();
	test_markdown();
	test_stanzas();
	test_columns();
	test_aws();
	test_refusals();
	test_writers();
	test_made_csv();
	test_made_drawn();
	test_damaged();
	buf_release(&json);
	buf_release(&how);
	return done();
}
