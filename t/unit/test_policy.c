/*
 * test_policy - classes of tools, of commands and of calls
 */
#include "compat.h"

#include <time.h>

#include "buf.h"
#include "policy.h"
#include "tap.h"

#define BIG	((size_t)1 << 20)

/* One letter a class. */
static const char letters[] = {
	[TOOL_OTHER] = 'o', [TOOL_READ] = 'r', [TOOL_SHELL] = 's',
	[TOOL_EDIT] = 'e', [TOOL_FETCH] = 'f',
};

struct text_case {
	char		 want;
	const char	*text;
};

static const struct text_case names[] = {
	/* Claude Code, Anthropic's own */
	{ 'r', "Read" }, { 'e', "Edit" }, { 'e', "MultiEdit" },
	{ 'e', "Write" }, { 'e', "NotebookEdit" }, { 's', "Bash" },
	{ 'o', "Grep" }, { 'o', "Glob" }, { 'o', "LS" }, { 'o', "WebFetch" },
	{ 'o', "Task" }, { 'o', "BashOutput" },
	{ 'e', "str_replace_based_edit_tool" }, { 'e', "str_replace_editor" },
	{ 'e', "text_editor" }, { 's', "bash" }, { 'e', "memory" },
	{ 'o', "computer" },
	/* Codex, Gemini CLI, OpenCode, pi */
	{ 's', "shell" }, { 's', "local_shell" }, { 's', "exec_command" },
	{ 's', "shell_command" }, { 's', "container.exec" },
	{ 's', "write_stdin" }, { 'e', "apply_patch" }, { 'o', "update_plan" },
	{ 'r', "read_file" }, { 'r', "read_many_files" }, { 'e', "replace" },
	{ 'e', "write_file" }, { 's', "run_shell_command" },
	{ 'o', "search_file_content" }, { 'r', "read" }, { 'e', "edit" },
	{ 'e', "patch" }, { 'o', "list" },
	/* OpenHands, SWE-agent, Cline, Roo, goose, Cursor, Copilot */
	{ 's', "execute_bash" }, { 's', "terminal" }, { 'e', "file_editor" },
	{ 'r', "open" }, { 'r', "goto" }, { 's', "execute_command" },
	{ 'e', "write_to_file" }, { 'e', "replace_in_file" },
	{ 'e', "apply_diff" }, { 'o', "search_files" },
	{ 'e', "developer__text_editor" }, { 's', "developer__shell" },
	{ 's', "run_terminal_cmd" }, { 'e', "edit_file" },
	{ 'e', "search_replace" }, { 's', "run_in_terminal" },
	{ 'e', "replace_string_in_file" }, { 'r', "view" },
	{ 'r', "fs_read" }, { 'e', "fs_write" }, { 'r', "readFile" },
	/* MCP */
	{ 'r', "mcp__filesystem__read_text_file" },
	{ 'r', "mcp__fs__read_multiple_files" },
	{ 'e', "mcp__filesystem__write_file" },
	{ 'o', "mcp__filesystem__list_directory" },
	{ 'r', "filesystem_read_text_file" }, { 'r', "fs/read-file" },
	{ 's', "functions.exec_command" }, { 'f', "hr_retrieve" },
	{ 'f', "mcp__hr__hr_retrieve" }, { 'f', "hr_hr_retrieve" },
	{ 'f', "my_rather_long_name_of_a_server_hr_retrieve" },
	{ 'o', "" }, { 'o', "__" }, { 'o', "read_" "x" }, { 'o', "reader" },
	{ 'r', "READ" },
};

