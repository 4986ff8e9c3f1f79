/*
 * Words that report trouble.
 */
#include "compat.h"

#include "errword.h"
#include "tap.h"

static bool
err(const char *z)
{
	return errword_in(span_z(z));
}

static bool
named(const char *z)
{
	return errword_named(span_z(z));
}

int
main(void)
{
	ok(err("ERROR: disk") && err("error") && err("x failed") &&
	    err("FATAL") && err("2 errors") && err("connection refused") &&
	    err("OOMKilled") && err("segfault at 0"), "words, in any case");
	ok(err("ReadTimeoutError") && err("NullPointerException") &&
	    err("CrashLoopBackOff") && err("ImagePullBackOff"),
	    "the ends of names");
	ok(err("file not found") && err("timed out") && err("time-out"),
	    "phrases");
	ok(!err("0 errors") && !err("no error") && !err("without errors"),
	    "what says that there is none");
	ok(!err("terror") && !err("mirrored") && !err("found it") &&
	    !err("out of stock") && !err("diet") && !err(""),
	    "other words that look alike");
	ok(!err("running") && !err("ok") && !err("healthy"), "good news");
	ok(named("0 errors") && named("perror@plt") && named("IOError") &&
	    named("test_fails ... ok") && named("[E] x") &&
	    named("timed out"), "where it is only named");
	ok(!named("[x] ok") && !named("all fine") && !named(""),
	    "what names none");
	return done();
}
