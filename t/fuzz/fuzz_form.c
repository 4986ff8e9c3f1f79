/*
 * fuzz form - what must hold for every text that is read in a form
 *
 * What a reader gives is JSON, and what it says has no colon and no line end;
 * the form is found by it again.  What is called exact gives all bytes back.
 * A broken promise aborts.
 */
#include "compat.h"

#include "form.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct buf json = BUF_INIT, how = BUF_INIT, back = BUF_INIT;
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	const struct form *f;
	bool exact = false;

	f = form_find(text, &json, &how, &exact);
	if (f != NULL) {
		must(json_doc_scan(&d, buf_span(&json), &err) == JSON_OK);
		must(form_named(buf_span(&how)) == f);
		must(memchr(how.p, ':', how.len) == NULL);
		must(memchr(how.p, '\n', how.len) == NULL);
		back.max = size + 4096;
		if (f->write != NULL && f->write(&d, buf_span(&how), &back))
			must(!exact || span_eq(buf_span(&back), text));
		else
			must(!exact || f->write == NULL);
	}
	json_doc_release(&d);
	buf_release(&json);
	buf_release(&how);
	buf_release(&back);
	return 0;
}
