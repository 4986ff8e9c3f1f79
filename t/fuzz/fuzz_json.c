/*
 * fuzz json - what must hold for every text, JSON or not
 *
 * The variants of the scanner agree in everything; tokens nest and lie next
 * to each other; an error stands at the first byte that no JSON text could
 * have there; decode and encode are inverse; edits change what they say and
 * nothing else.  A broken promise aborts.
 */
#include "compat.h"

#include <stdlib.h>

#include "edit.h"
#include "fuzz.h"
#include "json_impl.h"
#include "utf8.h"

struct result {
	enum json_rc	 rc;
	size_t		 n;
	struct json_err	 err;
};

static struct result
scan(enum json_isa isa, struct span s, struct json_tok *t, size_t cap)
{
	struct result r = { .n = 0 };

	r.rc = json_scan_with(isa, s, t, cap, &r.n, &r.err);
	return r;
}

static bool
same(struct result a, struct result b)
{
	return a.rc == b.rc && a.n == b.n && (a.rc != JSON_BAD ||
	    (a.err.at == b.err.at && strcmp(a.err.what, b.err.what) == 0));
}

/* Every variant, with memory and without, says what the first one says. */
static void
check_variants(struct span s, struct result r, const struct json_doc *d)
{
	struct json_tok *t = calloc(r.n + 1, sizeof(*t));
	int isa;

	must(t != NULL);
	for (isa = JSON_PORTABLE; isa <= JSON_AVX2; isa++) {
		if (!json_isa_here((enum json_isa)isa))
			continue;
		must(same(scan((enum json_isa)isa, s, NULL, 0), r));
		if (r.rc != JSON_OK)
			continue;
		must(same(scan((enum json_isa)isa, s, t, r.n), r));
		must(memcmp(t, d->tok, r.n * sizeof(*t)) == 0);
		must(scan((enum json_isa)isa, s, t, r.n - 1).rc == JSON_FULL);
		must(scan((enum json_isa)isa, s, t, r.n / 2).rc ==
		    (r.n / 2 < r.n ? JSON_FULL : JSON_OK));
	}
	free(t);
}

/* What stands between two tokens is white space and punctuation. */
static void
check_gap(struct span s, size_t from, size_t to)
{
	must(from <= to && to <= s.n);
	for (; from < to; from++)
		must(s.p[from] != '\0' &&
		    strchr(" \t\r\n,:[]{}", s.p[from]) != NULL);
}

static void
check_scalar(struct span s, const struct json_tok *t)
{
	struct span x = json_text(s, t);

	must(t->skip == 1 && t->count == 0 && x.n > 0);
	switch ((enum json_type)t->type) {
	case JSON_NULL:
		must(span_eq(x, SPAN_LIT("null")));
		break;
	case JSON_FALSE:
		must(span_eq(x, SPAN_LIT("false")));
		break;
	case JSON_TRUE:
		must(span_eq(x, SPAN_LIT("true")));
		break;
	case JSON_NUMBER:
		must(x.p[0] == '-' || (x.p[0] >= '0' && x.p[0] <= '9'));
		must(x.p[x.n - 1] >= '0' && x.p[x.n - 1] <= '9');
		break;
	case JSON_STRING:
		must(x.n >= 2 && x.p[0] == '"' && x.p[x.n - 1] == '"');
		must(t->escaped == (memchr(x.p, '\\', x.n) != NULL));
		must(utf8_valid(x.p, x.n) == x.n);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		must(false);
	}
}

/* The children fill the container and are as many as it says. */
static void
check_container(struct span s, const struct json_tok *t)
{
	const struct json_tok *end = t + t->skip, *c;
	bool object = t->type == JSON_OBJECT;
	size_t n = 0, at = t->start + 1;

	must(s.p[t->start] == (object ? '{' : '['));
	must(s.p[t->end - 1] == (object ? '}' : ']'));
	must(!t->escaped);
	for (c = t + 1; c < end; c += c->skip, n++) {
		must(c->start < c->end && c->skip > 0);
		must(!object || n % 2 != 0 || c->type == JSON_STRING);
		check_gap(s, at, c->start);
		at = c->end;
	}
	must(c == end);
	must(n == (object ? 2u : 1u) * (size_t)t->count);
	check_gap(s, at, t->end);
}

static void
check_tape(const struct json_doc *d)
{
	const struct json_tok *t;

	must(d->ntok > 0 && d->tok[0].skip == d->ntok);
	check_gap(d->text, 0, d->tok[0].start);
	check_gap(d->text, d->tok[0].end, d->text.n);
	for (t = d->tok; t < d->tok + d->ntok; t++) {
		must(t->start < t->end && t->end <= d->text.n);
		if (t->type == JSON_ARRAY || t->type == JSON_OBJECT)
			check_container(d->text, t);
		else
			check_scalar(d->text, t);
	}
}

