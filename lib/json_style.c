/*
 * json_style - a document in the style of the program that wrote it
 */
#include "compat.h"

#include <errno.h>

#include "ascii.h"
#include "json_style.h"
#include "utf8.h"

#define SURROGATE_HIGH	0xD800u
#define SURROGATE_LOW	0xDC00u
#define LINE_SEPARATOR	0x2028u		/* and the next one */

/*
 * Writing
 */

struct frame {
	uint32_t	tok;	/* an array or object that is open */
	bool		value;	/* its key is written, the value is not */
};

struct writer {
	const struct json_doc	*d;
	const struct json_style	*st;
	struct buf		*out;
	struct buf		 plain;		/* what a string means */
	struct buf		 encoded;
	unsigned		 depth;
	struct frame		 open[JSON_DEPTH_MAX];
};

static void
add_escape(struct buf *out, uint32_t v, bool upper)
{
	const char *hex = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char e[6] = { '\\', 'u', hex[v >> 12 & 15], hex[v >> 8 & 15],
	    hex[v >> 4 & 15], hex[v & 15] };

	buf_add(out, e, sizeof(e));
}

static void
add_escaped_character(struct buf *out, uint32_t cp, bool upper)
{
	if (cp >= 0x10000) {
		cp -= 0x10000;
		add_escape(out, SURROGATE_HIGH | cp >> 10, upper);
		cp = SURROGATE_LOW | (cp & 0x3FF);
	}
	add_escape(out, cp, upper);
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The value of the four digits at p; the text is JSON. */
static uint32_t
hex4(const char *p)
{
	uint32_t v = 0;
	int i;

	for (i = 0; i < 4; i++)
		v = v << 4 | (uint32_t)(hex_value(p[i]) & 15);
	return v;
}

/* Whether the style has an escape for what the shortest spelling has not. */
static bool
wants_escape(const struct json_style *st, uint32_t cp)
{
	if (st->ascii && cp >= 0x7F)
		return true;
	if (st->separators &&
	    (cp == LINE_SEPARATOR || cp == LINE_SEPARATOR + 1))
		return true;
	return st->html && (cp == '<' || cp == '>' || cp == '&');
}

/* How many bytes of the encoded body are one escape. */
static size_t
escape_length(struct span body)
{
	size_t n = body.n > 1 && body.p[1] == 'u' ? 6 : 2;

	return n < body.n ? n : body.n;
}

/* Append a body that is spelt the shortest way, spelt as the style does. */
static void
add_restyled(struct writer *w, struct span body)
{
	const struct json_style *st = w->st;
	uint32_t cp;
	size_t n;

	for (; body.n > 0; body = span_skip(body, n)) {
		if (body.p[0] == '\\') {
			n = escape_length(body);
			if (n == 6 && st->upper)
				add_escape(w->out, hex4(body.p + 2), true);
			else
				buf_add(w->out, body.p, n);
			continue;
		}
		n = utf8_decode(body.p, body.n, &cp, NULL);
		if (wants_escape(st, cp)) {
			add_escaped_character(w->out, cp, st->upper);
			continue;
		}
		if (cp == '/' && st->slash)
			buf_addc(w->out, '\\');
		buf_add(w->out, body.p, n);
	}
}

static void
add_string(struct writer *w, const struct json_tok *t)
{
	const struct json_style *st = w->st;
	struct span body = json_body(w->d->text, t);

	if (t->escaped) {
		buf_reset(&w->plain);
		buf_reset(&w->encoded);
		json_decode(body, &w->plain);
		json_encode(buf_span(&w->plain), &w->encoded);
		if (buf_err(&w->plain) || buf_err(&w->encoded))
			w->out->err = ENOMEM;
		body = buf_span(&w->encoded);
	}
	buf_addc(w->out, '"');
	if (st->ascii || st->html || st->separators || st->slash ||
	    (st->upper && t->escaped))
		add_restyled(w, body);
	else
		buf_addspan(w->out, body);
	buf_addc(w->out, '"');
}

static void
add_line(struct writer *w)
{
	static const char blanks[] = "        ";
	unsigned i;

	if (w->st->gaps != JSON_INDENTED)
		return;
	buf_addc(w->out, '\n');
	for (i = 0; i < w->depth && !buf_err(w->out); i++) {
		if (w->st->indent == 0)
			buf_addc(w->out, '\t');
		else
			buf_add(w->out, blanks, w->st->indent);
	}
}

/* What stands between value number i and what comes before it. */
static void
add_gap(struct writer *w, size_t i)
{
	struct frame *f;

	if (w->depth == 0)
		return;
	f = &w->open[w->depth - 1];
	if (f->value) {
		buf_adds(w->out, w->st->gaps == JSON_COMPACT ? ":" : ": ");
		f->value = false;
		return;
	}
	f->value = w->d->tok[f->tok].type == JSON_OBJECT;
	if (i != f->tok + 1u)
		buf_adds(w->out, w->st->gaps == JSON_SPACED ? ", " : ",");
	add_line(w);
}

/* Close what ends before value number i. */
static void
close_before(struct writer *w, size_t i)
{
	const struct json_tok *t;

	while (w->depth > 0) {
		t = &w->d->tok[w->open[w->depth - 1].tok];
		if (i < (size_t)w->open[w->depth - 1].tok + t->skip)
			break;
		w->depth--;
		add_line(w);
		buf_addc(w->out, t->type == JSON_OBJECT ? '}' : ']');
	}
}

static void
add_value(struct writer *w, size_t i)
{
	const struct json_tok *t = &w->d->tok[i];
	bool object = t->type == JSON_OBJECT;

	add_gap(w, i);
	if (t->type == JSON_STRING) {
		add_string(w, t);
	} else if (!object && t->type != JSON_ARRAY) {
		buf_addspan(w->out, json_text(w->d->text, t));
	} else if (t->skip == 1) {
		buf_adds(w->out, object ? "{}" : "[]");
	} else {
		/* The scanner lets nothing deeper through. */
		w->open[w->depth++] = (struct frame){ .tok = (uint32_t)i };
		buf_addc(w->out, object ? '{' : '[');
	}
}

void
json_style_write(const struct json_doc *d, const struct json_style *st,
    struct buf *out)
{
	struct writer w = { .d = d, .st = st, .out = out, .plain = BUF_INIT,
	    .encoded = BUF_INIT };
	size_t i;

	for (i = 0; i < d->ntok && !buf_err(out); i++) {
		close_before(&w, i);
		add_value(&w, i);
	}
	close_before(&w, i);
	if (st->newline)
		buf_addc(out, '\n');
	buf_release(&w.plain);
	buf_release(&w.encoded);
}

/*
 * Finding
 */

/* What one escape of number v in a text says; next is what follows it. */
static void
learn_number(uint32_t v, struct span next, struct json_style *st)
{
	if (v == '<' || v == '>' || v == '&')
		st->html = true;
	else if (v == LINE_SEPARATOR || v == LINE_SEPARATOR + 1)
		st->separators = true;
	else if (v >= SURROGATE_HIGH && v <= 0xDFFF)
		/* One alone has no other spelling. */
		st->ascii |= v < SURROGATE_LOW && next.n >= 6 &&
		    next.p[0] == '\\' && next.p[1] == 'u' &&
		    (hex4(next.p + 2) & 0xFC00) == SURROGATE_LOW;
	else if (v >= 0x7F)
		st->ascii = true;
}

static void
learn_string(struct span body, struct json_style *st)
{
	const char *p;
	size_t n;
	int i;

	while (body.n > 0 && (p = memchr(body.p, '\\', body.n)) != NULL) {
		body = span_skip(body, (size_t)(p - body.p));
		n = escape_length(body);
		if (n == 6) {
			for (i = 2; i < 6; i++)
				st->upper |= p[i] >= 'A' && p[i] <= 'F';
			learn_number(hex4(p + 2), span_skip(body, n), st);
		} else if (p[1] == '/') {
			st->slash = true;
		}
		body = span_skip(body, n);
	}
}

/* The indentation that the gap before the first element shows. */
static bool
learn_indent(struct span gap, struct json_style *st)
{
	size_t i;

	if (gap.n < 2 || gap.p[0] != '\n')
		return false;
	for (i = 1; i < gap.n; i++)
		if (gap.p[i] != ' ')
			break;
	if (i == gap.n && gap.n - 1 <= JSON_INDENT_MAX)
		st->indent = (unsigned)gap.n - 1;
	else if (gap.n == 2 && gap.p[1] == '\t')
		st->indent = 0;
	else
		return false;
	st->gaps = JSON_INDENTED;
	return true;
}

static void
learn_gaps(const struct json_doc *d, struct json_style *st)
{
	const struct json_tok *t = d->tok;
	const char *p;
	size_t i;

	if (d->ntok < 2 || st->gaps != JSON_COMPACT ||
	    learn_indent(span_of(d->text.p + t->start + 1,
	    t[1].start - t->start - 1), st))
		return;
	/* The first that stands behind a comma or a colon tells. */
	for (i = 1; i < d->ntok; i++) {
		p = d->text.p + t[i].start - 1;
		if (*p == ',' || *p == ':')
			return;
		if (*p == ' ' && (p[-1] == ',' || p[-1] == ':')) {
			st->gaps = JSON_SPACED;
			return;
		}
	}
}

void
json_style_learn(const struct json_doc *d, struct json_style *st)
{
	size_t i;

	learn_gaps(d, st);
	for (i = 0; i < d->ntok; i++)
		if (d->tok[i].escaped)
			learn_string(json_body(d->text, &d->tok[i]), st);
	/* They are not ASCII either. */
	if (st->ascii)
		st->separators = false;
}

static bool
gives_back(const struct json_doc *d, const struct json_style *st,
    struct span text)
{
	struct buf out = BUF_INIT;
	bool same;

	out.max = text.n + 1;
	json_style_write(d, st, &out);
	same = !buf_err(&out) && span_eq(buf_span(&out), text);
	buf_release(&out);
	return same;
}

/* Whether s begins and ends as an object or array does. */
static bool
bracketed(struct span s)
{
	return s.n >= 2 && ((s.p[0] == '{' && s.p[s.n - 1] == '}') ||
	    (s.p[0] == '[' && s.p[s.n - 1] == ']'));
}

bool
json_style_find(struct span text, struct json_style *st)
{
	struct json_doc d = JSON_DOC_INIT;
	struct span s = text;
	struct json_err err;
	bool found;

	*st = (struct json_style)JSON_STYLE_INIT;
	if (s.n > 0 && s.p[s.n - 1] == '\n') {
		st->newline = true;
		s.n--;
	}
	if (!bracketed(s))
		return false;
	found = json_doc_scan(&d, s, &err) == JSON_OK;
	if (found) {
		json_style_learn(&d, st);
		found = gives_back(&d, st, text);
	}
	json_doc_release(&d);
	return found;
}

/*
 * Words
 */

void
json_style_words(const struct json_style *st, struct buf *out)
{
	buf_adds(out, "json");
	if (st->gaps == JSON_SPACED)
		buf_adds(out, " spaced");
	if (st->gaps == JSON_INDENTED && st->indent == 0)
		buf_adds(out, " indented by tabs");
	if (st->gaps == JSON_INDENTED && st->indent > 0) {
		buf_adds(out, " indented ");
		buf_addu(out, st->indent);
	}
	if (st->ascii)
		buf_adds(out, " ascii");
	if (st->upper)
		buf_adds(out, " uppercase");
	if (st->html)
		buf_adds(out, " html");
	if (st->separators)
		buf_adds(out, " separators");
	if (st->slash)
		buf_adds(out, " slashes");
	if (st->newline)
		buf_adds(out, " line end");
}

/* Whether the words go on with these, which are then gone. */
static bool
take(struct span *words, const char *z)
{
	struct span w = span_z(z);

	if (!span_starts(*words, w))
		return false;
	*words = span_skip(*words, w.n);
	return true;
}

bool
json_style_parse(struct span words, struct json_style *st)
{
	*st = (struct json_style)JSON_STYLE_INIT;
	if (!take(&words, "json"))
		return false;
	if (take(&words, " spaced")) {
		st->gaps = JSON_SPACED;
	} else if (take(&words, " indented by tabs")) {
		st->gaps = JSON_INDENTED;
	} else if (take(&words, " indented ")) {
		if (words.n == 0 || words.p[0] < '1' ||
		    words.p[0] > '0' + JSON_INDENT_MAX)
			return false;
		st->gaps = JSON_INDENTED;
		st->indent = (unsigned)(words.p[0] - '0');
		words = span_skip(words, 1);
	}
	st->ascii = take(&words, " ascii");
	st->upper = take(&words, " uppercase");
	st->html = take(&words, " html");
	st->separators = take(&words, " separators");
	st->slash = take(&words, " slashes");
	st->newline = take(&words, " line end");
	return words.n == 0;
}
