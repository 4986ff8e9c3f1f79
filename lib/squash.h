/*
 * squash.h - the one interface of all squashers
 *
 * A squasher takes the whole text of a block and answers with a list of
 * edits over it, so that what it does not touch stays byte for byte.
 *
 *	struct squash s = SQUASH_INIT;
 *
 *	s.tok = tok;
 *	s.opt.level = SQUASH_BALANCED;
 *	s.ref = &ref;				// NULL: lossless only
 *	squash_json(&s, text);
 *	edits_write(&s.edits, text, fd);	// none: the text itself
 *	squash_release(&s);
 *
 * The answer is a pure function of the text, the options and the version.
 * Whatever cannot be squashed (not JSON, not smaller, no memory) has no edits
 * and a reason: filters fail open.  The result is at least a tenth smaller
 * than what it replaces, in o200k tokens, marks included.
 *
 * If s.lossy is set on return, marks stand in the result, and the original
 * must be stored under s.ref->id before the result is let out.
 */
#ifndef HR_SQUASH_H
#define HR_SQUASH_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "edit.h"
#include "mark.h"
#include "profile.h"
#include "span.h"
#include "tok.h"

struct rules;
struct shapes;

enum squash_level {	/* in the order of the words of SQUASH_LEVELS */
	SQUASH_EXACT,	/* nothing but references within a request */
	SQUASH_LOSSLESS,
	SQUASH_BALANCED,
	SQUASH_TIGHT
};

#define SQUASH_LEVELS "exact|lossless|balanced|tight"

struct squash_opt {
	enum squash_level	 level;
	uint64_t		 budget;	/* tokens, 0: none */
	struct span		 query;		/* what the reader asks about */
	struct span		 name;		/* a hint, never opened */
	bool			 top;		/* begins where its file does */
};

enum squash_reason {
	SQUASH_DONE,		/* edits made */
	SQUASH_LEVEL,		/* the level forbids it */
	SQUASH_FOREIGN,		/* not the format; s.err says where */
	SQUASH_NO_GAIN,		/* would not be a tenth smaller */
	SQUASH_TOO_LARGE,	/* beyond a ceiling */
	SQUASH_NOMEM
};

struct squash_err {
	size_t		 at;	/* byte offset in the text */
	const char	*what;	/* constant string, or NULL */
};

struct squash {
	/* in */
	struct squash_opt	 opt;
	struct tok		*tok;		/* o200k */
	const struct mark_ref	*ref;	/* where the original will be */
	bool			 unkept;	/* lossy though ref is NULL */
	bool			 about;	/* before and after may be bounds, and
					 * explain is not wanted */
	const struct rules	*rules;		/* on paths, or NULL */
	const struct profiles	*profiles;	/* NULL: none */
	const struct shapes	*shapes;	/* NULL: none */

	/* out */
	struct edits		 edits;
	struct buf		 text;		/* what edits point into */
	enum squash_reason	 reason;
	struct squash_err	 err;
	bool			 lossy;
	/*
	 * Tokens of what may change.  They are exact, but of a large text of
	 * JSON for which `about' is set: then before is at least so many and
	 * after at most, which is enough to know that it is worth it.
	 */
	uint64_t		 before, after;
	struct buf		 explain;	/* lines for a person */
};

#define SQUASH_INIT {							\
	.opt = { .level = SQUASH_BALANCED }, .edits = EDITS_INIT,	\
	.text = BUF_INIT, .explain = BUF_INIT }

/* Forget the result, keep options and memory. */
void	squash_reset(struct squash *s);
void	squash_release(struct squash *s);

/*
 * Whether `after` tokens are clearly fewer than `before`: by a tenth, and by
 * enough to touch a text at all.
 */
bool	squash_less(uint64_t after, uint64_t before);

/*
 * Whether a form of `after` tokens is to be taken in place of the one that has
 * s->after: clearly fewer, or, while the budget is not met, fewer.
 */
bool	squash_worth(const struct squash *s, uint64_t after);

/*
 * Call step with 0 .. n - 1, from mild to hard, beginning where the level
 * says, until s->after meets the budget.  Without a budget it is one step.
 */
void	squash_steps(const struct squash *s, size_t n,
	    void (*step)(void *arg, size_t i), void *arg);

/* Text for a reason: "not a tenth smaller". */
const char *squash_reason_text(enum squash_reason r);

/*
 * The way back of a squasher whose lossless form has one: what is appended to
 * out, whose ceiling bounds what a hostile text can grow to.
 */
enum squash_expanded {
	EXPAND_OK,
	EXPAND_FOREIGN,	/* not our output, or nothing to expand in it */
	EXPAND_GAPS,	/* parts are left out: it cannot be expanded */
	EXPAND_FAILED	/* no memory, or out is too small */
};

/* JSON, and JSON values one a line. */
void	squash_json(struct squash *s, struct span text);

/*
 * Source code that is read: licences at its beginning and encoded data are
 * left out, from balanced on; not a byte of anything else changes.  before and
 * after are tokens of these parts alone.
 */
void	squash_source(struct squash *s, struct span text);

/*
 * Logs and other output of commands: what a terminal would show, then, from
 * balanced on, only one of many lines that are alike.
 */
void	squash_log(struct squash *s, struct span text);

/* Search results and listings. */
void	squash_list(struct squash *s, struct span text);

/*
 * By what detect() says the text is; of several parts (mixed.h) each by what
 * it is, with a header of its own.
 */
void	squash_any(struct squash *s, struct span text);

#endif
