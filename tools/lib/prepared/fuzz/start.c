// SPDX-License-Identifier: BSD-3-Clause
// sources: ../compare.c ../file.c ../place.c ../tables.c ../../util/mem.c ../../util/vec.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
/* A kept start that is accepted is placed or refused; a file whose sum is right may say
 * anything. */
#include <stdlib.h>
#include <string.h>

#include <unicore/prepared.h>

static void numbers(void *p, size_t n)
{
	static uint8_t next = 1;

	for (uint8_t *at = p; n; n--)
		*at++ = next = (uint8_t)(next * 5 + 3);
}

static void place(const struct uc_start *s)
{
	struct uc_buf elf = { 0 };

	if (!uc_start_place(s, numbers, &elf) && !elf.n)
		abort();
	uc_buf_free(&elf);
}

/* The bytes as what a file holds, so that the sum is not in the way. */
static void as_contents(const uint8_t *p, size_t n)
{
	enum { PAGE = 4096, MAX = 32 };
	uint32_t pages[MAX], moves[MAX];
	struct uc_start s = { .pages = pages, .moves = moves, .memory = 64 * PAGE };
	struct uc_buf file = { 0 };
	struct uc_start read;

	if (n < sizeof(s.at))
		return;
	memcpy(&s.at, p, sizeof(s.at));
	p += sizeof(s.at);
	n -= sizeof(s.at);
	s.data = uc_xzalloc(MAX * PAGE);
	for (; s.npages < MAX && n; s.npages++) {
		size_t part = n < 64 ? n : 64;

		pages[s.npages] = s.npages + 1;
		memcpy(s.data + s.npages * PAGE + (p[0] & 63) * 64, p, part);
		if (s.npages * 2 < MAX)
			moves[s.nmoves++] =
				(uint32_t)(p[0] % (s.npages + 1) * 512) << 3 | p[0] % UC_MOVES;
		p += part;
		n -= part;
	}
	place(&s);
	uc_start_encode(&s, &file);
	if (uc_start_decode(file.p, file.n, &read))
		abort();
	place(&read);
	uc_start_free(&read);
	uc_buf_free(&file);
	free(s.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct uc_start s;

	if (!uc_start_decode(p, n, &s)) {
		place(&s);
		uc_start_free(&s);
	}
	as_contents(p, n);
	return 0;
}
