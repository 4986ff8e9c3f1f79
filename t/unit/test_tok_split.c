/*
 * tok_split against PCRE2 and the patterns themselves
 *
 * PCRE2 knows an older Unicode and takes U+180E for white space, so the
 * random texts are made of characters on which all agree.
 */
#include "compat.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "tap.h"
#include "tok_ascii.h"
#include "tok_split.h"
#include "utf8.h"

#define CONTRACTION "(?i:'s|'t|'re|'ve|'m|'ll|'d)"

static const char *const patterns[] = {
	"[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
	    "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+" CONTRACTION "?"
	    "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
	    "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*" CONTRACTION "?"
	    "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
	    "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
	CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
	    "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
};

/* A character or two of each kind; some doubled to be frequent. */
static const uint32_t pool[] = {
	' ', ' ', ' ', '\t', '\n', '\n', '\r', '\v', '\f', 0x85, 0xA0, 0x1680,
	0x2003, 0x2028, 0x2029, 0x202F, 0x3000, 0xFEFF, 0x200B, 0,
	'a', 'b', 's', 't', 'r', 'e', 'v', 'l', 'm', 'd', 'z', 'S', 'T', 'R',
	'E', 'V', 'L', 'M', 'D', 'Z', 0x17F, 0x212A, 0xE9, 0xC9, 0xDF, 0x1C5,
	0x2B0, 0xAA, 0x5D0, 0x4E2D, 0x6587, 0xAC00, 0x416, 0x436, 0x1F88,
	0x301, 0x301, 0x5B0, 0x903, 0x20DD, 0xFE0F,
	'0', '1', '9', 0x660, 0xBD, 0x2160, 0x3007, 0x1D7CE,
	'\'', '\'', '\'', '"', '.', '/', '/', '_', '$', '-', 0x7F, 0x1,
	0x2019, 0x20AC, 0x1F600, 0x200D, 0xE000, 0xE0100, 0x20000, 0x10000,
};

static uint32_t
rnd(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % below;
}

/* All characters up to U+FFFF on which versions of Unicode agree are many. */
static uint32_t
any(uint32_t *seed)
{
	static const struct { uint32_t from, n; } old[] = {
		{ 0x20, 0x350 }, { 0x3A3, 0x150 }, { 0x5D0, 0x1B },
		{ 0x905, 0x34 }, { 0xE01, 0x3A }, { 0x1E00, 0x116 },
		{ 0x2010, 0x18 }, { 0x2190, 0x200 }, { 0x3041, 0x56 },
		{ 0x4E00, 0x5000 }, { 0xAC00, 0x2B00 }, { 0xFF01, 0x5E },
		{ 0x1F300, 0x200 },
	};
	uint32_t i = rnd(seed, HR_LEN(old));

	return old[i].from + rnd(seed, old[i].n);
}

static size_t
random_text(uint32_t *seed, char *out, size_t chars, unsigned ascii)
{
	size_t n = 0;
	uint32_t cp;

	while (chars-- > 0) {
		cp = rnd(seed, 4) == 0 ? any(seed) :
		    pool[rnd(seed, HR_LEN(pool))];
		if (ascii && cp >= 0x80)
			cp = 'a' + cp % 26;
		n += utf8_encode(cp, out + n);
		/* Runs, so that long ones are met too. */
		while (chars > 0 && rnd(seed, 8) == 0) {
			n += utf8_encode(cp, out + n);
			chars--;
		}
	}
	return n;
}

static size_t
fast_piece(enum tok_encoding enc, struct span s)
{
	struct tok_window w;

	if (enc == TOK_O200K) {
		tok_window(TOK_O200K, s.p, &w);
		return tok_ascii_piece(TOK_O200K, &w, 0, s.n);
	}
	tok_window(TOK_CL100K, s.p, &w);
	return tok_ascii_piece(TOK_CL100K, &w, 0, s.n);
}

/* Compare all boundaries; -1 or the offset of the first difference. */
static ptrdiff_t
compare(enum tok_encoding enc, pcre2_code *re, pcre2_match_data *md,
    struct span s)
{
	size_t at = 0, n, fast;
	PCRE2_SIZE *v;
	bool bad = false;

	while (at < s.n) {
		if (pcre2_match(re, (PCRE2_SPTR)s.p, s.n, at,
		    PCRE2_NO_UTF_CHECK, md, NULL) < 1)
			return (ptrdiff_t)at;
		v = pcre2_get_ovector_pointer(md);
		n = tok_piece(enc, span_skip(s, at), true, &bad);
		if (bad || v[0] != at || v[1] != at + n)
			return (ptrdiff_t)at;
		if (s.n - at >= TOK_ASCII_ROOM) {
			fast = fast_piece(enc, span_skip(s, at));
			if (fast != 0 && fast < TOK_WINDOW && fast != n)
				return (ptrdiff_t)at;
		}
		at += n;
	}
	return -1;
}

static void
test_encoding(enum tok_encoding enc)
{
	int err;
	PCRE2_SIZE off;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)patterns[enc],
	    PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP, &err, &off, NULL);
	pcre2_match_data *md;
	uint32_t seed = 7, round;
	static char text[4 * 300];
	ptrdiff_t at = -1;
	size_t n = 0, i;

	if (!ok(re != NULL, "the pattern compiles"))
		return;
	(void)pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
	md = pcre2_match_data_create_from_pattern(re, NULL);
	for (round = 0; at < 0 && round < 20000; round++) {
		n = random_text(&seed, text, 1 + rnd(&seed, 299), round & 1);
		at = compare(enc, re, md, span_of(text, n));
	}
	if (!ok(at < 0, tok_name(enc))) {
		printf("# at %td of:", at);
		for (i = 0; i < n; i++)
			printf(" %02x", (unsigned char)text[i]);
		printf("\n");
	}
	pcre2_match_data_free(md);
	pcre2_code_free(re);
}

int
main(void)
{
	test_encoding(TOK_O200K);
	test_encoding(TOK_CL100K);
	return done();
}
