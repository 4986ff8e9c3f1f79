/*
 * test_usage - token counts out of responses, whatever chunks and encodings
 */
#include "compat.h"

#include "usage.h"

#include "pack.h"
#include "tap.h"

#define JSON	"application/json"
#define SSE	"text/event-stream"

/* As "input read write output", or "unknown". */
static const char *
spell(const struct usage *u)
{
	static char z[100];

	if (!u->known)
		return u->input + u->cache_read + u->cache_write +
		    u->output == 0 ? "unknown" : "unknown, but not zero";
	snprintf(z, sizeof(z), "%llu %llu %llu %llu",
	    (unsigned long long)u->input, (unsigned long long)u->cache_read,
	    (unsigned long long)u->cache_write,
	    (unsigned long long)u->output);
	return z;
}

struct response {
	enum api	 api;
	const char	*type;
	const char	*encoding;
	struct span	 body;
};

static void
feed(struct usage_tap *t, struct span s)
{
	/* Alone in its memory, so that reading past it is seen. */
	char *copy = malloc(s.n + (s.n == 0));

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	usage_tap_feed(t, span_of(copy, s.n));
	free(copy);
}

/* A first piece of `first` bytes, then pieces of n. */
static const char *
tap(const struct response *r, size_t first, size_t n)
{
	struct usage_tap *t = usage_tap_new(r->api, span_z(r->type),
	    span_z(r->encoding));
	struct span s = r->body;
	struct usage u;
	size_t k;

	for (k = first; s.n > 0; k = n) {
		k = k < s.n ? k : s.n;
		feed(t, span_of(s.p, k));
		s = span_skip(s, k);
	}
	usage_tap_end(t, &u);
	usage_tap_free(t);
	return spell(&u);
}

static bool
same(const char *got, const char *want, size_t at)
{
	if (strcmp(got, want) == 0)
		return true;
	printf("# at %zu: %s, not %s\n", at, got, want);
	return false;
}

/*
 * Split at each place, and byte by byte, under each encoding.  A decoder's
 * window costs more than the little text: there every third place must do.
 */
static bool
says(enum api api, const char *type, struct span body, const char *want)
{
	struct buf packed = BUF_INIT;
	struct response r = { .api = api, .type = type };
	bool good = true;
	unsigned how;
	size_t i;

	for (how = 0; good && how < PACKS; how++) {
		buf_reset(&packed);
		pack((enum pack)how, body, &packed);
		r.encoding = pack_name[how];
		r.body = buf_span(&packed);
		for (i = 0; good && i <= packed.len;
		    i += how == PACK_NONE ? 1 : 3)
			good = same(tap(&r, i, packed.len), want, i);
		good = good && same(tap(&r, 1, 1), want, 0);
		if (!good)
			printf("# under %s\n", r.encoding);
	}
	buf_release(&packed);
	return good;
}

struct fixture {
	const char	*name, *want, *body;
};

static void
all(enum api api, const char *type, const struct fixture *f, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		ok(says(api, type, span_z(f[i].body), f[i].want), f[i].name);
}

#define START								\
	"event: message_start\n"					\
	"data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\","	\
	"\"usage\":{\"input_tokens\":7,"				\
	"\"cache_creation_input_tokens\":50,"				\
	"\"cache_read_input_tokens\":900,\"cache_creation\":"		\
	"{\"ephemeral_5m_input_tokens\":50},\"output_tokens\":1}}}\n\n"
#define DELTA								\
	"event: content_block_delta\n"					\
	"data: {\"type\":\"content_block_delta\",\"index\":0,"		\
	"\"delta\":{\"type\":\"text_delta\",\"text\":\"\\\"usage\\\":{\"}}\n\n"
#define MDELTA(usage)							\
	"event: message_delta\n"					\
	"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"	\
	"\"end_turn\"},\"usage\":" usage "}\n\n"
#define STOP	"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
#define FAIL								\
	"event: error\ndata: {\"type\":\"error\",\"error\":"		\
	"{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n"
#define PING	"event: ping\ndata: {\"type\": \"ping\"}\n\n: c\n\n"

