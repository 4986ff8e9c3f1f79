/*
 * forward_canon - content as the provider's cache sees it
 *
 * A prompt is cached by what it says, not by how the body is spelt: a mark
 * for the cache, the order of a block's members, white space, and a string
 * instead of a list of one text do not count.  What is written here is not
 * JSON but tagged lengths, so that no two contents give the same bytes:
 *
 *	z f t		null, false, true
 *	n LEN text	number, as it was written
 *	s LEN text	string, as it means
 *	a COUNT ...	array
 *	o COUNT ...	object, names as strings, order kept
 *	( ... )		block: members sorted by name
 *	[ ... ]		list of blocks
 */
#include "compat.h"

#include "forward_impl.h"

#define MEMBERS_MAX	64	/* of a block; with more the order counts */

struct member {
	struct span		 name;
	const struct json_tok	*value;
};

static void
add_length(struct buf *b, char tag, uint32_t n)
{
	char head[5] = { tag, (char)n, (char)(n >> 8), (char)(n >> 16),
	    (char)(n >> 24) };

	buf_add(b, head, sizeof(head));
}

static void
add_span(struct buf *b, char tag, struct span s)
{
	add_length(b, tag, (uint32_t)s.n);
	buf_addspan(b, s);
}

static void
add_string(struct reading *r, struct span text, const struct json_tok *t)
{
	struct span body = json_body(text, t);
	size_t at;

	if (!t->escaped) {
		add_span(&r->canon, 's', body);
		return;
	}
	/* The length is known afterwards. */
	at = r->canon.len;
	add_length(&r->canon, 's', 0);
	json_decode(body, &r->canon);
	if (!buf_err(&r->canon)) {
		uint32_t n = (uint32_t)(r->canon.len - at - 5), i;

		for (i = 0; i < 4; i++)
			r->canon.p[at + 1 + i] = (char)(n >> 8 * i);
	}
}

void
canon_value(struct reading *r, struct span text, const struct json_tok *t)
{
	const struct json_tok *end = t + t->skip;

	for (; t < end; t++)
		switch ((enum json_type)t->type) {
		case JSON_NULL:
			buf_addc(&r->canon, 'z');
			break;
		case JSON_FALSE:
			buf_addc(&r->canon, 'f');
			break;
		case JSON_TRUE:
			buf_addc(&r->canon, 't');
			break;
		case JSON_NUMBER:
			add_span(&r->canon, 'n', json_text(text, t));
			break;
		case JSON_STRING:
			add_string(r, text, t);
			break;
		case JSON_ARRAY:
			add_length(&r->canon, 'a', t->count);
			break;
		case JSON_OBJECT:
			add_length(&r->canon, 'o', t->count);
			break;
		}
}

static bool
is_mark(struct span name)
{
	return span_eq(name, SPAN_LIT("cache_control")) ||
	    span_eq(name, SPAN_LIT("prompt_cache_breakpoint"));
}

/* The members but marks, sorted; false if there are too many. */
static bool
sorted(struct span text, const struct json_tok *t, struct member *m, size_t *n)
{
	const struct json_tok *end = t + t->skip;
	struct span name;
	size_t i;

	*n = 0;
	for (t++; t < end; t += 1 + t[1].skip) {
		name = json_body(text, t);
		if (is_mark(name))
			continue;
		if (*n == MEMBERS_MAX)
			return false;
		/* By insertion, so that equal names keep their order. */
		for (i = *n; i > 0 && span_cmp(m[i - 1].name, name) > 0; i--)
			m[i] = m[i - 1];
		m[i] = (struct member){ name, t + 1 };
		++*n;
	}
	return true;
}

typedef void member_fn(struct reading *r, struct span text,
    const struct member *m);

/* A block, its members' values by fn. */
static void
canon_members(struct reading *r, struct span text, const struct json_tok *t,
    member_fn *fn)
{
	struct member m[MEMBERS_MAX];
	size_t i, n;

	if (t->type != JSON_OBJECT || !sorted(text, t, m, &n)) {
		canon_value(r, text, t);
		return;
	}
	buf_addc(&r->canon, '(');
	for (i = 0; i < n; i++) {
		add_span(&r->canon, 's', m[i].name);
		fn(r, text, &m[i]);
	}
	buf_addc(&r->canon, ')');
}

/* Of a part of a block: the three names of a text's type mean the same. */
static void
part_member(struct reading *r, struct span text, const struct member *m)
{
	if (span_eq(m->name, SPAN_LIT("type")) &&
	    (forward_is(text, m->value, "input_text") ||
	    forward_is(text, m->value, "output_text")))
		add_span(&r->canon, 's', SPAN_LIT("text"));
	else
		canon_value(r, text, m->value);
}

void
canon_text(struct reading *r, struct span text, const struct json_tok *t)
{
	buf_addc(&r->canon, '(');
	add_span(&r->canon, 's', SPAN_LIT("text"));
	add_string(r, text, t);
	add_span(&r->canon, 's', SPAN_LIT("type"));
	add_span(&r->canon, 's', SPAN_LIT("text"));
	buf_addc(&r->canon, ')');
}

/* What stands under "content" or "output". */
static void
canon_list(struct reading *r, struct span text, const struct json_tok *t)
{
	const struct json_tok *end = t + t->skip;

	if (t->type != JSON_STRING && t->type != JSON_ARRAY) {
		canon_value(r, text, t);
		return;
	}
	buf_addc(&r->canon, '[');
	if (t->type == JSON_STRING)
		canon_text(r, text, t);
	else
		for (t++; t < end; t += t->skip)
			canon_members(r, text, t, part_member);
	buf_addc(&r->canon, ']');
}

static void
block_member(struct reading *r, struct span text, const struct member *m)
{
	if (span_eq(m->name, SPAN_LIT("content")) ||
	    span_eq(m->name, SPAN_LIT("output")))
		canon_list(r, text, m->value);
	else
		canon_value(r, text, m->value);
}

void
canon_block(struct reading *r, struct span text, const struct json_tok *t)
{
	canon_members(r, text, t, block_member);
}

size_t
canon_close(struct reading *r, struct chain *c)
{
	struct chain next;
	size_t n = r->canon.len;

	buf_add(&r->canon, c->sha, sizeof(c->sha));
	hash_sha256(buf_span(&r->canon), next.sha);
	*c = next;
	if (!buf_err(&r->canon))
		buf_reset(&r->canon);
	return n;
}

/* Never changed: pins of all versions are found by it. */
#define SEED_NAME	"hr pin 1"

struct chain
forward_seed(struct reading *r, const struct forward_in *in)
{
	const struct facts *f = &r->facts;
	struct chain c = { { 0 } };

	buf_adds(&r->canon, SEED_NAME);
	buf_addf(&r->canon, " %s %s %u ", api_name(in->api),
	    client_name(in->client), (unsigned)in->key);
	buf_add(&r->canon, f->model.sha, SHA256_LEN);
	buf_add(&r->canon, f->tools.sha, SHA256_LEN);
	buf_add(&r->canon, f->system.sha, SHA256_LEN);
	buf_add(&r->canon, f->earlier.sha, SHA256_LEN);
	/* What may not be pointed to has other forms. */
	if (f->drops)
		buf_adds(&r->canon, " drops");
	canon_close(r, &c);
	return c;
}
