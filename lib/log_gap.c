/*
 * log_gap - marks for runs of lines left out
 */
#include "compat.h"

#include "fold_decor.h"
#include "log_gap.h"
#include "mark.h"

/*
 * What a profile says stands in all lines left out.  False: nothing, or there
 * is but one, which costs no more.
 */
static bool
note_tag(const struct log_plan *p, size_t from, size_t to, struct buf *out)
{
	const struct profile_run *r = p->profile;
	size_t i, n = 0, lines = 0;
	unsigned tag = 0;

	for (i = from; r != NULL && i < to && i < r->n; i++) {
		lines += log_plan_line(p, i).n > 0;
		if (r->line[i].tag == 0)
			continue;
		if (n++ == 0)
			tag = r->line[i].tag;
		else if (tag != r->line[i].tag)
			return false;
	}
	if (n < 2 || n < lines)
		return false;
	buf_addspan(out, profile_tag(r->profiles, tag));
	buf_adds(out, " in all");
	return true;
}

/* Which of the lines left out a reader may want to know of. */
static void
note(const struct log_plan *p, size_t from, size_t to, struct buf *out)
{
	size_t i, errors = 0;
	bool alike = from > 0 && p->line[from - 1].keep;

	if (note_tag(p, from, to, out))
		return;
	for (i = from; i < to; i++) {
		uint32_t t = p->line[i].tmpl;

		errors += t != LOG_NO_TEMPLATE &&
		    p->tmpl[t].kind == LOG_KIND_ERROR;
		alike = alike && t == p->line[from - 1].tmpl;
	}
	if (alike)
		buf_adds(out, "like the line above");
	else if (errors == 1)
		buf_adds(out, "1 repeats an error shown");
	else if (errors > 1)
		buf_addf(out, "%zu repeat errors shown", errors);
}

static void
gap(struct log_gaps *g, const struct log_plan *p, size_t from, size_t to)
{
	const struct log_line *first = &p->line[from];
	const struct log_line *last = &p->line[to - 1];
	size_t at = g->marks.len, end = last->start + last->n;
	struct buf say = BUF_INIT;

	note(p, from, to, &say);
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
