/*
 * detect - the kind of a text
 */
#include "compat.h"

#include "detect.h"
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

/* The bytes of a text that are parts with a format. */
static size_t
in_parts(struct span s)
{
	struct mixed m = MIXED_INIT(s);
	struct span part;
	size_t n = 0;

	while (mixed_next(&m, &part))
		n += part.n;
	return n;
}

/*
 * A text without a format of its own.  Parts may have one; but of output that
 * is not mostly these, the lines around them are what is to be squashed, and
 * of source nothing is.
 */
static enum detect_kind
by_looks(struct span s)
{
	enum looks looks = looks_like(s);
	size_t n = in_parts(s);

	if (n > 0 && looks != LOOKS_MARKUP &&
	    (looks == LOOKS_MARKDOWN || n >= s.n / 2))
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
	if (mark_sums_right(s) || json_has_table(s) || list_is_short(s))
		return DETECT_SHORT;
	/* The short form of a diff is a diff. */
	if (is_diff(s))
		return DETECT_DIFF;
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
