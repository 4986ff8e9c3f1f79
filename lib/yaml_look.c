/*
 * yaml_look - the first lines of a text, as YAML
 */
#include "compat.h"

#include "ascii.h"
#include "yaml_look.h"

#define LINES_MIN	4
#define LINES_LOOK	16
#define NAME_MAX_BYTES	128
#define NAME_MAX_BLANKS	3

struct look {
	size_t	lines;		/* that are not empty */
	bool	root;		/* there was one */
	bool	sequence;	/* the root is one */
	size_t	indent;		/* of the root */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Whether s begins with a mark of one character and a blank or nothing. */
static bool
has_mark(struct span s, char mark)
{
	return s.n > 0 && s.p[0] == mark &&
	    (s.n == 1 || is_blank(s.p[1]));
}

/* The length of the name at s, before ": " or ":" at the end; 0: none. */
static size_t
name_length(struct span s)
{
	size_t from = 0;
	const char *p;

	while (from < s.n &&
	    (p = memchr(s.p + from, ':', s.n - from)) != NULL) {
		from = (size_t)(p - s.p) + 1;
		if (from == s.n || is_blank(s.p[from]))
			return from - 1;
	}
	return 0;
}

/*
 * What a name without quotes is made of: no colon, which is in times and in
 * matches of grep; of several words no path either, which lines of tools begin
 * with.
 */
static bool
is_name_byte(char c, bool words)
{
	static const char more[] = "_-./$+@~<>", of_words[] = "_-.";

	if (is_letter8(c) || is_digit(c) || (words && is_blank(c)))
		return true;
	return words ? memchr(of_words, c, sizeof(of_words) - 1) != NULL :
	    memchr(more, c, sizeof(more) - 1) != NULL;
}

/* Whether a name could be one: no sentence, no time of a log, no code. */
static bool
is_name(struct span s)
{
	size_t i, blanks = 0;

	if (s.n == 0 || s.n > NAME_MAX_BYTES || s.p[0] == '-' ||
	    s.p[0] == '@')
		return false;
	if (s.p[0] == '"' || s.p[0] == '\'')
		return true;
	for (i = 0; i < s.n; i++)
		blanks += is_blank(s.p[i]);
	for (i = 0; i < s.n; i++) {
		if (!is_name_byte(s.p[i], blanks > 0) ||
		    (s.p[i] == '-' && is_blank(s.p[i - 1])))
			return false;
	}
	return blanks <= NAME_MAX_BLANKS;
}

/* Whether a line is a member of a mapping, as its beginning is. */
static bool
is_member(struct span s)
{
	return is_name(span_of(s.p, name_length(s)));
}

/* A line of the root; s has no blanks in front. */
static bool
root_line(struct look *l, struct span s)
{
	bool entry = has_mark(s, '-');

	if (!l->root) {
		l->root = true;
		l->sequence = entry;
	}
	/* A sequence may stand as far left as the member that it is. */
	if (entry)
		return true;
	if (l->sequence)
		return false;
	return is_member(s) || s.p[0] == ']' || s.p[0] == '}';
}

/* Where a document begins or ends. */
static bool
is_border(struct span s)
{
	return (span_starts(s, SPAN_LIT("---")) ||
	    span_starts(s, SPAN_LIT("..."))) && (s.n == 3 || s.p[3] == ' ');
}

static bool
look_at(struct look *l, struct span line)
{
	size_t indent = 0;

	while (indent < line.n && line.p[indent] == ' ')
		indent++;
	line = span_skip(line, indent);
	if (line.n == 0)
		return true;
	l->lines++;
	if (indent == 0 && is_border(line)) {
		l->root = false;
		return true;
	}
	if (!l->root)
		l->indent = indent;
	if (indent > l->indent)
		return true;
	return indent == l->indent && root_line(l, line);
}

bool
yaml_looks(struct span s)
{
	struct look l = { .lines = 0 };
	struct span line;
	const char *nl;

	while (s.n > 0 && l.lines < LINES_LOOK) {
		nl = memchr(s.p, '\n', s.n);
		line = span_of(s.p, nl != NULL ? (size_t)(nl - s.p) : s.n);
		s = span_skip(s, nl != NULL ? line.n + 1 : line.n);
		while (line.n > 0 && (line.p[line.n - 1] == '\r' ||
		    line.p[line.n - 1] == ' '))
			line.n--;
		if (!look_at(&l, line))
			return false;
	}
	return l.lines >= LINES_MIN;
}
