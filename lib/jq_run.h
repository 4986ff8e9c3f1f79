/*
 * jq_run.h - jq programs over JSON text
 *
 *	struct jq_err err;
 *
 *	out.max = 1 << 20;
 *	if (jq_run(".items[].name", text, &out, &err) != JQ_OK)
 *		... err.text
 *
 * libjq is loaded at the first call: a process that never calls this does not
 * pay for it, and one on a system without it is told.
 *
 * The program may be a stranger's, and libjq aborts on some of them, so it
 * runs in a child process that has nothing: no environment, no file that it
 * could open or print to, JQ_SECONDS of processor time and JQ_MEMORY_MAX bytes
 * of address space.  So `env' and `$ENV' are empty, `import' and `include'
 * find nothing, times are in UTC, what `debug' and `stderr' print is lost, and
 * an endless program ends.  `input' and `inputs' take further values of the
 * text.
 *
 * Numbers are doubles to jq: beyond 2^53 they lose digits, and 1.0 becomes 1.
 */
#ifndef HR_JQ_RUN_H
#define HR_JQ_RUN_H

#include "compat.h"

#include "buf.h"
#include "span.h"

#define JQ_SECONDS	10
#define JQ_MEMORY_MAX	((size_t)4 << 30)

enum jq_rc {
	JQ_OK,
	JQ_PROGRAM,	/* the program is none */
	JQ_FAILED,	/* it failed, or the text is not JSON */
	JQ_ABSENT	/* no libjq, or no process could be made */
};

struct jq_err {
	char	text[256];	/* one line; set unless JQ_OK */
};

/*
 * Run the program on each JSON value of text and append what comes of it to
 * out, as compact JSON, one a line.  All or nothing: out is as it was unless
 * JQ_OK is returned, and out->max bounds it.
 */
enum jq_rc jq_run(const char *program, struct span text, struct buf *out,
	    struct jq_err *err) HR_MUST_USE;

#endif
