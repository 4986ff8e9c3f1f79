/*
 * squash_diff - diffs without what did not change
 *
 * One pass over the lines: what begins a file or is a hunk of it is written
 * shorter, all else as it is.  Rules of what goes do not depend on what is
 * gained, so that a second run finds nothing more; the sum must be worth it.
 */
#include "compat.h"

#include <string.h>

#include "diff_class.h"
#include "diff_colour.h"
#include "diff_file.h"
#include "diff_hunk.h"
#include "diff_summary.h"
#include "mem.h"
#include "squash_diff.h"

#define TEXT_MAX	((size_t)64 << 20)
#define SAVED_MIN	24	/* tokens that a summary must save by itself */
#define DIGESTS_MIN	3	/* lines with a checksum that pay for a mark */

struct job {
	struct squash		*s;
	enum squash_diff_mode	 mode;
	struct span		 text, rest;
	struct buf		 plain;	/* the text without colours */
	struct buf		 out;
	struct diff_cut		 cut;
	bool			 summaries, tight;
	bool			 open;	/* lines may seem to go on */
	uint64_t		 files, gone;	/* lines of the text */
	uint64_t		 summed;	/* files in summaries */
};

static void
copy_line(struct job *j)
{
	buf_addspan(&j->out, diff_line(&j->rest));
}

/*
 * A hunk that is not what its header says is passed over whole: its lines
 * could look like anything.
 */
static void
copy_strange(struct job *j)
{
	struct span line, after;

	copy_line(j);
	j->open = true;
	for (;;) {
		after = j->rest;
		line = diff_line(&after);
		if (line.n == 0 || !diff_hunk_like(line))
			break;
		buf_addspan(&j->out, line);
		j->rest = after;
	}
}

/* Put a summary in place of what was written from `at' on, if that pays. */
static bool
summarise(struct job *j, size_t at, const struct diff_summary *m)
{
	struct tok *tok = j->s->tok;
	struct buf mark = BUF_INIT;
	uint64_t before, after;
	bool pays;

	if (buf_err(&j->out))
		return false;
	diff_summary_put(&mark, m);
	before = tok_count(tok, span_skip(buf_span(&j->out), at));
	after = tok_count(tok, buf_span(&mark));
	pays = !buf_err(&mark) && after + SAVED_MIN <= before &&
	    after <= before - before / 10;
	if (pays) {
		buf_truncate(&j->out, at);
		buf_addspan(&j->out, buf_span(&mark));
		j->summed++;
	}
	buf_release(&mark);
	return pays;
}

/* What to call a file that is not shown, or NULL. */
static const char *
not_shown(const struct job *j, const struct diff_file *f,
    const struct diff_class *c)
{
	const char *name = j->summaries ? diff_class_name(c) : NULL;

	if (name == NULL && j->tight &&
	    span_eq(f->new, SPAN_LIT("/dev/null")))
		name = "deleted file";
	return name;
}

/* The hunks at *rest, cut, and what they are in sum. */
static struct diff_gone
cut_hunks(struct job *j, struct span *rest, const struct diff_cut *cut,
    struct diff_class *class, struct diff_summary *m)
{
	struct diff_gone gone = { .lines = 0 };
	struct diff_hunk h;

	while (diff_hunk_scan(*rest, &h)) {
		*rest = span_skip(*rest, h.text.n);
		diff_hunk_cut(&h, cut, &j->out, &gone);
		if (j->summaries)
			diff_class_hunk(class, &h);
		m->lines += h.lines;
		m->added += h.added;
		m->removed += h.removed;
	}
	/* What comes then is part of the file, but not of what is known. */
	m->counts = !span_starts(*rest, SPAN_LIT("@@"));
	return gone;
}

/* Put a mark before the hunks that were written from `at' on. */
static void
mark_digests(struct job *j, size_t at, const struct diff_summary *m)
{
	struct buf hunks = BUF_INIT;

	if (buf_err(&j->out))
		return;
	buf_addspan(&hunks, span_skip(buf_span(&j->out), at));
	buf_truncate(&j->out, at);
	diff_summary_put(&j->out, m);
	buf_addspan(&j->out, buf_span(&hunks));
	if (buf_err(&hunks))
		j->out.err = buf_err(&hunks);
	buf_release(&hunks);
}

/*
 * In a lock file those lines go that name a checksum and nothing else.  False
 * if that is not worth a mark; nothing is done then.
 */
