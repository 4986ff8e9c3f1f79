/*
 * proxy_body - the requests of bench/proxy: a coding agent's conversation
 */
#include "compat.h"

#include "proxy_impl.h"
#include "text.h"

#define RESULT	6000	/* bytes of a tool's result in a made request */

static uint32_t seed;

/* Texts are the same in each run. */
static unsigned
any(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static const char *
word(void)
{
	static const char *const words[] = { "buffer", "the", "request",
	    "index", "of", "parse", "a", "stream", "value", "to", "config",
	    "handler", "is", "cache", "window", "and", "entry", "size",
	    "result", "for", "node", "must", "offset", "when", "update",
	    "length", "state", "not", "table", "error" };

	return words[any(HR_LEN(words))];
}

static void
add_serial(struct buf *b, size_t *where)
{
	*where = b->len;
	buf_addf(b, "%0*u", SERIAL_DIGITS, 0);
}

static void
renew(char *digits)
{
	static uint64_t serial;
	uint64_t v = ++serial;
	int i;

	for (i = SERIAL_DIGITS - 1; i >= 0; i--, v /= 10)
		digits[i] = (char)('0' + v % 10);
}

static void
add_prose(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned i;

	while (b->len < end && buf_err(b) == 0) {
		for (i = 5 + any(12); i > 0; i--)
			buf_addf(b, "%s ", word());
		buf_addf(b, "%s.%s", word(), any(5) == 0 ? "\\n\\n" : " ");
	}
}

/* As it stands in JSON, with the line numbers that a read tool prints. */
static void
add_code(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned line;

	for (line = 1; b->len < end && buf_err(b) == 0; line++) {
		buf_addf(b, "%6u\\t", line);
		if (line % 30 == 1)
			buf_addf(b, "static int\\n%6u\\t%s_%s(struct %s *%s)",
			    line + 1, word(), word(), word(), word());
		else if (any(6) == 0)
			buf_addf(b, "\\t/* %s %s %s %s %s */", word(), word(),
			    word(), word(), word());
		else if (any(4) == 0)
			buf_addf(b, "\\tif (%s->%s[%u] != \\\"%s-%u\\\")",
			    word(), word(), any(64), word(), any(1000));
		else
			buf_addf(b, "\\t\\t%s = %s_%s(%s->%s, %u);", word(),
			    word(), word(), word(), word(), any(4096));
		buf_adds(b, "\\n");
	}
}

/* Every agent sends a dozen and more with each request. */
static void
add_tools(struct buf *b)
{
	static const char *const names[] = { "Bash", "Read", "Edit", "Write",
	    "Grep", "Glob", "WebFetch", "Task", "TodoWrite", "NotebookEdit" };
	size_t i, k;

	buf_adds(b, "\"tools\":[");
	for (i = 0; i < HR_LEN(names); i++) {
		buf_addf(b, "%s{\"name\":\"%s\",\"description\":\"",
		    i > 0 ? "," : "", names[i]);
		add_prose(b, 600);
		buf_adds(b, "\",\"input_schema\":{\"type\":\"object\","
		    "\"properties\":{");
		for (k = 0; k < 4; k++) {
			buf_addf(b, "%s\"%s_%zu\":{\"type\":\"string\","
			    "\"description\":\"", k > 0 ? "," : "", word(), k);
			add_prose(b, 80);
			buf_adds(b, "\"}");
		}
		buf_adds(b, "},\"additionalProperties\":false}}");
	}
	buf_adds(b, "],");
}

void
session_open(struct session *s)
{
	struct buf *b = &s->text;

	seed = 1;
	s->turns = 0;
	buf_reset(b);
	buf_adds(b, "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":32000,"
	    "\"system\":[{\"type\":\"text\",\"text\":\"Session ");
	add_serial(b, &s->serial);
	buf_adds(b, ". ");
	add_prose(b, 8000);
	buf_adds(b, "\",\"cache_control\":{\"type\":\"ephemeral\"}}],");
	add_tools(b);
	buf_adds(b, "\"messages\":[{\"role\":\"user\",\"content\":\"");
	add_prose(b, 300);
	buf_adds(b, "\"}");
}

static void
add_escaped(struct buf *b, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\n') {
			buf_adds(b, "\\n");
			continue;
		}
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
}

