// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_P9SERVE_H
#define UNICORE_P9SERVE_H
/*
 * A 9P2000.L server for one folder and one client (diod's protocol.md): what QEMU's virtfs is to a
 * virtual machine with security_model=none. The client is not trusted. It reaches only what is
 * below the folder: each step of a walk opens one name with openat2(RESOLVE_BENEATH,
 * RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS), and everything later works on the descriptor that
 * the walk gave, so neither a rename nor a symbolic link leads elsewhere. Device nodes are neither
 * made nor opened. Symbolic links are read, never followed.
 *
 * Owners: modes are set as asked; the owner (the attaching user, root with our client, and the
 * group asked for) is set where the process may, else the file is the process's.
 *
 * Bounds for one session: UC_P9S_FIDS fids (each costs at most two descriptors), UC_P9S_MSIZE bytes
 * in a message, UC_P9S_XATTR_BYTES bytes of extended attributes on their way.
 *
 * One thread uses a session at a time; sessions are independent of each other. The calling process
 * must have /proc. Requests are answered in order; nothing waits for a lock.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UC_P9S_MSIZE       (1u << 20)
#define UC_P9S_MSIZE_MIN   4096u
#define UC_P9S_FIDS        65536u
#define UC_P9S_XATTR_BYTES (4u << 20)

struct uc_p9s;

/* A session for the folder open as root_fd (any access mode, O_PATH too), which it then owns. ro:
 * the client can change nothing. NULL: no memory (the descriptor stays the caller's). */
struct uc_p9s *uc_p9s_new(int root_fd, bool ro);
void uc_p9s_free(struct uc_p9s *s);

/*
 * Answers one message: req is the whole of it (n bytes, its size field included); reply has room
 * for UC_P9S_MSIZE bytes. The length of the reply, or -EPROTO: not a message, the connection must
 * end.
 */
int uc_p9s_answer(struct uc_p9s *s, const uint8_t *req, size_t n, uint8_t *reply);

/* Answers on a blocking stream socket until its other end is closed (0) or the client breaks the
 * protocol (-EPROTO); or -errno of the socket, -ENOMEM. Blocks SIGXFSZ in the calling thread, so
 * that a limit on file sizes is an error (EFBIG) of the client only. The descriptor stays the
 * caller's. */
int uc_p9s_serve(struct uc_p9s *s, int fd);
/* How often clients of this process have had files or folders made durable. Any thread. */
unsigned long uc_p9s_syncs(void);

#endif
