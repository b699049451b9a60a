// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_INOTIFY_PRIVATE_H
#define UC_INOTIFY_PRIVATE_H
/*
 * inotify(7). An instance is a file with a queue of events and a list of watches; watches are found
 * by their inode through one table. Nothing here blocks, so no locks. Context: thread.
 */
#include <asm/errno.h>
#include <linux/inotify.h>
#include <uc/vfs.h>

#define INOTIFY_MAX_EVENTS 16384u    /* /proc/sys/fs/inotify/max_queued_events of Linux */
#define INOTIFY_MAX_INSTANCES 128u   /* max_user_instances */
#define INOTIFY_MAX_WATCHES 65536u   /* max_user_watches */

struct inotify {
	struct uc_list events, watches;
	unsigned nevents;
	int last_wd;
	struct uc_waitq q;
};
struct inotify_watch {
	struct uc_list by_inode;         /* table */
	struct uc_list link;             /* owner->watches */
	struct inotify *owner;
	struct uc_inode *inode;          /* referenced */
	int wd;
	uint32_t mask;
};

/* Queues an event and wakes readers. name NULL: none. Without room: IN_Q_OVERFLOW, once. */
void inotify_post(struct inotify *in, int wd, uint32_t mask, uint32_t cookie, const char *name,
		  size_t len);
/* Adds a watch, or changes the one there is, as inotify_add_watch(2) says. Its number, -EEXIST,
 * -ENOMEM, -ENOSPC. */
int inotify_watch(struct inotify *in, struct uc_inode *i, uint32_t mask);
struct inotify_watch *inotify_find(struct inotify *in, int wd);
/* Removes w; tell: with an IN_IGNORED event. */
void inotify_drop(struct inotify_watch *w, bool tell);
#endif
