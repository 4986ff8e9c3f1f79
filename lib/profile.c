/*
 * profile - files of profiles, line by line
 *
 * Statements are kept in one list, a profile is a range of them.  Patterns are
 * compiled as they are read, which costs less than a comparison later would
 * save.
 */
#include "compat.h"

#include <stdlib.h>

#include "mem.h"
#include "num.h"
#include "profile_impl.h"

#define PROFILES_MAX	1024
#define STMTS_MAX	16384
#define OPS_MAX		((size_t)1 << 20)
#define TAGS_MAX	4096
#define COUNT_MAX	1000
#define ENDS_MAX	16	/* of a block */
#define BLANKS		" \r"

struct profiles *
profiles_new(void)
{
	struct profiles *p = calloc(1, sizeof(*p));

	if (p != NULL)
		p->arena = (struct arena)ARENA_INIT;
	return p;
}

void
profiles_free(struct profiles *p)
{
	if (p == NULL)
		return;
	arena_release(&p->arena);
	free(p->profile);
	free(p->stmt);
	free(p->op);
	free(p->tag);
	free(p->sets.set);
	free(p);
}

struct hash128
profiles_hash(const struct profiles *p)
{
	return p == NULL ? (struct hash128){ 0, 0 } : p->hash;
}

struct span
profile_tag(const struct profiles *p, unsigned tag)
{
	return tag == 0 || tag > p->ntag ? SPAN_LIT("") : p->tag[tag - 1];
}

void
profile_lex(struct span line, struct stmt_line *out)
{
	const char *tab, *blank;
	size_t n;

	*out = (struct stmt_line){ .n = 0 };
	while (line.n > 0 && memchr(BLANKS, line.p[line.n - 1], 2) != NULL)
		line.n--;
	if (line.n == 0 || line.p[0] == '#')
		return;
	tab = memchr(line.p, '\t', line.n);
	if (tab != NULL) {
		out->pattern = span_skip(line, (size_t)(tab - line.p));
		while (out->pattern.n > 0 && out->pattern.p[0] == '\t')
			out->pattern = span_skip(out->pattern, 1);
		out->has_pattern = true;
		line.n = (size_t)(tab - line.p);
	}
	blank = memchr(line.p, ' ', line.n);
	n = blank == NULL ? line.n : (size_t)(blank - line.p);
	out->word[0] = span_of(line.p, n);
	out->word[1] = span_trim(span_skip(line, n), BLANKS);
	out->n = 1 + (out->word[1].n > 0);
}

static bool
find_word(const char *words, struct span s, unsigned *out)
{
	unsigned i = 0;
	size_t n;

	for (;; words += n + 1, i++) {
		n = strcspn(words, "|");
		if (span_eq(s, span_of(words, n))) {
			*out = i;
			return true;
		}
		if (words[n] == '\0')
			return false;
	}
}

/* The number of a tag, which the pattern must hold as it is. */
static bool
add_tag(struct profiles *p, struct span tag, struct span pattern,
    uint16_t *out, struct file_err *err)
{
	struct span *t;
	size_t i;

	for (i = 0; i + tag.n <= pattern.n; i++)
		if (memcmp(pattern.p + i, tag.p, tag.n) == 0)
			break;
	if (i + tag.n > pattern.n)
		return file_wrong(err, "not a word of the pattern", tag);
	for (i = 0; i < tag.n; i++)
		if (memchr("*?[]\\", tag.p[i], 5) != NULL ||
		    (unsigned char)tag.p[i] >= 0x80)
			return file_wrong(err, "not a word of the pattern",
			    tag);
	for (i = p->profile[p->n - 1].tag; i < p->ntag &&
	    !span_eq(p->tag[i], tag); i++)
		;
	*out = (uint16_t)(i + 1);
	if (i < p->ntag)
		return true;
	if (p->ntag == p->tagcap) {
		t = mem_grow(p->tag, &p->tagcap, p->ntag + 1, sizeof(*t),
		    TAGS_MAX);
		if (t == NULL)
			return file_nomem(err);
		p->tag = t;
	}
	p->tag[p->ntag] = arena_dup(&p->arena, tag);
	return p->tag[p->ntag++].p != NULL || file_nomem(err);
}

static bool
add_pattern(struct profiles *p, struct stmt *s, struct span pattern,
    struct file_err *err)
{
	const char *why;
	size_t n;
	uint16_t *op;

	op = mem_grow(p->op, &p->opcap, p->nop + PAT_MAX, sizeof(*op),
	    OPS_MAX);
	if (op == NULL)
		return file_nomem(err);
	p->op = op;
	why = pat_compile(pattern, &p->sets, op + p->nop, &n);
	if (why != NULL)
		return file_wrong(err, why, pattern);
	s->op = (uint32_t)p->nop;
	s->n = (uint16_t)n;
	p->nop += n;
	return true;
}

static bool
read_count(struct span word, uint32_t *out, struct file_err *err)
{
	uint64_t v;

	if (num_u64(word, 1, COUNT_MAX, &v) < 0)
		return file_wrong(err, "not a number from 1 to 1000", word);
	*out = (uint32_t)v;
	return true;
}

