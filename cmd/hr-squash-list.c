/*
 * hr-squash-list - fewer tokens for search results and listings
 *
 * What is done to the text is in lib/squash_list.c, the way back in
 * lib/list_expand.c.
 */
#include "compat.h"

#include <unistd.h>

#include "filter.h"
#include "io.h"
#include "list.h"
#include "msg.h"

/* No text that we wrote was larger before. */
#define EXPANDED_MAX	FILTER_INPUT_MAX

struct args {
	bool	expand;
};

static const struct opt opts[] = {
	{ 'x', "expand", OPT_FLAG, offsetof(struct args, expand), NULL,
	  "turn the lossless form back into the text", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "fewer tokens for search results and listings",
	.operands = "<FILE",
};

static int
expand(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	const struct buf *res = &in;
	enum hr_exit status = HR_EXIT_OK;

	if (!filter_read(&in))
		return msg_finish(HR_EXIT_OK);
	out.max = EXPANDED_MAX;
	switch (list_expand(buf_span(&in), &out)) {
	case LIST_EXPAND_OK:
		res = &out;
		break;
	case LIST_EXPAND_FOREIGN:
		break;
	case LIST_EXPAND_GAPS:
		msg_warn("passed through: parts are left out at byte 0; the "
		    "mark there names the complete text");
		status = HR_EXIT_FAIL;
		break;
	case LIST_EXPAND_FAILED:
		msg_warn("passed through: too large to expand");
		status = HR_EXIT_FAIL;
		break;
	}
	if (io_write(STDOUT_FILENO, res->p, res->len) < 0)
		msg_die("cannot write standard output:");
	buf_release(&in);
	buf_release(&out);
	return msg_finish(status);
}

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;
	struct args own = { false };

	filter_parse(&a, &cmd, (struct opt_set)OPT_SET(opts, &own), argc,
	    argv);
	return own.expand ? expand() : filter_run(&a, squash_list);
}
