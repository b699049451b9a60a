// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_PREPARED_H
#define UNICORE_PREPARED_H
/*
 * Starts of guests from memory that was kept (uc/abi/prepared.h): made of two memories of one
 * start, kept as a file, turned into the memory of a start of its own. Pure, but for the files and
 * the random numbers that it is given.
 */
#include <stdbool.h>
#include <stdint.h>

#include <uc/abi/prepared.h>
#include <unicore/util.h>

/* What a word that must be moved points into. */
enum uc_move {
	UC_MOVE_IMAGE,
	UC_MOVE_DIRECT,
	UC_MOVE_CODE,
	UC_MOVE_HEAP,
	UC_MOVE_MMAP,
	UC_MOVE_STACK,
	UC_MOVE_GUARD, /* is the guard of stacks itself */
	UC_MOVES
};

struct uc_start {
	struct uc_prepared at;
	uint64_t memory; /* bytes of RAM */
	uint32_t npages;
	uint32_t *pages; /* numbers of those that are not empty, ascending */
	uint8_t *data;   /* their contents, in that order */
	uint32_t nmoves;
	uint32_t *moves; /* index of a word of data << 3 | enum uc_move; ascending */
};

/* A guest's RAM in a file (memfd), which has holes where nothing was written. */
struct uc_memory {
	int fd;
	uint64_t bytes;
	const uint8_t *p; /* mapped */
};
int uc_memory_map(int fd, uint64_t bytes, struct uc_memory *out); /* 0 or -errno */
void uc_memory_unmap(struct uc_memory *m);

/*
 * What two memories of one start (equal parameters and seed) have in common. 0; -EAGAIN: their
 * tables happen to have different shapes, others may not; -EINVAL: they are no such memories, or
 * differ in what cannot be moved: *why says.
 */
int uc_start_compare(const struct uc_memory *a, const struct uc_memory *b, struct uc_start *out,
		     const char **why);
void uc_start_free(struct uc_start *s);

/* As a file, and back: -EINVAL if it is none. */
void uc_start_encode(const struct uc_start *s, struct uc_buf *out);
int uc_start_decode(const void *file, size_t n, struct uc_start *out);

/*
 * Memory for one start as an ELF file of physical segments: everything that is random at a new
 * place, everything that is secret with new contents. random: fills a buffer with what nobody
 * knows. 0, or -EINVAL if it cannot be done with this one.
 */
int uc_start_place(const struct uc_start *s, void (*random)(void *p, size_t n), struct uc_buf *elf);

#endif
