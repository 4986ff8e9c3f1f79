/*
 * diff_summary.h - a mark that stands for a part of a file's diff
 *
 *	struct diff_summary m = { .what = "lock file", .path = path,
 *	    .counts = true, .added = 400, .removed = 380, .lines = 812 };
 *
 *	diff_summary_put(&out, &m);
 *
 * gives
 *
 *	[hr: 812 lines left out; lock file Cargo.lock, +400 -380]
 */
#ifndef HR_DIFF_SUMMARY_H
#define HR_DIFF_SUMMARY_H

#include "compat.h"

#include "buf.h"
#include "span.h"

struct diff_summary {
	const char	*what;		/* "lock file" */
	struct span	 path;
	bool		 counts;	/* added and removed are known */
	uint64_t	 added, removed;
	uint64_t	 lines;		/* that it stands for */
};

/*
 * Append the mark, a line.  The name of the file is in it if it may stand in a
 * mark as it is; the headers of the file name it anyway.
 */
void	diff_summary_put(struct buf *out, const struct diff_summary *m);

/*
 * Whether *rest begins with a block of git's binary patches: "literal 123" or
 * "delta 45", and lines of base 85 up to an empty one.  *rest moves behind it
 * then, and its lines are added to *lines.
 */
bool	diff_binary_block(struct span *rest, uint64_t *lines);

#endif
