/*
 * forward_texts - where in a body the texts are that tools returned
 *
 * One function an API: it hashes the blocks of an element one after the
 * other, remembers the calls in them and hands on the texts of results.
 * What is not named here is content like any other and never touched.
 */
#include "compat.h"

#include "arena.h"
#include "forward_impl.h"

/* A block of which texts are looked for. */
struct block {
	struct span	 text;
	struct chain	 before, chain;
	size_t		 bytes;		/* of content before it */
	const struct tool_call *call;	/* NULL: unknown */
	bool		 is_error;
	uint32_t	 ntexts;
};

static void
add_call(struct texts *x, struct span text, const struct json_tok *id,
    const struct json_tok *name, const struct json_tok *arguments)
{
	struct tool_call *c;
	union map_val *v;

	if (id == NULL || id->type != JSON_STRING)
		return;
	c = arena_alloc(x->arena, sizeof(*c));
	if (c == NULL) {
		x->stopped = true;
		return;
	}
	*c = (struct tool_call){ .text = text, .name = name,
	    .arguments = arguments };
	v = map_put(&x->calls, json_body(text, id));
	if (v == NULL || !x->on_call(x->arg, c))
		x->stopped = true;
	else
		v->p = c;
}

static const struct tool_call *
find_call(struct texts *x, struct span text, const struct json_tok *id)
{
	union map_val *v;

	if (id == NULL || id->type != JSON_STRING)
		return NULL;
	v = map_get(&x->calls, json_body(text, id));
	return v != NULL ? v->p : NULL;
}

#define ROOT_LEN	6	/* bytes of a key that a conversation shares */

/*
 * Keys of one conversation begin alike, so that its pins lie side by side in
 * the store: with what stood before its first text of a tool.  The rest, 80
 * bits, is of all content up to and including the block, and of the place in
 * it.
 */
static void
set_key(struct texts *x, struct tool_text *t, const struct block *b)
{
	uint8_t in[SHA256_LEN + 1], out[SHA256_LEN];

	if (!x->rooted) {
		x->rooted = true;
		x->root = b->before;
	}
	memcpy(in, b->chain.sha, SHA256_LEN);
	in[SHA256_LEN] = (uint8_t)b->ntexts;
	hash_sha256(span_of((const char *)in, sizeof(in)), out);
	memcpy(t->key, x->root.sha, ROOT_LEN);
	memcpy(t->key + ROOT_LEN, out, CCR_PIN_KEY - ROOT_LEN);
}

static void
give_text(struct texts *x, struct block *b, const struct json_tok *t)
{
	struct tool_text text = { .text = b->text, .tok = t,
	    .before = b->bytes, .is_error = b->is_error, .call = b->call };

	/* More texts than can be told apart stay as they are. */
	if (t == NULL || t->type != JSON_STRING || b->ntexts > UINT8_MAX ||
	    x->stopped)
		return;
	set_key(x, &text, b);
	b->ntexts++;
	if (!x->fn(x->arg, &text))
		x->stopped = true;
}

/* A string, or the texts in a list of parts. */
static void
give_content(struct texts *x, struct block *b, const struct json_tok *t)
{
	const struct json_tok *end, *type;

	if (t == NULL)
		return;
	if (t->type == JSON_STRING) {
		give_text(x, b, t);
		return;
	}
	if (t->type != JSON_ARRAY)
		return;
	end = t + t->skip;
	for (t++; t < end; t += t->skip) {
		type = forward_member(b->text, t, "type");
		if (forward_is(b->text, type, "text") ||
		    forward_is(b->text, type, "input_text"))
			give_text(x, b, forward_member(b->text, t, "text"));
	}
}

static void
close_block(struct texts *x, struct block *b)
{
	b->before = x->chain;
	b->bytes = x->bytes;
	x->bytes += canon_close(x->r, &x->chain);
	b->chain = x->chain;
}

/* Anthropic Messages: a block of a message's content. */
static void
messages_block(struct texts *x, struct span text, const struct json_tok *role,
    const struct json_tok *t)
{
	struct block b = { .text = text };
	const struct json_tok *type = forward_member(text, t, "type"), *e;

	if (role != NULL)
		canon_value(x->r, text, role);
	if (t->type == JSON_STRING)
		canon_text(x->r, text, t);
	else
		canon_block(x->r, text, t);
	close_block(x, &b);
	if (forward_is(text, type, "compaction"))
		x->on_compaction(x->arg);
	if (forward_is(text, type, "tool_use")) {
		add_call(x, text, forward_member(text, t, "id"),
		    forward_member(text, t, "name"),
		    forward_member(text, t, "input"));
	} else if (forward_is(text, type, "tool_result") &&
	    forward_is(text, role, "user")) {
		e = forward_member(text, t, "is_error");
		b.is_error = e != NULL && e->type == JSON_TRUE;
		b.call = find_call(x, text,
		    forward_member(text, t, "tool_use_id"));
		give_content(x, &b, forward_member(text, t, "content"));
	}
}

