// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_UNIX_PRIVATE_H
#define UC_UNIX_PRIVATE_H
/*
 * AF_UNIX sockets, unix(7). A message lies in the queue of the socket that will receive it.
 * A connected pair holds references on each other until one side closes.
 */
#include <asm/errno.h>
#include <uc/proc.h>
#include <uc/socket.h>

#define UC_UNIX_PATH_MAX 108u
#define UC_UNIX_MAX_FDS  253u
#define UC_UNIX_MAX_QUEUE 512u /* datagrams */

struct uc_unix_name { uint32_t refs, len; /* of sockaddr, 2..110 */ struct uc_sockaddr addr; };
struct uc_unix_msg {
	struct uc_list link;
	struct uc_unix_msg *next_dying;
	uint32_t len, off, cap;       /* bytes [off, len) are unread */
	struct uc_file **fds; uint32_t nfds;
	struct uc_unix_name *from;    /* NULL: unnamed */
	struct uc_ucred cred;
	uint8_t data[];
};
enum uc_unix_state { UC_UNIX_IDLE, UC_UNIX_LISTEN, UC_UNIX_CONNECTED };
struct uc_unix {
	struct uc_sock s;             /* first member */
	enum uc_unix_state state;
	bool rd_shut, wr_shut, closed;
	struct uc_unix *peer;         /* referenced; of a datagram socket: default destination */
	struct uc_list rxq; uint32_t rx_bytes, rx_msgs;
	struct uc_waitq rq;           /* something to read or accept */
	struct uc_waitq wq;           /* room to write: woken by the reader at the other end */
	struct uc_mutex rlock;        /* readers take turns: data leaves in order */
	struct uc_unix_name *name;
	struct uc_inode *bound;       /* referenced: socket file */
	struct uc_list bound_link;    /* abstract names */
	struct uc_list backlog, backlog_link; uint32_t backlog_used, backlog_max;
	struct uc_ucred cred; /* of who created, connected or listened: SO_PEERCRED of the peer */
};
static inline struct uc_unix *uc_unix_of(struct uc_sock *s) { return (struct uc_unix *)s; }
static inline bool uc_unix_is_stream(const struct uc_unix *u)
{
	return u->s.type == UC_SOCK_STREAM;
}
static inline bool uc_unix_connects(const struct uc_unix *u) { return u->s.type != UC_SOCK_DGRAM; }

void uc_unix_register(void);
struct uc_ucred uc_unix_current_cred(void);
struct uc_unix *uc_unix_new(int type);
void uc_unix_join(struct uc_unix *a, struct uc_unix *b); /* makes them peers */
void uc_unix_wake_readers(struct uc_unix *u);
void uc_unix_wake_writers(struct uc_unix *u);

/* names.c */
int uc_unix_bind(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len);
int uc_unix_autobind(struct uc_unix *u);
void uc_unix_unbind(struct uc_unix *u);
/* Referenced socket behind an address. -ECONNREFUSED, -ENOENT, -EINVAL, -EACCES, -EPROTOTYPE … */
struct uc_unix *uc_unix_find(const struct uc_sockaddr *a, unsigned len, int type);
struct uc_unix_name *uc_unix_name_ref(struct uc_unix_name *n);
void uc_unix_name_unref(struct uc_unix_name *n);

/* connect.c */
int uc_unix_connect(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock);
int uc_unix_listen(struct uc_sock *s, int backlog);
int uc_unix_accept(struct uc_sock *s, struct uc_sock **out, bool nonblock);

/* msg.c */
struct uc_unix_msg *uc_unix_msg_new(struct uc_unix *from, uint32_t cap);
void uc_unix_msg_free(struct uc_unix_msg *m);
/* Takes SCM_RIGHTS out of the control data into the message. 0, -EINVAL, -EBADF, -ETOOMANYREFS,
 * -ENOMEM. */
int uc_unix_scm_take(struct uc_unix_msg *m, const struct uc_msg *in);
/* Hands descriptors and credentials to the receiver. consume: the files leave the message. */
void uc_unix_scm_give(struct uc_unix *u, struct uc_unix_msg *m, struct uc_msg *out, bool consume);
bool uc_unix_scm_present(const struct uc_msg *in);
void uc_unix_enqueue(struct uc_unix *to, struct uc_unix_msg *m);
void uc_unix_dequeue(struct uc_unix *u, struct uc_unix_msg *m); /* unlinks; the caller frees */

/* stream.c, dgram.c */
ssize_t uc_unix_stream_send(struct uc_unix *u, struct uc_msg *m);
ssize_t uc_unix_stream_recv(struct uc_unix *u, struct uc_msg *m);
ssize_t uc_unix_dgram_send(struct uc_unix *u, struct uc_msg *m);
ssize_t uc_unix_dgram_recv(struct uc_unix *u, struct uc_msg *m);
#endif
