/*
 * diff_file - read the headers of a file, and say which tell nothing new
 */
#include "compat.h"

#include <string.h>

#include "diff_file.h"
#include "diff_hunk.h"

static const struct {
	const char		*word;
	enum diff_head_kind	 kind;
} words[] = {
	{ "old mode ", DIFF_HEAD_MODE },
	{ "new mode ", DIFF_HEAD_MODE },
	{ "mode ", DIFF_HEAD_MODE },
	{ "deleted file mode ", DIFF_HEAD_MODE },
	{ "new file mode ", DIFF_HEAD_MODE },
	{ "similarity index ", DIFF_HEAD_SIMILAR },
	{ "dissimilarity index ", DIFF_HEAD_SIMILAR },
	{ "rename from ", DIFF_HEAD_FROM },
	{ "copy from ", DIFF_HEAD_FROM },
	{ "rename to ", DIFF_HEAD_TO },
	{ "copy to ", DIFF_HEAD_TO },
	{ "index ", DIFF_HEAD_INDEX },
};

static struct span
without_newline(struct span line)
{
	if (line.n > 0 && line.p[line.n - 1] == '\n')
		line.n--;
	return line;
}

/* What stands behind the word that a line begins with. */
static struct span
behind(struct span line, const char *word)
{
	return span_skip(without_newline(line), strlen(word));
}

static bool
starts(struct span line, const char *word)
{
	return span_starts(line, span_z(word));
}

static bool
ends(struct span s, struct span with)
{
	return s.n >= with.n &&
	    span_eq(span_skip(s, s.n - with.n), with);
}

static bool
add(struct diff_file *f, struct span line, enum diff_head_kind kind)
{
	if (f->n == DIFF_HEADS_MAX)
		return false;
	f->head[f->n++] = (struct diff_head){ .line = line, .kind = kind };
	f->len += line.n;
	return true;
}

/* The line of git or diff -r. */
static bool
scan_first(struct span *rest, struct diff_file *f)
{
	struct span line = diff_line(rest);

	if (starts(line, "diff --git "))
		return add(f, line, DIFF_HEAD_GIT);
	if (starts(line, "diff --cc ") || starts(line, "diff --combined "))
		return add(f, line, DIFF_HEAD_COMBINED);
	return starts(line, "diff -") && add(f, line, DIFF_HEAD_GNU);
}

static bool
scan_extended(struct span *rest, struct diff_file *f)
{
	struct span after = *rest, line = diff_line(&after);
	size_t i;

	for (i = 0; i < HR_LEN(words); i++)
		if (starts(line, words[i].word))
			break;
	if (i == HR_LEN(words) || !add(f, line, words[i].kind))
		return false;
	*rest = after;
	return true;
}

/* A name ends at a tab, behind which GNU diff puts a time. */
static struct span
name_of(struct span line, const char *word)
{
	struct span name = behind(line, word);
	const char *tab = name.n == 0 ? NULL : memchr(name.p, '\t', name.n);

	if (tab != NULL)
		name.n = (size_t)(tab - name.p);
	return name;
}

static bool
scan_pair(struct span rest, struct diff_file *f)
{
	struct span old = diff_line(&rest), new = diff_line(&rest);

	if (!starts(old, "--- ") || !starts(new, "+++ ") ||
	    !starts(rest, "@@") || f->n + 2 > DIFF_HEADS_MAX)
		return false;
	f->pair = add(f, old, DIFF_HEAD_OLD) && add(f, new, DIFF_HEAD_NEW);
	f->old = name_of(old, "--- ");
	f->new = name_of(new, "+++ ");
	return f->pair;
}

static bool
scan_binary(struct span rest, struct diff_file *f)
{
	struct span line = diff_line(&rest);

	if (!starts(line, "Binary files ") ||
	    !ends(without_newline(line), SPAN_LIT(" differ")))
		return false;
	f->binary = add(f, line, DIFF_HEAD_BINARY);
	return f->binary;
}

