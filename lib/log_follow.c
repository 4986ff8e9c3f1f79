/*
 * log_follow - a log as it is written
 *
 * The piece holds the text since the last sum.  Events are cut from it line
 * by line; what lies between the last one shown and the one at hand is the
 * gap, so that what was left out can be shown after all.
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>

#include "errword.h"
#include "hash.h"
#include "log_follow.h"
#include "log_term.h"

#define HELD_MAX	((size_t)64 << 10)	/* bytes that wait for an end */
#define EVENT_MAX	((size_t)256 << 10)	/* bytes */
#define GAP_MAX		1000	/* lines; then they are said */
#define GAP_MIN		40	/* bytes that a mark may make shorter */
#define PIECE_MIN	((size_t)16 << 10)	/* that end when it is quiet */
#define VARIANTS_MAX	500	/* errors of forms that are known, a piece */
#define WAYS		4	/* places for a form in the table */

struct range {
	size_t	from, to;
};

static struct span
part(const struct log_follow *f, size_t from, size_t to)
{
	if (from == to)	/* there may be no piece yet */
		return span_of("", 0);
	return span_of(f->piece.p + from, to - from);
}

/* A line of s, without its end; s goes on behind it. */
static struct span
next_line(struct span *s)
{
	const char *nl = memchr(s->p, '\n', s->n);
	size_t n = nl != NULL ? (size_t)(nl - s->p) : s->n;
	struct span line = span_of(s->p, n);

	*s = span_skip(*s, n + (nl != NULL));
	return span_trim(line, "\r");
}

/* Whether a form was not in the table; now it is, before older ones. */
static bool
unseen(struct log_follow *f, uint64_t form)
{
	uint64_t *way, was, next;
	size_t i;

	if (f->seen == NULL)
		return true;
	form |= 1;	/* 0 is free */
	way = &f->seen[(form >> 1) % (LOG_FOLLOW_SEEN / WAYS) * WAYS];
	for (i = 0, was = form; i < WAYS; i++, was = next) {
		next = way[i];
		way[i] = was;
		if (next == form)
			return false;
	}
	return true;
}

/* The form of an event: what its lines are but for what varies. */
static uint64_t
form_of(struct log_follow *f, struct span event)
{
	uint64_t form = 0;
	struct span line;

	while (event.n > 0) {
		line = next_line(&event);
		if (log_trace_frame(line)) {
			buf_reset(&f->mask);
			log_message(line, true, &f->mask);
		} else
			log_mask(line, f->depth, &f->mask);
		form = hash_xxh3(buf_span(&f->mask), form);
	}
	return form;
}

/* Whether an error says what none before it said. */
static bool
says_more(struct log_follow *f, struct span line)
{
	size_t end;

	if (log_level(line, &end) != LOG_ERROR)
		end = log_stamp(line);
	line = span_skip(line, end);
	buf_reset(&f->mask);
	log_message(line, false, &f->mask);
	return unseen(f, hash_xxh3(buf_span(&f->mask), 1)) &&
	    f->variants++ < VARIANTS_MAX;
}

static bool
is_asked(const struct log_follow *f, struct span event)
{
	while (f->query.n > 0 && event.n > 0)
		if (log_query_hit(&f->query, next_line(&event)))
			return true;
	return false;
}

/* Lines shown: as a terminal would. */
static void
show(struct log_follow *f, struct span s)
{
	size_t start = f->out.len;

	if (!log_term_noisy(s) || log_term(s, &f->out) < 0)
		buf_addspan(&f->out, s);
	if (f->out.len > start)	/* a colour alone shows nothing */
		f->open = f->out.p[f->out.len - 1] != '\n';
}

/* What follows has a line of its own. */
static void
end_line(struct log_follow *f)
{
	if (f->open)
		buf_addc(&f->out, '\n');
	f->open = false;
}

/* Say in a mark what was left out up to `end`, if that is shorter. */
static void
close_gap(struct log_follow *f, size_t end)
{
	struct range r = { f->gap, end };
	struct buf say = BUF_INIT;

	if (f->left > 0 && end - f->gap < GAP_MIN) {
		show(f, part(f, f->gap, end));
		f->shown += f->left;
	} else if (f->left > 0) {
		if (f->alike)
			buf_adds(&say, "like the line above");
		else if (f->errors > 0)
			buf_addf(&say, "%llu repeat%s shown",
			    (unsigned long long)f->errors,
			    f->errors == 1 ? "s an error" : " errors");
		end_line(f);
		mark_gap(&f->out, f->left, "line", buf_span(&say));
		buf_addc(&f->out, '\n');
		buf_add(&f->ranges, &r, sizeof(r));
		f->alike = false;	/* the line above is the mark now */
		buf_release(&say);
	}
	f->gap = end;
	f->left = f->errors = 0;
}

static void
leave(struct log_follow *f, uint64_t lines, uint64_t form, bool error)
{
	if (f->left == 0)
		f->alike = f->showed;
	f->alike = f->alike && form == f->last;
	f->left += lines;
	f->errors += error;
	f->showed = false;
}

/* Whether an event is to be shown; *error: whether it reports one. */
static bool
is_new(struct log_follow *f, struct span event, uint64_t form,
    enum log_error *error)
{
	struct span rest = event, line = next_line(&rest);
	bool fresh;

