/*
 * json_node.h - what is remembered of the larger values of a JSON text
 *
 * Containers that hold something and strings of JSON_NODE_STRING bytes and
 * more are nodes; they are a tenth of all tokens or so, which is why they are
 * kept apart from these.  Nodes are numbered in the order of their tokens;
 * the number of one is found by counting bits.
 *
 * Equal nodes share a class: values of one spelling, white space apart, with
 * members in the same order.  Classes are told by 64-bit hashes, so whoever
 * relies on two values being equal asks json_same() as well.  A container whose
 * token is `escaped' stands for a string, the text of it, and so is equal only
 * to another such.  Those that name what a tool requires are in no class: the
 * names are to stand with the tool.
 *
 *	{"a":{"x":1,"y":2},"b":[{"x":1,"y":2}]}
 *	node 0, node 1 (class 2)  node 2, node 3 (class 2)
 */
#ifndef HR_JSON_NODE_H
#define HR_JSON_NODE_H

#include "compat.h"

#include "json.h"

#define JSON_NODE_STRING	24	/* bytes between the quotes */

#define JSON_NONE		UINT32_MAX	/* no such token, or node */

/* Whether an object names a member twice. */
enum json_keys { JSON_KEYS_UNKNOWN, JSON_KEYS_DIFFER, JSON_KEYS_REPEAT };

struct json_node {
	uint32_t	tok;
	uint32_t	parent;		/* node, JSON_NONE of the root */
	uint32_t	class;		/* first node of its class + 1, or 0 */
	uint32_t	cost;		/* json_plan.h: tokens, when whole */
	uint32_t	table : 22;	/* number + 1, 0: not a table */
	uint32_t	starred : 1;	/* names in it are, json_tool.h */
	uint32_t	written : 1;	/* not only its path was */
	uint32_t	drops : 1;	/* members that are noise go */
	uint32_t	inside : 1;	/* of a container that is `escaped' */
	uint32_t	nest : 4;	/* tables around tables in here */
	uint32_t	keys : 2;	/* enum json_keys, of an object */
	uint32_t	pick;		/* json_pick.h; number + 1 or 0 */
	uint32_t	refused;	/* tokens of the table that is none */

	/* While rendering. */
	uint32_t	at;		/* its place in an array, when known */
	uint32_t	shown;		/* of a class: token shown first, + 1 */
};

struct json_nodes {
	const struct json_doc	*doc;
	struct json_node	*node;
	uint32_t		 n;
	uint64_t		*bits;	/* one a token */
	uint32_t		*rank;	/* nodes before each 64 tokens */
};

#define JSON_NODES_INIT	{ .node = NULL }

/*
 * Find the nodes, their parents and classes; all else is 0.  The document
 * must stay as it is.  False: no memory.
 */
bool	json_nodes_make(struct json_nodes *ns, const struct json_doc *doc)
	    HR_MUST_USE;
void	json_nodes_release(struct json_nodes *ns);

/* The node of a token, or NULL. */
HR_INLINE struct json_node *
json_node(const struct json_nodes *ns, uint32_t t)
{
	uint64_t word = ns->bits[t / 64], bit = UINT64_C(1) << t % 64;

	return (word & bit) == 0 ? NULL :
	    &ns->node[ns->rank[t / 64] +
	    (uint32_t)__builtin_popcountll(word & (bit - 1))];
}

/* Whether two values are written alike, white space apart. */
bool	json_same(const struct json_doc *d, uint32_t a, uint32_t b);

#endif
