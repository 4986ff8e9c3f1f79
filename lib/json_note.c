/*
 * json_note - what records left out have in common
 *
 * The records are gone through once; each column has a fact, which is found
 * where it was found in the record before.  Then each kind of thing to tell
 * gets its turn, over all columns, until there is enough.
 */
#include "compat.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "cell.h"
#include "json_note.h"
#include "map.h"

#define NAME_MAX_LEN	32
#define VALUE_MAX_LEN	24
#define TIME_MAX_LEN	32
#define COLUMNS_MAX	64	/* further ones are not looked at */
#define VALUES_MAX	4	/* more are not told one by one */
#define ROWS_A_TOKEN	2	/* a note of few records is short */
#define DIFFERENT_MAX	256	/* more are not counted */

/* What is told, the most telling first. */
enum tell {
	TELL_SAME, TELL_VALUES, TELL_NUMBERS, TELL_EVEN, TELL_DIFFERENT,
	TELL_TIMES,
	TELL_USUAL,	/* null, or what the header says already */
	TELL_NOTHING
};

struct fact {
	const struct json_col	*col;
	struct span		 outer;	/* name of the group it is in */
	uint32_t		 seen;	/* records that have the column */
	uint32_t		 first;	/* token of the first value */
	uint32_t		 least, most;	/* tokens */
	double			 min, max;	/* of numbers */
	bool			 scalars;	/* all are */
	bool			 same;
	bool			 numbers;
	bool			 times;
	struct map		 values;	/* how often each occurs */
	uint32_t		 value[VALUES_MAX];	/* their tokens */
	bool			 many;	/* not all values are counted */
	uint32_t		 top;	/* how often the most frequent occurs */
	bool			 chosen;
	enum tell		 tell;
};

struct notes {
	const struct json_plan	*p;
	struct fact		*fact;
	uint32_t		 n;	/* facts */
	uint32_t		 at;	/* the one to look at first */
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

static struct span
value_text(const struct json_plan *p, uint32_t t)
{
	const struct json_tok *v = &p->doc->tok[t];

	if (v->type == JSON_STRING)
		return json_body(p->doc->text, v);
	return json_text(p->doc->text, v);
}

/* A string that reads like a number or a literal would be taken for one. */
static bool
plain_value(const struct json_plan *p, uint32_t t, size_t max)
{
	struct span s = value_text(p, t);

	return plain(s, max) &&
	    (p->doc->tok[t].type != JSON_STRING || cell_bare(s));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
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
		digits += is_digit(s.p[i]);
		power = power || (s.p[i] | 0x20) == 'e';
	}
	return digits <= DBL_DIG && json_number(s, x) &&
	    (isnormal(*x) || !power);
}

/*
 * "2026-05-01T10:00:00Z", in any length, but not with the offset of a zone:
 * these alone are in the order of their bytes.
 */
static bool
is_time(const struct json_plan *p, uint32_t t)
{
	struct span s = value_text(p, t);
	size_t i;

	if (p->doc->tok[t].type != JSON_STRING || s.n < 10 ||
	    s.n > TIME_MAX_LEN || s.p[4] != '-' || s.p[7] != '-')
		return false;
	for (i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && i != 4 && i != 7 &&
		    (i < 10 || strchr("T :.Z", s.p[i]) == NULL))
			return false;
	return true;
}

/* Whether two times are written alike. */
static bool
same_form(struct span a, struct span b)
{
	size_t i;

	for (i = 0; i < a.n && i < b.n; i++)
		if (is_digit(a.p[i]) != is_digit(b.p[i]) ||
		    (!is_digit(a.p[i]) && a.p[i] != b.p[i]))
			return false;
	return a.n == b.n;
}

static void
count_value(const struct json_plan *p, struct fact *f, uint32_t t)
{
	union map_val *v;

	if (f->many)
		return;
	/* With its quotes, so that "5" and 5 are two. */
	v = map_put(&f->values, json_text(p->doc->text, &p->doc->tok[t]));
	if (v == NULL || f->values.len > DIFFERENT_MAX) {
		f->many = true;
		map_release(&f->values);
		map_init(&f->values, 0);
		return;
	}
	if (v->u++ == 0 && f->values.len <= VALUES_MAX)
		f->value[f->values.len - 1] = t;
	f->top = v->u > f->top ? (uint32_t)v->u : f->top;
}

