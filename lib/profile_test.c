/*
 * profile_test - the tests that stand in files of profiles
 *
 * The lines of a test are put behind each other as they would come, judged,
 * and compared with the sign before each.
 */
#include "compat.h"

#include "profile_impl.h"

/* The lines up to "end", without their signs, and the signs. */
static void
read_test(struct span *text, struct buf *lines, struct buf *signs)
{
	while (text->n > 0) {
		struct span line = span_line(text);

		if (span_eq(line, SPAN_LIT("end")))
			break;
		buf_addc(signs, line.n > 0 ? line.p[0] : '>');
		line = span_skip(line, line.n > 0);
		if (line.n > 0 && line.p[0] == ' ')
			line = span_skip(line, 1);
		buf_addspan(lines, line);
		buf_addc(lines, '\n');
	}
}

static void
compare(struct profile_test *t, const struct profile_run *r,
    struct span lines, struct span signs)
{
	size_t i;
	bool dropped;

	for (i = 0; i < signs.n; i++) {
		struct span line = span_line(&lines);

		dropped = i < r->n && r->line[i].verdict == PROFILE_DROP;
		if (dropped == (signs.p[i] == '-'))
			continue;
		if (t->wrong++ == 0)
			t->first = line;
	}
}

static void
one(const struct profiles *p, struct span *text, struct profile_test *t,
    void (*fn)(const struct profile_test *t, void *arg), void *arg)
{
	struct profile_run r = PROFILE_RUN_INIT;
	struct buf lines = BUF_INIT, signs = BUF_INIT;
	struct profile_test now = *t;

	read_test(text, &lines, &signs);
	if (buf_err(&lines) == 0 && buf_err(&signs) == 0) {
		(void)profile_run(&r, p, buf_span(&lines));
		now.lines = (unsigned)signs.len;
		compare(&now, &r, buf_span(&lines), buf_span(&signs));
		fn(&now, arg);
	}
	t->line += (unsigned)signs.len + 1;
	profile_run_release(&r);
	buf_release(&lines);
	buf_release(&signs);
}

void
profile_tests(const struct profiles *p, struct span text,
    void (*fn)(const struct profile_test *t, void *arg), void *arg)
{
	struct profile_test t = { .profile = SPAN_LIT("") };
	struct stmt_line l;

	while (text.n > 0) {
		t.line++;
		profile_lex(span_line(&text), &l);
		if (l.n == 2 && span_eq(l.word[0], SPAN_LIT("profile")))
			t.profile = l.word[1];
		else if (l.n == 1 && span_eq(l.word[0], SPAN_LIT("test")))
			one(p, &text, &t, fn, arg);
	}
}
