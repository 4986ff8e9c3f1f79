/*
 * yaml_form.h - the form of YAML texts
 *
 *	name: web		yaml
 *	ports:			{"name":"web","ports":[80,443]}
 *	- 80
 *	- 443
 *
 * Several documents are an array of them, "yaml documents".  There is no
 * writer: the way back is JSON, which is YAML too.
 *
 * Scalars mean what the core schema of YAML 1.2 says, of which `yes' and
 * times are strings; numbers keep their spelling.  Refused is what would lose
 * more than spelling, or mean different things to different readers:
 * comments, directives, tags, anchors and aliases, merge keys, keys that are
 * no strings or that stand twice, numbers that JSON cannot spell (0x1F, 007,
 * 1_000, .5, .inf) or that YAML 1.1 has (1:30), line ends that it has (NEL).
 * Refused are also texts of fewer than four lines, those that are wholly in
 * brackets, those whose first lines do not look like YAML (yaml_look.h), and
 * plain scalars of several lines unless their key or dash stands before them:
 * "class A:" and its body could be such a scalar, and line ends count there.
 *
 * libyaml reads the text, for which nothing here recurses; at most
 * YAML_TEXT_MAX bytes, nested at most YAML_DEPTH_MAX deep, in brackets
 * YAML_FLOW_MAX.
 */
#ifndef HR_YAML_FORM_H
#define HR_YAML_FORM_H

#include "compat.h"

#include "form.h"

#define YAML_TEXT_MAX	((size_t)64 << 20)
#define YAML_DEPTH_MAX	128
#define YAML_FLOW_MAX	16	/* each costs libyaml time at each token */

extern const struct form yaml_form;

#endif
