/*
 * json - entry points of the scanner, and its rare ways
 */
#include "compat.h"

#include <stdlib.h>

#include "json_impl.h"
#include "mem.h"

const json_byte *
json_wrong(struct json_scanner *s, const json_byte *p, const char *what)
{
	s->rc = JSON_BAD;
	s->err.at = (size_t)(p - s->text);
	s->err.what = p == s->end ? "unexpected end of the text" : what;
	return NULL;
}

static bool
is_hex(json_byte c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' &&
	    (c | 0x20) <= 'f');
}

const json_byte *
json_escape(struct json_scanner *s, const json_byte *p)
{
	int i;

	p++;
	if (p == s->end || *p == '\0' || strchr("\"\\/bfnrtu", *p) == NULL)
		return json_wrong(s, p, "unknown escape sequence");
	if (*p++ != 'u')
		return p;
	for (i = 0; i < 4; i++, p++)
		if (p == s->end || !is_hex(*p))
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

const json_byte *
json_wide(struct json_scanner *s, const json_byte *p)
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

const json_byte *
json_literal(struct json_scanner *s, const json_byte *p,
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

bool
json_more(struct json_scanner *s)
{
	struct json_doc *d = s->grow;
	struct json_tok *t;

	s->rc = d == NULL ? JSON_FULL : JSON_NOMEM;
	if (d == NULL)
		return false;
	t = mem_grow(d->tok, &d->cap, d->cap + 1, sizeof(*t), JSON_TEXT_MAX);
	if (t == NULL)
		return false;
	s->tok = d->tok = t;
	s->cap = d->cap;
	return true;
}

bool
json_isa_here(enum json_isa isa)
{
#if HR_JSON_X86
	return isa != JSON_AVX2 || __builtin_cpu_supports("avx2");
#else
	return isa == JSON_PORTABLE;
#endif
}

static enum json_rc
tree(struct json_scanner *s, enum json_isa isa)
{
#if HR_JSON_X86
	if (isa == JSON_AVX2)
		return json_tree_avx2(s);
	if (isa == JSON_SSE2)
		return json_tree_sse2(s);
#else
	(void)isa;
#endif
	return json_tree_portable(s);
}

static enum json_isa
best(void)
{
	if (json_isa_here(JSON_AVX2))
		return JSON_AVX2;
	return json_isa_here(JSON_SSE2) ? JSON_SSE2 : JSON_PORTABLE;
}

/* Everything but the stack, which needs no initial value. */
static enum json_rc
start(struct json_scanner *s, struct span text, struct json_tok *tok,
    size_t cap)
{
	/* An empty span may be NULL, to which not even 0 may be added. */
	s->text = s->p = (const json_byte *)(text.n == 0 ? "" : text.p);
	s->end = s->text + text.n;
	s->tok = tok;
	s->cap = cap;
	s->mask = SIZE_MAX;
	s->ntok = 0;
	s->grow = NULL;
	s->rc = JSON_OK;
	s->err = (struct json_err){ 0, NULL };
	if (text.n <= JSON_TEXT_MAX)
		return JSON_OK;
	json_wrong(s, s->text + JSON_TEXT_MAX, "text too long");
	return s->rc;
}

/* Nothing but white space may follow the value. */
static enum json_rc
finish(struct json_scanner *s)
{
	while (s->p != s->end && (*s->p == ' ' || *s->p == '\n' ||
	    *s->p == '\r' || *s->p == '\t'))
		s->p++;
	if (s->p == s->end)
		return JSON_OK;
	json_wrong(s, s->p, "expected the end of the text");
	return s->rc;
}

static enum json_rc
scan(enum json_isa isa, bool whole, struct span text, struct json_tok *tok,
    size_t cap, size_t *ntok, size_t *used, struct json_err *err)
{
	struct json_scanner s;
	struct json_tok none;
	enum json_rc rc;

	rc = start(&s, text, tok, cap);
	if (tok == NULL && cap == 0) {
		s.tok = &none;
		s.mask = 0;
		s.cap = SIZE_MAX;
	}
	if (rc == JSON_OK)
		rc = tree(&s, isa);
	if (rc == JSON_OK && whole)
		rc = finish(&s);
	if (rc == JSON_OK) {
		*ntok = s.ntok;
		*used = (size_t)(s.p - s.text);
	} else if (rc == JSON_BAD) {
		*err = s.err;
	}
	return rc;
}

enum json_rc
json_scan(struct span text, struct json_tok *tok, size_t cap, size_t *ntok,
    struct json_err *err)
{
	size_t used;

	return scan(best(), true, text, tok, cap, ntok, &used, err);
}

enum json_rc
json_scan_with(enum json_isa isa, struct span text, struct json_tok *tok,
    size_t cap, size_t *ntok, struct json_err *err)
{
	size_t used;

	return scan(isa, true, text, tok, cap, ntok, &used, err);
}

enum json_rc
json_scan_prefix(struct span text, struct json_tok *tok, size_t cap,
    size_t *ntok, size_t *used, struct json_err *err)
{
	return scan(best(), false, text, tok, cap, ntok, used, err);
}

/*
 * The first guess is low on purpose: one token in 16 bytes is the text's own
 * size.  Denser texts grow by half again, which moves pages, not bytes.
 */
enum json_rc
json_doc_scan(struct json_doc *d, struct span text, struct json_err *err)
{
	struct json_scanner s;
	struct json_tok *t;
	enum json_rc rc;

	d->text = text;
	d->ntok = 0;
	rc = start(&s, text, d->tok, d->cap);
	if (rc == JSON_OK && d->cap == 0) {
		t = mem_grow(d->tok, &d->cap, text.n / 16 + 1, sizeof(*t),
		    JSON_TEXT_MAX);
		if (t == NULL)
			return JSON_NOMEM;
		s.tok = d->tok = t;
		s.cap = d->cap;
	}
	s.grow = d;
	if (rc == JSON_OK)
		rc = tree(&s, best());
	if (rc == JSON_OK)
		rc = finish(&s);
	if (rc == JSON_OK)
		d->ntok = s.ntok;
	else if (rc == JSON_BAD)
		*err = s.err;
	return rc;
}

void
json_doc_release(struct json_doc *d)
{
	free(d->tok);
	*d = (struct json_doc)JSON_DOC_INIT;
}
