/*
 * What may stand bare in a table.
 */
#include "compat.h"

#include "cell.h"
#include "tap.h"

static bool
bare(const char *z)
{
	return cell_bare(span_z(z));
}

int
main(void)
{
	ok(bare("Running") && bare("two words") && bare("a:b/c") &&
	    bare("2024-05-01T10:00:00Z") && bare("10.0.0.1") && bare("x[0]"),
	    "plain text is bare");
	ok(!bare(""), "the empty string is not: it would be a missing value");
	ok(!bare("5") && !bare("-5") && !bare("5.0") && !bare("1e9") &&
	    !bare("007") && !bare("+1") && !bare(".5") && !bare("1."),
	    "what reads as a number is not");
	ok(bare("-") && bare("+") && bare(".") && bare("1e") && bare("e5") &&
	    bare("1-2") && bare("0x10"), "what only begins like one is");
	ok(!bare("null") && !bare("true") && !bare("false") && bare("Null"),
	    "null, true and false are not");
	ok(!bare(" a") && !bare("a "), "no blank at either end");
	ok(!bare("a,b") && !bare("\"a\"") && !bare("a\nb") && !bare("a\x7F") &&
	    bare("a \"b\""),
	    "no comma, control byte, nor a quote in front");
	ok(!bare("[a") && !bare("{a") && !bare("]") && !bare("}") &&
	    bare("a]") && bare("a}b"), "no bracket in front");
	ok(!cell_bare(span_of("a\0b", 3)), "no NUL");
	ok(!bare("\xED\xA0\x80") && bare("\xED\x9F\xBF"),
	    "no lone surrogate");
	ok(cell_bare_constant(span_z("ok")) &&
	    !cell_bare_constant(span_z("a}")) &&
	    !cell_bare_constant(span_z("a=b")),
	    "a constant holds no brace and no equals sign");
	ok(cell_bare_name(span_z("spec.node-name")) &&
	    !cell_bare_name(span_z("a b")) && !cell_bare_name(span_z("")) &&
	    !cell_bare_name(span_z("a=")) && !cell_bare_name(span_z("...")) &&
	    cell_bare_name(span_z("....")), "names");
	return done();
}
