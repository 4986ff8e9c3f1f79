/*
 * test_ccr_pin - pins in the store, in one process
 */
#include "compat.h"

#include <time.h>

#include "pin_made.h"

static void
test_put_get(void)
{
	static char large[300000];
	struct ccr_pin pin = { .policy = UINT32_MAX, .why = 12,
	    .before = UINT64_MAX, .after = 1 };
	struct ccr_stat st;
	struct ccr *c, *r;
	size_t i;

	new_store("put");
	c = writer();
	if (!ok(c != NULL && ccr_pins_begin(c) == CCR_OK, "begin"))
		return;
	for (i = 0; i < sizeof(large) - 1; i++)
		large[i] = "words and more"[i % 14];
	ok(put(c, key(1, 1), NULL) == CCR_OK &&
	    put(c, key(1, 2), "short") == CCR_OK &&
	    put(c, key(1, 3), large) == CCR_OK, "put three");
	ok(ccr_pin_put(c, key(1, 4).k, &pin, SPAN_LIT("a\0b")) == CCR_OK,
	    "put one more");
	ok(gives(c, key(1, 2), "short"), "seen by itself before the end");
	r = reader();
	ok(r != NULL && get(r, key(1, 2)) == CCR_UNKNOWN, "by nobody else");
	ok(ccr_pins_end(c) == CCR_OK, "end");
	ok(gives(r, key(1, 2), "short"), "now it is");
	ok(gives(c, key(1, 1), NULL), "a raw one");
	ok(gives(c, key(1, 3), large) && sql("SELECT length(z) FROM blob"
	    " WHERE n=2") < 1000, "a long one, which is compressed");
	pin = (struct ccr_pin){ .raw = true };
	buf_reset(&b);
	buf_adds(&b, "x");
	ok(ccr_pin_get(c, key(1, 4).k, &pin, &b) == CCR_OK &&
	    pin.policy == UINT32_MAX && pin.why == 12 && !pin.raw &&
	    pin.before == UINT64_MAX && pin.after == 1 &&
	    span_eq(buf_span(&b), SPAN_LIT("xa\0b")),
	    "largest numbers, NUL, appended");
	ok(get(c, key(2, 1)) == CCR_UNKNOWN && b.len == 0, "one that is not");
	ok(sql("SELECT hr='" PACKAGE_VERSION "' FROM pin") == 1,
	    "the version that wrote it");
	ok(ccr_stat(c, &st) == CCR_OK && st.pins == 4 && st.entries == 0,
	    "counted apart from originals");
	ok(ccr_stat(r, &st) == CCR_OK && st.pins == 4, "by a reader too");
	ccr_close(r);
	ccr_close(c);
}

static void
test_first_stays(void)
{
	struct ccr_stat st;
	struct ccr *c;

	new_store("first");
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "first") &&
	    put_one(c, key(1, 2), NULL), "two pins");
	ok(put_one(c, key(1, 1), "second") && put_one(c, key(1, 1), NULL) &&
	    gives(c, key(1, 1), "first"), "the first stays");
	ok(put_one(c, key(1, 2), "late") && gives(c, key(1, 2), NULL),
	    "raw stays raw");
	ok(ccr_stat(c, &st) == CCR_OK && st.pins == 2 &&
	    sql("SELECT count(*) FROM blob") == 1, "and nothing besides");
	ccr_close(c);
}

static void
test_misuse(void)
{
	struct ccr_pin pin = { .raw = true };
	struct ccr *c, *r;

	new_store("misuse");
	c = writer();
	ok(c != NULL && put(c, key(1, 1), NULL) == CCR_FAILED &&
	    ccr_pins_end(c) == CCR_FAILED, "not begun");
	ok(ccr_pins_begin(c) == CCR_OK && ccr_pins_begin(c) == CCR_FAILED &&
	    put(c, key(1, 1), NULL) == CCR_OK && ccr_pins_end(c) == CCR_OK &&
	    gives(c, key(1, 1), NULL), "begun twice, the first counts");
	ok(ccr_pins_begin(c) == CCR_OK && ccr_pins_end(c) == CCR_OK,
	    "none at all");
	ok(ccr_pins_begin(c) == CCR_OK && ccr_pin_put(c, key(1, 2).k, &pin,
	    SPAN_LIT("ignored")) == CCR_OK && ccr_pins_end(c) == CCR_OK &&
	    get(c, key(1, 2)) == CCR_OK && b.len == 0, "raw has no form");
	r = reader();
	ok(r != NULL && ccr_pins_begin(r) == CCR_FAILED &&
	    put(r, key(1, 3), NULL) == CCR_FAILED, "a reader puts none");
	ccr_close(r);
	ok(ccr_pins_begin(c) == CCR_OK && put(c, key(1, 4), "x") == CCR_OK,
	    "begun and left so");
	ccr_close(c);
	c = writer();
	ok(c != NULL && get(c, key(1, 4)) == CCR_UNKNOWN &&
	    gives(c, key(1, 1), NULL), "is not there");
	ccr_close(c);
}

