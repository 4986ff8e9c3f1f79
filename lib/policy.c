/*
 * policy - classes of tools by name, and of calls by their arguments
 *
 * Names are those of the tools of Claude Code, Codex, Gemini CLI, Qwen Code,
 * OpenCode, pi, Crush, OpenHands, SWE-agent, Cline, Roo Code, goose, Cursor,
 * Windsurf, Copilot, Zed, Amp, Droid, Amazon Q, Augment, of the tools that
 * Anthropic defines, and of MCP servers for files, GitHub and IDEs.  Aider
 * has none.  A name that is missing gives a text that may be squashed, one
 * too many a text that is left alone.
 */
#include "compat.h"

#include "json.h"
#include "policy_impl.h"

#define NAME_LEN	128	/* of a name that is looked for, folded */
#define TOKENS		1024	/* of arguments; more are a doubt */
#define COMMAND_MAX	((size_t)32 << 20)	/* bytes; more are a doubt */
#define NESTING		8	/* of bash -c in bash -c */

/* Folded: lower case, without '_' and '-'. */
static const char *const reads[] = {
	"read", "readfile", "readfiles", "readmanyfiles", "readmultiplefiles",
	"readtextfile", "readmediafile", "readfilerange", "readfilecontent",
	"readcurrentlyopenfile", "readnotebook", "readcode", "readblock",
	"fileread", "fsread", "notebookread", "view", "viewfile", "viewfiles",
	"viewlinerange", "viewcodeitem", "viewsymbol", "open", "openfile",
	"openentirefile", "goto", "scrollup", "scrolldown", "cat", "catfile",
	"getfilecontents", "getfilecontent", "getfiletextbypath", "getfile",
	"findsymbol", "filesystemreadfile", "filesystemreadtextfile",
	"filesystemreadmultiplefiles", "serenareadfile", "serenafindsymbol",
	"filesystemreadmediafile",
};

static const char *const edits[] = {
	"edit", "multiedit", "write", "create", "insert", "patch", "replace",
	"delete", "applypatch", "applydiff", "applyedit", "strreplace",
	"strreplaceeditor", "strreplacebasededittool", "texteditor",
	"texteditorcodeexecution", "fileeditor", "editor", "memory",
	"notebookedit", "editnotebook", "editnotebookfile", "editfile",
	"editfiles", "editblock", "editexistingfile", "writefile",
	"writetofile", "writefiles", "fswrite", "savefile", "createfile",
	"createnewfile", "createtextfile", "replaceinfile", "searchreplace",
	"searchandreplace", "replacestringinfile", "replacefilecontent",
	"multireplacestringinfile", "inserteditintofile", "insertcontent",
	"replacetextinfile", "replaceregex", "replacesymbolbody",
	"insertaftersymbol", "insertbeforesymbol", "insertatline",
	"replacelines", "deletelines", "deletefile", "movefile", "undoedit",
	"reapply", "singlefindandreplace", "proposecode", "artifacts",
	"createorupdatefile", "pushfiles", "filesystemwritefile",
	"filesystemeditfile",
};

static const char *const shells[] = {
	"bash", "shell", "sh", "zsh", "powershell", "pwsh", "cmd", "terminal",
	"execute", "exec", "run", "command", "localshell", "localshellcall",
	"shellcall", "shellcommand", "containerexec", "unifiedexec",
	"execcommand", "execcmd", "executebash", "executecmd",
	"executecommand", "executeshellcommand", "executeterminalcommand",
	"runcommand", "runcommands", "runshellcommand", "runbash", "runshell",
	"runbashcommand", "runterminalcmd", "runterminalcommand",
	"runinterminal", "runcmd", "bashcodeexecution", "bashtool",
	"shellexec", "launchprocess", "startprocess", "sendinput",
	"interactwithprocess", "writestdin", "writebash", "writeprocess",
	"sendcommand", "sendkeys",
};

/* They print what a command began earlier goes on to say. */
static const char *const pollers[] = {
	"writestdin", "writebash", "writeprocess", "sendinput", "sendkeys",
	"interactwithprocess",
};

static const char *const fetches[] = {
	"hrretrieve", "hrccrget",
};

static bool
listed(struct span name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i][0] == name.p[0] &&
		    span_eq(name, span_z(list[i])))
			return true;
	return false;
}

/* What stands behind the name of a server: after "__", '.', '/' or ':'. */
static struct span
without_prefix(struct span s)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != '.' && s.p[i - 1] != '/' &&
	    s.p[i - 1] != ':' && !(i > 1 && i < s.n && s.p[i - 1] == '_' &&
	    s.p[i - 2] == '_'))
		i--;
	return i < s.n ? span_skip(s, i) : s;
}

