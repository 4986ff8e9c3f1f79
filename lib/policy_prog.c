/*
 * policy_prog - which programs print files, and which start others
 */
#include "compat.h"

#include "policy_impl.h"

#define NAME_MAX_LEN	24	/* of a program that is looked for */

struct prog {
	const char	*name;
	enum phase	 phase;
	const char	*with_arg;
	unsigned	 operands;	/* before the program it starts */
};

/* Sorted by what they are; a name stands once. */
static const struct prog progs[] = {
	{ "cat", PH_CAT, "", 0 }, { "gcat", PH_CAT, "", 0 },
	{ "sed", PH_SED, "efl", 0 }, { "gsed", PH_SED, "efl", 0 },
	{ "awk", PH_AWK, "Fvf", 0 }, { "gawk", PH_AWK, "Fvfie", 0 },
	{ "mawk", PH_AWK, "Fvf", 0 }, { "nawk", PH_AWK, "Fvf", 0 },
	{ "perl", PH_PERL, "eE", 0 }, { "ruby", PH_PERL, "e", 0 },
	{ "git", PH_GIT, "", 0 },
	{ "grep", PH_GREP, "ABCefmdD", 0 }, { "egrep", PH_GREP, "ABCef", 0 },
	{ "rg", PH_GREP, "ABCefgjmMrtTE", 0 },
	{ "hr-ccr", PH_HRCCR, "", 0 },
	/* Pagers and the like, and PowerShell's. */
	{ "head", PH_HEAD, "nc", 0 }, { "tail", PH_READ, "nc", 0 },
	{ "ghead", PH_HEAD, "nc", 0 }, { "gtail", PH_READ, "nc", 0 },
	{ "nl", PH_HEAD, "bdfhilnsvw", 0 }, { "less", PH_READ, "", 0 },
	{ "more", PH_READ, "", 0 }, { "most", PH_READ, "", 0 },
	{ "bat", PH_READ, "lrHm", 0 }, { "batcat", PH_READ, "lrHm", 0 },
	{ "tac", PH_READ, "", 0 }, { "view", PH_READ, "", 0 },
	{ "pygmentize", PH_READ, "", 0 }, { "ccat", PH_READ, "", 0 },
	{ "zcat", PH_READ, "", 0 }, { "zless", PH_READ, "", 0 },
	{ "zmore", PH_READ, "", 0 }, { "bzcat", PH_READ, "", 0 },
	{ "xzcat", PH_READ, "", 0 }, { "zstdcat", PH_READ, "", 0 },
	{ "get-content", PH_READ, "", 0 }, { "gc", PH_READ, "", 0 },
	{ "type", PH_READ, "", 0 },
	{ "cd", PH_QUIET, "", 0 }, { "set", PH_QUIET, "", 0 },
	{ "export", PH_QUIET, "", 0 }, { "true", PH_QUIET, "", 0 },
	{ "bash", PH_SHELL, "oO", 0 }, { "sh", PH_SHELL, "oO", 0 },
	{ "zsh", PH_SHELL, "oO", 0 }, { "dash", PH_SHELL, "oO", 0 },
	{ "ksh", PH_SHELL, "oO", 0 }, { "mksh", PH_SHELL, "oO", 0 },
	{ "ash", PH_SHELL, "oO", 0 }, { "fish", PH_SHELL, "C", 0 },
	/* These start what comes behind their options. */
	{ "sudo", PH_WRAP, "ugpChrtUDRT", 0 }, { "doas", PH_WRAP, "uC", 0 },
	{ "env", PH_WRAP, "uC", 0 }, { "time", PH_WRAP, "fo", 0 },
	{ "gtime", PH_WRAP, "fo", 0 }, { "timeout", PH_WRAP, "sk", 1 },
	{ "gtimeout", PH_WRAP, "sk", 1 }, { "nice", PH_WRAP, "n", 0 },
	{ "ionice", PH_WRAP, "cn", 0 }, { "nohup", PH_WRAP, "", 0 },
	{ "setsid", PH_WRAP, "", 0 }, { "stdbuf", PH_WRAP, "ioe", 0 },
	{ "xargs", PH_XARGS, "IEnPLdsa", 0 },
	{ "gxargs", PH_XARGS, "IEnPLdsa", 0 },
	{ "command", PH_WRAP, "", 0 }, { "builtin", PH_WRAP, "", 0 },
	{ "exec", PH_WRAP, "a", 0 }, { "busybox", PH_WRAP, "", 0 },
	{ "coproc", PH_WRAP, "", 0 }, { "function", PH_WRAP, "", 1 },
	{ "hr-run", PH_WRAP, "lbqns", 0 },
	/* These do too, somewhere in their arguments. */
	{ "eval", PH_SCAN, "", 0 }, { "trap", PH_SCAN, "", 0 },
	{ "find", PH_SCAN, "", 0 }, { "gfind", PH_SCAN, "", 0 },
	{ "fd", PH_SCAN, "", 0 }, { "fdfind", PH_SCAN, "", 0 },
	{ "parallel", PH_SCAN, "", 0 }, { "watch", PH_SCAN, "", 0 },
	{ "ssh", PH_SCAN, "", 0 }, { "su", PH_SCAN, "", 0 },
	{ "runuser", PH_SCAN, "", 0 }, { "chroot", PH_SCAN, "", 0 },
	{ "docker", PH_SCAN, "", 0 }, { "docker-compose", PH_SCAN, "", 0 },
	{ "podman", PH_SCAN, "", 0 }, { "nerdctl", PH_SCAN, "", 0 },
	{ "kubectl", PH_SCAN, "", 0 }, { "oc", PH_SCAN, "", 0 },
	{ "vagrant", PH_SCAN, "", 0 }, { "adb", PH_SCAN, "", 0 },
	{ "tmux", PH_SCAN, "", 0 }, { "screen", PH_SCAN, "", 0 },
	{ "script", PH_SCAN, "", 0 }, { "expect", PH_SCAN, "", 0 },
	{ "unbuffer", PH_SCAN, "", 0 }, { "flock", PH_SCAN, "", 0 },
	{ "strace", PH_SCAN, "", 0 }, { "ltrace", PH_SCAN, "", 0 },
	{ "unshare", PH_SCAN, "", 0 }, { "nsenter", PH_SCAN, "", 0 },
	{ "bwrap", PH_SCAN, "", 0 }, { "firejail", PH_SCAN, "", 0 },
	{ "fakeroot", PH_SCAN, "", 0 }, { "systemd-run", PH_SCAN, "", 0 },
	{ "setpriv", PH_SCAN, "", 0 }, { "taskset", PH_SCAN, "", 0 },
	{ "chrt", PH_SCAN, "", 0 }, { "entr", PH_SCAN, "", 0 },
	{ "npx", PH_SCAN, "", 0 }, { "uv", PH_SCAN, "", 0 },
	{ "poetry", PH_SCAN, "", 0 }, { "pipenv", PH_SCAN, "", 0 },
	{ "bundle", PH_SCAN, "", 0 }, { "conda", PH_SCAN, "", 0 },
	{ "direnv", PH_SCAN, "", 0 }, { "mise", PH_SCAN, "", 0 },
	{ "nix", PH_SCAN, "", 0 }, { "nix-shell", PH_SCAN, "", 0 },
	{ "wsl", PH_SCAN, "", 0 }, { "cmd", PH_SCAN, "", 0 },
	{ "pwsh", PH_SCAN, "", 0 }, { "powershell", PH_SCAN, "", 0 },
	{ "rtk", PH_SCAN, "", 0 },
};

