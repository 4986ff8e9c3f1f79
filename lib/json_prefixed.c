/*
 * json_prefixed - log lines that end in an object
 */
#include "compat.h"

#include "json_prefixed.h"
#include "json_style.h"
#include "utf8.h"

#define LINES_MIN	8
#define TRIES		4	/* braces of a line that may begin its object */
#define TEXT_MAX	((size_t)1 << 28)

#define WORD_FORM	"prefixed "
#define WORD_JOINED	" joined"
#define WORD_CRLF	" with CRLF"
#define WORD_OPEN	" without final line end"

/* How lines are written. */
struct lines {
	struct json_style	 st;
	bool			 joined;	/* no blank before objects */
	bool			 crlf;
	bool			 open;		/* the last has no end */
};

/*
 * Reading
 */

struct reader {
	struct lines	 how;
	struct json_doc	 d;		/* the object of a line */
	struct buf	*out;
	size_t		 filled;	/* lines that are not empty */
	size_t		 objects;	/* that end in an object */
	size_t		 prefixed;	/* and have text before it */
};

/* The next line of *rest without its "\n", which is gone from there too. */
static struct span
next_line(struct span *rest)
{
	const char *nl = memchr(rest->p, '\n', rest->n);
	struct span line = *rest;

	if (nl == NULL) {
		*rest = span_skip(*rest, rest->n);
		return line;
	}
	line.n = (size_t)(nl - line.p);
	*rest = span_skip(*rest, line.n + 1);
	return line;
}

static bool
enough(size_t objects, size_t filled)
{
	return objects >= LINES_MIN && objects >= filled - filled / 10;
}

/* Whether, by the ends of its lines alone, the text could be in this form. */
static bool
could_be(struct span s)
{
	size_t filled = 0, braces = 0;
	struct span line;

	while (s.n > 0) {
		line = next_line(&s);
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0)
			continue;
		filled++;
		braces += line.p[line.n - 1] == '}';
	}
	return enough(braces, filled);
}

/* Where the object begins that the line ends in, scanned into r->d. */
static bool
find_object(struct reader *r, struct span line, size_t *at)
{
	struct json_err err;
	const char *p;
	int i;

	if (line.n == 0 || line.p[line.n - 1] != '}')
		return false;
	*at = 0;
	for (i = 0; i < TRIES; i++) {
		p = memchr(line.p + *at, '{', line.n - *at);
		if (p == NULL)
			return false;
		*at = (size_t)(p - line.p);
		if (json_doc_scan(&r->d, span_skip(line, *at), &err) ==
		    JSON_OK && r->d.tok[0].count > 0)
			return true;
		++*at;
	}
	return false;
}

/* Append the record of a line; false if its text and object are joined. */
static bool
add_record(struct reader *r, struct span line)
{
	static const struct json_style plain = JSON_STYLE_INIT;
	struct span text = line;
	size_t at;
	bool object;

	r->filled += line.n > 0;
	object = find_object(r, line, &at);
	if (object) {
		text.n = at;
		r->objects++;
		r->prefixed += text.n > 0;
		if (!r->how.joined && text.n > 0) {
			if (text.n == 1 || text.p[text.n - 1] != ' ')
				return false;
			text.n--;
		}
	}
	buf_adds(r->out, r->out->len == 1 ? "{\"line\":" : ",{\"line\":");
	json_quote(text, r->out);
	if (object) {
		json_style_learn(&r->d, &r->how.st);
		buf_adds(r->out, ",\"json\":");
		json_style_write(&r->d, &plain, r->out);
	}
	buf_addc(r->out, '}');
	return true;
}

static bool
add_records(struct reader *r, struct span s)
{
	struct span line;

	r->filled = r->objects = r->prefixed = 0;
	r->how.st = (struct json_style)JSON_STYLE_INIT;
	buf_reset(r->out);
	buf_addc(r->out, '[');
	while (s.n > 0 && !buf_err(r->out)) {
		line = next_line(&s);
		/* An open last line has no CR before its end either. */
		if (r->how.crlf && (s.n > 0 || !r->how.open)) {
			if (line.n == 0 || line.p[line.n - 1] != '\r')
				return false;
			line.n--;
		}
		if (!add_record(r, line))
			return false;
	}
	buf_addc(r->out, ']');
	return enough(r->objects, r->filled) && r->prefixed > 0;
}

