/*
 * forward_names - what calls are called, by which their texts are found above
 *
 * As the model sees them: the tool and its argument, a file's path or the
 * beginning of a command.  A name is short and on one line; a path in it is
 * whole, and what cannot be named is not pointed to.
 */
#include "compat.h"

#include "forward_impl.h"
#include "policy.h"

#define TOOL_MAX	64	/* bytes of a tool's name */
#define WHOLE_MAX	160	/* bytes of a path */
#define PART_MAX	60	/* bytes of what may be cut */

static const char *const path_keys[] = {
	"file_path", "filePath", "path", "notebook_path", "filename", "file",
	"target_file", "absolute_path", "relative_path", "uri", "url",
};

static const char *const command_keys[] = {
	"command", "cmd", "script", "input",
};

struct args {
	struct span		 text;
	const struct json_tok	*object;	/* or NULL: free text */
};

static const struct json_tok *
string_of(const struct args *a, const char *const *keys, size_t n)
{
	const struct json_tok *t;
	size_t i;

	for (i = 0; i < n; i++) {
		t = forward_member(a->text, a->object, keys[i]);
		/* `bash -lc COMMAND` in words: the last says it. */
		if (t != NULL && t->type == JSON_ARRAY && t->count > 0) {
			const struct json_tok *e = t + 1, *end = t + t->skip;

			while (e + e->skip < end)
				e += e->skip;
			t = e;
		}
		if (t != NULL && t->type == JSON_STRING)
			return t;
	}
	return NULL;
}

static bool
is_one_line(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false;
	return s.n > 0;
}

/* The first line, as much of it as is short. */
static void
add_part(struct buf *b, struct span s)
{
	const char *nl;
	size_t n;

	s = span_trim(s, " \t\r\n");
	nl = memchr(s.p, '\n', s.n);
	n = nl != NULL ? (size_t)(nl - s.p) : s.n;
	if (n > PART_MAX) {
		n = PART_MAX;
		while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
			n--;
	}
	buf_addspan(b, span_trim(span_of(s.p, n), "\t\r"));
	if (n < s.n)
		buf_adds(b, "...");
}

/* The file that a patch is for first. */
static struct span
patched(struct span s)
{
	static const char *const marks[] = { "*** Update File: ",
	    "*** Add File: " };
	const char *p, *first = NULL, *nl;
	size_t i;

	for (i = 0; i < HR_LEN(marks); i++) {
		p = s.n == 0 ? NULL : memmem(s.p, s.n, marks[i],
		    strlen(marks[i]));
		if (p != NULL && (first == NULL || p < first))
			first = p + strlen(marks[i]);
	}
	if (first == NULL)
		return span_of("", 0);
	s = span_skip(s, (size_t)(first - s.p));
	nl = memchr(s.p, '\n', s.n);
	return span_trim(nl == NULL ? s : span_of(s.p, (size_t)(nl - s.p)),
	    " \r");
}

static const struct json_tok *
first_plain(const struct args *a)
{
	const struct json_tok *t, *end;

	if (a->object == NULL)
		return NULL;
	end = a->object + a->object->skip;
	for (t = a->object + 1; t < end; t += 1 + t[1].skip)
		if (t[1].type == JSON_STRING || t[1].type == JSON_NUMBER)
			return t + 1;
	return NULL;
}

/* " of ARGUMENT", if there is one.  False: it cannot be named. */
static bool
add_argument(struct buf *b, const struct args *a, size_t *path,
    struct buf *scratch)
{
	const struct json_tok *t = string_of(a, path_keys,
	    HR_LEN(path_keys));
	struct span s;

	buf_reset(scratch);
	if (a->object == NULL || t != NULL) {
		s = a->object == NULL ? patched(a->text) :
		    forward_string(a->text, t, scratch);
		if (!is_one_line(s) || s.n > WHOLE_MAX)
			return a->object == NULL;
		buf_adds(b, " of ");
		*path = b->len;
		buf_addspan(b, s);
		return true;
	}
	t = first_plain(a);
	if (t != NULL) {
		s = t->type == JSON_NUMBER ? json_text(a->text, t) :
		    span_trim(forward_string(a->text, t, scratch), " \n");
		if (s.n > 0) {
			buf_adds(b, " of ");
			add_part(b, s);
		}
	}
	return true;
}

