/*
 * test_ccr - the store, in one process; t/hr-ccr.bats does it with several
 *
 * Time and damage are made by writing the database behind the store's back.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "ccr.h"
#include "tap.h"

static char dir[] = "/tmp/test_ccr.XXXXXX";
static char path[sizeof(dir) + 32];
static char err[256];
static struct buf b = BUF_INIT;

/* Behind the store's back. */
static bool
sql(const char *statement)
{
	sqlite3 *db;
	bool good;

	good = sqlite3_open(path, &db) == SQLITE_OK;
	if (good) {
		sqlite3_busy_timeout(db, 5000);
		good = sqlite3_exec(db, statement, NULL, NULL, NULL) ==
		    SQLITE_OK;
		if (!good)
			printf("# %s\n", sqlite3_errmsg(db));
	}
	sqlite3_close(db);
	return good;
}

static void
new_store(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s/ccr.db", dir, name);
}

static struct ccr *
writer(void)
{
	struct ccr *c;

	if (ccr_open(&c, path, err, sizeof(err)) != CCR_OK)
		printf("# %s\n", err);
	return c;
}

static bool
gives(struct ccr *c, const struct mark_id *id, struct span want)
{
	enum ccr_rc rc;
	bool same;

	buf_reset(&b);
	rc = ccr_get(c, id, &b);
	same = rc == CCR_OK && span_eq(buf_span(&b), want);
	if (!same)
		printf("# %d, %zu bytes: %s\n", (int)rc, b.len, ccr_error(c));
	return same;
}

static void
test_put_get(void)
{
	static char large[3 << 20];
	struct mark_id id, again, empty, big;
	struct ccr *c, *r;
	struct stat st;
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < sizeof(large); i++) {
		x = x * 1664525 + 1013904223;
		large[i] = (char)(x >> 24);
	}
	new_store("a/b/c");
	umask(0);
	c = writer();
	if (!ok(c != NULL, "open makes folders"))
		return;
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "mode 0600");
	ok(ccr_put(c, SPAN_LIT("a\0b\n"), &id) == CCR_OK, "put");
	ok(gives(c, &id, SPAN_LIT("a\0b\n")), "get");
	ok(ccr_put(c, SPAN_LIT("a\0b\n"), &again) == CCR_OK &&
	    strcmp(id.z, again.z) == 0, "put again");
	ok(ccr_put(c, span_of(NULL, 0), &empty) == CCR_OK &&
	    strcmp(empty.z, CCR_EMPTY_ID) == 0, "put of nothing");
	ok(gives(c, &empty, span_of(NULL, 0)), "get of nothing");
	ok(ccr_put(c, span_of(large, sizeof(large)), &big) == CCR_OK,
	    "put of noise");
	ok(gives(c, &big, span_of(large, sizeof(large))), "get of noise");
	ok(ccr_open_read(&r, path, err, sizeof(err)) == CCR_OK &&
	    gives(r, &big, span_of(large, sizeof(large))),
	    "read beside a writer");
	ccr_close(c);
	ok(gives(r, &id, SPAN_LIT("a\0b\n")), "read when it has gone");
	ccr_close(r);
	ok(ccr_open_read(&r, path, err, sizeof(err)) == CCR_OK &&
	    gives(r, &id, SPAN_LIT("a\0b\n")), "read alone");
	ok(ccr_put(r, SPAN_LIT("new"), &id) != CCR_OK, "a reader puts nothing");
	ccr_close(r);
	snprintf(path, sizeof(path), "%s/a", dir);
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0700,
	    "folders have mode 0700");
}

static void
test_misses(void)
{
	struct mark_id id, other;
	struct ccr *c;

	new_store("misses");
	c = writer();
	if (!ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    mark_id_parse(SPAN_LIT("123456789012345678901"), &other) == 0,
	    "a store with one entry"))
		return;
	buf_reset(&b);
	ok(ccr_get(c, &other, &b) == CCR_UNKNOWN && b.len == 0, "unknown");
	ok(strstr(ccr_error(c), "never stored") != NULL, "says so");
	ok(sql("UPDATE entry SET used=1000000000") &&
	    ccr_settle(c) == CCR_OK && ccr_get(c, &id, &b) == CCR_EXPIRED,
	    "settling expires what is long unused");
	ok(strstr(ccr_error(c), "last used 2001-09-09") != NULL, "says when");
	ok(ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    gives(c, &id, SPAN_LIT("one")), "put again after that");
	ok(sql("UPDATE blob SET z=substr(z, 1, 5)"), "cut its content");
	buf_reset(&b);
	buf_adds(&b, "x");
	ok(ccr_get(c, &id, &b) == CCR_DAMAGED && b.len == 1, "damaged");
	ok(sql("DELETE FROM blob"), "take it away");
	ok(ccr_get(c, &id, &b) == CCR_DAMAGED, "damaged");
	ok(sql("UPDATE entry SET size=1<<50"), "an absurd size");
	ok(ccr_get(c, &id, &b) == CCR_DAMAGED, "damaged");
	ccr_close(c);
}

