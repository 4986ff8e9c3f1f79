/*
 * opt.h - one table of options gives parsing, help and completion
 *
 *	struct args { const char *model; bool json; };
 *	static const struct opt opts[] = {
 *		{ 'm', "model", OPT_TEXT, offsetof(struct args, model),
 *		  .arg = "MODEL", .help = "count for this model" },
 *		{ 0, "json", OPT_FLAG, offsetof(struct args, json),
 *		  .help = "one JSON object a file" },
 *	};
 *	struct args a = { .model = "o200k_base" };
 *	struct opt_set sets[] = { OPT_SET(opts, &a) };
 *	static const struct opt_cmd cmd = {
 *		.about = "count tokens", .operands = "[FILE ...]" };
 *
 *	i = opt_parse(&cmd, sets, HR_LEN(sets), argc, argv);
 *	// argv[i] is the first operand
 *
 * For cmd/ only.  -h, --help, -V, --version and -- are understood by every
 * command.  opt_parse() does not return when it printed help or a version
 * (exit 0) or when argv is wrong (a message, exit 2).  GNU getopt_long does
 * the scanning: --name VALUE, --name=VALUE, -nVALUE, unique abbreviations.
 *
 * The hidden option --list-options prints one line an option, tab-separated:
 * letter or nothing, long name, kind, argument, help.  The completions are
 * made from it.
 */
#ifndef HR_OPT_H
#define HR_OPT_H

#include "compat.h"

#include "buf.h"

enum opt_kind {
	OPT_FLAG,	/* bool, set to true */
	OPT_TEXT,	/* const char * into argv */
	OPT_FILE,	/* the same, a path */
	OPT_CHOICE,	/* unsigned: index of the word in arg, "a|b|c" */
	OPT_COUNT,	/* uint64_t, decimal */
	OPT_BYTES,	/* uint64_t, with k, m, g */
	OPT_SECONDS,	/* uint64_t, with s, m, h, d */
	OPT_RANGE,	/* struct opt_range, "A-B" counted from 1 */
	OPT_LIST	/* struct opt_list, each use adds a text into argv */
};

struct opt_range {
	uint64_t	from;	/* 0 when not given */
	uint64_t	to;
};

#define OPT_LIST_MAX	16

struct opt_list {
	const char	*text[OPT_LIST_MAX];
	size_t		 n;
};

struct opt {
	char		 letter;	/* 0: none */
	const char	*name;		/* long name, without the dashes */
	enum opt_kind	 kind;
	size_t		 offset;	/* of the field, from the set's base */
	const char	*arg;		/* its name in the usage, or choices */
	const char	*help;		/* a short line, lower case */
	uint64_t	 lo, hi;	/* for numbers; hi 0: no limit */
	/* What is wrong with a text, as a constant string; NULL: nothing. */
	const char	*(*check)(const char *text);
};

struct opt_set {
	const struct opt	*opt;
	size_t			 n;
	void			*base;
};

#define OPT_SET(table, base)	{ (table), HR_LEN(table), (base) }

struct opt_verb {
	const char	*name;
	const char	*operands;
	const char	*help;
};

struct opt_cmd {
	const char		*about;		/* as in the man page's NAME */
	const char		*operands;	/* of its SYNOPSIS, or NULL */
	const struct opt_verb	*verbs;		/* listed in the help */
	size_t			 nverbs;
	bool			 stop;	/* options end at the first operand */
	const char		*verb;		/* this is a verb's own table */
};

/* At most OPT_MAX options over all sets. */
#define OPT_MAX	48

int	opt_parse(const struct opt_cmd *cmd, const struct opt_set *sets,
	    size_t nsets, int argc, char **argv);

/*
 * Options from a file: a line each, `name = value' with the long names, as
 * far as they stand in the sets; flags take yes or no.  Blanks around name and
 * value do not count, empty lines and those that begin with # are skipped.
 * What is wrong is a message with the file's name and the line, and exit 2.
 * text holds the file afterwards, and the values point into it.
 */
void	opt_file(const char *path, struct buf *text, const struct opt_set *sets,
	    size_t nsets);

#endif
