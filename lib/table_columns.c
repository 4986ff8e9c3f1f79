/*
 * table_columns - columns that are aligned by blanks
 *
 *	NAME    READY   STATUS		id  name
 *	web-1   1/1     Running		--  ----
 *	db-0    0/1     Pending		1   Ann
 *
 * As kubectl, docker, helm and what else uses Go's tabwriter print them, with
 * names in capitals; or with a line of dashes below the names, as SQLite's
 * shell, pip and az do.  Each column is as wide as its widest cell and a gap.
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "table.h"
#include "utf8.h"

#define NAME	"aligned columns"
#define GAP	3	/* blanks between columns, if how says nothing */
#define ROWS_MIN	3

struct columns {
	struct table		 t;
	struct table_lines	 lines;
	bool			 dashes;	/* a line of them */
	bool			 trimmed;	/* lines end in no blank */
	bool			 full;		/* the last column is padded */
	size_t			 start[TABLE_COLUMNS_MAX];
	size_t			 widest[TABLE_COLUMNS_MAX];
	size_t			 step[TABLE_COLUMNS_MAX]; /* to the next one */
};

/* Characters, which is what is counted by those who print such columns. */
static size_t
width(struct span s)
{
	return table_width(s, false);
}

/* What a line has from column `from' on, `n' wide or to its end. */
static struct span
cut(struct span line, size_t from, size_t n)
{
	size_t at, bytes;

	if (!table_cut(line, from, false, &at))
		return span_of(line.p, 0);
	line = span_skip(line, at);
	return n != SIZE_MAX && table_cut(line, n, false, &bytes) ?
	    span_of(line.p, bytes) : line;
}

/* Where the next name begins, behind two blanks and more. */
static size_t
next_name(struct span line, size_t i)
{
	while (i + 1 < line.n && (line.p[i] != ' ' || line.p[i + 1] != ' '))
		i++;
	if (i + 1 >= line.n)
		return line.n;
	while (i < line.n && line.p[i] == ' ')
		i++;
	return i;
}

/* The same of dashes, which one blank parts. */
static size_t
next_dashes(struct span line, size_t i)
{
	while (i < line.n && line.p[i] == '-')
		i++;
	while (i < line.n && line.p[i] == ' ')
		i++;
	return i;
}

static bool
is_rule(struct span line)
{
	size_t i, n = 0;

	for (i = 0; i < line.n; i++) {
		if (line.p[i] != '-' && line.p[i] != ' ')
			return false;
		n += line.p[i] == '-';
	}
	return n > 0 && line.p[0] == '-';
}

/* Find where columns begin; the line is ASCII. */
static bool
find_columns(struct columns *c, struct span line)
{
	size_t i = 0;

	c->t.ncol = 0;
	while (i < line.n) {
		if (c->t.ncol == TABLE_COLUMNS_MAX ||
		    (unsigned char)line.p[i] >= 0x80)
			return false;
		c->start[c->t.ncol++] = i;
		i = c->dashes ? next_dashes(line, i) : next_name(line, i);
	}
	return c->t.ncol >= (c->dashes ? 2 : 3);
}

