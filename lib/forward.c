/*
 * forward - a request's body with its tools' texts squashed
 *
 * Read what is new, hash all content block by block, look each text of a
 * tool up by the hash of all that stands up to it, decide for those never
 * seen, pin, splice.
 */
#include "compat.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "forward_impl.h"

#define QUICK_MAX	((size_t)256 << 10)	/* bytes read on the loop */
#define RENEW_SECONDS	3600	/* as ccr.h notes uses */

/* What memo_find said last, for the body with that ticket. */
struct found {
	uint64_t		 ticket, serial, renewed;
	struct memo		*memo;
	unsigned		 cut;
};

struct forwarder {
	struct forward_opt	 opt;
	pthread_mutex_t		 lock;
	uint32_t		 policy;
	struct pins		 pins;
	uint64_t		 generation;	/* of the store's file */
	struct memos		 memos;
	struct found		 found;
	uint64_t		 tickets;
	struct arena		 arena;
	struct reading		 reading;
	struct decider		 decider;
	struct decision		 decision;
	struct refs		 refs;		/* of a body not known */
	struct shown		 shown;
	struct buf		 decoded, scratch;	/* of one text */
};

/* One request on its way. */
struct job {
	struct forwarder	*f;
	const struct forward_in	*in;
	struct forward		*w;
	struct memo		*memo;		/* found, or NULL */
	const struct memo_cut	*cut;
	struct memo		 next;		/* what will be kept */
	struct refs		*refs;		/* the memo's, or a new one */
	uint64_t		 renewed;	/* now, and the store's file */
	bool			 quick, later;	/* later: not on the loop */
	bool			 lost_call;	/* a call before the cut */
	bool			 nomem;
};

/* What the options are called in pins and the ledger. */
static uint32_t
policy_epoch(const struct forward_opt *o)
{
	const struct hash128 files[] = { profiles_hash(o->profiles),
	    shapes_hash(o->shapes) };
	uint8_t sha[SHA256_LEN];
	char z[128 + SHA256_LEN + sizeof(files)];
	int n;

	n = snprintf(z, 128, "%s %u %u %d %u ", PACKAGE_VERSION,
	    (unsigned)o->level, (unsigned)o->retrieval, o->no_shell,
	    (unsigned)o->reads);
	rules_hash(o->rules, (uint8_t *)z + n);
	memcpy(z + n + SHA256_LEN, files, sizeof(files));
	hash_sha256(span_of(z, (size_t)n + SHA256_LEN + sizeof(files)), sha);
	return (uint32_t)sha[0] << 24 | (uint32_t)sha[1] << 16 |
	    (uint32_t)sha[2] << 8 | sha[3];
}

bool
forwarder_open(struct forwarder **out, const struct forward_opt *opt)
{
	struct forwarder *f = aligned_alloc(_Alignof(struct forwarder),
	    sizeof(*f));

	*out = f;
	if (f == NULL)
		return false;
	memset(f, 0, sizeof(*f));
	if (pthread_mutex_init(&f->lock, NULL) != 0) {
		free(f);
		*out = NULL;
		return false;
	}
	f->opt = *opt;
	f->policy = policy_epoch(opt);
	f->arena = (struct arena)ARENA_INIT;
	f->memos.seed = map_random_seed();
	f->reading = (struct reading)READING_INIT;
	f->reading.hash_seed = f->memos.seed;
	f->reading.rules = opt->rules;
	f->decider = (struct decider)DECIDER_INIT;
	f->decider.opt = &f->opt;
	f->decider.policy = f->policy;
	f->shown = (struct shown)SHOWN_INIT;
	f->shown.names.rules = opt->rules;
	refs_start(&f->refs, f->memos.seed);
	f->decision.form = (struct buf)BUF_INIT;
	f->decoded = f->scratch = f->pins.form = (struct buf)BUF_INIT;
	f->pins.path = opt->store;
	return true;
}

