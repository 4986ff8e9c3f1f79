/*
 * source_part.h - parts of source code that nobody edits
 *
 *	struct source s;
 *	struct source_part p;
 *
 *	source_open(&s, text, top);
 *	while (source_next(&s, &p))
 *		... text.p[p.start] to text.p[p.end] ...
 *	if (source_err(&s))
 *		... no memory: there may be more
 *	source_close(&s);
 *
 * A licence: those paragraphs of the comment at the beginning of a file that
 * hold the words of a known one, from these on; not its other paragraphs, and
 * only in a text that begins with its file's first line.
 * Encoded data: base64 or hexadecimal digits, at least a kilobyte without a
 * gap, in lines of one length or inside a line.  Whatever looks otherwise,
 * lists of numbers or names too, is none.
 *
 * Parts come in order and do not overlap.  Takes linear time.
 */
#ifndef HR_SOURCE_PART_H
#define HR_SOURCE_PART_H

#include "compat.h"

#include "buf.h"
#include "span.h"

enum source_kind {
	SOURCE_LICENCE,
	SOURCE_ENCODED
};

struct source_part {
	enum source_kind kind;
	size_t		 start, end;
	uint64_t	 line;		/* number of the first line */
	uint64_t	 lines;		/* whole ones; 0: it is inside a line */
};

/* A line: s is without its number and the end of the line. */
struct source_line {
	struct span	 s;
	size_t		 start, end;	/* with these, in the text */
	uint64_t	 number;
};

#define SOURCE_HEAD	8	/* licences of one file */

struct source {
	struct span	 text;
	bool		 numbers;	/* printed before each line */
	uint64_t	 first;		/* number of the first line */
	uint64_t	 lines;		/* that the text has */
	/* not for users */
	struct buf	 words;		/* of a paragraph */
	size_t		 at;		/* of the next line */
	uint64_t	 number;	/* of it */
	struct source_line long_line;	/* that is looked into, from ... */
	size_t		 inside;	/* ... this byte on; 0: from none */
	const struct comment_style *style;	/* of the first comment */
	struct source_part head[SOURCE_HEAD];	/* what was found in it */
	size_t		 nhead, next;
};

/* top: the text begins with its file's first line, if it has no numbers. */
void	 source_open(struct source *s, struct span text, bool top);
bool	 source_next(struct source *s, struct source_part *p);
int	 source_err(const struct source *s);
void	 source_close(struct source *s);

/* For the parts of the module: the next line, if there is one, is passed. */
bool	 source_line(struct source *s, struct source_line *l);

/* Fill head with the licences of the first comment. */
void	 source_licences(struct source *s);

#endif
