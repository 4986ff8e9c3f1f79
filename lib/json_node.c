/*
 * json_node - nodes, and which of them are equal
 */
#include "compat.h"

#include <stdlib.h>

#include "hash.h"
#include "json_node.h"
#include "json_tool.h"
#include "map.h"
#include "mem.h"

#define ODD1	UINT64_C(0x9E3779B97F4A7C15)
#define ODD2	UINT64_C(0xD6E8FEB86659FD93)

/*
 * A hash is first made of a sample of a value; what is not alone with that is
 * hashed again, as a whole.  The two lowest bits are no part of it.
 */
#define WHOLE	UINT64_C(1)	/* all of the value is in it */
#define WANTED	UINT64_C(2)	/* it must be */

#define NODES_PART	8	/* at first, of the tokens, as a guess */
#define FEW	10	/* tokens of which all are in the sample */
#define SHORT	64	/* bytes of a text of which all are */
#define AHEAD	8	/* slots asked for before they are looked at */

static uint64_t
mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * ODD1;
	return h ^ h >> 29;
}

static uint64_t
load64(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* Up to eight bytes. */
static uint64_t
load_few(const char *p, size_t n)
{
	uint32_t a, b;

	if (n == 8)
		return load64(p);
	if (n >= 4) {
		memcpy(&a, p, sizeof(a));
		memcpy(&b, p + n - 4, sizeof(b));
		return a | (uint64_t)b << 32;
	}
	return n == 0 ? 0 : (unsigned char)p[0] |
	    (uint64_t)(unsigned char)p[n / 2] << 8 |
	    (uint64_t)(unsigned char)p[n - 1] << 16;
}

/* Of a text of up to SHORT bytes, all of it. */
static uint64_t
short_hash(uint64_t h, struct span s)
{
	size_t i;

	h ^= ODD2 * s.n;
	if (s.n <= 8)
		return mix(h, load_few(s.p, s.n));
	for (i = 0; i + 8 < s.n; i += 8)
		h = mix(h, load64(s.p + i));
	return mix(h, load64(s.p + s.n - 8));
}

static uint64_t
long_hash(uint64_t h, struct span s)
{
	return mix(h, hash_xxh3(s, 0));
}

/* Some of a long one. */
static uint64_t
part_hash(uint64_t h, struct span s)
{
	h = mix(h ^ ODD2 * s.n, load64(s.p));
	h = mix(h, load64(s.p + 8));
	h = mix(h, load64(s.p + s.n / 2));
	h = mix(h, load64(s.p + s.n - 16));
	return mix(h, load64(s.p + s.n - 8));
}

/* What a token itself says. */
static uint64_t
token_hash(uint64_t h, const struct json_tok *t)
{
	return mix(h, t->type + UINT64_C(8) * t->escaped +
	    UINT64_C(16) * t->count);
}

/* Add token t to the sample. */
static uint64_t
sample(struct span text, uint64_t h, const struct json_tok *t, uint64_t *whole)
{
	struct span s = json_text(text, t);

	if (t->type >= JSON_ARRAY)
		return token_hash(h, t);
	if (s.n <= SHORT)
		return short_hash(h, s);
	*whole = 0;
	return part_hash(h, s);
}

/* Hash a sample of the value at token t; WHOLE if it is all of it. */
static uint64_t
sample_hash(struct span text, const struct json_tok *t)
{
	uint64_t h = ODD2 * t->skip, whole = WHOLE;
	uint32_t n = t->skip, i;

	h = sample(text, h, t, &whole);
	if (n <= FEW) {
		for (i = 1; i < n; i++)
			h = sample(text, h, &t[i], &whole);
	} else {
		/* Of a record the first values, and some of the others. */
		whole = 0;
		h = sample(text, h, &t[2], &whole);
		h = sample(text, h, &t[4], &whole);
		h = sample(text, h, &t[n / 2], &whole);
		h = sample(text, h, &t[n / 2 + 1], &whole);
		h = sample(text, h, &t[n - 1], &whole);
	}
	return (h & ~(WHOLE | WANTED)) | whole;
}

/* Node n, which is token t; `up' is the node before it, or above. */
static void
fill(struct json_nodes *ns, uint32_t n, uint32_t t, uint32_t up)
{
	const struct json_tok *tok = ns->doc->tok;
	struct json_node *node = ns->node;

	while (up != JSON_NONE && node[up].tok + tok[node[up].tok].skip <= t)
		up = node[up].parent;
	node[n] = (struct json_node){ .tok = t, .parent = up,
	    .inside = up != JSON_NONE && (node[up].inside ||
	    tok[node[up].tok].escaped) };
}

/* The nodes among 64 tokens from t on, which have room. */
static void
fill_word(struct json_nodes *ns, uint32_t t, uint64_t word, uint64_t *hash)
{
	uint32_t n = ns->n, k;

	for (; word != 0; word &= word - 1, n++) {
		k = t + (uint32_t)__builtin_ctzll(word);
		fill(ns, n, k, n == 0 ? JSON_NONE : n - 1);
		hash[n] = sample_hash(ns->doc->text, &ns->doc->tok[k]);
	}
	ns->n = n;
}

struct room {
	uint64_t	*hash;
	size_t		 hashes, nodes;
};

static bool
make_room(struct json_nodes *ns, size_t more, struct room *room)
{
	struct json_node *node = ns->node;
	uint64_t *hash = room->hash;

	node = mem_grow(node, &room->nodes, ns->n + more, sizeof(*node),
	    UINT32_MAX);
	if (node == NULL)
		return false;
	ns->node = node;
	hash = mem_grow(hash, &room->hashes, ns->n + more, sizeof(*hash),
	    UINT32_MAX);
	if (hash == NULL)
		return false;
	room->hash = hash;
	return true;
}

/*
 * Find the nodes, hash a sample of each; *escaped is set if any text is.  64
 * tokens at a time, which are in the cache then.
 */
static bool
find_nodes(struct json_nodes *ns, struct room *room, bool *escaped)
{
	const struct json_tok *tok = ns->doc->tok;
	size_t ntok = ns->doc->ntok, words = ntok / 64 + 1, i, t = 0, end;
	uint64_t word;

	ns->bits = malloc(words * sizeof(*ns->bits));
	ns->rank = malloc(words * sizeof(*ns->rank));
	if (ns->bits == NULL || ns->rank == NULL ||
	    !make_room(ns, ntok / NODES_PART + 64, room))
		return false;
	for (i = 0; i < words; i++) {
		word = 0;
		for (end = ntok - t < 64 ? ntok : t + 64; t < end; t++) {
			word |= (uint64_t)json_is_node(&tok[t]) << (t & 63);
			*escaped |= tok[t].escaped;
		}
		ns->bits[i] = word;
		ns->rank[i] = ns->n;
		if (!make_room(ns, 64, room))
			return false;
		fill_word(ns, (uint32_t)i * 64, word, room->hash);
	}
	return true;
}

/* Of a container of which the nodes in it have theirs. */
static uint64_t
container_hash(const struct json_nodes *ns, uint32_t t, const uint64_t *hash)
{
	const struct json_tok *tok = ns->doc->tok;
	uint32_t end = t + tok[t].skip, k = t + 1;
	uint64_t h = token_hash(0, &tok[t]);
	struct json_node *child;

	while (k < end) {
		child = json_node(ns, k);
		if (child != NULL)
			h = mix(h, hash[child - ns->node] & ~WANTED);
		else
			h = short_hash(h, json_text(ns->doc->text, &tok[k]));
		k += tok[k].skip;
	}
	return h;
}

/* Make whole the hashes of nodes that are not alone with theirs. */
static void
hash_again(struct json_nodes *ns, uint64_t *hash)
{
	const struct json_tok *tok = ns->doc->tok;
	uint32_t n, up, t;

	for (n = 0; n < ns->n; n++) {
		up = ns->node[n].parent;
		if ((hash[n] & WHOLE) == 0 && (ns->node[n].class != 0 ||
		    (up != JSON_NONE && (hash[up] & WANTED) != 0)))
			hash[n] |= WANTED;
	}
	for (n = ns->n; n-- > 0; ) {
		if ((hash[n] & WANTED) == 0)
			continue;
		t = ns->node[n].tok;
		hash[n] = (tok[t].type < JSON_ARRAY ?
		    long_hash(0, json_text(ns->doc->text, &tok[t])) :
		    container_hash(ns, t, hash)) | WANTED;
	}
}

/* A hash table of nodes: its upper half of the hash, and the number + 1. */
struct classes {
	uint64_t	*slot;
	size_t		 mask;
	uint64_t	 odd;
};

static size_t
home(const struct classes *c, uint64_t hash)
{
	return hash * c->odd >> 32 & c->mask;
}

/* Enter a node; the first that has its hash, which may be itself. */
static uint32_t
enter(struct classes *c, const uint64_t *hash, uint32_t n)
{
	const uint64_t upper = ~(uint64_t)UINT32_MAX;
	uint64_t h = hash[n], s;
	size_t i = home(c, h);

	while ((s = c->slot[i]) != 0) {
		if (((s ^ h) & upper) == 0 &&
		    hash[(s & UINT32_MAX) - 1] == h)
			return (uint32_t)(s & UINT32_MAX) - 1;
		i = (i + 1) & c->mask;
	}
	c->slot[i] = (h & upper) | (n + UINT64_C(1));
	return n;
}

/* Let nodes with one hash share a class. */
static void
find_classes(struct json_nodes *ns, const uint64_t *hash, struct classes *c,
    uint64_t only, bool *unsure)
{
	uint32_t n, first;

	memset(c->slot, 0, (c->mask + 1) * sizeof(*c->slot));
	for (n = 0; n < ns->n; n++) {
		if (n + AHEAD < ns->n)
			__builtin_prefetch(&c->slot[home(c,
			    hash[n + AHEAD])]);
		if ((hash[n] & only) != only || ns->node[n].starred)
			continue;
		ns->node[n].class = 0;
		first = enter(c, hash, n);
		if (first == n)
			continue;
		ns->node[n].class = ns->node[first].class = first + 1;
		*unsure = *unsure || (hash[n] & WHOLE) == 0;
	}
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

/* All that is left to do with the hashes. */
static bool
classify(struct json_nodes *ns, uint64_t *hash)
{
	struct classes c = { .odd = map_random_seed() | 1 };
	size_t cap = 16, room = 0;
	bool unsure = false;

	while (cap < (size_t)ns->n + ns->n / 2)
		cap *= 2;
	c.mask = cap - 1;
	c.slot = mem_grow(NULL, &room, cap, sizeof(*c.slot),
	    SIZE_MAX / sizeof(*c.slot));
	if (c.slot == NULL)
		return false;
	find_classes(ns, hash, &c, 0, &unsure);
	if (unsure) {
		hash_again(ns, hash);
		find_classes(ns, hash, &c, WANTED, &unsure);
	}
	free(c.slot);
	return true;
}

/* Give back what the guess was too high by. */
static void
trim(struct json_nodes *ns)
{
	struct json_node *node = ns->n == 0 ? NULL :
	    realloc(ns->node, ns->n * sizeof(*node));

	if (node != NULL)
		ns->node = node;
}

bool
json_nodes_make(struct json_nodes *ns, const struct json_doc *doc)
{
	struct room room = { .hash = NULL };
	bool escaped = false, ok;

	ns->doc = doc;
	ok = find_nodes(ns, &room, &escaped);
	if (ok && escaped)
		find_stars(ns);
	ok = ok && classify(ns, room.hash);
	free(room.hash);
	if (ok)
		trim(ns);
	if (ok)
		ns->shown = calloc(ns->n + (size_t)1, sizeof(*ns->shown));
	return ok && ns->shown != NULL;
}

void
json_nodes_release(struct json_nodes *ns)
{
	free(ns->node);
	free(ns->shown);
	free(ns->bits);
	free(ns->rank);
	*ns = (struct json_nodes)JSON_NODES_INIT;
}

bool
json_same(const struct json_doc *d, uint32_t a, uint32_t b)
{
	const struct json_tok *x = &d->tok[a], *y = &d->tok[b];
	uint32_t n = x->skip;

	if (y->skip != n)
		return false;
	for (; n > 0; n--, x++, y++) {
		if (x->type != y->type || x->escaped != y->escaped)
			return false;
		if (x->type >= JSON_ARRAY ? x->count != y->count :
		    !json_same_text(d->text, x, y))
			return false;
	}
	return true;
}
