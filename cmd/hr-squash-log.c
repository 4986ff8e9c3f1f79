/*
 * hr-squash-log - fewer lines of logs
 *
 * What is done to the text is in lib/squash_log.c, the way back in
 * lib/log_expand.c.
 */
#include "compat.h"

#include "filter.h"
#include "follow.h"
#include "log_expand.h"
#include "msg.h"
#include "profiles.h"

struct args {
	bool	expand, follow;
};

static const struct opt opts[] = {
	{ 'x', "expand", OPT_FLAG, offsetof(struct args, expand), NULL,
	  "turn the lossless form back into the text", 0, 0, NULL },
	{ 'f', "follow", OPT_FLAG, offsetof(struct args, follow), NULL,
	  "show lines as they come, until the end or a signal", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "fewer lines of logs",
	.operands = "<FILE",
};

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;
	struct args own = { false, false };
	struct profiles *profiles;
	int status;

	filter_parse(&a, &cmd, (struct opt_set)OPT_SET(opts, &own), argc,
	    argv);
	if (own.expand && own.follow)
		msg_usage("--expand and --follow exclude each other");
	if (own.follow)
		return follow_run(&a);
	if (own.expand)
		return filter_expand(log_expand);
	a.profiles = profiles = profiles_load();
	status = filter_run(&a, squash_log);
	profiles_free(profiles);
	return status;
}
