/*
 * forward_read - the members of a body and the elements of its list
 *
 * The object at the top is walked here, and each value in it scanned by
 * json.h; so a body of which a prefix is known need not be read again, and
 * tokens are kept only of what is looked at.
 */
#include "compat.h"

#include <stdlib.h>

#include "forward_impl.h"
#include "mem.h"
#include "policy.h"

#define TOKENS_MAX	((size_t)4 << 20)	/* 64 MiB of them */
#define ELEMENTS_MAX	((size_t)1 << 20)

enum top {	/* members that may stand once; bits of facts.seen */
	TOP_LIST = 1 << 0,
	TOP_MODEL = 1 << 1,
	TOP_TOOLS = 1 << 2,
	TOP_SYSTEM = 1 << 3,
	TOP_PREVIOUS = 1 << 4,
	TOP_CONVERSATION = 1 << 5,
	TOP_PROMPT = 1 << 6,
	TOP_CONTEXT = 1 << 7,
	TOP_TRUNCATION = 1 << 8
};

static const struct {
	const char	*name;
	unsigned	 apis;		/* bits: 1 << enum api */
	enum top	 top;
} tops[] = {
	{ "messages", 1 << API_MESSAGES | 1 << API_CHAT, TOP_LIST },
	{ "input", 1 << API_RESPONSES, TOP_LIST },
	{ "model", ~0u, TOP_MODEL },
	{ "tools", ~0u, TOP_TOOLS },
	{ "system", 1 << API_MESSAGES, TOP_SYSTEM },
	{ "instructions", 1 << API_RESPONSES, TOP_SYSTEM },
	{ "previous_response_id", 1 << API_RESPONSES, TOP_PREVIOUS },
	{ "conversation", 1 << API_RESPONSES, TOP_CONVERSATION },
	{ "prompt", 1 << API_RESPONSES, TOP_PROMPT },
	{ "context_management", 1 << API_MESSAGES | 1 << API_RESPONSES,
	  TOP_CONTEXT },
	{ "truncation", 1 << API_RESPONSES, TOP_TRUNCATION },
};

static const char not_json[] = "not JSON";
static const char no_memory[] = "out of memory";
static const char too_many[] = "too many values";

void
reading_release(struct reading *r)
{
	free(r->tok);
	free(r->el);
	buf_release(&r->canon);
	buf_release(&r->scratch);
}

void
forward_trim_buf(struct buf *b)
{
	if (b->cap > KEPT_MAX)
		buf_release(b);
}

void
reading_trim(struct reading *r)
{
	if (r->tokcap * sizeof(*r->tok) > KEPT_MAX) {
		free(r->tok);
		r->tok = NULL;
		r->tokcap = r->ntok = 0;
	}
	if (r->elcap * sizeof(*r->el) > KEPT_MAX) {
		free(r->el);
		r->el = NULL;
		r->elcap = r->nel = 0;
	}
	forward_trim_buf(&r->canon);
	forward_trim_buf(&r->scratch);
}

const struct json_tok *
forward_member(struct span text, const struct json_tok *object,
    const char *name)
{
	const struct json_tok *t, *end, *found = NULL;

	if (object == NULL || object->type != JSON_OBJECT)
		return NULL;
	end = object + object->skip;
	for (t = object + 1; t < end; t += 1 + t[1].skip)
		if (forward_is(text, t, name)) {
			if (found != NULL)
				return NULL;
			found = t + 1;
		}
	return found;
}

bool
forward_is(struct span text, const struct json_tok *t, const char *z)
{
	return t != NULL && t->type == JSON_STRING &&
	    span_eq(json_body(text, t), span_z(z));
}

struct span
forward_string(struct span text, const struct json_tok *t, struct buf *b)
{
	size_t at = b->len;

	if (t == NULL || t->type != JSON_STRING)
		return SPAN_LIT("");
	if (!t->escaped)
		return json_body(text, t);
	json_decode(json_body(text, t), b);
	if (buf_err(b))
		return SPAN_LIT("");
	return span_skip(buf_span(b), at);
}

