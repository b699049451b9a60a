// SPDX-License-Identifier: BSD-3-Clause
// sources: ../parse.c ../file.c ../../util/mem.c ../../util/vec.c ../../util/map.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -lelf -lxxhash
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/elf.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* libelf wants memory that it may write to; a copy also catches reads past the end. */
	uint8_t *copy = malloc(size ? size : 1);
	const char *why;
	struct uc_elf e;
	char text[64];

	if (!copy) return 0;
	memcpy(copy, data, size);
	if (uc_elf_parse(copy, size, &e, &why) == UC_ELF_OK) {
		uc_elf_is_program(&e);
		uc_elf_describe(&e, text, sizeof(text));
		uc_elf_free(&e);
	}
	free(copy);
	return 0;
}
