/*
 * hr-align - make request bodies cheaper to send again
 *
 * What becomes of a body is in lib/forward.h.
 */
#include "compat.h"

#include <inttypes.h>
#include <limits.h>
#include <unistd.h>

#include "common.h"
#include "filter.h"
#include "forward.h"
#include "io.h"
#include "msg.h"

struct args {
	bool		refs;
	unsigned	api;
	bool		explain;
};

enum { AUTO };

static const struct opt opts[] = {
	{ 0, "refs", OPT_FLAG, offsetof(struct args, refs), NULL,
	  "refer to lines that stand earlier in the request", 0, 0, NULL },
	{ 0, "api", OPT_CHOICE, offsetof(struct args, api),
	  "auto|messages|chat|responses", "which API the body speaks", 0, 0,
	  NULL },
	{ 0, "explain", OPT_FLAG, offsetof(struct args, explain), NULL,
	  "say on standard error what was done", 0, 0, NULL },
};

static const struct opt_cmd cmd = {
	.about = "make request bodies cheaper to send again",
	.operands = "<FILE",
};

static uint64_t
lines(struct span s)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n + (s.n > 0 && s.p[s.n - 1] != '\n');
}

static void
tell(void *arg, const struct forward_told *t)
{
	uint64_t *n = arg;

	++*n;
	if (t->form.p == NULL)
		msg_warn("%" PRIu64 ": %.*s: as it is: %s", *n,
		    (int)t->title.n, t->title.p,
		    forward_why_name((enum forward_why)t->why));
	else
		msg_warn("%" PRIu64 ": %.*s: %s: lines %" PRIu64 " to %" PRIu64
		    ", %" PRIu64 " tokens of them to %" PRIu64, *n,
		    (int)t->title.n, t->title.p,
		    forward_why_name((enum forward_why)t->why),
		    lines(t->text), lines(t->form), t->before, t->after);
}

/* The API, or API_NONE: it stays as it is. */
static enum api
find_api(const struct args *a, struct span body)
{
	struct json_err err;
	enum api api = forward_api(body, &err);

	if (api != API_NONE)
		return a->api != AUTO ? (enum api)a->api : api;
	if (!a->explain)
		return api;
	if (err.what != NULL)
		msg_warn("passed through: %s at byte %zu", err.what, err.at);
	else
		msg_warn("passed through: not a request, it has neither "
		    "messages nor input");
	return api;
}

/* False: it failed, and a message was printed. */
static bool
run(const struct args *a, struct span body, struct forward *w)
{
	static char vocabulary[PATH_MAX];
	uint64_t n = 0;
	struct forward_opt opt = { .vocabulary = vocabulary,
	    .level = SQUASH_EXACT, .retrieval = RETRIEVAL_NONE,
	    .tell = a->explain ? tell : NULL, .arg = &n };
	struct forward_in in = { .api = find_api(a, body), .body = body };
	struct forwarder *f;

	if (in.api == API_NONE)
		return true;
	if (vocabulary_find(vocabulary, sizeof(vocabulary)) < 0) {
		msg_warn("passed through: cannot find the vocabulary "
		    "o200k_base.hrv:");
		return false;
	}
	if (!forwarder_open(&f, &opt)) {
		msg_warn("passed through: out of memory");
		return false;
	}
	(void)forward_run(f, &in, w, false);
	forwarder_close(f);
	if (w->report.skipped != NULL && a->explain)
		msg_warn("passed through: %s", w->report.skipped);
	return true;
}

int
main(int argc, char **argv)
{
	struct args a = { .refs = false };
	const struct opt_set sets[] = { OPT_SET(opts, &a) };
	struct forward w = FORWARD_INIT;
	struct buf in = BUF_INIT;
	const struct buf *out = &in;
	enum hr_exit status = HR_EXIT_OK;
	int i;

	msg_init(argv[0]);
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	if (i < argc)
		msg_usage("reads standard input, not '%s'", argv[i]);
	if (!a.refs)
		msg_usage("nothing to do: --refs is not given");
	if (!filter_read(&in)) {
		if (a.explain)
			msg_warn("passed through: larger than 256 MiB");
		return msg_finish(HR_EXIT_OK);
	}
	if (in.len > 0 && !run(&a, buf_span(&in), &w))
		status = HR_EXIT_FAIL;
	else if (w.changed)
		out = &w.body;
	if (io_write(STDOUT_FILENO, out->p, out->len) < 0)
		msg_die("cannot write standard output:");
	buf_release(&w.body);
	buf_release(&in);
	return msg_finish(status);
}
