/*
 * diff_colour - take the colours out of a diff
 */
#include "compat.h"

#include <string.h>

#include "diff_colour.h"
#include "diff_hunk.h"

#define ESC	'\033'

/* Bytes of a sequence for colours, or to the end of the line, at s; or 0. */
static size_t
sequence(struct span s)
{
	size_t i = 2;

	if (s.n < 3 || s.p[0] != ESC || s.p[1] != '[')
		return 0;
	while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == ';'))
		i++;
	return i < s.n && (s.p[i] == 'm' || s.p[i] == 'K') ? i + 1 : 0;
}

static bool
is_header(struct span s)
{
	return span_starts(s, SPAN_LIT("@@ -")) ||
	    span_starts(s, SPAN_LIT("@@@ -")) ||
	    span_starts(s, SPAN_LIT("diff --"));
}

/* Whether a line is a header behind a colour. */
static bool
coloured(struct span text)
{
	struct span line;
	size_t n;

	while (text.n > 0) {
		line = diff_line(&text);
		if (line.p[0] != ESC)
			continue;
		while ((n = sequence(line)) > 0)
			line = span_skip(line, n);
		if (is_header(line))
			return true;
	}
	return false;
}

bool
diff_plain(struct span text, struct buf *out)
{
	size_t at = out->len, n;
	const char *esc;

	if (!coloured(text))
		return false;
	while (text.n > 0) {
		esc = memchr(text.p, ESC, text.n);
		n = esc == NULL ? text.n : (size_t)(esc - text.p);
		buf_add(out, text.p, n);
		text = span_skip(text, n);
		n = sequence(text);
		if (n == 0 && text.n > 0)
			buf_addc(out, text.p[n++]);
		text = span_skip(text, n);
	}
	if (buf_err(out))
		return false;
	if (!coloured(span_skip(buf_span(out), at)))
		return true;
	buf_truncate(out, at);
	return false;
}
