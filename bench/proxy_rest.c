/*
 * proxy_rest - streams, start-up and memory
 */
#include "compat.h"

#include "num.h"
#include "proxy_impl.h"

#define EVENTS	300
#define FEW	100	/* bodies after which memory has found its size */
#define WARM	50
#define FAULTS	100	/* requests whose page faults are counted */

struct delays {
	struct buf	text;		/* an event that has not ended yet */
	double		t[EVENTS];
	unsigned	n;
};

/* When an event was sent, in seconds. */
static double
sent_at(const struct side *s, struct span event)
{
	static const char name[] = "\"sent\":";
	const char *p = memmem(event.p, event.n, name, sizeof(name) - 1);
	uint64_t ns;
	size_t n = 0;

	if (p != NULL) {
		event = span_skip(event, (size_t)(p - event.p) +
		    sizeof(name) - 1);
		while (n < event.n && event.p[n] >= '0' && event.p[n] <= '9')
			n++;
	}
	if (num_u64(span_of(event.p, n), 0, UINT64_MAX, &ns) < 0)
		bench_die("%s gives another's event", s->name);
	return (double)ns * 1e-9;
}

static void
take_part(const struct side *s, struct delays *d, struct span part)
{
	double now = bench_elapsed();
	const char *end;
	size_t n;

	buf_addspan(&d->text, part);
	while (d->text.len > 0 &&
	    (end = memmem(d->text.p, d->text.len, "\n\n", 2)) != NULL) {
		n = (size_t)(end - d->text.p) + 2;
		if (d->n == EVENTS)
			bench_die("%s has more events than sent", s->name);
		d->t[d->n++] = now - sent_at(s, span_of(d->text.p, n));
		d->text.len -= n;
		memmove(d->text.p, d->text.p + n, d->text.len);
	}
}

struct streamed {
	struct figures	first, p50, p99, cpu;
};

static void
one_stream(struct side *s, const struct request *q, struct streamed *f)
{
	static struct delays d = { .text = BUF_INIT };
	bool proxy = s->kind != SIDE_DIRECT;
	double start, cpu;
	struct reply r;
	struct span part;

	side_connect(s);
	buf_reset(&d.text);
	d.n = 0;
	cpu = proxy ? side_cpu(s) : 0;
	start = bench_elapsed();
	wire_send(&s->wire, q);
	wire_head(&s->wire, &r);
	bench_add(&f->first.side[s->kind], bench_elapsed() - start);
	while (wire_part(&s->wire, &r, &part))
		take_part(s, &d, part);
	if (r.status != 200 || d.n != EVENTS)
		bench_die("%s answers %u, with %u of %d events", s->name,
		    r.status, d.n, EVENTS);
	if (proxy)
		bench_add(&f->cpu.side[s->kind], (side_cpu(s) - cpu) / d.n);
	bench_add(&f->p50.side[s->kind], percentile(d.t, d.n, 50));
	bench_add(&f->p99.side[s->kind], percentile(d.t, d.n, 99));
	wire_close(&s->wire);
}

void
stream_measure(struct plan *p)
{
	static struct streamed f;
	struct request q = REQUEST_INIT;
	struct side *s;
	unsigned i, k;

	request_stream(&q, EVENTS);
	for (i = 0; i < p->rounds; i++)
		for (k = 0; k < SIDES; k++) {
			s = side_in_turn(p, i + k);
			if (s->there)
				one_stream(s, &q, &f);
		}
	table_head("events, 1 ms apart");
	table_added("first byte, added", "us", 1e6, &f.first);
	table_added("delay, added", "p50 us", 1e6, &f.p50);
	table_added("", "p99 us", 1e6, &f.p99);
	table_plain("delay, whole", "p50 us", 1e6, &f.p50, true);
	table_plain("", "p99 us", 1e6, &f.p99, true);
	table_plain("an event", "cpu us", 1e6, &f.cpu, true);
	request_release(&q);
}

void
start_measure(struct plan *p)
{
	static struct figures f;
	struct request q = REQUEST_INIT;
	struct side *s;
	double start;
	unsigned i;

	request_empty(&q);
	for (i = 0; i < p->rounds; i++)
		for (s = p->side + 1; s < p->side + SIDES; s++) {
			if (!s->there)
				continue;
			side_stop(s);
			start = bench_elapsed();
			side_start(s);
			(void)wire_ask(&s->wire, &q);
			bench_add(&f.side[s->kind], bench_elapsed() - start);
		}
	table_head("from nothing to an answer");
	table_plain("start", "ms", 1e3, &f, true);
	request_release(&q);
}

static void
ask_many(struct side *s, struct request *q, bool fresh, unsigned n)
{
	for (; n > 0; n--) {
		if (fresh)
			request_renew(q);
		(void)wire_ask(&s->wire, q);
	}
}

struct memory {
	struct figures	idle, few, many, times;
};

static void
one_memory(struct side *s, struct request *q, unsigned bodies,
    struct memory *m)
{
	double few, many;

	side_stop(s);
	side_start(s);
	bench_add(&m->idle.side[s->kind], side_rss(s));
	ask_many(s, q, true, FEW);
	few = side_rss(s);
	ask_many(s, q, true, bodies - FEW);
	many = side_rss(s);
	bench_add(&m->few.side[s->kind], few);
	bench_add(&m->many.side[s->kind], many);
	bench_add(&m->times.side[s->kind], many / few);
}

static void
resident(struct plan *p, const char *title, enum results r, unsigned bodies)
{
	static const struct memory nothing;
	static struct memory m;
	struct request q = REQUEST_INIT;
	char name[32];
	struct side *s;

	m = nothing;
	request_made(&q, r, 200000);
	for (s = p->side + 1; s < p->side + SIDES; s++)
		if (s->there)
			one_memory(s, &q, bodies, &m);
	table_head(title);
	table_plain("idle", "MB", 1e-6, &m.idle, true);
	table_plain("after 100 bodies", "MB", 1e-6, &m.few, true);
	snprintf(name, sizeof(name), "after %u", bodies);
	table_plain(name, "MB", 1e-6, &m.many, true);
	table_plain("", "times", 1, &m.times, false);
	request_release(&q);
}

static void
faults(struct plan *p, const char *name, enum results r, bool fresh)
{
	struct request q = REQUEST_INIT;
	struct figures f = { .side = { BENCH_INIT } };
	struct side *s;
	double before;

	request_made(&q, r, 2000000);
	for (s = p->side + 1; s < p->side + SIDES; s++) {
		if (!s->there)
			continue;
		side_connect(s);
		ask_many(s, &q, fresh, WARM);
		before = side_faults(s);
		ask_many(s, &q, fresh, FAULTS);
		bench_add(&f.side[s->kind], (side_faults(s) - before) /
		    FAULTS);
		wire_close(&s->wire);
	}
	table_plain(name, "faults", 1, &f, false);
	request_release(&q);
}

void
memory_measure(struct plan *p)
{
	resident(p, "resident, 200 KB read, new", RESULTS_READ, p->bodies);
	resident(p, "resident, 200 KB JSON, new", RESULTS_JSON,
	    p->bodies < 10 * FEW ? FEW : p->bodies / 10);
	table_head("page faults a 2 MB request");
	faults(p, "read, known", RESULTS_READ, false);
	faults(p, "read, new", RESULTS_READ, true);
	faults(p, "JSON, known", RESULTS_JSON, false);
	faults(p, "JSON, new", RESULTS_JSON, true);
}
