// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "internal.h"

bool uc_tree_mentions(void *tree, const char *text)
{
	const struct uc_tree *t = tree;
	size_t n = strlen(text);

	for (size_t i = 0; i < t->nodes.n; i++) {
		const struct uc_node *x = t->nodes.e[i].value;

		/* Texts of the skeleton are not asked: nothing would be left out. */
		if (x->kind == UC_NODE_FILE && x->host && uc_file_mentions(x->host, text, n))
			return true;
	}
	return false;
}
