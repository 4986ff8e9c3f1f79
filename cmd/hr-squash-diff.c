/*
 * hr-squash-diff - fewer tokens for diffs
 *
 * What is done to the text is in lib/squash_diff.c.
 */
#include "compat.h"

#include "filter.h"
#include "policy.h"
#include "squash_diff.h"

struct args {
	bool	patch;
};

static const struct opt opts[] = {
	{ 'p', "patch", OPT_FLAG, offsetof(struct args, patch), NULL,
	  "leave a patch that git apply takes", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "fewer tokens for diffs",
	.operands = "<FILE",
};

static void
squash_changes(struct squash *s, struct span text)
{
	squash_diff_by(s, text, SQUASH_DIFF_CHANGES);
}

static void
squash_patch(struct squash *s, struct span text)
{
	squash_diff_by(s, text, SQUASH_DIFF_PATCH);
}

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;
	struct args own = { false };
	void (*squash)(struct squash *, struct span) = squash_diff;
	struct rules *rules = NULL;
	int status;

	filter_parse(&a, &cmd, (struct opt_set)OPT_SET(opts, &own), argc,
	    argv);
	if (own.patch)
		squash = squash_patch;
	else if (a.level == SQUASH_LOSSLESS)
		squash = squash_changes;
	else if (a.level != SQUASH_EXACT)
		a.rules = rules = policy_load(NULL);
	/* Unchanged lines are kept in the store, which lossless has none of. */
	if (a.level == SQUASH_LOSSLESS)
		a.level = SQUASH_BALANCED;
	status = filter_run(&a, squash);
	rules_free(rules);
	return status;
}
