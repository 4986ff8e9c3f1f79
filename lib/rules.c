/*
 * rules - policy files, line by line
 *
 * Statements are kept in one list, their words behind each other in an arena;
 * who asks goes through the list from its end.
 */
#include "compat.h"

#include <stdlib.h>

#include "arena.h"
#include "glob.h"
#include "mem.h"
#include "rules.h"

#define RULES_MAX	4096	/* words of all statements */
#define WORDS_MAX	64	/* of one */
#define PATH_BYTES_MAX	1024	/* of a path that is looked at */
#define BLANKS		" \t\r"

enum kind {
	KIND_TOOL, KIND_PATH, KIND_TEXT, KIND_LEVEL
};

#define KINDS	"tool|path|text|level"

struct rule {
	enum kind	 kind;
	unsigned	 class;		/* of a tool or of files */
	unsigned	 value;		/* checks, or a level */
	struct span	*word;
	size_t		 nwords;
};

struct rules {
	struct arena	 arena;
	struct rule	*rule;
	size_t		 n, cap;
	size_t		 words;
	enum squash_level level[FILE_CLASS_COUNT];
	uint8_t		 sha[SHA256_LEN];
};

/* A line that is read. */
struct line {
	struct span	 rest;
	struct span	 word[WORDS_MAX];
	bool		 quoted[WORDS_MAX];
	size_t		 n;
	struct file_err *err;
};

/* The word at this place of "one|two|three"; empty behind the last. */
static struct span
word_at(const char *words, unsigned i)
{
	for (; i > 0 && *words != '\0'; i--) {
		words += strcspn(words, "|");
		words += *words == '|';
	}
	return span_of(words, strcspn(words, "|"));
}

static bool
find_word(const char *words, struct span s, unsigned *out)
{
	struct span w;
	unsigned i;

	for (i = 0; (w = word_at(words, i)).n > 0; i++)
		if (span_eq(w, s)) {
			*out = i;
			return true;
		}
	return false;
}

const char *
file_class_name(enum file_class c)
{
	static const char *const names[FILE_CLASS_COUNT] = {
		[FILE_SOURCE] = "source", [FILE_GENERATED] = "generated",
		[FILE_MINIFIED] = "minified", [FILE_VENDORED] = "vendored",
		[FILE_LOCK] = "lock", [FILE_DATA] = "data",
	};

	return (unsigned)c < FILE_CLASS_COUNT ? names[c] : names[0];
}

struct rules *
rules_new(void)
{
	struct rules *r = calloc(1, sizeof(*r));

	if (r != NULL) {
		r->arena = (struct arena)ARENA_INIT;
		hash_sha256(SPAN_LIT(""), r->sha);
	}
	return r;
}

void
rules_free(struct rules *r)
{
	if (r == NULL)
		return;
	arena_release(&r->arena);
	free(r->rule);
	free(r);
}

static bool
wrong(struct line *l, const char *what, struct span word)
{
	l->err->what = what;
	l->err->word = word;
	return false;
}

/* The next word, without its quotes. */
static bool
take_word(struct line *l)
{
	struct span *s = &l->rest, w;
	const char *q;
	size_t i = 0;

	if (l->n == WORDS_MAX)
		return wrong(l, "too many words in a line", SPAN_LIT(""));
	l->quoted[l->n] = s->p[0] == '"';
	if (l->quoted[l->n]) {
		q = memchr(s->p + 1, '"', s->n - 1);
		if (q == NULL)
			return wrong(l, "a quote that does not end", *s);
		w = span_of(s->p + 1, (size_t)(q - s->p) - 1);
		*s = span_skip(*s, w.n + 2);
		if (s->n > 0 && memchr(BLANKS, s->p[0], 3) == NULL)
			return wrong(l, "no blank behind a quote", *s);
	} else {
		while (i < s->n && memchr(BLANKS, s->p[i], 3) == NULL)
			i++;
		w = span_of(s->p, i);
		*s = span_skip(*s, i);
		if (memchr(w.p, '"', w.n) != NULL)
			return wrong(l, "a quote inside a word", w);
	}
	l->word[l->n++] = w;
	return true;
}

static bool
take_words(struct line *l, struct span s)
{
	l->n = 0;
	l->rest = span_trim(s, BLANKS);
	if (memchr(s.p, '\0', s.n) != NULL)
		return wrong(l, "a NUL byte", SPAN_LIT(""));
	while (l->rest.n > 0) {
		if (l->rest.p[0] == '#')
			break;
		if (!take_word(l))
			return false;
		l->rest = span_trim(l->rest, BLANKS);
	}
	return true;
}

