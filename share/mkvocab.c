/*
 * mkvocab - turns a rank list into a vocabulary file
 *
 *	mkvocab o200k_base RANKS OUT
 *
 * A rank list has a line "BASE64 RANK" for each token.  Run by make; the
 * format of the result is lib/tok_vocab.h's.  Refuses a list for which
 * counting by lib/tok_bpe.c would not be exact.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "arena.h"
#include "hash.h"
#include "io.h"
#include "map.h"
#include "msg.h"
#include "num.h"
#include "tok_impl.h"

/* Sizes of the hash tables; fuller ones take longer to find pilots for. */
#define BUCKETS(n)	((uint32_t)(n) / 4 + 1)
#define LINES(n, keys)	(((uint32_t)(n) + (uint32_t)(n) / 8) / (keys) + 1)
#define HOMES(n)	(2 * (uint32_t)(n) + 64)
#define BUCKET_MAX	64
#define PILOTS		65536u

struct entry {
	struct span	 text;
	uint64_t	 split;
	bool		 reached;	/* merging its bytes makes it */
};

static struct entry *entries;		/* by rank */
static uint32_t nentries;
static struct map ranks;		/* bytes to rank + 1 */
static struct arena arena = ARENA_INIT;

/* Six bits of base64, or -1. */
static int
digit64(char c)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(set, c);

	return at == NULL ? -1 : (int)(at - set);
}

static struct span
decode64(struct span s)
{
	char *out = arena_alloc(&arena, s.n + TOK_PAD);
	size_t n = 0, i;
	uint32_t acc = 0;
	unsigned bits = 0;
	int d;

	if (out == NULL)
		msg_die("out of memory");
	for (i = 0; i < s.n && (d = digit64(s.p[i])) >= 0; i++) {
		acc = acc << 6 | (unsigned)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[n++] = (char)(acc >> bits & 0xFF);
		}
	}
	memset(out + n, 0, TOK_PAD);
	return span_of(out, n);
}

static void
add_line(const char *path, struct span line, size_t number)
{
	const char *blank = memchr(line.p, ' ', line.n);
	struct span text;
	union map_val *v;
	uint64_t rank;

	if (blank == NULL || num_u64(span_skip(line,
	    (size_t)(blank + 1 - line.p)), 0, TOK_MAX_IDS - 1, &rank) < 0)
		msg_die("'%s', line %zu: not 'BASE64 RANK'", path, number);
	text = decode64(span_of(line.p, (size_t)(blank - line.p)));
	if (text.n == 0 || text.n > TOK_MAX_LEN)
		msg_die("'%s', line %zu: a token of %zu bytes", path, number,
		    text.n);
	v = map_put(&ranks, text);
	if (v == NULL)
		msg_die("out of memory");
	if (v->u != 0 || entries[rank].text.n != 0)
		msg_die("'%s', line %zu: there already", path, number);
	v->u = rank + 1;
	entries[rank].text = text;
	if (rank >= nentries)
		nentries = (uint32_t)rank + 1;
}

static void
read_ranks(const char *path, struct buf *b)
{
	struct span rest, line;
	const char *nl;
	size_t number = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || io_slurp(fd, b) < 0)
		msg_die("cannot read '%s':", path);
	close(fd);
	entries = calloc(TOK_MAX_IDS, sizeof(*entries));
	if (entries == NULL)
		msg_die("out of memory");
	map_init(&ranks, 1);
	for (rest = buf_span(b); rest.n > 0; ) {
		nl = memchr(rest.p, '\n', rest.n);
		line = span_of(rest.p, nl == NULL ? rest.n :
		    (size_t)(nl - rest.p));
		rest = span_skip(rest, line.n + (nl != NULL));
		number++;
		if (line.n > 0)
			add_line(path, line, number);
	}
}

static uint32_t
rank_of(const char *p, size_t n)
{
	union map_val *v = map_get(&ranks, span_of(p, n));

	return v == NULL ? TOK_NONE : (uint32_t)(v->u - 1);
}

/*
 * Merge the bytes of a token as the reference does, the lowest rank first
 * and of equal ones the leftmost, until two parts are left.
 */
