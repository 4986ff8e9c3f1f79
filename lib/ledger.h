/*
 * ledger.h - one line a request, for who wants to know afterwards
 *
 * Lines of JSON, appended with one write each, so that several processes may
 * share a file; hr-ledger(5) is the manual of its members.  Never a body, a
 * header, a key or the path of a file: all texts are from tables of ours but
 * the model's name, which is cleaned and cut.
 *
 * Beyond LEDGER_MAX the file becomes PATH.1, in place of an older one, and a
 * new one is begun.  A file that was moved or removed is left alone and a new
 * one begun too.  A ledger is used by one thread.
 */
#ifndef HR_LEDGER_H
#define HR_LEDGER_H

#include "compat.h"

#include "api.h"
#include "forward.h"
#include "span.h"
#include "usage.h"

struct ledger_line {
	int64_t		 time;		/* ms since 1970, when it came */
	enum provider	 provider;
	enum api	 api;
	enum client	 client;
	unsigned	 status;	/* 0: no response began */
	bool		 cut;		/* the response did not end well */
	bool		 cancelled;	/* the client went away */
	uint64_t	 received;	/* bytes of the request's body */
	uint64_t	 sent;		/* bytes of it that went upstream */
	uint64_t	 response;	/* bytes of the response's body */
	uint64_t	 own_us;	/* hr's work from body to upstream */
	uint64_t	 first_us;	/* from body read to response head */
	uint64_t	 total_us;	/* from body read to response end */
	const struct forward_report *report;	/* NULL: not looked at */
	struct usage	 usage;
};

struct ledger;

#define LEDGER_MAX	((int64_t)64 << 20)	/* bytes */

/*
 * Creates the folder (0700) and the file (0600).  NULL with errno, which is
 * EINVAL for what is no regular file.
 */
struct ledger	*ledger_open(const char *path) HR_MUST_USE;
void		 ledger_close(struct ledger *l);	/* may be NULL */

/* What fails is lost, and counted in ledger_lost. */
void		 ledger_write(struct ledger *l, const struct ledger_line *e);
uint64_t	 ledger_lost(const struct ledger *l);

/* The line itself, newline included; for ledger_write and tests. */
void		 ledger_format(const struct ledger_line *e, struct buf *out);

#endif
