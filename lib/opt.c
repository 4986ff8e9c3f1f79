/*
 * opt - options from a table
 */
#include "compat.h"

#include <assert.h>
#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include "buf.h"
#include "io.h"
#include "msg.h"
#include "num.h"
#include "opt.h"

enum {	/* getopt_long's values for options without a letter */
	VAL_LIST = 256,
	VAL_FIRST
};

#define BLANKS		" \t\r"	/* around names and values in a file */

#define HELP_COLUMN	28	/* where the explanations start */

static const struct opt common[] = {
	{ 'h', "help", OPT_FLAG, 0, NULL, "print this help", 0, 0, NULL },
	{ 'V', "version", OPT_FLAG, 0, NULL, "print the version", 0, 0, NULL },
};

/* The words of "a|b|c" by index; an empty span past the last. */
static struct span
choice(const char *words, unsigned index)
{
	const char *bar;

	for (; (bar = strchr(words, '|')) != NULL && index > 0; index--)
		words = bar + 1;
	if (index > 0)
		return span_of(NULL, 0);
	return bar != NULL ? span_of(words, (size_t)(bar - words)) :
	    span_z(words);
}

/* Where the value stands that is looked at: "--name", or "FILE:LINE: name". */
static const char *where;

/* As msg_usage, behind the place. */
#define wrong(o, fmt, ...)						\
	(where != NULL ? msg_usage("%s: %s: " fmt, where, (o)->name,	\
	    __VA_ARGS__) : msg_usage("--%s: " fmt, (o)->name, __VA_ARGS__))

static void
bad_value(const struct opt *o, const char *text)
{
	if (o->kind == OPT_CHOICE)
		wrong(o, "not one of %s: '%s'", o->arg, text);
	if (o->kind == OPT_RANGE)
		wrong(o, "not a range such as 3-7: '%s'", text);
	if (o->hi != 0)
		wrong(o, "not a number from %llu to %llu: '%s'",
		    (unsigned long long)o->lo, (unsigned long long)o->hi, text);
	wrong(o, "not a number: '%s'", text);
}

static void
store(const struct opt *o, void *base, const char *text)
{
	void *field = (char *)base + o->offset;
	uint64_t hi = o->hi == 0 ? UINT64_MAX : o->hi;
	struct opt_range *r;
	struct opt_list *l;
	struct span word;
	const char *why = o->check != NULL ? o->check(text) : NULL;
	unsigned i;
	int rc = 0;

	if (why != NULL)
		wrong(o, "%s: '%s'", why, text);
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)field = true;
		return;
	case OPT_TEXT:
	case OPT_FILE:
		*(const char **)field = text;
		return;
	case OPT_CHOICE:
		for (i = 0; (word = choice(o->arg, i)).n > 0; i++)
			if (span_eq(word, span_z(text))) {
				*(unsigned *)field = i;
				return;
			}
		rc = -1;
		break;
	case OPT_COUNT:
		rc = num_u64(span_z(text), o->lo, hi, field);
		break;
	case OPT_BYTES:
		rc = num_bytes(span_z(text), o->lo, hi, field);
		break;
	case OPT_SECONDS:
		rc = num_seconds(span_z(text), o->lo, hi, field);
		break;
	case OPT_RANGE:
		r = field;
		rc = num_range(span_z(text), &r->from, &r->to);
		break;
	case OPT_LIST:
		l = field;
		if (l->n == OPT_LIST_MAX)
			wrong(o, "given more than %d times", OPT_LIST_MAX);
		l->text[l->n++] = text;
		return;
	}
	if (rc < 0)
		bad_value(o, text);
}

static void
help_line(struct buf *b, const struct opt *o)
{
	size_t start = b->len;

	buf_addf(b, o->letter != 0 ? "  -%c, " : "      ", o->letter);
	buf_addf(b, "--%s", o->name);
	if (o->arg != NULL)
		buf_addf(b, " %s", o->arg);
	if (b->len - start + 2 > HELP_COLUMN) {
		buf_addc(b, '\n');
		start = b->len;
	}
	while (b->len - start < HELP_COLUMN)
		buf_addc(b, ' ');
	buf_addf(b, "%s\n", o->help);
}

