/*
 * json - the scanner's entry points and memory
 */
#include "compat.h"

#include <stdlib.h>

#include "cpu.h"
#include "json_impl.h"
#include "mem.h"

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
	return isa != JSON_AVX2 || cpu_has_avx2();
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
	s->p = json_space_exact(s->p, s->end);
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
 * The first guess is low on purpose: one token in 16 bytes makes an array of
 * the text's own size, of which only what is used becomes memory.  Denser
 * texts grow by half again, which moves pages, not bytes, when it is much; but
 * large pages (mem.h) are not moved as such, so of large texts more is asked
 * for at once if it can be had.
 */
#define GUESS(textlen)	((textlen) / 16 + 64)
#define LARGE_TEXT	((size_t)4 << 20)

static struct json_tok *
first_tokens(struct json_doc *d, size_t n)
{
	struct json_tok *t = NULL;

	if (n >= LARGE_TEXT)
		t = mem_grow(d->tok, &d->cap, n / 7, sizeof(*t),
		    JSON_TEXT_MAX);
	return t != NULL ? t : mem_grow(d->tok, &d->cap, GUESS(n), sizeof(*t),
	    JSON_TEXT_MAX);
}

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
		t = first_tokens(d, text.n);
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
json_doc_trim(struct json_doc *d)
{
	struct json_tok *t = d->ntok == 0 ? NULL :
	    realloc(d->tok, d->ntok * sizeof(*t));

	if (t == NULL)
		return;
	d->tok = t;
	d->cap = d->ntok;
}

void
json_doc_release(struct json_doc *d)
{
	free(d->tok);
	*d = (struct json_doc)JSON_DOC_INIT;
}
