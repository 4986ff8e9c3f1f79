/*
 * log_follow.h - a log as it is written, with fewer lines
 *
 *	struct log_follow f = LOG_FOLLOW_INIT;
 *
 *	f.keep = store_it;
 *	while (... some bytes came ...) {
 *		log_follow_feed(&f, bytes);
 *		... write f.out, buf_reset(&f.out) ...
 *	}
 *	log_follow_end(&f);
 *	... write f.out ...
 *	log_follow_release(&f);
 *
 * An event is a line, or a line and the trace that belongs to it.  Shown are
 * those of a form that was not there yet, errors that say something else, what
 * the query names, and marks; the rest is counted in marks where it stood.
 *
 * The text is kept in pieces of about LOG_FOLLOW_PIECE bytes.  Where a piece
 * ends and lines of it were left out, it is given to keep, and a line says
 * under which id.  If keep fails, the lines left out follow, late but
 * complete, and from then on everything is shown.
 *
 * Memory is bounded, whatever comes.  What was long ago may be new again:
 * forms are remembered in a table of fixed size.
 */
#ifndef HR_LOG_FOLLOW_H
#define HR_LOG_FOLLOW_H

#include "compat.h"

#include "buf.h"
#include "log_mask.h"
#include "log_query.h"
#include "log_trace.h"
#include "mark.h"
#include "span.h"

#define LOG_FOLLOW_PIECE	((size_t)1 << 20)
#define LOG_FOLLOW_SEEN		((size_t)1 << 15)

struct log_follow {
	/* in */
	enum log_depth	 depth;
	struct log_query query;		/* words that show a line */
	bool		 all;		/* everything is shown */

	/*
	 * Store a piece: true, and *ref says where, or stays as it is where
	 * nothing is to be kept.  NULL: there is nowhere.
	 */
	bool		(*keep)(void *arg, struct span piece,
			    struct mark_ref *ref);
	void		*arg;

	/* out */
	struct buf	 out;		/* to be written, and reset */
	bool		 failed;	/* keep did */

	/* not for users */
	struct buf	 piece;
	size_t		 line;		/* begin of what is no line yet */
	size_t		 look;		/* no newline before that */
	size_t		 event, gap;	/* where they begin */
	struct log_trace trace;
	bool		 in_trace;
	uint64_t	 lines, shown;	/* of the piece, events that ended */
	uint64_t	 all_lines, all_shown, pieces;
	uint64_t	 left, errors;	/* lines of the gap */
	uint64_t	 last;		/* form of what was shown last */
	unsigned	 variants;	/* of errors, shown in this piece */
	bool		 alike, showed;
	bool		 open;		/* what was shown last lacks its end */
	struct buf	 ranges;	/* of the piece, left out */
	struct buf	 mask;
	uint64_t	*seen;
};

#define LOG_FOLLOW_INIT {						\
	.out = BUF_INIT, .piece = BUF_INIT, .ranges = BUF_INIT,		\
	.mask = BUF_INIT }

void	log_follow_feed(struct log_follow *f, struct span bytes);

/*
 * Nothing came for a moment: the event is over.  Nothing came for longer: say
 * what was left out.  True if there was anything to do, or will be.
 */
bool	log_follow_pause(struct log_follow *f);
bool	log_follow_quiet(struct log_follow *f);

/* The end of the text: what is held, and the sums. */
void	log_follow_end(struct log_follow *f);

/* 0 or ENOMEM; then what was fed last may be lost. */
int	log_follow_err(const struct log_follow *f) HR_MUST_USE;
void	log_follow_release(struct log_follow *f);

#endif
