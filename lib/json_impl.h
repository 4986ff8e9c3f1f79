/*
 * json_impl.h - what the variants of the JSON scanner share; not for users
 *
 * The scanner exists once as text (json_core.h) and is compiled for each kind
 * of vector unit: json_tree_portable everywhere, json_tree_sse2 and
 * json_tree_avx2 on x86-64.  They differ only in how they find the ends of
 * strings, numbers and white space; tests run them against each other through
 * json_scan_with().
 */
#ifndef HR_JSON_IMPL_H
#define HR_JSON_IMPL_H

#include "compat.h"

#include "json.h"

#if defined(__x86_64__) && defined(__GNUC__)
# define HR_JSON_X86	1
#else
# define HR_JSON_X86	0
#endif

typedef unsigned char json_byte;

/* A container that is still open: its token, its elements, what ends it. */
struct json_frame {
	uint32_t	tok;
	uint32_t	count;
	json_byte	end;		/* '}' or ']' */
};

/*
 * p is where the scan stands and, after JSON_OK, the byte behind the value.
 * Tokens are stored at tok[i & mask]: mask is all ones, or 0 to validate only
 * (tok is then one token that nobody reads).
 */
struct json_scanner {
	const json_byte		*text, *p, *end;
	struct json_tok		*tok;
	size_t			 ntok, cap, mask;
	struct json_doc		*grow;	/* where tok comes from, or NULL */
	enum json_rc		 rc;	/* the reason when something is NULL */
	struct json_err		 err;
	struct json_frame	 open[JSON_DEPTH_MAX];
};

/* Scan the value at s->p.  s->p and s->ntok are set when it is JSON_OK. */
enum json_rc	json_tree_portable(struct json_scanner *s) HR_MUST_USE;
#if HR_JSON_X86
enum json_rc	json_tree_sse2(struct json_scanner *s) HR_MUST_USE;
enum json_rc	json_tree_avx2(struct json_scanner *s) HR_MUST_USE;
#endif

/*
 * Where the fast ways give up: bytewise, to the first wrong byte.  All return
 * the byte behind what stands at p, or NULL with s->rc and s->err set; the
 * string's p is behind its quote, or behind any whole character of it.
 */
const json_byte	*json_string_exact(struct json_scanner *s,
		    const json_byte *p, bool *escaped);
const json_byte	*json_number_exact(struct json_scanner *s,
		    const json_byte *p);
const json_byte	*json_literal_exact(struct json_scanner *s,
		    const json_byte *p, enum json_type *type);

/* The text is wrong at p (or ends there): sets the error, returns NULL. */
const json_byte	*json_wrong(struct json_scanner *s, const json_byte *p,
		    const char *what);

/*
 * Whether p to end, which begins and ends between characters, is UTF-8.  Up
 * to seven bytes behind end are read, and the first of them must be ASCII.
 */
bool		 json_utf8_ok(const json_byte *p, const json_byte *end);

/* Bytes of an escape sequence by its second byte, 0 if there is none. */
extern const json_byte json_escape_length[256];

HR_INLINE bool
json_is_hex(json_byte c)
{
	return (c >= '0' && c <= '9') ||
	    ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/*
 * The same for four bytes at once.  Adding 80 - k to a byte below 80 sets its
 * high bit if it is at least k, and carries nothing into the next.
 */
HR_INLINE bool
json_is_hex4(const json_byte *p)
{
	const uint32_t each = 0x01010101, high = 0x80808080;
	uint32_t w, l, digit, letter;

	memcpy(&w, p, 4);
	l = w | each * 0x20;
	digit = (w + each * (0x80 - '0')) & ~(w + each * (0x7F - '9'));
	letter = (l + each * (0x80 - 'a')) & ~(l + each * (0x7F - 'f'));
	return ((digit | letter) & ~w & high) == high;
}

/* The first byte that is not white space, or end. */
HR_INLINE const json_byte *
json_space_exact(const json_byte *p, const json_byte *end)
{
	while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' ||
	    *p == '\t'))
		p++;
	return p;
}

/* One bit a byte: quotes, backslashes, control bytes, bytes above ASCII. */
struct json_bits {
	uint32_t	quote, slash, low, high;
};

/* Make s->cap larger than it is.  False, and s->rc, if that cannot be. */
bool		 json_more(struct json_scanner *s) HR_MUST_USE;

enum json_isa { JSON_PORTABLE, JSON_SSE2, JSON_AVX2 };

/* Whether this machine can run it. */
bool		 json_isa_here(enum json_isa isa);

/* json_scan by one variant; for tests. */
enum json_rc	 json_scan_with(enum json_isa isa, struct span text,
		    struct json_tok *tok, size_t cap, size_t *ntok,
		    struct json_err *err) HR_MUST_USE;

#endif
