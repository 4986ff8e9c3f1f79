/*
 * profile.h - what the output of known programs looks like, hr-profile(5)
 *
 *	struct profiles *p = profiles_new();
 *	struct file_err err;
 *	struct profile_run r = PROFILE_RUN_INIT;
 *
 *	if (!profiles_add(p, text, &err))
 *		... err.line, err.what, err.word
 *	if (profile_run(&r, p, output))
 *		... r.line[i].verdict
 *	profile_run_release(&r);
 *	profiles_free(p);
 *
 * A profile is recognised by lines that only its program prints, anywhere in
 * the first MiB, so that several may be at work in one text: a log of a CI
 * service holds installers and test runners.  Those that are recognised say of
 * lines that they are to be kept, or of a kind of which so many may be left out
 * that they are.  Of all other lines they say nothing.
 *
 * No line is left out in which errword.h finds an error named, or that looks
 * like a mark.  A line of more than PROFILE_LINE_MAX bytes is not looked at, so
 * the time is linear in the text, whatever text and patterns are.
 */
#ifndef HR_PROFILE_H
#define HR_PROFILE_H

#include "compat.h"

#include "file_err.h"
#include "buf.h"
#include "hash.h"
#include "span.h"

#define PROFILE_LINE_MAX	2000	/* bytes */
#define PROFILE_TEXT_MAX	((size_t)1 << 20)	/* bytes of a file */

struct profiles;

struct profiles	*profiles_new(void) HR_MUST_USE;	/* NULL: no memory */
void		 profiles_free(struct profiles *p);	/* may be NULL */

/*
 * Add the profiles of a file, or none of them if it is wrong; false and *err
 * then.  One whose name is known takes the place of the old.  The text is not
 * needed afterwards.
 */
bool	 profiles_add(struct profiles *p, struct span text,
	    struct file_err *err) HR_MUST_USE;

/* Of the texts added, in order; p may be NULL. */
struct hash128 profiles_hash(const struct profiles *p);

enum profile_verdict {
	PROFILE_NONE,
	PROFILE_KEEP,
	PROFILE_DROP
};

struct profile_line {
	uint8_t		verdict;	/* enum profile_verdict */
	uint16_t	tag;		/* 0: none */
};

struct profile_run {
	struct profile_line	*line;	/* one a line of the text */
	size_t			 n, cap;
	size_t			 recognised;
	const struct profiles	*profiles;	/* that were asked */
	struct buf		 names;	/* "pip, pytest" */
};

#define PROFILE_RUN_INIT	{ .line = NULL, .names = BUF_INIT }

/*
 * What the profiles say of a text, whose lines end with newlines, the last
 * perhaps without one.  False if they say nothing, or there is no memory; then
 * r->n is 0.  Plain data may be asked by any number of threads.
 */
bool	 profile_run(struct profile_run *r, const struct profiles *p,
	    struct span text);
void	 profile_run_release(struct profile_run *r);

/* A word that stands in each of the lines with this tag. */
struct span profile_tag(const struct profiles *p, unsigned tag);

/*
 * The tests in a file that was added without error: each is told to fn, with
 * how many of its lines were not judged as they should, and the first of them.
 */
struct profile_test {
	struct span	profile;
	unsigned	line;		/* of the file */
	unsigned	lines, wrong;
	struct span	first;
};

void	 profile_tests(const struct profiles *p, struct span text,
	    void (*fn)(const struct profile_test *t, void *arg), void *arg);

#endif
