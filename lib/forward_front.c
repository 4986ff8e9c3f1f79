/*
 * forward_front - the pins used last, in memory
 *
 * Keys are pieces of SHA-256 and spread by themselves.  What falls out is
 * found in the store; what could not be stored yet falls out last.
 */
#include "compat.h"

#include <stdlib.h>

#include "forward_impl.h"
#include "mem.h"

struct front_entry {
	struct front_entry	*chain;		/* in its bucket */
	struct front_entry	*next, *prev;	/* by use */
	uint8_t			 key[CCR_PIN_KEY];
	struct pin		 pin;
};

struct blob *
blob_new(struct span s)
{
	struct blob *b;
	size_t n;

	if (!mem_add(sizeof(*b), s.n, &n))
		return NULL;
	b = malloc(n);
	if (b == NULL)
		return NULL;
	b->refs = 1;
	b->n = s.n;
	if (s.n > 0)
		memcpy(b->p, s.p, s.n);
	return b;
}

struct blob *
blob_ref(struct blob *b)
{
	if (b != NULL)
		b->refs++;
	return b;
}

void
blob_unref(struct blob *b)
{
	if (b != NULL && --b->refs == 0)
		free(b);
}

static struct front_entry **
bucket(struct front *f, const uint8_t key[CCR_PIN_KEY])
{
	/* The last bytes: the first are the same in a conversation. */
	return &f->bucket[(key[CCR_PIN_KEY - 1] |
	    (unsigned)key[CCR_PIN_KEY - 2] << 8) % FRONT_BUCKETS];
}

static size_t
size_of(const struct front_entry *e)
{
	return sizeof(*e) + (e->pin.form != NULL ? e->pin.form->n : 0);
}

static void
unlink_use(struct front *f, struct front_entry *e)
{
	*(e->prev != NULL ? &e->prev->next : &f->first) = e->next;
	*(e->next != NULL ? &e->next->prev : &f->last) = e->prev;
}

static void
link_first(struct front *f, struct front_entry *e)
{
	e->prev = NULL;
	e->next = f->first;
	*(f->first != NULL ? &f->first->prev : &f->last) = e;
	f->first = e;
}

static struct front_entry *
find(struct front *f, const uint8_t key[CCR_PIN_KEY])
{
	struct front_entry *e;

	for (e = *bucket(f, key); e != NULL; e = e->chain)
		if (memcmp(e->key, key, CCR_PIN_KEY) == 0)
			break;
	return e;
}

struct pin *
front_get(struct front *f, const uint8_t key[CCR_PIN_KEY])
{
	struct front_entry *e = find(f, key);

	if (e == NULL)
		return NULL;
	if (e != f->first) {
		unlink_use(f, e);
		link_first(f, e);
	}
	return &e->pin;
}

static void
drop(struct front *f, struct front_entry *e)
{
	struct front_entry **at = bucket(f, e->key);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	unlink_use(f, e);
	f->bytes -= size_of(e);
	blob_unref(e->pin.form);
	free(e);
}

/*
 * Make room by what was used longest ago and is stored; if nothing is, by
 * what was used longest ago.  The entry just put stays.
 */
static void
trim(struct front *f)
{
	struct front_entry *e, *prev;

	for (e = f->last; f->bytes > FRONT_MAX && e != f->first; e = prev) {
		prev = e->prev;
		if (e->pin.saved)
			drop(f, e);
	}
	while (f->bytes > 2 * FRONT_MAX && f->last != f->first)
		drop(f, f->last);
}

struct pin *
front_put(struct front *f, const uint8_t key[CCR_PIN_KEY],
    const struct pin *pin)
{
	struct front_entry *e = find(f, key), **at;

	if (e != NULL)
		drop(f, e);
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		blob_unref(pin->form);
		return NULL;
	}
	memcpy(e->key, key, CCR_PIN_KEY);
	e->pin = *pin;
	at = bucket(f, key);
	e->chain = *at;
	*at = e;
	link_first(f, e);
	f->bytes += size_of(e);
	trim(f);
	return &e->pin;
}

void
front_release(struct front *f)
{
	while (f->first != NULL)
		drop(f, f->first);
}
