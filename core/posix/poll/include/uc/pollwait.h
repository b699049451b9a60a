// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_POLLWAIT_H
#define UC_POLLWAIT_H
/*
 * Waiting for any of several files: the common part of poll and select.
 * Begin, then in rounds: check every file, sleep if none is ready. The first round enters the wait
 * queues of the files. Context: thread, inside a system call.
 */
#include <uc/proc.h>
#include <uc/vfs.h>

struct uc_pollwait;
struct uc_pollwait_entry {
	struct uc_waiter w;
	struct uc_file *file;
	struct uc_pollwait *pw;
	unsigned events;
};
struct uc_pollwait_chunk { struct uc_pollwait_chunk *next; struct uc_pollwait_entry e[15]; };
struct uc_pollwait {
	struct uc_poll poll;         /* given to file->poll; first member */
	struct uc_thread *thread;
	bool enter;                  /* this round enters wait queues */
	bool triggered;              /* something became ready since the last round */
	bool no_memory;
	struct uc_file *file;        /* being checked */
	unsigned events;
	unsigned used, used_in_chunk;
	struct uc_pollwait_entry first[3];
	struct uc_pollwait_chunk *chunks;
};
/* wait: false if the call will not sleep (zero timeout). */
void uc_pollwait_begin(struct uc_pollwait *pw, bool wait);
void uc_pollwait_end(struct uc_pollwait *pw);
/* Ready events of f among `events`, errors and hang-up. */
unsigned uc_pollwait_check(struct uc_pollwait *pw, struct uc_file *f, unsigned events);
/* After a round that found nothing. 0: go on with another round; -ETIMEDOUT, -EINTR (a signal is
 * pending), -ENOMEM: one more round, what it finds counts, then stop. */
int uc_pollwait_sleep(struct uc_pollwait *pw, uc_nsec deadline);

/* Timeouts of the system calls. A NULL pointer is UC_FOREVER. 0, -EFAULT, -EINVAL. */
int uc_poll_deadline_ts(uc_uptr uts, uc_nsec *deadline);
uc_nsec uc_poll_deadline_ms(int ms);
/* Writes what is left until the deadline back (ignored if the application cannot take it). */
void uc_poll_put_left_ts(uc_uptr uts, uc_nsec deadline);

/* Temporary signal mask of ppoll and its kin; sigmask 0: none. 0, -EFAULT, -EINVAL. */
int uc_poll_mask_begin(uc_uptr sigmask, size_t size);
/* Ends it and turns -EINTR into what the call returns. */
long uc_poll_mask_end(uc_uptr sigmask, long r);
#endif
