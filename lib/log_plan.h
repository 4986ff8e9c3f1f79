/*
 * log_plan.h - which lines of a log are shown
 *
 *	struct log_plan p = LOG_PLAN_INIT;
 *
 *	if (log_plan_make(&p, text, &opt))
 *		... p.line[i].keep ...
 *	log_plan_release(&p);
 *
 * Lines are told apart by their masks (log_mask.h).  Of a mask that few lines
 * have all are kept, unless most masks are such, and of others the first.  Of
 * lines that report an error each one is kept that says something else, and
 * what stands around the first of its kind.  A stack trace is kept or left out
 * as a whole, and kept unless the same stood before.  A long line with a time
 * that says again what one above it said is left out (log_near.h).  Lines
 * without a letter or digit share the fate of the line before them.  The first
 * line and the last are kept, and so is everything that looks like a mark of
 * ours.
 *
 * One pass over the text, a few over the lines; the text must live as long as
 * the plan.
 *
 * What profiles say of a line (profile.h) comes before all of this: what they
 * keep is kept, and what they drop is neither counted nor shown, unless it is
 * asked for or among the last.
 */
#ifndef HR_LOG_PLAN_H
#define HR_LOG_PLAN_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "log_mask.h"
#include "log_near.h"
#include "map.h"
#include "profile.h"
#include "span.h"

#define LOG_LINES_MAX	((size_t)16 << 20)

struct log_opt {
	unsigned	rare;		/* lines of a template kept, all */
	unsigned	variants;	/* of an error, that differ */
	unsigned	before, after;	/* lines around an error */
	unsigned	last;		/* lines of the end */
	enum log_depth	depth;
	bool		errors;		/* are told apart by LOG_MASK yet */
	struct span	query;
	const struct profile_run *profile;	/* NULL: none is known */
};

struct log_line {
	size_t		start;
	uint32_t	n;		/* bytes, with the newline */
	uint32_t	tmpl;		/* LOG_NO_TEMPLATE: unlike all */
	bool		keep;
	bool		trace;		/* decided with others */
	uint8_t		verdict;	/* enum profile_verdict */
	bool		aside;		/* left out, and said by a line above */
	bool		near;		/* log_near.h; has its words below */
	uint32_t	said;		/* lines whose mark stands before it */
};

/* The words of a line that lines near to it had not: a piece of `words`. */
struct log_words {
	size_t	line, at, n;
};

#define LOG_NO_TEMPLATE	UINT32_MAX

enum log_kind {
	LOG_KIND_LINE,
	LOG_KIND_PLAIN,		/* neither letter nor digit */
	LOG_KIND_MARK,		/* looks like one of ours */
	LOG_KIND_ERROR		/* or a diagnostic */
};

struct log_tmpl {
	uint32_t	count, kept;
	uint8_t		kind;		/* enum log_kind */
	bool		exact;		/* of errors: other numbers, another */
	bool		word;		/* of error, whatever the level */
	bool		headline;	/* of a trace */
	bool		frame;
};

struct log_plan {
	struct span	 text;
	struct log_line	*line;
	size_t		 n, cap;
	size_t		 kept, bytes;	/* lines, and bytes of these */
	struct log_tmpl	*tmpl;
	size_t		 ntmpl, tmplcap;
	const struct profile_run *profile;	/* as it was asked */
	uint64_t	 tokens;	/* the text has at least so many */
	struct log_words *near;		/* by line */
	size_t		 nnear, nearcap;
	struct buf	 words;
	/* not for users */
	size_t		 rare, context;	/* lines that may yet be kept */
	size_t		 traces;	/* kept */
	struct map	 masks, seen;
	struct arena	 keys;
	struct buf	 mask;
	struct log_near	 nears;
};

#define LOG_PLAN_INIT {							\
	.line = NULL, .keys = ARENA_INIT, .mask = BUF_INIT,		\
	.words = BUF_INIT, .nears = LOG_NEAR_INIT }

/* False: no memory, or more than LOG_LINES_MAX lines. */
bool	log_plan_make(struct log_plan *p, struct span text,
	    const struct log_opt *opt) HR_MUST_USE;
void	log_plan_release(struct log_plan *p);

/* Line i of the text, without its end. */
struct span log_plan_line(const struct log_plan *p, size_t i);

#endif
