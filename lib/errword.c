/*
 * errword - words that report trouble
 */
#include "compat.h"

#include <strings.h>

#include "errword.h"

#define WORD_MAX	32

/*
 * Lower case, by first letter; a word ending in '*' stands for all it begins.
 */
#define LIST(...)	(const char *const []){ __VA_ARGS__, NULL }
static const char *const *const words[26] = {
	['a' - 'a'] = LIST("abort*", "alert"),
	['c' - 'a'] = LIST("cannot", "corrupt*", "crash*", "crit", "critical"),
	['d' - 'a'] = LIST("deadlock*", "degraded", "denied", "die", "died"),
	['e' - 'a'] = LIST("emerg*", "err", "errno", "error*", "evicted",
	    "exceeded", "exception*", "exhausted", "expired"),
	['f' - 'a'] = LIST("fail*", "fatal*", "forbidden"),
	['i' - 'a'] = LIST("invalid"),
	['k' - 'a'] = LIST("killed"),
	['m' - 'a'] = LIST("mismatch", "missing"),
	['o' - 'a'] = LIST("oom", "oomkilled", "overflow"),
	['p' - 'a'] = LIST("panic*"),
	['r' - 'a'] = LIST("refused", "reject*"),
	['s' - 'a'] = LIST("segfault*", "severe", "sigsegv"),
	['t' - 'a'] = LIST("timedout", "timeout*", "traceback"),
	['u' - 'a'] = LIST("unauthorized", "unavailable", "undefined",
	    "unexpected", "unhandled", "unhealthy", "unreachable",
	    "unresolved"),
	['v' - 'a'] = LIST("violation*"),
};
#undef LIST

enum { IN_WORD = 1, CAPITAL = 2 };

static const uint8_t class[256] = {
	['0' ... '9'] = IN_WORD, ['a' ... 'z'] = IN_WORD,
	['A' ... 'Z'] = IN_WORD | CAPITAL,
};

static bool
is_word(char c)
{
	return class[(unsigned char)c] != 0;
}

/*
 * The length of the word at the start of s, 0 if there is none; *caps is what
 * the bytes behind its first are.
 */
static size_t
word_length(struct span s, unsigned *caps)
{
	size_t i = 0;
	uint8_t c;

	for (*caps = 0; i < s.n && (c = class[(unsigned char)s.p[i]]) != 0;
	    i++)
		*caps |= i > 0 ? c : 0;
	return i;
}

/* Whether a word that begins so can be one of those below. */
static bool
may_be(char first, unsigned caps)
{
	char c = (char)(first | 0x20);

	return (caps & CAPITAL) != 0 || (c >= 'a' && c <= 'z' &&
	    words[c - 'a'] != NULL);
}

static bool
listed(const char *lower)
{
	const char *const *w, *p, *q;

	if (lower[0] < 'a' || lower[0] > 'z')
		return false;
	for (w = words[lower[0] - 'a']; w != NULL && *w != NULL; w++) {
		for (p = *w, q = lower; *p == *q && *p != '\0'; p++, q++)
			;
		if (*p == '*' || *p == *q)
			return true;
	}
	return false;
}

/* "ReadTimeoutError", "CrashLoopBackOff": a capital begins each part. */
static bool
compound(struct span w)
{
	static const char *const tail[] = { "Error", "Exception", "Failure",
	    "Failed", "BackOff", "Unhealthy", "Denied", "Timeout" };
	size_t i, n;

	for (i = 0; i < HR_LEN(tail); i++) {
		n = strlen(tail[i]);
		if (w.n > n && memcmp(w.p + w.n - n, tail[i], n) == 0)
			return true;
	}
	return false;
}

/* Whether the word before `at` is one of these. */
static bool
behind(struct span s, size_t at, const char *const *list, size_t n)
{
	size_t end = at, start, i;

	while (end > 0 && (s.p[end - 1] == ' ' || s.p[end - 1] == '-'))
		end--;
	start = end;
	while (start > 0 && is_word(s.p[start - 1]))
		start--;
	for (i = 0; i < n; i++)
		if (end - start == strlen(list[i]) &&
		    strncasecmp(s.p + start, list[i], end - start) == 0)
			return true;
	return false;
}

/* "0 errors", "no error", "without errors". */
static bool
negated(struct span s, size_t at)
{
	static const char *const no[] = { "0", "no", "without", "zero" };

	return behind(s, at, no, HR_LEN(no));
}

/* "not found", "timed out". */
static bool
phrase(struct span s, size_t at, const char *lower)
{
	static const char *const not[] = { "not" };
	static const char *const timed[] = { "time", "timed", "times" };

	if (strcmp(lower, "found") == 0)
		return behind(s, at, not, HR_LEN(not));
	return strcmp(lower, "out") == 0 &&
	    behind(s, at, timed, HR_LEN(timed));
}

static void
make_lower(char *lower, struct span w)
{
	size_t i;

	for (i = 0; i < w.n; i++)
		lower[i] = (char)(class[(unsigned char)w.p[i]] & CAPITAL ?
		    w.p[i] | 0x20 : w.p[i]);
	lower[w.n] = '\0';
}

bool
errword_in(struct span s)
{
	char lower[WORD_MAX + 1];
	size_t i = 0, n;
	struct span w;
	unsigned caps;

	for (; i < s.n; i += n) {
		while (i < s.n && !is_word(s.p[i]))
			i++;
		n = word_length(span_skip(s, i), &caps);
		if (n < 3 || n > WORD_MAX || !may_be(s.p[i], caps))
			continue;
		w = span_of(s.p + i, n);
		make_lower(lower, w);
		if (phrase(s, i, lower) || ((listed(lower) ||
		    ((caps & CAPITAL) != 0 && compound(w))) &&
		    !negated(s, i)))
			return true;
	}
	return false;
}

static bool
holds(struct span s, const char *lower)
{
	size_t n = strlen(lower), i;

	for (i = 0; i + n <= s.n; i++)
		if ((s.p[i] | 0x20) == (lower[0] | 0x20) &&
		    strncasecmp(s.p + i, lower, n) == 0)
			return true;
	return false;
}

bool
errword_named(struct span s)
{
	static const char *const stems[] = { "error", "fail", "exception",
	    "undefined", "[e]", "[f]" };
	size_t i;

	for (i = 0; i < HR_LEN(stems); i++)
		if (holds(s, stems[i]))
			return true;
	return errword_in(s);
}
