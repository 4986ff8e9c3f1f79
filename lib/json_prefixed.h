/*
 * json_prefixed.h - the form of log lines that end in a JSON object
 *
 *	2026-11-27T10:00:00Z api[12]: {"level":"info","ms":3}
 *	starting up
 *
 *	prefixed json
 *	[{"line":"2026-11-27T10:00:00Z api[12]:",
 *	"json":{"level":"info","ms":3}},{"line":"starting up"}]
 *
 * At least nine of ten lines that are not empty, and at least eight, end in
 * an object that has members, and some have text before it: else they are
 * JSON, one value a line.  A blank between text and object is in neither,
 * unless not all have it: then `how' goes on with "joined".  It also holds
 * the style of the objects (json_style.h) and which line ends there are:
 * "prefixed json spaced with CRLF without final line end".
 */
#ifndef HR_JSON_PREFIXED_H
#define HR_JSON_PREFIXED_H

#include "compat.h"

#include "form.h"

extern const struct form json_prefixed_form;

#endif
