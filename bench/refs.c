/*
 * bench/refs - what references within a request cost
 *
 *	bench/refs [VOCABULARY]
 *
 * CPU time of the stage (lines cut and hashed, looked up, said, remembered)
 * beside XXH3 of the same bytes.  A turn adds one text to a conversation that
 * is known: a new file, or one that was read before and changed in two
 * places.  Then the tokens of what is not repeated are counted too, which is
 * most of the time and the line after.  Cold, all texts of a conversation are
 * new to the process.
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>

#include "bench.h"
#include "buf.h"
#include "hash.h"
#include "io.h"
#include "refs.h"

#define ROUNDS	31
#define TURNS	64	/* a round */
#define SEED	7

static struct refs refs;
static struct refs_lines lines = REFS_LINES_INIT;
static struct refs_said said = REFS_SAID_INIT;
static struct refs_opt opt;
static struct buf form = BUF_INIT;
static uint64_t sink;

static unsigned
dice(unsigned sides)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (unsigned)(x >> 33) % sides;
}

/* A file as agents print it, of about this size; each is different. */
static void
write_file(struct buf *b, size_t size)
{
	static const char *const words[] = { "count", "buffer", "length",
	    "offset", "table", "entry", "value", "index" };
	unsigned n = 0;

	buf_reset(b);
	while (b->len < size) {
		buf_addf(b, "%6u\t", ++n);
		if (dice(9) == 0)
			buf_adds(b, "}");
		else
			buf_addf(b, "\t%s->%s[%u] = get_%s(%s, %u);",
			    words[dice(8)], words[dice(8)], dice(1000),
			    words[dice(8)], words[dice(8)], dice(100));
		buf_addc(b, '\n');
	}
}

/* The same with two lines changed. */
static void
change_file(const struct buf *from, struct buf *to)
{
	size_t i, third = from->len / 3;

	buf_reset(to);
	buf_addspan(to, buf_span(from));
	for (i = third; i < to->len && to->p[i] != ';'; i++)
		;
	to->p[i] = ':';
	for (i = 2 * third; i < to->len && to->p[i] != ';'; i++)
		;
	to->p[i] = ':';
}

static size_t
stage(struct span text, unsigned n)
{
	char name[32];
	struct refs_name is = { .name = span_of(name, (size_t)snprintf(name,
	    sizeof(name), "Read of src/f%u.c", n)), .path = 8, .block = n,
	    .result = true, .shows = true };

	opt.block = n;
	refs_split(&lines, text, refs.seed);
	refs_guard(&lines);
	if (refs_find(&refs, &lines, &said))
		refs_refer(&refs, &lines, &opt, &said);
	if (said.edits.n > 0) {
		buf_reset(&form);
		edits_apply(&said.edits, text, &form);
		refs_split(&lines, buf_span(&form), refs.seed);
	}
	refs_add(&refs, &is, &lines);
	return said.edits.n;
}

/* Texts of 10 KB until the conversation has this size. */
static void
talk(size_t size)
{
	struct buf b = BUF_INIT;
	unsigned n = 0;
	size_t i;

	refs_release(&refs);
	refs_start(&refs, SEED);
	for (i = 0; i < size; i += b.len) {
		write_file(&b, 10000);
		stage(buf_span(&b), n++);
	}
	buf_release(&b);
}

static double
hash(struct span text)
{
	double t = bench_cpu();
	unsigned i;

	for (i = 0; i < TURNS; i++)
		sink += hash_xxh3(text, SEED + i);
	return bench_cpu() - t;
}

static double
turns(struct span text, size_t *nrefs)
{
	struct refs_mark mark = refs_mark(&refs);
	double t = bench_cpu(), back = 0, from;
	unsigned i;

	for (i = 0; i < TURNS; i++) {
		*nrefs = stage(text, 100000);
		from = bench_cpu();
		refs_rewind(&refs, mark);
		back += bench_cpu() - from;
	}
	return bench_cpu() - t - back;
}

static double
count(struct span text)
{
	double t = bench_cpu();
	unsigned i;

	for (i = 0; i < TURNS; i++)
		sink += tok_count(opt.tok, text);
	return bench_cpu() - t;
}

static void
bench_turn(size_t conversation, size_t size, bool again)
{
	struct bench ours = BENCH_INIT, peer = BENCH_INIT, tok = BENCH_INIT;
	struct buf b = BUF_INIT, changed = BUF_INIT;
	struct span text;
	size_t nrefs = 0;
	char name[80];

	talk(conversation);
	write_file(&b, size);
	change_file(&b, &changed);
	text = buf_span(&b);
	if (again) {
		stage(text, 99999);
		text = buf_span(&changed);
	}
	while (ours.n < ROUNDS) {
		bench_add(&ours, turns(text, &nrefs));
		bench_add(&peer, hash(text));
		if (again)
			bench_add(&tok, count(text));
	}
	snprintf(name, sizeof(name), "%s %zu KB to %zu KB",
	    again ? "reread" : "new", size / 1000, conversation / 1000);
	bench_line(name, BENCH_US, TURNS, &ours, &peer);
	if (again)
		bench_line("  its tokens", BENCH_US, TURNS, &tok, &peer);
	if (again != (nrefs > 0))
		bench_die("%zu references", nrefs);
	buf_release(&b);
	buf_release(&changed);
}

static void
bench_cold(size_t size)
{
	struct bench ours = BENCH_INIT, peer = BENCH_INIT;
	struct buf b[110];
	char name[80];
	size_t i, n = 0, all = 0;
	double t;

	for (; all < size && n < HR_LEN(b); n++) {
		b[n] = (struct buf)BUF_INIT;
		write_file(&b[n], 10000);
		all += b[n].len;
	}
	while (ours.n < ROUNDS) {
		refs_release(&refs);
		t = bench_cpu();
		refs_start(&refs, SEED);
		for (i = 0; i < n; i++)
			stage(buf_span(&b[i]), (unsigned)i);
		bench_add(&ours, bench_cpu() - t);
		t = bench_cpu();
		for (i = 0; i < n; i++)
			sink += hash_xxh3(buf_span(&b[i]), SEED);
		bench_add(&peer, bench_cpu() - t);
	}
	snprintf(name, sizeof(name), "cold, a MB of %zu KB", all / 1000);
	bench_line(name, BENCH_US, (double)all / 1e6, &ours, &peer);
	for (i = 0; i < n; i++)
		buf_release(&b[i]);
}

int
main(int argc, char **argv)
{
	static const size_t sizes[] = { 1000, 10000, 40000 };
	char own[PATH_MAX], path[2 * PATH_MAX];
	size_t i;

	if (argc > 2 || io_exe_dir(own, sizeof(own)) < 0)
		bench_die("usage: bench/refs [VOCABULARY]");
	snprintf(path, sizeof(path), "%s/../share/o200k_base.hrv", own);
	if (tok_open(&opt.tok, TOK_O200K, argc == 2 ? argv[1] : path) < 0)
		bench_die("cannot open the vocabulary");
	bench_pin();
	bench_head("refs", "XXH3");
	for (i = 0; i < HR_LEN(sizes); i++)
		bench_turn(200000, sizes[i], false);
	bench_turn(1000000, 10000, false);
	for (i = 1; i < HR_LEN(sizes); i++)
		bench_turn(200000, sizes[i], true);
	bench_cold(1000000);
	refs_release(&refs);
	refs_lines_release(&lines);
	refs_said_release(&said);
	buf_release(&form);
	tok_close(opt.tok);
	return sink == 1;
}
