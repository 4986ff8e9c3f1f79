/*
 * tok_impl.h - what the parts of tok share; for lib/tok*.c and their tests
 */
#ifndef HR_TOK_IMPL_H
#define HR_TOK_IMPL_H

#include "compat.h"

#include "buf.h"
#include "tok.h"
#include "tok_vocab.h"

/*
 * The mapped vocabulary.  Nothing in it is trusted: the sections lie within
 * the mapping, and whoever reads a rank or an offset out of one checks it.
 */
struct vocab {
	const uint16_t		*short_pilot;
	const struct tok_shorts	*shorts;
	const uint16_t		*middle_pilot;
	const struct tok_middles *middles;
	const uint32_t		*pair;
	const uint8_t		*lens3;
	const uint16_t		*lens8;
	const uint32_t		*byte_id;
	const uint64_t		*split;
	const struct tok_group	*group;
	const struct tok_long	*longs;
	const char		*bytes;
	uint32_t		 buckets_short, lines_short;
	uint32_t		 buckets_middle, lines_middle;
	uint32_t		 homes_group, ids, nlongs;
	uint64_t		 nbytes;
	void			*map;
	size_t			 size;
};

int	vocab_open(struct vocab *v, enum tok_encoding enc, const char *path)
	    HR_MUST_USE;
void	vocab_close(struct vocab *v);
void	vocab_rest(const struct vocab *v);	/* see tok_rest() */

#define TOK_PAD		16	/* readable bytes wanted behind a piece */

/*
 * What encoding needs besides the vocabulary: answers about pairs of tokens
 * that were asked before, which makes monotonous text cheap, and memory for
 * pieces too long for the stack.  All zero to begin with.
 */
#define BPE_MEMO	2048u
struct bpe {
	char		*text;		/* the piece, padded */
	uint8_t		*len;
	uint8_t		*dead;
	size_t		 cap;		/* bytes of a piece all have room for */
	uint64_t	 memo[BPE_MEMO];
};

/* The only place a key can have. */
HR_INLINE struct tok_place
vocab_short(const struct vocab *v, uint64_t key)
{
	uint64_t h = tok_hash_short(key);

	return tok_place(h, v->short_pilot[tok_scale(h, v->buckets_short)],
	    v->lines_short, TOK_SHORTS);
}

HR_INLINE struct tok_place
vocab_middle(const struct vocab *v, struct tok_key k)
{
	uint64_t h = tok_hash_middle(k);

	return tok_place(h, v->middle_pilot[tok_scale(h, v->buckets_middle)],
	    v->lines_middle, TOK_MIDDLES);
}

/* Whether the n bytes at p, at least 16, are one token. */
bool	vocab_has_long(const struct vocab *v, const char *p, size_t n);

/*
 * Tokens of the piece of n bytes at p, for which the vocabulary has no token
 * of its own.  TOK_PAD bytes must be readable behind the piece.  The tiny one
 * wants n <= TOK_MIDDLE; the other returns 0 when memory is out.
 */
size_t	bpe_tiny(const struct vocab *v, const char *p, size_t n);
size_t	bpe_count(struct bpe *b, const struct vocab *v, const char *p,
	    size_t n);
/* The same without a byte behind the piece. */
size_t	bpe_count_end(struct bpe *b, const struct vocab *v, const char *p,
	    size_t n);
void	bpe_release(struct bpe *b);

#endif
