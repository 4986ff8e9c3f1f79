/*
 * json_path.h - where a value stands in a JSON text
 *
 *	items[3].spec.labels	"a.b"[0]	[12].user
 *
 * From the root: names of members, joined by dots, and places in arrays, from
 * 0, in brackets.  A name that is not plain is a JSON string.  In NDJSON the
 * root is an array of the lines.
 */
#ifndef HR_JSON_PATH_H
#define HR_JSON_PATH_H

#include "compat.h"

#include "buf.h"
#include "json_node.h"
#include "map.h"
#include "span.h"

#define JSON_PATH_STEPS	24	/* more are not written */

/*
 * Append the path of a node.  False, with out as it was: it is deeper than
 * JSON_PATH_STEPS, below an element whose place is not known (json_node.at),
 * or below a repeated member, which no path can tell from the other.
 */
bool	json_path_put(struct json_nodes *ns, const struct json_node *n,
	    struct buf *out);

/* Bytes of the path that s begins with; 0 if there is none. */
size_t	json_path_length(struct span s);

/*
 * Paths looked up in one document.  Time is linear in its size and that of
 * all paths.
 */
struct json_lookup {
	const struct json_doc	*doc;
	uint32_t		(*through)(const struct json_doc *, uint32_t);
	struct map		 places;	/* container to its children */
	bool			 nomem;
};

/*
 * The token of the value at a path, JSON_NONE if there is none.  through, if
 * not NULL, is asked of each value on the way which one it stands for.
 */
uint32_t json_lookup(struct json_lookup *l, struct span path);
void	 json_lookup_release(struct json_lookup *l);

#endif
