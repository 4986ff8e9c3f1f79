/*
 * fold_files - lines that end in paths of one folder, as one
 */
#include "compat.h"

#include "errword.h"
#include "fold_files.h"
#include "fold_read.h"
#include "num.h"

#define NAMES_MAX	64	/* in one line */
#define LINE_MAX_LEN	1024	/* bytes, of one that is joined */

static const char says[] =
    " lines, files of a folder joined: FOLDER/: FILE FILE";

/* Lines next to each other, of one folder. */
struct run {
	struct span	lines;
	struct span	folder;		/* and all before it; empty: none */
	size_t		n;
};

/* What no path has that is printed without quotes. */
static bool
is_odd(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f ||
	    memchr("\"'`<>|;,*?=:()[]{}\\", c, 19) != NULL;
}

/* Bytes at the end of s that may be of a path. */
static size_t
path_len(struct span s)
{
	size_t n = 0;

	while (n < s.n && !is_odd(s.p[s.n - n - 1]))
		n++;
	return n;
}

static bool
is_folder(struct span s)
{
	size_t n;

	if (s.n == 0 || s.p[s.n - 1] != '/')
		return false;
	n = path_len(s);
	return n > 1 && (n == s.n || s.p[s.n - n - 1] == ' ');
}

/* "[warn] src/v3/a.ts": up to the last slash, or nothing. */
static struct span
folder_of(struct span line)
{
	struct span s = line;

	if (line.n > LINE_MAX_LEN)
		return span_of(NULL, 0);
	while (s.n > 0 && s.p[s.n - 1] != '/' && !is_odd(s.p[s.n - 1]))
		s.n--;
	return s.n < line.n && is_folder(s) && !errword_in(line) ? s :
	    span_of(NULL, 0);
}

/* Write the run, as one line if it is worth that.  True if so. */
static bool
end_run(struct run *r, struct buf *out)
{
	struct span rest = r->lines;
	bool joined = r->folder.n > 0 && r->n >= FOLD_FILES_MIN;

	if (joined) {
		buf_addspan(out, r->folder);
		buf_addc(out, ':');
	} else {
		buf_addspan(out, rest);
	}
	while (joined && rest.n > 0) {
		buf_addc(out, ' ');
		buf_addspan(out, span_skip(fold_line(&rest), r->folder.n));
	}
	if (joined)
		buf_addc(out, '\n');
	*r = (struct run){ .n = 0 };
	return joined;
}

static bool
write_all(struct span text, struct buf *out)
{
	struct run r = { .n = 0 };
	struct span start = text, line, folder;
	bool any = false, whole;

	for (; text.n > 0; start = text) {
		line = fold_line(&text);
		/* The last line may lack its newline. */
		whole = line.n < start.n;
		folder = whole ? folder_of(line) : span_of(NULL, 0);
		if (r.n > 0 && (!span_eq(r.folder, folder) ||
		    r.n == NAMES_MAX || !whole))
			any = end_run(&r, out) || any;
		if (r.n == 0) {
			r.lines = span_of(start.p, 0);
			r.folder = folder;
		}
		r.lines.n += line.n + whole;
		/* What is of no folder need not be counted. */
		r.n = folder.n > 0 ? r.n + 1 : 1;
	}
	return end_run(&r, out) || any;
}

static bool
turns_back(struct span text, struct span folded)
{
	struct buf back = BUF_INIT;
	bool same;

	back.max = text.n;
	same = fold_files_back(folded, &back) == EXPAND_OK &&
	    span_eq(buf_span(&back), text);
	buf_release(&back);
	return same;
}

bool
fold_files(struct span text, struct buf *out)
{
	size_t at = out->len;

	buf_addu(out, fold_count_lines(text));
	buf_adds(out, says);
	buf_addc(out, '\n');
	return write_all(text, out) && !buf_err(out) &&
	    turns_back(text, span_skip(buf_span(out), at));
}

/* "[warn] src/v3/: a.ts b.ts" */
static bool
expand_line(struct span line, struct buf *out)
{
	const char *colon = line.p, *end = line.p + line.n, *blank;
	struct span folder, name;

	for (;; colon++) {
		if (colon == end || (colon = memchr(colon, ':',
		    (size_t)(end - colon))) == NULL)
			return false;
		folder = span_of(line.p, (size_t)(colon - line.p));
		if (end - colon > 2 && colon[1] == ' ' && is_folder(folder))
			break;
	}
	line = span_skip(line, folder.n + 2);
	while (line.n > 0) {
		blank = memchr(line.p, ' ', line.n);
		name = span_of(line.p, blank != NULL ?
		    (size_t)(blank - line.p) : line.n);
		line = span_skip(line, name.n + (blank != NULL));
		buf_addspan(out, folder);
		buf_addspan(out, name);
		buf_addc(out, '\n');
	}
	return true;
}

enum squash_expanded
fold_files_back(struct span in, struct buf *out)
{
	struct span line = in.n > 0 ? fold_line(&in) : in, start;
	size_t n = 0, at = out->len;
	uint64_t lines;

	while (n < line.n && line.p[n] >= '0' && line.p[n] <= '9')
		n++;
	if (num_u64(span_of(line.p, n), 1, UINT32_MAX, &lines) < 0 ||
	    line.p[0] == '0' || !span_eq(span_skip(line, n), span_z(says)))
		return EXPAND_FOREIGN;
	for (start = in; in.n > 0; start = in) {
		line = fold_line(&in);
		if (!expand_line(line, out))
			buf_addspan(out, span_of(start.p, start.n - in.n));
	}
	if (buf_err(out))
		return EXPAND_FAILED;
	return fold_count_lines(span_skip(buf_span(out), at)) == lines ?
	    EXPAND_OK : EXPAND_FOREIGN;
}
