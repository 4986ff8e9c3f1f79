/*
 * detect - the kind of a text
 */
#include "compat.h"

#include "buf.h"
#include "detect.h"
#include "form.h"
#include "json.h"
#include "json_expand.h"
#include "json_lines.h"
#include "list.h"
#include "looks.h"
#include "mark.h"
#include "mixed.h"
#include "squash_diff.h"
#include "utf8.h"

static size_t
blanks(struct span s)
{
	size_t i = 0;

	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' ||
	    s.p[i] == '\n' || s.p[i] == '\r'))
		i++;
	return i;
}

static bool
is_lines(struct span s)
{
	struct json_err err;

	return json_lines_scan(NULL, s, &err) == JSON_OK;
}

/*
 * A third of the text, so that a log with a small diff in it is a log; or as
 * much as is left of one that was squashed.
 */
static bool
is_diff(struct span s)
{
	size_t n = squash_diff_bytes(s);

	return n > 0 && (n >= s.n / 3 || span_starts(s, SPAN_LIT("[hr: ")));
}

static bool
is_list(struct span s)
{
	struct list l = LIST_INIT;
	bool is = list_read(&l, s);

	list_release(&l);
	return is;
}

/*
 * Whether there are parts with a format.  Of output there are few, or they are
 * most of it: else it is a log that has such lines.  Of source nothing is a
 * part, but what is mostly JSON, which may look like it, is none.
 */
static bool
is_mixed(struct span s, enum looks looks)
{
	struct mixed m = MIXED_INIT(s);
	size_t n = 0, bytes = 0, largest = 0;
	struct span part;

	if (looks == LOOKS_MARKUP)
		return false;
	while (mixed_next(&m, &part)) {
		n++;
		bytes += part.n;
		if (part.n > largest)
			largest = part.n;
	}
	return n > 0 && (looks == LOOKS_MARKDOWN || bytes >= s.n / 2 ||
	    (looks == LOOKS_OUTPUT && n <= MIXED_PARTS &&
	    largest >= MIXED_PART));
}

static bool
is_records(struct span s)
{
	struct buf json = BUF_INIT, how = BUF_INIT;
	bool is, exact;

	is = form_find(s, &json, &how, &exact) != NULL;
	buf_release(&json);
	buf_release(&how);
	return is;
}

/* A text without a format of its own. */
static enum detect_kind
by_looks(struct span s)
{
	enum looks looks = looks_like(s);

	if (is_mixed(s, looks))
		return DETECT_MIXED;
	switch (looks) {
	case LOOKS_OUTPUT:
		return DETECT_TEXT;
	case LOOKS_SOURCE:
	case LOOKS_MARKUP:
		return DETECT_SOURCE;
	case LOOKS_SETTINGS:
		return DETECT_SETTINGS;
	case LOOKS_TABLE:
		return DETECT_TABLE;
	case LOOKS_MARKDOWN:
		return DETECT_MARKDOWN;
	}
	return DETECT_TEXT;
}

enum detect_kind
detect(struct span s)
{
	size_t at = blanks(s), ntok;
	struct json_err err;

	if (at == s.n)
		return DETECT_EMPTY;
	if (s.p[at] == '{' || s.p[at] == '[') {
		if (json_scan(s, NULL, 0, &ntok, &err) == JSON_OK)
			return DETECT_JSON;
		if (is_lines(s))
			return DETECT_NDJSON;
	}
	if (memchr(s.p, '\0', s.n) != NULL || utf8_valid(s.p, s.n) < s.n)
		return DETECT_BINARY;
	if (mark_sums_right(s) || json_is_short(s) || list_is_short(s))
		return DETECT_SHORT;
	/* The short form of a diff is a diff. */
	if (is_diff(s))
		return DETECT_DIFF;
	if (is_records(s))
		return DETECT_RECORDS;
	if (is_list(s))
		return DETECT_LIST;
	return by_looks(s);
}

const char *
detect_name(enum detect_kind k)
{
	switch (k) {
	case DETECT_EMPTY:
		return "empty";
	case DETECT_JSON:
		return "json";
	case DETECT_NDJSON:
		return "ndjson";
	case DETECT_RECORDS:
		return "records";
	case DETECT_DIFF:
		return "diff";
	case DETECT_LIST:
		return "list";
	case DETECT_MIXED:
		return "mixed";
	case DETECT_SOURCE:
		return "source";
	case DETECT_SETTINGS:
		return "settings";
	case DETECT_TABLE:
		return "table";
	case DETECT_MARKDOWN:
		return "markdown";
	case DETECT_SHORT:
		return "short form";
	case DETECT_TEXT:
		return "text";
	case DETECT_BINARY:
		return "binary";
	}
	return "";
}
