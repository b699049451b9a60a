// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EPOLL_PRIVATE_H
#define UC_EPOLL_PRIVATE_H
#include <uc/epoll.h>
/* Bits of event.events that are not poll events. */
#define EPOLL_PRIVATE ((uint32_t)EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
struct uc_epitem *uc_epitem_find(struct uc_epoll *ep, const struct uc_file *f, int fd);
void uc_epitem_insert(struct uc_epitem *item);
void uc_epitem_remove(struct uc_epitem *item); /* out of the set and of all queues */
void uc_epitem_unref(struct uc_epitem *item);
/* Puts it on the ready list and wakes one waiter; whether there was one. */
bool uc_epitem_mark_ready(struct uc_epitem *item);
/* Enters the file's wait queues, and marks it ready if it is. 0 or -ENOMEM. */
int uc_epitem_enter(struct uc_epitem *item);
void uc_epitem_recheck(struct uc_epitem *item);
#endif
