/*
 * policy.h - what may become of a tool's result, decided before it is seen
 *
 * From the call alone: the tool's name and its arguments.  Names are compared
 * without case, '_' and '-', and without the prefixes by which clients name
 * the tools of servers: up to the last "__", '.', '/' or ':' (SERVER_TOOL is
 * left as it is, but for hr_retrieve).
 */
#ifndef HR_POLICY_H
#define HR_POLICY_H

#include "compat.h"

#include "rules.h"
#include "span.h"

/*
 * By name: Read, read_file, view, str_replace_based_edit_tool, Bash, shell,
 * exec_command, execute_bash, apply_patch, hr_retrieve, ...; before these by
 * the rules, which may be NULL here and below.
 */
enum tool_class policy_tool(const struct rules *rules, struct span name);

/*
 * Whether a tool of this name may change files: all but those that surely
 * read or fetch, and others whose name speaks of nothing of the kind.
 */
bool	 policy_may_change(const struct rules *rules, struct span name);

/*
 * By the command a shell tool was given, which may hold several joined by
 * ; & | and newlines, be wrapped in `bash -lc '...'`, begin with assignments,
 * sudo, env, time, timeout or cd.  TOOL_FETCH if any runs hr-ccr get;
 * TOOL_READ if any is cat, sed -n, head, tail or nl (or a pager), also behind
 * a pipe; else TOOL_SHELL.  When in doubt it is TOOL_READ: a program that is
 * a variable, quotes that do not end, nesting too deep, over 32 MiB.
 * Takes linear time and no more memory than a few times the command.
 */
enum tool_class policy_command(struct span command);

/*
 * By the name and the arguments, a JSON text (an object with a member
 * `command` or `cmd` or `script`, a string or a list of words) or, for tools
 * whose input is free text, that text.  What policy_tool calls a shell is
 * looked into; without a command in it that is TOOL_READ, unless the tool
 * only waits for more of what an earlier command prints.  TOOL_EDIT becomes
 * TOOL_READ when the member `command` is "view"; what else an editor says is
 * no less to be left alone.
 */
struct policy_read;

enum tool_class policy_call(const struct rules *rules, struct span name,
	    struct span arguments, struct policy_read *read);

/*
 * What a call that is TOOL_READ prints: the files that its arguments or its
 * commands name are told one by one, in order, in memory that lives as long
 * as the call of `file'.  read itself may be NULL.
 */
struct policy_read {
	/* in */
	void		(*file)(void *arg, struct span path);
	void		*arg;
	/* out */
	size_t		 files;
	bool		 sure;	/* no read is there but of these */
	bool		 top;	/* the text begins where its file does */
};

#endif
