/*
 * edit.h - changes to a text as a list of replaced spans
 *
 *	struct edits e = EDITS_INIT;
 *
 *	edits_add(&e, start, end, span);	// in ascending order
 *	...
 *	if (edits_write(&e, text, fd) < 0)	// unchanged bytes by writev
 *	edits_release(&e);
 *
 * The text itself is never copied: what lies outside the edits is written
 * from where it is, byte for byte.  Edits are added in ascending order and
 * do not overlap; the replacement's bytes belong to the caller and must live
 * until the list is applied.  The first failure of edits_add is sticky.
 */
#ifndef HR_EDIT_H
#define HR_EDIT_H

#include "compat.h"

#include "buf.h"
#include "span.h"

struct edit {
	size_t		start, end;	/* bytes of the text replaced */
	struct span	with;
};

struct edits {
	struct edit	*e;
	size_t		 n, cap;
	int		 err;		/* 0 or ENOMEM */
};

#define EDITS_INIT	{ .e = NULL }

void	edits_add(struct edits *l, size_t start, size_t end, struct span with);
void	edits_reset(struct edits *l);
void	edits_release(struct edits *l);

/* Length of the text after the edits. */
size_t	edits_length(const struct edits *l, size_t textlen);

/* Write the edited text to fd.  0, or -1 with errno. */
int	edits_write(const struct edits *l, struct span text, int fd)
	    HR_MUST_USE;

/* Append the edited text to out. */
void	edits_apply(const struct edits *l, struct span text, struct buf *out);

#endif