static const struct text_case commands[] = {
	/* Simple commands. */
	{ 's', "" }, { 's', "ls -l" }, { 's', "make -j8" },
	{ 'r', "cat x" }, { 'r', "cat" }, { 'r', "sed -n 1,5p x" },
	{ 'r', "sed -ne 1,5p x" }, { 'r', "sed -En '1,5p' x" },
	{ 'r', "sed --quiet 5p x" }, { 'r', "sed 5q x" },
	{ 's', "sed -i s/a/b/ x" }, { 's', "sed -i.nbak s/a/b/ x" },
	{ 's', "sed --in-place=.n -e s/a/b/ x" }, { 'r', "sed -e 5q x" },
	{ 's', "make | sed s/a/b/" }, { 'r', "sed s/a/b/ <x" },
	{ 's', "make | sed -e s/a/b/ -e s/n/m/" },
	{ 'r', "head -5 x" }, { 'r', "tail -n5 x" }, { 'r', "nl -ba x" },
	{ 'r', "less x" }, { 'r', "more x" }, { 'r', "bat x" },
	{ 'r', "batcat x" }, { 'r', "tac x" },
	{ 'r', "awk 'NR>=3 && NR<=9' x" }, { 'r', "awk '{print}' x" },
	{ 'r', "awk -F: '{print $1}' x" }, { 'r', "make | awk 'FNR<9'" },
	{ 's', "ps aux | awk '{print $2}'" },
	{ 's', "df | awk -F : -v n=1 '{print $n}'" },
	{ 'r', "awk -f prog x" }, { 's', "make | awk -f prog" },
	{ 'r', "perl -ne 'print if 3..9' x" }, { 's', "perl -pi -e s/a/b/ x" },
	{ 's', "perl -e 'print 1'" }, { 'r', "git show HEAD:a.c" },
	{ 'r', "git -C d --no-pager show v1:a.c" }, { 's', "git show HEAD" },
	{ 's', "git log --format=%h:%s" }, { 'r', "git cat-file -p HEAD:x" },
	{ 's', "git status" }, { 'r', "grep -n '' x" }, { 's', "grep -rn a ." },
	{ 'r', "rg . x" }, { 's', "rg -A 3 a x" }, { 'r', "Get-Content x" },
	{ 's', "python3 -m pytest" }, { 's', "echo cat" },
	{ 's', "grep -rn 'cat x' src" }, { 's', "git commit -m 'cat x'" },
	{ 's', "ls cat head tail" }, { 's', "concat x" }, { 's', "./cat.sh" },
	/* Paths, quotes. */
	{ 'r', "/bin/cat x" }, { 'r', "./node_modules/.bin/bat x" },
	{ 'r', "\"$HOME\"/bin/cat x" }, { 's', "\"$HOME/bin/tool\" x" },
	{ 'r', "'cat' x" }, { 'r', "c\\at x" }, { 'r', "\"c\"a't' x" },
	{ 'r', "$'cat' x" }, { 'r', "ca\\\nt x" }, { 'r', "$CMD x" },
	{ 'r', "\"${CMD}\" x" }, { 'r', "$(which cat) x" }, { 'r', "`x` y" },
	{ 's', "echo \"$CMD\"" }, { 's', "echo \"a ; cat x\"" },
	{ 's', "echo 'a\ncat x'" }, { 's', "echo a\\;cat" },
	{ 's', "echo a # cat x" }, { 's', "echo a #\\\n" },
	{ 'r', "echo a#b; cat x" }, { 'r', "echo 'a" }, { 'r', "echo \"a" },
	/* Several. */
	{ 'r', "cd x && cat y" }, { 'r', "ls; cat y" }, { 'r', "ls || cat y" },
	{ 'r', "ls & cat y" }, { 'r', "ls\ncat y" }, { 'r', "ls | head" },
	{ 'r', "make 2>&1 | tail -20" }, { 's', "make 2>&1 | grep error" },
	{ 's', "make &>log; echo $?" }, { 'r', "make |& tail" },
	{ 'r', "cd x; nl -ba y | sed -n 1,9p" }, { 'r', "ls;cat x" },
	{ 'r', "ls&&cat x" }, { 'r', "(cat x)" }, { 'r', "(cd a; cat x)" },
	{ 'r', "{ cat x; }" }, { 'r', "! cat x" }, { 'r', "echo $(cat x)" },
	{ 'r', "echo \"a $(cat x) b\"" }, { 'r', "echo `cat x`" },
	{ 'r', "echo \"`cat x`\"" }, { 's', "echo $(date) cat" },
	{ 's', "echo \"$(date)\" cat" }, { 'r', "x=$(cat y); echo $x" },
	{ 'r', "echo $(echo $(cat x))" }, { 's', "kill $(pgrep x) $Y" },
	{ 'r', "diff <(cat x) y" }, { 's', "diff <(ls x) <(ls y)" },
	{ 'r', "if true; then cat x; fi" }, { 'r', "if cat x; then a; fi" },
	{ 'r', "for f in a b; do cat $f; done" },
	{ 's', "for f in a b; do wc $f; done" },
	{ 's', "for f in cat head; do wc $f; done" },
	{ 'r', "while read l; do echo $l; done < x" },
	{ 's', "while read l; do echo $l; done < <(ls)" },
	{ 'r', "case $x in a) ls;; b) cat x;; esac" },
	{ 'r', "x=$(case $x in a) ls;; b) cat x;; esac)" },
	{ 'r', "echo $(case $x in a) cat x;; esac)" },
	{ 's', "echo $(case $x in a) ls;; esac) cat" },
	{ 'r', "f() { cat x; }; f" }, { 'r', "function f { cat x; }; f" },
	{ 'r', "echo $(<x)" }, { 's', "echo $((1<<2)); ls" },
	{ 's', "((i<<=1)); ls" }, { 'r', "((cat x); ls)" },
	{ 's', "a=(b c); ls" }, { 's', "[ -f x ] && ls" },
	{ 'r', "[ -f x ] && cat x" }, { 's', "[[ a < b ]] && ls" },
	{ 'r', "(ls" }, { 'r', "echo $(ls" }, { 'r', "echo `ls" },
	{ 's', "ls)" }, { 's', "make >out 2>err </dev/null" },
	/* Assignments, programs that start others. */
	{ 'r', "A=b cat x" }, { 's', "A=cat make" }, { 'r', "A=\"b c\" cat x" },
	{ 'r', "sudo cat x" }, { 'r', "sudo -u root cat x" },
	{ 'r', "sudo -uroot cat x" }, { 's', "sudo -u cat make" },
	{ 'r', "sudo --user root cat x" }, { 'r', "env A=b cat x" },
	{ 'r', "env -i -u A cat x" }, { 'r', "env -S 'cat x'" },
	{ 'r', "time cat x" }, { 'r', "time -p cat x" },
	{ 'r', "timeout 5 cat x" }, { 'r', "timeout -k 1 5s cat x" },
	{ 's', "timeout 60 make" }, { 's', "timeout -s cat 60 make" },
	{ 'r', "hr-run cat x" }, { 'r', "hr-run -t -l tight -- cat x" },
	{ 's', "hr-run make -k" }, { 's', "hr-run -tq cat -n x make" },
	{ 's', "hr-run ls cat" }, { 's', "hr-run --level=tight git log" },
	{ 'r', "hr-run --level tight cat x" }, { 'r', "make | hr-run head" },
	{ 'r', "nice -n 5 cat x" }, { 'r', "nohup cat x" },
	{ 'r', "stdbuf -oL cat x" }, { 'r', "command cat x" },
	{ 'r', "exec cat x" }, { 'r', "ls | xargs cat" },
	{ 'r', "ls | xargs -0 -n 1 -I {} cat {}" },
	{ 's', "ls | xargs -n1 wc" }, { 's', "ls | xargs -I cat wc" },
	{ 'r', "find . -exec cat {} \\;" }, { 's', "find . -name '*.c'" },
	{ 'r', "find . -exec sed -n 1p {} +" }, { 'r', "ssh h cat x" },
	{ 'r', "ssh h 'cd a; cat x'" }, { 's', "ssh h 'cd a; ls x'" },
	{ 'r', "docker exec c cat x" }, { 's', "docker run --rm i make" },
	{ 'r', "kubectl exec p -- sh -c 'cat x'" }, { 'r', "eval 'cat x'" },
	{ 'r', "sudo timeout 5 nice env A=b cat x" },
	/* Shells. */
	{ 'r', "bash -lc 'cat x'" }, { 'r', "sh -c \"cat x\"" },
	{ 'r', "zsh -lc 'cd a && sed -n 1,5p x'" }, { 's', "bash -c 'ls x'" },
	{ 'r', "bash -l -c 'cat x'" }, { 'r', "bash -c -l 'cat x'" },
	{ 'r', "bash -eo pipefail -c 'cat x'" },
	{ 's', "bash -eo pipefail -c 'ls x'" }, { 's', "bash x.sh" },
	{ 'r', "bash --rcfile r -c 'cat x'" }, { 'r', "bash -c \"$CMD\"" },
	{ 's', "bash -c 'echo $0' 'cat x'" }, { 'r', "/bin/bash -lc cat" },
	{ 'r', "bash -c \"bash -c 'cat x'\"" },
	{ 'r', "bash -c \"sh -c 'echo \\$(cat x)'\"" },
	{ 'r', "bash -lc \"rg a | head -5\"" },
	{ 'r', "bash <<< 'cat x'" }, { 's', "bash <<< 'ls x'" },
	/* Here documents. */
	{ 's', "cat >x <<EOF\na\nEOF" }, { 's', "cat > x << 'EOF'\na\nEOF\n" },
	{ 's', "cat <<-EOF >x\n\tcat y\n\tEOF\nls" },
	{ 's', "cat <<EOF >>x && ls\na 'b\nEOF" },
	{ 's', "cat <<\"E F\" >x\na\nE F\nls" }, { 'r', "cat <<EOF\na\nEOF" },
	{ 'r', "cat <<EOF >x\na\nEOF\ncat x" }, { 'r', "cat <<EOF >x\na" },
	{ 'r', "cat >x <<EOF\n$(cat y)\nEOF" },
	{ 's', "cat >x <<'EOF'\n$(cat y)\nEOF" },
	{ 'r', "cat >/dev/stdout <<EOF\na\nEOF" }, { 'r', "cat >&2 <<E\na\nE" },
	{ 'r', "cat y >x" }, { 'r', "cat >$x <<EOF\na\nEOF" },
	{ 'r', ">a <<''\na\n" }, { 'r', "bash -c '>a <<\"\"\na\n'" },
	{ 'r', "cat > >(tee x) <<EOF\na\nEOF" }, { 's', "cat 1>x <<E\na\nE" },
	{ 'r', "cat 2>x <<EOF\na\nEOF" }, { 's', "python3 - <<E\ncat x\nE" },
	{ 'r', "bash <<EOF\ncat x\nEOF" }, { 's', "bash <<EOF\nls x\nEOF" },
	{ 'r', "ssh h <<EOF\ncat x\nEOF" }, { 's', "cat >x <<E\r\na\r\nE\r\n" },
	{ 's', "cat >a <<A; cat >b <<B\n'\nA\n\"\nB\nls" },
	{ 'r', "echo \"$(cat <<'EOF'\nit's\nEOF\n)\"" },
	/* What fetches back, before all else. */
	{ 'f', "hr-ccr get 1" }, { 'f', "/usr/bin/hr-ccr get 1 | head" },
	{ 'f', "cat x; hr-ccr get 1" }, { 'f', "bash -lc 'hr-ccr get 1'" },
	{ 'f', "hr-ccr --store s get 1 --lines 1-5" }, { 's', "hr-ccr stat" },
	{ 'f', "hr-ccr $verb 1" }, { 'f', "echo $(hr-ccr get 1)" },
	{ 'f', "cd x && hr-ccr get 1" }, { 's', "echo hr-ccr get 1" },
	{ 'f', "xargs -n1 hr-ccr get" }, { 'f', "sudo hr-ccr get 1" },
};

