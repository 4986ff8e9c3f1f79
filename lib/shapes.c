/*
 * shapes - files of shapes, line by line
 */
#include "compat.h"

#include <stdlib.h>

#include "mem.h"
#include "shapes_impl.h"

#define SHAPES_MAX	1024
#define LIST_MAX	16384	/* conditions, rules, names */
#define OPS_MAX		((size_t)1 << 20)
#define PAT_BYTES_MAX	200
#define CONDS_MAX	8	/* of a line: the bits of shape_is.all */
#define BLANKS		" \t\r"

struct shapes *
shapes_new(void)
{
	struct shapes *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->arena = (struct arena)ARENA_INIT;
	map_init(&s->first, map_random_seed());
	return s;
}

void
shapes_free(struct shapes *s)
{
	if (s == NULL)
		return;
	arena_release(&s->arena);
	map_release(&s->first);
	free(s->shape);
	free(s->is);
	free(s->cond);
	free(s->rule);
	free(s->name);
	free(s->op);
	free(s);
}

struct hash128
shapes_hash(const struct shapes *s)
{
	return s == NULL ? (struct hash128){ 0, 0 } : s->hash;
}

struct span
shapes_word(struct span *line)
{
	bool quoted = false;
	struct span w;
	size_t n;

	while (line->n > 0 && memchr(BLANKS, line->p[0], 3) != NULL)
		*line = span_skip(*line, 1);
	if (line->n > 0 && line->p[0] == '#')
		line->n = 0;
	for (n = 0; n < line->n && (quoted ||
	    memchr(BLANKS, line->p[n], 3) == NULL); n++)
		quoted ^= line->p[n] == '"';
	w = span_of(line->p, n);
	*line = span_skip(*line, n);
	return w;
}

/* Room for one more element of a list. */
static bool
grow(void *list, size_t *cap, size_t n, size_t size, size_t max)
{
	void *old, *p;

	if (n < *cap)
		return true;
	memcpy(&old, list, sizeof(old));
	p = mem_grow(old, cap, n + 1, size, max);
	if (p != NULL)
		memcpy(list, &p, sizeof(p));
	return p != NULL;
}

#define GROW(s, list, n, cap, max)					\
	grow(&(s)->list, &(s)->cap, (s)->n, sizeof(*(s)->list), max)

/*
 * A pattern, up to a byte of `ends' that is not in quotes: how many bytes that
 * is, or SIZE_MAX.
 */
static size_t
read_pat(struct shapes *s, struct span w, const char *ends,
    struct shape_pat *out, struct file_err *err)
{
	bool quoted = false;
	size_t i;

	*out = (struct shape_pat){ (uint32_t)s->nop, 0 };
	for (i = 0; i < w.n && (quoted || strchr(ends, w.p[i]) == NULL ||
	    w.p[i] == '\0'); i++) {
		uint16_t op = (unsigned char)w.p[i];

		if (w.p[i] == '"') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && (op == '*' || op == '?'))
			op = op == '*' ? SHAPE_STAR : SHAPE_ONE;
		if (out->n == PAT_BYTES_MAX) {
			file_wrong(err, "longer than 200 bytes", w);
			return SIZE_MAX;
		}
		if (!GROW(s, op, nop, opcap, OPS_MAX)) {
			file_nomem(err);
			return SIZE_MAX;
		}
		s->op[s->nop++] = op;
		out->n++;
	}
	if (!quoted)
		return i;
	file_wrong(err, "quotes that do not end", w);
	return SIZE_MAX;
}

/* "<url>", "<~name>", "<~>" at the beginning of a value: its bytes. */
static size_t
read_ref(struct shapes *s, struct span w, struct shape_value *v)
{
	const char *end;
	struct span name;

	if (w.n == 0 || w.p[0] != '<' ||
	    (end = memchr(w.p, '>', w.n)) == NULL)
		return 0;
	name = span_of(w.p + 1, (size_t)(end - w.p) - 1);
	v->ref = REF_MEMBER;
	if (name.n > 0 && name.p[0] == '~') {
		name = span_skip(name, 1);
		v->ref = name.n == 0 ? REF_LIKE_NAME : REF_LIKE;
	}
	v->member = arena_dup(&s->arena, name);
	return (size_t)(end - w.p) + 1;
}

