/*
 * policy_files - the files that a tool was asked to show
 */
#include "compat.h"

#include "json.h"
#include "policy_impl.h"

#define TOKENS	1024	/* of arguments; more are a doubt */

static const char *const files[] = {
	"filepath", "path", "filename", "file", "targetfile", "absolutepath",
	"abspath", "fullpath", "relativepath", "relativeworkspacepath",
	"pathinproject", "notebookpath", "uri", "paths", "filepaths",
	"filenames", "files", "absolutepaths", "relativepaths",
};

/* Where in its file a text begins, or that it is a part of it. */
static const char *const starts[] = {
	"offset", "start", "startline", "startlineoneindexed",
	"startlineonebased", "startlinenumber", "linestart", "fromline",
	"from", "begin", "beginline", "viewrange", "linerange", "lineranges",
	"range", "ranges", "line", "tail", "symbol", "symbolname", "namepath",
	"chunk", "page", "cursor",
};

struct args {
	struct span		 text;
	struct json_tok		 tok[TOKENS];
	size_t			 ntok;
	struct policy_read	*read;
};

static bool
scan(struct args *a)
{
	struct json_err err;

	return json_scan(a->text, a->tok, TOKENS, &a->ntok, &err) == JSON_OK;
}

bool
policy_is_view(struct span text)
{
	struct args a = { .text = text };
	const struct json_tok *key, *end, *value;

	if (!scan(&a) || a.tok[0].type != JSON_OBJECT)
		return false;
	end = a.tok + a.tok[0].skip;
	for (key = a.tok + 1; key < end; key = value + value->skip) {
		value = key + 1;
		if (span_eq(json_body(text, key), SPAN_LIT("command")) &&
		    value->type == JSON_STRING &&
		    span_eq(json_body(text, value), SPAN_LIT("view")))
			return true;
	}
	return false;
}

static void
tell_file(struct args *a, const struct json_tok *t)
{
	struct buf b = BUF_INIT;
	struct word w = { .s = json_body(a->text, t), .literal = true };
	struct judge j = { .read = a->read };
	struct cmd c = { .files = 0 };

	if (t->escaped) {
		json_decode(w.s, &b);
		w.s = buf_span(&b);
	}
	if (buf_err(&b))
		a->read->sure = false;
	else
		policy_file(&j, &c, &w, 0);
	buf_release(&b);
}

/* A path, or a list of them; objects in it are come to by themselves. */
static void
tell_files(struct args *a, const struct json_tok *t)
{
	const struct json_tok *e = t + 1, *end = t + t->skip;

	if (t->type == JSON_STRING)
		tell_file(a, t);
	else if (t->type == JSON_ARRAY)
		for (; e < end; e += e->skip)
			if (e->type == JSON_STRING)
				tell_file(a, e);
}

/* Whether it says 0, 1, nothing, or is a list that begins so. */
static bool
is_first(struct span text, const struct json_tok *t)
{
	struct span s;

	if (t->type == JSON_ARRAY && t->count > 0)
		t++;
	s = json_text(text, t);
	return t->type == JSON_NULL || span_eq(s, SPAN_LIT("0")) ||
	    span_eq(s, SPAN_LIT("1"));
}

static void
look_into(struct args *a, const struct json_tok *object)
{
	const struct json_tok *key = object + 1, *end = object + object->skip;
	struct span name;

	for (; key < end; key += 1 + key[1].skip) {
		name = json_body(a->text, key);
		if (key->escaped)
			a->read->sure = false;
		else if (policy_named(name, files, HR_LEN(files)))
			tell_files(a, key + 1);
		else if (policy_named(name, starts, HR_LEN(starts)))
			a->read->top &= is_first(a->text, key + 1);
	}
}

void
policy_read_args(struct span text, struct policy_read *read)
{
	struct args a = { .text = text, .read = read };
	size_t i;

	read->top = true;
	if (!scan(&a)) {
		read->sure = false;
		return;
	}
	for (i = 0; i < a.ntok; i++)
		if (a.tok[i].type == JSON_OBJECT)
			look_into(&a, &a.tok[i]);
	read->top &= read->files == 1;
}
