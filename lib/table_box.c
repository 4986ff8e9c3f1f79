/*
 * table_box - widths and sides of the cells of drawn tables
 */
#include "compat.h"

#include <string.h>

#include "table_box.h"

static const char *const side_words[SIDES] = {
	"left", "right", "centred", "even"
};

static const char *const head_words[SIDES] = {
	"header left", "header right", NULL, "header even"
};

static const char *const base_words[SIDES] = {
	NULL, "cells right", "cells centred", "cells even"
};

/* The blanks before a text of n columns. */
static size_t
lead_of(enum side side, size_t width, size_t n)
{
	size_t blanks = width > n ? width - n : 0;

	switch (side) {
	case SIDE_RIGHT:
		return blanks;
	case SIDE_CENTRE:
		return blanks / 2;
	case SIDE_EVEN:
		return blanks / 2 + (blanks % 2 == 1 && n % 2 == 0);
	default:
		return 0;
	}
}

bool
box_row(const struct box *b, const struct bars *bars, struct span line,
    bool cut, struct span *cell)
{
	size_t k, n, last = b->t.ncol - 1;

	for (k = 0; k <= last; k++) {
		if (!table_takes(&line, k == 0 ? bars->left : bars->mid) ||
		    !table_takes(&line, " "))
			return false;
		if (cut && k == last) {
			cell[k] = line;
			return table_width(line, b->wide) <= b->width[k];
		}
		if (!table_cut(line, b->width[k], b->wide, &n))
			return false;
		cell[k] = span_of(line.p, n);
		line = span_skip(line, n);
		if (!table_takes(&line, " "))
			return false;
	}
	return table_takes(&line, bars->right) && line.n == 0;
}

/* A number, or what stands in its place. */
static bool
is_figure(const struct table_cell *c, bool *number)
{
	if (c->kind == TABLE_LITERAL && table_number(c->s)) {
		*number = true;
		return true;
	}
	return c->kind == TABLE_EMPTY || span_eq(c->s, SPAN_LIT("NULL"));
}

static bool
numeric(const struct table *t, size_t k)
{
	bool number = false;
	size_t i;

	for (i = 0; i < t->nrow; i++)
		if (!is_figure(&t->cell[i * t->ncol + k], &number))
			return false;
	return number;
}

/* The sides on which all cells of a column stand, as bits. */
static unsigned
sides_of(const struct box *b, size_t k)
{
	unsigned set = b->psql ? 1u << SIDE_LEFT | 1u << SIDE_RIGHT :
	    (1u << SIDES) - 1;
	size_t i, lead, n;
	struct span s, in;
	int side;

	for (i = 0; i < b->t.nrow && set != 0; i++) {
		s = b->t.cell[i * b->t.ncol + k].s;
		in = span_trim(s, " ");
		if (in.n == 0)
			continue;
		n = table_width(in, b->wide);
		lead = (size_t)(in.p - s.p);
		for (side = 0; side < SIDES; side++)
			if (lead != lead_of((enum side)side, b->width[k], n))
				set &= ~(1u << side);
	}
	return set;
}

/* Blanks in front are content where cells stand on no side. */
static void
trim_cells(struct box *b, size_t k, bool in_front)
{
	struct table_cell *c;
	struct span in;
	size_t i, lead;

	for (i = 0; i < b->t.nrow; i++) {
		c = &b->t.cell[i * b->t.ncol + k];
		in = span_trim(c->s, " ");
		lead = in_front || in.n == 0 ? 0 : (size_t)(in.p - c->s.p);
		c->s = span_of(in.n == 0 ? c->s.p : in.p - lead,
		    in.n + lead);
		c->kind = (uint8_t)table_kind(c->s);
	}
}

static enum side
side_default(const struct box *b, size_t k, bool number)
{
	if (b->colons[k] != 0)
		return (enum side)(b->colons[k] - 1);
	return number && b->numbers_right ? SIDE_RIGHT : b->base;
}

