/*
 * test_squash_source - licences and encoded data, and nothing else
 */
#include "compat.h"

#include "numbered.h"
#include "squash.h"
#include "tap.h"

static struct tok *tok;
static const struct mark_id id = { "123456789012345678901" };
static const struct mark_ref ref = { .id = &id };

#define HEADER(what)							\
	"[hr: " what " shown, complete output: hr-ccr get "		\
	"123456789012345678901]\n"

#define MIT								\
	" * Permission is hereby granted, free of charge, to any person\n" \
	" * obtaining a copy of this software and associated files (the\n" \
	" * \"Software\"), to deal in the Software without restriction,\n" \
	" * including without limitation the rights to use, copy, modify,\n" \
	" * merge, publish, and to permit persons to whom the Software\n" \
	" * is furnished to do so.\n"					\
	" *\n"								\
	" * The above copyright notice and this permission notice shall\n" \
	" * be included in all copies of the Software.\n"		\
	" *\n"								\
	" * THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY\n" \
	" * KIND.\n"

#define APACHE(c)							\
	c " Licensed under the Apache License, Version 2.0 (the License);\n" \
	c " you may not use this file except in compliance with the\n"	\
	c " License.  You may obtain a copy of the License at\n"	\
	c "\n"								\
	c "     http://www.apache.org/licenses/LICENSE-2.0\n"		\
	c "\n"								\
	c " Unless required by applicable law or agreed to in writing,\n" \
	c " software distributed under the License is distributed on an\n" \
	c " AS IS basis, without warranties of any kind.\n"

#define CODE	"#include <stdio.h>\n\nint main(void)\n{\n\treturn 0;\n}\n"

static void
run(struct squash *s, struct span text, bool top, struct buf *out)
{
	s->tok = tok;
	s->ref = &ref;
	s->opt.level = SQUASH_BALANCED;
	s->opt.top = top;
	squash_source(s, text);
	buf_reset(out);
	edits_apply(&s->edits, text, out);
}

static bool
becomes(const char *text, bool top, const char *want)
{
	struct squash s = SQUASH_INIT;
	struct buf out = BUF_INIT;
	bool good;

	run(&s, span_z(text), top, &out);
	good = span_eq(buf_span(&out), span_z(want)) &&
	    s.lossy == (strcmp(text, want) != 0);
	if (!good)
		printf("# %.*s\n# instead of %s\n", (int)out.len, out.p, want);
	squash_release(&s);
	buf_release(&out);
	return good;
}

#define SAME(text, top)	becomes(text, top, text)

