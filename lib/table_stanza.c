/*
 * table_stanza - records as "name: value" lines with empty lines between
 *
 *	Package: tar			{"Package":"tar","Size":983,
 *	Size: 983			"Description":"archiver\n for tapes"}
 *	Description: archiver
 *	 for tapes
 *
 * As dpkg, apt, rpm, pacman and /proc/cpuinfo write them.  A line that begins
 * with a blank belongs to the value before it, line end and blank included.
 * A value that is empty is the empty string, as its name is there.
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "map.h"
#include "mem.h"
#include "table.h"
#include "utf8.h"

#define STANZAS_MIN	3
#define NAME_BYTES	40
#define NAME_WORDS	5
#define NAMES_MAX	((size_t)1 << 16)
#define COLUMN_MAX	80
#define TAB		8

enum gap {
	GAP_PLAIN,	/* "name: value" */
	GAP_COLON,	/* "name   : value", the colon at a column */
	GAP_TABS,	/* the same with tabs */
	GAP_VALUE,	/* "name:   value", the value at a column */
	GAP_TAB,	/* "name:\tvalue" */
	GAPS
};

static const char *const gap_words[GAPS] = {
	NULL, "colons at", "tabs to", "values at", "tab after colon"
};

/* How lines are written. */
struct layout {
	enum gap	 gap;
	size_t		 column;	/* from 0 */
	bool		 trailing;	/* blanks before an empty value, too */
	struct span	 end;		/* of lines that are written */
};

struct name {
	size_t		 last;		/* stanza with it */
	size_t		 count;		/* how many have it */
};

struct stanzas {
	struct table_lines lines;
	struct layout	 lay;
	struct map	 ids;
	struct name	*name;
	size_t		 nname, cap;
	size_t		 n;		/* stanzas begun */
	size_t		 members;	/* of all */
	bool		 empty_seen;	/* a value, which says lay.trailing */
	bool		 blank;		/* an empty line at the end */
	struct buf	 value;
	struct buf	*json;
};

/* What stands between the name and the value. */
static void
put_gap(const struct layout *l, size_t name, struct buf *out)
{
	size_t i, n = l->column > name ? l->column - name : 0;

	if (l->gap == GAP_COLON)
		for (i = 0; i < n; i++)
			buf_addc(out, ' ');
	else if (l->gap == GAP_TABS)
		for (i = name / TAB; i < l->column / TAB; i++)
			buf_addc(out, '\t');
	buf_addc(out, ':');
	buf_addc(out, l->gap == GAP_TAB ? '\t' : ' ');
	if (l->gap == GAP_VALUE)
		for (i = 2; i < n; i++)
			buf_addc(out, ' ');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
good_name(struct span s)
{
	size_t i, words = 1;

	if (s.n == 0 || s.n > NAME_BYTES || !is_letter8(s.p[0]))
		return false;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == ' ')
			words++;
		else if (!is_letter8(s.p[i]) && !is_digit(s.p[i]) &&
		    memchr("_-./()", s.p[i], 6) == NULL)
			return false;
	}
	return words <= NAME_WORDS;
}

/* The name at the start of a line; *colon is the offset of its colon. */
static bool
name_of(struct span line, struct span *name, size_t *colon)
{
	const char *p = line.n == 0 ? NULL : memchr(line.p, ':', line.n);

	if (p == NULL)
		return false;
	*colon = (size_t)(p - line.p);
	*name = span_of(line.p, *colon);
	while (name->n > 0 && is_blank(name->p[name->n - 1]))
		name->n--;
	return good_name(*name);
}

/* What one line tells about the layout of all; false: nothing. */
static bool
layout_of(struct span line, struct span name, size_t colon,
    struct layout *l)
{
	struct span rest = span_skip(line, colon + 1);
	size_t i = 0;

	l->column = colon;
	if (colon > name.n && name.p[name.n] == ' ')
		l->gap = GAP_COLON;
	else if (colon > name.n) {
		l->gap = GAP_TABS;
		l->column = (name.n / TAB + colon - name.n) * TAB;
	} else if (rest.n > 0 && rest.p[0] == '\t')
		l->gap = GAP_TAB;
	else if (rest.n > 2 && rest.p[0] == ' ' && rest.p[1] == ' ') {
		while (i < rest.n && rest.p[i] == ' ')
			i++;
		l->gap = GAP_VALUE;
		l->column = colon + 1 + i;
	} else
		return false;
	return l->column <= COLUMN_MAX;
}

