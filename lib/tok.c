/*
 * tok - counts the tokens of a text
 *
 * Most pieces are a token themselves, so counting is looking pieces up.
 * Their keys are queued by table and looked up in a row, where the misses of
 * the caches and of the branch predictor overlap instead of adding up.  What
 * is no token goes through a small direct-mapped cache to the encoder.
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#include "tok_ascii.h"
#include "tok_impl.h"
#include "tok_split.h"
#include "utf8.h"

#define QUEUE	128u	/* keys in a row */
/*
 * Fresh pages cost more than merging again what fell out of a larger cache:
 * these are 64 KiB.
 */
#define CACHE	4096u
#define WINDOW	4096u	/* first try at ill-formed text, bytes */

/* A key with the number of tokens in the top four bits of hi. */
#define COUNT_SHIFT	60

struct tok {
	struct vocab		v;
	enum tok_encoding	enc;
	int			err;
	size_t			nshort, nmiddle;
	/* A window may add so many, and a key is written before it counts. */
	uint64_t		qshort[QUEUE + TOK_WINDOW];
	struct tok_key		qmiddle[QUEUE + TOK_WINDOW];
	struct bpe		bpe;
	struct buf		repaired;
	struct tok_key		cache[CACHE];
};

int
tok_open(struct tok **out, enum tok_encoding enc, const char *path)
{
	struct tok *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -1;
	if (vocab_open(&t->v, enc, path) < 0) {
		free(t);
		return -1;
	}
	t->enc = enc;
	t->repaired = (struct buf)BUF_INIT;
	*out = t;
	return 0;
}

void
tok_close(struct tok *t)
{
	if (t == NULL)
		return;
	vocab_close(&t->v);
	bpe_release(&t->bpe);
	buf_release(&t->repaired);
	free(t);
}

void
tok_rest(struct tok *t)
{
	vocab_rest(&t->v);
}

int
tok_err(const struct tok *t)
{
	return t->err;
}

const char *
tok_name(enum tok_encoding enc)
{
	return enc == TOK_O200K ? "o200k_base" : "cl100k_base";
}

/* Tokens of a piece of up to 15 bytes that is none itself. */
static size_t
merged(struct tok *t, struct tok_key k)
{
	struct tok_key *c = &t->cache[tok_scale(tok_hash_middle(k), CACHE)];
	const uint64_t mask = ~(UINT64_C(15) << COUNT_SHIFT);
	char text[TOK_MIDDLE + 1 + TOK_PAD] = { 0 };
	size_t n;

	if (c->lo == k.lo && (c->hi & mask) == k.hi && c->lo != 0)
		return c->hi >> COUNT_SHIFT;
	n = (k.hi != 0 ? k.hi : k.lo) >> 56;
	tok_store64(text, k.lo);
	tok_store64(text + 8, k.hi);
	n = bpe_tiny(&t->v, text, n);
	*c = (struct tok_key){ k.lo, k.hi | (uint64_t)n << COUNT_SHIFT };
	return n;
}

/* Count what is queued; first without a branch, then those that missed. */
static uint64_t
drain_short(struct tok *t)
{
	const struct vocab *v = &t->v;
	uint64_t total, *q = t->qshort, key;
	size_t i, n = t->nshort, missed = 0;
	struct tok_place at;

	for (i = 0; i < n; i++) {
		key = q[i];
		q[missed] = key;
		at = vocab_short(v, key);
		missed += v->shorts[at.line].key[at.slot] != key;
	}
	total = n - missed;
	for (i = 0; i < missed; i++)
		total += merged(t, (struct tok_key){ q[i], 0 });
	t->nshort = 0;
	return total;
}

static uint64_t
drain_middle(struct tok *t)
{
	const struct vocab *v = &t->v;
	struct tok_key *q = t->qmiddle, key, found;
	size_t i, n = t->nmiddle, missed = 0;
	struct tok_place at;
	uint64_t total;

	for (i = 0; i < n; i++) {
		key = q[i];
		q[missed] = key;
		at = vocab_middle(v, key);
		found = v->middles[at.line].key[at.slot];
		missed += ((found.lo ^ key.lo) | (found.hi ^ key.hi)) != 0;
	}
	total = n - missed;
	for (i = 0; i < missed; i++)
		total += merged(t, q[i]);
	t->nmiddle = 0;
	return total;
}

/* Tokens of a piece of 16 bytes or more, `room` bytes readable from p on. */
static size_t
count_long(struct tok *t, const char *p, size_t n, size_t room)
{
	size_t k;

	if (n <= TOK_MAX_LEN && vocab_has_long(&t->v, p, n))
		return 1;
	k = room - n >= TOK_PAD ? bpe_count(&t->bpe, &t->v, p, n) :
	    bpe_count_end(&t->bpe, &t->v, p, n);
	if (k == 0) {
		t->err = ENOMEM;
		k = n;
	}
	return k;
}

/* A mask of the lowest n bytes, n modulo 8 of them. */
HR_INLINE uint64_t
low_bytes(size_t n)
{
	return (UINT64_C(1) << (8 * n & 63)) - 1;
}

/* Count what is queued where a queue is full. */
static uint64_t
drain_full(struct tok *t)
{
	uint64_t total = 0;

	if (t->nshort >= QUEUE)
		total += drain_short(t);
	if (t->nmiddle >= QUEUE)
		total += drain_middle(t);
	return total;
}

/*
 * Queue a piece of up to 15 bytes at p, 16 readable there: written to both
 * queues and counted in one, because a branch would be guessed wrong.  A
 * `known` piece is a token anyway and counted in neither.
 */