/* Take a number or a time into the range. */
static void
widen(const struct json_plan *p, struct fact *f, uint32_t t)
{
	struct span s = value_text(p, t);
	double x = 0;

	f->numbers = f->numbers && number(p, t, &x);
	f->times = f->times && is_time(p, t) &&
	    same_form(s, value_text(p, f->first));
	if (f->numbers ? x < f->min : f->times &&
	    memcmp(s.p, value_text(p, f->least).p, s.n) < 0) {
		f->min = x;
		f->least = t;
	}
	if (f->numbers ? x > f->max : f->times &&
	    memcmp(s.p, value_text(p, f->most).p, s.n) > 0) {
		f->max = x;
		f->most = t;
	}
}

static void
enter(const struct json_plan *p, struct fact *f, uint32_t t)
{
	if (f->seen++ == 0) {
		f->first = f->least = f->most = t;
		f->scalars = f->same = p->doc->tok[t].type < JSON_ARRAY;
		f->numbers = number(p, t, &f->min);
		f->times = is_time(p, t);
		f->max = f->min;
	}
	f->scalars = f->scalars && p->doc->tok[t].type < JSON_ARRAY;
	if (!f->scalars)
		return;
	f->same = f->same && p->doc->tok[t].type == p->doc->tok[f->first].type
	    && span_eq(value_text(p, t), value_text(p, f->first));
	if (f->numbers || f->times)
		widen(p, f, t);
	count_value(p, f, t);
}

/* The fact of a column, or NULL if there are too many. */
static struct fact *
fact_of(struct notes *ns, const struct json_col *c, struct span outer)
{
	uint32_t i;

	for (i = 0; i < ns->n; i++) {
		ns->at = ns->at + 1 < ns->n ? ns->at + 1 : 0;
		if (ns->fact[ns->at].col == c)
			return &ns->fact[ns->at];
	}
	if (ns->n == COLUMNS_MAX)
		return NULL;
	ns->at = ns->n++;
	ns->fact[ns->at] = (struct fact){ .col = c, .outer = outer };
	map_init(&ns->fact[ns->at].values, map_random_seed());
	return &ns->fact[ns->at];
}

/* All columns of one record, the object at token t. */
static void
enter_record(struct notes *ns, const struct json_group *top, uint32_t t)
{
	struct {
		const struct json_group	*g;
		struct span		 name;
		uint32_t		 end, hint;
	} open[JSON_FLATTEN_MAX + 2] = { { .g = top } }, *o = open;
	const struct json_doc *d = ns->p->doc;
	const struct json_col *c;
	struct fact *f;

	o->end = t + d->tok[t].skip;
	for (t++; ; ) {
		while (t == o->end)
			if (o-- == open)
				return;
		c = json_group_find(o->g, json_body(d->text, &d->tok[t]),
		    &o->hint);
		t++;
		if (json_plan_noise(ns->p, t)) {
			t += d->tok[t].skip;
			continue;
		}
		if (c != NULL && c->kind == JSON_COL_GROUP &&
		    d->tok[t].type == JSON_OBJECT &&
		    o < open + JSON_FLATTEN_MAX + 1) {
			o++;
			o->g = c->group;
			o->name = c->name;
			o->end = t + d->tok[t].skip;
			o->hint = 0;
			t++;
			continue;
		}
		f = c == NULL || c->kind == JSON_COL_CONST ||
		    c->kind == JSON_COL_REST ? NULL : fact_of(ns, c, o->name);
		if (f != NULL)
			enter(ns->p, f, t);
		t += d->tok[t].skip;
	}
}

/* Few values that can be spelt and do not run into their counts. */
static bool
few_values(const struct json_plan *p, const struct fact *f)
{
	struct span s;
	uint32_t i;

	if (f->many || f->values.len > VALUES_MAX ||
	    f->values.len > f->seen / 2)
		return false;
	for (i = 0; i < f->values.len; i++) {
		s = value_text(p, f->value[i]);
		if (!plain_value(p, f->value[i], VALUE_MAX_LEN) ||
		    is_digit(s.p[s.n - 1]))
			return false;
	}
	return true;
}

