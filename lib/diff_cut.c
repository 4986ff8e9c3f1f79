/*
 * diff_cut - take context out of a hunk
 *
 * Lines that go are gathered into runs.  A run between changes ends one piece
 * of the hunk and begins another; what is between two runs is written as it
 * stands in the text.
 */
#include "compat.h"

#include <string.h>

#include "diff_hunk.h"

#define HEADING_MAX	80	/* bytes; git cuts at as many */

/* A place in a hunk: bytes, and the number of the next line on each side. */
struct place {
	const char	*at;
	uint64_t	 line[DIFF_PARENTS_MAX + 1];
};

/* Lines that may go, one behind the other. */
struct run {
	struct place	 begin, end;
	const char	*first_end, *last;
	uint64_t	 lines;
	uint64_t	 digests;	/* of them */
	bool		 note;	/* a line of it has no newline in the file */
};

struct cutter {
	const struct diff_hunk	*h;
	const struct diff_cut	*cut;
	struct buf		*out;
	struct diff_gone	*gone;
	struct place		 from;		/* of what is to be written */
	struct span		 heading;	/* behind its header */
	struct run		 run;
	bool			 changes;	/* there were some */
};

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
	const struct diff_hunk *h = c->h;

	if (c->from.at == h->body.p && to->at == h->body.p + h->body.n) {
		buf_addspan(c->out, h->text);
		return;
	}
	put_header(c->out, h->parents, &c->from, to);
	buf_addspan(c->out, c->heading);
	buf_add(c->out, c->from.at, (size_t)(to->at - c->from.at));
}

/* A place k lines of context further on, or back. */
static struct place
moved(const struct place *p, const char *at, unsigned parents, int k)
{
	struct place q = *p;
	unsigned i;

	q.at = at;
	for (i = 0; i <= parents; i++)
		q.line[i] += (uint64_t)k;
	return q;
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

/* The last line of context there that begins at the margin, or nothing. */
static struct span
margin_line(const char *from, const char *to, unsigned parents)
{
	struct span rest = span_of(from, (size_t)(to - from));
	struct span line, found = SPAN_LIT("");

	while (rest.n > 0) {
		line = diff_line(&rest);
		if (line.n > parents && begins_word(line.p[parents]) &&
		    diff_kind(line, parents) == DIFF_CONTEXT)
			found = span_skip(line, parents);
	}
	return found;
}

/*
 * The heading behind a header is the last line at the margin above the hunk.
 * For the piece that begins behind what is taken out there it is a line among
 * that, if there is one; it may not go on to name the one above.
 */
static struct span
heading(const struct cutter *c, const char *from, const char *to)
{
	const struct diff_hunk *h = c->h;
	bool first = from == h->body.p;
	struct span line, found = newline(h);

	if (span_trim(h->tail, " \r\n").n == 0)
		return found;
	line = margin_line(from, to, h->parents);
	if (line.n > 0 && line.n <= HEADING_MAX)
		/* With the sign's blank before it, as in the text. */
		found = span_of(line.p - 1, line.n + 1);
	else if (first && line.n == 0)
		found = h->tail;
	if (c->cut->digests && diff_digest(found))
		return newline(h);
	return found;
}

/* Whether what may go costs no more than the header that it would take. */
static bool
cheap(const struct cutter *c, const char *from, const char *to)
{
	const struct place *end = &c->run.end;
	struct place next = moved(end, end->at, c->h->parents, 2);
	struct buf head = BUF_INIT;
	bool good;

	put_header(&head, c->h->parents, end, &next);
	buf_addspan(&head, heading(c, from, to));
	good = buf_err(&head) || tok_count(c->cut->tok, span_of(from,
	    (size_t)(to - from))) <= tok_count(c->cut->tok, buf_span(&head));
	buf_release(&head);
	return good;
}

static void
count_gone(struct cutter *c, uint64_t kept)
{
	c->gone->lines += c->run.lines - kept;
	c->gone->digests += c->run.digests;
}

/* The run stands between changes: keep it, or end a piece and begin one. */
static void
between(struct cutter *c)
{
	const struct run *r = &c->run;
	unsigned k = c->cut->context, parents = c->h->parents;
	const char *from = k > 0 ? r->first_end : r->begin.at;
	const char *to = k > 0 ? r->last : r->end.at;
	struct place end;

	if (r->digests == 0 && (r->lines <= 2 * k || r->note ||
	    cheap(c, from, to)))
		return;
	end = moved(&r->begin, from, parents, (int)k);
	put_piece(c, &end);
	c->from = moved(&r->end, to, parents, -(int)k);
	c->heading = heading(c, from, to);
	count_gone(c, 2 * k);
}

static void
before(struct cutter *c)
{
	const struct run *r = &c->run;
	unsigned k = c->cut->context;

	if (r->digests == 0 && (r->lines <= k || r->note))
		return;
	c->from = moved(&r->end, k > 0 ? r->last : r->end.at, c->h->parents,
	    -(int)k);
	c->heading = heading(c, r->begin.at, c->from.at);
	count_gone(c, k);
}

static void
behind(struct cutter *c)
{
	const struct run *r = &c->run;
	unsigned k = c->cut->context;
	struct place end = r->end;

	if (r->digests > 0 || (r->lines > k && !r->note)) {
		end = moved(&r->begin, k > 0 ? r->first_end : r->begin.at,
		    c->h->parents, (int)k);
		count_gone(c, k);
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

/* Whether a line may go. */
static bool
may_go(const struct cutter *c, struct span line, enum diff_kind kind,
    bool *digest)
{
	*digest = kind != DIFF_CONTEXT && kind != DIFF_NOTE &&
	    c->cut->digests &&
	    diff_digest(span_skip(line, c->h->parents));
	return kind == DIFF_CONTEXT || *digest ||
	    (kind == DIFF_NOTE && c->run.lines > 0);
}

/* Look at the line at p and move p behind it. */
static void
take(struct cutter *c, struct place *p, struct span line)
{
	unsigned parents = c->h->parents, i;
	enum diff_kind kind = diff_kind(line, parents);
	struct run *r = &c->run;
	struct place here = *p;
	bool digest;

	p->at = line.p + line.n;
	for (i = 0; kind != DIFF_NOTE && i <= parents; i++)
		p->line[i] += diff_on_side(line, kind, i, parents);
	if (may_go(c, line, kind, &digest)) {
		if (r->lines++ == 0) {
			r->begin = here;
			r->first_end = p->at;
		}
		r->digests += digest;
		r->note |= kind == DIFF_NOTE;
		r->last = line.p;
		r->end = *p;
	} else if (kind != DIFF_NOTE) {
		if (r->lines > 0)
			(c->changes ? between : before)(c);
		*r = (struct run){ .lines = 0 };
		c->changes = true;
	}
}

void
diff_hunk_cut(const struct diff_hunk *h, const struct diff_cut *cut,
    struct buf *out, struct diff_gone *gone)
{
	struct place p = beginning(h);
	struct cutter c = { .h = h, .cut = cut, .out = out, .gone = gone,
	    .from = p, .heading = h->tail };
	struct span rest = h->body;

	if (h->added + h->removed == 0) {
		buf_addspan(out, h->text);
		return;
	}
	while (rest.n > 0)
		take(&c, &p, diff_line(&rest));
	if (!c.changes) {
		/* All of it were digests. */
		gone->lines += h->lines;
		gone->digests += c.run.digests;
		return;
	}
	if (c.run.lines == 0)
		c.run = (struct run){ .begin = p, .end = p };
	behind(&c);
}