/* By the first stanza. */
static bool
guess(struct span s, struct layout *l)
{
	struct table_lines lines;
	struct span line, name;
	size_t colon, members = 0;

	*l = (struct layout){ .gap = GAP_PLAIN };
	table_lines_begin(&lines, s);
	lines.tabs = true;
	while (table_line(&lines, &line) && line.n > 0) {
		if (members > 0 && is_blank(line.p[0]))
			continue;
		if (!name_of(line, &name, &colon))
			return false;
		members++;
		if (l->gap == GAP_PLAIN && !layout_of(line, name, colon, l))
			l->gap = GAP_PLAIN;
	}
	return !lines.bad && members > 1;
}

/* Behind the gap; false if there is another one. */
static bool
value_of(struct stanzas *z, struct span line, struct span name,
    struct span *value)
{
	struct buf gap = BUF_INIT;
	struct span rest = span_skip(line, name.n), all, bare;
	bool good = true;

	put_gap(&z->lay, name.n, &gap);
	all = bare = buf_span(&gap);
	while (bare.n > 0 && is_blank(bare.p[bare.n - 1]))
		bare.n--;
	if (buf_err(&gap))
		good = false;
	else if (span_eq(rest, all) || span_eq(rest, bare)) {
		*value = span_of(rest.p, 0);
		good = !z->empty_seen ||
		    z->lay.trailing == (rest.n > bare.n);
		z->empty_seen = true;
		z->lay.trailing = rest.n > bare.n;
	} else if (span_starts(rest, all))
		*value = span_skip(rest, all.n);
	else
		good = false;
	buf_release(&gap);
	return good;
}

/* False if this stanza has that name already. */
static bool
count_name(struct stanzas *z, struct span name)
{
	union map_val *v = map_put(&z->ids, name);
	struct name *p;

	if (v == NULL)
		return false;
	if (v->u == 0) {
		p = mem_grow(z->name, &z->cap, z->nname + 1, sizeof(*p),
		    NAMES_MAX);
		if (p == NULL)
			return false;
		z->name = p;
		z->name[z->nname++] = (struct name){ 0, 0 };
		v->u = z->nname;
	}
	p = &z->name[v->u - 1];
	if (p->last == z->n)
		return false;
	p->last = z->n;
	p->count++;
	z->members++;
	return true;
}

static void
end_value(struct stanzas *z)
{
	struct span v = buf_span(&z->value);

	if (table_kind(v) == TABLE_LITERAL)
		buf_addspan(z->json, v);
	else
		json_quote(v, z->json);
	buf_reset(&z->value);
}

/* A line that begins with a name. */
static bool
read_member(struct stanzas *z, struct span line, bool first)
{
	struct span name, value;
	size_t colon;

	if (!name_of(line, &name, &colon) ||
	    !value_of(z, line, name, &value))
		return false;
	if (first)
		buf_adds(z->json, z->n++ == 0 ? "[{" : "},{");
	else
		buf_addc(z->json, ',');
	if (!count_name(z, name))
		return false;
	json_quote(name, z->json);
	buf_addc(z->json, ':');
	buf_addspan(&z->value, value);
	return true;
}

static bool
read_lines(struct stanzas *z)
{
	struct span line;
	bool first = true;	/* at the start of a stanza */

	while (table_line(&z->lines, &line)) {
		if (!first && line.n > 0 && is_blank(line.p[0])) {
			buf_addc(&z->value, '\n');
			buf_addspan(&z->value, line);
			continue;
		}
		if (!first)
			end_value(z);
		z->blank = line.n == 0;
		if (z->blank && first)
			return false;
		if (!z->blank && !read_member(z, line, first))
			return false;
		first = z->blank;
	}
	if (!first)
		end_value(z);
	buf_adds(z->json, "}]");
	return !z->lines.bad && !buf_err(&z->value);
}

/* Several stanzas, with more than one line, and mostly the same names. */
static bool
alike(const struct stanzas *z)
{
	size_t i, shared = 0;

	for (i = 0; i < z->nname; i++)
		if (z->name[i].count * 2 > z->n)
			shared += z->name[i].count;
	return z->n >= STANZAS_MIN && z->members >= 2 * z->n &&
	    shared * 5 >= z->members * 3;
}

