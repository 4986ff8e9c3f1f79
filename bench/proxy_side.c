/*
 * proxy_side - the processes of bench/proxy, and what they leave behind
 *
 * Each dies with this program, however that ends: by SIGTERM and waited for
 * where this program can do it, by the kernel where it cannot.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "num.h"
#include "proxy_impl.h"

#define START_SECONDS	10
#define STOP_SECONDS	3
#define ALL_SECONDS	3600	/* no run takes longer */

static char folder[] = "/tmp/hr-bench-proxy-XXXXXX";
static const char *hr_dir;
static pid_t owner, children[SIDES];
static uint16_t upstream_port;
static volatile sig_atomic_t interrupted;

static void
note_signal(int sig)
{
	interrupted = sig;
}

void
sides_check(void)
{
	if (interrupted)
		bench_die("interrupted");
}

static void
pause_us(long us)
{
	struct timespec t = { .tv_nsec = us * 1000 };

	nanosleep(&t, NULL);
}

/* True if it is no more. */
static bool
gone(pid_t pid, double seconds)
{
	double end = bench_elapsed() + seconds;

	do {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return true;
		pause_us(1000);
	} while (bench_elapsed() < end);
	return false;
}

static void
stop(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGTERM);
	if (!gone(*pid, STOP_SECONDS)) {
		kill(*pid, SIGKILL);
		gone(*pid, STOP_SECONDS);
	}
	*pid = 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static void
clean(void)
{
	int i;

	if (getpid() != owner)
		return;
	for (i = SIDES - 1; i >= 0; i--)
		stop(&children[i]);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A name in the temporary folder; false: no room, which path_in tells. */
static void
path_in(char *out, size_t size, const char *name, const char *end)
{
	int n = snprintf(out, size, "%s/%s%s", folder, name, end);

	if (n < 0 || (size_t)n >= size)
		bench_die("a path is too long");
}

/* In the child, before it becomes another program. */
static void
tie_to_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != owner)
		_exit(1);
}