/* The side that is right for most columns, the left one if in doubt. */
static enum side
base_of(struct box *b, const unsigned *set, const bool *number)
{
	enum side best = SIDE_LEFT;
	size_t k, n, most = 0;
	int side;

	for (side = 0; side < SIDES; side++) {
		b->base = (enum side)side;
		for (n = k = 0; k < b->t.ncol; k++)
			n += set[k] >> side_default(b, k, number[k]) & 1;
		if (n > most) {
			most = n;
			best = (enum side)side;
		}
	}
	return best;
}

static void
find_sides(struct box *b, const unsigned *set, const bool *number)
{
	size_t k;
	unsigned side;

	for (k = 0; k < b->t.ncol; k++) {
		side = side_default(b, k, number[k]);
		if (!(set[k] >> side & 1))
			for (side = 0; side < SIDES; side++)
				if (set[k] >> side & 1)
					break;
		b->side[k] = (uint8_t)(side < SIDES ? side : SIDE_LEFT);
	}
}

/* Whether all names stand so, untrimmed as they are. */
static bool
names_stand(const struct box *b, enum side head)
{
	struct span s, in;
	size_t k;

	for (k = 0; k < b->t.ncol; k++) {
		s = b->t.name[k];
		in = span_trim(s, " ");
		if (in.n > 0 && (size_t)(in.p - s.p) != lead_of(head,
		    b->width[k], table_width(in, b->wide)))
			return false;
	}
	return true;
}

/*
 * Sides on which both the cells and the name of each column stand, if there
 * are such: where all cells are as wide as the column only the name tells.
 */
static bool
sides_of_names(struct box *b, const unsigned *set)
{
	uint8_t found[TABLE_COLUMNS_MAX];
	size_t k, lead, n;
	struct span s, in;
	int side;

	for (k = 0; k < b->t.ncol; k++) {
		s = b->t.name[k];
		in = span_trim(s, " ");
		lead = in.n == 0 ? 0 : (size_t)(in.p - s.p);
		n = table_width(in, b->wide);
		/* The one that is there already, else the first. */
		for (side = -1; side < SIDES; side++) {
			found[k] = side < 0 ? b->side[k] : (uint8_t)side;
			if ((set[k] >> found[k] & 1) && (in.n == 0 || lead ==
			    lead_of((enum side)found[k], b->width[k], n)))
				break;
		}
		if (side == SIDES)
			return false;
	}
	memcpy(b->side, found, b->t.ncol);
	return true;
}

static void
settle_names(struct box *b, const unsigned *set)
{
	size_t k;

	b->head_as_cells = false;
	if (names_stand(b, SIDE_CENTRE))
		b->head = SIDE_CENTRE;
	else if (names_stand(b, SIDE_LEFT))
		b->head = SIDE_LEFT;
	else if (sides_of_names(b, set))
		b->head_as_cells = true;
	else
		b->head = SIDE_EVEN;
	for (k = 0; k < b->t.ncol; k++)
		b->t.name[k] = span_trim(b->t.name[k], " ");
}

void
box_settle(struct box *b)
{
	unsigned set[TABLE_COLUMNS_MAX];
	bool number[TABLE_COLUMNS_MAX];
	size_t k;

	b->t.nrow = b->t.ncell / b->t.ncol;
	b->numbers_right = b->psql;
	for (k = 0; k < b->t.ncol; k++) {
		set[k] = sides_of(b, k);
		trim_cells(b, k, set[k] != 0);
		number[k] = numeric(&b->t, k);
		if (number[k] && b->colons[k] == 0 &&
		    (set[k] >> SIDE_RIGHT & 1) && !(set[k] & 1))
			b->numbers_right = true;
	}
	b->base = base_of(b, set, number);
	find_sides(b, set, number);
	settle_names(b, set);
}

static size_t
widest(const struct box *b, size_t k)
{
	size_t i, n, w = table_width(b->t.name[k], b->wide);

	for (i = 0; i < b->t.nrow; i++) {
		n = table_width(b->t.cell[i * b->t.ncol + k].s, b->wide);
		if (n > w)
			w = n;
	}
	return w;
}