struct call_case {
	char		 want;
	const char	*name, *arguments;
};

static const struct call_case calls[] = {
	{ 'r', "Read", "{\"file_path\":\"x\"}" }, { 'r', "Read", "" },
	{ 'r', "Bash", "{\"command\":\"cat x\"}" },
	{ 's', "Bash", "{\"command\":\"ls\",\"description\":\"cat x\"}" },
	{ 'f', "Bash", "{\"command\":\"hr-ccr get 1\"}" },
	{ 'r', "Bash", "{\"command\":\"cd a \\u0026\\u0026 cat x\"}" },
	{ 'r', "Bash", "{\"command\":\"ls\\ncat x\"}" },
	{ 'r', "Bash", "{\"c\\u006fmmand\":\"cat x\"}" },
	{ 'r', "shell", "{\"command\":[\"bash\",\"-lc\",\"cat x\"]}" },
	{ 's', "shell", "{\"command\":[\"bash\",\"-lc\",\"ls\"]}" },
	{ 'r', "shell", "{\"command\":[\"cat\",\"x\"],\"workdir\":\"/\"}" },
	{ 's', "shell", "{\"command\":[\"echo\",\"it's; cat x\"]}" },
	{ 'r', "shell", "{\"command\":[\"sed\",\"-n\",\"1,5p\",\"x\"]}" },
	{ 'f', "shell", "{\"command\":[\"hr-ccr\",\"get\",\"1\"]}" },
	{ 'r', "shell", "{\"command\":[\"cat\",1]}" },
	{ 's', "shell", "[\"ls\",\"-l\"]" }, { 'r', "shell", "[\"cat\"]" },
	{ 'r', "exec_command", "{\"cmd\":\"sed -n 1,5p x\"}" },
	{ 's', "exec_command", "{\"cmd\":\"make\",\"yield_time_ms\":9}" },
	{ 's', "write_stdin", "{\"session_id\":1,\"chars\":\"\"}" },
	{ 's', "write_stdin", "{\"session_id\":1}" },
	{ 'r', "write_stdin", "{\"session_id\":1,\"chars\":\"cat x\\n\"}" },
	{ 'r', "local_shell", "{\"action\":{\"type\":\"exec\",\"command\":"
	    "[\"bash\",\"-lc\",\"cat x\"]}}" },
	{ 's', "local_shell", "{\"action\":{\"command\":[\"ls\"]}}" },
	{ 'r', "shell_call", "{\"action\":{\"commands\":[\"ls -l\","
	    "\"cat x\"]}}" },
	{ 's', "shell_call", "{\"action\":{\"commands\":[\"ls -l\"]}}" },
	{ 'r', "Bash", "{}" }, { 'r', "Bash", "{\"what\":\"ls\"}" },
	{ 'r', "Bash", "{\"command\":7}" }, { 'r', "Bash", "{\"command\":" },
	{ 's', "shell", "ls -l" }, { 'r', "shell", "cat x" },
	{ 'r', "run_command", "{\"CommandLine\":\"cat x\"}" },
	{ 'r', "x__shell", "{\"command\":\"ls\",\"script\":\"cat x\"}" },
	{ 'r', "str_replace_editor", "{\"command\":\"view\",\"path\":\"x\"}" },
	{ 'e', "str_replace_editor", "{\"command\":\"create\"}" },
	{ 'r', "memory", "{\"path\":\"/memories\",\"command\":\"view\"}" },
	{ 'e', "apply_patch", "*** Begin Patch" }, { 'e', "Edit", "{}" },
	{ 'o', "Grep", "{\"command\":\"cat x\"}" },
	{ 'f', "hr_retrieve", "{\"id\":\"1\"}" },
};

