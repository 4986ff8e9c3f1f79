/*
 * tok_vocab.h - the vocabulary file, as share/mkvocab writes and tok maps it
 *
 * A vocabulary is a set of byte strings, its tokens, numbered by rank.  The
 * file holds it as tables that are searched in place:
 *
 *	short	tokens of up to 7 bytes: the bytes from the low end of a
 *		64-bit key, their number in its top byte
 *	middle	8 to 15 bytes: two such words, the number on top of the second
 *	long	16 bytes and more: groups by their first 16 bytes, in which
 *		the longest comes first
 *
 * The first two are hashed perfectly (hash and displace: Belazzougui, Botelho
 * and Dietzfelbinger, ESA 2009): a key's hash gives its bucket, the bucket's
 * pilot moves the hash to a slot that no other key has, so that one probe
 * tells, without a branch, whether a key is there.  A key of 0 is a free
 * slot.  A cache line holds as many keys as fit together with their ranks,
 * because it is waiting for memory that counting spends its time on.  The
 * lens tables tell which lengths are worth a probe when looking for the
 * longest token at a place.  `split` says of which two tokens byte pair
 * encoding forms a token last.
 *
 * Sections follow the head in the order of enum tok_section, each aligned to
 * a cache line; their sizes follow from the head.  Numbers are in the byte
 * order of the machine that wrote them (keys aside): the file is built where
 * it is used.
 */
#ifndef HR_TOK_VOCAB_H
#define HR_TOK_VOCAB_H

#include "compat.h"

#include <string.h>

#define TOK_MAGIC	"hrvocab\n"
#define TOK_VERSION	1u
#define TOK_ENDIAN	0x01020304u

#define TOK_SHORT	7	/* longest in the short table */
#define TOK_MIDDLE	15
#define TOK_PREFIX	16	/* bytes by which long tokens are grouped */
#define TOK_MAX_LEN	255	/* bytes of a token */
#define TOK_MAX_IDS	(1u << 20)
#define TOK_SPILL	1024u	/* group slots behind the last home slot */
#define TOK_LENS3	(1u << 16)
#define TOK_LENS8	(1u << 17)
#define TOK_NONE	UINT32_MAX
#define TOK_UNREACHED	0x80000000u	/* no merge ever makes this token */

struct tok_head {
	char		magic[8];
	uint32_t	version;
	uint32_t	endian;
	uint32_t	encoding;	/* enum tok_encoding */
	uint32_t	ids;		/* ranks are below this */
	uint32_t	buckets_short;
	uint32_t	lines_short;
	uint32_t	buckets_middle;
	uint32_t	lines_middle;
	uint32_t	homes_group;	/* home slots, probed upwards */
	uint32_t	longs;		/* long tokens */
	uint64_t	bytes;		/* of the bytes of long tokens */
	uint64_t	size;		/* of the file */
	uint64_t	check;		/* XXH3 of all above */
};

struct tok_key {
	uint64_t	lo, hi;
};

#define TOK_LINE	64u	/* bytes */
#define TOK_SHORTS	5u	/* keys in a line */
#define TOK_MIDDLES	3u

struct tok_shorts {
	uint64_t	key[TOK_SHORTS];
	uint32_t	id[TOK_SHORTS];
	uint32_t	unused;
};

struct tok_middles {
	struct tok_key	key[TOK_MIDDLES];
	uint32_t	id[TOK_MIDDLES];
	uint32_t	unused;
};

_Static_assert(sizeof(struct tok_shorts) == TOK_LINE &&
    sizeof(struct tok_middles) == TOK_LINE, "tables of cache lines");

struct tok_group {
	struct tok_key	key;		/* the first 16 bytes, as they are */
	uint32_t	first, n;	/* tokens; n is 0 in a free slot */
};

struct tok_long {
	uint32_t	at, len;	/* in the bytes section */
	uint32_t	id;
};