static void
help_text(struct buf *b, const struct opt_cmd *cmd, const struct opt_set *sets,
    size_t nsets)
{
	size_t i, k;

	buf_addf(b, "usage: %s%s%s [OPTION ...]", msg_prog(),
	    cmd->verb != NULL ? " " : "", cmd->verb != NULL ? cmd->verb : "");
	if (cmd->operands != NULL)
		buf_addf(b, " %s", cmd->operands);
	buf_addf(b, "\n%s\n\n", cmd->about);
	for (i = 0; i < cmd->nverbs; i++)
		buf_addf(b, "  %s %-*s%s\n", cmd->verbs[i].name,
		    HELP_COLUMN - 3 - (int)strlen(cmd->verbs[i].name),
		    cmd->verbs[i].operands, cmd->verbs[i].help);
	if (cmd->nverbs > 0)
		buf_addc(b, '\n');
	for (i = 0; i < nsets; i++)
		for (k = 0; k < sets[i].n; k++)
			help_line(b, &sets[i].opt[k]);
	for (i = 0; i < HR_LEN(common); i++)
		help_line(b, &common[i]);
}

static void
list_options(struct buf *b, const struct opt_cmd *cmd,
    const struct opt_set *sets, size_t nsets)
{
	static const char *const kinds[] = {
		[OPT_FLAG] = "flag", [OPT_TEXT] = "text", [OPT_FILE] = "file",
		[OPT_CHOICE] = "choice", [OPT_COUNT] = "number",
		[OPT_BYTES] = "bytes", [OPT_SECONDS] = "seconds",
		[OPT_RANGE] = "range", [OPT_LIST] = "text",
	};
	size_t i, k;
	const struct opt *o;

	for (i = 0; i <= nsets; i++)
		for (k = 0; k < (i < nsets ? sets[i].n : HR_LEN(common)); k++) {
			o = i < nsets ? &sets[i].opt[k] : &common[k];
			if (o->letter != 0)
				buf_addc(b, o->letter);
			buf_addf(b, "\t%s\t%s\t%s\t%s\n", o->name,
			    kinds[o->kind], o->arg != NULL ? o->arg : "",
			    o->help);
		}
	for (i = 0; i < cmd->nverbs; i++)
		buf_addf(b, "\t%s\tverb\t%s\t%s\n", cmd->verbs[i].name,
		    cmd->verbs[i].operands, cmd->verbs[i].help);
}

HR_NORETURN static void
print_and_exit(struct buf *b)
{
	if (buf_err(b) || fwrite(b->p, 1, b->len, stdout) != b->len)
		exit(msg_finish(HR_EXIT_FAIL));
	exit(msg_finish(HR_EXIT_OK));
}

/* getopt's two descriptions of the table. */
static void
describe(const struct opt_cmd *cmd, const struct opt_set *sets, size_t nsets,
    char *letters, struct option *longs)
{
	const struct opt *o;
	size_t i, k, n = 0;
	char *l = letters;

	if (cmd->stop)
		*l++ = '+';
	*l++ = ':';	/* messages are ours */
	for (i = 0; i <= nsets; i++)
		for (k = 0; k < (i < nsets ? sets[i].n : HR_LEN(common)); k++) {
			o = i < nsets ? &sets[i].opt[k] : &common[k];
			assert(n < OPT_MAX);
			longs[n].name = o->name;
			longs[n].has_arg = o->kind == OPT_FLAG ? no_argument :
			    required_argument;
			longs[n].flag = NULL;
			longs[n].val = o->letter != 0 ? o->letter :
			    VAL_FIRST + (int)n;
			if (o->letter != 0) {
				*l++ = o->letter;
				if (o->kind != OPT_FLAG)
					*l++ = ':';
			}
			n++;
		}
	*l = '\0';
	longs[n++] = (struct option){ "list-options", no_argument, NULL,
	    VAL_LIST };
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
}

static void
set_option(const struct opt_set *sets, size_t nsets, int val, const char *arg)
{
	size_t i, k, n = 0;

	for (i = 0; i < nsets; i++)
		for (k = 0; k < sets[i].n; k++, n++)
			if (val == sets[i].opt[k].letter ||
			    val == VAL_FIRST + (int)n) {
				store(&sets[i].opt[k], sets[i].base, arg);
				return;
			}
}

