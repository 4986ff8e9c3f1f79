/*
 * hr-proxy - between an agent and its provider, with smaller tool results
 *
 * The hop is lib/proxy.h, what becomes of a body lib/forward.h.
 */
#include "compat.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ccr.h"
#include "common.h"
#include "doctor.h"
#include "forward.h"
#include "io.h"
#include "ledger.h"
#include "msg.h"
#include "num.h"
#include "opt.h"
#include "policy.h"
#include "profiles.h"
#include "shape_files.h"
#include "proxy.h"

struct args {
	const char	*listen;
	struct opt_list	 upstream;
	unsigned	 level;
	unsigned	 retrieval;
	unsigned	 reads;
	const char	*policy;
	const char	*store;
	bool		 no_store;
	const char	*ledger;
	const char	*ca_file;
	uint64_t	 max_body;
	bool		 off;
	const char	*port_file;
	const char	*config;
	const char	*shell;		/* of doctor */
};

#define ARGS_INIT {							\
	.listen = "127.0.0.1", .level = SQUASH_BALANCED,		\
	.retrieval = RETRIEVAL_AUTO, .max_body = PROXY_BODY_MAX }

/* ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT.  What is wrong, or NULL. */
static const char *
parse_listen(const char *text, const char **host, uint16_t *out)
{
	static const struct {
		const char	*written, *host;
	} hosts[] = {
		{ "127.0.0.1", "127.0.0.1" },
		{ "localhost", "127.0.0.1" },
		{ "[::1]", "::1" },
	};
	struct span s = span_z(text), rest = s;
	uint64_t port = PROXY_PORT;
	size_t i;

	for (i = 0; i < HR_LEN(hosts); i++)
		if (span_starts(s, span_z(hosts[i].written))) {
			rest = span_skip(s, strlen(hosts[i].written));
			if (rest.n == 0 || rest.p[0] == ':')
				break;
		}
	if (i == HR_LEN(hosts))
		return "not an address of this machine alone "
		    "(127.0.0.1 or [::1])";
	if (rest.n > 0 && num_u64(span_skip(rest, 1), 0, UINT16_MAX,
	    &port) < 0)
		return "not a port from 0 to 65535";
	*host = hosts[i].host;
	*out = (uint16_t)port;
	return NULL;
}

static const char *
check_listen(const char *text)
{
	const char *host;
	uint16_t port;

	return parse_listen(text, &host, &port);
}

/* "URL" is for all, then *one is PROVIDERS; "API=URL" is for one. */
static const char *
parse_upstream(const char *text, const char **url, enum provider *one)
{
	const char *equals = strchr(text, '='), *why = NULL;

	*url = text;
	*one = PROVIDERS;
	/* A URL may hold '=', but not before "://". */
	if (equals != NULL && memchr(text, '/', (size_t)(equals - text)) ==
	    NULL) {
		*one = provider_by_name(span_of(text,
		    (size_t)(equals - text)));
		*url = equals + 1;
		if (*one == PROVIDERS)
			return "unknown API";
	}
	return proxy_check_url(*url, &why) < 0 ? why : NULL;
}

static const char *
check_upstream(const char *text)
{
	enum provider one;
	const char *url;

	return parse_upstream(text, &url, &one);
}

static const struct opt store_opts[] = {
	{ 's', "store", OPT_FILE, offsetof(struct args, store), "WHERE",
	  "the store of originals and pins", 0, 0, NULL },
};

