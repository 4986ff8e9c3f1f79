/*
 * table_markdown - pipe tables of Markdown, GitHub's and others
 *
 * Columns are padded, as SQLite's shell and formatters write them, or not.  A
 * bar behind a backslash is content, and so is the backslash.
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "table_box.h"
#include "utf8.h"

static const struct bars bars = { "|", "|", "|" };

static const char *const colon_words[] = {
	"colon left", "colon right", "colon both"
};

struct markdown {
	struct box		 b;
	struct table_lines	 lines;
	bool			 loose;		/* columns are not padded */
	bool			 tight;		/* no blank around cells */
	bool			 spaced;	/* blanks around the dashes */
	bool			 blank;		/* an empty line at the end */
	size_t			 dashes[TABLE_COLUMNS_MAX];
};

/* One cell of the rule: dashes, with colons and blanks. */
static bool
rule_cell(struct markdown *m, struct span s)
{
	struct span in = span_trim(s, " ");
	size_t k = m->b.t.ncol, i;
	bool left, right, spaced = in.n + 2 == s.n && s.p[0] == ' ' &&
	    s.p[s.n - 1] == ' ';

	if (in.n == 0 || k == TABLE_COLUMNS_MAX ||
	    (in.n != s.n && !spaced) || (k > 0 && spaced != m->spaced))
		return false;
	m->spaced = spaced;
	m->b.width[k] = s.n < 2 ? 0 : s.n - 2;
	left = in.p[0] == ':';
	right = in.n > 1 && in.p[in.n - 1] == ':';
	m->dashes[k] = in.n - left - right;
	for (i = left; i < in.n - right; i++)
		if (in.p[i] != '-')
			return false;
	m->b.colons[k] = (uint8_t)(left && right ? SIDE_CENTRE + 1 :
	    right ? SIDE_RIGHT + 1 : left ? SIDE_LEFT + 1 : 0);
	m->b.t.ncol++;
	return m->dashes[k] > 0;
}

static bool
read_rule(struct markdown *m, struct span line)
{
	const char *bar;
	size_t n;

	if (!table_takes(&line, "|"))
		return false;
	m->b.t.ncol = 0;
	while (line.n > 0) {
		bar = memchr(line.p, '|', line.n);
		if (bar == NULL)
			return false;
		n = (size_t)(bar - line.p);
		if (!rule_cell(m, span_of(line.p, n)))
			return false;
		line = span_skip(line, n + 1);
	}
	return m->b.t.ncol > 0;
}

/* The cells of a row that is not padded. */
static bool
loose_row(const struct markdown *m, struct span line, struct span *cell)
{
	size_t k = 0, i, from = 1;

	if (line.n < 2 || line.p[0] != '|')
		return false;
	for (i = 1; i < line.n; i++) {
		if (line.p[i] == '\\') {
			i++;
			continue;
		}
		if (line.p[i] != '|')
			continue;
		if (k == m->b.t.ncol)
			return false;
		cell[k++] = span_trim(span_of(line.p + from, i - from), " ");
		from = i + 1;
	}
	return k == m->b.t.ncol && from == line.n;
}

static bool
row_cells(const struct markdown *m, struct span line, struct span *cell)
{
	return m->loose ? loose_row(m, line, cell) :
	    box_row(&m->b, &bars, line, false, cell);
}

static bool
read_rows(struct markdown *m)
{
	struct span line, cell[TABLE_COLUMNS_MAX];
	size_t k;

	while (table_line(&m->lines, &line)) {
		if (line.n == 0 && m->lines.rest.n == 0) {
			m->blank = true;
			break;
		}
		if (!row_cells(m, line, cell))
			return false;
		for (k = 0; k < m->b.t.ncol; k++)
			if (!table_add(&m->b.t, cell[k]))
				return false;
	}
	return !m->lines.bad && m->b.t.ncell > 0;
}

static bool
read_as(struct markdown *m, struct span s)
{
	struct span names, rule;
	size_t k;

	table_lines_begin(&m->lines, s);
	m->b.t.ncell = 0;
	if (!table_line(&m->lines, &names) || !table_line(&m->lines, &rule) ||
	    !read_rule(m, rule) || !row_cells(m, names, m->b.t.name) ||
	    !read_rows(m))
		return false;
	if (m->loose) {
		table_type(&m->b.t);
		m->tight = names.n > 1 && names.p[1] != ' ';
	} else
		box_settle(&m->b);
	for (k = 0; k < m->b.t.ncol; k++)
		if (m->b.t.name[k].n > 0)
			return table_names_good(&m->b.t);
	return false;
}

/* Numbers of the columns that have this colon; none, if all have. */
static void
say_colons(const struct markdown *m, int side, struct buf *how)
{
	size_t k, n = 0;

	for (k = 0; k < m->b.t.ncol; k++)
		n += m->b.colons[k] == side + 1;
	if (n == 0)
		return;
	table_say(how, colon_words[side]);
	for (k = 0; k < m->b.t.ncol && n < m->b.t.ncol; k++)
		if (m->b.colons[k] == side + 1) {
			buf_addc(how, ' ');
			buf_addu(how, k + 1);
		}
}

static void
say_dashes(const struct markdown *m, struct buf *how)
{
	size_t k;

	for (k = 0; k < m->b.t.ncol && m->dashes[k] == 3; k++)
		;
	if (k == m->b.t.ncol)
		return;
	table_say(how, "dashes");
	for (k = 0; k < m->b.t.ncol; k++) {
		buf_addc(how, ' ');
		buf_addu(how, m->dashes[k]);
	}
}

