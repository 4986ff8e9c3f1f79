/*
 * json_text - JSON for options that take a part of it
 */
#include "compat.h"

#include "form.h"
#include "json_lines.h"
#include "json_text.h"
#include "msg.h"

static bool
is_json(struct span s)
{
	struct json_err err;
	size_t n;

	return json_scan(s, NULL, 0, &n, &err) == JSON_OK ||
	    json_lines_scan(NULL, s, &err) == JSON_OK;
}

struct span
json_text_of(struct span text, struct buf *b)
{
	struct buf how = BUF_INIT;
	struct span s = text;
	bool exact;

	if (!is_json(text) && form_find(text, b, &how, &exact) != NULL)
		s = buf_span(b);
	buf_release(&how);
	return s;
}

bool
json_text_jq(const char *program, struct span text, struct buf *out)
{
	struct buf json = BUF_INIT;
	struct jq_err err;
	enum jq_rc rc = jq_run(program, json_text_of(text, &json), out, &err);

	buf_release(&json);
	if (rc != JQ_OK)
		msg_warn("--jq: %s", err.text);
	return rc == JQ_OK;
}
