/*
 * mark - headers, gaps and ids
 */
#include "compat.h"

#include <assert.h>

#include "mark.h"

#define ID_BYTES	16	/* of the hash that go into an id */

/*
 * Kept readable by its parts, which hr-ccr(5) names the same.  Escapes such
 * as \x28 and \/ are there for JavaScript: a bare '(' or '/' in a class is an
 * error under its flag v, and '/' ends a literal.
 */
#define RE_N		"[0-9]+"
#define RE_UNIT		"[A-Za-z]+(?: [A-Za-z]+){0,2}"
#define RE_STORE	"(?:\\/|[a-z]+:\\/\\/)[A-Za-z0-9.\\/_:%+,=@~\\-]*"
#define RE_NOTE		"[!#-&\\x28-Z^_a-~][ !#-&\\x28-Z^_a-~]*"

const char mark_regex[] =
	"\\[hr: (?:"
	RE_N " of " RE_N " " RE_UNIT " shown"
	"(?:, complete output: hr-ccr (?:--store " RE_STORE " )?"
	"get ([0-9]{21}))?"
	"|(?:" RE_N " " RE_UNIT "|" RE_UNIT " " RE_N "-" RE_N ") left out"
	"(?:; " RE_NOTE ")?"
	")\\]";

struct mark_id
mark_id(const uint8_t sha256[SHA256_LEN])
{
	struct mark_id id;
	unsigned __int128 v = 0;
	size_t i;

	for (i = 0; i < ID_BYTES; i++)
		v = v << 8 | sha256[i];
	for (i = MARK_ID_DIGITS; i-- > 0; v /= 10)
		id.z[i] = (char)('0' + (int)(v % 10));
	id.z[MARK_ID_DIGITS] = '\0';
	return id;
}

int
mark_id_parse(struct span s, struct mark_id *id)
{
	size_t i;

	if (s.n != MARK_ID_DIGITS)
		return -1;
	for (i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
	memcpy(id->z, s.p, MARK_ID_DIGITS);
	id->z[MARK_ID_DIGITS] = '\0';
	return 0;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

bool
mark_store_ok(const char *store)
{
	const char *p = store;
	bool url = false;

	if (*p != '/') {
		while (*p >= 'a' && *p <= 'z')
			p++;
		if (p == store || strncmp(p, "://", 3) != 0)
			return false;
		url = true;
	}
	for (; *p != '\0'; p++)
		if (!is_alnum(*p) && strchr("/._-:%+,=@~", *p) == NULL)
			return false;
	/* What stands before an '@' in a URL may be a password. */
	return !url || strchr(store, '@') == NULL;
}

static bool
unit_ok(const char *unit)
{
	const char *p;
	unsigned words = 1;

	for (p = unit; *p != '\0'; p++)
		if (*p == ' ' && p > unit && p[-1] != ' ' && p[1] != '\0')
			words++;
		else if (!is_alnum(*p) || (*p >= '0' && *p <= '9'))
			return false;
	return p > unit && words <= 3;
}

void
mark_header(struct buf *b, uint64_t shown, uint64_t total, const char *unit,
    const struct mark_ref *ref)
{
	assert(unit_ok(unit));
	buf_addf(b, "[hr: %llu of %llu %s shown", (unsigned long long)shown,
	    (unsigned long long)total, unit);
	if (ref != NULL) {
		buf_adds(b, ", complete output: hr-ccr ");
		if (ref->store != NULL) {
			assert(mark_store_ok(ref->store));
			buf_addf(b, "--store %s ", ref->store);
		}
		buf_addf(b, "get %s", ref->id->z);
	}
	buf_addc(b, ']');
}

/* English plurals as far as names of things in data go. */
static void
plural(struct buf *b, const char *unit)
{
	size_t n = strlen(unit);
	char last = unit[n - 1], before = n > 1 ? unit[n - 2] : 'a';

	if (last == 'y' && strchr("aeiou", before) == NULL)
		buf_addf(b, "%.*sies", (int)(n - 1), unit);
	else if (last == 's' || last == 'x' ||
	    (last == 'h' && (before == 'c' || before == 's')))
		buf_addf(b, "%ses", unit);
	else
		buf_addf(b, "%ss", unit);
}

/* What a note's byte becomes: 0 is nothing. */
static char
clean(unsigned char c)
{
	if (c < 0x20 || c == 0x7F)
		return ' ';
	if (c >= 0xC0)
		return '?';	/* UTF-8: the first byte of a character */
	if (c >= 0x80 || strchr("\"'`\\[]", c) != NULL)
		return 0;
	return (char)c;
}

static void
add_note(struct buf *b, struct span note)
{
	size_t i, start = b->len;
	bool blank = false;
	char c;

	for (i = 0; i < note.n; i++) {
		c = clean((unsigned char)note.p[i]);
		if (c == ' ') {
			blank = true;
		} else if (c != 0) {
			if (b->len == start)
				buf_adds(b, "; ");
			else if (blank)
				buf_addc(b, ' ');
			buf_addc(b, c);
			blank = false;
		}
	}
}

void
mark_gap(struct buf *b, uint64_t n, const char *unit, struct span note)
{
	assert(unit_ok(unit));
	buf_addf(b, "[hr: %llu ", (unsigned long long)n);
	if (n == 1)
		buf_adds(b, unit);
	else
		plural(b, unit);
	buf_adds(b, " left out");
	add_note(b, note);
	buf_addc(b, ']');
}

void
mark_gap_range(struct buf *b, const char *units, uint64_t from, uint64_t to)
{
	assert(unit_ok(units));
	buf_addf(b, "[hr: %s %llu-%llu left out]", units,
	    (unsigned long long)from, (unsigned long long)to);
}
