// SPDX-License-Identifier: BSD-3-Clause
// sources: ../proto.c
/* First byte: which request was sent. The rest: what a hostile server answered. */
#include <stdlib.h>
#include <string.h>
#include "p9_proto.h"

static volatile uint8_t sink;

static void read_dir(struct p9_buf *b)
{
	struct p9_dirent e;
	p9_get32(b);
	while (p9_dec_dirent(b, &e) > 0) {
		for (unsigned i = 0; i < e.len; i++)
			sink += e.name[i];
	}
}

static void decode(unsigned which, struct p9_buf *b)
{
	struct p9_qid q;
	struct p9_attr a;
	struct p9_statfs s;
	uint32_t n;
	char text[64];
	switch (which) {
	case 0:
		if (p9_dec_version(b, 65536, &n) == 0 && (n > 65536 || n < 4096))
			abort();
		break;
	case 1:
		p9_dec_walk(b, 1, &q);
		break;
	case 2:
		p9_dec_attr(b, &a);
		break;
	case 3:
		p9_dec_statfs(b, &s);
		break;
	case 4:
		if (p9_dec_readlink(b, text, sizeof(text)) > (int)sizeof(text))
			abort();
		break;
	case 5:
		read_dir(b);
		break;
	default:
		if (p9_dec_count(b, 100, &n) == 0 && n > 100)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t types[] = { P9_VERSION,  P9_WALK,    P9_GETATTR, P9_STATFS,
					 P9_READLINK, P9_READDIR, P9_READ };
	struct p9_buf b;
	uint32_t size;
	if (!n)
		return 0;
	unsigned which = p[0] % sizeof(types);
	uint8_t *copy = malloc(n); /* exact, so that the sanitizer sees every overrun */
	memcpy(copy, p + 1, n - 1);
	int e = p9_reply(&b, copy, n - 1, n - 1, types[which], 1, &size);
	if (e == 0)
		decode(which, &b);
	else if (e > 0 || e < -4095)
		abort();
	free(copy);
	return 0;
}
