/*
 * bench/proxy - what hr-proxy adds to a request, beside nginx
 *
 *	bench/proxy [-q] [-d FOLDER] [-n BODIES] [-o CASES] [-r NAME]
 *
 * An upstream is asked directly, through nginx, through hr-proxy and through
 * hr-proxy --off, which looks at nothing, in turn.  All run on one processor.
 * A figure is the median of the rounds' figures, a ratio that of the rounds'
 * ratios; what is added is what a proxy takes more than the direct way in the
 * same round.  -q takes a part of the time, -n says after how many bodies
 * memory is looked at again, -o takes some of the cases: h(op), g(rowth),
 * e(vents), s(tart), m(emory); -r takes the requests with this in their name.
 */
#include "compat.h"

#include <getopt.h>
#include <unistd.h>

#include "num.h"
#include "proxy_impl.h"

#define NO_RATIO	1e9	/* nothing to compare with in this round */

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
percentile(double *t, size_t n, unsigned percent)
{
	size_t rank = (n * percent + 99) / 100;

	if (n == 0)
		return 0;
	qsort(t, n, sizeof(t[0]), compare);
	return t[rank > 0 ? rank - 1 : 0];
}

static void
put_figure(double v, bool sign)
{
	double size = v < 0 ? -v : v;
	int digits = size < 10 ? 2 : size < 100 ? 1 : 0;

	if (sign)
		printf(" %+8.*f", digits, v);
	else
		printf(" %8.*f", digits, v);
}

static void
put_none(void)
{
	printf(" %8s", "-");
}

void
table_head(const char *title)
{
	printf("\n%-27s %8s %8s %8s %8s %8s %8s\n", title, "direct", "nginx",
	    "hr-proxy", "ratio", "--off", "ratio");
	fflush(stdout);
}

static void
put_ratio(const struct bench *over, const struct bench *under)
{
	struct bench r = BENCH_INIT;
	unsigned i;

	for (i = 0; i < over->n && i < under->n; i++)
		bench_add(&r, under->t[i] > 0 ? over->t[i] / under->t[i] :
		    NO_RATIO);
	if (r.n == 0 || bench_median(&r) >= NO_RATIO)
		put_none();
	else
		put_figure(bench_median(&r), false);
}

static void
put_side(const struct bench *b, double scale, bool sign)
{
	if (b->n == 0)
		put_none();
	else
		put_figure(bench_median(b) * scale, sign);
}

static void
put_line(const char *name, const char *what, double scale,
    const struct figures *f, bool added, bool ratios)
{
	int i;

	printf("%-19s %-7s", name, what);
	for (i = 0; i < SIDES; i++) {
		put_side(&f->side[i], scale, added && i != SIDE_DIRECT);
		if (i > SIDE_NGINX && ratios)
			put_ratio(&f->side[i], &f->side[SIDE_NGINX]);
		else if (i > SIDE_NGINX)
			put_none();
	}
	putchar('\n');
	fflush(stdout);
}

void
table_added(const char *name, const char *what, double scale,
    const struct figures *f)
{
	struct figures added = *f;
	unsigned i, k;

	for (i = 0; i < SIDES; i++)
		for (k = 0; i != SIDE_DIRECT && k < f->side[i].n; k++)
			added.side[i].t[k] -= f->side[SIDE_DIRECT].t[k];
	put_line(name, what, scale, &added, true, true);
}

void
table_plain(const char *name, const char *what, double scale,
    const struct figures *f, bool ratios)
{
	put_line(name, what, scale, f, false, ratios);
}

static void
measure(struct plan *p, const char *cases, const char *dir)
{
	static const struct {
		char	which;
		void	(*run)(struct plan *p);
	} all[] = { { 'h', hop_measure }, { 'g', growth_measure },
	    { 'e', stream_measure }, { 's', start_measure },
	    { 'm', memory_measure } };
	size_t i;

	bench_pin();
	sides_init(dir);
	for (i = 0; i < SIDES; i++)
		if (side_find(&p->side[i], (enum side_kind)i))
			side_start(&p->side[i]);
	for (i = 0; i < HR_LEN(all); i++)
		if (strchr(cases, all[i].which) != NULL)
			all[i].run(p);
	for (i = 0; i < SIDES; i++)
		if (p->side[i].there)
			side_stop(&p->side[i]);
}

static int
usage(void)
{
	fputs("usage: proxy [-q] [-d FOLDER] [-n BODIES] [-o CASES] "
	    "[-r NAME]\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = { { "quick", no_argument, NULL,
	    'q' }, { NULL, 0, NULL, 0 } };
	static struct plan p = { .rounds = 15, .share = 100, .bodies = 10000,
	    .name = "" };
	const char *dir = NULL, *cases = "hgesm";
	uint64_t bodies;
	int c;

	while ((c = getopt_long(argc, argv, "qd:n:o:r:", longs, NULL)) != -1) {
		if (c == 'q') {
			p.rounds = 3;
			p.share = 25;
			p.bodies = 1000;
		} else if (c == 'd') {
			dir = optarg;
		} else if (c == 'o') {
			cases = optarg;
		} else if (c == 'r') {
			p.name = optarg;
		} else if (c != 'n' ||
		    num_u64(span_z(optarg), 100, 1000000, &bodies) < 0) {
			return usage();
		} else {
			p.bodies = (unsigned)bodies;
		}
	}
	if (optind != argc)
		return usage();
	measure(&p, cases, dir);
	return 0;
}
