/*
 * hash_core.h - runs of XXH3, compiled once for each vector unit
 *
 * Included behind xxhash.h by a file that has defined CORE(name), the name of
 * this variant of a function.
 */

static XXH3_state_t *
state_of(struct hash_run *r)
{
	_Static_assert(sizeof(XXH3_state_t) <= sizeof(r->state),
	    "room for the state");
	return (void *)r->state;
}

void
CORE(start)(struct hash_run *r, uint64_t seed)
{
	XXH3_INITSTATE(state_of(r));
	XXH3_128bits_reset_withSeed(state_of(r), seed);
}

struct hash128
CORE(go)(struct hash_run *r, struct span more)
{
	XXH128_hash_t h;

	if (more.n > 0)
		XXH3_128bits_update(state_of(r), more.p, more.n);
	h = XXH3_128bits_digest(state_of(r));
	return (struct hash128){ h.low64, h.high64 };
}
