/*
 * json_node - nodes, and which of them are equal
 */
#include "compat.h"

#include <stdlib.h>

#include "hash.h"
#include "json_node.h"
#include "json_tool.h"
#include "map.h"

#define ODD1	UINT64_C(0x9E3779B97F4A7C15)
#define ODD2	UINT64_C(0xD6E8FEB86659FD93)

static bool
is_node(const struct json_tok *t)
{
	if (t->type >= JSON_ARRAY)
		return t->count > 0;
	return t->type == JSON_STRING &&
	    t->end - t->start - 2 >= JSON_NODE_STRING;
}

static bool
find_nodes(struct json_nodes *ns)
{
	size_t ntok = ns->doc->ntok, words = ntok / 64 + 1, i;
	uint64_t n = 0;
	struct json_node *node;

	ns->bits = calloc(words, sizeof(*ns->bits));
	ns->rank = calloc(words, sizeof(*ns->rank));
	if (ns->bits == NULL || ns->rank == NULL)
		return false;
	for (i = 0; i < ntok; i++) {
		if (i % 64 == 0)
			ns->rank[i / 64] = (uint32_t)n;
		if (is_node(&ns->doc->tok[i])) {
			ns->bits[i / 64] |= UINT64_C(1) << i % 64;
			n++;
		}
	}
	ns->n = (uint32_t)n;
	ns->node = calloc(n + 1, sizeof(*ns->node));
	if (ns->node == NULL)
		return false;
	node = ns->node;
	for (i = 0; i < ntok; i++)
		if (is_node(&ns->doc->tok[i])) {
			node->tok = (uint32_t)i;
			node->parent = JSON_NONE;
			node++;
		}
	return true;
}

static uint64_t
mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * ODD1;
	return h ^ h >> 29;
}

static uint64_t
leaf_hash(struct span s)
{
	uint64_t a = 0, b = 0;

	if (s.n > 16)
		return hash_xxh3(s, 0);
	if (s.n >= 8) {
		memcpy(&a, s.p, 8);
		memcpy(&b, s.p + s.n - 8, 8);
	} else
		memcpy(&a, s.p, s.n);
	return mix(mix(ODD2 * s.n, a), b);
}

/* Of a container, whose nodes have theirs; they learn whose they are. */
static uint64_t
container_hash(struct json_nodes *ns, uint32_t n, const uint64_t *hash)
{
	const struct json_tok *tok = ns->doc->tok;
	uint32_t t = ns->node[n].tok, end = t + tok[t].skip, k = t + 1;
	struct json_node *child;
	uint64_t h = ODD2 * (tok[t].type + UINT64_C(8) * tok[t].escaped +
	    UINT64_C(16) * tok[t].count);

	while (k < end) {
		child = json_node(ns, k);
		if (child != NULL) {
			child->parent = n;
			h = mix(h, hash[child - ns->node]);
		} else
			h = mix(h, leaf_hash(json_text(ns->doc->text,
			    &tok[k])));
		k += tok[k].skip;
	}
	return h;
}

/* Let nodes with the same hash share a class. */
static bool
find_classes(struct json_nodes *ns, const uint64_t *hash)
{
	uint64_t odd = map_random_seed() | 1;
	uint32_t *slot, n, mask;
	size_t cap = 16, i;

	while (cap < (size_t)ns->n * 2)
		cap *= 2;
	mask = (uint32_t)(cap - 1);
	slot = calloc(cap, sizeof(*slot));	/* node + 1 */
	if (slot == NULL)
		return false;
	for (n = 0; n < ns->n; n++) {
		if (ns->node[n].starred)
			continue;
		i = hash[n] * odd >> 32 & mask;
		while (slot[i] != 0 && hash[slot[i] - 1] != hash[n])
			i = (i + 1) & mask;
		if (slot[i] == 0)
			slot[i] = n + 1;
		else
			ns->node[n].class = ns->node[slot[i] - 1].class =
			    slot[i];
	}
	free(slot);
	return true;
}

/* Find the names with a star, and all that such a name is in. */
static void
find_stars(struct json_nodes *ns)
{
	const struct span star = SPAN_LIT(JSON_TOOL_STAR "\"");
	struct span text = ns->doc->text, name;
	const struct json_tok *tok = ns->doc->tok;
	uint32_t n, t, m, up;

	if (memmem(text.p, text.n, star.p, star.n) == NULL)
		return;
	for (n = 0; n < ns->n; n++) {
		t = ns->node[n].tok;
		if (tok[t].type != JSON_OBJECT)
			continue;
		m = tok[t].count;
		for (t++; m > 0; m--) {
			name = json_body(text, &tok[t]);
			ns->node[n].starred |= json_tool_starred(&name);
			t += 1 + tok[t + 1].skip;
		}
		up = ns->node[n].starred ? ns->node[n].parent : JSON_NONE;
		for (; up != JSON_NONE && !ns->node[up].starred;
		    up = ns->node[up].parent)
			ns->node[up].starred = true;
	}
}

bool
json_nodes_make(struct json_nodes *ns, const struct json_doc *doc)
{
	uint64_t *hash;
	uint32_t n;
	bool ok;

	ns->doc = doc;
	if (!find_nodes(ns))
		return false;
	hash = malloc((ns->n + (size_t)1) * sizeof(*hash));
	if (hash == NULL)
		return false;
	for (n = ns->n; n-- > 0; ) {
		uint32_t t = ns->node[n].tok;

		hash[n] = doc->tok[t].type >= JSON_ARRAY ?
		    container_hash(ns, n, hash) :
		    leaf_hash(json_text(doc->text, &doc->tok[t]));
	}
	for (n = 0; n < ns->n; n++) {
		const struct json_node *up = ns->node[n].parent == JSON_NONE ?
		    NULL : &ns->node[ns->node[n].parent];

		ns->node[n].inside = up != NULL && (up->inside ||
		    doc->tok[up->tok].escaped);
	}
	find_stars(ns);
	ok = find_classes(ns, hash);
	free(hash);
	return ok;
}

void
json_nodes_release(struct json_nodes *ns)
{
	free(ns->node);
	free(ns->bits);
	free(ns->rank);
	*ns = (struct json_nodes)JSON_NODES_INIT;
}

bool
json_same(const struct json_doc *d, uint32_t a, uint32_t b)
{
	const struct json_tok *x = &d->tok[a], *y = &d->tok[b];
	uint32_t i, n = x->skip;

	if (y->skip != n)
		return false;
	for (i = 0; i < n; i++) {
		if (x[i].type != y[i].type || x[i].count != y[i].count ||
		    x[i].escaped != y[i].escaped)
			return false;
		if (x[i].type < JSON_ARRAY && !span_eq(json_text(d->text,
		    &x[i]), json_text(d->text, &y[i])))
			return false;
	}
	return true;
}
