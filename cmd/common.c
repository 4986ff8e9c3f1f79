/*
 * common - places of stores and vocabularies
 */
#include "compat.h"

#include <unistd.h>

#include "ccr.h"
#include "common.h"
#include "data.h"
#include "msg.h"

/*
 * Marks can only name a store by a plain absolute path; without a home there
 * is no default one.
 */
void
store_find(struct store_place *s, const char *option, bool none)
{
	size_t size = sizeof(s->path);
	int n;

	s->named = false;
	s->none = none;
	if (none)
		return;
	if (option == NULL) {
		s->none = ccr_default_path(getenv("XDG_STATE_HOME"),
		    getenv("HOME"), s->path, size) < 0;
		return;
	}
	if (option[0] == '/')
		n = snprintf(s->path, size, "%s", option);
	else {
		if (getcwd(s->path, size) == NULL)
			msg_die("cannot find the working directory:");
		n = (int)strlen(s->path);
		n += snprintf(s->path + n, size - (size_t)n, "/%s", option);
	}
	if ((size_t)n >= size || !mark_store_ok(s->path))
		msg_usage("--store: a mark cannot name this path: '%s'",
		    option);
	s->named = true;
}

int
vocabulary_find(char *path, size_t size)
{
	return data_path("o200k_base.hrv", path, size);
}

struct tok *
vocabulary_open(void)
{
	char path[PATH_MAX];
	struct tok *tok;

	if (vocabulary_find(path, sizeof(path)) < 0 ||
	    tok_open(&tok, TOK_O200K, path) < 0)
		return NULL;
	return tok;
}