static bool
read_value(struct shapes *s, struct span w, struct shape_value *v,
    struct file_err *err)
{
	size_t n = read_ref(s, w, v);

	v->any = false;
	if (v->ref != REF_NONE && v->member.p == NULL)
		return file_nomem(err);
	if ((v->ref == REF_MEMBER && v->member.n == 0) ||
	    (v->ref > REF_MEMBER && n < w.n))
		return file_wrong(err, "not <member>, <~member> or <~>", w);
	return read_pat(s, span_skip(w, n), "", &v->pat, err) != SIZE_MAX;
}

/* a."b.c".*=value */
static bool
read_path(struct shapes *s, struct span word, struct shape_path *p,
    struct file_err *err)
{
	struct span w = word;
	struct shape_pat pat;
	size_t n;

	*p = (struct shape_path){ .first = (uint32_t)s->nname,
	    .value = { .any = true } };
	do {
		n = read_pat(s, w, ".=", &pat, err);
		if (n == SIZE_MAX)
			return false;
		if (n == 0)
			return file_wrong(err, "an empty name", word);
		if (p->n == SHAPE_PATH_MAX)
			return file_wrong(err, "more than 8 names", word);
		if (!GROW(s, name, nname, namecap, LIST_MAX))
			return file_nomem(err);
		s->name[s->nname++] = pat;
		p->n++;
		w = span_skip(w, n);
		if (w.n > 0 && w.p[0] == '=')
			return read_value(s, span_skip(w, 1), &p->value, err);
		w = span_skip(w, w.n > 0);
	} while (w.n > 0 || word.p[word.n - 1] == '.');
	return true;
}

/* The bytes of a name without patterns, or none. */
static struct span
plain_name(struct shapes *s, const struct shape_pat *p)
{
	char *z = arena_alloc(&s->arena, (size_t)p->n + 1);
	size_t i;

	for (i = 0; z != NULL && i < p->n; i++) {
		if (s->op[p->op + i] > 255)
			return span_of(NULL, 1);
		z[i] = (char)s->op[p->op + i];
	}
	return span_of(z, p->n);
}

/* A condition of the last line, which is found by its first name. */
static bool
add_cond(struct shapes *s, struct span w, uint8_t bit, struct file_err *err)
{
	struct shape_cond c = { .is = (uint32_t)s->nis - 1, .bit = bit };
	struct span name = { NULL, 0 };
	union map_val *v;
	size_t i;

	if (!read_path(s, w, &c.path, err))
		return false;
	for (i = c.path.n; i-- > 0; ) {
		name = plain_name(s, &s->name[c.path.first + i]);
		if (name.p == NULL)
			return name.n != 1 ? file_nomem(err) :
			    file_wrong(err, "a pattern where only a name may "
			    "stand", w);
	}
	if (c.path.value.ref != REF_NONE)
		return file_wrong(err, "no <member> in an 'is' line", w);
	v = map_put(&s->first, name);
	if (v == NULL || !GROW(s, cond, ncond, condcap, LIST_MAX))
		return file_nomem(err);
	c.next = v->u == 0 ? NO_COND : (uint32_t)v->u - 1;
	s->cond[s->ncond++] = c;
	v->u = s->ncond;
	s->is[c.is].all |= bit;
	return true;
}

static bool
read_is(struct shapes *s, struct span line, struct file_err *err)
{
	struct shape_is is = { .shape = (uint32_t)s->nshape - 1 };
	struct span w;
	unsigned n = 0;

	if (!GROW(s, is, nis, iscap, LIST_MAX))
		return file_nomem(err);
	s->is[s->nis++] = is;
	while ((w = shapes_word(&line)).n > 0) {
		if (n == CONDS_MAX)
			return file_wrong(err, "more than 8 members", w);
		if (!add_cond(s, w, (uint8_t)(1u << n++), err))
			return false;
	}
	return n > 0 || file_wrong(err, "no member", SPAN_LIT(""));
}

