/*
 * fuzz tok - what must hold for every text
 *
 * The first byte chooses where to cut.  A text in two chunks has the count
 * of the whole; no text has more tokens than its repaired form has bytes;
 * the fast path of the splitter agrees with the whole one; and the pieces
 * make up the text.  A broken promise aborts.
 */
#include "compat.h"

#include <limits.h>

#include "data.h"
#include "fuzz.h"
#include "tok_ascii.h"
#include "tok_split.h"
#include "utf8.h"

/* Opened once: beside the target (t/fuzz), as in the build tree. */
static struct tok *
vocabulary(enum tok_encoding enc)
{
	static struct tok *tok[2];
	const char *dir = getenv("BUILDDIR");
	char path[PATH_MAX];

	if (tok[enc] == NULL) {
		snprintf(path, sizeof(path), "%s/share/%s.hrv",
		    dir != NULL ? dir : ".", tok_name(enc));
		must(tok_open(&tok[enc], enc, path) == 0);
	}
	return tok[enc];
}

/* Bytes of s once repaired. */
static size_t
repaired(struct span s)
{
	size_t n = 0, w;
	uint32_t cp;
	char u[4];

	for (; s.n > 0; s = span_skip(s, w)) {
		w = utf8_decode(s.p, s.n, &cp, NULL);
		n += utf8_encode(cp, u);
	}
	return n;
}

static size_t
fast_piece(enum tok_encoding enc, struct span s)
{
	struct tok_window w;

	if (enc == TOK_O200K) {
		tok_window(TOK_O200K, s.p, &w);
		return tok_ascii_piece(TOK_O200K, &w, 0, s.n);
	}
	tok_window(TOK_CL100K, s.p, &w);
	return tok_ascii_piece(TOK_CL100K, &w, 0, s.n);
}

static void
check_pieces(enum tok_encoding enc, struct span s)
{
	size_t n, fast;
	bool bad = false;

	for (; s.n > 0; s = span_skip(s, n)) {
		n = tok_piece(enc, s, true, &bad);
		if (bad)
			return;
		must(n > 0 && n <= s.n);
		if (s.n < TOK_ASCII_ROOM)
			continue;
		fast = fast_piece(enc, s);
		must(fast == 0 || fast >= TOK_WINDOW || fast == n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of((const char *)data + 1, size - 1);
	uint64_t whole, n;
	size_t used, cut;
	unsigned e;

	if (size == 0)
		return 0;
	cut = s.n * data[0] / 255;
	for (e = 0; e < 2; e++) {
		struct tok *t = vocabulary((enum tok_encoding)e);

		whole = tok_count(t, s);
		must(whole <= repaired(s));
		must((whole == 0) == (s.n == 0));
		n = tok_count_chunk(t, span_of(s.p, cut), false, &used);
		must(used <= cut);
		n += tok_count_chunk(t, span_skip(s, used), true, &used);
		must(n == whole);
		check_pieces((enum tok_encoding)e, s);
	}
	return 0;
}
