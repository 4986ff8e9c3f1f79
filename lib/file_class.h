/*
 * file_class.h - the class of what a read printed
 *
 *	struct file_judge j = { .rules = rules };
 *	struct policy_read r = { .file = file_judge_path, .arg = &j };
 *
 *	if (policy_call(rules, name, arguments, &r) == TOOL_READ)
 *		class = file_judge(&j, &r, text);
 *
 * The paths decide, if rules speak of each of them; where several classes
 * meet, that of the mildest level does.  Of a single file of which no rule
 * speaks the text itself may tell: by a comment at its beginning, or being
 * minified beyond doubt.  Whatever is not sure is source.
 */
#ifndef HR_FILE_CLASS_H
#define HR_FILE_CLASS_H

#include "compat.h"

#include "policy.h"
#include "rules.h"
#include "span.h"

struct file_judge {
	const struct rules	*rules;		/* may be NULL */
	/* The rest begins as zeros. */
	size_t			 paths;
	size_t			 unknown;	/* of which no rule speaks */
	unsigned		 checks;	/* enum rules_check */
	enum file_class		 class;
};

/* A struct policy_read's `file'. */
void	 file_judge_path(void *judge, struct span path);

/* text is what was printed, without what a client put around it. */
enum file_class file_judge(const struct file_judge *j,
	    const struct policy_read *r, struct span text);

/* Whether the text is code without lines and blanks for people. */
bool	 file_is_minified(struct span text);

#endif
