/*
 * part - pieces of a text
 */
#include "compat.h"

#include "part.h"

/* Bytes of the first line of s, which is not empty. */
static size_t
line_len(struct span s)
{
	const char *nl = memchr(s.p, '\n', s.n);

	return nl == NULL ? s.n : (size_t)(nl - s.p) + 1;
}

struct span
part_lines(struct span s, uint64_t from, uint64_t to)
{
	struct span rest = s;
	uint64_t line;

	for (line = 1; line < from && rest.n > 0; line++)
		rest = span_skip(rest, line_len(rest));
	for (s = rest; line <= to && rest.n > 0; line++)
		rest = span_skip(rest, line_len(rest));
	return span_of(s.p, s.n - rest.n);
}

struct span
part_bytes(struct span s, uint64_t from, uint64_t to)
{
	if (from > s.n)
		return span_of(s.p, 0);
	s = span_skip(s, (size_t)from - 1);
	to -= from - 1;
	return span_of(s.p, s.n < to ? s.n : (size_t)to);
}

static bool
matches(regex_t *re, struct span line)
{
	/*
	 * POSIX's regexec() knows strings only.  REG_STARTEND would do, but
	 * AddressSanitizer does not know it and looks for a NUL.
	 */
	return re_search(re, line.p, (regoff_t)line.n, 0, (regoff_t)line.n,
	    NULL) >= 0;
}

uint64_t
part_grep(struct span s, regex_t *re,
    bool (*fn)(void *arg, struct span run), void *arg)
{
	struct span run = span_of(s.p, 0);
	uint64_t count = 0;
	size_t n, text;

	for (; s.n > 0; s = span_skip(s, n)) {
		n = line_len(s);
		text = n - (s.p[n - 1] == '\n');
		if (matches(re, span_of(s.p, text))) {
			if (run.n == 0)
				run.p = s.p;
			run.n += n;
			count++;
		} else if (run.n > 0) {
			if (!fn(arg, run))
				return count;
			run.n = 0;
		}
	}
	if (run.n > 0)
		fn(arg, run);
	return count;
}
