// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_STRING_H
#define UC_STRING_H
/* The C string functions that the kernel uses, with their ISO C semantics. memcpy, memmove,
 * memset and memcmp are also called by the compiler. Not for application memory (uc/user.h). */
#include <uc/types.h>
void *memcpy(void *restrict d, const void *restrict s, size_t n);
void *memmove(void *d, const void *s, size_t n);
void *memset(void *d, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
/* Copies at most cap-1 bytes and terminates. Returns strlen(s); >= cap means truncated. */
size_t uc_strlcpy(char *d, const char *s, size_t cap);
#endif
