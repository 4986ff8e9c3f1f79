/*
 * json_exact - strings, numbers and literals byte by byte
 *
 * The fast ways of the vector units give up on whatever is not plainly right
 * and near the end of the text; these then find out what it is, and which
 * byte is the first that no JSON text can have there.
 */
#include "compat.h"

#include "json_impl.h"

#define EACH(byte)	(UINT64_C(0x0101010101010101) * (byte))

const json_byte *
json_wrong(struct json_scanner *s, const json_byte *p, const char *what)
{
	s->rc = JSON_BAD;
	s->err.at = (size_t)(p - s->text);
	s->err.what = p == s->end ? "unexpected end of the text" : what;
	return NULL;
}

/*
 * Whether any of eight bytes is not plain: a quote, a backslash, a control
 * byte or above ASCII.  (x - 01..) & ~x has a high bit where a byte of x is
 * zero (Mycroft's test); borrows can mark bytes above a true one, which does
 * not change the answer.
 */
HR_INLINE bool
special(uint64_t w)
{
	uint64_t quote = w ^ EACH('"'), slash = w ^ EACH('\\');

	return ((w | ((quote - EACH(1)) & ~quote) |
	    ((slash - EACH(1)) & ~slash) | ((w - EACH(0x20)) & ~w)) &
	    EACH(0x80)) != 0;
}

/* The first byte that is not plain, or end. */
HR_INLINE const json_byte *
plain(const json_byte *p, const json_byte *end)
{
	uint64_t w;

	while (end - p >= 8) {
		memcpy(&w, p, 8);
		if (special(w))
			break;
		p += 8;
	}
	while (p != end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* Behind the escape sequence at p. */
static const json_byte *
escape(struct json_scanner *s, const json_byte *p)
{
	int i;

	p++;
	if (p == s->end || json_escape_length[*p] == 0)
		return json_wrong(s, p, "unknown escape sequence");
	if (*p++ != 'u')
		return p;
	for (i = 0; i < 4; i++, p++)
		if (p == s->end || !json_is_hex(*p))
			return json_wrong(s, p, "expected a hex digit");
	return p;
}

/*
 * Length of the well-formed character at p, four bytes of it readable, or 0:
 * table 3-7 of The Unicode Standard as masks over all its bytes at once.
 */
HR_INLINE size_t
wide_length(const json_byte *p)
{
	uint32_t w = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3], x;

	if ((w & 0xF0C0C000) == 0xE0808000) {
		x = w & 0x0F200000;	/* 0: too long, D20: a surrogate */
		return x != 0 && x != 0x0D200000 ? 3 : 0;
	}
	if ((w & 0xE0C00000) == 0xC0800000)
		return (w & 0x1E000000) != 0 ? 2 : 0;
	if ((w & 0xF8C0C0C0) == 0xF0808080) {
		x = w & 0x07300000;	/* 0: too long, over 4: > 10FFFF */
		return x != 0 && x <= 0x04000000 ? 4 : 0;
	}
	return 0;
}

/* The same bytewise, to the end of the text and to the byte that is wrong. */
static const json_byte *
wide_exact(struct json_scanner *s, const json_byte *p)
{
	json_byte c = *p++, lo = 0x80, hi = 0xBF;
	int more;

	if (c < 0xC2 || c > 0xF4)
		return json_wrong(s, p - 1, "malformed UTF-8");
	more = 1 + (c >= 0xE0) + (c >= 0xF0);
	if (c == 0xE0)
		lo = 0xA0;
	else if (c == 0xED)
		hi = 0x9F;
	else if (c == 0xF0)
		lo = 0x90;
	else if (c == 0xF4)
		hi = 0x8F;
	for (; more > 0; more--, p++, lo = 0x80, hi = 0xBF)
		if (p == s->end || *p < lo || *p > hi)
			return json_wrong(s, p, "malformed UTF-8");
	return p;
}

/* Behind the characters above ASCII at p. */
static const json_byte *
wide(struct json_scanner *s, const json_byte *p)
{
	size_t n;

	while (s->end - p >= 4 && *p >= 0x80) {
		n = wide_length(p);
		if (n == 0)
			return wide_exact(s, p);
		p += n;
	}
	while (p != NULL && p != s->end && *p >= 0x80)
		p = wide_exact(s, p);
	return p;
}

bool
json_utf8_ok(const json_byte *p, const json_byte *end)
{
	uint64_t w;
	size_t n;

	while (p < end) {
		memcpy(&w, p, sizeof(w));
		if ((w & EACH(0x80)) == 0) {
			p += 8;
			continue;
		}
		while (*p < 0x80)
			p++;
		for (; p < end && *p >= 0x80; p += n)
			if ((n = wide_length(p)) == 0)
				return false;
	}
	return true;
}

const json_byte *
json_string_exact(struct json_scanner *s, const json_byte *p, bool *escaped)
{
	for (;;) {
		p = plain(p, s->end);
		if (p == s->end)
			return json_wrong(s, p, NULL);
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			*escaped = true;
			p = escape(s, p);
		} else if (*p >= 0x80) {
			p = wide(s, p);
		} else {
			return json_wrong(s, p, "control byte in a string");
		}
		if (p == NULL)
			return NULL;
	}
}

/* At least one digit. */
HR_INLINE const json_byte *
digits(struct json_scanner *s, const json_byte *p)
{
	const json_byte *const end = s->end;

	if (p == end || *p < '0' || *p > '9')
		return json_wrong(s, p, "expected a digit");
	do
		p++;
	while (p != end && *p >= '0' && *p <= '9');
	return p;
}

const json_byte *
json_number_exact(struct json_scanner *s, const json_byte *p)
{
	if (*p == '-')
		p++;
	if (p != s->end && *p == '0')
		p++;
	else if ((p = digits(s, p)) == NULL)
		return NULL;
	if (p != s->end && *p == '.' && (p = digits(s, p + 1)) == NULL)
		return NULL;
	if (p != s->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p != s->end && (*p == '+' || *p == '-'))
			p++;
		p = digits(s, p);
	}
	return p;
}

const json_byte *
json_literal_exact(struct json_scanner *s, const json_byte *p,
    enum json_type *type)
{
	static const char *const word[] = { "null", "false", "true" };
	const char *z;
	size_t i;

	for (i = 0; i < HR_LEN(word) && *p != (json_byte)word[i][0]; i++)
		;
	if (i == HR_LEN(word)) {
		if (s->end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
			return json_wrong(s, p, "byte order mark");
		return json_wrong(s, p, "expected a value");
	}
	/* null, false and true come first in enum json_type, in this order. */
	*type = (enum json_type)i;
	for (z = word[i]; *z != '\0'; z++, p++)
		if (p == s->end || *p != (json_byte)*z)
			return json_wrong(s, p,
			    "expected null, false or true");
	return p;
}

const json_byte json_escape_length[256] = {
	['"'] = 2, ['\\'] = 2, ['/'] = 2, ['b'] = 2, ['f'] = 2, ['n'] = 2,
	['r'] = 2, ['t'] = 2, ['u'] = 6
};
