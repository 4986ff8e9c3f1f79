/*
 * log_line - what a line of a log is, and level, time and place that it names
 */
#include "compat.h"

#include "ascii.h"
#include "log_mask.h"

#define LEVEL_WITHIN	200	/* bytes */
#define TIME_WITHIN	128
#define STAMP_DIGITS	6
#define LEVEL_LEN	9	/* of the longest word */
#define EPOCH_MIN	10	/* digits */
#define SUFFIX_MAX	5	/* letters of a file's suffix */

static bool
is_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

static enum log_level
named(struct span w)
{
	static const struct {
		const char	*name;
		enum log_level	 level;
	} names[] = {
		{ "ERROR", LOG_ERROR }, { "ERR", LOG_ERROR },
		{ "FATAL", LOG_ERROR }, { "SEVERE", LOG_ERROR },
		{ "CRITICAL", LOG_ERROR }, { "CRIT", LOG_ERROR },
		{ "ALERT", LOG_ERROR }, { "EMERG", LOG_ERROR },
		{ "EMERGENCY", LOG_ERROR }, { "PANIC", LOG_ERROR },
		{ "FAILURE", LOG_ERROR },
		{ "WARN", LOG_WARN }, { "WARNING", LOG_WARN },
		{ "INFO", LOG_INFO }, { "DEBUG", LOG_INFO },
		{ "TRACE", LOG_INFO }, { "NOTICE", LOG_INFO },
		{ "VERBOSE", LOG_INFO }, { "FINE", LOG_INFO },
	};
	size_t i, k;

	for (i = 0; i < HR_LEN(names); i++) {
		for (k = 0; k < w.n && names[i].name[k] != '\0' &&
		    (w.p[k] & ~0x20) == names[i].name[k]; k++)
			;
		if (k == w.n && names[i].name[k] == '\0')
			return names[i].level;
	}
	return LOG_NONE;
}

static enum log_level
letter(char c)
{
	switch (c) {
	case 'E':
	case 'F':
		return LOG_ERROR;
	case 'W':
		return LOG_WARN;
	case 'I':
	case 'D':
	case 'V':
		return LOG_INFO;
	default:
		return LOG_NONE;
	}
}

/*
 * Whether a word in small letters is a level where it stands: in brackets, or
 * the value of something that is called level or severity.
 */
static bool
set_off(struct span s, size_t at, size_t end)
{
	size_t k;

	if (at == 0 || end >= s.n)
		return false;
	if ((s.p[at - 1] == '[' && s.p[end] == ']') ||
	    (s.p[at - 1] == '<' && s.p[end] == '>') ||
	    (s.p[at - 1] == ':' && s.p[end] == ']'))
		return true;
	for (k = at; k > 0 && strchr("\"'=: ", s.p[k - 1]) != NULL &&
	    s.p[k - 1] != '\0'; k--)
		;
	return (k >= 5 && memcmp(s.p + k - 5, "level", 5) == 0) ||
	    (k >= 3 && memcmp(s.p + k - 3, "lvl", 3) == 0) ||
	    (k >= 8 && memcmp(s.p + k - 8, "severity", 8) == 0);
}

/* Whether nothing but a date and time, in digits, stands before `at`. */
static bool
behind_time(struct span s, size_t at)
{
	size_t i, digits = 0;

	for (i = 0; i < at; i++) {
		if (is_letter(s.p[i]) && s.p[i] != 'T' && s.p[i] != 'Z')
			return false;
		digits += is_digit(s.p[i]);
	}
	return digits >= STAMP_DIGITS && (s.p[at - 1] == ' ' ||
	    s.p[at - 1] == '\t');
}

/*
 * One letter, as Android ("1702 E Tag", "1702 E/Tag") and some others have it;
 * not that of "I/O error".
 */
static bool
alone(struct span s, size_t at, size_t end)
{
	return is_digit(s.p[0]) && at > 0 && s.p[at - 1] == ' ' &&
	    end < s.n && (s.p[end] == ' ' || (s.p[end] == '/' &&
	    end + 2 < s.n && is_letter(s.p[end + 2])));
}

static bool
upper(struct span w)
{
	size_t i;

	for (i = 0; i < w.n; i++)
		if (w.p[i] < 'A' || w.p[i] > 'Z')
			return false;
	return true;
}

enum log_level
log_level(struct span s, size_t *end)
{
	enum log_level level;
	size_t i = 0, n;

	*end = 0;
	if (s.n > LEVEL_WITHIN)
		s.n = LEVEL_WITHIN;
	/* glog: "E0619 12:00:00". */
	if (s.n > 6 && is_digit(s.p[1]) && is_digit(s.p[4]) &&
	    s.p[5] == ' ' && letter(s.p[0]) != LOG_NONE) {
		*end = 1;
		return letter(s.p[0]);
	}
	for (; i < s.n; i += n > 0 ? n : 1) {
		for (n = 0; i + n < s.n && is_word(s.p[i + n]); n++)
			;
		if (n == 0 || n > LEVEL_LEN)
			continue;
		*end = i + n;
		if (n == 1 && alone(s, i, i + n) &&
		    (level = letter(s.p[i])) != LOG_NONE)
			return level;
		level = n < 3 ? LOG_NONE : named(span_of(s.p + i, n));
		if (level != LOG_NONE && (upper(span_of(s.p + i, n)) ||
		    set_off(s, i, i + n) || behind_time(s, i)))
			return level;
	}
	*end = 0;
	return LOG_NONE;
}

