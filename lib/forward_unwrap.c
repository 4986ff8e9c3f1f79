/*
 * forward_unwrap - what a command printed, behind what a client put around it
 */
#include "compat.h"

#include "forward_impl.h"

#define HEAD_MAX	512	/* bytes of a wrapper's head */

/* Whether all members but "metadata" are plain values. */
static bool
is_wrapper(struct span s, const struct json_doc *doc)
{
	const struct json_tok *t, *end = doc->tok + doc->ntok;

	if (doc->tok->type != JSON_OBJECT)
		return false;
	for (t = doc->tok + 1; t < end; t += 1 + t[1].skip)
		if ((t[1].type == JSON_OBJECT || t[1].type == JSON_ARRAY) &&
		    !forward_is(s, t, "metadata"))
			return false;
	return true;
}

/* The longest of the strings that can hold what was printed, or NULL. */
static const struct json_tok *
printed(struct span s, const struct json_doc *doc)
{
	static const char *const names[] = { "output", "stdout", "stderr" };
	const struct json_tok *t, *found = NULL;
	size_t i;

	for (i = 0; i < HR_LEN(names); i++) {
		t = forward_member(s, doc->tok, names[i]);
		if (t != NULL && t->type == JSON_STRING && (found == NULL ||
		    t->end - t->start > found->end - found->start))
			found = t;
	}
	return found;
}

/*
 * {"output":"...","metadata":{...}}, as Codex wraps what a shell printed, and
 * its like: one object whose other members are numbers, words, or metadata.
 */
static bool
unwrap_json(struct span s, struct buf *b, struct inner *in)
{
	const struct json_tok *t = NULL;
	struct json_doc doc = JSON_DOC_INIT;
	struct json_err err;

	if (s.p[0] != '{')
		return false;
	if (json_doc_scan(&doc, s, &err) == JSON_OK && is_wrapper(s, &doc))
		t = printed(s, &doc);
	if (t != NULL) {
		buf_reset(b);
		*in = (struct inner){ forward_string(s, t, b),
		    t->start + 1, t->end - 1, true };
	}
	json_doc_release(&doc);
	return t != NULL;
}

/* Lines of facts about the command, then "Output:" and what it printed. */
static bool
unwrap_lines(struct span s, struct inner *in)
{
	static const char *const starts[] = { "Chunk ID: ", "Exit code: ",
	    "Wall time: " };
	static const char mark[] = "\nOutput:\n";
	size_t i, n = s.n < HEAD_MAX ? s.n : HEAD_MAX;
	const char *p;

	for (i = 0; i < HR_LEN(starts); i++)
		if (span_starts(s, span_z(starts[i])))
			break;
	if (i == HR_LEN(starts))
		return false;
	p = memmem(s.p, n, mark, sizeof(mark) - 1);
	if (p == NULL)
		return false;
	in->from = (size_t)(p - s.p) + sizeof(mark) - 1;
	in->to = s.n;
	in->text = span_skip(s, in->from);
	return true;
}

void
forward_unwrap(struct span s, struct buf *b, struct inner *in)
{
	*in = (struct inner){ s, 0, s.n, false };
	if (s.n > 0 && !unwrap_json(s, b, in))
		unwrap_lines(s, in);
}
