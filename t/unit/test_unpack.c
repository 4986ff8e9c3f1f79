/*
 * test_unpack - encodings undone, whole, in pieces, damaged, cut, as bombs
 */
#include "compat.h"

#include "unpack.h"

#include "pack.h"
#include "tap.h"

static struct buf text = BUF_INIT;	/* what is packed */

static uint32_t
rnd(void)
{
	static uint32_t x = 1;

	x = x * 1664525 + 1013904223;
	return x >> 8;
}

/* Some of it compresses and some does not. */
static void
make_text(size_t n)
{
	size_t i;

	while (text.len < n) {
		buf_addf(&text, "data: {\"n\":%u}\n\n", rnd() % 1000);
		for (i = rnd() % 20; i > 0; i--)
			buf_addc(&text, (char)rnd());
	}
}

static enum unpack_kind
kind_of(enum pack how)
{
	return unpack_kind(span_z(pack_name[how]));
}

static bool
keep(void *arg, struct span piece)
{
	buf_addspan(arg, piece);
	return piece.n > 0 && !buf_err((struct buf *)arg);
}

/* Fed as pieces of n bytes behind a first one, by either function. */
static enum unpack_rc
feed(enum unpack_kind kind, struct span in, size_t first, size_t n, bool each,
    struct buf *out)
{
	struct unpack *u = unpack_new(kind);
	enum unpack_rc rc = UNPACK_OK, last = rc;
	size_t k;

	buf_reset(out);
	for (k = first; in.n > 0 && rc == UNPACK_OK; k = n) {
		k = k < in.n ? k : in.n;
		rc = each ? unpack_each(u, span_of(in.p, k), keep, out) :
		    unpack_feed(u, span_of(in.p, k), out);
		in = span_skip(in, k);
	}
	last = unpack_end(u);
	if (rc != UNPACK_OK && (last != rc ||
	    unpack_feed(u, SPAN_LIT("x"), out) != rc ||
	    unpack_each(u, SPAN_LIT("x"), keep, out) != rc))
		last = UNPACK_NOMEM;	/* which it is not */
	unpack_free(u);
	return last;
}

static void
test_kinds(void)
{
	static const struct {
		const char		*value;
		enum unpack_kind	 kind;
	} t[] = {
		{ "", UNPACK_NONE }, { " \t", UNPACK_NONE },
		{ "identity", UNPACK_NONE }, { "gzip", UNPACK_GZIP },
		{ " X-GZIP ", UNPACK_GZIP }, { "Deflate", UNPACK_DEFLATE },
		{ "BR\t", UNPACK_BROTLI }, { "zstd", UNPACK_ZSTD },
		{ "gzip, br", UNPACK_UNKNOWN }, { "gzi", UNPACK_UNKNOWN },
		{ "gzipp", UNPACK_UNKNOWN }, { "compress", UNPACK_UNKNOWN },
		{ "gzip,", UNPACK_UNKNOWN }, { "b r", UNPACK_UNKNOWN },
	};
	struct buf out = BUF_INIT;
	size_t i;

	for (i = 0; i < HR_LEN(t); i++)
		ok(unpack_kind(span_z(t[i].value)) == t[i].kind, t[i].value);
	ok(unpack_kind(span_of(NULL, 0)) == UNPACK_NONE, "no header");
	ok(unpack_kind(SPAN_LIT("gzip\0")) == UNPACK_UNKNOWN, "NUL is data");
	ok(unpack_new(UNPACK_UNKNOWN) == NULL, "no decoder for the unknown");
	ok(unpack_all(UNPACK_UNKNOWN, SPAN_LIT("x"), &out) == UNPACK_BAD,
	    "nor all at once");
	unpack_free(NULL);
}

static void
test_whole(enum pack how, struct span packed)
{
	enum unpack_kind kind = kind_of(how);
	struct buf out = BUF_INIT;
	static const size_t sizes[] = { 1, 2, 7, 100, 4096, 1 << 20 };
	bool good = true;
	size_t i;

	ok(unpack_all(kind, packed, &out) == UNPACK_OK &&
	    span_eq(buf_span(&out), buf_span(&text)), "all at once");
	for (i = 0; i < HR_LEN(sizes); i++) {
		good = good && feed(kind, packed, sizes[i], sizes[i], false,
		    &out) == UNPACK_OK &&
		    span_eq(buf_span(&out), buf_span(&text));
		good = good && feed(kind, packed, sizes[i], sizes[i], true,
		    &out) == UNPACK_OK &&
		    span_eq(buf_span(&out), buf_span(&text));
	}
	ok(good, "in pieces of each size");
	buf_reset(&out);
	buf_adds(&out, "before");
	ok(unpack_all(kind, packed, &out) == UNPACK_OK &&
	    out.len == text.len + 6 && memcmp(out.p, "before", 6) == 0 &&
	    memcmp(out.p + 6, text.p, text.len) == 0, "appended");
	buf_release(&out);
}

