/*
 * log_query.h - lines that a question is about
 *
 *	struct log_query q;
 *
 *	if (log_query_open(&q, question)) {
 *		... log_query_count(&q, line) for each line ...
 *		log_query_choose(&q, lines);
 *		... log_query_hit(&q, line) ...
 *	}
 *
 * A line is, if it has a word of the question that few lines have.  Words
 * have three bytes or more and are compared without regard to case.  The
 * question must live as long as the query.
 */
#ifndef HR_LOG_QUERY_H
#define HR_LOG_QUERY_H

#include "compat.h"

#include "span.h"

#define LOG_QUERY_WORDS	16

struct log_query {
	struct {
		struct span	word;
		size_t		lines;
		bool		rare;
	} w[LOG_QUERY_WORDS];
	size_t	n;
};

/* False: there is no word in it. */
bool	log_query_open(struct log_query *q, struct span question);
void	log_query_count(struct log_query *q, struct span line);
void	log_query_choose(struct log_query *q, size_t lines);
bool	log_query_hit(const struct log_query *q, struct span line);

#endif
