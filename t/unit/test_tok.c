/*
 * tok: counts that are known, chunks, hostile text, hostile vocabularies
 *
 * The vocabularies are those of the build tree.  That whole texts have the
 * counts of the reference is t/tiktoken.bats's business.
 */
#include "compat.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "tap.h"
#include "tok_ascii.h"
#include "tok_impl.h"
#include "tok_split.h"

static struct tok *tok[2];
static char vocabulary[2][PATH_MAX];

static uint32_t
rnd(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % below;
}

static void
open_both(void)
{
	const char *dir = getenv("BUILDDIR");
	unsigned e;
	int rc;

	for (e = 0; e < 2; e++) {
		snprintf(vocabulary[e], sizeof(vocabulary[e]),
		    "%s/share/%s.hrv", dir != NULL ? dir : ".",
		    tok_name((enum tok_encoding)e));
		rc = tok_open(&tok[e], (enum tok_encoding)e, vocabulary[e]);
		ok(rc == 0, "the vocabulary opens");
		if (rc < 0)
			exit(1);
	}
}

/* Counts by the reference, o200k and cl100k. */
static const struct {
	struct span	s;
	unsigned	n[2];
} known[] = {
	{ SPAN_LIT(""), { 0, 0 } },
	{ SPAN_LIT("hello world"), { 2, 2 } },
	{ SPAN_LIT("I don't think they'LL say it'\xC5\xBF 'sup'"),
	    { 13, 15 } },
	{ SPAN_LIT("5\xC2\xBD \xC2\xBD\xC2\xBD\xC2\xBD\xC2\xBD 12345"
	    "678"),
	    { 11, 11 } },
	{ SPAN_LIT("<|endoftext|><|fim_prefix|>"),
	    { 12, 13 } },
	{ SPAN_LIT("\xEF\xBB\xBFx \xEF\xBB\xBF"),
	    { 3, 3 } },
	{ SPAN_LIT("\xE4\xB8\xAD" "ABC\xE4\xB8\xAD" "ABCd"),
	    { 5, 5 } },
	{ SPAN_LIT("a\xCC\x81" "b \xCC\x81 \xCC\x81"),
	    { 7, 7 } },
	{ SPAN_LIT("x  \n\n  y \r\n\t z   "),
	    { 8, 8 } },
	{ SPAN_LIT("getHTTPResponseCode() /* // */\n/\n"),
	    { 9, 9 } },
	{ SPAN_LIT("\xE3\x80\x80\xC2\xA0\xE2\x80\xA8word"),
	    { 4, 5 } },
	{ SPAN_LIT("\xF0\x9F\x98\x80\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0"
	    "\x9F\x92\xBB\xF0\x9F\x8F\xB3\xEF\xB8\x8F\xE2\x80"
	    "\x8D\xF0\x9F\x8C\x88"),
	    { 12, 18 } },
	{ SPAN_LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    { 11, 11 } },
	{ SPAN_LIT("\xC7\x85ungla \xC7\x84 \xCA\xB0" "a \xC2\xAA" "b"),
	    { 14, 14 } },
	{ SPAN_LIT("\xE0\xA4\xA8\xE0\xA4\xAE\xE0\xA4\xB8\xE0\xA5\x8D"
	    "\xE0\xA4\xA4\xE0\xA5\x87 \xE0\xA4\xA6\xE0\xA5"
	    "\x81\xE0\xA4\xA8\xE0\xA4\xBF\xE0\xA4\xAF\xE0\xA4"
	    "\xBE"),
	    { 5, 13 } },
	{ SPAN_LIT("\xF0\x90\xB5\x8A\n \n"),
	    { 5, 5 } },
};

static void
test_known(void)
{
	size_t i, e;
	char name[40];

	for (i = 0; i < HR_LEN(known); i++)
		for (e = 0; e < 2; e++) {
			snprintf(name, sizeof(name), "known text %zu", i);
			ok(tok_count(tok[e], known[i].s) == known[i].n[e],
			    name);
		}
}