static bool
same(char want, enum tool_class got, const char *text)
{
	if (letters[got] != want)
		printf("# '%c' instead of '%c': %s\n", letters[got], want,
		    text);
	return letters[got] == want;
}

static void
test_tables(void)
{
	size_t i, good;

	for (i = good = 0; i < HR_LEN(names); i++)
		good += same(names[i].want, policy_tool(NULL,
		    span_z(names[i].text)), names[i].text);
	printf("# %zu names\n", i);
	ok(good == i, "tools by name");
	for (i = good = 0; i < HR_LEN(commands); i++)
		good += same(commands[i].want, policy_command(span_z(
		    commands[i].text)), commands[i].text);
	printf("# %zu commands\n", i);
	ok(good == i, "commands");
	for (i = good = 0; i < HR_LEN(calls); i++)
		good += same(calls[i].want, policy_call(NULL,
		    span_z(calls[i].name), span_z(calls[i].arguments), NULL),
		    calls[i].arguments);
	printf("# %zu calls\n", i);
	ok(good == i, "calls");
}

/* The files that a call prints, '+' if surely, '^' if from their top. */
struct read_case {
	const char	*want, *name, *arguments;
};

#define SH(command)	"Bash", "{\"command\":\"" command "\"}"
#define IN_SH(command)							\
	"shell", "{\"command\":[\"bash\",\"-lc\",\"" command "\"]}"