static void
say_how(const struct lines *how, struct buf *out)
{
	buf_adds(out, WORD_FORM);
	json_style_words(&how->st, out);
	if (how->joined)
		buf_adds(out, WORD_JOINED);
	if (how->crlf)
		buf_adds(out, WORD_CRLF);
	if (how->open)
		buf_adds(out, WORD_OPEN);
}

/* Whether it is JSON with what stands around the objects, which nests. */
static bool
is_json(struct span s)
{
	struct json_err err;
	size_t n;

	return json_scan(s, NULL, 0, &n, &err) == JSON_OK;
}

static bool
prefixed_read(struct span s, struct buf *json, struct buf *how)
{
	struct reader r = { .out = json, .d = JSON_DOC_INIT };
	struct span first = s;
	bool good;

	if (s.n == 0 || s.n > TEXT_MAX || !could_be(s) ||
	    utf8_valid(s.p, s.n) < s.n)
		return false;
	first = next_line(&first);
	r.how.crlf = first.n > 0 && first.p[first.n - 1] == '\r';
	r.how.open = s.p[s.n - 1] != '\n';
	good = add_records(&r, s);
	if (!good && !buf_err(json)) {
		r.how.joined = true;
		good = add_records(&r, s);
	}
	json_doc_release(&r.d);
	if (!good || buf_err(json) || !is_json(buf_span(json)))
		return false;
	say_how(&r.how, how);
	return true;
}

/*
 * Writing
 */

/* Whether the words end in these, which are then gone. */
static bool
take_end(struct span *words, struct span w)
{
	if (words->n < w.n ||
	    !span_eq(span_skip(*words, words->n - w.n), w))
		return false;
	words->n -= w.n;
	return true;
}

static bool
parse_how(struct span words, struct lines *how)
{
	how->open = take_end(&words, SPAN_LIT(WORD_OPEN));
	how->crlf = take_end(&words, SPAN_LIT(WORD_CRLF));
	how->joined = take_end(&words, SPAN_LIT(WORD_JOINED));
	return span_starts(words, SPAN_LIT(WORD_FORM)) &&
	    json_style_parse(span_skip(words, strlen(WORD_FORM)), &how->st) &&
	    how->st.gaps != JSON_INDENTED && !how->st.newline;
}

/* Find the members of a record; those that are not there stay NULL. */
static bool
find_members(const struct json_doc *d, const struct json_tok *rec,
    const struct json_tok **line, const struct json_tok **object)
{
	const struct json_tok *k = rec + 1, *end = rec + rec->skip;
	struct span name;

	*line = *object = NULL;
	if (rec->type != JSON_OBJECT)
		return false;
	for (; k < end; k += 1 + k[1].skip) {
		name = json_body(d->text, k);
		if (span_eq(name, SPAN_LIT("line")) &&
		    k[1].type == JSON_STRING)
			*line = k + 1;
		else if (span_eq(name, SPAN_LIT("json")) &&
		    k[1].type == JSON_OBJECT)
			*object = k + 1;
		else
			return false;
	}
	return *line != NULL && rec->count == (*object != NULL ? 2u : 1u);
}

/* one is a document of its own for the object. */
static bool
write_line(const struct json_doc *d, const struct json_tok *rec,
    const struct lines *how, struct json_doc *one, struct buf *out)
{
	const struct json_tok *line, *object;
	size_t from = out->len;
	struct json_err err;

	if (!find_members(d, rec, &line, &object))
		return false;
	json_decode(json_body(d->text, line), out);
	/* One record is one line. */
	if (out->len > from && memchr(out->p + from, '\n', out->len - from))
		return false;
	if (object == NULL)
		return true;
	if (!how->joined && out->len > from)
		buf_addc(out, ' ');
	if (json_doc_scan(one, json_text(d->text, object), &err) != JSON_OK)
		return false;
	json_style_write(one, &how->st, out);
	return true;
}

static bool
prefixed_write(const struct json_doc *d, struct span words, struct buf *out)
{
	const struct json_tok *rec = d->tok + 1, *end = d->tok + d->ntok;
	struct json_doc one = JSON_DOC_INIT;
	struct lines how;
	bool good = true;

	if (!parse_how(words, &how) || d->tok[0].type != JSON_ARRAY)
		return false;
	for (; good && rec < end && !buf_err(out); rec += rec->skip) {
		good = write_line(d, rec, &how, &one, out);
		if (!how.open || rec + rec->skip < end)
			buf_adds(out, how.crlf ? "\r\n" : "\n");
	}
	json_doc_release(&one);
	return good;
}

const struct form json_prefixed_form = {
	"prefixed json", prefixed_read, prefixed_write
};
