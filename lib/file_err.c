/*
 * file_err - what files of profiles and of shapes have in common
 */
#include "compat.h"

#include "file_err.h"

bool
file_test_skip(struct span *text, struct file_err *err)
{
	while (text->n > 0) {
		struct span line = span_line(text);

		err->line++;
		if (span_eq(line, SPAN_LIT("end")))
			return true;
		if (line.n > 0 && line.p[0] != '>' && line.p[0] != '-')
			return file_wrong(err, "neither '>' nor '-' nor 'end'",
			    line);
	}
	return file_wrong(err, "a test without 'end'", SPAN_LIT(""));
}
