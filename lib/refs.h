/*
 * refs.h - lines that stand earlier, and references to them
 *
 *	struct refs r = REFS_INIT;		// the visible lines so far
 *	struct refs_lines l = REFS_LINES_INIT;
 *	struct refs_said said = REFS_SAID_INIT;
 *
 *	refs_start(&r, seed);
 *	for each text in order:
 *		refs_split(&l, text, r.seed);
 *		refs_guard(&l);
 *		if (refs_find(&r, &l, &said))
 *			refs_refer(&r, &l, &opt, &said);
 *		if (said.edits.n > 0) {		// edits over text
 *			edits_apply(&said.edits, text, &form);
 *			refs_split(&l, form, r.seed);	// what is visible
 *		}
 *		refs_add(&r, &name, &l);
 *
 * A run of lines that stands word for word in a text before is replaced by
 * one line that says where.  Line numbers that were printed before the lines
 * do not count for being equal, if the text has them throughout the run and
 * they go up by one: "  12\t", "12\t", "  12→", "12: ", "12| ".
 *
 * The wording, in which N is what a text is called (struct refs_name):
 *
 *	[hr: lines 40-112 as in the N above]
 *		both have the same printed numbers
 *	[hr: lines 43-115 as lines 40-112 in the N above]
 *		they differ; the first are those of this text
 *	[hr: 73 lines as lines 40-112 in the N above]
 *		only that text has numbers
 *	[hr: lines 41-111 as between these two lines in the N above]
 *		only this text has numbers: the two are those next to it
 *	[hr: 71 lines as between these two lines in the N above]
 *		neither has numbers
 *
 * Instead of "between these two lines in" it is "all behind that line in" or
 * "all before the next line in" where that text ends, or begins, with the
 * run, and "all of" where it does both.  A path in N is cut to its last parts
 * where these tell it: ".../a.c".
 *
 * In a JSON text on few lines it is a larger value that is replaced, by a
 * string, if it stands before as a value, under a path P, or as a whole text:
 *
 *	"[hr: the same as .rows[id 5].tags in the N above]"
 *	"[hr: the same as the N above]"
 *
 * [id 5] is the element of an array whose first member is "id": 5.
 *
 * Nothing has to be counted to follow one.  The lines next to it stand in that
 * text as they stand here (but for printed numbers), and tell what is between
 * them: wherever in that text the first of two stands, the same lines follow
 * up to the next that is like the second; one that is alone stands there once.
 * The style of the printed numbers is that of the line before if it has one,
 * else of the other text.
 *
 * Lines are compared by 64 bits of XXH3 with a seed that must be random, so
 * that two different lines are taken for the same once in 2^64 times.  Time
 * and memory are linear, and limited by the maxima below; what is beyond is
 * not pointed to.  The answer does not depend on the seed.
 *
 * Lines that begin with "[hr: " and those of <system-reminder> parts neither
 * match nor are replaced.
 */
#ifndef HR_REFS_H
#define HR_REFS_H

#include "compat.h"

#include "buf.h"
#include "edit.h"
#include "json.h"
#include "span.h"
#include "tok.h"

#define REFS_WINDOW	4	/* lines that are looked up together */
#define REFS_TEXT_LINES	16384	/* of a text; the rest is not looked at */
#define REFS_LINES	((size_t)96 << 10)	/* of all texts */
#define REFS_TEXTS	((size_t)16 << 10)
#define REFS_NAME_MAX	256	/* bytes; what has a longer one has none */

/* A value of a JSON text that is on few lines. */
struct refs_tree {
	uint64_t	hash;
	uint32_t	start, end;	/* bytes of the text */
	uint32_t	path, pathlen;	/* in struct refs_lines's paths */
};

/* A text as lines, the last of which has no newline. */
struct refs_lines {
	struct span	 text;
	uint64_t	*hash;		/* without printed number; 0: barrier */
	uint32_t	*number;	/* printed, or 0 */
	uint32_t	*start;		/* bytes; n + 1 of them */
	size_t		 n;		/* at least REFS_WINDOW, ... */
	size_t		 real;		/* ... of which these stand there */
	size_t		 cap;
	uint16_t	 style;		/* of printed numbers; 0: none */
	bool		 rising;	/* they are, and each only once */
	bool		 all;		/* no line is left out for the maxima */
	bool		 own;		/* a line begins with "[hr: " */
	struct refs_tree *tree;
	size_t		 ntrees, treecap;
	struct buf	 path, paths;
	struct json_doc	 doc;
	int		 err;
};