static void
test_messages(void)
{
	static const struct fixture stream[] = {
		{ "whole", "7 900 50 30", START PING DELTA
		    MDELTA("{\"output_tokens\":30}") STOP },
		{ "the last delta counts", "8 901 51 40", START
		    MDELTA("{\"output_tokens\":30}")
		    MDELTA("{\"input_tokens\":8,\"output_tokens\":40,"
		    "\"cache_read_input_tokens\":901,"
		    "\"cache_creation_input_tokens\":51}") STOP },
		{ "counts in the delta only", "12 0 0 3",
		    "event: message_start\ndata: {\"type\":\"message_start\","
		    "\"message\":{}}\n\n"
		    MDELTA("{\"input_tokens\":12,\"output_tokens\":3}") STOP },
		{ "null names nothing", "7 900 50 1", START
		    MDELTA("{\"output_tokens\":null,\"input_tokens\":null}")
		    STOP },
		{ "nor do other numbers", "7 900 50 1", START
		    MDELTA("{\"output_tokens\":1.5,\"input_tokens\":-3,"
		    "\"cache_read_input_tokens\":\"5\","
		    "\"cache_creation_input_tokens\":"
		    "99999999999999999999999}") STOP },
		{ "a delta without usage", "7 900 50 1", START
		    MDELTA("null") STOP },
		{ "no stop", "unknown", START
		    MDELTA("{\"output_tokens\":30}") },
		{ "half a stop", "unknown", START
		    MDELTA("{\"output_tokens\":30}")
		    "event: message_stop\ndata: {\"type\":\"message_stop\"}" },
		{ "an error", "unknown", START FAIL STOP },
		{ "an error at the start", "unknown", FAIL },
		{ "an error behind the end", "7 900 50 1", START STOP FAIL },
		{ "no usage", "unknown", STOP },
		{ "bad JSON", "unknown", START
		    "event: message_delta\ndata: {\"type\":\n\n" STOP },
		{ "bad JSON that nobody asks for", "7 900 50 1", START
		    "event: new_kind\ndata: {{{\n\n" STOP },
		{ "no names", "2 0 0 9",
		    "data: {\"type\":\"message_start\",\"message\":{\"usage\""
		    ": {\"input_tokens\": 2,\"output_tokens\": 1}}}\n\n"
		    "data: {\"type\":\"content_block_stop\"}\n\n"
		    "data: {\"type\":\"message_delta\",\"usage\":"
		    "{\"output_tokens\":9}}\n\n"
		    "data: {\"type\":\"message_stop\"}\n\n" },
		{ "an error without a name", "unknown", START
		    "data: {\"type\":\"error\",\"error\":{}}\n\n" STOP },
		{ "a word that is none of ours", "unknown",
		    "data: {\"type\":\"usage\",\"usage\":{\"input_tokens\":1}}"
		    "\n\ndata: [\"message_stop\"]\n\n" },
		{ "CRLF and data in two lines", "5 0 0 6",
		    "event: message_start\r\ndata: {\"type\":\r\n"
		    "data: \"message_start\",\"message\":{\"usage\":\r\n"
		    "data: {\"input_tokens\":5,\"output_tokens\":6}}}\r\n\r\n"
		    "event: message_stop\r\n"
		    "data: {\"type\":\"message_stop\"}\r\n\r\n" },
		{ "empty", "unknown", "" },
	};
	static const struct fixture body[] = {
		{ "message", "5 10 20 6", "{\"type\":\"message\",\"content\":"
		    "[{\"usage\":1}],\"usage\":{\"input_tokens\":5,"
		    "\"cache_read_input_tokens\":10,"
		    "\"cache_creation_input_tokens\":20,"
		    "\"output_tokens\":6}}\n" },
		{ "repeated members: the last", "2 0 0 4",
		    "{\"usage\":{\"input_tokens\":9,\"output_tokens\":9},"
		    "\"usage\":{\"output_tokens\":3,\"input_tokens\":2,"
		    "\"output_tokens\":4}}" },
		{ "error", "unknown", "{\"type\":\"error\",\"error\":{}}" },
		{ "usage elsewhere", "unknown",
		    "{\"message\":{\"usage\":{\"input_tokens\":5}}}" },
		{ "usage of another kind", "unknown", "{\"usage\":[1]}" },
		{ "nothing in it", "unknown", "{\"usage\":{}}" },
		{ "no object", "unknown", "[\"usage\"]" },
		{ "cut", "unknown", "{\"usage\":{\"input_tokens\":5}" },
		{ "two", "unknown", "{\"usage\":{\"input_tokens\":5}} {}" },
		{ "nothing", "unknown", "" },
	};

	all(API_MESSAGES, SSE, stream, HR_LEN(stream));
	all(API_MESSAGES, JSON, body, HR_LEN(body));
}