static void
say(const struct stanzas *z, struct buf *how)
{
	buf_adds(how, "stanzas");
	if (z->lay.gap != GAP_PLAIN) {
		table_say(how, gap_words[z->lay.gap]);
		if (z->lay.gap != GAP_TAB) {
			buf_addc(how, ' ');
			buf_addu(how, z->lay.column);
		}
	}
	if (z->lay.trailing)
		table_say(how, "blank before empty values");
	if (z->blank)
		table_say(how, "empty last line");
	table_say_lines(&z->lines, how);
}

static bool
read_with(const struct layout *lay, struct span s, struct buf *json,
    struct buf *how)
{
	struct stanzas z = { .lay = *lay, .json = json, .value = BUF_INIT };
	bool good;

	map_init(&z.ids, map_random_seed());
	table_lines_begin(&z.lines, s);
	z.lines.tabs = true;
	good = read_lines(&z) && alike(&z) && utf8_valid(s.p, s.n) == s.n;
	if (good)
		say(&z, how);
	map_release(&z.ids);
	free(z.name);
	buf_release(&z.value);
	return good;
}

static bool
stanzas_read(struct span s, struct buf *json, struct buf *how)
{
	struct layout lay;

	if (!guess(s, &lay))
		return false;
	if (read_with(&lay, s, json, how))
		return true;
	if (lay.gap == GAP_PLAIN)
		return false;
	lay = (struct layout){ .gap = GAP_PLAIN };
	buf_reset(json);
	buf_reset(how);
	return read_with(&lay, s, json, how);
}

static void
told(struct layout *l, struct span how)
{
	struct span rest;
	int i;

	*l = (struct layout){ .gap = GAP_PLAIN };
	for (i = GAP_COLON; i < GAPS; i++)
		if (table_said(how, gap_words[i], &rest)) {
			l->gap = (enum gap)i;
			if (!table_next_number(&rest, &l->column))
				l->column = 0;
		}
	l->end = table_line_end(how);
	l->trailing = table_said(how, "blank before empty values", NULL);
}

/* Its lines but for the first begin with a blank; all end as told. */
static bool
put_value(struct span v, const struct layout *l, struct buf *out)
{
	const char *nl;
	size_t n;

	while (v.n > 0 && (nl = memchr(v.p, '\n', v.n)) != NULL) {
		n = (size_t)(nl - v.p);
		buf_addspan(out, span_of(v.p, n));
		buf_addspan(out, l->end);
		v = span_skip(v, n + 1);
		if (v.n == 0 || !is_blank(v.p[0]))
			return false;
	}
	buf_addspan(out, v);
	buf_addspan(out, l->end);
	return true;
}

static bool
put_member(const struct json_doc *d, const struct json_tok *key,
    const struct layout *l, struct buf *out)
{
	struct buf b = BUF_INIT;
	struct span v = json_text(d->text, key + 1);
	size_t from = out->len;
	bool good = key[1].type != JSON_ARRAY && key[1].type != JSON_OBJECT;

	json_decode(json_body(d->text, key), out);
	put_gap(l, out->len - from, out);
	if (key[1].type == JSON_STRING) {
		json_decode(json_body(d->text, key + 1), &b);
		v = buf_span(&b);
		good = !buf_err(&b) && table_kind(v) != TABLE_LITERAL;
	}
	if ((v.n == 0 || v.p[0] == '\n') && !l->trailing)
		while (out->len > from && is_blank(out->p[out->len - 1]))
			buf_truncate(out, out->len - 1);
	good = good && put_value(v, l, out);
	buf_release(&b);
	return good;
}

static bool
stanzas_write(const struct json_doc *d, struct span how, struct buf *out)
{
	const struct json_tok *root = d->tok, *rec, *t;
	struct layout lay;

	told(&lay, how);
	if (root->type != JSON_ARRAY)
		return false;
	for (rec = root + 1; rec < root + root->skip; rec += rec->skip) {
		if (rec->type != JSON_OBJECT || rec->count == 0)
			return false;
		if (rec != root + 1)
			buf_addspan(out, lay.end);
		for (t = rec + 1; t < rec + rec->skip; t += 1 + t[1].skip)
			if (!put_member(d, t, &lay, out))
				return false;
	}
	if (table_said(how, "empty last line", NULL))
		buf_addspan(out, lay.end);
	table_end_text(how, out);
	return true;
}

const struct form table_stanzas = {
	"stanzas", stanzas_read, stanzas_write
};
