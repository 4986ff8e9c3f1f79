/*
 * detect - the kind of a text
 */
#include "compat.h"

#include "detect.h"
#include "json.h"
#include "json_lines.h"
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
	return DETECT_TEXT;
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
	case DETECT_TEXT:
		return "text";
	case DETECT_BINARY:
		return "binary";
	}
	return "";
}