static bool
squash_lock(struct job *j, const struct diff_file *f)
{
	struct diff_class class = DIFF_CLASS_INIT(j->s->rules,
	    diff_file_path(f));
	struct diff_summary m = { .what = "checksums in lock file",
	    .path = class.path };
	struct diff_cut cut = j->cut;
	struct span rest = j->rest;
	size_t at = j->out.len;
	struct diff_gone gone;

	if (!j->summaries || j->tight || !diff_class_lock(&class))
		return false;
	cut.digests = true;
	gone = cut_hunks(j, &rest, &cut, &class, &m);
	if (gone.digests < DIGESTS_MIN) {
		if (!buf_err(&j->out))
			buf_truncate(&j->out, at);
		return false;
	}
	m.lines = gone.digests;
	mark_digests(j, at, &m);
	j->gone += gone.lines;
	j->summed++;
	j->rest = rest;
	return true;
}

/* The hunks of a file, of which there is at least one. */
static void
squash_hunks(struct job *j, const struct diff_file *f)
{
	struct diff_class class = DIFF_CLASS_INIT(j->s->rules,
	    diff_file_path(f));
	struct diff_summary m = { .path = class.path };
	size_t at = j->out.len;
	struct diff_gone gone;

	if (squash_lock(j, f))
		return;
	gone = cut_hunks(j, &j->rest, &j->cut, &class, &m);
	m.what = not_shown(j, f, &class);
	/* Of a lock file the rest is shown, unless it is to be tight. */
	if (!j->tight && diff_class_lock(&class))
		m.what = NULL;
	if (m.counts && m.what != NULL && summarise(j, at, &m))
		gone.lines = m.lines;
	j->gone += gone.lines;
}

/* What of a file's hunks does not fit its header. */
static void
copy_rest(struct job *j)
{
	if (span_starts(j->rest, SPAN_LIT("@@")))
		copy_strange(j);
}

/* The patch of a binary file, which git apply needs and nobody reads. */
static void
squash_binary(struct job *j, const struct diff_file *f)
{
	struct diff_summary m = { .what = "binary patch",
	    .path = diff_file_path(f), .lines = 1 };
	struct span rest = j->rest;
	size_t at = j->out.len;

	if (!j->summaries ||
	    !span_starts(rest, SPAN_LIT("GIT binary patch\n")))
		return;
	(void)diff_line(&rest);
	if (!diff_binary_block(&rest, &m.lines))
		return;
	(void)diff_binary_block(&rest, &m.lines);
	buf_add(&j->out, j->rest.p, (size_t)(rest.p - j->rest.p));
	if (summarise(j, at, &m))
		j->gone += m.lines;
	j->rest = rest;
}

static void
squash_file(struct job *j, struct diff_file *f)
{
	struct diff_hunk h;
	bool fits;

	j->rest = span_skip(j->rest, f->len);
	fits = !f->pair || diff_hunk_scan(j->rest, &h);
	if (fits)
		diff_file_thin(f, j->mode == SQUASH_DIFF_PATCH);
	/*
	 * Behind a hunk that is cut off, or a file that has none, the names
	 * would belong to that without this line.
	 */
	if (j->open)
		f->head[0].gone = false;
	j->open = !f->pair && !f->binary;
	j->gone += diff_file_put(f, &j->out);
	if (!fits) {
		copy_strange(j);
		return;
	}
	j->files++;
	if (f->pair) {
		squash_hunks(j, f);
		copy_rest(j);
	} else if (!f->binary) {
		squash_binary(j, f);
	}
}

static uint64_t
count_lines(struct span s)
{
	uint64_t n = 0;

	while (s.n > 0) {
		(void)diff_line(&s);
		n++;
	}
	return n;
}

/* The header before all that was written, into s->text. */
static void
finish(struct job *j)
{
	struct squash *s = j->s;
	uint64_t lines = count_lines(j->text);

	mark_header(&s->text, lines - j->gone, lines, "lines", s->ref);
	buf_addc(&s->text, '\n');
	buf_addspan(&s->text, buf_span(&j->out));
	edits_add(&s->edits, 0, j->text.n, buf_span(&s->text));
	s->before = tok_count(s->tok, j->text);
	s->after = tok_count(s->tok, buf_span(&s->text));
	buf_addf(&s->explain, "diff, %llu files, %llu of them summarised, "
	    "%llu of %llu lines left out\n", (unsigned long long)j->files,
	    (unsigned long long)j->summed, (unsigned long long)j->gone,
	    (unsigned long long)lines);
}

