/*
 * forward_refs - the lines that the forwarded body shows so far
 *
 * What tools returned counts in the form in which it is sent, and what the
 * agent gave to tools; both under a name.
 */
#include "compat.h"

#include "forward_impl.h"

#define INPUT_LINES	REFS_WINDOW	/* shorter inputs are not kept */

void
shown_release(struct shown *s)
{
	refs_lines_release(&s->lines);
	refs_said_release(&s->said);
	forward_names_release(&s->names);
	buf_release(&s->inner);
}

void
shown_start(struct shown *s, struct refs *refs)
{
	s->refs = refs;
	s->element = NULL;
}

static void
add_input(void *arg, struct span text)
{
	struct shown *s = arg;
	struct refs_name name = { .name = buf_span(&s->names.input),
	    .path = s->names.input_path, .block = s->block };
	size_t i, lines = 1;

	for (i = 0; i < text.n && lines < INPUT_LINES; i++)
		lines += text.p[i] == '\n';
	if (lines < INPUT_LINES)
		return;
	s->ninputs++;
	refs_split(&s->lines, text, s->refs->seed);
	refs_add(s->refs, &name, &s->lines);
}

bool
shown_call(struct shown *s, struct tool_call *c, struct arena *a)
{
	c->title = span_of("", 0);
	if (s->refs == NULL)
		return true;
	s->block = s->refs->ntexts;
	s->element = NULL;
	s->ninputs = 0;
	forward_name(c, &s->names, add_input, s);
	/* One that has no lines to point to counts all the same. */
	if (s->ninputs == 0 && s->names.input.len > 0)
		refs_add(s->refs, &(struct refs_name){
		    .name = buf_span(&s->names.input),
		    .path = s->names.input_path, .block = s->block }, NULL);
	c->title = arena_dup(a, buf_span(&s->names.result));
	c->path = s->names.result_path;
	c->shows = s->names.shows;
	return c->title.p != NULL;
}

uint64_t
shown_block(struct shown *s, const struct tool_text *t)
{
	if (s->element != t->text.p || s->before != t->before) {
		s->element = t->text.p;
		s->before = t->before;
		s->block = s->refs->ntexts;
	}
	return s->block;
}

void
shown_text(struct shown *s, const struct tool_text *t, struct span text,
    struct span form, enum forward_why why)
{
	struct refs_name name = { .result = true, .asked = why == WHY_ASKED };
	struct inner in;

	if (s->refs == NULL)
		return;
	name.block = shown_block(s, t);
	if (t->call != NULL) {
		name.name = t->call->title;
		name.path = t->call->path;
		name.shows = t->call->shows;
	}
	forward_unwrap(text, &s->inner, &in);
	if (why == WHY_REFERRED || why == WHY_ASKED) {
		refs_split(&s->lines, in.text, s->refs->seed);
		refs_guard(&s->lines);
		if (refs_find(s->refs, &s->lines, &s->said))
			refs_longest(&s->said, &name.from, &name.n);
	}
	if (form.p != NULL)
		forward_unwrap(form, &s->inner, &in);
	refs_split(&s->lines, in.text, s->refs->seed);
	/* It came like this, and who knows what it refers to. */
	if (s->lines.own && form.p == NULL && name.n == 0)
		name.n = UINT32_MAX;
	refs_add(s->refs, &name, &s->lines);
}
