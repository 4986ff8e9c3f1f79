/*
 * list_grep - what grep and ripgrep print, and back
 *
 * path:12:text, around it path-11-text, -- between what is apart; or
 * path:text; or a path and below it 12:text.  A path with a minus and digits
 * in it is told from a line of context by the match nearby, whose colon ends
 * the path.
 *
 * Some agents take their own folder, the root, off the beginning of lines that
 * have a colon, which matches have and most lines of context have not.  Then
 * the whole path is the heading of all, and the first line says what those with
 * a colon are without.
 */
#include "compat.h"

#include <errno.h>
#include <string.h>

#include "list_impl.h"
#include "num.h"

#define ENTRIES_MIN	4
#define AHEAD_MAX	64	/* lines of context before a match */

/* Counts of what was seen, to judge the whole by. */
struct seen {
	uint64_t	strong;	/* entries whose path is one also alone */
	uint64_t	back;	/* line numbers that go down in a file */
	uint64_t	raw;
	uint64_t	told;	/* entries that read like a compiler's */
	uint64_t	last;	/* line number */
};

/* "12:" or "12-" at the beginning: the length of the digits, or 0. */
static size_t
numbered(struct span s, char sep)
{
	size_t n = list_digits(s);

	return n > 0 && n <= 9 && n < s.n && s.p[n] == sep ? n : 0;
}

/* "path:12:text": the path. */
static bool
match_path(struct span line, struct span *path)
{
	const char *colon = memchr(line.p, ':', line.n);

	if (colon == NULL)
		return false;
	*path = span_of(line.p, (size_t)(colon - line.p));
	return numbered(span_skip(line, path->n + 1), ':') > 0 &&
	    list_is_path(*path);
}

/* Whether line belongs to path, as a match or as context. */
static bool
belongs(struct span line, struct span path, char sep)
{
	return line.n > path.n && span_starts(line, path) &&
	    line.p[path.n] == sep &&
	    numbered(span_skip(line, path.n + 1), sep) > 0;
}

/* The path of a line of context: that of a match which follows soon. */
static bool
context_path(struct span line, struct list_lines after, struct span *path)
{
	struct span next;
	unsigned i;

	for (i = 0; i < AHEAD_MAX && list_line(&after, &next); i++) {
		if (span_eq(next, SPAN_LIT("--")))
			return false;
		if (match_path(next, path) && belongs(line, *path, '-'))
			return true;
	}
	return false;
}

/* Whether a path has "-12-" in it, and so may be context with a colon. */
static bool
is_doubtful(struct span path)
{
	const char *p = path.p, *end = path.p + path.n;

	while ((p = memchr(p, '-', (size_t)(end - p))) != NULL) {
		p++;
		if (numbered(span_of(p, (size_t)(end - p)), '-') > 0)
			return true;
	}
	return false;
}

/* What stands before path in a line of its context: "/src/", or nothing. */
static struct span
root_before(struct span line, struct span path)
{
	const char *p = line.p, *end = line.p + line.n;

	while ((p = memmem(p, (size_t)(end - p), path.p, path.n)) != NULL) {
		struct span root = span_of(line.p, (size_t)(p - line.p));

		if (root.n > 0 && p[-1] == '/' && list_is_path(root) &&
		    belongs(span_skip(line, root.n), path, '-'))
			return root;
		p++;
	}
	return span_of(NULL, 0);
}

/* The root, by the path of the first match and lines around it. */
static struct span
find_root(struct span text)
{
	struct list_lines lines = { text };
	struct span line, path, root = SPAN_LIT("");
	bool found = false;
	unsigned i;

	for (i = 0; i < AHEAD_MAX && !found && list_line(&lines, &line); i++)
		found = match_path(line, &path);
	lines.rest = text;
	for (i = 0; i < 2 * AHEAD_MAX && found && root.n == 0 &&
	    list_line(&lines, &line); i++)
		root = root_before(line, path);
	return root;
}

static bool
find_path(struct span line, struct list_lines after, struct span cur,
    struct span *path)
{
	struct span other;

	if (cur.n > 0 && (belongs(line, cur, ':') || belongs(line, cur, '-'))) {
		*path = cur;
		return true;
	}
	if (!match_path(line, path))
		return context_path(line, after, path);
	if (is_doubtful(*path) && context_path(line, after, &other))
		*path = other;
	return true;
}