/* Nobody's configuration, no proxies that the environment names. */
static HR_NORETURN void
become(char *const argv[], int err)
{
	char home[PATH_MAX], state[PATH_MAX];
	char *env[] = { home, state, NULL };

	snprintf(home, sizeof(home), "HOME=%s", folder);
	snprintf(state, sizeof(state), "XDG_STATE_HOME=%s", folder);
	if (dup2(err, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
		execve(argv[0], argv, env);
	_exit(127);
}

static void
run(struct side *s, char *const argv[])
{
	char path[PATH_MAX];
	int err;

	path_in(path, sizeof(path), s->name, ".err");
	err = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (err < 0)
		bench_die("cannot open '%s': %s", path, strerror(errno));
	fflush(stdout);
	s->pid = fork();
	if (s->pid == 0) {
		tie_to_parent();
		become(argv, err);
	}
	close(err);
	if (s->pid < 0)
		bench_die("cannot start '%s': %s", argv[0], strerror(errno));
	children[s->kind] = s->pid;
}

static size_t
slurp(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0) {
		n = io_read(fd, out, size - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* Ends the program if the child did. */
static void
check_alive(struct side *s)
{
	char path[PATH_MAX], text[512];

	if (waitpid(s->pid, NULL, WNOHANG) == 0)
		return;
	children[s->kind] = s->pid = 0;
	path_in(path, sizeof(path), s->name, ".err");
	slurp(path, text, sizeof(text));
	bench_die("%s does not start: %.*s", s->name,
	    (int)strcspn(text, "\n"), text);
}

static void
start_upstream(void)
{
	int listening = listen_free(&upstream_port);
	pid_t pid = fork();

	if (pid < 0)
		bench_die("cannot start the upstream: %s", strerror(errno));
	if (pid == 0) {
		tie_to_parent();
		signal(SIGTERM, SIG_DFL);
		signal(SIGINT, SIG_IGN);
		upstream_serve(listening);
	}
	children[SIDE_DIRECT] = pid;
	close(listening);
}

void
sides_init(const char *dir)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM,
	    SIGPIPE };
	struct sigaction a = { .sa_handler = note_signal };
	size_t i;

	hr_dir = dir;
	owner = getpid();
	for (i = 0; i < HR_LEN(signals); i++)
		sigaction(signals[i], &a, NULL);
	alarm(ALL_SECONDS);
	if (mkdtemp(folder) == NULL)
		bench_die("no temporary folder: %s", strerror(errno));
	if (atexit(clean) != 0)
		bench_die("no memory");
	start_upstream();
}

bool
side_find(struct side *s, enum side_kind kind)
{
	static const char *const names[] = { "direct", "nginx", "hr-proxy",
	    "hr-proxy --off" };
	char path[PATH_MAX];

	s->kind = kind;
	s->name = s->wire.name = names[kind];
	s->wire.fd = -1;
	s->port = kind == SIDE_DIRECT ? upstream_port : 0;
	s->pid = children[kind];
	s->there = kind == SIDE_DIRECT ||
	    (kind == SIDE_NGINX && access("/usr/sbin/nginx", X_OK) == 0) ||
	    (kind > SIDE_NGINX &&
	    bench_command(hr_dir, "hr-proxy", path, sizeof(path)));
	if (!s->there)
		bench_note(s->name, "not there");
	return s->there;
}

/* One process, which is a worker and nothing else; all bodies in memory. */
static void
write_nginx(const char *path, uint16_t port)
{
	struct buf b = BUF_INIT;
	static const char *const temp[] = { "client_body", "proxy", "fastcgi",
	    "uwsgi", "scgi" };
	size_t i;

	buf_addf(&b, "daemon off;\nmaster_process off;\nworker_processes 1;\n"
	    "pid %s/nginx.pid;\nerror_log stderr;\n"
	    "events { worker_connections 256; }\n"
	    "http {\naccess_log off;\nclient_max_body_size 64m;\n"
	    "client_body_buffer_size 4m;\nkeepalive_requests 100000000;\n",
	    folder);
	for (i = 0; i < HR_LEN(temp); i++)
		buf_addf(&b, "%s_temp_path %s/%s;\n", temp[i], folder,
		    temp[i]);
	buf_addf(&b, "upstream up { server 127.0.0.1:%u; keepalive 16;\n"
	    "keepalive_requests 100000000; }\n"
	    "server { listen 127.0.0.1:%u;\nlocation / {\n"
	    "proxy_pass http://up;\nproxy_http_version 1.1;\n"
	    "proxy_set_header Connection \"\";\nproxy_buffering off;\n"
	    "} } }\n", upstream_port, port);
	if (buf_err(&b) != 0 || io_replace(path, b.p, b.len) < 0)
		bench_die("cannot write '%s'", path);
	buf_release(&b);
}

static void
start_nginx(struct side *s)
{
	static char program[] = "/usr/sbin/nginx", conf[] = "-c";
	static char error[] = "-e", to[] = "stderr", prefix[] = "-p";
	char path[PATH_MAX];
	char *argv[] = { program, prefix, folder, error, to, conf, path,
	    NULL };

	/* The port was free a moment ago; its number is known before. */
	close(listen_free(&s->port));
	path_in(path, sizeof(path), "nginx.conf", "");
	write_nginx(path, s->port);
	run(s, argv);
}

static void
start_hr(struct side *s)
{
	static char listen_at[] = "--listen", any_port[] = "127.0.0.1:0";
	static char port_file[] = "--port-file", upstream[] = "--upstream";
	static char ledger[] = "--ledger", none[] = "none", off[] = "--off";
	static char store[] = "--store", retrieval[] = "--retrieval";
	static char shell[] = "shell";
	char program[PATH_MAX], file[PATH_MAX], db[PATH_MAX], url[64];
	char *argv[] = { program, listen_at, any_port, port_file, file,
	    upstream, url, ledger, none, store, db, retrieval, shell,
	    s->kind == SIDE_OFF ? off : NULL, NULL };

	if (!bench_command(hr_dir, "hr-proxy", program, sizeof(program)))
		bench_die("hr-proxy is gone");
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", upstream_port);
	path_in(file, sizeof(file), s->name, ".port");
	path_in(db, sizeof(db), s->name, ".db");
	if (unlink(file) < 0 && errno != ENOENT)
		bench_die("cannot remove '%s'", file);
	s->port = 0;
	run(s, argv);
}

/* Whether it has said where it listens. */
static bool
knows_port(struct side *s)
{
	char path[PATH_MAX], text[32];
	uint64_t port;
	size_t n;

	if (s->port != 0)
		return true;
	path_in(path, sizeof(path), s->name, ".port");
	n = slurp(path, text, sizeof(text));
	if (n < 2 || text[n - 1] != '\n' ||
	    num_u64(span_of(text, n - 1), 1, UINT16_MAX, &port) < 0)
		return false;
	s->port = (uint16_t)port;
	return true;
}

void
side_start(struct side *s)
{
	double end = bench_elapsed() + START_SECONDS;

	if (s->kind == SIDE_NGINX)
		start_nginx(s);
	else if (s->kind != SIDE_DIRECT)
		start_hr(s);
	while (!knows_port(s) || !wire_open(&s->wire, s->port)) {
		sides_check();
		if (bench_elapsed() > end)
			bench_die("%s does not listen", s->name);
		if (s->kind != SIDE_DIRECT)
			check_alive(s);
		pause_us(50);
	}
}

void
side_stop(struct side *s)
{
	wire_close(&s->wire);
	if (s->kind == SIDE_DIRECT)
		return;
	stop(&children[s->kind]);
	s->pid = 0;
}

void
side_connect(struct side *s)
{
	wire_close(&s->wire);
	if (!wire_open(&s->wire, s->port))
		bench_die("%s does not listen any more", s->name);
}

double
side_cpu(const struct side *s)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(s->pid, &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		bench_die("%s has no clock", s->name);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The n-th number of a file in /proc, counted from 0 behind `after`. */
static double
proc_number(const struct side *s, const char *name, char after, unsigned n)
{
	char path[64], text[1024], *p = text;
	uint64_t v;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)s->pid, name);
	if (slurp(path, text, sizeof(text)) == 0)
		bench_die("%s is gone", s->name);
	if (after != '\0')
		p = strrchr(text, after);
	for (; p != NULL && n > 0; n--) {
		p = strchr(p, ' ');
		if (p != NULL)
			p++;
	}
	if (p == NULL || num_u64(span_of(p, strspn(p, "0123456789")), 0,
	    UINT64_MAX, &v) < 0)
		bench_die("cannot read '%s'", path);
	return (double)v;
}

double
side_rss(const struct side *s)
{
	return proc_number(s, "statm", '\0', 1) * (double)sysconf(_SC_PAGESIZE);
}

/* Field 10; the second field, in parentheses, may hold blanks. */
double
side_faults(const struct side *s)
{
	return proc_number(s, "stat", ')', 8);
}
