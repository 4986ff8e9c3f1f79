/*
 * tok_bound - between what bounds the tokens of a text must be
 *
 * The pieces of o200k (tok_split.h) are counted from below: each is at least
 * one token.  64 bytes at a time become a bit a byte for each kind, and where
 * a piece must begin is found by shifting these.  What a block cannot tell of
 * the one behind it is left out, and so is whatever stands beside a byte that
 * is no ASCII, which may be a letter, a digit or a mark.
 */
#include "compat.h"

#include "tok.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK	64

/* One bit a byte. */
struct kinds {
	uint64_t	letter, upper, digit, white, wide; /* no ASCII */
	uint64_t	apostrophe, slash, line_end;
};

/* The last byte of the block before: bit 0 of each. */
struct before {
	uint64_t	letter, lower, digit, other, wide, apostrophe;
	uint64_t	line_end, common;
};

#if defined(__SSE2__)

static uint64_t
mask(__m128i v)
{
	return (uint32_t)_mm_movemask_epi8(v);
}

static __m128i
equal(__m128i v, char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* Which bytes are from `low' on, and up to n more. */
static __m128i
within(__m128i v, char low, char n)
{
	v = _mm_sub_epi8(v, _mm_set1_epi8(low));
	return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(n)), v);
}

static void
look(const char *p, struct kinds *k)
{
	unsigned i;
	__m128i v;

	*k = (struct kinds){ 0 };
	for (i = 0; i < BLOCK; i += 16) {
		v = _mm_loadu_si128((const void *)(p + i));
		k->letter |= mask(within(_mm_or_si128(v,
		    _mm_set1_epi8(0x20)), 'a', 25)) << i;
		/* The bit that tells cases apart is made the highest. */
		k->upper |= (mask(_mm_slli_epi16(v, 2)) ^ 0xFFFF) << i;
		k->digit |= mask(within(v, '0', 9)) << i;
		k->white |= mask(_mm_or_si128(equal(v, ' '),
		    within(v, '\t', 4))) << i;
		k->wide |= mask(v) << i;
		k->apostrophe |= mask(equal(v, '\'')) << i;
		k->slash |= mask(equal(v, '/')) << i;
		k->line_end |= mask(_mm_or_si128(equal(v, '\n'),
		    equal(v, '\r'))) << i;
	}
}

/* Small letters but for j, k, q, x and z. */
static uint64_t
look_common(const char *p)
{
	uint64_t common = 0;
	unsigned i;
	__m128i v, rare;

	for (i = 0; i < BLOCK; i += 16) {
		v = _mm_loadu_si128((const void *)(p + i));
		rare = _mm_or_si128(_mm_or_si128(within(v, 'j', 1),
		    equal(v, 'q')), _mm_or_si128(equal(v, 'x'),
		    equal(v, 'z')));
		common |= mask(_mm_andnot_si128(rare,
		    within(v, 'a', 25))) << i;
	}
	return common;
}

#else

static uint64_t
look_common(const char *p)
{
	static const char letters[] = "abcdefghilmnoprstuvwy";
	uint64_t common = 0;
	unsigned i;

	for (i = 0; i < BLOCK; i++)
		if (memchr(letters, p[i], sizeof(letters) - 1) != NULL)
			common |= UINT64_C(1) << i;
	return common;
}

static void
look(const char *p, struct kinds *k)
{
	uint64_t bit = 1;
	unsigned i, c;

	*k = (struct kinds){ 0 };
	for (i = 0; i < BLOCK; i++, bit <<= 1) {
		c = (unsigned char)p[i];
		if ((c | 0x20) - 'a' < 26)
			k->letter |= bit;
		if ((c & 0x20) == 0)
			k->upper |= bit;
		if (c - '0' < 10)
			k->digit |= bit;
		if (c == ' ' || c - '\t' < 5)
			k->white |= bit;
		if (c >= 0x80)
			k->wide |= bit;
		if (c == '\'')
			k->apostrophe |= bit;
		if (c == '/')
			k->slash |= bit;
		if (c == '\n' || c == '\r')
			k->line_end |= bit;
	}
}

#endif

static unsigned
bits_set(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) +
	    (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* The first, fourth, ... digit of each run that begins in the block. */
static uint64_t
threes(uint64_t digit, uint64_t begin)
{
	uint64_t all = begin, run = digit & digit << 1 & digit << 2;

	while ((begin = begin << 3 & run) != 0)
		all |= begin;
	return all;
}

/* Where digits begin that no byte beyond ASCII stands before. */
static uint64_t
digits_begin(const struct kinds *k, const struct before *b)
{
	return k->digit & ~(k->digit << 1 | b->digit) &
	    ~(k->wide << 1 | b->wide);
}

static void
step(const struct kinds *k, uint64_t other, struct before *b)
{
	*b = (struct before){ .letter = k->letter >> 63,
	    .lower = (k->letter & ~k->upper) >> 63, .digit = k->digit >> 63,
	    .other = other >> 63, .wide = k->wide >> 63,
	    .apostrophe = k->apostrophe >> 63,
	    .line_end = k->line_end >> 63 };
}

/*
 * Pieces that begin in a block, at least, each told by another byte of it.
 *
 * A word can hold two runs of letters only with an apostrophe or something
 * wide between them, and no capital behind a small letter.  Of what is neither
 * letter, digit nor white the first byte of a run is in a piece of such if no
 * letter follows, whose word it could begin; but for slashes, which may end a
 * piece that went before the end of a line.  The last but one of the blanks
 * before something else is in a piece that is all white.
 */
static unsigned
least(const struct kinds *k, struct before *b)
{
	uint64_t other = ~(k->letter | k->digit | k->white | k->wide);
	uint64_t wide = k->wide << 1 | b->wide;
	uint64_t lower = k->letter & ~k->upper, word, mark, blank;

	word = k->letter & ~(k->letter << 1 | b->letter) & ~wide &
	    ~(k->apostrophe << 1 | b->apostrophe);
	word |= k->letter & k->upper & (lower << 1 | b->lower);
	mark = other & ~(other << 1 | b->other) & ~wide &
	    (other | k->digit | k->white) >> 1 &
	    ~(k->slash & (k->line_end << 1 | b->line_end));
	blank = k->white & ~k->line_end;
	blank &= blank >> 1 & (other | k->letter | k->digit) >> 2;
	blank |= word | mark | threes(k->digit, digits_begin(k, b));
	step(k, other, b);
	return bits_set(blank);
}

/*
 * Bytes of a block that are no token of their own, at least.
 *
 * Any two of the common letters are a token, so that no two tokens of one of
 * these stand next to each other within a word: of n letters in a row are at
 * most (2 n + 1) / 3 tokens, which is one less for each second of three.  But
 * those behind an apostrophe may be cut after what it shortens.
 */
static unsigned
joined(const struct kinds *k, uint64_t common, struct before *b)
{
	uint64_t begin = common & ~(common << 1 | b->common) &
	    ~(k->apostrophe << 1 | b->apostrophe);
	uint64_t letter = threes(common, begin) << 1 & common;
	uint64_t three = threes(k->digit, digits_begin(k, b));
	uint64_t second = three << 1 & k->digit;
	uint64_t third = second << 1 & k->digit;

	/* Up to three digits are a token, unless a wide one is among them. */
	second &= ~(k->wide >> 1) & INT64_MAX;
	step(k, 0, b);
	b->common = common >> 63;
	return bits_set(second | third | letter);
}

uint64_t
tok_least(struct span s, uint64_t enough)
{
	struct before b = { .other = 0 };
	struct kinds k;
	char tail[BLOCK];
	uint64_t n = 0;
	size_t i;

	for (i = 0; s.n - i >= BLOCK && n < enough; i += BLOCK) {
		look(s.p + i, &k);
		n += least(&k, &b);
	}
	if (s.n - i < BLOCK && i < s.n) {
		memset(tail, ' ', sizeof(tail));
		memcpy(tail, s.p + i, s.n - i);
		look(tail, &k);
		n += least(&k, &b);
	}
	return n;
}

uint64_t
tok_most(struct span s)
{
	struct before b = { .other = 0 };
	uint64_t n = s.n;
	struct kinds k;
	size_t i;

	for (i = 0; s.n - i >= BLOCK; i += BLOCK) {
		look(s.p + i, &k);
		n -= joined(&k, look_common(s.p + i), &b);
	}
	return n;
}
