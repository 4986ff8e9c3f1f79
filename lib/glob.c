/*
 * glob - patterns as automata, simulated a byte of the path at a time
 *
 * The state i means that the elements before i have matched.  An element that
 * may match nothing is entered together with the one behind it.
 */
#include "compat.h"

#include "glob.h"

enum kind {
	BYTE,
	ONE,		/* ?: any byte but a slash */
	STAR,		/* *: any number of these */
	DIRS,		/* **, with its slash: whole folders, or nothing */
	REST		/* **, at the end: anything */
};

#define ELEMENTS	(GLOB_MAX + 3)	/* with DIRS before, REST behind */

struct glob {
	uint8_t	kind[ELEMENTS];
	char	byte[ELEMENTS];
	size_t	n;
};

/* States, in ascending order, each once. */
struct states {
	uint16_t	s[ELEMENTS + 1];
	size_t		n;
};

const char *
glob_check(struct span pattern)
{
	if (pattern.n == 0)
		return "an empty pattern";
	if (pattern.n > GLOB_MAX)
		return "a pattern that is too long";
	if (memchr(pattern.p, '\\', pattern.n) != NULL)
		return "a backslash in a pattern";
	return NULL;
}

static void
element(struct glob *g, enum kind kind, char byte)
{
	g->kind[g->n] = (uint8_t)kind;
	g->byte[g->n++] = byte;
}

static void
compile(struct glob *g, struct span s)
{
	size_t i = 0;

	g->n = 0;
	if (s.p[0] != '/')
		element(g, DIRS, 0);
	while (i < s.n) {
		if (span_starts(span_skip(s, i), SPAN_LIT("**/"))) {
			element(g, DIRS, 0);
			i += 3;
		} else if (span_starts(span_skip(s, i), SPAN_LIT("**"))) {
			element(g, i + 2 == s.n ? REST : STAR, 0);
			i += 2;
		} else {
			element(g, s.p[i] == '*' ? STAR :
			    s.p[i] == '?' ? ONE : BYTE, s.p[i]);
			i++;
		}
	}
	if (s.p[s.n - 1] == '/')
		element(g, REST, 0);
}

static void
put(struct states *t, size_t state)
{
	if (t->n == 0 || t->s[t->n - 1] < state)
		t->s[t->n++] = (uint16_t)state;
}

/* Enter a state, and those behind what may match nothing. */
static void
enter(const struct glob *g, struct states *t, size_t state)
{
	put(t, state);
	while (state < g->n && g->kind[state] >= STAR)
		put(t, ++state);
}

static void
step(const struct glob *g, const struct states *from, struct states *to,
    char c)
{
	size_t i, s;

	to->n = 0;
	for (i = 0; i < from->n; i++) {
		s = from->s[i];
		if (s == g->n)
			continue;
		switch ((enum kind)g->kind[s]) {
		case BYTE:
			if (c == g->byte[s])
				enter(g, to, s + 1);
			break;
		case ONE:
			if (c != '/')
				enter(g, to, s + 1);
			break;
		case STAR:
			if (c != '/')
				enter(g, to, s);
			break;
		case REST:
			enter(g, to, s);
			break;
		case DIRS:
			put(to, s);
			if (c == '/')
				enter(g, to, s + 1);
			break;
		}
	}
}

/* Most patterns end with a byte that most paths do not end with. */
static bool
may_match(struct span pattern, struct span path)
{
	char last = pattern.p[pattern.n - 1];

	if (last == '*' || last == '?' || last == '/')
		return true;
	return path.n > 0 && path.p[path.n - 1] == last;
}

bool
glob_match(struct span pattern, struct span path)
{
	struct glob g;
	struct states sets[2] = { { .n = 0 }, { .n = 0 } };
	struct states *now = &sets[0], *next = &sets[1], *t;
	size_t i;

	if (!may_match(pattern, path))
		return false;
	compile(&g, pattern);
	enter(&g, now, 0);
	for (i = 0; i < path.n && now->n > 0; i++) {
		step(&g, now, next, path.p[i] == '\\' ? '/' : path.p[i]);
		t = now;
		now = next;
		next = t;
	}
	return now->n > 0 && now->s[now->n - 1] == g.n;
}
