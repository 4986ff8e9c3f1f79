/*
 * file_class - by path, by the first comment, by shape
 */
#include "compat.h"

#include "file_class.h"
#include "json.h"
#include "numbered.h"

#define COMMENT_LINES	30	/* in which a comment may tell the class */
#define COMMENT_LONG	400	/* bytes of such a line */
#define RECORDS_BYTES	((size_t)64 << 10)
#define RECORDS		100
#define MINIFIED_BYTES	4096
#define LONG_LINE	1000	/* nobody writes such a line of code ... */

/* Whether a path climbs up again from a folder that it names. */
static bool
climbs(struct span s)
{
	bool down = false;
	size_t i = 0, from;

	while (i < s.n) {
		for (from = i; i < s.n && s.p[i] != '/' && s.p[i] != '\\'; )
			i++;
		if (i - from != 2 || memcmp(s.p + from, "..", 2) != 0)
			down |= i > from && (i - from > 1 || s.p[from] != '.');
		else if (down)
			return true;
		i++;
	}
	return false;
}

void
file_judge_path(void *judge, struct span path)
{
	struct file_judge *j = judge;
	enum file_class class;
	unsigned checks;

	if (climbs(path) || !rules_path(j->rules, path, &class, &checks)) {
		j->unknown++;
		j->paths++;
		return;
	}
	j->checks |= checks;
	if (j->paths == j->unknown || rules_level(j->rules, class) <
	    rules_level(j->rules, j->class))
		j->class = class;
	j->paths++;
}

/* JSON, a long list of objects. */
static bool
is_records(struct span text)
{
	struct json_doc doc = JSON_DOC_INIT;
	struct json_err err;
	bool good;

	if (text.n < RECORDS_BYTES)
		return false;
	good = json_doc_scan(&doc, text, &err) == JSON_OK &&
	    doc.tok[0].type == JSON_ARRAY && doc.tok[0].count >= RECORDS &&
	    doc.tok[1].type == JSON_OBJECT;
	json_doc_release(&doc);
	return good;
}

struct lines {
	struct span	rest;
	bool		numbers;
};

static bool
next_line(struct lines *l, struct span *line)
{
	if (l->rest.n == 0)
		return false;
	*line = span_line(&l->rest);
	if (l->numbers)
		*line = numbered_rest(*line);
	return true;
}

/* How comments are written; those without a close end with their line. */
static const struct style {
	const char	*open, *close;
} styles[] = {
	{ "/*", "*/" }, { "<!--", "-->" }, { "(*", "*)" }, { "{-", "-}" },
	{ "//", NULL }, { "#", NULL }, { "--", NULL }, { ";", NULL },
	{ "%", NULL },
};

static const struct style *
style_of(struct span line)
{
	size_t i;

	for (i = 0; i < HR_LEN(styles); i++)
		if (span_starts(line, span_z(styles[i].open)))
			return &styles[i];
	return NULL;
}

/*
 * The words of a line, if it is a comment or empty.  *close is what ends the
 * comment that is open, or NULL.
 */
static bool
comment(struct span line, const char **close, struct span *words)
{
	const struct style *style;
	const char *end;

	line = span_trim(line, " \t\r");
	if (*close == NULL && line.n > 0) {
		style = style_of(line);
		if (style == NULL)
			return false;
		*close = style->close;
		line = span_skip(line, strlen(style->open));
	}
	if (*close != NULL && line.n > 0) {
		end = memmem(line.p, line.n, *close, strlen(*close));
		if (end != NULL) {
			line.n = (size_t)(end - line.p);
			*close = NULL;
		}
	}
	*words = span_trim(line, " \t/*#-;!%=");
	return true;
}

/* By the comments that the file begins with. */
static bool
by_comment(const struct rules *rules, struct lines l, enum file_class *class)
{
	const char *close = NULL;
	struct span line, words;
	unsigned i;

	for (i = 0; i < COMMENT_LINES && next_line(&l, &line); i++) {
		if (line.n > COMMENT_LONG || !comment(line, &close, &words))
			return false;
		if (rules_comment(rules, words, class))
			return true;
	}
	return false;
}

/* What there is of code in lines that are too long to be written. */
struct shape {
	size_t	bytes, in_long, blanks, marks, semicolons;
};

static void
look_at(struct shape *h, struct span s)
{
	size_t i;

	h->bytes += s.n;
	if (s.n < LONG_LINE)
		return;
	h->in_long += s.n;
	for (i = 0; i < s.n; i++) {
		h->blanks += s.p[i] == ' ' || s.p[i] == '\t';
		h->semicolons += s.p[i] == ';';
		h->marks += memchr(";(){}", s.p[i], 5) != NULL;
	}
}

static bool
is_minified(struct lines l)
{
	struct shape h = { .bytes = 0 };
	struct span line;

	while (next_line(&l, &line))
		look_at(&h, line);
	return h.bytes >= MINIFIED_BYTES && h.in_long >= h.bytes / 20 * 19 &&
	    h.blanks < h.in_long / 10 && h.marks >= h.in_long / 20 &&
	    h.semicolons >= h.in_long / 100;
}

bool
file_is_minified(struct span text)
{
	uint64_t first;

	return is_minified((struct lines){ text, numbered(text, &first) });
}

static enum file_class
by_text(const struct file_judge *j, const struct policy_read *r,
    struct span text)
{
	enum file_class class = FILE_SOURCE;
	uint64_t first;
	bool numbers = numbered(text, &first);
	struct lines l = { text, numbers };

	if (numbers ? first == 1 : r->top)
		if (by_comment(j->rules, l, &class))
			return class;
	return is_minified(l) ? FILE_MINIFIED : FILE_SOURCE;
}

enum file_class
file_judge(const struct file_judge *j, const struct policy_read *r,
    struct span text)
{
	if (!r->sure || j->paths == 0 || j->paths != r->files ||
	    !rules_any(j->rules))
		return FILE_SOURCE;
	if (j->unknown > 0)
		return j->paths == 1 ? by_text(j, r, text) : FILE_SOURCE;
	if (j->checks & RULES_RECORDS && !is_records(text))
		return FILE_SOURCE;
	return j->class;
}
