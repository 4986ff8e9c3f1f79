/*
 * json_rows - the rows of a JSON text
 */
#include "compat.h"

#include "json_lines.h"
#include "json_rows.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What stands between values, without white space. */
static void
add_gap(struct buf *b, struct span s, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (!is_blank(s.p[i]))
			buf_addc(b, s.p[i]);
}

static void
add_value(struct buf *b, const struct json_doc *d, uint32_t v)
{
	const struct json_tok *t = &d->tok[v], *end = t + t->skip;
	struct span all = json_text(d->text, t);
	size_t at = t->start, stop = t->end;

	if (memchr(all.p, '\n', all.n) == NULL &&
	    memchr(all.p, '\r', all.n) == NULL) {
		buf_addspan(b, all);
		return;
	}
	for (; t < end; t++) {
		if (t->type >= JSON_ARRAY)
			continue;
		add_gap(b, d->text, at, t->start);
		buf_addspan(b, json_text(d->text, t));
		at = t->end;
	}
	add_gap(b, d->text, at, stop);
}

/* Whether all that a value holds are objects, and there are any. */
static bool
holds_objects(const struct json_doc *d, uint32_t v)
{
	const struct json_tok *t = &d->tok[v], *end = t + t->skip, *e;
	bool keyed = t->type == JSON_OBJECT;

	for (e = t + 1; e < end; e += e->skip) {
		e += keyed;
		if (e->type != JSON_OBJECT)
			return false;
	}
	return t->type >= JSON_ARRAY && t->count > 0;
}

/* The value whose elements or members are the rows; UINT32_MAX: none. */
static uint32_t
find(const struct json_doc *d)
{
	uint32_t best = UINT32_MAX, v;
	uint64_t most = 0, score;

	if (d->tok[0].type == JSON_ARRAY)
		return 0;
	/* Each value is looked at from the one around it, so that is linear. */
	for (v = 0; v < d->ntok; v++) {
		const struct json_tok *t = &d->tok[v];

		if (!holds_objects(d, v))
			continue;
		score = t->count;
		if (t->type == JSON_ARRAY || t->count >= JSON_ROWS_KEYED)
			score += JSON_COUNT_MAX;
		if (score > most) {
			most = score;
			best = v;
		}
	}
	return best;
}

static void
add_rows(struct buf *b, const struct json_doc *d, uint32_t v, uint64_t from,
    uint64_t to)
{
	uint32_t end = v + d->tok[v].skip, e;
	bool keyed = d->tok[v].type == JSON_OBJECT;
	uint64_t n = 0;

	for (e = v + 1; e < end && n < to; e += d->tok[e].skip) {
		e += keyed;
		if (++n < from)
			continue;
		if (keyed) {
			buf_addc(b, '{');
			buf_addspan(b, json_text(d->text, &d->tok[e - 1]));
			buf_addc(b, ':');
		}
		add_value(b, d, e);
		buf_adds(b, keyed ? "}\n" : "\n");
	}
}

enum json_rows
json_rows(struct span text, uint64_t from, uint64_t to, struct buf *out,
    uint64_t *total, struct json_err *err)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err lines_err;
	enum json_rows res = JSON_ROWS_OK;
	enum json_rc rc = json_doc_scan(&d, text, err);
	uint32_t v;

	*total = 0;
	if (rc == JSON_BAD) {
		rc = json_lines_scan(&d, text, &lines_err);
		if (rc == JSON_BAD && lines_err.at > err->at &&
		    lines_err.at < text.n)
			*err = lines_err;
	}
	if (rc != JSON_OK) {
		res = rc == JSON_BAD ? JSON_ROWS_FOREIGN : JSON_ROWS_NOMEM;
	} else if ((v = find(&d)) == UINT32_MAX) {
		res = JSON_ROWS_NONE;
	} else {
		*total = d.tok[v].count;
		add_rows(out, &d, v, from, to);
	}
	json_doc_release(&d);
	return res;
}
