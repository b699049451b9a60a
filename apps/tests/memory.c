// SPDX-License-Identifier: BSD-3-Clause
// mmap, munmap, mprotect, mremap, madvise, msync, mincore, brk; private and shared file mappings.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PG 4096ul

static char *anon(size_t pages)
{
	return mmap(NULL, pages * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int mapped(void *p)
{
	unsigned char v;
	return mincore(p, PG, &v) == 0;
}

static void anonymous(void)
{
	char *p = anon(8);
	CHECK(p != MAP_FAILED && ((uintptr_t)p & (PG - 1)) == 0);
	for (unsigned i = 0; i < 8 * PG; i += PG) {
		CHECK(p[i] == 0);
		p[i] = (char)(i / PG + 1);
	}
	CHECK(munmap(p + 2 * PG, 2 * PG) == 0);
	CHECK(mapped(p + PG) && !mapped(p + 2 * PG) && mapped(p + 4 * PG));
	CHECK_ERR(mprotect(p, 8 * PG, PROT_READ), ENOMEM);
	CHECK(p[4 * PG] == 5);
	CHECK(mmap(p + 2 * PG, PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		   -1, 0) == p + 2 * PG);
	CHECK(p[2 * PG] == 0);
	CHECK_ERR(mmap(p + 4 * PG, PG, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		       -1, 0),
		  EEXIST);
	CHECK(munmap(p, 8 * PG) == 0);
	CHECK_ERR(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERR(mmap(NULL, PG, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERR(mmap(NULL, PG, PROT_READ, MAP_PRIVATE, 99, 0), EBADF);
	CHECK_ERR(mmap(NULL, 1ul << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK_ERR(munmap((void *)1, PG), EINVAL);
	CHECK_ERR(syscall(SYS_mprotect, 1, PG, PROT_READ),
		  EINVAL); /* musl's mprotect rounds down */
	/* Reserving much more than there is memory works; so does using a little of it. */
	char *big = mmap(NULL, 64ul << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			 -1, 0);
	CHECK(big != MAP_FAILED);
	CHECK(mprotect(big + (32ul << 30), PG, PROT_READ | PROT_WRITE) == 0);
	big[32ul << 30] = 1;
	CHECK(munmap(big, 64ul << 30) == 0);
}

static void advice(void)
{
	char *p = anon(4);
	memset(p, 7, 4 * PG);
	CHECK(madvise(p + PG, 2 * PG, MADV_DONTNEED) == 0);
	CHECK(p[0] == 7 && p[PG] == 0 && p[2 * PG] == 0 && p[3 * PG] == 7);
	CHECK(madvise(p, 4 * PG, MADV_WILLNEED) == 0);
	CHECK(madvise(p, 4 * PG, MADV_SEQUENTIAL) == 0);
	CHECK_ERR(madvise(p, 4 * PG, 12345), EINVAL);
	CHECK_ERR(madvise(p + 1, PG, MADV_DONTNEED), EINVAL);
	unsigned char v[4];
	CHECK(mincore(p, 4 * PG, v) == 0 && (v[0] & 1) && (v[3] & 1));
	munmap(p, 4 * PG);
	CHECK_ERR(mincore(p, 4 * PG, v), ENOMEM);
	CHECK_ERR(madvise(p, 4 * PG, MADV_DONTNEED), ENOMEM);
	p = mmap(NULL, 4 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		 -1, 0);
	CHECK(mincore(p, 4 * PG, v) == 0 && (v[0] & v[1] & v[2] & v[3] & 1));
	munmap(p, 4 * PG);
}

static void remap(void)
{
	char *p = anon(4);
	for (int i = 0; i < 4; i++)
		p[i * PG] = (char)(i + 1);
	char *q = mremap(p, 4 * PG, 400 * PG, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && q[0] == 1 && q[3 * PG] == 4 && q[4 * PG] == 0 && q[399 * PG] == 0);
	CHECK(mremap(q, 400 * PG, 2 * PG, 0) == q);
	CHECK(mapped(q + PG) && !mapped(q + 2 * PG));
	char *hole = anon(8);
	munmap(hole, 8 * PG);
	char *r = mremap(q, 2 * PG, 2 * PG, MREMAP_MAYMOVE | MREMAP_FIXED, hole);
	CHECK(r == hole && r[PG] == 2 && !mapped(q));
	CHECK_ERR(mremap(r + 1, PG, PG, 0), EINVAL);
	CHECK_ERR(mremap(q, PG, 2 * PG, MREMAP_MAYMOVE), EFAULT);
	/* In place growth fails when the next page is taken. */
	char *s = anon(3);
	munmap(s + PG, PG);
	CHECK_ERR(mremap(s, PG, 3 * PG, 0), ENOMEM);
	munmap(s, 3 * PG);
	munmap(r, 2 * PG);
}

static void files(void)
{
	char name[] = "/tmp/memory-XXXXXX", buf[16];
	int fd = mkstemp(name);
	char *page = calloc(3, PG);
	memset(page, 'a', PG);
	memset(page + PG, 'b', PG);
	memset(page + 2 * PG, 'c', 100);
	CHECK(write(fd, page, 2 * PG + 100) == (ssize_t)(2 * PG + 100));
	char *priv = mmap(NULL, 3 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *shared = mmap(NULL, 3 * PG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *second = mmap(NULL, PG, PROT_READ, MAP_SHARED, fd, PG);
	CHECK(priv != MAP_FAILED && shared != MAP_FAILED && second != MAP_FAILED);
	CHECK(priv[0] == 'a' && priv[PG] == 'b' && priv[2 * PG] == 'c' && priv[2 * PG + 100] == 0);
	priv[0] = 'P';
	CHECK(shared[0] == 'a');
	shared[PG] = 'S';
	CHECK(second[0] == 'S');
	CHECK(pread(fd, buf, 2, PG) == 2 && buf[0] == 'S' && buf[1] == 'b');
	CHECK(pwrite(fd, "W", 1, PG + 1) == 1);
	CHECK(second[1] == 'W' && shared[PG + 1] == 'W');
	CHECK(pread(fd, buf, 1, 0) == 1 && buf[0] == 'a' && priv[0] == 'P');
	CHECK(msync(shared, 3 * PG, MS_SYNC) == 0);
	CHECK_ERR(msync(shared, PG, MS_SYNC | MS_ASYNC), EINVAL);
	CHECK(ftruncate(fd, PG) == 0 && ftruncate(fd, 2 * PG) == 0);
	CHECK(shared[PG] == 0 && second[1] == 0);
	close(fd);
	CHECK(shared[0] == 'a');
	munmap(shared, 3 * PG);
	munmap(priv, 3 * PG);
	munmap(second, PG);

	int ro = open(name, O_RDONLY);
	CHECK_ERR(mmap(NULL, PG, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0), EACCES);
	char *cow = mmap(NULL, PG, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0);
	CHECK(cow != MAP_FAILED);
	cow[1] = 'z';
	CHECK(pread(ro, buf, 2, 0) == 2 && buf[1] == 'a');
	char *limited = mmap(NULL, PG, PROT_READ, MAP_SHARED, ro, 0);
	CHECK_ERR(mprotect(limited, PG, PROT_READ | PROT_WRITE), EACCES);
	CHECK_ERR(mmap(NULL, PG, PROT_READ, MAP_PRIVATE, ro, 1), EINVAL);
	int wo = open(name, O_WRONLY);
	CHECK_ERR(mmap(NULL, PG, PROT_READ, MAP_PRIVATE, wo, 0), EACCES);
	close(ro);
	close(wo);
	unlink(name);
	free(page);

	int mem = memfd_create("x", MFD_CLOEXEC);
	CHECK(mem >= 0 && ftruncate(mem, 2 * PG) == 0);
	char *m = mmap(NULL, 2 * PG, PROT_READ | PROT_WRITE, MAP_SHARED, mem, 0);
	m[PG + 3] = 'm';
	CHECK(pread(mem, buf, 1, PG + 3) == 1 && buf[0] == 'm');
	munmap(m, 2 * PG);
	close(mem);

	/* The program's own file: text can be read, and a private writable copy changed. */
	int self = open("/proc/self/exe", O_RDONLY);
	char *elf = mmap(NULL, PG, PROT_READ | PROT_WRITE, MAP_PRIVATE, self, 0);
	CHECK(self >= 0 && elf != MAP_FAILED && memcmp(elf, "\177ELF", 4) == 0);
	elf[0] = 0;
	CHECK(pread(self, buf, 4, 0) == 4 && buf[0] == 127);
}

/* What a file loses at its end is lost to private copies, too; a hole is not. */
static void shrunk(void)
{
	const int hole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
	int fd = memfd_create("shrunk", 0), status;
	CHECK(ftruncate(fd, 2 * PG) == 0);
	char *p = mmap(NULL, 2 * PG, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *q = mmap(NULL, PG, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	memset(p, 7, 2 * PG);
	CHECK(ftruncate(fd, PG) == 0 && ftruncate(fd, 2 * PG) == 0);
	CHECK(p[0] == 7 && p[PG] == 0);
	p[PG] = 3;
	pid_t pid = fork(); /* the copies have two owners now */
	if (pid == 0)
		_exit(fallocate(fd, hole, 0, 2 * PG) == 0 ? p[PG] : 99);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
	CHECK(p[0] == 7 && p[PG] == 3);
	CHECK(pwrite(fd, "y", 1, 0) == 1 && q[0] == 'y');
	CHECK(fallocate(fd, hole, 0, PG) == 0 && q[0] == 0);
	CHECK(mprotect(p, 2 * PG, PROT_NONE) == 0 && mprotect(p, 2 * PG, PROT_READ) == 0);
	CHECK(fallocate(fd, hole, 0, 2 * PG) == 0);
	CHECK(p[0] == 7 && p[PG] == 3);
	munmap(p, 2 * PG);
	munmap(q, PG);
	close(fd);
}

static void code(void)
{
	static const unsigned char ret42[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	unsigned char *p = (unsigned char *)anon(1);
	memcpy(p, ret42, sizeof(ret42));
	CHECK(mprotect(p, PG, PROT_READ | PROT_EXEC) == 0);
	CHECK(((int (*)(void))(uintptr_t)p)() == 42);
	CHECK(mprotect(p, PG, PROT_READ | PROT_WRITE) == 0);
	p[1] = 43;
	CHECK(mprotect(p, PG, PROT_READ | PROT_EXEC) == 0);
	CHECK(((int (*)(void))(uintptr_t)p)() == 43);
	munmap(p, PG);
}

static char *set_break(char *to)
{
	return (char *)syscall(SYS_brk, to);
}

static void heap(void)
{
#ifdef __GLIBC__ /* musl's sbrk only answers where the break is */
	/* The call itself, and the break as before afterwards: musl's sbrk refuses, glibc's caches.
	 */
	char *start = set_break(NULL);
	CHECK(start != NULL);
	CHECK(set_break(start + 5 * PG) == start + 5 * PG);
	memset(start, 1, 5 * PG);
	CHECK(set_break(start + PG) == start + PG);
	CHECK(set_break(start + 5 * PG) == start + 5 * PG);
	CHECK(start[0] == 1 && start[5 * PG - 1] == 0);
	CHECK(set_break((char *)PG) == start + 5 * PG);
	CHECK(set_break(start) == start);
#endif
	char *list[64];
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 64; i++) {
			list[i] = malloc((size_t)1 << (i % 20));
			list[i][0] = (char)i;
		}
		for (int i = 0; i < 64; i++) {
			CHECK(list[i][0] == (char)i);
			free(list[i]);
		}
	}
	CHECK(malloc((size_t)-1 >> 1) == NULL && errno == ENOMEM);
}

int main(void)
{
	anonymous();
	advice();
	remap();
	files();
	shrunk();
	code();
	heap();
	return check_done();
}
