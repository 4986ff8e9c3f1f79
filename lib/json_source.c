/*
 * json_source - read a text, and spell it in the one way
 */
#include "compat.h"

#include <stdlib.h>

#include "json_lines.h"
#include "json_source.h"
#include "mem.h"

#define TOKENS_MAX	((size_t)16 << 20)	/* values; 60 bytes each */
#define EMBEDDED_PART	2	/* of the text: at least half is such */
#define BLANKS		" \t\r\n"
#define EMBEDDED_MIN	40	/* bytes of JSON within a string */

/* The text in another form, as JSON. */
static bool
scan_form(struct json_source *in)
{
	struct json_err err;

	in->form = form_find(in->text, &in->json, &in->how, &in->exact);
	if (in->form == NULL)
		return false;
	in->text = buf_span(&in->json);
	return json_doc_scan(&in->orig, in->text, &err) == JSON_OK &&
	    in->orig.tok[0].type >= JSON_ARRAY;
}

static enum squash_reason
scan(struct json_source *in, struct squash_err *why)
{
	struct span text = in->text;
	struct json_err err, lines_err;
	enum json_rc rc;

	rc = json_doc_scan(&in->orig, text, &err);
	if (rc == JSON_BAD) {
		rc = json_lines_scan(&in->orig, text, &lines_err);
		in->lines = rc == JSON_OK;
	}
	if (rc == JSON_BAD && scan_form(in))
		rc = JSON_OK;
	if (rc == JSON_OK && in->orig.ntok <= TOKENS_MAX) {
		json_doc_trim(&in->orig);
		return SQUASH_DONE;
	}
	if (rc == JSON_BAD) {
		/* The value that went on longest tells more. */
		if (lines_err.at > err.at && lines_err.at < text.n)
			err = lines_err;
		if (err.at == (size_t)(span_trim(text, BLANKS).p - text.p))
			err.what = "neither JSON nor another form of records";
		*why = (struct squash_err){ err.at, err.what };
		return SQUASH_FOREIGN;
	}
	return rc == JSON_OK ? SQUASH_TOO_LARGE : SQUASH_NOMEM;
}

static enum json_rc
scan_into(struct json_source *in, struct json_doc *d, struct span s)
{
	struct json_err err;

	return in->lines ? json_lines_scan(d, s, &err) :
	    json_doc_scan(d, s, &err);
}

/*
 * A string that is the text of an object or array, in a style that can be
 * written again: its value in place of the string.  False: it is none.
 */
static bool
embed(struct json_source *in, struct span means, size_t at, struct buf *word)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_embed *e;
	struct json_err err;
	struct json_style style;
	bool ok;

	if (means.n < EMBEDDED_MIN || (means.p[0] != '{' &&
	    means.p[0] != '[') || !json_style_find(means, &style))
		return false;
	e = mem_grow(in->embed, &in->embedcap, in->nembeds + 1, sizeof(*e),
	    UINT32_MAX);
	if (e == NULL)
		return false;
	in->embed = e;
	ok = json_doc_scan(&d, means, &err) == JSON_OK &&
	    d.tok[0].count > 0;
	if (ok) {
		json_style_write(&d, &(struct json_style)JSON_STYLE_INIT,
		    word);
		in->embed[in->nembeds].style = style;
		/* For now where it is in the text. */
		in->embed[in->nembeds++].t = (uint32_t)at;
	}
	json_doc_release(&d);
	return ok;
}

/* Whether a string is a member's name. */
static bool
is_key(struct span text, const struct json_tok *t)
{
	size_t i = t->end;

	while (i < text.n && strchr(BLANKS, text.p[i]) != NULL)
		i++;
	return i < text.n && text.p[i] == ':';
}

/* Scan the canonical text, and find the tokens that stand for strings. */
static bool
rescan(struct json_source *in)
{
	size_t e = 0;
	uint32_t t;

	in->doc = (struct json_doc)JSON_DOC_INIT;
	if (buf_err(&in->canon) ||
	    scan_into(in, &in->doc, buf_span(&in->canon)) != JSON_OK)
		return false;
	for (t = 0; e < in->nembeds && t < in->doc.ntok; t++)
		if (in->doc.tok[t].start == in->embed[e].t &&
		    (t > 0 || !in->lines)) {
			in->doc.tok[t].escaped = true;
			in->embed[e++].t = t;
		}
	return true;
}