static const struct read_case reads[] = {
	/* Tools. */
	{ "+^ a", "Read", "{\"file_path\":\"a\"}" },
	{ "+^ a", "read", "{\"filePath\":\"a\",\"offset\":0}" },
	{ "+ a", "Read", "{\"file_path\":\"a\",\"offset\":40}" },
	{ "+^ a", "read_file", "{\"target_file\":\"a\","
	    "\"should_read_entire_file\":true}" },
	{ "+ a b", "read_many_files", "{\"paths\":[\"a\",\"b\"]}" },
	{ " a", "read_many_files", "{\"paths\":[\"a\",\"b/*\"]}" },
	{ "+ a b", "read_file", "{\"args\":{\"file\":[{\"path\":\"a\"},"
	    "{\"path\":\"b\",\"line_range\":\"1-9\"}]}}" },
	{ "+^ /a/b.c", "mcp__fs__read_text_file", "{\"path\":\"/a/b.c\"}" },
	{ "+^ a \"b", "Read", "{\"file_path\":\"a \\\"b\"}" },
	{ "", "Read", "{\"id\":7}" }, { "", "Read", "" }, { "", "Read", "{" },
	{ "", "Read", "{\"file\\u005fpath\":\"a\"}" },
	{ "", "Read", "{\"file_path\":7}" },
	{ "+^ a", "str_replace_editor",
	    "{\"command\":\"view\",\"path\":\"a\"}" },
	{ "+^ a", "str_replace_based_edit_tool", "{\"command\":\"view\","
	    "\"path\":\"a\",\"view_range\":[1,30]}" },
	{ "+ a", "str_replace_based_edit_tool", "{\"command\":\"view\","
	    "\"path\":\"a\",\"view_range\":[20,30]}" },
	{ "", "str_replace_editor", "{\"command\":\"create\","
	    "\"path\":\"a\"}" },
	{ "", "Edit", "{\"file_path\":\"a\"}" },
	{ "", "Grep", "{\"path\":\"a\"}" },
	/* Commands. */
	{ "+^ a", SH("cat a") }, { "+^ a", IN_SH("cat a") },
	{ "+ a b", SH("cat a b") }, { "+^ a", SH("cat -n 'a'") },
	{ "+^ a b", SH("cat 'a b'") }, { "+^ a", SH("nl -ba a") },
	{ "+^ a", SH("nl -b a a") }, { "+^ a", SH("head -n 5 a") },
	{ "+^ a", SH("head -50 a") }, { "+ a", SH("tail -n +5 a") },
	{ "+ a", SH("tail -5 a") }, { "+^ a", SH("sed -n 1,5p a") },
	{ "+ a", SH("sed -n 2,5p a") }, { "+^ a", IN_SH("sed -n '1,200p' a") },
	{ "+ a b", SH("sed -n 1,5p a b") }, { "+ a", SH("sed 5q a") },
	{ " a", SH("sed -n /x/p a") }, { " a", SH("sed '1r b' a") },
	{ " a", SH("sed -n -e 1p a") }, { " a", SH("sed -f s a") },
	{ "+^ a/b", SH("git show HEAD:a/b") },
	{ "+^ a", SH("git -C d show v1:a") }, { " a", SH("git show x HEAD:a") },
	{ "", SH("git cat-file -p HEAD:a") }, { "", SH("git show HEAD") },
	{ "+^ a", SH("cd x && cat a") }, { "+ a", SH("ls; cat a") },
	{ "+ a b", SH("cat a; cat b") }, { "+ a b", SH("head a && tail b") },
	{ "+ a", SH("cat a | head -5") }, { "+ a", SH("nl a | sed -n 3,9p") },
	{ "+ a", SH("sudo cat a | tail -n 5 | nl") },
	{ "+^ a", SH("hr-run -n b cat a") },
	{ "+^ a", SH("timeout 5 cat a") }, { "+^ a", SH("cat <a") },
	{ "+^ a", SH("bash -c 'bash -c \\\"cat a\\\"'") },
	{ "", SH("make | tail -5") }, { " a", SH("cat a; make | tail -5") },
	{ " a", SH("cat a | grep x | head") }, { "", SH("cat $F") },
	{ "", SH("cat \\\"$F\\\"") }, { " a", SH("cat a $F") },
	{ "", SH("cat a$F.lock") }, { "", SH("cat *.lock") },
	{ "", SH("cat {a,b}.lock") }, { "", SH("cat -") },
	{ "", SH("cat $(ls)") }, { "", SH("for f in a b; do cat $f; done") },
	{ " a", SH("ls | xargs cat a") }, { " a", SH("cat a | xargs cat") },
	{ " +", SH("find . -name a -exec cat {} +") },
	{ " a", SH("ssh h cat a") },
	{ "", SH("awk 'NR<9' a") }, { "", SH("grep '' a") },
	{ "", SH("perl -pe 1 a") }, { " a", SH("$X; cat a") },
	{ " a b", SH("cat a; eval cat b") },
	{ " a", SH("cat a; awk '{print}' b") },
	{ " a", SH("while read l; do echo $l; done <a") },
	{ " a", SH("bash -c 'cat \\\"$0\\\" a' b") },
	{ "", SH("bash -c \\\"cat a$(x).lock\\\"") },
	{ "", SH("cat <<E\\nx\\nE") }, { " a", SH("cat a 'b") },
	{ "", SH("cat ''") }, { "+ a b", "shell",
	    "{\"command\":[\"cat\",\"a\",\"b\"]}" },
	{ " a", "write_stdin", "{\"chars\":\"cat a\\n\"}" },
	{ " a", "Bash", "{\"command\":\"cat a\",\"cmd\":7}" },
	{ "+ a b", "Bash", "{\"command\":\"cat a\",\"cmd\":\"cat b\"}" },
	{ " a", "Bash", "{\"command\":[\"cat\",\"a\",1]}" },
};

