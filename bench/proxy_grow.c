/*
 * proxy_grow - a session that grows by a result a turn
 *
 * CPU time is that of the whole process, first inside requests, then with all
 * that it does after it has answered; it is compared between turns of a short
 * conversation and of a long one.  Most of it is the hop, which carries ever
 * more.  What hr-proxy takes more than hr-proxy --off is about the work on
 * texts: not exactly, for --off streams a body that is else read whole.
 */
#include "compat.h"

#include "proxy_impl.h"

#define TURN	10000		/* bytes of a turn */
#define SPAN	21		/* turns looked at */

static const struct window {
	const char	*name;
	unsigned	 first;
} windows[] = {
	{ "turns 10 to 30", 10 },
	{ "turns 190 to 210", 190 },
};

#define WINDOWS	HR_LEN(windows)
#define LAST	(WINDOWS - 1)

struct found {
	struct figures	p50, p99, cpu, whole;
};

/* Of one side in one window of one session. */
struct span_of_turns {
	double	t[SPAN], cpu[SPAN], before;
};

static void
turn(struct side *s, const struct request *q, struct span_of_turns *w,
    unsigned i)
{
	bool proxy = s->kind != SIDE_DIRECT;
	double start, cpu = proxy ? side_cpu(s) : 0;

	if (i == 0)
		w->before = cpu;
	start = bench_elapsed();
	(void)wire_ask(&s->wire, q);
	w->t[i] = bench_elapsed() - start;
	w->cpu[i] = proxy ? side_cpu(s) - cpu : 0;
}

static void
finish(const struct side *s, struct span_of_turns *w, struct found *f)
{
	if (s->kind != SIDE_DIRECT) {
		bench_add(&f->whole.side[s->kind],
		    (side_cpu(s) - w->before) / SPAN);
		bench_add(&f->cpu.side[s->kind],
		    percentile(w->cpu, SPAN, 50));
	}
	bench_add(&f->p50.side[s->kind], percentile(w->t, SPAN, 50));
	bench_add(&f->p99.side[s->kind], percentile(w->t, SPAN, 99));
}

static const struct window *
window_of(unsigned i)
{
	size_t k;

	for (k = 0; k < WINDOWS; k++)
		if (i >= windows[k].first && i < windows[k].first + SPAN)
			return &windows[k];
	return NULL;
}

static void
one_turn(struct plan *p, const struct request *q, unsigned i, struct found *f)
{
	static struct span_of_turns w[SIDES];
	const struct window *in = window_of(i);
	struct side *s;
	unsigned k;

	for (k = 0; k < SIDES; k++) {
		s = side_in_turn(p, i + k);
		if (!s->there)
			continue;
		if (in == NULL) {
			(void)wire_ask(&s->wire, q);
			continue;
		}
		turn(s, q, &w[s->kind], i - in->first);
		if (i - in->first == SPAN - 1)
			finish(s, &w[s->kind], &f[in - windows]);
	}
}

static void
one_session(struct plan *p, struct session *s, struct request *q,
    struct found *f)
{
	unsigned i, k;

	for (k = 0; k < SIDES; k++)
		if (p->side[k].there)
			side_connect(&p->side[k]);
	session_open(s);
	session_renew(s);
	for (i = 1; i < windows[LAST].first + SPAN; i++) {
		session_turn(s, RESULTS_JSON, TURN);
		session_request(s, q);
		one_turn(p, q, i, f);
	}
	for (k = 0; k < SIDES; k++)
		wire_close(&p->side[k].wire);
}

/* How often the later figure holds the earlier one, each side. */
static void
growth(const char *what, const struct figures *first,
    const struct figures *last)
{
	struct figures f = *last;
	unsigned i, k;

	for (i = 0; i < SIDES; i++)
		for (k = 0; k < f.side[i].n; k++)
			f.side[i].t[k] /= first->side[i].t[k];
	table_plain("", what, 1, &f, false);
}

static void
less_off(const struct figures *f, struct figures *less)
{
	const struct bench *hr = &f->side[SIDE_HR];
	const struct bench *off = &f->side[SIDE_OFF];
	unsigned i;

	*less = (struct figures){ .side = { BENCH_INIT } };
	for (i = 0; i < hr->n && i < off->n; i++)
		bench_add(&less->side[SIDE_HR], hr->t[i] - off->t[i]);
}

static void
print_cpu(const char *title, const struct figures *first,
    const struct figures *last)
{
	struct figures a, b;

	printf("%s\n", title);
	table_plain(windows[0].name, "us", 1e6, first, true);
	table_plain(windows[LAST].name, "us", 1e6, last, true);
	growth("times", first, last);
	less_off(first, &a);
	less_off(last, &b);
	table_plain("less --off, first", "us", 1e6, &a, false);
	table_plain("less --off, last", "us", 1e6, &b, false);
	growth("times", &a, &b);
}

void
growth_measure(struct plan *p)
{
	static struct found f[WINDOWS];
	struct session s = SESSION_INIT;
	struct request q = REQUEST_INIT;
	size_t i;

	for (i = 0; i < (p->rounds + 1) / 2; i++)
		one_session(p, &s, &q, f);
	table_head("10 KB of JSON more a turn");
	for (i = 0; i < WINDOWS; i++) {
		table_added(windows[i].name, "p50 us", 1e6, &f[i].p50);
		table_added("", "p99 us", 1e6, &f[i].p99);
	}
	print_cpu("CPU a turn, inside the request", &f[0].cpu, &f[LAST].cpu);
	print_cpu("CPU a turn, all", &f[0].whole, &f[LAST].whole);
	request_release(&q);
	buf_release(&s.text);
}