static size_t
blanks(struct span s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\n' ||
	    s.p[at] == '\r' || s.p[at] == '\t'))
		at++;
	return at;
}

/* Whether c stands at *at after blanks; then it is passed, with blanks. */
static bool
pass(struct span s, size_t *at, char c)
{
	size_t i = blanks(s, *at);

	if (i == s.n || s.p[i] != c)
		return false;
	*at = blanks(s, i + 1);
	return true;
}

/* Scan the value at *at into the token array and pass it. */
static const char *
take(struct reading *r, size_t *at, struct element *e)
{
	struct span rest = span_skip(r->body, *at);
	struct json_err err;
	enum json_rc rc;
	size_t n, used;
	void *p;

	for (rc = JSON_FULL; ; ) {
		if (r->tokcap > 0)
			rc = json_scan_prefix(rest, r->tok + r->ntok,
			    r->tokcap - r->ntok, &n, &used, &err);
		if (rc != JSON_FULL)
			break;
		p = mem_grow(r->tok, &r->tokcap, r->tokcap + 1024,
		    sizeof(*r->tok), TOKENS_MAX);
		if (p == NULL)
			return too_many;
		r->tok = p;
	}
	if (rc != JSON_OK)
		return rc == JSON_BAD ? not_json : no_memory;
	*e = (struct element){ span_of(rest.p, used), (uint32_t)r->ntok,
	    (uint32_t)n };
	r->ntok += n;
	*at += used;
	return NULL;
}

/* Check the value at *at and pass it. */
static const char *
skip(struct span s, size_t *at)
{
	struct json_err err;
	size_t n, used;

	if (json_scan_prefix(span_skip(s, *at), NULL, 0, &n, &used, &err) !=
	    JSON_OK)
		return not_json;
	*at += used;
	return NULL;
}

/* What a tool of the list is for; deferred ones are not in the prompt. */
static void
take_tool(struct reading *r, struct span text, const struct json_tok *t,
    struct tools_have *have)
{
	const struct json_tok *name = forward_member(text, t, "name"), *type;
	struct span s;

	if (name == NULL)
		name = forward_member(text,
		    forward_member(text, t, "function"), "name");
	type = forward_member(text, t, "type");
	buf_reset(&r->scratch);
	s = forward_string(text, name != NULL ? name : type, &r->scratch);
	have->any = true;
	have->change |= policy_may_change(r->rules, s);
	switch (policy_tool(r->rules, s)) {
	case TOOL_SHELL:
		have->shell = true;
		break;
	case TOOL_READ:
		have->read = true;
		break;
	case TOOL_EDIT:
		have->edit = true;
		break;
	case TOOL_FETCH:
		have->fetch = true;
		break;
	case TOOL_OTHER:
		break;
	}
}

static void
take_tools(struct reading *r, const struct element *e, struct known_value *k)
{
	const struct json_tok *t = element_tok(r, e), *end = t + t->skip, *d;

	if (t->type != JSON_ARRAY) {
		canon_value(r, e->text, t);
	} else {
		for (t++; t < end; t += t->skip) {
			d = forward_member(e->text, t, "defer_loading");
			if (d != NULL && d->type == JSON_TRUE)
				continue;
			take_tool(r, e->text, t, &k->tool);
			canon_block(r, e->text, t);
		}
	}
	k->bytes = canon_close(r, &k->content);
}

/*
 * Claude Code tells its version and more in a first block that the provider
 * takes out before it caches; it may differ from request to request.
 */
static bool
is_billing(struct span text, const struct json_tok *t)
{
	t = forward_member(text, t, "text");
	return t != NULL && t->type == JSON_STRING &&
	    span_starts(json_body(text, t),
	    SPAN_LIT("x-anthropic-billing-header:"));
}

