/*
 * json_string - what a string's body means, and back
 */
#include "compat.h"

#include "json_impl.h"
#include "utf8.h"

#if HR_JSON_X86
#include <emmintrin.h>
#endif

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

/*
 * Copy from p to q up to the first backslash or to end; returns how far.  A
 * whole vector is stored before it is known how much of it counts: the room
 * at q is as long as what is left at p.
 */
static size_t
copy_plain(char *q, const char *p, const char *end)
{
	const char *const from = p, *stop;
	size_t n;

#if HR_JSON_X86
	__m128i v;
	int m;

	for (; end - p >= 16; p += 16, q += 16) {
		v = _mm_loadu_si128((const void *)p);
		_mm_storeu_si128((void *)q, v);
		m = _mm_movemask_epi8(_mm_cmpeq_epi8(v,
		    _mm_set1_epi8('\\')));
		if (m != 0)
			return (size_t)(p - from) + (size_t)__builtin_ctz(
			    (unsigned)m);
	}
#endif
	n = (size_t)(end - p);
	stop = n == 0 ? NULL : memchr(p, '\\', n);
	if (stop != NULL)
		n = (size_t)(stop - p);
	memcpy(q, p, n);
	return (size_t)(p - from) + n;
}

void
json_decode(struct span body, struct buf *out)
{
	/* The meaning is never longer than the body. */
	char *const base = buf_reserve(out, body.n);
	const char *p, *end;
	char *q = base;
	size_t n;

	if (base == NULL || body.n == 0)
		return;
	p = body.p;
	end = p + body.n;
	for (;;) {
		n = copy_plain(q, p, end);
		p += n;
		q += n;
		if (p == end)
			break;
		if (end - p == 1) {	/* not a valid body */
			*q++ = *p++;
		} else if (p[1] == 'u') {
			q += utf8_encode(unicode_escape(p, (size_t)(end - p),
			    &n), q);
			p += n;
		} else {
			*q++ = short_escape(p[1]);
			p += 2;
		}
	}
	buf_commit(out, (size_t)(q - base));
}

/* The first byte that must not, or perhaps must not, stand as it is. */
static const unsigned char *
doubtful(const unsigned char *p, const unsigned char *end)
{
#if HR_JSON_X86
	__m128i v, m;
	int mask;

	for (; end - p >= 16; p += 16) {
		v = _mm_loadu_si128((const void *)p);
		m = _mm_or_si128(_mm_or_si128(
		    _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v),
		    _mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xED))),
		    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
		    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
		mask = _mm_movemask_epi8(m);
		if (mask != 0)
			return p + __builtin_ctz((unsigned)mask);
	}
#endif
	while (p != end && *p >= 0x20 && *p != '"' && *p != '\\' &&
	    *p != 0xED)
		p++;
	return p;
}

static void
escape_number(unsigned v, struct buf *out)
{
	static const char hex[] = "0123456789abcdef";
	char e[6] = { '\\', 'u', hex[v >> 12], hex[v >> 8 & 15],
	    hex[v >> 4 & 15], hex[v & 15] };

	buf_add(out, e, sizeof(e));
}

static void
escape_letter(char c, struct buf *out)
{
	char e[2] = { '\\', c };

	buf_add(out, e, sizeof(e));
}

/*
 * Escape the doubtful byte at p, n bytes to the end; the bytes consumed.  ED
 * begins a surrogate only when A0..BF and then 80..BF follow.
 */
static size_t
escape(const unsigned char *p, size_t n, struct buf *out)
{
	static const char letter[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
		['\t'] = 't'
	};

	if (*p == 0xED && n >= 3 && p[1] >= 0xA0 && p[1] <= 0xBF &&
	    (p[2] & 0xC0) == 0x80) {
		escape_number(0xD000u | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu),
		    out);
		return 3;
	}
	if (*p == 0xED)
		buf_addc(out, (char)*p);
	else if (*p >= 0x20)
		escape_letter((char)*p, out);
	else if (letter[*p] != '\0')
		escape_letter(letter[*p], out);
	else
		escape_number(*p, out);
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
	while (p != end) {
		stop = doubtful(p, end);
		buf_add(out, p, (size_t)(stop - p));
		p = stop;
		if (p != end)
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
