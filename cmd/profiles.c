/*
 * profiles - find and read files of profiles
 */
#include "compat.h"

#include <limits.h>

#include "data.h"
#include "msg.h"
#include "own.h"
#include "profiles.h"

static void
complain(const char *path, const struct profile_err *err)
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
	struct profile_err err;

	if (own_read(&text, path, PROFILE_TEXT_MAX, "profiles") &&
	    !profiles_add(arg, buf_span(&text), &err))
		complain(path, &err);
	buf_release(&text);
}

struct profiles *
profiles_load(void)
{
	char path[PATH_MAX];
	struct profiles *p = profiles_new();

	if (p == NULL)
		return NULL;
	if (data_path("profiles", path, sizeof(path)) < 0)
		msg_warn("cannot read the profiles '%s':", path);
	else
		add_file(p, path);
	own_files("profiles", add_file, p);
	return p;
}
