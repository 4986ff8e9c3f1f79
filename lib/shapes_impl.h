/*
 * shapes_impl.h - what shapes*.c share
 */
#ifndef HR_SHAPES_IMPL_H
#define HR_SHAPES_IMPL_H

#include "compat.h"

#include "arena.h"
#include "map.h"
#include "shapes.h"

#define NO_COND		UINT32_MAX
#define SHAPE_VALUE_MAX	4096	/* bytes that are compared */

/*
 * A pattern for names and values: bytes, SHAPE_STAR and SHAPE_ONE, from op on
 * n of them.
 */
enum { SHAPE_STAR = 256, SHAPE_ONE };

struct shape_pat {
	uint32_t	op;
	uint16_t	n;
};

/* What a value is compared with before its pattern. */
enum shape_ref {
	REF_NONE,
	REF_MEMBER,	/* what a member beside it holds */
	REF_LIKE,	/* the same, by letters and digits alone */
	REF_LIKE_NAME	/* the name of the object around, in this way */
};

struct shape_value {
	bool			any;	/* no value is asked for */
	uint8_t			ref;	/* enum shape_ref */
	struct shape_pat	pat;
	struct span		member;
};

/* A path: names, and what is at its end. */
struct shape_path {
	uint32_t		first;	/* of shapes.name */
	uint8_t			n;	/* 0: the object itself */
	struct shape_value	value;
};

struct shape_rule {
	uint8_t			what;	/* SHAPE_DROP or SHAPE_KEEP */
	struct shape_path	path;
};

/* One thing that an `is' line asks for.  Its names are without patterns. */
struct shape_cond {
	uint32_t		is;
	uint8_t			bit;	/* of those of its line */
	uint32_t		next;	/* with the same first name */
	struct shape_path	path;
};

struct shape_is {
	uint32_t		shape;
	uint8_t			all;	/* a bit for each condition */
};

struct shape {
	struct span		name;
	uint32_t		first, last;	/* rules: first to last - 1 */
	bool			hidden;	/* another took its place */
};

struct shapes {
	struct arena		 arena;
	struct shape		*shape;
	size_t			 nshape, shapecap;
	struct shape_is		*is;
	size_t			 nis, iscap;
	struct shape_cond	*cond;
	size_t			 ncond, condcap;
	struct shape_rule	*rule;
	size_t			 nrule, rulecap;
	struct shape_pat	*name;		/* of paths */
	size_t			 nname, namecap;
	uint16_t		*op;
	size_t			 nop, opcap;
	struct map		 first;		/* names: 1 + cond */
	struct hash128		 hash;
};

/*
 * The next word of a line, which ends at blanks that are not in quotes.  A
 * word that begins with '#' ends the line.
 */
struct span shapes_word(struct span *line);

#endif
