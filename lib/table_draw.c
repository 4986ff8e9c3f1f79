/*
 * table_draw - boxes of database shells and of libraries, and psql's tables
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "table_box.h"
#include "utf8.h"

#define FOOTER_MAX	64
#define TITLE_MAX	128

/* One way to draw.  Where left is NULL there is no such line. */
struct look {
	const char	*form;
	const char	*word;		/* or NULL: as usual */
	struct rule	 top, head, between, bottom;
	struct bars	 header, row;
};

#define NONE		{ NULL, NULL, NULL, NULL }
#define ASCII		{ "+", "-", "+", "+" }
#define TEE		{ "\u251C", "\u2500", "\u253C", "\u2524" }
#define FOOT		{ "\u2514", "\u2500", "\u2534", "\u2518" }
#define BARS(c)		{ c, c, c }
#define BAR		BARS("\u2502")

static const struct look looks[] = {
	{ "psql table", NULL, NONE, { "", "-", "+", "" }, NONE, NONE,
	    { "", "|", "" }, { "", "|", "" } },
	{ "psql table", "drawn lines", NONE, { "", "\u2500", "\u253C", "" },
	    NONE, NONE, { "", "\u2502", "" }, { "", "\u2502", "" } },
	{ "ascii table", NULL, ASCII, ASCII, ASCII, ASCII, BARS("|"),
	    BARS("|") },
	{ "ascii table", "double line", ASCII, { "+", "=", "+", "+" }, ASCII,
	    ASCII, BARS("|"), BARS("|") },
	{ "ascii table", "inner cross", ASCII, { "|", "-", "+", "|" }, ASCII,
	    ASCII, BARS("|"), BARS("|") },
	{ "box table", NULL, { "\u250C", "\u2500", "\u252C", "\u2510" },
	    TEE, TEE, FOOT, BAR, BAR },
	{ "box table", "round corners",
	    { "\u256D", "\u2500", "\u252C", "\u256E" }, TEE, TEE,
	    { "\u2570", "\u2500", "\u2534", "\u256F" }, BAR, BAR },
	{ "box table", "heavy header",
	    { "\u250F", "\u2501", "\u2533", "\u2513" },
	    { "\u2521", "\u2501", "\u2547", "\u2529" }, TEE, FOOT,
	    BARS("\u2503"), BAR },
	{ "box table", "heavy lines",
	    { "\u250F", "\u2501", "\u2533", "\u2513" },
	    { "\u2523", "\u2501", "\u254B", "\u252B" },
	    { "\u2523", "\u2501", "\u254B", "\u252B" },
	    { "\u2517", "\u2501", "\u253B", "\u251B" },
	    BARS("\u2503"), BARS("\u2503") },
	{ "box table", "double line",
	    { "\u2552", "\u2550", "\u2564", "\u2555" },
	    { "\u255E", "\u2550", "\u256A", "\u2561" }, TEE,
	    { "\u2558", "\u2550", "\u2567", "\u255B" }, BAR, BAR },
	{ "box table", "double lines",
	    { "\u2554", "\u2550", "\u2566", "\u2557" },
	    { "\u2560", "\u2550", "\u256C", "\u2563" },
	    { "\u255F", "\u2500", "\u256B", "\u2562" },
	    { "\u255A", "\u2550", "\u2569", "\u255D" },
	    BARS("\u2551"), BARS("\u2551") },
};

struct draw {
	const struct look	*look;
	struct box		 b;
	struct table_lines	 lines;
	struct span		 line;
	bool			 ruled;		/* a line between rows */
	bool			 counted;	/* psql's footer is there */
	bool			 blank;		/* an empty line at the end */
	struct span		 title;		/* psql's, above the names */
	struct span		 footer;
	struct span		 end;		/* of lines that are written */
};

/* The widths that a rule shows, without the blanks around cells. */
static bool
rule_widths(const struct rule *r, struct span line, size_t *width,
    size_t *ncol)
{
	struct span right;
	size_t n, k = 0;

	if (r->left == NULL || !table_takes(&line, r->left))
		return false;
	right = span_z(r->right);
	for (;;) {
		for (n = 0; table_takes(&line, r->fill); n++)
			;
		if (n < 2 || k == TABLE_COLUMNS_MAX)
			return false;
		width[k++] = n - 2;
		*ncol = k;
		if (span_eq(line, right))
			return true;
		if (!table_takes(&line, r->cross))
			return false;
	}
}