/* The name folded; empty if it is too long. */
static struct span
fold(struct span s, char out[NAME_LEN])
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '_' || s.p[i] == '-')
			continue;
		if (n == NAME_LEN)
			return span_of(out, 0);
		out[n++] = s.p[i] >= 'A' && s.p[i] <= 'Z' ?
		    (char)(s.p[i] | 32) : s.p[i];
	}
	return span_of(out, n);
}

bool
policy_named(struct span name, const char *const *names, size_t n)
{
	char low[NAME_LEN];
	struct span s = fold(name, low);

	return s.n > 0 && listed(s, names, n);
}

static bool
ends(struct span s, struct span tail)
{
	return s.n >= tail.n && span_eq(span_skip(s, s.n - tail.n), tail);
}

static enum tool_class
builtin(struct span s)
{
	/* Also hr_hr_retrieve, as some clients name it. */
	if (listed(s, fetches, HR_LEN(fetches)) ||
	    ends(s, SPAN_LIT("hrretrieve")))
		return TOOL_FETCH;
	if (listed(s, reads, HR_LEN(reads)))
		return TOOL_READ;
	if (listed(s, edits, HR_LEN(edits)))
		return TOOL_EDIT;
	return listed(s, shells, HR_LEN(shells)) ? TOOL_SHELL : TOOL_OTHER;
}

enum tool_class
policy_tool(const struct rules *rules, struct span name)
{
	char low[NAME_LEN];
	struct span s = fold(without_prefix(name), low);
	enum tool_class class;

	if (s.n == 0)
		return TOOL_OTHER;
	return rules_tool(rules, s, &class) ? class : builtin(s);
}

bool
policy_may_change(const struct rules *rules, struct span name)
{
	/* The last are kinds of tools without a name, and their search. */
	static const char *const words[] = {
		"edit", "write", "patch", "replace", "insert", "create",
		"update", "delete", "remove", "rename", "move", "save",
		"modify", "change", "apply", "refactor", "format", "commit",
		"push", "set", "add", "put", "exec", "run", "shell", "bash",
		"command", "terminal", "process", "script", "python", "code",
		"eval", "repl", "interpreter", "notebook", "computer",
		"browser", "mcp", "custom", "toolsearch",
	};
	char low[NAME_LEN];
	struct span s = fold(without_prefix(name), low);
	enum tool_class class = policy_tool(rules, name);
	size_t i;

	if (class == TOOL_READ || class == TOOL_FETCH)
		return false;
	if (class != TOOL_OTHER || s.n == 0)
		return true;
	for (i = 0; i < HR_LEN(words); i++)
		if (memmem(s.p, s.n, words[i], strlen(words[i])) != NULL)
			return true;
	return false;
}

static bool
is_poller(struct span name)
{
	char low[NAME_LEN];
	struct span s = fold(without_prefix(name), low);

	return s.n > 0 && listed(s, pollers, HR_LEN(pollers));
}

/* All that stands in a command, the scripts in its scripts too. */
static void
judge_command(struct judge *j, struct span command)
{
	struct buf text = BUF_INIT;
	unsigned i;

	if (command.n > COMMAND_MAX) {
		policy_doubt(j);
		return;
	}
	for (i = 0; command.n > 0 && j->class != TOOL_FETCH; i++) {
		if (i == NESTING) {
			policy_doubt(j);
			break;
		}
		buf_reset(&j->scripts);
		policy_lex(j, command);
		if (buf_err(&j->scripts)) {
			policy_doubt(j);
			break;
		}
		/* What was found inside is read next. */
		buf_release(&text);
		text = j->scripts;
		j->scripts = (struct buf)BUF_INIT;
		command = buf_span(&text);
	}
	buf_release(&text);
	buf_release(&j->scripts);
}

/* Of several commands only the last may begin where a file does. */
static enum tool_class
read_command(struct span command, struct policy_read *read)
{
	struct judge j = { .class = TOOL_SHELL, .scripts = BUF_INIT,
	    .read = read };
	bool alone = read->files == 0;

	judge_command(&j, command);
	read->top = alone && read->files == 1 && j.programs == 1 &&
	    j.tops == 1;
	return j.class;
}

enum tool_class
policy_command(struct span command)
{
	struct policy_read none = { .file = NULL };

	return read_command(command, &none);
}

/* Arguments that are JSON, while commands are looked for. */
struct args {
	struct span	 text;
	struct json_tok	 tok[TOKENS];
	size_t		 ntok;
	bool		 any;		/* a command was found */
	enum tool_class	 class;
	struct policy_read *read;
};

static struct span
string_at(const struct args *a, const struct json_tok *t, struct buf *b)
{
	if (!t->escaped)
		return json_body(a->text, t);
	buf_reset(b);
	json_decode(json_body(a->text, t), b);
	return buf_span(b);
}

static bool
is_string(const struct json_tok *t)
{
	return t->type == JSON_STRING;
}

static void
worse(struct args *a, enum tool_class class)
{
	a->any = true;
	if (a->class == TOOL_SHELL || class == TOOL_FETCH)
		a->class = class;
}

