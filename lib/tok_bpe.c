/*
 * tok_bpe - byte pair encoding of one piece in linear time
 *
 * Merging by rank, literally, is quadratic in the piece.  This counts what
 * merging would give without merging, as described by Hendrik van Antwerpen
 * and Alexander Neubeck, "So many tokens, so little time" (GitHub blog,
 * December 2024): a row of tokens is the encoding of its bytes if and only
 * if each two neighbours are the encoding of theirs.  So one walks from left
 * to right with the longest token that goes with the one before it, and goes
 * back where none does.  From a place given up once one need not start
 * again, so each place is entered once; what is tried there is bounded by
 * the length of the longest token.
 *
 * It holds for vocabularies in which a token's parts have lower ranks than
 * the token; share/mkvocab refuses others.
 */
#include "compat.h"

#include <stdlib.h>

#include "mem.h"
#include "tok_impl.h"

#define SMALL	256	/* bytes of a piece for which the stack has room */

struct match {
	uint32_t	id;	/* TOK_NONE: there is none */
	size_t		len;
};

static const struct match NO_MATCH = { TOK_NONE, 0 };

/* The group of long tokens that start with the 16 bytes at p. */
static const struct tok_group *
find_group(const struct vocab *v, const char *p)
{
	struct tok_key k = { tok_load64(p), tok_load64(p + 8) };
	uint32_t i = tok_scale(tok_hash_middle(k), v->homes_group);
	uint32_t end = v->homes_group + TOK_SPILL;
	const struct tok_group *g;

	for (; i < end && v->group[i].n != 0; i++) {
		g = &v->group[i];
		if (g->key.lo != k.lo || g->key.hi != k.hi)
			continue;
		if (g->first > v->nlongs || g->n > v->nlongs - g->first)
			return NULL;
		return g;
	}
	return NULL;
}

/* Whether long token t is what stands at p, where max bytes are left. */
static bool
long_is(const struct vocab *v, const struct tok_long *t, const char *p,
    size_t max)
{
	return t->len <= max && t->len <= TOK_MAX_LEN &&
	    t->len <= v->nbytes && t->at <= v->nbytes - t->len &&
	    memcmp(v->bytes + t->at, p, t->len) == 0;
}

/*
 * The first token of a group, longest first, that has at most max bytes.
 * Rows of signs and blanks have large groups.
 */
static uint32_t
first_of(const struct vocab *v, const struct tok_group *g, size_t max)
{
	uint32_t low, high, half;

	for (low = g->first, high = g->first + g->n; low < high; ) {
		half = low + (high - low) / 2;
		if (v->longs[half].len > max)
			low = half + 1;
		else
			high = half;
	}
	return low;
}

/* The longest token of 16 to max bytes at p. */
static struct match
longest_long(const struct vocab *v, const char *p, size_t max)
{
	const struct tok_group *g = find_group(v, p);
	const struct tok_long *t;
	uint32_t i;

	if (g == NULL)
		return NO_MATCH;
	for (i = first_of(v, g, max); i < g->first + g->n; i++) {
		t = &v->longs[i];
		if (t->id < TOK_UNREACHED && t->len > TOK_MIDDLE &&
		    long_is(v, t, p, max))
			return (struct match){ t->id, t->len };
	}
	return NO_MATCH;
}

bool
vocab_has_long(const struct vocab *v, const char *p, size_t n)
{
	const struct tok_group *g = find_group(v, p);
	uint32_t i;

	if (g == NULL)
		return false;
	for (i = first_of(v, g, n); i < g->first + g->n &&
	    v->longs[i].len == n; i++)
		if (long_is(v, &v->longs[i], p, n))
			return true;
	return false;
}

static uint32_t	rank_long(const struct vocab *v, const char *p, size_t n);

/* TOK_NONE if v is not 0, else 0. */
HR_INLINE uint32_t
all_ones(uint64_t v)
{
	return (uint32_t)-(v != 0);
}

/* The rank of the n bytes at p as merges see it: TOK_NONE or above if none. */
HR_INLINE uint32_t
rank_of(const struct vocab *v, const char *p, size_t n)
{
	const struct tok_shorts *s;
	const struct tok_middles *m;
	struct tok_key k = tok_key(p, n);
	struct tok_place at;

	/* Half of the probes miss: a branch here would be guessed wrong. */
	if (hr_likely(n <= TOK_SHORT)) {
		at = vocab_short(v, k.lo);
		s = &v->shorts[at.line];
		return s->id[at.slot] | all_ones(s->key[at.slot] ^ k.lo);
	}
	if (n <= TOK_MIDDLE) {
		at = vocab_middle(v, k);
		m = &v->middles[at.line];
		return m->id[at.slot] | all_ones((m->key[at.slot].lo ^ k.lo) |
		    (m->key[at.slot].hi ^ k.hi));
	}
	return rank_long(v, p, n);
}

