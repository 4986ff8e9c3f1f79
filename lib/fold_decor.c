/*
 * fold_decor - what only decorates diagnostics
 *
 * A record is what stands before a diagnostic ("In function"), its line, and
 * what stands below: excerpts, notes.  A block is records next to each other,
 * or with blank lines between them, or a few lines that the plan leaves out.
 */
#include "compat.h"

#include <stdlib.h>
#include <strings.h>

#include "ascii.h"
#include "errword.h"
#include "fold_decor.h"
#include "fold_place.h"
#include "map.h"

#define RECORD_MAX	40	/* lines before a diagnostic, and below it */
#define BETWEEN_MAX	4	/* lines left out in the midst of a block */

#define MARK	40	/* bytes that one mark takes, about */

enum verdict {
	NONE,
	ASIDE,
	STAYS,	/* in a block */
	PLACE	/* in any case */
};

struct decor {
	struct log_plan	*p;
	uint8_t		*verdict;
	bool		*begins;	/* by template: a record may */
	struct map	 seen;
	unsigned	 errors;	/* whose excerpts may yet stay */
	bool		 error;		/* that is what the record reports */
	bool		 bare;		/* its excerpts go */
	bool		 again;		/* it was there before */
	bool		 failed;
};

static struct span
line_at(const struct decor *d, size_t i)
{
	return i < d->p->n ? log_plan_line(d->p, i) : span_of("", 0);
}

/* s without the blanks before it. */
static struct span
skip_blanks(struct span s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = span_skip(s, 1);
	return s;
}

/* And without "[javac] ", which ant puts before all that a task prints. */
static struct span
skip_tag(struct span s)
{
	const char *end;

	s = skip_blanks(s);
	if (s.n == 0 || s.p[0] != '[')
		return s;
	end = memchr(s.p, ']', s.n);
	return end == NULL ? s : skip_blanks(span_skip(s,
	    (size_t)(end + 1 - s.p)));
}

static bool
is_blank(struct span s)
{
	return skip_blanks(s).n == 0;
}

/* "    ^~~~~", "  |  ^--- here" has words and is none. */
static bool
is_underline(struct span s)
{
	bool caret = false;
	size_t i;

	s = skip_tag(s);
	for (i = 0; i < s.n; i++) {
		if (memchr(" \t^~-+|_", s.p[i], 8) == NULL)
			return false;
		caret = caret || s.p[i] == '^' || s.p[i] == '~';
	}
	return caret;
}

/* "  33 | code", "     |  ^", "> 12 | code", "779 + code", "...". */
static bool
is_gutter(struct span s)
{
	bool number;

	s = skip_blanks(s);
	if (s.n > 1 && s.p[0] == '>')
		s = skip_blanks(span_skip(s, 1));
	number = s.n > 0 && is_digit(s.p[0]);
	while (s.n > 0 && is_digit(s.p[0]))
		s = span_skip(s, 1);
	if (number && s.n > 2 && s.p[0] == ' ' && s.p[2] == ' ' &&
	    (s.p[1] == '+' || s.p[1] == '-' || s.p[1] == '~'))
		return true;
	if (span_starts(s, SPAN_LIT("+++ |")) || span_eq(s, SPAN_LIT("...")))
		return true;
	s = number ? skip_blanks(s) : s;
	return (s.n > 0 && s.p[0] == '|' && (s.n == 1 || s.p[1] == ' ')) ||
	    span_starts(s, SPAN_LIT("\xe2\x94\x82"));	/* a drawn bar */
}

/* A word that s begins with, in any case. */
static bool
word(struct span s, const char *w)
{
	size_t n = strlen(w);

	return s.n >= n && strncasecmp(s.p, w, n) == 0;
}

/* What a diagnostic says first, behind ": " and the like. */
static struct span
message(struct span tail)
{
	while (tail.n > 0 && memchr(" :-])", tail.p[0], 5) != NULL)
		tail = span_skip(tail, 1);
	return tail;
}

/*
 * Whether a line is a diagnostic and not one of a log: it names a column, or a
 * colon or bracket stands behind the place, or nothing, as in rustc's arrows.
 */
static bool
is_diagnostic(struct span s, struct fold_place *p)
{
	if (!fold_place(s, false, p))
		return false;
	if (p->tail.n == 0)
		return memchr(p->head.p, '>', p->head.n) != NULL;
	return p->ncols > 0 || memchr(":])", p->tail.p[0], 3) != NULL ||
	    word(message(p->tail), "error") ||
	    word(message(p->tail), "warning");
}