static const struct opt opts[] = {
	{ 0, "listen", OPT_TEXT, offsetof(struct args, listen), "ADDRESS",
	  "127.0.0.1:PORT or [::1]:PORT (port 8787)", 0, 0, check_listen },
	{ 'u', "upstream", OPT_LIST, offsetof(struct args, upstream),
	  "[API=]URL", "send all, or one API, there", 0, 0, check_upstream },
	{ 'l', "level", OPT_CHOICE, offsetof(struct args, level),
	  SQUASH_LEVELS, "how much may be done (balanced)", 0, 0, NULL },
	{ 'r', "retrieval", OPT_CHOICE, offsetof(struct args, retrieval),
	  RETRIEVALS, "how a reader fetches what is left out", 0, 0, NULL },
	{ 0, "reads", OPT_CHOICE, offsetof(struct args, reads), READS,
	  "what becomes of source that is read (exact)", 0, 0, NULL },
	{ 0, "policy", OPT_FILE, offsetof(struct args, policy), "FILE",
	  "tools and files, over those that hr knows", 0, 0, NULL },
	{ 0, "no-store", OPT_FLAG, offsetof(struct args, no_store), NULL,
	  "keep nothing on disk, leave nothing out", 0, 0, NULL },
	{ 0, "ledger", OPT_FILE, offsetof(struct args, ledger), "FILE|none",
	  "a line a request goes there", 0, 0, NULL },
	{ 0, "ca-file", OPT_FILE, offsetof(struct args, ca_file), "PEM",
	  "trust these authorities, not the system's", 0, 0, NULL },
	{ 0, "max-body", OPT_BYTES, offsetof(struct args, max_body), "SIZE",
	  "pass larger bodies on unread (64m)", 1, UINT32_MAX, NULL },
	{ 0, "off", OPT_FLAG, offsetof(struct args, off), NULL,
	  "only forward: no scan, store or ledger", 0, 0, NULL },
	{ 0, "port-file", OPT_FILE, offsetof(struct args, port_file), "FILE",
	  "write the port there once it listens", 0, 0, NULL },
};

static const struct opt config_opts[] = {
	{ 'c', "config", OPT_FILE, offsetof(struct args, config), "FILE",
	  "options, a line each: name = value", 0, 0, NULL },
};

static const struct opt doctor_opts[] = {
	{ 0, "shell", OPT_TEXT, offsetof(struct args, shell), "COMMAND",
	  "the shell to try, such as 'docker exec box sh -c'", 0, 0, NULL },
};

static const struct opt_verb verbs[] = {
	{ "doctor", "", "try whether what is left out can be fetched" },
};

static enum hr_exit
run_doctor(struct args *a, int argc, char **argv)
{
	const struct opt_set sets[] = { OPT_SET(store_opts, a),
	    OPT_SET(doctor_opts, a) };
	const struct opt_cmd cmd = { .verb = verbs[0].name,
	    .about = verbs[0].help, .operands = verbs[0].operands };
	struct store_place store;
	int i;

	if (strcmp(argv[0], verbs[0].name) != 0)
		msg_usage("unknown verb '%s'", argv[0]);
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	if (i < argc)
		msg_usage("doctor: too many operands: '%s'", argv[i]);
	store_find(&store, a->store, false);
	return doctor(&store, a->shell);
}

static void
set_options(struct proxy_opt *o, const struct args *a)
{
	const char *url, *all = NULL;
	enum provider one;
	unsigned p;
	size_t i;

	/* They were checked when they were read. */
	(void)parse_listen(a->listen, &o->host, &o->port);
	for (p = 0; p < PROVIDERS; p++)
		o->upstream[p] = provider_default((enum provider)p);
	for (i = 0; i < a->upstream.n; i++) {
		(void)parse_upstream(a->upstream.text[i], &url, &one);
		for (p = 0; p < PROVIDERS; p++)
			if (one == PROVIDERS || p == one)
				o->upstream[p] = url;
		all = one == PROVIDERS ? url : NULL;
	}
	o->rest = all;
	o->ca_file = a->ca_file;
	o->body_max = a->max_body;
}

/* The ledger is beside the default store unless said otherwise. */
static struct ledger *
open_ledger(const struct args *a)
{
	char path[PATH_MAX];
	const char *name = a->ledger;
	struct ledger *l;
	char *slash;

	if (name != NULL && strcmp(name, "none") == 0)
		return NULL;
	if (name == NULL) {
		if (ccr_default_path(getenv("XDG_STATE_HOME"), getenv("HOME"),
		    path, sizeof(path)) < 0)
			return NULL;
		slash = strrchr(path, '/');
		snprintf(slash + 1, sizeof(path) - (size_t)(slash + 1 - path),
		    "ledger.jsonl");
		name = path;
	}
	l = ledger_open(name);
	if (l == NULL)
		msg_die("cannot open the ledger '%s':", name);
	return l;
}