void
forwarder_close(struct forwarder *f)
{
	if (f == NULL)
		return;
	pins_release(&f->pins);
	memos_release(&f->memos);
	arena_release(&f->arena);
	reading_release(&f->reading);
	decider_release(&f->decider);
	refs_release(&f->refs);
	shown_release(&f->shown);
	buf_release(&f->decision.form);
	buf_release(&f->decoded);
	buf_release(&f->scratch);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

void
forwarder_settle(struct forwarder *f)
{
	pthread_mutex_lock(&f->lock);
	pins_settle(&f->pins);
	pthread_mutex_unlock(&f->lock);
}

/*
 * Originals and pins are renewed when the hour changes or the store is
 * another file, which is looked at whenever something new is to be stored.
 */
static uint64_t
renewal(const struct job *j)
{
	struct forwarder *f = j->f;

	if (!j->quick)
		f->generation = f->pins.ccr != NULL ?
		    ccr_generation(f->pins.ccr) : 0;
	return f->generation ^ (uint64_t)time(NULL) / RENEW_SECONDS;
}

static enum retrieval
retrieval(const struct job *j)
{
	const struct tools_have *have = &j->f->reading.facts.tool;

	if (j->f->opt.retrieval != RETRIEVAL_AUTO)
		return j->f->opt.retrieval;
	if (j->in->client != CLIENT_OTHER && have->shell &&
	    !j->f->opt.no_shell)
		return RETRIEVAL_SHELL;
	return have->fetch ? RETRIEVAL_MCP : RETRIEVAL_NONE;
}

static void
set_level(struct job *j)
{
	struct decider *d = &j->f->decider;

	j->w->report.retrieval = retrieval(j);
	d->api = j->in->api;
	d->facts = &j->f->reading.facts;
	d->level = j->f->opt.level;
	if (j->w->report.retrieval == RETRIEVAL_NONE &&
	    d->level > SQUASH_LOSSLESS)
		d->level = SQUASH_LOSSLESS;
}

/* What is sent instead of the text; p is NULL if it is the text. */
static struct span
form_of(const struct pin *pin)
{
	return pin->form != NULL ? span_of(pin->form->p, pin->form->n) :
	    span_of(NULL, 0);
}

static void
tell(struct job *j, const struct tool_text *t, struct span text,
    const struct pin *pin)
{
	const struct forward_opt *o = &j->f->opt;
	struct forward_told told = { .text = text, .form = form_of(pin),
	    .why = pin->is.why, .before = pin->is.before,
	    .after = pin->is.after };

	if (o->tell == NULL)
		return;
	if (t->call != NULL)
		told.title = t->call->title;
	o->tell(o->arg, &told);
}

static void
tell_new(struct forward_report *r, const struct decision *d)
{
	const struct ccr_pin *p = &d->pin;

	if (r->nnew < FORWARD_NEW_MAX)
		r->fresh[r->nnew] = (struct forward_new){
			(enum forward_why)p->why, d->class, p->lossy,
			p->before, p->after };
	r->nnew++;
}

/* Decide for a text never seen. */
static struct pin *
decide(struct job *j, const struct tool_text *t, struct span text)
{
	struct forwarder *f = j->f;
	struct pin pin = { .saved = f->opt.store == NULL,
	    .renewed = j->renewed };

	f->decider.ccr = pins_store(&f->pins);
	if (j->refs != NULL)
		f->decider.block = shown_block(&f->shown, t);
	forward_decide(&f->decider, t, text, &f->decision);
	if (f->decider.failed)
		pins_failed(&f->pins);
	pin.is = f->decision.pin;
	if (!pin.is.raw) {
		pin.form = blob_new(buf_span(&f->decision.form));
		if (pin.form == NULL) {
			j->nomem = true;
			return NULL;
		}
	}
	tell_new(&j->w->report, &f->decision);
	tell(j, t, text, &pin);
	return front_put(&f->pins.front, t->key, &pin);
}

/*
 * See from time to time that pin and original are in the store, which also
 * keeps them from expiring.  Whatever comes of it, what was sent is sent
 * again.
 */
static void
renew(struct job *j, const struct tool_text *t, struct pin *pin,
    struct span text)
{
	struct pins *pins = &j->f->pins;
	struct decider *d = &j->f->decider;

	d->ccr = pins_store(pins);
	if (d->ccr == NULL) {
		pins_failed(pins);
		return;
	}
	if (pin->saved)
		pin->saved = pins_touch(pins, t->key);
	if (pin->form == NULL || !pin->is.lossy ||
	    forward_renew(d, text, form_of(pin)))
		pin->renewed = j->renewed;
	else
		pins_failed(pins);
}

static void
count(struct job *j, const struct ccr_pin *p)
{
	struct forward_report *r = &j->w->report;
	unsigned why = p->why < FORWARD_WHYS ? p->why : WHY_FAILED;

	r->texts[why]++;
	r->before += p->before;
	r->after += p->after;
}

static bool
is_due(const struct job *j, const struct pin *pin)
{
	return j->f->opt.store != NULL && pin->renewed != j->renewed;
}

static bool
one_text(void *arg, const struct tool_text *t)
{
	struct job *j = arg;
	struct forwarder *f = j->f;
	struct pin *pin = front_get(&f->pins.front, t->key);
	struct span text;

	if (j->quick && (pin == NULL || !pin->saved || is_due(j, pin))) {
		j->later = true;
		return false;
	}
	if (t->call == NULL && j->cut != NULL) {
		j->lost_call = true;
		return false;
	}
	buf_reset(&f->decoded);
	text = forward_string(t->text, t->tok, &f->decoded);
	if (buf_err(&f->decoded))
		j->nomem = true;
	if (pin == NULL)
		pin = pins_find(&f->pins, t->key, &j->nomem);
	if (pin == NULL && !j->nomem)
		pin = decide(j, t, text);
	if (pin == NULL || j->nomem) {
		j->nomem = true;
		return false;
	}
	if (is_due(j, pin))
		renew(j, t, pin, text);
	if (!pin->saved && f->opt.store != NULL &&
	    !pins_save_later(&f->pins, t->key, pin))
		j->nomem = true;
	if (!pin->is.raw && !changes_splice(&j->next.changes, j->in->body, t,
	    text, form_of(pin), &f->scratch))
		j->nomem = true;
	shown_text(&f->shown, t, text, form_of(pin),
	    (enum forward_why)pin->is.why);
	count(j, &pin->is);
	return !j->nomem;
}

static bool
one_call(void *arg, struct tool_call *c)
{
	struct job *j = arg;

	return shown_call(&j->f->shown, c, &j->f->arena);
}

/* Nothing that stands before it is shown any more. */
static void
one_compaction(void *arg)
{
	struct job *j = arg;
	static const struct refs_mark nothing;

	if (j->refs == NULL)
		return;
	j->next.ncuts = 0;
	if (j->cut != NULL)
		memo_rewind(&j->f->memos, j->memo, -1);
	else
		refs_rewind(j->refs, nothing);
}

/*
 * Behind each element a place where a later body may go on; not behind calls,
 * for what answers them comes next and needs to know them.
 */
static void
one_element(void *arg, size_t element, const struct texts *x, bool calls)
{
	struct job *j = arg;
	const struct element *e = &j->f->reading.el[element];
	struct memo *m = &j->next;
	struct memo_cut *cut;

	if (calls)
		return;
	if (m->ncuts == MEMO_CUTS) {
		memmove(m->cut, m->cut + 1, (MEMO_CUTS - 1) * sizeof(*cut));
		m->ncuts--;
	}
	cut = &m->cut[m->ncuts++];
	cut->len = (size_t)(e->text.p + e->text.n - j->in->body.p);
	cut->chain = x->chain;
	cut->bytes = x->bytes;
	cut->rooted = x->rooted;
	cut->nchanges = m->changes.n;
	if (j->refs != NULL)
		cut->refs = refs_mark(j->refs);
	cut->before = j->w->report.before;
	cut->after = j->w->report.after;
	memcpy(cut->texts, j->w->report.texts, sizeof(cut->texts));
}

/* Take over what is known up to the cut. */
static bool
resume(struct job *j, struct texts *x)
{
	const struct memo_cut *cut = j->cut;
	struct forward_report *r = &j->w->report;
	static const struct refs_mark nothing;
	size_t i;

	j->next = (struct memo){ .renewed = j->renewed };
	j->refs = cut != NULL ? &j->memo->refs : &j->f->refs;
	if (cut == NULL) {
		refs_rewind(j->refs, nothing);
		return true;
	}
	if (j->f->reading.nel > 0)
		memo_rewind(&j->f->memos, j->memo, (int)(cut - j->memo->cut));
	x->chain = cut->chain;
	x->bytes = cut->bytes;
	x->root = j->memo->root;
	x->rooted = cut->rooted;
	if (!changes_copy(&j->next.changes, &j->memo->changes, cut->nchanges))
		j->nomem = true;
	r->before = cut->before;
	r->after = cut->after;
	memcpy(r->texts, cut->texts, sizeof(r->texts));
	/* Its own places stay good, for bodies that go back a step. */
	for (i = 0; &j->memo->cut[i] <= cut; i++)
		j->next.cut[j->next.ncuts++] = j->memo->cut[i];
	return !j->nomem;
}

/* Read from the cut, or from the start; NULL or why not. */
static const char *
read_body(struct job *j, struct chain *seed)
{
	struct reading *r = &j->f->reading;
	const char *why;

	r->api = j->in->api;
	r->body = j->in->body;
	why = forward_read(r, j->cut != NULL ? j->cut->len : 0, j->memo);
	if (why == NULL)
		*seed = forward_seed(r, j->in);
	return why;
}

/* All texts in order.  False: not done, for a reason in j. */
static bool
walk(struct job *j, const struct chain *seed)
{
	struct forwarder *f = j->f;
	struct texts x = { .r = &f->reading, .chain = *seed,
	    .bytes = f->reading.facts.bytes,
	    .arena = &f->arena, .fn = one_text, .on_call = one_call,
	    .on_compaction = one_compaction, .after_element = one_element,
	    .arg = j };
	bool done;

	if (!resume(j, &x))
		return false;
	set_level(j);
	if (f->reading.facts.drops)
		j->refs = NULL;
	f->decider.refs = j->refs;
	shown_start(&f->shown, j->refs);
	arena_reset(&f->arena);
	map_init(&x.calls, f->memos.seed);
	done = forward_texts(&x);
	map_release(&x.calls);
	j->next.seed = *seed;
	j->next.root = x.root;
	j->next.before = f->reading.before;
	j->next.facts = f->reading.facts;
	j->next.tail = f->reading.tail.n;
	j->next.tail_hash = f->reading.tail_hash;
	return done && !j->nomem;
}

static void
forget(struct job *j)
{
	struct forwarder *f = j->f;

	changes_release(&j->next.changes);
	pins_forget(&f->pins);
	j->later = j->lost_call = j->nomem = false;
	j->w->report = (struct forward_report){ .policy = f->policy };
}

static void
give_up(struct job *j, const char *why)
{
	forget(j);
	j->w->changed = false;
	j->w->report.skipped = why;
}

/* The place that was found is of no use: read all. */
static void
start_over(struct job *j)
{
	j->cut = NULL;
	memos_restart(&j->f->memos);
}

/* What a quick run found is still it, if nothing changed since. */
static void
find_memo(struct job *j)
{
	struct forwarder *f = j->f;
	struct found *found = &f->found;

	if (j->w->ticket == 0 || found->ticket != j->w->ticket ||
	    found->serial != f->memos.serial ||
	    found->renewed != j->renewed) {
		found->memo = memo_find(&f->memos, j->in->body, j->renewed,
		    &found->cut);
		found->serial = f->memos.serial;
		found->renewed = j->renewed;
		found->ticket = j->w->ticket = ++f->tickets;
	}
	j->memo = found->memo;
	if (j->memo != NULL)
		j->cut = &j->memo->cut[found->cut];
}

static void
run(struct job *j)
{
	struct forwarder *f = j->f;
	struct chain seed;
	const char *why = NULL;

	j->renewed = renewal(j);
	find_memo(j);
	for (;;) {
		forget(j);
		if (j->quick && j->in->body.n - (j->cut != NULL ?
		    j->cut->len : 0) > QUICK_MAX) {
			j->later = true;
			return;
		}
		why = read_body(j, &seed);
		if (j->cut != NULL && (why != NULL || memcmp(&seed,
		    &j->memo->seed, sizeof(seed)) != 0)) {
			start_over(j);
			continue;
		}
		if (why != NULL || walk(j, &seed))
			break;
		if (j->later)
			return;
		if (!j->lost_call || j->nomem) {
			why = "out of memory";
			break;
		}
		start_over(j);
	}
	if (why != NULL) {
		give_up(j, why);
		return;
	}
	memcpy(j->w->report.model, f->reading.facts.name,
	    sizeof(j->w->report.model));
	pins_save(&f->pins);
	j->w->report.store_failed = f->pins.failed;
	j->w->changed = j->next.changes.n > 0 && changes_apply(
	    &j->next.changes, j->in->body, &j->w->body);
	/*
	 * While something is not stored all is to be seen again.  What had
	 * nothing new is known already.
	 */
	if (f->pins.failed || (j->memo != NULL && f->reading.nel == 0) ||
	    (j->refs != NULL && j->refs->err)) {
		changes_release(&j->next.changes);
		return;
	}
	if (j->refs != NULL) {
		j->next.refs = *j->refs;
		refs_start(j->refs, f->memos.seed);
	}
	memo_keep(&f->memos, j->memo, &j->next, j->in->body);
}

static void
trim(struct forwarder *f)
{
	struct decider *d = &f->decider;
	struct buf *const bufs[] = { &f->decoded, &f->scratch,
	    &f->decision.form, &d->inner, &d->encoded, &d->squashed,
	    &d->referred, &d->squash.text, &d->said.words,
	    &d->said.scratch, &f->shown.inner, &f->shown.names.text,
	    &f->shown.names.scratch, &f->pins.form };
	size_t i;

	for (i = 0; i < HR_LEN(bufs); i++)
		forward_trim_buf(bufs[i]);
	reading_trim(&f->reading);
	if (f->arena.total > KEPT_MAX)
		arena_release(&f->arena);
}

bool
forward_run(struct forwarder *f, const struct forward_in *in,
    struct forward *w, bool quick)
{
	struct job j = { .f = f, .in = in, .w = w, .quick = quick };

	/* A ticket is for one body, and one quick run of it. */
	if (quick)
		w->ticket = 0;
	if (!quick)
		pthread_mutex_lock(&f->lock);
	else if (pthread_mutex_trylock(&f->lock) != 0)
		return false;
	pins_begin(&f->pins, !quick);
	run(&j);
	if (j.later)
		changes_release(&j.next.changes);
	trim(f);
	pthread_mutex_unlock(&f->lock);
	return !j.later;
}
