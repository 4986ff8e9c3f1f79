/*
 * json_core.h - the JSON scanner, compiled once for each vector unit
 *
 * Included by a file that has defined
 *
 *	CORE(name)	the name of this variant of a function
 *	CORE_TARGET	the attribute that allows its instructions, or nothing
 *	CORE(string)	(s, p, end, &escaped): behind the string whose first
 *			byte within the quotes is p
 *	CORE(number)	(s, p, end): behind the number at p
 *	CORE(space)	(p, end): the first byte that is not white space
 *
 * State lives in a stack of open containers, not in the C stack: the places
 * `value`, `key` and `after` of one function are the states of RFC 8259's
 * grammar.
 */

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

CORE_TARGET HR_INLINE const json_byte *
CORE(literal)(struct json_scanner *s, const json_byte *p,
    const json_byte *end, enum json_type *type)
{
	if (end - p >= 5) {
		*type = JSON_TRUE;
		if (memcmp(p, "true", 4) == 0)
			return p + 4;
		*type = JSON_NULL;
		if (memcmp(p, "null", 4) == 0)
			return p + 4;
		*type = JSON_FALSE;
		if (*p == 'f' && memcmp(p + 1, "alse", 4) == 0)
			return p + 5;
	}
	return json_literal_exact(s, p, type);
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
		p = CORE(literal)(s, p, end, &type);
	}
	if (p == NULL)
		return s->rc;
	CORE(put)(s, n++, from, p, type, escaped);

after:
	if (f == NULL) {
		s->p = p;
		s->ntok = n;
		return JSON_OK;
	}
	p = CORE(skip)(p, end);
	if (p != end && *p == ',') {
		f->count++;
		p++;
		if (f->end == ']')
			goto value;
		p = CORE(skip)(p, end);
		goto key;
	}
	if (p != end && *p == f->end)
		goto close;
	json_wrong(s, p, f->end == '}' ? "expected ',' or '}'" :
	    "expected ',' or ']'");
	return s->rc;

open:
	f = f == NULL ? s->open : f + 1;
	if (hr_unlikely(f == s->open + JSON_DEPTH_MAX)) {
		json_wrong(s, p, "nested too deeply");
		return s->rc;
	}
	/* In ASCII each closing bracket is its opening one plus 2. */
	*f = (struct json_frame){ (uint32_t)n, 0, (json_byte)(*p + 2) };
	CORE(put)(s, n++, p, p, *p == '{' ? JSON_OBJECT : JSON_ARRAY, false);
	p = CORE(skip)(p + 1, end);
	if (p != end && *p == f->end)
		goto close;
	f->count = 1;
	if (f->end == ']')
		goto value;

key:
	if (hr_unlikely(n == s->cap) && !json_more(s))
		return s->rc;
	from = p;
	escaped = false;
	if (hr_likely(p != end && *p == '"'))
		p = CORE(string)(s, p + 1, end, &escaped);
	else
		p = json_wrong(s, p, f->count == 1 ?
		    "expected a key or '}'" : "expected a key");
	if (p == NULL)
		return s->rc;
	CORE(put)(s, n++, from, p, JSON_STRING, escaped);
	if (p == end || *p != ':')
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
	goto after;
}
