/*
 * json_tool.h - what a tool requires, said with the names
 *
 * A description of a tool that a model can call says in one list what its
 * parameters are and in another, far from it, which of them are required:
 *
 *	{"name":"f","inputSchema":{"type":"object",
 *	"properties":{"a":{...},"b":{...}},"required":["a"]}}
 *
 * Shorter and plainer is a star behind the name: "properties:{a*:{...},b:...".
 * That is done to JSON text: such a list goes, and the names in it get a star
 * that is spelt as an escape sequence, "a\u002a", which no name of a text that
 * is in canonical spelling has.
 */
#ifndef HR_JSON_TOOL_H
#define HR_JSON_TOOL_H

#include "compat.h"

#include "json.h"

#define JSON_TOOL_LIST	64	/* names; longer lists stay */
#define JSON_TOOL_STAR	"\\u002a"

/* A list that goes, with the comma that goes with it. */
struct json_tool_cut {
	uint32_t	key;		/* token of "required" */
	uint32_t	from, to;	/* bytes */
};

struct json_tools {
	struct json_tool_cut	*cut;	/* ascending */
	size_t			 n, cap;
	uint8_t			*star;	/* of each token, whether it is a name
					 * that gets one; NULL if none does */
};

#define JSON_TOOLS_INIT	{ .cut = NULL }

/*
 * Find the lists that can go: of schemas within an object that has a name and
 * a member inputSchema, input_schema or parameters, whose list names
 * properties in their order, each once.  False: no memory.
 */
bool	json_tools_find(struct json_tools *ts, const struct json_doc *d)
	    HR_MUST_USE;
void	json_tools_release(struct json_tools *ts);

/* A name without its star; whether it had one. */
HR_INLINE bool
json_tool_starred(struct span *name)
{
	const struct span star = SPAN_LIT(JSON_TOOL_STAR);
	size_t i;

	if (!span_ends(*name, star))
		return false;
	/* Behind an odd number of others the backslash is one of the text. */
	for (i = name->n - star.n; i > 0 && name->p[i - 1] == '\\'; i--)
		;
	if ((name->n - star.n - i) % 2 != 0)
		return false;
	name->n -= star.n;
	return true;
}

#endif
