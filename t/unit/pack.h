/*
 * pack.h - a text under each Content-Encoding, made by the libraries
 *
 * Each is flushed in its middle, as a live stream is, where the library can.
 */
#ifndef HR_PACK_H
#define HR_PACK_H

#include "compat.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include "buf.h"
#include "span.h"

enum pack {
	PACK_NONE,
	PACK_GZIP,
	PACK_ZLIB,
	PACK_RAW,
	PACK_BROTLI,
	PACK_ZSTD,
	PACKS
};

static const char *const pack_name[PACKS] = {
	"identity", "gzip", "deflate", "deflate", "br", "zstd"
};

/* The bytes must last: zlib is told of them without const. */
static void
pack_zlib(struct span s, int bits, struct buf *out)
{
	z_stream z = { .next_in = NULL };
	char *copy = malloc(s.n + 1);
	size_t room;

	if (copy == NULL || deflateInit2(&z, 9, Z_DEFLATED, bits, 9,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	room = deflateBound(&z, s.n) + 64;
	z.next_in = (Bytef *)copy;
	z.avail_in = (uInt)(s.n / 2);
	z.next_out = (Bytef *)buf_reserve(out, room);
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_SYNC_FLUSH) != Z_OK)
		abort();
	z.avail_in = (uInt)(s.n - s.n / 2);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	buf_commit(out, room - z.avail_out);
	deflateEnd(&z);
	free(copy);
}

static void
pack_brotli(struct span s, struct buf *out)
{
	size_t n = BrotliEncoderMaxCompressedSize(s.n) + 64;
	char *p = buf_reserve(out, n);

	if (!BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW,
	    BROTLI_DEFAULT_MODE, s.n, (const uint8_t *)s.p, &n, (uint8_t *)p))
		abort();
	buf_commit(out, n);
}

/* Without a size in the header, as a stream has it. */
static void
pack_zstd(struct span s, struct buf *out)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(s.n) + 64;
	ZSTD_inBuffer from = { s.p, s.n / 2, 0 };
	ZSTD_outBuffer to = { buf_reserve(out, room), room, 0 };

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	if (ZSTD_compressStream2(c, &to, &from, ZSTD_e_flush) != 0)
		abort();
	from.size = s.n;
	if (ZSTD_compressStream2(c, &to, &from, ZSTD_e_end) != 0)
		abort();
	buf_commit(out, to.pos);
	ZSTD_freeCCtx(c);
}

static void
pack(enum pack how, struct span s, struct buf *out)
{
	switch (how) {
	case PACK_GZIP:
		pack_zlib(s, 15 + 16, out);
		break;
	case PACK_ZLIB:
		pack_zlib(s, 15, out);
		break;
	case PACK_RAW:
		pack_zlib(s, -15, out);
		break;
	case PACK_BROTLI:
		pack_brotli(s, out);
		break;
	case PACK_ZSTD:
		pack_zstd(s, out);
		break;
	default:
		buf_addspan(out, s);
	}
	if (buf_err(out))
		abort();
}

#endif
