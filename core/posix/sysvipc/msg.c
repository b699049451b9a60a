// SPDX-License-Identifier: BSD-3-Clause
/* Message queues: msgget(2), msgop(2), msgctl(2). Nothing blocks between a look and a change. */
#include "ipc.h"
#include <linux/msg.h>
#include <uc/heap.h>

struct message { struct uc_list link; int64_t type; size_t size; char text[]; };
struct msgq {
	struct ipc ipc;               /* first */
	struct uc_waitq q;            /* senders and receivers */
	struct uc_list messages;
	uint32_t refs;                /* 1 while it exists, and one for each sleeper */
	bool removed;
	uint64_t bytes, count, limit; /* limit: of bytes, and of messages */
	int lspid, lrpid;
	int64_t stime, rtime;
};

static struct ipc *msg_create(uint64_t size);
static int msg_check(const struct ipc *o, uint64_t size);
static struct ipc_kind kind = { .all = UC_LIST_INIT(kind.all), .last_id = -1,
				.create = msg_create, .check = msg_check };

static struct ipc *msg_create(uint64_t size)
{
	struct msgq *q = uc_heap_zalloc(sizeof(*q));

	if (!q)
		return UC_ERR_PTR(-ENOMEM);
	uc_waitq_init(&q->q);
	uc_list_init(&q->messages);
	q->refs = 1;
	q->limit = MSGMNB;
	return &q->ipc;
}

static int msg_check(const struct ipc *o, uint64_t size)
{
	return 0;
}

long uc_sys_msgget(int key, int flags)
{
	return ipc_get(&kind, key, 0, flags);
}

static void unref(struct msgq *q)
{
	if (--q->refs)
		return;
	while (!uc_list_empty(&q->messages)) {
		struct message *m = UC_LIST_ENTRY(q->messages.next, struct message, link);

		uc_list_remove(&m->link);
		uc_heap_free(m);
	}
	uc_heap_free(q);
}

/* The queue with a reference, or UC_ERR_PTR(-EINVAL, -EACCES). */
static struct msgq *get(int id, unsigned want)
{
	struct ipc *o = id < 0 ? NULL : ipc_find(&kind, id);
	struct msgq *q;
	int r;

	if (!o)
		return UC_ERR_PTR(-EINVAL);
	r = ipc_may(o, want);
	if (r < 0)
		return UC_ERR_PTR(r);
	q = UC_CONTAINER(o, struct msgq, ipc);
	q->refs++;
	return q;
}

static bool fits(const struct msgq *q, size_t n)
{
	return q->bytes + n <= q->limit && q->count + 1 <= q->limit;
}

static long send_to(struct msgq *q, struct message *m, int flags)
{
	int r = 0;

	if (!fits(q, m->size) && flags & IPC_NOWAIT)
		return -EAGAIN;
	r = UC_WAIT_EVENT(&q->q, q->removed || fits(q, m->size), UC_FOREVER, true);
	if (q->removed)
		return -EIDRM;
	if (r < 0)
		return -UC_ERESTARTNOHAND;
	uc_list_push_back(&q->messages, &m->link);
	q->bytes += m->size;
	q->count++;
	q->lspid = uc_proc_current()->pid;
	q->stime = ipc_now();
	uc_waitq_wake_all(&q->q);
	return 0;
}

/* The application's struct msgbuf: a long, then the text. */
static struct message *read_message(uc_uptr p, size_t n)
{
	struct message *m = uc_heap_alloc(sizeof(*m) + n);
	int r;

	if (!m)
		return UC_ERR_PTR(-ENOMEM);
	m->size = n;
	r = uc_user_read(&m->type, p, sizeof(m->type));
	if (r == 0 && m->type < 1)
		r = -EINVAL;
	if (r == 0)
		r = uc_user_read(m->text, p + sizeof(m->type), n);
	if (r == 0)
		return m;
	uc_heap_free(m);
	return UC_ERR_PTR(r);
}

long uc_sys_msgsnd(int id, uc_uptr p, size_t n, int flags)
{
	struct message *m;
	struct msgq *q;
	long r;

	if (n > MSGMAX)
		return -EINVAL;
	m = read_message(p, n);
	if (UC_IS_ERR(m))
		return UC_PTR_ERR(m);
	q = get(id, IPC_WRITE);
	r = UC_IS_ERR(q) ? UC_PTR_ERR(q) : send_to(q, m, flags);
	if (r < 0)
		uc_heap_free(m);
	if (!UC_IS_ERR(q))
		unref(q);
	return r;
}

/* The message that is meant: msgop(2), "msgtyp". NULL: none. */
static struct message *pick(const struct msgq *q, int64_t type, int flags)
{
	struct message *best = NULL;

	UC_LIST_FOREACH(it, &q->messages) {
		struct message *m = UC_LIST_ENTRY(it, struct message, link);

		if (type == 0 || (type > 0 && (m->type == type) == !(flags & MSG_EXCEPT)))
			return m;
		if (type < 0 && m->type <= (type == INT64_MIN ? INT64_MAX : -type) &&
		    (!best || m->type < best->type))
			best = m;
	}
	return best;
}

