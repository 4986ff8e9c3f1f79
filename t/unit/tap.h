/*
 * tap.h - the least that a unit test needs: numbered points on stdout
 *
 *	ok(buf_err(&b) == 0, "no error yet");
 *	...
 *	return done();
 *
 * The plan comes at the end, so that a test that dies early fails.  A point
 * that failed says where it stands.
 */
#ifndef HR_TAP_H
#define HR_TAP_H

#include <stdbool.h>
#include <stdio.h>

static unsigned tap_points, tap_failed;

#define ok(cond, name)	tap_point(cond, name, __FILE__, __LINE__)

static inline bool
tap_point(bool good, const char *name, const char *file, int line)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++tap_points, name);
	if (!good) {
		printf("# failed at %s:%d\n", file, line);
		tap_failed++;
	}
	/* What is printed must outlive a crash in the next line. */
	fflush(stdout);
	return good;
}

static inline int
done(void)
{
	printf("1..%u\n", tap_points);
	return tap_failed != 0;
}

#endif
