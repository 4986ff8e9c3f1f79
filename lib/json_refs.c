/*
 * json_refs - put values where paths stand for them
 */
#include "compat.h"

#include "json.h"
#include "json_path.h"
#include "json_refs.h"
#include "json_style.h"
#include "json_tool.h"

struct refs {
	const struct json_doc	*doc;
	struct json_lookup	 lookup;
	unsigned		 nest;
	bool			 stars;	/* there are names with one */
	enum squash_expanded	 rc;
};

static bool
fail(struct refs *r, enum squash_expanded rc)
{
	if (r->rc == EXPAND_OK)
		r->rc = rc;
	return false;
}

/* What a token says behind the sign; p is NULL if it has none. */
static struct span
sign(const struct json_doc *d, uint32_t t)
{
	const struct json_tok *v = &d->tok[t];
	struct span s = v->type == JSON_STRING && v->escaped ?
	    json_body(d->text, v) : SPAN_LIT("");

	return span_starts(s, SPAN_LIT(JSON_REFS_SIGN)) ?
	    span_skip(s, sizeof(JSON_REFS_SIGN) - 1) : span_of(NULL, 0);
}

/* Whether an array is a JSON text that is a string. */
static bool
embeds(const struct json_doc *d, uint32_t t)
{
	struct span s = d->tok[t].type == JSON_ARRAY && d->tok[t].count == 2 ?
	    sign(d, t + 1) : span_of(NULL, 0);

	return s.n > 0 && s.p[0] == '(';
}

/* Paths go through such texts as if they were values. */
static uint32_t
through(const struct json_doc *d, uint32_t t)
{
	return embeds(d, t) ? t + 2 : t;
}

static bool copy(struct refs *r, uint32_t t, struct buf *out);

static bool
put_value_at(struct refs *r, struct span escaped, struct buf *out)
{
	struct buf path = BUF_INIT;
	uint32_t t;
	bool ok;

	json_decode(escaped, &path);
	t = buf_err(&path) ? JSON_NONE : json_lookup(&r->lookup,
	    buf_span(&path));
	buf_release(&path);
	if (t == JSON_NONE)
		return fail(r, r->lookup.nomem ? EXPAND_FAILED :
		    EXPAND_FOREIGN);
	if (r->nest == JSON_REFS_NEST)
		return fail(r, EXPAND_FOREIGN);
	r->nest++;
	ok = copy(r, t, out);
	r->nest--;
	return ok;
}

/* The text of value t, as a string; `words' say in which style. */
static bool
put_embedded(struct refs *r, struct span words, uint32_t t, struct buf *out)
{
	struct buf value = BUF_INIT, text = BUF_INIT;
	struct json_doc d = JSON_DOC_INIT;
	struct json_style style;
	struct json_err err;
	bool ok = json_style_parse(span_skip(words, 1), &style);

	value.max = text.max = out->max;
	if (!ok)
		fail(r, EXPAND_FOREIGN);
	ok = ok && copy(r, t, &value);
	if (ok && json_doc_scan(&d, buf_span(&value), &err) != JSON_OK)
		ok = fail(r, EXPAND_FAILED);
	if (ok) {
		json_style_write(&d, &style, &text);
		json_quote(buf_span(&text), out);
		ok = buf_err(&text) == 0 || fail(r, EXPAND_FAILED);
	}
	json_doc_release(&d);
	buf_release(&value);
	buf_release(&text);
	return ok;
}

static void
put_bytes(struct refs *r, uint32_t from, uint32_t to, struct buf *out)
{
	buf_add(out, r->doc->text.p + from, to - from);
}

/* The properties of an object, wherever they stand; JSON_NONE. */
static uint32_t
properties_of(struct refs *r, uint32_t t)
{
	const struct json_doc *d = r->doc;
	struct buf path = BUF_INIT;
	uint32_t m, k = t + 1, at = JSON_NONE;
	struct span s;

	for (m = d->tok[t].count; m > 0 && at == JSON_NONE; m--) {
		if (span_eq(json_body(d->text, &d->tok[k]),
		    SPAN_LIT("properties")))
			at = k + 1;
		k += 1 + d->tok[k + 1].skip;
	}
	if (at == JSON_NONE)
		return at;
	s = sign(d, at);
	if (s.p != NULL) {
		json_decode(s, &path);
		at = json_lookup(&r->lookup, buf_span(&path));
		buf_release(&path);
	}
	return at != JSON_NONE && d->tok[at].type == JSON_OBJECT ? at :
	    JSON_NONE;
}

