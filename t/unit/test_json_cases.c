/*
 * json cases - run the records of t/json.test
 *
 * Each must be judged as it says by every way to scan, and keep all promises
 * of the fuzz target, whose source is linked in.
 */
#include "compat.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "io.h"
#include "json.h"
#include "tap.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of *s, without its newline. */
static struct span
line(struct span *s)
{
	const char *nl = s->n == 0 ? NULL : memchr(s->p, '\n', s->n);
	size_t n = nl == NULL ? s->n : (size_t)(nl - s->p);
	struct span l = span_of(s->p, n);

	*s = span_skip(*s, nl == NULL ? n : n + 1);
	return l;
}

static unsigned
hex(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* <0a1b> in the record stands for bytes, <0a1b*99> for 99 times these. */
static void
expand(struct span s, struct buf *out)
{
	struct buf unit = BUF_INIT;
	size_t i = 0, times;

	while (i < s.n) {
		if (s.p[i] != '<') {
			buf_addc(out, s.p[i++]);
			continue;
		}
		buf_reset(&unit);
		for (i++; s.p[i] != '>' && s.p[i] != '*'; i += 2)
			buf_addc(&unit, (char)(hex(s.p[i]) << 4 |
			    hex(s.p[i + 1])));
		times = 1;
		if (s.p[i] == '*')
			for (i++, times = 0; s.p[i] != '>'; i++)
				times = times * 10 + hex(s.p[i]);
		for (i++; times > 0; times--)
			buf_addspan(out, buf_span(&unit));
	}
	buf_release(&unit);
}

/* What the scanner says, in the words of the file. */
static void
judge(struct span text, struct buf *out)
{
	struct json_err err;
	size_t n;

	if (json_scan(text, NULL, 0, &n, &err) == JSON_OK)
		buf_adds(out, "ok");
	else
		buf_addf(out, "bad %zu %s", err.at, err.what);
}

static void
record(struct span title, struct span input, struct span expect)
{
	struct buf text = BUF_INIT, said = BUF_INIT, name = BUF_INIT;
	bool good = span_starts(expect, SPAN_LIT("ok"));

	expand(input, &text);
	judge(buf_span(&text), &said);
	buf_addspan(&name, title);
	buf_addc(&name, '\0');
	if (!ok(span_eq(buf_span(&said), expect), name.p))
		printf("# said: %.*s\n", (int)said.len, said.p);
	/* y and n are what RFC 8259 demands, i is what it leaves to us. */
	if (title.p[0] != 'i' && (title.p[0] == 'y') != good)
		ok(false, "the kind is what is expected");
	(void)LLVMFuzzerTestOneInput((const uint8_t *)text.p, text.len);
	buf_release(&text);
	buf_release(&said);
	buf_release(&name);
}

int
main(void)
{
	const char *dir = getenv("SRCDIR");
	struct buf path = BUF_INIT, b = BUF_INIT;
	struct span rest, title, input;
	int fd;

	buf_addf(&path, "%s/t/json.test", dir == NULL ? "." : dir);
	buf_addc(&path, '\0');
	fd = open(path.p, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || io_slurp(fd, &b) < 0) {
		perror(path.p);
		return 1;
	}
	close(fd);
	for (rest = buf_span(&b); rest.n > 0; ) {
		title = line(&rest);
		if (title.n == 0 || title.p[0] == '#')
			continue;
		input = line(&rest);
		record(title, input, line(&rest));
	}
	buf_release(&path);
	buf_release(&b);
	return done();
}
