/*
 * json_pick_num - numbers that stick out of a column
 *
 * Far numbers: the modified z-score by median and MAD (Iglewicz and Hoaglin
 * 1993).  Where that finds many, the column has long tails; then only what is
 * beyond 20 MAD, or far by logarithms too, counts.
 *
 * Changes of level: the medians of the WINDOW numbers before and behind a
 * place are compared all along the column.  Where they differ by more than
 * noise, taken from the differences of neighbours, which a step hardly moves,
 * and by more than elsewhere in the column, so that a slope is none, the place
 * is where a step between the two medians fits best, and there the two windows
 * must pass Pettitt's rank test (A non-parametric approach to the change-point
 * problem, Applied Statistics 28, 1979) with a probability below 1/200.
 */
#include "compat.h"

#include <math.h>
#include <stdlib.h>

#include "json_pick_impl.h"

#define NUMBERS_MIN	8	/* fewer have no median worth the name */
#define FAR_PART	20	/* a reason that holds for more is none */
#define WINDOW		10
#define SERIES_MIN	(4 * WINDOW)
#define CHANGES_MAX	3	/* of a column that are told */
#define CHANGES_MANY	8	/* with more, to change is nothing */

/* Modified z-score: 0.6745 |x - median| / MAD > 3.5. */
#define FAR_SCORE	(3.5 / 0.6745)
#define VERY_FAR_SCORE	20
#define SHIFT_SCORE	5
#define TO_SD		1.4826	/* MAD to standard deviation */

/* 2 exp(-6 U^2 / (m^3 + m^2)) < 1/200 for the m numbers of two windows. */
#define PETTITT_LOG	5.99

struct series {
	struct picker	*pk;
	double		*x;
	double		*work;	/* as many */
	uint64_t	*key;
	uint32_t	*row;
	uint32_t	 n;
};

/* Doubles as integers of the same order. */
static uint64_t
ordered(double x)
{
	uint64_t u;

	memcpy(&u, &x, sizeof(u));
	return u >> 63 ? ~u : u | UINT64_C(1) << 63;
}

static double
unordered(uint64_t u)
{
	double x;

	u = u >> 63 ? u & ~(UINT64_C(1) << 63) : ~u;
	memcpy(&x, &u, sizeof(x));
	return x;
}

/*
 * The median, byte by byte from the top: linear whatever the numbers are.
 */
static double
median(const struct series *s, const double *x, uint32_t n)
{
	uint32_t count[256], i, kept, k = n / 2;
	uint64_t *key = s->key;
	unsigned b;
	int shift;

	for (i = 0; i < n; i++)
		key[i] = ordered(x[i]);
	for (shift = 56; shift >= 0; shift -= 8) {
		memset(count, 0, sizeof(count));
		for (i = 0; i < n; i++)
			count[key[i] >> shift & 0xFF]++;
		for (b = 0; k >= count[b]; b++)
			k -= count[b];
		for (i = kept = 0; i < n; i++)
			if ((key[i] >> shift & 0xFF) == b)
				key[kept++] = key[i];
		n = kept;
	}
	return unordered(key[0]);
}

/* The numbers of a column, strings that are spelt as one among them. */
static bool
number(const struct picker *pk, uint32_t t, double *x)
{
	const struct json_tok *v = &pk->plan->doc->tok[t];
	struct span s = json_text(pk->plan->doc->text, v);

	if (v->type == JSON_STRING) {
		s = json_body(pk->plan->doc->text, v);
		if (s.n == 0 || !(s.p[0] == '-' ||
		    (s.p[0] >= '0' && s.p[0] <= '9')) ||
		    json_scan(s, NULL, 0, &(size_t){ 0 },
		    &(struct json_err){ 0 }) != JSON_OK)
			return false;
	} else if (v->type != JSON_NUMBER)
		return false;
	return json_number(s, x);
}

/* Those farther from the middle than least; how many. */
static uint32_t
count_far(const struct series *s, const double *x, double mid, double least)
{
	uint32_t i, k = 0;

	for (i = 0; i < s->n; i++)
		k += fabs(x[i] - mid) > least;
	return k;
}

/*
 * Rank those farther from the middle than least, if they are few but some;
 * whether the question is settled.
 */
