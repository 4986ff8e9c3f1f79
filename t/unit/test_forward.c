/*
 * test_forward - what bodies become, without a network
 */
#include "compat.h"

#include <sys/stat.h>
#include <unistd.h>

#include "ccr.h"
#include "forward.h"
#include "json.h"
#include "tap.h"

static char vocabulary[4096], store[4096];

static struct forwarder *
open_with(const char *path, enum squash_level level, enum retrieval r)
{
	const struct forward_opt opt = { .store = path,
	    .vocabulary = vocabulary, .level = level, .retrieval = r,
	    .store_named = true };
	struct forwarder *f;

	return forwarder_open(&f, &opt) ? f : NULL;
}

/* Run a body; the result in w. */
static void
pass(struct forwarder *f, enum api api, struct span body, struct forward *w)
{
	const struct forward_in in = { .api = api, .client = CLIENT_CLAUDE_CODE,
	    .key = KEY_API, .body = body };

	if (!forward_run(f, &in, w, true))
		(void)forward_run(f, &in, w, false);
}

static struct span
sent(const struct forward *w, struct span body)
{
	return w->changed ? buf_span(&w->body) : body;
}

/* Rows that squash well, as the body of a JSON string. */
static void
add_rows(struct buf *b, unsigned seed, unsigned n)
{
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; i < n; i++)
		buf_addf(b, "%s{\\\"name\\\": \\\"web-%u\\\", \\\"phase\\\": "
		    "\\\"Running\\\", \\\"restarts\\\": %u, \\\"ok\\\": true}",
		    i == 0 ? "" : ", ", 1000 * seed + i, i == 7 ? 42 : 0);
	buf_adds(b, "]");
}

static const char tools[] = "\"tools\":[{\"name\":\"Bash\"},"
    "{\"name\":\"Read\"},{\"name\":\"Edit\"}]";

enum spelling { PLAIN, LISTED, MARKED };

/*
 * A conversation of n turns: a call and its result each.  Results are rows,
 * a file, rows once more, a short error, in this order; how the last is spelt
 * is given.
 */
static void
conversation(struct buf *b, unsigned n, enum spelling last)
{
	static const char *const commands[] = { "kubectl get pods -o json",
	    "cat src/a.c", "curl -s http://localhost/list", "make" };
	enum spelling how;
	unsigned i;

	buf_reset(b);
	buf_adds(b, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\","
	    "\"content\":\"do it\"}");
	for (i = 0; i < n; i++) {
		how = i + 1 == n ? last : PLAIN;
		buf_addf(b, ",{\"role\":\"assistant\",\"content\":[{\"type\":"
		    "\"tool_use\",\"id\":\"t%u\",\"name\":\"Bash\",\"input\":"
		    "{\"command\":\"%s\"}}]},{\"role\":\"user\",\"content\":"
		    "[{\"tool_use_id\":\"t%u\",\"type\":\"tool_result\","
		    "\"content\":", i, commands[i % 4], i);
		buf_adds(b, how == LISTED ?
		    "[{\"type\":\"text\",\"text\":\"" : "\"");
		if (i % 4 == 3)
			buf_adds(b, "make: *** No rule");
		else
			add_rows(b, i, 60);
		buf_adds(b, how == LISTED ? "\"}]" : "\"");
		if (how == MARKED)
			buf_adds(b, ",\"cache_control\":{\"type\":"
			    "\"ephemeral\"}");
		buf_adds(b, "}]}");
	}
	buf_addf(b, "],%s}", tools);
}

#define NAME_MAX_LEN	13	/* of a member; texts are longer */

