/*
 * json_expand - read the short form back
 *
 * In two steps: first JSON in which signs of our own stand for what is
 * elsewhere (json_refs.h), then the values in their places.  The result is
 * checked as a whole, so that only what really is JSON comes out.
 */
#include "compat.h"

#include "ascii.h"
#include "cell.h"
#include "form.h"
#include "json.h"
#include "json_expand_impl.h"
#include "json_refs.h"

#define HOW_MAX		256	/* bytes that say how it was written */
#define SHORT_MAX	((size_t)256 << 20)	/* bytes, expanded */

/*
 * Output with parts left out starts with a mark that counts them.  Further
 * marks need no care: they make the text no JSON.
 */
static bool
has_gaps(struct span in)
{
	size_t i = 5;

	if (!span_starts(in, SPAN_LIT("[hr: ")))
		return false;
	while (i < in.n && in.p[i] >= '0' && in.p[i] <= '9')
		i++;
	return i > 5 && span_starts(span_skip(in, i), SPAN_LIT(" of "));
}

/* The values of a text, as one or, if they are several, as an array. */
static bool
expand_text(struct expander *x, size_t *values)
{
	struct expander_head h;

	*values = 2;
	if (expander_take_head(x, SPAN_LIT(" lines"), &h))
		return expander_table(x, &h, false, true);
	buf_addc(x->out, '[');
	expander_skip_blanks(x);
	for (*values = 0; x->at < x->in.n; ++*values) {
		if (strchr(*values > 0 ? "[{=" : "[{", peek(x)) == NULL &&
		    !expander_embedded(x))
			return foreign(x);
		if (*values > 0)
			buf_addc(x->out, ',');
		if (!expander_value(x, x->out))
			return false;
		expander_skip_blanks(x);
	}
	buf_addc(x->out, ']');
	return *values > 0 || foreign(x);
}

/* The blanks at the end of a text. */
static struct span
behind(struct span s)
{
	struct span value = span_trim(s, EXPANDER_BLANKS);

	return span_skip(s, (size_t)(value.p - s.p) + value.n);
}

/* All of a text, of one value or of several. */
static enum squash_expanded
expand_json(struct span in, struct buf *out)
{
	struct buf json = BUF_INIT;
	struct expander x = { .in = in, .out = &json, .arena = ARENA_INIT,
	    .rc = EXPAND_OK };
	size_t values;
	struct span all;

	json.max = out->max;
	if (expand_text(&x, &values) && buf_err(&json))
		x.rc = EXPAND_FAILED;
	arena_release(&x.arena);
	if (x.rc == EXPAND_OK && !x.ours)
		x.rc = EXPAND_FOREIGN;
	if (x.rc == EXPAND_OK) {
		all = buf_span(&json);
		if (values == 1)	/* without the array around it */
			all = span_of(all.p + 1, all.n - 2);
		x.rc = json_refs_resolve(all, values > 1, out);
	}
	/* The blanks behind a value were there before. */
	if (x.rc == EXPAND_OK && values == 1)
		buf_addspan(out, behind(in));
	buf_release(&json);
	return x.rc;
}

/* "psql table" of "psql table: [12 rows: ..."; p is NULL if there is none. */
static struct span
form_words(struct span in)
{
	const char *colon = NULL;
	struct span how;

	if (in.n > 0 && is_letter(in.p[0]))
		colon = memchr(in.p, ':', in.n < HOW_MAX ? in.n : HOW_MAX);
	if (colon == NULL)
		return span_of(NULL, 0);
	how = span_of(in.p, (size_t)(colon - in.p));
	return how.n + 2 < in.n && form_named(how) != NULL ? how :
	    span_of(NULL, 0);
}

static enum squash_expanded
write_form(struct span how, struct span json, struct buf *out)
{
	const struct form *f = form_named(how);
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	enum squash_expanded rc = EXPAND_OK;

	if (f->write == NULL) {
		buf_addspan(out, json);
		return buf_err(out) ? EXPAND_FAILED : rc;
	}
	if (json_doc_scan(&d, json, &err) != JSON_OK ||
	    !f->write(&d, how, out))
		rc = EXPAND_FOREIGN;
	else if (buf_err(out))
		rc = EXPAND_FAILED;
	json_doc_release(&d);
	return rc;
}

enum squash_expanded
json_expand(struct span in, struct buf *out)
{
	struct span how = form_words(in), json;
	struct buf plain = BUF_INIT;
	enum squash_expanded rc;

	if (has_gaps(in))
		return EXPAND_GAPS;
	if (how.p == NULL)
		return expand_json(in, out);
	plain.max = out->max;
	json = span_skip(in, how.n + 2);
	rc = expand_json(json, &plain);
	/* Records of numbers alone need no other spelling than JSON's. */
	if (rc == EXPAND_FOREIGN)
		buf_addspan(&plain, json);
	if (rc == EXPAND_OK || rc == EXPAND_FOREIGN)
		rc = write_form(how, buf_span(&plain), out);
	buf_release(&plain);
	return rc;
}

/* Whether behind `at' a line begins with the bracket that closes p[0]. */
static bool
closes_later(struct span in, size_t at, char open)
{
	struct span close = open == '[' ? SPAN_LIT("\n]") : SPAN_LIT("\n}");

	return memmem(in.p + at, in.n - at, close.p, close.n) != NULL;
}

/* A table anywhere in a text. */
static bool
has_table(struct span in)
{
	static const char word[] = " rows";
	struct span rest = in;
	struct expander x = { .in = in };
	const char *p;
	struct expander_head h;
	size_t at, i;

	while ((p = memmem(rest.p, rest.n, word, sizeof(word) - 1)) != NULL) {
		at = i = (size_t)(p - in.p);
		while (i > 0 && in.p[i - 1] >= '0' && in.p[i - 1] <= '9')
			i--;
		x.at = i;
		if (i > 0 && i < at && (in.p[i - 1] == '[' ||
		    in.p[i - 1] == '{') &&
		    expander_take_head(&x, SPAN_LIT(" rows"), &h))
			return closes_later(in, at, in.p[i - 1]);
		rest = span_skip(in, at + sizeof(word) - 1);
	}
	return false;
}

bool
json_is_short(struct span in)
{
	struct span s = span_trim(in, EXPANDER_BLANKS);
	struct expander x = { .in = in };
	struct buf out = BUF_INIT;
	struct expander_head h;
	bool is;

	if (expander_take_head(&x, SPAN_LIT(" lines"), &h) ||
	    has_table(in))
		return true;
	if (s.n == 0 || (s.p[0] != '{' && s.p[0] != '[' &&
	    !span_starts(s, SPAN_LIT(CELL_EMBEDDED)) &&
	    form_words(in).p == NULL))
		return false;
	out.max = SHORT_MAX;
	is = json_expand(in, &out) == EXPAND_OK;
	buf_release(&out);
	return is;
}
