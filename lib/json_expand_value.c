/*
 * json_expand_value - names, strings, numbers, paths, arrays and objects
 *
 * Each becomes JSON; what stands for a value elsewhere, and a text of JSON
 * that is a string, become what json_refs.h resolves.
 */
#include "compat.h"

#include "cell.h"
#include "json.h"
#include "json_expand_impl.h"
#include "json_path.h"
#include "json_plan.h"
#include "json_refs.h"
#include "json_render.h"
#include "json_style.h"
#include "json_tool.h"
#include "num.h"

/* The string at x->at, quotes included. */
bool
expander_string(struct expander *x, struct span *s)
{
	size_t i = x->at + 1;

	while (i < x->in.n && x->in.p[i] != '"' && x->in.p[i] != '\n')
		i += x->in.p[i] == '\\' ? 2 : 1;
	if (i >= x->in.n || x->in.p[i] != '"')
		return foreign(x);
	*s = span_of(x->in.p + x->at, i + 1 - x->at);
	x->at = i + 1;
	return true;
}

bool
expander_embedded(const struct expander *x)
{
	return span_starts(span_skip(x->in, x->at), SPAN_LIT(CELL_EMBEDDED));
}

/* A string as it stands, but for what would look like a sign of ours. */
bool
expander_put_string(struct expander *x, struct buf *out)
{
	struct buf means = BUF_INIT;
	struct span s, body;

	if (!expander_string(x, &s))
		return false;
	body = span_of(s.p + 1, s.n - 2);
	if (!span_starts(body, SPAN_LIT(JSON_REFS_SIGN)) &&
	    !json_tool_starred(&body)) {
		buf_addspan(out, s);
		return true;
	}
	json_decode(span_of(s.p + 1, s.n - 2), &means);
	json_quote(buf_span(&means), out);
	if (buf_err(&means))
		give_up(x, EXPAND_FAILED);
	buf_release(&means);
	return x->rc == EXPAND_OK;
}

/* A star behind the name that out ends with: what json_tool.h makes of it. */
void
expander_star(struct expander *x, struct buf *out)
{
	if (!take(x, SPAN_LIT("*")))
		return;
	x->ours = true;
	buf_truncate(out, out->len - 1);
	buf_adds(out, JSON_TOOL_STAR "\"");
}

/* A bare text up to one of the stops. */
struct span
expander_bare(struct expander *x, const char *stops)
{
	struct span rest = span_skip(x->in, x->at);
	size_t i = 0;

	while (i < rest.n && rest.p[i] != '\0' &&
	    strchr(stops, rest.p[i]) == NULL)
		i++;
	x->at += i;
	return span_of(rest.p, i);
}

/* ", by type"; nothing if it is something else. */
static void
take_by(struct expander *x, struct expander_head *h)
{
	size_t was = x->at;

	h->by = span_of(NULL, 0);
	if (!take(x, SPAN_LIT(JSON_BY)))
		return;
	if (peek(x) != '"')
		h->by = expander_bare(x, ",:={}\n");
	else if (!expander_string(x, &h->by))
		x->rc = EXPAND_OK;	/* it is no table then */
	if (h->by.n > 0 && (h->by.p[0] == '"' || cell_bare_name(h->by)))
		return;
	h->by.p = NULL;
	x->at = was;
}

/* "12 rows: ", "12 rows, = as above: ", behind the bracket. */
bool
expander_take_head(struct expander *x, struct span unit,
    struct expander_head *h)
{
	size_t i = x->at, was = x->at;

	while (i < x->in.n && x->in.p[i] >= '0' && x->in.p[i] <= '9')
		i++;
	if (i == x->at || num_u64(span_of(x->in.p + x->at, i - x->at), 2,
	    JSON_COUNT_MAX, &h->rows) < 0)
		return false;
	x->at = i;
	if (take(x, unit)) {
		take_by(x, h);
		h->again = take(x, SPAN_LIT(JSON_ABOVE));
		if (take(x, SPAN_LIT(": ")))
			return true;
	}
	x->at = was;
	return false;
}

static bool
is_literal(struct span s)
{
	return span_eq(s, SPAN_LIT("null")) || span_eq(s, SPAN_LIT("true")) ||
	    span_eq(s, SPAN_LIT("false")) || cell_numeric(s);
}

/* "=a.b[3]", behind the sign: a string of ours that stands for the value. */
static bool
take_path(struct expander *x, struct buf *out)
{
	size_t n = json_path_length(span_skip(x->in, x->at));

	if (n == 0)
		return foreign(x);
	x->ours = true;
	buf_adds(out, "\"" JSON_REFS_SIGN);
	json_encode(span_of(x->in.p + x->at, n), out);
	buf_addc(out, '"');
	x->at += n;
	return true;
}

bool
expander_put_bare(struct expander *x, struct span s, bool plain,
    struct buf *out)
{
	if (is_literal(s))
		buf_addspan(out, s);
	else if (plain) {
		x->ours = true;
		json_quote(s, out);
	} else
		return foreign(x);
	return true;
}