static void
put_rule(const struct draw *d, const struct rule *r, struct buf *out)
{
	size_t k;

	for (k = 0; k < d->b.t.ncol; k++) {
		buf_adds(out, k == 0 ? r->left : r->cross);
		box_fill(r->fill, d->b.width[k] + 2, out);
	}
	buf_adds(out, r->right);
	buf_addspan(out, d->end);
}

/* Whether a rule divides just these columns. */
static bool
is_rule(const struct draw *d, const struct rule *r, struct span line)
{
	size_t width[TABLE_COLUMNS_MAX], n;

	return rule_widths(r, line, width, &n) && n == d->b.t.ncol &&
	    memcmp(width, d->b.width, n * sizeof(*width)) == 0;
}

/* The names and the rule stand one line below, and a title above. */
static bool
read_titled(struct draw *d, struct span *names)
{
	d->title = span_trim(*names, " ");
	*names = d->line;
	return d->title.n > 0 && d->title.n <= TITLE_MAX &&
	    memchr(d->title.p, ':', d->title.n) == NULL &&
	    memmem(d->title.p, d->title.n, ", ", 2) == NULL &&
	    table_line(&d->lines, &d->line) &&
	    rule_widths(&d->look->head, d->line, d->b.width, &d->b.t.ncol);
}

static bool
read_header(struct draw *d)
{
	const struct look *l = d->look;
	struct span cell[TABLE_COLUMNS_MAX], names;
	size_t k;

	if (l->top.left != NULL && (!table_line(&d->lines, &d->line) ||
	    !rule_widths(&l->top, d->line, d->b.width, &d->b.t.ncol)))
		return false;
	if (!table_line(&d->lines, &names) ||
	    !table_line(&d->lines, &d->line))
		return false;
	if (l->top.left != NULL ? !is_rule(d, &l->head, d->line) :
	    !rule_widths(&l->head, d->line, d->b.width, &d->b.t.ncol) &&
	    !read_titled(d, &names))
		return false;
	if (!box_row(&d->b, &l->header, names, false, cell))
		return false;
	for (k = 0; k < d->b.t.ncol; k++)
		d->b.t.name[k] = cell[k];
	return true;
}

static bool
read_row(struct draw *d)
{
	struct span cell[TABLE_COLUMNS_MAX];
	size_t k;

	if (!box_row(&d->b, &d->look->row, d->line, d->b.cut, cell))
		return false;
	for (k = 0; k < d->b.t.ncol; k++)
		if (!table_add(&d->b.t, cell[k]))
			return false;
	d->b.t.nrow++;
	return true;
}

/* Rows up to the footer or the end. */
static bool
read_psql_rows(struct draw *d)
{
	while (table_line(&d->lines, &d->line)) {
		d->blank = d->line.n == 0;
		d->counted = !d->blank && d->line.p[0] == '(';
		if (d->blank || d->counted)
			break;
		if (!read_row(d))
			return false;
	}
	/* Headings of texts are underlined too. */
	return !d->lines.bad && (d->counted || d->b.t.ncol > 1);
}

/* Rows, all with a rule between or none, down to the bottom. */
static bool
read_rows(struct draw *d)
{
	const struct look *l = d->look;
	struct span bar = span_z(l->row.left);

	for (;;) {
		if (!table_line(&d->lines, &d->line) || !read_row(d))
			return false;
		if (span_starts(d->lines.rest, bar)) {
			if (d->ruled)
				return false;
			continue;
		}
		if (!table_line(&d->lines, &d->line))
			return false;
		/* The bottom may look like a rule between rows. */
		if (!span_starts(d->lines.rest, bar))
			return is_rule(d, &l->bottom, d->line);
		if (!is_rule(d, &l->between, d->line) ||
		    (d->b.t.nrow > 1 && !d->ruled))
			return false;
		d->ruled = true;
	}
}

