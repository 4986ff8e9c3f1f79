/*
 * fold_num - figures as they stood there last
 *
 * Both ways walk over the figures of the full text and remember each under
 * the text before it, so each knows what the other knew.  Which figures are
 * shortened is for the way there to choose; the way back does not ask.
 */
#include "compat.h"

#include "ascii.h"
#include "errword.h"
#include "fold_num.h"
#include "log_mask.h"

#define SLOTS		1024	/* a power of two */
#define BEFORE_MAX	8	/* bytes of the text before a figure */
#define BEFORE_MIN	3	/* below it the figure's number tells */
#define FIGURE_MAX	64	/* bytes */
#define DIGITS_MIN	4	/* of a figure of one part */
#define WORD_MAX	64	/* bytes looked back for where a word begins */
#define SAVED_MIN	8	/* bytes of a line; for less it stays */
#define HEAD_MIN	16	/* bytes of a line up to its time */
#define HEAD_WITHIN	48	/* bytes in which that begins */
#define HASH_MIN	7	/* digits */
#define QUERY_MAX	1000	/* bytes of it that are looked at */

/* The second is for texts in which the first could be what it is. */
static const char signs[] = "#^";

#define LEGEND	"Below, %c repeats the number that stood there last "	\
		"(after 10:05:03, %c:43 is 10:05:43), %c%c the time and " \
		"all before it.\n"
#define LEGEND_LEN	(sizeof(LEGEND) - 1 - 4)

/* The last figure behind a text: where it is in what is in full. */
struct slot {
	uint64_t	before;		/* 0: free */
	size_t		at;
	unsigned	n, parts;
};

struct fold {
	char		sign;
	struct slot	slot[SLOTS];
	size_t		line;		/* where it begins, in full */
	size_t		last;		/* behind its last figure */
	unsigned	nth;		/* of its figures comes next */
	size_t		head, headlen;	/* of the last line with a time */
};

struct figure {
	size_t		n;		/* bytes to go on behind */
	unsigned	parts;		/* of digits, behind the sign if any */
	bool		sign;		/* begins with it */
	bool		ok;
};

static bool
is_name(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' ||
	    (unsigned char)c >= 0x80;
}

static bool
between(char c)
{
	return c == ':' || c == '.' || c == '-' || c == ',' || c == '/' ||
	    c == '_' || c == 'T';
}

/* The blank between a date and a time, after so many parts. */
static bool
in_stamp(struct span s, unsigned parts)
{
	return parts == 3 && s.n > 3 && s.p[0] == ' ' && is_digit(s.p[1]) &&
	    is_digit(s.p[2]) && s.p[3] == ':';
}

/* What may stand right behind a figure. */
static bool
may_end(struct span s, char sign)
{
	if (s.n == 0)
		return true;
	if (s.p[0] == 'Z')
		return s.n == 1 || !is_name(s.p[1]);
	return !is_name(s.p[0]) && s.p[0] != '/' && s.p[0] != sign;
}

/* The figure that s begins with, as it is or shortened. */
static struct figure
figure(struct span s, char sign)
{
	struct figure f = { .sign = s.p[0] == sign };

	if (f.sign) {
		f.n = 1;
	} else {
		f.parts = 1;
		while (f.n < s.n && is_digit(s.p[f.n]))
			f.n++;
	}
	while (f.n + 1 < s.n && is_digit(s.p[f.n + 1]) &&
	    (between(s.p[f.n]) || in_stamp(span_skip(s, f.n), f.parts)))
		for (f.n++, f.parts++; f.n < s.n && is_digit(s.p[f.n]); f.n++)
			;
	f.ok = f.n <= FIGURE_MAX && may_end(span_skip(s, f.n), sign);
	return f;
}

/* Whether a line ends with the name of a time, and '='. */
static bool
names_time(struct span line)
{
	static const struct span names[] = {
		{ "time", 4 }, { "ts", 2 }, { "t", 1 }, { "timestamp", 9 },
	};
	size_t end = line.n - 1, from = end, i;

	while (from > 0 && is_name(line.p[from - 1]))
		from--;
	for (i = 0; i < HR_LEN(names); i++)
		if (span_eq(span_of(line.p + from, end - from), names[i]))
			return true;
	return false;
}

