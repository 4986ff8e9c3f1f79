/*
 * test_hash - SHA-256 against the vectors of FIPS 180-4 and against itself
 *
 * The vectors are the examples NIST publishes for the standard; "abc", the
 * two-block message and a million times "a".
 */
#include "compat.h"

#include "buf.h"
#include "hash_impl.h"
#include "tap.h"

#define MILLION	1000000

static bool
is(struct span s, const char *hex)
{
	uint8_t fast[SHA256_LEN], plain[SHA256_LEN];
	char text[2 * SHA256_LEN + 1];
	size_t i;

	hash_sha256(s, fast);
	hash_sha256_plain(s, plain);
	for (i = 0; i < SHA256_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", (unsigned)plain[i]);
	return strcmp(text, hex) == 0 && memcmp(fast, plain, SHA256_LEN) == 0;
}

/* Every length around the block borders, at every alignment of a vector. */
static bool
paths_agree(struct span s)
{
	uint8_t fast[SHA256_LEN], plain[SHA256_LEN];
	size_t n, at;

	for (n = 0; n < 300; n++)
		for (at = 0; at < 16; at++) {
			hash_sha256(span_of(s.p + at, n), fast);
			hash_sha256_plain(span_of(s.p + at, n), plain);
			if (memcmp(fast, plain, SHA256_LEN) != 0)
				return false;
		}
	return true;
}

/* In pieces or at once, with AVX2 or without. */
static bool
runs_agree(struct span s)
{
	struct hash_run run, copy, plain;
	struct hash128 h, again;
	size_t n;

	hash_run_start(&run, 7);
	hash_run_start(&copy, 7);
	for (n = 0; n <= s.n; n += 1 + n / 9) {
		h = hash_run_to(&run, s, n);
		hash_start_plain(&plain, 7);
		again = hash_go_plain(&plain, span_of(s.p, n));
		if (!hash128_eq(h, again) ||
		    !hash128_eq(h, hash_xxh128(span_of(s.p, n), 7)))
			return false;
		if (n == 37)
			copy = run;
	}
	return hash128_eq(hash_run_to(&copy, s, s.n), hash_xxh128(s, 7)) &&
	    !hash128_eq(h, hash_xxh128(s, 8));
}

int
main(void)
{
	struct buf b = BUF_INIT;
	char *p;
	size_t i;

	printf("# CPU extensions: %s\n", hash_sha256_fast() ? "yes" : "no");
	ok(is(span_of(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855"), "nothing");
	ok(is(SPAN_LIT("abc"), "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad"), "one block");
	ok(is(SPAN_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnop"
	    "nopq"), "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1"), "two blocks");
	ok(is(SPAN_LIT("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghij"
	    "klmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
	    "cf5b16a778af8380036ce59e7b049237"
	    "0b249b11e8f07a51afac45037afee9d1"), "112 bytes");
	p = buf_reserve(&b, MILLION);
	if (ok(p != NULL, "memory")) {
		memset(p, 'a', MILLION);
		ok(is(span_of(p, MILLION), "cdc76e5c9914fb9281a1c7e284d73e67"
		    "f1809a48a497200e046d39ccc7112cd0"), "a million times a");
		for (i = 0; i < 400; i++)
			p[i] = (char)(i * 167 + i / 3);
		ok(paths_agree(span_of(p, 400)), "both paths agree");
		ok(runs_agree(span_of(p, 9000)),
		    "hashes of beginnings are those of the texts");
	}
	buf_release(&b);
	ok(hash_xxh3(SPAN_LIT("a"), 1) != hash_xxh3(SPAN_LIT("a"), 2) &&
	    hash_xxh3(SPAN_LIT("a"), 1) == hash_xxh3(SPAN_LIT("a"), 1),
	    "XXH3 depends on the seed");
	return done();
}
