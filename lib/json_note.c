/*
 * json_note - constants and ranges of records left out
 */
#include "compat.h"

#include <float.h>
#include <math.h>

#include "cell.h"
#include "json_note.h"

#define NAME_MAX_LEN	32
#define VALUE_MAX_LEN	24

struct fact {
	uint32_t	seen;		/* records that have the column */
	uint32_t	first;		/* token of the first value */
	uint32_t	least, most;	/* tokens of numbers */
	double		min, max;
	bool		same;
	bool		numbers;	/* all are */
};

/*
 * Short and plain enough to stand in a mark as it is: of what mark_gap()
 * would clean away nothing is told, for the rest would be another word.
 */
static bool
plain(struct span s, size_t max)
{
	size_t i;

	if (s.n == 0 || s.n > max)
		return false;
	for (i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F ||
		    strchr("\"'`\\[],;", s.p[i]) != NULL)
			return false;
	return true;
}

/* A string that reads like a number or a literal would be taken for one. */
static bool
plain_value(const struct json_plan *p, uint32_t t, struct span s)
{
	return plain(s, VALUE_MAX_LEN) &&
	    (p->doc->tok[t].type != JSON_STRING || cell_bare(s));
}

static struct span
value_text(const struct json_plan *p, uint32_t t)
{
	const struct json_tok *v = &p->doc->tok[t];

	if (v->type == JSON_STRING)
		return json_body(p->doc->text, v);
	return json_text(p->doc->text, v);
}

/*
 * Numbers whose order doubles tell for sure.  Ids of 64 bits are often longer
 * than that, and the ends of a range must be the true ones.
 */
static bool
number(const struct json_plan *p, uint32_t t, double *x)
{
	struct span s = value_text(p, t);
	size_t i, digits = 0;
	bool power = false;

	if (p->doc->tok[t].type != JSON_NUMBER || s.n > VALUE_MAX_LEN)
		return false;
	for (i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		power = power || (s.p[i] | 0x20) == 'e';
	}
	return digits <= DBL_DIG && json_number(s, x) &&
	    (isnormal(*x) || !power);
}

static void
enter(const struct json_plan *p, struct fact *f, uint32_t t)
{
	double x;

	if (f->seen++ == 0) {
		f->first = f->least = f->most = t;
		f->same = p->doc->tok[t].type < JSON_ARRAY;
		f->numbers = number(p, t, &f->min);
		f->max = f->min;
		return;
	}
	f->same = f->same && p->doc->tok[t].type == p->doc->tok[f->first].type
	    && span_eq(value_text(p, t), value_text(p, f->first));
	f->numbers = f->numbers && number(p, t, &x);
	if (!f->numbers)
		return;
	if (x < f->min) {
		f->min = x;
		f->least = t;
	}
	if (x > f->max) {
		f->max = x;
		f->most = t;
	}
}

static bool
tell(const struct json_plan *p, const struct fact *f, struct span name,
    uint32_t n, bool more, struct buf *out)
{
	struct span a = value_text(p, f->least), b = value_text(p, f->most);

	if (f->seen != n || !plain(name, NAME_MAX_LEN) ||
	    !plain_value(p, f->least, a) || !(f->same || f->numbers))
		return false;
	if (more)
		buf_adds(out, ", ");
	buf_addspan(out, name);
	buf_addc(out, ' ');
	buf_addspan(out, a);
	buf_adds(out, f->same ? " in all" : " to ");
	if (!f->same)
		buf_addspan(out, b);
	return true;
}

void
json_note(const struct json_plan *p, const struct json_table *table,
    uint32_t t, uint32_t n, struct buf *out)
{
	struct fact fact[JSON_COLUMNS_MAX] = { { 0 } };
	const struct json_group *g = &table->top;
	const struct json_col *c;
	uint32_t i, m, k, hint, told = 0;

	for (i = 0; i < n; i++) {
		t += table->keyed;
		k = t + 1;
		hint = 0;
		for (m = p->doc->tok[t].count; m > 0; m--) {
			c = json_group_find(g,
			    json_body(p->doc->text, &p->doc->tok[k]), &hint);
			if (c->kind == JSON_COL_CELL)
				enter(p, &fact[c - g->col], k + 1);
			k += 1 + p->doc->tok[k + 1].skip;
		}
		t += p->doc->tok[t].skip;
	}
	for (i = 0; i < g->n && told < JSON_NOTES_MAX; i++)
		if (fact[i].seen > 0)
			told += tell(p, &fact[i], g->col[i].name, n, told > 0,
			    out);
}