static void
test_licences(void)
{
	ok(becomes("/*\n * a.c - does it\n *\n * Copyright 2020 A\n *\n" MIT
	    " */\n" CODE, true, HEADER("12 of 24 lines")
	    "/*\n * a.c - does it\n *\n * Copyright 2020 A\n *\n"
	    "[hr: lines 6-17 left out]\n */\n" CODE), "a licence goes, "
	    "what else the comment says stays");
	ok(becomes("#!/bin/sh\n#\n# Copyright\n#\n" APACHE("#") "\nx\n", true,
	    HEADER("6 of 15 lines") "#!/bin/sh\n#\n# Copyright\n#\n"
	    "[hr: lines 5-13 left out]\n\nx\n"), "in comments of single lines");
	ok(becomes("// Copyright\n//\n" APACHE("//") "//\n// Package x.\n"
	    "package x\n", true, HEADER("5 of 14 lines")
	    "// Copyright\n//\n[hr: lines 3-11 left out]\n//\n// Package x.\n"
	    "package x\n"), "between others");
	ok(becomes("<?php\n\n/**\n" MIT " */\nx();\n", true,
	    HEADER("5 of 17 lines") "<?php\n\n/**\n"
	    "[hr: lines 4-15 left out]\n */\nx();\n"), "behind a preface");
	ok(becomes("/*" APACHE(" *") " */\nx();\n", true,
	    HEADER("3 of 11 lines") "/* * Licensed under the Apache License, "
	    "Version 2.0 (the License);\n[hr: lines 2-9 left out]\n */\n"
	    "x();\n"), "but for lines that open and close the comment");
	ok(becomes("<!--\n" APACHE(" ") "-->\n<p>\n", true,
	    HEADER("3 of 12 lines") "<!--\n[hr: lines 2-10 left out]\n-->\n"
	    "<p>\n"), "in a page");
	ok(becomes("// Package x.\n// Copyright A\n" APACHE("//") "\nx\n",
	    true, HEADER("4 of 13 lines") "// Package x.\n// Copyright A\n"
	    "[hr: lines 3-11 left out]\n\nx\n"),
	    "from its words on");
	ok(becomes("// Package x.\n" APACHE("//") "//\n// Package y.\n"
	    APACHE("//") "\nx\n", true, HEADER("5 of 23 lines")
	    "// Package x.\n[hr: lines 2-10 left out]\n//\n// Package y.\n"
	    "[hr: lines 13-21 left out]\n\nx\n"), "and again");
	ok(SAME("/*\n" MIT " */\n" CODE, false),
	    "not where the file may have begun before");
	ok(SAME(CODE "/*\n" MIT " */\n", true), "not behind code");
	ok(SAME("/*\n * One\n */\n\n/*\n" MIT " */\n", true),
	    "not in the second comment");
	ok(SAME("// Licensed under the Apache License, Version 2.0\n" CODE,
	    true), "not a short one");
	ok(SAME("/*\n * This is how files are searched for the words that\n"
	    " * are known, one\n * after\n * the\n * other\n * until\n * all\n"
	    " * were found; a long text about licences, copyright notices\n"
	    " * and permission to use, which grants nothing at all.  It is\n"
	    " * written by hand and says how the program below works.\n */\n"
	    CODE, true), "not words about licences");
	ok(SAME("", true) && SAME("\n\n", true) && SAME("/*", true) &&
	    SAME("/* */", true) && SAME("#", true) && SAME("//\n//\n", true),
	    "nothing in what is empty");
}

static void
test_numbered(void)
{
	struct buf in = BUF_INIT, want = BUF_INIT;
	const char *p = "// Copyright\n//\n" APACHE("//") "package x\n", *nl;
	unsigned i;

	buf_adds(&want, HEADER("3 of 12 lines"));
	for (i = 1; *p != '\0'; i++, p = nl + 1) {
		nl = strchr(p, '\n');
		buf_addf(&in, "%6u\xE2\x86\x92%.*s\n", i, (int)(nl - p), p);
		if (i == 3)
			buf_adds(&want, "[hr: lines 3-11 left out]\n");
		if (i < 3 || i > 11)
			buf_addf(&want, "%6u\xE2\x86\x92%.*s\n", i,
			    (int)(nl - p), p);
	}
	buf_addc(&in, '\0');
	buf_addc(&want, '\0');
	ok(becomes(in.p, false, want.p), "numbers that are printed are named");
	ok(becomes(in.p, true, want.p), "and tell where the file begins");
	in.p[5] = '2';
	ok(SAME(in.p, true), "or that they do not");
	buf_release(&in);
	buf_release(&want);
}

