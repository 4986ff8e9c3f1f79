/*
 * json_core.h - the JSON scanner, compiled once for each vector unit
 *
 * Included by a file that has defined
 *
 *	CORE(name)	the name of this variant of a function
 *	CORE_TARGET	the attribute that allows its instructions, or nothing
 *	CORE(plain)	(p, end): the first byte from p on that is not plain
 *			string content (a quote, a backslash, a control byte
 *			or a byte of UTF-8 beyond ASCII), or end
 *	CORE(space)	(p, end): the first byte from p on that is not white
 *			space, or end
 *
 * and not protected against inclusion twice.  State lives in a stack of open
 * containers, not in the C stack: three places in one function, `value`,
 * `key` and `after`, are the states of RFC 8259's grammar.
 */

#include "json_impl.h"

/* Most tokens stand next to each other or one space apart. */
CORE_TARGET HR_INLINE const json_byte *
CORE(skip)(const json_byte *p, const json_byte *end)
{
	if (p != end && *p > ' ')
		return p;
	if (end - p > 1 && *p == ' ' && p[1] > ' ')
		return p + 1;
	return CORE(space)(p, end);
}

/* Behind the string whose content begins at p. */
CORE_TARGET HR_INLINE const json_byte *
CORE(string)(struct json_scanner *s, const json_byte *p,
    const json_byte *end, bool *escaped)
{
	for (;;) {
		p = CORE(plain)(p, end);
		if (p == end)
			return json_wrong(s, p, NULL);
		if (hr_likely(*p == '"'))
			return p + 1;
		if (*p == '\\') {
			*escaped = true;
			p = json_escape(s, p);
		} else if (*p >= 0x80) {
			p = json_wide(s, p);
		} else {
			return json_wrong(s, p, "control byte in a string");
		}
		if (p == NULL)
			return NULL;
	}
}

/* At least one digit. */
CORE_TARGET HR_INLINE const json_byte *
CORE(digits)(struct json_scanner *s, const json_byte *p,
    const json_byte *end)
{
	if (p == end || *p < '0' || *p > '9')
		return json_wrong(s, p, "expected a digit");
	do
		p++;
	while (p != end && *p >= '0' && *p <= '9');
	return p;
}

/* Behind the number at p. */
CORE_TARGET HR_INLINE const json_byte *
CORE(number)(struct json_scanner *s, const json_byte *p,
    const json_byte *end)
{
	if (*p == '-')
		p++;
	if (p != end && *p == '0')
		p++;
	else if ((p = CORE(digits)(s, p, end)) == NULL)
		return NULL;
	if (p != end && *p == '.' &&
	    (p = CORE(digits)(s, p + 1, end)) == NULL)
		return NULL;
	if (p != end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p != end && (*p == '+' || *p == '-'))
			p++;
		p = CORE(digits)(s, p, end);
	}
	return p;
}

/* One token that holds no others. */
CORE_TARGET HR_INLINE void
CORE(put)(struct json_scanner *s, size_t n, const json_byte *from,
    const json_byte *to, enum json_type type, bool escaped)
{
	s->tok[n & s->mask] = (struct json_tok){
		.start = (uint32_t)(from - s->text),
		.end = (uint32_t)(to - s->text),
		.skip = 1, .type = type, .escaped = escaped
	};
}

/* What was left open when the container began is now known. */
CORE_TARGET HR_INLINE void
CORE(close)(struct json_scanner *s, size_t n, const struct json_frame *f,
    const json_byte *to)
{
	struct json_tok *t = &s->tok[f->tok & s->mask];

	t->end = (uint32_t)(to - s->text);
	t->skip = (uint32_t)(n - f->tok);
	t->count = f->count < JSON_COUNT_MAX ? f->count : JSON_COUNT_MAX;
}

CORE_TARGET enum json_rc
CORE(tree)(struct json_scanner *s)
{
	const json_byte *p = s->p, *const end = s->end, *from;
	struct json_frame *f = NULL;	/* the innermost open container */
	enum json_type type;
	bool escaped;
	size_t n = 0;

value:
	p = CORE(skip)(p, end);
	if (hr_unlikely(n == s->cap) && !json_more(s))
		return s->rc;
	from = p;
	escaped = false;
	if (p == end) {
		p = json_wrong(s, p, NULL);
	} else if (*p == '"') {
		p = CORE(string)(s, p + 1, end, &escaped);
		type = JSON_STRING;
	} else if ((*p >= '0' && *p <= '9') || *p == '-') {
		p = CORE(number)(s, p, end);
		type = JSON_NUMBER;
	} else if (*p == '{' || *p == '[') {
		goto open;
	} else {
		p = json_literal(s, p, &type);
	}
	if (p == NULL)
		return s->rc;
	CORE(put)(s, n++, from, p, type, escaped);
	goto after;

open:
	f = f == NULL ? s->open : f + 1;
	if (hr_unlikely(f == s->open + JSON_DEPTH_MAX)) {
		json_wrong(s, p, "nested too deeply");
		return s->rc;
	}
	*f = (struct json_frame){ .tok = (uint32_t)n, .object = *p == '{' };
	CORE(put)(s, n++, p, p, f->object ? JSON_OBJECT : JSON_ARRAY, false);
	p = CORE(skip)(p + 1, end);
	if (p != end && *p == (f->object ? '}' : ']'))
		goto close;
	f->count = 1;
	if (!f->object)
		goto value;

key:
	if (hr_unlikely(n == s->cap) && !json_more(s))
		return s->rc;
	from = p;
	escaped = false;
	if (p == end || *p != '"')
		p = json_wrong(s, p, f->count == 1 ?
		    "expected a key or '}'" : "expected a key");
	else
		p = CORE(string)(s, p + 1, end, &escaped);
	if (p == NULL)
		return s->rc;
	CORE(put)(s, n++, from, p, JSON_STRING, escaped);
	p = CORE(skip)(p, end);
	if (p == end || *p != ':') {
		json_wrong(s, p, "expected ':'");
		return s->rc;
	}
	p++;
	goto value;

close:
	CORE(close)(s, n, f, ++p);
	f = f == s->open ? NULL : f - 1;

after:
	if (f == NULL) {
		s->p = p;
		s->ntok = n;
		return JSON_OK;
	}
	p = CORE(skip)(p, end);
	if (p != end && *p == ',') {
		f->count++;
		if (!f->object) {
			p++;
			goto value;
		}
		p = CORE(skip)(p + 1, end);
		goto key;
	}
	if (p != end && *p == (f->object ? '}' : ']'))
		goto close;
	json_wrong(s, p, f->object ? "expected ',' or '}'" :
	    "expected ',' or ']'");
	return s->rc;
}