/* What getopt_long refused, which differs by who refused it. */
HR_NORETURN static void
refuse(const char *letters, const char *last)
{
	/* Unknown or ambiguous long name: the whole word was consumed. */
	if (optopt == 0)
		msg_usage("unknown option '%s'", last);
	if (optopt >= VAL_LIST || (strchr("+:", optopt) == NULL &&
	    strchr(letters, optopt) != NULL))
		msg_usage("option '%s' takes no argument", last);
	/* Of "-fz" the word may not be consumed yet: last is another. */
	msg_usage("unknown option '-%c'", optopt);
}

int
opt_parse(const struct opt_cmd *cmd, const struct opt_set *sets, size_t nsets,
    int argc, char **argv)
{
	struct option longs[OPT_MAX + 2];
	char letters[2 * OPT_MAX + 3];
	struct buf text = BUF_INIT;
	int val;

	describe(cmd, sets, nsets, letters, longs);
	optind = 0;	/* glibc: start anew, also for a verb's table */
	while ((val = getopt_long(argc, argv, letters, longs, NULL)) != -1)
		switch (val) {
		case 'h':
			help_text(&text, cmd, sets, nsets);
			print_and_exit(&text);
		case 'V':
			buf_addf(&text, "%s (%s) %s\n", msg_prog(),
			    PACKAGE_NAME, PACKAGE_VERSION);
			print_and_exit(&text);
		case VAL_LIST:
			list_options(&text, cmd, sets, nsets);
			print_and_exit(&text);
		case ':':
			if (strncmp(argv[optind - 1], "--", 2) != 0)
				msg_usage("option '-%c' needs an argument",
				    optopt);
			msg_usage("option '%s' needs an argument",
			    argv[optind - 1]);
		case '?':
			refuse(letters, argv[optind - 1]);
		default:
			set_option(sets, nsets, val, optarg);
		}
	return optind;
}

static const struct opt *
find_option(const struct opt_set *sets, size_t nsets, struct span name,
    void **base)
{
	size_t i, k;

	for (i = 0; i < nsets; i++)
		for (k = 0; k < sets[i].n; k++)
			if (span_eq(name, span_z(sets[i].opt[k].name))) {
				*base = sets[i].base;
				return &sets[i].opt[k];
			}
	return NULL;
}

/* A line, whose newline may be overwritten. */
static void
file_line(char *line, size_t n, const struct opt_set *sets, size_t nsets)
{
	struct span s = span_trim(span_of(line, n), BLANKS), name, value;
	const struct opt *o;
	const char *equals;
	void *base;

	if (s.n == 0 || s.p[0] == '#')
		return;
	if (memchr(s.p, '\0', s.n) != NULL)
		msg_usage("%s: a NUL byte", where);
	equals = memchr(s.p, '=', s.n);
	if (equals == NULL)
		msg_usage("%s: not 'name = value'", where);
	name = span_trim(span_of(s.p, (size_t)(equals - s.p)), BLANKS);
	value = span_trim(span_skip(s, (size_t)(equals - s.p) + 1),
	    BLANKS);
	o = find_option(sets, nsets, name, &base);
	if (o == NULL)
		msg_usage("%s: unknown key '%.*s'", where, (int)name.n,
		    name.p);
	line[value.p + value.n - line] = '\0';
	if (o->kind != OPT_FLAG)
		store(o, base, value.p);
	else if (strcmp(value.p, "yes") == 0 || strcmp(value.p, "no") == 0)
		*(bool *)((char *)base + o->offset) = value.p[0] == 'y';
	else
		wrong(o, "not yes or no: '%s'", value.p);
}

#define FILE_MAX	((size_t)1 << 20)	/* bytes of a file of options */

void
opt_file(const char *path, struct buf *text, const struct opt_set *sets,
    size_t nsets)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char place[512], *p, *end, *nl;
	unsigned line = 0;

	text->max = FILE_MAX;
	if (fd < 0)
		msg_die("cannot open '%s':", path);
	if (io_slurp(fd, text) < 0)
		msg_die("cannot read '%s':", path);
	close(fd);
	buf_addc(text, '\n');
	if (buf_err(text))
		msg_die("cannot read '%s': too large", path);
	end = text->p + text->len;
	for (p = text->p; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		snprintf(place, sizeof(place), "%s:%u", path, ++line);
		where = place;
		file_line(p, (size_t)(nl - p), sets, nsets);
	}
	where = NULL;
}
