/*
 * forward_pins - pins in memory and in the store
 *
 * The store may be busy, full or gone.  Then what is in memory goes on to
 * count, what is new stays in memory as long as there is room, and is
 * written when the store is back.
 */
#include "compat.h"

#include <stdlib.h>

#include "forward_impl.h"
#include "mem.h"

#define PATIENCE	50	/* ms that other processes may hold the store */

/* A pin that is to be written to the store. */
struct unsaved {
	uint8_t		 key[CCR_PIN_KEY];
	struct ccr_pin	 is;
	struct blob	*form;
};

/* Open what can be opened; a store that came back is found again. */
static void
open_store(struct pins *p)
{
	char err[256];

	if (p->path == NULL || p->ccr != NULL)
		return;
	if (ccr_open(&p->ccr, p->path, err, sizeof(err)) == CCR_OK) {
		ccr_patience(p->ccr, PATIENCE);
		ccr_close(p->reader);
		p->reader = NULL;
		return;
	}
	p->down = true;
	if (p->reader == NULL && ccr_open_read(&p->reader, p->path, err,
	    sizeof(err)) == CCR_OK)
		ccr_patience(p->reader, PATIENCE);
}

void
pins_begin(struct pins *p, bool may_wait)
{
	p->down = p->failed = false;
	if (may_wait)
		open_store(p);
}

void
pins_forget(struct pins *p)
{
	while (p->nunsaved > 0)
		blob_unref(p->unsaved[--p->nunsaved].form);
}

void
pins_release(struct pins *p)
{
	pins_forget(p);
	ccr_close(p->ccr);
	ccr_close(p->reader);
	front_release(&p->front);
	buf_release(&p->form);
	free(p->unsaved);
}

void
pins_settle(struct pins *p)
{
	/* What is put off once more is done the next time. */
	if (p->ccr != NULL && ccr_settle(p->ccr) != CCR_OK) {
		ccr_close(p->ccr);
		p->ccr = NULL;
	}
}

struct ccr *
pins_store(const struct pins *p)
{
	return p->down ? NULL : p->ccr;
}

void
pins_failed(struct pins *p)
{
	p->down = p->failed = true;
}

struct pin *
pins_find(struct pins *p, const uint8_t key[CCR_PIN_KEY], bool *nomem)
{
	struct ccr *c = p->ccr != NULL ? p->ccr : p->reader;
	struct pin pin = { .saved = true }, *kept;
	enum ccr_rc rc;

	if (c == NULL || (p->down && c == p->ccr))
		return NULL;
	buf_reset(&p->form);
	rc = ccr_pin_get(c, key, &pin.is, &p->form);
	if (rc != CCR_OK) {
		/* A damaged one is as good as none: it is decided anew. */
		if (rc != CCR_UNKNOWN && rc != CCR_DAMAGED)
			pins_failed(p);
		return NULL;
	}
	if (!pin.is.raw)
		pin.form = blob_new(buf_span(&p->form));
	kept = pin.is.raw || pin.form != NULL ?
	    front_put(&p->front, key, &pin) : NULL;
	*nomem |= kept == NULL;
	return kept;
}

bool
pins_touch(struct pins *p, const uint8_t key[CCR_PIN_KEY])
{
	struct ccr_pin pin;
	enum ccr_rc rc;

	buf_reset(&p->form);
	rc = ccr_pin_get(p->ccr, key, &pin, &p->form);
	if (rc == CCR_UNKNOWN || rc == CCR_DAMAGED)
		return false;
	if (rc != CCR_OK)
		pins_failed(p);
	return true;
}

bool
pins_save_later(struct pins *p, const uint8_t key[CCR_PIN_KEY],
    const struct pin *pin)
{
	struct unsaved *u = mem_grow(p->unsaved, &p->unsavedcap,
	    p->nunsaved + 1, sizeof(*u), SIZE_MAX / sizeof(*u));

	if (u == NULL)
		return false;
	p->unsaved = u;
	u += p->nunsaved++;
	memcpy(u->key, key, CCR_PIN_KEY);
	u->is = pin->is;
	u->form = blob_ref(pin->form);
	return true;
}

static bool
write_pins(struct pins *p)
{
	struct unsaved *u;
	size_t i;

	if (pins_store(p) == NULL || ccr_pins_begin(p->ccr) != CCR_OK)
		return false;
	for (i = 0; i < p->nunsaved; i++) {
		u = &p->unsaved[i];
		if (ccr_pin_put(p->ccr, u->key, &u->is, u->form != NULL ?
		    span_of(u->form->p, u->form->n) : span_of("", 0)) != CCR_OK)
			break;
	}
	return ccr_pins_end(p->ccr) == CCR_OK && i == p->nunsaved;
}

void
pins_save(struct pins *p)
{
	struct pin *pin;
	size_t i;

	if (p->nunsaved == 0)
		return;
	if (!write_pins(p)) {
		pins_failed(p);
		pins_forget(p);
		return;
	}
	for (i = 0; i < p->nunsaved; i++) {
		pin = front_get(&p->front, p->unsaved[i].key);
		if (pin != NULL)
			pin->saved = true;
	}
	pins_forget(p);
}
