/*
 * compat.h - the first include of every .c file
 *
 * Brings in config.h (feature macros must precede every system header),
 * the types that all modules use, and the attributes by which the compiler
 * checks what a header promises.  Functions that have no safe use are made
 * compile errors by banned.h at the end.
 */
#ifndef HR_COMPAT_H
#define HR_COMPAT_H

#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
# define HR_PRINTF(f, a)	__attribute__((format(printf, f, a)))
# define HR_NORETURN		__attribute__((noreturn))
# define HR_MUST_USE		__attribute__((warn_unused_result))
# define HR_INLINE		static inline __attribute__((always_inline))
# define hr_likely(x)		__builtin_expect(!!(x), 1)
# define hr_unlikely(x)		__builtin_expect(!!(x), 0)
#else
# define HR_PRINTF(f, a)
# define HR_NORETURN
# define HR_MUST_USE
# define HR_INLINE		static inline
# define hr_likely(x)		(x)
# define hr_unlikely(x)		(x)
#endif

#define HR_LEN(a)	(sizeof(a) / sizeof((a)[0]))

#include "banned.h"

#endif
