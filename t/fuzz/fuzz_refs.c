/*
 * fuzz refs - what must hold for every sequence of texts
 *
 * NUL ends a text; the next is told what stands before.  References are the
 * same whatever the seed of the hashes is, and whatever was added and taken
 * back in between.  They save what they must, replace whole lines or a value
 * of JSON that stays JSON, and no line of a reference or of the client's.  A
 * broken promise aborts.
 */
#include "compat.h"

#include <limits.h>
#include <stdlib.h>

#include "fuzz.h"
#include "json.h"
#include "refs.h"

#define TEXTS	32

/* One reader of the texts. */
struct reader {
	struct refs		 refs;
	struct refs_lines	 lines;
	struct refs_said	 said;
	struct buf		 form;
};

static void
add(struct reader *r, struct span text, uint64_t block)
{
	static const char *const names[] = { "Read of /src/a.c",
	    "Read of /lib/a.c", "Edit of /src/a.c", "output of `make`" };
	const struct refs_name name = { .name = span_z(names[block % 4]),
	    .path = block % 4 < 3 ? 8 : 0, .block = block,
	    .result = block % 4 != 2, .shows = block % 4 != 2 };

	refs_split(&r->lines, text, r->refs.seed);
	refs_add(&r->refs, &name, &r->lines);
	must(r->refs.err == 0);
}

static bool
holds(struct span s, const char *z)
{
	return memmem(s.p, s.n, z, strlen(z)) != NULL;
}

/* What was replaced, and by what. */
static void
check_edit(struct span text, const struct edit *e, bool json)
{
	struct span old = span_of(text.p + e->start, e->end - e->start);

	must(e->start < e->end && e->end <= text.n);
	must(!holds(old, "\n[hr: ") && !span_starts(old, SPAN_LIT("[hr: ")));
	if (!holds(text, "</system-reminder>"))
		must(!holds(old, "<system-reminder>"));
	if (json)
		return;
	must(e->start == 0 || text.p[e->start - 1] == '\n');
	must(e->end == text.n || text.p[e->end] == '\n');
	must(span_starts(e->with, SPAN_LIT("[hr: ")));
}

static struct span
tell(struct reader *r, struct span text, uint64_t block)
{
	const struct refs_opt opt = { .tok = fuzz_vocabulary(),
	    .block = block };
	struct json_err err;
	bool json;
	size_t i, n;

	refs_split(&r->lines, text, r->refs.seed);
	must(r->lines.err == 0);
	refs_guard(&r->lines);
	buf_reset(&r->form);
	if (refs_find(&r->refs, &r->lines, &r->said))
		refs_refer(&r->refs, &r->lines, &opt, &r->said);
	json = r->said.edits.n > 0 && r->said.edits.e[0].with.p[0] == '"';
	for (i = 0; i < r->said.edits.n; i++)
		check_edit(text, &r->said.edits.e[i], json);
	edits_apply(&r->said.edits, text, &r->form);
	must(r->said.edits.n == 0 || r->said.after + REFS_SAVED_MIN <=
	    r->said.before);
	must(!json || json_scan(buf_span(&r->form), NULL, 0, &n, &err) ==
	    JSON_OK);
	return buf_span(&r->form);
}

static void
open_reader(struct reader *r, uint64_t seed)
{
	*r = (struct reader){ .lines = REFS_LINES_INIT,
	    .said = REFS_SAID_INIT, .form = BUF_INIT };
	refs_start(&r->refs, seed);
}

static void
close_reader(struct reader *r)
{
	refs_release(&r->refs);
	refs_lines_release(&r->lines);
	refs_said_release(&r->said);
	buf_release(&r->form);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(size == 0 ? "" : (const char *)data, size);
	struct reader a, b;
	struct refs_mark mark;
	struct span text, one, two;
	const char *nul;
	uint64_t block;

	open_reader(&a, 1);
	open_reader(&b, 0x123456789abcdef);
	for (block = 0; block < TEXTS && rest.n > 0; block++) {
		nul = memchr(rest.p, '\0', rest.n);
		text = nul == NULL ? rest :
		    span_of(rest.p, (size_t)(nul - rest.p));
		/* More than there is, and back. */
		mark = refs_mark(&b.refs);
		add(&b, rest, block);
		add(&b, text, block + 1);
		refs_rewind(&b.refs, mark);
		one = tell(&a, text, block);
		two = tell(&b, text, block);
		must(span_eq(one, two));
		add(&a, one, block);
		add(&b, two, block);
		must(a.refs.n == b.refs.n && a.refs.nused == b.refs.nused);
		rest = span_skip(rest, text.n + (nul != NULL));
	}
	close_reader(&a);
	close_reader(&b);
	return 0;
}
