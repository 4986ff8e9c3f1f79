/*
 * diff_summary - what is said in place of what nobody reads
 */
#include "compat.h"

#include <string.h>

#include "diff_hunk.h"
#include "diff_summary.h"
#include "mark.h"

/* A name as it may stand in a mark; else nothing. */
static struct span
name_in_mark(struct span path)
{
	size_t i;

	for (i = path.n; i > 0 && path.p[i - 1] != '/'; )
		i--;
	path = span_skip(path, i);
	for (i = 0; i < path.n; i++)
		if (path.p[i] <= ' ' || path.p[i] > '~' ||
		    memchr("\"'`[]\\", path.p[i], 6) != NULL)
			return SPAN_LIT("");
	return path;
}

void
diff_summary_put(struct buf *out, const struct diff_summary *m)
{
	struct span name = name_in_mark(m->path);
	struct buf note = BUF_INIT;

	buf_adds(&note, m->what);
	if (name.n > 0)
		buf_addc(&note, ' ');
	buf_addspan(&note, name);
	if (m->counts)
		buf_addf(&note, ", +%llu -%llu",
		    (unsigned long long)m->added,
		    (unsigned long long)m->removed);
	mark_gap(out, m->lines, "line", buf_span(&note));
	buf_addc(out, '\n');
	if (buf_err(&note))
		out->err = buf_err(&note);
	buf_release(&note);
}

bool
diff_binary_block(struct span *rest, uint64_t *lines)
{
	struct span at = *rest, line = diff_line(&at);
	uint64_t n;

	if (!span_starts(line, SPAN_LIT("literal ")) &&
	    !span_starts(line, SPAN_LIT("delta ")))
		return false;
	for (n = 1; ; n++) {
		line = diff_line(&at);
		if (line.n == 0 || line.p[line.n - 1] != '\n')
			return false;
		if (line.n == 1)
			break;
		/* The first letter tells how many bytes; at most 52. */
		if ((line.p[0] | 32) < 'a' || (line.p[0] | 32) > 'z' ||
		    line.n > 1 + 65 + 1 || memchr(line.p, ' ', line.n) != NULL)
			return false;
	}
	*lines += n + 1;
	*rest = at;
	return true;
}
