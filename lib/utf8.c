/*
 * utf8 - decode, encode, validate
 */
#include "compat.h"

#include "utf8.h"

/*
 * The second byte decides what is well-formed: its range depends on the
 * first (The Unicode Standard, table 3-7).  The others are 80..BF.
 */
static bool
second_ok(unsigned char b0, unsigned char b1)
{
	switch (b0) {
	case 0xE0:
		return b1 >= 0xA0 && b1 <= 0xBF;
	case 0xED:
		return b1 >= 0x80 && b1 <= 0x9F;
	case 0xF0:
		return b1 >= 0x90 && b1 <= 0xBF;
	case 0xF4:
		return b1 >= 0x80 && b1 <= 0x8F;
	default:
		return b1 >= 0x80 && b1 <= 0xBF;
	}
}

static size_t
sequence_length(unsigned char b0)
{
	if (b0 < 0x80)
		return 1;
	if (b0 >= 0xC2 && b0 <= 0xDF)
		return 2;
	if (b0 >= 0xE0 && b0 <= 0xEF)
		return 3;
	if (b0 >= 0xF0 && b0 <= 0xF4)
		return 4;
	return 0;
}

size_t
utf8_decode(const char *p, size_t n, uint32_t *cp, bool *bad)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t len = sequence_length(u[0]), i;
	uint32_t c;

	if (len == 1) {
		*cp = u[0];
		return 1;
	}
	if (len == 0)
		goto ill_formed_byte;
	c = u[0] & (0x7Fu >> len);
	for (i = 1; i < len; i++) {
		if (i >= n || (i == 1 ? !second_ok(u[0], u[1]) :
		    (u[i] & 0xC0) != 0x80)) {
			*cp = UTF8_REPLACEMENT;
			if (bad != NULL)
				*bad = true;
			return i;
		}
		c = c << 6 | (u[i] & 0x3Fu);
	}
	*cp = c;
	return len;

ill_formed_byte:
	*cp = UTF8_REPLACEMENT;
	if (bad != NULL)
		*bad = true;
	return 1;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

size_t
utf8_valid(const char *p, size_t n)
{
	size_t i = 0;
	uint64_t w;
	uint32_t cp;
	bool bad = false;

	while (i < n) {
		while (n - i >= 8) {
			memcpy(&w, p + i, 8);
			if (w & UINT64_C(0x8080808080808080))
				break;
			i += 8;
		}
		if (i >= n)
			break;
		w = utf8_decode(p + i, n - i, &cp, &bad);
		if (bad)
			return i;
		i += w;
	}
	return n;
}