static void
find_split(uint32_t id)
{
	struct entry *e = &entries[id];
	const char *p = e->text.p;
	size_t cut[TOK_MAX_LEN + 1], n = e->text.n, i, best;
	uint32_t rank, low, left, right;

	for (i = 0; i <= n; i++)
		cut[i] = i;
	while (n > 2) {
		low = TOK_NONE;
		best = 0;
		for (i = 0; i + 2 <= n; i++) {
			rank = rank_of(p + cut[i], cut[i + 2] - cut[i]);
			if (rank < low) {
				low = rank;
				best = i;
			}
		}
		if (low == TOK_NONE)
			return;
		memmove(cut + best + 1, cut + best + 2,
		    (n - best - 1) * sizeof(*cut));
		n--;
	}
	e->reached = true;
	if (n < 2)
		return;
	left = rank_of(p, cut[1]);
	right = rank_of(p + cut[1], e->text.n - cut[1]);
	if (left >= id || right >= id)
		msg_die("rank %u is made of a higher one", id);
	e->split = tok_split_pack(left, right, cut[1]);
}

/* What lib/tok takes for granted. */
static void
check_ranks(void)
{
	char d[4];
	unsigned i;

	for (i = 0; i < 256; i++)
		if (entries[i].text.n != 1)
			msg_die("rank %u is not a byte", i);
	for (i = 0; i < 1000; i++) {
		snprintf(d, sizeof(d), "%03u", i);
		if (rank_of(d, 3) == TOK_NONE || rank_of(d, 2) == TOK_NONE)
			msg_die("no token for the digits '%s'", d);
	}
}

/* The output, one array a section. */
static void *sec[SEC_COUNT];
static uint64_t at[SEC_COUNT + 1];

static uint32_t
id_of(uint32_t id)
{
	return entries[id].reached ? id : id | TOK_UNREACHED;
}

/* What hashes a table: n hashes, and the slots found for them. */
struct table {
	const char	*name;
	uint32_t	 n, buckets, lines, slots;	/* slots of a line */
	uint64_t	*hash;
	uint32_t	*slot;		/* over all lines */
	uint16_t	*pilot;
	uint32_t	*head, *next;	/* keys of a bucket, + 1, as lists */
	uint8_t		*used;		/* slots */
};

static void *
array(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		msg_die("out of memory");
	return p;
}

/* Whether the n hashes find different free slots by this pilot; take them. */
static bool
fits(struct table *t, const uint32_t *key, unsigned n, uint16_t pilot)
{
	unsigned i;
	uint32_t slot;
	struct tok_place p;

	for (i = 0; i < n; i++) {
		p = tok_place(t->hash[key[i]], pilot, t->lines, t->slots);
		slot = p.line * t->slots + p.slot;
		if (t->used[slot])
			break;
		t->used[slot] = 1;
		t->slot[key[i]] = slot;
	}
	if (i == n)
		return true;
	while (i-- > 0)
		t->used[t->slot[key[i]]] = 0;
	return false;
}

static void
place_bucket(struct table *t, uint32_t bucket, unsigned size)
{
	uint32_t key[BUCKET_MAX], k, pilot;
	unsigned n = 0;

	for (k = t->head[bucket]; k != 0; k = t->next[k])
		key[n++] = k - 1;
	if (n != size)
		return;
	for (pilot = 0; pilot < PILOTS; pilot++)
		if (fits(t, key, n, (uint16_t)pilot)) {
			t->pilot[bucket] = (uint16_t)pilot;
			return;
		}
	msg_die("found no pilot for a bucket of the %s tokens", t->name);
}

/* Hash and displace: the fullest buckets first, while there is most room. */
static void
place(struct table *t)
{
	uint32_t i, b, *load = array(t->buckets, sizeof(*load));
	unsigned size;

	t->slot = array(t->n, sizeof(*t->slot));
	t->head = array(t->buckets, sizeof(*t->head));
	t->next = array(t->n, sizeof(*t->next));
	t->used = array((size_t)t->lines * t->slots, 1);
	for (i = 0; i < t->n; i++) {
		b = tok_scale(t->hash[i], t->buckets);
		if (++load[b] > BUCKET_MAX)
			msg_die("a bucket of the %s tokens is too full",
			    t->name);
		t->next[i + 1] = t->head[b];
		t->head[b] = i + 1;
	}
	for (size = BUCKET_MAX; size > 0; size--)
		for (b = 0; b < t->buckets; b++)
			if (load[b] == size)
				place_bucket(t, b, size);
	free(t->head);
	free(t->next);
	free(t->used);
	free(load);
}

