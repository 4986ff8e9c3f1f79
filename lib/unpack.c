/*
 * unpack - undo gzip, deflate, brotli and zstd, piece by piece
 */
#include "compat.h"

#define ZLIB_CONST

#include <brotli/decode.h>
#include <limits.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "unpack.h"

#define CHUNK		((size_t)16 << 10)	/* made at a time */
#define LITTLE		256	/* room too small to be worth a call */
#define ZLIB_WINDOW	15	/* log2; the most there is */
#define ZLIB_GZIP	16	/* added to it: a gzip header, RFC 1952 */

/*
 * What a frame asks for is allocated.  RFC 9659 allows no more than 8 MiB
 * in a Content-Encoding; the library's own limit is 128 MiB.
 */
#define ZSTD_WINDOW	23	/* log2 */

struct unpack {
	enum unpack_kind	 kind;
	enum unpack_rc		 rc;	/* if not UNPACK_OK it stays so */
	bool			 whole;	/* nothing stands open */
	bool			 begun;	/* z is initialised */
	z_stream		 z;
	BrotliDecoderState	*brotli;
	ZSTD_DCtx		*zstd;
};

enum unpack_kind
unpack_kind(struct span value)
{
	static const struct {
		const char		*name;
		enum unpack_kind	 kind;
	} known[] = {
		{ "", UNPACK_NONE }, { "identity", UNPACK_NONE },
		{ "gzip", UNPACK_GZIP }, { "x-gzip", UNPACK_GZIP },
		{ "deflate", UNPACK_DEFLATE }, { "br", UNPACK_BROTLI },
		{ "zstd", UNPACK_ZSTD },
	};
	struct span s = span_trim(value, " \t");
	size_t i;

	for (i = 0; i < HR_LEN(known); i++)
		if (s.n == strlen(known[i].name) && (s.n == 0 ||
		    strncasecmp(s.p, known[i].name, s.n) == 0))
			return known[i].kind;
	return UNPACK_UNKNOWN;
}

struct unpack *
unpack_new(enum unpack_kind kind)
{
	struct unpack *u;
	bool good = true;

	if (kind == UNPACK_UNKNOWN || (u = calloc(1, sizeof(*u))) == NULL)
		return NULL;
	u->kind = kind;
	u->whole = kind == UNPACK_NONE;
	if (kind == UNPACK_BROTLI) {
		u->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
		good = u->brotli != NULL;
	} else if (kind == UNPACK_ZSTD) {
		u->zstd = ZSTD_createDCtx();
		good = u->zstd != NULL && !ZSTD_isError(ZSTD_DCtx_setParameter(
		    u->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW));
	}
	if (!good) {
		unpack_free(u);
		return NULL;
	}
	return u;
}

void
unpack_free(struct unpack *u)
{
	if (u == NULL)
		return;
	if (u->begun)
		inflateEnd(&u->z);
	if (u->brotli != NULL)
		BrotliDecoderDestroyInstance(u->brotli);
	ZSTD_freeDCtx(u->zstd);
	free(u);
}

static enum unpack_rc
step_none(struct span *in, char *p, size_t room, size_t *made)
{
	*made = in->n < room ? in->n : room;
	if (*made > 0)
		memcpy(p, in->p, *made);
	*in = span_skip(*in, *made);
	return UNPACK_OK;
}

/*
 * "deflate" means the zlib format (RFC 9110, 8.4.1.2), but some send what is
 * inside of it.  The first byte tells: a zlib header has 8 in its low half,
 * where raw data would have a stored block with padding that is not zero.
 */
static bool
begin_zlib(struct unpack *u, char first)
{
	int bits = ZLIB_WINDOW;

	if (u->kind == UNPACK_GZIP)
		bits += ZLIB_GZIP;
	else if ((first & 0x0F) != Z_DEFLATED)
		bits = -bits;
	u->begun = inflateInit2(&u->z, bits) == Z_OK;
	return u->begun;
}

static enum unpack_rc
step_zlib(struct unpack *u, struct span *in, char *p, size_t room,
    size_t *made)
{
	uInt take = in->n < INT_MAX ? (uInt)in->n : INT_MAX;
	uInt give = room < INT_MAX ? (uInt)room : INT_MAX;
	int rc;

	if (!u->begun && !begin_zlib(u, in->p[0]))
		return UNPACK_NOMEM;
	if (u->whole && (u->kind != UNPACK_GZIP ||
	    inflateReset(&u->z) != Z_OK))
		return UNPACK_BAD;
	u->z.next_in = (const Bytef *)in->p;
	u->z.avail_in = take;
	u->z.next_out = (Bytef *)p;
	u->z.avail_out = give;
	rc = inflate(&u->z, Z_NO_FLUSH);
	*in = span_skip(*in, take - u->z.avail_in);
	*made = give - u->z.avail_out;
	u->whole = rc == Z_STREAM_END;
	if (rc == Z_MEM_ERROR)
		return UNPACK_NOMEM;
	return rc == Z_OK || rc == Z_BUF_ERROR || rc == Z_STREAM_END ?
	    UNPACK_OK : UNPACK_BAD;
}

