// SPDX-License-Identifier: BSD-3-Clause
#include "stdio_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <uc/abi/bootparam.h>
#include <uc/stdio.h>
#include <uc/user.h>

/* One of the three streams. Its inode exists so that /proc/self/fd/N and /dev/stdout can be
 * opened. */
struct stream { struct uc_inode inode; unsigned opens; };
static struct stream streams[3];
static struct uc_super stdio_super = { .type = "pipefs" };
static const char *const stream_names[3] = { "pipe:[1]", "pipe:[2]", "pipe:[3]" };

static enum uc_mux_stream file_stream(const struct uc_file *f)
{
	return (enum uc_mux_stream)(f->inode->ino - 1);
}

static ssize_t stream_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return uc_stdio_read(f, it);
}

static ssize_t stream_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return uc_stdio_write(file_stream(f), it);
}

static unsigned stream_poll(struct uc_file *f, struct uc_poll *p)
{
	return file_stream(f) == UC_MUX_STDIN ? uc_stdio_poll_in(p) : POLLOUT | POLLWRNORM;
}

static long stream_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	return cmd == FIONREAD ? uc_user_store32(arg, (uint32_t)uc_console_buffered()) : -ENOTTY;
}

static int stream_stat(struct uc_file *f, struct statx *st)
{
	int r = uc_stdio_attr(f->inode, st);

	st->stx_dev_minor = 1;
	return r;
}

/* The host learns that a stream ended as soon as its last descriptor is closed. */
static void stream_release(struct uc_file *f)
{
	enum uc_mux_stream s = file_stream(f);

	if (s < UC_ARRAY_SIZE(streams) && --streams[s].opens == 0 && s != UC_MUX_STDIN)
		uc_console_close_stream(s);
}

static const struct uc_file_ops in_ops = {
	.read = stream_read,
	.poll = stream_poll,
	.ioctl = stream_ioctl,
	.stat = stream_stat,
	.release = stream_release,
};
static const struct uc_file_ops out_ops = {
	.write = stream_write, .poll = stream_poll, .stat = stream_stat, .release = stream_release,
};

static int stream_getattr(struct uc_inode *i, struct statx *st)
{
	return uc_stdio_attr(i, st);
}

/* Opening through /proc/self/fd/N: one more user of the stream, in its direction only. */
static int stream_open(struct uc_inode *i, struct uc_file *f)
{
	unsigned acc = f->flags & O_ACCMODE;

	if (i->fops == &uc_tty_file_ops)
		return 0;
	if (acc != O_RDWR && (acc == O_RDONLY) != (i->fops == &in_ops))
		return -EACCES;
	streams[i->ino - 1].opens++;
	return 0;
}

const struct uc_inode_ops uc_stdio_inode_ops = { .getattr = stream_getattr, .open = stream_open };

/* The terminal as the file /dev/console, so that ttyname() finds it; nameless without /dev. */
static struct uc_file *open_tty(struct uc_inode *i)
{
	struct uc_fsctx *fs = uc_fsctx_new();
	struct uc_file *f = NULL;

	if (fs) {
		f = uc_vfs_open_existing(fs, "/dev/console", O_RDWR | O_NOCTTY);
		uc_fsctx_unref(fs);
	}
	if (f && !UC_IS_ERR(f) && f->ops == &uc_tty_file_ops)
		return f;
	if (f && !UC_IS_ERR(f))
		uc_file_unref(f);
	uc_inode_init(i, &stdio_super, &uc_stdio_inode_ops, &uc_tty_file_ops, S_IFCHR | 0620);
	i->rdev = uc_dev_make(5, 1);
	return uc_file_new_inode(i, O_RDWR, "/dev/console");
}

static struct uc_file *open_stream(unsigned n)
{
	struct uc_inode *i = &streams[n].inode;
	struct uc_file *f;

	uc_inode_init(i, &stdio_super, &uc_stdio_inode_ops, n == 0 ? &in_ops : &out_ops,
		      S_IFIFO | 0600);
	i->ino = n + 1;
	f = uc_file_new_inode(i, n == 0 ? O_RDONLY : O_WRONLY, stream_names[n]);
	if (f)
		streams[n].opens = 1;
	return f;
}

int uc_stdio_setup(struct uc_fdtable *t)
{
	unsigned tty_bits = uc_console_streams();
	struct uc_file *tty = NULL;

	stdio_super.dev = uc_dev_make(0, 1);
	for (unsigned n = 0; n < 3; n++) {
		bool is_tty = tty_bits & (UC_STREAM_STDIN_TTY << n);
		struct uc_file *f;
		int r;

		if (!is_tty)
			f = open_stream(n);
		else if (!tty)
			f = tty = open_tty(&streams[n].inode);
		else
			uc_file_ref(f = tty);
		if (!f)
			return -ENOMEM;
		r = uc_fd_install_at(t, f, (int)n, false);
		if (r < 0) {
			uc_file_unref(f);
			return r;
		}
	}
	if (tty)
		uc_tty_adopt_init();
	return 0;
}