static void
test_rollback(void)
{
	struct ccr_stat st;
	struct ccr *c;

	new_store("rollback");
	c = writer();
	ok(c != NULL && sql("CREATE TRIGGER t BEFORE INSERT ON pin WHEN"
	    " new.after=100 AND new.size=4 BEGIN SELECT raise(ROLLBACK, 'no');"
	    " END; SELECT 0") == 0, "a store that refuses forms of four bytes");
	ok(ccr_pins_begin(c) == CCR_OK && put(c, key(1, 1), NULL) == CCR_OK &&
	    put(c, key(1, 2), "other") == CCR_OK &&
	    put(c, key(1, 3), "four") == CCR_FAILED, "the third fails");
	ok(put(c, key(1, 4), NULL) == CCR_FAILED, "so does what follows");
	ok(ccr_pins_end(c) == CCR_FAILED, "the end says so");
	ok(strstr(ccr_error(c), ": no") != NULL, "and why");
	ok(get(c, key(1, 1)) == CCR_UNKNOWN && get(c, key(1, 4)) ==
	    CCR_UNKNOWN && ccr_stat(c, &st) == CCR_OK && st.pins == 0 &&
	    sql("SELECT count(*) FROM blob") == 0, "nothing of it is there");
	ok(put_one(c, key(1, 1), "other") && gives(c, key(1, 1), "other"),
	    "the next ones are");
	ccr_close(c);
}

static void
test_renewal(void)
{
	struct ccr *c, *r, *d;
	int64_t used, before;

	new_store("renewal");
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "form"), "a pin");
	age("pin", "1", DAY / 2);
	before = sql("SELECT used FROM pin");
	ok(gives(c, key(1, 1), "form") && sql("SELECT used FROM pin") ==
	    before, "used half a day ago, not renewed");
	age("pin", "1", 2 * DAY);
	before = sql("SELECT used FROM pin");
	r = reader();
	ok(r != NULL && gives(r, key(1, 1), "form") &&
	    sql("SELECT used FROM pin") == before, "not by a reader");
	ccr_close(r);
	d = writer();
	ok(d != NULL && ccr_pins_begin(d) == CCR_OK, "while one holds it");
	used = (int64_t)time(NULL);
	ok(gives(c, key(1, 1), "form") && (int64_t)time(NULL) - used < 3,
	    "got without waiting");
	ok(ccr_pins_end(d) == CCR_OK && sql("SELECT used FROM pin") == before,
	    "not renewed");
	ccr_close(d);
	ok(ccr_pins_begin(c) == CCR_OK && gives(c, key(1, 1), "form") &&
	    ccr_pins_end(c) == CCR_OK, "nor between begin and end");
	ok(sql("SELECT used FROM pin") == before &&
	    gives(c, key(1, 1), "form") && sql("SELECT used FROM pin") >=
	    used, "two days ago, renewed");
	ccr_close(c);
}

static bool
put_many(struct ccr *c, unsigned a, unsigned n, const char *form)
{
	unsigned i;

	if (ccr_pins_begin(c) != CCR_OK)
		return false;
	for (i = 0; i < n; i++)
		if (put(c, key(a, i), form) != CCR_OK)
			return false;
	return ccr_pins_end(c) == CCR_OK;
}

static void
test_expiry(void)
{
	struct ccr_limits lim = CCR_LIMITS_DEFAULT;
	struct ccr_stat st;
	uint64_t dropped;
	struct ccr *c;

	new_store("expiry");
	c = writer();
	ok(c != NULL && put_many(c, 1, 300, "form") &&
	    put_many(c, 2, 100, NULL), "four hundred pins");
	age("pin", "raw=0", 31 * DAY);
	ok(ccr_settle(c) == CCR_OK && ccr_stat(c, &st) == CCR_OK &&
	    st.pins < 400 && st.pins > 100, "some expire at a time");
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK && dropped == 0 &&
	    ccr_stat(c, &st) == CCR_OK && st.pins == 100, "then all");
	ok(sql("SELECT count(*) FROM pin") == 100 &&
	    sql("SELECT count(*) FROM blob") == 0, "with their forms");
	ok(get(c, key(1, 1)) == CCR_UNKNOWN && gives(c, key(2, 1), NULL),
	    "the right ones");
	ok(put_many(c, 3, 200, "x"), "puts do it too");
	age("pin", "raw=0", 31 * DAY);
	ok(put_many(c, 4, 100, NULL) && ccr_stat(c, &st) == CCR_OK &&
	    st.pins < 400, "a part of it");
	lim.idle = 0;
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK &&
	    ccr_stat(c, &st) == CCR_OK && st.pins == 0, "none is left");
	ok(sql("PRAGMA user_version") == 2, "the version is what it was");
	ccr_close(c);
}

