/*
 * text.h - the texts that benches make
 *
 * Each appends a JSON text of at least `size` bytes, the same each time.
 */
#ifndef HR_TEXT_H
#define HR_TEXT_H

#include "buf.h"

void	 text_records(struct buf *b, size_t size);	/* as APIs list them */
void	 text_lines(struct buf *b, size_t size);	/* these one a line */
void	 text_pods(struct buf *b, size_t size);		/* nested objects */
void	 text_chat(struct buf *b, size_t size);		/* code in strings */
void	 text_wide(struct buf *b, size_t size);		/* beyond ASCII */
void	 text_numbered(struct buf *b, size_t size);	/* the same as \u */

/* A compact JSON text with line breaks and blanks; s is not in b. */
void	 text_indent(struct buf *b, struct span s);

#endif