static bool
settle_far(const struct series *s, const double *x, double mid, double least)
{
	uint32_t i, k = count_far(s, x, mid, least);

	if (k > json_few(s->n, FAR_PART))
		return false;
	for (i = 0; i < s->n && k > 0; i++)
		if (fabs(x[i] - mid) > least)
			json_pick_rank(s->pk, s->row[i], RANK_FAR, k);
	return true;
}

/*
 * Median absolute deviation of x from mid, or where more than half are equal
 * the mean one, in the same measure.
 */
static double
spread(const struct series *s, const double *x, double mid)
{
	double mad, sum = 0;
	uint32_t i;

	for (i = 0; i < s->n; i++) {
		s->work[i] = fabs(x[i] - mid);
		sum += s->work[i] / s->n;
	}
	mad = median(s, s->work, s->n);
	return mad > 0 ? mad : sum * 1.2533 / TO_SD;
}

/* Of many that are far the ends are odd. */
static void
rank_ends(const struct series *s)
{
	uint32_t i, least = 0, most = 0;

	for (i = 1; i < s->n; i++) {
		least = s->x[i] < s->x[least] ? i : least;
		most = s->x[i] > s->x[most] ? i : most;
	}
	json_pick_rank(s->pk, s->row[least], RANK_ODD, 1);
	json_pick_rank(s->pk, s->row[most], RANK_ODD, 1);
}

static void
rank_far(const struct series *s, double *logs)
{
	double mid = median(s, s->x, s->n), dev;
	bool positive = true;
	uint32_t i;

	/* All but a few are equal. */
	if (settle_far(s, s->x, mid, 0))
		return;
	dev = spread(s, s->x, mid);
	if (settle_far(s, s->x, mid, FAR_SCORE * dev))
		return;
	if (count_far(s, s->x, mid, VERY_FAR_SCORE * dev) > 0 &&
	    settle_far(s, s->x, mid, VERY_FAR_SCORE * dev))
		return;
	for (i = 0; i < s->n && positive; i++) {
		positive = s->x[i] > 0;
		logs[i] = positive ? log(s->x[i]) : 0;
	}
	rank_ends(s);
	if (!positive)
		return;
	mid = median(s, logs, s->n);
	dev = spread(s, logs, mid);
	settle_far(s, logs, mid, FAR_SCORE * dev);
}

/* Put x in the place of old in a sorted window. */
static void
slide(double *sorted, double old, double x)
{
	unsigned i = 0;

	while (sorted[i] != old)
		i++;
	for (; i + 1 < WINDOW && sorted[i + 1] < x; i++)
		sorted[i] = sorted[i + 1];
	for (; i > 0 && sorted[i - 1] > x; i--)
		sorted[i] = sorted[i - 1];
	sorted[i] = x;
}

