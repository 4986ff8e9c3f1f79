/*
 * json - the tape, its limits, its memory
 *
 * Texts judged right or wrong are in t/json.test; here is what a text alone
 * cannot say.
 */
#include "compat.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "json_impl.h"
#include "tap.h"

/* Two pages, of which the second must not be touched. */
static char *
guarded(size_t *page)
{
	char *m;

	*page = (size_t)sysconf(_SC_PAGESIZE);
	m = mmap(NULL, 2 * *page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m == MAP_FAILED || mprotect(m + *page, *page, PROT_NONE) < 0)
		abort();
	return m;
}

static bool
tok_is(const struct json_tok *t, enum json_type type, uint32_t start,
    uint32_t end, uint32_t skip, uint32_t count)
{
	return t->type == type && t->start == start && t->end == end &&
	    t->skip == skip && t->count == count;
}

static void
test_tape(void)
{
	struct span s = SPAN_LIT("{\"a\":[1,2], \"b\\n\" : {} }");
	struct json_tok t[7];
	struct json_err err;
	size_t n = 0;

	ok(json_scan(s, t, HR_LEN(t), &n, &err) == JSON_OK && n == 7,
	    "an object is scanned");
	ok(tok_is(&t[0], JSON_OBJECT, 0, 24, 7, 2), "object");
	ok(tok_is(&t[1], JSON_STRING, 1, 4, 1, 0) && !t[1].escaped, "key");
	ok(tok_is(&t[2], JSON_ARRAY, 5, 10, 3, 2), "array");
	ok(tok_is(&t[3], JSON_NUMBER, 6, 7, 1, 0), "number");
	ok(tok_is(&t[4], JSON_NUMBER, 8, 9, 1, 0), "number");
	ok(tok_is(&t[5], JSON_STRING, 12, 17, 1, 0) && t[5].escaped,
	    "key with an escape");
	ok(tok_is(&t[6], JSON_OBJECT, 20, 22, 1, 0), "empty object");
	ok(span_eq(json_text(s, &t[2]), SPAN_LIT("[1,2]")), "json_text");
	ok(span_eq(json_body(s, &t[5]), SPAN_LIT("b\\n")), "json_body");
	ok(json_scan(s, t, 6, &n, &err) == JSON_FULL, "one token too few");
	ok(json_scan(s, t, 0, &n, &err) == JSON_FULL, "no room at all");
	n = 0;
	ok(json_scan(s, NULL, 0, &n, &err) == JSON_OK && n == 7,
	    "validating counts the tokens");
}

/* The end of the value is found without looking at what follows. */
static void
test_prefix(void)
{
	struct span s = SPAN_LIT(" 12 {\"a\":1}\n\"x\"true[]-0.5e3,");
	static const size_t used[] = { 3, 8, 4, 4, 2, 6 };
	static const size_t count[] = { 1, 3, 1, 1, 1, 1 };
	struct json_tok t[4];
	struct json_err err;
	size_t i, n, u;
	bool good = true;

	for (i = 0; i < HR_LEN(used); i++) {
		good &= json_scan_prefix(s, t, HR_LEN(t), &n, &u, &err) ==
		    JSON_OK && n == count[i] && u == used[i];
		s = span_skip(s, u);
	}
	ok(good, "values one behind the other");
	ok(json_scan_prefix(s, t, HR_LEN(t), &n, &u, &err) == JSON_BAD &&
	    err.at == 0, "what is no value");
	/* Refused by its length alone: these bytes are not there. */
	s.n = JSON_TEXT_MAX + (size_t)1;
	ok(sizeof(size_t) == 4 || (json_scan(s, NULL, 0, &n, &err) ==
	    JSON_BAD && err.at == JSON_TEXT_MAX), "a text too long");
	ok(json_scan_prefix(span_of(NULL, 0), t, 4, &n, &u, &err) ==
	    JSON_BAD && err.at == 0, "nothing");
}

/*
 * Content at every distance from the end of the page, of every length, by
 * every variant: none reads too far, all say the same.
 */
