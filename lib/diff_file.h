/*
 * diff_file.h - the lines that a file's part of a diff begins with
 *
 *	struct diff_file f;
 *
 *	if (diff_file_scan(text, &f)) {
 *		diff_file_thin(&f, false);
 *		diff_file_put(&f, &out);
 *		text = span_skip(text, f.len);	// at the first hunk
 *	}
 *
 * Known are the headers of git, of its combined diffs, and of diff -u with or
 * without the line that diff -r prints.  A pair of "---" and "+++" lines counts
 * only with a hunk behind it.
 *
 * Spans point into the text.  Nothing is allocated.
 */
#ifndef HR_DIFF_FILE_H
#define HR_DIFF_FILE_H

#include "compat.h"

#include "buf.h"
#include "span.h"

#define DIFF_HEADS_MAX	16

enum diff_head_kind {
	DIFF_HEAD_GIT,		/* diff --git a/x b/x */
	DIFF_HEAD_COMBINED,	/* diff --cc x */
	DIFF_HEAD_GNU,		/* diff -ru a/x b/x */
	DIFF_HEAD_MODE,		/* old mode, new file mode, ... */
	DIFF_HEAD_SIMILAR,	/* similarity index 90% */
	DIFF_HEAD_FROM,		/* rename from, copy from */
	DIFF_HEAD_TO,
	DIFF_HEAD_INDEX,	/* index 1234567..89abcde 100644 */
	DIFF_HEAD_OLD,		/* --- a/x */
	DIFF_HEAD_NEW,		/* +++ b/x */
	DIFF_HEAD_BINARY	/* Binary files a/x and b/x differ */
};

struct diff_head {
	struct span		line;	/* with its newline */
	enum diff_head_kind	kind;
	bool			gone;	/* not to be shown */
	size_t			cut;	/* show so many bytes; 0: all */
};

struct diff_file {
	struct diff_head	head[DIFF_HEADS_MAX];
	size_t			n;
	size_t			len;	/* bytes of all of them */
	bool			pair;	/* "---" and "+++" are among them */
	bool			binary;	/* "Binary files" is */
	struct span		old, new; /* names as spelt, with a/ and b/ */
};

/* Whether a file begins where text does. */
bool	diff_file_scan(struct span text, struct diff_file *f) HR_MUST_USE;

/*
 * Mark as gone what the other lines tell, or what is only there for tools:
 * hashes of contents, similarity, times.  No name, mode or rename is lost.
 * With apply, only what git apply does not need.
 */
void	diff_file_thin(struct diff_file *f, bool apply);

/* Append the lines; returns how many are gone. */
uint64_t diff_file_put(const struct diff_file *f, struct buf *out);

/*
 * The path, without quotes, a/ and b/: the new one, or of what is deleted.
 * Empty if it is not sure.
 */
struct span diff_file_path(const struct diff_file *f);

#endif
