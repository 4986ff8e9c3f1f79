/*
 * list_expand - from the short form of a list back to the text
 */
#include "compat.h"

#include "list_impl.h"
#include "mark.h"

/* "[hr: ...]" as a line of its own. */
static bool
is_mark(struct span line)
{
	return span_starts(line, SPAN_LIT("[hr: ")) &&
	    line.p[line.n - 1] == ']';
}

bool
list_is_short(struct span text)
{
	struct list_lines lines = { text };
	struct list_head h;
	struct span line;

	if (list_line(&lines, &line) && is_mark(line))
		(void)list_line(&lines, &line);
	return text.n > 0 && line.n > 0 && list_head_read(line, &h);
}

enum squash_expanded
list_expand(struct span in, struct buf *out)
{
	struct list_lines lines = { in };
	struct list_head h;
	struct span line;
	size_t at = out->len;
	bool ok = false;

	if (!list_line(&lines, &line))
		return EXPAND_FOREIGN;
	if (is_mark(line))
		return list_line(&lines, &line) && list_head_read(line, &h) ?
		    EXPAND_GAPS : EXPAND_FOREIGN;
	if (line.n == 0 || !list_head_read(line, &h) || lines.rest.n == 0)
		return EXPAND_FOREIGN;
	switch (h.kind) {
	case LIST_GREP:
	case LIST_CONTEXT:
	case LIST_PLAIN:
		ok = list_back_grep(&h, lines.rest, out);
		break;
	case LIST_PATHS:
	case LIST_DIRS:
	case LIST_DU:
		ok = list_back_folders(&h, lines.rest, out);
		break;
	case LIST_TREE:
	case LIST_SIZED:
		ok = list_back_tree(&h, lines.rest, out);
		break;
	case LIST_LS:
		ok = list_back_ls(&h, lines.rest, out);
		break;
	case LIST_LSR:
		ok = list_back_lsr(&h, lines.rest, out);
		break;
	default:
		break;
	}
	if (buf_err(out))
		return EXPAND_FAILED;
	if (!ok)
		return EXPAND_FOREIGN;
	if (in.p[in.n - 1] != '\n' && out->len > at)
		buf_truncate(out, out->len - 1);
	return EXPAND_OK;
}
