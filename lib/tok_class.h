/*
 * tok_class.h - what the encodings' patterns ask of a character
 *
 * The classes of General Category that the patterns tell apart, in two
 * stages: 64 code points share a block, a block is four words of sixteen
 * classes.  Beyond the table only a few ranges have a class at all.
 */
#ifndef HR_TOK_CLASS_H
#define HR_TOK_CLASS_H

#include "compat.h"

enum tok_class {
	TOK_OTHER,	/* everything else, unassigned included */
	TOK_UPPER,	/* Lu, Lt */
	TOK_LOWER,	/* Ll */
	TOK_LETTER,	/* Lm, Lo: may stand for either case */
	TOK_MARK,	/* M */
	TOK_NUMBER,	/* N */
	TOK_SPACE,	/* White_Space but those two */
	TOK_NEWLINE,	/* \r and \n */
	TOK_END		/* no character: the text ends here */
};

#define TOK_CLASS_STAGED	0x20000u	/* the table ends here */
#define TOK_CLASS_HIGH		10

struct tok_class_range {
	uint32_t	from, to;
	uint32_t	class;
};

extern const uint16_t tok_class_stage[TOK_CLASS_STAGED / 64];
extern const uint64_t tok_class_word[];
extern const struct tok_class_range tok_class_high[TOK_CLASS_HIGH];

HR_INLINE enum tok_class
tok_class(uint32_t cp)
{
	size_t i;

	if (hr_likely(cp < TOK_CLASS_STAGED))
		return (enum tok_class)(tok_class_word[
		    tok_class_stage[cp >> 6] * 4 + (cp >> 4 & 3)] >>
		    (cp & 15) * 4 & 15);
	for (i = 0; i < TOK_CLASS_HIGH; i++)
		if (cp >= tok_class_high[i].from && cp <= tok_class_high[i].to)
			return (enum tok_class)tok_class_high[i].class;
	return TOK_OTHER;
}

#endif