static void
put_shorts(const struct tok_head *h, const uint32_t *order, uint32_t n)
{
	struct table t = { .name = "short", .n = n,
	    .buckets = h->buckets_short, .lines = h->lines_short,
	    .slots = TOK_SHORTS,
	    .hash = array(n, sizeof(*t.hash)), .pilot = sec[SEC_SHORT_PILOT] };
	uint8_t *lens3 = sec[SEC_LENS3];
	struct tok_shorts *line;
	struct span s;
	uint32_t i;

	for (i = 0; i < n; i++) {
		s = entries[order[i]].text;
		t.hash[i] = tok_hash_short(tok_key(s.p, s.n).lo);
		if (s.n >= 3)
			lens3[tok_slot3(tok_load64(s.p))] |=
			    (uint8_t)(1u << (s.n - 3));
	}
	place(&t);
	for (i = 0; i < n; i++) {
		s = entries[order[i]].text;
		line = (struct tok_shorts *)sec[SEC_SHORT] +
		    t.slot[i] / TOK_SHORTS;
		line->key[t.slot[i] % TOK_SHORTS] = tok_key(s.p, s.n).lo;
		line->id[t.slot[i] % TOK_SHORTS] = id_of(order[i]);
	}
	free(t.hash);
	free(t.slot);
}

static void
put_middles(const struct tok_head *h, const uint32_t *order, uint32_t n)
{
	struct table t = { .name = "middle", .n = n,
	    .buckets = h->buckets_middle, .lines = h->lines_middle,
	    .slots = TOK_MIDDLES,
	    .hash = array(n, sizeof(*t.hash)),
	    .pilot = sec[SEC_MIDDLE_PILOT] };
	struct tok_middles *line;
	struct span s;
	uint64_t lo;
	uint32_t i;

	for (i = 0; i < n; i++) {
		s = entries[order[i]].text;
		lo = tok_load64(s.p);
		t.hash[i] = tok_hash_middle(tok_key(s.p, s.n));
		((uint8_t *)sec[SEC_LENS3])[tok_slot3(lo)] |= 1u << 5;
		((uint16_t *)sec[SEC_LENS8])[tok_slot8(lo)] |=
		    (uint16_t)(1u << (s.n - 8));
	}
	place(&t);
	for (i = 0; i < n; i++) {
		s = entries[order[i]].text;
		line = (struct tok_middles *)sec[SEC_MIDDLE] +
		    t.slot[i] / TOK_MIDDLES;
		line->key[t.slot[i] % TOK_MIDDLES] = tok_key(s.p, s.n);
		line->id[t.slot[i] % TOK_MIDDLES] = id_of(order[i]);
	}
	free(t.hash);
	free(t.slot);
}

/* By their first bytes, then the longest first. */
static int
long_order(const void *va, const void *vb)
{
	const struct entry *a = &entries[*(const uint32_t *)va];
	const struct entry *b = &entries[*(const uint32_t *)vb];
	int c = memcmp(a->text.p, b->text.p, TOK_PREFIX);

	if (c != 0)
		return c;
	if (a->text.n != b->text.n)
		return a->text.n > b->text.n ? -1 : 1;
	return span_cmp(a->text, b->text);
}

static void
put_group(const struct tok_head *h, uint32_t index, struct span t)
{
	struct tok_group *g = sec[SEC_GROUP];
	struct tok_key k = { tok_load64(t.p), tok_load64(t.p + 8) };
	uint32_t i = tok_scale(tok_hash_middle(k), h->homes_group);

	while (g[i].n != 0 && (g[i].key.lo != k.lo || g[i].key.hi != k.hi))
		if (++i == h->homes_group + TOK_SPILL)
			msg_die("the long tokens' table has too long a run");
	if (g[i].n++ == 0)
		g[i].first = index;
	g[i].key = k;
}

