// SPDX-License-Identifier: BSD-3-Clause
// sources: ../msg.c
/* Ancillary data of a sendmsg(2) is the application's: whatever it holds, the walk stays inside. */
#include <asm/errno.h>
#include <stdint.h>
#include <uc/string.h>
#include "../unix_private.h"

/* The C library's headers clash with the kernel's. */
void *malloc(size_t n);
void free(void *p);
void abort(void) __attribute__((noreturn));

static struct uc_file file;
static struct uc_unix sock;
static struct uc_proc proc = { .pid = 1 };
static struct uc_task task = { .proc = &proc };

struct uc_thread *uc_thread_current(void) { return &task.thread; }
struct uc_fdtable *uc_upcall_fdtable(void) { return NULL; }
struct uc_file *uc_fd_get(struct uc_fdtable *t, int fd)
{
	if (fd < 0 || fd > 9)
		return NULL;
	file.refs++;
	return &file;
}
void uc_file_ref(struct uc_file *f) { f->refs++; }
void uc_file_unref(struct uc_file *f)
{
	if (f->refs-- == 0)
		abort();
}
int uc_fd_install(struct uc_fdtable *t, struct uc_file *f, int min, bool cloexec)
{
	f->refs--;
	return 3;
}
struct uc_ucred uc_unix_current_cred(void) { return (struct uc_ucred){ 1, 0, 0 }; }
struct uc_unix_name *uc_unix_name_ref(struct uc_unix_name *n) { return n; }
void uc_unix_name_unref(struct uc_unix_name *n) { (void)n; }
void uc_unix_wake_readers(struct uc_unix *u) { (void)u; }
void uc_msg_put_cmsg(struct uc_msg *m, int level, int type, const void *data, size_t n) { (void)m; }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct uc_msg in = { .control_len = n };
	struct uc_unix_msg *m;

	if (n > 20480)
		return 0;
	in.control = malloc(n ? n : 1);
	memcpy(in.control, data, n);
	m = uc_unix_msg_new(&sock, 0);
	if (m) {
		(void)uc_unix_scm_take(m, &in);
		uc_unix_msg_free(m);
	}
	if (file.refs)
		abort();
	free(in.control);
	return 0;
}
