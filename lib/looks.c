/*
 * looks - source, settings, table, Markdown, or output of a program
 */
#include "compat.h"

#include <string.h>

#include "ascii.h"
#include "log_mask.h"
#include "looks.h"

#define LINES_MIN	4	/* with something on them, to judge at all */

/* Of a hundred lines that count, at least so many. */
#define SOURCE_PART	35
#define SETTINGS_PART	75
#define TABLE_PART	90
#define OUTPUT_PART	12	/* that speak against all of these */

#define HEADINGS_MIN	2	/* of Markdown */
#define HEADING_EVERY	40	/* lines, at least */

#define COMMAS_MIN	2	/* in a line of CSV; of tabs one is enough */

struct tally {
	size_t	lines;		/* that are not empty, nor a comment */
	size_t	code, settings, output;
	size_t	headings;
	size_t	tabs, commas, bars;	/* in the first line */
	size_t	like_tabs, like_commas, like_bars;
};

static bool
is_word_byte(char c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

/* Whether s begins with one of the words of a list, and ends there. */
static bool
begins_with(struct span s, const char *const *words)
{
	struct span w;

	for (; *words != NULL; words++) {
		w = span_z(*words);
		if (span_starts(s, w) && (s.n == w.n ||
		    !is_word_byte(w.p[w.n - 1]) || !is_word_byte(s.p[w.n])))
			return true;
	}
	return false;
}

/* Of a number at the beginning of s. */
static size_t
digits(struct span s)
{
	size_t i = 0;

	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i;
}

/* s without the number that cat -n or grep -n puts before it. */
static struct span
without_number(struct span s)
{
	size_t i = digits(s);

	if (i == 0 || i == s.n || strchr("\t:-|", s.p[i]) == NULL)
		return s;
	return span_trim(span_skip(s, i + 1), " \t");
}

/* s without the number and arrow that agents put before lines of files. */
static struct span
without_arrow(struct span s)
{
	const struct span arrow = SPAN_LIT("\xE2\x86\x92");
	size_t i = digits(s);

	return i > 0 && span_starts(span_skip(s, i), arrow) ?
	    span_trim(span_skip(s, i + arrow.n), " \t") : s;
}

static bool
is_comment(struct span s)
{
	static const char *const signs[] = { "//", "/*", "*", "#", "--", ";;",
	    "<!--", NULL };

	return begins_with(s, signs) && !span_starts(s, SPAN_LIT("---"));
}

/* The name that s begins with: "os.path.join", "$x", "a->b". */
static size_t
name_length(struct span s)
{
	size_t i;

	for (i = 0; i < s.n && (is_word_byte(s.p[i]) ||
	    strchr(".$>-[]", s.p[i]) != NULL); i++)
		;
	return i;
}

/* "name(...)" and nothing else. */
static bool
is_call(struct span s)
{
	size_t i = name_length(s);

	return i > 0 && i < s.n && s.p[i] == '(' &&
	    (s.p[s.n - 1] == ')' || s.p[s.n - 1] == ',');
}

/* "name = ...", "name += ..." */
static bool
is_assignment(struct span s)
{
	size_t i = name_length(s);

	if (i == 0 || i + 3 >= s.n || s.p[i] != ' ')
		return false;
	i += 1 + (strchr("+-*|&:", s.p[i + 1]) != NULL);
	return s.p[i] == '=' && s.p[i + 1] == ' ';
}

/* What a line of most languages begins or ends with, and few others do. */
static bool
is_code(struct span s)
{
	static const char *const first[] = { "import", "from", "def", "class",
	    "func", "fn", "pub", "public", "private", "protected", "static",
	    "const", "let", "var", "return", "if (", "if [", "for (",
	    "while (", "switch (", "} else", "elif", "else:", "try:",
	    "except", "raise", "@", "#include", "#define", "#if", "#endif",
	    "package", "module", "use", "using", "namespace", "struct",
	    "enum", "impl", "type", "interface", "export", "function",
	    "async", "await", "self.", "this.", "local", "end", "fi", "done",
	    "then", "esac", "case", "break", "yield", "assert", "print(",
	    "<", NULL };
	char last = s.p[s.n - 1];

	if (strchr(";{}([\\", last) != NULL)
		return true;
	if (s.n > 1 && (last == ',' || last == ')') &&
	    strchr("})]\"'", s.p[s.n - 2]) != NULL)
		return true;
	return begins_with(s, first) || is_call(s) || is_assignment(s);
}

/* "key: value", "key = value", "[section]", "- item". */
static bool
is_setting(struct span s)
{
	size_t i;

	if (span_starts(s, SPAN_LIT("- ")))
		return true;
	if (s.p[0] == '[')
		return s.p[s.n - 1] == ']';
	for (i = 0; i < s.n && (is_word_byte(s.p[i]) ||
	    strchr(".-/\"'", s.p[i]) != NULL); i++)
		;
	if (i == 0 || i == s.n)
		return false;
	if (s.p[i] == ':')
		return i + 1 == s.n || s.p[i + 1] == ' ';
	return s.p[i] == '=' || (s.p[i] == ' ' && i + 2 < s.n &&
	    s.p[i + 1] == '=' && s.p[i + 2] == ' ');
}

/* "[javac] text": who says it. */
static bool
is_tagged(struct span s)
{
	size_t i = 1;

	while (i < s.n && (is_word_byte(s.p[i]) || s.p[i] == '-'))
		i++;
	return s.p[0] == '[' && i > 1 && i + 1 < s.n && s.p[i] == ']' &&
	    s.p[i + 1] == ' ';
}

/* What programs put before, or into, what they report. */
static bool
is_output(struct span s)
{
	static const char *const first[] = { "E  ", "FAIL", "PASS", "FAILED",
	    "ERROR", "INFO", "WARN", "WARNING", "DEBUG", "[INFO]", "[ERROR]",
	    "[WARNING]", "ok", "not ok", "---", "===", "___", "at ", "File \"",
	    "Traceback", "error:", "error[", "warning:", "note:", "-->", "$",
	    "+ ", "> ", "\xE2\x9C\x93", "\xE2\x9C\x97", "\xE2\x9C\x94",
	    "\xE2\x9C\x96", NULL };
	size_t end;

	return begins_with(s, first) || is_tagged(s) || log_timed(s) ||
	    log_located(s) || log_level(s, &end) != LOG_NONE;
}

/* "## Title" */
static bool
is_heading(struct span s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] == '#')
		i++;
	return i > 0 && i <= 6 && i + 1 < s.n && s.p[i] == ' ';
}

