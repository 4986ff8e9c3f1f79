/*
 * squash_source - source code without what nobody edits
 *
 * Two things are looked for: the paragraphs of a licence in the comment that
 * the file begins with, and encoded data, in a run of lines or inside one.
 * Each becomes a mark if that pays; all else stays byte for byte.
 */
#include "compat.h"

#include "source_part.h"
#include "squash.h"

#define TEXT_MAX	((size_t)64 << 20)
#define SAVED_MIN	24	/* tokens that a part must save by itself */

struct job {
	struct squash	*s;
	struct span	 text;
	struct source	 src;
	struct buf	 marks;		/* gaps, one behind the other */
	uint64_t	 lines, bytes;	/* left out */
	uint64_t	 before, after;	/* tokens of the parts, of the gaps */
};

/* What stands instead of a part; true if it is lines. */
static bool
gap(const struct job *j, const struct source_part *p, struct buf *out)
{
	struct span note = p->kind == SOURCE_LICENCE ? SPAN_LIT("licence") :
	    SPAN_LIT("encoded data");

	if (p->lines == 0) {
		mark_gap(out, p->end - p->start, "byte", note);
		return false;
	}
	if (j->src.numbers || j->s->opt.top)
		mark_gap_range(out, "lines", p->line, p->line + p->lines - 1);
	else
		mark_gap(out, p->lines, "line", note);
	/* The last line of a text may lack its newline: so does the mark. */
	if (j->text.p[p->end - 1] == '\n')
		buf_addc(out, '\n');
	return true;
}

/* Leave a part out if that saves enough. */
static void
leave_out(struct job *j, const struct source_part *p)
{
	struct squash *s = j->s;
	size_t at = j->marks.len;
	bool lines = gap(j, p, &j->marks);
	uint64_t before, after;

	before = tok_count(s->tok, span_of(j->text.p + p->start,
	    p->end - p->start));
	after = tok_count(s->tok, span_skip(buf_span(&j->marks), at));
	if (after + SAVED_MIN > before || after > before - before / 10) {
		buf_truncate(&j->marks, at);
		return;
	}
	j->before += before;
	j->after += after;
	j->lines += p->lines;
	j->bytes += lines ? 0 : p->end - p->start;
	/* Lengths for now: the buffer may still move. */
	edits_add(&s->edits, p->start, p->end,
	    span_of(NULL, j->marks.len - at));
}

/* The header into s->text, and the gaps behind it, where edits point. */
static void
put_marks(struct job *j)
{
	struct squash *s = j->s;
	struct edits gaps = s->edits;
	size_t at, i, n;

	if (j->lines > 0)
		mark_header(&s->text, j->src.lines - j->lines, j->src.lines,
		    "lines", s->ref);
	else
		mark_header(&s->text, j->text.n - j->bytes, j->text.n,
		    "bytes", s->ref);
	buf_addc(&s->text, '\n');
	j->after += tok_count(s->tok, buf_span(&s->text));
	n = s->text.len;
	buf_addspan(&s->text, buf_span(&j->marks));
	if (buf_err(&s->text))
		return;
	s->edits = (struct edits)EDITS_INIT;
	edits_add(&s->edits, 0, 0, span_of(s->text.p, n));
	for (i = 0, at = n; i < gaps.n; i++) {
		edits_add(&s->edits, gaps.e[i].start, gaps.e[i].end,
		    span_of(s->text.p + at, gaps.e[i].with.n));
		at += gaps.e[i].with.n;
	}
	s->edits.err |= gaps.err;
	edits_release(&gaps);
}

static enum squash_reason
work(struct job *j)
{
	struct squash *s = j->s;
	struct source_part part;

	if (s->opt.level < SQUASH_BALANCED || (s->ref == NULL && !s->unkept))
		return SQUASH_LEVEL;
	if (j->text.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	source_open(&j->src, j->text, s->opt.top);
	while (source_next(&j->src, &part))
		leave_out(j, &part);
	if (source_err(&j->src))
		return SQUASH_NOMEM;
	if (s->edits.n == 0)
		return SQUASH_NO_GAIN;
	put_marks(j);
	s->before = j->before;
	s->after = j->after;
	if (buf_err(&s->text) || buf_err(&j->marks) || s->edits.err != 0 ||
	    tok_err(s->tok) != 0)
		return SQUASH_NOMEM;
	buf_addf(&s->explain, "source, %llu lines and %llu bytes left out\n",
	    (unsigned long long)j->lines, (unsigned long long)j->bytes);
	return s->after <= s->before - (s->before + 9) / 10 ? SQUASH_DONE :
	    SQUASH_NO_GAIN;
}

void
squash_source(struct squash *s, struct span text)
{
	struct job j = { .s = s, .text = text, .marks = BUF_INIT };

	squash_reset(s);
	s->reason = work(&j);
	s->lossy = s->reason == SQUASH_DONE;
	if (s->reason != SQUASH_DONE)
		edits_reset(&s->edits);
	source_close(&j.src);
	buf_release(&j.marks);
}