static void
test_bound(enum pack how, struct span packed)
{
	enum unpack_kind kind = kind_of(how);
	struct buf out = BUF_INIT;

	out.max = text.len;
	ok(unpack_all(kind, packed, &out) == UNPACK_OK &&
	    out.len == text.len, "as much as the bound");
	buf_release(&out);
	out.max = text.len - 1;
	ok(unpack_all(kind, packed, &out) == UNPACK_LARGE &&
	    out.len <= out.max && memcmp(out.p, text.p, out.len) == 0,
	    "a byte more");
	ok(feed(kind, packed, 1, 1, false, &out) == UNPACK_LARGE,
	    "also in pieces");
	ok(feed(kind, packed, 1, 1, true, &out) == UNPACK_LARGE,
	    "also where the caller has enough");
	buf_release(&out);
	out.max = 0;
	ok(unpack_all(kind, packed, &out) == UNPACK_LARGE && out.len == 0,
	    "no room at all");
	buf_release(&out);
}

/* A text that starts as all of it does, and that ends, or goes on. */
static bool
is_start(const struct buf *out)
{
	return out->len <= text.len &&
	    (out->len == 0 || memcmp(out->p, text.p, out->len) == 0);
}

static void
test_cut(enum pack how, struct span packed)
{
	struct buf out = BUF_INIT;
	bool good = true;
	size_t n, step = packed.n / 500 + 1;

	for (n = 0; n < packed.n; n += n < 64 || n + 64 > packed.n ? 1 : step)
		good = good && unpack_all(kind_of(how),
		    span_of(packed.p, n), (buf_reset(&out), &out)) ==
		    UNPACK_CUT && is_start(&out);
	ok(good, "cut anywhere");
	buf_release(&out);
}

static void
test_damage(enum pack how, struct span packed)
{
	struct buf out = BUF_INIT, bad = BUF_INIT;
	unsigned i, ended = 0, same = 0;
	enum unpack_rc rc;

	for (i = 0; i < 400; i++) {
		buf_reset(&bad);
		buf_addspan(&bad, packed);
		bad.p[rnd() % bad.len] ^= (char)(1u << rnd() % 8);
		rc = feed(kind_of(how), buf_span(&bad), 1 + rnd() % bad.len,
		    1 + rnd() % 100, i % 2, &out);
		ended += rc == UNPACK_OK;
		same += rc == UNPACK_OK && is_start(&out);
	}
	/* Raw deflate and brotli have no checksum. */
	ok(how == PACK_RAW || how == PACK_BROTLI || how == PACK_NONE ||
	    ended == same, "damage is seen");
	ok(how == PACK_NONE || ended < 400, "and is not OK");
	buf_release(&out);
	buf_release(&bad);
}

static void
test_members(enum pack how, struct span packed)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	bool several = how == PACK_GZIP || how == PACK_ZSTD, good = true;
	enum unpack_rc want = several ? UNPACK_OK : UNPACK_BAD, rc;
	size_t at;

	buf_addspan(&in, packed);
	buf_addspan(&in, packed);
	for (at = packed.n - 20; at < packed.n + 20; at++) {
		rc = feed(kind_of(how), buf_span(&in), at, 1 << 20, at % 2,
		    &out);
		good = good && rc == want && out.len >= text.len &&
		    (!several || out.len == 2 * text.len) &&
		    memcmp(out.p, text.p, text.len) == 0 && (!several ||
		    memcmp(out.p + text.len, text.p, text.len) == 0);
	}
	ok(good, several ? "two members are one text" : "only one is allowed");
	buf_reset(&in);
	buf_addspan(&in, packed);
	buf_addspan(&in, SPAN_LIT("garbage behind the end"));
	ok(feed(kind_of(how), buf_span(&in), in.len, 1, false, &out) ==
	    UNPACK_BAD, "garbage behind");
	if (several) {
		buf_truncate(&in, packed.n);
		buf_add(&in, packed.p, 5);
		ok(feed(kind_of(how), buf_span(&in), in.len, 1, false, &out) ==
		    UNPACK_CUT, "a second one cut short");
	}
	buf_release(&in);
	buf_release(&out);
}

static void
test_empty(enum pack how)
{
	struct buf in = BUF_INIT, out = BUF_INIT;

	pack(how, span_of(NULL, 0), &in);
	ok(feed(kind_of(how), buf_span(&in), 1, 1, false, &out) == UNPACK_OK &&
	    out.len == 0, "an empty text");
	out.max = 0;
	buf_release(&out);
	ok(unpack_all(kind_of(how), buf_span(&in), &out) == UNPACK_OK,
	    "fits where nothing fits");
	ok(unpack_all(kind_of(how), span_of(NULL, 0), &out) ==
	    (how == PACK_NONE ? UNPACK_OK : UNPACK_CUT), "no input");
	buf_release(&in);
	buf_release(&out);
}

static bool
count(void *arg, struct span piece)
{
	size_t *n = arg;

	*n += piece.n;
	return *n <= (1 << 20) && piece.n <= (64 << 10);
}

