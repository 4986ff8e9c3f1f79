/*
 * diff_hunk.h - one hunk of a diff, and the same with less context
 *
 *	struct diff_hunk h;
 *
 *	if (diff_hunk_scan(text, &h))		// text begins with "@@ -"
 *		diff_hunk_cut(&h, &cut, &out);
 *	text = span_skip(text, h.text.n);
 *
 * A hunk is what its header says it is: the lines are counted, never guessed,
 * so that a removed line "-- x", which stands there as "--- x", is no header.
 * What does not fit its header is no hunk, and nobody should touch it.
 *
 * Combined diffs (git's --cc) are the same with a column of signs for each
 * parent; "@@" has one parent, "@@@" two.
 *
 * Spans point into the text.  Nothing is allocated.
 */
#ifndef HR_DIFF_HUNK_H
#define HR_DIFF_HUNK_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "tok.h"

#define DIFF_PARENTS_MAX	8

struct diff_range {
	uint64_t	start, count;	/* as the header spells them */
};

struct diff_hunk {
	struct span		text;	/* all of it, the header line first */
	struct span		body;	/* behind the header line */
	struct span		tail;	/* of the header, behind its last @ */
	unsigned		parents;
	struct diff_range	side[DIFF_PARENTS_MAX + 1]; /* result last */
	uint64_t		lines;	/* of the text */
	uint64_t		added, removed;
};

/* The first line of *rest with its newline, if it has one; *rest moves on. */
struct span diff_line(struct span *rest);

/* Whether text begins with a hunk that is what its header says. */
bool	diff_hunk_scan(struct span text, struct diff_hunk *h) HR_MUST_USE;

enum diff_kind {
	DIFF_CONTEXT,
	DIFF_REMOVED,
	DIFF_ADDED,
	DIFF_NOTE,	/* \ No newline at end of file */
	DIFF_ALIEN	/* does not belong into a hunk */
};

/* What a line is by its columns of signs. */
enum diff_kind diff_kind(struct span line, unsigned parents);

/*
 * Whether a line of this kind stands on a side: 0 and so on the parents, then
 * the result.
 */
bool	diff_on_side(struct span line, enum diff_kind kind, unsigned side,
	    unsigned parents);

/*
 * A line in the body of a hunk that does not fit its header may be anything
 * that begins like this.
 */
bool	diff_hunk_like(struct span line);

struct diff_cut {
	unsigned	 context;	/* lines to keep around changes: 0, 1 */
	bool		 digests;	/* take lines that are checksums, too */
	struct tok	*tok;
};

/* What is not there any more, in lines of the text. */
struct diff_gone {
	uint64_t	 lines;		/* all */
	uint64_t	 digests;	/* changed lines among them */
};

/*
 * Append the hunk with less context, as one hunk or as several, each under a
 * header that is true for it.  Changed lines are all there, in order, byte
 * for byte.  Context between changes stays where a header would cost more.
 * A hunk without changes stays as it is.  *gone is added to.  A second time
 * nothing changes.
 *
 * With cut->digests changed lines that only name a checksum are taken out as
 * if they were context; that needs context to be 0, and a mark of the caller's.
 */
void	diff_hunk_cut(const struct diff_hunk *h, const struct diff_cut *cut,
	    struct buf *out, struct diff_gone *gone);

/* Whether a line, without its sign, names a checksum and nothing else. */
bool	diff_digest(struct span line);

#endif
