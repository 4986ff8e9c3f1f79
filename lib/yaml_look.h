/*
 * yaml_look.h - could this be YAML?
 *
 * A look at the first lines, because the parser is slow and most texts are
 * something else.
 */
#ifndef HR_YAML_LOOK_H
#define HR_YAML_LOOK_H

#include "compat.h"

#include "span.h"

/*
 * Whether there are at least four lines that are not empty and the first ones
 * look like a mapping or sequence that is not in brackets, with names that
 * are names and not sentences or times.  What is refused may be YAML still.
 */
bool	yaml_looks(struct span s);

#endif
