/*
 * fuzz policy - what must hold for every command line
 *
 * What stands before it is not forgotten; as the script of a shell, written
 * out or as a list of words in JSON, it is what it is alone, or a doubt where
 * that is too deep.  As arguments of any tool it has an answer.  A broken
 * promise aborts.
 */
#include "compat.h"

#include "buf.h"
#include "fuzz.h"
#include "json.h"
#include "policy.h"

static void
check_prefix(struct span s, const char *prefix, enum tool_class least)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, prefix);
	buf_addspan(&b, s);
	must(policy_command(buf_span(&b)) >= least);
	must(policy_command(buf_span(&b)) != TOOL_EDIT);
	must(least != TOOL_READ ||
	    policy_command(buf_span(&b)) != TOOL_SHELL);
	buf_release(&b);
}

static void
check_quoted(struct span s, enum tool_class alone)
{
	struct buf b = BUF_INIT;
	enum tool_class got;
	size_t i;

	buf_adds(&b, "bash -lc '");
	for (i = 0; i < s.n; i++)
		if (s.p[i] == '\'')
			buf_adds(&b, "'\\''");
		else
			buf_addc(&b, s.p[i]);
	buf_addc(&b, '\'');
	got = policy_command(buf_span(&b));
	must(got == alone || got == TOOL_READ);
	buf_release(&b);
}

static void
check_json(struct span s, enum tool_class alone)
{
	struct buf b = BUF_INIT;
	struct json_err err;
	enum tool_class got;
	size_t n;

	buf_adds(&b, "{\"command\":[\"bash\",\"-lc\",");
	json_quote(s, &b);
	buf_adds(&b, "]}");
	/* Not where the text is no UTF-8. */
	if (json_scan(buf_span(&b), NULL, 0, &n, &err) == JSON_OK) {
		got = policy_call(NULL, SPAN_LIT("shell"), buf_span(&b),
		    NULL);
		must(got == alone || got == TOOL_READ);
	}
	buf_release(&b);
}

static void
take_path(void *arg, struct span path)
{
	size_t *n = arg;

	must(path.n > 0);
	++*n;
}

/* The files of a command, with something before and behind it. */
static bool
is_sure(const char *before, struct span s, const char *behind, size_t *files)
{
	struct buf b = BUF_INIT;
	struct policy_read r = { .file = take_path, .arg = files };
	enum tool_class class;

	*files = 0;
	buf_adds(&b, before);
	buf_addspan(&b, s);
	buf_adds(&b, behind);
	class = policy_call(NULL, SPAN_LIT("shell"), buf_span(&b), &r);
	must(r.files == *files);
	must(!r.sure || (class == TOOL_READ && r.files > 0));
	must(!r.top || (r.sure && r.files == 1));
	buf_release(&b);
	return r.sure;
}

/* What may print more is told, wherever it stands. */
static void
check_files(struct span s)
{
	size_t n, more, json;
	bool sure = is_sure("", s, "", &n);
	struct json_err err;

	must(!is_sure("", s, ";\ncat $X\n", &more));
	must(!is_sure("cat $X\n", s, "", &more));
	if (is_sure(":\ncat x\n", s, "", &more))
		must(more >= 1);
	/* Arguments that are JSON are no command. */
	if (sure && json_scan(s, NULL, 0, &json, &err) == JSON_BAD)
		must(is_sure(":\ncat x\n", s, "", &more) && more == n + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(size == 0 ? "" : (const char *)data, size);
	enum tool_class alone = policy_command(s), got;

	must(alone == TOOL_SHELL || alone == TOOL_READ || alone == TOOL_FETCH);
	check_prefix(s, "cat x\n", TOOL_READ);
	check_prefix(s, "hr-ccr get 1\n", TOOL_FETCH);
	/* A shell would take that for options. */
	if (s.n == 0 || (s.p[0] != '-' && s.p[0] != '+')) {
		check_quoted(s, alone);
		check_json(s, alone);
	}
	check_files(s);
	got = policy_call(NULL, SPAN_LIT("Bash"), s, NULL);
	must(got == TOOL_SHELL || got == TOOL_READ || got == TOOL_FETCH);
	got = policy_call(NULL, SPAN_LIT("str_replace_editor"), s, NULL);
	must(got == TOOL_EDIT || got == TOOL_READ);
	(void)policy_tool(NULL, s);
	return 0;
}