static void
take_system(struct reading *r, const struct element *e, struct known_value *k)
{
	const struct json_tok *t = element_tok(r, e), *end = t + t->skip;

	if (t->type == JSON_ARRAY) {
		for (t++; t < end; t += t->skip)
			if (!is_billing(e->text, t))
				canon_block(r, e->text, t);
	} else if (t->type == JSON_STRING) {
		canon_text(r, e->text, t);
	} else {
		canon_value(r, e->text, t);
	}
	k->bytes = canon_close(r, &k->content);
}

static void
take_model(struct reading *r, const struct element *e)
{
	const struct json_tok *t = element_tok(r, e);
	struct span s;

	buf_reset(&r->scratch);
	s = forward_string(e->text, t, &r->scratch);
	snprintf(r->facts.name, sizeof(r->facts.name), "%.*s",
	    (int)(s.n < FORWARD_MODEL_MAX ? s.n : FORWARD_MODEL_MAX), s.p);
	canon_value(r, e->text, t);
	canon_close(r, &r->facts.model);
}

/*
 * Whether the server may leave out messages that the request holds: by any
 * edit but that of thinking, by truncation; or shows others before them.
 */
static bool
may_drop(enum top top, struct span text, const struct json_tok *t)
{
	const struct json_tok *edits = t, *end, *e, *type;

	if (t->type == JSON_NULL)
		return false;
	if (top == TOP_TRUNCATION)
		return !forward_is(text, t, "disabled");
	if (top != TOP_CONTEXT)
		return top == TOP_PREVIOUS || top == TOP_CONVERSATION;
	if (t->type == JSON_OBJECT)
		edits = forward_member(text, t, "edits");
	if (edits == NULL || edits->type != JSON_ARRAY)
		return t->type != JSON_OBJECT || t->count > 0;
	end = edits + edits->skip;
	for (e = edits + 1; e < end; e += e->skip) {
		type = forward_member(text, e, "type");
		if (type == NULL || type->type != JSON_STRING ||
		    !span_starts(json_body(text, type),
		    SPAN_LIT("clear_thinking")))
			return true;
	}
	return false;
}

/* The elements from *at, behind '[' or an element, to behind ']'. */
static const char *
take_list(struct reading *r, size_t *at, bool inside)
{
	const char *why;
	void *p;

	if (!inside && pass(r->body, at, ']'))
		return NULL;
	for (;;) {
		if (inside) {
			if (pass(r->body, at, ']'))
				return NULL;
			if (!pass(r->body, at, ','))
				return not_json;
		}
		inside = true;
		p = mem_grow(r->el, &r->elcap, r->nel + 1, sizeof(*r->el),
		    ELEMENTS_MAX);
		if (p == NULL)
			return too_many;
		r->el = p;
		why = take(r, at, &r->el[r->nel]);
		if (why != NULL)
			return why;
		r->nel++;
	}
}

static void
note_tail(struct reading *r, size_t at)
{
	r->tail = span_skip(r->body, at);
	r->tail_hash = hash_xxh128(r->tail, r->hash_seed);
}

static enum top
which(const struct reading *r, struct span name)
{
	size_t i;

	for (i = 0; i < HR_LEN(tops); i++)
		if (tops[i].apis >> r->api & 1 &&
		    span_eq(name, span_z(tops[i].name)))
			return tops[i].top;
	return (enum top)0;
}

/*
 * Tools and system are the same in most requests: what they said is kept by
 * the hash of their bytes.
 */
static const char *
take_known(struct reading *r, enum top top, size_t *at)
{
	struct known_value *k;
	struct hash128 hash;
	struct element e;
	size_t from = *at, n, mark = r->ntok;
	const char *why = skip(r->body, at);

	if (why != NULL)
		return why;
	n = *at - from;
	hash = hash_xxh128(span_of(r->body.p + from, n), r->hash_seed);
	k = &r->known[hash.lo % KNOWN_VALUES];
	if (k->top != top || !hash128_eq(k->hash, hash)) {
		*at = from;
		why = take(r, at, &e);
		if (why != NULL)
			return why;
		*k = (struct known_value){ .top = 0 };
		if (top == TOP_TOOLS)
			take_tools(r, &e, k);
		else
			take_system(r, &e, k);
		if (!buf_err(&r->canon)) {
			k->top = top;
			k->hash = hash;
		}
		r->ntok = mark;
	}
	if (top == TOP_TOOLS) {
		r->facts.tools = k->content;
		r->facts.tool = k->tool;
	} else {
		r->facts.system = k->content;
	}
	r->facts.bytes += k->bytes;
	return NULL;
}