/* Keys and bodies pass through this process: none may reach a core file. */
static void
guard_secrets(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		msg_warn("cannot forbid core files:");
}

/*
 * Agents run on this host with much the same PATH.  A mark that names a
 * command that is not there would be worth nothing.
 */
static bool
on_path(const char *command)
{
	const char *path = getenv("PATH"), *end;
	char file[PATH_MAX];

	for (; path != NULL; path = *end == ':' ? end + 1 : NULL) {
		end = strchrnul(path, ':');
		if (end > path && (size_t)snprintf(file, sizeof(file),
		    "%.*s/%s", (int)(end - path), path, command) <
		    sizeof(file) && access(file, X_OK) == 0)
			return true;
	}
	return false;
}

static void
check_retrieval(struct forward_opt *f)
{
	if (f->retrieval != RETRIEVAL_AUTO || f->store == NULL ||
	    on_path("hr-ccr"))
		return;
	f->no_shell = true;
	msg_warn("hr-ccr is not on the PATH, so agents could not fetch what "
	    "is left out: nothing is");
}

static void
tell_port(const struct proxy *p, const struct proxy_opt *o, const char *file)
{
	char z[16];
	int n = snprintf(z, sizeof(z), "%u\n", proxy_port(p));

	if (file != NULL && io_replace(file, z, (size_t)n) < 0)
		msg_die("cannot write '%s':", file);
	msg_warn(strchr(o->host, ':') != NULL ? "listening on [%s]:%u" :
	    "listening on %s:%u", o->host, proxy_port(p));
}

static enum hr_exit
serve(const struct args *a)
{
	struct proxy_opt o = { .host = NULL };
	struct forward_opt f = { .level = (enum squash_level)a->level,
	    .retrieval = (enum retrieval)a->retrieval,
	    .reads = (enum reads_mode)a->reads };
	struct profiles *profiles = NULL;
	struct shapes *shapes = NULL;
	struct rules *rules = NULL;
	struct store_place store;
	struct proxy *p;
	char err[512], vocabulary[PATH_MAX];
	enum hr_exit status = HR_EXIT_OK;

	set_options(&o, a);
	store_find(&store, a->store, a->no_store || a->off);
	f.store = store.none ? NULL : store.path;
	f.store_named = store.named;
	guard_secrets();
	if (!a->off) {
		f.rules = rules = policy_load(a->policy);
		f.profiles = profiles = profiles_load();
		f.shapes = shapes = shapes_load();
		check_retrieval(&f);
		if (vocabulary_find(vocabulary, sizeof(vocabulary)) < 0)
			msg_die("cannot open the vocabulary "
			    "o200k_base.hrv:");
		f.vocabulary = vocabulary;
		if (!forwarder_open(&o.forwarder, &f))
			msg_die("out of memory");
		o.ledger = open_ledger(a);
	}
	if (!proxy_open(&p, &o, err, sizeof(err)))
		msg_die("%s", err);
	tell_port(p, &o, a->port_file);
	if (proxy_run(p) < 0) {
		msg_warn("the event loop failed");
		status = HR_EXIT_FAIL;
	}
	proxy_close(p);
	forwarder_close(o.forwarder);
	rules_free(rules);
	profiles_free(profiles);
	shapes_free(shapes);
	ledger_close(o.ledger);
	return status;
}

int
main(int argc, char **argv)
{
	static const struct opt_cmd cmd = { .about =
	    "between agents and their providers, with smaller tool results",
	    .verbs = verbs, .nverbs = HR_LEN(verbs), .stop = true };
	struct args first = ARGS_INIT, a = ARGS_INIT;
	struct opt_set sets[] = { OPT_SET(store_opts, &first),
	    OPT_SET(opts, &first), OPT_SET(config_opts, &first) };
	struct buf config = BUF_INIT;
	enum hr_exit status;
	size_t k;
	int i;

	msg_init(argv[0]);
	/* What stands on the command line wins over the file it names. */
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	for (k = 0; k < HR_LEN(sets); k++)
		sets[k].base = &a;
	if (first.config != NULL)
		opt_file(first.config, &config, sets, 2);
	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
	status = i < argc ? run_doctor(&a, argc - i, argv + i) : serve(&a);
	buf_release(&config);
	return msg_finish(status);
}
