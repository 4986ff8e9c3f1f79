/*
 * mark.h - the marks that stand where something was left out
 *
 * One grammar for all filters, described for users in hr-ccr(5):
 *
 *	[hr: 128 of 900 lines shown, complete output: hr-ccr get ID]
 *	[hr: 128 of 900 lines shown]			(nothing was stored)
 *	[hr: lines 41-812 left out]
 *	[hr: 184 rows left out; status ok in all, ms 12 to 48]
 *
 * The first is the header, one a block and first in it; the others are gaps.
 * Marks are ASCII without quotes (" ' `) or backslash, so that they stand in
 * a JSON string, a table cell or a shell command as they are, and hold no
 * bracket but the first byte and the last.  Notes are cleaned to keep that
 * promise.
 *
 * An id is MARK_ID_DIGITS decimal digits: the first 16 bytes of the SHA-256
 * of the original, read as one number, most significant byte first, modulo
 * 10^21, with leading zeros.  69.7 bits in 8 o200k tokens.  In Python:
 *
 *	"%021d" % (int(hashlib.sha256(b).hexdigest()[:32], 16) % 10**21)
 */
#ifndef HR_MARK_H
#define HR_MARK_H

#include "compat.h"

#include "buf.h"
#include "hash.h"
#include "span.h"

#define MARK_ID_DIGITS	21

/* NUL-terminated decimal digits. */
struct mark_id {
	char	z[MARK_ID_DIGITS + 1];
};

/* The id of an original with this hash. */
struct mark_id mark_id(const uint8_t sha256[SHA256_LEN]);

/* 0, or -1 if s is not spelt as an id. */
int	mark_id_parse(struct span s, struct mark_id *id) HR_MUST_USE;

/* How a marker says "hr-ccr get": store is NULL for the default store. */
struct mark_ref {
	const struct mark_id	*id;
	const char		*store;	/* --store WHERE, absolute */
};

/*
 * Whether a store's name can stand in a mark: an absolute path or a URL
 * without user name and password, all of it bytes that a shell takes as they
 * are: letters, digits and / . _ - : % + , = @ ~ (no @ in a URL).
 */
bool	mark_store_ok(const char *store);

/*
 * The header.  unit is plural ("rows"), one to three words of letters; ref
 * is NULL when nothing was stored.  A store that is not mark_store_ok is a
 * bug of the caller, who must not put anything there then.  No newline is
 * added.
 */
void	mark_header(struct buf *b, uint64_t shown, uint64_t total,
	    const char *unit, const struct mark_ref *ref);

/*
 * A gap of n units ("row" or "rows" is chosen by n: give the singular).
 * note may be empty; it is put behind "; " cleaned: quotes, brackets and
 * backslashes are left out, control bytes become a blank, what is not ASCII
 * becomes one '?' a character.
 */
void	mark_gap(struct buf *b, uint64_t n, const char *unit,
	    struct span note);

/* A gap by place: "lines 41-812". */
void	mark_gap_range(struct buf *b, const char *units, uint64_t from,
	    uint64_t to);

/*
 * Whether a text is one that marks were put into: it has a header, and what
 * the gaps behind it count, in its unit, is what it says is not shown; so with
 * each header that follows.  A text that only holds something like a mark is
 * none.
 */
bool	mark_sums_right(struct span text);

/*
 * One line that PCRE2, Python and JavaScript (with flag u or v, or none) all
 * read alike: matches a whole mark; group 1 is the id, absent in gaps and in
 * headers without one.
 */
extern const char mark_regex[];

#endif
