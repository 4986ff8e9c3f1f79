/*
 * rules.h - what a policy file says, hr-policy(5)
 *
 *	struct rules *r = rules_new();
 *	struct file_err err;
 *
 *	if (!rules_add(r, shipped, &err) || !rules_add(r, own, &err))
 *		... err.line, err.what, err.word
 *	class = rules_path(r, path, &check);
 *	level = rules_level(r, class);
 *	rules_free(r);
 *
 * Tools are added to those that policy.h knows by name; paths and the first
 * lines of a file tell its class; a class has a level.  Where several rules
 * speak of a path or a tool the last one counts, so what is added later
 * overrides.  Without rules every file is source, and source is exact.
 *
 * Plain data once all is added: any number of threads may ask.
 */
#ifndef HR_RULES_H
#define HR_RULES_H

#include "compat.h"

#include "file_err.h"
#include "hash.h"
#include "span.h"
#include "squash.h"

enum tool_class {	/* in the order of the words of TOOL_CLASSES */
	TOOL_OTHER,		/* anything that is not below */
	TOOL_READ,		/* prints a file for the agent to edit */
	TOOL_SHELL,		/* runs a command; its text decides further */
	TOOL_EDIT,		/* changes files */
	TOOL_FETCH		/* fetches back what was left out */
};

#define TOOL_CLASSES	"other|read|shell|edit|fetch"

enum file_class {	/* in the order of the words of FILE_CLASSES */
	FILE_SOURCE,		/* may be edited; whatever is in doubt */
	FILE_GENERATED,		/* made by a program from other files */
	FILE_MINIFIED,		/* made for machines to read */
	FILE_VENDORED,		/* another project's, as it was installed */
	FILE_LOCK,		/* exact versions, kept by a package manager */
	FILE_DATA,		/* records */
	FILE_CLASS_COUNT
};

#define FILE_CLASSES	"source|generated|minified|vendored|lock|data"

const char *file_class_name(enum file_class c);	/* "source", ... */

/* What the text must bear out before a class by path counts; bits. */
enum rules_check {
	RULES_RECORDS = 1 << 0	/* JSON, a long list of records */
};

struct rules;

struct rules	*rules_new(void) HR_MUST_USE;	/* NULL: no memory */
void		 rules_free(struct rules *r);	/* may be NULL */

/*
 * Add what a file says, or nothing of it if that is wrong; false and *err
 * then.  The text is not needed afterwards.
 */
bool	 rules_add(struct rules *r, struct span text, struct file_err *err)
	    HR_MUST_USE;

#define RULES_TEXT_MAX	((size_t)256 << 10)	/* bytes of a file */

/* Of what was added, without comments and blanks; in order. */
void	 rules_hash(const struct rules *r, uint8_t sha256[SHA256_LEN]);

/*
 * Whether a rule names this tool, whose name is lower case, without '_' and
 * '-'.  r may be NULL here and below.
 */
bool	 rules_tool(const struct rules *r, struct span name,
	    enum tool_class *class);

/* Whether a rule speaks of this path; with what the text must bear out. */
bool	 rules_path(const struct rules *r, struct span path,
	    enum file_class *class, unsigned *checks);

/* Whether a comment says what the file is; the comment's words alone. */
bool	 rules_comment(const struct rules *r, struct span line,
	    enum file_class *class);

/* Whether there are rules at all; without, content tells nothing either. */
bool	 rules_any(const struct rules *r);

enum squash_level rules_level(const struct rules *r, enum file_class class);

#endif
