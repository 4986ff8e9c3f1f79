/*
 * table.h - what the forms of tables have in common (form.h)
 *
 * A table in memory is names of columns and cells row by row.  A reader adds
 * cells of a text and makes JSON of them; a writer loads them from JSON:
 *
 *	struct table t = TABLE_INIT;
 *
 *	table_add(&t, cell);			// ncol cells a row
 *	table_type(&t);				// what each cell is
 *	table_json(&t, json);
 *	table_say_columns(&t, how);		// where JSON does not tell
 *	table_release(&t);
 *
 * A record lacks the members whose cells are empty, so the order of columns
 * is put together from all records.  Where that gives another order than the
 * header had, or misses a column, `how' names them all.
 *
 * `how' is the name of the form and words, "csv with semicolons, CRLF": no
 * word holds a comma and a blank, so that they can be told apart.
 */
#ifndef HR_TABLE_H
#define HR_TABLE_H

#include "compat.h"

#include "arena.h"
#include "buf.h"
#include "form.h"
#include "json.h"
#include "span.h"

#define TABLE_COLUMNS_MAX	256

enum table_kind {
	TABLE_EMPTY,	/* no member */
	TABLE_LITERAL,	/* spelt as a JSON number, true, false or null */
	TABLE_STRING
};

struct table_cell {
	struct span	 s;	/* without quotes, nothing escaped */
	uint8_t		 kind;	/* enum table_kind */
	bool		 quoted;
};

struct table {
	struct arena		 mem;	/* for cells that are no input */
	struct table_cell	*cell;
	size_t			 ncell, cap;
	size_t			 ncol, nrow;
	struct span		 name[TABLE_COLUMNS_MAX];
};

#define TABLE_INIT	{ .mem = ARENA_INIT }

void	 table_release(struct table *t);

/* Append a cell, of kind TABLE_EMPTY.  False: no memory. */
bool	 table_add(struct table *t, struct span s);

/* Append a name.  False if there are too many. */
bool	 table_add_name(struct table *t, struct span s);

/*
 * Whether the names are those of columns: all different, and none is empty
 * but for the first, which is where an index without a name stands.
 */
bool	 table_names_good(const struct table *t);

/* Give each cell its kind by how it is spelt, and count rows by ncol. */
void	 table_type(struct table *t);

/* The kind of a cell or scalar that is spelt so; and whether a number is. */
enum table_kind table_kind(struct span s);
bool	 table_number(struct span s);

/* Append the JSON text. */
void	 table_json(const struct table *t, struct buf *json);

/* Say the columns in how if table_load would not find them by itself. */
void	 table_say_columns(const struct table *t, struct buf *how);

/*
 * The table that has these values, an array of flat records, or false.
 * Strings that would be read as something else are marked as quoted.
 */
bool	 table_load(struct table *t, const struct json_doc *d,
	    struct span how);

/* Whether no cell would be read as something else if it is not quoted. */
bool	 table_plain(const struct table *t);

/* Append a word to how, behind " with " or a comma. */
void	 table_say(struct buf *how, const char *word);

/*
 * Whether how has a word that is `word', or begins with it and a blank;
 * then *rest is what comes behind the blank.  rest may be NULL.
 */
bool	 table_said(struct span how, const char *word, struct span *rest);

/* "5 7 12": the next number and what comes behind it.  False: no more. */
bool	 table_next_number(struct span *list, size_t *n);

/* Whether s begins with what, which then is taken away from it. */
bool	 table_takes(struct span *s, const char *what);

/*
 * The lines of a text that all end alike.  bad is set when one does not, or
 * holds a control byte; what is read then is of no worth.
 */
struct table_lines {
	struct span	 rest;
	bool		 crlf;		/* as the first line ends */
	bool		 final;		/* the last line read had an end */
	bool		 tabs;		/* tabs are no control bytes */
	bool		 bad;
};

void	 table_lines_begin(struct table_lines *l, struct span text);
bool	 table_line(struct table_lines *l, struct span *line);

/* Say how lines end, after the last one was read; and what ends a line so. */
void	 table_say_lines(const struct table_lines *l, struct buf *how);
struct span table_line_end(struct span how);

/* Take the last line's end away again where how says so. */
void	 table_end_text(struct span how, struct buf *out);

/*
 * The columns that a text takes on a terminal, roughly: two for wide
 * characters of East Asia and emoji, none for combining marks; or, if wide is
 * false, its characters.
 */
size_t	 table_width(struct span s, bool wide);

/*
 * The bytes at the start of s that are n columns wide; false if there are
 * none.
 */
bool	 table_cut(struct span s, size_t n, bool wide, size_t *bytes);

/* The forms. */
extern const struct form table_csv, table_tsv;
extern const struct form table_psql, table_ascii, table_box, table_markdown;
extern const struct form table_aws, table_columns, table_stanzas;
extern const struct form table_psql_records, table_mysql_records;
extern const struct form table_sqlite_records;

#endif
