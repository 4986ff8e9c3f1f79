/*
 * opt_driver - a command that only says what it understood, for t/opt.bats
 */
#include "compat.h"

#include <errno.h>
#include <unistd.h>

#include "msg.h"
#include "opt.h"

struct args {
	bool		flag;
	const char	*text;
	unsigned	 choice;
	uint64_t	 count, bytes, seconds;
	struct opt_range range;
	const char	*die;
	const char	*say;
	bool		 late;
	bool		 quiet;
	struct opt_list	 each;
	const char	*file;
};

static const struct opt opts[] = {
	{ 'f', "flag", OPT_FLAG, offsetof(struct args, flag),
	  .help = "a flag" },
	{ 't', "text", OPT_TEXT, offsetof(struct args, text),
	  .arg = "TEXT", .help = "any text" },
	{ 0, "choice", OPT_CHOICE, offsetof(struct args, choice),
	  .arg = "red|green|blue", .help = "one of three" },
	{ 'n', "count", OPT_COUNT, offsetof(struct args, count),
	  .arg = "N", .help = "from 2 to 9", .lo = 2, .hi = 9 },
	{ 0, "bytes", OPT_BYTES, offsetof(struct args, bytes),
	  .arg = "SIZE", .help = "with a unit" },
	{ 0, "seconds", OPT_SECONDS, offsetof(struct args, seconds),
	  .arg = "TIME", .help = "with a unit" },
};

static const struct opt more[] = {
	{ 'r', "range", OPT_RANGE, offsetof(struct args, range),
	  .arg = "A-B", .help = "a range" },
	{ 0, "a-very-long-option-name", OPT_FILE, offsetof(struct args, text),
	  .arg = "FILE", .help = "wraps in the help" },
	{ 0, "die", OPT_TEXT, offsetof(struct args, die),
	  .arg = "TEXT", .help = "die with this and ENOENT" },
	{ 0, "say", OPT_TEXT, offsetof(struct args, say),
	  .arg = "TEXT", .help = "warn with this" },
	{ 0, "late", OPT_FLAG, offsetof(struct args, late),
	  .help = "fill the buffer of standard output first" },
	{ 'q', "quiet", OPT_FLAG, offsetof(struct args, quiet),
	  .help = "print nothing" },
	{ 'e', "each", OPT_LIST, offsetof(struct args, each),
	  .arg = "TEXT", .help = "again and again" },
};

/* Not to be had from a file. */
static const struct opt only[] = {
	{ 0, "file", OPT_FILE, offsetof(struct args, file),
	  .arg = "FILE", .help = "options from a file" },
};

static const struct opt_verb verbs[] = {
	{ "put", "[FILE]", "store" },
	{ "get", "ID", "fetch" },
};

static void
print(const struct args *a)
{
	size_t i;

	printf("flag %d text %s choice %u count %llu bytes %llu seconds %llu "
	    "range %llu-%llu\n", a->flag, a->text, a->choice,
	    (unsigned long long)a->count, (unsigned long long)a->bytes,
	    (unsigned long long)a->seconds, (unsigned long long)a->range.from,
	    (unsigned long long)a->range.to);
	for (i = 0; i < a->each.n; i++)
		printf("each '%s'\n", a->each.text[i]);
}

static int
parse(const struct opt_set *sets, size_t n, bool stops, int argc, char **argv)
{
	static const struct opt_cmd cmd = { .about = "say what was said",
		.operands = "[WORD ...]", .verbs = verbs,
		.nverbs = HR_LEN(verbs) };
	static const struct opt_cmd stop = { .about = "stop at a word",
		.operands = "[WORD ...]", .stop = true, .verb = "stop" };

	return stops ? 1 + opt_parse(&stop, sets, n, argc - 1, argv + 1) :
	    opt_parse(&cmd, sets, n, argc, argv);
}

int
main(int argc, char **argv)
{
	struct args first = { .text = "none" }, a = first;
	struct opt_set sets[] = { OPT_SET(opts, &first),
	    OPT_SET(more, &first), OPT_SET(only, &first) };
	struct buf text = BUF_INIT;
	bool stops = argc > 1 && strcmp(argv[1], "stop") == 0;
	size_t k;
	int i;

	msg_init(argv[0]);
	/* Twice, so that what stands here wins over what a file says. */
	i = parse(sets, HR_LEN(sets), stops, argc, argv);
	for (k = 0; k < HR_LEN(sets); k++)
		sets[k].base = &a;
	if (first.file != NULL)
		opt_file(first.file, &text, sets, 2);
	i = parse(sets, HR_LEN(sets), stops, argc, argv);
	if (a.say != NULL)
		msg_warn("said '%s'", a.say);
	if (a.die != NULL) {
		errno = ENOENT;
		msg_die("cannot open '%s':", a.die);
	}
	if (a.late) {
		/* The write fails before the end, and errno is gone then. */
		for (i = 0; i < 100000; i++)
			putchar('x');
		errno = 0;
		return msg_finish(HR_EXIT_OK);
	}
	if (!a.quiet) {
		print(&a);
		for (; i < argc; i++)
			printf("word '%s'\n", argv[i]);
	}
	buf_release(&text);
	return msg_finish(HR_EXIT_OK);
}