/* A million pins are made by counting wrong. */
static void
test_ceiling(void)
{
	struct ccr_stat st;
	struct ccr *c;

	new_store("ceiling");
	c = writer();
	ok(c != NULL && put_many(c, 1, 50, "form"), "fifty pins");
	age("pin", "1", DAY);
	ok(put_many(c, 2, 50, "form") && ccr_settle(c) == CCR_OK &&
	    ccr_stat(c, &st) == CCR_OK && st.pins == 100, "fifty later ones");
	ok(sql("UPDATE tally SET pins=1000020; SELECT 0") == 0 &&
	    ccr_settle(c) == CCR_OK && ccr_stat(c, &st) == CCR_OK &&
	    st.pins == 1000000 && sql("SELECT count(*) FROM pin") == 80,
	    "what is beyond a million goes");
	ok(sql("SELECT count(*) FROM pin WHERE used>unixepoch()-3600") == 50,
	    "the oldest first");
	ccr_close(c);
}

static bool
put_noise(struct ccr *c, unsigned n)
{
	static char noise[100000];
	static uint32_t x = 7;
	struct mark_id id;
	size_t i;

	while (n-- > 0) {
		for (i = 0; i < sizeof(noise); i++) {
			x = x * 1664525 + 1013904223;
			noise[i] = (char)(x >> 24);
		}
		if (ccr_put(c, span_of(noise, sizeof(noise)), &id) != CCR_OK)
			return false;
	}
	return true;
}

static void
test_bytes(void)
{
	struct ccr_limits lim = CCR_LIMITS_DEFAULT;
	struct ccr_stat st;
	uint64_t dropped;
	struct ccr *c;

	new_store("bytes");
	c = writer();
	ok(c != NULL && put_noise(c, 4) && put_many(c, 1, 10, "oldest") &&
	    put_many(c, 2, 10, "like the originals"),
	    "four originals, twenty pins");
	age("pin", "size=6", 900);
	age("pin", "size>6", 600);
	age("entry", "1", 600);
	ok(put_noise(c, 4) && put_many(c, 3, 10, "late"), "later ones");
	lim.bytes = 600000;
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK && dropped == 3 &&
	    ccr_stat(c, &st) == CCR_OK && st.entries == 5 && st.pins == 10,
	    "three originals and the pins of their age go");
	ok(gives(c, key(3, 9), "late"), "later pins stay");
	lim.bytes = 0;
	ok(put_many(c, 4, 200, NULL) && ccr_gc(c, &lim, &dropped) == CCR_OK &&
	    dropped == 5 && ccr_stat(c, &st) == CCR_OK && st.pins == 0,
	    "no bytes, nothing is left");
	ccr_close(c);
}

static void
test_damage(void)
{
	struct ccr *c;

	new_store("damage");
	c = writer();
	ok(c != NULL && put_one(c, key(1, 1), "form one") &&
	    put_one(c, key(1, 2), "form two") && put_one(c, key(1, 3), NULL),
	    "three pins");
	ok(sql("UPDATE pin SET blob=1, sum=(SELECT sum FROM pin WHERE blob=1)"
	    " WHERE blob=2; SELECT 0") == 0 &&
	    get(c, key(1, 2)) == CCR_DAMAGED,
	    "the form of another is not given");
	ok(sql("UPDATE blob SET z=(SELECT z FROM blob WHERE n=2) WHERE n=1;"
	    "SELECT 0") == 0 && get(c, key(1, 1)) == CCR_DAMAGED &&
	    b.len == 0, "nor where it has its place");
	ok(sql("UPDATE blob SET z=x'0000' WHERE n=1; SELECT 0") == 0 &&
	    get(c, key(1, 1)) == CCR_DAMAGED && b.len == 0, "nor noise");
	ok(sql("UPDATE pin SET size=1<<50; SELECT 0") == 0 &&
	    get(c, key(1, 1)) == CCR_DAMAGED, "nor one of an absurd size");
	ok(sql("DELETE FROM blob WHERE n=1; SELECT 0") == 0 &&
	    get(c, key(1, 1)) == CCR_DAMAGED, "nor nothing");
	ok(put_one(c, key(1, 4), "form") && gives(c, key(1, 4), "form"),
	    "others are sound");
	ccr_close(c);
}

int
main(void)
{
	if (!made_begin())
		return 1;
	test_put_get();
	test_first_stays();
	test_misuse();
	test_rollback();
	test_renewal();
	test_expiry();
	test_ceiling();
	test_bytes();
	test_damage();
	return made_end();
}
