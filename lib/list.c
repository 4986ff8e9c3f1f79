/*
 * list - search results and listings: what their readers share
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#include "ascii.h"
#include "list_impl.h"
#include "mem.h"
#include "num.h"

#define ITEMS_MAX	((size_t)1 << 20)
#define SIZE_LEN_MAX	20

bool
list_line(struct list_lines *l, struct span *line)
{
	const char *nl;

	if (l->rest.n == 0)
		return false;
	nl = memchr(l->rest.p, '\n', l->rest.n);
	line->p = l->rest.p;
	line->n = nl != NULL ? (size_t)(nl - l->rest.p) : l->rest.n;
	l->rest = span_skip(l->rest, line->n + (nl != NULL));
	return true;
}

struct list_item *
list_add(struct list *l, enum list_what what, struct span line)
{
	struct list_item *it;
	void *p;

	if (l->err != 0)
		return NULL;
	p = l->item;
	if (l->n == l->cap)
		p = mem_grow(l->item, &l->cap, l->n + 1, sizeof(*it),
		    ITEMS_MAX);
	if (p == NULL) {
		l->err = l->n >= ITEMS_MAX ? EMSGSIZE : ENOMEM;
		return NULL;
	}
	l->item = p;
	it = &l->item[l->n++];
	*it = (struct list_item){ .line = line, .what = what };
	l->entries += what == LIST_ENTRY;
	return it;
}

bool
list_is_path(struct span p)
{
	static const char no[] = "\"'`<>|;,*?:=";
	bool letter = false;
	size_t i;

	if (p.n == 0 || p.n > LIST_PATH_MAX)
		return false;
	for (i = 0; i < p.n; i++) {
		if ((unsigned char)p.p[i] <= ' ' || p.p[i] == 0x7f ||
		    memchr(no, p.p[i], sizeof(no) - 1) != NULL)
			return false;
		letter = letter || is_letter8(p.p[i]);
	}
	return letter;
}

bool
list_is_strong(struct span p)
{
	size_t i;

	if (memchr(p.p, '/', p.n) != NULL)
		return true;
	for (i = p.n; i > 1 && p.p[i - 1] != '.'; i--)
		;
	return i > 1 && i < p.n && p.n - i <= 8 && is_letter8(p.p[i]);
}

struct span
list_folder(struct span path)
{
	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	return path;
}

size_t
list_digits(struct span s)
{
	size_t i;

	for (i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		;
	return i;
}

size_t
list_size(struct span s)
{
	size_t i = list_digits(s), k;

	if (i == 0)
		return 0;
	if (i + 1 < s.n && s.p[i] == '.') {
		k = list_digits(span_skip(s, i + 1));
		if (k == 0)
			return 0;
		i += 1 + k;
	}
	if (i < s.n && memchr("KMGTPEk", s.p[i], 7) != NULL)
		i++;
	return i <= SIZE_LEN_MAX ? i : 0;
}

bool
list_group_line(struct span line, struct span *folder, struct span *rest)
{
	size_t i;

	for (i = 0; i < line.n && line.p[i] != ' ' && line.p[i] != ':'; i++)
		;
	if (i == 0 || i >= line.n || line.p[i] != ':' ||
	    line.p[i - 1] != '/' || (i + 1 < line.n && line.p[i + 1] != ' '))
		return false;
	*folder = span_of(line.p, i);
	*rest = span_skip(line, i + 1 < line.n ? i + 2 : i + 1);
	return true;
}

bool
list_word(struct span *s, struct span *word)
{
	size_t i;

	if (s->n == 0)
		return false;
	for (i = 0; i < s->n && s->p[i] != ' '; i++)
		;
	*word = span_of(s->p, i);
	*s = span_skip(*s, i < s->n ? i + 1 : i);
	return true;
}

static void
forget(struct list *l)
{
	l->kind = LIST_NONE;
	l->n = 0;
	l->entries = 0;
	l->width = l->style = 0;
	l->context = false;
	l->all = span_of(NULL, 0);
	arena_reset(&l->arena);
}

/* Each reader refuses what the next may take, strictest first. */
bool
list_read(struct list *l, struct span text)
{
	static bool (*const readers[])(struct list *) = {
		list_read_ls, list_read_tree, list_read_grep,
		list_read_heading, list_read_lsr, list_read_paths,
		list_read_plain,
	};
	size_t i;

	l->text = text;
	l->err = 0;
	for (i = 0; i < HR_LEN(readers); i++) {
		forget(l);
		if (readers[i](l) && l->err == 0)
			return true;
		if (l->err != 0)
			break;
	}
	forget(l);
	return false;
}

bool
list_plainer(struct list *l)
{
	struct list_item *it;

	if (l->kind == LIST_CONTEXT)
		l->kind = LIST_GREP;
	else if (l->kind == LIST_DIRS)
		l->kind = LIST_PATHS;
	else
		return false;
	for (it = l->item; it < l->item + l->n; it++) {
		it->implied = false;
		if (it->what == LIST_BREAK)
			it->what = LIST_RAW;
	}
	return true;
}

void
list_release(struct list *l)
{
	free(l->item);
	arena_release(&l->arena);
	*l = (struct list)LIST_INIT;
}

const char *
list_unit(enum list_kind kind)
{
	return kind <= LIST_HEADING ? "line" : "path";
}
