/*
 * jq_run - libjq in a child process
 *
 * The child writes one byte, an enum answer, and then the results or the
 * words of the error; a child that died has written nothing.  After fork() it
 * may use malloc(), which the C library keeps whole, and takes no lock that
 * another thread of the parent could have held, but perhaps that of the time
 * zone: hence the alarm.
 */
#include "compat.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jv.h>

#include <jq.h>

#include "io.h"
#include "jq_run.h"

/* The header has a function that calls it, kept though unused by some. */
jv_kind	jv_get_kind(jv v) __attribute__((weak));

#define LIBJQ		"libjq.so.1"
#define ALARM_SECONDS	60
#define DUMP_COMPACT	0

#if defined(__SANITIZE_ADDRESS__)
# define WITH_ASAN
#elif defined(__has_feature)
# if __has_feature(address_sanitizer)
#  define WITH_ASAN
# endif
#endif

enum answer {
	ANSWER_RESULTS = 'r', ANSWER_PROGRAM = 'p', ANSWER_FAILED = 'f'
};

/* What is needed of libjq. */
#define SYMBOLS(X)							\
	X(jq_init) X(jq_set_error_cb) X(jq_set_debug_cb)		\
	X(jq_set_input_cb) X(jq_set_attr) X(jq_compile) X(jq_start)	\
	X(jq_next) X(jq_halted) X(jq_get_exit_code)			\
	X(jq_get_error_message) X(jv_parser_new) X(jv_parser_set_buf)	\
	X(jv_parser_next) X(jv_get_kind) X(jv_copy) X(jv_free)		\
	X(jv_invalid_has_msg) X(jv_invalid_get_msg) X(jv_string)	\
	X(jv_array) X(jv_string_value) X(jv_string_length_bytes)	\
	X(jv_number_value) X(jv_dump_string)

struct libjq {
#define X(name)	__typeof__(&name) name;
	SYMBOLS(X)
#undef X
};

struct child {
	struct libjq	 q;
	jq_state	*jq;
	jv_parser	*in;
	struct buf	 out;
	struct buf	 why;		/* of an error, the first */
};

static bool
load(struct libjq *q)
{
	void *lib = dlopen(LIBJQ, RTLD_NOW | RTLD_LOCAL);
	bool all = lib != NULL;

	/* A function's address is no object's: POSIX has it copied. */
#define X(name)	do {							\
		void *f = all ? dlsym(lib, #name) : NULL;		\
		memcpy(&q->name, &f, sizeof(f));			\
		all = f != NULL;					\
	} while (0);
	SYMBOLS(X)
#undef X
	return all;
}

/* Not above what holds already: who is no root could not go back. */
static bool
limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0)
		return false;
	if (r.rlim_cur > soft)
		r.rlim_cur = soft;
	if (r.rlim_max > hard)
		r.rlim_max = hard;
	return setrlimit(what, &r) == 0;
}

