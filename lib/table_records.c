/*
 * table_records - tables turned upright: a line for each cell
 *
 *	-[ RECORD 1 ]	******** 1. row ********	  id = 1
 *	id   | 1	  id: 1				name = Ann
 *	name | Ann	name: Ann
 *							  id = 2
 *
 * As psql writes them with -x, mysql with \G and SQLite's shell in line mode.
 * All records have all names, in one order.
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "table.h"
#include "utf8.h"

#define RECORDS_MIN	2
#define FOOTER_MAX	64
#define STARS		"***************************"

struct upright {
	const char	*form;
	const char	*before, *after;	/* a record's number, or NULL */
	const char	*sep;			/* name and value */
	bool		 names_right;
	bool		 psql;
	size_t		 width_min;		/* of names */
};

static const struct upright psql = {
	"psql records", "-[ RECORD ", " ]", " | ", false, true, 0
};
static const struct upright mysql = {
	"mysql records", STARS " ", ". row " STARS, ": ", true, false, 0
};
static const struct upright sqlite = {
	"sqlite records", NULL, NULL, " = ", true, false, 5
};

struct records {
	const struct upright	*u;
	struct table		 t;
	struct table_lines	 lines;
	struct span		 line;
	bool			 have;		/* a line, not used yet */
	size_t			 width;		/* of names */
	size_t			 value_width;
	bool			 wide;
	bool			 blank;		/* an empty line at the end */
	struct span		 footer;
	struct span		 first;		/* the rule of record 1 */
};

static bool
more(struct records *r)
{
	if (!r->have)
		r->have = table_line(&r->lines, &r->line);
	return r->have;
}

/* What the head of record n begins with. */
static void
put_number(const struct upright *u, size_t n, struct buf *out)
{
	buf_adds(out, u->before);
	buf_addu(out, n);
	buf_adds(out, u->after);
}

/* psql draws on to where the values end, with a cross below the bars. */
static void
put_head(const struct records *r, size_t n, struct buf *out)
{
	size_t from = out->len, len;

	put_number(r->u, n, out);
	if (!r->u->psql)
		return;
	len = out->len - from;
	for (; len < r->width + 1; len++)
		buf_addc(out, '-');
	if (len == r->width + 1) {
		buf_addc(out, '+');
		len++;
	}
	for (; len < r->width + 3 + r->value_width; len++)
		buf_addc(out, '-');
}

/* The line above record n, if it is there. */
static bool
is_head(struct records *r, size_t n)
{
	struct buf b = BUF_INIT;
	bool good;

	if (!more(r))
		return false;
	put_number(r->u, n, &b);
	good = !buf_err(&b) && span_starts(r->line, buf_span(&b));
	buf_release(&b);
	if (good && n == 1)
		r->first = r->line;
	return good;
}

static bool
split(struct records *r, struct span *name, struct span *value)
{
	struct span sep = span_z(r->u->sep);
	const char *p;
	size_t n;

	if (r->t.nrow == 0 && r->t.ncol == 0) {
		p = r->line.n == 0 ? NULL :
		    memmem(r->line.p, r->line.n, sep.p, sep.n);
		if (p == NULL)
			return false;
		n = (size_t)(p - r->line.p);
		r->width = table_width(span_of(r->line.p, n), r->wide);
	} else if (!table_cut(r->line, r->width, r->wide, &n))
		return false;
	*name = span_trim(span_of(r->line.p, n), " ");
	*value = span_skip(r->line, n);
	/* On its side, that is. */
	if (name->n == 0 || r->width < r->u->width_min ||
	    (r->u->names_right ? name->p + name->n != value->p :
	    name->p != r->line.p))
		return false;
	return table_takes(value, r->u->sep);
}

/* Lines down to the next head, an empty line or a footer. */
static bool
read_record(struct records *r)
{
	struct span name, value;
	size_t k, w;

	for (k = 0; more(r) && r->line.n > 0; k++) {
		if (!split(r, &name, &value))
			break;
		if (r->t.nrow == 0 && !table_add_name(&r->t, name))
			return false;
		if (k == r->t.ncol || !span_eq(r->t.name[k], name) ||
		    !table_add(&r->t, value))
			return false;
		w = table_width(value, r->wide);
		if (w > r->value_width)
			r->value_width = w;
		r->have = false;
	}
	r->t.nrow++;
	return k > 0 && k == r->t.ncol && !r->lines.bad;
}

static bool
read_all(struct records *r)
{
	for (;;) {
		if (r->u->before != NULL) {
			if (!is_head(r, r->t.nrow + 1))
				break;
			r->have = false;
		}
		if (!read_record(r))
			return false;
		if (r->u->before != NULL)
			continue;
		/* An empty line, or the end. */
		if (!more(r))
			break;
		if (r->line.n > 0)
			return false;
		if (r->lines.rest.n == 0)
			break;
		r->have = false;
	}
	return !r->lines.bad && r->t.nrow >= RECORDS_MIN;
}

/* "2 rows in set (0.00 sec)", and an empty line. */
static bool
read_end(struct records *r)
{
	if (more(r) && r->line.n > 0) {
		if (r->u->psql || !is_digit(r->line.p[0]) ||
		    r->line.n > FOOTER_MAX ||
		    memmem(r->line.p, r->line.n, " in set", 7) == NULL ||
		    memmem(r->line.p, r->line.n, ", ", 2) != NULL ||
		    memchr(r->line.p, ':', r->line.n) != NULL)
			return false;
		r->footer = r->line;
		r->have = false;
	}
	r->blank = more(r);
	return !r->lines.bad && r->lines.rest.n == 0 &&
	    (!r->blank || r->line.n == 0);
}

