/*
 * hr-route - find out what a text is and squash it accordingly
 *
 * Recognising is in lib/detect.c, the way to the squashers in lib/route.c.
 */
#include "compat.h"

#include <unistd.h>

#include "detect.h"
#include "filter.h"
#include "form.h"
#include "io.h"
#include "msg.h"
#include "policy.h"
#include "profiles.h"
#include "shape_files.h"

struct args {
	bool	detect;
};

static const struct opt opts[] = {
	{ 'd', "detect", OPT_FLAG, offsetof(struct args, detect), NULL,
	  "only tell what the text is", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "find out what a text is and squash it accordingly",
	.operands = "<FILE",
};

/* What the text is; of records how they are written. */
static void
print_kind(struct span text)
{
	struct buf json = BUF_INIT, how = BUF_INIT;
	enum detect_kind kind = detect(text);
	bool exact;

	if (kind == DETECT_RECORDS &&
	    form_find(text, &json, &how, &exact) != NULL)
		printf("%.*s\n", (int)how.len, how.p);
	else
		puts(detect_name(kind));
	buf_release(&json);
	buf_release(&how);
}

static int
tell(void)
{
	struct buf in = BUF_INIT;

	in.max = FILTER_INPUT_MAX;
	if (io_slurp(STDIN_FILENO, &in) < 0)
		msg_die("cannot read standard input:");
	print_kind(buf_span(&in));
	buf_release(&in);
	return msg_finish(HR_EXIT_OK);
}

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;
	struct args own = { false };
	struct profiles *profiles;
	struct shapes *shapes;
	struct rules *rules;
	int status;

	filter_parse(&a, &cmd, (struct opt_set)OPT_SET(opts, &own), argc,
	    argv);
	if (own.detect)
		return tell();
	a.rules = rules = policy_load(NULL);
	a.profiles = profiles = profiles_load();
	a.shapes = shapes = shapes_load();
	status = filter_run(&a, squash_any);
	shapes_free(shapes);
	profiles_free(profiles);
	rules_free(rules);
	return status;
}
