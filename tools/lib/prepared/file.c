// SPDX-License-Identifier: BSD-3-Clause
/* A prepared start as a file of this machine: nobody else reads it, so integers are as they are. */
#include <errno.h>
#include <string.h>

#include <unicore/prepared.h>

#define PAGE  4096u
#define MAGIC 0x3174726174534355ull /* "UCStart1" */

struct head {
	uint64_t magic;
	struct uc_prepared at;
	uint64_t memory;
	uint32_t npages, nmoves;
	uint64_t sum; /* of what follows: damage, not malice */
};

/* Read at every start, so by words: FNV-1a's step. n is a multiple of 4. */
static uint64_t sum(const uint8_t *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325ull;
	uint32_t w;

	for (; n >= sizeof(w); n -= sizeof(w), p += sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		h = (h ^ w) * 0x100000001b3ull;
	}
	return h;
}

void uc_start_encode(const struct uc_start *s, struct uc_buf *out)
{
	struct head h = { MAGIC, s->at, s->memory, s->npages, s->nmoves, 0 };
	size_t body;

	uc_buf_add(out, &h, sizeof(h));
	body = out->n;
	uc_buf_add(out, s->pages, s->npages * sizeof(*s->pages));
	uc_buf_add(out, s->moves, s->nmoves * sizeof(*s->moves));
	uc_buf_add(out, s->data, (size_t)s->npages * PAGE);
	h.sum = sum((const uint8_t *)out->p + body, out->n - body);
	memcpy(out->p + body - sizeof(h), &h, sizeof(h));
}

static bool valid(const struct uc_start *s)
{
	for (uint32_t i = 0; i < s->npages; i++)
		if ((uint64_t)s->pages[i] * PAGE >= s->memory || !s->pages[i] ||
		    (i && s->pages[i] <= s->pages[i - 1]))
			return false;
	for (uint32_t i = 0; i < s->nmoves; i++)
		if (s->moves[i] >> 3 >= s->npages * (PAGE / 8ull) || (s->moves[i] & 7) >= UC_MOVES)
			return false;
	return true;
}

static void *part(const uint8_t **p, size_t n)
{
	void *copy = memcpy(uc_xmalloc(n + 1), *p, n);

	*p += n;
	return copy;
}

int uc_start_decode(const void *file, size_t n, struct uc_start *out)
{
	const uint8_t *p = file;
	struct head h;

	if (n < sizeof(h))
		return -EINVAL;
	memcpy(&h, p, sizeof(h));
	p += sizeof(h);
	n -= sizeof(h);
	if (h.magic != MAGIC || h.memory >> 44 || n / PAGE < h.npages ||
	    n != (uint64_t)h.npages * (PAGE + 4) + (uint64_t)h.nmoves * 4)
		return -EINVAL;
	if (sum(p, n) != h.sum)
		return -EINVAL;
	*out = (struct uc_start){
		.at = h.at, .memory = h.memory, .npages = h.npages, .nmoves = h.nmoves
	};
	out->pages = part(&p, h.npages * sizeof(*out->pages));
	out->moves = part(&p, h.nmoves * sizeof(*out->moves));
	out->data = part(&p, (size_t)h.npages * PAGE);
	if (valid(out))
		return 0;
	uc_start_free(out);
	return -EINVAL;
}
