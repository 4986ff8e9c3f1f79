/*
 * bench json - the scanner against libjq's parser, in one process
 *
 *	bench/json [file ...]
 *
 * Each text is read by both in turn, many rounds; printed are the median of
 * the rounds' ratios, which a busy machine disturbs little, and the best
 * speed of either, which is only an orientation.  Without arguments the texts
 * are generated: records, compact and indented, a chat body of long escaped
 * strings, and text beyond ASCII as it is and by number.
 */
#include "compat.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"
#include "json_impl.h"

#ifdef HAVE_JQ
#include <jv.h>
#endif

#define ROUNDS		21
#define MIN_BYTES	(4u << 20)	/* of input a round, for our side */
#define GENERATED	(2u << 20)	/* bytes of each generated text */

static const char usage[] = "usage: json [file ...]\n";

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

/* Seconds for one reading by json_doc_scan; the array is reused. */
static double
time_doc(struct span s, struct json_doc *d)
{
	size_t k = MIN_BYTES / (s.n + 1) + 1, i;
	struct json_err err;
	double t = now();

	for (i = 0; i < k; i++)
		if (json_doc_scan(d, s, &err) != JSON_OK)
			exit(1);
	return (now() - t) / (double)k;
}

/* The same by one variant, without its memory. */
static double
time_variant(struct span s, struct json_doc *d, enum json_isa isa)
{
	size_t k = MIN_BYTES / (s.n + 1) + 1, i, n;
	struct json_err err;
	double t = now();

	for (i = 0; i < k; i++)
		if (json_scan_with(isa, s, d->tok, d->cap, &n, &err) !=
		    JSON_OK)
			exit(1);
	return (now() - t) / (double)k;
}

/* All strings decoded, and encoded again: seconds for each. */
static void
time_strings(struct span s, const struct json_doc *d, double *decode,
    double *encode)
{
	struct buf plain = BUF_INIT, again = BUF_INIT;
	const struct json_tok *k;
	double t;
	int i;

	for (i = 0; i < 2; i++) {	/* the first time gets the memory */
		buf_reset(&plain);
		buf_reset(&again);
		t = now();
		for (k = d->tok; k < d->tok + d->ntok; k++)
			if (k->type == JSON_STRING)
				json_decode(json_body(s, k), &plain);
		*decode = now() - t;
		t = now();
		json_encode(buf_span(&plain), &again);
		*encode = now() - t;
	}
	buf_release(&plain);
	buf_release(&again);
}

static double
time_jq(struct span s)
{
#ifdef HAVE_JQ
	double t = now();
	jv v = jv_parse_sized(s.p, (int)s.n);

	if (!jv_is_valid(v))
		exit(1);
	t = now() - t;
	jv_free(v);
	return t;
#else
	(void)s;
	return 0;
#endif
}

/* Seconds of the best round, each. */
struct best {
	double	doc, jq, variant[3], decode, encode;
};

static void
least(double *a, double b)
{
	if (*a == 0 || b < *a)
		*a = b;
}

/* One round; returns how much longer libjq took. */
static double
one_round(struct span s, struct json_doc *d, struct best *b)
{
	double ours = time_doc(s, d), jq = time_jq(s), decode, encode;
	int isa;

	least(&b->doc, ours);
	least(&b->jq, jq);
	for (isa = 0; isa < 3; isa++)
		if (json_isa_here((enum json_isa)isa))
			least(&b->variant[isa], time_variant(s, d,
			    (enum json_isa)isa));
	time_strings(s, d, &decode, &encode);
	least(&b->decode, decode);
	least(&b->encode, encode);
	return jq / ours;
}

static double
in_strings(const struct json_doc *d)
{
	const struct json_tok *t;
	double n = 0;

	for (t = d->tok; t < d->tok + d->ntok; t++)
		if (t->type == JSON_STRING)
			n += t->end - t->start - 2;
	return n / 1e6;
}

