/*
 * shape_files - find and read files of shapes
 */
#include "compat.h"

#include <limits.h>

#include "data.h"
#include "msg.h"
#include "own.h"
#include "shape_files.h"

static void
complain(const char *path, const struct shapes_err *err)
{
	if (err->line > 0)
		msg_warn("%s:%u: %s: '%.*s', so it is not used", path,
		    err->line, err->what, (int)err->word.n, err->word.p);
	else
		msg_warn("%s: %s, so it is not used", path, err->what);
}

static void
add_file(void *arg, const char *path)
{
	struct buf text = BUF_INIT;
	struct shapes_err err;

	if (own_read(&text, path, SHAPE_TEXT_MAX, "shapes") &&
	    !shapes_add(arg, buf_span(&text), &err))
		complain(path, &err);
	buf_release(&text);
}

struct shapes *
shapes_load(void)
{
	char path[PATH_MAX];
	struct shapes *s = shapes_new();

	if (s == NULL)
		return NULL;
	if (data_path("shapes", path, sizeof(path)) < 0)
		msg_warn("cannot read the shapes '%s':", path);
	else
		add_file(s, path);
	own_files("shapes", add_file, s);
	return s;
}
