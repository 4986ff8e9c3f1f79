/*
 * yaml_scalar.h - what a plain scalar of YAML is
 */
#ifndef HR_YAML_SCALAR_H
#define HR_YAML_SCALAR_H

#include "compat.h"

#include "span.h"

enum yaml_plain {
	PLAIN_STRING,
	PLAIN_NULL,
	PLAIN_TRUE,
	PLAIN_FALSE,
	PLAIN_NUMBER,	/* as JSON spells them */
	PLAIN_FOREIGN	/* a number to some reader, and not to JSON */
};

/*
 * By the core schema of YAML 1.2.  Foreign is also what is a number in YAML
 * 1.1 as it is implemented (1_000, 0b1, 1:30).  Times are strings, and so are
 * the words that only YAML 1.1 takes for booleans.
 */
enum yaml_plain yaml_plain(struct span s);

#endif
