/*
 * shapes_mark - shapes over a document
 *
 * One pass over the tokens, with a stack of the objects and arrays around.
 * Each object has a list of the rules that are followed in it: those of the
 * shapes that it has itself, and those of objects around it, with the name of
 * the path that comes next.  Their lists lie behind each other, so that the
 * list of an object is the end of the list of lists while it is open.
 */
#include "compat.h"

#include <stdlib.h>

#include "ascii.h"
#include "mem.h"
#include "shapes_impl.h"

#define NO_TOK	UINT32_MAX

struct active {
	uint32_t	rule;
	uint32_t	step;	/* the name that comes next */
	uint32_t	ref;	/* token of what the value is compared with */
};

struct frame {
	uint32_t	end;	/* the first token behind it */
	uint32_t	first;	/* of walk.active */
	uint32_t	n;
	bool		object;
};

struct walk {
	const struct shapes	*s;
	const struct json_doc	*d;
	uint8_t			*what;
	struct active		*active;
	size_t			 nactive, activecap;
	struct frame		*frame;
	size_t			 depth, framecap;
	uint8_t			*seen;	/* an `is' line's bits, 0 between */
	uint32_t		*had;	/* lines of which bits are set */
	bool			 any, failed;
};

/* The star that was met last is the only one that must take more. */
static bool
match(const struct shapes *s, const struct shape_pat *p, struct span text)
{
	const uint16_t *op = s->op + p->op;
	size_t i = 0, k = 0, star = SIZE_MAX, from = 0;

	while (i < text.n) {
		if (k < p->n && op[k] == SHAPE_STAR) {
			star = k++;
			from = i;
		} else if (k < p->n && (op[k] == SHAPE_ONE ||
		    op[k] == (unsigned char)text.p[i])) {
			k++;
			i++;
		} else if (star != SIZE_MAX) {
			k = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (k < p->n && op[k] == SHAPE_STAR)
		k++;
	return k == p->n;
}

static const struct json_tok *
at(const struct walk *w, size_t i)
{
	return &w->d->tok[i];
}

/* What is between the quotes of a string, else all. */
static struct span
body(const struct walk *w, size_t i)
{
	const struct json_tok *t = at(w, i);

	return t->type == JSON_STRING ? json_body(w->d->text, t) :
	    json_text(w->d->text, t);
}

/* What a value is compared as; false for what is long or holds values. */
static bool
spelt(const struct walk *w, size_t i, struct span *out)
{
	const struct json_tok *t = at(w, i);

	*out = body(w, i);
	if (t->type == JSON_ARRAY || t->type == JSON_OBJECT) {
		*out = t->type == JSON_ARRAY ? SPAN_LIT("[]") :
		    SPAN_LIT("{}");
		return t->count == 0;
	}
	return out->n <= SHAPE_VALUE_MAX;
}

static bool
is_alnum(char c)
{
	return is_digit(c) || is_letter8(c);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The same letters and digits, without regard to case. */
static bool
alike(struct span a, struct span b)
{
	size_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < a.n && !is_alnum(a.p[i]))
			i++;
		while (k < b.n && !is_alnum(b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (lower(a.p[i]) != lower(b.p[k]))
			return false;
	}
}

/* Whether the value i is what a path asks for; ref is of the same object. */
static bool
is_value(const struct walk *w, const struct shape_value *v, size_t i,
    uint32_t ref)
{
	struct span text, start;

	if (v->any)
		return true;
	if (!spelt(w, i, &text))
		return false;
	if (v->ref == REF_NONE)
		return match(w->s, &v->pat, text);
	if (ref == NO_TOK || !spelt(w, ref, &start))
		return false;
	if (v->ref != REF_MEMBER)
		return alike(text, start);
	return span_starts(text, start) &&
	    match(w->s, &v->pat, span_skip(text, start.n));
}

/* The value of the first member that a name fits, or NO_TOK. */
static uint32_t
member(const struct walk *w, size_t object, const struct shape_pat *pat,
    struct span name)
{
	size_t end = object + at(w, object)->skip, i;

	for (i = object + 1; i < end; i += 1 + at(w, i + 1)->skip)
		if (pat != NULL ? match(w->s, pat, body(w, i)) :
		    span_eq(name, body(w, i)))
			return (uint32_t)i + 1;
	return NO_TOK;
}

/* Whether the member i is what a condition asks for, or holds it. */
static bool
holds(const struct walk *w, const struct shape_cond *c, size_t i)
{
	const struct shape_path *p = &c->path;
	uint32_t v = (uint32_t)i + 1;
	unsigned k;

	for (k = 1; k < p->n; k++) {
		if (at(w, v)->type != JSON_OBJECT)
			return false;
		v = member(w, v, &w->s->name[p->first + k], SPAN_LIT(""));
		if (v == NO_TOK)
			return false;
	}
	return is_value(w, &p->value, v, NO_TOK);
}

static void
add_active(struct walk *w, struct frame *f, struct active a)
{
	struct active *p = w->active;

	if (f->n == SHAPE_ACTIVE_MAX)
		return;
	if (w->nactive == w->activecap) {
		p = mem_grow(p, &w->activecap, w->nactive + 1, sizeof(*p),
		    (size_t)(JSON_DEPTH_MAX + 1) * SHAPE_ACTIVE_MAX);
		if (p == NULL) {
			w->failed = true;
			return;
		}
		w->active = p;
	}
	w->active[w->nactive++] = a;
	f->n++;
}

static void
set(struct walk *w, size_t i, unsigned what)
{
	w->what[i] |= (uint8_t)what;
	w->any = true;
}

/* The rules of a shape that an object has. */
static void
add_shape(struct walk *w, struct frame *f, size_t object,
    const struct shape *shape)
{
	uint32_t r;

	for (r = shape->first; r < shape->last; r++) {
		if (w->s->rule[r].path.n == 0)
			set(w, object, w->s->rule[r].what);
		else
			add_active(w, f, (struct active){ r, 0, NO_TOK });
	}
}

/*
 * What a member adds to what is known of its object.  A shape of which two
 * lines hold is there twice, which changes nothing.
 */
static void
count_member(struct walk *w, struct frame *f, size_t object, size_t i,
    size_t *nhad)
{
	const struct shapes *s = w->s;
	const union map_val *v = map_get(&s->first, body(w, i));
	uint32_t c = v == NULL ? NO_COND : (uint32_t)v->u - 1;

	for (; c != NO_COND; c = s->cond[c].next) {
		const struct shape_cond *k = &s->cond[c];
		const struct shape_is *is = &s->is[k->is];

		if (s->shape[is->shape].hidden ||
		    (w->seen[k->is] & k->bit) != 0 || !holds(w, k, i))
			continue;
		if (w->seen[k->is] == 0)
			w->had[(*nhad)++] = k->is;
		w->seen[k->is] |= k->bit;
		if (w->seen[k->is] == is->all)
			add_shape(w, f, object, &s->shape[is->shape]);
	}
}

static void
find_shapes(struct walk *w, struct frame *f, size_t object)
{
	size_t end = object + at(w, object)->skip, i, nhad = 0;

	for (i = object + 1; i < end; i += 1 + at(w, i + 1)->skip)
		count_member(w, f, object, i, &nhad);
	while (nhad > 0)
		w->seen[w->had[--nhad]] = 0;
}

/* Look up what values of this object are compared with, once. */
static void
find_refs(struct walk *w, const struct frame *f, size_t object, size_t name)
{
	size_t i;

	for (i = f->first; i < f->first + f->n; i++) {
		struct active *a = &w->active[i];
		const struct shape_path *p = &w->s->rule[a->rule].path;

		a->ref = NO_TOK;
		if (a->step + 1u != p->n || p->value.any)
			continue;
		if (p->value.ref == REF_LIKE_NAME)
			a->ref = name == 0 ? NO_TOK : (uint32_t)name;
		else if (p->value.ref != REF_NONE)
			a->ref = member(w, object, NULL, p->value.member);
	}
}

/*
 * Begin an object or array, whose list begins where w->active ends but for the
 * n that its parent gave it.  name: the token of its name, 0: an element.
 */
static void
enter(struct walk *w, size_t i, size_t n, size_t name)
{
	struct frame *f = w->frame;

	if (w->depth == w->framecap) {
		f = mem_grow(f, &w->framecap, w->depth + 1, sizeof(*f),
		    JSON_DEPTH_MAX + 1);
		if (f == NULL) {
			w->failed = true;
			return;
		}
		w->frame = f;
	}
	f = &w->frame[w->depth++];
	*f = (struct frame){ .end = (uint32_t)(i + at(w, i)->skip),
	    .first = (uint32_t)(w->nactive - n), .n = (uint32_t)n,
	    .object = at(w, i)->type == JSON_OBJECT };
	if (f->object) {
		find_shapes(w, f, i);
		find_refs(w, f, i, name);
	}
}

/*
 * What the rules of an object say of its member i.  Those that go on inside
 * are added for it; how many.
 */
static size_t
judge(struct walk *w, const struct frame *parent, size_t i)
{
	struct frame f = { .n = 0 };
	unsigned type = at(w, i + 1)->type;
	size_t k;

	for (k = 0; k < parent->n; k++) {
		const struct active a = w->active[parent->first + k];
		const struct shape_rule *r = &w->s->rule[a.rule];
		const struct shape_path *p = &r->path;

		if (!match(w->s, &w->s->name[p->first + a.step], body(w, i)))
			continue;
		if (a.step + 1u < p->n) {
			if (type == JSON_OBJECT || type == JSON_ARRAY)
				add_active(w, &f, (struct active){ a.rule,
				    a.step + 1, NO_TOK });
		} else if (is_value(w, &p->value, i + 1, a.ref)) {
			set(w, i + 1, r->what);
		}
	}
	return f.n;
}

/* The elements of an array that is a member have the rules of the member. */
static size_t
inherit(struct walk *w, const struct frame *parent, size_t i)
{
	struct frame f = { .n = 0 };
	size_t k;

	if (at(w, i)->type == JSON_OBJECT)
		for (k = 0; k < parent->n; k++)
			add_active(w, &f, w->active[parent->first + k]);
	return f.n;
}

static bool
is_open(const struct walk *w, size_t i)
{
	return at(w, i)->type >= JSON_ARRAY && at(w, i)->count > 0;
}

static void
walk(struct walk *w)
{
	size_t i = 0, n = 0, name = 0;

	while (i < w->d->ntok && !w->failed) {
		while (w->depth > 0 && i >= w->frame[w->depth - 1].end)
			w->nactive = w->frame[--w->depth].first;
		if (w->depth > 0) {
			const struct frame f = w->frame[w->depth - 1];

			name = f.object ? i : 0;
			n = f.object ? judge(w, &f, i) : inherit(w, &f, i);
			i += f.object;
		}
		if ((w->what[i] & SHAPE_DROP) != 0)
			w->what[i] = SHAPE_DROP;
		if (w->what[i] == SHAPE_DROP || !is_open(w, i)) {
			w->nactive -= n;
			i += at(w, i)->skip;
		} else {
			enter(w, i++, n, name);
		}
	}
}

bool
shapes_mark(const struct shapes *s, const struct json_doc *d, uint8_t *what)
{
	struct walk w = { .s = s, .d = d, .what = what };

	memset(what, 0, d->ntok);
	if (s == NULL || s->nis == 0)
		return false;
	w.seen = calloc(s->nis, sizeof(*w.seen));
	w.had = calloc(s->nis, sizeof(*w.had));
	if (w.seen != NULL && w.had != NULL)
		walk(&w);
	else
		w.failed = true;
	if (w.failed && w.any)
		memset(what, 0, d->ntok);
	free(w.seen);
	free(w.had);
	free(w.active);
	free(w.frame);
	return w.any && !w.failed;
}
