// SPDX-License-Identifier: BSD-3-Clause
// sources: ../object.c ../symbols.c ../relocs.c ../unwind.c ../decode.c ../body.c ../cuts.c
// sources: ../value.c ../state.c ../flow.c ../values.c ../live.c ../passed.c ../branch.c
// sources: ../returns.c ../compared.c
// sources: ../../util/mem.c ../../util/search.c ../../util/path.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lZydis
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/code.h>

#define BUDGET 200000 /* instructions: what a hostile file may cost */

static void look_at(struct uc_code *c, uint64_t at)
{
	static const struct uc_atom rax = { UC_ATOM_ARG, 0, 0 };
	struct uc_code_args args = { 0 }; /* every one is 0 or 1 */
	struct uc_code_vec others = { &at, 1 };
	struct uc_entry entry = { &args, &others };
	struct uc_code_range f;
	struct uc_value v;
	struct uc_refs r;

	if (!uc_code_function(c, at, &f))
		return;
	for (unsigned i = 0; i < UC_ARGS; i++)
		args.reg[i] = (struct uc_code_arg){ 2, { 0, 1 } };
	uc_code_refs(c, &f, &entry, &r);
	uc_refs_free(&r);
	uc_code_refs(c, &f, NULL, &r);
	for (size_t i = 0; i < r.n; i++)
		if (r.v[i].kind == UC_REF_DATA)
			uc_code_extent(c, r.v[i].to);
	for (size_t i = 0; i < r.nsites && i < 4; i++)
		uc_code_values(c, &f, r.sites[i], &rax, &v);
	uc_refs_free(&r);
}

/* An ELF file of any content: opened, surveyed, and a few of its functions analysed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1); /* catches reads past the end */
	const char *why;
	struct uc_code c;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	if (uc_code_open(&c, copy, size, &why)) {
		c.budget = BUDGET;
		uc_code_cuts(&c);
		look_at(&c, c.entry);
		for (size_t i = 0; i < c.nlabels && i < 16; i++)
			look_at(&c, c.labels[i].value);
		for (size_t i = 0; i < c.nfdes && i < 16; i++)
			look_at(&c, c.fdes[i].range.start);
		uc_code_close(&c);
	}
	free(copy);
	return 0;
}