static void
set_up(struct job *j, enum squash_level level)
{
	bool patch = j->mode == SQUASH_DIFF_PATCH;

	/* git apply takes hunks without context for an error. */
	j->cut = (struct diff_cut){ .context = patch, .tok = j->s->tok };
	j->summaries = j->mode == SQUASH_DIFF_LEVEL &&
	    level >= SQUASH_BALANCED;
	j->tight = j->summaries && level >= SQUASH_TIGHT;
	/* Headers of pieces may be longer than what stood between them. */
	if (!mem_mul(j->text.n, 2, &j->out.max) ||
	    !mem_add(j->out.max, 4096, &j->out.max))
		j->out.max = TEXT_MAX;
}

static enum squash_reason
work(struct job *j, enum squash_level level)
{
	struct squash *s = j->s;
	struct diff_file f;

	if (level < SQUASH_LOSSLESS)
		return SQUASH_LEVEL;
	if (j->text.n > TEXT_MAX)
		return SQUASH_TOO_LARGE;
	set_up(j, level);
	if (diff_plain(j->text, &j->plain))
		j->rest = buf_span(&j->plain);
	while (j->rest.n > 0)
		if (diff_file_scan(j->rest, &f))
			squash_file(j, &f);
		else
			copy_line(j);
	if (buf_err(&j->out) || buf_err(&j->plain))
		return SQUASH_NOMEM;
	if (j->files == 0)
		return SQUASH_FOREIGN;
	if (j->gone == 0 && j->plain.len == 0)
		return SQUASH_NO_GAIN;
	if (s->ref == NULL && !s->unkept) {
		buf_adds(&s->explain, "lines of a diff are left out only "
		    "where the whole is kept\n");
		return SQUASH_NO_GAIN;
	}
	finish(j);
	if (buf_err(&s->text) || s->edits.err != 0 || tok_err(s->tok) != 0)
		return SQUASH_NOMEM;
	return s->after <= s->before - (s->before + 9) / 10 ? SQUASH_DONE :
	    SQUASH_NO_GAIN;
}

static void
squash(struct squash *s, struct span text, enum squash_diff_mode mode,
    enum squash_level level)
{
	struct job j = { .s = s, .mode = mode, .text = text, .rest = text,
	    .plain = BUF_INIT, .out = BUF_INIT };

	squash_reset(s);
	s->reason = work(&j, level);
	s->lossy = s->reason == SQUASH_DONE;
	if (s->reason != SQUASH_DONE)
		edits_reset(&s->edits);
	buf_release(&j.plain);
	buf_release(&j.out);
}

/* Whether more than the budget is left, and more may be left out. */
static bool
over_budget(const struct squash *s, struct span text,
    enum squash_diff_mode mode)
{
	if (s->opt.budget == 0 || mode != SQUASH_DIFF_LEVEL ||
	    s->opt.level != SQUASH_BALANCED)
		return false;
	if (s->reason == SQUASH_NO_GAIN)
		return tok_count(s->tok, text) > s->opt.budget;
	return s->reason == SQUASH_DONE && s->after > s->opt.budget;
}

void
squash_diff_by(struct squash *s, struct span text,
    enum squash_diff_mode mode)
{
	squash(s, text, mode, s->opt.level);
	if (over_budget(s, text, mode))
		squash(s, text, mode, SQUASH_TIGHT);
}

void
squash_diff(struct squash *s, struct span text)
{
	squash_diff_by(s, text, SQUASH_DIFF_LEVEL);
}

static size_t
count_diffs(struct span rest)
{
	struct diff_file f;
	struct diff_hunk h;
	size_t n = 0;

	while (rest.n > 0) {
		if (!diff_file_scan(rest, &f)) {
			(void)diff_line(&rest);
			continue;
		}
		n += f.len;
		rest = span_skip(rest, f.len);
		while (f.pair && diff_hunk_scan(rest, &h)) {
			n += h.text.n;
			rest = span_skip(rest, h.text.n);
		}
	}
	return n;
}

size_t
squash_diff_bytes(struct span text)
{
	struct buf plain = BUF_INIT;
	size_t n;

	n = count_diffs(diff_plain(text, &plain) ? buf_span(&plain) : text);
	buf_release(&plain);
	return n;
}