#define CHUNK(rest)							\
	"data: {\"object\":\"chat.completion.chunk\",\"choices\":[{"	\
	"\"delta\":{\"content\":\"\\\"usage\\\"\"}}]" rest "}\n\n"
#define DONE	"data: [DONE]\n\n"
#define COUNTS	"{\"prompt_tokens\":100,\"completion_tokens\":20,"	\
	"\"prompt_tokens_details\":{\"cached_tokens\":60,"		\
	"\"cache_write_tokens\":30,\"audio_tokens\":0},"		\
	"\"completion_tokens_details\":{\"reasoning_tokens\":9}}"

static void
test_chat(void)
{
	static const struct fixture stream[] = {
		{ "usage at the end", "10 60 30 20",
		    CHUNK("") CHUNK(",\"usage\":null")
		    "data: {\"choices\":[],\"usage\":" COUNTS "}\n\n" DONE },
		{ "usage in each chunk: the last", "3 0 0 2",
		    CHUNK(",\"usage\":{\"prompt_tokens\":3,"
		    "\"completion_tokens\":1,\"prompt_tokens_details\":"
		    "{\"cached_tokens\":2}}")
		    CHUNK(",\"usage\": {\"prompt_tokens\":3,"
		    "\"completion_tokens\":2,\"prompt_tokens_details\":null}")
		    DONE },
		{ "null behind it", "10 60 30 20",
		    CHUNK(",\"usage\":" COUNTS) CHUNK(",\"usage\" : null")
		    "data:  [DONE]\t \n\n" },
		{ "no blank", "10 60 30 20", ": OPENROUTER PROCESSING\n\n"
		    CHUNK(",\"usage\":" COUNTS) "data:[DONE]\n\n" },
		{ "no usage", "unknown", CHUNK("") CHUNK("") DONE },
		{ "cut", "unknown", CHUNK(",\"usage\":" COUNTS) },
		{ "cut in the last word", "unknown",
		    CHUNK(",\"usage\":" COUNTS) "data: [DONE]\n" },
		{ "an error", "unknown", CHUNK(",\"usage\":" COUNTS)
		    "data: {\"error\":{\"message\":\"x\"}}\n\n" DONE },
		{ "an error that is null", "10 60 30 20",
		    CHUNK(",\"error\":null,\"usage\":" COUNTS) DONE },
		{ "error and null", "10 60 30 20", CHUNK(",\"error\":null")
		    CHUNK(",\"x\":{\"error\":1}")
		    CHUNK(",\"usage\":" COUNTS) DONE },
		{ "what stands behind the end", "10 60 30 20",
		    CHUNK(",\"usage\":" COUNTS) DONE
		    CHUNK(",\"usage\":{\"prompt_tokens\":1}") },
		{ "bad JSON", "unknown", CHUNK(",\"usage\":" COUNTS)
		    "data: {\"usage\":{\n\n" DONE },
		{ "bad JSON in which nothing is said", "10 60 30 20",
		    "data: {\"usage\": null,\n\n"
		    CHUNK(",\"usage\":" COUNTS) DONE },
		{ "the last says nothing", "unknown",
		    CHUNK(",\"usage\":" COUNTS) CHUNK(",\"usage\":{}") DONE },
	};
	static const struct fixture body[] = {
		{ "completion", "10 60 30 20",
		    "{\"object\":\"chat.completion\",\"usage\":" COUNTS "}" },
		{ "more cached than there is", "0 60 50 20",
		    "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":"
		    "20,\"prompt_tokens_details\":{\"cached_tokens\":60,"
		    "\"cache_write_tokens\":50}}}" },
		{ "no details", "100 0 0 20", "{\"usage\":{\"prompt_tokens\":"
		    "100,\"completion_tokens\":20}}" },
		{ "the names of another API", "unknown",
		    "{\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}" },
	};

	all(API_CHAT, SSE, stream, HR_LEN(stream));
	all(API_CHAT, JSON, body, HR_LEN(body));
}