static void
add_path(void *arg, struct span path)
{
	buf_addc(arg, ' ');
	buf_addspan(arg, path);
}

static void
test_reads(void)
{
	struct buf files = BUF_INIT, got = BUF_INIT;
	struct policy_read r = { .file = add_path, .arg = &files };
	enum tool_class class;
	size_t i, good;

	for (i = good = 0; i < HR_LEN(reads); i++) {
		buf_reset(&files);
		buf_reset(&got);
		class = policy_call(NULL, span_z(reads[i].name),
		    span_z(reads[i].arguments), &r);
		if (r.sure && class == TOOL_READ)
			buf_addc(&got, '+');
		if (r.top)
			buf_addc(&got, '^');
		buf_addspan(&got, buf_span(&files));
		if (span_eq(buf_span(&got), span_z(reads[i].want)))
			good++;
		else
			printf("# '%.*s' instead of '%s': %s\n",
			    (int)got.len, got.p, reads[i].want,
			    reads[i].arguments);
	}
	printf("# %zu reads\n", i);
	ok(good == i, "the files that a call prints");
	buf_release(&files);
	buf_release(&got);
}

static void
test_changes(void)
{
	static const char *const may[] = { "Edit", "Bash", "apply_patch",
		"mcp__x__update_row", "create_issue", "code_interpreter", "mcp",
		"run_tests", "", "tool_search_tool_bm25", "computer" };
	static const char *const may_not[] = { "Read", "Grep", "Glob",
		"WebFetch", "hr_retrieve", "list_directory", "search_files",
		"mcp__x__get_rows", "view" };
	size_t i, good = 0;

	for (i = 0; i < HR_LEN(may); i++)
		good += policy_may_change(NULL, span_z(may[i]));
	for (i = 0; i < HR_LEN(may_not); i++)
		good += !policy_may_change(NULL, span_z(may_not[i]));
	ok(good == HR_LEN(may) + HR_LEN(may_not),
	    "tools that may change files");
}

