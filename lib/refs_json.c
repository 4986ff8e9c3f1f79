/*
 * refs_json - the larger values of a JSON text on few lines
 *
 * Each is known by its bytes and by a path that a reader finds without
 * counting: names of members, and for elements of arrays what their first
 * member says.
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#include "hash.h"
#include "mem.h"
#include "refs_impl.h"

#define DENSE		200	/* bytes a line, on average */
#define TREE_MIN	200	/* bytes; smaller ones save nothing */
#define TREES_MAX	64	/* of a text */
#define DEPTH_MAX	8
#define SIBLINGS_MAX	64	/* elements that are told apart */
#define NAME_LEN	40	/* bytes of a part of a path */
#define PATH_LEN	160

struct level {
	const struct json_tok	*first, *end;
	size_t			 path;		/* its length */
	bool			 array;
};

static struct span
bytes(const struct refs_lines *l, const struct json_tok *t)
{
	return json_text(l->text, t);
}

/* Letters, digits and the like, so that a path is read as one word. */
static bool
is_plain(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) - 'a' + 0u < 26 ||
		    s.p[i] - '0' + 0u < 10 ||
		    memchr("_-.:/@+#", s.p[i], 8) != NULL))
			return false;
	return s.n > 0 && s.n <= NAME_LEN;
}

/* The first member of an element, name and value, or an empty span. */
static struct span
identity(const struct refs_lines *l, const struct json_tok *t)
{
	if (t->type != JSON_OBJECT || t->count == 0 ||
	    (t[2].type != JSON_STRING && t[2].type != JSON_NUMBER))
		return span_of("", 0);
	return span_of(l->text.p + t[1].start, t[2].end - t[1].start);
}

static bool
is_only(const struct refs_lines *l, const struct level *array, struct span is)
{
	const struct json_tok *t = array->first;
	size_t n = 0, same = 0;

	for (; t < array->end && n < SIBLINGS_MAX; t += t->skip, n++)
		same += span_eq(identity(l, t), is);
	return t == array->end && same == 1;
}

/* One more part of the path.  False: there is no telling. */
static bool
add_element(struct refs_lines *l, const struct level *array,
    const struct json_tok *t)
{
	struct span is = identity(l, t), key, value;

	if (is.n == 0 || !is_only(l, array, is))
		return false;
	key = json_body(l->text, t + 1);
	value = t[2].type == JSON_STRING ? json_body(l->text, t + 2) :
	    bytes(l, t + 2);
	if (!is_plain(key) || !is_plain(value))
		return false;
	buf_addc(&l->path, '[');
	buf_addspan(&l->path, key);
	buf_addc(&l->path, ' ');
	buf_addspan(&l->path, value);
	buf_addc(&l->path, ']');
	return l->path.len <= PATH_LEN;
}

static bool
add_member(struct refs_lines *l, const struct json_tok *key)
{
	struct span s = json_body(l->text, key);

	if (!is_plain(s))
		return false;
	buf_addc(&l->path, '.');
	buf_addspan(&l->path, s);
	return l->path.len <= PATH_LEN;
}

static void
add_tree(struct refs_lines *l, const struct json_tok *t, uint64_t seed)
{
	struct refs_tree *p = mem_grow(l->tree, &l->treecap, l->ntrees + 1,
	    sizeof(*p), TREES_MAX);

	if (p == NULL) {
		l->err = ENOMEM;
		return;
	}
	l->tree = p;
	l->tree[l->ntrees++] = (struct refs_tree){
	    .hash = refs_hash(bytes(l, t), seed), .start = t->start,
	    .end = t->end, .path = (uint32_t)l->paths.len,
	    .pathlen = (uint32_t)l->path.len };
	buf_addspan(&l->paths, buf_span(&l->path));
}

static bool
holds(struct span s, const char *z)
{
	return memmem(s.p, s.n, z, strlen(z)) != NULL;
}

/* Whether something in it is to stay, or to be found elsewhere. */
static bool
is_barred(struct span s)
{
	return holds(s, "[hr: ") || holds(s, "<system-reminder>");
}

/* Values of the root's and below, the outer ones first. */
static void
walk(struct refs_lines *l, uint64_t seed)
{
	const struct json_tok *t = l->doc.tok, *value;
	struct level level[DEPTH_MAX];
	bool barred = is_barred(l->text), named;
	size_t depth = 0;

	level[depth++] = (struct level){ t + 1, t + t->skip, 0,
	    t->type == JSON_ARRAY };
	for (t++; depth > 0 && !l->err; ) {
		const struct level *v = &level[depth - 1];

		if (t == v->end) {
			depth--;
			continue;
		}
		value = v->array ? t : t + 1;
		if (value->end - value->start < TREE_MIN ||
		    l->ntrees == TREES_MAX) {
			t = value + value->skip;
			continue;
		}
		buf_truncate(&l->path, v->path);
		named = v->array ? add_element(l, v, t) : add_member(l, t);
		t = value + value->skip;
		if (!named)
			continue;
		if (!barred || !is_barred(bytes(l, value)))
			add_tree(l, value, seed);
		if (value->skip > 1 && depth < DEPTH_MAX) {
			level[depth++] = (struct level){ value + 1,
			    value + value->skip, l->path.len,
			    value->type == JSON_ARRAY };
			t = value + 1;
		}
	}
}

void
refs_trees(struct refs_lines *l, uint64_t seed)
{
	struct json_err err;

	l->ntrees = 0;
	if (l->text.n / l->real < DENSE || (l->text.p[0] != '{' &&
	    l->text.p[0] != '['))
		return;
	if (json_doc_scan(&l->doc, l->text, &err) != JSON_OK)
		return;
	buf_reset(&l->path);
	buf_reset(&l->paths);
	walk(l, seed);
	if (buf_err(&l->path) || buf_err(&l->paths))
		l->err = ENOMEM;
}