static void
test_repair(void)
{
	struct mark_id id;
	struct ccr *c;

	new_store("repair");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    sql("UPDATE blob SET z=x'00'; UPDATE entry SET used=used-7200") &&
	    ccr_get(c, &id, &b) == CCR_DAMAGED, "damaged");
	ok(ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    gives(c, &id, SPAN_LIT("one")), "put again, it is sound");
	ccr_close(c);
}

/* The user removes the store under a process that lives on. */
static void
test_removed(void)
{
	char aside[sizeof(path) + 4];
	struct mark_id id, other;
	struct ccr *c, *r = NULL;

	new_store("removed");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    ccr_open_read(&r, path, err, sizeof(err)) == CCR_OK,
	    "a store, a writer, a reader");
	snprintf(aside, sizeof(aside), "%s-wal", path);
	ok(unlink(aside) == 0 && unlink(path) == 0, "removed");
	snprintf(aside, sizeof(aside), "%s-shm", path);
	ok(unlink(aside) == 0, "all of it");
	ok(ccr_get(r, &id, &b) == CCR_UNKNOWN, "unknown to the reader");
	ok(ccr_put(c, SPAN_LIT("two"), &other) == CCR_OK &&
	    access(path, F_OK) == 0, "the writer makes a new one");
	ok(gives(r, &other, SPAN_LIT("two")), "which the reader finds");
	ok(ccr_get(c, &id, &b) == CCR_UNKNOWN, "without what was");
	ccr_close(r);
	ccr_close(c);
}

static void
test_damaged_reader(void)
{
	struct mark_id id;
	struct ccr *c;

	new_store("damaged");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK,
	    "a store with one entry");
	ccr_close(c);
	ok(sql("UPDATE blob SET z=x'28b52ffd20036900007477ff'"),
	    "other content");
	ok(ccr_open_read(&c, path, err, sizeof(err)) == CCR_OK &&
	    ccr_get(c, &id, &b) == CCR_DAMAGED, "a reader sees it too");
	ccr_close(c);
}

/* Two originals with one id are out of reach: the row is made to look so. */
static void
test_clash(void)
{
	struct mark_id id;
	struct ccr *c;

	new_store("clash");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK,
	    "a store with one entry");
	ok(sql("UPDATE entry SET sha=randomblob(32)"), "another hash");
	ok(ccr_put(c, SPAN_LIT("one"), &id) == CCR_CLASH, "refused");
	ok(strstr(ccr_error(c), id.z) != NULL, "says which");
	ok(ccr_get(c, &id, &b) == CCR_UNKNOWN, "not given for the id");
	ccr_close(c);
}

static void
test_renewal(void)
{
	struct mark_id id;
	struct ccr_stat st;
	struct ccr *c;
	int64_t now = (int64_t)time(NULL);

	new_store("renewal");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    sql("UPDATE entry SET used=used-600"), "used ten minutes ago");
	ok(ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    ccr_stat(c, &st) == CCR_OK && st.oldest < now, "not renewed");
	ok(sql("UPDATE entry SET used=used-7200") &&
	    ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK &&
	    ccr_stat(c, &st) == CCR_OK && st.oldest >= now, "put renews");
	ok(sql("UPDATE entry SET used=used-7200") &&
	    gives(c, &id, SPAN_LIT("one")) &&
	    ccr_stat(c, &st) == CCR_OK && st.oldest >= now, "get renews");
	ok(sql("UPDATE entry SET used=used-7200") &&
	    ccr_renew(c, &id) == CCR_OK &&
	    ccr_stat(c, &st) == CCR_OK && st.oldest >= now, "so can others");
	ccr_close(c);
}

struct seen {
	unsigned	n;
	int64_t		last;
	bool		sorted;
};

static bool
see(void *arg, const struct ccr_entry *e)
{
	struct seen *s = arg;

	s->sorted = s->sorted && (s->n == 0 || e->used <= s->last);
	s->last = e->used;
	s->n++;
	return s->n < 15;
}