/* In a list of words each command is what it is alone. */
static void
test_wrapped(void)
{
	struct buf b = BUF_INIT;
	size_t i, good;
	const char *p;

	for (i = good = 0; i < HR_LEN(commands); i++) {
		buf_reset(&b);
		buf_adds(&b, "{\"command\":[\"bash\",\"-lc\",\"");
		for (p = commands[i].text; *p != '\0'; p++)
			if (*p == '"' || *p == '\\')
				buf_addf(&b, "\\%c", *p);
			else if (*p == '\n' || *p == '\r' || *p == '\t')
				buf_addf(&b, "\\u%04x", (unsigned)*p);
			else
				buf_addc(&b, *p);
		buf_adds(&b, "\"]}");
		good += same(commands[i].want, policy_call(NULL,
		    SPAN_LIT("shell"), buf_span(&b), NULL), commands[i].text);
	}
	ok(good == i, "commands in bash -lc, in JSON");
	buf_release(&b);
}

/* A shell that is given a shell that is given ... this command. */
static enum tool_class
documents(struct buf *b, unsigned n, const char *command)
{
	unsigned i;

	buf_reset(b);
	for (i = 0; i < n; i++)
		buf_addf(b, "sh <<E%u\n", i);
	buf_addf(b, "%s\n", command);
	while (n-- > 0)
		buf_addf(b, "E%u\n", n);
	return policy_command(buf_span(b));
}

