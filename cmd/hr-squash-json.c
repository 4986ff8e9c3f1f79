/*
 * hr-squash-json - fewer tokens for JSON
 *
 * What is done to the text is in lib/squash_json.c, the way back in
 * lib/json_expand.c; the formats are in hr-json(5).
 */
#include "compat.h"

#include <unistd.h>

#include "filter.h"
#include "io.h"
#include "json_expand.h"
#include "msg.h"

/* No text that we wrote was larger before. */
#define EXPANDED_MAX	FILTER_INPUT_MAX

struct args {
	bool	expand;
};

static const struct opt opts[] = {
	{ 'x', "expand", OPT_FLAG, offsetof(struct args, expand), NULL,
	  "turn the lossless form back into JSON", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "fewer tokens for JSON",
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
	switch (json_expand(buf_span(&in), &out)) {
	case JSON_EXPAND_OK:
		res = &out;
		break;
	case JSON_EXPAND_FOREIGN:
		break;
	case JSON_EXPAND_GAPS:
		msg_warn("passed through: parts are left out at byte 0; the "
		    "mark there names the complete text");
		status = HR_EXIT_FAIL;
		break;
	case JSON_EXPAND_FAILED:
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
	return own.expand ? expand() : filter_run(&a, squash_json);
}
