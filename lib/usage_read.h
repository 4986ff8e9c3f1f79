/*
 * usage_read.h - token counts in the JSON of responses, for usage.c only
 *
 * Either each event of a stream in turn, then usage_read_events_end, or
 * usage_read_body once.
 */
#ifndef HR_USAGE_READ_H
#define HR_USAGE_READ_H

#include "compat.h"

#include "json.h"
#include "usage.h"

enum usage_count {
	COUNT_INPUT,		/* as the API counts: see usage.c */
	COUNT_READ,
	COUNT_WRITE,
	COUNT_OUTPUT,
	COUNTS
};

struct usage_read {
	enum api	 api;
	struct json_doc	 doc;
	uint64_t	 count[COUNTS];
	bool		 any;		/* of the counts was given */
	bool		 ended;		/* the stream's last word was heard */
	bool		 failed;	/* an error, or what is no JSON */
};

void	usage_read_init(struct usage_read *r, enum api api);
void	usage_read_release(struct usage_read *r);
void	usage_read_event(struct usage_read *r, struct span event,
	    struct span data);

/* u is all zero; lossy: events were dropped. */
void	usage_read_events_end(const struct usage_read *r, bool lossy,
	    struct usage *u);
void	usage_read_body(struct usage_read *r, struct span text,
	    struct usage *u);

#endif
