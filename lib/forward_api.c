/*
 * forward_api - which API a body speaks
 */
#include "compat.h"

#include "forward_impl.h"

/* Whether a message has a block of Anthropic's. */
static bool
has_blocks(struct span text, const struct json_tok *message)
{
	const struct json_tok *t = forward_member(text, message, "content");
	const struct json_tok *end, *type;

	if (t == NULL || t->type != JSON_ARRAY)
		return false;
	end = t + t->skip;
	for (t++; t < end; t += t->skip) {
		type = forward_member(text, t, "type");
		if (forward_is(text, type, "tool_use") ||
		    forward_is(text, type, "tool_result"))
			return true;
	}
	return false;
}

static enum api
by_messages(struct span text, const struct json_tok *t)
{
	const struct json_tok *end = t + t->skip;

	if (t->type != JSON_ARRAY)
		return API_NONE;
	for (t++; t < end; t += t->skip) {
		if (forward_is(text, forward_member(text, t, "role"), "tool") ||
		    forward_member(text, t, "tool_calls") != NULL)
			return API_CHAT;
		if (has_blocks(text, t))
			return API_MESSAGES;
	}
	return API_CHAT;
}

enum api
forward_api(struct span body, struct json_err *err)
{
	struct json_doc d = JSON_DOC_INIT;
	const struct json_tok *list;
	enum api api = API_NONE;
	enum json_rc rc;

	*err = (struct json_err){ .what = NULL };
	rc = json_doc_scan(&d, body, err);
	if (rc == JSON_OK) {
		list = forward_member(body, d.tok, "messages");
		if (list == NULL)
			api = forward_member(body, d.tok, "input") != NULL ?
			    API_RESPONSES : API_NONE;
		else if (forward_member(body, d.tok, "system") != NULL)
			api = API_MESSAGES;
		else
			api = by_messages(body, list);
	} else if (rc != JSON_BAD) {
		err->what = "out of memory";
	}
	json_doc_release(&d);
	return api;
}
