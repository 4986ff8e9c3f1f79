/*
 * ccr_open - opening, making and closing the store
 */
#include "compat.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ccr_db.h"
#include "hash.h"

/*
 * application_id is "hrcc"; user_version tells our file from others, and
 * this layout from later ones.
 */
#define APPLICATION_ID	"1752327011"
#define SCHEMA_VERSION	2
#define SCHEMA_OLDEST	1	/* that is understood: it has no pins */

#define WAL_HEADER	32	/* bytes before the first frame of a log */

#define RETRY_US	200	/* first wait for a lock, doubled up to ... */
#define RETRY_MAX_US	5000
#define READ_TRIES	8	/* of a reader, a tenth of a second in all */

static const char schema[] =
	"CREATE TABLE entry(key INTEGER PRIMARY KEY, sha BLOB NOT NULL,"
	" size INTEGER NOT NULL, stored INTEGER NOT NULL,"
	" created INTEGER NOT NULL, used INTEGER NOT NULL,"
	" blob INTEGER NOT NULL);"
	"CREATE INDEX entry_used ON entry(used);"
	"CREATE TABLE blob(n INTEGER PRIMARY KEY, z BLOB NOT NULL);"
	"CREATE TABLE gone(n INTEGER PRIMARY KEY, key INTEGER NOT NULL,"
	" used INTEGER NOT NULL);"
	"CREATE INDEX gone_key ON gone(key);"
	"PRAGMA application_id=" APPLICATION_ID;

/*
 * What version 2 added.  It may be there under the number 1: an earlier hr
 * that had the store open while it became version 2 writes its own number.
 */
static const char schema_pins[] =
	"CREATE TABLE IF NOT EXISTS pin(key BLOB PRIMARY KEY,"
	" raw INTEGER NOT NULL, lossy INTEGER NOT NULL,"
	" policy INTEGER NOT NULL, why INTEGER NOT NULL,"
	" before INTEGER NOT NULL, after INTEGER NOT NULL,"
	" hr TEXT NOT NULL, used INTEGER NOT NULL, size INTEGER NOT NULL,"
	" sum INTEGER NOT NULL, blob INTEGER) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS pin_used ON pin(used);"
	"CREATE TABLE IF NOT EXISTS tally(pins INTEGER NOT NULL);"
	"INSERT INTO tally SELECT 0 WHERE NOT EXISTS(SELECT * FROM tally);"
	"CREATE TRIGGER IF NOT EXISTS pin_added AFTER INSERT ON pin BEGIN"
	" UPDATE tally SET pins=pins+1; END;"
	"CREATE TRIGGER IF NOT EXISTS pin_dropped AFTER DELETE ON pin BEGIN"
	" UPDATE tally SET pins=pins-1;"
	" DELETE FROM blob WHERE n=old.blob; END;"
	"PRAGMA user_version=2";

/*
 * SQLite's own waiting starts at a millisecond and soon sleeps for 100; a
 * put holds the lock for some ten microseconds.
 */
static int
wait_for_lock(void *arg, int times)
{
	struct ccr *c = arg;
	unsigned us = times > 4 ? RETRY_MAX_US : (unsigned)RETRY_US << times;

	if (times == 0)
		c->waited = 0;
	if (c->waited / 1000 >= c->patience)
		return 0;
	c->waited += us;
	usleep(us);
	return 1;
}

static int
note_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct ccr *c = arg;

	(void)db, (void)name;
	c->wal_pages = pages;
	return SQLITE_OK;
}

/* Whether there is a write-ahead log with any frame in it. */
static bool
has_wal(const struct ccr *c)
{
	return ccr_file_size(c->path, "-wal") > WAL_HEADER;
}

