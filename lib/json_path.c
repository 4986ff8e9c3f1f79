/*
 * json_path - write paths, and find what is at one
 */
#include "compat.h"

#include <stdlib.h>

#include "cell.h"
#include "json_path.h"
#include "json_tool.h"
#include "num.h"

#define FEW	16	/* members or elements that are looked through */

/* A member's name, without the star that says that it is required. */
static struct span
key_of(const struct json_doc *d, uint32_t key)
{
	struct span name = json_body(d->text, &d->tok[key]);

	json_tool_starred(&name);
	return name;
}

static bool
few_repeat(const struct json_doc *d, uint32_t t)
{
	uint32_t key[FEW], i, m, k = t + 1;

	for (m = 0; m < d->tok[t].count; m++) {
		for (i = 0; i < m; i++)
			if (span_eq(key_of(d, key[i]), key_of(d, k)))
				return true;
		key[m] = k;
		k += 1 + d->tok[k + 1].skip;
	}
	return false;
}

/* No memory counts as a repetition: then no path is written. */
static bool
many_repeat(const struct json_doc *d, uint32_t t)
{
	struct map seen;
	union map_val *v;
	uint32_t m, k = t + 1;
	bool again = false;

	map_init(&seen, map_random_seed());
	for (m = d->tok[t].count; m > 0 && !again; m--) {
		v = map_put(&seen, key_of(d, k));
		again = v == NULL || v->u++ > 0;
		k += 1 + d->tok[k + 1].skip;
	}
	map_release(&seen);
	return again;
}

/* Whether an object names a member twice; found out once. */
static bool
repeats(const struct json_doc *d, struct json_node *n)
{
	bool again;

	if (n->keys == JSON_KEYS_UNKNOWN) {
		again = d->tok[n->tok].count <= FEW ?
		    few_repeat(d, n->tok) : many_repeat(d, n->tok);
		n->keys = again ? JSON_KEYS_REPEAT : JSON_KEYS_DIFFER;
	}
	return n->keys == JSON_KEYS_REPEAT;
}

static void
put_name(const struct json_doc *d, uint32_t key, bool first, struct buf *out)
{
	struct span name = key_of(d, key);
	/* One that is escaped may be so for its star alone. */
	bool plain = d->tok[key].escaped ? cell_bare_step(name) &&
	    memchr(name.p, '\\', name.n) == NULL : json_bare_step(d, key);

	if (!first)
		buf_addc(out, '.');
	if (!plain)
		buf_addc(out, '"');
	buf_addspan(out, name);
	if (!plain)
		buf_addc(out, '"');
}

bool
json_path_put(struct json_nodes *ns, const struct json_node *n,
    struct buf *out)
{
	const struct json_node *step[JSON_PATH_STEPS];
	struct json_node *up;
	size_t steps = 0, i;

	for (; n->parent != JSON_NONE; n = up) {
		up = &ns->node[n->parent];
		if (steps == JSON_PATH_STEPS)
			return false;
		if (ns->doc->tok[up->tok].type == JSON_OBJECT ?
		    repeats(ns->doc, up) : n->at == JSON_NONE)
			return false;
		step[steps++] = n;
	}
	for (i = steps; i-- > 0; ) {
		up = &ns->node[step[i]->parent];
		if (ns->doc->tok[up->tok].type == JSON_OBJECT) {
			put_name(ns->doc, step[i]->tok - 1, i == steps - 1,
			    out);
			continue;
		}
		buf_addc(out, '[');
		buf_addu(out, step[i]->at);
		buf_addc(out, ']');
	}
	return steps > 0;
}

