/*
 * list_impl.h - inside of list*.c
 *
 * A text is read into items, a line each.  Readers say which form a text has;
 * list_write.c prints the items, those that are left out as gaps; the inverse
 * is in list_back*.c and knows nothing but what was printed.
 */
#ifndef HR_LIST_IMPL_H
#define HR_LIST_IMPL_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "list.h"

#define LIST_PATH_MAX	4096	/* bytes; what is longer is no path */
#define LIST_HERE	".:"	/* the heading of what is in no folder */
#define LIST_DEPTH_MAX	64	/* folders in folders of a drawn tree */

/* The columns of a line of ls -l. */
struct list_ls {
	struct span	mode, links, owner, group, date;
	struct span	size, name;
};

#define LIST_LS_ATTRS	5	/* mode to date, in their order */

/* The lines of a text, without their newlines. */
struct list_lines {
	struct span	rest;
};

bool	list_line(struct list_lines *l, struct span *line);

/* A new item, zeroed, or NULL with l->err set. */
struct list_item *list_add(struct list *l, enum list_what what,
	    struct span line);

/*
 * Whether p can be a path that stands in a line without quotes: no blank and
 * nothing that CSV, prose or markup have, and at least one letter.
 */
bool	list_is_path(struct span p);

/* Whether a path looks like one also when alone: a folder or an extension. */
bool	list_is_strong(struct span p);

/* The part up to the last slash, with it; empty if there is none. */
struct span list_folder(struct span path);

/* Decimal digits at the beginning of s. */
size_t	list_digits(struct span s);

/* A size as du and tree print it, "4.0K" or "713"; its length, or 0. */
size_t	list_size(struct span s);

bool	list_ls_parse(struct span line, struct list_ls *ls);
/* A line below one with these attributes, which become its own. */
void	list_ls_write(struct buf *out, struct list_ls *above,
	    struct span line);
/* The date that s begins with, "2026-11-21 17:49", "Nov 21  2025"; or 0. */
size_t	list_ls_date(struct span s);
/* Whether s begins with a mode as in "-rw-r--r--". */
bool	list_ls_mode(struct span s);

/* Readers: whether the text has the form; then the items are made. */
bool	list_read_ls(struct list *l);
bool	list_read_lsr(struct list *l);
bool	list_read_tree(struct list *l);
bool	list_read_grep(struct list *l);
bool	list_read_heading(struct list *l);
bool	list_read_plain(struct list *l);
bool	list_read_paths(struct list *l);

/* What a drawn line begins with, for each style of drawing. */
struct list_style {
	const char	*word;	/* how the first line calls it */
	const char	*bar, *none, *tee, *end;
};

extern const struct list_style list_style[];

#define LIST_STYLES	3

/* What the first line of a short form says. */
struct list_head {
	enum list_kind	kind;
	uint64_t	n;
	unsigned	width;
	unsigned	style;
	struct span	all;
};

void	list_head_write(struct buf *out, const struct list_head *h);
bool	list_head_read(struct span line, struct list_head *h);

/* The way back: what follows the first line; false if it is not ours. */
bool	list_back_grep(const struct list_head *h, struct span in,
	    struct buf *out);
bool	list_back_folders(const struct list_head *h, struct span in,
	    struct buf *out);
bool	list_back_tree(const struct list_head *h, struct span in,
	    struct buf *out);
bool	list_back_ls(const struct list_head *h, struct span in,
	    struct buf *out);
bool	list_back_lsr(const struct list_head *h, struct span in,
	    struct buf *out);

/* "folder/: rest" of in: the folder with its slash, and the rest. */
bool	list_group_line(struct span line, struct span *folder,
	    struct span *rest);

/* The next word of s, which is shortened by it; false at the end. */
bool	list_word(struct span *s, struct span *word);

#endif
