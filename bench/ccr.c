/*
 * bench/ccr - what the store costs beside zstd alone
 *
 *	bench/ccr [FOLDER]
 *
 * Puts and gets values of 4 KB and 32 KB (log lines, all different) in one
 * process, each round interleaved with compressing and decompressing the
 * same values, and prints the median of the rounds' ratios.  Settling, which
 * a caller does when nobody waits, is timed apart.
 */
#include "compat.h"

#include <time.h>
#include <unistd.h>
#include <zstd.h>

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

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v)
{
	qsort(v, ROUNDS, sizeof(*v), by_value);
	return v[ROUNDS / 2];
}

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
	double t = now();
	size_t i;

	for (i = 0; i < VALUES; i++)
		zn[i] = ZSTD_compressCCtx(c, z[i], sizeof(z[i]), text[i], size,
		    1);
	return now() - t;
}

static double
decompress_all(ZSTD_DCtx *d, size_t size, char *out)
{
	double t = now();
	size_t i;

	for (i = 0; i < VALUES; i++)
		if (ZSTD_decompressDCtx(d, out, size, z[i], zn[i]) != size)
			abort();
	return now() - t;
}

static double
put_all(struct ccr *c, size_t size)
{
	double t = now();
	size_t i;

	for (i = 0; i < VALUES; i++)
		if (ccr_put(c, span_of(text[i], size), &ids[i]) != CCR_OK) {
			fprintf(stderr, "put: %s\n", ccr_error(c));
			exit(1);
		}
	return now() - t;
}

static double
get_all(struct ccr *c, struct buf *out)
{
	double t = now();
	size_t i;

	for (i = 0; i < VALUES; i++) {
		buf_reset(out);
		if (ccr_get(c, &ids[i], out) != CCR_OK) {
			fprintf(stderr, "get: %s\n", ccr_error(c));
			exit(1);
		}
	}
	return now() - t;
}

static void
run(struct ccr *c, ZSTD_CCtx *cc, ZSTD_DCtx *dc, size_t size)
{
	double put[ROUNDS], get[ROUNDS], pus[ROUNDS], gus[ROUNDS], a, t;
	double settle = 0, compress[ROUNDS], decompress[ROUNDS];
	static char plain[LARGEST];
	struct buf out = BUF_INIT;
	size_t i, r;

	for (r = 0; r < ROUNDS; r++) {
		for (i = 0; i < VALUES; i++)
			write_log(text[i], size);
		a = compress_all(cc, size);
		pus[r] = put_all(c, size) / VALUES;
		compress[r] = a / VALUES;
		put[r] = pus[r] / compress[r];
		a = decompress_all(dc, size, plain);
		gus[r] = get_all(c, &out) / VALUES;
		decompress[r] = a / VALUES;
		get[r] = gus[r] / decompress[r];
		t = now();
		if (ccr_settle(c) != CCR_OK)
			fprintf(stderr, "settle: %s\n", ccr_error(c));
		settle += now() - t;
	}
	printf("%zu KB: put %.2f x zstd (%.1f us, %.1f us), "
	    "get %.2f x zstd (%.1f us, %.1f us), settling %.1f us a put\n",
	    size >> 10, median(put), median(pus), median(compress),
	    median(get), median(gus), median(decompress),
	    settle / (ROUNDS * VALUES));
	buf_release(&out);
}

int
main(int argc, char **argv)
{
	ZSTD_CCtx *cc = ZSTD_createCCtx();
	ZSTD_DCtx *dc = ZSTD_createDCtx();
	char path[4096], err[256];
	struct ccr *c;

	snprintf(path, sizeof(path), "%s/bench-ccr.%ld.db",
	    argc > 1 ? argv[1] : "/tmp", (long)getpid());
	if (cc == NULL || dc == NULL ||
	    ccr_open(&c, path, err, sizeof(err)) != CCR_OK) {
		fprintf(stderr, "cannot open '%s'\n", path);
		return 1;
	}
	run(c, cc, dc, (size_t)4 << 10);
	run(c, cc, dc, LARGEST);
	ccr_close(c);
	ZSTD_freeCCtx(cc);
	ZSTD_freeDCtx(dc);
	unlink(path);
	memcpy(path + strlen(path), "-wal", 5);
	unlink(path);
	memcpy(path + strlen(path) - 4, "-shm", 5);
	unlink(path);
	return 0;
}