/* No two results of a session are the same. */
static void
add_records(struct buf *b, size_t size, unsigned turn)
{
	struct buf made = BUF_INIT;

	buf_addf(&made, "{\"page\":%u,\"items\":", turn);
	/* What escaping adds is about a quarter. */
	text_records(&made, size - size / 4);
	buf_adds(&made, "}\n");
	if (buf_err(&made) != 0)
		bench_die("no memory");
	add_escaped(b, buf_span(&made));
	buf_release(&made);
}

static void
add_call(struct buf *b, enum results r, unsigned turn)
{
	buf_adds(b, ",{\"role\":\"assistant\",\"content\":[{\"type\":\"text\","
	    "\"text\":\"");
	add_prose(b, 150);
	buf_addf(b, "\"},{\"type\":\"tool_use\",\"id\":\"toolu_01bench%06u\","
	    "\"name\":\"%s\",\"input\":{", turn,
	    r == RESULTS_READ ? "Read" : "Bash");
	if (r == RESULTS_READ)
		buf_addf(b, "\"file_path\":\"/src/%s_%s/%u.c\"", word(),
		    word(), turn);
	else
		buf_addf(b, "\"command\":\"curl -s localhost/list?page=%u\"",
		    turn);
	buf_adds(b, "}}]}");
}

void
session_turn(struct session *s, enum results r, size_t size)
{
	struct buf *b = &s->text;
	unsigned turn = s->turns++;

	add_call(b, r, turn);
	buf_addf(b, ",{\"role\":\"user\",\"content\":[{\"tool_use_id\":"
	    "\"toolu_01bench%06u\",\"type\":\"tool_result\",\"content\":\"",
	    turn);
	if (r == RESULTS_JSON)
		add_records(b, size, turn);
	else if (turn % 4 == 3)
		add_prose(b, size);
	else
		add_code(b, size);
	buf_adds(b, "\"}]}");
	if (buf_err(b) != 0)
		bench_die("no memory");
}

static void
make(struct request *q, struct span body, struct span end, unsigned events)
{
	struct buf *b = &q->bytes;

	buf_reset(b);
	buf_adds(b, "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	    "User-Agent: claude-cli/2.0.14 (external, cli)\r\n"
	    "Accept: application/json\r\nx-api-key: bench\r\n"
	    "anthropic-version: 2023-06-01\r\n"
	    "Content-Type: application/json\r\n");
	if (events > 0)
		buf_addf(b, HEADER_EVENTS ": %u\r\n", events);
	q->body = body.n + end.n;
	buf_addf(b, "Content-Length: %zu\r\n\r\n", q->body);
	buf_addspan(b, body);
	buf_addspan(b, end);
	q->serial = 0;
	if (buf_err(b) != 0)
		bench_die("no memory");
}

void
session_request(const struct session *s, struct request *q)
{
	make(q, buf_span(&s->text), SPAN_LIT("]}"), 0);
	q->serial = q->bytes.len - q->body + s->serial;
}

void
request_empty(struct request *q)
{
	make(q, SPAN_LIT(""), SPAN_LIT(""), 0);
}

void
request_stream(struct request *q, unsigned events)
{
	make(q, SPAN_LIT("{\"model\":\"claude-sonnet-4-5\",\"stream\":true,"
	    "\"max_tokens\":1,\"messages\":[{\"role\":\"user\","
	    "\"content\":\"go on\"}"), SPAN_LIT("]}"), events);
}

void
request_made(struct request *q, enum results r, size_t size)
{
	struct session s = SESSION_INIT;

	session_open(&s);
	while (s.text.len + RESULT < size)
		session_turn(&s, r, RESULT);
	session_request(&s, q);
	buf_release(&s.text);
}

void
request_release(struct request *q)
{
	buf_release(&q->bytes);
}

void
request_renew(struct request *q)
{
	renew(q->bytes.p + q->serial);
}

void
session_renew(struct session *s)
{
	renew(s->text.p + s->serial);
}