static uint32_t
rank_long(const struct vocab *v, const char *p, size_t n)
{
	struct match m;

	if ((v->lens8[tok_slot8(tok_load64(p))] & 1u << 8) == 0)
		return TOK_NONE;
	/* The longest of at most n is that of n if there is one. */
	m = longest_long(v, p, n);
	return m.len == n ? m.id : TOK_NONE;
}

/* Highest bit of a mask that is not 0. */
HR_INLINE unsigned
top_bit(unsigned mask)
{
	return 31u - (unsigned)__builtin_clz(mask);
}

static struct match
longest_middle(const struct vocab *v, const char *p, size_t max)
{
	unsigned mask = v->lens8[tok_slot8(tok_load64(p))], bit;
	struct match m;

	if (mask & 1u << 8 && max > TOK_MIDDLE) {
		m = longest_long(v, p, max);
		if (m.len != 0)
			return m;
	}
	mask &= 0xFF;
	if (max < TOK_MIDDLE)
		mask &= (2u << (max - 8)) - 1;
	for (; mask != 0; mask &= ~(1u << bit)) {
		bit = top_bit(mask);
		m.len = 8 + bit;
		m.id = rank_of(v, p, m.len);
		if (m.id < TOK_UNREACHED)
			return m;
	}
	return NO_MATCH;
}

/* The longest token of at most max bytes at p; none if max is 0. */
static struct match
longest(const struct vocab *v, const char *p, size_t max)
{
	uint64_t lo = tok_load64(p);
	unsigned mask, bit;
	struct match m;

	if (max == 0)
		return NO_MATCH;
	mask = max > 2 ? v->lens3[tok_slot3(lo)] : 0;
	if (mask & 1u << 5 && max > TOK_SHORT) {
		m = longest_middle(v, p, max);
		if (m.len != 0)
			return m;
	}
	/* Bit 1 + k: length 2 + k, length 2 always. */
	mask = (mask & 0x1F) << 2 | 2;
	if (max < TOK_SHORT)
		mask &= (1u << max) - 1;
	for (; mask != 0; mask &= ~(1u << bit)) {
		bit = top_bit(mask);
		m.len = bit + 1;
		m.id = rank_of(v, p, m.len);
		if (m.id < TOK_UNREACHED)
			return m;
	}
	return (struct match){ v->byte_id[lo & 0xFF], 1 };
}

/*
 * Whether tokens a and b side by side, b starting at p, stay apart when
 * their bytes are merged by rank.  Undoes the merges that made them, latest
 * first: before each, the two parts that touch at p must not have been a
 * pair that went first.  Of equal ranks the left one does.
 */
static bool
apart(const struct vocab *v, const char *p, struct match a, struct match b)
{
	uint32_t limit = TOK_UNREACHED;	/* ranks below it would go first */
	uint64_t s;

	for (;;) {
		if (a.len + b.len <= TOK_MAX_LEN &&
		    rank_of(v, p - a.len, a.len + b.len) < limit)
			return false;
		struct match *t = a.id > b.id ? &a : &b;

		s = t->len > 1 && t->id < v->ids ? v->split[t->id] : 0;
		if (tok_split_len(s) == 0 || tok_split_len(s) >= t->len)
			return true;	/* a byte: there from the start */
		if (t == &a) {
			limit = a.id;
			a.id = tok_split_right(s);
			a.len -= tok_split_len(s);
		} else {
			limit = b.id + 1;
			b.id = tok_split_left(s);
			b.len = tok_split_len(s);
		}
	}
}

/* The same, remembered: both ranks and, as the lowest bit, the answer. */
static bool
goes_with(struct bpe *b, const struct vocab *v, const char *p,
    struct match left, struct match right)
{
	uint64_t key = (uint64_t)left.id << 24 | (uint64_t)right.id << 2 | 2;
	uint64_t *m = &b->memo[tok_scale(key * TOK_PHI, BPE_MEMO)];

	if ((*m & ~UINT64_C(1)) != key)
		*m = key | apart(v, p, left, right);
	return *m & 1;
}

HR_INLINE bool
is_dead(const uint8_t *dead, size_t at)
{
	return dead[at >> 3] >> (at & 7) & 1;
}

/* The walk; len has room for n tokens, dead for n + 1 bits, all 0. */
static size_t
walk(struct bpe *b, const struct vocab *v, const char *p, size_t n,
    uint8_t *len, uint8_t *dead)
{
	size_t at = 0, depth = 0, max = n;
	struct match m, before = NO_MATCH;

	for (;;) {
		m = longest(v, p + at, max);
		while (m.len != 0 && (is_dead(dead, at + m.len) ||
		    (depth > 0 && !goes_with(b, v, p + at, before, m))))
			m = longest(v, p + at, m.len - 1);
		if (m.len != 0) {
			len[depth++] = (uint8_t)m.len;
			at += m.len;
			before = m;
			if (at == n)
				return depth;
			max = n - at;
			continue;
		}
		if (depth == 0)
			return n;	/* no such vocabulary is made */
		dead[at >> 3] |= (uint8_t)(1u << (at & 7));
		at -= len[--depth];
		max = (size_t)len[depth] - 1;
		if (depth > 0) {
			before.len = len[depth - 1];
			before.id = rank_of(v, p + at - before.len,
			    before.len);
		}
	}
}

