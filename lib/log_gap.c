/*
 * log_gap - marks for runs of lines left out
 */
#include "compat.h"

#include "fold_decor.h"
#include "log_gap.h"
#include "log_note.h"
#include "mark.h"

static void
gap(struct log_gaps *g, const struct log_plan *p, size_t from, size_t to)
{
	const struct log_line *first = &p->line[from];
	const struct log_line *last = &p->line[to - 1];
	size_t at = g->marks.len, end = last->start + last->n;
	struct buf say = BUF_INIT;

	log_note(p, from, to, &say);
	mark_gap(&g->marks, to - from, "line", buf_span(&say));
	/* The last line of a text may lack its newline: so does the mark. */
	if (p->text.p[end - 1] == '\n')
		buf_addc(&g->marks, '\n');
	/* Lengths for now: the buffer may still move. */
	edits_add(&g->edits, first->start, end,
	    span_of(NULL, g->marks.len - at));
	buf_release(&say);
}

/* What decorates diagnostics goes without a mark of its own. */
static void
set_aside(struct log_gaps *g, const struct log_line *l)
{
	size_t at = g->marks.len;

	if (l->said > 0) {
		mark_gap(&g->marks, l->said, "line",
		    SPAN_LIT(FOLD_DECOR_NOTE));
		buf_addc(&g->marks, '\n');
		edits_add(&g->edits, l->start, l->start,
		    span_of(NULL, g->marks.len - at));
	}
	if (l->aside)
		edits_add(&g->edits, l->start, l->start + l->n,
		    span_of(NULL, 0));
}

static bool
is_gap(const struct log_line *l)
{
	return !l->keep && !l->aside && l->said == 0;
}

bool
log_gaps_make(struct log_gaps *g, const struct log_plan *p)
{
	size_t i, from, at;

	buf_reset(&g->marks);
	edits_reset(&g->edits);
	for (i = 0; i < p->n; i++) {
		set_aside(g, &p->line[i]);
		if (p->line[i].keep || p->line[i].aside)
			continue;
		for (from = i; i + 1 < p->n && is_gap(&p->line[i + 1]); i++)
			;
		gap(g, p, from, i + 1);
	}
	if (buf_err(&g->marks) || g->edits.err != 0)
		return false;
	for (i = at = 0; i < g->edits.n; i++) {
		g->edits.e[i].with.p = g->marks.p + at;
		at += g->edits.e[i].with.n;
	}
	return true;
}

void
log_gaps_release(struct log_gaps *g)
{
	edits_release(&g->edits);
	buf_release(&g->marks);
}
