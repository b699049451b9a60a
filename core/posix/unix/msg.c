// SPDX-License-Identifier: BSD-3-Clause
/* Messages and what travels with them: descriptors and credentials. */
#include "unix_private.h"
#include <uc/heap.h>
#include <uc/string.h>

struct uc_unix_msg *uc_unix_msg_new(struct uc_unix *from, uint32_t cap)
{
	struct uc_unix_msg *m = uc_heap_alloc(sizeof(*m) + cap);

	if (!m)
		return NULL;
	*m = (struct uc_unix_msg){ .cap = cap,
				   .from = uc_unix_name_ref(from->name),
				   .cred = uc_unix_current_cred() };
	uc_list_init(&m->link);
	return m;
}

static void drop_files(struct uc_unix_msg *m)
{
	for (uint32_t i = 0; i < m->nfds; i++)
		uc_file_unref(m->fds[i]);
	uc_heap_free(m->fds);
	m->fds = NULL;
	m->nfds = 0;
}

/* A file in a message may be the last reference to a socket with messages of its own: a list
 * instead of recursion keeps the kernel stack bounded. */
void uc_unix_msg_free(struct uc_unix_msg *m)
{
	static struct uc_unix_msg *dying;
	static bool active;

	m->next_dying = dying;
	dying = m;
	if (active)
		return;
	active = true;
	while ((m = dying)) {
		dying = m->next_dying;
		drop_files(m);
		uc_unix_name_unref(m->from);
		uc_heap_free(m);
	}
	active = false;
}

void uc_unix_enqueue(struct uc_unix *to, struct uc_unix_msg *m)
{
	uc_list_push_back(&to->rxq, &m->link);
	to->rx_bytes += m->len - m->off;
	to->rx_msgs++;
	uc_unix_wake_readers(to);
}

void uc_unix_dequeue(struct uc_unix *u, struct uc_unix_msg *m)
{
	uc_list_remove(&m->link);
	u->rx_bytes -= m->len - m->off;
	u->rx_msgs--;
}

/* The next control message at *off, checked against the buffer; NULL: end. -EINVAL as error
 * pointer. */
static const struct uc_cmsghdr *next_cmsg(const struct uc_msg *in, size_t *off)
{
	const struct uc_cmsghdr *h = (const void *)(in->control + *off);

	if (in->control_len - *off < sizeof(*h))
		return NULL;
	if (h->len < sizeof(*h) || h->len > in->control_len - *off)
		return UC_ERR_PTR(-EINVAL);
	*off += UC_MIN((h->len + 7) & ~7ull, (uint64_t)(in->control_len - *off));
	return h;
}

bool uc_unix_scm_present(const struct uc_msg *in)
{
	return in->control && in->control_len >= sizeof(struct uc_cmsghdr);
}

static int add_files(struct uc_unix_msg *m, const int *fds, uint32_t n)
{
	struct uc_file **v;

	if (m->nfds + n > UC_UNIX_MAX_FDS)
		return -EINVAL;
	v = uc_heap_realloc(m->fds, (m->nfds + n) * sizeof(*v));
	if (!v)
		return -ENOMEM;
	m->fds = v;
	for (uint32_t i = 0; i < n; i++) {
		struct uc_file *f = uc_fd_get(uc_upcall_fdtable(), fds[i]);

		if (!f)
			return -EBADF;
		m->fds[m->nfds++] = f;
	}
	return 0;
}

static int set_cred(struct uc_unix_msg *m, const struct uc_cmsghdr *h)
{
	struct uc_proc *p = uc_proc_current();
	struct uc_ucred c;

	if (h->len != sizeof(*h) + sizeof(c))
		return -EINVAL;
	memcpy(&c, h + 1, sizeof(c));
	if (p->euid != 0 &&
	    (c.pid != p->pid || (c.uid != p->uid && c.uid != p->euid && c.uid != p->suid) ||
	     (c.gid != p->gid && c.gid != p->egid && c.gid != p->sgid)))
		return -EPERM;
	m->cred = c;
	return 0;
}

int uc_unix_scm_take(struct uc_unix_msg *m, const struct uc_msg *in)
{
	const struct uc_cmsghdr *h;
	size_t off = 0;
	int r = 0;

	if (!uc_unix_scm_present(in))
		return 0;
	while (r == 0 && (h = next_cmsg(in, &off))) {
		if (UC_IS_ERR(h))
			return (int)UC_PTR_ERR(h);
		if (h->level != SOL_SOCKET)
			continue;
		if (h->type == UC_SCM_RIGHTS) {
			uint32_t n = (uint32_t)((h->len - sizeof(*h)) / sizeof(int));

			r = n ? add_files(m, (const int *)(h + 1), n) : 0;
		} else {
			r = h->type == UC_SCM_CREDENTIALS ? set_cred(m, h) : -EINVAL;
		}
	}
	return r;
}

/* How many descriptors fit into the control buffer. */
static uint32_t fds_that_fit(const struct uc_msg *out)
{
	size_t room = out->control_cap - out->control_len;

	return room > sizeof(struct uc_cmsghdr)
		       ? (uint32_t)((room - sizeof(struct uc_cmsghdr)) / sizeof(int))
		       : 0;
}

static void give_files(struct uc_unix_msg *m, struct uc_msg *out)
{
	uint32_t fit = UC_MIN(m->nfds, fds_that_fit(out)), done = 0;
	int *fds = fit ? uc_heap_alloc(fit * sizeof(*fds)) : NULL;

	for (; fds && done < fit; done++) {
		uc_file_ref(m->fds[done]);
		fds[done] = uc_fd_install(uc_upcall_fdtable(), m->fds[done], 0,
					  out->flags & UC_MSG_CMSG_CLOEXEC);
		if (fds[done] < 0) {
			uc_file_unref(m->fds[done]);
			break;
		}
	}
	if (done)
		uc_msg_put_cmsg(out, SOL_SOCKET, UC_SCM_RIGHTS, fds, done * sizeof(*fds));
	if (done < m->nfds)
		out->flags |= UC_MSG_CTRUNC;
	uc_heap_free(fds);
}

void uc_unix_scm_give(struct uc_unix *u, struct uc_unix_msg *m, struct uc_msg *out, bool consume)
{
	if (u->s.passcred)
		uc_msg_put_cmsg(out, SOL_SOCKET, UC_SCM_CREDENTIALS, &m->cred, sizeof(m->cred));
	if (m->nfds)
		give_files(m, out);
	if (consume)
		drop_files(m);
}