/* Whether a figure may begin at the end of a line that has come so far. */
static bool
may_begin(struct span line, char sign)
{
	static const char ends[] = " \t\"'`([{<>=,;|&";
	size_t i, k;
	char c;

	if (line.n == 0)
		return true;
	c = line.p[line.n - 1];
	if (is_name(c) || c == '.' || c == '-' || c == sign ||
	    (c == '=' && !names_time(line)))
		return false;
	for (i = line.n; i > 0 && line.n - i < WORD_MAX &&
	    memchr(ends, line.p[i - 1], sizeof(ends)) == NULL; i--)
		;
	k = line.n - i;
	if (k == WORD_MAX)
		return false;
	line = span_skip(line, i);
	if (k > 0 && (line.p[0] == '/' || line.p[0] == '.' ||
	    line.p[0] == '~'))
		return false;
	for (i = 0; i + 3 <= k; i++)
		if (memcmp(line.p + i, "://", 3) == 0)
			return false;
	return true;
}

/* The text before a figure at `at`, whole words if it has any, packed. */
static uint64_t
before(const struct fold *f, const char *full, size_t at)
{
	uint64_t key = 0;
	size_t from = at > BEFORE_MAX ? at - BEFORE_MAX : 0, i;

	for (i = from; i + 1 < at && full[i] != ' '; i++)
		;
	if (i + 1 < at)
		from = i;
	if (from < f->last)
		from = f->last;
	/* The newline tells that the line begins there. */
	if (from < f->line)
		from = f->line > 0 ? f->line - 1 : f->line;
	if (at - from < BEFORE_MIN)
		key = f->nth;
	for (; from < at; from++)
		key = key << 8 | (unsigned char)full[from];
	return key == 0 ? '\n' : key;
}

static struct slot *
find(struct fold *f, uint64_t key)
{
	return &f->slot[(key * 0x9e3779b97f4a7c15u) >> 32 & (SLOTS - 1)];
}

static void
remember(struct fold *f, struct slot *s, uint64_t key, size_t at,
    const struct figure *fig, size_t n)
{
	s->before = key;
	s->at = at;
	s->n = (unsigned)n;
	s->parts = fig->parts;
	f->last = at + n;
	f->nth = (f->nth + 1) & 0xff;
}

/*
 * How many bytes of a figure the sign can stand for, after one with as many
 * parts; 0: none, or too few to be worth it.
 */
static size_t
shared(struct span was, struct span now)
{
	size_t i, end = 0;

	for (i = 0; i < now.n && i < was.n && was.p[i] == now.p[i]; i++)
		if (!is_digit(now.p[i]))
			end = i;
	if (i == now.n && i == was.n)
		return end > 0 || i >= DIGITS_MIN ? i : 0;
	for (i = 0; i < end && is_digit(now.p[i]); i++)
		;
	return i < end || end >= DIGITS_MIN ? end : 0;
}

/* Length of a line up to its time, or 0. */
static size_t
head(struct span line, char sign)
{
	struct figure f;
	size_t i, n = 0;

	for (i = 0; i < line.n && i < HEAD_WITHIN; i += f.n) {
		f.n = 1;
		if (!is_digit(line.p[i]))
			continue;
		f = figure(span_skip(line, i), sign);
		if (f.ok && f.parts >= 3 && memchr(line.p + i, ':', f.n))
			n = i + f.n;
	}
	while (n > 0 && n < line.n && line.p[n] != ' ' && line.p[n] != '\n')
		n++;
	return n >= HEAD_MIN ? n : 0;
}

/* Whether a line begins with two signs that stand for the last head. */
static bool
has_signs(const struct fold *f, struct span line)
{
	return f->headlen > 0 && line.n > 2 && line.p[0] == f->sign &&
	    line.p[1] == f->sign && line.p[2] == ' ';
}

static void
begin_line(struct fold *f, size_t at)
{
	f->line = f->last = at;
	f->nth = 0;
}

static void
end_line(struct fold *f, struct span line)
{
	size_t n = head(line, f->sign);

	if (n > 0) {
		f->head = f->line;
		f->headlen = n;
	}
}

/* Whether the query names a figure, which then is not touched. */
static bool
asked(struct span query, struct span fig)
{
	if (query.n > QUERY_MAX)
		query.n = QUERY_MAX;
	return memmem(query.p, query.n, fig.p, fig.n) != NULL;
}