bool
diff_file_scan(struct span text, struct diff_file *f)
{
	struct span rest = text;

	f->n = f->len = 0;
	f->pair = f->binary = false;
	f->old = f->new = SPAN_LIT("");
	if (text.n == 0)
		return false;
	if (text.p[0] == '-')
		return scan_pair(text, f);
	if (text.p[0] != 'd' || !scan_first(&rest, f))
		return false;
	if (f->head[0].kind != DIFF_HEAD_GNU)
		while (scan_extended(&rest, f))
			;
	if (!scan_pair(rest, f))
		(void)scan_binary(rest, f);
	return f->pair || f->head[0].kind != DIFF_HEAD_GNU;
}

#define DEV_NULL	SPAN_LIT("/dev/null")

/* a/NAME without its first folder. */
static struct span
inner(struct span s)
{
	const char *slash = s.n == 0 ? NULL : memchr(s.p, '/', s.n);

	return slash == NULL ? s : span_skip(s, (size_t)(slash - s.p) + 1);
}

/* Whether s is "A B" with these two names, of which one may be /dev/null. */
static bool
names_both(struct span s, struct span a, struct span b)
{
	struct span known = span_eq(b, DEV_NULL) ? a : b, first;

	if (!span_eq(a, DEV_NULL) && !span_eq(b, DEV_NULL))
		return s.n == a.n + b.n + 1 && span_starts(s, a) &&
		    s.p[a.n] == ' ' && ends(s, b);
	/* The other name is the same but for a folder of one letter. */
	if (known.n < 3 || s.n != known.n * 2 + 1 || s.p[known.n] != ' ')
		return false;
	first = span_of(s.p, known.n);
	return known.p[1] == '/' && first.p[1] == '/' &&
	    span_eq(inner(first), inner(known)) &&
	    (ends(s, known) || span_eq(first, known));
}

/* "Binary files A and B differ" */
static bool
names_binary(struct span s, struct span line)
{
	static const char and[] = " and ";
	struct span in = behind(line, "Binary files ");
	const char *p;

	in.n -= strlen(" differ");
	p = memmem(in.p, in.n, and, strlen(and));
	if (p == NULL)
		return false;
	return names_both(s, span_of(in.p, (size_t)(p - in.p)),
	    span_skip(in, (size_t)(p - in.p) + strlen(and)));
}