/* The texts of tools in a body, one behind the other, NUL after each. */
static void
texts_of(struct span body, struct buf *out)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	const struct json_tok *t;
	bool result = false;
	struct span key;

	buf_reset(out);
	if (json_doc_scan(&d, body, &err) != JSON_OK) {
		buf_adds(out, "not JSON");
		return;
	}
	for (t = d.tok; t < d.tok + d.ntok; t++) {
		key = t->type == JSON_STRING ? json_body(body, t) :
		    SPAN_LIT("");
		if (span_eq(key, SPAN_LIT("tool_result")))
			result = true;
		else if (span_eq(key, SPAN_LIT("tool_use")))
			result = false;
		else if (result && key.n > NAME_MAX_LEN) {
			json_decode(key, out);
			buf_addc(out, '\0');
		}
	}
	json_doc_release(&d);
}

static void
test_grows(void)
{
	struct forwarder *f = open_with(store, SQUASH_BALANCED,
	    RETRIEVAL_AUTO);
	struct forward w = FORWARD_INIT;
	struct buf body = BUF_INIT, before = BUF_INIT, now = BUF_INIT;
	bool prefix = true, smaller = false, original = true;
	unsigned n;

	for (n = 1; n <= 12; n++) {
		conversation(&body, n, (enum spelling)(n % 3));
		pass(f, API_MESSAGES, buf_span(&body), &w);
		texts_of(sent(&w, buf_span(&body)), &now);
		prefix &= span_starts(buf_span(&now), buf_span(&before));
		smaller |= w.changed && w.body.len < body.len;
		buf_reset(&before);
		buf_addspan(&before, buf_span(&now));
		if (n == 5) {		/* a restart */
			forwarder_close(f);
			f = open_with(store, SQUASH_LOSSLESS, RETRIEVAL_AUTO);
		}
	}
	ok(smaller, "what tools return gets smaller");
	ok(prefix, "what was sent stays a prefix of what is sent next, "
	    "over a restart with another level, however it is spelt");
	ok(w.report.texts[WHY_READ] == 3 && w.report.texts[WHY_SHORT] == 3 &&
	    w.report.texts[WHY_SQUASHED] == 6,
	    "files and short texts stay exact, rows are squashed");
	conversation(&body, 12, PLAIN);
	texts_of(buf_span(&body), &before);
	original = memmem(now.p, now.len, "web-1000", 8) != NULL;
	ok(original, "a file that looks like rows is there in full");
	forwarder_close(f);
	buf_release(&w.body);
	buf_release(&body);
	buf_release(&before);
	buf_release(&now);
}

/* Whichever way is taken, cold or over what is known. */
static void
test_same_cold(void)
{
	struct forwarder *warm = open_with(NULL, SQUASH_BALANCED,
	    RETRIEVAL_NONE), *cold;
	struct forward w = FORWARD_INIT, c = FORWARD_INIT;
	struct buf body = BUF_INIT;
	bool same = true, counts = true;
	unsigned n;

	for (n = 1; n <= 10; n++) {
		conversation(&body, n, (enum spelling)(n % 3));
		pass(warm, API_MESSAGES, buf_span(&body), &w);
		cold = open_with(NULL, SQUASH_BALANCED, RETRIEVAL_NONE);
		pass(cold, API_MESSAGES, buf_span(&body), &c);
		forwarder_close(cold);
		same &= w.changed == c.changed && (!w.changed ||
		    span_eq(buf_span(&w.body), buf_span(&c.body)));
		counts &= memcmp(w.report.texts, c.report.texts,
		    sizeof(c.report.texts)) == 0 &&
		    w.report.before == c.report.before &&
		    w.report.after == c.report.after;
	}
	ok(same, "a known beginning changes nothing in what is sent");
	ok(counts, "nor in what is counted");
	forwarder_close(warm);
	buf_release(&w.body);
	buf_release(&c.body);
	buf_release(&body);
}