/* 16 MiB of zeros. */
static void
test_bomb(enum pack how)
{
	size_t n = (size_t)16 << 20, seen = 0;
	char *zeros = calloc(1, n);
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct unpack *u = unpack_new(kind_of(how));

	pack(how, span_of(zeros, n), &in);
	free(zeros);
	out.max = 1 << 20;
	ok(unpack_all(kind_of(how), buf_span(&in), &out) == UNPACK_LARGE &&
	    out.cap <= out.max, "a bomb stops at the bound");
	ok(unpack_each(u, buf_span(&in), count, &seen) == UNPACK_LARGE &&
	    seen <= (1 << 20) + (64 << 10), "or where the caller says");
	unpack_free(u);
	buf_release(&in);
	buf_release(&out);
}

static void
test_noise(enum pack how)
{
	struct buf out = BUF_INIT;
	char noise[200];
	unsigned i;
	size_t k;

	out.max = 1 << 16;
	for (i = 0; i < 3000; i++) {
		for (k = 0; k < sizeof(noise); k++)
			noise[k] = (char)rnd();
		if (i % 2 && how == PACK_GZIP)
			memcpy(noise, "\x1f\x8b\x08", 3);
		if (i % 2 && how == PACK_ZSTD)
			memcpy(noise, "\x28\xb5\x2f\xfd", 4);
		(void)feed(kind_of(how), span_of(noise, rnd() % sizeof(noise)),
		    1 + rnd() % 64, 1 + rnd() % 64, i % 3 == 0, &out);
	}
	ok(out.cap <= out.max, "noise does no harm");
	buf_release(&out);
}

/* A frame that asks for a window of 64 MiB. */
static void
test_window(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_inBuffer from = { text.p, text.len, 0 };
	ZSTD_outBuffer to = { buf_reserve(&in, text.len + 1000),
	    text.len + 1000, 0 };

	ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, 26);
	if (ZSTD_compressStream2(c, &to, &from, ZSTD_e_flush) != 0 ||
	    ZSTD_compressStream2(c, &to, &from, ZSTD_e_end) != 0)
		abort();
	buf_commit(&in, to.pos);
	ok(unpack_all(UNPACK_ZSTD, buf_span(&in), &out) == UNPACK_BAD,
	    "no window beyond 8 MiB");
	ZSTD_freeCCtx(c);
	buf_release(&in);
	buf_release(&out);
}

/* Headers with all that may stand in them, by hand. */
static void
test_gzip_header(void)
{
	static const char extra[] = "\x1f\x8b\x08\x1e\0\0\0\0\0\x03"
	    "\x02\0xy" "name\0" "comment\0";
	static const char body[] = "\x03\0\0\0\0\0\0\0\0\0";
	struct buf in = BUF_INIT, out = BUF_INIT;
	uLong crc;

	buf_add(&in, extra, sizeof(extra) - 1);
	crc = crc32(0, (const Bytef *)in.p, (uInt)in.len);
	buf_addc(&in, (char)(crc & 0xFF));
	buf_addc(&in, (char)(crc >> 8 & 0xFF));
	buf_add(&in, body, sizeof(body) - 1);
	ok(feed(UNPACK_GZIP, buf_span(&in), 1, 1, false, &out) == UNPACK_OK &&
	    out.len == 0, "extra field, name, comment and checksum");
	buf_release(&in);
	buf_release(&out);
}

/* Each decoder knows its own only. */
static void
test_other(void)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	unsigned how, kind;
	bool good = true;

	for (how = PACK_GZIP; how < PACKS; how++)
		for (kind = UNPACK_GZIP; kind < UNPACK_UNKNOWN; kind++) {
			buf_reset(&in);
			buf_reset(&out);
			pack((enum pack)how, buf_span(&text), &in);
			good = good && (kind_of((enum pack)how) == kind ||
			    unpack_all((enum unpack_kind)kind, buf_span(&in),
			    &out) != UNPACK_OK);
		}
	ok(good, "one encoding is not taken for another");
	buf_release(&in);
	buf_release(&out);
}

int
main(void)
{
	struct buf packed = BUF_INIT;
	struct span s;
	unsigned how;

	make_text(100000);
	test_kinds();
	for (how = 0; how < PACKS; how++) {
		printf("# %s\n", pack_name[how]);
		buf_reset(&packed);
		pack((enum pack)how, buf_span(&text), &packed);
		s = buf_span(&packed);
		test_whole((enum pack)how, s);
		test_bound((enum pack)how, s);
		test_damage((enum pack)how, s);
		test_empty((enum pack)how);
		test_noise((enum pack)how);
		if (how == PACK_NONE)
			continue;
		test_cut((enum pack)how, s);
		test_members((enum pack)how, s);
		test_bomb((enum pack)how);
	}
	test_other();
	test_window();
	test_gzip_header();
	buf_release(&packed);
	buf_release(&text);
	return done();
}