/* Whether a line begins with a hash, as those of git blame, which are code. */
static bool
is_blamed(struct span line)
{
	size_t i, from = line.p[0] == '^', letters = 0;

	for (i = from; i < line.n && (is_digit(line.p[i]) ||
	    (line.p[i] >= 'a' && line.p[i] <= 'f')); i++)
		letters += !is_digit(line.p[i]);
	return letters > 0 && i - from >= HASH_MIN && i < line.n &&
	    line.p[i] == ' ';
}

/*
 * Bytes of a line in which figures may be shortened: all, where it names the
 * place that logged it those up to the time, or none.
 */
static size_t
open_part(struct span line, char sign)
{
	enum log_level level;
	size_t end;

	if (line.n == 0 || line.p[0] == '{' || is_blamed(line) ||
	    !log_timed(line) || span_starts(line, SPAN_LIT("[hr: ")))
		return 0;
	level = log_level(line, &end);
	if (level >= LOG_WARN || errword_in(line))
		return 0;
	if (!log_located(line))
		return line.n;
	return level == LOG_INFO ? head(line, sign) : 0;
}

struct encoder {
	struct fold	 f;
	struct span	 text, query;
	struct buf	*out;
	bool		 shortened;
};

/* The figure at `at` of the text.  False: it cannot be told from ours. */
static bool
put_figure(struct encoder *e, size_t at, const struct figure *fig, bool open)
{
	struct span s = span_of(e->text.p + at, fig->n);
	uint64_t key = before(&e->f, e->text.p, at);
	struct slot *slot = find(&e->f, key);
	size_t n = 0;

	if (fig->sign) {
		buf_addspan(e->out, s);
		return slot->before != key || slot->parts <= fig->parts;
	}
	if (open && slot->before == key && slot->parts == fig->parts)
		n = shared(span_of(e->text.p + slot->at, slot->n), s);
	if (n > 0 && e->query.n > 0 && asked(e->query, s))
		n = 0;
	if (n > 0)
		buf_addc(e->out, e->f.sign);
	buf_addspan(e->out, span_skip(s, n));
	remember(&e->f, slot, key, at, fig, s.n);
	return true;
}

/* Put signs for what a line begins with, if the last one began so. */
static size_t
put_head(struct encoder *e, struct span line)
{
	size_t n = e->f.headlen;

	if (n == 0 || line.n <= n || line.p[n] != ' ' ||
	    memcmp(line.p, e->text.p + e->f.head, n) != 0)
		return 0;
	buf_addc(e->out, e->f.sign);
	buf_addc(e->out, e->f.sign);
	return n;
}

static bool
put_figures(struct encoder *e, size_t at, size_t end, size_t open)
{
	const char *p = e->text.p;
	size_t done = at;
	struct figure fig;

	while (at < end) {
		if (!is_digit(p[at]) && p[at] != e->f.sign) {
			at++;
			continue;
		}
		fig = figure(span_of(p + at, end - at), e->f.sign);
		if (fig.ok && may_begin(span_of(p + e->f.line,
		    at - e->f.line), e->f.sign)) {
			buf_add(e->out, p + done, at - done);
			if (!put_figure(e, at, &fig, at < open))
				return false;
			done = at + fig.n;
		}
		at += fig.n;
	}
	buf_add(e->out, p + done, end - done);
	return true;
}

static bool
put_line(struct encoder *e, size_t at, size_t end)
{
	struct span line = span_of(e->text.p + at, end - at);
	size_t start = e->out->len, open = open_part(line, e->f.sign), n;

	if (has_signs(&e->f, line))
		return false;
	begin_line(&e->f, at);
	n = open > 0 ? put_head(e, line) : 0;
	e->f.last += n;
	if (!put_figures(e, at + n, end, at + open))
		return false;
	n = buf_err(e->out) ? line.n : e->out->len - start;
	if (n + SAVED_MIN > line.n) {
		buf_truncate(e->out, start);
		buf_addspan(e->out, line);
	} else
		e->shortened = true;
	end_line(&e->f, line);
	return true;
}

static size_t
line_end(struct span s, size_t at)
{
	const char *nl = memchr(s.p + at, '\n', s.n - at);

	return nl != NULL ? (size_t)(nl - s.p) + 1 : s.n;
}

static bool
comes_back(struct span text, struct span out)
{
	struct buf back = BUF_INIT;
	bool same;

	back.max = text.n;
	same = fold_num_expand(out, &back) == EXPAND_OK &&
	    span_eq(buf_span(&back), text);
	buf_release(&back);
	return same;
}

