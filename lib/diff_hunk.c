/*
 * diff_hunk - count the lines of a hunk, and take context out of it
 */
#include "compat.h"

#include <string.h>

#include "diff_hunk.h"

#define NUMBER_MAX	10	/* digits of a line number */
#define HEADING_MAX	80	/* bytes; git cuts at as many */

struct span
diff_line(struct span *rest)
{
	const char *nl = rest->n == 0 ? NULL :
	    memchr(rest->p, '\n', rest->n);
	struct span line = *rest;

	if (nl != NULL)
		line.n = (size_t)(nl - rest->p) + 1;
	*rest = span_skip(*rest, line.n);
	return line;
}

static bool
take_char(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

static bool
take_number(struct span *s, uint64_t *v)
{
	unsigned n = 0;

	for (*v = 0; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; n++) {
		if (n == NUMBER_MAX)
			return false;
		*v = *v * 10 + (uint64_t)(s->p[0] - '0');
		*s = span_skip(*s, 1);
	}
	return n > 0;
}

/* "-12,3 " */
static bool
take_range(struct span *s, char sign, struct diff_range *r)
{
	r->count = 1;
	return take_char(s, sign) && take_number(s, &r->start) &&
	    (!take_char(s, ',') || take_number(s, &r->count)) &&
	    take_char(s, ' ');
}

static bool
scan_header(struct span line, struct diff_hunk *h)
{
	unsigned at = 0, i;

	while (take_char(&line, '@'))
		at++;
	if (at < 2 || at > DIFF_PARENTS_MAX + 1 || !take_char(&line, ' '))
		return false;
	h->parents = at - 1;
	for (i = 0; i < h->parents; i++)
		if (!take_range(&line, '-', &h->side[i]))
			return false;
	if (!take_range(&line, '+', &h->side[i]))
		return false;
	while (at > 0 && take_char(&line, '@'))
		at--;
	h->tail = line;
	return at == 0;
}

enum kind { CONTEXT, REMOVED, ADDED, NOTE, ALIEN };

/* What a line is by its columns of signs. */
static enum kind
kind_of(struct span line, unsigned parents)
{
	bool plus = false, minus = false;
	unsigned i;

	if (line.n > 0 && line.p[0] == '\\')
		return NOTE;
	/* Some programs take the blank off an empty line. */
	if (span_trim(line, "\r\n").n == 0)
		return CONTEXT;
	for (i = 0; i < parents; i++) {
		if (i == line.n)
			return ALIEN;
		if (line.p[i] == '+')
			plus = true;
		else if (line.p[i] == '-')
			minus = true;
		else if (line.p[i] != ' ')
			return ALIEN;
	}
	if (plus && minus)
		return ALIEN;
	return plus ? ADDED : minus ? REMOVED : CONTEXT;
}

/* Whether a line of this kind stands in the side i; the result is the last. */
static bool
on_side(struct span line, enum kind kind, unsigned i, unsigned parents)
{
	if (kind == CONTEXT)
		return true;
	if (i == parents)
		return kind == ADDED;
	return line.p[i] == (kind == REMOVED ? '-' : ' ');
}

/* Count a line out of what is left of the header's counts. */
static bool
count_out(struct span line, enum kind kind, unsigned parents, uint64_t *left,
    bool *more)
{
	unsigned i;

	*more = false;
	for (i = 0; i <= parents; i++) {
		if (on_side(line, kind, i, parents) && left[i]-- == 0)
			return false;
		*more |= left[i] > 0;
	}
	return true;
}

/*
 * Whether what follows a hunk may follow it.  More lines with signs say that
 * the counts were wrong; the next file and a mail's signature have signs, too.
 */
static bool
ends_well(struct span rest)
{
	struct span line = diff_line(&rest);

	if (line.n == 0 || memchr(" +-", line.p[0], 3) == NULL)
		return true;
	if (span_eq(line, SPAN_LIT("-- \n")) || span_eq(line, SPAN_LIT("--\n")))
		return true;
	return span_starts(line, SPAN_LIT("--- ")) &&
	    span_starts(rest, SPAN_LIT("+++ "));
}

static bool
scan_body(struct span rest, struct diff_hunk *h)
{
	uint64_t left[DIFF_PARENTS_MAX + 1];
	const char *from = rest.p;
	struct span line, after;
	bool more = false;
	enum kind kind;
	unsigned i;

	for (i = 0; i <= h->parents; i++) {
		left[i] = h->side[i].count;
		more |= left[i] > 0;
	}
	while (more) {
		if (rest.n == 0)
			return false;
		line = diff_line(&rest);
		kind = kind_of(line, h->parents);
		h->lines++;
		if (kind == ALIEN || (kind == NOTE && line.p == from))
			return false;
		if (kind != NOTE &&
		    !count_out(line, kind, h->parents, left, &more))
			return false;
		h->added += kind == ADDED;
		h->removed += kind == REMOVED;
	}
	after = rest;
	line = diff_line(&after);
	if (line.n > 0 && line.p[0] == '\\' && rest.p != from) {
		h->lines++;
		rest = after;
	}
	h->body = span_of(from, (size_t)(rest.p - from));
	return ends_well(rest);
}

bool
diff_hunk_scan(struct span text, struct diff_hunk *h)
{
	struct span rest = text;
	struct span line = diff_line(&rest);

	if (line.n == 0 || line.p[0] != '@')
		return false;
	*h = (struct diff_hunk){ .lines = 1 };
	if (!scan_header(line, h) || !scan_body(rest, h))
		return false;
	h->text = span_of(text.p, line.n + h->body.n);
	return true;
}

bool
diff_hunk_like(struct span line)
{
	return span_trim(line, "\r\n").n == 0 ||
	    memchr(" +-\\", line.p[0], 4) != NULL;
}

/* A place in a hunk: bytes, and the number of the next line on each side. */
struct place {
	const char	*at;
	uint64_t	 line[DIFF_PARENTS_MAX + 1];
};

/* Lines of context, one behind the other. */
struct run {
	struct place	 begin;
	const char	*first_end, *last, *end;
	uint64_t	 lines;
	bool		 note;	/* a line of it has no newline in the file */
};

struct cutter {
	const struct diff_hunk	*h;
	const struct diff_cut	*cut;
	struct buf		*out;
	struct place		 from;		/* of what is to be written */
	struct span		 heading;	/* behind its header */
	uint64_t		 gone;
};

static void
forward(struct place *p, unsigned parents, uint64_t lines)
{
	unsigned i;

	for (i = 0; i <= parents; i++)
		p->line[i] += lines;
}

static void
put_range(struct buf *out, char sign, uint64_t line, uint64_t count)
{
	/* A range without lines is named by the line before it. */
	if (count == 0 && line > 0)
		line--;
	buf_addc(out, sign);
	buf_addu(out, line);
	if (count != 1) {
		buf_addc(out, ',');
		buf_addu(out, count);
	}
	buf_addc(out, ' ');
}

static void
put_ats(struct buf *out, unsigned parents)
{
	unsigned i;

	for (i = 0; i <= parents; i++)
		buf_addc(out, '@');
}

static void
put_header(struct buf *out, unsigned parents, const struct place *from,
    const struct place *to)
{
	unsigned i;

	put_ats(out, parents);
	buf_addc(out, ' ');
	for (i = 0; i <= parents; i++)
		put_range(out, i == parents ? '+' : '-', from->line[i],
		    to->line[i] - from->line[i]);
	put_ats(out, parents);
}

/* Write what stands from c->from to there, under a header of its own. */
static void
put_piece(struct cutter *c, const struct place *to)
{
	if (c->from.at == c->h->body.p && to->at == c->h->body.p +
	    c->h->body.n) {
		buf_addspan(c->out, c->h->text);
		return;
	}
	put_header(c->out, c->h->parents, &c->from, to);
	buf_addspan(c->out, c->heading);
	buf_add(c->out, c->from.at, (size_t)(to->at - c->from.at));
}

static bool
begins_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    c == '$';
}

