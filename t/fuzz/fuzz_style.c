/*
 * fuzz style - JSON in the style of a program
 *
 * What is found is written again, from the canonical text and the words, byte
 * for byte; what is JSON is found once it stands in a style, whichever; words
 * that are understood are those that are written.  What is read as log lines
 * with objects is JSON, and of them are written lines again, which read as the
 * same.  A broken promise aborts.
 */
#include "compat.h"

#include "fuzz.h"
#include "json_prefixed.h"
#include "json_style.h"

#define TEXT_MAX	((size_t)1 << 16)	/* indented it is far more */
#define WRITTEN_MAX	((size_t)1 << 24)

static bool
write_again(struct span s, const struct json_style *st, struct buf *out)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	bool is = json_doc_scan(&d, s, &err) == JSON_OK &&
	    (d.tok[0].type == JSON_OBJECT || d.tok[0].type == JSON_ARRAY);

	out->max = WRITTEN_MAX;
	if (is)
		json_style_write(&d, st, out);
	json_doc_release(&d);
	return is && !buf_err(out);
}

static void
check_found(struct span text)
{
	struct json_style plain = JSON_STYLE_INIT, st;
	struct buf canon = BUF_INIT, words = BUF_INIT, out = BUF_INIT;

	if (json_style_find(text, &st)) {
		json_style_words(&st, &words);
		must(json_style_parse(buf_span(&words), &st));
		must(write_again(text, &plain, &canon));
		must(write_again(buf_span(&canon), &st, &out));
		must(span_eq(buf_span(&out), text));
	}
	buf_release(&canon);
	buf_release(&words);
	buf_release(&out);
}

/* The first bytes choose the style. */
static void
check_written(struct span text, uint8_t gaps, uint8_t strings)
{
	struct json_style st = { .gaps = (enum json_gaps)(gaps % 3),
	    .ascii = strings & 1, .upper = strings >> 1 & 1,
	    .html = strings >> 2 & 1, .slash = strings >> 3 & 1,
	    .newline = strings >> 4 & 1, .separators = strings >> 5 & 1 };
	struct buf out = BUF_INIT;

	if (st.gaps == JSON_INDENTED)
		st.indent = gaps / 3 % (JSON_INDENT_MAX + 1);
	if (write_again(text, &st, &out)) {
		must(json_style_find(buf_span(&out), &st));
		check_found(buf_span(&out));
	}
	buf_release(&out);
}

static void
check_words(struct span words)
{
	struct json_style st;
	struct buf again = BUF_INIT;

	if (json_style_parse(words, &st)) {
		json_style_words(&st, &again);
		must(span_eq(buf_span(&again), words));
	}
	buf_release(&again);
}

static void
check_prefixed(struct span text)
{
	const struct form *f = &json_prefixed_form;
	struct buf json = BUF_INIT, how = BUF_INIT, out = BUF_INIT;
	struct buf again = BUF_INIT, how2 = BUF_INIT;
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;

	if (f->read(text, &json, &how)) {
		must(json_doc_scan(&d, buf_span(&json), &err) == JSON_OK);
		must(f->write(&d, buf_span(&how), &out));
		must(f->read(buf_span(&out), &again, &how2));
		must(span_eq(buf_span(&json), buf_span(&again)));
		must(span_eq(buf_span(&how), buf_span(&how2)));
	}
	json_doc_release(&d);
	buf_release(&json);
	buf_release(&how);
	buf_release(&out);
	buf_release(&again);
	buf_release(&how2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);

	check_found(text);
	check_words(text);
	check_prefixed(text);
	if (size >= 2 && size <= TEXT_MAX)
		check_written(span_skip(text, 2), data[0], data[1]);
	return 0;
}