/* "(json spaced {...})": a string, the text of this value in that style. */
static bool
take_embedded(struct expander *x, struct buf *out)
{
	struct json_style style;
	struct span words;

	x->at++;
	words = span_trim(expander_bare(x, "[{\n"), " ");
	if (x->embedded || !json_style_parse(words, &style))
		return foreign(x);
	x->ours = true;
	buf_adds(out, "[\"" JSON_REFS_SIGN "(");
	buf_addspan(out, words);
	buf_adds(out, "\",");
	x->embedded = true;
	if (!expander_value(x, out))
		return false;
	x->embedded = false;
	buf_addc(out, ']');
	return take(x, SPAN_LIT(")")) || foreign(x);
}

/* Append the value of a cell to out. */
bool
expander_cell(struct expander *x, struct buf *out)
{
	struct span s;

	switch (peek(x)) {
	case '"':
		return expander_put_string(x, out);
	case '[':
	case '{':
		return expander_value(x, out);
	case '=':
		x->at++;
		return take_path(x, out);
	default:
		if (expander_embedded(x))
			return take_embedded(x, out);
		s = expander_bare(x, ",\n");
		return expander_put_bare(x, s, cell_bare(s), out);
	}
}

/* A text up to a comma, a line's end, or a bracket that it did not open. */
static struct span
take_bare_value(struct expander *x)
{
	size_t from = x->at, depth = 0;
	char c;

	for (; x->at < x->in.n; x->at++) {
		c = x->in.p[x->at];
		if (c == ',' || c == '\n')
			break;
		depth += c == '[' || c == '{';
		if ((c == ']' || c == '}') && depth-- == 0)
			break;
	}
	return span_trim(span_of(x->in.p + from, x->at - from), " \t\r");
}

void
expander_skip_blanks(struct expander *x)
{
	while (x->at < x->in.n && strchr(EXPANDER_BLANKS, peek(x)) != NULL &&
	    peek(x) != '\0')
		x->at++;
}

/* A member's name and its colon. */
static bool
take_key(struct expander *x, struct buf *out)
{
	struct span s;

	expander_skip_blanks(x);
	if (peek(x) == '"') {
		if (!expander_put_string(x, out))
			return false;
	} else {
		s = expander_bare(x, ":,{}*\n");
		if (!cell_bare_name(s))
			return foreign(x);
		x->ours = true;
		json_quote(s, out);
	}
	expander_star(x, out);
	expander_skip_blanks(x);
	buf_addc(out, ':');
	return take(x, SPAN_LIT(":")) || foreign(x);
}

/* What is neither array nor object. */
static bool
take_leaf(struct expander *x, struct buf *out)
{
	struct span s;

	if (peek(x) == '"')
		return expander_put_string(x, out);
	if (peek(x) == '=') {
		x->at++;
		return take_path(x, out);
	}
	if (expander_embedded(x))
		return take_embedded(x, out);
	s = take_bare_value(x);
	return expander_put_bare(x, s, cell_bare_value(s), out);
}

/* The table that a bracket begins, if it does. */
static bool
take_table(struct expander *x, char open, struct buf *out, bool *ok)
{
	struct buf *outer = x->out;
	struct expander_head h;

	if (!expander_take_head(x, SPAN_LIT(" rows"), &h))
		return false;
	x->out = out;
	*ok = expander_table(x, &h, open == '{', false);
	x->out = outer;
	return true;
}

struct flow {
	char	 close[JSON_DEPTH_MAX];
	size_t	 depth;
};

/* Whether it was left open, so that its first element is next. */
static bool
open_container(struct expander *x, struct flow *f, char open, struct buf *out)
{
	f->close[f->depth] = open == '[' ? ']' : '}';
	buf_addc(out, open);
	expander_skip_blanks(x);
	if (peek(x) == f->close[f->depth]) {
		buf_addc(out, x->in.p[x->at++]);
		return false;
	}
	f->depth++;
	return open == '[' || take_key(x, out);
}

/* Behind a value: whether another one of the same container follows. */
static bool
next_value(struct expander *x, struct flow *f, struct buf *out)
{
	while (f->depth > 0) {
		expander_skip_blanks(x);
		if (take(x, SPAN_LIT(","))) {
			buf_addc(out, ',');
			return f->close[f->depth - 1] == ']' ||
			    take_key(x, out);
		}
		if (x->at == x->in.n || peek(x) != f->close[f->depth - 1])
			return foreign(x);
		buf_addc(out, x->in.p[x->at++]);
		f->depth--;
	}
	return false;
}

/* A value, with tables in it and all else; appended to out as JSON. */
bool
expander_value(struct expander *x, struct buf *out)
{
	struct flow f;
	bool ok = true;
	char c;

	f.depth = 0;
	do {
		expander_skip_blanks(x);
		c = peek(x);
		if (c != '[' && c != '{') {
			ok = take_leaf(x, out);
		} else {
			x->at++;
			if (!take_table(x, c, out, &ok)) {
				if (f.depth == JSON_DEPTH_MAX)
					return foreign(x);
				if (open_container(x, &f, c, out))
					continue;
			}
		}
		if (!ok || x->rc != EXPAND_OK)
			return false;
		if (buf_err(out))
			return give_up(x, EXPAND_FAILED);
		if (!next_value(x, &f, out))
			break;
	} while (true);
	return x->rc == EXPAND_OK;
}