/* After which the next word is a program again. */
static const char *const keywords[] = {
	"if", "then", "elif", "else", "fi", "do", "done", "while", "until",
	"!", "{", "}", "esac",
};

/* Files that are told are printed. */
static void
is_read(struct judge *j)
{
	if (j->class == TOOL_SHELL)
		j->class = TOOL_READ;
}

void
policy_doubt(struct judge *j)
{
	is_read(j);
	j->read->sure = false;
}

void
policy_nested(struct judge *j, const struct word *script)
{
	if (!script->literal)
		j->read->sure = false;
	buf_addspan(&j->scripts, script->s);
	buf_addc(&j->scripts, '\n');
}

/* A word that may stand for others, or for no file. */
static bool
is_pattern(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (memchr("*?[]{}%", s.p[i], 7) != NULL)
			return true;
	return s.n == 0 || (s.n == 1 && s.p[0] == '-');
}

void
policy_file(struct judge *j, struct cmd *c, const struct word *w, size_t from)
{
	struct span path = span_skip(w->s, from);

	c->files++;
	if (!w->literal || is_pattern(path)) {
		j->read->sure = false;
		return;
	}
	j->read->files++;
	if (j->read->file != NULL)
		j->read->file(j->read->arg, path);
}

void
policy_pipe(struct cmd *c, bool pipe)
{
	c->piped &= pipe;
}

