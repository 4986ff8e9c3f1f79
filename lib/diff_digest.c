/*
 * diff_digest - lines that are checksums
 */
#include "compat.h"

#include <string.h>

#include "diff_hunk.h"

#define DIGEST_MIN	32	/* characters: MD5 in hexadecimal */
#define LINE_MAX_BYTES	400	/* of a line with a digest */

/* Hexadecimal, or base 64 of either kind. */
static bool
is_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '=' ||
	    c == '_' || c == '-';
}

/* Whether a word for a digest stands in s, in any case of letters. */
static bool
says_digest(struct span s)
{
	static const char *const words[] = {
		"checksum", "integrity", "hash", "digest", "sha1", "sha256",
		"sha384", "sha512", "md5"
	};
	size_t i, at, k, n;

	for (i = 0; i < HR_LEN(words); i++) {
		n = strlen(words[i]);
		for (at = 0; at + n <= s.n; at++) {
			for (k = 0; k < n; k++)
				if ((s.p[at + k] | 32) != words[i][k] &&
				    s.p[at + k] != words[i][k])
					break;
			if (k == n)
				return true;
		}
	}
	return false;
}

/* Characters of names, versions and places, which no key of a digest has. */
static bool
names_something(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (memchr("./@", s.p[i], 3) != NULL)
			return true;
	return false;
}

bool
diff_digest(struct span line)
{
	struct span head, tail;
	size_t i = 0, from, at = 0, n = 0;
	bool digits = false;

	if (line.n < DIGEST_MIN || line.n > LINE_MAX_BYTES)
		return false;
	/* The longest word. */
	while (i < line.n) {
		for (from = i; i < line.n && is_digit(line.p[i]); )
			i++;
		if (i - from > n) {
			at = from;
			n = i - from;
		}
		i += i == from;
	}
	for (i = at; i < at + n; i++)
		digits |= line.p[i] >= '0' && line.p[i] <= '9';
	if (n < DIGEST_MIN || !digits)
		return false;
	head = span_of(line.p, at);
	tail = span_trim(span_skip(line, at + n), " \t\r\n,;\"'}])");
	return tail.n == 0 && !names_something(head) &&
	    (says_digest(head) ||
	    says_digest(span_of(line.p + at, n < 7 ? n : 7)));
}
