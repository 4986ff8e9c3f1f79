/*
 * filter - from standard input through a squasher to standard output
 *
 * Whatever goes wrong, the bytes that came in go out.
 */
#include "compat.h"

#include <errno.h>
#include <unistd.h>

#include "filter.h"
#include "io.h"
#include "keep.h"
#include "msg.h"

static const struct opt filter_opts[] = {
	{ 'l', "level", OPT_CHOICE, offsetof(struct filter_args, level),
	  SQUASH_LEVELS, "how much may be done (balanced)", 0, 0, NULL },
	{ 'b', "budget", OPT_COUNT, offsetof(struct filter_args, budget),
	  "TOKENS", "try to get below so many tokens", 1, 0, NULL },
	{ 'q', "query", OPT_TEXT, offsetof(struct filter_args, query),
	  "TEXT", "keep what this asks about", 0, 0, NULL },
	{ 'n', "name", OPT_TEXT, offsetof(struct filter_args, name),
	  "FILE", "where the text is from; a hint, never opened", 0, 0, NULL },
	{ 's', "store", OPT_FILE, offsetof(struct filter_args, store),
	  "WHERE", "the store of originals", 0, 0, NULL },
	{ 0, "no-store", OPT_FLAG, offsetof(struct filter_args, no_store),
	  NULL, "keep no original", 0, 0, NULL },
	{ 0, "explain", OPT_FLAG, offsetof(struct filter_args, explain),
	  NULL, "say on standard error what was done", 0, 0, NULL },
};

int
filter_options(struct filter_args *a, const struct opt_cmd *cmd,
    struct opt_set own, int argc, char **argv)
{
	const struct opt_set sets[] = { own, OPT_SET(filter_opts, a) };

	msg_init(argv[0]);
	return opt_parse(cmd, sets, HR_LEN(sets), argc, argv);
}

void
filter_parse(struct filter_args *a, const struct opt_cmd *cmd,
    struct opt_set own, int argc, char **argv)
{
	int i = filter_options(a, cmd, own, argc, argv);

	if (i < argc)
		msg_usage("reads standard input, not '%s'", argv[i]);
}

static void
write_out(struct span s)
{
	if (io_write(STDOUT_FILENO, s.p, s.n) < 0)
		msg_die("cannot write standard output:");
}

bool
filter_read(struct buf *b)
{
	int saved;

	b->max = FILTER_INPUT_MAX;
	if (io_slurp(STDIN_FILENO, b) == 0) {
		buf_trim(b);
		return true;
	}
	saved = errno;
	write_out(buf_span(b));
	if (saved == EMSGSIZE) {
		if (io_copy(STDIN_FILENO, STDOUT_FILENO) < 0)
			msg_die("cannot copy the rest of the input:");
		return false;
	}
	errno = saved;
	msg_die("cannot read standard input:");
}

static void
set_options(struct squash *s, const struct filter_args *a)
{
	bool asked = a->level != FILTER_LEVEL_UNSET || a->budget > 0;

	if (a->level != FILTER_LEVEL_UNSET)
		s->opt.level = (enum squash_level)a->level;
	s->opt.budget = a->budget;
	s->about = a->about && !a->explain;
	s->rules = a->rules;
	s->profiles = a->profiles;
	s->shapes = a->shapes;
	s->opt.query = span_z(a->query != NULL ? a->query : "");
	s->opt.name = span_z(a->name != NULL ? a->name : "");
	/* "Keep nothing" and "leave out": the short form alone is wanted. */
	s->unkept = a->no_store && asked;
}

static void
tell(const struct squash *s)
{
	struct span rest = buf_span(&s->explain);
	const char *nl;
	size_t n;

	if (s->err.what != NULL)
		msg_warn("passed through: %s at byte %zu", s->err.what,
		    s->err.at);
	else if (s->reason != SQUASH_DONE)
		msg_warn("passed through: %s", squash_reason_text(s->reason));
	while (rest.n > 0 && (nl = memchr(rest.p, '\n', rest.n)) != NULL) {
		n = (size_t)(nl - rest.p);
		msg_warn("%.*s", (int)n, rest.p);
		rest = span_skip(rest, n + 1);
	}
}

enum filtered
filter_text(const struct filter_args *a, const struct store_place *store,
    void (*fn)(struct squash *, struct span), struct span text, int fd)
{
	struct squash s = SQUASH_INIT;
	struct keep k = { .path = store->none ? NULL : store->path,
	    .named = store->named };
	enum filtered how = FILTERED;

	if (text.n == 0)
		return how;
	set_options(&s, a);
	s.tok = vocabulary_open();
	if (s.tok == NULL) {
		msg_warn("passed through: cannot open the vocabulary "
		    "o200k_base.hrv:");
		how = FILTERED_NOT;
	} else {
		keep_squash(&s, fn, text, &k);
		if (a->explain)
			tell(&s);
	}
	if (edits_write(&s.edits, text, fd) < 0) {
		msg_warn("cannot write standard %s:",
		    fd == STDERR_FILENO ? "error" : "output");
		how = FILTERED_UNWRITTEN;
	}
	tok_close(s.tok);
	squash_release(&s);
	return how;
}

/* What is squashed of the input; the input itself, and false, if that fails. */
static bool
before(const struct filter_args *a, const struct buf *in, struct buf *made,
    struct span *text)
{
	*text = buf_span(in);
	if (a->before == NULL || in->len == 0)
		return true;
	made->max = FILTER_INPUT_MAX;
	if (!a->before(a->how, *text, made))
		return false;
	*text = buf_span(made);
	return true;
}

int
filter_run(const struct filter_args *a,
    void (*fn)(struct squash *, struct span))
{
	struct buf in = BUF_INIT, made = BUF_INIT;
	struct store_place store;
	enum hr_exit status = HR_EXIT_OK;
	struct span text;

	store_find(&store, a->store, a->no_store);
	if (!filter_read(&in)) {
		if (a->explain || a->before != NULL)
			msg_warn("passed through: %s",
			    squash_reason_text(SQUASH_TOO_LARGE));
		if (a->before != NULL)
			status = HR_EXIT_FAIL;
	} else if (!before(a, &in, &made, &text)) {
		write_out(text);
		status = HR_EXIT_FAIL;
	} else if (filter_text(a, &store, fn, text, STDOUT_FILENO) !=
	    FILTERED) {
		status = HR_EXIT_FAIL;
	}
	buf_release(&in);
	buf_release(&made);
	return msg_finish(status);
}

int
filter_expand(enum squash_expanded (*fn)(struct span in, struct buf *out))
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	const struct buf *res = &in;
	enum hr_exit status = HR_EXIT_OK;

	if (!filter_read(&in))
		return msg_finish(HR_EXIT_OK);
	/* No text that we wrote was larger before. */
	out.max = FILTER_INPUT_MAX;
	switch (fn(buf_span(&in), &out)) {
	case EXPAND_OK:
		res = &out;
		break;
	case EXPAND_FOREIGN:
		break;
	case EXPAND_GAPS:
		msg_warn("passed through: parts are left out at byte 0; the "
		    "mark there names the complete text");
		status = HR_EXIT_FAIL;
		break;
	case EXPAND_FAILED:
		msg_warn("passed through: too large to expand");
		status = HR_EXIT_FAIL;
		break;
	}
	write_out(buf_span(res));
	buf_release(&in);
	buf_release(&out);
	return msg_finish(status);
}