bool
log_plain(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (is_letter(s.p[i]) || is_digit(s.p[i]) ||
		    (unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* What a mark begins with; the rest of it is not looked at. */
bool
log_marked(struct span s)
{
	return span_starts(s, SPAN_LIT("[hr: ")) && s.p[s.n - 1] == ']';
}

bool
log_timed(struct span s)
{
	size_t i, run = 0;

	if (s.n > TIME_WITHIN)
		s.n = TIME_WITHIN;
	for (i = 0; i < s.n; i++) {
		run = is_digit(s.p[i]) ? run + 1 : 0;
		if (run >= EPOCH_MIN)
			return true;
		if (run == 2 && i + 6 < s.n && (s.p[i + 1] == ':' ||
		    s.p[i + 1] == '.') && is_digit(s.p[i + 2]) &&
		    is_digit(s.p[i + 3]) && s.p[i + 4] == s.p[i + 1] &&
		    is_digit(s.p[i + 5]) && is_digit(s.p[i + 6]))
			return true;
	}
	/* "081109 203615" */
	return s.n > 13 && is_digit(s.p[0]) && is_digit(s.p[5]) &&
	    s.p[6] == ' ' && is_digit(s.p[7]) && is_digit(s.p[12]) &&
	    s.p[13] == ' ';
}

size_t
log_stamp(struct span s)
{
	size_t i = s.n > 0 && s.p[0] == '[', digits = 0;

	if (s.n < i + 19 || !is_digit(s.p[i]) || !is_digit(s.p[i + 3]) ||
	    (s.p[i + 4] != '-' && s.p[i + 4] != '/') ||
	    s.p[i + 13] != ':' || s.p[i + 16] != ':')
		return 0;
	for (i += 11; i < s.n && s.p[i] != ' ' && s.p[i] != '\t'; i++)
		digits += is_digit(s.p[i]);
	return digits >= 6 && i < s.n ? i + 1 : 0;
}

/* "  12:5  error", "  12:5-13:1 error", "  3) adds" */
static bool
indented_place(struct span s)
{
	struct span in = span_trim(s, " \t");
	size_t n = 0;

	if (in.n == 0 || in.p == s.p)
		return false;
	while (n < in.n && is_digit(in.p[n]))
		n++;
	if (n == 0 || n + 1 >= in.n)
		return false;
	if (in.p[n] == ')')
		return in.p[n + 1] == ' ';
	if (in.p[n] != ':' || !is_digit(in.p[n + 1]))
		return false;
	for (n++; n < in.n && is_digit(in.p[n]); n++)
		;
	return n < in.n && (in.p[n] == ' ' || in.p[n] == '\t' ||
	    in.p[n] == '-');
}

/* "In a.sh line 12:" */
static bool
line_number(struct span s)
{
	const char *p = s.p, *end = s.p + s.n;

	for (; p < end && (p = memchr(p, 'l', (size_t)(end - p))) != NULL; p++)
		if (end - p > 5 && memcmp(p, "line ", 5) == 0 &&
		    is_digit(p[5]) && p > s.p && !is_word(p[-1]))
			return true;
	return false;
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* A whole SHA-1 or SHA-256 in small letters: a commit, an image. */
static bool
whole_hash(struct span s)
{
	size_t i, n;

	for (i = 0; i + 40 <= s.n; i += n + 1) {
		for (n = 0; i + n < s.n && is_hex(s.p[i + n]); n++)
			;
		if ((n == 40 || n == 64) && (i == 0 || !is_word(s.p[i - 1])) &&
		    (i + n == s.n || !is_word(s.p[i + n])))
			return true;
	}
	return false;
}

bool
log_located(struct span s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n;

	if (indented_place(s) || line_number(s) || whole_hash(s))
		return true;
	while (p < end && (p = memchr(p, '.', (size_t)(end - p))) != NULL) {
		p++;
		for (n = 0; p + n < end && n <= SUFFIX_MAX &&
		    is_letter(p[n]); n++)
			;
		if (n == 0 || n > SUFFIX_MAX || p + n + 1 >= end)
			continue;
		if ((p[n] == ':' || p[n] == '(') && is_digit(p[n + 1]))
			return true;
	}
	return false;
}

enum log_error
log_error(struct span line, bool word)
{
	bool timed = log_timed(line), located = log_located(line);
	enum log_level level;
	size_t end;

	level = log_level(line, &end);
	if (level == LOG_ERROR || (located && !timed))
		return LOG_EXACT_ERROR;
	if (level != LOG_NONE || !word)
		return LOG_NO_ERROR;
	/* "failed" in an object is mostly the name of a count. */
	return located || (!timed && line.p[0] != '{') ? LOG_EXACT_ERROR :
	    LOG_ALIKE_ERROR;
}
