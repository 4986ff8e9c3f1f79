/*
 * list.h - search results and listings, in their short form and back
 *
 *	struct list l = LIST_INIT;
 *
 *	if (list_read(&l, text))
 *		list_write(&l, &out);
 *	list_release(&l);
 *
 * Read are: what grep and ripgrep print, with and without line numbers,
 * context and headings; lists of paths, alone or with the sizes that du
 * prints; drawn trees; ls -l and ls -R.  Whatever is not clearly one of these
 * is refused.
 *
 * The short form begins with a line that says what it is, "98 lines by file:",
 * and is what people know: as rg --heading prints, "src/: a.c b.c" for the
 * paths in a folder, an indented tree.  list_expand() turns it back into the
 * text, byte for byte; what cannot be turned back so is for the caller to
 * find out, by trying.  Paths are cut at slashes only; no name is altered.
 *
 * Items can be left out: set `left` of entries (and of breaks between them)
 * before list_write, which puts gaps in their place.
 */
#ifndef HR_LIST_H
#define HR_LIST_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "span.h"
#include "squash.h"

enum list_kind {
	LIST_NONE,
	LIST_GREP,	/* path:12:text */
	LIST_CONTEXT,	/* the same, path-11-text, -- between */
	LIST_PLAIN,	/* path:text */
	LIST_HEADING,	/* path, 12:text, empty line; has no shorter form */
	LIST_PATHS,
	LIST_DIRS,	/* paths, each folder before what is in it */
	LIST_DU,	/* size, tab, path */
	LIST_TREE,
	LIST_SIZED,	/* a tree with sizes */
	LIST_LS,	/* ls -l, ls -lR */
	LIST_LSR,	/* ls -R */
	LIST_KINDS
};

enum list_what { LIST_RAW, LIST_ENTRY, LIST_BREAK };

struct list_item {
	struct span	line;	/* whole, without newline */
	struct span	group;	/* of an entry: file, or folder with slash */
	struct span	meta;	/* size before the path */
	struct span	text;	/* of an entry: what stands in its group */
	enum list_what	what;
	bool		implied;	/* a folder that its heading names */
	bool		left;		/* to be left out */
};

struct list {
	struct span		 text;
	enum list_kind		 kind;
	struct list_item	*item;
	size_t			 n, cap;
	uint64_t		 entries;
	unsigned		 width;	/* of the right-aligned column */
	unsigned		 style;	/* of drawing */
	struct span		 all;	/* of sizes or paths, see list_head.c */
	bool			 context; /* some lines are */
	struct arena		 arena;
	int			 err;	/* 0, ENOMEM or EMSGSIZE */
};

#define LIST_INIT	{ .item = NULL, .arena = ARENA_INIT }

/* Whether text is a list; not if l->err is set. */
bool	list_read(struct list *l, struct span text) HR_MUST_USE;
void	list_release(struct list *l);

/* What an entry is called in marks: "line" or "path". */
const char *list_unit(enum list_kind kind);

/* The kind in words, for a person. */
const char *list_kind_name(enum list_kind kind);

/*
 * Where the short form does not turn back: read the list as one of a plainer
 * kind, whose short form leaves less to be known.  False if there is none.
 */
bool	list_plainer(struct list *l);

/* Append the short form, with gaps for what is left out. */
void	list_write(const struct list *l, struct buf *out);

/* Whether text begins as a short form does, with gaps or without. */
bool	list_is_short(struct span text);

/*
 * Append what a short form stands for to out.  On any other result than
 * EXPAND_OK the content of out is undefined.
 */
enum squash_expanded list_expand(struct span in, struct buf *out)
	    HR_MUST_USE;

/*
 * Choose what is left out: of the entries of a file or folder the first
 * `head` (twice as many where they are names in one line), the last `tail`,
 * those that hold a rare word of the query and those that report an error
 * stay.  Where there are breaks it is what stands between them that is
 * counted, so that matches keep their context.  Where errors are what was
 * searched for they tell nothing, and do not count.  A gap has at least so
 * many lines, or names.  The number left out.
 */
struct list_pick_opt {
	unsigned	head, tail;
	unsigned	lines, names;
	struct span	query;
};

uint64_t list_pick(struct list *l, const struct list_pick_opt *opt);

#endif
