/*
 * source_licence - the words of licences in the comment a file begins with
 */
#include "compat.h"

#include "source_part.h"

#define HEAD_LINES	400	/* in which a licence is looked for */
#define WORDS_MAX	((size_t)16 << 10)	/* bytes of a paragraph */
#define LINES_MIN	5	/* of a licence that is left out ... */
#define BYTES_MIN	300	/* ... and its bytes */
#define STARTS		32	/* lines of a paragraph in which it may begin */

struct comment_style {
	const char	*open, *close;	/* NULL: to the end of the line */
};

static const struct comment_style styles[] = {
	{ "/*", "*/" }, { "<!--", "-->" }, { "(*", "*)" }, { "{-", "-}" },
	{ "//", NULL }, { "#", NULL }, { "--", NULL }, { ";", NULL },
	{ "%", NULL },
};

/* Of which each paragraph of a licence holds one; lower case, one blank. */
static const char *const phrases[] = {
	/* Apache */
	"licensed under the apache license", "apache.org/licenses/license",
	"licensed to the apache software foundation",
	"see the notice file distributed with this work",
	"unless required by applicable law or agreed to in writing",
	"may not use this file except in compliance with the",
	"distributed under the license is distributed on an",
	/* MIT, ISC, X11, zlib, Boost */
	"permission is hereby granted, free of charge",
	"without limitation the rights to use, copy, modify",
	"above copyright notice and this permission notice",
	"the software is provided \"as is\"",
	"permission to use, copy, modify, and",
	"the author disclaims all warranties",
	"this software is provided 'as-is'", "this software is provided \"as",
	"in no event will the authors be held liable",
	"permission is granted to anyone to use this software",
	"the origin of this software must not be misrepresented",
	"altered source versions must be plainly marked",
	"this notice may not be removed or altered",
	"distributed under the boost software license",
	/* BSD */
	"redistribution and use in source and binary forms",
	"redistributions of source code must retain",
	"redistributions in binary form must reproduce",
	"neither the name of", "this software is provided by the",
	"may be used to endorse or promote products",
	/* GPL, LGPL, AGPL, MPL, EPL */
	"is free software; you can redistribute it and/or",
	"is free software: you can redistribute it and/or",
	"is distributed in the hope that it will be useful",
	"you should have received a copy of the gnu",
	"terms of the gnu general public license",
	"terms of the gnu lesser general public license",
	"terms of the gnu affero general public license",
	"subject to the terms of the mozilla public license",
	"was not distributed with this file, you can obtain one",
	"under the terms of the eclipse public license",
};

static const struct comment_style *
style_of(struct span s)
{
	size_t i;

	for (i = 0; i < HR_LEN(styles); i++)
		if (span_starts(s, span_z(styles[i].open)))
			return &styles[i];
	return NULL;
}

/* What may stand before the first comment. */
static bool
is_preface(struct span s)
{
	return s.n == 0 || span_starts(s, SPAN_LIT("#!")) ||
	    span_starts(s, SPAN_LIT("<?"));
}

/* A line of the comment, as far as a paragraph goes. */
struct comment_line {
	struct source_line	line;
	struct span		words;
	bool			whole;	/* neither opens nor closes it */
	bool			last;
};

/* The first lines up to the comment; s->at is then its first line. */
static bool
find_comment(struct source *s)
{
	struct source_line l;
	struct source before;
	struct span text;
	unsigned i;

	for (i = 0; i < HEAD_LINES; i++) {
		before = *s;
		if (!source_line(s, &l))
			return false;
		text = span_trim(l.s, " \t");
		if (is_preface(text))
			continue;
		*s = before;
		s->style = style_of(text);
		return s->style != NULL;
	}
	return false;
}

static void
plain_words(struct comment_line *c, struct span text)
{
	c->words = span_trim(text, " \t*#/;%-=!|~_");
}

/* False: no such line, and it is not passed. */
static bool
next_comment(struct source *s, struct comment_line *c, bool opening)
{
	const struct comment_style *st = s->style;
	struct source before = *s;
	struct span text;
	const char *end;

	if (!source_line(s, &c->line))
		return false;
	text = span_trim(c->line.s, " \t");
	c->last = false;
	c->whole = !opening || st->close == NULL;
	if (st->close == NULL) {
		if (span_starts(text, span_z(st->open))) {
			plain_words(c, text);
			return true;
		}
		*s = before;
		return false;
	}
	if (opening)
		text = span_skip(text, strlen(st->open));
	end = text.n == 0 ? NULL :
	    memmem(text.p, text.n, st->close, strlen(st->close));
	if (end != NULL) {
		c->last = true;
		c->whole = false;
		text.n = (size_t)(end - text.p);
	}
	plain_words(c, text);
	return true;
}