/* Takes a message off the queue, or UC_ERR_PTR. */
static struct message *receive(struct msgq *q, size_t n, int64_t type, int flags)
{
	struct message *m = pick(q, type, flags);
	int r;

	if (!m && flags & IPC_NOWAIT)
		return UC_ERR_PTR(-ENOMSG);
	r = UC_WAIT_EVENT(&q->q, q->removed || (m = pick(q, type, flags)), UC_FOREVER, true);
	if (q->removed)
		return UC_ERR_PTR(-EIDRM);
	if (r < 0)
		return UC_ERR_PTR(-UC_ERESTARTNOHAND);
	if (m->size > n && !(flags & MSG_NOERROR))
		return UC_ERR_PTR(-E2BIG);
	uc_list_remove(&m->link);
	q->bytes -= m->size;
	q->count--;
	q->lrpid = uc_proc_current()->pid;
	q->rtime = ipc_now();
	uc_waitq_wake_all(&q->q);
	return m;
}

static long hand_over(struct message *m, uc_uptr p, size_t n)
{
	long r = (long)UC_MIN(m->size, n);

	if (uc_user_write(p, &m->type, sizeof(m->type)) < 0 ||
	    uc_user_write(p + sizeof(m->type), m->text, (size_t)r) < 0)
		r = -EFAULT;
	uc_heap_free(m);
	return r;
}

long uc_sys_msgrcv(int id, uc_uptr p, size_t n, int64_t type, int flags)
{
	struct message *m;
	struct msgq *q;

	if ((ssize_t)n < 0)
		return -EINVAL;
	if (flags & MSG_COPY)
		return uc_unsupported(-ENOSYS, "msgrcv MSG_COPY");
	q = get(id, IPC_READ);
	if (UC_IS_ERR(q))
		return UC_PTR_ERR(q);
	m = receive(q, n, type, flags);
	unref(q);
	return UC_IS_ERR(m) ? UC_PTR_ERR(m) : hand_over(m, p, n);
}

static long put_info(int cmd, uc_uptr buf)
{
	struct msginfo in = { .msgpool = MSGPOOL, .msgmap = MSGMAP, .msgmax = MSGMAX,
			      .msgmnb = MSGMNB, .msgmni = MSGMNI, .msgssz = MSGSSZ,
			      .msgtql = MSGTQL, .msgseg = 0xffff };
	int r;

	if (cmd == MSG_INFO) {
		in.msgpool = (int)kind.n;
		in.msgmap = in.msgtql = 0;
		UC_LIST_FOREACH(it, &kind.all) {
			const struct msgq *q = UC_LIST_ENTRY(it, struct msgq, ipc.link);

			in.msgmap += (int)q->count;
			in.msgtql += (int)q->bytes;
		}
	}
	r = uc_user_write(buf, &in, sizeof(in));
	return r < 0 ? r : UC_MAX((int)kind.n - 1, 0);
}

static int put_stat(const struct msgq *q, uc_uptr buf)
{
	struct msqid64_ds ds = { .msg_perm = ipc_perm_of(&q->ipc), .msg_stime = q->stime,
				 .msg_rtime = q->rtime, .msg_ctime = q->ipc.ctime,
				 .msg_cbytes = q->bytes, .msg_qnum = q->count,
				 .msg_qbytes = q->limit, .msg_lspid = q->lspid,
				 .msg_lrpid = q->lrpid };

	return uc_user_write(buf, &ds, sizeof(ds));
}

static long set(struct msgq *q, uc_uptr buf)
{
	struct msqid64_ds ds;

	if (uc_user_read(&ds, buf, sizeof(ds)) < 0)
		return -EFAULT;
	if (ds.msg_qbytes > MSGMNB && uc_proc_current()->euid != 0)
		return -EPERM;
	q->limit = ds.msg_qbytes;
	ipc_set(&q->ipc, &ds.msg_perm);
	uc_waitq_wake_all(&q->q);
	return 0;
}

static void destroy(struct msgq *q)
{
	q->removed = true;
	ipc_remove(&kind, &q->ipc);
	uc_waitq_wake_all(&q->q);
	unref(q);
}

long uc_sys_msgctl(int id, int cmd, uc_uptr buf)
{
	bool by_index = cmd == MSG_STAT || cmd == MSG_STAT_ANY;
	struct ipc *o;
	int r;

	if (cmd == IPC_INFO || cmd == MSG_INFO)
		return put_info(cmd, buf);
	if (cmd != IPC_STAT && cmd != IPC_SET && cmd != IPC_RMID && !by_index)
		return -EINVAL;
	o = by_index ? ipc_at(&kind, id) : ipc_find(&kind, id);
	if (!o)
		return -EINVAL;
	if (cmd == IPC_STAT || by_index) {
		r = cmd == MSG_STAT_ANY ? 0 : ipc_may(o, IPC_READ);
		if (r == 0)
			r = put_stat(UC_CONTAINER(o, struct msgq, ipc), buf);
		return r < 0 ? r : by_index ? o->id : 0;
	}
	r = ipc_owned(o);
	if (r < 0)
		return r;
	if (cmd == IPC_SET)
		return set(UC_CONTAINER(o, struct msgq, ipc), buf);
	destroy(UC_CONTAINER(o, struct msgq, ipc));
	return 0;
}
