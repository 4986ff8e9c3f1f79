/*
 * hr-squash-log - fewer lines of logs
 *
 * What is done to the text is in lib/squash_log.c.
 */
#include "compat.h"

#include "filter.h"

static const struct opt_cmd cmd = {
	.about = "fewer lines of logs",
	.operands = "<FILE",
};

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;

	filter_parse(&a, &cmd, (struct opt_set){ 0 }, argc, argv);
	return filter_run(&a, squash_log);
}