/* Words, blanks, digits, signs, scripts, broken bytes. */
static const char *const atoms[] = {
	"a", "the ", "Zebra", "ABC", "abcDef", " ", "  ", "\t", "\n", "\r\n",
	"\n\n ", "1", "2024", ".", ",", "/", "//", "()", "{\n", "'", "'s",
	"'LL", "'Re", "'\xC5\xBF", "_", "-----", "=", "\"", ": ", "\xC3\xA9",
	"\xC3\x89", "\xC7\x85", "\xCA\xB0", "\xCC\x81", "\xE4\xB8\xAD",
	"\xE6\x96\x87", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8",
	"\xEF\xBB\xBF", "\xC2\xBD", "\xD9\xA3", "\xF0\x9F\x98\x80",
	"\xF0\x9F\x91\xA9\xE2\x80\x8D", "\xD0\x9F\xD1\x80", "\xFF", "\xC3",
	"\xE2\x80", "\xF0\x9F", "\xED\xA0\x80", "\xC0\x80", "\x80", "\v",
	"\x7F", "<|endoftext|>", "xXxX", "\xE0\xA4\x95\xE0\xA5\x8D",
	"supercalifragilistic",
};

/* atoms[] ends with those that need a name of their own: NUL. */
static size_t
random_text(uint32_t *seed, char *out, size_t size)
{
	size_t n = 0, k;
	const char *a;

	for (;;) {
		if (rnd(seed, 50) == 0 && n < size)
			out[n++] = '\0';
		a = atoms[rnd(seed, HR_LEN(atoms))];
		k = strlen(a);
		if (k > size - n)
			return n;
		memcpy(out + n, a, k);
		n += k;
	}
}

/* Cut at `at`, what is left over put in front of the rest. */
static uint64_t
in_two(struct tok *t, struct span s, size_t at)
{
	size_t used;
	uint64_t n = tok_count_chunk(t, span_of(s.p, at), false, &used);

	return n + tok_count_chunk(t, span_skip(s, used), true, &used);
}

static void
test_chunks(void)
{
	uint32_t seed = 1;
	char text[600];
	struct span s;
	size_t round, at, e;
	uint64_t whole;
	bool same = true;

	for (round = 0; round < 200; round++)
		for (e = 0; e < 2; e++) {
			s = span_of(text, random_text(&seed, text,
			    20 + rnd(&seed, 500)));
			whole = tok_count(tok[e], s);
			same &= whole <= 3 * s.n;
			for (at = 0; at <= s.n; at++)
				same &= in_two(tok[e], s, at) == whole;
		}
	ok(same, "a cut anywhere does not change the count");
}

static void
test_bytewise(void)
{
	uint32_t seed = 2;
	char text[400];
	size_t round, from, to, used, n;
	uint64_t sum;
	bool same = true;

	for (round = 0; round < 100; round++) {
		n = random_text(&seed, text, sizeof(text));
		sum = 0;
		for (from = 0, to = 0; to <= n; to++) {
			sum += tok_count_chunk(tok[0],
			    span_of(text + from, to - from), to == n, &used);
			from += used;
		}
		same &= from == n;
		same &= sum == tok_count(tok[0], span_of(text, n));
	}
	ok(same, "text that comes byte by byte has the same count");
}

