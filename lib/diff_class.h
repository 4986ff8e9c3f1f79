/*
 * diff_class.h - which files of a diff need not be shown in full
 *
 *	struct diff_class c = DIFF_CLASS_INIT(rules, path);
 *
 *	diff_class_hunk(&c, &hunk);	// each, in order
 *	name = diff_class_name(&c);	// "lock file", or NULL: show it
 *
 * By path and by the comment at the file's beginning as hr-policy(5) says, and
 * by the shape of the changed lines.  A class that the policy keeps exact or
 * lossless is shown.  Only what stays when context is left out is looked at,
 * but for the comment, so that a second look says no more than the first.
 */
#ifndef HR_DIFF_CLASS_H
#define HR_DIFF_CLASS_H

#include "compat.h"

#include "diff_hunk.h"
#include "rules.h"

struct diff_class {
	const struct rules	*rules;		/* may be NULL */
	struct span		 path;
	bool			 said;		/* a comment told ... */
	enum file_class		 class;		/* ... this */
	uint64_t		 bytes, in_long; /* of changed lines */
	uint64_t		 blanks, marks;	/* in long ones */
};

#define DIFF_CLASS_INIT(r, p)	{ .rules = (r), .path = (p) }

void	diff_class_hunk(struct diff_class *c, const struct diff_hunk *h);

/* What such a file is called in a mark; NULL: a file to be shown. */
const char *diff_class_name(const struct diff_class *c);

/* Whether the path alone says that it is a lock file not to be shown. */
bool	diff_class_lock(const struct diff_class *c);

#endif
