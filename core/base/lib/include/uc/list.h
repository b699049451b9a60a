// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LIST_H
#define UC_LIST_H
/* Intrusive circular doubly linked list. A node not on a list is self-linked (after init or
 * removal), so removal is idempotent. Context: any; the caller serialises. */
#include <uc/types.h>

struct uc_list {
	struct uc_list *next, *prev;
};

#define UC_LIST_INIT(l)                                                                            \
	{                                                                                          \
		&(l), &(l)                                                                         \
	}
static inline void uc_list_init(struct uc_list *l) { l->next = l->prev = l; }
static inline bool uc_list_empty(const struct uc_list *l) { return l->next == l; }
static inline void uc_list_insert_after(struct uc_list *pos, struct uc_list *n)
{
	n->next = pos->next;
	n->prev = pos;
	pos->next->prev = n;
	pos->next = n;
}
static inline void uc_list_push_front(struct uc_list *l, struct uc_list *n)
{
	uc_list_insert_after(l, n);
}
static inline void uc_list_push_back(struct uc_list *l, struct uc_list *n)
{
	uc_list_insert_after(l->prev, n);
}
static inline void uc_list_remove(struct uc_list *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	uc_list_init(n);
}
static inline unsigned uc_list_length(const struct uc_list *l) /* walks it */
{
	unsigned n = 0;
	for (const struct uc_list *it = l->next; it != l; it = it->next)
		n++;
	return n;
}
#define UC_LIST_ENTRY(p, T, m) UC_CONTAINER(p, T, m)
#define UC_LIST_FOREACH(it, l) for (struct uc_list *it = (l)->next; it != (l); it = it->next)
/* Safe against removal of `it`. */
#define UC_LIST_FOREACH_SAFE(it, l)                                                                \
	for (struct uc_list *it = (l)->next, *it##_n = it->next; it != (l);                        \
	     it = it##_n, it##_n = it->next)

#endif