static void
first_window(double *sorted, const double *x)
{
	double y;
	unsigned i, k;

	for (i = 0; i < WINDOW; i++) {
		y = x[i];
		for (k = i; k > 0 && sorted[k - 1] > y; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = y;
	}
}

static double
middle(const double *sorted)
{
	return sorted[WINDOW / 2 - 1] / 2 + sorted[WINDOW / 2] / 2;
}

/* How far the medians before and behind each place differ; how many. */
static uint32_t
shifts(const struct series *s, double *d)
{
	double before[WINDOW], behind[WINDOW];
	const double *x = s->x;
	uint32_t i, n = s->n - 2 * WINDOW + 1;

	first_window(before, x);
	first_window(behind, x + WINDOW);
	for (i = 0; i < n; i++) {
		d[i] = fabs(middle(behind) - middle(before));
		if (i + 1 == n)
			break;
		slide(before, x[i], x[i + WINDOW]);
		slide(behind, x[i + WINDOW], x[i + 2 * WINDOW]);
	}
	return n;
}

/*
 * Where in two windows from x on the one level is left for the other: the
 * split with the least distance, in sum, from the windows' medians.
 */
static uint32_t
split(const double *x)
{
	double before[WINDOW], behind[WINDOW], a, b, sum = 0, least = 0;
	uint32_t i, at = 0;

	first_window(before, x);
	first_window(behind, x + WINDOW);
	a = middle(before);
	b = middle(behind);
	for (i = 0; i < 2 * WINDOW; i++) {
		sum += fabs(x[i] - a) - fabs(x[i] - b);
		if (sum < least) {
			least = sum;
			at = i + 1;
		}
	}
	return at;
}

/* Pettitt's U for the middle of two windows from x on. */
static int
pettitt(const double *x)
{
	int u = 0, i, k;

	for (i = 0; i < WINDOW; i++)
		for (k = WINDOW; k < 2 * WINDOW; k++)
			u += (x[i] < x[k]) - (x[i] > x[k]);
	return u;
}

/* The first number behind a change near the windows at `from`, or 0. */
static uint32_t
change_near(const struct series *s, uint32_t from)
{
	const double m = 2 * WINDOW;
	uint32_t at = 0, i, last = s->n - 2 * WINDOW;
	int u;

	/* Again with the windows on both sides of what was found. */
	for (i = 0; i < 4 && at != WINDOW; i++) {
		at = split(s->x + from);
		from = from + at < WINDOW ? 0 : from + at - WINDOW;
		from = from > last ? last : from;
	}
	u = pettitt(s->x + from);
	return 6.0 * u * u > PETTITT_LOG * (m * m * m + m * m) ?
	    from + WINDOW : 0;
}

struct change {
	double		by;
	uint32_t	at;	/* the first number behind it */
};

/* The largest shifts, each apart from the others; how many there are. */
static uint32_t
find_changes(const struct series *s, const double *d, uint32_t n,
    double least, struct change *c)
{
	uint32_t i = 0, k, best, at, many = 0;

	while (i < n && many <= CHANGES_MANY) {
		if (!(d[i] > least)) {
			i++;
			continue;
		}
		best = i;
		for (k = i; k < n && k < i + 2 * WINDOW && d[k] > least; k++)
			best = d[k] > d[best] ? k : best;
		/* The middle of a level stretch is where the change is. */
		for (k = best; k + 1 < n && d[k + 1] >= d[best]; k++)
			;
		best += (k - best) / 2;
		at = change_near(s, best);
		if (at > 0 && many < CHANGES_MANY)
			c[many] = (struct change){ d[best], at };
		many += at > 0;
		i = (k > i ? k : i) + WINDOW;
	}
	return many;
}

/* Both sides of the largest changes. */
static void
rank_largest(const struct series *s, struct change *c, uint32_t n)
{
	uint32_t i, k, best;

	for (i = 0; i < n && i < CHANGES_MAX; i++) {
		best = i;
		for (k = i + 1; k < n; k++)
			best = c[k].by > c[best].by ? k : best;
		json_pick_rank(s->pk, s->row[c[best].at - 1], RANK_CHANGE,
		    2 * n);
		json_pick_rank(s->pk, s->row[c[best].at], RANK_CHANGE, 2 * n);
		c[best] = c[i];
	}
}

static void
rank_changes(const struct series *s, double *d)
{
	struct change change[CHANGES_MANY];
	double noise, mid, dev;
	uint32_t i, n;

	for (i = 0; i + 1 < s->n; i++)
		s->work[i] = fabs(s->x[i + 1] - s->x[i]);
	noise = TO_SD / sqrt(2) * median(s, s->work, s->n - 1);
	n = shifts(s, d);
	mid = median(s, d, n);
	for (i = 0; i < n; i++)
		s->work[i] = fabs(d[i] - mid);
	dev = mid + SHIFT_SCORE * TO_SD * median(s, s->work, n);
	n = find_changes(s, d, n, fmax(SHIFT_SCORE * noise, dev), change);
	if (n <= CHANGES_MANY)
		rank_largest(s, change, n);
}

void
json_number_rank(struct picker *pk, const struct json_values *v)
{
	struct series s = { .pk = pk };
	uint32_t i, n = v->n;
	double *more;

	if (n < NUMBERS_MIN)
		return;
	s.x = malloc(3 * (size_t)n * sizeof(*s.x));
	s.key = malloc(n * sizeof(*s.key));
	s.row = malloc(n * sizeof(*s.row));
	if (s.x != NULL && s.key != NULL && s.row != NULL) {
		s.work = s.x + n;
		more = s.work + n;
		for (i = 0; i < n; i++)
			if (number(pk, v->t[i], &s.x[s.n]))
				s.row[s.n++] = json_values_row(v, i);
		if (s.n >= NUMBERS_MIN)
			rank_far(&s, more);
		if (s.n >= SERIES_MIN)
			rank_changes(&s, more);
	} else
		pk->nomem = true;
	free(s.x);
	free(s.key);
	free(s.row);
}
