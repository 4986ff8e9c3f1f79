/*
 * policy_redir - redirections and here documents
 */
#include "compat.h"

#include "policy_impl.h"

static void
expect_doc(struct lex *l, const struct word *w, bool tabs)
{
	struct doc *d = &l->doc[l->ndocs];

	/* An empty line may end it, or what stands behind the script. */
	if (l->ndocs == DOCS || w->s.n == 0) {
		policy_give_up(l);
		return;
	}
	l->ndocs++;
	*d = (struct doc){ .start = l->delims.len, .len = w->s.n,
	    .tabs = tabs, .quoted = w->quoted,
	    .script = policy_takes_script(&top(l)->cmd) };
	buf_addspan(&l->delims, w->s);
}

/* Whether output to this file is surely not seen. */
static bool
is_plain_file(const struct word *w)
{
	return w->literal && w->s.n > 0 &&
	    !span_starts(w->s, SPAN_LIT("/dev/")) &&
	    !span_starts(w->s, SPAN_LIT("/proc/"));
}

void
policy_target(struct lex *l, enum target t, const struct word *w)
{
	struct cmd *c = &top(l)->cmd;

	switch (t) {
	case TO_FILE:
		if (is_plain_file(w))
			c->to_file = true;
		else
			c->to_other = true;
		break;
	case TO_DUP:
		c->to_other = true;
		break;
	case FROM_FILE:
		/* <(...) leaves no text. */
		if (w->s.n > 0) {
			c->from_file = true;
			policy_file(l->j, c, w, 0);
		}
		break;
	case FROM_STRING:
		if (policy_takes_script(c))
			policy_nested(l->j, w);
		break;
	case FROM_DOC:
	case FROM_DOC_TABS:
		expect_doc(l, w, t == FROM_DOC_TABS);
		break;
	case TO_NOTHING:
	case IGNORED:
		break;
	}
}

static bool
runs_something(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == '`' ||
		    (s.p[i] == '$' && i + 1 < s.n && s.p[i + 1] == '('))
			return true;
	return false;
}

void
policy_read_doc(struct lex *l, const struct doc *d)
{
	struct span delim, line, body;
	size_t from = l->at, to;

	if (buf_err(&l->delims)) {
		policy_give_up(l);
		return;
	}
	delim = span_skip(buf_span(&l->delims), d->start);
	delim.n = d->len;
	for (;;) {
		if (l->at >= l->s.n) {
			policy_give_up(l);
			return;
		}
		to = l->at;
		line = line_at(l);
		l->at += line.n + (l->at + line.n < l->s.n);
		while (d->tabs && line.n > 0 && line.p[0] == '\t')
			line = span_skip(line, 1);
		if (line.n == delim.n + 1 && line.p[delim.n] == '\r')
			line.n--;
		if (span_eq(line, delim))
			break;
	}
	body = span_of(l->s.p + from, to - from);
	if (d->script)
		policy_nested(l->j, &(struct word){ .s = body,
		    .literal = true });
	else if (!d->quoted && runs_something(body))
		policy_doubt(l->j);
}

/* The number before a '<' or '>', or -1: then it was a word. */
static int
descriptor(struct lex *l)
{
	struct level *v = top(l);
	size_t n = l->text.len - v->start;
	int fd = -1;

	if (v->in_word && n == 1 && !v->quoted && v->literal &&
	    l->text.p[v->start] - '0' + 0u < 10) {
		fd = l->text.p[v->start] - '0';
		buf_truncate(&l->text, v->start);
		v->in_word = false;
	}
	policy_end_word(l);
	return fd;
}

void
policy_input(struct lex *l)
{
	enum target t = FROM_FILE;
	int fd = descriptor(l);

	if (peek(l, 0) == '(') {
		l->at++;
		policy_begin_word(l);
		policy_enter(l, ')', false);
		return;
	}
	if (peek(l, 0) == '<' && peek(l, 1) == '<') {
		t = FROM_STRING;
		l->at += 2;
	} else if (peek(l, 0) == '<') {
		t = peek(l, 1) == '-' ? FROM_DOC_TABS : FROM_DOC;
		l->at += 1 + (t == FROM_DOC_TABS);
	} else if (peek(l, 0) == '&') {
		t = IGNORED;
		l->at++;
	} else if (peek(l, 0) == '>') {
		l->at++;
	}
	if (t == FROM_FILE && fd > 0)
		t = IGNORED;
	top(l)->target = t;
}

void
policy_output(struct lex *l)
{
	int fd = descriptor(l);
	bool dup = false;

	if (peek(l, 0) == '(') {
		l->at++;
		top(l)->cmd.to_other = true;
		policy_begin_word(l);
		policy_enter(l, ')', false);
		return;
	}
	if (peek(l, 0) == '>' || peek(l, 0) == '|') {
		l->at++;
	} else if (peek(l, 0) == '&') {
		l->at++;
		dup = true;
	}
	top(l)->target = fd >= 0 && fd != 1 ? IGNORED :
	    dup ? TO_DUP : TO_FILE;
}