static enum unpack_rc
step_brotli(struct unpack *u, struct span *in, char *p, size_t room,
    size_t *made)
{
	const uint8_t *from = (const uint8_t *)in->p;
	uint8_t *to = (uint8_t *)p;
	size_t left = in->n, space = room;
	BrotliDecoderResult rc;
	BrotliDecoderErrorCode why;

	if (u->whole)
		return UNPACK_BAD;
	rc = BrotliDecoderDecompressStream(u->brotli, &left, &from, &space,
	    &to, NULL);
	*in = span_skip(*in, in->n - left);
	*made = room - space;
	u->whole = rc == BROTLI_DECODER_RESULT_SUCCESS;
	if (rc != BROTLI_DECODER_RESULT_ERROR)
		return UNPACK_OK;
	why = BrotliDecoderGetErrorCode(u->brotli);
	return why <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
	    why >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES ?
	    UNPACK_NOMEM : UNPACK_BAD;
}

static enum unpack_rc
step_zstd(struct unpack *u, struct span *in, char *p, size_t room,
    size_t *made)
{
	ZSTD_inBuffer from = { in->p, in->n, 0 };
	ZSTD_outBuffer to = { p, room, 0 };
	size_t rc = ZSTD_decompressStream(u->zstd, &to, &from);

	*in = span_skip(*in, from.pos);
	*made = to.pos;
	u->whole = rc == 0;
	if (!ZSTD_isError(rc))
		return UNPACK_OK;
	return ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation ?
	    UNPACK_NOMEM : UNPACK_BAD;
}

static enum unpack_rc
step_any(struct unpack *u, struct span *in, char *p, size_t room,
    size_t *made)
{
	switch (u->kind) {
	case UNPACK_GZIP:
	case UNPACK_DEFLATE:
		return step_zlib(u, in, p, room, made);
	case UNPACK_BROTLI:
		return step_brotli(u, in, p, room, made);
	case UNPACK_ZSTD:
		return step_zstd(u, in, p, room, made);
	default:
		return step_none(in, p, room, made);
	}
}

/*
 * Turn some of *in into at most room bytes at p, and say whether to go on: a
 * decoder that filled its room may have more without more input.
 */
static bool
step(struct unpack *u, struct span *in, char *p, size_t room, size_t *made)
{
	size_t before = in->n;

	*made = 0;
	u->rc = step_any(u, in, p, room, made);
	/* A decoder that stands still must not hold up its caller for ever. */
	if (u->rc == UNPACK_OK && *made == 0 && before > 0 &&
	    in->n == before && !u->whole)
		u->rc = UNPACK_BAD;
	return u->rc == UNPACK_OK &&
	    (in->n > 0 || (*made == room && !u->whole));
}

static char *
room_in(struct buf *out, size_t *room)
{
	size_t left = out->max - out->len, want = left < CHUNK ? left : CHUNK;
	char *p;

	if (out->cap - out->len >= LITTLE)
		want = 1;	/* use up what there is before it grows */
	p = buf_reserve(out, want);
	*room = out->cap - out->len < left ? out->cap - out->len : left;
	return p;
}

enum unpack_rc
unpack_feed(struct unpack *u, struct span in, struct buf *out)
{
	bool more = u->rc == UNPACK_OK && in.n > 0, full;
	size_t room, made;
	char *p, beyond;

	while (more) {
		full = out->len >= out->max;
		room = sizeof(beyond);
		p = full ? &beyond : room_in(out, &room);
		if (p == NULL) {
			u->rc = UNPACK_NOMEM;
			break;
		}
		more = step(u, &in, p, room, &made);
		if (full && made > 0) {
			u->rc = UNPACK_LARGE;
			break;
		}
		if (!full)
			buf_commit(out, made);
	}
	return u->rc;
}

enum unpack_rc
unpack_each(struct unpack *u, struct span in, unpack_fn *fn, void *arg)
{
	bool more = u->rc == UNPACK_OK && in.n > 0;
	char window[CHUNK];
	size_t made;

	if (more && u->kind == UNPACK_NONE) {	/* need not be copied */
		u->rc = fn(arg, in) ? UNPACK_OK : UNPACK_LARGE;
		return u->rc;
	}
	while (more) {
		more = step(u, &in, window, sizeof(window), &made);
		if (made > 0 && !fn(arg, span_of(window, made))) {
			u->rc = UNPACK_LARGE;
			break;
		}
	}
	return u->rc;
}

enum unpack_rc
unpack_end(struct unpack *u)
{
	if (u->rc == UNPACK_OK && !u->whole)
		u->rc = UNPACK_CUT;
	return u->rc;
}

enum unpack_rc
unpack_all(enum unpack_kind kind, struct span in, struct buf *out)
{
	struct unpack *u = unpack_new(kind);
	enum unpack_rc rc;

	if (u == NULL)
		return kind == UNPACK_UNKNOWN ? UNPACK_BAD : UNPACK_NOMEM;
	rc = unpack_feed(u, in, out);
	if (rc == UNPACK_OK)
		rc = unpack_end(u);
	unpack_free(u);
	return rc;
}