/* A tool's name as policy.h compares it, in the memory of the word. */
static struct span
folded(char *p, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (p[i] == '_' || p[i] == '-')
			continue;
		p[k++] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] | 32) : p[i];
	}
	return span_of(p, k);
}

/* Copy the words from `from' on into the rule. */
static bool
keep_words(struct rules *r, struct rule *rule, struct line *l, size_t from)
{
	size_t i;
	char *p;

	rule->nwords = l->n - from;
	r->words += rule->nwords;
	if (r->words > RULES_MAX)
		return wrong(l, "too many words in all", SPAN_LIT(""));
	rule->word = arena_array(&r->arena, rule->nwords,
	    sizeof(*rule->word));
	if (rule->word == NULL)
		return wrong(l, "out of memory", SPAN_LIT(""));
	for (i = 0; i < rule->nwords; i++) {
		p = arena_alloc(&r->arena, l->word[from + i].n + 1);
		if (p == NULL)
			return wrong(l, "out of memory", SPAN_LIT(""));
		memcpy(p, l->word[from + i].p, l->word[from + i].n);
		rule->word[i] = rule->kind == KIND_TOOL ?
		    folded(p, l->word[from + i].n) :
		    span_of(p, l->word[from + i].n);
		if (rule->word[i].n == 0)
			return wrong(l, "an empty word", SPAN_LIT(""));
	}
	return true;
}

static bool
read_level(struct line *l, struct rule *rule)
{
	if (l->n != 3)
		return wrong(l, "not 'level CLASS LEVEL'", SPAN_LIT(""));
	if (!find_word(SQUASH_LEVELS, l->word[2], &rule->value))
		return wrong(l, "not one of " SQUASH_LEVELS, l->word[2]);
	return true;
}

static bool
read_path(struct rules *r, struct line *l, struct rule *rule)
{
	const char *why;
	size_t from = 2, i;

	if (l->n > 2 && span_eq(l->word[2], SPAN_LIT("if")) && !l->quoted[2]) {
		if (l->n < 4 || !span_eq(l->word[3], SPAN_LIT("records")))
			return wrong(l, "not 'if records'", SPAN_LIT(""));
		rule->value = RULES_RECORDS;
		from = 4;
	}
	if (l->n == from)
		return wrong(l, "no pattern", SPAN_LIT(""));
	for (i = from; i < l->n; i++) {
		why = glob_check(l->word[i]);
		if (why != NULL)
			return wrong(l, why, l->word[i]);
	}
	return keep_words(r, rule, l, from);
}

static bool
read_text(struct rules *r, struct line *l, struct rule *rule)
{
	size_t i;

	if (l->n == 2)
		return wrong(l, "no words", SPAN_LIT(""));
	for (i = 2; i < l->n; i++)
		if (!l->quoted[i])
			return wrong(l, "not in double quotes", l->word[i]);
	return keep_words(r, rule, l, 2);
}

static bool
read_rule(struct rules *r, struct line *l, struct rule *rule)
{
	unsigned kind;

	*rule = (struct rule){ .value = 0 };
	if (!find_word(KINDS, l->word[0], &kind))
		return wrong(l, "not one of " KINDS, l->word[0]);
	rule->kind = (enum kind)kind;
	if (l->n < 2)
		return wrong(l, "no class", SPAN_LIT(""));
	if (!find_word(kind == KIND_TOOL ? TOOL_CLASSES : FILE_CLASSES,
	    l->word[1], &rule->class))
		return wrong(l, kind == KIND_TOOL ? "not one of " TOOL_CLASSES :
		    "not one of " FILE_CLASSES, l->word[1]);
	switch (rule->kind) {
	case KIND_TOOL:
		if (l->n == 2)
			return wrong(l, "no name", SPAN_LIT(""));
		return keep_words(r, rule, l, 2);
	case KIND_PATH:
		return read_path(r, l, rule);
	case KIND_TEXT:
		return read_text(r, l, rule);
	case KIND_LEVEL:
		return read_level(l, rule);
	}
	return false;
}

static bool
add_rule(struct rules *r, struct line *l)
{
	struct rule rule, *p;

	if (!read_rule(r, l, &rule))
		return false;
	p = mem_grow(r->rule, &r->cap, r->n + 1, sizeof(*p), RULES_MAX);
	if (p == NULL)
		return wrong(l, "out of memory", SPAN_LIT(""));
	r->rule = p;
	r->rule[r->n++] = rule;
	return true;
}

/* Words of a line, so that no two lines that differ are spelt alike. */
static void
spell(const struct line *l, struct buf *out)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		buf_addspan(out, l->word[i]);
		buf_addc(out, '\n');
	}
	buf_addc(out, '\n');
}

