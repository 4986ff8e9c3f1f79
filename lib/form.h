/*
 * form.h - records that are written in another way than as JSON
 *
 * A form is a way to write values: CSV, the tables that psql prints, YAML...
 * Its reader makes of a text that is wholly in this form a JSON text of the
 * same values, and says in a few words how they were written; its writer
 * makes of JSON and these words the text again:
 *
 *	id,name\n1,Ann\n2,\n	csv	[{"id":1,"name":"Ann"},{"id":2}]
 *
 * What works on JSON so works on every form, and what comes of it says in
 * front how it was written: "csv: [2 rows: id,name\n1,Ann\n2\n]", hr-json(5).
 *
 * A cell or scalar that is spelt like a JSON number, true, false or null is
 * that; an empty cell is a member that is missing; all else is a string.
 * Strings are spelt as json_encode() does, no member is repeated in a record,
 * and there is no white space between tokens.
 *
 * Readers are total: any bytes may be given to them, and what is not wholly
 * in the form is refused.  They take linear time and do not recurse.
 */
#ifndef HR_FORM_H
#define HR_FORM_H

#include "compat.h"

#include "buf.h"
#include "json.h"
#include "span.h"

struct form {
	/* What `how' begins with: "csv", "psql table". */
	const char	*name;

	/*
	 * Whether s is in this form.  Appends the JSON text to json and to
	 * how the name and whatever else the writer must be told, in words
	 * that a reader understands, without a colon or a line end: "csv",
	 * "csv with semicolons".  What they hold after false is undefined, so
	 * is it after an error of theirs, which the caller looks for.
	 */
	bool (*read)(struct span s, struct buf *json, struct buf *how);

	/*
	 * Append to out the text that has these values in this form.  False if
	 * they have no such text.  NULL: the way back ends at JSON.
	 */
	bool (*write)(const struct json_doc *d, struct span how,
	    struct buf *out);
};

/*
 * The form that a text is in, the most special first; NULL if it is in none.
 * json and how are set to what its reader says.  *exact is whether its writer
 * gives all bytes of the text back, or, where the form has no writer, whether
 * nothing but white space and spelling is lost.
 */
const struct form *form_find(struct span s, struct buf *json,
	    struct buf *how, bool *exact);

/* The form of which `how' is said; NULL: of none. */
const struct form *form_named(struct span how);

#endif