static bool
read_rules(struct shapes *s, uint8_t what, struct span line,
    struct file_err *err)
{
	struct shape_rule r = { .what = what };
	struct span w;
	unsigned n = 0;

	for (; (w = shapes_word(&line)).n > 0; n++) {
		if (what == SHAPE_KEEP && span_eq(w, SPAN_LIT(".")))
			r.path = (struct shape_path){ .n = 0 };
		else if (!read_path(s, w, &r.path, err))
			return false;
		if (!GROW(s, rule, nrule, rulecap, LIST_MAX))
			return file_nomem(err);
		s->rule[s->nrule++] = r;
	}
	s->shape[s->nshape - 1].last = (uint32_t)s->nrule;
	return n > 0 || file_wrong(err, "no member", SPAN_LIT(""));
}

static bool
add_shape(struct shapes *s, struct span line, struct file_err *err)
{
	struct span name = shapes_word(&line);
	struct shape *t;

	if (name.n == 0 || shapes_word(&line).n > 0)
		return file_wrong(err, "not 'shape NAME'", name);
	if (!GROW(s, shape, nshape, shapecap, SHAPES_MAX))
		return file_nomem(err);
	t = &s->shape[s->nshape++];
	*t = (struct shape){ .name = arena_dup(&s->arena, name),
	    .first = (uint32_t)s->nrule, .last = (uint32_t)s->nrule };
	return t->name.p != NULL || file_nomem(err);
}

static bool
read_line(struct shapes *s, struct span line, struct span *text,
    struct file_err *err)
{
	struct span w = shapes_word(&line);

	if (w.n == 0)
		return true;
	if (span_eq(w, SPAN_LIT("shape")))
		return add_shape(s, line, err);
	if (s->nshape == 0)
		return file_wrong(err, "no shape before this", w);
	if (span_eq(w, SPAN_LIT("is")))
		return read_is(s, line, err);
	if (span_eq(w, SPAN_LIT("drop")))
		return read_rules(s, SHAPE_DROP, line, err);
	if (span_eq(w, SPAN_LIT("keep")))
		return read_rules(s, SHAPE_KEEP, line, err);
	if (span_eq(w, SPAN_LIT("test")))
		return file_test_skip(text, err);
	return file_wrong(err, "not one of shape|is|drop|keep|test", w);
}

static bool
read_all(struct shapes *s, struct span text, struct file_err *err)
{
	if (text.n > SHAPE_TEXT_MAX)
		return file_wrong(err, "too large", SPAN_LIT(""));
	while (text.n > 0) {
		struct span line = span_line(&text);

		err->line++;
		if (!read_line(s, line, &text, err))
			return false;
	}
	return true;
}

/* Of shapes with one name the last counts. */
static void
hide(struct shapes *s, size_t from)
{
	size_t i, k;

	for (i = from; i < s->nshape; i++)
		for (k = 0; k < i; k++)
			if (span_eq(s->shape[k].name, s->shape[i].name))
				s->shape[k].hidden = true;
}

/* What a file that is wrong has added says nothing. */
static void
forget(struct shapes *s, size_t from)
{
	size_t i;

	for (i = from; i < s->nshape; i++)
		s->shape[i].hidden = true;
}

bool
shapes_add(struct shapes *s, struct span text, struct file_err *err)
{
	size_t n = s->nshape;

	*err = (struct file_err){ 0, "", SPAN_LIT("") };
	if (!read_all(s, text, err)) {
		forget(s, n);
		return false;
	}
	hide(s, n);
	s->hash = hash_xxh128(text, s->hash.lo ^ s->hash.hi);
	return true;
}
