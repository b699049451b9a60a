// SPDX-License-Identifier: BSD-3-Clause
/* The server's side of the handshake: what a client may offer. */
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "wire.h"

static unsigned bit(enum memif_type t)
{
	return 1u << t;
}

void memif_offer_init(struct memif_offer *o)
{
	*o = (struct memif_offer){ .bell = { -1, -1 } };
	for (unsigned i = 0; i < UC_MEMIF_REGIONS; i++)
		o->region[i] = -1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void memif_offer_close(struct memif_offer *o)
{
	for (unsigned i = 0; i < UC_MEMIF_REGIONS; i++)
		close_fd(&o->region[i]);
	close_fd(&o->bell[0]);
	close_fd(&o->bell[1]);
}

static const char *take_init(const struct memif_msg *m, uint32_t id)
{
	if (m->init.version != MEMIF_VERSION)
		return "Incompatible memif version";
	if (m->init.mode != MEMIF_ETHERNET)
		return "Only ethernet mode supported";
	return m->init.id == id ? NULL : "ID not found";
}

/* A file whose end may come nearer would end who has it mapped. */
static bool is_safe_memory(int fd, uint64_t bytes)
{
	int seals = fcntl(fd, F_GET_SEALS), mode = fcntl(fd, F_GETFL);
	struct statfs fs;
	struct stat st;

	return seals >= 0 && seals & F_SEAL_SHRINK && mode >= 0 && (mode & O_ACCMODE) == O_RDWR &&
	       fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC && fstat(fd, &st) == 0 && bytes &&
	       bytes <= (uint64_t)st.st_size && st.st_size <= UINT32_MAX;
}

static const char *take_region(struct memif_offer *o, const struct memif_msg *m, int *fd)
{
	unsigned i = o->layout.nregions;

	if (m->region.index != i || i == UC_MEMIF_REGIONS)
		return "Invalid region index";
	if (*fd < 0)
		return "Missing region fd";
	if (!is_safe_memory(*fd, m->region.size))
		return "Region is not a memory file sealed against shrinking";
	o->bytes[i] = m->region.size;
	o->region[i] = *fd;
	*fd = -1;
	o->layout.nregions++;
	return NULL;
}

/* An eventfd or a pipe: other files could be always readable. */
static bool is_bell(int fd)
{
	char path[32], name[32] = "";
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
		return true;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, name, sizeof(name) - 1) > 0 && !strcmp(name, "anon_inode:[eventfd]");
}

static const char *take_ring(struct memif_offer *o, const struct memif_msg *m, int *fd)
{
	unsigned i = m->ring.flags & MEMIF_RING_TO_SERVER ? UC_MEMIF_TO_SERVER : UC_MEMIF_TO_CLIENT;

	if (m->ring.index || o->bell[i] >= 0)
		return "Invalid ring index";
	if (m->ring.log2 > UC_MEMIF_LOG2_MAX || m->ring.offset % sizeof(uint32_t))
		return "Invalid ring";
	if (*fd < 0 || !is_bell(*fd))
		return "Missing interrupt fd";
	o->layout.ring[i] = (struct uc_memif_place){ .offset = m->ring.offset,
						     .region = m->ring.region,
						     .log2 = m->ring.log2 };
	o->bell[i] = *fd;
	*fd = -1;
	return NULL;
}

static bool is_ring(const struct memif_offer *o, const struct uc_memif_place *p)
{
	uint64_t bytes = UC_MEMIF_RING_BYTES(p->log2);
	uint32_t cookie;

	return p->region < o->layout.nregions && bytes <= o->bytes[p->region] &&
	       p->offset <= o->bytes[p->region] - bytes &&
	       pread(o->region[p->region], &cookie, sizeof(cookie), p->offset) == sizeof(cookie) &&
	       cookie == UC_MEMIF_COOKIE;
}

static const char *take_connect(const struct memif_offer *o)
{
	for (unsigned i = 0; i < 2; i++)
		if (o->bell[i] < 0 || !is_ring(o, &o->layout.ring[i]))
			return "Invalid ring";
	return NULL;
}

static const char *take(struct memif_offer *o, uint32_t id, const struct memif_msg *m, int *fd)
{
	if (m->type == MEMIF_DISCONNECT)
		return "it gives up";
	if (o->said & bit(MEMIF_CONNECT) || !(o->said & bit(MEMIF_INIT)) == (m->type != MEMIF_INIT))
		return "Unexpected message";
	switch (m->type) {
	case MEMIF_INIT:
		return take_init(m, id);
	case MEMIF_ADD_REGION:
		return take_region(o, m, fd);
	case MEMIF_ADD_RING:
		return take_ring(o, m, fd);
	case MEMIF_CONNECT:
		return take_connect(o);
	default:
		return "Unknown message type";
	}
}

const char *memif_offer_take(struct memif_offer *o, uint32_t id, const struct memif_msg *m, int fd)
{
	const char *why = take(o, id, m, &fd);

	if (!why)
		o->said |= bit(m->type);
	close_fd(&fd);
	return why;
}
