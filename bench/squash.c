/*
 * bench/squash - hr-squash-json's library against libjq's parser
 *
 *	bench/squash [FILE ...]
 *
 * CPU time, in one process.  Of a text that was scanned: to plan and to write
 * it, beside what libjq takes to parse the text; then the parts of that, the
 * scan, and all that squash_json() does.  Without arguments the texts are made
 * here.  The whole command is measured by bench/whole.
 */
#include "compat.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "bench.h"
#include "buf.h"
#include "io.h"
#include "json.h"
#include "json_lines.h"
#include "json_plan.h"
#include "json_render.h"
#include "squash.h"
#include "text.h"

#ifdef HAVE_JQ
#include <jv.h>
#endif

#define ROUNDS	7
#define MADE	((size_t)20 << 20)	/* bytes of a text made here */

/* What is measured of one text. */
struct series {
	struct bench	both, scan, plan, render, all, jq;
};

/* One value, or values one a line. */
static bool
scan(struct json_doc *d, struct span s)
{
	struct json_err err;

	if (json_doc_scan(d, s, &err) == JSON_OK)
		return false;
	if (json_lines_scan(d, s, &err) != JSON_OK)
		bench_die("not JSON: %s at byte %zu", err.what, err.at);
	return true;
}

static void
time_parts(struct span s, struct series *m)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_plan plan = JSON_PLAN_INIT;
	struct buf out = BUF_INIT;
	struct json_render r = JSON_RENDER_INIT(&plan, NULL, &out);
	double t = bench_cpu(), scanned, planned;
	bool lines = scan(&d, s);

	scanned = bench_cpu();
	if (!json_plan_make(&plan, &d, NULL))
		bench_die("no memory");
	planned = bench_cpu();
	json_render_begin(&r);
	if (lines)
		json_render_lines(&r, 0);
	else
		json_render_value(&r, 0);
	json_render_release(&r);
	if (buf_err(&out) != 0)
		bench_die("no memory");
	json_plan_release(&plan);
	bench_add(&m->render, bench_cpu() - planned);
	bench_add(&m->plan, planned - scanned);
	bench_add(&m->scan, scanned - t);
	bench_add(&m->both, bench_cpu() - scanned);
	buf_release(&out);
	json_doc_release(&d);
}

static void
time_all(struct span s, struct tok *tok, struct series *m)
{
	struct squash q = SQUASH_INIT;
	double t = bench_cpu();

	q.tok = tok;
	q.opt.level = SQUASH_LOSSLESS;
	q.about = true;
	squash_json(&q, s);
	bench_add(&m->all, bench_cpu() - t);
	squash_release(&q);
}

static void
time_jq(struct span s, struct bench *b)
{
#ifdef HAVE_JQ
	struct jv_parser *p = jv_parser_new(0);
	double t = bench_cpu();
	jv v;

	jv_parser_set_buf(p, s.p, (int)s.n, 0);
	for (v = jv_parser_next(p); jv_is_valid(v); v = jv_parser_next(p))
		jv_free(v);
	bench_add(b, bench_cpu() - t);
	jv_free(v);
	jv_parser_free(p);
#else
	(void)s;
	(void)b;
#endif
}

static void
measure(const char *name, struct span s, struct tok *tok)
{
	struct series m = { .both = BENCH_INIT };
	double n = (double)s.n;

	while (m.both.n < ROUNDS) {
		time_parts(s, &m);
		time_jq(s, &m.jq);
		if (tok != NULL)
			time_all(s, tok, &m);
	}
	bench_line(name, BENCH_MB_S, n, &m.both, &m.jq);
	bench_line("  plan", BENCH_MB_S, n, &m.plan, &m.jq);
	bench_line("  write", BENCH_MB_S, n, &m.render, &m.jq);
	bench_line("  scan", BENCH_MB_S, n, &m.scan, &m.jq);
	if (tok != NULL)
		bench_line("  all", BENCH_MB_S, n, &m.all, &m.jq);
}

static void
measure_made(const char *name, void (*make)(struct buf *, size_t),
    struct tok *tok)
{
	struct buf b = BUF_INIT;

	make(&b, MADE);
	if (buf_err(&b) != 0)
		bench_die("no memory");
	measure(name, buf_span(&b), tok);
	buf_release(&b);
}

static void
measure_file(const char *path, struct tok *tok)
{
	const char *slash = strrchr(path, '/');
	struct buf b = BUF_INIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	b.max = INT32_MAX;	/* libjq's ceiling */
	if (fd < 0 || io_slurp(fd, &b) < 0)
		bench_die("cannot read '%s'", path);
	close(fd);
	measure(slash != NULL ? slash + 1 : path, buf_span(&b), tok);
	buf_release(&b);
}

/* Of this build; NULL if it is not there. */
static struct tok *
vocabulary(void)
{
	char own[PATH_MAX], path[PATH_MAX + 32];
	struct tok *tok;

	if (io_exe_dir(own, sizeof(own)) < 0)
		return NULL;
	snprintf(path, sizeof(path), "%s/../share/o200k_base.hrv", own);
	return tok_open(&tok, TOK_O200K, path) < 0 ? NULL : tok;
}

int
main(int argc, char **argv)
{
	struct tok *tok;
	int i;

	if (argc > 1 && argv[1][0] == '-') {
		fputs("usage: squash [FILE ...]\n", stderr);
		return 2;
	}
	bench_pin();
	bench_head("squash: plan and write JSON", "libjq");
	tok = vocabulary();
	if (tok == NULL)
		bench_note("vocabulary", "not there");
#ifndef HAVE_JQ
	bench_note("libjq", "not there");
#endif
	for (i = 1; i < argc; i++)
		measure_file(argv[i], tok);
	if (argc == 1) {
		measure_made("records", text_records, tok);
		measure_made("records, one a line", text_lines, tok);
		measure_made("pods", text_pods, tok);
	}
	tok_close(tok);
	return 0;
}
