/*
 * form - which forms there are
 */
#include "compat.h"

#include "form.h"
#include "json_prefixed.h"
#include "table.h"
#include "yaml_form.h"

/* The most special first: what two can read is the earlier one's. */
static const struct form *const forms[] = {
	&json_prefixed_form,
	&table_psql,
	&table_ascii,
	&table_box,
	&table_markdown,
	&table_aws,
	&table_columns,
	&table_tsv,
	&table_csv,
	&table_psql_records,
	&table_mysql_records,
	&table_sqlite_records,
	&table_stanzas,
	&yaml_form,
	NULL
};

/* Whether the writer makes of what was read the bytes that were read. */
static bool
gives_back(const struct form *f, struct span s, struct span json,
    struct span how)
{
	struct json_doc d = JSON_DOC_INIT;
	struct buf out = BUF_INIT;
	struct json_err err;
	bool same;

	/* Some write a line's end that they then take back. */
	out.max = s.n + 2;
	same = json_doc_scan(&d, json, &err) == JSON_OK &&
	    f->write(&d, how, &out) && !buf_err(&out) &&
	    span_eq(buf_span(&out), s);
	json_doc_release(&d);
	buf_release(&out);
	return same;
}

const struct form *
form_find(struct span s, struct buf *json, struct buf *how, bool *exact)
{
	const struct form *const *f;

	for (f = forms; *f != NULL; f++) {
		buf_reset(json);
		buf_reset(how);
		if (!(*f)->read(s, json, how))
			continue;
		if (buf_err(json) || buf_err(how))
			return NULL;
		*exact = (*f)->write == NULL ||
		    gives_back(*f, s, buf_span(json), buf_span(how));
		return *f;
	}
	return NULL;
}

const struct form *
form_named(struct span how)
{
	const struct form *const *f;
	struct span name;

	for (f = forms; *f != NULL; f++) {
		name = span_z((*f)->name);
		if (span_starts(how, name) && (how.n == name.n ||
		    how.p[name.n] == ' ' || how.p[name.n] == ','))
			return *f;
	}
	return NULL;
}