static size_t
count(struct span s, char c)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

static void
count_cells(struct tally *t, struct span line)
{
	size_t tabs = count(line, '\t'), commas = count(line, ',');
	size_t bars = count(line, '|');

	if (t->lines == 1) {
		t->tabs = tabs;
		t->commas = commas;
		t->bars = bars;
	}
	t->like_tabs += tabs == t->tabs;
	t->like_commas += commas == t->commas;
	t->like_bars += bars == t->bars;
}

static void
look_at(struct tally *t, struct span line)
{
	struct span s = without_arrow(span_trim(line, " \t\r")), code;

	if (s.n == 0)
		return;
	t->headings += is_heading(line);
	code = without_number(s);
	if (code.n == 0 || is_comment(code))
		return;
	t->lines++;
	count_cells(t, code);
	t->code += is_code(code);
	t->settings += is_setting(code);
	t->output += is_output(s);
}

static bool
part(size_t n, size_t of, unsigned percent)
{
	return n * 100 >= of * percent;
}

static bool
is_table(const struct tally *t)
{
	return (t->tabs >= 1 && part(t->like_tabs, t->lines, TABLE_PART)) ||
	    (t->commas >= COMMAS_MIN &&
	    part(t->like_commas, t->lines, TABLE_PART)) ||
	    (t->bars >= 1 && part(t->like_bars, t->lines, TABLE_PART));
}

static enum looks
judge(const struct tally *t, size_t lines)
{
	if (t->lines + t->headings < LINES_MIN)
		return LOOKS_OUTPUT;
	if (part(t->output, t->lines, OUTPUT_PART))
		return LOOKS_OUTPUT;
	if (t->headings >= HEADINGS_MIN &&
	    t->headings * HEADING_EVERY >= lines &&
	    !part(t->code, t->lines, SOURCE_PART))
		return LOOKS_MARKDOWN;
	if (is_table(t))
		return LOOKS_TABLE;
	if (part(t->settings, t->lines, SETTINGS_PART))
		return LOOKS_SETTINGS;
	return part(t->code, t->lines, SOURCE_PART) ? LOOKS_SOURCE :
	    LOOKS_OUTPUT;
}

/* "<html", "<!DOCTYPE", "<?xml" */
static bool
is_markup(struct span text)
{
	struct span s = span_trim(text, " \t\r\n");

	return s.n > 1 && s.p[0] == '<' && (s.p[1] == '!' || s.p[1] == '?' ||
	    (is_word_byte(s.p[1]) && s.p[s.n - 1] == '>'));
}

enum looks
looks_like(struct span text)
{
	struct tally t = { .lines = 0 };
	size_t lines;
	const char *nl;
	size_t n;

	if (is_markup(text))
		return LOOKS_MARKUP;
	for (lines = 0; text.n > 0 && lines < LOOKS_LINES_MAX; lines++) {
		nl = memchr(text.p, '\n', text.n);
		n = nl != NULL ? (size_t)(nl - text.p) : text.n;
		look_at(&t, span_of(text.p, n));
		text = span_skip(text, n + (nl != NULL));
	}
	return judge(&t, lines);
}
