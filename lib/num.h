/*
 * num.h - strict numbers from option arguments and formats
 *
 * Nothing here accepts blanks, signs, or trailing bytes.  All return 0, or
 * -1 with *out untouched when the text is no such number or out of range.
 */
#ifndef HR_NUM_H
#define HR_NUM_H

#include "compat.h"

#include "span.h"

/* A decimal number from lo to hi. */
int	num_u64(struct span s, uint64_t lo, uint64_t hi, uint64_t *out)
	    HR_MUST_USE;

/* The same with an optional binary unit: 64k, 10m, 2g (of either case). */
int	num_bytes(struct span s, uint64_t lo, uint64_t hi, uint64_t *out)
	    HR_MUST_USE;

/* Seconds, with an optional unit: 90, 90s, 15m, 12h, 30d. */
int	num_seconds(struct span s, uint64_t lo, uint64_t hi, uint64_t *out)
	    HR_MUST_USE;

/*
 * "A-B", "A-", "-B" or "A": a closed range of positions counted from 1, with
 * A <= B.  An open start is 1, an open end UINT64_MAX.
 */
int	num_range(struct span s, uint64_t *from, uint64_t *to) HR_MUST_USE;

#endif