static bool
is(struct span s, const char *z)
{
	return span_eq(s, span_z(z));
}

static bool
has(struct span s, const char *z)
{
	return s.n > 0 && memmem(s.p, s.n, z, strlen(z)) != NULL;
}

bool
policy_has_blank(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n')
			return true;
	return false;
}

static bool
is_keyword(struct span s)
{
	size_t i;

	for (i = 0; i < HR_LEN(keywords); i++)
		if (is(s, keywords[i]))
			return true;
	return false;
}

/* NAME=..., NAME+=... or NAME[...]=... */
static bool
is_assignment(struct span s)
{
	size_t i = 0;

	while (i < s.n && (s.p[i] == '_' || (s.p[i] | 32) - 'a' + 0u < 26 ||
	    (i > 0 && s.p[i] - '0' + 0u < 10)))
		i++;
	if (i == 0 || i == s.n)
		return false;
	return s.p[i] == '=' || s.p[i] == '[' ||
	    (s.p[i] == '+' && i + 1 < s.n && s.p[i + 1] == '=');
}

static bool
is_option(struct span s)
{
	return s.n > 1 && (s.p[0] == '-' || s.p[0] == '+');
}

/* Where the last part of a path begins. */
static size_t
base_of(struct span s)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != '/' && s.p[i - 1] != '\\')
		i--;
	return i;
}

