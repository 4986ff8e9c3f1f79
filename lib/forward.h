/*
 * forward.h - what a request's body becomes before it goes upstream
 *
 *	struct forwarder *f;
 *	struct forward w = FORWARD_INIT;
 *
 *	forwarder_open(&f, &opt);
 *	if (!forward_run(f, &in, &w, true))	// on the loop: never waits
 *		forward_run(f, &in, &w, false);	// on a thread that may
 *	send(w.changed ? buf_span(&w.body) : in.body);
 *
 * The texts that tools returned are squashed, everything else stays byte for
 * byte.  What becomes of a text is a pure function of what stands before it
 * in the request, in the order of the provider's cache, and of the options;
 * and once sent it is kept: the form of each text is pinned in the store
 * under the hash of all content up to it, and in a bounded front in memory.
 * A pin outlives options and versions, so a conversation that only grows
 * stays append-only behind hr whatever changes here.
 *
 * A text with marks is sent only if its original is in the store.  When the
 * store fails, what is new goes out in a form that needs none, and keeps it.
 *
 * forward_run may be called from several threads; they take turns.  The same
 * answer comes out whichever way is taken.  It fails open: a body that is not
 * understood, too large or out of memory is not changed, with a reason.
 */
#ifndef HR_FORWARD_H
#define HR_FORWARD_H

#include "compat.h"

#include "api.h"
#include "buf.h"
#include "json.h"
#include "profile.h"
#include "rules.h"
#include "shapes.h"
#include "span.h"
#include "squash.h"
#include "tok.h"

enum retrieval {	/* in the order of the words of RETRIEVALS */
	RETRIEVAL_AUTO,
	RETRIEVAL_SHELL,
	RETRIEVAL_MCP,
	RETRIEVAL_NONE
};

#define RETRIEVALS "auto|shell|mcp|none"

enum reads_mode {	/* in the order of the words of READS */
	READS_EXACT,	/* source that an agent may edit is left alone */
	READS_FOCUS	/* as yet the same */
};

#define READS "exact|focus"

/* A text that was decided on, told as it happens. */
struct forward_told {
	struct span		 title;		/* of its call; may be empty */
	struct span		 text, form;	/* form.p NULL: as it was */
	uint32_t		 why;		/* enum forward_why */
	uint64_t		 before, after;	/* tokens */
};

struct forward_opt {
	const char		*store;		/* path; NULL: there is none */
	bool			 store_named;	/* marks must name it */
	const char		*vocabulary;	/* path of o200k_base.hrv */
	struct tok		*tok;		/* the same, if it is open */
	enum squash_level	 level;
	enum retrieval		 retrieval;
	bool			 no_shell;	/* auto: hr-ccr is not found */
	enum reads_mode		 reads;
	const struct rules	*rules;		/* NULL: all reads are source */
	const struct profiles	*profiles;	/* NULL: none */
	const struct shapes	*shapes;	/* NULL: none */
	void			(*tell)(void *arg,
				    const struct forward_told *t);
	void			*arg;		/* tell may be NULL */
};

struct forwarder;

/*
 * False: no memory.  Store and vocabulary are opened when they are first
 * needed; a store that cannot be is tried again with each body.  The paths,
 * rules, profiles and shapes must live as long as the forwarder.
 */
bool	 forwarder_open(struct forwarder **f, const struct forward_opt *opt)
	    HR_MUST_USE;
void	 forwarder_close(struct forwarder *f);	/* may be NULL */

/* The work that can wait for a pause: ccr_settle. */
void	 forwarder_settle(struct forwarder *f);

struct forward_in {
	enum api	 api;
	enum client	 client;
	enum key_kind	 key;
	struct span	 body;		/* no Content-Encoding */
};

/*
 * Which API a body speaks, by what only that API has: `input` is Responses;
 * of those with `messages`, Messages has a `system` beside them, or blocks
 * tool_use or tool_result, Chat Completions the role tool, or tool_calls.
 * Where all is absent nothing would be done, and it is Chat Completions.
 * API_NONE: it is no request; err->what is NULL, or says why it is not JSON.
 */
enum api	forward_api(struct span body, struct json_err *err);

/* Why a text was sent as it was; forward_why_name() spells them. */
enum forward_why {
	WHY_SQUASHED,
	WHY_SHORT,		/* too short to gain anything */
	WHY_READ,		/* a file that the agent may edit */
	WHY_FETCHED,		/* the agent fetched it back */
	WHY_ERROR,		/* a short error result */
	WHY_REMINDER,		/* holds a part that the client put in */
	WHY_NO_TOOLS,		/* a request without tools: no agent */
	WHY_UNKNOWN_CALL,	/* its call is not in the request */
	WHY_LEVEL,		/* the level leaves single texts alone */
	WHY_FOREIGN,		/* no format that has a squasher */
	WHY_NO_GAIN,		/* not a tenth smaller */
	WHY_LARGE,		/* beyond a ceiling */
	WHY_FAILED,		/* no memory, or the store failed */
	WHY_REFERRED,		/* lines that stand above are not repeated */
	WHY_ASKED,		/* asked again for what was referred to */
	FORWARD_WHYS
};

const char *forward_why_name(enum forward_why w);	/* "squashed", ... */

/* A text that was seen for the first time in this request. */
struct forward_new {
	enum forward_why	why;
	const char		*class;	/* of what a read printed, or NULL */
	bool			lossy;
	uint64_t		before, after;	/* tokens; 0: it is as it was */
};

#define FORWARD_NEW_MAX		64	/* that are told one by one */
#define FORWARD_MODEL_MAX	64

struct forward_report {
	const char		*skipped;	/* why nothing was looked at */
	char			 model[FORWARD_MODEL_MAX];
	enum retrieval		 retrieval;	/* that was decided */
	uint32_t		 policy;	/* epoch: hash of the options */
	uint64_t		 before, after;	/* tokens of changed texts */
	uint64_t		 texts[FORWARD_WHYS];	/* how many of each */
	uint64_t		 nnew;		/* may exceed FORWARD_NEW_MAX */
	struct forward_new	 fresh[FORWARD_NEW_MAX];
	bool			 store_failed;	/* something was not stored */
};

struct forward {
	uint64_t		 ticket;	/* of its quick run */
	bool			 changed;
	struct buf		 body;		/* the new body if changed */
	struct forward_report	 report;
};

#define FORWARD_INIT	{ .changed = false, .body = BUF_INIT }

/*
 * Fill *w.  With quick, false and *w undefined when it would have to wait
 * for the store or another thread, or has much to do; otherwise true.
 */
bool	 forward_run(struct forwarder *f, const struct forward_in *in,
	    struct forward *w, bool quick);

#endif
