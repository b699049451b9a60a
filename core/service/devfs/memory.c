// SPDX-License-Identifier: BSD-3-Clause
/* The devices of null(4), full(4) and random(4). */
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <linux/random.h>
#include <uc/heap.h>
#include <uc/random.h>
#include <uc/user.h>
#include <uc/vfs.h>
#include "devices.h"

static ssize_t null_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return 0;
}

/* Takes everything unread, as Linux does: even a bad address is no error. */
static ssize_t null_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	ssize_t n = (ssize_t)it->left;

	it->left = 0;
	return n;
}

static loff_t null_seek(struct uc_file *f, loff_t off, int whence)
{
	return f->pos = 0;
}

static ssize_t zero_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return uc_iter_put_zero(it, it->left);
}

static ssize_t full_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return -ENOSPC;
}

/* A mapping of /dev/zero is anonymous memory, private or shared. */
static struct uc_vmobj *zero_mmap(struct uc_file *f, int prot, int flags)
{
	return NULL;
}

#define CHUNK 512u

static ssize_t random_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	uint8_t buf[CHUNK];
	size_t done = 0;
	ssize_t r = 0;

	while (it->left > 0) {
		size_t n = UC_MIN(it->left, (uint64_t)CHUNK);

		uc_random_bytes(buf, n);
		r = uc_iter_put(it, buf, n);
		if (r <= 0)
			break;
		done += (size_t)r;
		if ((size_t)r < n)
			break;
	}
	return done ? (ssize_t)done : r;
}

/* What is written is mixed in, but counts for nothing. */
static ssize_t random_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	uint8_t buf[CHUNK];
	size_t done = 0;
	ssize_t r = 0;

	while (it->left > 0) {
		r = uc_iter_get(it, buf, UC_MIN(it->left, (uint64_t)CHUNK));
		if (r <= 0)
			break;
		uc_random_mix(buf, (size_t)r, 0);
		done += (size_t)r;
	}
	return done ? (ssize_t)done : r;
}

static unsigned random_poll(struct uc_file *f, struct uc_poll *p)
{
	return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
}

static long random_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	switch (cmd) {
	case RNDGETENTCNT:
		return uc_user_store32(arg, uc_random_ready() ? 256 : 0);
	default:
		return -EINVAL;
	}
}

static const struct uc_file_ops null_ops = { .read = null_read,
					     .write = null_write,
					     .seek = null_seek };
static const struct uc_file_ops zero_ops = {
	.read = zero_read, .write = null_write, .seek = null_seek, .mmap = zero_mmap
};
static const struct uc_file_ops full_ops = { .read = zero_read,
					     .write = full_write,
					     .seek = null_seek };
static const struct uc_file_ops random_ops = {
	.read = random_read,
	.write = random_write,
	.seek = null_seek,
	.poll = random_poll,
	.ioctl = random_ioctl,
};

void uc_devfs_add_memory_devices(void)
{
	static const struct {
		const char *name;
		unsigned minor;
		const struct uc_file_ops *ops;
	} nodes[] = {
		{ "null", 3, &null_ops },      { "zero", 5, &zero_ops },
		{ "full", 7, &full_ops },      { "random", 8, &random_ops },
		{ "urandom", 9, &random_ops },
	};

	for (unsigned i = 0; i < UC_ARRAY_SIZE(nodes); i++)
		uc_devfs_register(nodes[i].name, 0666, 1, nodes[i].minor, nodes[i].ops, NULL);
}
