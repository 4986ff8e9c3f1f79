/*
 * policy_lex - a script as words and simple commands
 *
 * After the POSIX Shell Command Language (IEEE Std 1003.1-2017, XCU 2.2 to
 * 2.10) and what bash adds to it.  What is not understood, or ends too early,
 * is a doubt, and a doubt is a read.  Each byte is looked at a bounded number
 * of times.
 */
#include "compat.h"

#include "policy_impl.h"

void
policy_give_up(struct lex *l)
{
	policy_doubt(l->j);
	l->stuck = true;
}

void
policy_begin_word(struct lex *l)
{
	struct level *v = top(l);

	if (v->in_word)
		return;
	v->in_word = true;
	v->quoted = false;
	v->literal = true;
	v->start = l->text.len;
}

static void
add(struct lex *l, char c)
{
	policy_begin_word(l);
	buf_addc(&l->text, c);
}

/* What stands here up to now is not what the shell would make of it. */
static void
unknown(struct lex *l)
{
	struct level *v = top(l);

	policy_begin_word(l);
	v->literal = false;
	v->unknown = l->text.len - v->start;
}

void
policy_end_word(struct lex *l)
{
	struct level *v = top(l);
	enum target t = v->target;
	struct word w;

	if (!v->in_word)
		return;
	w.s = span_of(l->text.len == v->start ? "" : l->text.p + v->start,
	    l->text.len - v->start);
	w.quoted = v->quoted;
	w.literal = v->literal;
	w.unknown = v->unknown;
	v->in_word = false;
	v->target = TO_NOTHING;
	if (t == TO_NOTHING)
		policy_word(l->j, &v->cmd, &w);
	else
		policy_target(l, t, &w);
	buf_truncate(&l->text, v->start);
}

static void
end_command(struct lex *l)
{
	policy_end_word(l);
	top(l)->target = TO_NOTHING;
	policy_end(l->j, &top(l)->cmd);
}

void
policy_enter(struct lex *l, char closer, bool paren)
{
	if (l->depth + 1 == LEVELS) {
		policy_give_up(l);
		return;
	}
	l->depth++;
	*top(l) = (struct level){ .closer = closer, .paren = paren,
	    .cmd = { .phase = PH_START, .with_arg = "" } };
}

static void
leave(struct lex *l)
{
	bool paren = top(l)->paren;

	end_command(l);
	l->depth--;
	if (paren)
		/* A function's body comes, or what else may be a command. */
		policy_end(l->j, &top(l)->cmd);
	else
		unknown(l);
}

/*
 * Behind "((", the number of bytes to behind "))"; 0 if that is not what it
 * is, but a ( ) inside a ( ).
 */
static size_t
arith_len(const struct lex *l)
{
	unsigned open = 2;
	size_t k;

	for (k = 0; k < ARITH_MAX && k < l->s.n - l->at; k++)
		switch (peek(l, k)) {
		case '(':
			open++;
			break;
		case ')':
			if (--open == 1)
				return peek(l, k + 1) == ')' ? k + 2 : 0;
			break;
		case '`':
		case '$':
			if (peek(l, k) == '`' || peek(l, k + 1) == '(')
				return 0;
			break;
		default:
			break;
		}
	return 0;
}

/* Behind "((" at l->at: pass it over if it is arithmetic. */
static bool
skip_arith(struct lex *l, size_t before)
{
	size_t n;

	l->at += before;
	n = arith_len(l);
	if (n == 0) {
		l->at -= before;
		return false;
	}
	l->at += n;
	return true;
}

static void
single_quotes(struct lex *l)
{
	const char *p = l->s.p + l->at, *q = memchr(p, '\'', l->s.n - l->at);

	policy_begin_word(l);
	top(l)->quoted = true;
	if (q == NULL) {
		policy_give_up(l);
		return;
	}
	buf_add(&l->text, p, (size_t)(q - p));
	l->at += (size_t)(q - p) + 1;
}

/* Behind $': escapes of one letter, all others are unknown. */
static void
ansi_quotes(struct lex *l)
{
	static const char from[] = "nt\\'\"", to[] = "\n\t\\'\"";
	const char *e;
	char c;

	policy_begin_word(l);
	top(l)->quoted = true;
	while (l->at < l->s.n) {
		c = l->s.p[l->at++];
		if (c == '\'')
			return;
		if (c == '\\' && l->at < l->s.n) {
			c = l->s.p[l->at++];
			e = c == '\0' ? NULL : strchr(from, c);
			if (e == NULL)
				unknown(l);
			else
				c = to[e - from];
		}
		add(l, c);
	}
	policy_give_up(l);
}

