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

#include "cell.h"
#include "json.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

	/* While rendering. */
	uint32_t	at;		/* its place in an array, when known */
};

struct json_nodes {
	const struct json_doc	*doc;
	struct json_node	*node;
	uint32_t		 n;
	uint32_t		*shown;	/* by class, less 1: the token that was
					 * rendered first, + 1, or 0 */
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

/* Whether a token is one. */
HR_INLINE bool
json_is_node(const struct json_tok *t)
{
	/* Without branches, which would be guessed wrong. */
	return ((t->type >= JSON_ARRAY) & (t->count > 0)) |
	    ((t->type == JSON_STRING) &
	    (t->end - t->start >= JSON_NODE_STRING + 2));
}

/* A count of bits; what there is for it is called where no CPU is named. */
HR_INLINE uint32_t
json_bits_set(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* The node of a token, or NULL. */
HR_INLINE struct json_node *
json_node(const struct json_nodes *ns, uint32_t t)
{
	uint64_t word = ns->bits[t / 64], bit = UINT64_C(1) << t % 64;

	return (word & bit) == 0 ? NULL :
	    &ns->node[ns->rank[t / 64] + json_bits_set(word & (bit - 1))];
}

/* Whether n bytes are the same; mostly they are few. */
HR_INLINE bool
json_same_bytes(const char *p, const char *q, size_t n)
{
	uint64_t a[2], b[2];
	uint32_t c[2], d[2];

	if (n > 16)
		return memcmp(p, q, n) == 0;
	if (n >= 8) {
		memcpy(&a[0], p, 8);
		memcpy(&b[0], q, 8);
		memcpy(&a[1], p + n - 8, 8);
		memcpy(&b[1], q + n - 8, 8);
		return ((a[0] ^ b[0]) | (a[1] ^ b[1])) == 0;
	}
	if (n >= 4) {
		memcpy(&c[0], p, 4);
		memcpy(&d[0], q, 4);
		memcpy(&c[1], p + n - 4, 4);
		memcpy(&d[1], q + n - 4, 4);
		return ((c[0] ^ d[0]) | (c[1] ^ d[1])) == 0;
	}
	return n == 0 || ((p[0] ^ q[0]) | (p[n / 2] ^ q[n / 2]) |
	    (p[n - 1] ^ q[n - 1])) == 0;
}

#define JSON_PROBE	16	/* bytes that are compared at once */

#if defined(__SSE2__)

/* One bit for each of 16 bytes at p and q that differ. */
HR_INLINE unsigned
json_differ(const char *p, const char *q)
{
	return 0xFFFFu ^ (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
	    _mm_loadu_si128((const void *)p),
	    _mm_loadu_si128((const void *)q)));
}

#else

HR_INLINE unsigned
json_differ(const char *p, const char *q)
{
	unsigned i, differ = 0;

	for (i = 0; i < JSON_PROBE; i++)
		differ |= (unsigned)(p[i] != q[i]) << i;
	return differ;
}

#endif

/*
 * The same of two texts of one length within a text: what is behind them is
 * looked at as well, so that how long they are takes no branch.
 */
HR_INLINE bool
json_same_within(struct span text, size_t a, size_t b, size_t n)
{
	const char *p = text.p + a, *q = text.p + b;
	size_t last = a > b ? a : b;
	unsigned differ;

	if (hr_unlikely(text.n - last < JSON_PROBE))
		return json_same_bytes(p, q, n);
	differ = json_differ(p, q) & ((1u << (n < 16 ? n : 16)) - 1);
	return differ == 0 && (n <= 16 ||
	    memcmp(p + 16, q + 16, n - 16) == 0);
}

/* Whether two tokens are spelt alike. */
HR_INLINE bool
json_same_text(struct span text, const struct json_tok *x,
    const struct json_tok *y)
{
	size_t n = x->end - x->start;

	return n == y->end - y->start &&
	    json_same_within(text, x->start, y->start, n);
}

/*
 * What is noted of a string in the `count' of its token, which a scan leaves
 * 0: whether it stands bare (cell.h).  Of one that is escaped nothing is,
 * since that would be of what it means.
 */
#define JSON_NOTED	4u	/* beside CELL_BARE and CELL_BARE_VALUE */
#define JSON_NOTED_NAME	8u	/* the same of it as a name */
#define JSON_BARE_NAME	16u
#define JSON_NOTED_STEP	32u	/* the same within a path */
#define JSON_BARE_STEP	64u

/* Both bits of cell.h for a string that is not escaped. */
HR_INLINE unsigned
json_bare(const struct json_doc *d, uint32_t t)
{
	struct json_tok *v = &d->tok[t];

	if ((v->count & JSON_NOTED) == 0)
		v->count |= JSON_NOTED | cell_look(json_body(d->text, v));
	return v->count;
}

/* Whether it does as a name. */
HR_INLINE bool
json_bare_name(const struct json_doc *d, uint32_t t)
{
	struct json_tok *v = &d->tok[t];

	if ((v->count & JSON_NOTED_NAME) == 0)
		v->count |= JSON_NOTED_NAME | (cell_bare_name(json_body(
		    d->text, v)) ? JSON_BARE_NAME : 0);
	return (v->count & JSON_BARE_NAME) != 0;
}

/* Whether it does as a name within a path. */
HR_INLINE bool
json_bare_step(const struct json_doc *d, uint32_t t)
{
	struct json_tok *v = &d->tok[t];

	if ((v->count & JSON_NOTED_STEP) == 0)
		v->count |= JSON_NOTED_STEP | (cell_bare_step(json_body(
		    d->text, v)) ? JSON_BARE_STEP : 0);
	return (v->count & JSON_BARE_STEP) != 0;
}

/* Whether two values are written alike, white space apart. */
bool	json_same(const struct json_doc *d, uint32_t a, uint32_t b);

#endif
