/*
 * pin_made.h - a store, its pins, and a way behind its back
 */
#ifndef HR_PIN_MADE_H
#define HR_PIN_MADE_H

#include "compat.h"

#include <sqlite3.h>

#include "buf.h"
#include "ccr.h"
#include "tap.h"

#define DAY	86400

static char dir[] = "/tmp/test_ccr_pin.XXXXXX";
static char path[sizeof(dir) + 32];
static char err[256];
static struct buf b = BUF_INIT;

static inline void
new_store(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s.db", dir, name);
}

/* What a question gives behind the store's back; -1: an error. */
static inline int64_t
sql(const char *statements)
{
	sqlite3_stmt *s = NULL;
	const char *rest = statements;
	sqlite3 *db;
	int64_t n = 0;
	int step;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		n = -1;
	sqlite3_busy_timeout(db, 5000);
	while (n >= 0 && *rest != '\0') {
		step = sqlite3_prepare_v2(db, rest, -1, &s, &rest);
		if (step == SQLITE_OK && s != NULL) {
			step = sqlite3_step(s);
			n = step == SQLITE_ROW ? sqlite3_column_int64(s, 0) :
			    0;
			while (step == SQLITE_ROW)
				step = sqlite3_step(s);
			if (step == SQLITE_DONE)
				step = SQLITE_OK;
		}
		if (step != SQLITE_OK) {
			printf("# %s\n", sqlite3_errmsg(db));
			n = -1;
		}
		sqlite3_finalize(s);
	}
	sqlite3_close(db);
	return n;
}

static inline struct ccr *
writer(void)
{
	struct ccr *c;

	if (ccr_open(&c, path, err, sizeof(err)) != CCR_OK)
		printf("# %s\n", err);
	return c;
}

static inline struct ccr *
reader(void)
{
	struct ccr *c;

	if (ccr_open_read(&c, path, err, sizeof(err)) != CCR_OK)
		printf("# %s\n", err);
	return c;
}

struct key {
	uint8_t	k[CCR_PIN_KEY];
};

static inline struct key
key(unsigned a, unsigned n)
{
	struct key k = { { 0 } };

	memcpy(k.k, &n, sizeof(n));
	memcpy(k.k + 8, &a, sizeof(a));
	return k;
}

static inline enum ccr_rc
put(struct ccr *c, struct key k, const char *form)
{
	struct ccr_pin pin = { .lossy = true, .policy = 7, .before = 900,
	    .after = 100 };

	if (form == NULL)
		pin = (struct ccr_pin){ .raw = true, .policy = 7, .why = 3 };
	return ccr_pin_put(c, k.k, &pin, form == NULL ? span_of(NULL, 0) :
	    span_z(form));
}

/* The same in a transaction of its own. */
static inline bool
put_one(struct ccr *c, struct key k, const char *form)
{
	return ccr_pins_begin(c) == CCR_OK && put(c, k, form) == CCR_OK &&
	    ccr_pins_end(c) == CCR_OK;
}

/* Whether the pin is there with this form; NULL: raw. */
static inline bool
gives(struct ccr *c, struct key k, const char *form)
{
	struct ccr_pin pin;
	enum ccr_rc rc;

	buf_reset(&b);
	rc = ccr_pin_get(c, k.k, &pin, &b);
	if (rc != CCR_OK) {
		printf("# %d: %s\n", (int)rc, ccr_error(c));
		return false;
	}
	return pin.policy == 7 && (form == NULL ?
	    pin.raw && !pin.lossy && pin.why == 3 && b.len == 0 :
	    !pin.raw && pin.lossy && pin.why == 0 && pin.before == 900 &&
	    pin.after == 100 && span_eq(buf_span(&b), span_z(form)));
}

static inline enum ccr_rc
get(struct ccr *c, struct key k)
{
	struct ccr_pin pin;

	buf_reset(&b);
	return ccr_pin_get(c, k.k, &pin, &b);
}

/* Ages: entries and pins used so many seconds ago. */
static inline void
age(const char *table, const char *which, unsigned seconds)
{
	char update[160];

	snprintf(update, sizeof(update), "UPDATE %s SET used=unixepoch()-%u"
	    " WHERE %s; SELECT 0", table, seconds, which);
	if (sql(update) != 0)
		printf("# %s\n", update);
}

static inline bool
made_begin(void)
{
	return mkdtemp(dir) != NULL;
}

static inline int
made_end(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		printf("# left %s\n", dir);
	buf_release(&b);
	return done();
}

#endif