/* Behind a '$', in quotes or not. */
static void
dollar(struct lex *l)
{
	char c = peek(l, 0);

	if (c == '(' && peek(l, 1) == '(' && skip_arith(l, 2)) {
		add(l, '0');
		unknown(l);
	} else if (c == '(') {
		l->at++;
		add(l, '$');
		policy_enter(l, ')', false);
	} else if (c == '\'' && !top(l)->in_double) {
		l->at++;
		ansi_quotes(l);
	} else if (c != '"') {
		add(l, '$');
		unknown(l);
		/* The name: unknown up to its end. */
		while ((c | 32) - 'a' + 0u < 26 || c - '0' + 0u < 10 ||
		    c == '_' || c == '{' || c == '}') {
			add(l, c);
			l->at++;
			if (c == '}')
				break;
			c = peek(l, 0);
		}
		unknown(l);
	}
}

static void
backtick(struct lex *l)
{
	if (top(l)->closer == '`') {
		leave(l);
		return;
	}
	add(l, '$');
	policy_enter(l, '`', false);
}

static void
backslash(struct lex *l)
{
	char c = peek(l, 0);

	if (l->at == l->s.n)
		return;
	if (c == '`')
		policy_doubt(l->j);	/* inside one inside another */
	l->at++;
	if (c == '\n')
		return;
	if (top(l)->in_double && memchr("$`\"\\", c, 4) == NULL)
		add(l, '\\');
	add(l, c);
	top(l)->quoted = true;
}

/* One byte between double quotes. */
static void
in_double(struct lex *l)
{
	char c = l->s.p[l->at++];

	switch (c) {
	case '"':
		top(l)->in_double = false;
		break;
	case '\\':
		backslash(l);
		break;
	case '$':
		dollar(l);
		break;
	case '`':
		backtick(l);
		break;
	default:
		add(l, c);
	}
}

static void
newline(struct lex *l)
{
	size_t i;

	end_command(l);
	policy_pipe(&top(l)->cmd, false);
	for (i = 0; i < l->ndocs && !l->stuck; i++)
		policy_read_doc(l, &l->doc[i]);
	l->ndocs = 0;
	buf_reset(&l->delims);
}

static void
open_paren(struct lex *l)
{
	struct level *v = top(l);

	if (!v->in_word && v->cmd.phase == PH_START && peek(l, 0) == '(' &&
	    skip_arith(l, 1))
		return;
	policy_end_word(l);
	policy_enter(l, ')', true);
}

static void
close_paren(struct lex *l)
{
	policy_end_word(l);	/* it may be esac */
	/* Of a pattern of case there is no other. */
	if (top(l)->closer != ')' || top(l)->cmd.cases > 0)
		end_command(l);
	else
		leave(l);
}

/* One byte outside quotes. */
static void
plain(struct lex *l)
{
	char c = l->s.p[l->at++];

	switch (c) {
	case ' ': case '\t': case '\r':
		policy_end_word(l);
		break;
	case '\n':
		newline(l);
		break;
	case '&':
		if (peek(l, 0) == '>') {	/* &>file */
			policy_end_word(l);
			break;
		}
		end_command(l);
		policy_pipe(&top(l)->cmd, false);
		break;
	case ';': case '|':
		end_command(l);
		policy_pipe(&top(l)->cmd, c == '|' && peek(l, 0) != '|');
		break;
	case '<':
		policy_input(l);
		break;
	case '>':
		policy_output(l);
		break;
	case '(':
		open_paren(l);
		break;
	case ')':
		close_paren(l);
		break;
	case '\'':
		single_quotes(l);
		break;
	case '"':
		policy_begin_word(l);
		top(l)->quoted = true;
		top(l)->in_double = true;
		break;
	case '\\':
		backslash(l);
		break;
	case '$':
		dollar(l);
		break;
	case '`':
		backtick(l);
		break;
	case '#':
		if (top(l)->in_word)
			add(l, c);
		else
			l->at += line_at(l).n;
		break;
	default:
		add(l, c);
	}
}

void
policy_lex(struct judge *j, struct span script)
{
	struct lex l = { .j = j, .s = script, .text = BUF_INIT,
	    .delims = BUF_INIT };

	policy_enter(&l, '\0', true);
	while (l.at < l.s.n && !l.stuck && j->class != TOOL_FETCH)
		if (top(&l)->in_double)
			in_double(&l);
		else
			plain(&l);
	/* A document without its line, something not closed. */
	if (l.ndocs > 0 || l.depth > 1 || top(&l)->in_double)
		policy_doubt(j);
	while (!l.stuck && l.depth > 1)
		leave(&l);
	if (!l.stuck)
		end_command(&l);
	if (buf_err(&l.text) || buf_err(&l.delims))
		policy_doubt(j);
	buf_release(&l.text);
	buf_release(&l.delims);
}
