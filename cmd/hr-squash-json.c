/*
 * hr-squash-json - fewer tokens for JSON and other records
 *
 * What is done to the text is in lib/squash_json.c, the way back in
 * lib/json_expand.c; the formats are in hr-json(5).
 */
#include "compat.h"

#include "filter.h"
#include "json_expand.h"
#include "json_text.h"
#include "shape_files.h"

struct args {
	const char	*jq;
	bool		 expand;
};

static const struct opt opts[] = {
	{ 'j', "jq", OPT_TEXT, offsetof(struct args, jq), "PROGRAM",
	  "squash what this program of jq makes of the input", 0, 0, NULL },
	{ 'x', "expand", OPT_FLAG, offsetof(struct args, expand), NULL,
	  "turn the lossless form back into JSON", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "fewer tokens for JSON and other records",
	.operands = "<FILE",
};

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;
	struct args own = { NULL, false };
	struct shapes *shapes;
	int status;

	filter_parse(&a, &cmd, (struct opt_set)OPT_SET(opts, &own), argc,
	    argv);
	if (own.expand && own.jq != NULL)
		msg_usage("--expand excludes --jq");
	if (own.expand)
		return filter_expand(json_expand);
	if (own.jq != NULL) {
		a.before = json_text_jq;
		a.how = own.jq;
	}
	/* Nobody sees how many tokens there are: counting takes the longest. */
	a.about = true;
	a.shapes = shapes = shapes_load();
	status = filter_run(&a, squash_json);
	shapes_free(shapes);
	return status;
}
