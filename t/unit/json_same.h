/*
 * json_same.h - do two JSON texts hold the same values?
 *
 * Numbers count by their spelling, strings by what they mean, members of an
 * object in any order.  Recursive: for texts that a test made.
 */
#ifndef HR_JSON_SAME_H
#define HR_JSON_SAME_H

#include "compat.h"

#include <stdlib.h>

#include "json.h"
#include "json_lines.h"

struct json_member {
	uint32_t	key, value;
	const struct json_doc *doc;
};

static int
json_member_order(const void *a, const void *b)
{
	const struct json_member *x = a, *y = b;
	struct buf p = BUF_INIT, q = BUF_INIT;
	int c;

	json_decode(json_body(x->doc->text, &x->doc->tok[x->key]), &p);
	json_decode(json_body(y->doc->text, &y->doc->tok[y->key]), &q);
	c = span_cmp(buf_span(&p), buf_span(&q));
	buf_release(&p);
	buf_release(&q);
	return c != 0 ? c : (x->key > y->key) - (x->key < y->key);
}

/* Append a spelling of value t that only depends on what it is. */
static void
json_spell(const struct json_doc *d, uint32_t t, struct buf *out)
{
	const struct json_tok *v = &d->tok[t];
	struct buf s = BUF_INIT;
	struct json_member *m;
	uint32_t i, k = t + 1;

	switch ((enum json_type)v->type) {
	case JSON_STRING:
		json_decode(json_body(d->text, v), &s);
		json_quote(buf_span(&s), out);
		break;
	case JSON_ARRAY:
		buf_addc(out, '[');
		for (i = 0; i < v->count; i++) {
			json_spell(d, k, out);
			buf_addc(out, ',');
			k += d->tok[k].skip;
		}
		buf_addc(out, ']');
		break;
	case JSON_OBJECT:
		m = calloc(v->count + 1, sizeof(*m));
		for (i = 0; i < v->count; i++) {
			m[i] = (struct json_member){ k, k + 1, d };
			k += 1 + d->tok[k + 1].skip;
		}
		qsort(m, v->count, sizeof(*m), json_member_order);
		buf_addc(out, '{');
		for (i = 0; i < v->count; i++) {
			json_spell(d, m[i].key, out);
			buf_addc(out, ':');
			json_spell(d, m[i].value, out);
			buf_addc(out, ',');
		}
		buf_addc(out, '}');
		free(m);
		break;
	default:
		buf_addspan(out, json_text(d->text, v));
	}
	buf_release(&s);
}

static bool
json_spell_text(struct span s, struct buf *out)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	bool ok = json_doc_scan(&d, s, &err) == JSON_OK ||
	    json_lines_scan(&d, s, &err) == JSON_OK;

	if (ok)
		json_spell(&d, 0, out);
	json_doc_release(&d);
	return ok;
}

static bool
json_same(struct span a, struct span b)
{
	struct buf x = BUF_INIT, y = BUF_INIT;
	bool same = json_spell_text(a, &x) && json_spell_text(b, &y) &&
	    span_eq(buf_span(&x), buf_span(&y));

	buf_release(&x);
	buf_release(&y);
	return same;
}

#endif
