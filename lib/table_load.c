/*
 * table_load - from records back to a table
 *
 * The order of columns is that of a list into which each record puts the
 * names that are new: before the next name it has that stands there already,
 * else at the end.
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "map.h"
#include "table.h"

/* Ids of columns are from 1; 0 is both ends of the list. */
struct order {
	uint16_t	next[TABLE_COLUMNS_MAX + 1];
	uint16_t	prev[TABLE_COLUMNS_MAX + 1];
	bool		in[TABLE_COLUMNS_MAX + 1];
};

static void
put_behind(struct order *o, uint16_t id, uint16_t at)
{
	o->in[id] = true;
	o->prev[id] = at;
	o->next[id] = o->next[at];
	o->prev[o->next[at]] = id;
	o->next[at] = id;
}

static void
order_record(struct order *o, const uint16_t *id, size_t n)
{
	size_t i, k = n;

	while (k > 0 && !o->in[id[k - 1]])
		k--;
	for (i = k; i < n; i++)
		put_behind(o, id[i], o->prev[0]);
	for (i = k; i-- > 0; )
		if (!o->in[id[i]])
			put_behind(o, id[i], o->prev[id[i + 1]]);
}

/* A name that may stand in how. */
static bool
sayable(struct span s)
{
	size_t i;

	if (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ')
		return false;
	for (i = 0; i < s.n; i++)
		if (!is_letter8(s.p[i]) && !is_digit(s.p[i]) &&
		    memchr(" _-./()%#?*+@$&", s.p[i], 15) == NULL)
			return false;
	return memmem(s.p, s.n, " with ", 6) == NULL;
}

static bool
found_again(const struct table *t)
{
	struct order o = { .next = { 0 } };
	uint16_t id[TABLE_COLUMNS_MAX], at = 0;
	size_t i, k, n;

	for (i = 0; i < t->nrow; i++) {
		for (n = k = 0; k < t->ncol; k++)
			if (t->cell[i * t->ncol + k].kind != TABLE_EMPTY)
				id[n++] = (uint16_t)(k + 1);
		order_record(&o, id, n);
		if (n == t->ncol)
			break;
	}
	for (k = 1; k <= t->ncol; k++) {
		at = o.next[at];
		if (at != k)
			return false;
	}
	return true;
}

void
table_say_columns(const struct table *t, struct buf *how)
{
	size_t k;

	if (found_again(t))
		return;
	for (k = 0; k < t->ncol; k++)
		if (!sayable(t->name[k]))
			return;
	table_say(how, "columns");
	for (k = 0; k < t->ncol; k++) {
		buf_addc(how, k == 0 ? ' ' : ',');
		buf_addspan(how, t->name[k]);
	}
}

struct load {
	struct table	*t;
	const struct json_doc *d;
	struct map	 ids;		/* of keys as they are spelt */
	struct span	 key[TABLE_COLUMNS_MAX + 1];
	size_t		 nkey;
	size_t		 seen[TABLE_COLUMNS_MAX + 1];	/* in which record */
	struct order	 order;
	uint16_t	*id;		/* of each member */
	size_t		 nid;
};

static uint16_t
id_of(struct load *l, struct span key, uint16_t guess)
{
	union map_val *v;

	if (guess != 0 && span_eq(l->key[guess], key))
		return guess;
	v = map_put(&l->ids, key);
	if (v == NULL)
		return 0;
	if (v->u == 0) {
		if (l->nkey == TABLE_COLUMNS_MAX)
			return 0;
		l->key[++l->nkey] = key;
		v->u = l->nkey;
	}
	return (uint16_t)v->u;
}

/* Names that how says come first, in this order. */
static bool
load_said(struct load *l, struct span how)
{
	struct span list, one;
	const char *p;
	struct buf b = BUF_INIT;
	uint16_t id = 1;

	if (!table_said(how, "columns", &list))
		return true;
	while (list.n > 0 && id != 0) {
		p = memchr(list.p, ',', list.n);
		one = span_of(list.p, p == NULL ? list.n :
		    (size_t)(p - list.p));
		list = span_skip(list, p == NULL ? one.n : one.n + 1);
		buf_reset(&b);
		json_encode(one, &b);
		one = arena_dup(&l->t->mem, buf_span(&b));
		id = one.p == NULL || buf_err(&b) ? 0 : id_of(l, one, 0);
		if (l->order.in[id])
			id = 0;
		if (id != 0)
			put_behind(&l->order, id, l->order.prev[0]);
	}
	buf_release(&b);
	return id != 0;
}

/* The names of one record. */
static bool
load_record(struct load *l, const struct json_tok *rec, size_t number)
{
	const struct json_tok *t = rec + 1, *end = rec + rec->skip;
	size_t from = l->nid;
	uint16_t id = 0;

	if (rec->type != JSON_OBJECT)
		return false;
	for (; t < end; t += 2) {
		if (t[1].type == JSON_ARRAY || t[1].type == JSON_OBJECT)
			return false;
		id = id_of(l, json_body(l->d->text, t), l->order.next[id]);
		if (id == 0 || l->seen[id] == number)
			return false;
		l->seen[id] = number;
		l->id[l->nid++] = id;
	}
	order_record(&l->order, l->id + from, l->nid - from);
	return true;
}

static bool
decode(struct table *t, struct span body, struct span *s)
{
	struct buf b = BUF_INIT;
	bool good;

	json_decode(body, &b);
	*s = arena_dup(&t->mem, buf_span(&b));
	good = !buf_err(&b) && s->p != NULL;
	buf_release(&b);
	return good;
}

static bool
load_cell(struct load *l, const struct json_tok *t, struct table_cell *c)
{
	if (t->type != JSON_STRING) {
		c->kind = TABLE_LITERAL;
		c->s = json_text(l->d->text, t);
		return true;
	}
	c->kind = TABLE_STRING;
	c->s = json_body(l->d->text, t);
	if (t->escaped && !decode(l->t, c->s, &c->s))
		return false;
	c->quoted = table_kind(c->s) != TABLE_STRING;
	return true;
}

static bool
load_cells(struct load *l, const uint16_t *place)
{
	const struct json_tok *rec = l->d->tok + 1, *t, *end;
	const uint16_t *id = l->id;
	size_t i, k, base;

	for (i = 0; i < l->t->nrow; i++, rec += rec->skip) {
		base = l->t->ncell;
		for (k = 0; k < l->t->ncol; k++)
			if (!table_add(l->t, span_of(NULL, 0)))
				return false;
		end = rec + rec->skip;
		for (t = rec + 1; t < end; t += 2)
			if (!load_cell(l, t + 1,
			    l->t->cell + base + place[*id++]))
				return false;
	}
	return true;
}

static bool
load_all(struct load *l, struct span how)
{
	const struct json_tok *root = l->d->tok, *rec;
	uint16_t place[TABLE_COLUMNS_MAX + 1], id;
	struct span name;
	size_t n = 0;

	if (root->type != JSON_ARRAY || !load_said(l, how))
		return false;
	for (rec = root + 1; rec < root + root->skip; rec += rec->skip)
		if (!load_record(l, rec, ++n))
			return false;
	for (id = l->order.next[0]; id != 0; id = l->order.next[id]) {
		place[id] = (uint16_t)l->t->ncol;
		if (!decode(l->t, l->key[id], &name) ||
		    !table_add_name(l->t, name))
			return false;
	}
	l->t->nrow = n;
	return l->t->ncol > 0 && load_cells(l, place);
}

bool
table_load(struct table *t, const struct json_doc *d, struct span how)
{
	struct load *l = calloc(1, sizeof(*l));
	bool good = false;

	if (l == NULL || d->ntok == 0)
		goto out;
	l->t = t;
	l->d = d;
	l->id = calloc(d->ntok, sizeof(*l->id));
	map_init(&l->ids, map_random_seed());
	good = l->id != NULL && load_all(l, how);
	map_release(&l->ids);
	free(l->id);
out:
	free(l);
	return good;
}
