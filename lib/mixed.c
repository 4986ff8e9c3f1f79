/*
 * mixed - parts with a format in a text without one
 */
#include "compat.h"

#include <string.h>

#include "diff_file.h"
#include "diff_hunk.h"
#include "json.h"
#include "list.h"
#include "mixed.h"

#define PREFIX_MAX	80	/* bytes before a value in its line */

static struct span
line_at(const struct mixed *m, size_t at)
{
	struct span rest = span_skip(m->text, at);
	const char *nl = memchr(rest.p, '\n', rest.n);

	return nl == NULL ? rest : span_of(rest.p, (size_t)(nl - rest.p) + 1);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Where the line ends in which a value does; 0 if more stands behind it. */
static size_t
line_end(const struct mixed *m, size_t at)
{
	while (at < m->text.n && is_blank(m->text.p[at]))
		at++;
	if (at == m->text.n)
		return at;
	return m->text.p[at] == '\n' ? at + 1 : 0;
}

/* Behind the value that begins at `at', and its line; 0: there is none. */
static size_t
value_end(struct mixed *m, size_t at)
{
	size_t ntok, used, end;
	struct json_err err;

	if (m->vain / MIXED_VAIN > m->text.n)
		return 0;
	if (json_scan_prefix(span_skip(m->text, at), NULL, 0, &ntok, &used,
	    &err) != JSON_OK) {
		m->vain += err.at;
		return 0;
	}
	end = line_end(m, at + used);
	if (end == 0)
		m->vain += used;
	return end;
}

/*
 * Where in a line a value may begin: first in it, or behind a word and a
 * blank if the line ends as a value does.  line.n if nowhere.
 */
static size_t
value_begin(struct span line)
{
	struct span s = span_trim(line, " \t\r\n");
	size_t i, from = s.n == 0 ? line.n : (size_t)(s.p - line.p);

	if (s.n == 0 || s.p[0] == '{' || s.p[0] == '[')
		return from;
	if (s.p[s.n - 1] != '}' && s.p[s.n - 1] != ']')
		return line.n;
	for (i = 1; i < s.n && i < PREFIX_MAX; i++)
		if ((s.p[i] == '{' || s.p[i] == '[') && s.p[i - 1] == ' ')
			return from + i;
	return line.n;
}

/* The values that follow one that ends at `end' belong to it. */
static size_t
more_values(struct mixed *m, size_t end)
{
	struct span line;
	size_t next;

	while (end < m->text.n) {
		line = line_at(m, end);
		if (value_begin(line) != 0 ||
		    (next = value_end(m, end)) == 0)
			break;
		end = next;
	}
	return end;
}

static bool
large(const struct mixed *m, size_t n)
{
	return n >= MIXED_PART || n > m->text.n / 2;
}

static bool
take_value(struct mixed *m, struct span line, struct span *part)
{
	size_t begin = value_begin(line), end;

	if (begin == line.n)
		return false;
	begin += m->at;
	end = value_end(m, begin);
	if (end == 0)
		return false;
	if (begin == m->at)
		end = more_values(m, end);
	m->at = end;
	/* The line's end stays, also of a value that has none. */
	*part = span_trim(span_of(m->text.p + begin, end - begin), " \t\r\n");
	return large(m, part->n);
}

static bool
is_fence(struct span line)
{
	return span_starts(span_trim(line, " \t"), SPAN_LIT("```"));
}

static bool
closes(struct span line)
{
	return span_eq(span_trim(line, " \t\r\n"), SPAN_LIT("```"));
}

/* What stands between two fences, if there is a second. */
static bool
take_fence(struct mixed *m, struct span line, struct span *part)
{
	size_t from = m->at + line.n, at = from;
	struct span next;

	for (; at < m->text.n; at += next.n) {
		next = line_at(m, at);
		if (closes(next)) {
			m->at = at + next.n;
			*part = span_of(m->text.p + from, at - from);
			return part->n >= MIXED_FENCE;
		}
	}
	m->open = true;
	return false;
}

/* Files with their hunks. */
static bool
take_diff(struct mixed *m, struct span *part)
{
	struct span rest = span_skip(m->text, m->at);
	struct diff_file f;
	struct diff_hunk h;

	while (diff_file_scan(rest, &f)) {
		rest = span_skip(rest, f.len);
		while (f.pair && diff_hunk_scan(rest, &h))
			rest = span_skip(rest, h.text.n);
	}
	*part = span_of(m->text.p + m->at,
	    m->text.n - m->at - rest.n);
	m->at += part->n;
	return large(m, part->n);
}

/* The lines up to the next that is empty, if they are a list. */
static bool
take_block(struct mixed *m, struct span *part)
{
	struct list l = LIST_INIT;
	struct span line;
	size_t at = m->at;
	bool is;

	if (at < m->block)
		return false;
	while (at < m->text.n && (line = line_at(m, at)).p[0] != '\n')
		at += line.n;
	m->block = at;
	*part = span_of(m->text.p + m->at, at - m->at);
	if (part->n < MIXED_PART)
		return false;
	is = list_read(&l, *part);
	list_release(&l);
	if (is)
		m->at = at;
	return is;
}

static bool
take_any(struct mixed *m, struct span line, struct span *part)
{
	size_t was = m->at;

	if (!m->open && is_fence(line))
		return take_fence(m, line, part);
	if (take_diff(m, part))
		return true;
	return m->at == was && (take_block(m, part) ||
	    take_value(m, line, part));
}

bool
mixed_next(struct mixed *m, struct span *part)
{
	struct span line;
	size_t was;

	while (m->at < m->text.n) {
		was = m->at;
		line = line_at(m, was);
		if (take_any(m, line, part))
			return true;
		if (m->at == was)
			m->at += line.n;
	}
	return false;
}
