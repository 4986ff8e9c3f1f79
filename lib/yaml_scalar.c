/*
 * yaml_scalar - null, true, false, numbers, and all else
 */
#include "compat.h"

#include "ascii.h"
#include "yaml_scalar.h"

struct word {
	const char	*z;
	enum yaml_plain	 is;
};

static const struct word words[] = {
	{ "", PLAIN_NULL }, { "~", PLAIN_NULL },
	{ "null", PLAIN_NULL }, { "Null", PLAIN_NULL }, { "NULL", PLAIN_NULL },
	{ "true", PLAIN_TRUE }, { "True", PLAIN_TRUE }, { "TRUE", PLAIN_TRUE },
	{ "false", PLAIN_FALSE }, { "False", PLAIN_FALSE },
	{ "FALSE", PLAIN_FALSE },
	{ ".inf", PLAIN_FOREIGN }, { ".Inf", PLAIN_FOREIGN },
	{ ".INF", PLAIN_FOREIGN }, { ".nan", PLAIN_FOREIGN },
	{ ".NaN", PLAIN_FOREIGN }, { ".NAN", PLAIN_FOREIGN },
};

/* How many bytes of s, from its beginning on, are among the characters. */
static size_t
run(struct span s, const char *chars)
{
	size_t i = 0, n = strlen(chars);

	while (i < s.n && memchr(chars, s.p[i], n) != NULL)
		i++;
	return i;
}

#define DIGITS		"0123456789"
#define DIGITS_11	"_" DIGITS	/* YAML 1.1 has 1_000 */

/* Whether s is an exponent, or empty. */
static bool
is_exponent(struct span s)
{
	if (s.n == 0)
		return true;
	if ((s.p[0] | 0x20) != 'e')
		return false;
	s = span_skip(s, 1);
	if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-'))
		s = span_skip(s, 1);
	return s.n > 0 && run(s, DIGITS) == s.n;
}

static bool
is_json_number(struct span s)
{
	size_t n;

	if (s.n > 0 && s.p[0] == '-')
		s = span_skip(s, 1);
	n = run(s, DIGITS);
	if (n == 0 || (n > 1 && s.p[0] == '0'))
		return false;
	s = span_skip(s, n);
	if (s.n > 0 && s.p[0] == '.') {
		n = run(span_skip(s, 1), DIGITS);
		if (n == 0)
			return false;
		s = span_skip(s, 1 + n);
	}
	return is_exponent(s);
}

/* 0x1F, 0o17, 0b101. */
static bool
has_base(struct span s)
{
	const char *digits;

	if (s.n < 3 || s.p[0] != '0')
		return false;
	switch (s.p[1]) {
	case 'x':
		digits = DIGITS_11 "abcdefABCDEF";
		break;
	case 'o':
		digits = "_01234567";
		break;
	case 'b':
		digits = "_01";
		break;
	default:
		return false;
	}
	s = span_skip(s, 2);
	return run(s, digits) == s.n;
}

/*
 * The places behind the first: ":30:59.5", each below 60.  Such a number does
 * not begin with a zero unless it has a fraction.
 */
static bool
are_sixtieths(struct span s, bool zero)
{
	size_t n;

	while (s.n > 0 && s.p[0] == ':') {
		s = span_skip(s, 1);
		n = run(s, DIGITS);
		if (n == 0 || n > 2 || (n == 2 && s.p[0] > '5'))
			return false;
		s = span_skip(s, n);
	}
	if (s.n == 0)
		return !zero;
	return s.p[0] == '.' && run(s, "." DIGITS_11) == s.n;
}

/* 007, +5, 1_000, .5, 5., 1.e3, 1:30 and what JSON can spell. */
static bool
is_decimal(struct span s)
{
	size_t n = run(s, DIGITS_11), m = 0;
	struct span rest = span_skip(s, n);

	if (s.n == 0 || s.p[0] == '_')
		return false;
	if (n > 0 && rest.n > 0 && rest.p[0] == ':')
		return are_sixtieths(rest, s.p[0] == '0');
	if (rest.n > 0 && rest.p[0] == '.') {
		rest = span_skip(rest, 1);
		if (n == 0 && (rest.n == 0 || !is_digit(rest.p[0])))
			return false;
		m = run(rest, DIGITS_11);
		rest = span_skip(rest, m);
	}
	return n + m > 0 && is_exponent(rest);
}

enum yaml_plain
yaml_plain(struct span s)
{
	size_t i;

	/* Of what else begins with a letter nothing is a number. */
	if (s.n == 0 || s.p[0] == '~' || s.p[0] == '.' || is_letter(s.p[0]))
		for (i = 0; i < HR_LEN(words); i++)
			if (span_eq(s, span_z(words[i].z)))
				return words[i].is;
	if (is_letter8(s.p[0]))
		return PLAIN_STRING;
	if (is_json_number(s))
		return PLAIN_NUMBER;
	if (s.p[0] == '+' || s.p[0] == '-') {
		s = span_skip(s, 1);
		if (span_eq(s, SPAN_LIT(".inf")) ||
		    span_eq(s, SPAN_LIT(".Inf")) ||
		    span_eq(s, SPAN_LIT(".INF")))
			return PLAIN_FOREIGN;
	}
	return has_base(s) || is_decimal(s) ? PLAIN_FOREIGN : PLAIN_STRING;
}