static enum tell
what_to_tell(const struct json_plan *p, const struct fact *f, uint32_t n)
{
	if (f->seen != n || !f->scalars || !plain(f->col->name, NAME_MAX_LEN)
	    || (f->outer.n > 0 && !plain(f->outer, NAME_MAX_LEN)))
		return TELL_NOTHING;
	if (f->same && !plain_value(p, f->first, VALUE_MAX_LEN))
		return TELL_NOTHING;
	if (f->same)
		return p->doc->tok[f->first].type == JSON_NULL ||
		    (f->col->kind == JSON_COL_DEFAULT &&
		    json_plan_equal(p, f->col->first, f->first)) ?
		    TELL_USUAL : TELL_SAME;
	if (few_values(p, f))
		return f->top >= n / 2 ? TELL_VALUES : TELL_EVEN;
	if (f->numbers)
		return TELL_NUMBERS;
	if (f->times)
		return plain_value(p, f->least, TIME_MAX_LEN) &&
		    plain_value(p, f->most, TIME_MAX_LEN) ? TELL_TIMES :
		    TELL_NOTHING;
	return f->many || f->values.len > n / 2 ? TELL_NOTHING :
	    TELL_DIFFERENT;
}

/* "ok 120, failed 3", the most frequent first, of equals the first. */
static void
put_values(const struct json_plan *p, const struct fact *f, struct buf *out)
{
	uint64_t times[VALUES_MAX];
	uint32_t i, k, best;

	for (i = 0; i < f->values.len; i++)
		times[i] = map_get(&f->values, json_text(p->doc->text,
		    &p->doc->tok[f->value[i]]))->u;
	for (i = 0; i < f->values.len; i++) {
		for (best = k = 0; k < f->values.len; k++)
			best = times[k] > times[best] ? k : best;
		if (i > 0)
			buf_adds(out, ", ");
		buf_addspan(out, value_text(p, f->value[best]));
		buf_addc(out, ' ');
		buf_addu(out, times[best]);
		times[best] = 0;
	}
}

static void
put(const struct json_plan *p, const struct fact *f, struct buf *out)
{
	if (f->outer.n > 0) {
		buf_addspan(out, f->outer);
		buf_addc(out, '.');
	}
	buf_addspan(out, f->col->name);
	buf_addc(out, ' ');
	switch (f->tell) {
	case TELL_SAME:
	case TELL_USUAL:
		buf_addspan(out, value_text(p, f->first));
		buf_adds(out, " in all");
		break;
	case TELL_VALUES:
	case TELL_EVEN:
		put_values(p, f, out);
		break;
	case TELL_DIFFERENT:
		buf_addu(out, f->values.len);
		buf_adds(out, " different");
		break;
	default:
		buf_addspan(out, value_text(p, f->least));
		buf_adds(out, " to ");
		buf_addspan(out, value_text(p, f->most));
	}
}

/*
 * Choose what fits, by what it tells, the first columns first; the usual only
 * if there is nothing else.  Of few records little is worth telling.
 */
static void
choose(struct notes *ns, uint32_t rows, struct buf *scratch)
{
	uint32_t i, n = 0;
	uint64_t tokens = 0, cost, max = JSON_NOTE_TOKENS;
	enum tell tell;
	struct fact *f;

	if (rows / ROWS_A_TOKEN < max)
		max = rows / ROWS_A_TOKEN;
	for (tell = TELL_SAME; tell < (n > 0 ? TELL_USUAL : TELL_NOTHING);
	    tell++)
		for (i = 0; i < ns->n && n < JSON_NOTES_MAX; i++) {
			f = &ns->fact[i];
			if (f->tell != tell)
				continue;
			buf_reset(scratch);
			put(ns->p, f, scratch);
			cost = json_plan_text(buf_span(scratch)) + 1;
			if (tokens + cost > max)
				continue;
			f->chosen = true;
			tokens += cost;
			n++;
		}
}

void
json_note(const struct json_plan *p, const struct json_table *table,
    uint32_t t, uint32_t n, struct buf *out)
{
	struct notes ns = { .p = p };
	struct buf scratch = BUF_INIT;
	bool more = false;
	uint32_t i;

	ns.fact = malloc(COLUMNS_MAX * sizeof(*ns.fact));
	/* A note may be missing, for want of memory as for other reasons. */
	if (ns.fact == NULL)
		return;
	for (i = 0; i < n; i++) {
		t += table->keyed;
		enter_record(&ns, &table->top, t);
		t += p->doc->tok[t].skip;
	}
	for (i = 0; i < ns.n; i++)
		ns.fact[i].tell = what_to_tell(p, &ns.fact[i], n);
	choose(&ns, n, &scratch);
	for (i = 0; i < ns.n; i++) {
		if (ns.fact[i].chosen) {
			if (more)
				buf_adds(out, ", ");
			put(p, &ns.fact[i], out);
			more = true;
		}
		map_release(&ns.fact[i].values);
	}
	free(ns.fact);
	buf_release(&scratch);
}
