/*
 * json_portable - the scanner in plain C, eight bytes at a time
 */
#include "compat.h"

#include "json_impl.h"

#define CORE(name)	json_##name##_portable
#define CORE_TARGET

#define EACH(byte)	(UINT64_C(0x0101010101010101) * (byte))

/*
 * Whether any of eight bytes is not plain.  x - 01.. & ~x has a high bit
 * where a byte of x is zero (Mycroft's test); borrows can mark bytes above a
 * true one, which does not change the answer.
 */
HR_INLINE bool
special(uint64_t w)
{
	uint64_t quote = w ^ EACH('"'), slash = w ^ EACH('\\');

	return ((w | ((quote - EACH(1)) & ~quote) |
	    ((slash - EACH(1)) & ~slash) | ((w - EACH(0x20)) & ~w)) &
	    EACH(0x80)) != 0;
}

HR_INLINE const json_byte *
json_plain_portable(const json_byte *p, const json_byte *end)
{
	uint64_t w;

	while (end - p >= 8) {
		memcpy(&w, p, 8);
		if (special(w))
			break;
		p += 8;
	}
	while (p != end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

static const json_byte *
json_space_portable(const json_byte *p, const json_byte *end)
{
	while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' ||
	    *p == '\t'))
		p++;
	return p;
}

#include "json_core.h"