/*
 * Before the wrong byte the text could go on: there is nothing wrong with it
 * but its end.  A byte order mark is the exception: its first byte is wrong,
 * but what it is needs three to be seen.
 */
static void
check_error(struct span s, struct result r)
{
	struct result q;

	must(r.err.at <= s.n && r.err.what != NULL);
	q = scan(JSON_PORTABLE, span_of(s.p, r.err.at), NULL, 0);
	must(q.rc == JSON_OK || (q.rc == JSON_BAD && q.err.at == r.err.at));
	if (r.err.at == s.n || strcmp(r.err.what, "byte order mark") == 0)
		return;
	q = scan(JSON_PORTABLE, span_of(s.p, r.err.at + 1), NULL, 0);
	must(same(q, r));
}

/* The first value of the text is the text, if that is one value. */
static void
check_prefix(struct span s, struct result r)
{
	struct json_err err;
	size_t n, used;

	if (json_scan_prefix(s, NULL, 0, &n, &used, &err) != JSON_OK) {
		must(r.rc == JSON_BAD && r.err.at == err.at);
		return;
	}
	must(used <= s.n);
	must(scan(JSON_PORTABLE, span_of(s.p, used), NULL, 0).rc == JSON_OK);
	must(r.rc == JSON_BAD || r.n == n);
}

static void
check_body(struct span body)
{
	struct buf plain = BUF_INIT, again = BUF_INIT, quoted = BUF_INIT;

	json_decode(body, &plain);
	json_quote(buf_span(&plain), &quoted);
	must(!buf_err(&plain) && !buf_err(&quoted));
	must(plain.len <= body.n && quoted.len <= body.n + 2);
	must(scan(JSON_PORTABLE, buf_span(&quoted), NULL, 0).rc == JSON_OK);
	json_decode(span_of(quoted.p + 1, quoted.len - 2), &again);
	must(span_eq(buf_span(&plain), buf_span(&again)));
	buf_release(&plain);
	buf_release(&again);
	buf_release(&quoted);
}

/* Any bytes at all may be decoded and encoded; UTF-8 comes back. */
static void
check_bytes(struct span s)
{
	struct buf out = BUF_INIT, back = BUF_INIT;

	json_decode(s, &out);
	must(out.len <= s.n);
	buf_reset(&out);
	json_encode(s, &out);
	if (utf8_valid(s.p, s.n) == s.n) {
		json_decode(buf_span(&out), &back);
		must(span_eq(buf_span(&back), s));
	}
	buf_release(&out);
	buf_release(&back);
}

/* Each scalar but keys becomes a zero: as many tokens as before. */
static void
check_edits(const struct json_doc *d)
{
	struct edits keep = EDITS_INIT, zero = EDITS_INIT;
	struct buf out = BUF_INIT;
	const struct json_tok *t;

	for (t = d->tok; t < d->tok + d->ntok; t++) {
		if (t->type == JSON_ARRAY || t->type == JSON_OBJECT)
			continue;
		edits_add(&keep, t->start, t->end, json_text(d->text, t));
		if (t->type != JSON_STRING)
			edits_add(&zero, t->start, t->end, SPAN_LIT("0"));
	}
	edits_apply(&keep, d->text, &out);
	must(span_eq(buf_span(&out), d->text));
	must(edits_length(&keep, d->text.n) == d->text.n);
	buf_reset(&out);
	edits_apply(&zero, d->text, &out);
	must(edits_length(&zero, d->text.n) == out.len);
	must(scan(JSON_PORTABLE, buf_span(&out), NULL, 0).n == d->ntok);
	edits_release(&keep);
	edits_release(&zero);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of((const char *)data, size);
	struct json_doc d = JSON_DOC_INIT;
	const struct json_tok *t;
	struct result r = { .n = 0 };

	r.rc = json_doc_scan(&d, s, &r.err);
	must(r.rc == JSON_OK || r.rc == JSON_BAD);
	r.n = d.ntok;
	check_variants(s, r, &d);
	check_prefix(s, r);
	check_bytes(s);
	if (r.rc == JSON_OK) {
		check_tape(&d);
		check_edits(&d);
		for (t = d.tok; t < d.tok + d.ntok; t++)
			if (t->type == JSON_STRING)
				check_body(json_body(s, t));
	} else {
		check_error(s, r);
	}
	json_doc_release(&d);
	return 0;
}