static bool
add_lines(struct rules *r, struct span text, struct buf *spelt,
    struct file_err *err)
{
	struct line l = { .err = err };

	for (err->line = 1; text.n > 0; err->line++) {
		if (!take_words(&l, span_line(&text)))
			return false;
		if (l.n > 0) {
			if (!add_rule(r, &l))
				return false;
			spell(&l, spelt);
		}
	}
	if (!buf_err(spelt))
		return true;
	err->line = 0;
	return wrong(&l, "out of memory", SPAN_LIT(""));
}

bool
rules_add(struct rules *r, struct span text, struct file_err *err)
{
	size_t n = r->n, words = r->words, i;
	struct buf spelt = BUF_INIT;
	bool good;

	*err = (struct file_err){ .word = SPAN_LIT("") };
	if (text.n > RULES_TEXT_MAX) {
		err->what = "too large";
		return false;
	}
	/* Behind what was there, so that each hash tells all before it. */
	buf_add(&spelt, r->sha, sizeof(r->sha));
	good = add_lines(r, text, &spelt, err);
	if (!good) {
		r->n = n;
		r->words = words;
	} else if (r->n > n) {
		hash_sha256(buf_span(&spelt), r->sha);
	}
	for (i = n; i < r->n; i++)
		if (r->rule[i].kind == KIND_LEVEL)
			r->level[r->rule[i].class] =
			    (enum squash_level)r->rule[i].value;
	buf_release(&spelt);
	return good;
}

void
rules_hash(const struct rules *r, uint8_t sha256[SHA256_LEN])
{
	if (r != NULL)
		memcpy(sha256, r->sha, SHA256_LEN);
	else
		hash_sha256(SPAN_LIT(""), sha256);
}

bool
rules_any(const struct rules *r)
{
	return r != NULL && r->n > 0;
}

enum squash_level
rules_level(const struct rules *r, enum file_class class)
{
	return r != NULL ? r->level[class] : SQUASH_EXACT;
}

typedef bool fits(const struct rule *rule, struct span s);

/* The last rule of this kind that fits, or NULL. */
static const struct rule *
last(const struct rules *r, enum kind kind, fits *fn, struct span s)
{
	size_t i;

	for (i = r != NULL ? r->n : 0; i > 0; i--)
		if (r->rule[i - 1].kind == kind && fn(&r->rule[i - 1], s))
			return &r->rule[i - 1];
	return NULL;
}

static bool
names_tool(const struct rule *rule, struct span name)
{
	size_t i;

	for (i = 0; i < rule->nwords; i++)
		if (span_eq(rule->word[i], name))
			return true;
	return false;
}

bool
rules_tool(const struct rules *r, struct span name, enum tool_class *class)
{
	const struct rule *rule = last(r, KIND_TOOL, names_tool, name);

	if (rule != NULL)
		*class = (enum tool_class)rule->class;
	return rule != NULL;
}

static bool
fits_path(const struct rule *rule, struct span path)
{
	size_t i;

	for (i = 0; i < rule->nwords; i++)
		if (glob_match(rule->word[i], path))
			return true;
	return false;
}

bool
rules_path(const struct rules *r, struct span path, enum file_class *class,
    unsigned *checks)
{
	const struct rule *rule;

	if (path.n == 0 || path.n > PATH_BYTES_MAX)
		return false;
	rule = last(r, KIND_PATH, fits_path, path);
	if (rule == NULL)
		return false;
	*class = (enum file_class)rule->class;
	*checks = rule->value;
	return true;
}

static char
low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Where a word begins in s, in any case of letters; s.n: nowhere. */
static size_t
find(struct span s, struct span word)
{
	size_t i, k;

	for (i = 0; i + word.n <= s.n; i++) {
		for (k = 0; k < word.n; k++)
			if (low(s.p[i + k]) != low(word.p[k]))
				break;
		if (k == word.n)
			return i;
	}
	return s.n;
}

/* The first word begins the line, the others follow in order. */
static bool
fits_comment(const struct rule *rule, struct span line)
{
	size_t i, at;

	for (i = 0; i < rule->nwords; i++) {
		at = find(line, rule->word[i]);
		if (at == line.n || (i == 0 && at > 0))
			return false;
		line = span_skip(line, at + rule->word[i].n);
	}
	return true;
}

bool
rules_comment(const struct rules *r, struct span line, enum file_class *class)
{
	const struct rule *rule = last(r, KIND_TEXT, fits_comment, line);

	if (rule != NULL)
		*class = (enum file_class)rule->class;
	return rule != NULL;
}
