/*
 * fold_files.h - lines that end in paths of one folder, as one
 *
 * Formatters and builds say the same of file after file:
 *
 *	[warn] src/v3/a.ts
 *	[warn] src/v3/b.ts
 *	[warn] src/v3/c.ts
 *	All done
 *
 * fold_files() writes
 *
 *	4 lines, files of a folder joined: FOLDER/: FILE FILE
 *	[warn] src/v3/: a.ts b.ts c.ts
 *	All done
 *
 * At least FOLD_FILES_MIN lines next to each other become one, and none that
 * reports an error.  The way back is to write what stands before the colon
 * before each name; it is tried before anything is folded.  Takes linear time.
 */
#ifndef HR_FOLD_FILES_H
#define HR_FOLD_FILES_H

#include "compat.h"

#include "buf.h"
#include "span.h"
#include "squash.h"

#define FOLD_FILES_MIN	3

/*
 * Append the folded form to out.  False, and what was appended undefined, if
 * there is none that turns back.
 */
bool	fold_files(struct span text, struct buf *out) HR_MUST_USE;

/* The way back. */
enum squash_expanded fold_files_back(struct span in, struct buf *out)
	    HR_MUST_USE;

#endif
