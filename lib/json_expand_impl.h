/*
 * json_expand_impl.h - shared by the parts of json_expand, for nobody else
 */
#ifndef HR_JSON_EXPAND_IMPL_H
#define HR_JSON_EXPAND_IMPL_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "json_expand.h"
#include "span.h"

#define EXPANDER_BLANKS	" \t\r\n"

struct expander {
	struct span		 in;
	size_t			 at;
	struct buf		*out;
	struct arena		 arena;
	unsigned		 nest;
	bool			 ours;	/* what is no JSON was seen */
	bool			 embedded; /* within such a text */
	enum squash_expanded	 rc;
};

/* What is said in front of a table. */
struct expander_head {
	uint64_t	rows;
	bool		again;	/* '=' is a cell as that above */
	struct span	by;	/* the member that says the kind, spelt as in
				 * the text; p is NULL if there is none */
};

HR_INLINE bool
give_up(struct expander *x, enum squash_expanded rc)
{
	x->rc = rc;
	return false;
}

HR_INLINE bool
foreign(struct expander *x)
{
	return give_up(x, EXPAND_FOREIGN);
}

HR_INLINE char
peek(const struct expander *x)
{
	return x->at < x->in.n ? x->in.p[x->at] : '\0';
}

HR_INLINE bool
take(struct expander *x, struct span word)
{
	if (!span_starts(span_skip(x->in, x->at), word))
		return false;
	x->at += word.n;
	return true;
}

/*
 * All of these read at x->at and go behind what they read.  False: it is not
 * there or, with x->rc set, the text is none of ours.
 */

/* A JSON string, quotes included, as it stands; one appended to out. */
bool	expander_string(struct expander *x, struct span *s);
bool	expander_put_string(struct expander *x, struct buf *out);

/* A star behind the name that out ends with: what json_tool.h makes of it. */
void	expander_star(struct expander *x, struct buf *out);

/* A bare text up to one of the stops; and one as JSON, if it may be bare. */
struct span expander_bare(struct expander *x, const char *stops);
bool	expander_put_bare(struct expander *x, struct span s, bool plain,
	    struct buf *out);

void	expander_skip_blanks(struct expander *x);

/* Whether a text of JSON that is a string begins. */
bool	expander_embedded(const struct expander *x);

/* "12 rows, = as above: ", behind the bracket; unit is " rows". */
bool	expander_take_head(struct expander *x, struct span unit,
	    struct expander_head *h);

/* The value of a cell; any value, with the tables in it. */
bool	expander_cell(struct expander *x, struct buf *out);
bool	expander_value(struct expander *x, struct buf *out);

/* The table whose head has been read.  Bounded by JSON_NEST_MAX. */
bool	expander_table(struct expander *x, const struct expander_head *h,
	    bool keyed, bool lines);

#endif
