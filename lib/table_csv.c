/*
 * table_csv - CSV as in RFC 4180, with commas or semicolons, and TSV
 *
 * Which cells are quoted is told by one of few habits: those that must be
 * (RFC 4180, Python), those that SQLite's shell quotes, all strings, all
 * cells.  Where a text follows none of them the way back is not exact.
 *
 * In quotes stands what is a string: "5" is one, and "" the empty one.  Where
 * all cells are quoted, quotes say nothing, and cells are what they are spelt
 * like.  TSV mostly knows no quotes.
 */
#include "compat.h"

#include <string.h>

#include "ascii.h"
#include "table.h"
#include "utf8.h"

#define ROWS_MIN	3
#define PAIRS_MIN	6	/* rows, where there are but two columns */
#define NAME_MAX_BYTES	64
#define NAME_WORDS	6
#define PAIR_WORDS	3

enum habit { NEEDED, SQLITE, STRINGS, ALL, RAW, HABITS };

/* NEEDED goes without saying in CSV, RAW in TSV. */
static const char *const habit_words[HABITS] = {
	"quotes", "SQLite quotes", "strings quoted", "all quoted", "raw"
};

static const struct span BOM = SPAN_LIT("\xEF\xBB\xBF");

struct csv {
	struct table	 t;
	char		 sep;
	bool		 raw;		/* quotes are data */
	bool		 crlf;
	bool		 final;		/* the last line has an end */
	struct span	 rest;
	unsigned	 habits;	/* bits: all cells follow them */
	unsigned	 head;		/* the names */
	bool		 quoted;	/* some cell is */
	bool		 empty_bare;
	bool		 empty_quoted;
};

/* Whether a cell that is bare can be read back. */
static bool
must_quote(struct span s, char sep)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == sep || s.p[i] == '"' || s.p[i] == '\n' ||
		    s.p[i] == '\r')
			return true;
	return false;
}

/* Whether it can stand in TSV without quotes. */
static bool
breaks_none(struct span s)
{
	return s.n == 0 || (memchr(s.p, '\t', s.n) == NULL &&
	    memchr(s.p, '\n', s.n) == NULL &&
	    memchr(s.p, '\r', s.n) == NULL);
}

/* What the shell of SQLite quotes. */
static bool
sqlite_quotes(struct span s, char sep)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < s.n; i++) {
		c = (unsigned char)s.p[i];
		if (c <= ' ' || c >= 0x7F || c == '"' || c == '\'' ||
		    s.p[i] == sep)
			return true;
	}
	return false;
}

static bool
quotes(enum habit h, struct span s, enum table_kind kind, char sep)
{
	switch (h) {
	case NEEDED:
		return must_quote(s, sep);
	case SQLITE:
		return sqlite_quotes(s, sep);
	case STRINGS:
		return kind == TABLE_STRING || must_quote(s, sep);
	case ALL:
		return true;
	default:
		return false;
	}
}

/* The habits that quote a text, or leave it bare, as it is. */
static unsigned
same_habits(struct span s, enum table_kind kind, bool quoted, char sep)
{
	bool sqlite = sqlite_quotes(s, sep);
	bool must = sqlite && must_quote(s, sep);
	unsigned set = 1u << ALL;

	if (must)
		set |= 1u << NEEDED;
	if (sqlite)
		set |= 1u << SQLITE;
	if (must || kind == TABLE_STRING)
		set |= 1u << STRINGS;
	return quoted ? set : ~set;
}

/* The same for a cell, whose kind tells something. */
static unsigned
follows(struct span s, bool quoted, char sep)
{
	enum table_kind kind = table_kind(s);

	/* A string that is spelt like something else is always quoted. */
	if (kind != TABLE_STRING && quoted)
		return ~0u;
	return same_habits(s, kind, quoted, sep) |
	    (kind == TABLE_EMPTY ? 1u << ALL : 0);
}

/* Without the second of each two quotes. */
static bool
unquote(struct csv *c, struct span s, struct span *out)
{
	char *p, *to;
	size_t i;

	*out = s;
	if (s.n == 0 || memchr(s.p, '"', s.n) == NULL)
		return true;
	p = to = arena_alloc(&c->t.mem, s.n);
	if (p == NULL)
		return false;
	for (i = 0; i < s.n; i++) {
		*to++ = s.p[i];
		if (s.p[i] == '"')
			i++;
	}
	*out = span_of(p, (size_t)(to - p));
	return true;
}