/*
 * "12:5: E501 line too long", "12: error: ...": compilers and linters put one
 * blank and a word behind the numbers.  Of what is found in files some lines
 * do, never most.
 */
static bool
is_told(struct span text)
{
	size_t n = numbered(text, ':');

	if (n == 0)
		return false;
	text = span_skip(text, n + 1);
	n = numbered(text, ':');
	if (n > 0)
		text = span_skip(text, n + 1);
	return text.n > 1 && text.p[0] == ' ' && text.p[1] != ' ' &&
	    text.p[1] != '*' && text.p[1] != '\t';
}

/* The path with the root before it, as the last entry has it if it can. */
static struct span
whole(struct list *l, struct span path)
{
	struct span root = l->all, last;
	char *p;

	if (root.n == 0)
		return path;
	if (l->n >= 2) {
		last = l->item[l->n - 2].group;
		if (last.n == root.n + path.n &&
		    span_eq(span_skip(last, root.n), path))
			return last;
	}
	p = arena_alloc(&l->arena, root.n + path.n);
	if (p == NULL) {
		l->err = ENOMEM;
		return path;
	}
	memcpy(p, root.p, root.n);
	memcpy(p + root.n, path.p, path.n);
	return span_of(p, root.n + path.n);
}

/* rest is the line from its path on. */
static void
add_entry(struct list *l, struct span line, struct span rest,
    struct span path, struct seen *s)
{
	struct list_item *it = list_add(l, LIST_ENTRY, line);
	bool same = l->n >= 2 && span_eq(l->item[l->n - 2].group, path);
	uint64_t num = 0;
	struct span text = span_skip(rest, path.n + 1);

	if (it == NULL)
		return;
	it->group = whole(l, path);
	same = same || (l->all.n > 0 && l->n >= 2 &&
	    it->group.p == l->item[l->n - 2].group.p);
	it->text = text;
	if (num_u64(span_of(text.p, list_digits(text)), 0, UINT32_MAX,
	    &num) < 0)
		num = 0;
	s->back += same && num < s->last;
	s->last = num;
	s->strong += list_is_strong(path);
	s->told += is_told(text);
	l->context = l->context || rest.p[path.n] == '-';
}

bool
list_read_grep(struct list *l)
{
	struct list_lines lines = { l->text };
	struct span line, rest, path, cur = SPAN_LIT("");
	struct seen s = { 0 };
	uint64_t breaks = 0;

	l->all = find_root(l->text);
	while (list_line(&lines, &line) && l->err == 0) {
		rest = l->all.n > 0 && span_starts(line, l->all) ?
		    span_skip(line, l->all.n) : line;
		if (span_eq(line, SPAN_LIT("--"))) {
			list_add(l, LIST_BREAK, line);
			breaks++;
		} else if (find_path(rest, lines, cur, &path)) {
			add_entry(l, line, rest, path, &s);
			cur = path;
		} else {
			list_add(l, LIST_RAW, line);
			/* Not worth reading on. */
			if (++s.raw > 64 + l->entries / 8)
				return false;
		}
	}
	l->kind = breaks > 0 ? LIST_CONTEXT : LIST_GREP;
	return l->entries >= ENTRIES_MIN && s.raw <= 1 + l->entries / 10 &&
	    s.strong >= l->entries - l->entries / 4 &&
	    s.back <= l->entries / 50 && s.told <= l->entries / 2;
}

/*
 * path:text: only with folder and extension, for "key: value" and the like
 * are everywhere; and neither a number nor a colon behind it, as compilers
 * and tests have.
 */
static bool
plain_path(struct span line, struct span *path)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct span name;

	if (colon == NULL || colon + 1 == line.p + line.n)
		return false;
	*path = span_of(line.p, (size_t)(colon - line.p));
	name = span_skip(*path, list_folder(*path).n);
	return name.n < path->n && name.n > 0 && list_is_path(*path) &&
	    list_is_strong(name) && colon[1] != ':' &&
	    list_digits(span_skip(line, path->n + 1)) == 0;
}

