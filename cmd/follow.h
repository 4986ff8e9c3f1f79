/*
 * follow.h - hr-squash-log --follow
 */
#ifndef HR_FOLLOW_H
#define HR_FOLLOW_H

#include "compat.h"

#include "filter.h"

/*
 * From standard input to standard output as it comes, until its end or a
 * signal to stop; the exit status.
 */
int	follow_run(const struct filter_args *a);

#endif
