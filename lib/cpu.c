/*
 * cpu - processor features
 */
#include "compat.h"

#include "cpu.h"

#if defined(HAVE_SYS_PLATFORM_X86_H)	/* glibc 2.33 */
# include <sys/platform/x86.h>

bool
cpu_has_avx2(void)
{
	return CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1);
}

bool
cpu_has_sha(void)
{
	return CPU_FEATURE_ACTIVE(SHA) && CPU_FEATURE_ACTIVE(SSE4_1) &&
	    CPU_FEATURE_ACTIVE(SSSE3);
}

#else	/* what needs them is there in a portable form, too */

bool
cpu_has_avx2(void)
{
	return false;
}

bool
cpu_has_sha(void)
{
	return false;
}

#endif