static void
put_longs(const struct tok_head *h, uint32_t *order)
{
	struct tok_long *l = sec[SEC_LONG];
	char *bytes = sec[SEC_BYTES];
	uint32_t i, off = 0;
	struct span t;
	uint64_t lo;

	qsort(order, h->longs, sizeof(*order), long_order);
	for (i = 0; i < h->longs; i++) {
		t = entries[order[i]].text;
		lo = tok_load64(t.p);
		l[i] = (struct tok_long){ off, (uint32_t)t.n,
		    id_of(order[i]) };
		memcpy(bytes + off, t.p, t.n);
		off += (uint32_t)t.n;
		put_group(h, i, t);
		((uint8_t *)sec[SEC_LENS3])[tok_slot3(lo)] |= 1u << 5;
		((uint16_t *)sec[SEC_LENS8])[tok_slot8(lo)] |= 1u << 8;
	}
}

/* Ranks in order, by the table their tokens go to. */
static uint32_t *ids[3], nids[3];

/* Sort the tokens by table and fill in the head. */
static void
size_up(struct tok_head *h, enum tok_encoding enc)
{
	uint32_t i, kind;
	size_t n;

	for (kind = 0; kind < 3; kind++)
		ids[kind] = array(nentries, sizeof(**ids));
	for (i = 0; i < nentries; i++) {
		n = entries[i].text.n;
		kind = n <= TOK_SHORT ? 0 : n <= TOK_MIDDLE ? 1 : 2;
		if (n > 0)
			ids[kind][nids[kind]++] = i;
		if (kind == 2)
			h->bytes += n;
	}
	memcpy(h->magic, TOK_MAGIC, sizeof(h->magic));
	h->version = TOK_VERSION;
	h->endian = TOK_ENDIAN;
	h->encoding = enc;
	h->ids = nentries;
	h->buckets_short = BUCKETS(nids[0]);
	h->lines_short = LINES(nids[0], TOK_SHORTS);
	h->buckets_middle = BUCKETS(nids[1]);
	h->lines_middle = LINES(nids[1], TOK_MIDDLES);
	h->homes_group = HOMES(nids[2]);
	h->longs = nids[2];
	tok_layout(h, at);
	h->size = at[SEC_COUNT];
	h->check = tok_head_check(h);
}

/* The tables of single bytes, pairs and splits. */
static void
put_direct(void)
{
	uint32_t i, *pair = sec[SEC_PAIR], *byte = sec[SEC_BYTE];
	const unsigned char *u;

	for (i = 0; i < 65536; i++)
		pair[i] = TOK_NONE;
	for (i = 0; i < nentries; i++) {
		u = (const unsigned char *)entries[i].text.p;
		((uint64_t *)sec[SEC_SPLIT])[i] = entries[i].split;
		if (entries[i].text.n == 1)
			byte[u[0]] = i;
		if (entries[i].text.n == 2)
			pair[u[0] << 8 | u[1]] = i;
	}
}

int
main(int argc, char **argv)
{
	struct buf text = BUF_INIT;
	struct tok_head head = { .version = 0 };
	enum tok_encoding enc = TOK_O200K;
	uint32_t i;
	char *out;

	msg_init(argv[0]);
	if (argc != 4)
		msg_die("wants ENCODING, RANKS and OUT");
	while (strcmp(argv[1], tok_name(enc)) != 0)
		if (enc++ == TOK_CL100K)
			msg_die("no such encoding: '%s'", argv[1]);
	read_ranks(argv[2], &text);
	check_ranks();
	for (i = 0; i < nentries; i++)
		if (entries[i].text.n > 0)
			find_split(i);

	size_up(&head, enc);
	out = array(head.size, 1);
	memcpy(out, &head, sizeof(head));
	for (i = 0; i < SEC_COUNT; i++)
		sec[i] = out + at[i];
	put_direct();
	put_shorts(&head, ids[0], nids[0]);
	put_middles(&head, ids[1], nids[1]);
	put_longs(&head, ids[2]);
	if (io_replace(argv[3], out, head.size) < 0)
		msg_die("cannot write '%s':", argv[3]);
	free(out);
	for (i = 0; i < 3; i++)
		free(ids[i]);
	free(entries);
	map_release(&ranks);
	arena_release(&arena);
	buf_release(&text);
	return msg_finish(HR_EXIT_OK);
}
