/*
 * forward_why - reasons as the ledger spells them
 */
#include "compat.h"

#include "forward.h"

const char *
forward_why_name(enum forward_why w)
{
	static const char *const names[FORWARD_WHYS] = {
		[WHY_SQUASHED] = "squashed",
		[WHY_SHORT] = "short",
		[WHY_READ] = "read",
		[WHY_FETCHED] = "fetched",
		[WHY_ERROR] = "error",
		[WHY_REMINDER] = "reminder",
		[WHY_NO_TOOLS] = "no-tools",
		[WHY_UNKNOWN_CALL] = "unknown-call",
		[WHY_LEVEL] = "level",
		[WHY_FOREIGN] = "foreign",
		[WHY_NO_GAIN] = "no-gain",
		[WHY_LARGE] = "large",
		[WHY_FAILED] = "failed",
		[WHY_REFERRED] = "referred",
		[WHY_ASKED] = "asked-again",
	};

	return (unsigned)w < FORWARD_WHYS ? names[w] : names[WHY_FAILED];
}