/* The store is gone for a turn: what was sent stays, what is new is kept. */
static void
test_store_fails(void)
{
	char gone[5000];
	struct forwarder *f;
	struct forward w = FORWARD_INIT;
	struct buf body = BUF_INIT, before = BUF_INIT, now = BUF_INIT;
	bool prefix = true, told = false, marked = false;
	unsigned n;

	snprintf(gone, sizeof(gone), "%s.fails", store);
	f = open_with(gone, SQUASH_BALANCED, RETRIEVAL_SHELL);
	for (n = 1; n <= 9; n++) {
		if (n == 5) {
			unlink(gone);
			mkdir(gone, 0700);
		} else if (n == 7) {
			rmdir(gone);
		}
		conversation(&body, n, PLAIN);
		pass(f, API_MESSAGES, buf_span(&body), &w);
		texts_of(sent(&w, buf_span(&body)), &now);
		prefix &= span_starts(buf_span(&now), buf_span(&before));
		if (n == 5) {
			told = w.report.store_failed;
			marked = memmem(now.p + before.len,
			    now.len - before.len, "[hr: ", 5) != NULL;
		}
		buf_reset(&before);
		buf_addspan(&before, buf_span(&now));
	}
	ok(told, "a store that fails is told");
	ok(!marked, "and no mark is made then");
	ok(prefix, "what was sent before, and then, is sent again");
	ok(!w.report.store_failed, "a store that is back is used");
	forwarder_close(f);
	buf_release(&w.body);
	buf_release(&body);
	buf_release(&before);
	buf_release(&now);
}

/* Run one body in a fresh forwarder; its texts in out. */
static void
fresh(enum api api, const char *body, struct buf *out,
    struct forward_report *r)
{
	struct forwarder *f = open_with(NULL, SQUASH_BALANCED,
	    RETRIEVAL_NONE);
	struct forward w = FORWARD_INIT;

	buf_reset(out);
	pass(f, api, span_z(body), &w);
	buf_addspan(out, sent(&w, span_z(body)));
	*r = w.report;
	forwarder_close(f);
	buf_release(&w.body);
}

static void
test_wrapped(void)
{
	struct forward_report r;
	struct buf b = BUF_INIT, in = BUF_INIT, rows = BUF_INIT;
	const char *head = "{\"model\":\"m\",\"tools\":[{\"type\":\"function\","
	    "\"name\":\"shell\"}],\"input\":[{\"type\":\"function_call\","
	    "\"call_id\":\"c\",\"name\":\"shell\",\"arguments\":"
	    "\"{\\\"command\\\":[\\\"bash\\\",\\\"-lc\\\",\\\"curl x\\\"]}\"},"
	    "{\"type\":\"function_call_output\",\"call_id\":\"c\","
	    "\"output\":\"";
	const char *wrapper = "{\\u0022output\\\":\\\"";
	const char *tail = "\\\",\\\"metadata\\\":{\\\"exit_code\\\":0,"
	    "\\\"duration_seconds\\\":0.10}}\"}]}";

	add_rows(&rows, 1, 80);
	buf_adds(&in, head);
	buf_adds(&in, wrapper);
	json_encode(buf_span(&rows), &in);
	buf_adds(&in, tail);
	buf_addc(&in, '\0');
	fresh(API_RESPONSES, in.p, &b, &r);
	ok(r.texts[WHY_SQUASHED] == 1, "a text in a wrapper is squashed");
	ok(memmem(b.p, b.len, wrapper, strlen(wrapper)) != NULL &&
	    b.len > strlen(tail) && memcmp(b.p + b.len - strlen(tail), tail,
	    strlen(tail)) == 0,
	    "and the wrapper stays byte for byte, odd escapes too");
	buf_release(&b);
	buf_release(&in);
	buf_release(&rows);
}