/*
 * For a few bytes merging itself is fastest.  Parts are named by where they
 * start: a bit of `starts` for each, the end among them.  pair[i] is the rank
 * of part i and the next one together, times 16, plus i, so that the least
 * of all is the leftmost pair of the lowest rank.  There is no pair of
 * NO_PAIR or more.
 */
#define NO_PAIR		0xFFFFFFF0u

HR_INLINE uint32_t
pair_of(uint32_t rank, size_t at)
{
	/* TOK_UNREACHED becomes NO_PAIR. */
	return (rank | (uint32_t)-(rank >> 31)) << 4 | (uint32_t)at;
}

HR_INLINE uint32_t
lower_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* In a tree and over all of a row, for want of branches to guess wrong. */
HR_INLINE uint32_t
lowest8(const uint32_t *k)
{
	return lower_of(lower_of(lower_of(k[0], k[1]), lower_of(k[2], k[3])),
	    lower_of(lower_of(k[4], k[5]), lower_of(k[6], k[7])));
}

/* The start after `at`, of which there must be one. */
HR_INLINE size_t
next_start(uint32_t starts, size_t at)
{
	return at + 1 + (size_t)__builtin_ctz(starts >> (at + 1));
}

size_t
bpe_tiny(const struct vocab *v, const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t pair[TOK_MIDDLE + 1], starts = (2u << n) - 1, low, rank;
	size_t i, left, mid, right, end, parts;

	for (i = 0; i + 1 < n; i++)
		pair[i] = pair_of(v->pair[(size_t)u[i] << 8 | u[i + 1]], i);
	for (; i <= TOK_MIDDLE; i++)
		pair[i] = NO_PAIR;
	for (parts = n; ; parts--) {
		low = lowest8(pair);
		if (n > 8)
			low = lower_of(low, lowest8(pair + 8));
		if (low >= NO_PAIR)
			return parts;
		i = low & 15;
		mid = next_start(starts, i);
		right = next_start(starts, mid);
		starts ^= 1u << mid;
		pair[mid] = NO_PAIR;

		pair[i] = NO_PAIR;
		if (right < n) {
			end = next_start(starts, right);
			rank = rank_of(v, p + i, end - i);
			pair[i] = pair_of(rank, i);
		}
		if (i > 0) {
			left = 31u - (unsigned)__builtin_clz(starts &
			    ((1u << i) - 1));
			rank = rank_of(v, p + left, right - left);
			pair[left] = pair_of(rank, left);
		}
	}
}

/* Room for a piece of n bytes; with some to spare, for growing ones. */
static bool
grow(struct bpe *b, size_t n)
{
	size_t bytes;

	if (n <= b->cap)
		return true;
	bpe_release(b);
	if (!mem_add(n, n / 2 + TOK_PAD, &bytes))
		return false;
	b->text = malloc(bytes);
	b->len = malloc(bytes);
	b->dead = malloc(bytes / 8 + 1);
	if (b->text == NULL || b->len == NULL || b->dead == NULL) {
		bpe_release(b);
		return false;
	}
	b->cap = bytes - TOK_PAD;
	return true;
}

size_t
bpe_count(struct bpe *b, const struct vocab *v, const char *p, size_t n)
{
	uint8_t len[SMALL], dead[SMALL / 8 + 1];

	if (n <= SMALL) {
		memset(dead, 0, n / 8 + 1);
		return walk(b, v, p, n, len, dead);
	}
	if (!grow(b, n))
		return 0;
	memset(b->dead, 0, n / 8 + 1);
	return walk(b, v, p, n, b->len, b->dead);
}

size_t
bpe_count_end(struct bpe *b, const struct vocab *v, const char *p, size_t n)
{
	char text[SMALL + TOK_PAD];

	if (n <= SMALL) {
		memcpy(text, p, n);
		memset(text + n, 0, TOK_PAD);
		return bpe_count(b, v, text, n);
	}
	if (!grow(b, n))
		return 0;
	memcpy(b->text, p, n);
	memset(b->text + n, 0, TOK_PAD);
	return bpe_count(b, v, b->text, n);
}

void
bpe_release(struct bpe *b)
{
	free(b->text);
	free(b->len);
	free(b->dead);
	b->text = NULL;
	b->len = b->dead = NULL;
	b->cap = 0;
}
