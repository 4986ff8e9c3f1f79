/*
 * log_term - a line at a time, a cell for each character
 */
#include "compat.h"

#include <stdlib.h>

#include "log_term.h"
#include "mem.h"

#define ESC	'\033'
#define MOVE_MAX	512	/* columns that one sequence may move */
#define COLUMNS_MAX	((size_t)1 << 16) /* beyond, a line stays */

/* A character, or a sequence that is kept, by its place in the text. */
struct cell {
	const char	*p;
	uint32_t	 n;
};

struct screen {
	struct cell	*cell;
	size_t		 n, cap;	/* of the line */
	size_t		 col;
	bool		 strange;	/* wide, or moves to other lines */
	bool		 failed;
};

/* A sequence: its length, and what to do. */
struct sequence {
	size_t	n;
	char	final;		/* of a CSI sequence, else NUL */
	size_t	arg;
	bool	known;		/* within the line, or none: it goes */
};

bool
log_term_noisy(struct span text)
{
	const char *p = text.p, *end = text.p + text.n;

	if (text.n == 0)
		return false;
	if (memchr(p, ESC, text.n) != NULL || memchr(p, '\b', text.n) != NULL)
		return true;
	while ((p = memchr(p, '\r', (size_t)(end - p))) != NULL) {
		p++;
		if (p == end)
			return false;
		if (*p != '\n')
			return true;
	}
	return false;
}

static struct cell *
cell_at(struct screen *sc, size_t col)
{
	static const char blank[] = " ";
	struct cell *c;

	if (col >= COLUMNS_MAX) {
		sc->strange = true;
		return NULL;
	}
	if (col >= sc->cap) {
		c = mem_grow(sc->cell, &sc->cap, col + 1, sizeof(*c),
		    SIZE_MAX / sizeof(*c));
		if (c == NULL) {
			sc->failed = true;
			return NULL;
		}
		sc->cell = c;
	}
	while (sc->n <= col)
		sc->cell[sc->n++] = (struct cell){ blank, 1 };
	return &sc->cell[col];
}

static void
put(struct screen *sc, const char *p, size_t n)
{
	struct cell *c = cell_at(sc, sc->col);

	if (c == NULL)
		return;
	*c = (struct cell){ p, (uint32_t)n };
	sc->col++;
}

/* Title, link or the like: to BEL or ST, within the line. */
static size_t
string_end(struct span s)
{
	size_t i;

	for (i = 2; i < s.n; i++) {
		if (s.p[i] == '\a')
			return i + 1;
		if (s.p[i] == ESC)
			return i + 1 < s.n && s.p[i + 1] == '\\' ? i + 2 : i;
	}
	return 0;
}

