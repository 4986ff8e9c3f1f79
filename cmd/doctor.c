/*
 * doctor - put an original, and get it back through a shell
 */
#include "compat.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ccr.h"
#include "doctor.h"
#include "io.h"

#define OUTPUT_MAX	4096	/* more than the text is wrong anyway */

static const char original[] =
	"hr-proxy doctor: if this can be read, what is left out can be "
	"fetched.\n";

/* Runs in the child and does not return. */
HR_NORETURN static void
run_script(const char *shell, const char *script, int out)
{
	const char *own = getenv("SHELL");

	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	if (shell != NULL) {
		/* Words of a command, then the script as one word more. */
		char line[1024];

		snprintf(line, sizeof(line), "%s \"$1\"", shell);
		execl("/bin/sh", "sh", "-c", line, "sh", script, (char *)NULL);
	} else {
		if (own == NULL || own[0] != '/')
			own = "/bin/sh";
		execl(own, own, "-c", script, (char *)NULL);
	}
	_exit(127);
}

/* The status of the script, with what it printed in b; -1: it did not run. */
static int
shell_output(const char *shell, const char *script, struct buf *b)
{
	int fd[2], status;
	pid_t pid;

	if (pipe(fd) < 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		close(fd[0]);
		run_script(shell, script, fd[1]);
	}
	close(fd[1]);
	b->max = OUTPUT_MAX;
	if (io_slurp(fd[0], b) < 0 && errno != EMSGSIZE)
		msg_warn("cannot read what the shell prints:");
	close(fd[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

static bool
put_original(const struct store_place *store, struct mark_id *id)
{
	struct ccr *c;
	char err[512];
	bool ok;

	if (store->none) {
		puts("store: none, so nothing is ever left out");
		return false;
	}
	if (ccr_open(&c, store->path, err, sizeof(err)) != CCR_OK) {
		printf("store: cannot be used: %s\n", err);
		return false;
	}
	ok = ccr_put(c, span_of(original, sizeof(original) - 1), id) == CCR_OK;
	if (ok)
		printf("store: '%s' can be written\n", store->path);
	else
		printf("store: nothing can be put: %s\n", ccr_error(c));
	ccr_close(c);
	return ok;
}

static bool
get_original(const char *shell, const char *script)
{
	struct buf b = BUF_INIT;
	int status = shell_output(shell, script, &b);
	bool same = span_eq(buf_span(&b),
	    span_of(original, sizeof(original) - 1));

	if (status == 0 && same)
		puts("shell: the original came back, byte for byte");
	else if (status == 127)
		puts("shell: hr-ccr was not found: is it on this shell's "
		    "PATH?");
	else if (status < 0)
		puts("shell: could not be run");
	else
		printf("shell: exit %d, %zu bytes that are not the original\n",
		    status, b.len);
	buf_release(&b);
	return status == 0 && same;
}

enum hr_exit
doctor(const struct store_place *store, const char *shell)
{
	struct mark_id id;
	char script[PATH_MAX + 64];
	bool ok;

	if (!put_original(store, &id))
		return HR_EXIT_FAIL;
	if (store->named)
		snprintf(script, sizeof(script), "hr-ccr --store %s get %s",
		    store->path, id.z);
	else
		snprintf(script, sizeof(script), "hr-ccr get %s", id.z);
	printf("mark: '%s'\n", script);
	if (!msg_flush())
		return HR_EXIT_FAIL;
	ok = get_original(shell, script);
	puts(ok ? "result: marks can be redeemed from this shell" :
	    "result: marks cannot be redeemed from this shell; "
	    "use --retrieval none");
	if (ok)
		puts("To try an agent's own shell, let it run the command "
		    "behind 'mark'.");
	return ok ? HR_EXIT_OK : HR_EXIT_FAIL;
}