/* The quoted cell at the start of rest, which is set behind it. */
static bool
quoted_cell(struct csv *c, struct span *s)
{
	const char *from = c->rest.p + 1, *end = c->rest.p + c->rest.n;
	const char *p = from;

	for (;;) {
		p = p == end ? NULL : memchr(p, '"', (size_t)(end - p));
		if (p == NULL)
			return false;
		if (p + 1 == end || p[1] != '"')
			break;
		p += 2;
	}
	c->rest = span_of(p + 1, (size_t)(end - p - 1));
	return unquote(c, span_of(from, (size_t)(p - from)), s);
}

/* The same for a bare one. */
static bool
bare_cell(struct csv *c, struct span *s)
{
	const char *p = c->rest.p;
	size_t i, n = c->rest.n;
	unsigned char ch;

	for (i = 0; i < n && p[i] != c->sep && p[i] != '\n'; i++) {
		ch = (unsigned char)p[i];
		if ((ch == '"' && !c->raw) || ch == 0x7F)
			return false;
		if (ch < ' ' && ch != '\t' &&
		    !(ch == '\r' && i + 1 < n && p[i + 1] == '\n'))
			return false;
	}
	*s = span_of(p, i);
	c->rest = span_skip(c->rest, i);
	if (i > 0 && i < n && p[i] == '\n' && p[i - 1] == '\r') {
		s->n--;
		c->rest = span_of(p + i - 1, n - i + 1);
	}
	return true;
}

/*
 * A cell and what ends it: a separator, a line's end (then *last) or the end
 * of the text.
 */
static bool
cell(struct csv *c, struct span *s, bool *quoted, bool *last)
{
	*quoted = !c->raw && c->rest.n > 0 && c->rest.p[0] == '"';
	if (!(*quoted ? quoted_cell(c, s) : bare_cell(c, s)))
		return false;
	*last = true;
	c->final = c->rest.n > 0;
	if (c->rest.n == 0)
		return true;
	if (c->rest.p[0] == c->sep) {
		*last = false;
		c->rest = span_skip(c->rest, 1);
		return true;
	}
	if (c->rest.p[0] == '\r') {
		if (!c->crlf || c->rest.n < 2 || c->rest.p[1] != '\n')
			return false;
		c->rest = span_skip(c->rest, 2);
		return true;
	}
	if (c->rest.p[0] != '\n' || c->crlf)
		return false;
	c->rest = span_skip(c->rest, 1);
	return true;
}

static bool
is_year(struct span s)
{
	return s.n == 4 && table_number(s) && (s.p[0] == '1' || s.p[0] == '2');
}

static size_t
words_of(struct span s)
{
	size_t i, n = 1;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == ' ';
	return n;
}

/* A few short words, none of them a number or the end of a sentence. */
static bool
like_name(struct span s, size_t words)
{
	size_t i;
	char c;

	if (s.n == 0 || is_year(s))
		return true;
	if (s.n > NAME_MAX_BYTES || table_kind(s) != TABLE_STRING ||
	    memchr(" -.,!'", s.p[0], 6) != NULL ||
	    memchr(" .,:;!", s.p[s.n - 1], 6) != NULL)
		return false;
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if ((unsigned char)c < ' ' ||
		    memchr("{}<>=;`|\\~", c, 10) != NULL ||
		    (c == ':' && i + 1 < s.n && s.p[i + 1] == ' '))
			return false;
	}
	return words_of(s) <= words;
}

static bool
good_names(const struct csv *c)
{
	const struct table *t = &c->t;
	size_t i;

	if (t->ncol < 2 || !table_names_good(t))
		return false;
	for (i = 0; i < t->ncol; i++)
		if (!like_name(t->name[i], t->ncol == 2 ? PAIR_WORDS :
		    NAME_WORDS))
			return false;
	/* Times, sizes and other numbers in front: no header. */
	return t->name[0].n == 0 || !is_digit(t->name[0].p[0]);
}

