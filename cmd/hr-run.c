/*
 * hr-run - run a command and squash what it prints
 *
 * How it is run is in run.h, what becomes of its output in lib/route.c.
 */
#include "compat.h"

#include <errno.h>
#include <unistd.h>

#include "filter.h"
#include "msg.h"
#include "policy.h"
#include "profiles.h"
#include "shape_files.h"
#include "run.h"

struct args {
	bool	pty;
	bool	live, no_live;
};

static const struct opt opts[] = {
	{ 't', "pty", OPT_FLAG, offsetof(struct args, pty), NULL,
	  "run it in a terminal of its own, and live", 0, 0, NULL },
	{ 0, "live", OPT_FLAG, offsetof(struct args, live), NULL,
	  "show on the terminal what it prints", 0, 0, NULL },
	{ 0, "no-live", OPT_FLAG, offsetof(struct args, no_live), NULL,
	  "show nothing before the command ends", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "run a command and squash what it prints",
	.operands = "COMMAND [ARGUMENT ...]",
	.stop = true,
};

/* A terminal ends lines with CR LF; the command did not print that. */
static void
end_lines(struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		if (b->p[i] != '\r' || i + 1 == b->len || b->p[i + 1] != '\n')
			b->p[n++] = b->p[i];
	buf_truncate(b, n);
}

/* False: it could not be written, and a message says so. */
static bool
write_stream(struct run_stream *s, const struct filter_args *a,
    const struct store_place *store)
{
	if (s->error == EPIPE)
		return true;
	if (s->error != 0) {
		errno = s->error;
		msg_warn("cannot write standard %s:",
		    s->to == STDERR_FILENO ? "error" : "output");
		return false;
	}
	if (s->passing) {
		if (a->explain)
			msg_warn("passed through: %s",
			    squash_reason_text(SQUASH_TOO_LARGE));
		return true;
	}
	/* Not squashed is no failure of the command. */
	return filter_text(a, store, squash_any, buf_span(&s->held),
	    s->to) != FILTERED_UNWRITTEN;
}

static int
run(struct run *r, const struct filter_args *a,
    const struct store_place *store)
{
	enum hr_exit status = HR_EXIT_OK;
	int i, failed = run_start(r);

	if (failed != 0) {
		msg_warn("cannot run '%s':", r->argv[0]);
		return failed;
	}
	run_wait(r);
	if (r->pty)
		end_lines(&r->stream[0].held);
	for (i = 0; i < RUN_STREAMS; i++)
		if (!write_stream(&r->stream[i], a, store))
			status = HR_EXIT_FAIL;
	run_leave(r);
	return run_end(r, status);
}

/*
 * Who sends the output elsewhere sees on his terminal what goes on.  Where the
 * output is the terminal, its reader may be an agent: it is squashed.
 */
static bool
is_live(const struct args *own)
{
	return !own->no_live && (own->live || own->pty ||
	    (isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO)));
}

int
main(int argc, char **argv)
{
	struct filter_args a = FILTER_ARGS_INIT;
	struct args own = { .pty = false };
	struct run r = RUN_INIT;
	struct store_place store;
	struct rules *rules;
	struct profiles *profiles;
	struct shapes *shapes;
	int i, status;

	run_remember(&r);
	i = filter_options(&a, &cmd, (struct opt_set)OPT_SET(opts, &own),
	    argc, argv);
	if (i == argc)
		msg_usage("no command is given");
	if (own.no_live && (own.live || own.pty))
		msg_usage("--no-live excludes --live and --pty");
	/* Before anything is run: they may be wrong. */
	store_find(&store, a.store, a.no_store);
	a.rules = rules = policy_load(NULL);
	a.profiles = profiles = profiles_load();
	a.shapes = shapes = shapes_load();
	r.argv = argv + i;
	r.pty = own.pty;
	r.live = is_live(&own);
	r.max = FILTER_INPUT_MAX;
	status = run(&r, &a, &store);
	rules_free(rules);
	profiles_free(profiles);
	shapes_free(shapes);
	return status;
}