static void
usual_signals(void)
{
	static const int usual[] = { SIGALRM, SIGXCPU, SIGPIPE, SIGTERM };
	sigset_t set;
	size_t i;

	for (i = 0; i < HR_LEN(usual); i++)
		signal(usual[i], SIG_DFL);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

/* Nothing to read, to write or to know; else nothing is run. */
static void
confine(void)
{
	static char *no_environment[] = { NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	usual_signals();
	alarm(ALARM_SECONDS);
	if (null < 0 || dup2(null, STDERR_FILENO) < 0)
		close(STDERR_FILENO);
	environ = no_environment;
	if (!limit(RLIMIT_CPU, JQ_SECONDS, JQ_SECONDS + 1) ||
	    !limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_FSIZE, 0, 0) ||
	    !limit(RLIMIT_NOFILE, 0, 0))
		_exit(1);
#if !defined(WITH_ASAN)	/* which takes terabytes of addresses */
	if (!limit(RLIMIT_AS, JQ_MEMORY_MAX, JQ_MEMORY_MAX))
		_exit(1);
#endif
}

/* v is consumed, as by the functions of libjq. */
static void
add_value(struct child *c, struct buf *b, jv v, bool text)
{
	if (!text || c->q.jv_get_kind(v) != JV_KIND_STRING)
		v = c->q.jv_dump_string(v, DUMP_COMPACT);
	buf_add(b, c->q.jv_string_value(v),
	    (size_t)c->q.jv_string_length_bytes(c->q.jv_copy(v)));
	c->q.jv_free(v);
}

static void
on_error(void *arg, jv msg)
{
	struct child *c = arg;

	if (c->why.len == 0)
		add_value(c, &c->why, msg, true);
	else
		c->q.jv_free(msg);
}

static void
on_debug(void *arg, jv msg)
{
	struct child *c = arg;

	c->q.jv_free(msg);
}

static jv
on_input(jq_state *jq, void *arg)
{
	struct child *c = arg;

	(void)jq;
	return c->q.jv_parser_next(c->in);
}

/* What an invalid value says; false if that is only an end. */
static bool
said(struct child *c, jv v)
{
	if (!c->q.jv_invalid_has_msg(c->q.jv_copy(v))) {
		c->q.jv_free(v);
		return false;
	}
	on_error(c, c->q.jv_invalid_get_msg(v));
	return true;
}

/* Whether halt_error was called; halt is only an end. */
static bool
halted_badly(struct child *c)
{
	jv code = c->q.jq_get_exit_code(c->jq);
	bool bad = c->q.jv_get_kind(code) == JV_KIND_NUMBER &&
	    c->q.jv_number_value(code) != 0;

	c->q.jv_free(code);
	if (bad)
		on_error(c, c->q.jq_get_error_message(c->jq));
	return bad;
}

static enum answer
run_all(struct child *c)
{
	jv v;

	while (c->q.jv_get_kind(v = c->q.jv_parser_next(c->in)) !=
	    JV_KIND_INVALID) {
		c->q.jq_start(c->jq, v, 0);
		while (c->q.jv_get_kind(v = c->q.jq_next(c->jq)) !=
		    JV_KIND_INVALID) {
			add_value(c, &c->out, v, false);
			buf_addc(&c->out, '\n');
			if (buf_err(&c->out)) {
				buf_addf(&c->why, "more than %zu bytes of "
				    "results", c->out.max);
				return ANSWER_FAILED;
			}
		}
		if (c->q.jq_halted(c->jq)) {
			c->q.jv_free(v);
			return halted_badly(c) ? ANSWER_FAILED :
			    ANSWER_RESULTS;
		}
		if (said(c, v))
			return ANSWER_FAILED;
	}
	return said(c, v) ? ANSWER_FAILED : ANSWER_RESULTS;
}

static enum answer
start(struct child *c, const char *program, struct span text)
{
	c->jq = c->q.jq_init();
	c->in = c->q.jv_parser_new(0);
	if (c->jq == NULL || c->in == NULL)
		return ANSWER_FAILED;
	c->q.jq_set_error_cb(c->jq, on_error, c);
	c->q.jq_set_debug_cb(c->jq, on_debug, c);
	c->q.jq_set_input_cb(c->jq, on_input, c);
	/* Without these 1.6 aborts on `import'. */
	c->q.jq_set_attr(c->jq, c->q.jv_string("JQ_LIBRARY_PATH"),
	    c->q.jv_array());
	c->q.jq_set_attr(c->jq, c->q.jv_string("JQ_ORIGIN"),
	    c->q.jv_string("/"));
	c->q.jq_set_attr(c->jq, c->q.jv_string("PROGRAM_ORIGIN"),
	    c->q.jv_string("/"));
	if (!c->q.jq_compile(c->jq, program))
		return ANSWER_PROGRAM;
	c->q.jv_parser_set_buf(c->in, text.p, (int)text.n, 0);
	return run_all(c);
}

HR_NORETURN static void
be_child(struct child *c, const char *program, struct span text, int fd)
{
	char answer;
	const struct buf *b;

	confine();
	answer = (char)start(c, program, text);
	b = answer == ANSWER_RESULTS ? &c->out : &c->why;
	if (io_write(fd, &answer, 1) < 0 || io_write(fd, b->p, b->len) < 0)
		_exit(1);
	_exit(0);
}

/* The first line of what libjq says, without its name before it. */
static void
say(struct jq_err *err, struct span s)
{
	size_t i, n;

	if (span_starts(s, SPAN_LIT("jq: ")))
		s = span_skip(s, 4);
	if (span_starts(s, SPAN_LIT("error: ")))
		s = span_skip(s, 7);
	for (n = 0; n < s.n && s.p[n] != '\n'; n++)
		;
	if (n >= sizeof(err->text))
		n = sizeof(err->text) - 1;
	/* Not in the middle of a character. */
	if (n < s.n)
		while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
			n--;
	for (i = 0; i < n; i++)
		err->text[i] = (unsigned char)s.p[i] < ' ' ||
		    s.p[i] == 0x7f ? ' ' : s.p[i];
	err->text[n] = '\0';
}

static enum jq_rc
take(struct span s, int status, struct buf *out, struct jq_err *err)
{
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (sig == SIGXCPU || sig == SIGKILL || sig == SIGALRM) {
		say(err, SPAN_LIT("it did not end in time"));
		return JQ_FAILED;
	}
	if (s.n == 0) {
		say(err, SPAN_LIT("libjq failed, or too much memory was "
		    "needed"));
		return JQ_FAILED;
	}
	if (s.p[0] != ANSWER_RESULTS) {
		say(err, s.n == 1 ? SPAN_LIT("unknown") : span_skip(s, 1));
		return s.p[0] == ANSWER_PROGRAM ? JQ_PROGRAM : JQ_FAILED;
	}
	buf_addspan(out, span_skip(s, 1));
	if (buf_err(out)) {
		say(err, SPAN_LIT("out of memory"));
		return JQ_FAILED;
	}
	return JQ_OK;
}

static enum jq_rc
no_process(struct jq_err *err)
{
	say(err, SPAN_LIT("no process could be made for it"));
	return JQ_ABSENT;
}

static enum jq_rc
in_child(struct child *c, const char *program, struct span text,
    struct buf *out, struct jq_err *err)
{
	struct buf in = BUF_INIT;
	int fd[2], status = 0;
	enum jq_rc rc;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return no_process(err);
	pid = fork();
	if (pid == 0)
		be_child(c, program, text, fd[1]);
	close(fd[1]);
	if (pid < 0) {
		close(fd[0]);
		return no_process(err);
	}
	if (io_slurp(fd[0], &in) < 0)
		buf_truncate(&in, 0);
	close(fd[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	rc = take(buf_span(&in), status, out, err);
	buf_release(&in);
	return rc;
}

enum jq_rc
jq_run(const char *program, struct span text, struct buf *out,
    struct jq_err *err)
{
	struct child c = { .out = BUF_INIT, .why = BUF_INIT };

	err->text[0] = '\0';
	if (!load(&c.q)) {
		say(err, SPAN_LIT(LIBJQ ", the library of jq, cannot be "
		    "loaded"));
		return JQ_ABSENT;
	}
	if (text.n > INT_MAX) {
		say(err, SPAN_LIT("the text is too large for jq"));
		return JQ_FAILED;
	}
	c.out.max = out->max - out->len;
	return in_child(&c, program, text, out, err);
}
