/*
 * test_utf8 - every code point, every ill-formed shape
 */
#include "compat.h"

#include "utf8.h"

#include "tap.h"

static void
round_trip(void)
{
	char z[4];
	uint32_t cp, back;
	size_t n;
	bool good = true, cut = true, bad;

	for (cp = 0; cp <= 0x10FFFF; cp++) {
		n = utf8_encode(cp, z);
		bad = false;
		if (cp >= 0xD800 && cp <= 0xDFFF) {
			good = good && n == 3 && utf8_valid(z, n) == 0;
			continue;
		}
		good = good && utf8_decode(z, n, &back, &bad) == n && !bad &&
		    back == cp && utf8_valid(z, n) == n;
		if (n > 1)	/* without its last byte it is one error */
			cut = cut && utf8_valid(z, n - 1) == 0 &&
			    utf8_decode(z, n - 1, &back, &bad) == n - 1 && bad;
	}
	ok(good, "encode and decode are inverse, surrogates are refused");
	ok(cut, "a character cut short is one maximal subpart");
}

/*
 * The other way round, by a rule that is not the decoder's: a sequence is
 * well-formed if encoding its naive value gives the same bytes again.
 */
static bool
well_formed(const unsigned char *u, size_t n)
{
	char z[4];
	uint32_t cp;
	size_t i;

	cp = n == 2 ? u[0] & 0x1Fu : n == 3 ? u[0] & 0x0Fu : u[0] & 0x07u;
	for (i = 1; i < n; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return false;
		cp = cp << 6 | (u[i] & 0x3Fu);
	}
	return cp <= 0x10FFFF && !(cp >= 0xD800 && cp <= 0xDFFF) &&
	    utf8_encode(cp, z) == n && memcmp(z, u, n) == 0;
}

static void
all_short(void)
{
	unsigned char u[4];
	unsigned a, b, c;
	bool two = true, three = true, four = true, w;

	for (a = 0x80; a < 0x100; a++)
		for (b = 0; b < 0x100; b++) {
			u[0] = (unsigned char)a;
			u[1] = (unsigned char)b;
			w = (a & 0xE0) == 0xC0 && well_formed(u, 2);
			two = two && w ==
			    (utf8_valid((char *)u, 2) == 2);
			for (c = 0x78; c < 0xC8; c++) {
				u[2] = (unsigned char)c;
				u[3] = 0x80;
				w = (a & 0xF0) == 0xE0 && well_formed(u, 3);
				if (a >= 0xE0)
					three = three && w ==
					    (utf8_valid((char *)u, 3) == 3);
				w = (a & 0xF8) == 0xF0 && well_formed(u, 4);
				if (a >= 0xF0)
					four = four && w ==
					    (utf8_valid((char *)u, 4) == 4);
			}
		}
	ok(two, "two bytes");
	ok(three, "three bytes");
	ok(four, "four bytes");
}

/* How many U+FFFD an ill-formed text counts for. */
static size_t
errors(const char *p, size_t n)
{
	size_t i = 0, count = 0;
	uint32_t cp;
	bool bad;

	while (i < n) {
		bad = false;
		i += utf8_decode(p + i, n - i, &cp, &bad);
		count += bad;
	}
	return count;
}

static void
subparts(void)
{
	bool bad = true;
	uint32_t cp;

	/* The Unicode Standard 3.9, tables 3-8 to 3-11. */
	ok(errors("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 9) == 8, "3-8");
	ok(errors("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 9) == 8, "3-9");
	ok(errors("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 9) == 7, "3-10");
	ok(errors("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9) == 4, "3-11");
	ok(utf8_decode("a", 1, &cp, &bad) == 1 && bad,
	    "bad is never set to false");
	ok(utf8_decode("\xFF", 1, &cp, NULL) == 1 &&
	    cp == UTF8_REPLACEMENT, "bad may be NULL");
}

static void
valid(void)
{
	char z[64];
	size_t i;
	bool good = true;

	ok(utf8_valid("", 0) == 0 && utf8_valid(NULL, 0) == 0, "empty");
	ok(utf8_valid("\0\0\0\0\0\0\0\0\0", 9) == 9, "NUL");
	/* The ill-formed byte at each place of the words it is read by. */
	for (i = 0; i < sizeof(z); i++) {
		memset(z, 'a', sizeof(z));
		z[i] = '\x80';
		good = good && utf8_valid(z, sizeof(z)) == i;
	}
	ok(good, "the offset of the first error");
}

int
main(void)
{
	round_trip();
	all_short();
	subparts();
	valid();
	return done();
}
