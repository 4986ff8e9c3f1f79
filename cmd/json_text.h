/*
 * json_text.h - JSON for options that take a part of it
 */
#ifndef HR_CMD_JSON_TEXT_H
#define HR_CMD_JSON_TEXT_H

#include "compat.h"

#include "buf.h"
#include "jq_run.h"
#include "span.h"

/* A text that is not JSON but can be read as such is read into b. */
struct span json_text_of(struct span text, struct buf *b);

/* Append what a program of jq makes of it.  False: a message was printed. */
bool	json_text_jq(const char *program, struct span text, struct buf *out);

#endif