static void
say(const struct markdown *m, struct buf *how)
{
	int side;

	buf_adds(how, "markdown table");
	if (m->loose)
		table_say(how, m->tight ? "tight cells" : "loose cells");
	if (m->spaced)
		table_say(how, "spaced rule");
	for (side = 0; side < (int)HR_LEN(colon_words); side++)
		say_colons(m, side, how);
	if (m->loose)
		say_dashes(m, how);
	else
		box_say(&m->b, how);
	if (m->blank)
		table_say(how, "empty last line");
	table_say_lines(&m->lines, how);
	table_say_columns(&m->b.t, how);
}

static bool
markdown_read(struct span s, struct buf *json, struct buf *how)
{
	struct markdown *m;
	const char *nl = s.n == 0 ? NULL : memchr(s.p, '\n', s.n);
	bool good = false;
	int i;

	if (nl == NULL || s.p[0] != '|' || s.n - (size_t)(nl - s.p) < 4 ||
	    nl[1] != '|' || memchr("-: ", nl[2], 3) == NULL ||
	    utf8_valid(s.p, s.n) < s.n || (m = calloc(1, sizeof(*m))) == NULL)
		return false;
	m->b.t = (struct table)TABLE_INIT;
	/* Padded; padded as on a terminal; not padded. */
	for (i = 0; i < 3 && !good; i++) {
		m->b.wide = i == 1;
		m->loose = i == 2;
		good = read_as(m, s);
	}
	if (good) {
		table_json(&m->b.t, json);
		say(m, how);
	}
	table_release(&m->b.t);
	free(m);
	return good;
}

static void
told(struct markdown *m, struct span how)
{
	struct span list;
	size_t k, n;
	int side;

	m->tight = table_said(how, "tight cells", NULL);
	m->loose = m->tight || table_said(how, "loose cells", NULL);
	m->spaced = table_said(how, "spaced rule", NULL);
	for (side = 0; side < (int)HR_LEN(colon_words); side++) {
		if (!table_said(how, colon_words[side], &list))
			continue;
		for (k = 0; k < m->b.t.ncol && list.n == 0; k++)
			m->b.colons[k] = (uint8_t)(side + 1);
		while (table_next_number(&list, &n))
			if (n > 0 && n <= m->b.t.ncol)
				m->b.colons[n - 1] = (uint8_t)(side + 1);
	}
	box_told(&m->b, how);
	for (k = 0; k < m->b.t.ncol; k++)
		m->dashes[k] = 3;
	if (!table_said(how, "dashes", &list))
		return;
	for (k = 0; k < m->b.t.ncol; k++)
		if (!table_next_number(&list, &m->dashes[k]))
			return;
}

static void
put_rule(const struct markdown *m, struct buf *out)
{
	const char *blank = m->spaced ? " " : "";
	size_t k, n;
	bool left, right;

	for (k = 0; k < m->b.t.ncol; k++) {
		left = m->b.colons[k] == SIDE_LEFT + 1 ||
		    m->b.colons[k] == SIDE_CENTRE + 1;
		right = m->b.colons[k] > SIDE_LEFT + 1;
		n = m->b.width[k] + (m->spaced ? 0 : 2);
		if (m->loose)
			n = m->dashes[k] + left + right;
		buf_addc(out, '|');
		buf_adds(out, blank);
		buf_adds(out, left ? ":" : "");
		if (n > (size_t)left + right)
			box_fill("-", n - left - right, out);
		buf_adds(out, right ? ":" : "");
		buf_adds(out, blank);
	}
	buf_addc(out, '|');
}

static void
put_loose(const struct markdown *m, struct span s, struct buf *out)
{
	const char *blank = m->tight ? "" : " ";

	buf_addc(out, '|');
	buf_adds(out, blank);
	buf_addspan(out, s);
	buf_adds(out, blank);
}

static void
put_header(const struct markdown *m, struct buf *out)
{
	size_t k;

	if (!m->loose) {
		box_put_header(&m->b, &bars, out);
		return;
	}
	for (k = 0; k < m->b.t.ncol; k++)
		put_loose(m, m->b.t.name[k], out);
	buf_addc(out, '|');
}

static void
put_row(const struct markdown *m, size_t i, struct buf *out)
{
	size_t k;

	if (!m->loose) {
		box_put_row(&m->b, &bars, i, out);
		return;
	}
	for (k = 0; k < m->b.t.ncol; k++)
		put_loose(m, m->b.t.cell[i * m->b.t.ncol + k].s, out);
	buf_addc(out, '|');
}

static void
put_all(const struct markdown *m, struct span how, struct buf *out)
{
	struct span end = table_line_end(how);
	size_t i;

	put_header(m, out);
	buf_addspan(out, end);
	put_rule(m, out);
	buf_addspan(out, end);
	for (i = 0; i < m->b.t.nrow; i++) {
		put_row(m, i, out);
		buf_addspan(out, end);
	}
	if (table_said(how, "empty last line", NULL))
		buf_addspan(out, end);
	table_end_text(how, out);
}

static bool
markdown_write(const struct json_doc *doc, struct span how, struct buf *out)
{
	struct markdown *m = calloc(1, sizeof(*m));
	bool good;

	if (m == NULL)
		return false;
	m->b.t = (struct table)TABLE_INIT;
	good = table_load(&m->b.t, doc, how) && table_plain(&m->b.t);
	if (good) {
		told(m, how);
		put_all(m, how, out);
	}
	table_release(&m->b.t);
	free(m);
	return good;
}

const struct form table_markdown = {
	"markdown table", markdown_read, markdown_write
};
