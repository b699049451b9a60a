// SPDX-License-Identifier: BSD-3-Clause
/* The kernel's file. It is our own linker's, but may have been changed: every offset is checked. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <Zydis/Zydis.h>

#include "internal.h"

#define GADGET_INSNS 5

static const Elf64_Phdr *segments(const uint8_t *p, size_t n, unsigned *count)
{
	const Elf64_Ehdr *e = (const void *)p;

	if (n < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG) ||
	    e->e_phentsize != sizeof(Elf64_Phdr) || e->e_phoff % 8 || e->e_phoff > n ||
	    e->e_phnum > (n - e->e_phoff) / sizeof(Elf64_Phdr))
		return NULL;
	*count = e->e_phnum;
	return (const void *)(p + e->e_phoff);
}

static void segment(struct secure_kernel *k, const Elf64_Phdr *h)
{
	if (h->p_type == PT_DYNAMIC)
		k->constants_end = h->p_vaddr + h->p_memsz;
	if (h->p_type != PT_LOAD)
		return;
	k->wx |= (h->p_flags & (PF_W | PF_X)) == (PF_W | PF_X);
	if (h->p_flags & PF_X && h->p_offset <= k->size && h->p_filesz <= k->size - h->p_offset) {
		k->text = k->data + h->p_offset;
		k->text_len = h->p_filesz;
	} else if (!(h->p_flags & PF_W)) {
		k->constants_page = h->p_vaddr & -SECURE_PAGE;
	}
}

/* Value of a symbol in a file with sections. */
static bool symbol(const uint8_t *p, size_t n, const char *name, uint64_t *value)
{
	const Elf64_Ehdr *e = (const void *)p;

	if (n < sizeof(*e) || e->e_shoff % 8 || e->e_shoff > n ||
	    e->e_shnum > (n - e->e_shoff) / sizeof(Elf64_Shdr))
		return false;
	const Elf64_Shdr *s = (const void *)(p + e->e_shoff);

	for (unsigned i = 0; i < e->e_shnum; i++) {
		if (s[i].sh_type != SHT_SYMTAB || s[i].sh_link >= e->e_shnum)
			continue;
		const Elf64_Shdr *str = &s[s[i].sh_link];

		if (s[i].sh_offset % 8 || s[i].sh_offset > n || s[i].sh_size > n - s[i].sh_offset ||
		    str->sh_offset > n || str->sh_size > n - str->sh_offset)
			return false;
		const Elf64_Sym *y = (const void *)(p + s[i].sh_offset);
		const char *text = (const char *)p + str->sh_offset;

		for (size_t j = 0; j < s[i].sh_size / sizeof(*y); j++)
			if (y[j].st_name < str->sh_size &&
			    !strncmp(text + y[j].st_name, name, str->sh_size - y[j].st_name)) {
				*value = y[j].st_value;
				return true;
			}
	}
	return false;
}

static void find_stacks(struct secure_kernel *k, const char *debug)
{
	uint64_t boot, trap;
	size_t n;
	uint8_t *p = (uint8_t *)uc_file_map(debug, &n);

	if (!p)
		return;
	k->have_stacks = symbol(p, n, "uc_syscall_entry", &k->entry) &&
			 symbol(p, n, "uc_boot_stack_top", &boot);
	if (k->have_stacks)
		k->boot_stack = (int64_t)(boot - k->entry);
	if (k->have_stacks && symbol(p, n, "signal_stack", &trap))
		k->trap_stack = (int64_t)(trap + 9 * SECURE_PAGE - k->entry);
	munmap(p, n);
}

bool secure_kernel_load(const char *path, const char *debug, struct secure_kernel *k)
{
	unsigned n = 0;
	struct uc_buf b = { 0 };

	if (uc_file_read(path, 64 << 20, &b))
		return false;
	k->data = (uint8_t *)b.p;
	k->size = b.n;
	const Elf64_Phdr *h = segments(k->data, k->size, &n);

	for (unsigned i = 0; i < n; i++)
		segment(k, &h[i]);
	uint64_t any;

	k->symbols = symbol(k->data, k->size, "uc_syscall_entry", &any);
	find_stacks(k, debug);
	return k->text_len && k->constants_page && k->constants_end;
}

void secure_kernel_free(struct secure_kernel *k)
{
	free(k->data);
}

static bool leads_on(const ZydisDecodedInstruction *z)
{
	return z->meta.category == ZYDIS_CATEGORY_RET ||
	       ((z->meta.category == ZYDIS_CATEGORY_CALL ||
		 z->meta.category == ZYDIS_CATEGORY_UNCOND_BR) &&
		!z->raw.imm[0].is_relative);
}

static bool is_gadget(const ZydisDecoder *d, const uint8_t *p, size_t n)
{
	ZydisDecodedInstruction z;

	for (unsigned i = 0; i < GADGET_INSNS; i++) {
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(d, NULL, p, n, &z)))
			return false;
		if (leads_on(&z))
			return i > 0;
		if (z.meta.category == ZYDIS_CATEGORY_CALL ||
		    z.meta.category == ZYDIS_CATEGORY_COND_BR ||
		    z.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
		    z.meta.category == ZYDIS_CATEGORY_INTERRUPT)
			return false;
		p += z.length;
		n -= z.length;
	}
	return false;
}

size_t secure_gadgets(const uint8_t *text, size_t n)
{
	ZydisDecoder d;
	size_t count = 0;

	ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (size_t i = 0; i < n; i++)
		count += is_gadget(&d, text + i, n - i);
	return count;
}

/* An access to %gs:40 without a base register, in 64 bits. */
size_t secure_canaries(const uint8_t *text, size_t n)
{
	static const uint8_t address[] = { 0x25, 0x28, 0, 0, 0 };
	size_t count = 0;

	for (size_t i = 0; i + 4 + sizeof(address) <= n; i++)
		count += text[i] == 0x65 && text[i + 1] >> 4 == 4 &&
			 !memcmp(text + i + 4, address, sizeof(address));
	return count;
}
