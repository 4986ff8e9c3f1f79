/*
 * filter.h - what all filters have in common
 *
 * The shared options, and the way of a text from standard input through a
 * squasher to standard output.
 */
#ifndef HR_FILTER_H
#define HR_FILTER_H

#include "compat.h"

#include "common.h"
#include "msg.h"
#include "opt.h"
#include "squash.h"

struct filter_args {
	unsigned	 level;		/* enum squash_level, or not given */
	uint64_t	 budget;
	const char	*query;
	const char	*name;
	const char	*store;
	bool		 no_store;
	bool		 explain;
	/* Of the command, no options. */
	bool		 about;		/* squash.h */
	const struct rules *rules;
	const struct profiles *profiles;
	const struct shapes *shapes;

	/*
	 * What makes another text of the input, which is then squashed in its
	 * place; false: it cannot, and a message was printed.  NULL: nothing.
	 */
	bool (*before)(const char *how, struct span in, struct buf *out);
	const char *how;
};

#define FILTER_LEVEL_UNSET	UINT32_MAX
#define FILTER_ARGS_INIT	{ .level = FILTER_LEVEL_UNSET }

#define FILTER_INPUT_MAX	((size_t)256 << 20)

/*
 * First call of the main of a command that squashes: the shared options go
 * into *a, those of the command alone where own says.  The index of the first
 * operand.
 */
int	filter_options(struct filter_args *a, const struct opt_cmd *cmd,
	    struct opt_set own, int argc, char **argv);

/* The same for a filter, which takes no operands. */
void	filter_parse(struct filter_args *a, const struct opt_cmd *cmd,
	    struct opt_set own, int argc, char **argv);

/*
 * Read standard input into b.  False if it is larger than what a filter
 * looks at: then it has been copied to standard output already.  Does not
 * return when reading fails; what could be read is passed on.
 */
bool	filter_read(struct buf *b);

enum filtered {
	FILTERED,		/* or passed through: all is well */
	FILTERED_NOT,		/* passed through: our own data is missing */
	FILTERED_UNWRITTEN
};

/* Squash a text to fd.  If that fails a message was printed. */
enum filtered filter_text(const struct filter_args *a,
	    const struct store_place *store,
	    void (*fn)(struct squash *, struct span), struct span text, int fd);

/* Squash standard input to standard output; the exit status. */
int	filter_run(const struct filter_args *a,
	    void (*fn)(struct squash *, struct span));

/*
 * Turn what fn's squasher wrote losslessly back, from standard input to
 * standard output; the exit status.
 */
int	filter_expand(enum squash_expanded (*fn)(struct span in,
	    struct buf *out));

#endif
