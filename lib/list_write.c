/*
 * list_write - print a list in its short form, with gaps
 */
#include "compat.h"

#include "list_impl.h"
#include "mark.h"

struct writer {
	const struct list	*l;
	struct buf		*out;
	uint64_t		 left;	/* left out and not yet said */
	struct span		 indent;	/* of what is left out */
	struct span		 group;	/* that the output is in */
	bool			 in;	/* it is in one */
};

static void
gap(struct writer *w)
{
	mark_gap(w->out, w->left, list_unit(w->l->kind), SPAN_LIT(""));
	w->left = 0;
}

static void
gap_line(struct writer *w)
{
	if (w->left == 0)
		return;
	buf_addspan(w->out, w->indent);
	gap(w);
	buf_addc(w->out, '\n');
}

static void
put_line(struct writer *w, struct span line)
{
	buf_addspan(w->out, line);
	buf_addc(w->out, '\n');
}

/* A line above which an empty one stands, unless it is the first. */
static void
put_heading(struct writer *w, struct span line, bool first)
{
	if (!first)
		buf_addc(w->out, '\n');
	put_line(w, line);
}

/* The next item that is shown, or NULL. */
static const struct list_item *
next_shown(const struct list *l, size_t i)
{
	for (i++; i < l->n; i++)
		if (!l->item[i].left && l->item[i].what != LIST_BREAK)
			return &l->item[i];
	return NULL;
}

/*
 * A break between two files is said by the heading; one that stands
 * elsewhere is printed, as a heading where no file is above it.
 */
static void
write_break(struct writer *w, size_t i, bool first)
{
	const struct list_item *it = &w->l->item[i];
	const struct list_item *next = next_shown(w->l, i);
	bool entry = next != NULL && next->what == LIST_ENTRY;

	if (!w->in) {
		put_heading(w, it->line, first);
	} else if (entry && span_eq(next->group, w->group)) {
		put_line(w, it->line);
	} else if (!entry) {
		put_heading(w, it->line, first);
		w->in = false;
	}
}

static void
write_grep(struct writer *w)
{
	const struct list_item *it;
	size_t i, start = w->out->len;

	for (i = 0; i < w->l->n; i++) {
		bool first = w->out->len == start;

		it = &w->l->item[i];
		if (it->left) {
			w->left += it->what == LIST_ENTRY;
			continue;
		}
		gap_line(w);
		if (it->what == LIST_BREAK) {
			write_break(w, i, first);
			continue;
		}
		if (it->what == LIST_RAW) {
			put_heading(w, it->line, first);
			w->in = false;
			continue;
		}
		if (!w->in || !span_eq(w->group, it->group))
			put_heading(w, it->group, first);
		w->in = true;
		w->group = it->group;
		if (w->l->kind == LIST_PLAIN)
			buf_addc(w->out, ' ');
		put_line(w, it->text);
	}
	gap_line(w);
}

/* As it came, but for gaps. */
static void
write_heading(struct writer *w)
{
	const struct list_item *it, *end = w->l->item + w->l->n;

	for (it = w->l->item; it < end; it++) {
		if (it->left) {
			w->left += it->what == LIST_ENTRY;
			continue;
		}
		gap_line(w);
		put_line(w, it->line);
	}
	gap_line(w);
}

/* The names of one folder, behind it in its line. */
static void
write_names(struct writer *w, size_t from, size_t to)
{
	const struct list_item *it;

	for (; from < to; from++) {
		it = &w->l->item[from];
		if (it->left) {
			w->left++;
			continue;
		}
		if (w->left > 0) {
			buf_addc(w->out, ' ');
			gap(w);
		}
		buf_addc(w->out, ' ');
		buf_addspan(w->out, it->text);
	}
	if (w->left > 0) {
		buf_addc(w->out, ' ');
		gap(w);
	}
	buf_addc(w->out, '\n');
}

/* Sizes with names, a line each, below their folder. */
static void
write_sizes(struct writer *w, size_t from, size_t to)
{
	const struct list_item *it;

	if (!w->in || !span_eq(w->group, w->l->item[from].group)) {
		buf_addspan(w->out, w->l->item[from].group);
		buf_adds(w->out, w->l->item[from].group.n > 0 ? ":\n" :
		    LIST_HERE "\n");
	}
	w->group = w->l->item[from].group;
	w->in = true;
	for (; from < to; from++) {
		it = &w->l->item[from];
		if (it->left) {
			w->left++;
			continue;
		}
		gap_line(w);
		buf_addspan(w->out, it->meta);
		buf_addc(w->out, ' ');
		put_line(w, it->text);
	}
	gap_line(w);
}