/* In capitals, as those who draw no line below them write names. */
static bool
is_capital(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && !is_digit(s.p[i]) &&
		    strchr(" -_()%/.#:", s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.p[0] >= 'A' && s.p[0] <= 'Z';
}

/* Cell k of a line; false if it does not stand where its column does. */
static bool
cell_of(struct columns *c, struct span line, size_t k, struct span *cell)
{
	size_t n = k + 1 < c->t.ncol ? c->start[k + 1] - c->start[k] :
	    SIZE_MAX;
	struct span s = cut(line, c->start[k], n);
	size_t w;

	*cell = span_trim(s, " ");
	if (cell->n == 0)
		return true;
	if (cell->p != s.p || (n != SIZE_MAX && cell->n == s.n &&
	    cell->p + cell->n < line.p + line.n))
		return false;
	w = width(*cell);
	c->widest[k] = w > c->widest[k] ? w : c->widest[k];
	return true;
}

static bool
read_names(struct columns *c, struct span line)
{
	size_t k;

	for (k = 0; k < c->t.ncol; k++)
		if (!cell_of(c, line, k, &c->t.name[k]) ||
		    (!c->dashes && !is_capital(c->t.name[k])))
			return false;
	return table_names_good(&c->t);
}

static bool
read_row(struct columns *c, struct span line)
{
	struct span cell = SPAN_LIT("");
	size_t k, some = 0;

	for (k = 0; k < c->t.ncol; k++) {
		if (!cell_of(c, line, k, &cell) || !table_add(&c->t, cell))
			return false;
		some += cell.n > 0;
	}
	/* Blanks behind a last cell pad it, those in place of one what is
	 * before. */
	if (cell.n > 0)
		c->full |= line.p[line.n - 1] == ' ';
	else
		c->trimmed |= line.p[line.n - 1] != ' ';
	return some > 1 || (some == 1 && c->t.ncol == 2);
}

static bool
read_all(struct columns *c, struct span s)
{
	struct span names, rule, line;
	struct table_lines after;

	table_lines_begin(&c->lines, s);
	if (!table_line(&c->lines, &names) || names.n == 0 ||
	    names.p[0] == ' ')
		return false;
	after = c->lines;
	c->dashes = table_line(&after, &rule) && is_rule(rule);
	if (c->dashes)
		c->lines = after;
	c->full = names.p[names.n - 1] == ' ';
	if (!find_columns(c, c->dashes ? rule : span_trim(names, " ")) ||
	    !read_names(c, names))
		return false;
	while (table_line(&c->lines, &line))
		if (line.n == 0 || !read_row(c, line))
			return false;
	table_type(&c->t);
	return !c->lines.bad && c->t.nrow >= ROWS_MIN;
}

/* Say how far columns are apart, where it is not as usual. */
static void
say_gaps(const struct columns *c, struct buf *how)
{
	size_t k, gap = c->start[1] - c->widest[0];

	for (k = 0; k + 1 < c->t.ncol && c->start[k + 1] - c->start[k] ==
	    c->widest[k] + gap; k++)
		;
	if (k + 1 == c->t.ncol && gap == GAP)
		return;
	table_say(how, k + 1 == c->t.ncol ? "gaps" : "steps");
	if (k + 1 == c->t.ncol) {
		buf_addc(how, ' ');
		buf_addu(how, gap);
		return;
	}
	for (k = 0; k + 1 < c->t.ncol; k++) {
		buf_addc(how, ' ');
		buf_addu(how, c->start[k + 1] - c->start[k]);
	}
}

static void
say(const struct columns *c, struct buf *how)
{
	buf_adds(how, NAME);
	if (c->dashes)
		table_say(how, "dashes");
	if (c->trimmed)
		table_say(how, "trimmed lines");
	if (c->full)
		table_say(how, "full lines");
	say_gaps(c, how);
	table_say_lines(&c->lines, how);
	table_say_columns(&c->t, how);
}

/* Whether the first line may be one of names: for few texts more is done. */
static bool
begins_well(struct span s)
{
	const char *nl = s.n == 0 ? NULL : memchr(s.p, '\n', s.n);
	struct span line;

	if (nl == NULL)
		return false;
	line = span_of(s.p, (size_t)(nl - s.p));
	return line.n > 0 && line.p[0] > ' ' &&
	    memchr(line.p, ' ', line.n) != NULL &&
	    (span_starts(span_skip(s, line.n), SPAN_LIT("\n-")) ||
	    is_capital(span_trim(line, " \r")));
}

static bool
columns_read(struct span s, struct buf *json, struct buf *how)
{
	struct columns *c;
	bool good;

	if (!begins_well(s) || utf8_valid(s.p, s.n) < s.n ||
	    (c = calloc(1, sizeof(*c))) == NULL)
		return false;
	c->t = (struct table)TABLE_INIT;
	good = read_all(c, s);
	if (good) {
		table_json(&c->t, json);
		say(c, how);
	}
	table_release(&c->t);
	free(c);
	return good;
}

static struct span
cell_at(const struct columns *c, size_t row, size_t k)
{
	return c->t.cell[row * c->t.ncol + k].s;
}

/* Find how wide columns are, and how far apart. */
static void
told(struct columns *c, struct span how)
{
	struct span list;
	size_t k, i, w, gap = GAP;

	c->dashes = table_said(how, "dashes", NULL);
	c->trimmed = table_said(how, "trimmed lines", NULL);
	c->full = table_said(how, "full lines", NULL);
	for (k = 0; k < c->t.ncol; k++) {
		c->widest[k] = width(c->t.name[k]);
		for (i = 0; i < c->t.nrow; i++) {
			w = width(cell_at(c, i, k));
			c->widest[k] = w > c->widest[k] ? w : c->widest[k];
		}
	}
	if (table_said(how, "gaps", &list))
		table_next_number(&list, &gap);
	for (k = 0; k < c->t.ncol; k++)
		c->step[k] = c->widest[k] + gap;
	if (table_said(how, "steps", &list))
		for (k = 0; k + 1 < c->t.ncol; k++)
			table_next_number(&list, &c->step[k]);
}

static void
fill(struct buf *out, char ch, size_t n)
{
	while (n-- > 0 && buf_err(out) == 0)
		buf_addc(out, ch);
}

/* A cell, and the blanks up to the next one. */
static void
put_cell(const struct columns *c, struct span s, size_t k, struct buf *out)
{
	size_t w = width(s), to = c->step[k];

	buf_addspan(out, s);
	if (k + 1 == c->t.ncol)
		to = c->full ? c->widest[k] : 0;
	if (w < to)
		fill(out, ' ', to - w);
}

static void
end_line(const struct columns *c, size_t from, struct span end,
    struct buf *out)
{
	size_t n = out->len;

	while (c->trimmed && n > from && out->p[n - 1] == ' ')
		n--;
	buf_truncate(out, n);
	buf_addspan(out, end);
}

static void
put_rule(const struct columns *c, struct buf *out)
{
	size_t k;

	for (k = 0; k < c->t.ncol; k++) {
		fill(out, '-', c->widest[k]);
		if (k + 1 < c->t.ncol && c->step[k] > c->widest[k])
			fill(out, ' ', c->step[k] - c->widest[k]);
	}
}

static void
put_all(const struct columns *c, struct span how, struct buf *out)
{
	struct span end = table_line_end(how);
	size_t i, k, from = out->len;

	for (k = 0; k < c->t.ncol; k++)
		put_cell(c, c->t.name[k], k, out);
	end_line(c, from, end, out);
	if (c->dashes) {
		put_rule(c, out);
		buf_addspan(out, end);
	}
	for (i = 0; i < c->t.nrow && buf_err(out) == 0; i++) {
		from = out->len;
		for (k = 0; k < c->t.ncol; k++)
			put_cell(c, cell_at(c, i, k), k, out);
		end_line(c, from, end, out);
	}
	table_end_text(how, out);
}

static bool
columns_write(const struct json_doc *d, struct span how, struct buf *out)
{
	struct columns *c = calloc(1, sizeof(*c));
	bool good;

	if (c == NULL)
		return false;
	c->t = (struct table)TABLE_INIT;
	good = table_load(&c->t, d, how) && table_plain(&c->t);
	if (good) {
		told(c, how);
		put_all(c, how, out);
	}
	table_release(&c->t);
	free(c);
	return good;
}

const struct form table_columns = { NAME, columns_read, columns_write };