HR_INLINE void
queue(struct tok *t, size_t *nshort, size_t *nmiddle, const char *p, size_t n,
    bool known)
{
	uint64_t top = (uint64_t)n << 56, lo = tok_load64(p);
	uint64_t low = low_bytes(n);

	t->qshort[*nshort] = (lo & low) | top;
	t->qmiddle[*nmiddle] = (struct tok_key){ lo,
	    (tok_load64(p + 8) & low) | top };
	*nshort += (n <= TOK_SHORT) & !known;
	*nmiddle += n > TOK_SHORT;
}

/*
 * Queue plain pieces from the start of s, until one is not, a queue is full
 * or the end is near.  Returns the bytes queued; *next is the length of the
 * piece behind them if that is known, else 0.  The hot loop.
 */
HR_INLINE size_t
plain(struct tok *t, enum tok_encoding enc, struct span s, size_t *next,
    uint64_t *total)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t ns = t->nshort, nm = t->nmiddle, n = 1, at, room;
	uint64_t sum = 0;
	struct tok_window w;
	bool known;

	while ((room = (size_t)(end - p)) >= TOK_ASCII_ROOM &&
	    ns < QUEUE && nm < QUEUE) {
		tok_window(enc, p, &w);
		for (at = 0; at < TOK_ASCII_LAST; at += n) {
			n = tok_ascii_piece(enc, &w, at, room - at);
			if (hr_unlikely(n - 1 >= TOK_MIDDLE))
				break;
			/* A byte, or up to three digits, is always a token. */
			known = (n == 1) | tok_bit(w.digit, at);
			sum += known;
			queue(t, &ns, &nm, p + at, n, known);
		}
		p += at;
		if (n == 0 || (n > TOK_MIDDLE && at == 0))
			break;
	}
	t->nshort = ns;
	t->nmiddle = nm;
	*total += sum;
	*next = n > TOK_MIDDLE && n < TOK_WINDOW ? n : 0;
	return (size_t)(p - s.p);
}

/* A piece of n bytes, of which `room` may be read from p on. */
static uint64_t
count_piece(struct tok *t, const char *p, size_t n, size_t room)
{
	char text[TOK_MIDDLE + 1] = { 0 };

	if (n > TOK_MIDDLE)
		return count_long(t, p, n, room);
	memcpy(text, p, n);
	queue(t, &t->nshort, &t->nmiddle, text, n, false);
	return drain_full(t);
}

/*
 * Count pieces from the start of s until one cannot be told.  Returns the
 * bytes counted, which is all of s with last true unless *bad.
 */
HR_INLINE size_t
pieces(struct tok *t, enum tok_encoding enc, struct span s, bool last,
    bool *bad, uint64_t *total)
{
	struct span rest = s;
	uint64_t sum = 0;
	size_t n;

	for (;;) {
		sum += drain_full(t);
		rest = span_skip(rest, plain(t, enc, rest, &n, &sum));
		if (rest.n == 0)
			break;
		if (t->nshort >= QUEUE || t->nmiddle >= QUEUE)
			continue;
		if (n == 0)
			n = tok_piece(enc, rest, last, bad);
		if (n == 0)
			break;
		sum += count_piece(t, rest.p, n, rest.n);
		rest = span_skip(rest, n);
	}
	*total += sum;
	return s.n - rest.n;
}

static size_t
count_pieces(struct tok *t, struct span s, bool last, bool *bad,
    uint64_t *total)
{
	if (t->enc == TOK_O200K)
		return pieces(t, TOK_O200K, s, last, bad, total);
	return pieces(t, TOK_CL100K, s, last, bad, total);
}

/*
 * Append s to b with U+FFFD for what is ill-formed, up to `until` bytes of b.
 * Without last a sequence that the end of s may have cut off is left out.
 * Returns the bytes of s taken.
 */
static size_t
repair(struct span s, bool last, size_t until, struct buf *b)
{
	size_t at = 0, w;
	uint32_t cp;
	char out[4];
	bool bad;

	while (at < s.n && b->len < until && b->err == 0) {
		bad = false;
		w = utf8_decode(s.p + at, s.n - at, &cp, &bad);
		if (bad && !last && at + w == s.n)
			break;
		buf_add(b, out, utf8_encode(cp, out));
		at += w;
	}
	return at;
}

/*
 * Count some pieces from the start of s, where an ill-formed sequence is in
 * the first: on a repaired copy of a window, doubled until a piece fits.
 * Returns the bytes of s counted, 0 if that cannot be told.
 */
static size_t
count_repaired(struct tok *t, struct span s, bool last, uint64_t *total)
{
	struct buf *b = &t->repaired;
	size_t window = WINDOW, done;
	bool all, bad = false;

	for (;; window *= 2) {
		all = window >= s.n;
		buf_reset(b);
		repair(span_of(s.p, all ? s.n : window), all && last,
		    SIZE_MAX, b);
		if (buf_err(b)) {
			t->err = ENOMEM;
			return 0;
		}
		done = count_pieces(t, buf_span(b), all && last, &bad, total);
		if (done > 0 || all)
			break;
	}
	/* How much of s that was. */
	buf_reset(b);
	return repair(s, true, done, b);
}

uint64_t
tok_count_chunk(struct tok *t, struct span s, bool last, size_t *used)
{
	uint64_t total = 0;
	size_t n, at = 0;
	bool bad;

	do {
		bad = false;
		at += count_pieces(t, span_skip(s, at), last, &bad, &total);
		if (!bad)
			break;
		n = count_repaired(t, span_skip(s, at), last, &total);
		at += n;
	} while (n > 0);
	if (t->err && last)
		at = s.n;
	*used = at;
	return total + drain_short(t) + drain_middle(t);
}

uint64_t
tok_count(struct tok *t, struct span s)
{
	size_t used;

	return tok_count_chunk(t, s, true, &used);
}
