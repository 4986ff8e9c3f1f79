/*
 * hash_avx2 - runs of XXH3 with AVX2
 *
 * Only called where the CPU has it.  System headers come before the target is
 * set: what they hold inline is for any CPU.
 */
#include "compat.h"

#include "hash_impl.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>
#include <limits.h>

#if defined(__clang__)
# pragma clang attribute push(__attribute__((target("avx2"))),		\
    apply_to = function)
#else
# pragma GCC push_options
# pragma GCC target("avx2")
#endif

#define XXH_VECTOR	2	/* XXH_AVX2 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#define CORE(name)	hash_##name##_avx2
#include "hash_core.h"

#if defined(__clang__)
# pragma clang attribute pop
#else
# pragma GCC pop_options
#endif

#endif