/* A command that is not known. */
static void
doubt(struct args *a)
{
	a->read->sure = false;
	worse(a, TOOL_READ);
}

/* A word so that a shell reads it as it is. */
static void
quote(struct span s, struct buf *out)
{
	size_t i;

	buf_addc(out, '\'');
	for (i = 0; i < s.n; i++)
		if (s.p[i] == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, s.p[i]);
	buf_adds(out, "' ");
}

/*
 * A list of words is one command; a list whose first string is more than a
 * word is one of commands.
 */
static void
judge_list(struct args *a, const struct json_tok *t)
{
	const struct json_tok *e = t + 1, *end = t + t->skip;
	struct buf b = BUF_INIT, out = BUF_INIT;
	bool words = true;
	struct span s;

	for (; e < end; e += e->skip) {
		if (!is_string(e)) {
			doubt(a);
			continue;
		}
		s = string_at(a, e, &b);
		if (e == t + 1)
			words = !policy_has_blank(s);
		if (words)
			quote(s, &out);
		else
			buf_addspan(&out, s);
		if (!words)
			buf_addc(&out, '\n');
		if (buf_err(&b))
			doubt(a);
	}
	if (buf_err(&out))
		doubt(a);
	else
		worse(a, read_command(buf_span(&out), a->read));
	buf_release(&b);
	buf_release(&out);
}

static void
judge_value(struct args *a, const struct json_tok *t)
{
	struct buf b = BUF_INIT;
	struct span s;

	if (t->type == JSON_ARRAY) {
		judge_list(a, t);
	} else if (is_string(t)) {
		s = string_at(a, t, &b);
		if (buf_err(&b))
			doubt(a);
		else
			worse(a, read_command(s, a->read));
		buf_release(&b);
	} else if (t->type != JSON_NULL) {
		doubt(a);
	}
}

static bool
is_command_key(const struct args *a, const struct json_tok *key)
{
	static const char *const keys[] = {
		"command", "commands", "cmd", "cmds", "script", "input",
		"commandline", "shellcommand", "bashcommand", "chars", "text",
	};

	return key->escaped || policy_named(json_body(a->text, key), keys,
	    HR_LEN(keys));
}

/* Members that hold commands. */
static void
judge_object(struct args *a, const struct json_tok *t)
{
	const struct json_tok *key = t + 1, *end = t + t->skip, *value;

	for (; key < end; key = value + value->skip) {
		value = key + 1;
		if (is_command_key(a, key) && value->type != JSON_OBJECT)
			judge_value(a, value);
	}
}

/* In the outermost object, then in those that are its members. */
static void
judge_objects(struct args *a)
{
	const struct json_tok *t = a->tok, *key = t + 1, *end = t + t->skip,
	    *value;

	judge_object(a, t);
	for (; key < end; key = value + value->skip) {
		value = key + 1;
		if (value->type == JSON_OBJECT)
			judge_object(a, value);
	}
}

/* By the commands in the object; a call that only waits has none. */
static enum tool_class
object_call(struct args *a, struct span name)
{
	judge_objects(a);
	/* More of what an earlier command prints may come. */
	if (is_poller(name))
		a->read->sure = false;
	else if (!a->any)
		doubt(a);
	return a->class;
}

static enum tool_class
shell_call(struct span name, struct span text, struct policy_read *read)
{
	struct args a = { .text = text, .class = TOOL_SHELL, .read = read };
	struct json_err err;
	enum json_rc rc;

	rc = json_scan(text, a.tok, TOKENS, &a.ntok, &err);
	if (rc == JSON_FULL || rc == JSON_NOMEM) {
		doubt(&a);
	} else if (rc == JSON_BAD) {
		/* Free text; but one cut short hides what it is. */
		a.class = read_command(text, read);
		if (text.n > 0 && text.p[0] == '{')
			doubt(&a);
	} else if (a.tok[0].type != JSON_OBJECT) {
		judge_value(&a, a.tok);
		if (!a.any)
			doubt(&a);
	} else {
		return object_call(&a, name);
	}
	return a.class;
}

enum tool_class
policy_call(const struct rules *rules, struct span name,
    struct span arguments, struct policy_read *read)
{
	enum tool_class kind = policy_tool(rules, name), class = kind;
	struct policy_read none = { .file = NULL };

	if (read == NULL)
		read = &none;
	read->files = 0;
	read->sure = true;
	read->top = false;
	if (kind == TOOL_SHELL)
		class = shell_call(name, arguments, read);
	else if (kind == TOOL_EDIT && policy_is_view(arguments))
		class = TOOL_READ;
	if (class == TOOL_READ && kind != TOOL_SHELL)
		policy_read_args(arguments, read);
	read->sure &= class == TOOL_READ && read->files > 0;
	read->top &= read->sure;
	return class;
}
