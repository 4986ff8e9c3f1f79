/*
 * yaml_form - YAML as JSON
 *
 * libyaml tells what it reads in events, with where they begin and end.  What
 * stands between scalars must be nothing but punctuation of collections and
 * white space: so comments are noticed, which it drops, and tags and anchors.
 */
#include "compat.h"

#include <yaml.h>

#include "map.h"
#include "yaml_form.h"
#include "yaml_look.h"
#include "yaml_scalar.h"

#define PAIRS_MAX	16	/* members that are compared each with each */

struct level {
	bool	object;
	bool	value;		/* its key is written, the value is not */
	bool	filled;
};

struct reader {
	struct span	 text;
	struct buf	*out;
	yaml_parser_t	 parser;
	size_t		 index;		/* a character */
	size_t		 at;		/* and its first byte */
	size_t		 seen;		/* bytes that are accounted for */
	size_t		 documents;
	bool		 ended;
	unsigned	 depth;
	unsigned	 flow;		/* how many of these are in brackets */
	struct level	 open[YAML_DEPTH_MAX];
};

/*
 * Places
 */

/* The byte of a mark, which counts characters; false if it goes back. */
static bool
byte_of(struct reader *r, const yaml_mark_t *m, size_t *byte)
{
	if (m->index < r->index)
		return false;
	for (; r->index < m->index && r->at < r->text.n; r->index++)
		do
			r->at++;
		while (r->at < r->text.n &&
		    (r->text.p[r->at] & 0xC0) == 0x80);
	*byte = r->at;
	return r->index == m->index;
}

/* Whether what was not yet seen before this byte is punctuation. */
static bool
gap_is_plain(const struct reader *r, size_t to)
{
	static const char plain[] = " \t\r\n-?:,[]{}.";
	size_t i;

	for (i = r->seen; i < to; i++)
		if (memchr(plain, r->text.p[i], sizeof(plain) - 1) == NULL)
			return false;
	return true;
}

/*
 * Whether the bytes of a scalar are only its own: no tag or anchor in front,
 * no comment behind the mark of a block.
 */
static bool
is_bare(struct span s, yaml_scalar_style_t style)
{
	const char *nl;

	switch (style) {
	case YAML_PLAIN_SCALAR_STYLE:
		return s.p[0] != '!' && s.p[0] != '&';
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return s.p[0] == '\'';
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return s.p[0] == '"';
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		nl = memchr(s.p, '\n', s.n);
		return (s.p[0] == '|' || s.p[0] == '>') && memchr(s.p, '#',
		    nl != NULL ? (size_t)(nl - s.p) : s.n) == NULL;
	default:
		return false;
	}
}

/* Whether nothing but blanks stands before this byte in its line. */
static bool
is_first(struct span s, size_t at)
{
	while (at > 0 && s.p[at - 1] == ' ')
		at--;
	return at == 0 || s.p[at - 1] == '\n';
}

/* Account for the bytes of a scalar and those before it. */
static bool
account(struct reader *r, const yaml_event_t *e)
{
	yaml_scalar_style_t style = e->data.scalar.style;
	size_t from, to;

	if (style == YAML_PLAIN_SCALAR_STYLE && e->data.scalar.length == 0)
		return true;
	if (!byte_of(r, &e->start_mark, &from) || from < r->seen ||
	    !gap_is_plain(r, from) || !byte_of(r, &e->end_mark, &to) ||
	    to == from)
		return false;
	/* Paragraphs begin behind their key: what does not may be code. */
	if (style == YAML_PLAIN_SCALAR_STYLE &&
	    e->start_mark.line != e->end_mark.line && is_first(r->text, from))
		return false;
	r->seen = to;
	return is_bare(span_of(r->text.p + from, to - from), style);
}

/*
 * Values
 */

/* What comes before a value; false if it cannot stand there. */
static bool
begin(struct reader *r, bool scalar)
{
	struct level *l;

	if (r->depth == 0) {
		if (r->documents++ > 0)
			buf_addc(r->out, ',');
		return !scalar;
	}
	l = &r->open[r->depth - 1];
	if (l->value) {
		l->value = false;
		return true;
	}
	if (l->filled)
		buf_addc(r->out, ',');
	l->filled = true;
	l->value = l->object;
	return scalar || !l->object;
}

static bool
add_plain(struct reader *r, struct span s, bool key)
{
	enum yaml_plain is = yaml_plain(s);

	if (key && (is != PLAIN_STRING || span_eq(s, SPAN_LIT("<<"))))
		return false;
	switch (is) {
	case PLAIN_STRING:
		json_quote(s, r->out);
		return true;
	case PLAIN_NULL:
		buf_adds(r->out, "null");
		return true;
	case PLAIN_TRUE:
		buf_adds(r->out, "true");
		return true;
	case PLAIN_FALSE:
		buf_adds(r->out, "false");
		return true;
	case PLAIN_NUMBER:
		buf_addspan(r->out, s);
		return true;
	case PLAIN_FOREIGN:
		break;
	}
	return false;
}