static void
count_rows(size_t n, struct buf *out)
{
	buf_addc(out, '(');
	buf_addu(out, n);
	buf_adds(out, n == 1 ? " row)" : " rows)");
}

/* "60 rows in set (0.00 sec)" */
static bool
is_footer(struct span s)
{
	return s.n > 0 && s.n <= FOOTER_MAX &&
	    (is_digit(s.p[0]) || s.p[0] == '(') &&
	    memchr(s.p, ':', s.n) == NULL &&
	    memmem(s.p, s.n, ", ", 2) == NULL &&
	    memmem(s.p, s.n, " row", 4) != NULL;
}

/* The number that psql says. */
static bool
counted_well(const struct draw *d)
{
	struct buf b = BUF_INIT;
	bool good;

	count_rows(d->b.t.nrow, &b);
	good = !buf_err(&b) && span_eq(buf_span(&b), d->line);
	buf_release(&b);
	return good;
}

/* What may come behind: a footer, an empty line. */
static bool
read_end(struct draw *d)
{
	if (d->counted && !counted_well(d))
		return false;
	if (d->lines.rest.n > 0 && !d->blank) {
		if (!table_line(&d->lines, &d->line))
			return false;
		d->blank = d->line.n == 0;
		if (!d->blank && (d->b.psql || !is_footer(d->line)))
			return false;
		if (!d->blank)
			d->footer = d->line;
	}
	if (d->lines.rest.n > 0 && !d->blank) {
		d->blank = table_line(&d->lines, &d->line);
		if (!d->blank || d->line.n > 0)
			return false;
	}
	return d->lines.rest.n == 0;
}

static void
say(const struct draw *d, struct buf *how)
{
	buf_adds(how, d->look->form);
	if (d->look->word != NULL)
		table_say(how, d->look->word);
	if (d->title.n > 0) {
		table_say(how, "title ");
		buf_addspan(how, d->title);
	}
	if (d->ruled)
		table_say(how, "lines between rows");
	if (d->b.psql && !d->counted)
		table_say(how, "no footer");
	if (d->footer.n > 0) {
		table_say(how, "footer ");
		buf_addspan(how, d->footer);
	}
	/* psql always writes one. */
	if (d->blank != d->b.psql && (d->blank || d->lines.final))
		table_say(how, d->blank ? "empty last line" :
		    "no empty last line");
	table_say_lines(&d->lines, how);
	box_say(&d->b, how);
	table_say_columns(&d->b.t, how);
}

static bool
read_look(struct draw *d, struct span s, struct buf *json, struct buf *how)
{
	d->b.psql = d->b.cut = d->look->top.left == NULL;
	table_lines_begin(&d->lines, s);
	if (!read_header(d) ||
	    !(d->b.psql ? read_psql_rows(d) : read_rows(d)) ||
	    d->b.t.nrow == 0 || !read_end(d))
		return false;
	box_settle(&d->b);
	if (!table_names_good(&d->b.t) || utf8_valid(s.p, s.n) < s.n)
		return false;
	table_json(&d->b.t, json);
	say(d, how);
	return true;
}

static bool
starts_rule(const struct look *l, struct span s)
{
	return table_takes(&s, l->head.fill) && table_takes(&s, l->head.fill);
}

/* Cheaply, whether the first lines can be of this look. */
static bool
may_be(const struct look *l, struct span s)
{
	const char *nl;

	if (l->top.left != NULL)
		return table_takes(&s, l->top.left) &&
		    table_takes(&s, l->top.fill);
	nl = s.n == 0 ? NULL : memchr(s.p, '\n', s.n);
	if (nl == NULL)
		return false;
	/* In the second line, or in the third one below a title. */
	s = span_skip(s, (size_t)(nl - s.p) + 1);
	if (s.n == 0 || s.p[0] != ' ')
		return starts_rule(l, s);
	nl = memchr(s.p, '\n', s.n);
	return nl != NULL &&
	    starts_rule(l, span_skip(s, (size_t)(nl - s.p) + 1));
}

static bool
draw_read(const char *form, struct span s, struct buf *json,
    struct buf *how)
{
	struct draw *d;
	size_t i;
	bool good = false;
	int wide;

