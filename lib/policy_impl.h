/*
 * policy_impl.h - a command line as a shell reads it, for policy*.c only
 *
 * policy_lex.c, with policy_redir.c, cuts a script into words and simple
 * commands; policy_prog.c is told of each and finds out what the command
 * prints.  Scripts inside (of
 * `bash -c`, `eval`, here documents for a shell) are gathered and read the
 * next time around, so nothing recurses.
 *
 * Words are given without their quotes.  What a shell would put in place of
 * $x or $(...) is unknown: the word has the text as it stands and says up to
 * where it is not to be trusted.
 */
#ifndef HR_POLICY_IMPL_H
#define HR_POLICY_IMPL_H

#include "compat.h"

#include "buf.h"
#include "policy.h"
#include "span.h"

struct word {
	struct span	s;
	bool		quoted;		/* some of it */
	bool		literal;	/* nothing to be put in ... */
	size_t		unknown;	/* ... up to here, if not */
};

/* What is to be made of the next word of a simple command. */
enum phase {
	PH_START,		/* the program comes, or a keyword */
	PH_ARGS,		/* of a program that is known not to matter */
	PH_WRAP,		/* options of a program that starts another */
	PH_XARGS,		/* the same, which gives it more operands */
	PH_SCAN,		/* the same, options unknown */
	PH_SHELL,		/* options of a shell */
	PH_CAT, PH_SED, PH_AWK, PH_PERL, PH_GIT, PH_GREP, PH_HRCCR,
	PH_READ,		/* prints files, whatever its arguments */
	PH_HEAD,		/* the same, from their first lines on */
	PH_QUIET		/* prints nothing */
};

/* A simple command, as far as it was read. */
struct cmd {
	enum phase	 phase;
	const char	*with_arg;	/* option letters that take a word */
	unsigned	 skip;		/* words to pass over */
	unsigned	 operands;	/* the same, but for options */
	unsigned	 cases;		/* case without its esac */
	unsigned	 seen;		/* operands so far */
	unsigned	 files;		/* that were told */
	bool		 reads;		/* prints files, or what it is piped */
	bool		 top;		/* these from their first line on */
	bool		 piped;		/* it is piped what was told */
	bool		 unclear;	/* what it does to what it reads */
	bool		 program;	/* there is one */
	bool		 script;	/* given: sed -e, awk -f, sh -c */
	bool		 flagged;	/* perl -n, git show */
	bool		 in_place;
	bool		 from_file;	/* standard input, by '<' */
	bool		 to_file;	/* standard output, by '>' */
	bool		 to_other;	/* it may go elsewhere as well */
};

struct judge {
	enum tool_class	 class;		/* TOOL_SHELL, _READ or _FETCH */
	struct policy_read *read;	/* what is printed */
	unsigned	 programs;	/* that print */
	unsigned	 tops;		/* those that begin at a first line */
	struct buf	 scripts;	/* to be read next */
};

/* It may print any file. */
void	 policy_doubt(struct judge *j);

/* A file that may be printed. */
void	 policy_file(struct judge *j, struct cmd *c, const struct word *w,
	    size_t from);

/* The output of the command that ended goes to the next. */
void	 policy_pipe(struct cmd *c, bool pipe);

void	 policy_nested(struct judge *j, const struct word *script);
void	 policy_word(struct judge *j, struct cmd *c, const struct word *w);
void	 policy_end(struct judge *j, struct cmd *c);

/* Whether it is more than a word. */
bool	 policy_has_blank(struct span s);

/* Whether a here document would be a script for the command. */
bool	 policy_takes_script(const struct cmd *c);

/* Whether a name, folded, is one of these. */
bool	 policy_named(struct span name, const char *const *names, size_t n);

/* Whether an editor was only asked to show something. */
bool	 policy_is_view(struct span arguments);

/* The files among the arguments of a tool that reads. */
void	 policy_read_args(struct span arguments, struct policy_read *read);

/* Read a script and tell the judge of its commands. */
void	 policy_lex(struct judge *j, struct span script);

/* The rest is shared by policy_lex.c and policy_redir.c. */
#define LEVELS		32	/* of $( ) and the like inside each other */
#define DOCS		16	/* here documents of one line */
#define ARITH_MAX	1024	/* bytes of a $(( )) */

/* What the next word is, if not one of the command. */
enum target {
	TO_NOTHING, TO_FILE, TO_DUP, IGNORED, FROM_FILE, FROM_STRING,
	FROM_DOC, FROM_DOC_TABS
};

/* A command inside which another one stands. */
struct level {
	struct cmd	 cmd;
	enum target	 target;
	char		 closer;	/* ')' or '`', 0 outside */
	bool		 paren;		/* ( ) that gives no word */
	bool		 in_double;	/* "..." goes on behind it */
	bool		 in_word;
	bool		 quoted, literal;
	size_t		 unknown, start;	/* of its word in text */
};

struct doc {
	size_t	start, len;	/* of the delimiter in delims */
	bool	tabs, quoted, script;
};

struct lex {
	struct judge	*j;
	struct span	 s;
	size_t		 at;
	struct buf	 text;		/* words being read, a level each */
	struct buf	 delims;
	struct doc	 doc[DOCS];
	size_t		 ndocs;
	struct level	 level[LEVELS];
	size_t		 depth;
	bool		 stuck;		/* too deep: given up */
};

HR_INLINE struct level *
top(struct lex *l)
{
	return &l->level[l->depth];
}

/* The byte k from here; 0 behind the end, which is no end to a NUL. */
HR_INLINE char
peek(const struct lex *l, size_t k)
{
	return k < l->s.n - l->at ? l->s.p[l->at + k] : '\0';
}

/* The next line of the script from at on. */
HR_INLINE struct span
line_at(const struct lex *l)
{
	const char *p = l->s.p + l->at, *nl = memchr(p, '\n', l->s.n - l->at);

	return span_of(p, nl == NULL ? l->s.n - l->at : (size_t)(nl - p));
}

void	 policy_give_up(struct lex *l);
void	 policy_begin_word(struct lex *l);
void	 policy_end_word(struct lex *l);

/* Read another command before this one goes on. */
void	 policy_enter(struct lex *l, char closer, bool paren);

void	 policy_input(struct lex *l);	/* behind '<' */
void	 policy_output(struct lex *l);	/* behind '>' */

/* A word that follows such an operator. */
void	 policy_target(struct lex *l, enum target t, const struct word *w);

/* Step over a here document, or keep it for a shell to read. */
void	 policy_read_doc(struct lex *l, const struct doc *d);

#endif
