/*
 * bench/json - the scanner against libjq's parser, in one process
 *
 *	bench/json [FILE ...]
 *
 * CPU time.  Each text is read by our scanner, by each of its variants that
 * this processor can run, and by libjq's parser; then all its strings are
 * decoded and encoded again.  Without arguments the texts are made here.
 */
#include "compat.h"

#include <fcntl.h>
#include <unistd.h>

#include "bench.h"
#include "buf.h"
#include "io.h"
#include "json_impl.h"
#include "text.h"

#ifdef HAVE_JQ
#include <jv.h>
#endif

#define ROUNDS		21
#define MIN_BYTES	(4u << 20)	/* read a round, by our side */
#define MADE		((size_t)2 << 20)	/* bytes of a text made here */
#define VARIANTS	(JSON_AVX2 + 1)

/* What is measured of one text. */
struct series {
	struct bench	doc, jq, variant[VARIANTS], decode, encode;
	double		plain;		/* bytes of all strings, decoded */
};

/* One reading by json_doc_scan; the array is reused. */
static double
time_doc(struct span s, struct json_doc *d)
{
	size_t k = MIN_BYTES / (s.n + 1) + 1, i;
	struct json_err err;
	double t = bench_cpu();

	for (i = 0; i < k; i++)
		if (json_doc_scan(d, s, &err) != JSON_OK)
			bench_die("not JSON: %s at byte %zu", err.what,
			    err.at);
	return (bench_cpu() - t) / (double)k;
}

/* The same by one variant, without its memory. */
static double
time_variant(struct span s, struct json_doc *d, enum json_isa isa)
{
	size_t k = MIN_BYTES / (s.n + 1) + 1, i, n;
	struct json_err err;
	double t = bench_cpu();

	for (i = 0; i < k; i++)
		if (json_scan_with(isa, s, d->tok, d->cap, &n, &err) !=
		    JSON_OK)
			bench_die("a variant fails at byte %zu", err.at);
	return (bench_cpu() - t) / (double)k;
}

static void
time_strings(struct span s, const struct json_doc *d, struct series *m)
{
	struct buf plain = BUF_INIT, again = BUF_INIT;
	double t[3] = { 0 };
	const struct json_tok *k;
	int i;

	for (i = 0; i < 2; i++) {	/* the first time gets the memory */
		buf_reset(&plain);
		buf_reset(&again);
		t[0] = bench_cpu();
		for (k = d->tok; k < d->tok + d->ntok; k++)
			if (k->type == JSON_STRING)
				json_decode(json_body(s, k), &plain);
		t[1] = bench_cpu();
		json_encode(buf_span(&plain), &again);
		t[2] = bench_cpu();
	}
	bench_add(&m->decode, t[1] - t[0]);
	bench_add(&m->encode, t[2] - t[1]);
	m->plain = (double)plain.len;
	buf_release(&plain);
	buf_release(&again);
}

static void
time_jq(struct span s, struct bench *b)
{
#ifdef HAVE_JQ
	double t = bench_cpu();
	jv v = jv_parse_sized(s.p, (int)s.n);

	if (!jv_is_valid(v))
		bench_die("libjq does not read this");
	bench_add(b, bench_cpu() - t);
	jv_free(v);
#else
	(void)s;
	(void)b;
#endif
}

static void
one_round(struct span s, struct json_doc *d, struct series *m)
{
	int i;

	bench_add(&m->doc, time_doc(s, d));
	time_jq(s, &m->jq);
	for (i = 0; i < VARIANTS; i++)
		if (json_isa_here((enum json_isa)i))
			bench_add(&m->variant[i],
			    time_variant(s, d, (enum json_isa)i));
	time_strings(s, d, m);
}

static double
in_strings(const struct json_doc *d)
{
	const struct json_tok *t;
	double n = 0;

	for (t = d->tok; t < d->tok + d->ntok; t++)
		if (t->type == JSON_STRING)
			n += t->end - t->start - 2;
	return n;
}

static void
measure(const char *name, struct span s)
{
	static const char *const variant[] = { "plain", "sse2", "avx2" };
	struct json_doc d = JSON_DOC_INIT;
	struct series m = { .doc = BENCH_INIT };
	char line[64];
	double n;
	int i;

	while (m.doc.n < ROUNDS)
		one_round(s, &d, &m);
	bench_line(name, BENCH_MB_S, (double)s.n, &m.doc, &m.jq);
	for (i = 0; i < VARIANTS; i++) {
		if (m.variant[i].n == 0)
			continue;
		snprintf(line, sizeof(line), "  %s", variant[i]);
		bench_line(line, BENCH_MB_S, (double)s.n, &m.variant[i],
		    &m.jq);
	}
	n = in_strings(&d);
	if (n > 0) {
		bench_line("  decode", BENCH_MB_S, n, &m.decode, NULL);
		bench_line("  encode", BENCH_MB_S, m.plain, &m.encode, NULL);
	}
	json_doc_release(&d);
}

static void
measure_made(const char *name, void (*make)(struct buf *, size_t))
{
	struct buf b = BUF_INIT;

	make(&b, MADE);
	if (buf_err(&b) != 0)
		bench_die("no memory");
	measure(name, buf_span(&b));
	buf_release(&b);
}

static void
indented(struct buf *b, size_t size)
{
	struct buf compact = BUF_INIT;

	text_records(&compact, size / 2);
	text_indent(b, buf_span(&compact));
	buf_release(&compact);
}

static void
measure_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf b = BUF_INIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	b.max = INT32_MAX;	/* libjq's ceiling */
	if (fd < 0 || io_slurp(fd, &b) < 0)
		bench_die("cannot read '%s'", path);
	close(fd);
	measure(slash != NULL ? slash + 1 : path, buf_span(&b));
	buf_release(&b);
}

int
main(int argc, char **argv)
{
	int i;

	if (argc > 1 && argv[1][0] == '-') {
		fputs("usage: json [FILE ...]\n", stderr);
		return 2;
	}
	bench_pin();
	bench_head("json: scan", "libjq");
#ifndef HAVE_JQ
	bench_note("libjq", "not there");
#endif
	for (i = 1; i < argc; i++)
		measure_file(argv[i]);
	if (argc == 1) {
		measure_made("records, compact", text_records);
		measure_made("records, indented", indented);
		measure_made("pods", text_pods);
		measure_made("chat", text_chat);
		measure_made("beyond ASCII", text_wide);
		measure_made("the same by number", text_numbered);
	}
	return 0;
}
