/*
 * json_render_impl.h - shared by the parts of json_render, for nobody else
 */
#ifndef HR_JSON_RENDER_IMPL_H
#define HR_JSON_RENDER_IMPL_H

#include "compat.h"

#include "buf.h"
#include "json_render.h"

HR_INLINE const struct json_tok *
render_tok(const struct json_render *r, uint32_t t)
{
	return &r->plan->doc->tok[t];
}

HR_INLINE struct span
render_body(const struct json_render *r, uint32_t t)
{
	return json_body(r->plan->doc->text, render_tok(r, t));
}

/*
 * Append a piece of the text.  Mostly it is short: then 16 bytes are copied
 * where both sides have as many, and the next piece overwrites the rest.
 */
HR_INLINE void
render_text(struct json_render *r, struct span s)
{
	struct span text = r->plan->doc->text;
	struct buf *b = r->out;

	if (hr_unlikely(s.n > 16 || b->cap - b->len < 16 || b->err != 0 ||
	    text.n - (size_t)(s.p - text.p) < 16)) {
		buf_addspan(b, s);
		return;
	}
	memcpy(b->p + b->len, s.p, 16);
	b->len += s.n;
}

HR_INLINE const struct json_pick *
render_pick(const struct json_render *r, uint32_t t)
{
	uint32_t n = r->picks == NULL ? 0 : json_plan_pick(r->plan, t);

	return n == 0 || n == JSON_PICK_SKIP ? NULL :
	    &r->picks->pick[n - 1];
}

/* As in the text, which is spelt as we would. */
HR_INLINE void
render_raw(struct json_render *r, uint32_t t)
{
	render_text(r, json_text(r->plan->doc->text, render_tok(r, t)));
}

/* Names of what is left out, the first few; then how many more there are. */
struct render_names {
	struct buf	*out;
	uint32_t	 n;
};

void	render_add_name(struct render_names *ns, struct span name);

/* The mark for these, of `total' there are. */
void	render_left(struct json_render *r, struct render_names *ns,
	    enum json_unit unit, uint32_t total);

/* Count what a pick leaves out. */
void	render_count(struct json_render *r, const struct json_pick *p);

/* The text that a string means, in the text itself or in r->word. */
struct span render_meaning(struct json_render *r, struct span escaped);

/* A name, escaped; the same of the member whose name is token t. */
void	render_name(struct json_render *r, struct span escaped);
void	render_member(struct json_render *r, uint32_t t);

/* Say where a value stands already, if it does and that is shorter. */
bool	render_ref(struct json_render *r, uint32_t t);

/* Any value; one in a cell. */
void	render_value(struct json_render *r, uint32_t t);
void	render_cell(struct json_render *r, uint32_t t);

/* Note the place of an element in its array. */
void	render_place(struct json_render *r, uint32_t t, uint32_t at);

/* A table with its brackets; what stands behind the number of rows. */
void	render_table(struct json_render *r, const struct json_table *table,
	    uint32_t t);
void	render_rows(struct json_render *r, const struct json_table *table,
	    uint32_t t);

#endif