#define REFS_LINES_INIT	{ .hash = NULL, .path = BUF_INIT, .paths = BUF_INIT, \
			  .doc = JSON_DOC_INIT }

/* The text must live as long as its lines are used. */
void	refs_split(struct refs_lines *l, struct span text, uint64_t seed);
void	refs_lines_release(struct refs_lines *l);

/*
 * Before a text is looked for: what the client put in is not to be replaced,
 * nor are lines next to our own, which may tell what those refer to, if the
 * text has been here before.
 */
void	refs_guard(struct refs_lines *l);

/*
 * What a text is called by who reads it, and what it is.  Of a path only the
 * last parts are said, as many as tell it from the paths of all other texts.
 */
struct refs_name {
	struct span	name;		/* "Read of src/a.c"; empty: none */
	size_t		path;		/* where in it a path begins; 0: none */
	uint64_t	block;		/* texts of one block have one name */
	bool		result;		/* of a tool; else a call's input */
	bool		shows;		/* that is asked for to be read */
	bool		asked;		/* given because it was asked again */
	uint32_t	from, n;	/* its longest run of lines above */
};

struct refs_text;

/* Plain arrays and a table of windows; a prefix of it can be gone back to. */
struct refs {
	uint64_t	 seed, empty;	/* hash of an empty line */
	uint64_t	*hash;
	uint32_t	*number;
	size_t		 n, cap;
	uint32_t	*slot;		/* line + 1 where a window begins */
	size_t		 nslots, nused;
	struct refs_text *text;
	size_t		 ntexts, textcap;
	struct buf	 names;
	int		 err;		/* 0 or ENOMEM */
};

#define REFS_INIT { .names = BUF_INIT }

void	refs_start(struct refs *r, uint64_t seed);
void	refs_release(struct refs *r);

/* Give back what is not used, if that is much.  Bytes that it takes. */
size_t	refs_trim(struct refs *r);

/* A text's lines are visible from now on; l is NULL if it has but a name. */
void	refs_add(struct refs *r, const struct refs_name *name,
	    const struct refs_lines *l);

/* How far it is, to go back to there. */
struct refs_mark {
	uint32_t	n, ntexts, names;
};

struct refs_mark refs_mark(const struct refs *r);
void	refs_rewind(struct refs *r, struct refs_mark m);

struct refs_opt {
	struct tok	*tok;		/* o200k */
	uint64_t	 block;		/* the text's own, not pointed to */
	bool		 quoted;	/* the text stands in a JSON string */
};

#define REFS_SAVED_MIN	45	/* tokens, by each reference */

struct refs_run;

struct refs_said {
	struct edits	 edits;		/* of the text that was split */
	struct buf	 words;		/* what edits point into */
	uint64_t	 before, after;	/* tokens of what is replaced */
	struct refs_run	*run;		/* of lines, or of trees: n is 0 */
	size_t		 nruns, runcap;
	size_t		 effort;	/* so far */
	struct buf	 scratch;
};

#define REFS_SAID_INIT	{ .edits = EDITS_INIT, .words = BUF_INIT,	\
			  .scratch = BUF_INIT }

/*
 * What a text can have references for: its runs of lines that stand before go
 * to *said.  False: there are none, or no memory.
 */
bool	refs_find(const struct refs *r, const struct refs_lines *l,
	    struct refs_said *said) HR_MUST_USE;

/* The longest of them; n is 0 if there is none. */
void	refs_longest(const struct refs_said *said, uint32_t *from,
	    uint32_t *n);

/*
 * Whether the text shows most of all what the result just before only
 * referred to: then its reader asks for what he was not shown.  This is so
 * once; what is asked for again and again is polled.
 */
bool	refs_asked(const struct refs *r, const struct refs_lines *l,
	    const struct refs_said *said);

/* Make the edits for what was found, where it is worth it. */
void	refs_refer(const struct refs *r, const struct refs_lines *l,
	    const struct refs_opt *opt, struct refs_said *said);
void	refs_said_release(struct refs_said *said);

#endif