#define RCOUNTS	"{\"input_tokens\":100,\"input_tokens_details\":"	\
	"{\"cached_tokens\":60,\"cache_write_tokens\":30},"		\
	"\"output_tokens\":20,\"output_tokens_details\":"		\
	"{\"reasoning_tokens\":9},\"total_tokens\":120}"
#define REVENT(name, usage)						\
	"event: " name "\n"						\
	"data: {\"type\":\"" name "\",\"sequence_number\":1,"		\
	"\"response\":{\"id\":\"r\",\"usage\":" usage "}}\n\n"

static void
test_responses(void)
{
	static const struct fixture stream[] = {
		{ "completed", "10 60 30 20", REVENT("response.created", "null")
		    REVENT("response.in_progress", "null")
		    "event: response.output_text.delta\ndata: {\"type\":"
		    "\"response.output_text.delta\",\"delta\":\"x\"}\n\n"
		    REVENT("response.completed", RCOUNTS) },
		{ "incomplete", "10 60 30 20",
		    REVENT("response.incomplete", RCOUNTS) },
		{ "failed", "unknown", REVENT("response.created", "null")
		    REVENT("response.failed", RCOUNTS) },
		{ "completed without usage", "unknown",
		    REVENT("response.completed", "null") },
		{ "not completed", "unknown",
		    REVENT("response.in_progress", RCOUNTS) },
		{ "no names", "10 60 30 20",
		    "data: {\"type\":\"response.created\",\"response\":"
		    "{\"usage\":null}}\n\n"
		    "data: {\"type\":\"response.in_progress\",\"response\":"
		    "{\"usage\":{\"input_tokens\":1}}}\n\n"
		    "data: {\"type\":\"response.completed\",\"response\":"
		    "{\"usage\":" RCOUNTS "}}\n\n" },
		{ "behind it", "10 60 30 20",
		    REVENT("response.completed", RCOUNTS)
		    "event: error\ndata: {\"type\":\"error\"}\n\n" },
		{ "bad JSON", "unknown",
		    "event: response.completed\ndata: {\"usage\"\n\n"
		    REVENT("response.completed", RCOUNTS) },
	};
	static const struct fixture body[] = {
		{ "response", "10 60 30 20",
		    "{\"object\":\"response\",\"usage\":" RCOUNTS "}" },
		{ "in the background", "unknown",
		    "{\"object\":\"response\",\"usage\":null}" },
	};

	all(API_RESPONSES, SSE, stream, HR_LEN(stream));
	all(API_RESPONSES, JSON, body, HR_LEN(body));
}

static bool
one(enum api api, const char *type, const char *encoding, const char *body,
    const char *want)
{
	struct response r = { api, type, encoding, span_z(body) };

	return same(tap(&r, SIZE_MAX, 1), want, 0);
}

