/*
 * profile_impl.h - what profile*.c share
 */
#ifndef HR_PROFILE_IMPL_H
#define HR_PROFILE_IMPL_H

#include "compat.h"

#include "arena.h"
#include "profile.h"
#include "profile_pat.h"

enum stmt_kind {	/* in the order of the words of STMT_KINDS */
	STMT_PROFILE,	/* begins one */
	STMT_TEST,
	STMT_PREFIX,	/* what may stand before a line */
	STMT_IS,	/* makes a profile recognised */
	STMT_KEEP,
	STMT_DROP,
	STMT_FEW,	/* drop all but the first */
	STMT_HEAD,	/* drop if the line below is dropped */
	STMT_FROM,	/* begins a block */
	STMT_TO		/* ends it */
};

#define STMT_KINDS	"profile|test|prefix|is|keep|drop|few|head|from|to"

#define COUNT_ALL	UINT32_MAX	/* "keep" without a number */

struct stmt {
	enum stmt_kind	kind;
	uint8_t		verdict;	/* of a block */
	uint16_t	n;		/* steps */
	uint16_t	tag;
	uint16_t	profile;
	uint32_t	count;		/* "is 3", "few 5", or COUNT_ALL */
	uint32_t	op;		/* where the steps are */
};

struct profile {
	struct span	 name;
	uint32_t	 tag;		/* the first of its tags */
	uint32_t	 first, last;	/* statements: first to last - 1 */
	bool		 hidden;	/* another took its place */
};

struct profiles {
	struct arena	 arena;
	struct profile	*profile;
	size_t		 n, cap;
	struct stmt	*stmt;
	size_t		 nstmt, stmtcap;
	uint16_t	*op;
	size_t		 nop, opcap;
	struct span	*tag;		/* 1 on */
	size_t		 ntag, tagcap;
	struct pat_sets	 sets;
	struct hash128	 hash;
};

/* One line of a file of profiles. */
struct stmt_line {
	struct span	word[2];	/* before the tab; keyword and rest */
	size_t		n;
	struct span	pattern;
	bool		has_pattern;
};

/* Words and pattern of a line; n is 0 if it says nothing. */
void	 profile_lex(struct span line, struct stmt_line *out);

#endif
