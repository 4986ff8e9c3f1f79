/*
 * hr-ccr - keep originals and give them back
 *
 * The store is lib/ccr.h, the parts of an original lib/part.h.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "ccr.h"
#include "io.h"
#include "json_rows.h"
#include "json_text.h"
#include "msg.h"
#include "opt.h"
#include "part.h"

struct args {
	const char		*store;
	bool			 marker_regex;
	struct opt_range	 lines, bytes, rows;
	const char		*grep, *jq;
	bool			 json;
	struct ccr_limits	 limits;
	const char		*path;	/* of the store */
	const char		*operand;
};

struct verb {
	enum hr_exit		(*run)(const struct args *a);
	const struct opt	*opts;
	size_t			 nopts;
	int			 min, max;	/* operands */
};

static const struct opt opts[] = {
	{ 0, "store", OPT_FILE, offsetof(struct args, store), .arg = "WHERE",
	  .help = "the store's file" },
	{ 0, "marker-regex", OPT_FLAG, offsetof(struct args, marker_regex),
	  .help = "print an expression that matches marks" },
};

static const struct opt get_opts[] = {
	{ 'l', "lines", OPT_RANGE, offsetof(struct args, lines), .arg = "A-B",
	  .help = "these lines, counted from 1" },
	{ 'b', "bytes", OPT_RANGE, offsetof(struct args, bytes), .arg = "A-B",
	  .help = "these bytes, counted from 1" },
	{ 'g', "grep", OPT_TEXT, offsetof(struct args, grep), .arg = "RE",
	  .help = "lines that match an extended regular expression" },
	{ 'r', "rows", OPT_RANGE, offsetof(struct args, rows), .arg = "A-B",
	  .help = "these rows of JSON, counted from 1, one a line" },
	{ 'j', "jq", OPT_TEXT, offsetof(struct args, jq), .arg = "PROGRAM",
	  .help = "what a program of jq makes of it" },
};

static const struct opt json_opts[] = {
	{ 0, "json", OPT_FLAG, offsetof(struct args, json),
	  .help = "one JSON object a line" },
};

static const struct opt gc_opts[] = {
	{ 0, "idle", OPT_SECONDS, offsetof(struct args, limits.idle),
	  .arg = "TIME", .help = "drop what was not used for so long" },
	{ 0, "size", OPT_BYTES, offsetof(struct args, limits.bytes),
	  .arg = "BYTES", .help = "then the longest unused, down to this" },
};

static struct ccr *
open_store(const struct args *a)
{
	char err[512];
	struct ccr *c;

	if (ccr_open(&c, a->path, err, sizeof(err)) != CCR_OK)
		msg_die("%s", err);
	return c;
}

/* NULL where no store is. */
static struct ccr *
open_to_read(const struct args *a)
{
	char err[512];
	struct ccr *c;
	enum ccr_rc rc = ccr_open_read(&c, a->path, err, sizeof(err));

	if (rc != CCR_OK && rc != CCR_UNKNOWN)
		msg_die("%s", err);
	return c;
}

/* Not by stdio, which loses what a pipe that does not block cannot take. */
static void
write_out(struct span s)
{
	if (io_write(STDOUT_FILENO, s.p, s.n) < 0)
		msg_die("cannot write standard output:");
}

static enum hr_exit
put(const struct args *a)
{
	const char *name = a->operand != NULL ? a->operand : "-";
	struct mark_id id = { CCR_EMPTY_ID };
	struct buf in = BUF_INIT;
	struct ccr *c = NULL;
	enum hr_exit status;
	int fd = STDIN_FILENO;

	if (strcmp(name, "-") != 0)
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		msg_die("cannot open '%s':", name);
	in.max = CCR_ORIGINAL_MAX + 1;	/* to see that there is no more */
	if (io_slurp(fd, &in) < 0) {
		if (errno == EMSGSIZE)
			msg_die("input is larger than %zu MiB",
			    CCR_ORIGINAL_MAX >> 20);
		msg_die("cannot read '%s':", name);
	}
	if (in.len > 0) {
		c = open_store(a);
		if (ccr_put(c, buf_span(&in), &id) != CCR_OK)
			msg_die("not stored: %s", ccr_error(c));
	}
	printf("%s\n", id.z);
	/* Closing may wait for the disk; the id need not. */
	status = msg_flush() ? HR_EXIT_OK : HR_EXIT_FAIL;
	ccr_close(c);
	buf_release(&in);
	return status;
}

/* What a reader could not do.  Not being able to is no failure. */
static void
renew(const struct args *a, const struct mark_id *id)
{
	struct ccr *c;
	char err[64];

	if (access(a->path, W_OK) == 0 &&
	    ccr_open(&c, a->path, err, sizeof(err)) == CCR_OK) {
		if (ccr_renew(c, id) != CCR_OK) {
			/* The next get tries again. */
		}
		ccr_close(c);
	}
}

static bool
gather(void *arg, struct span s)
{
	struct buf *b = arg;

	buf_addspan(b, s);
	return buf_err(b) == 0;
}