static void
bench(const char *name, struct span s)
{
	static const char *const isa_name[] = { "plain", "sse2", "avx2" };
	struct json_doc d = JSON_DOC_INIT;
	struct best b = { .doc = 0 };
	double ratio[ROUNDS], mb = (double)s.n / 1e6;
	int i;

	for (i = 0; i < ROUNDS; i++)
		ratio[i] = one_round(s, &d, &b);
	printf("%s: %.1f bytes a token\n", name,
	    (double)s.n / (double)d.ntok);
	printf("\tscan %.0f MB/s", mb / b.doc);
	if (b.jq > 0)
		printf(", libjq %.0f, ratio %.1f", mb / b.jq,
		    median(ratio, ROUNDS));
	printf(";");
	for (i = 0; i < 3; i++)
		if (b.variant[i] > 0)
			printf(" %s %.0f", isa_name[i], mb / b.variant[i]);
	printf("; decode %.0f, encode %.0f\n", in_strings(&d) / b.decode,
	    in_strings(&d) / b.encode);
	json_doc_release(&d);
}

/* An array of objects as APIs return them. */
static void
records(struct buf *b, const char *nl, const char *colon)
{
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; b->len < GENERATED; i++)
		buf_addf(b, "%s%s{\"id\"%s%u,%s\"name\"%s\"user-%u\",%s"
		    "\"active\"%s%s,%s\"score\"%s%u.%02u,%s\"city\"%s\"%s\"}",
		    i > 0 ? "," : "", nl, colon, i, nl, colon, i * 7919 % 1000,
		    nl, colon, i % 3 ? "true" : "false", nl, colon, i % 90,
		    i % 100, nl, colon, i % 2 ? "Lisbon" : "Nuku'alofa");
	buf_adds(b, "]\n");
}

/* A conversation: long strings of program text, escaped. */
static void
chat(struct buf *b)
{
	unsigned i, j;

	buf_adds(b, "{\"model\":\"m\",\"messages\":[");
	for (i = 0; b->len < GENERATED; i++) {
		buf_addf(b, "%s{\"role\":\"%s\",\"content\":\"", i ? "," : "",
		    i % 2 ? "user" : "assistant");
		for (j = 0; j < 40 + i * 37 % 60; j++)
			buf_addf(b, "\\tif (table[%u].name == NULL || "
			    "strcmp(\\\"key-%u\\\", name) != 0)%s\\n", j * i,
			    j, j % 3 ? " {" : "\\n\\t\\treturn false;");
		buf_adds(b, "\"}");
	}
	buf_adds(b, "]}");
}

static void
wide(struct buf *b)
{
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; b->len < GENERATED; i++)
		buf_addf(b, "%s\"%u \u6587\u4ef6\u7684\u5185\u5bb9\u662f "
		    "\u0434\u0430\u043d\u043d\u044b\u0435 caf\u00e9 "
		    "\U0001F600 \u91cd\u8981\u306a\u6587\u66f8\"",
		    i ? "," : "", i);
	buf_adds(b, "]");
}

/* The same as writers make it that know ASCII only. */
static void
numbered(struct buf *b)
{
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; b->len < GENERATED; i++)
		buf_addf(b, "%s\"%u \\u6587\\u4ef6\\u7684\\u5185\\u5bb9 "
		    "caf\\u00e9 \\u0434\\u0430\\u043d\\u043d\\u044b\\u0435 "
		    "\\ud83d\\ude00\"", i ? "," : "", i);
	buf_adds(b, "]");
}

static void
generated(void)
{
	struct buf b = BUF_INIT;

	records(&b, "", ":");
	bench("records, compact", buf_span(&b));
	buf_reset(&b);
	records(&b, "\n        ", ": ");
	bench("records, indented", buf_span(&b));
	buf_reset(&b);
	chat(&b);
	bench("chat", buf_span(&b));
	buf_reset(&b);
	wide(&b);
	bench("beyond ASCII", buf_span(&b));
	buf_reset(&b);
	numbered(&b);
	bench("the same by number", buf_span(&b));
	buf_release(&b);
}

int
main(int argc, char **argv)
{
	struct buf b = BUF_INIT;
	const char *slash;
	int i, fd;

	if (argc > 1 && argv[1][0] == '-') {
		fputs(usage, stderr);
		return 2;
	}
	if (argc == 1)
		generated();
	for (i = 1; i < argc; i++) {
		buf_reset(&b);
		fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		if (fd < 0 || io_slurp(fd, &b) < 0) {
			perror(argv[i]);
			return 1;
		}
		close(fd);
		slash = strrchr(argv[i], '/');
		bench(slash ? slash + 1 : argv[i], buf_span(&b));
	}
	buf_release(&b);
	return 0;
}
