// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PSEUDO_PRIVATE_H
#define UC_PSEUDO_PRIVATE_H
#include <uc/pseudofs.h>
struct uc_pseudo_inode {
	struct uc_inode inode; /* first member */
	const struct uc_pseudo_entry *entry;
	struct uc_pseudo_key key;
};
static inline struct uc_pseudo_inode *uc_pseudo_of(struct uc_inode *i)
{
	return (struct uc_pseudo_inode *)i;
}
struct uc_pseudo_entry *uc_pseudo_child(const struct uc_pseudo_entry *dir, const char *name,
					size_t len);
extern const struct uc_file_ops uc_pseudo_file_ops;
static inline size_t uc_pseudo_component(const char *s)
{
	size_t n = 0;

	while (s[n] && s[n] != '/')
		n++;
	return n;
}
/* A decimal number without leading zeros, or -1. */
int uc_pseudo_number(const char *name, size_t len);
#endif