/* "from keep", "from drop", "from none" */
static bool
read_block(struct stmt *s, struct span word, struct file_err *err)
{
	unsigned v;

	if (!find_word("none|keep|drop", word, &v))
		return file_wrong(err, "not one of none|keep|drop", word);
	s->verdict = (uint8_t)v;
	return true;
}

/* What stands between the keyword and the tab. */
static bool
read_words(struct profiles *p, struct stmt *s, const struct stmt_line *l,
    struct file_err *err)
{
	struct span rest = l->n < 2 ? SPAN_LIT("") : l->word[1];

	switch (s->kind) {
	case STMT_KEEP:
		s->count = COUNT_ALL;
		return l->n < 2 || read_count(rest, &s->count, err);
	case STMT_IS:
	case STMT_FEW:
		s->count = 1;
		return l->n < 2 || read_count(rest, &s->count, err);
	case STMT_DROP:
		return l->n < 2 || add_tag(p, rest, l->pattern, &s->tag, err);
	case STMT_FROM:
		return read_block(s, rest, err);
	default:
		return l->n < 2 || file_wrong(err, "no tab before this", rest);
	}
}

static bool
add_stmt(struct profiles *p, const struct stmt *s, struct file_err *err)
{
	struct stmt *t;

	if (p->nstmt == p->stmtcap) {
		t = mem_grow(p->stmt, &p->stmtcap, p->nstmt + 1, sizeof(*t),
		    STMTS_MAX);
		if (t == NULL)
			return file_nomem(err);
		p->stmt = t;
	}
	p->stmt[p->nstmt++] = *s;
	p->profile[p->n - 1].last = (uint32_t)p->nstmt;
	return true;
}

static bool
add_profile(struct profiles *p, const struct stmt_line *l,
    struct file_err *err)
{
	struct profile *t;

	if (l->n != 2 || l->has_pattern)
		return file_wrong(err, "not 'profile NAME'", SPAN_LIT(""));
	if (p->n == p->cap) {
		t = mem_grow(p->profile, &p->cap, p->n + 1, sizeof(*t),
		    PROFILES_MAX);
		if (t == NULL)
			return file_nomem(err);
		p->profile = t;
	}
	t = &p->profile[p->n++];
	*t = (struct profile){ .name = arena_dup(&p->arena, l->word[1]),
	    .tag = (uint32_t)p->ntag, .first = (uint32_t)p->nstmt,
	    .last = (uint32_t)p->nstmt };
	return t->name.p != NULL || file_nomem(err);
}

/* Whether there is a block that may have one end more. */
static bool
may_end(const struct profiles *p)
{
	size_t i = p->nstmt, first = p->profile[p->n - 1].first, ends = 0;

	for (; i > first && p->stmt[i - 1].kind == STMT_TO; i--)
		ends++;
	return i > first && p->stmt[i - 1].kind == STMT_FROM &&
	    ends < ENDS_MAX;
}

static bool
read_line(struct profiles *p, const struct stmt_line *l,
    struct file_err *err)
{
	struct stmt s = { .count = 0 };
	unsigned kind;

	if (!find_word(STMT_KINDS, l->word[0], &kind) || kind == STMT_TEST)
		return file_wrong(err, "not one of " STMT_KINDS, l->word[0]);
	s.kind = (enum stmt_kind)kind;
	if (s.kind == STMT_PROFILE)
		return add_profile(p, l, err);
	if (p->n == 0)
		return file_wrong(err, "no profile before this", l->word[0]);
	if (!l->has_pattern)
		return file_wrong(err, "no tab and no pattern", l->word[0]);
	if (s.kind == STMT_TO && !may_end(p))
		return file_wrong(err, "no block that this ends", l->pattern);
	s.profile = (uint16_t)(p->n - 1);
	return read_words(p, &s, l, err) &&
	    add_pattern(p, &s, l->pattern, err) && add_stmt(p, &s, err);
}

static bool
read_all(struct profiles *p, struct span text, struct file_err *err)
{
	struct stmt_line l;

	if (text.n > PROFILE_TEXT_MAX)
		return file_wrong(err, "too large", SPAN_LIT(""));
	while (text.n > 0) {
		err->line++;
		profile_lex(span_line(&text), &l);
		if (l.n == 1 && span_eq(l.word[0], SPAN_LIT("test"))) {
			if (!file_test_skip(&text, err))
				return false;
		} else if (l.n > 0 && !read_line(p, &l, err))
			return false;
	}
	return true;
}

/* Of profiles with one name the last counts. */
static void
hide(struct profiles *p, size_t from)
{
	size_t i, k;

	for (i = from; i < p->n; i++)
		for (k = 0; k < i; k++)
			if (span_eq(p->profile[k].name, p->profile[i].name))
				p->profile[k].hidden = true;
}

bool
profiles_add(struct profiles *p, struct span text, struct file_err *err)
{
	size_t n = p->n, nstmt = p->nstmt;

	*err = (struct file_err){ 0, "", SPAN_LIT("") };
	if (!read_all(p, text, err)) {
		p->n = n;
		p->nstmt = nstmt;
		return false;
	}
	hide(p, n);
	p->hash = hash_xxh128(text, p->hash.lo ^ p->hash.hi);
	return true;
}