static enum ccr_rc
connect_db(struct ccr *c, const char *params, int flags)
{
	char *uri = ccr_file_uri(c->path, params);
	int rc;

	if (uri == NULL)
		return ccr_fail(c, CCR_FAILED, "out of memory");
	rc = sqlite3_open_v2(uri, &c->db, flags | SQLITE_OPEN_URI |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	free(uri);
	if (c->db == NULL)
		return ccr_fail(c, CCR_FAILED, "out of memory");
	if (rc != SQLITE_OK)
		return ccr_fail_sql(c);
	sqlite3_busy_handler(c->db, wait_for_lock, c);
	return CCR_OK;
}

static void
disconnect(struct ccr *c)
{
	size_t i;

	if (c->pinning && c->pin_rc == CCR_OK)
		c->pin_rc = CCR_FAILED;
	for (i = 0; i < CCR_NSQL; i++) {
		sqlite3_finalize(c->sql[i]);
		c->sql[i] = NULL;
	}
	sqlite3_close(c->db);
	c->db = NULL;
}

/* One number without keeping a statement: opening needs each only once. */
static enum ccr_rc
ask(struct ccr *c, const char *question, int64_t *n)
{
	sqlite3_stmt *s;
	enum ccr_rc rc = CCR_OK;

	if (sqlite3_prepare_v2(c->db, question, -1, &s, NULL) != SQLITE_OK)
		return ccr_fail_sql(c);
	if (sqlite3_step(s) == SQLITE_ROW)
		*n = sqlite3_column_int64(s, 0);
	else
		rc = ccr_fail_sql(c);
	sqlite3_finalize(s);
	return rc;
}

static enum ccr_rc
exec(struct ccr *c, const char *statements)
{
	if (sqlite3_exec(c->db, statements, NULL, NULL, NULL) != SQLITE_OK)
		return ccr_fail_sql(c);
	return CCR_OK;
}

static enum ccr_rc
foreign(struct ccr *c)
{
	return ccr_fail(c, CCR_FAILED, "'%s' is a database of another program",
	    c->path);
}

/*
 * Going over to WAL mode wants the file alone and does not always ask the
 * busy handler, hence the loop.
 */
static enum ccr_rc
make_wal(struct ccr *c)
{
	enum ccr_rc rc;
	int i;

	for (i = 0; ; i++) {
		rc = exec(c, "PRAGMA auto_vacuum=INCREMENTAL;"
		    "PRAGMA journal_mode=WAL");
		if (rc != CCR_BUSY || !wait_for_lock(c, i))
			return rc;
	}
}

/* What is missing, with the lock held. */
static enum ccr_rc
add_tables(struct ccr *c)
{
	int64_t n;
	enum ccr_rc rc = ask(c, "PRAGMA user_version", &c->version);

	if (rc == CCR_OK && c->version == 0) {
		rc = ask(c, "SELECT count(*) FROM sqlite_master", &n);
		if (rc == CCR_OK)
			rc = n != 0 ? foreign(c) : exec(c, schema);
	} else if (rc == CCR_OK && c->version < SCHEMA_VERSION) {
		rc = ask(c, "SELECT application_id<>" APPLICATION_ID
		    " FROM pragma_application_id", &n);
		if (rc == CCR_OK && n != 0)
			rc = foreign(c);
	}
	if (rc == CCR_OK && c->version < SCHEMA_VERSION) {
		rc = exec(c, schema_pins);
		c->version = SCHEMA_VERSION;
	}
	return rc;
}

/*
 * Make the store, or bring it up to date.  Several processes may find that
 * to be done: who gets the lock first does it.
 */
static enum ccr_rc
update(struct ccr *c)
{
	enum ccr_rc rc = exec(c, "PRAGMA synchronous=OFF");

	if (rc == CCR_OK && c->version == 0)
		rc = make_wal(c);
	if (rc == CCR_OK)
		rc = exec(c, "BEGIN IMMEDIATE");
	if (rc != CCR_OK)
		return rc;
	rc = add_tables(c);
	if (rc == CCR_OK)
		rc = exec(c, "COMMIT");
	if (rc != CCR_OK)
		ccr_rollback(c);
	return rc;
}

static enum ccr_rc
check_version(struct ccr *c)
{
	enum ccr_rc rc = ask(c, "PRAGMA user_version", &c->version);

	if (rc == CCR_OK && !c->reading && c->version >= 0 &&
	    c->version < SCHEMA_VERSION)
		rc = update(c);
	if (rc != CCR_OK || (c->version >= SCHEMA_OLDEST &&
	    c->version <= SCHEMA_VERSION))
		return rc;
	if (c->version == 0)
		return ccr_fail(c, CCR_UNKNOWN, "'%s' is empty", c->path);
	return ccr_fail(c, CCR_FAILED, "'%s' is of version %lld, not %d",
	    c->path, (long long)c->version, SCHEMA_VERSION);
}

bool
ccr_has_pins(struct ccr *c)
{
	/* A writer may have brought it up to date meanwhile. */
	if (c->version < SCHEMA_VERSION &&
	    ask(c, "PRAGMA user_version", &c->version) != CCR_OK)
		return false;
	return c->version >= SCHEMA_VERSION;
}

static enum ccr_rc
open_writing(struct ccr *c)
{
	enum ccr_rc rc;
	int on = 1;

	if (ccr_file_size(c->path, "") < 0 && !ccr_file_make(c->path))
		return ccr_fail(c, errno == ENOSPC || errno == EDQUOT ?
		    CCR_FULL : CCR_FAILED, "cannot create '%s': %s", c->path,
		    strerror(errno));
	/* SQLite would open it to read only, and say so too late. */
	if (access(c->path, W_OK) < 0)
		return ccr_fail(c, CCR_FAILED, "cannot write '%s': %s",
		    c->path, strerror(errno));
	rc = connect_db(c, "?mode=rw", SQLITE_OPEN_READWRITE);
	if (rc != CCR_OK)
		return rc;
	/*
	 * Readers who may not write need the other two files, so they stay;
	 * and moving the log into the file is for ccr_settle to decide, as
	 * it waits for the disk.
	 */
	sqlite3_file_control(c->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_wal_hook(c->db, note_wal, c);
	rc = check_version(c);
	if (rc == CCR_OK)
		rc = exec(c, "PRAGMA synchronous=NORMAL;"
		    "PRAGMA cache_size=-1024");
	return rc;
}

/*
 * With frames in the log: readonly_shm keeps SQLite from writing the index
 * of the log where it could; only if that index has been taken away it may
 * try to make a new one.
 *
 * Without: the file is complete, and is read as if it never changed, which
 * needs no companions that one might not be allowed to create.  A writer who
 * comes meanwhile shows as damage or a missing entry, and ccr_get opens
 * anew.  (SQLite 3.40 can do without companions only if the log is missing;
 * where a writer was killed between the log's header and the first frame, it
 * tries for ten seconds.)
 */
static enum ccr_rc
try_reading(struct ccr *c)
{
	enum ccr_rc rc;

	if (ccr_file_size(c->path, "") < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return ccr_fail(c, CCR_UNKNOWN, "no store at '%s'",
			    c->path);
		return ccr_fail(c, CCR_FAILED, "cannot read '%s': %s",
		    c->path, strerror(errno));
	}
	c->frozen = !has_wal(c);
	if (!c->frozen) {
		rc = connect_db(c, ccr_file_size(c->path, "-shm") < 0 ?
		    "?mode=ro" : "?mode=ro&readonly_shm=1",
		    SQLITE_OPEN_READONLY);
		if (rc == CCR_OK)
			rc = check_version(c);
		if (rc != CCR_FAILED)
			return rc;
		disconnect(c);
		c->frozen = true;
	}
	rc = connect_db(c, "?mode=ro&immutable=1", SQLITE_OPEN_READONLY);
	return rc == CCR_OK ? check_version(c) : rc;
}

/*
 * While a writer comes, it makes the index of the log anew, and for a moment
 * the log cannot be read; the file alone may then be older than what was put,
 * even empty.  A look a little later finds both.
 */
static enum ccr_rc
open_reading(struct ccr *c)
{
	enum ccr_rc rc;
	int i;

	for (i = 0; ; i++) {
		rc = try_reading(c);
		if (rc == CCR_OK || !c->frozen || !has_wal(c) ||
		    i == READ_TRIES)
			return rc;
		disconnect(c);
		usleep((unsigned)RETRY_US << i);
	}
}

enum ccr_rc
ccr_reopen(struct ccr *c)
{
	struct stat st;
	enum ccr_rc rc;

	disconnect(c);
	if (lstat(c->path, &st) == 0 && !S_ISREG(st.st_mode))
		return ccr_fail(c, CCR_FAILED, "'%s' is not a regular file",
		    c->path);
	rc = c->reading ? open_reading(c) : open_writing(c);
	if (rc == CCR_OK && lstat(c->path, &st) == 0) {
		c->dev = st.st_dev;
		c->ino = st.st_ino;
	}
	if (rc != CCR_OK)
		disconnect(c);
	return rc;
}

enum ccr_rc
ccr_ready(struct ccr *c)
{
	struct stat st;

	/* In the middle of something; what comes next finds out. */
	if (c->db != NULL && !sqlite3_get_autocommit(c->db))
		return CCR_OK;
	if (c->db != NULL && lstat(c->path, &st) == 0 &&
	    st.st_dev == c->dev && st.st_ino == c->ino)
		return CCR_OK;
	/* The number of a file that is gone may be given to the next. */
	c->files++;
	return ccr_reopen(c);
}

uint64_t
ccr_generation(struct ccr *c)
{
	uint64_t file[3], n;

	if (ccr_ready(c) != CCR_OK)
		return 0;
	file[0] = (uint64_t)c->dev;
	file[1] = (uint64_t)c->ino;
	file[2] = c->files;
	n = hash_xxh3(span_of((const char *)file, sizeof(file)), 0);
	return n == 0 ? 1 : n;
}

void
ccr_patience(struct ccr *c, unsigned ms)
{
	c->patience = ms;
}

static enum ccr_rc
open_file(struct ccr **out, const char *path, bool reading, char *err,
    size_t errsize)
{
	struct ccr *c = calloc(1, sizeof(*c));
	enum ccr_rc rc = CCR_FAILED;

	*out = NULL;
	if (c != NULL)
		c->path = strdup(path);
	if (c == NULL || c->path == NULL) {
		snprintf(err, errsize, "out of memory");
	} else {
		c->reading = reading;
		c->patience = CCR_PATIENCE;
		c->lim = (struct ccr_limits)CCR_LIMITS_DEFAULT;
		c->z = (struct buf)BUF_INIT;
		rc = ccr_reopen(c);
		if (rc == CCR_OK) {
			*out = c;
			return CCR_OK;
		}
		snprintf(err, errsize, "%s", c->err);
		free(c->path);
	}
	free(c);
	return rc;
}

enum ccr_rc
ccr_open(struct ccr **c, const char *path, char *err, size_t errsize)
{
	return open_file(c, path, false, err, errsize);
}

enum ccr_rc
ccr_open_read(struct ccr **c, const char *path, char *err, size_t errsize)
{
	return open_file(c, path, true, err, errsize);
}

const char *
ccr_error(const struct ccr *c)
{
	return c->err;
}

void
ccr_close(struct ccr *c)
{
	if (c == NULL)
		return;
	/* Pins that were not ended are not there. */
	ccr_rollback(c);
	/* What is put off once more is done by the next one. */
	if (!c->reading && ccr_settle(c) != CCR_OK)
		ccr_rollback(c);
	disconnect(c);
	ZSTD_freeCCtx(c->cctx);
	ZSTD_freeDCtx(c->dctx);
	buf_release(&c->z);
	free(c->path);
	free(c);
}
