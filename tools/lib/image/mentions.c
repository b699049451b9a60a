// SPDX-License-Identifier: BSD-3-Clause
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

static bool file_has(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool yes = false;
	struct stat st;
	void *map;

	if (fd < 0) return false;
	if (!fstat(fd, &st) && st.st_size > 0) {
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map != MAP_FAILED) {
			yes = memmem(map, (size_t)st.st_size, text, n) != NULL;
			munmap(map, (size_t)st.st_size);
		}
	}
	close(fd);
	return yes;
}

bool uc_tree_mentions(void *tree, const char *text)
{
	const struct uc_tree *t = tree;
	size_t n = strlen(text);

	for (size_t i = 0; i < t->nodes.n; i++) {
		const struct uc_node *x = t->nodes.e[i].value;

		/* Texts of the skeleton are not asked: nothing would be left out. */
		if (x->kind == UC_NODE_FILE && x->host && file_has(x->host, text, n)) return true;
	}
	return false;
}