/* What an editor is asked to do stands under "command", beside a path. */
static struct span
verb(const struct args *a, struct buf *scratch)
{
	static const char *const key = "command";
	struct span s;

	buf_reset(scratch);
	s = forward_string(a->text, string_of(a, &key, 1), scratch);
	return s.n <= TOOL_MAX && is_one_line(s) ? s : span_of("", 0);
}

static bool
name_call(struct buf *b, struct span tool, enum tool_class class,
    const struct args *a, bool result, size_t *path, struct buf *scratch)
{
	const struct json_tok *t = string_of(a, command_keys,
	    HR_LEN(command_keys));
	bool edits = class == TOOL_EDIT;

	if (class == TOOL_SHELL) {
		buf_reset(scratch);
		buf_adds(b, result ? "output of `" : "input of `");
		add_part(b, a->object == NULL ? a->text :
		    forward_string(a->text, t, scratch));
		buf_addc(b, '`');
		return a->object == NULL || t != NULL;
	}
	if (!is_one_line(tool) || tool.n > TOOL_MAX)
		return false;
	if (result && edits)
		buf_adds(b, "result of the ");
	else if (!result && !edits)
		buf_adds(b, "input of the ");
	buf_addspan(b, tool);
	if (t != NULL && string_of(a, path_keys, HR_LEN(path_keys)) != NULL) {
		struct span v = verb(a, scratch);

		if (v.n > 0)
			buf_addc(b, ' ');
		buf_addspan(b, v);
	}
	return add_argument(b, a, path, scratch);
}

/* The arguments as an object, which may stand in a string. */
static struct args
open_args(const struct tool_call *c, struct json_doc *doc, struct buf *text)
{
	struct args a = { .text = c->text, .object = c->arguments };
	struct json_err err;

	if (c->arguments == NULL || c->arguments->type == JSON_OBJECT)
		return a;
	a.object = NULL;
	a.text = forward_string(c->text, c->arguments, text);
	if (a.text.n > 0 && a.text.p[0] == '{' &&
	    json_doc_scan(doc, a.text, &err) == JSON_OK)
		a.object = doc->tok;
	return a;
}

/*
 * What an edit takes away stands above anyway, mostly where it was read.  The
 * token before a member's value is its name.
 */
static bool
is_old(struct span text, const struct json_tok *value)
{
	struct span key;

	if (value[-1].type != JSON_STRING)
		return false;
	key = json_body(text, value - 1);
	return span_starts(key, SPAN_LIT("old")) ||
	    span_eq(key, SPAN_LIT("search"));
}

/* Each string of the arguments; a free text is one. */
static void
each_string(const struct args *a, forward_input_fn *fn, void *arg,
    struct buf *scratch)
{
	const struct json_tok *t = a->object, *end;
	struct span s;

	if (t == NULL) {
		fn(arg, a->text);
		return;
	}
	/* Names are strings too, but hold no lines. */
	for (end = t + t->skip; t < end; t++)
		if (t->type == JSON_STRING && t->escaped &&
		    !is_old(a->text, t)) {
			buf_reset(scratch);
			s = forward_string(a->text, t, scratch);
			fn(arg, s);
		}
}

void
forward_name(const struct tool_call *c, struct forward_names *n,
    forward_input_fn *fn, void *arg)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct args a;
	enum tool_class class;
	struct span tool;

	buf_reset(&n->result);
	buf_reset(&n->input);
	buf_reset(&n->text);
	buf_reset(&n->tool);
	a = open_args(c, &doc, &n->text);
	tool = forward_string(c->text, c->name, &n->tool);
	class = policy_tool(n->rules, tool);
	if (class == TOOL_EDIT && span_eq(verb(&a, &n->scratch),
	    SPAN_LIT("view")))
		class = TOOL_READ;
	n->shows = class != TOOL_EDIT;
	n->result_path = n->input_path = 0;
	if (!name_call(&n->result, tool, class, &a, true, &n->result_path,
	    &n->scratch))
		buf_reset(&n->result);
	if (!name_call(&n->input, tool, class, &a, false, &n->input_path,
	    &n->scratch))
		buf_reset(&n->input);
	if (n->input.len > 0)
		each_string(&a, fn, arg, &n->scratch);
	json_doc_release(&doc);
}

void
forward_names_release(struct forward_names *n)
{
	buf_release(&n->result);
	buf_release(&n->input);
	buf_release(&n->text);
	buf_release(&n->tool);
	buf_release(&n->scratch);
}
