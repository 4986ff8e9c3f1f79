/*
 * json_lines - several JSON values as one array
 */
#include "compat.h"

#include "json_lines.h"
#include "mem.h"

#define TOKENS_MAX	UINT32_MAX

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Step over one value at s. */
static enum json_rc
skip_one(struct span s, size_t *used, struct json_err *err)
{
	size_t ntok;

	return json_scan_prefix(s, NULL, 0, &ntok, used, err);
}

/* Scan one value at s into tokens from *n on; the array grows as it must. */
static enum json_rc
scan_one(struct json_doc *d, struct span s, size_t *n, size_t *used,
    struct json_err *err)
{
	struct json_tok *grown;
	enum json_rc rc;
	size_t got;

	while ((rc = json_scan_prefix(s, d->tok + *n, d->cap - *n, &got, used,
	    err)) == JSON_FULL) {
		grown = mem_grow(d->tok, &d->cap, d->cap + 1,
		    sizeof(*d->tok), TOKENS_MAX);
		if (grown == NULL)
			return JSON_NOMEM;
		d->tok = grown;
	}
	if (rc == JSON_OK)
		*n += got;
	return rc;
}

/* Make the offsets of tokens [from, to) count from the whole text. */
static void
move(struct json_doc *d, size_t from, size_t to, size_t base)
{
	size_t i;

	for (i = from; i < to; i++) {
		d->tok[i].start += (uint32_t)base;
		d->tok[i].end += (uint32_t)base;
	}
}

static enum json_rc
bad(struct json_err *err, size_t at, const char *what)
{
	err->at = at;
	err->what = what;
	return JSON_BAD;
}

enum json_rc
json_lines_scan(struct json_doc *d, struct span s, struct json_err *err)
{
	size_t at = 0, n = 1, before, used;
	uint32_t values = 0;
	enum json_rc rc;

	if (s.n > JSON_TEXT_MAX)
		return bad(err, 0, "text too long");
	if (d != NULL)
		d->text = s;
	if (d != NULL && d->cap < 2) {
		struct json_tok *t = mem_grow(d->tok, &d->cap, 2, sizeof(*t),
		    TOKENS_MAX);

		if (t == NULL)
			return JSON_NOMEM;
		d->tok = t;
	}
	for (;;) {
		while (at < s.n && blank(s.p[at]))
			at++;
		if (at == s.n)
			break;
		if (s.p[at] != '{' && s.p[at] != '[')
			return bad(err, at, "expected '{' or '['");
		before = n;
		rc = d == NULL ? skip_one(span_skip(s, at), &used, err) :
		    scan_one(d, span_skip(s, at), &n, &used, err);
		if (rc != JSON_OK) {
			err->at += at;
			return rc;
		}
		if (d != NULL)
			move(d, before, n, at);
		at += used;
		values++;
	}
	if (values < 2)
		return bad(err, s.n, "only one value");
	if (d == NULL)
		return JSON_OK;
	d->ntok = n;
	d->tok[0] = (struct json_tok){ .end = (uint32_t)s.n,
	    .skip = (uint32_t)n, .type = JSON_ARRAY,
	    .count = values < JSON_COUNT_MAX ? values : JSON_COUNT_MAX };
	return JSON_OK;
}