/* psql's first head is as wide as widths are counted. */
static bool
well_ruled(const struct records *r)
{
	struct buf b = BUF_INIT;
	bool good;

	if (!r->u->psql)
		return true;
	put_head(r, 1, &b);
	good = !buf_err(&b) && span_eq(buf_span(&b), r->first);
	buf_release(&b);
	return good;
}

static void
say(const struct records *r, struct buf *how)
{
	buf_adds(how, r->u->form);
	if (r->footer.n > 0) {
		table_say(how, "footer ");
		buf_addspan(how, r->footer);
	}
	/* psql always writes one. */
	if (r->blank != r->u->psql && (r->blank || r->lines.final))
		table_say(how, r->blank ? "empty last line" :
		    "no empty last line");
	table_say_lines(&r->lines, how);
	if (r->wide)
		table_say(how, "wide characters");
	table_say_columns(&r->t, how);
}

static bool
read_as(const struct upright *u, bool wide, struct span s, struct buf *json,
    struct buf *how)
{
	struct records *r = calloc(1, sizeof(*r));
	bool good;

	if (r == NULL)
		return false;
	r->u = u;
	r->t = (struct table)TABLE_INIT;
	r->wide = wide;
	table_lines_begin(&r->lines, s);
	good = read_all(r) && read_end(r) && well_ruled(r) &&
	    table_names_good(&r->t) && utf8_valid(s.p, s.n) == s.n;
	if (good) {
		table_type(&r->t);
		table_json(&r->t, json);
		say(r, how);
	}
	table_release(&r->t);
	free(r);
	return good;
}

static bool
records_read(const struct upright *u, struct span s, struct buf *json,
    struct buf *how)
{
	return read_as(u, false, s, json, how) ||
	    read_as(u, true, s, json, how);
}

static bool
psql_read(struct span s, struct buf *json, struct buf *how)
{
	return span_starts(s, SPAN_LIT("-[ RECORD 1 ]")) &&
	    records_read(&psql, s, json, how);
}

static bool
mysql_read(struct span s, struct buf *json, struct buf *how)
{
	return span_starts(s, SPAN_LIT(STARS " 1. row ")) &&
	    records_read(&mysql, s, json, how);
}

static bool
sqlite_read(struct span s, struct buf *json, struct buf *how)
{
	return s.n > 0 && (s.p[0] == ' ' || is_letter8(s.p[0])) &&
	    records_read(&sqlite, s, json, how);
}

static void
put_line(const struct records *r, size_t k, const struct table_cell *c,
    struct buf *out)
{
	size_t n = table_width(r->t.name[k], r->wide);

	if (!r->u->names_right)
		buf_addspan(out, r->t.name[k]);
	for (; n < r->width; n++)
		buf_addc(out, ' ');
	if (r->u->names_right)
		buf_addspan(out, r->t.name[k]);
	buf_adds(out, r->u->sep);
	buf_addspan(out, c->s);
}

static void
widths(struct records *r)
{
	size_t i, n;

	r->width = r->u->width_min;
	for (i = 0; i < r->t.ncol; i++) {
		n = table_width(r->t.name[i], r->wide);
		if (n > r->width)
			r->width = n;
	}
	for (i = 0; i < r->t.ncell; i++) {
		n = table_width(r->t.cell[i].s, r->wide);
		if (n > r->value_width)
			r->value_width = n;
	}
}

static void
put_all(struct records *r, struct span how, struct buf *out)
{
	struct span end = table_line_end(how);
	const struct table *t = &r->t;
	size_t i, k;

	r->wide = table_said(how, "wide characters", NULL);
	widths(r);
	for (i = 0; i < t->nrow && !buf_err(out); i++) {
		if (r->u->before != NULL)
			put_head(r, i + 1, out);
		if (r->u->before != NULL || i > 0)
			buf_addspan(out, end);
		for (k = 0; k < t->ncol; k++) {
			put_line(r, k, &t->cell[i * t->ncol + k], out);
			buf_addspan(out, end);
		}
	}
	if (table_said(how, "footer", &r->footer)) {
		buf_addspan(out, r->footer);
		buf_addspan(out, end);
	}
	if (r->u->psql ? !table_said(how, "no empty last line", NULL) &&
	    !table_said(how, "no final line end", NULL) :
	    table_said(how, "empty last line", NULL))
		buf_addspan(out, end);
	table_end_text(how, out);
}

static bool
records_write(const struct json_doc *doc, struct span how, struct buf *out)
{
	struct records *r = calloc(1, sizeof(*r));
	bool good;

	if (r == NULL)
		return false;
	r->t = (struct table)TABLE_INIT;
	r->u = span_starts(how, span_z(psql.form)) ? &psql :
	    span_starts(how, span_z(mysql.form)) ? &mysql : &sqlite;
	good = table_load(&r->t, doc, how) && table_plain(&r->t);
	if (good)
		put_all(r, how, out);
	table_release(&r->t);
	free(r);
	return good;
}

const struct form table_psql_records = {
	"psql records", psql_read, records_write
};
const struct form table_mysql_records = {
	"mysql records", mysql_read, records_write
};
const struct form table_sqlite_records = {
	"sqlite records", sqlite_read, records_write
};
