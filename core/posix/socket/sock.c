// SPDX-License-Identifier: BSD-3-Clause
/* A socket as a file and inode, and the families. */
#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/sockios.h>
#include <uc/fmt.h>
#include <uc/fowner.h>
#include <uc/proc.h>
#include <uc/sockcall.h>
#include <uc/string.h>

#define DEFAULT_BUF 212992u /* net.core.{r,w}mem_default */

static struct uc_sock_family *families;
static struct uc_super sock_super = { .type = "sockfs" };
static uint64_t next_ino = 1;
struct uc_list uc_sock_all = UC_LIST_INIT(uc_sock_all);

void uc_sock_register_family(struct uc_sock_family *f)
{
	f->next = families;
	families = f;
}

struct uc_sock_family *uc_sock_family(int family)
{
	for (struct uc_sock_family *f = families; f; f = f->next)
		if (f->family == family)
			return f;
	return NULL;
}

static ssize_t transfer(struct uc_file *f, struct uc_iter *it, bool send)
{
	struct uc_sock *s = f->priv;
	struct uc_msg m = { .it = *it };
	ssize_t r = send ? uc_sock_send(s, f, &m) : uc_sock_recv(s, f, &m);

	*it = m.it;
	return r;
}

static ssize_t sock_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return it->left ? transfer(f, it, false) : 0;
}

static ssize_t sock_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	return transfer(f, it, true);
}

static unsigned sock_poll(struct uc_file *f, struct uc_poll *p)
{
	struct uc_sock *s = f->priv;
	unsigned mask = s->ops->poll(s, p);

	f->nospace |= !(mask & POLLOUT);
	return mask;
}

/* What F_SETOWN and F_GETOWN do, by their older names. */
static long owner_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	uint32_t who;

	switch (cmd) {
	case FIOSETOWN:
	case SIOCSPGRP:
		if (uc_user_load32(arg, &who) < 0)
			return -EFAULT;
		return uc_fowner_set_signed(f, (int)who);
	case FIOGETOWN:
	case SIOCGPGRP:
		return uc_user_store32(arg, (uint32_t)uc_fowner_get_signed(f));
	default:
		return -ENOTTY;
	}
}

static long sock_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	struct uc_sock *s = f->priv;
	long r = owner_ioctl(f, cmd, arg);

	if (r == -ENOTTY && s->ops->ioctl)
		r = s->ops->ioctl(s, cmd, arg);
	return r == -ENOTTY && uc_upcall_netdevice_ioctl ? uc_upcall_netdevice_ioctl(cmd, arg) : r;
}

static struct uc_vmobj *sock_mmap(struct uc_file *f, int prot, int flags)
{
	struct uc_sock *s = f->priv;

	return s->ops->mmap ? s->ops->mmap(s) : UC_ERR_PTR(-ENODEV);
}

static void sock_release(struct uc_file *f)
{
	struct uc_sock *s = f->priv;

	s->file = NULL;
	s->ops->close(s);
}

static const struct uc_file_ops sock_file_ops = {
	.read = sock_read,
	.write = sock_write,
	.poll = sock_poll,
	.ioctl = sock_ioctl,
	.mmap = sock_mmap,
	.release = sock_release,
};

/* A socket cannot be opened by name, not even through /proc/self/fd. */
static int sock_open(struct uc_inode *i, struct uc_file *f)
{
	return -ENXIO;
}

static int sock_getattr(struct uc_inode *i, struct statx *st)
{
	return 0; /* the inode's fields are all there is */
}

static void sock_free(struct uc_inode *i)
{
	struct uc_sock *s = UC_CONTAINER(i, struct uc_sock, inode);

	uc_list_remove(&s->all_link);
	s->ops->free(s);
}

static const struct uc_inode_ops sock_inode_ops = { .open = sock_open,
						    .getattr = sock_getattr,
						    .release = sock_free };

void uc_sock_init(struct uc_sock *s, const struct uc_sock_ops *ops, int family, int type,
		  int protocol)
{
	if (!sock_super.dev)
		sock_super.dev = uc_vfs_new_dev();
	uc_inode_init(&s->inode, &sock_super, &sock_inode_ops, &sock_file_ops, S_IFSOCK | 0777);
	uc_upcall_creds(&s->inode.uid, &s->inode.gid);
	s->inode.ino = next_ino++;
	uc_list_push_back(&uc_sock_all, &s->all_link);
	s->ops = ops;
	s->family = family;
	s->type = type;
	s->protocol = protocol;
	s->sndbuf = s->rcvbuf = DEFAULT_BUF;
	uc_snprintf(s->name, sizeof(s->name), "socket:[%lu]", s->inode.ino);
}

struct uc_file *uc_sock_file(struct uc_sock *s, unsigned flags)
{
	struct uc_file *f = uc_file_new_inode(&s->inode, O_RDWR | (flags & O_NONBLOCK), s->name);

	if (f) {
		f->priv = s;
		s->file = f;
	} else
		s->ops->close(s);
	uc_sock_unref(s);
	return f;
}

struct uc_sock *uc_sock_of(struct uc_file *f)
{
	return f->ops == &sock_file_ops ? f->priv : NULL;
}

uc_nsec uc_sock_deadline(uc_nsec timeo)
{
	return timeo ? uc_time_mono() + timeo : UC_FOREVER;
}

int uc_sock_sleep(struct uc_waitq *q, uc_nsec deadline)
{
	int r = uc_waitq_sleep(q, deadline, true);

	if (r == -ETIMEDOUT)
		return -EAGAIN;
	return r == -EINTR && deadline == UC_FOREVER ? -UC_ERESTARTSYS : r;
}

static int wait_message(struct uc_sock *s, struct uc_waitq *q, const struct uc_list *queue,
			const struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(s->rcvtimeo);

	for (;;) {
		int r;

		if (s->err)
			return uc_sock_take_error(s);
		if (!uc_list_empty(queue))
			return 0;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(q, deadline);
		if (r < 0)
			return r;
	}
}

ssize_t uc_sock_recv_message(struct uc_sock *s, struct uc_waitq *q, const struct uc_list *queue,
			     struct uc_mutex *lock, struct uc_msg *m,
			     ssize_t (*take)(struct uc_sock *s, struct uc_msg *m))
{
	for (;;) {
		ssize_t r = wait_message(s, q, queue, m);
		bool there;

		if (r < 0)
			return r;
		uc_mutex_lock(lock);
		there = !uc_list_empty(queue); /* or another reader was quicker */
		if (there)
			r = take(s, m);
		uc_mutex_unlock(lock);
		if (there)
			return r;
	}
}

int uc_sock_take_error(struct uc_sock *s)
{
	int e = s->err;

	s->err = 0;
	return -e;
}

void uc_msg_put_cmsg(struct uc_msg *m, int level, int type, const void *data, size_t n)
{
	struct uc_cmsghdr h = { sizeof(h) + n, level, type };
	size_t room = m->control_cap - m->control_len;

	if (room < sizeof(h)) {
		m->flags |= UC_MSG_CTRUNC;
		return;
	}
	if (h.len > room) {
		m->flags |= UC_MSG_CTRUNC;
		h.len = room;
	}
	memcpy(m->control + m->control_len, &h, sizeof(h));
	memcpy(m->control + m->control_len + sizeof(h), data, h.len - sizeof(h));
	m->control_len += UC_MIN((h.len + 7) & ~7ull, (uint64_t)room);
}
