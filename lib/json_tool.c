/*
 * json_tool - lists of required parameters
 */
#include "compat.h"

#include <stdlib.h>

#include "json_tool.h"
#include "mem.h"

#define NONE	UINT32_MAX

struct finder {
	struct json_tools	*ts;
	const struct json_doc	*d;
	bool			 nomem;
};

static struct span
body(const struct json_doc *d, uint32_t t)
{
	return json_body(d->text, &d->tok[t]);
}

/*
 * The value of a member, with the value before it; NONE also if it is there
 * twice, since then its place tells which counts.
 */
static uint32_t
member(const struct json_doc *d, uint32_t t, const char *name,
    enum json_type type, uint32_t *before)
{
	uint32_t m, k = t + 1, last = NONE, found = NONE;

	for (m = d->tok[t].count; m > 0; m--) {
		if (span_eq(body(d, k), span_z(name))) {
			if (found != NONE)
				return NONE;
			*before = last;
			found = k + 1;
		}
		last = k + 1;
		k += 1 + d->tok[k + 1].skip;
	}
	return found != NONE && d->tok[found].type == type ? found : NONE;
}

/*
 * Whether the list names properties in their order; with `mark' they get
 * their stars.
 */
static bool
in_order(const struct finder *f, uint32_t list, uint32_t properties, bool mark)
{
	const struct json_tok *tok = f->d->tok;
	uint32_t e = list + 1, end = list + tok[list].skip, k, m;
	bool hit;

	k = properties + 1;
	for (m = tok[properties].count; m > 0; m--) {
		hit = e < end && tok[e].type == JSON_STRING &&
		    span_eq(body(f->d, e), body(f->d, k));
		if (hit && mark)
			f->ts->star[k] = true;
		e += hit;
		k += 1 + tok[k + 1].skip;
	}
	return e == end;
}

/* No name that is in the list may be there twice, or end in a star. */
static bool
names_fit(const struct finder *f, uint32_t list)
{
	const struct json_tok *tok = f->d->tok;
	uint32_t i, k;

	for (i = list + 1; i < list + tok[list].skip; i++) {
		if (tok[i].type != JSON_STRING || tok[i].escaped)
			return false;
		for (k = list + 1; k < i; k++)
			if (span_eq(body(f->d, k), body(f->d, i)))
				return false;
	}
	return true;
}

static bool
cut(struct finder *f, uint32_t t, uint32_t list, uint32_t before)
{
	const struct json_tok *tok = f->d->tok;
	struct json_tool_cut *c = mem_grow(f->ts->cut, &f->ts->cap,
	    f->ts->n + 1, sizeof(*c), UINT32_MAX);

	if (c == NULL)
		return false;
	f->ts->cut = c;
	c += f->ts->n++;
	c->key = list - 1;
	if (before != NONE) {
		c->from = tok[before].end;
		c->to = tok[list].end;
	} else {
		/* It is the first: up to the next name. */
		c->from = tok[list - 1].start;
		c->to = tok[t + 2 + tok[list].skip].start;
	}
	return true;
}

/* An object that may be a schema with a list of what is required. */
static void
look_at(struct finder *f, uint32_t t)
{
	const struct json_tok *tok = f->d->tok;
	uint32_t list, properties, before, unused;

	list = member(f->d, t, "required", JSON_ARRAY, &before);
	properties = member(f->d, t, "properties", JSON_OBJECT, &unused);
	if (list == NONE || properties == NONE || tok[list].count == 0 ||
	    tok[list].count > JSON_TOOL_LIST || !names_fit(f, list) ||
	    !in_order(f, list, properties, false))
		return;
	if (f->ts->star == NULL)
		f->ts->star = calloc(f->d->ntok, 1);
	if (f->ts->star == NULL || !cut(f, t, list, before)) {
		f->nomem = true;
		return;
	}
	in_order(f, list, properties, true);
}

/* The schema of a tool, if the object describes one. */
static uint32_t
schema_of(const struct json_doc *d, uint32_t t)
{
	static const char *const names[] = { "inputSchema", "input_schema",
	    "parameters" };
	uint32_t s = NONE, unused;
	size_t i;

	if (member(d, t, "name", JSON_STRING, &unused) == NONE)
		return NONE;
	for (i = 0; i < HR_LEN(names) && s == NONE; i++)
		s = member(d, t, names[i], JSON_OBJECT, &unused);
	return s;
}

static int
by_key(const void *a, const void *b)
{
	const struct json_tool_cut *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

bool
json_tools_find(struct json_tools *ts, const struct json_doc *d)
{
	static const char word[] = "\"required\"";
	struct finder f = { .ts = ts, .d = d };
	uint32_t t, k, s;

	if (memmem(d->text.p, d->text.n, word, sizeof(word) - 1) == NULL)
		return true;
	for (t = 0; t < d->ntok && !f.nomem; t++) {
		if (d->tok[t].type != JSON_OBJECT)
			continue;
		s = schema_of(d, t);
		if (s == NONE)
			continue;
		for (k = s; k < s + d->tok[s].skip && !f.nomem; k++)
			if (d->tok[k].type == JSON_OBJECT)
				look_at(&f, k);
		t = s + d->tok[s].skip - 1;
	}
	/* What is within a schema was found behind its own list. */
	if (ts->n > 1)
		qsort(ts->cut, ts->n, sizeof(*ts->cut), by_key);
	return !f.nomem;
}

void
json_tools_release(struct json_tools *ts)
{
	free(ts->cut);
	free(ts->star);
	*ts = (struct json_tools)JSON_TOOLS_INIT;
}
