/*
 * usage_read - token counts in the JSON of responses
 *
 * Sources: https://platform.claude.com/docs/en/build-with-claude/streaming
 * and .../prompt-caching; https://platform.openai.com/docs/api-reference/chat
 * and .../responses-streaming.
 */
#include "compat.h"

#include "num.h"
#include "usage_read.h"

#define TOKENS_MAX	((UINT64_C(1) << 53) - 1)	/* RFC 8259, 6 */

/* Where a count stands in a usage object: name, or outer.name. */
struct place {
	const char		*outer;
	const char		*name;
	enum usage_count	 count;
};

static const struct place messages[] = {
	{ NULL, "input_tokens", COUNT_INPUT },
	{ NULL, "cache_read_input_tokens", COUNT_READ },
	{ NULL, "cache_creation_input_tokens", COUNT_WRITE },
	{ NULL, "output_tokens", COUNT_OUTPUT },
	{ NULL, NULL, COUNTS }
};

static const struct place chat[] = {
	{ NULL, "prompt_tokens", COUNT_INPUT },
	{ "prompt_tokens_details", "cached_tokens", COUNT_READ },
	{ "prompt_tokens_details", "cache_write_tokens", COUNT_WRITE },
	{ NULL, "completion_tokens", COUNT_OUTPUT },
	{ NULL, NULL, COUNTS }
};

static const struct place responses[] = {
	{ NULL, "input_tokens", COUNT_INPUT },
	{ "input_tokens_details", "cached_tokens", COUNT_READ },
	{ "input_tokens_details", "cache_write_tokens", COUNT_WRITE },
	{ NULL, "output_tokens", COUNT_OUTPUT },
	{ NULL, NULL, COUNTS }
};

static const struct place *
places(enum api api)
{
	switch (api) {
	case API_MESSAGES:
		return messages;
	case API_CHAT:
		return chat;
	default:
		return responses;
	}
}

void
usage_read_init(struct usage_read *r, enum api api)
{
	memset(r, 0, sizeof(*r));
	r->api = api;
}

void
usage_read_release(struct usage_read *r)
{
	json_doc_release(&r->doc);
}

/* The value of a member, the last of several as most readers have it. */
static const struct json_tok *
member(const struct json_doc *d, const struct json_tok *object,
    const char *name)
{
	const struct json_tok *key, *found = NULL;
	struct span want = span_z(name);
	uint32_t i;

	if (object == NULL || object->type != JSON_OBJECT)
		return NULL;
	key = object + 1;
	for (i = 0; i < object->count; i++) {
		if (span_eq(json_body(d->text, key), want))
			found = key + 1;
		key += 1 + key[1].skip;
	}
	return found;
}

static bool
count_at(const struct json_doc *d, const struct json_tok *usage,
    const struct place *at, uint64_t *n)
{
	const struct json_tok *v = usage;

	if (at->outer != NULL)
		v = member(d, v, at->outer);
	v = member(d, v, at->name);
	return v != NULL &&
	    num_u64(json_text(d->text, v), 0, TOKENS_MAX, n) == 0;
}

/* Take what a usage object names; what it does not name stays. */
static void
take(struct usage_read *r, const struct json_tok *usage)
{
	const struct place *at;
	uint64_t n;

	for (at = places(r->api); at->name != NULL; at++)
		if (count_at(&r->doc, usage, at, &n)) {
			r->count[at->count] = n;
			r->any = true;
		}
}

static bool
scan(struct usage_read *r, struct span text)
{
	struct json_err err;

	return json_doc_scan(&r->doc, text, &err) == JSON_OK;
}

static bool
type_is(const struct usage_read *r, const char *want)
{
	const struct json_tok *v = member(&r->doc, r->doc.tok, "type");

	return v != NULL && v->type == JSON_STRING &&
	    span_eq(json_body(r->doc.text, v), span_z(want));
}

static bool
white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Whether text may have a member of this name (given with its quotes) that is
 * not null.  Within a string the quotes would be escaped.
 */
static bool
may_have(struct span text, struct span name)
{
	const char *at;

	while (text.n > 0 &&
	    (at = memmem(text.p, text.n, name.p, name.n)) != NULL) {
		text = span_skip(text, (size_t)(at - text.p) + name.n);
		while (text.n > 0 && (white(*text.p) || *text.p == ':'))
			text = span_skip(text, 1);
		if (text.n == 0 || *text.p != 'n')
			return true;
	}
	return false;
}