static enum hr_exit
print_matches(struct span s, const char *pattern)
{
	struct buf found = BUF_INIT;
	char err[128];
	uint64_t n;
	regex_t re;
	int rc = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB);

	if (rc != 0) {
		regerror(rc, &re, err, sizeof(err));
		msg_usage("--grep: %s: '%s'", err, pattern);
	}
	n = part_grep(s, &re, gather, &found);
	regfree(&re);
	if (buf_err(&found))
		msg_die("out of memory");
	write_out(buf_span(&found));
	buf_release(&found);
	if (n > 0)
		return HR_EXIT_OK;
	msg_warn("no line matches '%s'", pattern);
	return HR_EXIT_FAIL;
}

static enum hr_exit
print_jq(struct span s, const char *program)
{
	struct buf out = BUF_INIT;
	bool good;

	out.max = CCR_ORIGINAL_MAX;
	good = json_text_jq(program, s, &out);
	if (good)
		write_out(buf_span(&out));
	buf_release(&out);
	return good ? HR_EXIT_OK : HR_EXIT_FAIL;
}

static enum hr_exit
print_rows(struct span s, const struct opt_range *r)
{
	struct buf out = BUF_INIT, json = BUF_INIT;
	struct json_err err;
	uint64_t total;

	switch (json_rows(json_text_of(s, &json), r->from, r->to, &out,
	    &total, &err)) {
	case JSON_ROWS_OK:
		break;
	case JSON_ROWS_FOREIGN:
		msg_die("no rows: not JSON: %s at byte %zu", err.what, err.at);
	case JSON_ROWS_NONE:
		msg_die("no rows: no array and no list of objects in it");
	case JSON_ROWS_NOMEM:
		msg_die("out of memory");
	}
	if (buf_err(&out))
		msg_die("out of memory");
	write_out(buf_span(&out));
	buf_release(&out);
	buf_release(&json);
	if (total >= r->from)
		return HR_EXIT_OK;
	msg_warn("fewer than %llu rows", (unsigned long long)r->from);
	return HR_EXIT_FAIL;
}

/* All of it, or the part that was asked for. */
static enum hr_exit
print_part(struct span s, const struct args *a)
{
	const struct opt_range *r = NULL;
	const char *unit = "";

	if (a->grep != NULL)
		return print_matches(s, a->grep);
	if (a->jq != NULL)
		return print_jq(s, a->jq);
	if (a->rows.from > 0)
		return print_rows(s, &a->rows);
	if (a->lines.from > 0) {
		r = &a->lines;
		unit = "lines";
		s = part_lines(s, r->from, r->to);
	} else if (a->bytes.from > 0) {
		r = &a->bytes;
		unit = "bytes";
		s = part_bytes(s, r->from, r->to);
	}
	if (r != NULL && s.n == 0) {
		msg_warn("fewer than %llu %s", (unsigned long long)r->from,
		    unit);
		return HR_EXIT_FAIL;
	}
	write_out(s);
	return HR_EXIT_OK;
}

static enum hr_exit
get(const struct args *a)
{
	struct buf out = BUF_INIT;
	struct mark_id id;
	struct ccr *c = NULL;
	enum ccr_rc rc = CCR_OK;
	enum hr_exit status;
	bool stale = false;

	if (mark_id_parse(span_z(a->operand), &id) < 0)
		msg_usage("not an id of %d digits: '%s'", MARK_ID_DIGITS,
		    a->operand);
	if ((a->lines.from > 0) + (a->bytes.from > 0) + (a->rows.from > 0) +
	    (a->grep != NULL) + (a->jq != NULL) > 1)
		msg_usage("only one of --lines, --bytes, --grep, --rows and "
		    "--jq");
	if (!ccr_is_empty(&id)) {
		c = open_to_read(a);
		if (c == NULL)
			msg_die("unknown id '%s': no store at '%s'", id.z,
			    a->path);
		rc = ccr_get(c, &id, &out);
		stale = ccr_stale(c);
	}
	if (rc == CCR_EXPIRED)
		msg_die("%s; do not retry, run the command again that made it",
		    ccr_error(c));
	if (rc != CCR_OK)
		msg_die("%s", ccr_error(c));
	ccr_close(c);
	status = print_part(buf_span(&out), a);
	if (stale)
		renew(a, &id);
	buf_release(&out);
	return status;
}

/* ISO 8601, in UTC. */
static const char *
iso(int64_t seconds, char out[32])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return "-";
	return out;
}

struct listing {
	bool		json;
	struct buf	out;
};

static bool
add_entry(void *arg, const struct ccr_entry *e)
{
	struct listing *l = arg;
	char created[32], used[32];

	if (l->json)
		buf_addf(&l->out,
		    "{\"id\":\"%s\",\"size\":%llu,\"stored\":%llu,"
		    "\"created\":\"%s\",\"used\":\"%s\"}\n", e->id.z,
		    (unsigned long long)e->size, (unsigned long long)e->stored,
		    iso(e->created, created), iso(e->used, used));
	else
		buf_addf(&l->out, "%s %10llu %10llu %s\n", e->id.z,
		    (unsigned long long)e->size, (unsigned long long)e->stored,
		    iso(e->used, used));
	return buf_err(&l->out) == 0;
}