static void
add_words(struct buf *b, struct span s)
{
	size_t i;

	if (b->len + s.n > WORDS_MAX)
		return;
	if (b->len > 0)
		buf_addc(b, ' ');
	for (i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t')
			buf_addc(b, s.p[i] >= 'A' && s.p[i] <= 'Z' ?
			    (char)(s.p[i] | 32) : s.p[i]);
		else if (i > 0 && s.p[i - 1] != ' ' && s.p[i - 1] != '\t')
			buf_addc(b, ' ');
}

/* Where the first words of a licence begin; words.n: there are none. */
static size_t
find_licence(struct span words)
{
	size_t i, at = words.n, n;
	const char *p;

	for (i = 0; words.n > 0 && i < HR_LEN(phrases); i++) {
		n = strlen(phrases[i]);
		p = memmem(words.p, words.n, phrases[i], n);
		if (p != NULL && (size_t)(p - words.p) < at)
			at = (size_t)(p - words.p);
	}
	return at;
}

/* The whole lines of a paragraph; none of them: lines is 0. */
struct paragraph {
	size_t		start, end;
	uint64_t	number, lines;
	size_t		at[STARTS];	/* words before each of the first */
	size_t		starts[STARTS];
	bool		licence;
	bool		late;		/* something stands before it */
	bool		last;		/* of the comment */
};

static void
add_line(struct paragraph *p, const struct source_line *l, size_t words)
{
	if (p->lines < STARTS) {
		p->at[p->lines] = words;
		p->starts[p->lines] = l->start;
	}
	if (p->lines++ == 0) {
		p->start = l->start;
		p->number = l->number;
	}
	p->end = l->end;
}

/* What stands before the licence stays. */
static void
begin_at(struct paragraph *p, size_t words)
{
	size_t n = p->lines < STARTS ? (size_t)p->lines : STARTS, i = 0;

	while (i + 1 < n && p->at[i + 1] <= words)
		i++;
	if (n == 0)
		return;
	p->late = i > 0;
	p->start = p->starts[i];
	p->number += i;
	p->lines -= i;
}

/* The next paragraph, with the empty lines before it passed. */
static bool
next_paragraph(struct source *s, struct paragraph *p, bool *opening)
{
	struct comment_line c;
	bool any = false;
	size_t words;

	p->lines = 0;
	p->last = p->late = false;
	buf_reset(&s->words);
	while (!p->last && next_comment(s, &c, *opening)) {
		*opening = false;
		p->last = c.last;
		if (c.words.n == 0 && any)
			break;
		if (c.words.n == 0)
			continue;
		any = true;
		if (c.whole)
			add_line(p, &c.line, s->words.len);
		add_words(&s->words, c.words);
	}
	words = find_licence(buf_span(&s->words));
	p->licence = words < s->words.len;
	if (p->licence)
		begin_at(p, words);
	return any;
}

/* Paragraphs of a licence in a row, with what is empty between them. */
static void
keep(struct source *s, struct source_part *p)
{
	if (p->lines >= LINES_MIN && p->end - p->start >= BYTES_MIN &&
	    s->nhead < SOURCE_HEAD)
		s->head[s->nhead++] = *p;
	p->lines = 0;
}

void
source_licences(struct source *s)
{
	struct source_part p = { .lines = 0 };
	struct paragraph g = { .last = false };
	bool opening = true;

	if (!find_comment(s))
		return;
	while (!g.last && s->number <= HEAD_LINES &&
	    next_paragraph(s, &g, &opening)) {
		if (!g.licence) {
			keep(s, &p);
		} else if (g.lines > 0) {
			if (g.late)
				keep(s, &p);
			if (p.lines == 0)
				p = (struct source_part){ SOURCE_LICENCE,
				    g.start, g.end, g.number, 0 };
			p.end = g.end;
			p.lines = g.number + g.lines - p.line;
		}
	}
	keep(s, &p);
}