/* The program of this name; PowerShell's and Windows' know no case. */
static const struct prog *
find_prog(struct span s)
{
	char low[NAME_MAX_LEN];
	struct span name;
	size_t i;

	s = span_skip(s, base_of(s));
	if (s.n > 4 && memcmp(s.p + s.n - 4, ".exe", 4) == 0)
		s.n -= 4;
	if (s.n == 0 || s.n > sizeof(low))
		return NULL;
	for (i = 0; i < s.n; i++)
		low[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ?
		    (char)(s.p[i] | 32) : s.p[i];
	name = span_of(low, s.n);
	for (i = 0; i < HR_LEN(progs); i++)
		if (progs[i].name[0] == low[0] && is(name, progs[i].name))
			return &progs[i];
	return NULL;
}

/*
 * Go through the letters of an option, up to one that takes an argument;
 * if that is not in the same word it is the next, which is passed over.
 * The letters are given back.
 */
static struct span
letters(struct cmd *c, struct span s)
{
	size_t i;

	for (i = 1; i < s.n; i++)
		if (strchr(c->with_arg, s.p[i]) != NULL) {
			c->skip += i + 1 == s.n;
			return span_of(s.p + 1, i);
		}
	return span_skip(s, 1);
}

static bool
has_letter(struct span s, char c)
{
	return s.n > 0 && memchr(s.p, c, s.n) != NULL;
}

static void
start_prog(struct judge *j, struct cmd *c, const struct prog *p)
{
	c->program = true;
	c->phase = p->phase;
	c->with_arg = p->with_arg;
	c->operands = p->operands;
	c->skip = 0;
	c->reads = p->phase == PH_READ || p->phase == PH_HEAD;
	c->top = p->phase == PH_HEAD;
	if (c->reads)
		is_read(j);
	if (p->phase != PH_XARGS)
		return;
	/* It adds operands that are not seen. */
	c->phase = PH_WRAP;
	j->read->sure = false;
}

static void
at_start(struct judge *j, struct cmd *c, const struct word *w)
{
	const struct prog *p;
	struct span s = w->s;

	if (!w->quoted && is_keyword(s)) {
		c->cases -= is(s, "esac") && c->cases > 0;
		return;
	}
	if (is_assignment(s))
		return;
	if (!w->quoted && is(s, "case"))
		c->cases++;
	if (!w->literal && w->unknown > base_of(s))
		policy_doubt(j);
	p = find_prog(s);
	if (p != NULL) {
		start_prog(j, c, p);
		return;
	}
	c->program = true;
	c->phase = PH_ARGS;
}

static void
in_wrap(struct judge *j, struct cmd *c, const struct word *w)
{
	struct span s = w->s;

	/* A long option may take a word; so may `env -S'. */
	if (s.n > 2 && s.p[0] == '-' && s.p[1] == '-') {
		if (memchr(s.p, '=', s.n) == NULL)
			c->phase = PH_SCAN;
	} else if (is_option(s)) {
		if (has_letter(letters(c, s), 'S'))
			c->phase = PH_SCAN;
	} else if (is_assignment(s)) {
		return;
	} else if (c->operands > 0) {
		c->operands--;
	} else {
		c->phase = PH_START;
		at_start(j, c, w);
	}
}

/* Any word may be the program, or a script. */
static void
in_scan(struct judge *j, struct cmd *c, const struct word *w)
{
	const struct prog *p;

	if (policy_has_blank(w->s)) {
		j->read->sure = false;
		policy_nested(j, w);
		return;
	}
	p = find_prog(w->s);
	if (p != NULL && p->phase != PH_WRAP && p->phase != PH_XARGS &&
	    p->phase != PH_SCAN) {
		/* What else it is given is not known. */
		j->read->sure = false;
		start_prog(j, c, p);
	}
}

static void
in_shell(struct judge *j, struct cmd *c, const struct word *w)
{
	if (is_option(w->s)) {
		if (w->s.p[1] != '-' && has_letter(letters(c, w->s), 'c'))
			c->script = true;
	} else if (c->script) {
		policy_nested(j, w);
		c->phase = PH_QUIET;
	} else {
		/* The file of a script, or the word of a long option. */
		c->phase = PH_SCAN;
	}
}

/* Of cat, head and the like. */
static void
in_read(struct judge *j, struct cmd *c, const struct word *w)
{
	if (is_option(w->s)) {
		letters(c, w->s);
		return;
	}
	c->seen++;
	policy_file(j, c, w, 0);
}

/* Whether a script of sed prints lines as they are, chosen by number. */
static bool
is_plain_sed(const struct word *w)
{
	size_t i;

	for (i = 0; i < w->s.n; i++)
		if (memchr("0123456789,$pq;+~! ", w->s.p[i], 19) == NULL)
			return false;
	return w->literal;
}

static void
sed_operand(struct judge *j, struct cmd *c, const struct word *w)
{
	c->seen++;
	if (c->script || c->seen > 1) {
		policy_file(j, c, w, 0);
		return;
	}
	c->top = span_starts(w->s, SPAN_LIT("1,")) ||
	    span_starts(w->s, SPAN_LIT("1p"));
	if (!is_plain_sed(w))
		c->unclear = true;
}

static void
in_sed(struct judge *j, struct cmd *c, const struct word *w)
{
	struct span s = w->s, l;

	if (!is_option(s)) {
		sed_operand(j, c, w);
	} else if (s.p[1] == '-') {
		if (is(s, "--quiet") || is(s, "--silent"))
			c->reads = true;
		c->in_place |= span_starts(s, SPAN_LIT("--in-place"));
		c->script |= span_starts(s, SPAN_LIT("--expression=")) ||
		    span_starts(s, SPAN_LIT("--file="));
	} else {
		l = letters(c, s);
		if (has_letter(l, 'i')) {
			c->in_place = true;
			l.n = (size_t)((const char *)memchr(l.p, 'i', l.n) -
			    l.p);
		}
		c->reads |= has_letter(l, 'n');
		c->script |= has_letter(l, 'e') || has_letter(l, 'f');
	}
}

static void
in_awk(struct judge *j, struct cmd *c, const struct word *w)
{
	if (is_option(w->s)) {
		if (has_letter(letters(c, w->s), 'f'))
			c->script = true;
		return;
	}
	if (c->seen++ == 0 && !c->script && has(w->s, "NR"))
		policy_doubt(j);
}

static void
in_perl(struct cmd *c, struct span s)
{
	struct span l;

	if (!is_option(s) || s.p[1] == '-')
		return;
	l = letters(c, s);
	c->in_place |= has_letter(l, 'i');
	c->flagged |= has_letter(l, 'n') || has_letter(l, 'p');
}

/* git show REVISION:FILE */
static void
in_git_show(struct judge *j, struct cmd *c, const struct word *w)
{
	struct span s = w->s;
	const char *colon = memchr(s.p, ':', s.n);
	size_t at;

	if (s.p[0] == '-')
		return;
	if (colon == NULL) {
		j->read->sure = false;
		return;
	}
	at = (size_t)(colon - s.p) + 1;
	is_read(j);
	c->reads = true;
	c->top = !has_letter(span_skip(s, at), ':');
	if (!c->top)
		j->read->sure = false;
	policy_file(j, c, w, at);
}

static void
in_git(struct judge *j, struct cmd *c, const struct word *w)
{
	struct span s = w->s;

	if (is(s, "cat-file") || is(s, "blame") || is(s, "annotate"))
		policy_doubt(j);
	if (c->flagged)
		in_git_show(j, c, w);
	c->flagged |= is(s, "show");
}

/* A pattern that all lines match prints the file. */
static void
in_grep(struct judge *j, struct cmd *c, struct span s)
{
	static const char *const all[] = { "", ".", "^", "$", ".*", "^.*$" };
	size_t i;

	if (is_option(s)) {
		letters(c, s);
		return;
	}
	if (c->seen++ > 0)
		return;
	for (i = 0; i < HR_LEN(all); i++)
		if (is(s, all[i]))
			policy_doubt(j);
}

void
policy_word(struct judge *j, struct cmd *c, const struct word *w)
{
	if (c->skip > 0) {
		c->skip--;
		return;
	}
	switch (c->phase) {
	case PH_START:
		at_start(j, c, w);
		break;
	case PH_XARGS:
	case PH_WRAP:
		in_wrap(j, c, w);
		break;
	case PH_SCAN:
		in_scan(j, c, w);
		break;
	case PH_SHELL:
		in_shell(j, c, w);
		break;
	case PH_CAT:
	case PH_READ:
	case PH_HEAD:
		in_read(j, c, w);
		break;
	case PH_SED:
		in_sed(j, c, w);
		break;
	case PH_AWK:
		in_awk(j, c, w);
		break;
	case PH_PERL:
		in_perl(c, w->s);
		break;
	case PH_GIT:
		if (w->s.n > 0)
			in_git(j, c, w);
		break;
	case PH_GREP:
		in_grep(j, c, w->s);
		break;
	case PH_HRCCR:
		if (is(w->s, "get") || !w->literal)
			j->class = TOOL_FETCH;
		break;
	case PH_ARGS:
	case PH_QUIET:
		break;
	}
}

/* What a command printed that reads: what was told, or what it was piped. */
static void
end_read(struct judge *j, struct cmd *c)
{
	is_read(j);
	if (c->files == 0 && !c->piped)
		j->read->sure = false;
}

/* How many programs print, and of what. */
static void
end_program(struct judge *j, const struct cmd *c)
{
	switch (c->phase) {
	case PH_SHELL:
	case PH_QUIET:
		return;
	case PH_START:
		if (!c->program)
			return;
		break;
	default:
		break;
	}
	j->programs++;
	j->tops += c->reads && c->top && c->files == 1;
}

/* What only the whole of a command tells. */
void
policy_end(struct judge *j, struct cmd *c)
{
	unsigned cases = c->cases;
	bool file = c->seen > (c->script ? 0u : 1u) || c->from_file;

	switch (c->phase) {
	case PH_CAT:
		/* `cat >file` prints nothing, wherever its input is from. */
		c->top = true;
		c->reads = c->seen > 0 || !c->to_file || c->to_other;
		break;
	case PH_SED:
		c->reads |= file && !c->in_place;
		if (c->reads && (c->unclear || c->script))
			policy_doubt(j);
		break;
	case PH_AWK:
		if (file && !c->in_place)
			policy_doubt(j);
		break;
	case PH_PERL:
		if (c->flagged && !c->in_place)
			policy_doubt(j);
		break;
	case PH_START:
		/* $(<file), or the end of a loop that reads it. */
		if (c->from_file && !c->program)
			policy_doubt(j);
		break;
	default:
		break;
	}
	if (c->reads)
		end_read(j, c);
	end_program(j, c);
	*c = (struct cmd){ .phase = PH_START, .with_arg = "", .cases = cases,
	    .piped = c->reads && (c->files > 0 || c->piped) };
}

bool
policy_takes_script(const struct cmd *c)
{
	return c->phase == PH_SHELL || c->phase == PH_SCAN ||
	    c->phase == PH_WRAP || c->phase == PH_START;
}