static void
write_run(struct writer *w, size_t from, size_t to)
{
	const struct list_item *it = &w->l->item[from];
	size_t i;

	for (i = from + 1; i < to; i++)
		if (!span_eq(it->meta, w->l->item[i].meta))
			break;
	if (i < to || (it->meta.n > 0 && (i == from + 1 ||
	    it->group.n == 0))) {
		write_sizes(w, from, to);
		return;
	}
	w->in = false;
	/* Alone in its folder, a path is shortest as it came. */
	if (to == from + 1 && !it->left && w->l->kind == LIST_PATHS) {
		put_line(w, it->line);
		return;
	}
	if (it->meta.n > 0) {
		buf_addspan(w->out, it->meta);
		buf_addc(w->out, ' ');
	}
	buf_addspan(w->out, it->group);
	buf_addc(w->out, ':');
	write_names(w, from, to);
}

static void
write_folders(struct writer *w)
{
	const struct list *l = w->l;
	size_t i, k;

	for (i = 0; i < l->n; i = k) {
		const struct list_item *it = &l->item[i];

		k = i + 1;
		if (it->implied)
			continue;
		if (it->what != LIST_ENTRY ||
		    (it->group.n == 0 && it->meta.n == 0)) {
			put_line(w, it->what == LIST_ENTRY ? it->text :
			    it->line);
			continue;
		}
		while (k < l->n && !l->item[k].implied &&
		    l->item[k].what == LIST_ENTRY &&
		    span_eq(l->item[k].group, it->group))
			k++;
		write_run(w, i, k);
	}
}

static void
write_sized(struct writer *w)
{
	const struct list_item *it, *end = w->l->item + w->l->n;

	for (it = w->l->item; it < end; it++) {
		if (it->left) {
			w->left++;
			w->indent = it->group;
			continue;
		}
		gap_line(w);
		if (it->what == LIST_RAW) {
			put_line(w, it->line);
			continue;
		}
		buf_addspan(w->out, it->group);
		if (it->meta.n > 0) {
			buf_addspan(w->out, it->meta);
			buf_addc(w->out, ' ');
		}
		put_line(w, it->text);
	}
	gap_line(w);
}

static void
write_ls(struct writer *w)
{
	const struct list_item *it, *end = w->l->item + w->l->n;
	struct list_ls above = { .mode = { NULL, 0 } };

	w->indent = SPAN_LIT(" ");
	for (it = w->l->item; it < end; it++) {
		if (it->left) {
			w->left++;
			continue;
		}
		gap_line(w);
		if (it->what == LIST_RAW)
			put_line(w, it->line);
		else
			list_ls_write(w->out, &above, it->line);
	}
	gap_line(w);
}

static void
write_lsr(struct writer *w)
{
	const struct list *l = w->l;
	size_t i, k;

	for (i = 0; i < l->n; i = k) {
		for (k = i + 1; k < l->n && l->item[k].what == LIST_ENTRY; )
			k++;
		buf_addspan(w->out, l->item[i].line);
		buf_adds(w->out, "/:");
		write_names(w, i + 1, k);
	}
}

static uint64_t
head_count(const struct list *l)
{
	switch (l->kind) {
	case LIST_PATHS:
	case LIST_DIRS:
	case LIST_DU:
		return l->n;
	default:
		return l->entries;
	}
}

void
list_write(const struct list *l, struct buf *out)
{
	struct list_head h = { .kind = l->kind, .n = head_count(l),
	    .width = l->width, .style = l->style, .all = l->all };
	struct writer w = { .l = l, .out = out };

	list_head_write(out, &h);
	switch (l->kind) {
	case LIST_GREP:
	case LIST_CONTEXT:
	case LIST_PLAIN:
		write_grep(&w);
		break;
	case LIST_HEADING:
		write_heading(&w);
		break;
	case LIST_SIZED:
		write_sized(&w);
		break;
	case LIST_LS:
		write_ls(&w);
		break;
	case LIST_LSR:
		write_lsr(&w);
		break;
	default:
		write_folders(&w);
	}
	/* The text may lack its last newline: so does the short form. */
	if (l->text.n > 0 && l->text.p[l->text.n - 1] != '\n' &&
	    !buf_err(out))
		buf_truncate(out, out->len - 1);
}
