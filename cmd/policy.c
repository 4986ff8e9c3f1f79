/*
 * policy - find and read policy files
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "buf.h"
#include "data.h"
#include "io.h"
#include "msg.h"
#include "policy.h"

/* 0, or -1 with errno. */
static int
slurp(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc, err;

	if (fd < 0)
		return -1;
	text->max = RULES_TEXT_MAX + 1;
	rc = io_slurp(fd, text);
	err = errno;
	close(fd);
	errno = err;
	/* Too large a file is told with what else is wrong. */
	return rc < 0 && err == EMSGSIZE ? 0 : rc;
}

/* What is wrong, as a message's end. */
static void
describe(const char *path, const struct file_err *err, char *out,
    size_t size)
{
	int n = err->line > 0 ? snprintf(out, size, "%s:%u: %s", path,
	    err->line, err->what) : snprintf(out, size, "%s: %s", path,
	    err->what);

	if (err->word.n > 0 && n > 0 && (size_t)n < size)
		snprintf(out + n, size - (size_t)n, ": '%.*s'",
		    (int)err->word.n, err->word.p);
}

static void
add_shipped(struct rules *r)
{
	char path[PATH_MAX], why[PATH_MAX + 512];
	struct buf text = BUF_INIT;
	struct file_err err;

	if (data_path("policy", path, sizeof(path)) < 0 ||
	    slurp(path, &text) < 0) {
		msg_warn("cannot read the policy '%s', so files stay exact:",
		    path);
	} else if (!rules_add(r, buf_span(&text), &err)) {
		describe(path, &err, why, sizeof(why));
		msg_warn("%s, so files stay exact", why);
	}
	buf_release(&text);
}

static void
add_own(struct rules *r, const char *path)
{
	char why[PATH_MAX + 512];
	struct buf text = BUF_INIT;
	struct file_err err;

	if (slurp(path, &text) < 0)
		msg_die("cannot read the policy '%s':", path);
	if (!rules_add(r, buf_span(&text), &err)) {
		describe(path, &err, why, sizeof(why));
		msg_usage("%s", why);
	}
	buf_release(&text);
}

/* The user's own file, whether it is there or not. */
static bool
own_path(char *out, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n;

	/* The base directory specification ignores relative paths. */
	if (config != NULL && config[0] == '/')
		n = snprintf(out, size, "%s/hr/policy", config);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, size, "%s/.config/hr/policy", home);
	else
		return false;
	return (size_t)n < size;
}

struct rules *
policy_load(const char *named)
{
	char path[PATH_MAX];
	struct rules *r = rules_new();

	if (r == NULL)
		msg_die("out of memory");
	add_shipped(r);
	if (named != NULL)
		add_own(r, named);
	else if (own_path(path, sizeof(path)) && access(path, F_OK) == 0)
		add_own(r, path);
	return r;
}
