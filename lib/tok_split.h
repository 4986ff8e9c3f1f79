/*
 * tok_split.h - cuts text into the pieces that are encoded on their own
 *
 * The published encodings begin with a regular expression; each match is a
 * piece, and a piece is encoded without regard to its neighbours.  These are
 * hand-written equals of the two expressions, which a test compares with a
 * regular expression engine:
 *
 *	o200k_base
 *	 1 [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*
 *	   [\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 *	 2 [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+
 *	   [\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 *	 3 \p{N}{1,3}
 *	 4  ?[^\s\p{L}\p{N}]+[\r\n/]*
 *	 5 \s*[\r\n]+
 *	 6 \s+(?!\S)
 *	 7 \s+
 *
 *	cl100k_base
 *	 1 (?i:'s|'t|'re|'ve|'m|'ll|'d)
 *	 2 [^\r\n\p{L}\p{N}]?\p{L}+
 *	 4  ?[^\s\p{L}\p{N}]+[\r\n]*		and 3, 5, 6, 7 as above
 *
 * No alternative is tried twice from one place, and what one looks at but
 * leaves to the next piece is looked at a bounded number of times, so that
 * cutting is linear whatever the text is.
 */
#ifndef HR_TOK_SPLIT_H
#define HR_TOK_SPLIT_H

#include "compat.h"

#include "span.h"
#include "tok.h"

/*
 * Length of the piece at the start of s, which is not empty.  0 if that
 * cannot be told: because it depends on what follows s (only with last
 * false), or, with *bad set to true, on an ill-formed sequence.
 */
size_t	tok_piece(enum tok_encoding enc, struct span s, bool last, bool *bad);

#endif
