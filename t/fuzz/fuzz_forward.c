/*
 * fuzz forward - what must hold for every body
 *
 * The first byte chooses the API, the second where the body was cut before.
 * What is not JSON passes; what is stays JSON with as many values; a forwarder
 * that knows the body, or a beginning of it, does what a fresh one does; and a
 * second pass has nothing left to do.  A broken promise aborts.
 */
#include "compat.h"

#include <limits.h>

#include "forward.h"
#include "fuzz.h"
#include "json.h"

/* With them some reads are squashed. */
static const struct rules *
rules(void)
{
	static struct rules *r;
	struct file_err err;

	if (r == NULL) {
		r = rules_new();
		must(rules_add(r, SPAN_LIT("path lock *.json\n"
		    "level lock balanced\ntool read query\n"), &err));
	}
	return r;
}

static struct forwarder *
fresh(void)
{
	const struct forward_opt opt = { .tok = fuzz_vocabulary(),
	    .rules = rules(), .level = SQUASH_BALANCED,
	    .retrieval = RETRIEVAL_SHELL };
	struct forwarder *f;

	must(forwarder_open(&f, &opt));
	return f;
}

static struct span
pass(struct forwarder *f, enum api api, struct span body, struct forward *w)
{
	const struct forward_in in = { .api = api, .client = CLIENT_OTHER,
	    .key = KEY_API, .body = body };

	if (!forward_run(f, &in, w, true))
		must(forward_run(f, &in, w, false));
	return w->changed ? buf_span(&w->body) : body;
}

/* Values in a text, 0 if it is not JSON. */
static size_t
values(struct span s)
{
	struct json_err err;
	size_t n;

	return json_scan(s, NULL, 0, &n, &err) == JSON_OK ? n : 0;
}

static bool
same(const struct forward *a, const struct forward *b)
{
	return a->changed == b->changed && (!a->changed ||
	    span_eq(buf_span(&a->body), buf_span(&b->body))) &&
	    memcmp(a->report.texts, b->report.texts,
	    sizeof(a->report.texts)) == 0;
}

/*
 * A body that ends where the other is cut, if there is an element's end: the
 * forwarder then knows this beginning.
 */
static void
teach(struct forwarder *f, enum api api, struct span body, size_t cut)
{
	struct forward w = FORWARD_INIT;
	struct buf b = BUF_INIT;

	buf_addspan(&b, span_of(body.p, cut));
	buf_adds(&b, "}]}");
	if (!buf_err(&b))
		pass(f, api, buf_span(&b), &w);
	buf_release(&b);
	buf_release(&w.body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct forward a = FORWARD_INIT, b = FORWARD_INIT, c = FORWARD_INIT;
	struct forwarder *f, *g;
	struct span body, out;
	enum api api;
	size_t n;

	if (size < 2)
		return 0;
	api = (enum api)(API_MESSAGES + data[0] % 3);
	body = span_of((const char *)data + 2, size - 2);
	f = fresh();
	g = fresh();
	out = pass(f, api, body, &a);
	n = values(body);
	must(!a.changed || n > 0);
	must(values(out) == n);
	pass(f, api, body, &b);
	must(same(&a, &b));
	teach(g, api, body, body.n * data[1] / 255);
	pass(g, api, body, &b);
	must(same(&a, &b));
	forwarder_close(g);
	g = fresh();
	pass(g, api, out, &c);
	must(!c.changed);
	forwarder_close(f);
	forwarder_close(g);
	buf_release(&a.body);
	buf_release(&b.body);
	buf_release(&c.body);
	return 0;
}
