/*
 * num - strict numbers
 */
#include "compat.h"

#include "num.h"

struct unit {
	char		name;	/* lower case */
	uint64_t	factor;
};

int
num_u64(struct span s, uint64_t lo, uint64_t hi, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	if (s.n == 0)
		return -1;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return -1;
	}
	if (v < lo || v > hi)
		return -1;
	*out = v;
	return 0;
}

static int
with_unit(struct span s, const struct unit *units, size_t nunits,
    uint64_t lo, uint64_t hi, uint64_t *out)
{
	uint64_t v, factor = 1;
	size_t i;

	for (i = 0; i < nunits && s.n > 0; i++)
		if ((s.p[s.n - 1] | 0x20) == units[i].name) {
			factor = units[i].factor;
			s.n--;
			break;
		}
	if (num_u64(s, 0, UINT64_MAX, &v) < 0 ||
	    __builtin_mul_overflow(v, factor, &v) || v < lo || v > hi)
		return -1;
	*out = v;
	return 0;
}

int
num_bytes(struct span s, uint64_t lo, uint64_t hi, uint64_t *out)
{
	static const struct unit units[] = {
		{ 'k', 1u << 10 }, { 'm', 1u << 20 }, { 'g', 1u << 30 },
	};

	return with_unit(s, units, HR_LEN(units), lo, hi, out);
}

int
num_seconds(struct span s, uint64_t lo, uint64_t hi, uint64_t *out)
{
	static const struct unit units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};

	return with_unit(s, units, HR_LEN(units), lo, hi, out);
}

int
num_range(struct span s, uint64_t *from, uint64_t *to)
{
	uint64_t a = 1, b = UINT64_MAX;
	const char *dash = s.n == 0 ? NULL : memchr(s.p, '-', s.n);
	size_t left;

	if (dash == NULL) {
		if (num_u64(s, 1, UINT64_MAX, &a) < 0)
			return -1;
		b = a;
	} else {
		left = (size_t)(dash - s.p);
		if (s.n == 1 ||
		    (left > 0 &&
		    num_u64(span_of(s.p, left), 1, UINT64_MAX, &a) < 0) ||
		    (left + 1 < s.n &&
		    num_u64(span_skip(s, left + 1), a, UINT64_MAX, &b) < 0))
			return -1;
	}
	*from = a;
	*to = b;
	return 0;
}