	for (i = 0; i < HR_LEN(looks) && !good; i++) {
		if (strcmp(looks[i].form, form) != 0 ||
		    !may_be(&looks[i], s))
			continue;
		for (wide = 0; wide < 2 && !good; wide++) {
			d = calloc(1, sizeof(*d));
			if (d == NULL)
				return false;
			d->look = &looks[i];
			d->b.wide = wide;
			d->b.t = (struct table)TABLE_INIT;
			good = read_look(d, s, json, how);
			table_release(&d->b.t);
			free(d);
		}
	}
	return good;
}

static bool
psql_read(struct span s, struct buf *json, struct buf *how)
{
	return draw_read("psql table", s, json, how);
}

static bool
ascii_read(struct span s, struct buf *json, struct buf *how)
{
	return draw_read("ascii table", s, json, how);
}

static bool
box_read(struct span s, struct buf *json, struct buf *how)
{
	return draw_read("box table", s, json, how);
}

/* The usual look comes first, and its word is missing. */
static const struct look *
look_of(struct span how)
{
	const struct look *l, *found = NULL;

	for (l = looks; l < looks + HR_LEN(looks); l++)
		if (span_starts(how, span_z(l->form)) &&
		    (l->word == NULL || table_said(how, l->word, NULL)))
			found = l;
	return found;
}

/* Above the middle of the table. */
static void
put_title(const struct draw *d, struct buf *out)
{
	size_t k, n = table_width(d->title, d->b.wide), all;

	for (all = k = 0; k < d->b.t.ncol; k++)
		all += d->b.width[k] + 3;
	if (all > n + 1)
		box_fill(" ", (all - 1 - n) / 2, out);
	buf_addspan(out, d->title);
	buf_addspan(out, d->end);
}

static void
put_rows(const struct draw *d, struct buf *out)
{
	const struct look *l = d->look;
	size_t i;

	if (l->top.left != NULL)
		put_rule(d, &l->top, out);
	box_put_header(&d->b, &l->header, out);
	buf_addspan(out, d->end);
	put_rule(d, &l->head, out);
	for (i = 0; i < d->b.t.nrow; i++) {
		if (i > 0 && d->ruled && l->between.left != NULL)
			put_rule(d, &l->between, out);
		box_put_row(&d->b, &l->row, i, out);
		buf_addspan(out, d->end);
	}
	if (l->bottom.left != NULL)
		put_rule(d, &l->bottom, out);
}

static void
put_all(struct draw *d, struct span how, struct buf *out)
{
	d->b.psql = d->b.cut = d->look->top.left == NULL;
	d->end = table_line_end(how);
	d->ruled = table_said(how, "lines between rows", NULL);
	box_told(&d->b, how);
	if (table_said(how, "title", &d->title))
		put_title(d, out);
	put_rows(d, out);
	if (d->b.psql && !table_said(how, "no footer", NULL)) {
		count_rows(d->b.t.nrow, out);
		buf_addspan(out, d->end);
	}
	if (table_said(how, "footer", &d->footer)) {
		buf_addspan(out, d->footer);
		buf_addspan(out, d->end);
	}
	if (d->b.psql ? !table_said(how, "no empty last line", NULL) &&
	    !table_said(how, "no final line end", NULL) :
	    table_said(how, "empty last line", NULL))
		buf_addspan(out, d->end);
	table_end_text(how, out);
}

static bool
draw_write(const struct json_doc *doc, struct span how, struct buf *out)
{
	struct draw *d = calloc(1, sizeof(*d));
	bool good;

	if (d == NULL)
		return false;
	d->b.t = (struct table)TABLE_INIT;
	d->look = look_of(how);
	good = d->look != NULL && table_load(&d->b.t, doc, how) &&
	    table_plain(&d->b.t);
	if (good)
		put_all(d, how, out);
	table_release(&d->b.t);
	free(d);
	return good;
}

const struct form table_psql = { "psql table", psql_read, draw_write };
const struct form table_ascii = { "ascii table", ascii_read, draw_write };
const struct form table_box = { "box table", box_read, draw_write };
