/*
 * tok.h - counting tokens exactly as OpenAI's encodings do
 *
 * A vocabulary is a read-only file made by share/mkvocab from a published
 * rank list and mapped into memory; counting splits the text as the
 * encoding's pattern does and merges each piece by rank (byte pair encoding).
 * Special tokens in the text count as text; an ill-formed UTF-8 sequence
 * counts as U+FFFD would (utf8.h says how many).  Time is linear in the text
 * up to a logarithm, whatever the text is.
 *
 *	struct tok *t;
 *
 *	if (tok_open(&t, TOK_O200K, path) < 0)
 *		...
 *	n = tok_count(t, s);
 *	tok_close(t);
 *
 * A struct tok holds a cache and serves one thread.
 */
#ifndef HR_TOK_H
#define HR_TOK_H

#include "compat.h"

#include "buf.h"
#include "span.h"

enum tok_encoding { TOK_O200K, TOK_CL100K };

struct tok;

/*
 * Map the vocabulary of an encoding from the file at path.  0, or -1 with
 * errno (EINVAL: not a vocabulary of this encoding and version).
 */
int	 tok_open(struct tok **t, enum tok_encoding enc, const char *path)
	    HR_MUST_USE;
void	 tok_close(struct tok *t);	/* t may be NULL */

/*
 * Let the system have the memory of the vocabulary until something is counted
 * again: for who needs much memory before that, if it comes to it at all.
 */
void	 tok_rest(struct tok *t);

/* Tokens of s. */
uint64_t tok_count(struct tok *t, struct span s);

/*
 * 0, or ENOMEM once a piece of text (a run of letters, of blanks, ...) was
 * too long for the memory to be had; counts are wrong from then on.
 */
int	 tok_err(const struct tok *t) HR_MUST_USE;

/*
 * Bounds of what tok_count() says of s with o200k, in a tenth of its time: at
 * least, and at most, that many.  They follow from how the encoding cuts text
 * into pieces, each of which is one token or more, from digits, up to three of
 * which are one token, and from letters that are one in pairs.  tok_least()
 * stops where it is `enough'; for tok_most() s must be UTF-8.
 */
uint64_t tok_least(struct span s, uint64_t enough);
uint64_t tok_most(struct span s);

/*
 * For texts that come in chunks: tokens of the longest start of s whose
 * count does not depend on what follows; *used is set to its length, and the
 * caller puts the rest in front of the next chunk.  With last true all of s
 * is counted.  *used may be 0 when s is too short to tell.
 */
uint64_t tok_count_chunk(struct tok *t, struct span s, bool last,
	    size_t *used);

/*
 * Add what can be read from fd to *sum.  b is the room to read into, which
 * the caller keeps from call to call; it grows only for pieces that are
 * longer than 64 KiB, up to its ceiling.  0, or -1 with errno (EMSGSIZE at
 * the ceiling), and *sum is what was counted before.
 */
struct tok_sum {
	uint64_t	bytes;
	uint64_t	tokens;
};

int	 tok_count_fd(struct tok *t, int fd, struct buf *b,
	    struct tok_sum *sum) HR_MUST_USE;

/* "o200k_base" or "cl100k_base". */
const char *tok_name(enum tok_encoding enc);

/*
 * A model or encoding name as users write it ("gpt-4o", "o200k_base",
 * "claude-sonnet-4-5", "gemini-2.5-pro").  Where the provider's tokenizer is
 * not public, factor is what a count of `enc` is multiplied with, and exact
 * is false.  The source and the error of each factor stand in tok_model.c.
 */
struct tok_model {
	enum tok_encoding	enc;
	bool			exact;
	double			factor;
};

/* 0, or -1 for a name that is not known. */
int	 tok_model(struct span name, struct tok_model *m) HR_MUST_USE;

/* A count of m->enc as one of the model, to the nearest. */
uint64_t tok_scaled(const struct tok_model *m, uint64_t tokens);

#endif