/* n originals of 100 KB that do not compress; the first is the oldest. */
static bool
fill(struct ccr *c, unsigned n, struct mark_id *ids)
{
	static char noise[100000];
	static uint32_t x = 7;
	char update[128];
	unsigned i;
	size_t k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < sizeof(noise); k++) {
			x = x * 1664525 + 1013904223;
			noise[k] = (char)(x >> 24);
		}
		if (ccr_put(c, span_of(noise, sizeof(noise)), &ids[i]) !=
		    CCR_OK)
			return false;
		snprintf(update, sizeof(update), "UPDATE entry SET used="
		    "unixepoch()-%u WHERE blob=%u", (n - i) * 60, i + 1);
		if (!sql(update))
			return false;
	}
	return true;
}

static void
test_gc(void)
{
	struct ccr_limits lim = CCR_LIMITS_DEFAULT;
	struct seen seen = { .sorted = true };
	struct mark_id ids[20];
	struct ccr_stat st;
	uint64_t dropped, before;
	struct ccr *c;

	new_store("gc");
	c = writer();
	if (!ok(c != NULL && fill(c, 20, ids), "twenty entries"))
		return;
	ok(ccr_stat(c, &st) == CCR_OK && st.entries == 20 &&
	    st.size == 2000000 && st.stored > 2000000 &&
	    st.file > st.stored, "counted");
	before = st.file;
	ok(ccr_list(c, see, &seen) == CCR_OK && seen.n == 15 && seen.sorted,
	    "listed, newest first, until told to stop");
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK && dropped == 0,
	    "nothing to drop");
	lim.idle = 15 * 60 + 30;
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK && dropped == 5, "by idle");
	buf_reset(&b);
	ok(ccr_get(c, &ids[4], &b) == CCR_EXPIRED &&
	    ccr_get(c, &ids[5], &b) == CCR_OK, "the right ones");
	lim.bytes = 1050000;
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK && dropped == 5, "by size");
	ok(ccr_get(c, &ids[9], &b) == CCR_EXPIRED &&
	    ccr_get(c, &ids[10], &b) == CCR_OK, "the longest unused");
	ok(ccr_stat(c, &st) == CCR_OK && st.entries == 10 &&
	    st.file < before / 2 + 100000, "the file shrank");
	lim.bytes = 0;
	ok(ccr_gc(c, &lim, &dropped) == CCR_OK && dropped == 10, "all");
	ccr_close(c);
}

static void
test_cap(void)
{
	struct ccr_limits lim = { .idle = 86400, .bytes = 1 << 20 };
	struct mark_id ids[60];
	struct ccr_stat st;
	struct ccr *c;

	new_store("cap");
	c = writer();
	if (!ok(c != NULL, "a store"))
		return;
	ccr_limit(c, &lim);
	ok(fill(c, 60, ids), "six times the cap");
	ok(ccr_settle(c) == CCR_OK && ccr_stat(c, &st) == CCR_OK &&
	    st.stored <= lim.bytes && st.entries >= 8, "kept");
	buf_reset(&b);
	ok(ccr_get(c, &ids[0], &b) == CCR_EXPIRED &&
	    ccr_get(c, &ids[59], &b) == CCR_OK, "the oldest went");
	lim.bytes = 50000;
	ccr_limit(c, &lim);
	ok(fill(c, 1, ids) == false, "one larger than the cap is refused");
	ccr_close(c);
	ok(sql("INSERT INTO gone(n, key, used) VALUES(100000, 1, 1)"),
	    "many tombstones");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("x"), ids) == CCR_OK &&
	    sql("UPDATE entry SET used=0") && ccr_settle(c) == CCR_OK &&
	    ccr_get(c, &ids[0], &b) == CCR_EXPIRED, "one more");
	ok(sql("CREATE TEMP TABLE t(x CHECK(x=1)); INSERT INTO t "
	    "SELECT min(n)>30000 FROM gone"), "old tombstones go");
	ccr_close(c);
}

static bool
write_file(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, text, strlen(text)) ==
	    (ssize_t)strlen(text);

	close(fd);
	return good;
}