static void
test_edges(void)
{
	static const char *const piece[] = {
		"a", "\\n", "\\\\", "\\u00e9", "\303\251", "\346\226\207",
		"\360\237\230\200", "\\", "\001", "\377", "\303", "\\u00", "\""
	};
	size_t page, len, i, n = 0, m = 0, bad = 0;
	char *mem = guarded(&page), *p;
	struct json_err e, f;
	struct json_tok t[8];
	int isa;

	for (i = 0; i < HR_LEN(piece); i++)
		for (len = 1; len < 200; len++) {
			size_t k = strlen(piece[i]), at = len;

			/* "aaa..., the piece at the end, a quote or none */
			p = mem + page - (1 + len + k + len % 2);
			p[0] = '"';
			memset(p + 1, 'a', at);
			memcpy(p + 1 + at, piece[i], k);
			if (len % 2)
				p[1 + at + k] = '"';
			struct span s = span_of(p, (size_t)(mem + page - p));
			enum json_rc rc = json_scan_with(JSON_PORTABLE, s, t,
			    8, &n, &e);

			for (isa = JSON_SSE2; isa <= JSON_AVX2; isa++) {
				if (!json_isa_here((enum json_isa)isa))
					continue;
				bad += json_scan_with((enum json_isa)isa, s,
				    t, 8, &m, &f) != rc ||
				    (rc == JSON_OK ? n != m : e.at != f.at ||
				    strcmp(e.what, f.what) != 0);
			}
		}
	ok(bad == 0, "variants agree at the end of a page");
	munmap(mem, 2 * page);
}

/* Every short text of these bytes ends at the end of the page. */
static void
test_truncated(void)
{
	static const char text[] = " {\"key\\u00e9\\n\":[-1.5e+3,true,false,"
	    "null,\"\303\251\346\226\207\360\237\230\200\",{}],"
	    "\"0123456789abcdef0123456789abcdef\" : 0.125 }";
	size_t page, i, n, len = sizeof(text) - 1, bad = 0;
	char *mem = guarded(&page), *p;
	struct json_tok t[16];
	struct json_err e;
	int isa;

	for (i = 0; i <= len; i++)
		for (isa = JSON_PORTABLE; isa <= JSON_AVX2; isa++) {
			if (!json_isa_here((enum json_isa)isa))
				continue;
			p = mem + page - i;
			memcpy(p, text, i);
			enum json_rc rc = json_scan_with((enum json_isa)isa,
			    span_of(p, i), t, HR_LEN(t), &n, &e);

			bad += i == len ? rc != JSON_OK :
			    rc != JSON_BAD || e.at != i;
		}
	ok(bad == 0, "a text cut anywhere ends there");
	munmap(mem, 2 * page);
}

static uint64_t
next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/*
 * Strings of random pieces, heavy with backslashes and UTF-8, at all
 * alignments: what the variants make of them.
 */
static void
test_random(void)
{
	static const char *const piece[] = {
		"\\\\", "\\\"", "\\n", "\\u12aB", "x", "0123456789abcdef",
		"\303\251", "\346\226\207", "\360\237\230\200", "\\\\\\\\",
		"\355\237\277", "\364\217\277\277", "\\",
		"\355\240\200", "\340\237\277", "\"", "\t"
	};
	uint64_t x = 88172645463325252u;
	size_t round, n = 0, m = 0, len, k, bad = 0, fine = 0;
	struct json_tok t[64], u[64];
	struct json_err e, f;
	char s[1024];
	int isa;

	for (round = 0; round < 40000; round++) {
		size_t limit = 1 + next(&x) % 200, at = next(&x) % 33;
		/* Mostly right pieces, so that both kinds occur. */
		size_t kinds = round % 2 ? 12 : HR_LEN(piece);

		memset(s, ' ', at);
		len = at;
		s[len++] = '[';
		s[len++] = '"';
		while (len < at + limit) {
			const char *z = piece[next(&x) % kinds];

			k = strlen(z);
			memcpy(s + len, z, k);
			len += k;
		}
		memcpy(s + len, "\",1 ]", 5);
		len += 5;
		struct span text = span_of(s, len);
		enum json_rc rc = json_scan_with(JSON_PORTABLE, text, t, 64,
		    &n, &e);

		fine += rc == JSON_OK;
		for (isa = JSON_SSE2; isa <= JSON_AVX2; isa++) {
			if (!json_isa_here((enum json_isa)isa))
				continue;
			if (json_scan_with((enum json_isa)isa, text, u, 64,
			    &m, &f) != rc)
				bad++;
			else if (rc == JSON_OK)
				bad += n != m || memcmp(t, u,
				    n * sizeof(*t)) != 0;
			else
				bad += e.at != f.at ||
				    strcmp(e.what, f.what) != 0;
		}
	}
	ok(bad == 0, "variants agree on random strings");
	ok(fine >= 10000 && fine < 40000, "of which some are right");
}