/* U+FFFD in place of each ill-formed sequence. */
static void
test_ill_formed(void)
{
	static const struct {
		struct span	bad, good;
	} pair[] = {
		{ SPAN_LIT("a\xFF" "b"), SPAN_LIT("a\xEF\xBF\xBD" "b") },
		{ SPAN_LIT("\xE2\x80"), SPAN_LIT("\xEF\xBF\xBD") },
		{ SPAN_LIT("\xE2\x80x"), SPAN_LIT("\xEF\xBF\xBDx") },
		{ SPAN_LIT("\xED\xA0\x80"),
		    SPAN_LIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
		{ SPAN_LIT("\xF0\x9F\x98 \xF0\x9F\x98\x80"),
		    SPAN_LIT("\xEF\xBF\xBD \xF0\x9F\x98\x80") },
		{ SPAN_LIT("\xC0\xAF\xFE\xFF"), SPAN_LIT(
		    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
	};
	size_t i, e;
	bool same = true;

	for (i = 0; i < HR_LEN(pair); i++)
		for (e = 0; e < 2; e++)
			same &= tok_count(tok[e], pair[i].bad) ==
			    tok_count(tok[e], pair[i].good);
	ok(same, "ill-formed sequences count as U+FFFD");
}

/* Where the fast path gives a length for one piece, the splitter does too. */
static bool
same_piece(enum tok_encoding enc, struct span s, size_t at, size_t *found)
{
	struct tok_window w;
	size_t fast, room = s.n;
	bool bad = false;

	if (enc == TOK_O200K) {
		tok_window(TOK_O200K, s.p, &w);
		fast = tok_ascii_piece(TOK_O200K, &w, at, room - at);
	} else {
		tok_window(TOK_CL100K, s.p, &w);
		fast = tok_ascii_piece(TOK_CL100K, &w, at, room - at);
	}
	if (fast == 0 || fast >= TOK_WINDOW)
		return true;
	++*found;
	return fast == tok_piece(enc, span_skip(s, at), true, &bad);
}

static void
test_ascii_path(void)
{
	uint32_t seed = 3;
	char text[400];
	size_t round, i, n, at, e, found = 0;
	bool same = true;

	for (round = 0; round < 300; round++) {
		n = random_text(&seed, text, sizeof(text));
		for (i = 0; i + TOK_ASCII_ROOM <= n; i++)
			for (e = 0; e < 2; e++) {
				at = rnd(&seed, TOK_ASCII_LAST);
				same &= same_piece((enum tok_encoding)e,
				    span_of(text + i, n - i), at, &found);
			}
	}
	ok(same, "the fast path agrees with the whole splitter");
	ok(found > 10000, "and is taken");
}

/* Two algorithms: merging, and the walk over longest tokens. */
static void
test_bpe(void)
{
	static struct bpe bpe;
	static const char *const sets[] = { "ab", "abcdefghijklmnopqrstuvwxyz",
	    "ETAOINetaoin ", "-=", "\xE4\xB8\xAD\xE6\x96\x87",
	    "\x00\xFF\x80 \n" };
	struct vocab v;
	uint32_t seed = 4;
	char text[TOK_MIDDLE + TOK_PAD];
	size_t e, round, i, n;
	const char *set;
	bool same = true;

	for (e = 0; e < 2; e++) {
		memset(&bpe, 0, sizeof(bpe));
		if (vocab_open(&v, (enum tok_encoding)e, vocabulary[e]) < 0)
			exit(1);
		for (round = 0; round < 60000; round++) {
			memset(text, 0, sizeof(text));
			set = sets[round % HR_LEN(sets)];
			n = 1 + rnd(&seed, TOK_MIDDLE);
			for (i = 0; i < n; i++)
				text[i] = set[rnd(&seed,
				    (uint32_t)strlen(set) + 1)];
			same &= bpe_tiny(&v, text, n) ==
			    bpe_count(&bpe, &v, text, n);
		}
		vocab_close(&v);
		bpe_release(&bpe);
	}
	ok(same, "walking and merging give the same number");
}

static double
seconds(struct tok *t, struct span s)
{
	double best = 1e9, took;
	clock_t from;
	unsigned i;

	for (i = 0; i < 5; i++) {
		from = clock();
		tok_count(t, s);
		took = (double)(clock() - from) / CLOCKS_PER_SEC;
		best = took < best ? took : best;
	}
	return best;
}

/* Four times the text may take little more than four times as long. */
static void
test_linear(void)
{
	static const char *const units[] = { "a", "A", " ", "\n", "\r\n", "-",
	    "\xE4\xB8\xAD", "\xF0\x9F\x98\x80", "ab", "[{\"\":", "\xFF",
	    " \t", "\xCC\x81", "aA", NULL, };
	enum { SMALL = 32 << 10, LARGE = 128 << 10 };
	char *text = malloc(LARGE);
	uint32_t seed = 5;
	size_t u, i, k, e;
	double a, b;

	if (text == NULL)
		exit(1);
	for (u = 0; u < HR_LEN(units); u++) {
		k = units[u] == NULL ? 0 : strlen(units[u]);
		for (i = 0; i < LARGE; i++)
			text[i] = k == 0 ? (char)('a' + rnd(&seed, 26)) :
			    units[u][i % k];
		for (e = 0; e < 2; e++) {
			a = seconds(tok[e], span_of(text, SMALL));
			b = seconds(tok[e], span_of(text, LARGE));
			/* Quadratic is 16; the rest is for a busy machine. */
			if (!ok(b < 8 * a + 0.002, "time is linear"))
				printf("# run %zu: %g s, %g s\n", u, a, b);
		}
	}
	free(text);
}

/* Write a vocabulary of these bytes and try to open it. */
static struct tok *
open_bytes(const char *p, size_t n, int *err)
{
	char path[] = "/tmp/test_tok.XXXXXX";
	struct tok *t = NULL;
	int fd = mkstemp(path);

	if (fd < 0 || io_write(fd, p, n) < 0)
		exit(1);
	close(fd);
	*err = tok_open(&t, TOK_O200K, path) < 0 ? errno : 0;
	unlink(path);
	return t;
}

static void
test_bad_vocabulary(void)
{
	struct buf b = BUF_INIT;
	int fd = open(vocabulary[0], O_RDONLY), err;
	uint32_t seed = 6;
	size_t i, cut;
	struct tok *t;
	bool refused = true;
	char text[2000];
	size_t n = random_text(&seed, text, sizeof(text));

	if (fd < 0 || io_slurp(fd, &b) < 0)
		exit(1);
	close(fd);
	for (i = 0; i < 12; i++) {
		cut = i < 4 ? i * 20 : rnd(&seed, (uint32_t)b.len);
		t = open_bytes(b.p, cut, &err);
		refused &= t == NULL && err == EINVAL;
	}
	t = open_bytes(b.p, b.len - 1, &err);
	ok(refused && t == NULL, "a vocabulary cut short is refused");

	refused = true;
	for (i = 0; i < sizeof(struct tok_head); i++) {
		b.p[i] ^= 0x40;
		refused &= open_bytes(b.p, sizeof(struct tok_head), &err) ==
		    NULL;
		b.p[i] ^= 0x40;
	}
	b.p[20] ^= 1;
	ok(refused && open_bytes(b.p, b.len, &err) == NULL,
	    "a damaged head is refused");
	b.p[20] ^= 1;

	for (i = sizeof(struct tok_head); i < b.len; i++)
		b.p[i] = (char)rnd(&seed, 256);
	t = open_bytes(b.p, b.len, &err);
	if (t != NULL)
		tok_count(t, span_of(text, n));
	ok(t != NULL, "noise behind a good head does no harm");
	tok_close(t);
	buf_release(&b);
	t = NULL;
	err = tok_open(&t, TOK_CL100K, vocabulary[0]) < 0 ? errno : 0;
	ok(err == EINVAL, "the vocabulary of another encoding is refused");
	err = tok_open(&t, TOK_O200K, "/nonexistent") < 0 ? errno : 0;
	ok(err == ENOENT, "none is an error");
}

static void
test_fd(void)
{
	struct tok_sum sum = { 0, 0 };
	struct buf b = BUF_INIT;
	int p[2];

	if (pipe(p) < 0 || io_write(p[1], "hello world", 11) < 0)
		exit(1);
	close(p[1]);
	ok(tok_count_fd(tok[0], p[0], &b, &sum) == 0 && sum.tokens == 2 &&
	    sum.bytes == 11, "a pipe is counted");
	close(p[0]);
	ok(tok_count_fd(tok[0], p[0], &b, &sum) < 0 && errno == EBADF,
	    "a failed read is told");
	/* As event loops leave the pipes of those they start. */
	if (pipe(p) < 0 || fcntl(p[0], F_SETFL, O_NONBLOCK) < 0)
		exit(1);
	if (fork() == 0) {
		usleep(20000);
		_exit(io_write(p[1], "hello world", 11) < 0);
	}
	close(p[1]);
	ok(tok_count_fd(tok[0], p[0], &b, &sum) == 0 && sum.tokens == 4,
	    "a pipe that does not block is waited for");
	close(p[0]);
	ok(tok_err(tok[0]) == 0, "there was always memory");
	buf_release(&b);
}

static void
test_models(void)
{
	static const struct {
		const char	*name;
		int		 enc;	/* -1: unknown */
		bool		 exact;
	} m[] = {
		{ "gpt-4o-mini", TOK_O200K, true },
		{ "gpt-4.1", TOK_O200K, true }, { "gpt-5.1", TOK_O200K, true },
		{ "o1", TOK_O200K, true }, { "o4-mini", TOK_O200K, true },
		{ "o3-pro", TOK_O200K, true },
		{ "gpt-oss-120b", TOK_O200K, true },
		{ "chatgpt-4o-latest", TOK_O200K, true },
		{ "gpt-4", TOK_CL100K, true },
		{ "gpt-4-turbo", TOK_CL100K, true },
		{ "gpt-3.5-turbo", TOK_CL100K, true },
		{ "text-embedding-3-large", TOK_CL100K, true },
		{ "text-embedding-ada-002", TOK_CL100K, true },
		{ "cl100k_base", TOK_CL100K, true },
		{ "o200k_base", TOK_O200K, true },
		{ "claude-sonnet-4-5", TOK_O200K, false },
		{ "gemini-2.5-pro", TOK_O200K, false },
		{ "o200k_bas", -1, false }, { "", -1, false },
		{ "o1x", -1, false }, { "gpt-2", -1, false },
	};
	struct tok_model got;
	size_t i;
	int rc;

	for (i = 0; i < HR_LEN(m); i++) {
		rc = tok_model(span_z(m[i].name), &got);
		ok(m[i].enc < 0 ? rc < 0 : rc == 0 &&
		    (int)got.enc == m[i].enc && got.exact == m[i].exact,
		    m[i].name);
	}
	if (tok_model(span_z("claude"), &got) == 0)
		ok(tok_scaled(&got, 100) == 115, "estimates are scaled");
}

/* What the upper bound relies on. */
static void
test_pairs(void)
{
	static const char letters[] = "abcdefghilmnoprstuvwy";
	bool all = true;
	size_t i, k;
	char pair[2];

	for (i = 0; i + 1 < sizeof(letters); i++)
		for (k = 0; k + 1 < sizeof(letters); k++) {
			pair[0] = letters[i];
			pair[1] = letters[k];
			all = all && tok_count(tok[TOK_O200K],
			    span_of(pair, 2)) == 1;
		}
	ok(all, "two common letters are a token");
}

/* Some words in a row, of those that pieces are told apart by. */
static void
some_words(uint32_t *state, struct buf *b)
{
	static const char *const words[] = {
		"a", "word", "aB", "don't", "sw", "mwh", "bfp", "pgd", "wpw",
		"vmf", "hhhhh", "k", "qv", "'s", "'Sx", "X", "ABCdef", "1",
		"12", "123", "1234567", "\xC2\xBD", "\xC3\xA9", "e\xCC\x81",
		"\xE4\xBD\xA0", "\xC2\xA0", "\xE2\x80\x94", " ", "  ",
		"      ", "\n", "\r\n", "\t", "/", "//", ",", "\"", "{\"",
		"\":", "},", "'", "\\", "\x01", "\x7F", "\xC5\xBF", "_", "="
	};
	unsigned i, n = 1 + rnd(state, 120);

	buf_reset(b);
	for (i = 0; i < n; i++)
		buf_adds(b, words[rnd(state, HR_LEN(words))]);
}

static void
test_bounds(void)
{
	struct span s = SPAN_LIT("{\"id\": 1234, \"ts\": \"ab\"}, 56");
	struct buf b = BUF_INIT;
	uint32_t state = 1;
	bool least = true, most = true;
	uint64_t n;
	unsigned i;

	for (i = 0; i < 60000; i++) {
		some_words(&state, &b);
		n = tok_count(tok[TOK_O200K], buf_span(&b));
		least = least && tok_least(buf_span(&b), UINT64_MAX) <= n;
		most = most && tok_most(buf_span(&b)) >= n;
	}
	ok(least, "no text has fewer tokens than its lower bound");
	ok(most, "no text has more tokens than its upper bound");
	buf_reset(&b);
	for (i = 0; i < 100; i++)
		buf_addspan(&b, s);
	n = tok_count(tok[TOK_O200K], buf_span(&b));
	ok(tok_least(buf_span(&b), UINT64_MAX) > n / 2,
	    "the lower bound is no half of what JSON has");
	ok(tok_most(buf_span(&b)) < b.len, "the upper is less than a byte");
	i = (unsigned)tok_least(buf_span(&b), 10);
	ok(i >= 10 && i < 10 + 64, "it stops where it is enough");
	ok(tok_least(span_of(NULL, 0), 1) == 0 &&
	    tok_most(span_of(NULL, 0)) == 0, "nothing has none");
	buf_release(&b);
}

int
main(void)
{
	open_both();
	test_known();
	test_pairs();
	test_bounds();
	test_chunks();
	test_bytewise();
	test_ill_formed();
	test_ascii_path();
	test_bpe();
	test_linear();
	test_bad_vocabulary();
	test_fd();
	test_models();
	tok_close(tok[0]);
	tok_close(tok[1]);
	tok_close(NULL);
	return done();
}
