/*
 * errword - words that report trouble
 */
#include "compat.h"

#include <strings.h>

#include "errword.h"

#define WORD_MAX	32

/* Sorted, lower case; a word ending in '*' stands for all it begins. */
static const char *const words[] = {
	"abort*", "alert", "cannot", "corrupt*", "crash*", "crit",
	"critical", "deadlock*", "degraded", "denied", "die", "died",
	"emerg*", "err", "errno", "error*", "evicted", "exceeded",
	"exception*", "exhausted", "expired", "fail*", "fatal*",
	"forbidden", "invalid", "killed", "mismatch", "missing", "oom",
	"oomkilled", "overflow", "panic*", "refused", "reject*", "segfault*",
	"severe", "sigsegv", "timedout", "timeout*", "traceback",
	"unauthorized", "unavailable", "undefined", "unexpected",
	"unhandled", "unhealthy", "unreachable", "unresolved", "violation*",
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
listed(const char *lower, size_t n)
{
	size_t lo = 0, hi = HR_LEN(words), mid, k;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		k = strcspn(words[mid], "*");
		c = strncmp(lower, words[mid], k);
		if (c == 0 && (n == k || words[mid][k] == '*'))
			return true;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
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

bool
errword_in(struct span s)
{
	char lower[WORD_MAX + 1];
	size_t i = 0, k, n;

	while (i < s.n) {
		while (i < s.n && !is_word(s.p[i]))
			i++;
		for (n = 0; i + n < s.n && is_word(s.p[i + n]); n++)
			;
		if (n >= 3 && n <= WORD_MAX) {
			for (k = 0; k < n; k++)
				lower[k] = (char)(s.p[i + k] >= 'A' &&
				    s.p[i + k] <= 'Z' ? s.p[i + k] | 0x20 :
				    s.p[i + k]);
			lower[n] = '\0';
			if (phrase(s, i, lower) || ((listed(lower, n) ||
			    compound(span_of(s.p + i, n))) && !negated(s, i)))
				return true;
		}
		i += n;
	}
	return false;
}
