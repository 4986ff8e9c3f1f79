/*
 * bench/ccr - what the store costs beside zstd alone
 *
 *	bench/ccr [FOLDER]
 *
 * Elapsed time of putting and getting values of 4 KB and 32 KB (log lines, all
 * different) in one process, beside compressing and decompressing the same
 * values.  Settling, which a caller does when nobody waits, is timed apart.
 */
#include "compat.h"

#include <unistd.h>
#include <zstd.h>

#include "bench.h"
#include "buf.h"
#include "ccr.h"

#define ROUNDS	31
#define VALUES	64	/* a round */
#define LARGEST	((size_t)32 << 10)

static char text[VALUES][LARGEST + 256];
static char z[VALUES][LARGEST * 2];
static size_t zn[VALUES];
static struct mark_id ids[VALUES];
static unsigned serial;

static unsigned
dice(unsigned sides)
{
	static uint64_t x = 88172645463325252u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (unsigned)(x >> 33) % sides;
}

static void
write_log(char *p, size_t size)
{
	static const char *const level[] = { "INFO", "WARN", "ERROR", "DEBUG" };
	static const char *const what[] = { "GET /api/v1/users", "retrying job",
	    "cache miss for key session", "connection closed by shard" };
	size_t n = 0;

	while (n < size) {
		n += (size_t)snprintf(p + n, 64,
		    "2026-11-21T10:%02u:%02u.%03uZ %s [worker-%u] ",
		    serial / 60 % 60, serial % 60, dice(1000), level[dice(4)],
		    dice(8));
		n += (size_t)snprintf(p + n, 128, "%s:%u size=%u took %u ms\n",
		    what[dice(4)], serial++, dice(900), dice(5000));
	}
}

static double
compress_all(ZSTD_CCtx *c, size_t size)
{
	double t = bench_elapsed();
	size_t i;

	for (i = 0; i < VALUES; i++)
		zn[i] = ZSTD_compressCCtx(c, z[i], sizeof(z[i]), text[i], size,
		    1);
	return bench_elapsed() - t;
}

static double
decompress_all(ZSTD_DCtx *d, size_t size, char *out)
{
	double t = bench_elapsed();
	size_t i;

	for (i = 0; i < VALUES; i++)
		if (ZSTD_decompressDCtx(d, out, size, z[i], zn[i]) != size)
			bench_die("zstd does not give the value back");
	return bench_elapsed() - t;
}

static double
put_all(struct ccr *c, size_t size)
{
	double t = bench_elapsed();
	size_t i;

	for (i = 0; i < VALUES; i++)
		if (ccr_put(c, span_of(text[i], size), &ids[i]) != CCR_OK)
			bench_die("put: %s", ccr_error(c));
	return bench_elapsed() - t;
}

static double
get_all(struct ccr *c, struct buf *out)
{
	double t = bench_elapsed();
	size_t i;

	for (i = 0; i < VALUES; i++) {
		buf_reset(out);
		if (ccr_get(c, &ids[i], out) != CCR_OK)
			bench_die("get: %s", ccr_error(c));
	}
	return bench_elapsed() - t;
}

static double
settle(struct ccr *c)
{
	double t = bench_elapsed();

	if (ccr_settle(c) != CCR_OK)
		bench_die("settle: %s", ccr_error(c));
	return bench_elapsed() - t;
}

/* What is measured of values of one size. */
struct series {
	struct bench	put, get, settle, compress, decompress;
};

static void
print(size_t size, const struct series *m)
{
	char name[32];

	snprintf(name, sizeof(name), "put %zu KB", size >> 10);
	bench_line(name, BENCH_US, VALUES, &m->put, &m->compress);
	snprintf(name, sizeof(name), "get %zu KB", size >> 10);
	bench_line(name, BENCH_US, VALUES, &m->get, &m->decompress);
	bench_line("  settle, a put", BENCH_US, VALUES, &m->settle, NULL);
}

static void
run(struct ccr *c, ZSTD_CCtx *cc, ZSTD_DCtx *dc, size_t size)
{
	static char plain[LARGEST];
	struct series m = { .put = BENCH_INIT };
	struct buf out = BUF_INIT;
	size_t i;

	while (m.put.n < ROUNDS) {
		for (i = 0; i < VALUES; i++)
			write_log(text[i], size);
		bench_add(&m.compress, compress_all(cc, size));
		bench_add(&m.put, put_all(c, size));
		bench_add(&m.decompress, decompress_all(dc, size, plain));
		bench_add(&m.get, get_all(c, &out));
		bench_add(&m.settle, settle(c));
	}
	print(size, &m);
	buf_release(&out);
}

static void
remove_store(const char *path)
{
	static const char *const tail[] = { "", "-wal", "-shm" };
	char name[4200];
	size_t i;

	for (i = 0; i < HR_LEN(tail); i++) {
		snprintf(name, sizeof(name), "%s%s", path, tail[i]);
		unlink(name);
	}
}

int
main(int argc, char **argv)
{
	ZSTD_CCtx *cc = ZSTD_createCCtx();
	ZSTD_DCtx *dc = ZSTD_createDCtx();
	char path[4096], err[256];
	struct ccr *c;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		fputs("usage: ccr [FOLDER]\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "%s/bench-ccr.%ld.db",
	    argc > 1 ? argv[1] : "/tmp", (long)getpid());
	if (cc == NULL || dc == NULL)
		bench_die("no memory");
	if (ccr_open(&c, path, err, sizeof(err)) != CCR_OK)
		bench_die("%s", err);
	bench_pin();
	bench_head("ccr: store", "zstd");
	run(c, cc, dc, (size_t)4 << 10);
	run(c, cc, dc, LARGEST);
	ccr_close(c);
	ZSTD_freeCCtx(cc);
	ZSTD_freeDCtx(dc);
	remove_store(path);
	return 0;
}
