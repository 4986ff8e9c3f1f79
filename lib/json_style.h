/*
 * json_style.h - the ways in which programs write JSON
 *
 * Tools often return JSON within a string of JSON.  If it is written in one
 * of the usual styles, it can be said in another form and a few words that
 * give all its bytes back:
 *
 *	{"a": [1, 2]}\n		json spaced line end
 *
 *	struct json_style st;
 *
 *	if (json_style_find(text, &st)) {
 *		json_style_words(&st, &how);
 *		...
 *	}
 *	if (json_style_parse(words, &st))
 *		json_style_write(&d, &st, &out);	// these bytes again
 *
 * Known are: no white space (JSON.stringify, jq -c, PHP, Go), a blank after
 * commas and colons (Python), an element a line, indented by 1 to 8 blanks or
 * a tab a level, with empty containers on one line; strings escaped as little
 * as can be, or all but ASCII as \uXXXX (Python, PHP, Jackson), '/' as '\/'
 * (PHP), <, > and & as \uXXXX (Go), or the two line separators of Unicode so
 * (Go, PHP).
 * The order of members, repeated ones too, and the spelling of numbers are
 * those of the document.
 *
 * Nothing recurses, all takes linear time.
 */
#ifndef HR_JSON_STYLE_H
#define HR_JSON_STYLE_H

#include "compat.h"

#include "buf.h"
#include "json.h"
#include "span.h"

enum json_gaps {
	JSON_COMPACT,
	JSON_SPACED,	/* ", " and ": " */
	JSON_INDENTED
};

#define JSON_INDENT_MAX	8

struct json_style {
	enum json_gaps	 gaps;
	unsigned	 indent;	/* blanks a level; 0: a tab */
	bool		 ascii;		/* \uXXXX from 7F on */
	bool		 upper;		/* hex digits are A-F */
	bool		 html;		/* \uXXXX for < > & */
	bool		 separators;	/* for U+2028 and U+2029 */
	bool		 slash;		/* \/ */
	bool		 newline;	/* a line end behind it all */
};

/* A container of a document that is a string there: its text, in a style. */
struct json_embed {
	uint32_t		t;	/* its token */
	struct json_style	style;
};

/* Compact, escaped as json_encode() does, no line end: what is canonical. */
#define JSON_STYLE_INIT	{ .gaps = JSON_COMPACT }

/*
 * Whether the text is one object or array in one of these styles: true only
 * if json_style_write() of its document gives exactly these bytes.  Of styles
 * that are the same for a text the one with the fewest words is said.
 */
bool	json_style_find(struct span text, struct json_style *st);

/*
 * Add to st what the document shows of its style: for texts of which one
 * style is expected, beginning with JSON_STYLE_INIT.  Whether it is that is
 * only known by writing them.  The line end is not looked at.
 */
void	json_style_learn(const struct json_doc *d, struct json_style *st);

/*
 * Append the document in this style.  However it is spelt itself, the result
 * is the same.  Indented it can be larger than its text by a factor of
 * JSON_INDENT_MAX times its depth: the ceiling of out is the bound.
 */
void	json_style_write(const struct json_doc *d, const struct json_style *st,
	    struct buf *out);

/*
 * The style in words, "json indented 2 ascii": letters, digits and blanks,
 * beginning with "json".
 */
void	json_style_words(const struct json_style *st, struct buf *out);

/* What these words say; false if they are none that are written here. */
bool	json_style_parse(struct span words, struct json_style *st);

#endif
