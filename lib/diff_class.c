/*
 * diff_class - by path, by the first comment, by shape
 */
#include "compat.h"

#include <string.h>

#include "diff_class.h"

#define COMMENT_LINES	30	/* in which a comment may tell the class */
#define COMMENT_LONG	400	/* bytes of such a line */
#define MINIFIED_BYTES	4096
#define LONG_LINE	1000	/* nobody writes such a line of code */

/* A line of code without blanks for people: all marks and short names. */
static void
look_at_shape(struct diff_class *c, struct span s)
{
	size_t i;

	c->bytes += s.n;
	if (s.n < LONG_LINE)
		return;
	c->in_long += s.n;
	for (i = 0; i < s.n; i++) {
		c->blanks += s.p[i] == ' ' || s.p[i] == '\t';
		c->marks += memchr(";(){}", s.p[i], 5) != NULL;
	}
}

/* Only words in a comment tell; a string may hold the same. */
static void
look_at_comment(struct diff_class *c, struct span line)
{
	struct span s = span_trim(line, " \t\r\n");

	if (span_starts(s, SPAN_LIT("<!--")))
		s = span_skip(s, strlen("<!"));
	if (c->said || s.n == 0 || s.n > COMMENT_LONG ||
	    memchr("/*#-;%<({", s.p[0], 9) == NULL)
		return;
	c->said = rules_comment(c->rules, span_trim(s, " \t/*#-;!%=({"),
	    &c->class);
}

void
diff_class_hunk(struct diff_class *c, const struct diff_hunk *h)
{
	struct span rest = h->body, line;
	bool top = h->parents == 1 && h->side[1].start <= 1;
	/* The file that is there now tells, or the one that was there. */
	char other = h->side[h->parents].count > 0 ? '-' : '+';
	unsigned i = 0;

	while (rest.n > 0) {
		line = diff_line(&rest);
		if (top && line.p[0] != other && i++ < COMMENT_LINES)
			look_at_comment(c, span_skip(line, 1));
		if (line.p[0] == '+' || line.p[0] == '-')
			look_at_shape(c, span_skip(line, 1));
	}
}

static bool
is_minified(const struct diff_class *c)
{
	return c->bytes >= MINIFIED_BYTES &&
	    c->in_long >= c->bytes / 20 * 19 &&
	    c->blanks < c->in_long / 10 && c->marks >= c->in_long / 20;
}

static const char *
name_of(enum file_class class)
{
	switch (class) {
	case FILE_LOCK:
		return "lock file";
	case FILE_GENERATED:
		return "generated file";
	case FILE_MINIFIED:
		return "minified file";
	case FILE_VENDORED:
		return "vendored file";
	case FILE_SOURCE:
	case FILE_DATA:
	case FILE_CLASS_COUNT:
		break;
	}
	return NULL;
}

const char *
diff_class_name(const struct diff_class *c)
{
	enum file_class class = FILE_SOURCE;
	unsigned checks = 0;

	if (!rules_path(c->rules, c->path, &class, &checks)) {
		if (c->said)
			class = c->class;
		else if (is_minified(c))
			class = FILE_MINIFIED;
	}
	if (c->rules != NULL && rules_level(c->rules, class) < SQUASH_BALANCED)
		return NULL;
	return name_of(class);
}

bool
diff_class_lock(const struct diff_class *c)
{
	enum file_class class;
	unsigned checks;

	return rules_path(c->rules, c->path, &class, &checks) &&
	    class == FILE_LOCK &&
	    rules_level(c->rules, class) >= SQUASH_BALANCED;
}