static bool
fold_with(char sign, struct span text, struct span query, struct buf *out)
{
	struct encoder e = { .f = { .sign = sign }, .text = text,
	    .query = query, .out = out };
	size_t at, end, start = out->len;

	buf_addf(out, LEGEND, sign, sign, sign, sign);
	for (at = 0; at < text.n; at = end) {
		end = line_end(text, at);
		if (!put_line(&e, at, end))
			return false;
	}
	return e.shortened && !buf_err(out) &&
	    comes_back(text, span_skip(buf_span(out), start));
}

bool
fold_num(struct span text, struct span query, struct buf *out)
{
	size_t i, start = out->len;

	if (fold_num_is(text, &i))
		return false;
	for (i = 0; signs[i] != '\0'; i++) {
		if (fold_with(signs[i], text, query, out))
			return true;
		buf_truncate(out, start);
	}
	return false;
}

/* The sign that the first line names, or NUL. */
static char
sign_of(struct span text)
{
	char line[LEGEND_LEN + 1];
	size_t i;

	for (i = 0; signs[i] != '\0'; i++) {
		snprintf(line, sizeof(line), LEGEND, signs[i], signs[i],
		    signs[i], signs[i]);
		if (span_starts(text, span_of(line, LEGEND_LEN)))
			break;
	}
	return signs[i];
}

bool
fold_num_is(struct span text, size_t *n)
{
	*n = LEGEND_LEN;
	return sign_of(text) != '\0';
}

/* What a short form of a figure stands for; fig->parts become those of it. */
static void
get_figure(struct fold *f, struct span s, struct figure *fig, struct buf *out,
    size_t start)
{
	size_t at = out->len - start, i, n;
	uint64_t key = before(f, out->p + start, at);
	struct slot *slot = find(f, key);
	unsigned parts;
	char was[FIGURE_MAX];

	if (!fig->sign) {
		buf_addspan(out, s);
		remember(f, slot, key, at, fig, s.n);
		return;
	}
	if (slot->before != key || slot->parts <= fig->parts) {
		buf_addspan(out, s);
		return;
	}
	memcpy(was, out->p + start + slot->at, slot->n);
	parts = slot->parts - fig->parts;
	for (i = 0; i < slot->n; i++)
		if (!is_digit(was[i]) && --parts == 0)
			break;
	n = i + s.n - 1;
	buf_add(out, was, i);
	buf_addspan(out, span_skip(s, 1));
	fig->parts = slot->parts;
	if (n <= FIGURE_MAX)
		remember(f, slot, key, at, fig, n);
}

static void
get_head(const struct fold *f, struct buf *out, size_t start)
{
	char *room = buf_reserve(out, f->headlen);

	if (room != NULL) {
		memcpy(room, out->p + start + f->head, f->headlen);
		buf_commit(out, f->headlen);
	}
}

static void
get_line(struct fold *f, struct span line, struct buf *out, size_t start)
{
	size_t at = 0, done;
	struct figure fig;

	begin_line(f, out->len - start);
	if (has_signs(f, line)) {
		get_head(f, out, start);
		f->last += f->headlen;
		at = 2;
	}
	done = at;
	while (at < line.n && !buf_err(out)) {
		if (!is_digit(line.p[at]) && line.p[at] != f->sign) {
			at++;
			continue;
		}
		fig = figure(span_skip(line, at), f->sign);
		buf_add(out, line.p + done, at - done);
		done = at + fig.n;
		if (fig.ok && !buf_err(out) && may_begin(span_of(out->p +
		    start + f->line, out->len - start - f->line), f->sign))
			get_figure(f, span_of(line.p + at, fig.n), &fig, out,
			    start);
		else
			buf_add(out, line.p + at, fig.n);
		at = done;
	}
	buf_add(out, line.p + done, line.n - done);
	if (!buf_err(out))
		end_line(f, span_of(out->p + start + f->line,
		    out->len - start - f->line));
}

enum squash_expanded
fold_num_expand(struct span in, struct buf *out)
{
	struct fold f = { .sign = sign_of(in) };
	size_t at, end, start = out->len;

	if (f.sign == '\0')
		return EXPAND_FOREIGN;
	if (buf_reserve(out, 1) == NULL)
		return EXPAND_FAILED;
	for (at = LEGEND_LEN; at < in.n && !buf_err(out); at = end) {
		end = line_end(in, at);
		get_line(&f, span_of(in.p + at, end - at), out, start);
	}
	return buf_err(out) ? EXPAND_FAILED : EXPAND_OK;
}
