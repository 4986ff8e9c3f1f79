/*
 * json_string - what a string's body means, and back
 */
#include "compat.h"

#include "json.h"
#include "utf8.h"

/* The value of the four hex digits at p, which are n bytes, or -1. */
static long
hex4(const char *p, size_t n)
{
	long v = 0;
	int i, c;

	if (n < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		c = (unsigned char)p[i];
		if (c >= '0' && c <= '9')
			v = v << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/*
 * The character of the \u escape at p, n bytes to the end of the body; *used
 * is set to 6, or 12 for a surrogate pair.
 */
static uint32_t
unicode_escape(const char *p, size_t n, size_t *used)
{
	long hi = hex4(p + 2, n - 2), lo;

	*used = 6;
	if (hi < 0) {		/* not a valid body: keep the backslash */
		*used = 1;
		return '\\';
	}
	if (hi < 0xD800 || hi > 0xDBFF || n < 12 || p[6] != '\\' ||
	    p[7] != 'u')
		return (uint32_t)hi;
	lo = hex4(p + 8, 4);
	if (lo < 0xDC00 || lo > 0xDFFF)
		return (uint32_t)hi;
	*used = 12;
	return 0x10000 + ((uint32_t)(hi - 0xD800) << 10) +
	    (uint32_t)(lo - 0xDC00);
}

/* The byte that a two-byte escape stands for: itself but for five. */
static char
short_escape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

void
json_decode(struct span body, struct buf *out)
{
	/* The meaning is never longer than the body. */
	char *const base = buf_reserve(out, body.n);
	const char *p, *end, *stop;
	char *q = base;
	size_t used;

	if (base == NULL || body.n == 0)
		return;
	p = body.p;
	end = p + body.n;
	while (p < end) {
		stop = memchr(p, '\\', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		memcpy(q, p, (size_t)(stop - p));
		q += stop - p;
		p = stop;
		if (end - p < 2) {
			if (p < end)	/* not a valid body */
				*q++ = *p++;
		} else if (p[1] == 'u') {
			q += utf8_encode(unicode_escape(p, (size_t)(end - p),
			    &used), q);
			p += used;
		} else {
			*q++ = short_escape(p[1]);
			p += 2;
		}
	}
	buf_commit(out, (size_t)(q - base));
}

/* Whether the byte must not, or perhaps must not, stand as it is. */
HR_INLINE bool
doubtful(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == 0xED;
}

static void
escape_control(unsigned char c, struct buf *out)
{
	static const char letter[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
		['\t'] = 't'
	};

	if (letter[c] != '\0') {
		buf_addc(out, '\\');
		buf_addc(out, letter[c]);
	} else {
		buf_addf(out, "\\u%04x", c);
	}
}

/*
 * Escape the doubtful byte at p, n bytes to the end; the bytes consumed.  ED
 * begins a surrogate only when A0..BF and then 80..BF follow.
 */
static size_t
escape(const unsigned char *p, size_t n, struct buf *out)
{
	if (*p == 0xED) {
		if (n >= 3 && p[1] >= 0xA0 && p[1] <= 0xBF &&
		    (p[2] & 0xC0) == 0x80) {
			buf_addf(out, "\\u%04x",
			    0xD000u | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu));
			return 3;
		}
		buf_addc(out, (char)*p);
	} else if (*p < 0x20) {
		escape_control(*p, out);
	} else {
		buf_addc(out, '\\');
		buf_addc(out, (char)*p);
	}
	return 1;
}

void
json_encode(struct span s, struct buf *out)
{
	const unsigned char *p, *end, *stop;

	if (s.n == 0)
		return;
	p = (const unsigned char *)s.p;
	end = p + s.n;
	while (p < end) {
		for (stop = p; stop < end && !doubtful(*stop); stop++)
			;
		buf_add(out, p, (size_t)(stop - p));
		p = stop;
		if (p < end)
			p += escape(p, (size_t)(end - p), out);
	}
}

void
json_quote(struct span s, struct buf *out)
{
	buf_addc(out, '"');
	json_encode(s, out);
	buf_addc(out, '"');
}
