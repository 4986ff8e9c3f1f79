/*
 * proxy_hop - what a proxy adds to a request and its answer
 *
 * Where nobody else wants the processor, the time of a request is the CPU time
 * of client, proxy and upstream together.  So that is told too: others cannot
 * disturb it much.
 */
#include "compat.h"

#include "proxy_impl.h"

#define REQUESTS_MAX	500	/* of a round */

static const struct hop_case {
	const char	*name;
	enum results	 results;
	size_t		 size;		/* of the body, about; 0: empty */
	bool		 fresh;		/* each request departs early */
	unsigned	 requests;
} cases[] = {
	{ .name = "empty", .requests = 500 },
	{ "200 KB read, known", RESULTS_READ, 200000, false, 200 },
	{ "200 KB read, new", RESULTS_READ, 200000, true, 200 },
	{ "200 KB JSON, known", RESULTS_JSON, 200000, false, 200 },
	{ "200 KB JSON, new", RESULTS_JSON, 200000, true, 60 },
	{ "2 MB read, known", RESULTS_READ, 2000000, false, 100 },
	{ "2 MB read, new", RESULTS_READ, 2000000, true, 60 },
	{ "2 MB JSON, known", RESULTS_JSON, 2000000, false, 100 },
	{ "2 MB JSON, new", RESULTS_JSON, 2000000, true, 20 },
};

struct found {
	struct figures	p50, p99, cpu, arrived;
};

static uint64_t
ask(struct side *s, struct request *q, const struct hop_case *c)
{
	if (c->fresh)
		request_renew(q);
	return wire_ask(&s->wire, q);
}

/* All that works on a request of this side. */
static double
cpu_of_all(struct plan *p, const struct side *s)
{
	double t = bench_cpu() + side_cpu(&p->side[SIDE_DIRECT]);

	return s->kind == SIDE_DIRECT ? t : t + side_cpu(s);
}

static void
batch(struct plan *p, struct side *s, struct request *q,
    const struct hop_case *c, unsigned n, struct found *f)
{
	static double t[REQUESTS_MAX];
	double start, cpu;
	uint64_t got = 0;
	unsigned i;

	side_connect(s);
	for (i = 0; i < n / 10 + 2; i++)
		got = ask(s, q, c);
	cpu = cpu_of_all(p, s);
	for (i = 0; i < n; i++) {
		start = bench_elapsed();
		got = ask(s, q, c);
		t[i] = bench_elapsed() - start;
	}
	bench_add(&f->cpu.side[s->kind], (cpu_of_all(p, s) - cpu) / n);
	bench_add(&f->p50.side[s->kind], percentile(t, n, 50));
	bench_add(&f->p99.side[s->kind], percentile(t, n, 99));
	if (q->body > 0)
		bench_add(&f->arrived.side[s->kind],
		    (double)got / (double)q->body);
	wire_close(&s->wire);
}

static void
one_case(struct plan *p, const struct hop_case *c)
{
	static const struct found nothing;
	static struct found f;
	struct request q = REQUEST_INIT;
	struct side *s;
	unsigned i, k, n = c->requests * p->share / 100;

	if (c->size > 0)
		request_made(&q, c->results, c->size);
	else
		request_empty(&q);
	f = nothing;
	for (i = 0; i < p->rounds; i++)
		for (k = 0; k < SIDES; k++) {
			s = side_in_turn(p, i + k);
			if (s->there)
				batch(p, s, &q, c, n, &f);
		}
	table_added(c->name, "p50 us", 1e6, &f.p50);
	table_added("", "p99 us", 1e6, &f.p99);
	table_added("", "cpu us", 1e6, &f.cpu);
	if (f.arrived.side[SIDE_HR].n > 0 &&
	    bench_median(&f.arrived.side[SIDE_HR]) < 1)
		table_plain("", "sent %", 100, &f.arrived, false);
	request_release(&q);
}

void
hop_measure(struct plan *p)
{
	size_t i;

	table_head("a request, and what is added");
	for (i = 0; i < HR_LEN(cases); i++)
		if (strstr(cases[i].name, p->name) != NULL)
			one_case(p, &cases[i]);
}