static void
test_nesting(void)
{
	struct buf b = BUF_INIT;
	unsigned i;

	for (i = 0; i < 20; i++)
		buf_adds(&b, "echo $(");
	buf_adds(&b, "ls");
	for (i = 0; i < 20; i++)
		buf_addc(&b, ')');
	ok(policy_command(buf_span(&b)) == TOOL_SHELL, "twenty deep");
	buf_reset(&b);
	for (i = 0; i < 100; i++)
		buf_adds(&b, "echo $(");
	for (i = 0; i < 100; i++)
		buf_addc(&b, ')');
	ok(policy_command(buf_span(&b)) == TOOL_READ, "a hundred: a doubt");
	buf_reset(&b);
	for (i = 0; i < 6; i++)
		buf_adds(&b, "eval bash -c ");
	buf_adds(&b, "ls");
	ok(policy_command(buf_span(&b)) == TOOL_SHELL, "shells in a row");
	ok(documents(&b, 6, "ls") == TOOL_SHELL &&
	    documents(&b, 6, "cat x") == TOOL_READ, "six documents deep");
	ok(documents(&b, 12, "ls") == TOOL_READ, "twelve: a doubt");
	ok(policy_command(SPAN_LIT("echo \0 ; cat x")) == TOOL_READ &&
	    policy_command(SPAN_LIT("echo \0 cat x")) == TOOL_SHELL,
	    "NUL is data");
	buf_release(&b);
}

/* Texts of megabytes, of pieces over and over; all must be quick. */
static void
test_large(void)
{
	static const char *const pieces[] = {
		"ls ", "cat", "'", "\"", "$(", "((", "$((", "`", "\\", "<<E\n",
		"<<A <<B\n", "a\n", "x'y z' ", "bash -c 'a b' ", "{", "$x",
		"ssh 'a b' ", "case a in ", "a) ", "<(", "$'\\x", "#\n", "; ",
		"eval 'eval a b'\n", "((a)\n", "$((a ",
	};
	struct buf b = BUF_INIT, json = BUF_INIT;
	struct timespec from, to;
	double worst = 0, took;
	size_t i, n;

	for (i = 0; i < HR_LEN(pieces); i++) {
		buf_reset(&b);
		for (n = strlen(pieces[i]); b.len < BIG; )
			buf_add(&b, pieces[i], n);
		clock_gettime(CLOCK_MONOTONIC, &from);
		policy_command(buf_span(&b));
		clock_gettime(CLOCK_MONOTONIC, &to);
		took = (double)(to.tv_sec - from.tv_sec) +
		    (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
		if (took > worst)
			worst = took;
	}
	printf("# worst %.3f s for %zu MiB\n", worst, BIG >> 20);
	ok(worst < 10, "megabytes of the same");
	buf_reset(&b);
	buf_adds(&b, "cat >x <<'EOF'\n");
	while (b.len < BIG)
		buf_adds(&b, "it's a line\n");
	buf_adds(&b, "EOF\n");
	ok(policy_command(buf_span(&b)) == TOOL_SHELL, "a large document");
	buf_adds(&json, "{\"cmd\":\"ls\",\"x\":[");
	for (i = 0; i < 5000; i++)
		buf_adds(&json, "1,");
	buf_adds(&json, "1]}");
	ok(policy_call(NULL, SPAN_LIT("Bash"), buf_span(&json), NULL) ==
	    TOOL_READ,
	    "arguments of too many parts are a doubt");
	ok(policy_call(NULL, SPAN_LIT("Edit"), buf_span(&json), NULL) ==
	    TOOL_EDIT,
	    "not for an editor");
	buf_release(&json);
	buf_release(&b);
}

int
main(void)
{
	test_tables();
	test_reads();
	test_changes();
	test_wrapped();
	test_nesting();
	test_large();
	return done();
}
