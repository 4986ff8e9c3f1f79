/*
 * squash - what all squashers share
 */
#include "compat.h"

#include "squash.h"

#define SAVED_MIN	8	/* tokens; for less nothing is touched */

#define STEP_BALANCED	0
#define STEP_TIGHT	1

void
squash_reset(struct squash *s)
{
	edits_reset(&s->edits);
	buf_reset(&s->text);
	/* A squasher may have set itself a ceiling, for its text. */
	s->text.max = ((struct buf)BUF_INIT).max;
	buf_reset(&s->explain);
	s->reason = SQUASH_DONE;
	s->err = (struct squash_err){ 0, NULL };
	s->lossy = false;
	s->before = s->after = 0;
}

void
squash_release(struct squash *s)
{
	edits_release(&s->edits);
	buf_release(&s->text);
	buf_release(&s->explain);
}

bool
squash_less(uint64_t after, uint64_t before)
{
	return after + SAVED_MIN <= before &&
	    after <= before - (before + 9) / 10;
}

bool
squash_worth(const struct squash *s, uint64_t after)
{
	if (s->opt.budget > 0 && s->after > s->opt.budget)
		return after < s->after && squash_less(after, s->before);
	return squash_less(after, s->after);
}

void
squash_steps(const struct squash *s, size_t n,
    void (*step)(void *arg, size_t i), void *arg)
{
	size_t i = s->opt.level == SQUASH_TIGHT ? STEP_TIGHT : STEP_BALANCED;

	step(arg, i);
	while (s->opt.budget > 0 && s->after > s->opt.budget && ++i < n)
		step(arg, i);
}

const char *
squash_reason_text(enum squash_reason r)
{
	switch (r) {
	case SQUASH_DONE:
		return "squashed";
	case SQUASH_LEVEL:
		return "level exact leaves a single text as it is";
	case SQUASH_FOREIGN:
		return "another format";
	case SQUASH_NO_GAIN:
		return "would not be a tenth smaller";
	case SQUASH_TOO_LARGE:
		return "too large";
	case SQUASH_NOMEM:
		return "out of memory";
	}
	return "";
}