static bool
listed(struct span event, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (span_eq(event, span_z(names[i])))
			return true;
	return false;
}

/* What ends an answer comes named, but not from all who speak the API. */
static void
messages_event(struct usage_read *r, struct span event, struct span data)
{
	static const char *const names[] = { "message_start", "message_delta",
	    "message_stop", "error" };
	const struct json_tok *root;

	if (event.n > 0 ? !listed(event, names, HR_LEN(names)) :
	    !may_have(data, SPAN_LIT("\"usage\"")) &&
	    !may_have(data, SPAN_LIT("\"error\"")) &&
	    !may_have(data, SPAN_LIT("\"message_stop\"")))
		return;
	if (!scan(r, data)) {
		r->failed = true;
		return;
	}
	root = r->doc.tok;
	if (type_is(r, "message_start"))
		take(r, member(&r->doc, member(&r->doc, root, "message"),
		    "usage"));
	else if (type_is(r, "message_delta"))
		take(r, member(&r->doc, root, "usage"));
	else if (type_is(r, "message_stop"))
		r->ended = true;
	else if (type_is(r, "error"))
		r->failed = true;
}

static bool
is_done(struct span data)
{
	return span_eq(span_trim(data, " \t\n\r"), SPAN_LIT("[DONE]"));
}

/*
 * Each chunk may have "usage":null.  The counts of a later chunk are those of
 * the whole answer so far.
 */
static void
chat_event(struct usage_read *r, struct span data)
{
	const struct json_tok *v;

	if (is_done(data)) {
		r->ended = true;
		return;
	}
	if (!may_have(data, SPAN_LIT("\"usage\"")) &&
	    !may_have(data, SPAN_LIT("\"error\"")))
		return;
	if (!scan(r, data)) {
		r->failed = true;
		return;
	}
	v = member(&r->doc, r->doc.tok, "error");
	if (v != NULL && v->type != JSON_NULL)
		r->failed = true;
	v = member(&r->doc, r->doc.tok, "usage");
	if (v != NULL && v->type == JSON_OBJECT) {
		memset(r->count, 0, sizeof(r->count));
		r->any = false;
		take(r, v);
	}
}

static void
responses_event(struct usage_read *r, struct span event, struct span data)
{
	static const char *const names[] = { "response.completed",
	    "response.incomplete" };

	if (event.n > 0 ? !listed(event, names, HR_LEN(names)) :
	    !may_have(data, SPAN_LIT("\"usage\"")))
		return;
	if (!scan(r, data)) {
		r->failed = true;
		return;
	}
	if (!type_is(r, names[0]) && !type_is(r, names[1]))
		return;
	take(r, member(&r->doc, member(&r->doc, r->doc.tok, "response"),
	    "usage"));
	r->ended = true;
}

void
usage_read_event(struct usage_read *r, struct span event, struct span data)
{
	if (r->ended || r->failed)
		return;
	switch (r->api) {
	case API_MESSAGES:
		messages_event(r, event, data);
		break;
	case API_CHAT:
		chat_event(r, data);
		break;
	case API_RESPONSES:
		responses_event(r, event, data);
		break;
	default:
		break;
	}
}

/* OpenAI counts what was read from the cache or written to it as input. */
static void
tell(const struct usage_read *r, struct usage *u)
{
	uint64_t cached = r->count[COUNT_READ] + r->count[COUNT_WRITE];

	u->known = true;
	u->input = r->count[COUNT_INPUT];
	u->cache_read = r->count[COUNT_READ];
	u->cache_write = r->count[COUNT_WRITE];
	u->output = r->count[COUNT_OUTPUT];
	if (r->api != API_MESSAGES)
		u->input -= cached < u->input ? cached : u->input;
}

void
usage_read_events_end(const struct usage_read *r, bool lossy,
    struct usage *u)
{
	/*
	 * The whole usage of the Responses API stands in its last event, so
	 * that one which was too large, an image, takes nothing from it.
	 */
	if (r->ended && !r->failed && r->any &&
	    (!lossy || r->api == API_RESPONSES))
		tell(r, u);
}

void
usage_read_body(struct usage_read *r, struct span text, struct usage *u)
{
	if (!may_have(text, SPAN_LIT("\"usage\"")) || !scan(r, text))
		return;
	take(r, member(&r->doc, r->doc.tok, "usage"));
	if (r->any)
		tell(r, u);
}
