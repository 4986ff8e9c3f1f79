/*
 * hr-count - count the tokens of files
 *
 * Counting is in lib/tok.h; what a model's name means, in lib/tok_model.c.
 */
#include "compat.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "data.h"
#include "io.h"
#include "json.h"
#include "msg.h"
#include "opt.h"
#include "tok.h"
#include "utf8.h"

#define RUN_MAX		((size_t)1 << 30)	/* bytes without a boundary */
#define WIDTH		7	/* of one count of several, as wc has it */

struct job {
	const char	*name;	/* of the model */
	bool		 json;
	struct tok_model model;
	struct tok	*tok;
	struct buf	 in;	/* room to read into */
	struct buf	 out;	/* the report */
	uint64_t	 total;
	int		 width;	/* of a count */
	enum hr_exit	 status;
};

static const struct opt opts[] = {
	{ 'm', "model", OPT_TEXT, offsetof(struct job, name),
	    .arg = "MODEL", .help = "count for this model or encoding" },
	{ 0, "json", OPT_FLAG, offsetof(struct job, json),
	    .help = "print one JSON object a file" },
};

static const struct opt_cmd cmd = {
	.about = "count tokens", .operands = "[FILE ...]"
};

static void
print_plain(struct job *j, uint64_t tokens, const char *name)
{
	char n[24];

	snprintf(n, sizeof(n), "%s%llu", j->model.exact ? "" : "~",
	    (unsigned long long)tokens);
	buf_addf(&j->out, "%*s", j->width, n);
	if (name != NULL)
		buf_addf(&j->out, " %s", name);
	buf_addc(&j->out, '\n');
}

/* A file's name may be any bytes; JSON is UTF-8. */
static void
print_string(struct buf *b, struct span s)
{
	struct buf clean = BUF_INIT;
	uint32_t cp;
	size_t w;
	char u[4];

	for (; s.n > 0; s = span_skip(s, w)) {
		w = utf8_decode(s.p, s.n, &cp, NULL);
		buf_add(&clean, u, utf8_encode(cp, u));
	}
	json_quote(buf_span(&clean), b);
	buf_release(&clean);
}

static void
print_json(struct job *j, const struct tok_sum *sum, const char *name)
{
	buf_adds(&j->out, "{\"file\":");
	print_string(&j->out, span_z(name));
	buf_addf(&j->out, ",\"bytes\":%llu,\"tokens\":%llu%s}\n",
	    (unsigned long long)sum->bytes, (unsigned long long)sum->tokens,
	    j->model.exact ? "" : ",\"estimated\":true");
}

/* Count one operand; NULL is standard input without being named. */
static void
count_file(struct job *j, const char *operand)
{
	struct tok_sum sum = { 0, 0 };
	const char *name = operand != NULL ? operand : "-";
	bool std = strcmp(name, "-") == 0;
	int fd = std ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || tok_count_fd(j->tok, fd, &j->in, &sum) < 0) {
		msg_warn("cannot read '%s':", name);
		j->status = HR_EXIT_FAIL;
	} else {
		sum.tokens = tok_scaled(&j->model, sum.tokens);
		j->total += sum.tokens;
		if (j->json)
			print_json(j, &sum, name);
		else
			print_plain(j, sum.tokens, operand);
	}
	if (!std && fd >= 0)
		close(fd);
}

static void
open_vocabulary(struct job *j)
{
	char name[32], path[PATH_MAX];

	snprintf(name, sizeof(name), "%s.hrv", tok_name(j->model.enc));
	if (data_path(name, path, sizeof(path)) < 0 ||
	    tok_open(&j->tok, j->model.enc, path) < 0)
		msg_die("cannot open the vocabulary '%s':", path);
}

int
main(int argc, char **argv)
{
	struct job j = { .name = "o200k_base", .in = BUF_INIT,
	    .out = BUF_INIT };
	struct opt_set sets[] = { OPT_SET(opts, &j) };
	int i, n = 0;

	msg_init(argv[0]);
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	if (tok_model(span_z(j.name), &j.model) < 0)
		msg_usage("no such model: '%s'", j.name);
	open_vocabulary(&j);
	j.in.max = RUN_MAX;
	j.width = argc - i > 1 ? WIDTH : 0;
	if (i == argc)
		count_file(&j, NULL);
	for (; i < argc; i++, n++)
		count_file(&j, argv[i]);
	if (n > 1 && !j.json)
		print_plain(&j, j.total, "total");
	if (buf_err(&j.out) ||
	    io_write(STDOUT_FILENO, j.out.p, j.out.len) < 0)
		msg_die("cannot write standard output:");
	tok_close(j.tok);
	buf_release(&j.in);
	buf_release(&j.out);
	return msg_finish(j.status);
}
