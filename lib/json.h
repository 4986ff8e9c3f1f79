/*
 * json.h - a JSON text as a flat array of spans
 *
 * The scanner checks a text against RFC 8259 (strictly: UTF-8 only, no BOM,
 * no trailing commas, no NaN) and writes one token a value into the caller's
 * array, in document order, without copying a byte:
 *
 *	{"a":[1,2]}	0 OBJECT 0..11 skip 5
 *			1 STRING 1..4  skip 1	(a key is a token too)
 *			2 ARRAY  5..10 skip 3
 *			3 NUMBER 6..7  skip 1
 *			4 NUMBER 8..9  skip 1
 *
 * start and end are byte offsets into the text, brackets and quotes included.
 * skip is the number of tokens that belong to the value, itself included, so
 * t + t->skip is the next sibling: the key after a value, the value after a
 * key.  count is the number of elements of an array or of members of an
 * object, saturating.  Tokens of an object's members alternate key, value.
 *
 * Nothing recurses; nesting is limited to JSON_DEPTH_MAX.
 */
#ifndef HR_JSON_H
#define HR_JSON_H

#include "compat.h"

#include "buf.h"
#include "span.h"

enum json_type {
	JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
	JSON_ARRAY, JSON_OBJECT
};

struct json_tok {
	uint32_t	start;
	uint32_t	end;
	uint32_t	skip;
	uint32_t	type : 3;	/* enum json_type */
	uint32_t	escaped : 1;	/* a string with a backslash in it; of
					 * containers never set by a scan */
	uint32_t	count : 28;	/* elements or members */
};

#define JSON_DEPTH_MAX	1024
#define JSON_COUNT_MAX	((1u << 28) - 1)
#define JSON_TEXT_MAX	((size_t)UINT32_MAX)	/* offsets are 32 bits */

/*
 * Where and why a text is not JSON; what is a constant string.  The first
 * wrong byte is the one that no JSON text could have there after the bytes
 * before it; a text that only ends too early is wrong at its length.  Set
 * when JSON_BAD is returned and only then.
 */
struct json_err {
	size_t		 at;	/* byte offset of the first wrong byte */
	const char	*what;
};

enum json_rc {
	JSON_OK,
	JSON_BAD,	/* not JSON: *err says where */
	JSON_FULL,	/* more than cap tokens */
	JSON_NOMEM
};

/*
 * Scan one value, with white space around it, that must fill s exactly.
 * *ntok is set to the number of tokens on JSON_OK.  tok may be NULL with
 * cap 0 to validate only (then JSON_FULL does not occur and *ntok is the
 * number that would have been written).
 */
enum json_rc json_scan(struct span s, struct json_tok *tok, size_t cap,
	    size_t *ntok, struct json_err *err) HR_MUST_USE;

/*
 * Scan one value at the start of s (white space before it allowed) and stop
 * behind it; *used is set to the bytes consumed.  For texts that hold several
 * values.  A number ends where no more of it can follow.
 */
enum json_rc json_scan_prefix(struct span s, struct json_tok *tok, size_t cap,
	    size_t *ntok, size_t *used, struct json_err *err) HR_MUST_USE;

/* A token array that grows; the same as json_scan otherwise. */
struct json_doc {
	struct span	 text;
	struct json_tok	*tok;	/* tok[0] is the root */
	size_t		 ntok;
	size_t		 cap;
};

#define JSON_DOC_INIT	{ .tok = NULL }

enum json_rc json_doc_scan(struct json_doc *d, struct span s,
	    struct json_err *err) HR_MUST_USE;
void	 json_doc_trim(struct json_doc *d);	/* gives back what is unused */
void	 json_doc_release(struct json_doc *d);

/* The bytes of a token. */
HR_INLINE struct span
json_text(struct span s, const struct json_tok *t)
{
	return span_of(s.p + t->start, t->end - t->start);
}

/* The bytes between a string token's quotes, still escaped. */
HR_INLINE struct span
json_body(struct span s, const struct json_tok *t)
{
	return span_of(s.p + t->start + 1, t->end - t->start - 2);
}

/*
 * The value of a number token as the nearest double, for comparing: text is
 * never made from it.  False if it is longer than JSON_NUMBER_MAX bytes or
 * beyond a double.  The locale must be "C", as it is where none was set.
 */
#define JSON_NUMBER_MAX	40

bool	 json_number(struct span s, double *x);

/*
 * Append what the escaped string body means to out.  Lone surrogates, which
 * JSON allows and UTF-8 does not, become the three bytes they would have in
 * UTF-8 (WTF-8, https://simonsapin.github.io/wtf-8/); surrogate pairs become
 * the character.  \u0000 becomes a NUL byte.
 */
void	 json_decode(struct span body, struct buf *out);

/*
 * Append s as the body of a JSON string, the shortest way: only '"', '\' and
 * control bytes are escaped (\b \f \n \r \t, else \u00XX in lower case), and
 * three-byte surrogates become \udXXX again, so that decode and encode
 * are inverse for every valid body.  Other bytes are copied as they are.
 */
void	 json_encode(struct span s, struct buf *out);

/* The same with the quotes. */
void	 json_quote(struct span s, struct buf *out);

#endif
