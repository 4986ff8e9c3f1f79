/*
 * json_query.h - the words of a query, and where they occur
 *
 * Items are identifiers, numbers of three digits or more, addresses, paths,
 * CamelCase and quoted text: they match as they are, in any case, where no
 * letter or digit goes on before or behind.  Words are the others that tell
 * something; a plural is its singular.  What a query says beyond
 * JSON_QUERY_MAX items and words is not looked at.
 */
#ifndef HR_JSON_QUERY_H
#define HR_JSON_QUERY_H

#include "compat.h"

#include "span.h"

#define JSON_QUERY_MAX	24	/* of either */

struct json_query {
	struct span	item[JSON_QUERY_MAX];	/* in the query's text */
	struct span	word[JSON_QUERY_MAX];
	uint32_t	starts[256];	/* words that begin so, as bits */
	unsigned	nitems, nwords;
};

/* The text must live as long as q. */
void	json_query_read(struct json_query *q, struct span text);

/* Whether s is about the query: holds an item, or two of its words. */
bool	json_query_hits(const struct json_query *q, struct span s);

#endif
