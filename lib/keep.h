/*
 * keep.h - squash with the store behind it
 *
 * What is left out must be stored before the short form is let out, and a
 * store that fails must not fail the filter: then only what is lossless is
 * done.
 */
#ifndef HR_KEEP_H
#define HR_KEEP_H

#include "compat.h"

#include "ccr.h"
#include "squash.h"

struct keep {
	const char	*path;	/* of the store; NULL: there is none */
	bool		 named;	/* marks must name the store, too */
	struct ccr	*ccr;	/* the store if it is open already, or NULL */
	bool		 failed; /* out: something could not be stored */
};

/*
 * Run fn over text with marks that point to the store, and store text if
 * anything was left out.  If that fails, fn is run again for what is lossless
 * and the words why are added to s->explain.  The store is opened only when
 * something is to be put and it is not open.
 */
void	keep_squash(struct squash *s, void (*fn)(struct squash *, struct span),
	    struct span text, struct keep *k);

#endif
