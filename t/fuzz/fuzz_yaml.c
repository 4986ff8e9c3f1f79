/*
 * fuzz yaml - any bytes as YAML
 *
 * What is read is JSON of arrays and objects; it has no more values than the
 * text has bytes; what is
 * read from it as JSON, put into YAML, is the same.  A broken promise aborts.
 */
#include "compat.h"

#include "fuzz.h"
#include "yaml_form.h"

/* JSON in flow is YAML: as the member of a mapping it reads as itself. */
static void
check_again(struct span json)
{
	struct buf text = BUF_INIT, again = BUF_INIT, how = BUF_INIT;
	struct buf want = BUF_INIT;

	buf_adds(&text, "a:\nb:\nc:\nd: ");
	buf_addspan(&text, json);
	buf_adds(&want, "{\"a\":null,\"b\":null,\"c\":null,\"d\":");
	buf_addspan(&want, json);
	buf_adds(&want, "}");
	/* Refused is what libyaml takes for too long or too deep. */
	if (yaml_form.read(buf_span(&text), &again, &how))
		must(span_eq(buf_span(&again), buf_span(&want)));
	buf_release(&text);
	buf_release(&again);
	buf_release(&how);
	buf_release(&want);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct buf json = BUF_INIT, how = BUF_INIT;
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;

	if (yaml_form.read(text, &json, &how)) {
		must(!buf_err(&json) && !buf_err(&how));
		must(json_doc_scan(&d, buf_span(&json), &err) == JSON_OK);
		must(d.tok[0].start == 0 && d.tok[0].end == json.len);
		must(d.tok[0].type == JSON_OBJECT ||
		    d.tok[0].type == JSON_ARRAY);
		must(d.ntok <= size + 1);
		must(form_named(buf_span(&how)) == &yaml_form);
		check_again(buf_span(&json));
	}
	json_doc_release(&d);
	buf_release(&json);
	buf_release(&how);
	return 0;
}