static void
test_not_stores(void)
{
	struct ccr *c;

	snprintf(path, sizeof(path), "%s/foreign", dir);
	ok(ccr_open_read(&c, path, err, sizeof(err)) == CCR_UNKNOWN &&
	    c == NULL && access(path, F_OK) < 0,
	    "a reader of no store makes none");
	ok(write_file("this is no database, however long the text may be, "
	    "and SQLite wants a hundred bytes at least to say so ......"),
	    "a text file");
	ok(ccr_open(&c, path, err, sizeof(err)) == CCR_DAMAGED && c == NULL &&
	    strstr(err, "not a store") != NULL, "refused for writing");
	ok(ccr_open_read(&c, path, err, sizeof(err)) == CCR_DAMAGED,
	    "refused for reading");
	ok(unlink(path) == 0 && sql("CREATE TABLE t(x)"), "a database");
	ok(ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED &&
	    strstr(err, "another program") != NULL, "left alone");
	ok(sql("PRAGMA user_version=99") &&
	    ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED &&
	    strstr(err, "version 99") != NULL, "a later version");
	ok(unlink(path) == 0 && symlink("/nowhere", path) == 0 &&
	    ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED,
	    "a symbolic link");
	ok(unlink(path) == 0 && mkdir(path, 0700) == 0 &&
	    ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED, "a folder");
	snprintf(path, sizeof(path), "/proc/no/such/ccr.db");
	ok(ccr_open(&c, path, err, sizeof(err)) == CCR_FAILED &&
	    strstr(err, "cannot create") != NULL, "a folder not to be made");
}

/* Without -wal and -shm, as after a visit of sqlite3(1). */
static void
test_frozen(void)
{
	struct mark_id id, second;
	struct ccr *c, *r;

	snprintf(path, sizeof(path), "%s/100%% #1?", dir);
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("one"), &id) == CCR_OK,
	    "a path with bytes that mean something in a URI");
	ccr_close(c);
	ok(sql("PRAGMA wal_checkpoint(TRUNCATE)") && sql("SELECT 1"),
	    "log moved");
	snprintf(err, sizeof(err), "%s-wal", path);
	ok(unlink(err) == 0 || errno == ENOENT, "no log");
	snprintf(err, sizeof(err), "%s-shm", path);
	ok(unlink(err) == 0 || errno == ENOENT, "no index of it");
	ok(ccr_open_read(&r, path, err, sizeof(err)) == CCR_OK &&
	    gives(r, &id, SPAN_LIT("one")), "read all the same");
	snprintf(err, sizeof(err), "%s-wal", path);
	ok(access(err, F_OK) < 0, "nothing was written");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("two"), &second) == CCR_OK,
	    "a writer comes");
	ok(gives(r, &second, SPAN_LIT("two")), "and the reader sees it");
	ccr_close(r);
	ccr_close(c);
}

static void
test_paths(void)
{
	char out[64];

	ok(ccr_default_path("/x", "/home/u", out, sizeof(out)) == 0 &&
	    strcmp(out, "/x/hr/ccr.db") == 0, "XDG_STATE_HOME");
	ok(ccr_default_path("x", "/home/u", out, sizeof(out)) == 0 &&
	    strcmp(out, "/home/u/.local/state/hr/ccr.db") == 0,
	    "a relative one is ignored");
	ok(ccr_default_path("", "/home/u", out, sizeof(out)) == 0, "empty");
	ok(ccr_default_path(NULL, NULL, out, sizeof(out)) < 0, "neither");
	ok(ccr_default_path("/x", NULL, out, 12) < 0, "too long");
}

/* What is dropped between being found and being renewed. */
static void
test_dropped_meanwhile(void)
{
	struct mark_id id, other;
	struct ccr *c;

	new_store("meanwhile");
	c = writer();
	ok(c != NULL && ccr_put(c, SPAN_LIT("abc"), &id) == CCR_OK &&
	    ccr_put(c, SPAN_LIT("def"), &other) == CCR_OK &&
	    sql("UPDATE entry SET used=used-7200;"
	    "CREATE TRIGGER t BEFORE UPDATE OF used ON entry BEGIN"
	    " DELETE FROM blob WHERE n=old.blob;"
	    " DELETE FROM entry WHERE key=old.key; END"), "put");
	ok(ccr_put(c, SPAN_LIT("abc"), &id) == CCR_OK &&
	    gives(c, &id, SPAN_LIT("abc")), "put again");
	ok(gives(c, &other, SPAN_LIT("def")) && ccr_stale(c),
	    "what was got was not renewed");
	ok(gives(c, &id, SPAN_LIT("abc")) && !ccr_stale(c),
	    "what needs no renewal");
	ok(ccr_renew(c, &other) == CCR_UNKNOWN, "renewal says that it went");
	ccr_close(c);
}

static void
clean_up(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		printf("# left %s\n", dir);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	test_put_get();
	test_misses();
	test_damaged_reader();
	test_repair();
	test_removed();
	test_clash();
	test_renewal();
	test_dropped_meanwhile();
	test_gc();
	test_cap();
	test_not_stores();
	test_frozen();
	test_paths();
	clean_up();
	buf_release(&b);
	return done();
}
