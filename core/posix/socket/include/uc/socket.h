// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SOCKET_H
#define UC_SOCKET_H
/*
 * Sockets: what the system calls ask of an address family. A family registers itself when it is
 * linked in; socket(2) of any other fails with EAFNOSUPPORT.
 * Context: thread. Functions return -errno (-UC_ERESTARTSYS when a signal ended a wait).
 */
#include <asm/fcntl.h>
#include <asm/socket.h>
#include <uc/vfs.h>

/* Values of the Linux ABI that its exported headers leave to the C library. */
enum {
	UC_AF_UNSPEC = 0,
	UC_AF_UNIX = 1,
	UC_AF_INET = 2,
	UC_AF_INET6 = 10,
	UC_AF_NETLINK = 16,
	UC_AF_PACKET = 17
};
enum {
	UC_SOCK_STREAM = 1,
	UC_SOCK_DGRAM = 2,
	UC_SOCK_RAW = 3,
	UC_SOCK_SEQPACKET = 5,
	UC_SOCK_TYPE_MASK = 15
};
enum { UC_SOCK_NONBLOCK = O_NONBLOCK, UC_SOCK_CLOEXEC = O_CLOEXEC };
enum { UC_SHUT_RD, UC_SHUT_WR, UC_SHUT_RDWR };
enum { UC_SCM_RIGHTS = 1, UC_SCM_CREDENTIALS = 2 };
#define UC_MSG_OOB          0x1u
#define UC_MSG_PEEK         0x2u
#define UC_MSG_DONTROUTE    0x4u
#define UC_MSG_CTRUNC       0x8u
#define UC_MSG_TRUNC        0x20u
#define UC_MSG_DONTWAIT     0x40u
#define UC_MSG_EOR          0x80u
#define UC_MSG_WAITALL      0x100u
#define UC_MSG_ERRQUEUE     0x2000u
#define UC_MSG_NOSIGNAL     0x4000u
#define UC_MSG_MORE         0x8000u
#define UC_MSG_NOTIFICATION 0x8000u /* of a received message */
#define UC_MSG_WAITFORONE   0x10000u
#define UC_MSG_CMSG_CLOEXEC 0x40000000u

struct uc_sockaddr { uint16_t family; uint8_t data[126]; };
struct uc_cmsghdr {
	uint64_t len;
	int32_t level, type;
}; /* layout of struct cmsghdr; data follows, 8-aligned */
struct uc_ucred { int32_t pid; uint32_t uid, gid; };
struct uc_msg {
	struct uc_iter it;           /* the data */
	struct uc_sockaddr
		*name; /* send: destination or NULL. receive: room for the sender's, or NULL */
	unsigned name_len;           /* send: its length. receive: set; 0: no name */
	uint8_t *control;            /* kernel copy of the ancillary data */
	size_t control_len, control_cap; /* bytes in it; receive: room */
	unsigned flags;              /* UC_MSG_*; receive: what goes to msg_flags */
};

