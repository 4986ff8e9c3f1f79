/*
 * log_own.h - is a text what squash_log made?
 *
 * True when its first line is the header of a text of lines, and the lines
 * shown and those that the gaps count are all, as that line says.  Squashing
 * such a text again would leave out more under marks that are true no longer.
 * A text that only begins like one, or whose sums are wrong, is none.  What is
 * folded (fold.h) counts as the lines it stands for, and alone is ours by its
 * first line.
 */
#ifndef HR_LOG_OWN_H
#define HR_LOG_OWN_H

#include "compat.h"

#include "span.h"

bool	log_own(struct span text);

/* The same, of texts with gaps alone. */
bool	log_own_gaps(struct span text);

#endif