bool
list_read_plain(struct list *l)
{
	struct list_lines lines = { l->text };
	struct span line, path;
	struct list_item *it;
	uint64_t raw = 0;

	while (list_line(&lines, &line) && l->err == 0) {
		if (!plain_path(line, &path)) {
			list_add(l, LIST_RAW, line);
			if (++raw > 8 + l->entries / 20)
				return false;
			continue;
		}
		it = list_add(l, LIST_ENTRY, line);
		if (it == NULL)
			break;
		it->group = path;
		it->text = span_skip(line, path.n + 1);
	}
	l->kind = LIST_PLAIN;
	return l->entries >= ENTRIES_MIN && raw <= 1 + l->entries / 20;
}

/* A line below its path; *last is the number of the one above it. */
static bool
add_found(struct list *l, struct span line, struct span path, uint64_t *last)
{
	struct list_item *it;

	if (!numbered(line, ':') && !numbered(line, '-'))
		return false;
	if (num_u64(span_of(line.p, list_digits(line)), *last, UINT32_MAX,
	    last) < 0)
		return false;
	it = list_add(l, LIST_ENTRY, line);
	if (it == NULL)
		return false;
	it->group = path;
	it->text = line;
	return true;
}

/* A path above numbered lines, an empty line after them. */
bool
list_read_heading(struct list *l)
{
	struct list_lines lines = { l->text };
	struct span line, path = SPAN_LIT("");
	uint64_t files = 0, last = 0;
	bool above = true;

	while (list_line(&lines, &line) && l->err == 0) {
		if (above) {
			if (!list_is_path(line))
				return false;
			path = line;
			files++;
			last = 0;
			above = false;
			list_add(l, LIST_RAW, line);
		} else if (line.n == 0) {
			above = true;
			list_add(l, LIST_RAW, line);
		} else if (span_eq(line, SPAN_LIT("--")))
			list_add(l, LIST_BREAK, line);
		else if (!add_found(l, line, path, &last))
			return false;
	}
	l->kind = LIST_HEADING;
	return l->entries >= ENTRIES_MIN && files <= l->entries;
}

/* Where the way back is. */
struct back {
	struct buf	*out;
	struct span	 path;
	struct span	 root;		/* that lines with a colon lack */
	bool		 context;
	bool		 above;		/* a heading comes next */
	bool		 waiting;	/* a heading without lines so far */
	bool		 entry;		/* the last thing printed was one */
	uint64_t	 n;
};

/* A heading below which nothing stood was a line of its own. */
static void
settle(struct back *b)
{
	if (!b->waiting)
		return;
	buf_addspan(b->out, b->path);
	buf_addc(b->out, '\n');
	b->waiting = b->entry = false;
}

static void
put_entry(struct back *b, char sep, struct span text)
{
	bool colon = sep == ':' || memchr(text.p, ':', text.n) != NULL;

	if (b->waiting && b->context && b->entry)
		buf_adds(b->out, "--\n");
	b->waiting = false;
	b->entry = true;
	b->n++;
	buf_addspan(b->out, colon && span_starts(b->path, b->root) ?
	    span_skip(b->path, b->root.n) : b->path);
	buf_addc(b->out, sep);
	buf_addspan(b->out, text);
	buf_addc(b->out, '\n');
}

bool
list_back_grep(const struct list_head *h, struct span in, struct buf *out)
{
	struct back b = { .out = out, .above = true, .root = h->all,
	    .context = h->kind == LIST_CONTEXT };
	struct list_lines lines = { in };
	struct span line;

	while (list_line(&lines, &line)) {
		if (b.above) {
			settle(&b);
			b.path = line;
			b.waiting = true;
			b.above = false;
		} else if (line.n == 0)
			b.above = true;
		else if (h->kind == LIST_PLAIN) {
			if (line.p[0] != ' ')
				return false;
			put_entry(&b, ':', span_skip(line, 1));
		} else if (numbered(line, ':'))
			put_entry(&b, ':', line);
		else if (numbered(line, '-'))
			put_entry(&b, '-', line);
		else if (!b.waiting && span_eq(line, SPAN_LIT("--")))
			buf_adds(out, "--\n");
		else
			return false;
	}
	settle(&b);
	return b.n == h->n;
}
