/*
 * squash_list - search results and listings with fewer tokens
 *
 * Read, print in the short form, and turn that back: where it is not the
 * text, the text stays.  Then, if level and store allow it, leave entries
 * out, harder and harder until the budget is met.  Each step must earn a
 * tenth or is not taken.
 */
#include "compat.h"

#include <errno.h>

#include "list.h"
#include "squash.h"

#define TEXT_MAX	((size_t)64 << 20)

/* What is fetched back costs a call: for less nothing is left out. */
#define LEFT_MIN	120	/* tokens */

/* What each step keeps of a group, from mild to hard. */
static const struct list_pick_opt steps[] = {
	{ .head = 3, .tail = 1, .lines = 3, .names = 5 },
	{ .head = 2, .tail = 1, .lines = 3, .names = 5 },
	{ .head = 1, .tail = 1, .lines = 2, .names = 5 },
	{ .head = 1, .tail = 0, .lines = 2, .names = 5 },
};

struct job {
	struct squash	*s;
	struct span	 text;
	struct list	 list;
	struct buf	 best;
};

/* Put what was printed in place of the whole, behind a header if any. */
static void
replace(struct job *j, struct span header)
{
	struct squash *s = j->s;

	buf_reset(&s->text);
	buf_addspan(&s->text, header);
	buf_addspan(&s->text, buf_span(&j->best));
	edits_reset(&s->edits);
	edits_add(&s->edits, 0, j->text.n, buf_span(&s->text));
}

/* Print the list; false if that is longer than the text, or fails. */
static bool
print(struct job *j)
{
	buf_reset(&j->best);
	j->best.max = j->text.n + 128;
	list_write(&j->list, &j->best);
	return !buf_err(&j->best);
}

static bool
turns_back(struct job *j)
{
	struct buf back = BUF_INIT;
	bool same;

	/* A newline more, which is taken off where the text has none. */
	back.max = j->text.n + 1;
	same = list_expand(buf_span(&j->best), &back) == EXPAND_OK &&
	    span_eq(buf_span(&back), j->text);
	buf_release(&back);
	return same;
}

/* True if what is printed can be read, whether it was taken or not. */
static bool
squash_lossless(struct job *j)
{
	struct squash *s = j->s;
	uint64_t after;

	s->before = tok_count(s->tok, j->text);
	s->after = s->before;
	if (j->list.kind == LIST_HEADING)
		return true;
	while (!print(j) || !turns_back(j))
		if (!list_plainer(&j->list))
			return false;
	after = tok_count(s->tok, buf_span(&j->best));
	if (squash_less(after, s->before)) {
		s->after = after;
		replace(j, SPAN_LIT(""));
	}
	return true;
}

static bool
worth_it(const struct squash *s, uint64_t after)
{
	bool met = s->opt.budget == 0 || s->after <= s->opt.budget;

	return squash_worth(s, after) &&
	    (!met || after + LEFT_MIN <= s->after);
}

static void
squash_lossy(void *arg, size_t step)
{
	struct job *j = arg;
	struct list_pick_opt opt = steps[step];
	struct squash *s = j->s;
	struct buf head = BUF_INIT;
	char unit[16];
	uint64_t left, after;

	opt.query = s->opt.query;
	left = list_pick(&j->list, &opt);
	if (left == 0 || !print(j))
		return;
	snprintf(unit, sizeof(unit), "%ss", list_unit(j->list.kind));
	mark_header(&head, j->list.entries - left, j->list.entries, unit,
	    s->ref);
	buf_addc(&head, '\n');
	after = tok_count(s->tok, buf_span(&j->best)) +
	    tok_count(s->tok, buf_span(&head));
	if (!buf_err(&head) && worth_it(s, after)) {
		s->after = after;
		s->lossy = true;
		replace(j, buf_span(&head));
	}
	buf_release(&head);
}

static void
explain(struct job *j)
{
	struct squash *s = j->s;

	buf_addf(&s->explain, "%s, %llu entries\n%s, %llu of %llu tokens\n",
	    list_kind_name(j->list.kind),
	    (unsigned long long)j->list.entries,
	    s->edits.n == 0 ? "as it was" : s->lossy ? "shortened" :
	    "lossless", (unsigned long long)s->after,
	    (unsigned long long)s->before);
}

static enum squash_reason
work(struct job *j)
{
	struct squash *s = j->s;

	if (s->opt.level == SQUASH_EXACT)
		return SQUASH_LEVEL;
	if (j->text.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	if (list_is_short(j->text))
		return SQUASH_NO_GAIN;
	if (!list_read(&j->list, j->text)) {
		return j->list.err == 0 ? SQUASH_FOREIGN :
		    j->list.err == EMSGSIZE ? SQUASH_TOO_LARGE :
		    SQUASH_NOMEM;
	}
	if (!squash_lossless(j))
		return SQUASH_FOREIGN;
	if (s->opt.level > SQUASH_LOSSLESS && (s->ref != NULL || s->unkept))
		squash_steps(s, HR_LEN(steps), squash_lossy, j);
	if (buf_err(&s->text) || s->edits.err != 0 || tok_err(s->tok) != 0)
		return SQUASH_NOMEM;
	explain(j);
	return s->edits.n > 0 ? SQUASH_DONE : SQUASH_NO_GAIN;
}

void
squash_list(struct squash *s, struct span text)
{
	struct job j = { .s = s, .text = text, .list = LIST_INIT,
	    .best = BUF_INIT };

	squash_reset(s);
	s->reason = work(&j);
	if (s->reason != SQUASH_DONE) {
		edits_reset(&s->edits);
		s->lossy = false;
	}
	list_release(&j.list);
	buf_release(&j.best);
}