/* Add the text from *at to `to' as it is. */
static void
add_canon(struct json_source *in, size_t *at, size_t to)
{
	buf_add(&in->canon, in->text.p + *at, to - *at);
	*at = to;
}

/*
 * Whether strings that may be the text of JSON are a large part of all: then
 * they are what a tool had to say.  A short one among other members is left as
 * it is, since whoever wants the string wants its spelling.
 */
static bool
embeds(const struct json_source *in)
{
	const struct json_tok *t, *end = in->orig.tok + in->orig.ntok;
	size_t n = 0;

	for (t = in->orig.tok; t < end; t++)
		if (t->escaped && t->end - t->start > EMBEDDED_MIN &&
		    strchr("[{", in->text.p[t->start + 1]) != NULL &&
		    !is_key(in->text, t))
			n += t->end - t->start;
	return n >= in->text.n / EMBEDDED_PART;
}

/*
 * Spell all strings in the one way in which they are written, so that what
 * is decided depends on values alone and a second run decides the same; put
 * values in place of the strings that are the text of one, and stars behind
 * the names that a list requires.  False: no memory.
 */
static bool
canonical(struct json_source *in)
{
	struct buf means = BUF_INIT, word = BUF_INIT;
	const struct json_tok *t, *end = in->orig.tok + in->orig.ntok;
	struct span body;
	size_t at = 0, from, cut = 0;	/* what is before `at' is in canon */
	bool ok, large;

	in->doc = in->orig;
	if (in->tools.n == 0 && in->tools.star == NULL &&
	    memchr(in->text.p, '\\', in->text.n) == NULL)
		return true;
	large = embeds(in);
	for (t = in->orig.tok; t < end; t++) {
		if (cut < in->tools.n &&
		    t == in->orig.tok + in->tools.cut[cut].key) {
			add_canon(in, &at, in->tools.cut[cut].from);
			at = in->tools.cut[cut++].to;
			t += t[1].skip;
			continue;
		}
		if (in->tools.star != NULL &&
		    in->tools.star[t - in->orig.tok]) {
			add_canon(in, &at, t->end - 1);
			buf_adds(&in->canon, JSON_TOOL_STAR);
			continue;
		}
		if (!t->escaped)
			continue;
		body = json_body(in->text, t);
		buf_reset(&means);
		json_decode(body, &means);
		buf_reset(&word);
		from = in->canon.len + t->start - at;
		if (!large || is_key(in->text, t) ||
		    !embed(in, buf_span(&means), from, &word))
			json_quote(buf_span(&means), &word);
		if (span_eq(json_text(in->text, t), buf_span(&word)))
			continue;
		add_canon(in, &at, t->start);
		buf_addspan(&in->canon, buf_span(&word));
		at = t->end;
	}
	ok = !buf_err(&means) && !buf_err(&word);
	if (ok && at > 0) {
		buf_addspan(&in->canon, span_skip(in->text, at));
		ok = rescan(in);
	}
	buf_release(&means);
	buf_release(&word);
	return ok;
}

enum squash_reason
json_source_read(struct json_source *in, struct span text,
    struct squash_err *err)
{
	enum squash_reason why;

	in->text = text;
	in->bytes = text.n;
	why = scan(in, err);
	if (why != SQUASH_DONE)
		return why;
	/* A form that is written again needs its members in their order. */
	if ((!json_source_written(in) &&
	    !json_tools_find(&in->tools, &in->orig)) || !canonical(in))
		return SQUASH_NOMEM;
	return SQUASH_DONE;
}

void
json_source_release(struct json_source *in)
{
	if (in->doc.tok != in->orig.tok)
		json_doc_release(&in->doc);
	json_doc_release(&in->orig);
	free(in->embed);
	json_tools_release(&in->tools);
	buf_release(&in->canon);
	buf_release(&in->json);
	buf_release(&in->how);
	*in = (struct json_source)JSON_SOURCE_INIT;
}
