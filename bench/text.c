/*
 * text - the texts that benches make
 */
#include "compat.h"

#include "text.h"

/* An array of objects of one shape. */
void
text_records(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; b->len < end && buf_err(b) == 0; i++)
		buf_addf(b, "%s{\"id\":%u,\"name\":\"user-%u\",\"active\":%s,"
		    "\"score\":%u.%02u,\"city\":\"%s\"}", i > 0 ? "," : "",
		    i, i * 7919 % 1000, i % 3 ? "true" : "false", i % 90,
		    i % 100, i % 2 ? "Lisbon" : "Nuku'alofa");
	buf_adds(b, "]\n");
}

void
text_lines(struct buf *b, size_t size)
{
	size_t from = b->len, i;

	text_records(b, size);
	if (buf_err(b) != 0)
		return;
	for (i = from; i + 1 < b->len; i++)
		if (b->p[i] == ',' && b->p[i + 1] == '{')
			b->p[i] = '\n';
	/* No brackets around them. */
	b->p[from] = b->p[b->len - 2] = ' ';
}

static void
pod_spec(struct buf *b, unsigned i)
{
	buf_addf(b, "\"spec\":{\"containers\":[{\"name\":\"web\","
	    "\"image\":\"registry.example/shop/web:1.%u.3\","
	    "\"env\":[{\"name\":\"PORT\",\"value\":\"%u\"},"
	    "{\"name\":\"TOKEN\",\"valueFrom\":{\"secretKeyRef\":"
	    "{\"key\":\"token\",\"name\":\"web-%u\"}}}],"
	    "\"ports\":[{\"containerPort\":%u,\"protocol\":\"TCP\"}],"
	    "\"resources\":{\"limits\":{\"cpu\":\"%um\","
	    "\"memory\":\"512Mi\"},\"requests\":{\"cpu\":\"100m\"}}}],"
	    "\"nodeName\":\"node-%u\",\"restartPolicy\":\"Always\","
	    "\"tolerations\":[{\"effect\":\"NoExecute\",\"key\":\"down\","
	    "\"operator\":\"Exists\",\"tolerationSeconds\":300}]},",
	    i % 7, 8000 + i % 9, i % 40, 8000 + i % 9, 100 + i % 4 * 100,
	    i % 16);
}

static void
pod_status(struct buf *b, unsigned i)
{
	static const char *const type[] = { "Initialized", "Ready",
	    "ContainersReady", "PodScheduled" };
	unsigned k;

	buf_adds(b, "\"status\":{\"conditions\":[");
	for (k = 0; k < HR_LEN(type); k++)
		buf_addf(b, "%s{\"lastProbeTime\":null,"
		    "\"lastTransitionTime\":\"2026-11-21T10:%02u:%02uZ\","
		    "\"status\":\"%s\",\"type\":\"%s\"}", k > 0 ? "," : "",
		    i / 60 % 60, (i + k) % 60,
		    k == 1 && i % 50 == 0 ? "False" : "True", type[k]);
	buf_addf(b, "],\"phase\":\"Running\",\"podIP\":\"10.1.%u.%u\","
	    "\"containerStatuses\":[{\"name\":\"web\",\"ready\":%s,"
	    "\"restartCount\":%u,\"state\":{\"running\":{\"startedAt\":"
	    "\"2026-11-21T10:%02u:%02uZ\"}}}]}}", i / 250 % 250, i % 250,
	    i % 50 ? "true" : "false", i % 50 ? 0 : i % 9, i / 60 % 60,
	    i % 60);
}

/* What a cluster's API answers, fields that nobody reads left out. */
void
text_pods(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned i;

	buf_adds(b, "{\"apiVersion\":\"v1\",\"items\":[");
	for (i = 0; b->len < end && buf_err(b) == 0; i++) {
		buf_addf(b, "%s{\"apiVersion\":\"v1\",\"kind\":\"Pod\","
		    "\"metadata\":{\"creationTimestamp\":"
		    "\"2026-11-21T09:%02u:%02uZ\",\"labels\":{\"app\":"
		    "\"web\",\"pod-template-hash\":\"%08x\"},\"name\":"
		    "\"web-%08x-%05u\",\"namespace\":\"shop-%u\","
		    "\"ownerReferences\":[{\"controller\":true,\"kind\":"
		    "\"ReplicaSet\",\"name\":\"web-%08x\"}],\"uid\":"
		    "\"%08x-5c1e-4d7a-9b3f-%012u\"},", i > 0 ? "," : "",
		    i / 60 % 60, i % 60, i % 40 * 2654435761u,
		    i % 40 * 2654435761u, i, i % 5, i % 40 * 2654435761u,
		    i * 2246822519u, i);
		pod_spec(b, i);
		pod_status(b, i);
	}
	buf_adds(b, "],\"kind\":\"List\",\"metadata\":"
	    "{\"resourceVersion\":\"\"}}\n");
}

/* A conversation: long strings of program text, escaped. */
void
text_chat(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned i, j;

	buf_adds(b, "{\"model\":\"m\",\"messages\":[");
	for (i = 0; b->len < end && buf_err(b) == 0; i++) {
		buf_addf(b, "%s{\"role\":\"%s\",\"content\":\"", i ? "," : "",
		    i % 2 ? "user" : "assistant");
		for (j = 0; j < 40 + i * 37 % 60; j++)
			buf_addf(b, "\\tif (table[%u].name == NULL || "
			    "strcmp(\\\"key-%u\\\", name) != 0)%s\\n", j * i,
			    j, j % 3 ? " {" : "\\n\\t\\treturn false;");
		buf_adds(b, "\"}");
	}
	buf_adds(b, "]}\n");
}

void
text_wide(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; b->len < end && buf_err(b) == 0; i++)
		buf_addf(b, "%s\"%u \u6587\u4ef6\u7684\u5185\u5bb9\u662f "
		    "\u0434\u0430\u043d\u043d\u044b\u0435 caf\u00e9 "
		    "\U0001F600 \u91cd\u8981\u306a\u6587\u66f8\"",
		    i ? "," : "", i);
	buf_adds(b, "]\n");
}

/* As writers make it that know ASCII only. */
void
text_numbered(struct buf *b, size_t size)
{
	size_t end = b->len + size;
	unsigned i;

	buf_adds(b, "[");
	for (i = 0; b->len < end && buf_err(b) == 0; i++)
		buf_addf(b, "%s\"%u \\u6587\\u4ef6\\u7684\\u5185\\u5bb9 "
		    "caf\\u00e9 \\u0434\\u0430\\u043d\\u043d\\u044b\\u0435 "
		    "\\ud83d\\ude00\"", i ? "," : "", i);
	buf_adds(b, "]\n");
}

static void
new_line(struct buf *b, unsigned depth)
{
	buf_addf(b, "\n%*s", (int)depth * 4, "");
}

/* The string that opens at s.p[i]; returns where its closing quote is. */
static size_t
copy_string(struct buf *b, struct span s, size_t i)
{
	size_t start = i++;

	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	if (i >= s.n)
		i = s.n - 1;
	buf_add(b, s.p + start, i - start + 1);
	return i;
}

void
text_indent(struct buf *b, struct span s)
{
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '"') {
			i = copy_string(b, s, i);
			continue;
		}
		if (s.p[i] == ']' || s.p[i] == '}')
			new_line(b, --depth);
		buf_addc(b, s.p[i]);
		if (s.p[i] == '[' || s.p[i] == '{')
			new_line(b, ++depth);
		else if (s.p[i] == ',')
			new_line(b, depth);
		else if (s.p[i] == ':')
			buf_addc(b, ' ');
	}
}