enum tok_section {
	SEC_SHORT_PILOT,	/* uint16_t, buckets_short */
	SEC_SHORT,	/* struct tok_shorts, lines_short */
	SEC_MIDDLE_PILOT,
	SEC_MIDDLE,	/* struct tok_middles, lines_middle */
	SEC_PAIR,	/* uint32_t, rank of each two bytes, high byte first */
	SEC_LENS3,	/* uint8_t: bit k, one of length 3+k; bit 5, longer */
	SEC_LENS8,	/* uint16_t: bit k, one of length 8+k; bit 8, longer */
	SEC_BYTE,	/* uint32_t, rank of each byte */
	SEC_SPLIT,	/* uint64_t, see tok_split_pack() */
	SEC_GROUP,	/* struct tok_group, homes_group + TOK_SPILL */
	SEC_LONG,	/* struct tok_long */
	SEC_BYTES,
	SEC_COUNT
};

/* Where each section starts; at[SEC_COUNT] is the size of the file. */
void	tok_layout(const struct tok_head *h, uint64_t at[SEC_COUNT + 1]);

/* What of the head is covered by check. */
uint64_t tok_head_check(const struct tok_head *h);

HR_INLINE uint64_t
tok_load64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

HR_INLINE void
tok_store64(void *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, sizeof(v));
}

/* The low n bytes of v, n at most 8. */
HR_INLINE uint64_t
tok_low(uint64_t v, size_t n)
{
	return n >= 8 ? v : v & ~(~UINT64_C(0) << 8 * n);
}

/* The key of n bytes at p, n at most TOK_MIDDLE, 16 readable there. */
HR_INLINE struct tok_key
tok_key(const char *p, size_t n)
{
	uint64_t top = (uint64_t)n << 56;

	if (n <= TOK_SHORT)
		return (struct tok_key){ tok_low(tok_load64(p), n) | top, 0 };
	return (struct tok_key){ tok_load64(p),
	    tok_low(tok_load64(p + 8), n - 8) | top };
}

/*
 * Multiplicative hashing (Knuth, TAOCP 6.4) with the golden ratio and the
 * square root of three; the high half is scaled to a number of places.
 */
#define TOK_PHI		UINT64_C(0x9E3779B97F4A7C15)
#define TOK_SQRT3	UINT64_C(0xBB67AE8584CAA73B)

HR_INLINE uint32_t
tok_scale(uint64_t h, uint32_t n)
{
	return (uint32_t)((h >> 32) * n >> 32);
}

HR_INLINE uint64_t
tok_hash_short(uint64_t key)
{
	return key * TOK_PHI;
}

HR_INLINE uint64_t
tok_hash_middle(struct tok_key k)
{
	uint64_t h = k.hi * TOK_PHI;

	return (k.lo ^ (h << 29 | h >> 35)) * TOK_PHI;
}

/* Where a key is, by its hash and the pilot of its bucket. */
struct tok_place {
	uint32_t	line;
	uint32_t	slot;
};

HR_INLINE struct tok_place
tok_place(uint64_t h, uint16_t pilot, uint32_t lines, uint32_t slots)
{
	uint64_t g = (h ^ pilot * TOK_PHI) * TOK_SQRT3;

	/* The lowest bits are the least mixed ones. */
	return (struct tok_place){ tok_scale(g, lines),
	    (uint32_t)((g >> 12 & 0xFFFF) * slots >> 16) };
}

/* Slots of the two tables of lengths, from the bytes as loaded. */
HR_INLINE uint32_t
tok_slot3(uint64_t lo)
{
	return (uint32_t)((lo & 0xFFFFFF) * UINT64_C(0x9E3779B1) >> 16 &
	    (TOK_LENS3 - 1));
}

HR_INLINE uint32_t
tok_slot8(uint64_t lo)
{
	return (uint32_t)(lo * TOK_PHI >> 47) & (TOK_LENS8 - 1);
}

/* A split: ranks of both parts and length of the left one; 0 for none. */
HR_INLINE uint64_t
tok_split_pack(uint32_t left, uint32_t right, size_t left_len)
{
	return (uint64_t)left << 40 | (uint64_t)right << 16 | left_len;
}

#define tok_split_left(s)	((uint32_t)((s) >> 40))
#define tok_split_right(s)	((uint32_t)((s) >> 16) & 0xFFFFFF)
#define tok_split_len(s)	((size_t)((s) & 0xFFFF))

#endif