/* Every sequence of up to four bytes in the class of each UTF-8 range. */
static void
test_utf8(void)
{
	static const unsigned char byte[] = {
		'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1,
		0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1,
		0xF3, 0xF4, 0xF5, 0xFF
	};
	enum { N = HR_LEN(byte) };
	char text[128] = "[ 1, \"";
	size_t i, j, n, m, bad = 0;
	struct json_err e, f;
	int isa;

	for (i = 0; i < (size_t)N * N * N * N; i++) {
		/* At the end, in the middle or across the first vector. */
		size_t at = 6 + i % 40;

		memset(text + 6, 'b', 100);
		text[at] = (char)byte[i % N];
		text[at + 1] = (char)byte[i / N % N];
		text[at + 2] = (char)byte[i / N / N % N];
		text[at + 3] = (char)byte[i / N / N / N];
		memcpy(text + 6 + 34, "\"]", 2);
		j = i % 3 ? 42 : 100;
		memset(text + 42, ' ', 58);
		enum json_rc rc = json_scan_with(JSON_PORTABLE,
		    span_of(text, j), NULL, 0, &n, &e);

		for (isa = JSON_SSE2; isa <= JSON_AVX2; isa++) {
			if (!json_isa_here((enum json_isa)isa))
				continue;
			bad += json_scan_with((enum json_isa)isa,
			    span_of(text, j), NULL, 0, &m, &f) != rc ||
			    (rc == JSON_BAD && (e.at != f.at ||
			    strcmp(e.what, f.what) != 0));
		}
	}
	ok(bad == 0, "variants agree on UTF-8");
}

static void
test_hex(void)
{
	size_t bad = 0;
	unsigned i, k;

	for (i = 0; i < 256; i++)
		for (k = 0; k < 4; k++) {
			json_byte d[4] = { '0', 'f', 'A', '9' };

			d[k] = (json_byte)i;
			bad += json_is_hex4(d) != json_is_hex((json_byte)i);
		}
	ok(bad == 0, "hex digits four at a time");
}

/* The tape of the densest text, and its array reused. */
static void
test_doc(void)
{
	struct json_doc d = JSON_DOC_INIT;
	struct json_err err;
	size_t n = 200001, i, cap;
	char *p = malloc(n);

	if (p == NULL)
		abort();
	for (i = 0; i < n; i++)
		p[i] = i % 2 ? '1' : ',';
	p[0] = '[';
	p[n - 1] = ']';
	ok(json_doc_scan(&d, span_of(p, n), &err) == JSON_OK, "dense text");
	ok(d.ntok == n / 2 + 1 && d.tok[0].skip == d.ntok &&
	    d.tok[0].count == n / 2, "its tokens");
	ok(d.cap <= 3 * d.ntok / 2 + 64, "not much more than needed");
	cap = d.cap;
	ok(json_doc_scan(&d, SPAN_LIT("[1]"), &err) == JSON_OK &&
	    d.ntok == 2 && d.cap == cap, "the array is used again");
	ok(json_doc_scan(&d, SPAN_LIT("[1"), &err) == JSON_BAD &&
	    err.at == 2 && d.ntok == 0, "after an error there are no tokens");
	json_doc_release(&d);
	ok(d.tok == NULL && d.cap == 0, "released");
	/* Long strings must not cost memory. */
	memset(p, 'a', n);
	p[0] = p[n - 1] = '"';
	ok(json_doc_scan(&d, span_of(p, n), &err) == JSON_OK &&
	    d.ntok == 1 && d.cap * sizeof(*d.tok) <= n + 2048,
	    "one string, little memory");
	json_doc_release(&d);
	free(p);
}

int
main(void)
{
	test_tape();
	test_prefix();
	test_edges();
	test_truncated();
	test_random();
	test_utf8();
	test_hex();
	test_doc();
	return done();
}