static bool
add_scalar(struct reader *r, const yaml_event_t *e)
{
	struct span s = span_of((const char *)e->data.scalar.value,
	    e->data.scalar.length);
	bool key;

	if (e->data.scalar.anchor != NULL || e->data.scalar.tag != NULL ||
	    !account(r, e) || !begin(r, true))
		return false;
	key = r->open[r->depth - 1].value;
	if (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		json_quote(s, r->out);
	else if (!add_plain(r, s, key))
		return false;
	if (key)
		buf_addc(r->out, ':');
	return true;
}

static bool
add_open(struct reader *r, bool object, bool flow)
{
	if ((flow && r->depth == 0) || r->depth == YAML_DEPTH_MAX ||
	    r->flow == YAML_FLOW_MAX || !begin(r, false))
		return false;
	/* Within brackets all is in brackets. */
	r->flow += flow;
	r->open[r->depth++] = (struct level){ .object = object };
	buf_addc(r->out, object ? '{' : '[');
	return true;
}

static bool
add_close(struct reader *r)
{
	if (r->flow > 0)
		r->flow--;
	buf_addc(r->out, r->open[--r->depth].object ? '}' : ']');
	return true;
}

static bool
add_event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	case YAML_STREAM_END_EVENT:
		r->ended = true;
		return gap_is_plain(r, r->text.n);
	case YAML_SCALAR_EVENT:
		return add_scalar(r, e);
	case YAML_SEQUENCE_START_EVENT:
		return add_open(r, false, e->data.sequence_start.style ==
		    YAML_FLOW_SEQUENCE_STYLE);
	case YAML_MAPPING_START_EVENT:
		return add_open(r, true, e->data.mapping_start.style ==
		    YAML_FLOW_MAPPING_STYLE);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return add_close(r);
	case YAML_ALIAS_EVENT:
	default:
		return false;
	}
}

/* All documents, with commas between; false where one is refused. */
static bool
add_documents(struct reader *r)
{
	yaml_event_t e;
	bool good = true;

	if (!yaml_parser_initialize(&r->parser))
		return false;
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser,
	    (const unsigned char *)r->text.p, r->text.n);
	while (good && !r->ended && !buf_err(r->out)) {
		good = yaml_parser_parse(&r->parser, &e) != 0;
		if (good) {
			good = add_event(r, &e);
			yaml_event_delete(&e);
		}
	}
	yaml_parser_delete(&r->parser);
	return good && r->documents > 0;
}

/*
 * The whole
 */

/* The line ends that YAML 1.1 has beside those of 1.2. */
static bool
has_old_line_end(struct span s)
{
	size_t i;

	for (i = 0; i + 1 < s.n; i++) {
		if ((s.p[i] & 0x80) == 0)
			continue;
		if (s.p[i] == '\xC2' && s.p[i + 1] == '\x85')
			return true;
		if (s.p[i] == '\xE2' && s.p[i + 1] == '\x80' && i + 2 < s.n &&
		    (s.p[i + 2] == '\xA8' || s.p[i + 2] == '\xA9'))
			return true;
	}
	return false;
}

/* Whether two of few members have the same name. */
static bool
pair_repeats(const struct json_doc *d, const struct json_tok *o)
{
	const struct json_tok *k, *prior;

	for (k = o + 1; k < o + o->skip; k += 1 + k[1].skip)
		for (prior = o + 1; prior < k; prior += 1 + prior[1].skip)
			if (span_eq(json_body(d->text, prior),
			    json_body(d->text, k)))
				return true;
	return false;
}

static bool
repeats(const struct json_doc *d, const struct json_tok *o)
{
	const struct json_tok *k;
	union map_val *v;
	struct map m;
	bool twice = false;

	if (o->count <= PAIRS_MAX)
		return pair_repeats(d, o);
	map_init(&m, map_random_seed());
	for (k = o + 1; k < o + o->skip && !twice; k += 1 + k[1].skip) {
		v = map_put(&m, json_body(d->text, k));
		twice = v == NULL || v->u++ > 0;
	}
	map_release(&m);
	return twice;
}

/* Whether it is JSON, as it must be, and no key stands twice. */
static bool
is_clean(struct span json)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	size_t i;
	bool clean = json_doc_scan(&d, json, &err) == JSON_OK;

	for (i = 0; clean && i < d.ntok; i++)
		if (d.tok[i].type == JSON_OBJECT)
			clean = !repeats(&d, &d.tok[i]);
	json_doc_release(&d);
	return clean;
}

/* One document is not an array of documents. */
static void
take_off_brackets(struct buf *b)
{
	memmove(b->p, b->p + 1, b->len - 1);
	buf_truncate(b, b->len - 2);
}

static bool
yaml_read(struct span s, struct buf *json, struct buf *how)
{
	struct reader r = { .text = s, .out = json };

	if (s.n > YAML_TEXT_MAX || !yaml_looks(s) || has_old_line_end(s))
		return false;
	buf_addc(json, '[');
	if (!add_documents(&r))
		return false;
	buf_addc(json, ']');
	if (buf_err(json))
		return false;
	if (r.documents == 1)
		take_off_brackets(json);
	if (!is_clean(buf_span(json)))
		return false;
	buf_adds(how, r.documents == 1 ? "yaml" : "yaml documents");
	return true;
}

const struct form yaml_form = { "yaml", yaml_read, NULL };
