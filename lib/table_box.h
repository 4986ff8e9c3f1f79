/*
 * table_box.h - tables that are drawn, with lines between the cells
 *
 *	+----+------+	 id | name	| id | name |
 *	| id | name |	----+------	|---:|------|
 *	+----+------+	  1 | Ann	|  1 | Ann  |
 *	|  1 | Ann  |	(1 row)
 *	+----+------+
 *
 * How wide columns are is told only where it is not as wide as the widest
 * cell; on which side cells stand only where it is not as mostly, by numbers
 * of columns, counted from 1.
 */
#ifndef HR_TABLE_BOX_H
#define HR_TABLE_BOX_H

#include "compat.h"

#include "table.h"

struct rule {
	const char	*left, *fill, *cross, *right;
};

struct bars {
	const char	*left, *mid, *right;
};

enum side {
	SIDE_LEFT, SIDE_RIGHT,
	SIDE_CENTRE,	/* a blank too many stands on the right */
	SIDE_EVEN,	/* or where the PrettyTable of Python puts it */
	SIDES
};

/* A box with its cells, before they are trimmed or after they were loaded. */
struct box {
	struct table	 t;
	size_t		 width[TABLE_COLUMNS_MAX];
	uint8_t		 side[TABLE_COLUMNS_MAX];	/* of cells */
	uint8_t		 colons[TABLE_COLUMNS_MAX];	/* Markdown: side + 1 */
	enum side	 base;		/* where nothing else is told */
	bool		 numbers_right;	/* but for numbers */
	bool		 psql;		/* which they always are */
	enum side	 head;		/* of names, */
	bool		 head_as_cells;	/* or this */
	bool		 wide;		/* widths as on a terminal */
	bool		 cut;		/* the last column has no blanks */
};

/*
 * Take a row apart: the cells, without the one blank at each side, are put
 * into cell[ncol].  cut: the last one may be short.
 */
bool	 box_row(const struct box *b, const struct bars *bars,
	    struct span line, bool cut, struct span *cell);

/* Trim the cells and find out on which sides they stand; type them. */
void	 box_settle(struct box *b);

/* Say the sides and widths in how. */
void	 box_say(const struct box *b, struct buf *how);

/* Set both from how, after the table was loaded. */
void	 box_told(struct box *b, struct span how);

/* Append lines without their ends. */
void	 box_put_row(const struct box *b, const struct bars *bars, size_t i,
	    struct buf *out);
void	 box_put_header(const struct box *b, const struct bars *bars,
	    struct buf *out);

/* Append n times what. */
void	 box_fill(const char *what, size_t n, struct buf *out);

#endif
