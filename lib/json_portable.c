/*
 * json_portable - the scanner in plain C
 */
#include "compat.h"

#include "json_impl.h"

#define CORE(name)	json_##name##_portable
#define CORE_TARGET

HR_INLINE const json_byte *
json_string_portable(struct json_scanner *s, const json_byte *p,
    const json_byte *end, bool *escaped)
{
	(void)end;
	return json_string_exact(s, p, escaped);
}

HR_INLINE const json_byte *
json_number_portable(struct json_scanner *s, const json_byte *p,
    const json_byte *end)
{
	(void)end;
	return json_number_exact(s, p);
}

HR_INLINE const json_byte *
json_space_portable(const json_byte *p, const json_byte *end)
{
	return json_space_exact(p, end);
}

#include "json_core.h"
