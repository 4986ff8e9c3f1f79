/*
 * list_head - the first line of a short form
 *
 *	98 lines by file:
 *	412 paths by folder:
 *	462 entries of a tree, sizes 4 wide, all with Nov 21 17:49:
 *	60 lines by file, with context, those with a colon without /src/:
 */
#include "compat.h"

#include "list_impl.h"
#include "num.h"

#define WIDTH_MAX	64

static const struct {
	const char	*says;
	const char	*name;
} kinds[LIST_KINDS] = {
	[LIST_NONE] = { "", "no list" },
	[LIST_GREP] = { " lines by file", "search results" },
	[LIST_CONTEXT] = { " lines by file, with context",
	    "search results with context" },
	[LIST_PLAIN] = { " lines by file, without numbers",
	    "search results without numbers" },
	[LIST_HEADING] = { " lines below their files",
	    "search results with headings" },
	[LIST_PATHS] = { " paths by folder", "paths" },
	[LIST_DIRS] = { " paths by folder, folders too",
	    "paths with folders" },
	[LIST_DU] = { " sizes and paths by folder", "sizes and paths" },
	[LIST_TREE] = { " entries of ", "a tree" },
	[LIST_SIZED] = { " entries of ", "a tree with sizes" },
	[LIST_LS] = { " entries of ls -l, what is as above not repeated",
	    "ls -l" },
	[LIST_LSR] = { " entries of ls -R", "ls -R" },
};

/* Bars as tree prints them have no-break blanks behind. */
const struct list_style list_style[LIST_STYLES] = {
	{ "a tree", "\xe2\x94\x82\xc2\xa0\xc2\xa0 ", "    ",
	    "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ",
	    "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 " },
	{ "a plain tree", "\xe2\x94\x82   ", "    ",
	    "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ",
	    "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 " },
	{ "an ASCII tree", "|   ", "    ", "|-- ", "`-- " },
};

static const char by_folder[] = " by folder";
static const char indented[] = ", indented";
static const char sizes[] = ", sizes ";
static const char wide[] = " wide";
static const char all_with[] = ", all with";
static const char without[] = ", those with a colon without ";

const char *
list_kind_name(enum list_kind kind)
{
	return kinds[kind].name;
}

void
list_head_write(struct buf *out, const struct list_head *h)
{
	buf_addu(out, h->n);
	buf_adds(out, kinds[h->kind].says);
	if (h->kind == LIST_TREE || h->kind == LIST_SIZED)
		buf_adds(out, list_style[h->style].word);
	if (h->kind == LIST_TREE)
		buf_adds(out, by_folder);
	if (h->kind == LIST_SIZED)
		buf_adds(out, h->width > 0 ? sizes : indented);
	if (h->width > 0) {
		buf_addu(out, h->width);
		buf_adds(out, wide);
	}
	if (h->all.n > 0) {
		buf_adds(out, h->kind == LIST_SIZED ? all_with : without);
		buf_addspan(out, h->all);
	}
	buf_adds(out, ":\n");
}

/* Take a word off the front of s. */
static bool
take(struct span *s, const char *z)
{
	struct span w = span_z(z);

	if (!span_starts(*s, w))
		return false;
	*s = span_skip(*s, w.n);
	return true;
}

static bool
take_width(struct span *s, unsigned *width)
{
	size_t n = list_digits(*s);
	uint64_t v;

	if (num_u64(span_of(s->p, n), 1, WIDTH_MAX, &v) < 0)
		return false;
	*s = span_skip(*s, n);
	*width = (unsigned)v;
	return take(s, wide);
}

static bool
read_tree(struct span s, struct list_head *h)
{
	for (h->style = 0; h->style < LIST_STYLES; h->style++)
		if (take(&s, list_style[h->style].word))
			break;
	if (h->style == LIST_STYLES)
		return false;
	h->kind = LIST_TREE;
	if (span_eq(s, SPAN_LIT(" by folder")))
		return true;
	h->kind = LIST_SIZED;
	if (span_eq(s, SPAN_LIT(", indented")))
		return true;
	if (!take(&s, sizes) || !take_width(&s, &h->width))
		return false;
	if (take(&s, all_with)) {
		h->all = s;
		return s.n > 0;
	}
	return s.n == 0;
}

/* ", those with a colon without /src/" behind the words for either kind. */
static bool
read_without(struct span s, struct list_head *h)
{
	h->kind = LIST_CONTEXT;
	if (!take(&s, kinds[LIST_CONTEXT].says)) {
		h->kind = LIST_GREP;
		if (!take(&s, kinds[LIST_GREP].says))
			return false;
	}
	if (!take(&s, without) || !list_is_path(s))
		return false;
	h->all = s;
	return true;
}

bool
list_head_read(struct span line, struct list_head *h)
{
	size_t n = list_digits(line);
	struct span s;
	unsigned k;

	*h = (struct list_head){ .kind = LIST_NONE };
	if (num_u64(span_of(line.p, n), 1, UINT32_MAX, &h->n) < 0 ||
	    line.p[line.n - 1] != ':' || line.p[0] == '0')
		return false;
	line = span_skip(line, n);
	line.n--;
	s = line;
	for (k = LIST_GREP; k < LIST_KINDS; k++)
		if (span_eq(line, span_z(kinds[k].says))) {
			h->kind = (enum list_kind)k;
			return h->kind != LIST_TREE && h->kind != LIST_SIZED;
		}
	if (read_without(s, h))
		return true;
	h->kind = LIST_NONE;
	return take(&s, kinds[LIST_TREE].says) && read_tree(s, h);
}
