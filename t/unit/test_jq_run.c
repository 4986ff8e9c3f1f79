/*
 * test_jq_run - programs of jq, good ones and such as do harm
 */
#include "compat.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "jq_run.h"
#include "tap.h"

static struct jq_err err;
static struct buf out = BUF_INIT;

static enum jq_rc
run(const char *program, const char *text)
{
	buf_reset(&out);
	return jq_run(program, span_z(text), &out, &err);
}

static void
gives(const char *program, const char *text, const char *want,
    const char *name)
{
	enum jq_rc rc = run(program, text);

	if (!ok(rc == JQ_OK && span_eq(buf_span(&out), span_z(want)), name))
		printf("# rc %d, %s, got %.*s\n", (int)rc, err.text,
		    (int)out.len, out.p);
}

static void
fails(const char *program, const char *text, enum jq_rc want,
    const char *says, const char *name)
{
	enum jq_rc rc = run(program, text);

	if (!ok(rc == want && out.len == 0 && strstr(err.text, says) != NULL &&
	    strchr(err.text, '\n') == NULL, name))
		printf("# rc %d, %s, got %.*s\n", (int)rc, err.text,
		    (int)out.len, out.p);
}

static void
test_results(void)
{
	gives(".a", "{\"a\":{\"z\":[1, \"\\u00e9\"], \"b\":null}}",
	    "{\"z\":[1,\"\xc3\xa9\"],\"b\":null}\n", "a value");
	gives(".[]|.n", "[{\"n\":1},{\"n\":\"x\"},{}]", "1\n\"x\"\nnull\n",
	    "several");
	gives("empty", "1", "", "none");
	gives(".n", "{\"n\":1}\n{\"n\":2}\n", "1\n2\n", "of each line");
	gives("[., input]", "1 2 3 4", "[1,2]\n[3,4]\n", "input");
	gives("[inputs]", "1 2 3", "[2,3]\n", "inputs");
	gives(".", "", "", "nothing of nothing");
	gives("if . == 2 then halt else . end", "1 2 3", "1\n", "halt");
	gives("debug|stderr", "7", "7\n", "what it prints aside is lost");
	gives("\"a\\u0000b\"", "1", "\"a\\u0000b\"\n", "NUL in a result");
	gives("try error(\"x\") catch .", "1", "\"x\"\n", "a caught error");
	gives("test(\"^a+$\")", "\"aaa\"", "true\n", "expressions");
	gives("0|todate", "1", "\"1970-01-01T00:00:00Z\"\n", "times");
}

static void
test_errors(void)
{
	fails(".a|", "1", JQ_PROGRAM, "syntax error", "no program");
	fails("nope", "1", JQ_PROGRAM, "nope/0 is not defined",
	    "an unknown function");
	fails(".[] | .x", "[{\"x\":1},2]", JQ_FAILED, "Cannot index number",
	    "an error, and no part of the results");
	fails("error({a:\"b\\nc\"})", "1", JQ_FAILED, "{\"a\":\"b\\nc\"}",
	    "an error that is no text");
	fails("\"so\\nit is\"|halt_error", "1", JQ_FAILED, "so",
	    "halt_error");
	fails(".", "{\"a\":1} [1,", JQ_FAILED, "nfinished JSON",
	    "a text that ends too early");
	fails(".", "<html>", JQ_FAILED, "Invalid", "a text that is not JSON");
	run("\"x\" * 300|error", "1");
	ok(strlen(err.text) == sizeof(err.text) - 1, "a long error is cut");
	run("\"x\" + \"\\u00e9\" * 300|error", "1");
	ok(strlen(err.text) < sizeof(err.text) &&
	    (unsigned char)err.text[strlen(err.text) - 1] == 0xa9,
	    "between two characters");
}

/* A folder with a module and a file of data in it. */
static void
write_file(const char *dir, const char *name, const char *text)
{
	char path[100];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		exit(1);
}

static void
test_files(void)
{
	char dir[] = "/tmp/hr-jq-XXXXXX", program[200];

	if (mkdtemp(dir) == NULL)
		exit(1);
	write_file(dir, "m.jq", "def f: 1;");
	write_file(dir, "d.json", "\"secret\"");
	snprintf(program, sizeof(program),
	    "import \"m\" as m {search:\"%s\"}; m::f", dir);
	fails(program, "1", JQ_PROGRAM, "", "no modules");
	snprintf(program, sizeof(program),
	    "include \"m\" {search:\"%s\"}; f", dir);
	fails(program, "1", JQ_PROGRAM, "", "no inclusion");
	snprintf(program, sizeof(program),
	    "import \"d\" as $d {search:\"%s\"}; $d", dir);
	fails(program, "1", JQ_PROGRAM, "", "no files");
	fails("include \"m\"; f", "1", JQ_PROGRAM, "", "none without a place");
	snprintf(program, sizeof(program), "rm -r %s", dir);
	ok(system(program) == 0, "which were there");
}

static void
test_secrets(void)
{
	setenv("HR_TEST_SECRET", "secret", 1);
	gives("[env, $ENV]", "1", "[{},{}]\n", "no environment");
	gives("\"\\(env.HR_TEST_SECRET)\"", "1", "\"null\"\n",
	    "none in strings");
	ok(getenv("HR_TEST_SECRET") != NULL, "but ours is there");
	gives("[input_filename]", "1", "[null]\n", "no name of a file");
}

static void
test_endless(void)
{
	struct rlimit old, less;

	out.max = 1000;
	fails("repeat(.)", "1", JQ_FAILED, "more than 1000 bytes",
	    "the ceiling of the results");
	buf_adds(&out, "before ");
	ok(jq_run("repeat(.)", SPAN_LIT("1"), &out, &err) == JQ_FAILED &&
	    span_eq(buf_span(&out), SPAN_LIT("before ")) &&
	    strstr(err.text, "more than 993 bytes") != NULL,
	    "which counts what was there, and keeps it");
	out.max = SIZE_MAX / 2;
	fails("reduce range(1e6) as $i (null; [.])", "1", JQ_FAILED,
	    "libjq failed", "a program on which libjq dies");
	if (getrlimit(RLIMIT_CPU, &old) < 0)
		exit(1);
	less = old;
	less.rlim_cur = 1;	/* of the child, too */
	setrlimit(RLIMIT_CPU, &less);
	fails("def f: f; f", "1", JQ_FAILED, "not end in time",
	    "an endless program");
	setrlimit(RLIMIT_CPU, &old);
}

int
main(void)
{
	test_results();
	test_errors();
	test_files();
	test_secrets();
	test_endless();
	buf_release(&out);
	return done();
}