static void
say_sides(const struct box *b, struct buf *how)
{
	bool number[TABLE_COLUMNS_MAX], any;
	size_t k;
	int side;

	for (k = 0; k < b->t.ncol; k++)
		number[k] = numeric(&b->t, k);
	for (side = 0; side < SIDES; side++) {
		any = false;
		for (k = 0; k < b->t.ncol; k++) {
			if (b->side[k] != side || (enum side)side ==
			    side_default(b, k, number[k]))
				continue;
			if (!any)
				table_say(how, side_words[side]);
			any = true;
			buf_addc(how, ' ');
			buf_addu(how, k + 1);
		}
	}
}

void
box_say(const struct box *b, struct buf *how)
{
	size_t k;

	if (b->wide)
		table_say(how, "wide characters");
	if (b->head_as_cells)
		table_say(how, "header as cells");
	else if (head_words[b->head] != NULL)
		table_say(how, head_words[b->head]);
	if (base_words[b->base] != NULL)
		table_say(how, base_words[b->base]);
	if (b->numbers_right && !b->psql)
		table_say(how, "numbers right");
	say_sides(b, how);
	for (k = 0; k < b->t.ncol; k++)
		if (widest(b, k) != b->width[k])
			break;
	if (k == b->t.ncol)
		return;
	table_say(how, "widths");
	for (k = 0; k < b->t.ncol; k++) {
		buf_addc(how, ' ');
		buf_addu(how, b->width[k]);
	}
}

void
box_told(struct box *b, struct span how)
{
	struct span list;
	size_t k;
	int side;

	b->wide = table_said(how, "wide characters", NULL);
	b->head_as_cells = table_said(how, "header as cells", NULL);
	b->head = SIDE_CENTRE;
	b->base = SIDE_LEFT;
	for (side = 0; side < SIDES; side++) {
		if (head_words[side] != NULL &&
		    table_said(how, head_words[side], NULL))
			b->head = (enum side)side;
		if (base_words[side] != NULL &&
		    table_said(how, base_words[side], NULL))
			b->base = (enum side)side;
	}
	b->numbers_right = b->psql || table_said(how, "numbers right", NULL);
	for (k = 0; k < b->t.ncol; k++) {
		b->side[k] = (uint8_t)side_default(b, k, numeric(&b->t, k));
		b->width[k] = widest(b, k);
	}
	for (side = 0; side < SIDES; side++)
		if (table_said(how, side_words[side], &list))
			while (table_next_number(&list, &k))
				if (k > 0 && k <= b->t.ncol)
					b->side[k - 1] = (uint8_t)side;
	if (!table_said(how, "widths", &list))
		return;
	for (k = 0; k < b->t.ncol; k++)
		if (!table_next_number(&list, &b->width[k]))
			return;
}

void
box_fill(const char *what, size_t n, struct buf *out)
{
	struct span s = span_z(what);

	while (n-- > 0 && !buf_err(out))
		buf_addspan(out, s);
}

/* A text among its blanks; bare: none behind it. */
static void
put(const struct box *b, size_t k, enum side side, struct span s, bool bare,
    struct buf *out)
{
	size_t n = table_width(s, b->wide);
	size_t lead = lead_of(side, b->width[k], n);

	buf_addc(out, ' ');
	box_fill(" ", lead, out);
	buf_addspan(out, s);
	if (!bare && b->width[k] > lead + n)
		box_fill(" ", b->width[k] - lead - n, out);
	if (!bare)
		buf_addc(out, ' ');
}

void
box_put_row(const struct box *b, const struct bars *bars, size_t i,
    struct buf *out)
{
	size_t k;

	for (k = 0; k < b->t.ncol; k++) {
		buf_adds(out, k == 0 ? bars->left : bars->mid);
		put(b, k, (enum side)b->side[k],
		    b->t.cell[i * b->t.ncol + k].s,
		    b->cut && k == b->t.ncol - 1, out);
	}
	buf_adds(out, bars->right);
}

void
box_put_header(const struct box *b, const struct bars *bars,
    struct buf *out)
{
	size_t k;

	for (k = 0; k < b->t.ncol; k++) {
		buf_adds(out, k == 0 ? bars->left : bars->mid);
		put(b, k, b->head_as_cells ? (enum side)b->side[k] : b->head,
		    b->t.name[k], false, out);
	}
	buf_adds(out, bars->right);
}