/* "In file included from a.h:1,": its places stay. */
static bool
is_include(struct span s)
{
	struct span line = skip_tag(s);

	return line.n > 0 && (line.p[line.n - 1] == ':' ||
	    line.p[line.n - 1] == ',') &&
	    (span_starts(line, SPAN_LIT("In file included from ")) ||
	    (line.p != s.p && span_starts(line, SPAN_LIT("from "))));
}

/* "a.c: In function 'f':", "a.c: At top level:" */
static bool
is_setting(struct span s)
{
	struct span line = skip_tag(s);
	const char *p = line.p, *end = line.p + line.n;

	if (line.n == 0 || end[-1] != ':')
		return false;
	while ((p = memchr(p, ':', (size_t)(end - p))) != NULL) {
		struct span rest = span_of(p, (size_t)(end - p));

		if (span_starts(rest, SPAN_LIT(": In ")) ||
		    span_starts(rest, SPAN_LIT(": At ")))
			return true;
		p++;
	}
	return false;
}

/* "warning: unused variable", above "  --> a.rs:1:2". */
static bool
is_title(const struct decor *d, size_t i)
{
	return !is_blank(line_at(d, i)) && span_starts(
	    skip_blanks(line_at(d, i + 1)), SPAN_LIT("--> "));
}

/* "   = note: ...", "help: ..." */
static bool
is_advice(struct span s)
{
	struct span t = skip_blanks(s);

	return span_starts(t, SPAN_LIT("= ")) ||
	    (t.p == s.p && (span_starts(t, SPAN_LIT("help: ")) ||
	    span_starts(t, SPAN_LIT("note: "))));
}

/* Lines from `from` to `i` go if they were there before, word for word. */
static void
say(struct decor *d, size_t from, size_t i, enum verdict new)
{
	struct span a = line_at(d, from), z = line_at(d, i);
	union map_val *v = map_put(&d->seen, span_of(a.p,
	    (size_t)(z.p + z.n - a.p)));

	if (v == NULL) {
		d->failed = true;
		return;
	}
	for (; from <= i; from++)
		d->verdict[from] = v->u == 0 ? new : ASIDE;
	v->u = 1;
}

/* What decorates may go, but not a word of error. */
static void
decorate(struct decor *d, size_t i)
{
	bool goes = d->bare && (d->again || !errword_named(line_at(d, i)));

	d->verdict[i] = goes ? ASIDE : STAYS;
}

/* Whether the excerpts of a record go; a note goes with what it explains. */
static void
judge(struct decor *d, struct span title, const struct fold_place *p)
{
	struct span said = message(p->tail), head = skip_blanks(p->head);
	bool error = word(said, "error") || word(said, "fatal") ||
	    word(title, "error") || word(head, "error") ||
	    word(head, "[error");

	if (word(said, "note") || word(title, "note"))
		return;
	d->error = error;
	d->bare = !error || d->errors == 0;
	d->errors -= error && d->errors > 0;
}

/* The lines of an excerpt at i. */
static size_t
excerpt(const struct decor *d, size_t i)
{
	struct fold_place p;
	size_t blank = is_blank(line_at(d, i));

	if (is_gutter(line_at(d, i)) || is_underline(line_at(d, i)))
		return 1;
	if (!is_underline(line_at(d, i + blank + 1)) ||
	    is_blank(line_at(d, i + blank)) ||
	    is_diagnostic(line_at(d, i + blank), &p))
		return 0;
	/* tsc puts blank lines around. */
	return blank + 2 + (blank && is_blank(line_at(d, i + blank + 2)));
}

/* What stands below a diagnostic: the line behind it. */
static size_t
below(struct decor *d, size_t i)
{
	size_t end = i + RECORD_MAX, n;
	struct fold_place p;
	struct span s;

	while (i < d->p->n && i < end) {
		s = line_at(d, i);
		n = excerpt(d, i);
		if (n > 0) {
			for (; n > 0 && i < d->p->n; n--)
				decorate(d, i++);
			continue;
		}
		if (is_blank(s) || is_title(d, i) || is_diagnostic(s, &p) ||
		    is_setting(s) || is_include(s))
			break;
		if (!is_advice(s) && s.p[0] != ' ' && s.p[0] != '\t')
			break;
		/* Of an error all that explains it stays. */
		if (d->error && !d->again && !is_advice(s))
			d->verdict[i] = STAYS;
		else
			say(d, i, i, STAYS);
		i++;
	}
	return i;
}