static void
test_not_touched(void)
{
	static const struct {
		enum api	 api;
		const char	*body, *skipped;
	} cases[] = {
		{ API_MESSAGES, "{\"messages\":[1,2,", "not JSON" },
		{ API_MESSAGES, "{\"messages\":[]}x", "not JSON" },
		{ API_MESSAGES, "[]", "not JSON" },
		{ API_MESSAGES, "{}", "no list of messages" },
		{ API_MESSAGES, "{\"messages\":{}}", "no list of messages" },
		{ API_RESPONSES, "{\"input\":\"hello\"}",
		  "no list of messages" },
		{ API_MESSAGES, "{\"messages\":[],\"messages\":[]}",
		  "a member stands twice" },
		{ API_MESSAGES, "{\"messages\":[],\"mess\\u0061ges\":[]}",
		  "a name with escapes" },
		{ API_CHAT, "{\"messages\":[null,1,\"x\",[],{}]}", NULL },
		{ API_MESSAGES, "{\"messages\":[null,{\"role\":1,\"content\":"
		  "[null,[],{\"type\":[]}]}]}", NULL },
		{ API_RESPONSES, "{\"input\":[null,{\"type\":"
		  "\"function_call_output\",\"output\":[{}]}]}", NULL },
	};
	struct forward_report r;
	struct buf b = BUF_INIT;
	char name[128];
	size_t i;

	for (i = 0; i < HR_LEN(cases); i++) {
		fresh(cases[i].api, cases[i].body, &b, &r);
		snprintf(name, sizeof(name), "not touched: %.80s",
		    cases[i].body);
		ok(span_eq(buf_span(&b), span_z(cases[i].body)) &&
		    (cases[i].skipped == NULL ? r.skipped == NULL :
		    r.skipped != NULL &&
		    strcmp(r.skipped, cases[i].skipped) == 0), name);
	}
	buf_release(&b);
}

/* What a text becomes, by the call before it and the tools there are. */
static void
test_exempt(void)
{
	static const struct {
		const char	*tools, *name, *input, *more;
		enum forward_why why;
	} cases[] = {
		{ "{\"name\":\"Bash\"}", "Bash", "{\"command\":\"ls\"}", "",
		  WHY_SQUASHED },
		{ "{\"name\":\"Bash\"}", "Bash",
		  "{\"command\":\"hr-ccr get 123456789012345678901\"}", "",
		  WHY_FETCHED },
		{ "{\"name\":\"Bash\"}", "Bash", "{\"command\":\"nl a\"}", "",
		  WHY_READ },
		{ "{\"name\":\"Read\"},{\"name\":\"Edit\"}", "Read",
		  "{\"file_path\":\"a\"}", "", WHY_READ },
		{ "{\"name\":\"Read\"},{\"name\":\"run_tests\"}", "Read",
		  "{\"file_path\":\"a\"}", "", WHY_READ },
		{ "{\"name\":\"Read\"},{\"name\":\"Grep\"}", "Read",
		  "{\"file_path\":\"a\"}", "", WHY_SQUASHED },
		{ "", "Bash", "{\"command\":\"ls\"}", "", WHY_NO_TOOLS },
		{ "{\"name\":\"Bash\",\"defer_loading\":true}", "Bash",
		  "{\"command\":\"ls\"}", "", WHY_NO_TOOLS },
		{ "{\"name\":\"Bash\"}", "get_rows", "{}", "", WHY_SQUASHED },
		{ "{\"name\":\"Bash\"}", "get_rows", "{}",
		  ",\"is_error\":true", WHY_ERROR },
	};
	struct forward_report r;
	struct buf in = BUF_INIT, b = BUF_INIT;
	char name[128];
	size_t i;

	for (i = 0; i < HR_LEN(cases); i++) {
		buf_reset(&in);
		buf_addf(&in, "{\"tools\":[%s],\"messages\":[{\"role\":"
		    "\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":"
		    "\"a\",\"name\":\"%s\",\"input\":%s}]},{\"role\":\"user\","
		    "\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":"
		    "\"a\",\"content\":\"", cases[i].tools, cases[i].name,
		    cases[i].input);
		/* A short one is an error, a long one a large text. */
		add_rows(&in, 1, cases[i].why == WHY_ERROR ? 20 : 120);
		buf_addf(&in, "\"%s}]}]}", cases[i].more);
		buf_addc(&in, '\0');
		fresh(API_MESSAGES, in.p, &b, &r);
		snprintf(name, sizeof(name), "%s of %s %s%s",
		    forward_why_name(cases[i].why), cases[i].name,
		    cases[i].input, cases[i].more);
		ok(r.texts[cases[i].why] == 1, name);
	}
	buf_release(&in);
	buf_release(&b);
}

