/*
 * fuzz rows - what must hold for the rows of all texts
 *
 * Each row is a line and JSON, there are as many as is said, and some of them
 * are those of all; of an array or of lines each has the values that stand
 * there.  What is not JSON has none.  A broken promise aborts.
 */
#include "compat.h"

#include "fuzz.h"
#include "json_lines.h"
#include "json_rows.h"

static struct span
next_line(struct span *s)
{
	const char *nl = memchr(s->p, '\n', s->n);
	struct span line;

	must(nl != NULL);
	line = span_of(s->p, (size_t)(nl - s->p));
	*s = span_skip(*s, line.n + 1);
	return line;
}

/* Two values of as many tokens, whose scalars are spelt alike. */
static void
same(struct span a, const struct json_tok *t, struct span row)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	size_t i;

	must(json_doc_scan(&d, row, &err) == JSON_OK && d.ntok == t->skip);
	for (i = 0; i < d.ntok; i++) {
		must(d.tok[i].type == t[i].type);
		if (t[i].type < JSON_ARRAY)
			must(span_eq(json_text(row, &d.tok[i]),
			    json_text(a, &t[i])));
	}
	json_doc_release(&d);
}

/* All rows, against the array they are of; NULL: of some other value. */
static void
check_rows(struct span rows, uint64_t total, const struct json_doc *array)
{
	const struct json_tok *t = array != NULL ? array->tok + 1 : NULL;
	struct json_err err;
	size_t ntok;

	for (; total > 0; total--) {
		struct span line = next_line(&rows);

		must(json_scan(line, NULL, 0, &ntok, &err) == JSON_OK);
		if (t != NULL) {
			same(array->text, t, line);
			t += t->skip;
		}
	}
	must(rows.n == 0);
}

static void
check_part(struct span text, struct span all, uint64_t total)
{
	struct buf out = BUF_INIT;
	uint64_t from = total / 3 + 1, to = total - total / 3, n, i;
	struct json_err err;

	must(json_rows(text, from, to, &out, &n, &err) == JSON_ROWS_OK);
	must(n == total);
	for (i = 1; i < from && all.n > 0; i++)
		(void)next_line(&all);
	must(span_starts(all, buf_span(&out)));
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct json_doc d = JSON_DOC_INIT;
	struct buf out = BUF_INIT;
	struct json_err err, at;
	bool json = json_doc_scan(&d, text, &err) == JSON_OK ||
	    json_lines_scan(&d, text, &err) == JSON_OK;
	enum json_rows rc;
	uint64_t total;

	rc = json_rows(text, 1, UINT64_MAX, &out, &total, &at);
	must((rc == JSON_ROWS_FOREIGN) == !json && buf_err(&out) == 0);
	if (rc == JSON_ROWS_OK) {
		check_rows(buf_span(&out), total,
		    d.tok[0].type == JSON_ARRAY ? &d : NULL);
		check_part(text, buf_span(&out), total);
	} else {
		must(out.len == 0 && (json || at.what != NULL));
		must(!json || d.tok[0].type != JSON_ARRAY);
	}
	json_doc_release(&d);
	buf_release(&out);
	return 0;
}