/* The newline of the header line. */
static struct span
newline(const struct diff_hunk *h)
{
	size_t n = h->tail.n;

	n = n > 1 && h->tail.p[n - 2] == '\r' ? 2 : n > 0 ? 1 : 0;
	return span_skip(h->tail, h->tail.n - n);
}

/*
 * The heading behind a header names the last line at the margin that stands
 * above the hunk.  Where such a line is among those taken out below it, that
 * is what is above now.  Empty: none is.
 */
static struct span
margin_line(const char *from, const char *to, unsigned parents)
{
	struct span rest = span_of(from, (size_t)(to - from));
	struct span line, found = SPAN_LIT("");

	while (rest.n > 0) {
		line = diff_line(&rest);
		if (line.n > parents && begins_word(line.p[parents]))
			found = span_skip(line, parents);
	}
	return found;
}

/* The heading of the piece that begins behind what is taken out there. */
static void
set_heading(struct cutter *c, const char *from, const char *to)
{
	const struct diff_hunk *h = c->h;
	bool first = from == h->body.p;
	struct span line;

	if (span_trim(h->tail, " \r\n").n == 0) {
		c->heading = newline(h);
		return;
	}
	line = margin_line(from, to, h->parents);
	if (line.n > 0 && line.n <= HEADING_MAX)
		/* With the sign's blank before it, as in the text. */
		c->heading = span_of(line.p - 1, line.n + 1);
	else
		c->heading = first && line.n == 0 ? h->tail : newline(h);
}

