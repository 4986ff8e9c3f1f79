/*
 * shapes.h - which members of known kinds of JSON objects nobody needs,
 * hr-shape(5)
 *
 *	struct shapes *s = shapes_new();
 *	struct file_err err;
 *
 *	if (!shapes_add(s, text, &err))
 *		... err.line, err.what, err.word
 *	what = malloc(d->ntok);
 *	if (shapes_mark(s, d, what))
 *		... what[i] & SHAPE_DROP: the value d->tok[i] is noise
 *	shapes_free(s);
 *
 * A shape is recognised by the members that an object has, wherever in the
 * document it stands, and says of members of it, or of what they hold, that
 * they are noise, or that they must not be shortened.  Of all else it says
 * nothing.
 *
 * The time is linear in the document: a name is looked up once, of an object
 * at most SHAPE_ACTIVE_MAX rules are followed, and the rules of an object
 * reach at most SHAPE_PATH_MAX objects down.  What is beyond is not marked.
 */
#ifndef HR_SHAPES_H
#define HR_SHAPES_H

#include "compat.h"

#include "file_err.h"
#include "hash.h"
#include "json.h"
#include "span.h"

#define SHAPE_TEXT_MAX		((size_t)1 << 20)	/* bytes of a file */
#define SHAPE_PATH_MAX		8	/* names of a path */
#define SHAPE_ACTIVE_MAX	256	/* rules at work in one object */

struct shapes;

struct shapes	*shapes_new(void) HR_MUST_USE;	/* NULL: no memory */
void		 shapes_free(struct shapes *s);	/* may be NULL */

/*
 * Add the shapes of a file, or none of them if it is wrong; false and *err
 * then.  One whose name is known takes the place of the old.  The text is not
 * needed afterwards.
 */
bool	 shapes_add(struct shapes *s, struct span text,
	    struct file_err *err) HR_MUST_USE;

/* Of the texts added, in order; s may be NULL. */
struct hash128 shapes_hash(const struct shapes *s);

enum {
	/*
	 * The value of a member that is noise, never an element nor the root:
	 * the member may go with its name.  Nothing inside is marked.
	 */
	SHAPE_DROP = 1,

	/*
	 * A value that must not be shortened, with all that is inside, but for
	 * what is marked as noise there.
	 */
	SHAPE_KEEP = 2
};

/*
 * Set what[i] to what the shapes say of the token d->tok[i], 0 if they say
 * nothing; what has room for d->ntok bytes.  False if they say nothing at all,
 * or there is no memory; then all are 0.  s may be NULL.  Plain data may be
 * asked by any number of threads.
 */
bool	 shapes_mark(const struct shapes *s, const struct json_doc *d,
	    uint8_t *what);

/*
 * The tests in a file that was added without error, each a JSON text and what
 * it should become without the noise: each is told to fn, with what it became.
 */
struct shapes_test {
	struct span	shape;
	unsigned	line;		/* of the file */
	bool		good;
	struct span	got;		/* empty: not JSON */
};

void	 shapes_tests(const struct shapes *s, struct span text,
	    void (*fn)(const struct shapes_test *t, void *arg), void *arg);

#endif