/* Digits of base64 or hexadecimal ones, always the same. */
static void
add_noise(struct buf *b, const char *digits, size_t n, uint32_t seed)
{
	size_t all = strlen(digits);

	while (n-- > 0) {
		seed = seed * 1664525 + 1013904223;
		buf_addc(b, digits[(seed >> 16) % all]);
	}
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex[] = "0123456789abcdef";

/* before, n digits, after: how many of them stay, or all of it. */
static bool
keeps(const char *before, const char *digits, size_t n, const char *after,
    size_t kept)
{
	struct buf in = BUF_INIT, want = BUF_INIT;
	size_t from = strlen(before);
	bool good;

	buf_adds(&in, before);
	add_noise(&in, digits, n, 7);
	buf_adds(&in, after);
	if (kept < n) {
		buf_addf(&want, "[hr: %zu of %zu bytes shown, complete output: "
		    "hr-ccr get %s]\n", in.len - (n - kept), in.len, id.z);
		buf_addf(&want, "%.*s", (int)(from + kept), in.p);
		buf_addf(&want, "[hr: %zu bytes left out; encoded data]%s",
		    n - kept, after);
	} else {
		buf_addspan(&want, buf_span(&in));
	}
	buf_addc(&in, '\0');
	buf_addc(&want, '\0');
	good = becomes(in.p, false, want.p);
	buf_release(&in);
	buf_release(&want);
	return good;
}

static void
test_runs(void)
{
	ok(keeps("x = \"data:image/png;base64,", base64, 4000, "\";\n" CODE,
	    24), "base64 inside a line");
	ok(keeps("key = '", hex, 4000, "'\n", 24), "hexadecimal digits");
	ok(keeps("x=", base64, 1023, "\n", 1023), "not a short one");
	ok(keeps("x = ", "abcdefghijklmnopqrstuvwxyz", 4000, "\n", 4000),
	    "not small letters");
	ok(keeps("x = ", "ACGT", 4000, "\n", 4000), "not a few");
	ok(keeps("x = ", "0123456789", 4000, "\n", 4000), "not a number");
	ok(keeps("", "=", 4000, "\n", 4000) && keeps("", "-", 4000, "\n",
	    4000) && keeps("", "/", 4000, "\n", 4000), "not a rule");
	ok(keeps("x = ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ_", 4000, "\n", 4000),
	    "not capitals");
	ok(keeps("x = ", "abcdefghijklmnopqrstuvwxyz/", 4000, "\n", 4000),
	    "not a path");
	ok(keeps("x = ", "abcdefghijklmnopqrstuvwxyzABC0123456789 ", 4000,
	    "\n", 4000), "not words");
}

static void
add_block(struct buf *b, const char *digits, unsigned lines, unsigned width,
    const char *before, const char *after)
{
	unsigned i;

	for (i = 0; i < lines; i++) {
		buf_adds(b, before);
		add_noise(b, digits, width, i + 1);
		buf_adds(b, after);
	}
}

static bool
block_goes(const char *digits, unsigned lines, unsigned width,
    const char *before, const char *after)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT, want = BUF_INIT;
	bool good;

	buf_adds(&in, "a(\n");
	add_block(&in, digits, lines, width, before, after);
	buf_adds(&in, ");\n" CODE);
	buf_addf(&want, "[hr: 8 of %u lines shown, complete output: hr-ccr "
	    "get %s]\na(\n[hr: %u lines left out; encoded data]\n);\n%s",
	    lines + 8, id.z, lines, CODE);
	run(&s, buf_span(&in), false, &out);
	good = span_eq(buf_span(&out), buf_span(&want));
	if (!good)
		printf("# %u lines of %u: %zu of %zu bytes\n", lines, width,
		    out.len, in.len);
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
	buf_release(&want);
	return good;
}

static void
test_blocks(void)
{
	ok(block_goes(base64, 40, 76, "", "\n"), "lines of base64");
	ok(block_goes(base64, 40, 64, "  ", "\r\n"), "with blanks, CRLF");
	ok(block_goes(base64, 40, 70, "    \"", "\"\n") &&
	    block_goes(base64, 40, 70, "\t'", "' +\n") &&
	    block_goes(base64, 40, 70, "\"", "\\n\"\n") &&
	    block_goes(base64, 40, 70, "", "\\\n"), "as parts of a literal");
	ok(block_goes(hex, 40, 80, "", "\n"), "hexadecimal digits");
	ok(!block_goes(hex, 40, 64, "", "\n") &&
	    !block_goes(base64, 40, 64, "\"", "\",\n"),
	    "not lists of hashes, nor of other things");
	ok(!block_goes(base64, 10, 70, "", "\n"), "not a short one");
	ok(!block_goes(base64, 100, 40, "", "\n"), "not short lines");
	ok(!block_goes("abcdefghijklmnopqrstuvwxyz", 40, 76, "", "\n"),
	    "not words");
}

static size_t
line_len(struct span s)
{
	const char *nl = memchr(s.p, '\n', s.n);

	return nl == NULL ? s.n : (size_t)(nl - s.p) + 1;
}

/*
 * Kept lines are the text's own, in order, and gaps are what is between; with
 * the gaps' numbers of lines they make all of it.
 */
static bool
adds_up(struct span text, struct span out)
{
	struct span l, o;
	unsigned long long from, to;
	size_t n = 1;

	out = span_skip(out, line_len(out));
	while (out.n > 0) {
		o = span_of(out.p, line_len(out));
		out = span_skip(out, o.n);
		if (sscanf(o.p, "[hr: lines %llu-%llu left out]", &from,
		    &to) == 2) {
			if (from != n)
				return false;
			for (; n <= to && text.n > 0; n++)
				text = span_skip(text, line_len(text));
			if (n <= to)
				return false;
			continue;
		}
		l = span_of(text.p, line_len(text));
		if (!span_eq(l, o))
			return false;
		text = span_skip(text, l.n);
		n++;
	}
	return text.n == 0;
}