/*
 * Whether a record may begin with line i.  A template is asked once: its lines
 * differ in figures alone, and all begin one or none does.
 */
static bool
may_begin(struct decor *d, size_t i)
{
	struct span s = line_at(d, i);
	uint32_t t = d->p->line[i].tmpl;
	struct fold_place p;
	bool *begins;

	if (is_title(d, i))
		return true;
	if (t == LOG_NO_TEMPLATE)
		return is_setting(s) || is_include(s) || is_diagnostic(s, &p);
	begins = &d->begins[t];
	if (*begins && !is_setting(s) && !is_include(s) &&
	    !is_diagnostic(s, &p))
		*begins = false;
	return *begins;
}

/* The record that begins with line i: the line behind it, or i. */
static size_t
record(struct decor *d, size_t i)
{
	size_t from = i, at;
	struct fold_place p;
	struct span title = span_of("", 0);

	while (i < from + RECORD_MAX && (is_setting(line_at(d, i)) ||
	    is_include(line_at(d, i))))
		i++;
	at = i;
	if (is_title(d, i))
		title = line_at(d, i++);
	if (i >= d->p->n || !is_diagnostic(line_at(d, i), &p))
		return from;
	judge(d, title, &p);
	/* In a table the same again is of another file. */
	if (fold_place_table(&p))
		d->verdict[i] = PLACE;
	else
		say(d, at, i, PLACE);
	d->again = d->verdict[i] == ASIDE;
	for (; from < at; from++) {
		if (!d->again && is_include(line_at(d, from)))
			say(d, from, from, PLACE);
		else
			decorate(d, from);
	}
	return below(d, i + 1);
}

/*
 * Bytes that are saved by what goes aside of a block: lines that the plan
 * keeps, and its marks within.
 */
static size_t
gain(const struct decor *d, size_t from, size_t to)
{
	const struct log_line *l = d->p->line;
	size_t i, bytes = 0;

	for (i = from; i < to; i++) {
		if (d->verdict[i] == ASIDE && l[i].keep)
			bytes += l[i].n;
		else if (!l[i].keep && (i == from || l[i - 1].keep))
			bytes += MARK;
	}
	return bytes;
}

/* A block that is worth a mark gets one. */
static void
settle(struct decor *d, size_t from, size_t to)
{
	bool worth = gain(d, from, to) >= FOLD_DECOR_MIN;
	struct log_line *l = d->p->line;
	size_t i;

	for (i = from; i < to; i++) {
		if (d->verdict[i] == PLACE || (worth && d->verdict[i] != ASIDE))
			l[i].keep = true;
		else if (worth) {
			l[i].keep = false;
			l[i].aside = true;
			l[from].said++;
		}
	}
}

/*
 * [from, end) is the block so far; behind it stand lines that it may go on
 * over, or that one may begin with, `between` of them not blank.
 */
static void
find_blocks(struct decor *d)
{
	size_t i = 0, from = 0, end = 0, between = 0, next;

	while (i < d->p->n && !d->failed) {
		next = may_begin(d, i) ? record(d, i) : i;
		if (next > i) {
			i = end = next;
			between = 0;
			continue;
		}
		if (!is_blank(line_at(d, i))) {
			d->verdict[i] = ASIDE;
			between++;
			if (d->p->line[i].keep || between > BETWEEN_MAX) {
				settle(d, from, end);
				from = end = i + 1;
				between = 0;
			}
		}
		i++;
	}
	settle(d, from, end);
}

bool
fold_decor(struct log_plan *p, unsigned errors)
{
	struct decor d = { .p = p, .errors = errors, .bare = true };
	size_t i;

	d.verdict = calloc(p->n + 1, sizeof(*d.verdict));
	d.begins = malloc(p->ntmpl + 1);
	if (d.verdict != NULL && d.begins != NULL) {
		memset(d.begins, true, p->ntmpl);
		map_init(&d.seen, map_random_seed());
		find_blocks(&d);
		map_release(&d.seen);
	} else {
		d.failed = true;
	}
	free(d.verdict);
	free(d.begins);
	p->kept = p->bytes = 0;
	for (i = 0; i < p->n; i++)
		if (p->line[i].keep) {
			p->kept++;
			p->bytes += p->line[i].n;
		}
	return !d.failed;
}
