/*
 * ascii.h - classes of characters, whatever the locale
 *
 * Bytes of 0x80 and above belong to none of them but the last, which takes them
 * for letters of other scripts.
 */
#ifndef HR_ASCII_H
#define HR_ASCII_H

#include "compat.h"

HR_INLINE bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

HR_INLINE bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

HR_INLINE bool
is_letter8(char c)
{
	return is_letter(c) || (c & 0x80) != 0;
}

#endif