/* Whether other lines name the files that the first line names. */
static bool
first_is_told(const struct diff_file *f)
{
	struct span first = without_newline(f->head[0].line);
	size_t skip;

	switch (f->head[0].kind) {
	case DIFF_HEAD_GIT:
		first = span_skip(first, strlen("diff --git "));
		return f->pair ? names_both(first, f->old, f->new) :
		    f->binary && names_binary(first, f->head[f->n - 1].line);
	case DIFF_HEAD_COMBINED:
		skip = starts(first, "diff --cc ") ? strlen("diff --cc ") :
		    strlen("diff --combined ");
		return f->pair && f->new.n > 2 && f->new.p[1] == '/' &&
		    span_eq(inner(f->new), span_skip(first, skip));
	case DIFF_HEAD_GNU:
		skip = f->old.n + f->new.n + 1;
		return first.n > skip && first.p[first.n - skip - 1] == ' ' &&
		    names_both(span_skip(first, first.n - skip), f->old,
		    f->new) && !span_eq(f->old, DEV_NULL) &&
		    !span_eq(f->new, DEV_NULL);
	default:
		return false;
	}
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* An index line without a mode, or with that of a plain file. */
static bool
plain_index(struct span line)
{
	struct span s = behind(line, "index ");

	while (s.n > 0 && (is_hex(s.p[0]) || s.p[0] == '.' || s.p[0] == ','))
		s = span_skip(s, 1);
	return s.n == 0 || span_eq(s, SPAN_LIT(" 100644")) ||
	    span_eq(s, SPAN_LIT(" 100755"));
}

/* Whether "rename to NAME" is told by "+++ b/NAME" or on git's line. */
static bool
target_is_told(const struct diff_file *f, const struct diff_head *h)
{
	struct span name = behind(h->line, h->line.p[0] == 'c' ? "copy to " :
	    "rename to ");

	if (f->pair)
		return f->new.n > 2 && f->new.p[1] == '/' &&
		    span_eq(inner(f->new), name);
	return !f->head[0].gone && name.n > 0 &&
	    ends(without_newline(f->head[0].line), name);
}

/* Bytes of a line up to its time, or 0: "+++ b/x<TAB>2024-01-31 ..." */
static size_t
before_time(struct span line)
{
	const char *tab = memchr(line.p, '\t', line.n);
	struct span s;
	size_t i;

	if (tab == NULL)
		return 0;
	s = span_skip(line, (size_t)(tab - line.p) + 1);
	if (s.n < strlen("2024-01-31 "))
		return 0;
	for (i = 0; i < strlen("2024-01-31"); i++)
		if (i == 4 || i == 7 ? s.p[i] != '-' : s.p[i] < '0' ||
		    s.p[i] > '9')
			return 0;
	/* The epoch says that there is no such file; a blank needs the tab. */
	if (s.p[i] != ' ' || span_starts(s, SPAN_LIT("1970-")) ||
	    span_starts(s, SPAN_LIT("1969-")) ||
	    memchr(line.p + 4, ' ', (size_t)(tab - line.p) - 4) != NULL)
		return 0;
	return (size_t)(tab - line.p);
}

void
diff_file_thin(struct diff_file *f, bool apply)
{
	struct diff_head *h;
	size_t i;

	if (f->n == 0)
		return;
	if (!apply)
		f->head[0].gone = first_is_told(f);
	for (i = 0; i < f->n; i++) {
		h = &f->head[i];
		if (h->kind == DIFF_HEAD_INDEX)
			h->gone = (f->pair || (f->binary && !apply)) &&
			    plain_index(h->line);
		else if (h->kind == DIFF_HEAD_SIMILAR && !apply)
			h->gone = true;
		else if (h->kind == DIFF_HEAD_TO && !apply)
			h->gone = target_is_told(f, h);
		else if ((h->kind == DIFF_HEAD_OLD ||
		    h->kind == DIFF_HEAD_NEW) && !apply)
			h->cut = before_time(h->line);
	}
}

uint64_t
diff_file_put(const struct diff_file *f, struct buf *out)
{
	const struct diff_head *h;
	uint64_t gone = 0;

	for (h = f->head; h < f->head + f->n; h++) {
		if (h->gone) {
			gone++;
		} else if (h->cut > 0) {
			buf_add(out, h->line.p, h->cut);
			if (h->line.p[h->line.n - 2] == '\r')
				buf_addc(out, '\r');
			buf_addc(out, '\n');
		} else {
			buf_addspan(out, h->line);
		}
	}
	return gone;
}

/* The name that stands twice on git's line, or nothing. */
static struct span
double_name(const struct diff_file *f)
{
	struct span s = without_newline(f->head[0].line), first, second;
	size_t half;

	if (f->head[0].kind != DIFF_HEAD_GIT)
		return SPAN_LIT("");
	s = span_skip(s, strlen("diff --git "));
	half = s.n / 2;
	if (s.n % 2 == 0 || s.p[half] != ' ')
		return SPAN_LIT("");
	first = span_of(s.p, half);
	second = span_skip(s, half + 1);
	return span_eq(inner(first), inner(second)) ? second : SPAN_LIT("");
}

struct span
diff_file_path(const struct diff_file *f)
{
	struct span s = f->pair ? f->new : double_name(f);

	if (f->pair && span_eq(s, DEV_NULL))
		s = f->old;
	s = span_trim(s, "\"\r");
	if (s.n > 2 && s.p[1] == '/' && (s.p[0] == 'a' || s.p[0] == 'b'))
		s = span_skip(s, 2);
	return s;
}
