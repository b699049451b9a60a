// SPDX-License-Identifier: BSD-3-Clause
/* System calls, output, arguments. */
#include "probe.h"

enum { ENOSYS = 38 };

static char out[8192];
static size_t used;

long sys(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "+a"(nr)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return nr;
}

static long write_some(const char *p, size_t n)
{
	long r = sys(NR_write, 1, (long)p, (long)n, 0, 0, 0);
	long iov[2] = { (long)p, (long)n };

	return r == -ENOSYS ? sys(NR_writev, 1, (long)iov, 1, 0, 0, 0) : r;
}

void flush(void)
{
	for (size_t done = 0; done < used;) {
		long r = write_some(out + done, used - done);

		if (r <= 0)
			quit(2);
		done += (size_t)r;
	}
	used = 0;
}

void put(const char *s)
{
	for (; *s; s++) {
		if (used == sizeof(out))
			flush();
		out[used++] = *s;
	}
}

static void put_digits(uint64_t v, unsigned n)
{
	char text[17];

	text[n] = 0;
	for (; n--; v >>= 4)
		text[n] = "0123456789abcdef"[v & 15];
	put(text);
}

void put_hex(uint64_t v)
{
	unsigned n = 1;

	while (n < 16 && v >> (4 * n))
		n++;
	put_digits(v, n);
}

void put_bytes(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_digits(p[i], 2);
}

void line(const char *name, uint64_t v)
{
	put(name);
	put(" ");
	put_hex(v);
	put("\n");
}

bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

const char *arg_value(const char *const *argv, const char *key)
{
	for (; *argv; argv++) {
		const char *a = *argv, *k = key;

		while (*k && *a == *k)
			a++, k++;
		if (!*k)
			return a;
	}
	return NULL;
}

uint64_t parse_hex(const char *s)
{
	uint64_t v = 0;

	for (; *s; s++)
		v = v << 4 | (uint64_t)(*s <= '9' ? *s - '0' : *s - 'a' + 10);
	return v;
}

void quit(int status)
{
	sys(NR_exit_group, status, 0, 0, 0, 0, 0);
	for (;;)
		sys(NR_exit, status, 0, 0, 0, 0, 0);
}

void *map_anon(uint64_t at, uint64_t len, int prot)
{
	long r = sys(NR_mmap, (long)at, (long)len, prot, MAP_PRIV | MAP_ANON | (at ? MAP_FIX : 0),
		     -1, 0);

	return r < 0 && r > -4096 ? NULL : (void *)r;
}

/* What the compiler calls. */
void *memset(void *p, int c, size_t n);
void *memcpy(void *d, const void *s, size_t n);

void *memset(void *p, int c, size_t n)
{
	void *d = p;

	__asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(c) : "memory");
	return p;
}

void *memcpy(void *d, const void *s, size_t n)
{
	void *at = d;

	__asm__ volatile("rep movsb" : "+D"(at), "+S"(s), "+c"(n) : : "memory");
	return d;
}
