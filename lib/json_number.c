/*
 * json_number - what a number token is worth
 */
#include "compat.h"

#include <math.h>
#include <stdlib.h>

#include "json.h"

#define INTEGER_LEN	18	/* digits that fit an int64_t, sign and all */

bool
json_number(struct span s, double *x)
{
	char z[JSON_NUMBER_MAX + 1];
	int64_t v = 0;
	size_t i, sign;

	if (s.n == 0 || s.n > JSON_NUMBER_MAX)
		return false;
	sign = s.p[0] == '-';
	/* Most are integers and need not the generality of strtod. */
	for (i = sign; i < s.n && i < INTEGER_LEN && s.p[i] >= '0' &&
	    s.p[i] <= '9'; i++)
		v = v * 10 + (s.p[i] - '0');
	if (i == s.n) {
		*x = (double)(sign ? -v : v);
		return true;
	}
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	*x = strtod(z, NULL);
	return isfinite(*x);
}