/*
 * Nothing is done that could make a bill larger: small savings only in a
 * prompt that is surely cached, the smallest never.
 */
static void
test_small_savings(void)
{
	static const struct {
		size_t		 system;	/* bytes */
		unsigned	 rows;
		bool		 squashed;
		const char	*name;
	} cases[] = {
		{ 0, 30, false, "not some hundred tokens of a tiny prompt" },
		{ 0, 120, true, "but thousands" },
		{ 30000, 30, true, "some hundred of a prompt that is cached" },
		{ 30000, 3, true, "some tens, for it is cached to the token" },
		{ 30000, 70000, false, "and nothing of what no model reads" },
	};
	struct forward_report r;
	struct buf in = BUF_INIT, b = BUF_INIT;
	size_t i, k;

	for (i = 0; i < HR_LEN(cases); i++) {
		buf_reset(&in);
		buf_adds(&in, "{\"system\":\"");
		for (k = 0; k < cases[i].system; k++)
			buf_addc(&in, k % 7 == 6 ? ' ' : 'x');
		buf_adds(&in, "\",\"tools\":[{\"name\":\"get\"}],\"messages\":"
		    "[{\"role\":\"assistant\",\"content\":[{\"type\":"
		    "\"tool_use\",\"id\":\"a\",\"name\":\"get\",\"input\":"
		    "{}}]},{\"role\":\"user\",\"content\":[{\"type\":"
		    "\"tool_result\",\"tool_use_id\":\"a\",\"content\":\"");
		add_rows(&in, 1, cases[i].rows);
		buf_adds(&in, "\"}]}]}");
		buf_addc(&in, '\0');
		fresh(API_MESSAGES, in.p, &b, &r);
		ok((r.texts[WHY_SQUASHED] == 1) == cases[i].squashed &&
		    r.texts[WHY_SQUASHED] + r.texts[WHY_NO_GAIN] +
		    r.texts[WHY_LARGE] == 1,
		    cases[i].name);
	}
	/* OpenAI caches in steps. */
	buf_reset(&in);
	buf_adds(&in, "{\"tools\":[{\"name\":\"get\"}],\"messages\":["
	    "{\"role\":\"system\",\"content\":\"");
	for (k = 0; k < 30000; k++)
		buf_addc(&in, k % 7 == 6 ? ' ' : 'x');
	buf_adds(&in, "\"},{\"role\":\"assistant\",\"tool_calls\":[{"
	    "\"id\":\"a\",\"function\":{\"name\":\"get\","
	    "\"arguments\":\"{}\"}}]},{\"role\":\"tool\","
	    "\"tool_call_id\":\"a\",\"content\":\"");
	add_rows(&in, 1, 3);
	buf_adds(&in, "\"}]}");
	buf_addc(&in, '\0');
	fresh(API_CHAT, in.p, &b, &r);
	ok(r.texts[WHY_NO_GAIN] == 1, "not some tens where there are steps");
	buf_release(&in);
	buf_release(&b);
}

int
main(void)
{
	char dir[] = "/tmp/hr-forward.XXXXXX", remove[128];

	snprintf(vocabulary, sizeof(vocabulary), "%s/share/o200k_base.hrv",
	    getenv("BUILDDIR"));
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(store, sizeof(store), "%s/ccr.db", dir);
	test_grows();
	test_same_cold();
	test_store_fails();
	test_wrapped();
	test_not_touched();
	test_exempt();
	test_small_savings();
	snprintf(remove, sizeof(remove), "rm -r %s", dir);
	return system(remove) != 0 || done();
}