static void
test_headers(void)
{
	static const char body[] = "{\"usage\":" RCOUNTS "}";
	static const char known[] = "10 60 30 20";

	ok(one(API_RESPONSES, "application/json", "", body, known), "plain");
	ok(one(API_RESPONSES, " Application/JSON ; charset=utf-8", " identity",
	    body, known), "parameters and case");
	ok(one(API_MESSAGES, "Text/Event-Stream;charset=utf-8", "",
	    START STOP, "7 900 50 1"), "of a stream");
	ok(one(API_RESPONSES, "", "", body, "unknown"), "no type");
	ok(one(API_RESPONSES, "application/json5", "", body, "unknown") &&
	    one(API_RESPONSES, "text/html", "", body, "unknown") &&
	    one(API_RESPONSES, "application/jso", "", body, "unknown"),
	    "another type");
	ok(one(API_RESPONSES, JSON, "gzip, br", body, "unknown") &&
	    one(API_RESPONSES, JSON, "compress", body, "unknown"),
	    "another encoding");
	ok(one(API_RESPONSES, JSON, "gzip", body, "unknown"),
	    "an encoding that it has not");
	ok(one(API_NONE, JSON, "", body, "unknown") &&
	    one(API_NONE, SSE, "", START STOP, "unknown"), "no API");
	ok(one(API_RESPONSES, SSE, "", body, "unknown") &&
	    one(API_MESSAGES, JSON, "", START STOP, "unknown"),
	    "not what its type says");
}

static void
test_nothing(void)
{
	struct usage u = { .known = true, .input = 7 };

	usage_tap_feed(NULL, SPAN_LIT("x"));
	usage_tap_end(NULL, &u);
	usage_tap_free(NULL);
	ok(!u.known && u.input == 0, "no tap");
}

/*
 * A stream under an encoding is known when its last word came, though the
 * encoding has no end; a body must be whole; what is damaged is not known.
 */
static void
test_cut(enum pack how)
{
	struct buf in = BUF_INIT;
	struct response r = { .encoding = pack_name[how] };
	static const char known[] = "7 900 50 1";
	size_t i, n;
	bool good;

	printf("# %s\n", pack_name[how]);
	pack(how, SPAN_LIT(START STOP DELTA DELTA), &in);
	r.api = API_MESSAGES;
	r.type = SSE;
	r.body = span_of(in.p, in.len - 1);
	ok(same(tap(&r, SIZE_MAX, 1), known, 0) &&
	    same(tap(&r, 1, 1), known, 0), "a stream whose encoding is cut");
	good = true;
	for (n = 0; n < in.len; n++) {
		char whole[40];

		r.body = span_of(in.p, n);
		snprintf(whole, sizeof(whole), "%s", tap(&r, SIZE_MAX, 1));
		for (i = 1; good && i < n; i += 7)
			good = same(tap(&r, i, SIZE_MAX), whole, i);
		good = good && same(tap(&r, 1, 1), whole, n);
	}
	ok(good, "cut anywhere, the chunks make no difference");
	buf_reset(&in);
	pack(how, SPAN_LIT(START STOP), &in);
	buf_adds(&in, "behind the end");
	r.body = buf_span(&in);
	ok(same(tap(&r, SIZE_MAX, 1), "unknown", 0) &&
	    same(tap(&r, 1, 1), "unknown", 0), "garbage behind");
	buf_reset(&in);
	pack(how, SPAN_LIT("{\"usage\":{\"input_tokens\":7}}"), &in);
	r.type = JSON;
	r.body = span_of(in.p, in.len - 1);
	ok(same(tap(&r, SIZE_MAX, 1), "unknown", 0), "a body that is cut");
	r.body = buf_span(&in);
	ok(same(tap(&r, SIZE_MAX, 1), "7 0 0 0", 0), "and whole");
	buf_release(&in);
}

static void
test_damage(enum pack how)
{
	struct buf in = BUF_INIT, bad = BUF_INIT;
	struct response r = { API_MESSAGES, SSE, pack_name[how], { 0 } };
	uint32_t x = 3;
	char whole[40];
	bool good = true;
	unsigned i;

	pack(how, SPAN_LIT(START DELTA MDELTA("{\"output_tokens\":3}") STOP),
	    &in);
	for (i = 0; i < 400; i++) {
		buf_reset(&bad);
		buf_addspan(&bad, buf_span(&in));
		x = x * 1664525 + 1013904223;
		bad.p[(x >> 8) % bad.len] ^= (char)(1u << (x >> 29));
		r.body = buf_span(&bad);
		snprintf(whole, sizeof(whole), "%s", tap(&r, SIZE_MAX, 1));
		good = good && same(tap(&r, (x >> 4) % bad.len, 11), whole, i)
		    && same(tap(&r, 1, 1), whole, i);
	}
	ok(good, "damaged, the chunks make no difference");
	buf_release(&in);
	buf_release(&bad);
}

