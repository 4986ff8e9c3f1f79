/*
 * json_source.h - a text as JSON, whatever it came as
 *
 *	struct json_source in = JSON_SOURCE_INIT;
 *
 *	why = json_source_read(&in, text, &err);
 *	...			// SQUASH_DONE: in.doc is what it says
 *	json_source_release(&in);
 *
 * JSON, several values of it one behind the other, or records in another form
 * (form.h).  doc is in canonical spelling: all strings as json_encode() spells
 * them, the value in place of a string that is the text of one, where such
 * are the bulk of the text (its container is then `escaped'), and stars behind
 * the names that a tool requires (json_tool.h).
 */
#ifndef HR_JSON_SOURCE_H
#define HR_JSON_SOURCE_H

#include "compat.h"

#include "buf.h"
#include "form.h"
#include "json.h"
#include "json_style.h"
#include "json_tool.h"
#include "span.h"
#include "squash.h"

struct json_source {
	struct span		 text;	/* JSON; what came, or what it says */
	size_t			 bytes;	/* of what came */
	bool			 lines;	/* several values: json_lines.h */
	struct json_doc		 orig;	/* over text, as it is spelt */
	struct json_doc		 doc;	/* in canonical spelling */
	struct json_embed	*embed;	/* by token of doc */
	size_t			 nembeds, embedcap;
	struct json_tools	 tools;
	struct buf		 canon;	/* what doc is over, if not text */

	/* Of what is no JSON: */
	const struct form	*form;	/* else NULL */
	struct buf		 json;	/* what it says */
	struct buf		 how;	/* how it was written */
	bool			 exact;	/* it can be written so again */
};

#define JSON_SOURCE_INIT {						\
	.orig = JSON_DOC_INIT, .doc = JSON_DOC_INIT,			\
	.tools = JSON_TOOLS_INIT, .canon = BUF_INIT, .json = BUF_INIT,	\
	.how = BUF_INIT }

/*
 * SQUASH_DONE, SQUASH_FOREIGN with *err, SQUASH_TOO_LARGE or SQUASH_NOMEM.  The
 * text must stay as it is.
 */
enum squash_reason json_source_read(struct json_source *in, struct span text,
	    struct squash_err *err) HR_MUST_USE;
void	json_source_release(struct json_source *in);

/* Whether the way back ends at another text than JSON. */
HR_INLINE bool
json_source_written(const struct json_source *in)
{
	return in->form != NULL && in->form->write != NULL;
}

/* Whether doc has, token for token, what orig has. */
HR_INLINE bool
json_source_same_tokens(const struct json_source *in)
{
	return in->form == NULL && in->nembeds == 0 && in->tools.n == 0;
}

#endif
