/*
 * test_fold_num - figures said once, and back
 */
#include "compat.h"

#include "fold_num.h"
#include "tap.h"

#define LEGEND(sign)							\
	"Below, " sign " repeats the number that stood there last "	\
	"(after 10:05:03, " sign ":43 is 10:05:43), " sign sign		\
	" the time and all before it.\n"

/* Long enough to be looked at. */
#define PAD	" and what a line says besides, in words that are no figures\n"

/* Whether the short form is this, and comes back. */
static bool
folds(struct span text, struct span query, struct span want)
{
	struct buf out = BUF_INIT, back = BUF_INIT;
	bool good;

	good = fold_num(text, query, &out) && span_eq(buf_span(&out), want) &&
	    fold_num_expand(buf_span(&out), &back) == EXPAND_OK &&
	    span_eq(buf_span(&back), text);
	if (!good)
		printf("# %.*s", (int)out.len, out.p);
	buf_release(&out);
	buf_release(&back);
	return good;
}

static bool
stays(struct span text)
{
	struct buf out = BUF_INIT;
	bool good = !fold_num(text, SPAN_LIT(""), &out);

	if (!good)
		printf("# %.*s", (int)out.len, out.p);
	buf_release(&out);
	return good;
}

#define FOLDS(query, text, want, name)					\
	ok(folds(SPAN_LIT(text), SPAN_LIT(query), SPAN_LIT(want)), name)
#define STAYS(text, name)	ok(stays(SPAN_LIT(text)), name)

static void
test_forms(void)
{
	FOLDS("", "10.1.0.77 - - [17/May/2015:10:05:03 +0000] \"GET /a "
	    "HTTP/1.1\" 200 5120\n"
	    "10.1.0.77 - - [17/May/2015:10:05:43 +0000] \"GET /b HTTP/1.1\" "
	    "200 5121\n"
	    "10.1.0.78 - - [17/May/2015:10:06:43 +0000] \"GET /b HTTP/1.1\" "
	    "200 5121\n",
	    LEGEND("#")
	    "10.1.0.77 - - [17/May/2015:10:05:03 +0000] \"GET /a "
	    "HTTP/1.1\" 200 5120\n"
	    "# - - [17/May/#:43 +#] \"GET /b HTTP/#\" 200 5121\n"
	    "#.78 - - [17/May/#:06:43 +#] \"GET /b HTTP/#\" 200 #\n",
	    "an access log");
	FOLDS("", "2024-01-02 03:04:05,678 INFO [4711] a" PAD
	    "2024-01-02 03:04:05,679 INFO [4711] b" PAD
	    "2024-01-02 03:04:05,679 INFO [4712] c" PAD,
	    LEGEND("#") "2024-01-02 03:04:05,678 INFO [4711] a" PAD
	    "#,679 INFO [#] b" PAD "## INFO [4712] c" PAD,
	    "a date and a time are one");
	FOLDS("", "Mon Jan  2 03:04:05 20240102 20250102 a" PAD
	    "Mon Jan  2 03:04:06 20240102 20240102 b" PAD,
	    LEGEND("#") "Mon Jan  2 03:04:05 20240102 20250102 a" PAD
	    "Mon Jan  2 #:06 # 20240102 b" PAD,
	    "figures of a line do not change places");
	FOLDS("", "I0102 03:04:05.678901    4711 main.go:1234] a 2024" PAD
	    "I0102 03:04:05.678901    4711 main.go:1234] a 2024" PAD,
	    LEGEND("#") "I0102 03:04:05.678901    4711 main.go:1234] a 2024"
	    PAD "##    4711 main.go:1234] a 2024" PAD,
	    "before the place that logged it");
	FOLDS("", "time=2024-01-02T03:04:05Z level=info n=20240 a" PAD
	    "time=2024-01-02T03:04:06Z level=info n=20240 b" PAD,
	    LEGEND("#") "time=2024-01-02T03:04:05Z level=info n=20240 a" PAD
	    "time=#:06Z level=info n=20240 b" PAD, "a time with its name");
	FOLDS("4711", "03:04:05 req 4711 of 20240" PAD
	    "03:04:05 req 4711 of 20240" PAD,
	    LEGEND("#") "03:04:05 req 4711 of 20240" PAD
	    "# req 4711 of #" PAD, "what is asked for is said");
	FOLDS("", "03:04:05.678 a" PAD "03:04:05.678 b # c" PAD,
	    LEGEND("#") "03:04:05.678 a" PAD "# b # c" PAD,
	    "a sign that stands where no figure did");
	FOLDS("", "03:04:05.678 a 2024 b" PAD "03:04:05.678 a # b" PAD,
	    LEGEND("^") "03:04:05.678 a 2024 b" PAD "^ a # b" PAD,
	    "another sign where it did");
}

static void
test_whole(void)
{
	STAYS("12:00:00 a 2024 b" PAD "12:00:01 a # b ^ c" PAD
	    "12:00:01 a ^ b # c" PAD, "no sign is left");
	STAYS("03:04:05 a" PAD "03:04:05 b" PAD, "what saves little");
	STAYS("it says 2024" PAD "it says 2024" PAD, "lines without a time");
	STAYS("{\"t\":\"03:04:05\"}" PAD "{\"t\":\"03:04:05\"}" PAD, "JSON");
	STAYS("03:04:05 ERROR a" PAD "03:04:05 ERROR b" PAD, "errors");
	STAYS("03:04:05 WARN a" PAD "03:04:05 WARN b" PAD, "warnings");
	STAYS("0abc1234 (me 2024-01-02 03:04:05 +0000 7) x = 2024;" PAD
	    "0abc1234 (me 2024-01-02 03:04:05 +0000 8) x = 2024;" PAD, "code");
	STAYS("03:04:05 at a.c:1234" PAD "03:04:05 at a.c:1234" PAD,
	    "places");
	STAYS("03:04:05.1Za http://a.b:8080/2024 /v/2024 id_20240 x-20240 "
	    "12ab34 9999x k=20240" PAD
	    "03:04:05.1Za http://a.b:8080/2024 /v/2024 id_20240 x-20240 "
	    "12ab34 9999x k=20240" PAD, "ids, paths and values");
	STAYS(LEGEND("#") "03:04:05 a" PAD "03:04:05 b" PAD, "what is ours");
}

static void
test_back(void)
{
	struct buf out = BUF_INIT;

	ok(fold_num_expand(SPAN_LIT("03:04:05\n#\n"), &out) ==
	    EXPAND_FOREIGN, "another text does not expand");
	out.max = 20;
	ok(fold_num_expand(SPAN_LIT(LEGEND("#") "1234567890\n#\n#\n#\n"),
	    &out) == EXPAND_FAILED && out.len <= 20, "nor beyond the ceiling");
	buf_release(&out);
}

int
main(void)
{
	test_forms();
	test_whole();
	test_back();
	return done();
}
