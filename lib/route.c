/*
 * route - to the squasher that knows the text
 */
#include "compat.h"

#include "detect.h"
#include "squash.h"

void
squash_any(struct squash *s, struct span text)
{
	switch (detect(text)) {
	case DETECT_JSON:
	case DETECT_NDJSON:
		squash_json(s, text);
		break;
	case DETECT_EMPTY:
	case DETECT_TEXT:
	case DETECT_BINARY:
		squash_reset(s);
		s->reason = SQUASH_FOREIGN;
		break;
	}
}
