/*
 * ledger_line - a request as a line of JSON
 *
 * The order of the members is fixed; hr-ledger(5) describes them.
 */
#include "compat.h"

#include <inttypes.h>

#include "buf.h"
#include "json.h"
#include "ledger.h"

static void
key(struct buf *b, const char *name)
{
	buf_adds(b, ",\"");
	buf_adds(b, name);
	buf_adds(b, "\":");
}

static void
number(struct buf *b, const char *name, uint64_t v)
{
	key(b, name);
	buf_addu(b, v);
}

static void
word(struct buf *b, const char *name, const char *z)
{
	key(b, name);
	json_quote(span_z(z), b);
}

/* Told only when it is so. */
static void
flag(struct buf *b, const char *name, bool on)
{
	if (!on)
		return;
	key(b, name);
	buf_adds(b, "true");
}

/* RFC 3339, in UTC. */
static void
when(struct buf *b, int64_t ms)
{
	int64_t part = ms % 1000;
	time_t t;
	struct tm tm;

	part += part < 0 ? 1000 : 0;
	t = (time_t)((ms - part) / 1000);
	if (gmtime_r(&t, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	buf_addf(b, "{\"time\":\"%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ\"",
	    tm.tm_year + 1900LL, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, (int)part);
}

/* It comes from the request: nothing in it may matter to a terminal. */
static void
model(struct buf *b, const struct forward_report *r)
{
	size_t n = strnlen(r->model, sizeof(r->model)), i;
	char c;

	if (n == 0)
		return;
	key(b, "model");
	buf_addc(b, '"');
	for (i = 0; i < n; i++) {
		c = r->model[i];
		buf_addc(b, c < ' ' || c > '~' || c == '"' || c == '\\' ?
		    '?' : c);
	}
	buf_addc(b, '"');
}

static void
texts(struct buf *b, const struct forward_report *r)
{
	bool any = false;
	unsigned w;

	key(b, "texts");
	buf_addc(b, '{');
	for (w = 0; w < FORWARD_WHYS; w++) {
		if (r->texts[w] == 0)
			continue;
		if (any)
			buf_addc(b, ',');
		json_quote(span_z(forward_why_name((enum forward_why)w)), b);
		buf_addc(b, ':');
		buf_addu(b, r->texts[w]);
		any = true;
	}
	buf_addc(b, '}');
}

static void
fresh(struct buf *b, const struct forward_report *r)
{
	size_t n = r->nnew < FORWARD_NEW_MAX ? (size_t)r->nnew :
	    FORWARD_NEW_MAX, i;
	const struct forward_new *f;

	key(b, "new");
	buf_addc(b, '[');
	for (i = 0; i < n; i++) {
		f = &r->fresh[i];
		buf_adds(b, i > 0 ? ",{\"why\":" : "{\"why\":");
		json_quote(span_z(forward_why_name(f->why)), b);
		if (f->class != NULL)
			word(b, "class", f->class);
		if (f->why == WHY_SQUASHED) {
			key(b, "lossy");
			buf_adds(b, f->lossy ? "true" : "false");
			number(b, "before", f->before);
			number(b, "after", f->after);
		}
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	if (r->nnew > n)
		number(b, "new_more", r->nnew - n);
}

/* The word at this place in "one|two|three". */
static void
retrieval(struct buf *b, enum retrieval which)
{
	const char *p = RETRIEVALS;
	unsigned i;
	size_t n;

	for (i = 0; i < (unsigned)which && *p != '\0'; i++) {
		p += strcspn(p, "|");
		p += *p == '|';
	}
	n = strcspn(p, "|");
	key(b, "retrieval");
	json_quote(span_of(p, n), b);
}

static void
report(struct buf *b, const struct forward_report *r)
{
	flag(b, "store_failed", r->store_failed);
	if (r->skipped != NULL) {
		word(b, "skipped", r->skipped);
		return;
	}
	texts(b, r);
	fresh(b, r);
	number(b, "before", r->before);
	number(b, "after", r->after);
	retrieval(b, r->retrieval);
	key(b, "policy");
	buf_addf(b, "\"%08" PRIx32 "\"", r->policy);
}

static void
usage(struct buf *b, const struct usage *u)
{
	if (!u->known) {
		word(b, "usage", "unknown");
		return;
	}
	key(b, "usage");
	buf_adds(b, "{\"input\":");
	buf_addu(b, u->input);
	number(b, "cache_read", u->cache_read);
	number(b, "cache_write", u->cache_write);
	number(b, "output", u->output);
	buf_addc(b, '}');
}

void
ledger_format(const struct ledger_line *e, struct buf *out)
{
	when(out, e->time);
	word(out, "provider", provider_name(e->provider));
	word(out, "api", api_name(e->api));
	word(out, "client", client_name(e->client));
	if (e->report != NULL)
		model(out, e->report);
	number(out, "status", e->status);
	flag(out, "cut", e->cut);
	flag(out, "cancelled", e->cancelled);
	number(out, "received", e->received);
	number(out, "sent", e->sent);
	number(out, "response", e->response);
	if (e->report != NULL)
		report(out, e->report);
	word(out, "version", VERSION);
	usage(out, &e->usage);
	number(out, "own_us", e->own_us);
	number(out, "first_us", e->first_us);
	number(out, "total_us", e->total_us);
	buf_adds(out, "}\n");
}
