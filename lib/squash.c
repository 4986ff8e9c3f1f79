/*
 * squash - what all squashers share
 */
#include "compat.h"

#include "squash.h"

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
