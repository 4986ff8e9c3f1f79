/*
 * log_note - what lines left out have in common, and in what they differ
 */
#include "compat.h"

#include "ascii.h"
#include "log_mask.h"
#include "log_note.h"
#include "num.h"

#define LINES_MIN	20	/* for which numbers are told */
#define LINES_MAX	10000	/* that are looked at */
#define SLOTS_MAX	8	/* numbers of a line that are looked at */
#define TOLD_MAX	3	/* of them told */
#define VALUES_MAX	3	/* of one, told singly */
#define NAME_MAX	16	/* bytes of the word before */
#define UNIT_MAX	3	/* letters behind a number */
#define DIGITS_MAX	12

/* A number in its line, with the word before it. */
struct slot {
	struct span	name;
	uint64_t	value;
};

/* What was seen of a number in all lines. */
struct stat {
	struct span	name;
	uint64_t	min, max;
	struct {
		uint64_t	value;
		size_t		times;
	} one[VALUES_MAX];
	size_t		values;		/* VALUES_MAX + 1: more */
};

/* Whether c makes a number next to it a part of something else. */
static bool
joins(char c)
{
	return is_letter(c) || c == '_' || c == '-' || c == '.' || c == '/' ||
	    c == ':' || (unsigned char)c >= 0x80;
}

/* What may stand behind a number: its unit, and nothing that joins. */
static bool
may_end(struct span s)
{
	size_t n = 0;

	while (n < s.n && n < UNIT_MAX && is_letter(s.p[n]))
		n++;
	if (n == s.n)
		return true;
	if (is_letter(s.p[n]) || is_digit(s.p[n]))
		return false;
	return !joins(s.p[n]) || n + 1 == s.n || s.p[n + 1] == ' ';
}

/* The word that ends before `at`, up to one blank, '=' or ':' between. */
static struct span
name_before(struct span line, size_t at)
{
	size_t end = at, from;

	if (end > 0 && (line.p[end - 1] == ' ' || line.p[end - 1] == '='))
		end--;
	if (end > 0 && line.p[end - 1] == ':')
		end--;
	for (from = end; from > 0 && is_letter(line.p[from - 1]); from--)
		;
	if (end == at || end - from > NAME_MAX || (from > 0 &&
	    joins(line.p[from - 1])))
		return span_of("", 0);
	return span_of(line.p + from, end - from);
}

/* The whole numbers of a line that have a name. */
static size_t
slots_of(struct span line, struct slot *slot)
{
	size_t i, len, n = 0;

	for (i = 0; i < line.n && n < SLOTS_MAX; i += len) {
		len = 1;
		if (!is_digit(line.p[i]))
			continue;
		while (i + len < line.n && is_digit(line.p[i + len]))
			len++;
		if (len > DIGITS_MAX || (len > 1 && line.p[i] == '0') ||
		    !may_end(span_skip(line, i + len)))
			continue;
		slot[n].name = name_before(line, i);
		if (slot[n].name.n == 0 || num_u64(span_of(line.p + i, len),
		    0, UINT64_MAX, &slot[n].value) < 0)
			continue;
		n++;
	}
	return n;
}

static void
count(struct stat *s, uint64_t value)
{
	size_t i;

	if (value < s->min)
		s->min = value;
	if (value > s->max)
		s->max = value;
	for (i = 0; i < s->values && i < VALUES_MAX; i++)
		if (s->one[i].value == value) {
			s->one[i].times++;
			return;
		}
	if (s->values < VALUES_MAX) {
		s->one[i].value = value;
		s->one[i].times = 1;
	}
	if (s->values <= VALUES_MAX)
		s->values++;
}

static void
tell(const struct stat *s, struct buf *out)
{
	size_t i;

	buf_adds(out, ", ");
	buf_addspan(out, s->name);
	if (s->values > VALUES_MAX) {
		buf_addf(out, " %llu to %llu", (unsigned long long)s->min,
		    (unsigned long long)s->max);
		return;
	}
	for (i = 0; i < s->values; i++)
		buf_addf(out, "%s%llu (%zu)", i > 0 ? ", " : " ",
		    (unsigned long long)s->one[i].value, s->one[i].times);
}

/* The numbers that vary in lines which are all like the one before them. */
static void
tell_numbers(const struct log_plan *p, size_t from, size_t to,
    struct buf *out)
{
	struct stat stat[SLOTS_MAX];
	struct slot slot[SLOTS_MAX];
	size_t i, k, n, told = 0;

	if (to - from < LINES_MIN || to - from > LINES_MAX)
		return;
	n = slots_of(log_plan_line(p, from), slot);
	for (k = 0; k < n; k++)
		stat[k] = (struct stat){ .name = slot[k].name,
		    .min = UINT64_MAX };
	for (i = from; i < to; i++) {
		if (slots_of(log_plan_line(p, i), slot) != n)
			return;
		for (k = 0; k < n; k++) {
			if (!span_eq(slot[k].name, stat[k].name))
				return;
			count(&stat[k], slot[k].value);
		}
	}
	for (k = 0; k < n && told < TOLD_MAX; k++)
		if (stat[k].values > 1) {
			tell(&stat[k], out);
			told++;
		}
}

/*
 * What a profile says stands in all lines left out.  False: nothing, or there
 * is but one, which costs no more.
 */
static bool
tell_tag(const struct log_plan *p, size_t from, size_t to, struct buf *out)
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

static const struct log_words *
words_of(const struct log_plan *p, size_t line)
{
	size_t lo = 0, hi = p->nnear, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (p->near[mid].line < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &p->near[lo];
}

/* Long lines that say again what is above, and the words that it had not. */
static void
tell_near(const struct log_plan *p, size_t from, size_t to, size_t near,
    struct buf *out)
{
	const struct log_words *w;
	const char *between = " but for ";
	size_t i;

	if (near == 0)
		return;
	buf_addf(out, "%s%zu like one above", out->len > 0 ? ", " : "", near);
	for (i = from; i < to; i++) {
		if (!p->line[i].near || (w = words_of(p, i))->n == 0)
			continue;
		buf_adds(out, between);
		buf_add(out, p->words.p + w->at, w->n);
		between = ", ";
	}
}

void
log_note(const struct log_plan *p, size_t from, size_t to, struct buf *out)
{
	size_t i, errors = 0, near = 0;
	bool alike = from > 0 && p->line[from - 1].keep;

	if (tell_tag(p, from, to, out))
		return;
	for (i = from; i < to; i++) {
		uint32_t t = p->line[i].tmpl;

		errors += t != LOG_NO_TEMPLATE &&
		    p->tmpl[t].kind == LOG_KIND_ERROR;
		alike = alike && t == p->line[from - 1].tmpl;
		near += p->line[i].near;
	}
	if (alike) {
		buf_adds(out, "like the line above");
		tell_numbers(p, from, to, out);
	} else if (errors == 1)
		buf_adds(out, "1 repeats an error shown");
	else if (errors > 1)
		buf_addf(out, "%zu repeat errors shown", errors);
	tell_near(p, from, to, near, out);
}