static void
messages_element(struct texts *x, struct span text, const struct json_tok *t)
{
	const struct json_tok *role = forward_member(text, t, "role"), *end;
	const struct json_tok *content = forward_member(text, t, "content");

	if (content == NULL || (content->type != JSON_ARRAY &&
	    content->type != JSON_STRING)) {
		canon_value(x->r, text, t);
		x->bytes += canon_close(x->r, &x->chain);
		return;
	}
	if (content->type == JSON_STRING) {
		messages_block(x, text, role, content);
		return;
	}
	end = content + content->skip;
	for (t = content + 1; t < end; t += t->skip)
		messages_block(x, text, role, t);
}

/* The calls of an assistant's message of Chat Completions. */
static void
chat_calls(struct texts *x, struct span text, const struct json_tok *calls)
{
	const struct json_tok *t, *end, *f;

	if (calls == NULL || calls->type != JSON_ARRAY)
		return;
	end = calls + calls->skip;
	for (t = calls + 1; t < end; t += t->skip) {
		f = forward_member(text, t, "function");
		if (f == NULL)
			f = forward_member(text, t, "custom");
		add_call(x, text, forward_member(text, t, "id"),
		    forward_member(text, f, "name"),
		    forward_member(text, f, "arguments") != NULL ?
		    forward_member(text, f, "arguments") :
		    forward_member(text, f, "input"));
	}
}

static void
chat_element(struct texts *x, struct span text, const struct json_tok *t)
{
	struct block b = { .text = text };
	const struct json_tok *role = forward_member(text, t, "role");

	canon_block(x->r, text, t);
	close_block(x, &b);
	if (forward_is(text, role, "assistant")) {
		chat_calls(x, text, forward_member(text, t, "tool_calls"));
	} else if (forward_is(text, role, "tool")) {
		b.call = find_call(x, text,
		    forward_member(text, t, "tool_call_id"));
		give_content(x, &b, forward_member(text, t, "content"));
	}
}

/* Where the items of Responses have a call's input, by their type. */
static const struct {
	const char	*type;
	const char	*input;
	bool		 named;		/* by "name", else by its type */
} response_calls[] = {
	{ "function_call", "arguments", true },
	{ "custom_tool_call", "input", true },
	{ "local_shell_call", "action", false },
	{ "shell_call", "action", false },
	{ "apply_patch_call", "operation", false },
};

static const char *const response_outputs[] = {
	"function_call_output", "custom_tool_call_output",
	"local_shell_call_output", "shell_call_output",
	"apply_patch_call_output",
};

static void
response_call(struct texts *x, struct span text, const struct json_tok *t,
    const struct json_tok *type)
{
	const struct json_tok *id = forward_member(text, t, "call_id");
	size_t i;

	if (id == NULL)
		id = forward_member(text, t, "id");
	for (i = 0; i < HR_LEN(response_calls); i++)
		if (forward_is(text, type, response_calls[i].type))
			add_call(x, text, id, response_calls[i].named ?
			    forward_member(text, t, "name") : type,
			    forward_member(text, t, response_calls[i].input));
}

static bool
is_output(struct span text, const struct json_tok *type)
{
	size_t i;

	for (i = 0; i < HR_LEN(response_outputs); i++)
		if (forward_is(text, type, response_outputs[i]))
			return true;
	return false;
}

/* What a shell printed comes as a list of {stdout, stderr, outcome}. */
static void
give_streams(struct texts *x, struct block *b, const struct json_tok *t)
{
	const struct json_tok *end = t + t->skip;

	for (t++; t < end; t += t->skip) {
		give_text(x, b, forward_member(b->text, t, "stdout"));
		give_text(x, b, forward_member(b->text, t, "stderr"));
	}
}

static void
responses_element(struct texts *x, struct span text, const struct json_tok *t)
{
	struct block b = { .text = text };
	const struct json_tok *type = forward_member(text, t, "type"), *id, *o;

	canon_block(x->r, text, t);
	close_block(x, &b);
	if (!is_output(text, type)) {
		if (forward_is(text, type, "compaction") ||
		    forward_is(text, type, "compaction_summary"))
			x->on_compaction(x->arg);
		response_call(x, text, t, type);
		return;
	}
	id = forward_member(text, t, "call_id");
	if (id == NULL)
		id = forward_member(text, t, "id");
	b.call = find_call(x, text, id);
	o = forward_member(text, t, "output");
	if (forward_is(text, type, "shell_call_output") && o != NULL &&
	    o->type == JSON_ARRAY)
		give_streams(x, &b, o);
	else
		give_content(x, &b, o);
}

bool
forward_texts(struct texts *x)
{
	struct reading *r = x->r;
	const struct element *e;
	size_t i, calls;

	for (i = 0; i < r->nel && !x->stopped; i++) {
		e = &r->el[i];
		calls = x->calls.len;
		switch (r->api) {
		case API_MESSAGES:
			messages_element(x, e->text, element_tok(r, e));
			break;
		case API_CHAT:
			chat_element(x, e->text, element_tok(r, e));
			break;
		case API_RESPONSES:
			responses_element(x, e->text, element_tok(r, e));
			break;
		case API_NONE:
			break;
		}
		if (!x->stopped)
			x->after_element(x->arg, i, x,
			    x->calls.len > calls);
	}
	return !x->stopped && !buf_err(&r->canon) && !buf_err(&r->scratch);
}
