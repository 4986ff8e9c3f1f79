/*
 * forward_reads - how much may be done to what a read printed
 *
 * What an agent may edit stays exact.  The class of the files that its call
 * named, or the lack of anything that could edit, may allow more; and parts
 * that nobody edits may be left out of any source.
 */
#include "compat.h"

#include "forward_impl.h"
#include "keep.h"
#include "policy.h"

static struct span
call_string(struct span text, const struct json_tok *t, struct buf *b)
{
	if (t != NULL && t->type != JSON_STRING)
		return json_text(text, t);
	return forward_string(text, t, b);
}

enum tool_class
forward_call(const struct decider *d, const struct tool_call *c,
    struct reads *r)
{
	struct buf name = BUF_INIT, arguments = BUF_INIT;
	enum tool_class class;

	*r = (struct reads){ .judge = { .rules = d->opt->rules } };
	r->read = (struct policy_read){ .file = file_judge_path,
	    .arg = &r->judge };
	class = policy_call(d->opt->rules,
	    forward_string(c->text, c->name, &name),
	    call_string(c->text, c->arguments, &arguments), &r->read);
	if (buf_err(&name) || buf_err(&arguments)) {
		class = TOOL_READ;
		r->read.sure = false;
	}
	buf_release(&name);
	buf_release(&arguments);
	return class;
}

void
forward_read_level(const struct decider *d, struct reads *r, struct span text)
{
	enum file_class class = file_judge(&r->judge, &r->read, text);
	enum squash_level level = rules_level(d->opt->rules, class);

	r->class = file_class_name(class);
	if (level < SQUASH_BALANCED && !d->facts->tool.change) {
		r->class = "unedited";
		level = SQUASH_BALANCED;
	}
	r->level = level < d->level ? level : d->level;
}