static const char *
take_member(struct reading *r, enum top top, size_t *at)
{
	struct element e;
	size_t mark = r->ntok;
	const char *why;

	if (top == 0)
		return skip(r->body, at);
	if (r->facts.seen & top)
		return "a member stands twice";
	r->facts.seen |= top;
	if (top == TOP_LIST && pass(r->body, at, '[')) {
		r->before = r->facts;
		r->list = *at;
		why = take_list(r, at, false);
		note_tail(r, *at);
		return why;
	}
	if (top == TOP_TOOLS || top == TOP_SYSTEM)
		return take_known(r, top, at);
	why = take(r, at, &e);
	if (why != NULL)
		return why;
	r->facts.drops |= may_drop(top, e.text, element_tok(r, &e));
	switch (top) {
	case TOP_MODEL:
		take_model(r, &e);
		break;
	case TOP_PREVIOUS:
	case TOP_CONVERSATION:
	case TOP_PROMPT:
		buf_addu(&r->canon, top);
		canon_value(r, e.text, element_tok(r, &e));
		canon_close(r, &r->facts.earlier);
		break;
	case TOP_LIST:		/* a string: nothing a tool returned */
	case TOP_TOOLS:
	case TOP_SYSTEM:
	case TOP_CONTEXT:
	case TOP_TRUNCATION:
		break;
	}
	r->ntok = mark;
	return NULL;
}

/* Members from *at, where the next name stands, to the end of the body. */
static const char *
take_members(struct reading *r, size_t *at)
{
	struct span name;
	const char *why;
	size_t from;

	for (;;) {
		from = *at;
		if (from == r->body.n || r->body.p[from] != '"')
			return not_json;
		why = skip(r->body, at);
		if (why != NULL)
			return why;
		name = span_of(r->body.p + from + 1, *at - from - 2);
		if (memchr(name.p, '\\', name.n) != NULL)
			return "a name with escapes";
		if (!pass(r->body, at, ':'))
			return not_json;
		why = take_member(r, which(r, name), at);
		if (why != NULL)
			return why;
		if (pass(r->body, at, '}'))
			return *at == r->body.n ? NULL : not_json;
		if (!pass(r->body, at, ','))
			return not_json;
	}
}

/* What stands behind the list, of which the memo may know what it says. */
static const char *
after_list(struct reading *r, size_t *at, const struct memo *memo)
{
	note_tail(r, *at);
	if (memo != NULL && memo->tail == r->tail.n &&
	    hash128_eq(memo->tail_hash, r->tail_hash)) {
		r->facts = memo->facts;
		return NULL;
	}
	if (pass(r->body, at, '}'))
		return *at == r->body.n ? NULL : not_json;
	if (!pass(r->body, at, ','))
		return not_json;
	return take_members(r, at);
}

const char *
forward_read(struct reading *r, size_t cut, const struct memo *memo)
{
	const char *why;
	size_t at = cut;

	r->ntok = r->nel = r->list = 0;
	buf_reset(&r->canon);
	if (cut > 0) {
		r->facts = r->before = memo->before;
		r->list = cut;
		why = take_list(r, &at, true);
		if (why == NULL)
			why = after_list(r, &at, memo);
	} else {
		r->facts = (struct facts){ .seen = 0 };
		if (!pass(r->body, &at, '{'))
			return not_json;
		if (pass(r->body, &at, '}'))
			return "no list of messages";
		why = take_members(r, &at);
	}
	if (why == NULL && (buf_err(&r->canon) || buf_err(&r->scratch)))
		why = no_memory;
	if (why == NULL && r->list == 0)
		why = "no list of messages";
	return why;
}