struct uc_sock;
struct uc_sock_ops {
	int (*bind)(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len);
	int (*connect)(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock);
	int (*listen)(struct uc_sock *s, int backlog);
	/* A connected socket that has no file yet; its reference is the caller's. */
	int (*accept)(struct uc_sock *s, struct uc_sock **out, bool nonblock);
	/* Own or peer's address into *a: its length or -errno. */
	int (*getname)(struct uc_sock *s, struct uc_sockaddr *a, bool peer);
	/* Do not wait if UC_MSG_DONTWAIT is set (O_NONBLOCK has been turned into it). */
	ssize_t (*sendmsg)(struct uc_sock *s, struct uc_msg *m);
	ssize_t (*recvmsg)(struct uc_sock *s, struct uc_msg *m);
	int (*shutdown)(struct uc_sock *s, int how);
	/* Options that the common code does not know. buf has *len bytes of room; sets *len.
	 * -ENOPROTOOPT. */
	int (*getsockopt)(struct uc_sock *s, int level, int name, void *buf, unsigned *len);
	bool getsockopt_reads; /* buf is an argument of getsockopt, too */
	int (*setsockopt)(struct uc_sock *s, int level, int name, const void *buf, unsigned len);
	unsigned (*poll)(struct uc_sock *s, struct uc_poll *p);
	long (*ioctl)(struct uc_sock *s, unsigned cmd, uc_uptr arg);
	/* Memory of the socket that is mapped: borrowed, or UC_ERR_PTR. NULL: there is none. */
	struct uc_vmobj *(*mmap)(struct uc_sock *s);
	/* Bytes that wait to be read and to leave. NULL: it does not say. */
	void (*queued)(struct uc_sock *s, uint32_t *in, uint32_t *out);
	void (*close)(struct uc_sock *s); /* the last descriptor is gone */
	void (*free)(struct uc_sock *s);  /* the last reference is gone */
};
struct uc_sock {
	struct uc_inode inode;       /* carries the reference count; S_IFSOCK */
	struct uc_file *file;        /* NULL: none yet, or closed */
	struct uc_list all_link;     /* uc_sock_all */
	const struct uc_sock_ops *ops;
	int family, type, protocol;
	uc_nsec rcvtimeo, sndtimeo;  /* 0: none */
	uint32_t sndbuf, rcvbuf;
	int err;                     /* SO_ERROR, positive */
	bool listening, passcred;
	bool nonblock;               /* the file whose option is being asked for or set */
	uint64_t flag_options;       /* bit n: boolean SOL_SOCKET option n */
	uint32_t mark; int priority, rcvlowat; /* rcvlowat 0: 1 */
	struct { int onoff, linger; } linger;
	char name[24];               /* "socket:[7]" */
};
/* Every socket there is, oldest first. */
extern struct uc_list uc_sock_all;
/* Common fields of a zeroed socket; one reference. */
void uc_sock_init(struct uc_sock *s, const struct uc_sock_ops *ops, int family, int type,
		  int protocol);
static inline void uc_sock_ref(struct uc_sock *s) { uc_inode_ref(&s->inode); }
static inline void uc_sock_unref(struct uc_sock *s) { uc_inode_unref(&s->inode); }
/* What an accepted socket has from its listener, whatever the protocol. */
static inline void uc_sock_inherit(struct uc_sock *s, const struct uc_sock *listener)
{
	s->flag_options = listener->flag_options;
	s->sndbuf = listener->sndbuf;
	s->rcvbuf = listener->rcvbuf;
	s->linger = listener->linger;
}
/* A file for s, which takes over the caller's reference; NULL: no memory (reference dropped).
 * flags: O_NONBLOCK. */
struct uc_file *uc_sock_file(struct uc_sock *s, unsigned flags);
/* The socket of a file, or NULL. */
struct uc_sock *uc_sock_of(struct uc_file *f);
/* Deadline of a wait under SO_RCVTIMEO or SO_SNDTIMEO. */
uc_nsec uc_sock_deadline(uc_nsec timeo);
/* One sleep on q: 0, -EAGAIN (timed out), -EINTR or -UC_ERESTARTSYS. */
int uc_sock_sleep(struct uc_waitq *q, uc_nsec deadline);
/*
 * Waits for a message in a queue as m and SO_RCVTIMEO say, and takes it: `take` is called with the
 * queue not empty and `lock` held, which readers take turns by. Its result, SO_ERROR, or as
 * uc_sock_sleep.
 */
ssize_t uc_sock_recv_message(struct uc_sock *s, struct uc_waitq *q, const struct uc_list *queue,
			     struct uc_mutex *lock, struct uc_msg *m,
			     ssize_t (*take)(struct uc_sock *s, struct uc_msg *m));
/* SO_ERROR: returns it negative and clears it. */
int uc_sock_take_error(struct uc_sock *s);
/* Appends a control message to a received message; without room: UC_MSG_CTRUNC. */
void uc_msg_put_cmsg(struct uc_msg *m, int level, int type, const void *data, size_t n);

struct uc_sock_family {
	int family;
	int (*create)(int type, int protocol, struct uc_sock **out);
	int (*pair)(int type, int protocol, struct uc_sock *out[2]); /* NULL: -EOPNOTSUPP */
	struct uc_sock_family *next;
};
/* Requests about network interfaces, which every socket takes: by the µlib inet, else NULL. */
__attribute__((weak)) long uc_upcall_netdevice_ioctl(unsigned cmd, uc_uptr arg);
void uc_sock_register_family(struct uc_sock_family *f);
struct uc_sock_family *uc_sock_family(int family);
#endif