static void
read_csi(struct span s, struct sequence *q)
{
	static const char within[] = "mKGCDlhnqX";
	size_t i = 2, arg = 0;

	for (; i < s.n && s.p[i] >= 0x30 && s.p[i] <= 0x3F; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9' && arg < MOVE_MAX)
			arg = arg * 10 + (size_t)(s.p[i] - '0');
	while (i < s.n && s.p[i] >= 0x20 && s.p[i] <= 0x2F)
		i++;
	if (i == s.n || s.p[i] < 0x40 || s.p[i] > 0x7E)
		return;
	q->n = i + 1;
	q->final = s.p[i];
	q->arg = arg < MOVE_MAX ? arg : MOVE_MAX;
	q->known = memchr(within, s.p[i], sizeof(within) - 1) != NULL;
}

/* s begins with ESC.  Where no sequence follows ESC alone goes. */
static struct sequence
sequence(struct span s)
{
	struct sequence q = { .n = 1, .known = true };
	char c = s.n < 2 ? '\0' : s.p[1];

	if (c == '[') {
		read_csi(s, &q);
	} else if (c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X') {
		q.n = string_end(s);
		q.n = q.n > 0 ? q.n : 1;
	} else if (c >= '(' && c <= '+') {
		q.n = s.n > 2 ? 3 : 1;
	} else if (c >= '0' && c <= '~') {
		q.n = 2;
		q.known = memchr("cDEM", c, 4) == NULL;
	}
	return q;
}

static void
erase(struct screen *sc, size_t mode)
{
	size_t i;

	if (mode == 0 && sc->col < sc->n)
		sc->n = sc->col;
	else if (mode == 2)
		sc->n = 0;
	for (i = 0; mode == 1 && i < sc->n && i <= sc->col && i < MOVE_MAX;
	    i++)
		sc->cell[i] = (struct cell){ " ", 1 };
}

static void
obey(struct screen *sc, const struct sequence *q)
{
	size_t by = q->arg > 0 ? q->arg : 1;

	switch (q->final) {
	case 'K':
		erase(sc, q->arg);
		break;
	case 'G':
		sc->col = by - 1;
		break;
	case 'C':
		sc->col += by;
		break;
	case 'D':
		sc->col -= by < sc->col ? by : sc->col;
		break;
	default:
		break;
	}
}

/* Bytes of the character that begins here; an odd byte is one itself. */
static size_t
character(struct span s)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t want = c < 0xC2 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 :
	    c < 0xF5 ? 4 : 1;
	size_t n = 1;

	while (n < want && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n++;
	return n == want ? n : 1;
}

static void
show(struct screen *sc, struct span s)
{
	struct sequence q;
	size_t n;

	while (s.n > 0 && !sc->failed && !sc->strange) {
		n = 1;
		switch (s.p[0]) {
		case '\r':
			sc->col = 0;
			break;
		case '\b':
			sc->col -= sc->col > 0;
			break;
		case ESC:
			q = sequence(s);
			n = q.n;
			obey(sc, &q);
			sc->strange = sc->strange || !q.known;
			break;
		default:
			n = character(s);
			put(sc, s.p, n);
			break;
		}
		s = span_skip(s, n);
	}
}

static void
write_line(const struct screen *sc, struct buf *out)
{
	size_t i;

	for (i = 0; i < sc->n; i++)
		buf_add(out, sc->cell[i].p, sc->cell[i].n);
}

/* The line, without what shows nowhere. */
static void
uncoloured(struct span s, struct buf *out)
{
	struct sequence q;
	const char *esc;
	size_t n;

	while (s.n > 0) {
		esc = memchr(s.p, ESC, s.n);
		n = esc != NULL ? (size_t)(esc - s.p) : s.n;
		buf_add(out, s.p, n);
		s = span_skip(s, n);
		if (s.n == 0)
			break;
		q = sequence(s);
		if (!q.known || memchr("KGCDX", q.final, 5) != NULL)
			buf_add(out, s.p, q.n);
		s = span_skip(s, q.n);
	}
}

static bool
line_noisy(struct span s)
{
	return s.n > 0 && (memchr(s.p, ESC, s.n) != NULL ||
	    memchr(s.p, '\b', s.n) != NULL || memchr(s.p, '\r', s.n) != NULL);
}

int
log_term(struct span text, struct buf *out)
{
	struct screen sc = { .cell = NULL };
	struct span line, end;
	const char *nl;
	size_t n, start;

	while (text.n > 0 && !sc.failed) {
		nl = memchr(text.p, '\n', text.n);
		n = nl != NULL ? (size_t)(nl - text.p) : text.n;
		line = span_of(text.p, n);
		while (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		/* Of returns at the end one stays. */
		end = span_of(text.p + n - (line.n < n),
		    (size_t)(line.n < n) + (nl != NULL));
		start = out->len;
		if (line_noisy(line)) {
			sc.n = sc.col = 0;
			sc.strange = false;
			show(&sc, line);
			write_line(&sc, out);
		} else
			buf_addspan(out, line);
		/* Moving right may fill with blanks: then it is no gain. */
		if (sc.strange || out->len - start > line.n) {
			buf_truncate(out, start);
			uncoloured(line, out);
		}
		buf_addspan(out, end);
		text = span_skip(text, n + (nl != NULL));
	}
	free(sc.cell);
	return sc.failed || buf_err(out) ? -1 : 0;
}