static bool
header(struct csv *c)
{
	struct span s;
	bool quoted, last = false;

	c->head = ~0u;
	while (!last) {
		if (!cell(c, &s, &quoted, &last) ||
		    !table_add_name(&c->t, s))
			return false;
		c->head &= same_habits(s, TABLE_STRING, quoted, c->sep);
	}
	return good_names(c);
}

static bool
row(struct csv *c)
{
	struct span s;
	bool quoted, last = false;
	size_t n = 0;

	while (!last) {
		if (n++ == c->t.ncol || !cell(c, &s, &quoted, &last) ||
		    !table_add(&c->t, s))
			return false;
		c->t.cell[c->t.ncell - 1].quoted = quoted;
		c->habits &= follows(s, quoted, c->sep);
		c->quoted |= quoted;
		c->empty_bare |= s.n == 0 && !quoted;
		c->empty_quoted |= s.n == 0 && quoted;
		if (s.n > 0 && !quoted)
			c->habits &= ~(1u << ALL);
	}
	return n == c->t.ncol;
}

static bool
has_numbers(const struct table *t)
{
	size_t i, k;

	for (k = 0; k < t->ncol; k++) {
		for (i = 0; i < t->nrow; i++)
			if (!table_number(t->cell[i * t->ncol + k].s))
				break;
		if (i == t->nrow)
			return true;
	}
	return false;
}

/*
 * Two columns need more: a number in each row, or many rows, and names of one
 * word.
 */
static bool
enough(const struct csv *c)
{
	const struct table *t = &c->t;

	if (t->nrow < ROWS_MIN)
		return false;
	return t->ncol > 2 || has_numbers(t) || (t->nrow >= PAIRS_MIN &&
	    words_of(t->name[0]) == 1 && words_of(t->name[1]) == 1);
}

/* That of the cells, and of the names too if there is such a one. */
static enum habit
habit_of(const struct csv *c)
{
	unsigned set = c->habits & c->head & ((1u << ALL) - 1);
	int h;

	if (c->raw)
		return RAW;
	if (c->quoted && (c->habits >> ALL & 1))
		return ALL;
	if (set == 0)
		set = c->habits;
	for (h = 0; h < ALL; h++)
		if (set >> h & 1)
			return (enum habit)h;
	return NEEDED;
}

static void
type(struct csv *c, enum habit h)
{
	struct table *t = &c->t;
	struct table_cell *p;
	size_t i;

	table_type(t);
	for (i = 0; i < t->ncell; i++) {
		p = &t->cell[i];
		if (p->quoted && (h != ALL ||
		    (p->s.n == 0 && c->empty_bare)))
			p->kind = TABLE_STRING;
	}
}

static void
say(const struct csv *c, enum habit h, bool bom, struct buf *how)
{
	buf_adds(how, c->sep == '\t' ? "tsv" : "csv");
	if (c->sep == ';')
		table_say(how, "semicolons");
	if (h != (c->sep == '\t' ? RAW : NEEDED))
		table_say(how, habit_words[h]);
	if (h != RAW && !(c->head >> h & 1))
		table_say(how, "bare header");
	if (h == ALL && c->empty_bare)
		table_say(how, "bare empty cells");
	if (bom)
		table_say(how, "BOM");
	if (c->crlf)
		table_say(how, "CRLF");
	if (!c->final)
		table_say(how, "no final line end");
	table_say_columns(&c->t, how);
}

static bool
read_all(struct csv *c, struct span s, struct buf *json, struct buf *how)
{
	bool bom = span_starts(s, BOM);
	const char *nl = s.n == 0 ? NULL : memchr(s.p, '\n', s.n);
	enum habit h;

	if (nl == NULL || memchr(s.p, c->sep, (size_t)(nl - s.p)) == NULL)
		return false;
	c->crlf = nl > s.p && nl[-1] == '\r';
	c->rest = bom ? span_skip(s, BOM.n) : s;
	c->habits = ~0u;
	if (!header(c))
		return false;
	while (c->rest.n > 0)
		if (!row(c))
			return false;
	c->t.nrow = c->t.ncell / c->t.ncol;
	if (!enough(c) || utf8_valid(s.p, s.n) < s.n)
		return false;
	h = habit_of(c);
	/* Quotes in TSV must be meant as such. */
	if (c->sep == '\t' && !c->raw && (!c->quoted ||
	    !(c->habits >> h & 1)))
		return false;
	type(c, h);
	table_json(&c->t, json);
	say(c, h, bom, how);
	return true;
}