/* Append the list of what the stars say is required, if there are any. */
static void
put_required(const struct json_doc *d, uint32_t properties, struct buf *out)
{
	uint32_t m, k = properties + 1;
	bool any = false;
	struct span name;

	for (m = d->tok[properties].count; m > 0; m--) {
		name = json_body(d->text, &d->tok[k]);
		if (json_tool_starred(&name)) {
			buf_adds(out, any ? ",\"" : ",\"required\":[\"");
			buf_addspan(out, name);
			buf_addc(out, '"');
			any = true;
		}
		k += 1 + d->tok[k + 1].skip;
	}
	if (any)
		buf_addc(out, ']');
}

/* Objects that are being copied and have properties. */
struct schemas {
	struct { uint32_t t, properties; } open[JSON_DEPTH_MAX];
	size_t	n;
};

/* Close those that end before token k; *at is what is copied already. */
static void
close_schemas(struct refs *r, struct schemas *ss, uint32_t k, uint32_t *at,
    struct buf *out)
{
	const struct json_tok *tok = r->doc->tok;
	uint32_t t;

	while (ss->n > 0) {
		t = ss->open[ss->n - 1].t;
		if (t + tok[t].skip > k)
			break;
		put_bytes(r, *at, tok[t].end - 1, out);
		*at = tok[t].end - 1;
		put_required(r->doc, ss->open[--ss->n].properties, out);
	}
}

static void
open_schema(struct refs *r, struct schemas *ss, uint32_t k)
{
	uint32_t properties;

	if (!r->stars || r->doc->tok[k].type != JSON_OBJECT)
		return;
	properties = properties_of(r, k);
	if (properties == JSON_NONE)
		return;
	ss->open[ss->n].t = k;
	ss->open[ss->n++].properties = properties;
}

/*
 * Append value t.  Recursion is bounded by JSON_REFS_NEST; what can unfold is
 * by the ceiling of out.
 */
static bool
copy(struct refs *r, uint32_t t, struct buf *out)
{
	const struct json_tok *tok = r->doc->tok;
	uint32_t end = t + tok[t].skip, at = tok[t].start, k;
	struct schemas ss;
	struct span s;

	ss.n = 0;
	for (k = t; k < end; k++) {
		close_schemas(r, &ss, k, &at, out);
		open_schema(r, &ss, k);
		s = json_body(r->doc->text, &tok[k]);
		if (tok[k].type == JSON_STRING && json_tool_starred(&s)) {
			put_bytes(r, at, tok[k].start + 1 + (uint32_t)s.n,
			    out);
			at = tok[k].end - 1;
			continue;
		}
		s = sign(r->doc, embeds(r->doc, k) ? k + 1 : k);
		if (s.p == NULL)
			continue;
		put_bytes(r, at, tok[k].start, out);
		at = tok[k].end;
		if (tok[k].type != JSON_ARRAY ? !put_value_at(r, s, out) :
		    !put_embedded(r, s, k + 2, out))
			return false;
		k += tok[k].skip - 1;
		if (buf_err(out))
			return fail(r, EXPAND_FAILED);
	}
	close_schemas(r, &ss, end, &at, out);
	put_bytes(r, at, tok[t].end, out);
	return buf_err(out) == 0 || fail(r, EXPAND_FAILED);
}

static bool
copy_lines(struct refs *r, struct buf *out)
{
	uint32_t i, k = 1;

	for (i = 0; i < r->doc->tok[0].count; i++) {
		if (!copy(r, k, out))
			return false;
		buf_addc(out, '\n');
		k += r->doc->tok[k].skip;
	}
	return true;
}

enum squash_expanded
json_refs_resolve(struct span json, bool lines, struct buf *out)
{
	struct json_doc d = JSON_DOC_INIT;
	struct refs r = { .doc = &d, .lookup = { .doc = &d,
	    .through = through }, .rc = EXPAND_OK };
	struct json_err err;
	enum json_rc rc = json_doc_scan(&d, json, &err);
	const struct span star = SPAN_LIT(JSON_TOOL_STAR "\"");

	r.stars = memmem(json.p, json.n, star.p, star.n) != NULL;

	if (rc != JSON_OK)
		r.rc = rc == JSON_BAD ? EXPAND_FOREIGN : EXPAND_FAILED;
	else if (lines)
		copy_lines(&r, out);
	else
		copy(&r, 0, out);
	if (r.rc == EXPAND_OK && buf_err(out))
		r.rc = EXPAND_FAILED;
	json_lookup_release(&r.lookup);
	json_doc_release(&d);
	return r.rc;
}
