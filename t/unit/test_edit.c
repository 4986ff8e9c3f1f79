/*
 * edit - replaced spans, in memory and through a pipe or file
 */
#include "compat.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "edit.h"
#include "io.h"
#include "tap.h"

/* What edits_write writes, through a file. */
static int
written(const struct edits *l, struct span text, struct buf *out)
{
	FILE *f = tmpfile();
	int rc;

	if (f == NULL)
		abort();
	rc = edits_write(l, text, fileno(f));
	if (rc == 0 && (lseek(fileno(f), 0, SEEK_SET) < 0 ||
	    io_slurp(fileno(f), out) < 0))
		rc = -1;
	fclose(f);
	return rc;
}

/* All three ways to apply the list give the text that is wanted. */
static bool
gives(const struct edits *l, struct span text, struct span want)
{
	struct buf a = BUF_INIT, w = BUF_INIT;
	bool good;

	edits_apply(l, text, &a);
	good = !buf_err(&a) && span_eq(buf_span(&a), want) &&
	    edits_length(l, text.n) == want.n && written(l, text, &w) == 0 &&
	    span_eq(buf_span(&w), want);
	buf_release(&a);
	buf_release(&w);
	return good;
}

static void
test_few(void)
{
	struct edits l = EDITS_INIT;
	struct span text = SPAN_LIT("0123456789");

	ok(gives(&l, text, text), "no edits");
	ok(gives(&l, span_of(NULL, 0), span_of(NULL, 0)), "no text");
	edits_add(&l, 0, 2, SPAN_LIT("ab"));
	edits_add(&l, 2, 2, SPAN_LIT("+"));
	edits_add(&l, 4, 9, span_of(NULL, 0));
	edits_add(&l, 10, 10, SPAN_LIT("\0end"));
	ok(gives(&l, text, SPAN_LIT("ab+239\0end")), "all kinds of edits");
	edits_reset(&l);
	ok(gives(&l, text, text), "reset");
	edits_add(&l, 0, 10, SPAN_LIT("x"));
	ok(gives(&l, text, SPAN_LIT("x")), "all of it");
	edits_reset(&l);
	edits_add(&l, 0, 0, SPAN_LIT("made of nothing"));
	ok(gives(&l, span_of(NULL, 0), SPAN_LIT("made of nothing")),
	    "an empty text");
	edits_release(&l);
	ok(l.e == NULL && l.n == 0, "released");
}

/* Around the size of a batch of vectors, and far above IOV_MAX. */
static void
test_many(void)
{
	static const size_t count[] = { 126, 127, 128, 129, 255, 256, 5000 };
	struct edits l = EDITS_INIT;
	struct buf text = BUF_INIT, want = BUF_INIT;
	size_t i, k;

	for (k = 0; k < HR_LEN(count); k++) {
		edits_reset(&l);
		buf_reset(&text);
		buf_reset(&want);
		for (i = 0; i < count[k]; i++) {
			edits_add(&l, i * 3 + 1, i * 3 + 2,
			    i % 2 ? SPAN_LIT("long") : SPAN_LIT(""));
			buf_adds(&text, "abc");
			buf_adds(&want, i % 2 ? "alongc" : "ac");
		}
		buf_adds(&text, "tail");
		buf_adds(&want, "tail");
		if (!ok(gives(&l, buf_span(&text), buf_span(&want)),
		    "many edits"))
			printf("# %zu edits\n", count[k]);
	}
	edits_release(&l);
	buf_release(&text);
	buf_release(&want);
}

static void
test_errors(void)
{
	struct edits l = EDITS_INIT;
	struct buf out = BUF_INIT;

	errno = 0;
	ok(edits_write(&l, SPAN_LIT("x"), -1) == -1 && errno == EBADF,
	    "an error of write is told");
	l.err = ENOMEM;
	edits_add(&l, 0, 1, SPAN_LIT("y"));
	ok(l.n == 0, "after an error nothing is added");
	errno = 0;
	ok(edits_write(&l, SPAN_LIT("x"), STDERR_FILENO) == -1 &&
	    errno == ENOMEM, "nor written");
	edits_apply(&l, SPAN_LIT("x"), &out);
	ok(buf_err(&out) == ENOMEM && out.len == 0, "nor applied");
	edits_reset(&l);
	ok(l.err == 0, "reset clears the error");
	buf_release(&out);
	edits_release(&l);
}

int
main(void)
{
	test_few();
	test_many();
	test_errors();
	return done();
}