static enum hr_exit
ls(const struct args *a)
{
	struct ccr *c = open_to_read(a);
	struct listing l = { .json = a->json, .out = BUF_INIT };

	if (c != NULL && ccr_list(c, add_entry, &l) != CCR_OK)
		msg_die("%s", ccr_error(c));
	ccr_close(c);
	if (buf_err(&l.out))
		msg_die("out of memory");
	write_out(buf_span(&l.out));
	buf_release(&l.out);
	return HR_EXIT_OK;
}

static enum hr_exit
stat_store(const struct args *a)
{
	struct ccr *c = open_to_read(a);
	struct ccr_stat st = { 0 };
	char oldest[32] = "-";

	if (c != NULL && ccr_stat(c, &st) != CCR_OK)
		msg_die("%s", ccr_error(c));
	ccr_close(c);
	if (st.entries > 0)
		iso(st.oldest, oldest);
	printf(a->json ? "{\"entries\":%llu,\"size\":%llu,\"stored\":%llu,"
	    "\"file\":%llu,\"oldest\":\"%s\",\"pins\":%llu}\n" :
	    "entries %llu\nsize %llu\nstored %llu\nfile %llu\noldest %s\n"
	    "pins %llu\n",
	    (unsigned long long)st.entries, (unsigned long long)st.size,
	    (unsigned long long)st.stored, (unsigned long long)st.file,
	    oldest, (unsigned long long)st.pins);
	return HR_EXIT_OK;
}

static enum hr_exit
gc(const struct args *a)
{
	uint64_t dropped = 0;
	struct ccr *c;

	/* Cleaning up must not make a store. */
	if (access(a->path, F_OK) == 0 || (errno != ENOENT &&
	    errno != ENOTDIR)) {
		c = open_store(a);
		if (ccr_gc(c, &a->limits, &dropped) != CCR_OK)
			msg_die("%s", ccr_error(c));
		ccr_close(c);
	}
	printf("%llu\n", (unsigned long long)dropped);
	return HR_EXIT_OK;
}

static const struct opt_verb verb_names[] = {
	{ "put", "[FILE]", "store the input, print its id" },
	{ "get", "ID", "print what was stored, or a part of it" },
	{ "ls", "", "list what is stored, last used first" },
	{ "stat", "", "count it" },
	{ "gc", "", "drop what is old, or too much" },
};

/* In the order of their names. */
static const struct verb verbs[] = {
	{ put, NULL, 0, 0, 1 },
	{ get, get_opts, HR_LEN(get_opts), 1, 1 },
	{ ls, json_opts, HR_LEN(json_opts), 0, 0 },
	{ stat_store, json_opts, HR_LEN(json_opts), 0, 0 },
	{ gc, gc_opts, HR_LEN(gc_opts), 0, 0 },
};

static const struct verb *
parse_verb(struct args *a, int argc, char **argv)
{
	struct opt_set sets[2] = { OPT_SET(opts, a) };
	struct opt_cmd cmd = { .about = "" };
	size_t k;
	int i;

	for (k = 0; k < HR_LEN(verbs); k++)
		if (strcmp(argv[0], verb_names[k].name) == 0)
			break;
	if (k == HR_LEN(verbs))
		msg_usage("unknown verb '%s'", argv[0]);
	cmd.verb = verb_names[k].name;
	cmd.about = verb_names[k].help;
	cmd.operands = verb_names[k].operands;
	sets[1] = (struct opt_set){ verbs[k].opts, verbs[k].nopts, a };
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	if (argc - i < verbs[k].min)
		msg_usage("%s: %s is missing", cmd.verb, cmd.operands);
	if (argc - i > verbs[k].max)
		msg_usage("%s: too many operands: '%s'", cmd.verb,
		    argv[i + verbs[k].max]);
	a->operand = argv[i];
	return &verbs[k];
}

int
main(int argc, char **argv)
{
	static const struct opt_cmd cmd = { .about =
	    "keep originals and give them back", .operands = "VERB ...",
	    .verbs = verb_names, .nverbs = HR_LEN(verb_names), .stop = true };
	struct args a = { .limits = CCR_LIMITS_DEFAULT };
	struct opt_set sets[] = { OPT_SET(opts, &a) };
	static char path[PATH_MAX];
	const struct verb *v = NULL;
	int i;

	msg_init(argv[0]);
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	if (i < argc)
		v = parse_verb(&a, argc - i, argv + i);
	if (a.marker_regex) {
		puts(mark_regex);
		return msg_finish(HR_EXIT_OK);
	}
	if (v == NULL)
		msg_usage("a verb is missing");
	a.path = a.store;
	if (a.store == NULL && ccr_default_path(getenv("XDG_STATE_HOME"),
	    getenv("HOME"), path, sizeof(path)) == 0)
		a.path = path;
	if (a.path == NULL)
		msg_die("no home directory to keep a store in: give --store");
	if (strstr(a.path, "://") != NULL)
		msg_usage("--store: not a file: '%s'", a.path);
	return msg_finish(v->run(&a));
}