/* body: n of c between head and tail. */
static const char *
large(enum api api, const char *type, enum pack how, const char *head,
    size_t n, char c, const char *tail)
{
	struct buf plain = BUF_INIT, in = BUF_INIT;
	struct response r = { api, type, pack_name[how], { 0 } };
	const char *got;
	char *p;

	buf_adds(&plain, head);
	p = buf_reserve(&plain, n);
	memset(p, c, n);
	buf_commit(&plain, n);
	buf_adds(&plain, tail);
	pack(how, buf_span(&plain), &in);
	buf_release(&plain);
	r.body = buf_span(&in);
	got = tap(&r, 5000, 1 << 16);
	buf_release(&in);
	return got;
}

static void
test_bounds(void)
{
	static const char json[] = "{\"usage\":{\"input_tokens\":7}}";
	size_t room = USAGE_BODY_MAX - (sizeof(json) - 1);
	unsigned how;

	ok(same(large(API_MESSAGES, JSON, PACK_NONE, json, room, ' ', ""),
	    "7 0 0 0", 0), "a body of the greatest size");
	ok(same(large(API_MESSAGES, JSON, PACK_NONE, json, room + 1, ' ', ""),
	    "unknown", 0), "a byte more");
	for (how = PACK_GZIP; how < PACKS; how++) {
		ok(same(large(API_MESSAGES, JSON, (enum pack)how, json, room,
		    ' ', ""), "7 0 0 0", 0), "the same packed");
		ok(same(large(API_MESSAGES, JSON, (enum pack)how, json,
		    (size_t)16 << 20, ' ', ""), "unknown", 0), "a bomb");
	}
	ok(same(large(API_MESSAGES, SSE, PACK_ZSTD, START ":",
	    (size_t)127 << 20, 'x', "\n\n" STOP), "7 900 50 1", 0),
	    "a long comment");
	ok(same(large(API_MESSAGES, SSE, PACK_ZSTD, START ":",
	    (size_t)128 << 20, 'x', "\n\n" STOP), "unknown", 0),
	    "a stream without an end");
	ok(same(large(API_MESSAGES, SSE, PACK_NONE, START "data: ",
	    USAGE_EVENT_MAX + 1, 'x', "\n\n" STOP), "unknown", 0),
	    "an event too large might have said more");
	ok(same(large(API_RESPONSES, SSE, PACK_NONE, "data: ",
	    USAGE_EVENT_MAX + 1, 'x', "\n\n"
	    REVENT("response.completed", RCOUNTS)), "10 60 30 20", 0),
	    "but not where the last says all");
	ok(same(large(API_MESSAGES, JSON, PACK_NONE, "{\"usage\":", 3000000,
	    '[', ""), "unknown", 0), "a deep body");
}

static void
test_noise(void)
{
	static const char *const types[] = { JSON, SSE };
	struct response r;
	char noise[300];
	uint32_t x = 5;
	unsigned i;
	size_t k;

	for (i = 0; i < 6000; i++) {
		for (k = 0; k < sizeof(noise); k++) {
			x = x * 1664525 + 1013904223;
			noise[k] = (char)(x >> 24);
		}
		r.api = (enum api)(i % 4);
		r.type = types[i / 4 % 2];
		r.encoding = pack_name[i % PACKS];
		r.body = span_of(noise, (x >> 8) % sizeof(noise));
		if (strcmp(tap(&r, 1 + i % 9, 1 + i % 50), "unknown") != 0)
			break;
	}
	ok(i == 6000, "noise says nothing");
}

int
main(void)
{
	unsigned how;

	test_messages();
	test_chat();
	test_responses();
	test_headers();
	test_nothing();
	for (how = PACK_GZIP; how < PACKS; how++) {
		test_cut((enum pack)how);
		test_damage((enum pack)how);
	}
	test_bounds();
	test_noise();
	return done();
}
