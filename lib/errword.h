/*
 * errword.h - does a text report that something went wrong?
 *
 * True when a whole word of it says so, in any case: error, failed, fatal,
 * panic, denied, timeout, OOMKilled, ... or a name ends in Error, Exception
 * or Failure.  "0 errors", "no error" and "without errors" do not count.  A
 * judgement for keeping text, so it errs towards true.
 */
#ifndef HR_ERRWORD_H
#define HR_ERRWORD_H

#include "compat.h"

#include "span.h"

bool	errword_in(struct span s);

/*
 * The same, and also where such a word is only named: "without error",
 * "perror", "test_fails"; and a level of one letter, "[E]".  For what would be
 * left out because of what it is, not because others are like it.
 */
bool	errword_named(struct span s);

#endif
