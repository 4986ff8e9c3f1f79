/*
 * log_trace - the lines of stack traces
 */
#include "compat.h"

#include "ascii.h"
#include "log_mask.h"
#include "log_trace.h"

static struct span
body(struct span line)
{
	return span_skip(line, log_stamp(line));
}

static struct span
unindented(struct span s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = span_skip(s, 1);
	return s;
}

static bool
blank(struct span s)
{
	return span_trim(s, " \t\r").n == 0;
}

static bool
any_of(struct span s, const struct span *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (span_starts(s, list[i]))
			return true;
	return false;
}

/* "... 12 more" */
static bool
is_more(struct span s)
{
	return s.n > 6 && memcmp(s.p, "... ", 4) == 0 && is_digit(s.p[4]);
}

/* Rust: "   4: std::panicking::begin_panic". */
static bool
is_numbered(struct span s)
{
	size_t i = 0;

	while (i < s.n && i < 4 && is_digit(s.p[i]))
		i++;
	return i > 0 && i + 2 < s.n && s.p[i] == ':' && s.p[i + 1] == ' ' &&
	    memchr(s.p, ':', s.n) != NULL;
}

/* A frame that stands further in than what it belongs to. */
static bool
is_frame(struct span line)
{
	static const struct span begin[] = {
		{ "at ", 3 }, { "File \"", 6 }, { "from ", 5 },
	};
	struct span s = body(line), in = unindented(s);

	if (in.n == s.n)
		return false;
	return any_of(in, begin, HR_LEN(begin)) || is_more(in);
}

static bool
is_cause(struct span line)
{
	static const struct span begin[] = {
		{ "Caused by: ", 11 }, { "Suppressed: ", 12 },
		{ "--- End of ", 11 }, { "stack backtrace:", 16 },
		{ "Stack trace:", 12 }, { "---> ", 5 },
	};

	return any_of(unindented(body(line)), begin, HR_LEN(begin));
}

static bool
has(struct span s, struct span what)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end && (p = memchr(p, what.p[0], (size_t)(end - p))) !=
	    NULL) {
		if (span_starts(span_of(p, (size_t)(end - p)), what))
			return true;
		p++;
	}
	return false;
}

bool
log_trace_headline(struct span line)
{
	struct log_trace t = LOG_TRACE_INIT;

	return log_trace_begins(&t, line, span_of("", 0));
}

bool
log_trace_frame(struct span line)
{
	return is_frame(line) || is_cause(line);
}

bool
log_trace_begins(struct log_trace *t, struct span line, struct span next)
{
	struct span s = body(line);

	t->lines = 1;
	t->last = false;
	if (has(s, SPAN_LIT("Traceback (most recent call last)"))) {
		t->kind = LOG_TRACE_PYTHON;
		return true;
	}
	if ((span_starts(s, SPAN_LIT("goroutine ")) &&
	    has(s, SPAN_LIT(" ["))) || span_starts(s, SPAN_LIT("panic: "))) {
		t->kind = LOG_TRACE_GO;
		return true;
	}
	t->kind = LOG_TRACE_FRAMES;
	return !blank(s) && (is_frame(next) || (is_cause(next) &&
	    !is_cause(line)));
}

/* What stands between a Python exception and the one it led to. */
static bool
is_chain(struct span s)
{
	static const struct span begin[] = {
		{ "During handling of the above exception", 38 },
		{ "The above exception was the direct cause", 40 },
	};

	return any_of(s, begin, HR_LEN(begin));
}

/* Python: what is indented, then the exception itself, then maybe the next. */
static bool
python(struct log_trace *t, struct span s)
{
	bool flush = unindented(s).n == s.n;

	if (t->last && has(s, SPAN_LIT("Traceback (most recent call last)")))
		t->last = false;
	else if (t->last)
		return blank(s) || is_chain(s);
	else
		t->last = !blank(s) && flush;
	return true;
}

/* A line of a Go trace that is not indented: "main.f(0x1, ...)". */
static bool
is_call(struct span s)
{
	static const struct span begin[] = {
		{ "goroutine ", 10 }, { "created by ", 11 },
		{ "panic: ", 7 }, { "[signal ", 8 }, { "runtime ", 8 },
	};
	const char *open = memchr(s.p, '(', s.n);

	return any_of(s, begin, HR_LEN(begin)) || (open != NULL &&
	    s.p[s.n - 1] == ')' &&
	    memchr(s.p, ' ', (size_t)(open - s.p)) == NULL);
}

/* Go: "panic: ...", a blank line, "goroutine 1 [running]:", its frames. */
static bool
go(struct log_trace *t, struct span s)
{
	bool was = t->last;

	t->last = blank(s);
	if (t->last)
		return t->lines < 4;
	if (was)
		return span_starts(s, SPAN_LIT("goroutine "));
	return unindented(s).n < s.n || is_call(s);
}

/* Java and its kin, JavaScript, C#, Rust; in the end node's "{ code: 1 }". */
static bool
frames(struct log_trace *t, struct span line)
{
	struct span s = body(line);
	bool inner = unindented(s).n < s.n;

	if (t->last) {
		t->last = inner;
		return inner || (s.n == 1 && s.p[0] == '}');
	}
	if (blank(s))
		return false;
	t->last = is_frame(line) && s.n > 2 &&
	    memcmp(s.p + s.n - 2, " {", 2) == 0;
	return is_cause(line) || is_frame(line) || (inner &&
	    (is_numbered(unindented(s)) || s.p[0] == '\t'));
}

bool
log_trace_goes_on(struct log_trace *t, struct span line)
{
	struct span s = body(line);

	if (t->lines++ >= LOG_TRACE_MAX)
		return false;
	if (t->kind == LOG_TRACE_PYTHON)
		return python(t, s);
	if (t->kind == LOG_TRACE_GO)
		return go(t, s);
	return frames(t, line);
}