/* One step: a name, still quoted if it is, or a place; how many bytes. */
static size_t
step_length(struct span s, bool first, struct span *name, uint64_t *place)
{
	size_t i = 0, from;

	*name = span_of(NULL, 0);
	if (s.n > 0 && s.p[0] == '[') {
		for (i = 1; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			;
		if (i == s.n || s.p[i] != ']' || num_u64(span_of(s.p + 1,
		    i - 1), 0, JSON_COUNT_MAX, place) < 0)
			return 0;
		return i + 1;
	}
	if (!first) {
		if (s.n == 0 || s.p[0] != '.')
			return 0;
		i = 1;
	}
	from = i;
	if (i < s.n && s.p[i] == '"') {
		for (i++; i < s.n && s.p[i] != '"' && s.p[i] != '\n'; i++)
			i += s.p[i] == '\\' && i + 1 < s.n;
		if (i == s.n || s.p[i] != '"')
			return 0;
		*name = span_of(s.p + from, ++i - from);
		return i;
	}
	while (i < s.n && cell_bare_step(span_of(s.p + i, 1)))
		i++;
	*name = span_of(s.p + from, i - from);
	return i == from ? 0 : i;
}

size_t
json_path_length(struct span s)
{
	struct span name;
	uint64_t place;
	size_t i = 0, n;

	while ((n = step_length(span_skip(s, i), i == 0, &name,
	    &place)) > 0)
		i += n;
	return i;
}

/* A container's children: its elements, or its members by name. */
struct places {
	uint32_t	*at;
	struct map	 names;
};

static struct places *
make_places(const struct json_doc *d, uint32_t t)
{
	struct places *p = calloc(1, sizeof(*p));
	const struct json_tok *v = &d->tok[t];
	union map_val *slot;
	uint32_t m, k = t + 1;

	if (p == NULL)
		return NULL;
	map_init(&p->names, map_random_seed());
	p->at = malloc(v->count * sizeof(*p->at));
	for (m = 0; p->at != NULL && m < v->count; m++) {
		if (v->type == JSON_OBJECT) {
			slot = map_put(&p->names, key_of(d, k));
			if (slot == NULL)
				break;
			if (slot->u == 0)
				slot->u = ++k;
			else
				k++;
		}
		p->at[m] = k;
		k += d->tok[k].skip;
	}
	if (m == v->count)
		return p;
	map_release(&p->names);
	free(p->at);
	free(p);
	return NULL;
}

static struct places *
places_of(struct json_lookup *l, uint32_t t)
{
	/* The token itself is the key: it stays where it is. */
	struct span key = span_of((const char *)&l->doc->tok[t],
	    sizeof(l->doc->tok[t]));
	union map_val *v;

	if (l->places.cap == 0)
		map_init(&l->places, map_random_seed());
	v = map_put(&l->places, key);
	if (v != NULL && v->p == NULL)
		v->p = make_places(l->doc, t);
	l->nomem = l->nomem || v == NULL || v->p == NULL;
	return v == NULL ? NULL : v->p;
}

static uint32_t
child(struct json_lookup *l, uint32_t t, struct span name, uint64_t place)
{
	const struct json_tok *v = &l->doc->tok[t];
	bool object = v->type == JSON_OBJECT;
	struct places *p;
	union map_val *u;
	uint32_t i, k = t + 1;

	if (v->type < JSON_ARRAY || object != (name.p != NULL) ||
	    (!object && place >= v->count))
		return JSON_NONE;
	if (v->count > FEW) {
		p = places_of(l, t);
		if (p == NULL)
			return JSON_NONE;
		if (!object)
			return p->at[place];
		u = map_get(&p->names, name);
		return u == NULL ? JSON_NONE : (uint32_t)u->u;
	}
	for (i = 0; i < v->count; i++) {
		k += object;
		if (object ? span_eq(key_of(l->doc, k - 1), name) : i == place)
			return k;
		k += l->doc->tok[k].skip;
	}
	return JSON_NONE;
}

uint32_t
json_lookup(struct json_lookup *l, struct span path)
{
	uint32_t t = 0;
	struct span name;
	uint64_t place = 0;
	size_t i = 0, n;

	while (i < path.n && t != JSON_NONE) {
		n = step_length(span_skip(path, i), i == 0, &name, &place);
		if (n == 0)
			return JSON_NONE;
		if (name.n > 0 && name.p[0] == '"')
			name = span_of(name.p + 1, name.n - 2);
		if (l->through != NULL)
			t = l->through(l->doc, t);
		t = child(l, t, name, place);
		i += n;
	}
	return t;
}

void
json_lookup_release(struct json_lookup *l)
{
	struct places *p;
	size_t i;

	for (i = 0; i < l->places.cap; i++) {
		p = l->places.slot[i].hash == 0 ? NULL :
		    l->places.slot[i].val.p;
		if (p == NULL)
			continue;
		map_release(&p->names);
		free(p->at);
		free(p);
	}
	map_release(&l->places);
}