static bool
read_with(struct span s, char sep, bool raw, struct buf *json,
    struct buf *how)
{
	struct csv c = { .t = TABLE_INIT, .sep = sep, .raw = raw };
	bool good = read_all(&c, s, json, how);

	table_release(&c.t);
	return good;
}

static bool
csv_read(struct span s, struct buf *json, struct buf *how)
{
	return read_with(s, ',', false, json, how) ||
	    read_with(s, ';', false, json, how);
}

static bool
tsv_read(struct span s, struct buf *json, struct buf *how)
{
	return read_with(s, '\t', false, json, how) ||
	    read_with(s, '\t', true, json, how);
}

static void
put_quoted(struct span s, struct buf *out)
{
	size_t i;

	buf_addc(out, '"');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, s.p[i]);
	}
	buf_addc(out, '"');
}

struct csv_out {
	enum habit	 habit;
	enum habit	 head;
	char		 sep;
	bool		 bare_empty;	/* though all are quoted */
	struct span	 end;		/* of a line */
	struct buf	*out;
};

static bool
put_cell(const struct csv_out *o, const struct table_cell *c)
{
	enum habit h = o->habit;

	if (h == RAW) {
		buf_addspan(o->out, c->s);
		return !c->quoted && breaks_none(c->s);
	}
	if (c->kind == TABLE_EMPTY) {
		if (h == ALL && !o->bare_empty)
			buf_adds(o->out, "\"\"");
		return true;
	}
	if (h == ALL && c->quoted && !(c->s.n == 0 && o->bare_empty))
		return false;
	if (c->quoted || quotes(h, c->s, (enum table_kind)c->kind, o->sep))
		put_quoted(c->s, o->out);
	else
		buf_addspan(o->out, c->s);
	return true;
}

static void
put_name(const struct csv_out *o, struct span s)
{
	if (quotes(o->head, s, TABLE_STRING, o->sep))
		put_quoted(s, o->out);
	else
		buf_addspan(o->out, s);
}

static bool
put_table(const struct csv_out *o, const struct table *t)
{
	size_t i, k;

	for (k = 0; k < t->ncol; k++) {
		if (k > 0)
			buf_addc(o->out, o->sep);
		put_name(o, t->name[k]);
	}
	buf_addspan(o->out, o->end);
	for (i = 0; i < t->nrow; i++) {
		for (k = 0; k < t->ncol; k++) {
			if (k > 0)
				buf_addc(o->out, o->sep);
			if (!put_cell(o, &t->cell[i * t->ncol + k]))
				return false;
		}
		buf_addspan(o->out, o->end);
	}
	return true;
}

static bool
csv_write(const struct json_doc *d, struct span how, struct buf *out)
{
	struct table t = TABLE_INIT;
	struct csv_out o = { .out = out, .sep = ',', .habit = NEEDED,
	    .end = table_line_end(how) };
	bool good;
	int h;

	if (span_starts(how, SPAN_LIT("tsv"))) {
		o.sep = '\t';
		o.habit = RAW;
	} else if (table_said(how, "semicolons", NULL))
		o.sep = ';';
	for (h = 0; h < HABITS; h++)
		if (table_said(how, habit_words[h], NULL))
			o.habit = (enum habit)h;
	o.head = table_said(how, "bare header", NULL) ? NEEDED : o.habit;
	o.bare_empty = table_said(how, "bare empty cells", NULL);
	if (table_said(how, "BOM", NULL))
		buf_addspan(out, BOM);
	good = table_load(&t, d, how) && put_table(&o, &t);
	table_release(&t);
	if (good)
		table_end_text(how, out);
	return good;
}

const struct form table_csv = { "csv", csv_read, csv_write };
const struct form table_tsv = { "tsv", tsv_read, csv_write };
