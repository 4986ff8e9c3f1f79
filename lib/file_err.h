/*
 * file_err.h - what is wrong in a file of rules, profiles or shapes
 */
#ifndef HR_FILE_ERR_H
#define HR_FILE_ERR_H

#include "compat.h"

#include "span.h"

struct file_err {
	unsigned	 line;		/* from 1; 0: no memory, or too many */
	const char	*what;		/* constant string */
	struct span	 word;		/* of the text, may be empty */
};

/* Both are false, for what has to say so; the line is the caller's. */
HR_INLINE bool
file_wrong(struct file_err *err, const char *what, struct span word)
{
	err->what = what;
	err->word = word;
	return false;
}

HR_INLINE bool
file_nomem(struct file_err *err)
{
	err->line = 0;
	return file_wrong(err, "out of memory, or too much", SPAN_LIT(""));
}

/*
 * Behind the lines of a test, which begin with '>' or '-' and end with "end";
 * counts them in err->line.  False, and said, if another is among them.
 */
bool	 file_test_skip(struct span *text, struct file_err *err);

#endif
