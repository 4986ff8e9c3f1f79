/*
 * table - cells, and the JSON of them
 */
#include "compat.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "mem.h"
#include "table.h"

#define CELLS_MAX	((size_t)1 << 24)

void
table_release(struct table *t)
{
	arena_release(&t->mem);
	free(t->cell);
	*t = (struct table)TABLE_INIT;
}

bool
table_add(struct table *t, struct span s)
{
	struct table_cell *p;

	if (t->ncell == t->cap) {
		p = mem_grow(t->cell, &t->cap, t->ncell + 1, sizeof(*p),
		    CELLS_MAX);
		if (p == NULL)
			return false;
		t->cell = p;
	}
	t->cell[t->ncell++] = (struct table_cell){ .s = s };
	return true;
}

bool
table_add_name(struct table *t, struct span s)
{
	if (t->ncol == TABLE_COLUMNS_MAX)
		return false;
	t->name[t->ncol++] = s;
	return true;
}

bool
table_names_good(const struct table *t)
{
	size_t i, k;

	for (i = 0; i < t->ncol; i++) {
		if (t->name[i].n == 0 && (i > 0 || t->ncol < 3))
			return false;
		for (k = 0; k < i; k++)
			if (span_eq(t->name[i], t->name[k]))
				return false;
	}
	return t->ncol > 0;
}

static size_t
digits(struct span s, size_t i)
{
	size_t from = i;

	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i - from;
}

bool
table_number(struct span s)
{
	size_t i = s.n > 0 && s.p[0] == '-', n = digits(s, i);

	if (n == 0 || (n > 1 && s.p[i] == '0'))
		return false;
	i += n;
	if (i < s.n && s.p[i] == '.') {
		n = digits(s, i + 1);
		if (n == 0)
			return false;
		i += n + 1;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
			i++;
		n = digits(s, i);
		if (n == 0)
			return false;
		i += n;
	}
	return i == s.n;
}

enum table_kind
table_kind(struct span s)
{
	if (s.n == 0)
		return TABLE_EMPTY;
	if (is_digit(s.p[0]) || s.p[0] == '-')
		return table_number(s) ? TABLE_LITERAL : TABLE_STRING;
	if (span_eq(s, SPAN_LIT("true")) || span_eq(s, SPAN_LIT("false")) ||
	    span_eq(s, SPAN_LIT("null")))
		return TABLE_LITERAL;
	return TABLE_STRING;
}

void
table_type(struct table *t)
{
	size_t i;

	for (i = 0; i < t->ncell; i++)
		t->cell[i].kind = (uint8_t)table_kind(t->cell[i].s);
	t->nrow = t->ncell / t->ncol;
}

static void
record(const struct table *t, const struct table_cell *c,
    const struct span *key, struct buf *json)
{
	size_t k;
	bool any = false;

	buf_addc(json, '{');
	for (k = 0; k < t->ncol; k++) {
		if (c[k].kind == TABLE_EMPTY)
			continue;
		if (any)
			buf_addc(json, ',');
		any = true;
		buf_addspan(json, key[k]);
		if (c[k].kind == TABLE_LITERAL)
			buf_addspan(json, c[k].s);
		else
			json_quote(c[k].s, json);
	}
	buf_addc(json, '}');
}

void
table_json(const struct table *t, struct buf *json)
{
	struct buf keys = BUF_INIT;
	struct span key[TABLE_COLUMNS_MAX];
	size_t at[TABLE_COLUMNS_MAX + 1], i;

	for (i = 0; i < t->ncol; i++) {
		at[i] = keys.len;
		json_quote(t->name[i], &keys);
		buf_addc(&keys, ':');
	}
	at[i] = keys.len;
	if (buf_err(&keys)) {
		json->err = buf_err(&keys);
		buf_release(&keys);
		return;
	}
	for (i = 0; i < t->ncol; i++)
		key[i] = span_of(keys.p + at[i], at[i + 1] - at[i]);
	buf_addc(json, '[');
	for (i = 0; i < t->nrow; i++) {
		if (i > 0)
			buf_addc(json, ',');
		record(t, t->cell + i * t->ncol, key, json);
	}
	buf_addc(json, ']');
	buf_release(&keys);
}

bool
table_plain(const struct table *t)
{
	size_t i;

	for (i = 0; i < t->ncell; i++)
		if (t->cell[i].quoted)
			return false;
	return true;
}