/* Whether the context in a gap costs no more than the header would. */
static bool
cheap(const struct cutter *c, const struct run *r, const char *from,
    const char *to)
{
	struct buf head = BUF_INIT;
	struct place end = r->begin, next;
	bool good;

	forward(&end, c->h->parents, r->lines);
	next = end;
	forward(&next, c->h->parents, 2);
	put_header(&head, c->h->parents, &end, &next);
	buf_addc(&head, '\n');
	good = buf_err(&head) || tok_count(c->cut->tok, span_of(from,
	    (size_t)(to - from))) <= tok_count(c->cut->tok, buf_span(&head));
	buf_release(&head);
	return good;
}

/* Context between changes: keep it, or end the piece and begin another. */
static void
between(struct cutter *c, const struct run *r)
{
	unsigned k = c->cut->context;
	const char *from = k > 0 ? r->first_end : r->begin.at;
	const char *to = k > 0 ? r->last : r->end;
	struct place end = r->begin;

	if (r->lines <= 2 * k || r->note || cheap(c, r, from, to))
		return;
	end.at = from;
	forward(&end, c->h->parents, k);
	put_piece(c, &end);
	c->from = r->begin;
	c->from.at = to;
	forward(&c->from, c->h->parents, r->lines - k);
	set_heading(c, from, to);
	c->gone += r->lines - 2 * k;
}

static void
before(struct cutter *c, const struct run *r)
{
	unsigned k = c->cut->context;

	if (r->lines <= k || r->note)
		return;
	c->from.at = k > 0 ? r->last : r->end;
	forward(&c->from, c->h->parents, r->lines - k);
	set_heading(c, r->begin.at, c->from.at);
	c->gone += r->lines - k;
}

static void
behind(struct cutter *c, const struct run *r)
{
	unsigned k = c->cut->context;
	struct place end = r->begin;

	if (r->lines <= k || r->note) {
		end.at = r->end;
		forward(&end, c->h->parents, r->lines);
	} else {
		end.at = k > 0 ? r->first_end : r->begin.at;
		forward(&end, c->h->parents, k);
		c->gone += r->lines - k;
	}
	put_piece(c, &end);
}

/* The place where the body begins. */
static struct place
beginning(const struct diff_hunk *h)
{
	struct place p = { .at = h->body.p };
	unsigned i;

	for (i = 0; i <= h->parents; i++)
		p.line[i] = h->side[i].start + (h->side[i].count == 0);
	return p;
}

static void
add_to_run(struct run *r, const struct place *p, struct span line)
{
	if (r->lines == 0) {
		*r = (struct run){ .begin = *p };
		r->first_end = line.p + line.n;
	}
	r->lines++;
	r->last = line.p;
	r->end = line.p + line.n;
}

uint64_t
diff_hunk_cut(const struct diff_hunk *h, const struct diff_cut *cut,
    struct buf *out)
{
	struct place p = beginning(h);
	struct cutter c = { .h = h, .cut = cut, .out = out, .from = p,
	    .heading = h->tail };
	struct run run = { .lines = 0 };
	struct span rest = h->body, line;
	bool changes = false;
	enum kind kind;
	unsigned i;

	if (h->added + h->removed == 0) {
		buf_addspan(out, h->text);
		return 0;
	}
	while (rest.n > 0) {
		line = diff_line(&rest);
		kind = kind_of(line, h->parents);
		if (kind == CONTEXT) {
			add_to_run(&run, &p, line);
		} else if (kind == NOTE && run.lines > 0) {
			run.note = true;
			run.end = line.p + line.n;
		} else if (kind != NOTE) {
			if (run.lines > 0)
				(changes ? between : before)(&c, &run);
			run.lines = 0;
			changes = true;
		}
		p.at = line.p + line.n;
		for (i = 0; kind != NOTE && i <= h->parents; i++)
			p.line[i] += on_side(line, kind, i, h->parents);
	}
	if (run.lines == 0)
		run = (struct run){ .begin = p, .end = p.at };
	behind(&c, &run);
	return c.gone;
}