	log_mask(line, LOG_MASK, &f->mask);
	*error = log_error(line, errword_in(buf_span(&f->mask)));
	/* Blank lines and rules go with what they follow. */
	fresh = log_plain(line) ? f->left == 0 : unseen(f, form);
	if (*error == LOG_EXACT_ERROR && says_more(f, line))
		fresh = true;
	/* A line that lacks its end cannot be followed by a mark. */
	return fresh || f->all || log_marked(line) || is_asked(f, event) ||
	    event.p[event.n - 1] != '\n';
}

static uint64_t
count_lines(struct span s)
{
	uint64_t n = 0;

	for (; s.n > 0; n++)
		next_line(&s);
	return n;
}

/* The event ends at `end`. */
static void
end_event(struct log_follow *f, size_t end)
{
	struct span event = part(f, f->event, end);
	uint64_t form, lines = count_lines(event);
	enum log_error error;

	if (event.n == 0)
		return;
	form = form_of(f, event);
	f->lines += lines;
	if (is_new(f, event, form, &error)) {
		close_gap(f, f->event);
		show(f, event);
		f->shown += lines;
		f->gap = end;
		f->last = form;
		f->showed = true;
	} else
		leave(f, lines, form, error != LOG_NO_ERROR);
	f->event = end;
	f->in_trace = false;
	if (f->left >= GAP_MAX)
		close_gap(f, end);
}

/* Show after all what was left out of a piece. */
static void
give_back(struct log_follow *f)
{
	const struct range *r = (const void *)f->ranges.p;
	size_t i, n = f->ranges.len / sizeof(*r);

	for (i = 0; i < n; i++)
		show(f, part(f, r[i].from, r[i].to));
	f->failed = f->all = true;
}

/* The piece ends with the last event. */
static void
end_piece(struct log_follow *f)
{
	struct mark_ref ref = { .id = NULL };
	size_t end = f->event;

	if (end == 0)
		return;
	close_gap(f, end);
	if (f->shown < f->lines) {
		end_line(f);
		if (f->keep != NULL && f->keep(f->arg, part(f, 0, end),
		    &ref)) {
			mark_header(&f->out, f->shown, f->lines, "lines",
			    ref.id != NULL ? &ref : NULL);
			buf_addc(&f->out, '\n');
		} else
			give_back(f);
	}
	f->all_lines += f->lines;
	f->all_shown += f->shown;
	f->pieces++;
	f->lines = f->shown = 0;
	f->variants = 0;
	memmove(f->piece.p, f->piece.p + end, f->piece.len - end);
	buf_truncate(&f->piece, f->piece.len - end);
	buf_reset(&f->ranges);
	f->line -= end;
	f->look -= end;
	f->event = f->gap = 0;
}

/* Whether the line from at to end belongs to the event before it. */
static bool
goes_on(struct log_follow *f, size_t at, size_t end)
{
	struct span event = part(f, f->event, at), line = part(f, at, end);

	if (event.n == 0 || event.n > EVENT_MAX)
		return false;
	line = next_line(&line);
	if (log_marked(line))
		return false;
	if (f->in_trace)
		return log_trace_goes_on(&f->trace, line);
	f->in_trace = log_trace_begins(&f->trace, next_line(&event), line) &&
	    log_trace_goes_on(&f->trace, line);
	return f->in_trace;
}

static void
add_line(struct log_follow *f, size_t end)
{
	if (!goes_on(f, f->line, end))
		end_event(f, f->line);
	f->line = f->look = end;
	if (f->event >= LOG_FOLLOW_PIECE)
		end_piece(f);
}

void
log_follow_feed(struct log_follow *f, struct span bytes)
{
	const char *nl;

	if (f->seen == NULL)
		f->seen = calloc(LOG_FOLLOW_SEEN, sizeof(*f->seen));
	buf_addspan(&f->piece, bytes);
	while (!buf_err(&f->piece) && f->look < f->piece.len) {
		nl = memchr(f->piece.p + f->look, '\n',
		    f->piece.len - f->look);
		if (nl != NULL)
			add_line(f, (size_t)(nl + 1 - f->piece.p));
		else if (f->piece.len - f->line > HELD_MAX)
			add_line(f, f->piece.len);
		else
			f->look = f->piece.len;
	}
}

bool
log_follow_pause(struct log_follow *f)
{
	if (buf_err(&f->piece))
		return false;
	end_event(f, f->line);
	return f->left > 0;
}

bool
log_follow_quiet(struct log_follow *f)
{
	if (buf_err(&f->piece))
		return false;
	end_event(f, f->line);
	if (f->event >= PIECE_MIN)
		end_piece(f);
	else
		close_gap(f, f->event);
	return false;
}

void
log_follow_end(struct log_follow *f)
{
	if (buf_err(&f->piece))
		return;
	if (f->line < f->piece.len)
		add_line(f, f->piece.len);
	end_event(f, f->line);
	end_piece(f);
	if (f->pieces > 1 && f->all_shown < f->all_lines && !f->failed) {
		end_line(f);
		mark_header(&f->out, f->all_shown, f->all_lines, "lines",
		    NULL);
		buf_addc(&f->out, '\n');
	}
}

int
log_follow_err(const struct log_follow *f)
{
	return buf_err(&f->piece) != 0 || buf_err(&f->out) != 0 ? ENOMEM : 0;
}

void
log_follow_release(struct log_follow *f)
{
	buf_release(&f->out);
	buf_release(&f->piece);
	buf_release(&f->ranges);
	buf_release(&f->mask);
	free(f->seen);
	*f = (struct log_follow)LOG_FOLLOW_INIT;
}
