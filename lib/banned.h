/*
 * banned.h - functions that have no safe use do not compile
 *
 * Each of these either writes without knowing the size of its target, keeps
 * hidden state, or cannot report an error.  Use buf.h, num.h and memcpy().
 */
#ifndef HR_BANNED_H
#define HR_BANNED_H

/* Their headers must be read before the names are taken away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HR_BANNED(f)	hr_banned_function_##f

#undef strcpy
#define strcpy(a, b)	HR_BANNED(strcpy)
#undef strcat
#define strcat(a, b)	HR_BANNED(strcat)
#undef strncpy
#define strncpy(a, b, n) HR_BANNED(strncpy)
#undef strncat
#define strncat(a, b, n) HR_BANNED(strncat)
#undef strtok
#define strtok(a, b)	HR_BANNED(strtok)
#undef sprintf
#define sprintf(...)	HR_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...)	HR_BANNED(vsprintf)
#undef atoi
#define atoi(a)		HR_BANNED(atoi)
#undef atol
#define atol(a)		HR_BANNED(atol)
#undef gmtime
#define gmtime(t)	HR_BANNED(gmtime)
#undef localtime
#define localtime(t)	HR_BANNED(localtime)
#undef ctime
#define ctime(t)	HR_BANNED(ctime)

#endif
