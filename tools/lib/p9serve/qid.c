// SPDX-License-Identifier: BSD-3-Clause
/* The number by which the client recognises a file. */
#include <sys/stat.h>

#include "p9s.h"

#define INO_BITS 60u /* the upper four say which file system */
enum { QT_DIR = 0x80, QT_SYMLINK = 0x02 };

/* 0: the folder's own file system; 1..15: others, in the order in which they were met. What comes
 * after the fifteenth shares the last number. */
static uint64_t dev_index(struct uc_p9s *s, dev_t dev)
{
	unsigned i;

	if (dev == s->root_dev)
		return 0;
	for (i = 0; i < s->ndevs; i++)
		if (s->devs[i] == dev)
			return i + 1;
	if (s->ndevs < sizeof(s->devs) / sizeof(s->devs[0]))
		s->devs[s->ndevs++] = dev;
	return s->ndevs;
}

uint64_t p9s_qid_path(struct uc_p9s *s, dev_t dev, ino_t ino)
{
	uint64_t index = dev_index(s, dev);

	/* Numbers that use the upper bits themselves are left alone: they are large hashes. */
	return index && !((uint64_t)ino >> INO_BITS) ? index << INO_BITS | ino : ino;
}

void p9s_put_qid(struct uc_p9s *s, struct p9s_out *o, const struct stat *st)
{
	p9s_put8(o, S_ISDIR(st->st_mode) ? QT_DIR : S_ISLNK(st->st_mode) ? QT_SYMLINK : 0);
	p9s_put32(o, (uint32_t)st->st_mtim.tv_sec ^ (uint32_t)st->st_mtim.tv_nsec ^
			     (uint32_t)(st->st_size << 8));
	p9s_put64(o, p9s_qid_path(s, st->st_dev, st->st_ino));
}