/* Files made of pieces in any order. */
static void
test_any(void)
{
	static const char *const pieces[] = { CODE, "/*\n" MIT " */\n",
		"// x\n" APACHE("//"), "\n", "#!/bin/sh\n", "# x\n",
		"int a; /* b */\n", "*/\n", "/*\n", " * a\n", "-->", "\t\n",
		APACHE("#"), "\xE2\x86\x92\n", "\r\n", "1\tx\n" };
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT, again = BUF_INIT;
	uint32_t seed = 1;
	bool all = true, same = true, less = true;
	unsigned i, k, done_ = 0;

	for (i = 0; i < 3000; i++) {
		buf_reset(&in);
		for (k = 0; k < 1 + i % 7; k++) {
			seed = seed * 1664525 + 1013904223;
			if ((seed >> 16) % 20 >= HR_LEN(pieces))
				add_block(&in, base64, 30, 72, "", "\n");
			else
				buf_adds(&in, pieces[(seed >> 16) % 20]);
		}
		run(&s, buf_span(&in), true, &out);
		if (s.reason != SQUASH_DONE) {
			same &= span_eq(buf_span(&in), buf_span(&out));
			continue;
		}
		done_++;
		all &= adds_up(buf_span(&in), buf_span(&out));
		less &= tok_count(tok, buf_span(&out)) <
		    tok_count(tok, buf_span(&in)) && s.after < s.before;
		run(&s, buf_span(&out), true, &again);
		same &= span_eq(buf_span(&out), buf_span(&again));
	}
	printf("# %u of %u were changed\n", done_, i);
	ok(done_ > 500 && all, "kept lines and gaps make all of the text");
	ok(less, "with fewer tokens");
	ok(same, "and a second time nothing happens");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
	buf_release(&again);
}

static void
test_options(void)
{
	static const char text[] = "/*\n" MIT " */\n" CODE;
	struct squash s = SQUASH_INIT;

	s.tok = tok;
	s.opt.top = true;
	squash_source(&s, span_z(text));
	ok(s.reason == SQUASH_LEVEL && s.edits.n == 0, "not without a store");
	s.ref = &ref;
	s.opt.level = SQUASH_LOSSLESS;
	squash_source(&s, span_z(text));
	ok(s.reason == SQUASH_LEVEL && s.edits.n == 0, "not without loss");
	s.opt.level = SQUASH_TIGHT;
	squash_source(&s, span_z(text));
	ok(s.reason == SQUASH_DONE && s.lossy, "else it is");
	squash_source(&s, SPAN_LIT(CODE));
	ok(s.reason == SQUASH_NO_GAIN && s.edits.n == 0 && !s.lossy,
	    "code has nothing to leave out");
	squash_release(&s);
}

/* Megabytes of what makes the reader look ahead. */
static void
test_large(void)
{
	struct squash s = SQUASH_INIT;
	struct buf in = BUF_INIT, out = BUF_INIT;

	while (in.len < (2u << 20))
		buf_adds(&in, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
	run(&s, buf_span(&in), true, &out);
	ok(s.edits.n == 0, "lines that are no data");
	buf_reset(&in);
	while (in.len < (2u << 20))
		buf_adds(&in, "# x\n#\n");
	run(&s, buf_span(&in), true, &out);
	ok(s.edits.n == 0, "a comment without end");
	buf_reset(&in);
	add_noise(&in, base64, 2u << 20, 3);
	run(&s, buf_span(&in), true, &out);
	ok(s.edits.n == 2 && out.len < 200, "a line without end");
	squash_release(&s);
	buf_release(&in);
	buf_release(&out);
}

int
main(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/share/o200k_base.hrv",
	    getenv("BUILDDIR"));
	if (tok_open(&tok, TOK_O200K, path) < 0)
		return 1;
	test_licences();
	test_numbered();
	test_runs();
	test_blocks();
	test_any();
	test_options();
	test_large();
	tok_close(tok);
	return done();
}
